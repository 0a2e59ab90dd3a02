"""`Store`: the folder that keeps imagery. Originals are evidence; everything else is derived.

A scene exists once its STAC item does: everything the item names was written before it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pystac

from imagery.store.catalogue_file import write_catalogue
from imagery.store.files import place, sync_folder, write_durably
from imagery.store.layout import (
    CATALOG,
    DERIVED,
    FOLDERS,
    ITEMS,
    LOCKS,
    ORIGINALS,
    RECORDS,
    VIEWS,
    checked_id,
    checked_role,
    safe_suffix,
)
from imagery.store.locks import locked
from imagery.store.records import appended, read_record
from imagery.store.staging import Run, begin_run, sweep_if_free
from imagery.store.verify import Verification, verify_store
from layers.errors import ImageryError

Progress = Callable[[int, int, str], None]
"""Called with bytes done, bytes in all, and what is being worked on."""


@dataclass(frozen=True, slots=True)
class Store:
    """The imagery store in the folder `root`; open it with `Store.open`."""

    root: Path

    @classmethod
    def open(cls, folder: str | Path, *, create: bool = True) -> Store:
        """Open the store in `folder`, making an empty one where there is none (`create`).

        What killed runs left half-made is removed. Raises `ImageryError` where the folder holds
        something else, or nothing and `create` is false.
        """
        root = Path(folder).absolute()
        if not (root / CATALOG).is_file():
            _make(root, create=create)
        sweep_if_free(root)
        return cls(root)

    def scenes(self) -> tuple[str, ...]:
        """Ids of all scenes, in order."""
        names = (path.name for path in (self.root / ITEMS).iterdir())
        return tuple(sorted(n.removesuffix(".json") for n in names
                            if n.endswith(".json") and n[0] != "."))  # fmt: skip

    def document(self, scene_id: str) -> dict[str, Any]:
        """The STAC item as plain JSON types; raises `ImageryError` for an unknown scene."""
        path = self.item_path(scene_id)
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise _unknown(scene_id) from None
        except ValueError:
            raise ImageryError("the item is damaged", remedy="run `python -m imagery verify`",
                               file=path) from None  # fmt: skip
        return dict(found)

    def item(self, scene_id: str) -> pystac.Item:
        """The STAC item; its assets' links resolve to files of the store."""
        item = pystac.Item.from_dict(self.document(scene_id))
        item.set_self_href(self.item_path(scene_id).as_posix())
        return item

    def record(self, scene_id: str) -> tuple[dict[str, Any], ...]:
        """The collection record: what happened to the scene, oldest first, hash-chained."""
        self._must_know(scene_id)
        return read_record(self.record_path(scene_id))

    def original(self, scene_id: str) -> Path:
        """The original, byte for byte and read-only (for a folder: the list of its files)."""
        return self._asset(self.document(scene_id), "original")

    def sidecars(self, scene_id: str) -> dict[str, Path]:
        """Files received with the original (world file, .prj …) by the name they had."""
        document = self.document(scene_id)
        return {asset["title"]: self._asset(document, key)
                for key, asset in document["assets"].items()
                if key.startswith("sidecar-")}  # fmt: skip

    def view(self, scene_id: str) -> Path | None:
        """The view copy (COG in the map's tiling): derived, never evidence; missing for a picture."""
        self._must_know(scene_id)
        path = self.view_path(scene_id)
        return path if path.is_file() else None

    def derived(self, scene_id: str, role: str) -> Path | None:
        """A file made from the scene under this role, if there is one."""
        asset = self.document(scene_id)["assets"].get(f"derived-{checked_role(role)}")
        return None if asset is None else self.root / ITEMS / asset["href"]

    def add_derived(self, scene_id: str, role: str, path: Path, lineage: Mapping[str, Any]) -> Path:
        """Keep a copy of `path` as made from the scene, with `lineage` (what was done, by whom,
        when, with what). A role given again replaces its file; the record keeps both events.
        """
        name = f"{checked_role(role)}{safe_suffix(path.name)}"
        target = self.root / DERIVED / checked_id(scene_id) / name
        with self.run() as run, self.locked(scene_id):
            document = self.document(scene_id)
            partial = run.partial()
            shutil.copyfile(path, partial)
            place(partial, target)
            document["assets"][f"derived-{role}"] = {
                "href": f"../{DERIVED}/{scene_id}/{name}", "title": role, "roles": ["derived"],
                "yicha:lineage": dict(lineage)}  # fmt: skip
            self.write_item(run, document, {"event": "derived", "role": role, **lineage})
        return target

    def run(self, cancelled: Callable[[], bool] | None = None) -> AbstractContextManager[Run]:
        """Begin a run that writes; its staging is removed at the end, or swept after a kill."""
        return begin_run(self.root, cancelled)

    @contextmanager
    def locked(self, name: str, cancelled: Callable[[], bool] | None = None) -> Iterator[None]:
        """Hold the lock on an original (its hash or a scene id) against other runs."""
        with locked(self.root / LOCKS / f"{name[:2]}.lock", cancelled):
            yield

    def write_item(self, run: Run, document: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        """Append `event` to the scene's record, then write its item: the scene's commit point.

        Call it with the scene locked and every file the item names in place.
        """
        scene = checked_id(str(document["id"]))
        lines = appended(self.record_path(scene), event)
        write_durably(run.partial(), self.record_path(scene), lines)
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        write_durably(run.partial(), self.item_path(scene), text)

    def write_catalogue(self, run: Run) -> Path:
        """Write `catalog.json` anew, so that other STAC tools find every item."""
        return write_catalogue(run, self.root, self.scenes())

    def verify(
        self,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Verification:
        """Hash every original again and name what changed, is missing or belongs to nothing."""
        return verify_store(self.root, progress, cancelled)

    def item_path(self, scene_id: str) -> Path:
        """Where the scene's item lies."""
        return self.root / ITEMS / f"{checked_id(scene_id)}.json"

    def record_path(self, scene_id: str) -> Path:
        """Where the scene's collection record lies."""
        return self.root / RECORDS / f"{checked_id(scene_id)}.jsonl"

    def view_path(self, scene_id: str) -> Path:
        """Where the scene's view copy lies, or would lie."""
        return self.root / VIEWS / f"{checked_id(scene_id)}.tif"

    def _must_know(self, scene_id: str) -> None:
        if not self.item_path(scene_id).is_file():
            raise _unknown(scene_id)

    def _asset(self, document: Mapping[str, Any], key: str) -> Path:
        name = Path(document["assets"][key]["href"]).name
        return self.root / ORIGINALS / name[:2] / name


def _make(root: Path, *, create: bool) -> None:
    """An empty store; refuses a folder that holds something else."""
    if not create:
        raise ImageryError("there is no imagery store here", file=root,
                           remedy="check the path, or make one with `python -m imagery ingest`")  # fmt: skip
    foreign = [p.name for p in root.iterdir() if p.name not in FOLDERS] if root.is_dir() else []
    if foreign:
        raise ImageryError(f"the folder holds other things ({foreign[0][:60]})", file=root,
                           remedy="give the store a folder of its own")  # fmt: skip
    try:
        for name in FOLDERS:
            (root / name).mkdir(parents=True, exist_ok=True)
        with begin_run(root) as run:
            write_catalogue(run, root, ())
        sync_folder(root)
    except OSError as error:
        raise ImageryError(f"no store can be made here ({error.strerror})", file=root,
                           remedy="choose a folder that can be written to") from None  # fmt: skip


def _unknown(scene_id: str) -> ImageryError:
    return ImageryError("the store has no such scene", field=scene_id,
                        remedy="take an id from `python -m imagery list`")  # fmt: skip
