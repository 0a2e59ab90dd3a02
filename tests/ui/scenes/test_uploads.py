"""The upload addresses: the same bytes after any cut, nothing from elsewhere, bounded in every way."""

from __future__ import annotations

import http.client
import json
import os
import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.ui.scenes.conftest import BATCH, PATH, Desk, Host, sha256
from ui.scenes.incoming import Incoming

PIECE = 8 << 20
Start = Callable[..., Desk]


def content(desk: Desk, upload: str) -> bytes:
    return (desk.root / upload / "content").read_bytes()


def test_a_file_arrives_in_pieces(desk: Desk) -> None:
    data = random.Random(1).randbytes(100_000)
    upload = desk.begin("水库 岸边.tif", len(data))
    assert desk.offset(upload) == 0
    assert desk.piece(upload, 0, data[:60_000])[:2] == (204, 60_000)
    assert desk.offset(upload) == 60_000
    assert desk.piece(upload, 60_000, data[60_000:], sha256(data[60_000:]))[:2] == (204, 100_000)
    assert content(desk, upload) == data


def test_the_list_is_the_batch_s_own(desk: Desk) -> None:
    upload = desk.begin("mine.tif", 7, batch="mine" * 8, folder="DCIM/100MEDIA", modified=1_760_000_000_000)  # fmt: skip
    _, _, body = desk.ask("GET", f"{PATH}?batch={'mine' * 8}")
    assert json.loads(body)["uploads"] == [
        {"id": upload, "name": "mine.tif", "folder": "DCIM/100MEDIA", "size": 7,
         "modified": 1_760_000_000_000, "offset": 0}
    ]  # fmt: skip
    assert json.loads(desk.ask("GET", PATH)[2])["uploads"] == []


@pytest.mark.parametrize("checked", [False, True])
def test_after_cuts_at_random_places_the_bytes_are_the_same(desk: Desk, checked: bool) -> None:
    chance = random.Random(20260630 + checked)
    data = chance.randbytes(3_000_000)
    upload, offset, cuts = desk.begin("cut.tif", len(data), sha256=sha256(data)), 0, 0
    while offset < len(data):
        piece = data[offset : offset + 700_000]
        if cuts < 12:
            desk.cut(upload, offset, piece, chance.randrange(len(piece)), checked=checked)
            cuts += 1
            offset = desk.offset(upload)
            continue
        status, here, _ = desk.piece(upload, offset, piece, sha256(piece) if checked else None)
        if status == 429:  # the cut lines are not all noticed yet
            continue
        assert status in {204, 409}  # 409: the server was still writing what came before the cut
        assert here is not None
        offset = here
    assert content(desk, upload) == data


def test_after_a_restart_of_the_server_it_goes_on(host: Host, tmp_path: Path) -> None:
    killed = Host()
    first = killed.serve(tmp_path / "desk")
    data = random.Random(2).randbytes(50_000)
    upload = first.begin("long.tif", len(data))
    first.piece(upload, 0, data[:20_000])
    killed.kill()
    second = host.serve(first.root)
    assert second.offset(upload) == 20_000
    assert second.piece(upload, 20_000, data[20_000:])[0] == 204
    assert content(second, upload) == data


@pytest.mark.parametrize("offset", [0, 3, 5, 11])
def test_a_piece_at_the_wrong_place_is_told_the_right_one(desk: Desk, offset: int) -> None:
    upload = desk.begin(size=10)
    desk.piece(upload, 0, b"1234")
    status, here, said = desk.piece(upload, offset, b"56")
    assert (status, here, said["code"]) == (409, 4, "offset")
    assert content(desk, upload) == b"1234"


def test_a_piece_with_other_bytes_is_forgotten(desk: Desk) -> None:
    upload = desk.begin(size=10)
    desk.piece(upload, 0, b"1234")
    status, here, said = desk.piece(upload, 4, b"5678", sha256(b"567X"))
    assert (status, here, said["code"]) == (422, 4, "piece_hash")
    assert content(desk, upload) == b"1234"


def test_a_file_with_another_hash_begins_again(desk: Desk) -> None:
    upload = desk.begin(size=4, sha256=sha256(b"abcd"))
    assert desk.piece(upload, 0, b"abcX")[:2] == (422, 0)
    assert desk.piece(upload, 0, b"abcd")[:2] == (204, 4)


def test_more_bytes_than_announced_are_refused(desk: Desk) -> None:
    upload = desk.begin(size=4)
    status, _, said = desk.piece(upload, 0, b"abcdef")
    assert (status, said["code"]) == (400, "too_long")
    assert desk.offset(upload) == 0


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "https://127.0.0.1", "http://127.0.0.1:1"])  # fmt: skip
def test_another_site_s_page_may_write_nothing(desk: Desk, origin: str) -> None:
    upload = desk.begin(size=4)
    body = json.dumps({"batch": BATCH, "name": "x.tif", "size": 1})
    for method, path, sent in (("POST", PATH, body), ("PATCH", f"{PATH}/{upload}", b"abcd"),
                               ("DELETE", f"{PATH}/{upload}", None)):  # fmt: skip
        headers = {"Origin": origin, "Upload-Offset": "0"}
        status, _, said = desk.ask(method, path, sent, headers)
        assert (status, json.loads(said)["code"]) == (403, "origin")
    assert desk.offset(upload) == 0


def test_a_browser_that_names_another_site_is_refused_too(desk: Desk) -> None:
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 400)):
        assert desk.ask("POST", PATH, "{}", {"Sec-Fetch-Site": site})[0] == status


@pytest.mark.parametrize("name", ["../x.tif", "/etc/passwd", "a/b.tif", "a\\b.tif", "C:x.tif", "..", ".", "", " ",
                                  "x\0.tif", "con.tif", "NUL", "a\n.tif", "a\u202eb.tif", None, 5])  # fmt: skip
def test_a_name_is_never_a_path(desk: Desk, name: object) -> None:
    before = sorted(desk.root.parent.rglob("*.tif"))
    status, _, said = desk.announce(name=name, size=4)
    assert (status, json.loads(said)["code"]) == (400, "name")
    assert sorted(desk.root.parent.rglob("*.tif")) == before


@pytest.mark.parametrize("folder", ["../x", "/etc", "a//b", "a/../b", "a\\b", "C:/x", "/".join("a" * 20), ["a"]])  # fmt: skip
def test_a_folder_stays_below(desk: Desk, folder: object) -> None:
    status, _, said = desk.announce(name="a.tif", folder=folder, size=4)
    assert (status, json.loads(said)["code"]) == (400, "name")


@pytest.mark.parametrize("told", [
    {}, {"name": "a.tif"}, {"name": "a.tif", "size": "many"}, {"name": "a.tif", "size": None},
    {"name": "a.tif", "size": 4, "batch": "short"}, {"name": "a.tif", "size": 4, "batch": "../" * 8},
    {"name": "a.tif", "size": 4, "sha256": "zz"}, {"name": "a.tif", "size": 4, "sha256": 7},
    {"name": "a.tif", "size": 4, "modified": -1}, {"name": "a.tif", "size": float("inf")},
])  # fmt: skip
def test_half_an_announcement_is_refused(desk: Desk, told: dict[str, object]) -> None:
    status, _, said = desk.announce(**told)
    assert (status, json.loads(said)["code"]) == (400, "announcement")


@pytest.mark.parametrize("body", ["", "[]", "{", "7", '"x"', "x" * 20_000])
def test_no_json_is_no_announcement(desk: Desk, body: str) -> None:
    assert desk.ask("POST", PATH, body)[0] in {400, 413}


@pytest.mark.parametrize("upload", ["f" * 32, "..", "x", "%2e%2e", "..%2f..%2fetc", "jobs"])
def test_an_unknown_upload_is_404(desk: Desk, upload: str) -> None:
    for method in ("HEAD", "PATCH", "DELETE"):
        status = desk.ask(method, f"{PATH}/{upload}", b"", {"Upload-Offset": "0"})[0]
        assert status == 404


@pytest.mark.parametrize("headers", [{}, {"Upload-Offset": "-1"}, {"Upload-Offset": "x"}, {"Upload-Offset": "9" * 30},
                                     {"Upload-Offset": "0", "Upload-Checksum": "md5 abc"}])  # fmt: skip
def test_a_piece_without_sense_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    upload = desk.begin(size=4)
    assert desk.ask("PATCH", f"{PATH}/{upload}", b"abcd", headers)[0] == 400
    assert desk.offset(upload) == 0


def test_a_removed_upload_is_gone(desk: Desk) -> None:
    upload = desk.begin(size=4)
    assert desk.ask("DELETE", f"{PATH}/{upload}")[0] == 204
    assert not (desk.root / upload).exists()
    assert desk.piece(upload, 0, b"abcd")[0] == 404


def test_the_uploads_are_served_to_nobody(desk: Desk) -> None:
    upload = desk.begin(size=4)
    desk.piece(upload, 0, b"abcd")
    for path in (f"{PATH}/{upload}", f"{PATH}/{upload}/content", f"{PATH}/{upload}/about.json"):
        assert desk.ask("GET", path)[0] in {404, 405}


def test_quotas(start: Start) -> None:
    desk = start(file_bytes=1000, all_bytes=1500, files=3, piece_bytes=600)
    said = [json.loads(desk.announce(name="a", size=size)[2]).get("code") for size in (1001, 900, 700, 0)]  # fmt: skip
    assert said == ["file_size", None, "all_size", "empty"]
    for _ in range(2):
        desk.begin("b", 10)
    status, headers, body = desk.announce(name="c", size=10)
    assert (status, json.loads(body)["code"]) == (429, "too_many")
    assert headers["Retry-After"]
    upload = json.loads(desk.ask("GET", f"{PATH}?batch={BATCH}")[2])["uploads"][0]["id"]
    assert desk.piece(upload, 0, b"x" * 601)[0] == 413
    assert desk.offset(upload) == 0


def test_the_disk_is_not_filled(start: Start) -> None:
    free = psutil.disk_usage("/").free
    status, _, body = start(free_bytes=free * 10).announce(name="a.tif", size=4)
    assert (status, json.loads(body)["code"]) == (507, "disk_full")


def test_only_so_many_pieces_arrive_at_once(start: Start) -> None:
    desk = start(parallel=2)
    uploads = [desk.begin(f"{n}.tif", 10) for n in range(3)]
    slow = [http.client.HTTPConnection("127.0.0.1", desk.port, timeout=30) for _ in range(2)]
    for line, upload in zip(slow, uploads, strict=False):
        line.putrequest("PATCH", f"{PATH}/{upload}")
        for name, value in (("Origin", desk.origin), ("Upload-Offset", "0"), ("Content-Length", "10")):  # fmt: skip
            line.putheader(name, value)
        line.endheaders(b"12345")
    answers = iter(lambda: desk.piece(uploads[2], 0, b"")[0], 429)
    list(zip(answers, range(200), strict=False))  # until both lines were taken up
    assert desk.piece(uploads[2], 0, b"1234567890")[0] == 429
    for line in slow:
        line.send(b"67890")
        assert line.getresponse().status == 204
        line.close()
    assert desk.piece(uploads[2], 0, b"1234567890")[0] == 204
    assert {content(desk, one) for one in uploads} == {b"1234567890"}


def test_a_silent_line_does_not_keep_others_out(start: Start) -> None:
    desk = start(parallel=1, idle_s=0.3)
    first, second = desk.begin("silent.tif", 10), desk.begin("b.tif", 10)
    silent = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=30)
    silent.putrequest("PATCH", f"{PATH}/{first}")
    for name, value in (("Origin", desk.origin), ("Upload-Offset", "0"), ("Content-Length", "10")):
        silent.putheader(name, value)
    silent.endheaders(b"12345")
    assert silent.getresponse().status == 408
    silent.close()
    assert desk.offset(first) == 5  # what came is kept
    assert desk.piece(second, 0, b"1234567890")[0] == 204


def test_a_dead_line_gives_way_to_a_new_one(desk: Desk) -> None:
    upload = desk.begin(size=10)
    dead = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=30)
    dead.putrequest("PATCH", f"{PATH}/{upload}")
    for name, value in (("Origin", desk.origin), ("Upload-Offset", "0"), ("Content-Length", "10")):
        dead.putheader(name, value)
    dead.endheaders(b"12345")
    assert desk.piece(upload, 0, b"abcdefghij")[:2] == (204, 10)
    dead.send(b"67890")
    assert dead.getresponse().status in {408, 409}
    dead.close()
    assert content(desk, upload) == b"abcdefghij"


def test_several_files_at_once_do_not_mix(desk: Desk) -> None:
    data = {desk.begin(f"{n}.tif", 2_000_000): random.Random(n).randbytes(2_000_000) for n in range(4)}  # fmt: skip

    def send(upload: str) -> None:
        for offset in range(0, 2_000_000, 250_000):
            assert desk.piece(upload, offset, data[upload][offset : offset + 250_000])[0] == 204

    threads = [threading.Thread(target=send, args=(upload,)) for upload in data]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert all(content(desk, upload) == sent for upload, sent in data.items())


def test_300_megabytes_do_not_go_through_memory(start: Start) -> None:
    desk = start()
    process = psutil.Process(desk.process.pid)
    size, block = 300_000_000, random.Random(3).randbytes(1 << 20)
    upload, offset = desk.begin("ortho.tif", size), 0
    desk.piece(upload, 0, b"")  # whatever the first piece loads
    before, most = process.memory_info().rss, 0

    def body(count: int) -> Iterator[bytes]:
        for start_at in range(0, count, len(block)):
            yield block[: min(len(block), count - start_at)]

    while offset < size:
        count = min(60_000_000, size - offset)
        headers = {"Upload-Offset": str(offset), "Content-Length": str(count)}
        status, answered, _ = desk.ask("PATCH", f"{PATH}/{upload}", body(count), headers)
        assert status == 204
        offset = int(answered["Upload-Offset"])
        most = max(most, process.memory_info().rss)
    assert most - before < 40_000_000
    assert (desk.root / upload / "content").stat().st_size == size


def test_what_nobody_touches_is_swept(tmp_path: Path) -> None:
    incoming = Incoming(tmp_path)
    old, new = (incoming.begin({"batch": BATCH, "name": n, "size": 5}) for n in ("old", "new"))
    now = (tmp_path / new.id / "content").stat().st_mtime
    assert incoming.sweep(now + 6.9 * 86_400) == 0
    token = incoming.claim(new.id, 0)
    incoming.append(new.id, token, b"12")
    os.utime(tmp_path / old.id / "content", (now - 8 * 86_400,) * 2)
    (tmp_path / ("f" * 32)).mkdir()  # killed while it was announced
    (tmp_path / "tables").mkdir()
    os.utime(tmp_path / ("f" * 32), (now - 8 * 86_400,) * 2)
    os.utime(tmp_path / "tables", (now - 8 * 86_400,) * 2)
    assert incoming.sweep(now) == 2
    assert [one.id for one in incoming.all()] == [new.id]
    assert {one.name for one in tmp_path.iterdir()} == {new.id, "tables"}


def test_files_are_handed_over_under_their_names_and_none_is_lost(tmp_path: Path) -> None:
    incoming = Incoming(tmp_path / "in")
    told = [("照片.jpg", "", b"one"), ("照片.jpg", "", b"two"), ("照片.jgw", "", b"w"), ("a.jpg", "z/1", b"3")]  # fmt: skip
    ids = []
    for name, folder, data in told:
        one = incoming.begin({"batch": BATCH, "name": name, "folder": folder, "size": len(data), "modified": 1_700_000_000_000})  # fmt: skip
        incoming.append(one.id, incoming.claim(one.id, 0), data)
        ids.append(one.id)
    half = incoming.begin({"batch": BATCH, "name": "half.tif", "size": 10})
    names = incoming.hand_over([*ids, half.id, "f" * 32], tmp_path / "job")
    assert names == ["照片.jpg", "2/照片.jpg", "照片.jgw", "z/1/a.jpg"]
    assert {p.read_bytes() for p in (tmp_path / "job").rglob("*.*") if p.is_file()} == {b"one", b"two", b"w", b"3"}  # fmt: skip
    assert (tmp_path / "job" / "照片.jpg").stat().st_mtime == 1_700_000_000
    assert [one.id for one in incoming.all()] == [half.id]
