"""What stands under a picture of a sheet: when, by whom or what, from where and how exactly, and the original's hash."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from evidence.dossier import Picture, Visit
from evidence.sheet.furniture import dms
from evidence.words import METRE, Words, moment


@dataclass(frozen=True, slots=True)
class Caption:
    """A name, a line of facts, a `warning` where there is one; `alt` for who does not see the picture."""

    name: str
    line: str
    alt: str
    warning: str = ""


def caption(picture: Picture, words: Words) -> Caption:
    """Of a crop of a scene, or of a photo of a visit."""
    if picture.visit is not None:
        return _photo(picture, picture.visit, words)
    none, sep = words("source.none"), _between(words)
    taken = _when(picture.taken, words)
    gsd = f"{picture.gsd_m:.3g} {METRE[words.main]}" if picture.gsd_m else none
    line = words("picture.line", taken=taken, sensor=picture.sensor or none, gsd=gsd,
                 licence=picture.licence or none, hash=picture.sha256[:16])  # fmt: skip
    if picture.u_m is not None:
        line = f"{line}{sep}{words('picture.error', metres=f'{picture.u_m:.2g}')}"
    if picture.width_m:
        line = f"{line}{sep}{words('picture.width', width=f'{picture.width_m:.0f}')}"
    name = words(f"picture.{picture.role}")
    return Caption(name, line, f"{name} {taken}")


def _photo(picture: Picture, visit: Visit, words: Words) -> Caption:
    """What was written under it; a place farther off than the errors allow is said in so many words."""
    taken = moment(picture.taken)
    told = [words("visit.picked" if visit.chosen else "visit.taken", by=visit.by, taken=taken), *_place(visit, words)]  # fmt: skip
    away = "" if visit.away_m is None else words("visit.far") if math.isinf(visit.away_m) else f"{visit.away_m:.0f}"  # fmt: skip
    if away and not visit.beyond:
        told.append(words("visit.away", metres=away))
    told.append(words("visit.hash", hash=picture.sha256[:16]))
    return Caption(
        visit.caption, _between(words).join(told), f"{words('picture.photo')} {visit.caption} {taken}",
        words("visit.beyond", metres=away) if visit.beyond else "",
    )  # fmt: skip


def _between(words: Words) -> str:
    return "；" if words.main == "zh" else "; "


def _when(taken: str, words: Words) -> str:
    """In China's time; a clock time that nobody told the zone of says so."""
    try:
        told = datetime.fromisoformat(taken)
    except ValueError:
        return taken
    if told.tzinfo is None and len(taken) > len("2026-01-01"):
        return words("picture.no_zone", taken=taken)
    return moment(taken)


def _place(visit: Visit, words: Words) -> list[str]:
    """Position with its error, and direction; what is not known is said."""
    heading = words("visit.no_heading") if visit.heading is None else words("visit.heading", degrees=f"{visit.heading:.0f}")  # fmt: skip
    if visit.lon is None or visit.lat is None:
        return [words("visit.no_place"), heading]
    error = words("source.none") if visit.accuracy_m is None else words("visit.error", metres=f"{visit.accuracy_m:.3g}")  # fmt: skip
    return [words("visit.place", place=f"{dms(visit.lon, 'EW')} {dms(visit.lat, 'NS')}", error=error), heading]  # fmt: skip
