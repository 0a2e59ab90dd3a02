"""Outline what a detector sees in a scene, or between two; nothing is decided.

The layer written is one of candidates: a person confirms, a check asks. With --queue they are put
where people confirm them (`python -m imagery queue`). With --scores the score map
is kept as a GeoTIFF, so that a person can look at it and move the cut (--cut).
"""

from __future__ import annotations

import argparse
import dataclasses
from datetime import datetime
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from imagery.detectors import DetectorEntry, Shot, detector, shot_of
from imagery.queue import Queue, settings_told
from imagery.scoremap import write_scores
from imagery.shell_words import add_language, add_store, area_of, language_of, scene_named
from imagery.store import Store
from layers import Layer
from layers.errors import ImageryError


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("name", metavar="NAME", help="detector: `python -m imagery detectors`")
    parser.add_argument("scene", metavar="SCENE", help="id or file name of the scene to look at")
    parser.add_argument("--before", metavar="SCENE", help="id or file name of the earlier scene")
    add_store(parser)
    parser.add_argument("--area", metavar="AREA", help="W,S,E,N, a GeoJSON or a layer of polygons")
    parser.add_argument("--out", type=Path, metavar="FILE",
                        help="layer to write (.parquet, or .geojson)")  # fmt: skip
    parser.add_argument("--queue", action="store_true", help="put the candidates into the queue")
    parser.add_argument("--by", metavar="NAME", help="who puts them there")
    parser.add_argument("--scores", type=Path, metavar="TIF", help="keep the score map")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE",
                        help="a setting of the detector, e.g. least_m2=5; may be repeated")  # fmt: skip
    parser.add_argument("--ignore", metavar="AREA", help="never look here (detectors of waste)")
    parser.add_argument("--cut", type=float, help="score above which a pixel counts")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print one line per candidate; exit code 1 where nothing was found."""
    if arguments.out is None and not arguments.queue:
        raise ImageryError("there is nowhere to put the candidates", field="--out",
                           remedy="name a file (--out) or put them into the queue (--queue --by NAME)")  # fmt: skip
    entry = detector(arguments.name)
    store = Store.open(arguments.store, create=False)
    arguments.scene = scene_named(store, arguments.scene)
    if arguments.before is not None:
        arguments.before = scene_named(store, arguments.before)
    shot = shot_of(store, arguments.scene)
    before = None if arguments.before is None else shot_of(store, arguments.before)
    area = area_of(arguments.area)
    settings = settings_of(entry, arguments.set, arguments.cut)
    if arguments.ignore is not None:
        settings = _ignoring(entry, settings, arguments.ignore)
    layer = entry.detect(shot, settings, before=before, area=area)
    put = (
        _put(store, layer, entry, arguments, area=area, settings=settings)
        if arguments.queue
        else ""
    )
    if arguments.out is not None:
        _write(layer, arguments.out)
    if arguments.scores is not None:
        _keep_scores(entry, shot, before, settings, arguments.scores)
    english = language_of(arguments) == "en"
    for row in layer.frame.itertuples():
        why = row.why_en if english else row.why_zh
        size = (
            "" if row.area_m2 != row.area_m2 else f"{row.area_m2:9.1f} ± {row.u_area_m2:.1f} m²  "
        )
        print(f"{row.score:8.2f}  {size}{why}")
    told = entry.detector
    print(f"{len(layer)} → {' + '.join(str(to) for to in (arguments.out, put) if to)}")
    print(told.caveat_en if english else told.caveat_zh)
    return 0 if len(layer) else 1


def settings_of(entry: DetectorEntry, words: list[str], cut: float | None) -> Any:  # noqa: ANN401
    """The detector's settings with what was said; raises `ImageryError` for what it does not have."""
    said = [*words, *([] if cut is None else [f"cut={cut}"])]
    kinds = {field.name: kind for field in dataclasses.fields(entry.settings)
             if (kind := _kind_of(field)) is not None}  # fmt: skip
    found: dict[str, Any] = {}
    for word in said:
        name, _, value = word.partition("=")
        try:
            found[name] = kinds[name](value)
        except (KeyError, ValueError):
            raise ImageryError(f"{entry.detector.name} has no such setting", field=word[:60],
                               remedy=f"NAME=VALUE with one of {', '.join(sorted(kinds))}") from None  # fmt: skip
    return entry.settings(**found)


def _kind_of(field: dataclasses.Field[Any]) -> Any:  # noqa: ANN401 - float, str, Path or nothing
    """What the value of a setting is read as; nothing for those that no word can say."""
    if "Path" in str(field.type):
        return Path
    if isinstance(field.default, str):
        return str
    if isinstance(field.default, int | float) or (
        field.default is None and "float" in str(field.type)
    ):
        return float
    return None


def _ignoring(entry: DetectorEntry, settings: Any, words: str) -> Any:  # noqa: ANN401
    if not hasattr(settings, "ignore"):
        raise ImageryError(f"{entry.detector.name} has no zones to ignore", field="--ignore",
                           remedy="leave --ignore out")  # fmt: skip
    return dataclasses.replace(settings, ignore=area_of(words))


def _put(
    store: Store, layer: Layer, entry: DetectorEntry, arguments: argparse.Namespace, *,
    area: BaseGeometry | None, settings: Any,  # noqa: ANN401
) -> str:  # fmt: skip
    """Put the candidates into the queue; returns words for where."""
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    run = Queue.open(store).add(
        layer, detector=entry.detector.label, scene_id=arguments.scene, before_id=arguments.before,
        area=area, settings=settings_told(settings), actor=arguments.by or "", at=now,
    )  # fmt: skip
    return f"queue {run.id}"


def _write(layer: Layer, path: Path) -> None:
    if path.suffix.lower() in (".geojson", ".json"):
        from layers.atomic import written_whole

        with written_whole(path) as partial:
            partial.write_text(layer.frame.to_json(drop_id=True), encoding="utf-8")
        return
    layer.write(path)


def _keep_scores(
    entry: DetectorEntry, shot: Shot, before: Shot | None, settings: Any, path: Path,  # noqa: ANN401
) -> None:  # fmt: skip
    from imagery.detectors import change_multispectral as multispectral

    if entry.detector.name != multispectral.DETECTOR.name or before is None:
        raise ImageryError("only change_multispectral keeps a score map", field="--scores",
                           remedy="leave --scores out")  # fmt: skip
    model = multispectral.fit(shot, settings, before=before)
    write_scores(multispectral.scores(shot, before, model), shot.ground.placement,
                 (shot.scene.width, shot.scene.height), path)  # fmt: skip
