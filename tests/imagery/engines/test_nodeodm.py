"""The seam to NodeODM against a small server that speaks its REST API."""

from __future__ import annotations

import hashlib
import io
import json
import re
import socket
import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from imagery.engines.client import engine_at
from imagery.engines.fetch import ORTHOPHOTO
from imagery.engines.nodeodm import cancel, describe, make_orthophoto, submit, wait
from layers.datum.ground import local_plane
from layers.errors import Cancelled, ImageryError
from tests.imagery.engines.nodeodm import CANCELED, FAILED, Node, running


def _archive(member: str = ORTHOPHOTO, crs: str | None = local_plane(105.5, 26.2)) -> bytes:
    with rasterio.MemoryFile() as memory:
        with memory.open(driver="GTiff", width=80, height=80, count=3, dtype="uint8", crs=crs,
                         transform=from_origin(0, 40, 0.5, 0.5)) as t:  # fmt: skip
            t.write(np.full((3, 80, 80), 90, np.uint8))
        pixels = memory.read()
    return _zip({member: pixels})


def _zip(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    files = [tmp_path / f"河道 {at}.JPG" for at in range(4)]
    for at, file in enumerate(files):
        file.write_bytes(b"\xff\xd8photo" + bytes([at]) * 2000)
    return files


def test_photos_become_an_orthophoto_with_lineage(photos: list[Path], tmp_path: Path) -> None:
    node, told = Node(_archive()), []
    ids: list[str] = []
    with running(node) as address:
        made = make_orthophoto(
            address, photos, tmp_path / "o" / "ortho.tif", options={"orthophoto-resolution": 2},
            started=ids.append, progress=lambda *step: told.append(step), pause_s=0,
        )  # fmt: skip
    task = node.tasks[made.task]
    assert ids == [made.task]
    assert list(task.files) == [f"{at:05d}.jpg" for at in range(4)]
    assert list(task.files.values()) == [photo.read_bytes() for photo in photos]
    assert task.options == [{"name": "orthophoto-resolution", "value": 2}]
    assert task.outputs == [ORTHOPHOTO]
    with rasterio.open(made.path) as ortho:
        assert (ortho.width, ortho.count) == (80, 3)
    written = json.loads((tmp_path / "o" / "ortho.tif.lineage.json").read_text(encoding="utf-8"))
    assert written == made.lineage
    assert written["from"][0] == {"file": "河道 0.JPG",
                                  "sha256": hashlib.sha256(photos[0].read_bytes()).hexdigest()}  # fmt: skip
    assert (written["by"], written["version"], written["task"]) == ("odm", "3.5.5", made.task)
    assert sorted(path.name for path in (tmp_path / "o").iterdir()) == [
        "ortho.tif", "ortho.tif.lineage.json"]  # fmt: skip
    words = {what.split()[0] for _, _, what in told}
    assert {"upload", "start", "running", "download"} <= words
    assert all(0 <= done <= total for done, total, _ in told)


def test_a_task_is_taken_up_again_without_sending_anything(
    photos: list[Path], tmp_path: Path
) -> None:
    node = Node(_archive())
    with running(node) as address:
        task = submit(address, photos, pause_s=0)
        sent = len([call for call in node.asked if "upload" in call])
        made = make_orthophoto(address, photos, tmp_path / "o.tif", task=task, pause_s=0)
        assert len([call for call in node.asked if "upload" in call]) == sent
    assert made.task == task


def test_an_upload_that_breaks_is_sent_again(photos: list[Path]) -> None:
    node = Node(broken_uploads=2)
    with running(node) as address:
        task = submit(address, photos, pause_s=0)
    assert len(node.tasks[task].files) == 4
    assert node.tasks[task].committed


def test_an_upload_that_stays_broken_is_told(photos: list[Path]) -> None:
    with (
        running(Node(broken_uploads=99)) as address,
        pytest.raises(ImageryError, match="answers with an error"),
    ):
        submit(address, photos, pause_s=0)


def test_a_short_outage_is_waited_out_and_a_long_one_names_the_task(photos: list[Path]) -> None:
    node = Node(broken_infos=2)
    with running(node) as address:
        task = submit(address, photos, pause_s=0)
        assert wait(address, task, pause_s=0)["photos"] == 4
        node.broken_infos = 99
        with pytest.raises(ImageryError, match=f"--task {task}"):
            wait(address, task, pause_s=0)


def test_cancelling_stops_the_task_at_the_engine(photos: list[Path]) -> None:
    node = Node(polls=10_000)
    with running(node) as address:
        task = submit(address, photos, pause_s=0)
        answers = iter([False, False, True])
        with pytest.raises(Cancelled):
            wait(address, task, cancelled=lambda: next(answers), pause_s=0)
        assert node.tasks[task].status == CANCELED
        with pytest.raises(ImageryError, match="was cancelled"):
            wait(address, task, pause_s=0)


def test_cancelling_while_sending_starts_nothing(photos: list[Path]) -> None:
    node = Node()
    calls: list[object] = []
    with running(node) as address, pytest.raises(Cancelled):
        submit(address, photos, cancelled=lambda: len(calls) > 1,
               progress=lambda *step: calls.append(step), pause_s=0)  # fmt: skip
    assert not any(task.committed for task in node.tasks.values())


def test_a_failed_task_says_why(photos: list[Path]) -> None:
    with running(Node(ends=FAILED, error="Not enough memory")) as address:
        task = submit(address, photos, pause_s=0)
        with pytest.raises(ImageryError, match=r"failed \(Not enough memory\)"):
            wait(address, task, pause_s=0)


def test_a_token_is_needed_kept_and_never_passed_on(photos: list[Path], tmp_path: Path) -> None:
    locked, open_one = Node(_archive(), token="geheim"), Node()
    with running(locked) as address, running(open_one) as other:
        with pytest.raises(ImageryError, match="refuses the token"):
            describe(address)
        with pytest.raises(ImageryError, match="refuses the token"):
            describe(f"{address}/?token=wrong")
        made = make_orthophoto(f"{address}/?token=geheim", photos, tmp_path / "o.tif", pause_s=0)
        describe(other)
    assert not any("token" in call for call in open_one.asked)
    assert "geheim" not in json.dumps(made.lineage)


def test_what_the_engine_is(photos: list[Path]) -> None:
    with running(Node(most=3)) as address:
        facts = describe(address)
        with pytest.raises(ImageryError, match="takes 3 photos, here are 4"):
            submit(address, photos)
    assert (facts.engine, facts.engine_version, facts.most_photos) == ("odm", "3.5.5", 3)
    assert facts.address == address


def test_an_engine_too_old_is_refused() -> None:
    with (
        running(Node(version="1.3.1")) as address,
        pytest.raises(ImageryError, match=r"NodeODM 1\.4\.0 or later"),
    ):
        describe(address)


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ImageryError, match="cannot be reached"):
        describe(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize(
    "answer", [b"<html>nginx</html>", b"[]", b"3", b'{"uuid"', b"null", b'"\xff"', b""],
    ids=lambda data: data.decode("latin-1") or "empty",
)  # fmt: skip
def test_something_else_answers(answer: bytes) -> None:
    with (
        running(Node(answers={"/info": answer})) as address,
        pytest.raises(ImageryError, match=re.escape(address)),
    ):
        describe(address)


def test_wrong_answers_to_a_task(photos: list[Path]) -> None:
    node = Node(answers={"/task/new/init": b'{"uuid": "../../etc"}'})
    with running(node) as address:
        with pytest.raises(ImageryError, match="no task id"):
            submit(address, photos)
        node.answers = {"/task/new/init": b'{"error": "Invalid options"}'}
        with pytest.raises(ImageryError, match="refuses: Invalid options"):
            submit(address, photos)
        node.answers = {}
        task = submit(address, photos, pause_s=0)
        node.answers = {f"/task/{task}/info": b'{"uuid": 3, "status": {"code": 77}}'}
        with pytest.raises(ImageryError, match="does not answer as NodeODM"):
            wait(address, task, pause_s=0)


@pytest.mark.parametrize(
    "address",
    ["", "ftp://host", "http://", "http://host/path", "http://user:pw@host", "http://host:99999",
     "/etc/passwd", "http://[::1", "host:3000"],
)  # fmt: skip
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(ImageryError, match="no address of a NodeODM"):
        engine_at(address)


def test_https_with_a_port_stays_https() -> None:
    engine = engine_at("https://drone.example:8443/?token=a%26b")
    assert engine.url("/info") == "https://drone.example:8443/info?token=a%26b"
    assert engine_at("http://[::1]:3000").url("/info") == "http://[::1]:3000/info"


@pytest.mark.parametrize(
    ("archive", "cut", "why"),
    [
        (_zip({"odm_report/report.pdf": b"x"}), 0, "holds no orthophoto"),
        (_archive(), 3000, "cut off|reached|NodeODM"),
        (b"PK\x03\x04" + b"\0" * 500, 0, "is damaged"),
        (_zip({ORTHOPHOTO: b"II*\0" + b"\0" * 400}), 0, "no readable GeoTIFF"),
        (_archive(crs=None), 0, "no coordinate reference system"),
        (_zip({f"../{ORTHOPHOTO}": b"x", "../../evil": b"x"}), 0, "holds no orthophoto"),
    ],
)
def test_results_that_are_none(
    archive: bytes, cut: int, why: str, photos: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    with running(Node(archive, cut=cut)) as address, pytest.raises(ImageryError, match=why):
        make_orthophoto(address, photos, folder / "o.tif", pause_s=0)
    assert list(folder.iterdir()) == []
    assert not (tmp_path / "evil").exists()


def test_too_few_and_missing_photos(photos: list[Path]) -> None:
    node = Node()
    with running(node) as address:
        with pytest.raises(ImageryError, match="too few"):
            submit(address, photos[:2])
        with pytest.raises(ImageryError, match="no such photo"):
            submit(address, [*photos, photos[0].with_name("gone.jpg")])
    assert not node.tasks


def test_the_id_of_a_task_is_checked_before_anything_is_asked() -> None:
    node = Node()
    with running(node) as address:
        for bad in ("", "../info", "1234", "all"):
            with pytest.raises(ImageryError, match="no task id"):
                cancel(address, bad)
    assert node.asked == []
