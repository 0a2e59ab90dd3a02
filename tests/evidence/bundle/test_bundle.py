"""A bundle says intact, or what was altered: whatever byte, whatever file, by both verifiers."""

from __future__ import annotations

import hashlib
import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evidence import Dossier
from evidence.bundle import BundleReport, SigningKey, build_bundle, new_key, read_key
from evidence.bundle.stored_zip import Entry, measure, write_stored
from evidence.bundle.verify import verify_bundle
from evidence.bundle.verify_bundle import Altered, verify
from imagery.store import Store
from layers.errors import Cancelled, YichaError
from office import Actor, Database, NewEvent, append
from office.history import events, links

SCRIPT = Path(verify.__code__.co_filename)
WHO = Actor("李明", ("prosecutor",))
FLIPS = 2000


def chain_of(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """A real chain: events of two leads and what links them."""
    db = Database.open(folder / "leads.sqlite")
    for number in range(4):
        with db.write() as connection:
            subject = "Lmine" if number % 2 else "Lother"
            append(connection, [NewEvent("lead.noted", subject, {"note": f"记录 {number}"})],
                   actor=WHO, at=f"2026-06-0{number + 1}T00:00:00Z")  # fmt: skip
    with db.read() as connection:
        mine = [
            {name: getattr(one, name) for name in one.__slots__}
            for one in events(connection, "Lmine")
        ]
        chain: dict[str, list[dict[str, Any]]] = {
            "events": mine,
            "links": links(connection, 2, 100),
        }
    db.close()
    return chain


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return new_key(tmp_path_factory.mktemp("key") / "office.pem")


@pytest.fixture(scope="module")
def small(
    tmp_path_factory: pytest.TempPathFactory, dossiers: Mapping[str, Dossier], key: SigningKey
) -> Path:
    """A signed bundle of about 20 files without the surroundings' bulk."""
    folder = tmp_path_factory.mktemp("bundle")
    lean = [replace(one, context={}, pictures=one.pictures[:1], number=one.number)
            for name, one in dossiers.items() if name != "fire-lane-blocked"]  # fmt: skip
    out = folder / "case.zip"
    build_bundle(lean, out, chain=chain_of(folder), key=key, info=[("Reason", "移送")])
    return out


def said(path: Path) -> tuple[list[str], list[str]]:
    """What the script and what the program say is wrong."""
    try:
        script = verify(str(path))[0]
    except Altered as error:
        script = [str(error)]
    return script, list(verify_bundle(path).problems)


def test_an_untouched_bundle_is_intact_and_names_its_signer(small: Path, key: SigningKey) -> None:
    assert said(small) == ([], [])
    assert verify(str(small))[1]["signed_by"] == key.public.hex()
    check = verify_bundle(small, expected_key=key.public.hex())
    assert check.intact
    assert check.signed_by == key.public.hex()
    assert check.files >= 15


def test_every_flipped_byte_is_found_by_both(small: Path, tmp_path: Path) -> None:
    data, draw = bytearray(small.read_bytes()), random.Random(20261122)
    headers = data.find(b"PK\1\2")
    places = {
        *draw.sample(range(len(data)), FLIPS * 3 // 4),
        *draw.sample(range(headers, len(data)), FLIPS // 4),
    }
    file = tmp_path / "case.zip"
    missed = []
    for at in places:
        kept = data[at]
        data[at] ^= 1 << draw.randrange(8)
        file.write_bytes(data)
        if not all(said(file)):
            missed.append(at)
        data[at] = kept
    assert missed == []


def _rewritten(
    small: Path, out: Path, change: dict[str, bytes | None], add: dict[str, bytes] | None = None
) -> Path:
    """The bundle packed anew with files changed (or, with `None`, left out) and added."""
    entries = []
    with zipfile.ZipFile(small) as archive:
        for name in archive.namelist():
            data = change.get(name.split("/", 1)[1], archive.read(name))
            if data is not None:
                entries.append(measure(Entry(name, data)))
    entries += [measure(Entry(name, data)) for name, data in (add or {}).items()]
    with out.open("wb") as stream:
        write_stored(stream, entries)
    return out


def _files(small: Path) -> list[str]:
    with zipfile.ZipFile(small) as archive:
        return [name.split("/", 1)[1] for name in archive.namelist()]


@pytest.mark.parametrize("now", [b"other bytes", b"longer than it was"])
def test_a_file_that_changes_while_it_is_packed_stops_the_packing(
    tmp_path: Path, now: bytes
) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"first bytes")
    entries = [measure(Entry("photo.jpg", file))]
    file.write_bytes(now)
    with pytest.raises(ValueError, match=r"photo\.jpg changed"):
        write_stored(io.BytesIO(), entries)


def test_every_removed_file_is_named(small: Path, tmp_path: Path) -> None:
    for name in _files(small):
        if name == "signature.txt":
            continue  # an unsigned bundle is a bundle; see the next test
        script, program = said(_rewritten(small, tmp_path / "case.zip", {name: None}))
        assert any(name in one for one in script) or name == "tagmanifest-sha256.txt"
        assert all((script, program)), name


def test_a_signature_taken_away_shows_where_a_signer_is_expected(
    small: Path, tmp_path: Path, key: SigningKey
) -> None:
    bare = _rewritten(small, tmp_path / "case.zip", {"signature.txt": None})
    assert verify(str(bare), key.public.hex())[0]
    assert not verify_bundle(bare, expected_key=key.public.hex()).intact


def test_added_renamed_and_swapped_files_are_named(small: Path, tmp_path: Path) -> None:
    names = [name for name in _files(small) if name.endswith("lead.json")]
    with zipfile.ZipFile(small) as archive:
        one, two = (archive.read(f"case/{name}") for name in names[:2])
    added = _rewritten(small, tmp_path / "a.zip", {}, {"case/data/leads/extra.json": b"{}"})
    renamed = _rewritten(
        small, tmp_path / "r.zip", {names[0]: None}, {"case/data/leads/renamed.json": one}
    )
    swapped = _rewritten(small, tmp_path / "s.zip", {names[0]: two, names[1]: one})
    tags = _rewritten(small, tmp_path / "t.zip", {}, {"case/more.txt": b"x"})
    for file, word in (
        (added, "extra.json"),
        (renamed, "renamed.json"),
        (swapped, names[0]),
        (tags, "more.txt"),
    ):
        script, program = said(file)
        assert any(word in text for text in script), file
        assert any(word in text for text in program), file


def test_a_manifest_made_to_fit_breaks_the_signature(small: Path, tmp_path: Path) -> None:
    """Somebody alters a file and every manifest: only the key they lack gives it away."""
    name = next(one for one in _files(small) if one.endswith("lead.json"))
    with zipfile.ZipFile(small) as archive:
        manifest, tags = (
            archive.read("case/manifest-sha256.txt"),
            archive.read("case/tagmanifest-sha256.txt"),
        )
        old = hashlib.sha256(archive.read(f"case/{name}")).hexdigest()
    new = hashlib.sha256(b"{}").hexdigest()
    changed = manifest.replace(old.encode(), new.encode())
    fitted = tags.replace(
        hashlib.sha256(manifest).hexdigest().encode(), hashlib.sha256(changed).hexdigest().encode()
    )
    script, program = said(_rewritten(small, tmp_path / "case.zip", {
        name: b"{}", "manifest-sha256.txt": changed, "tagmanifest-sha256.txt": fitted}))  # fmt: skip
    assert len(script) == len(program) == 1
    assert "signature" in script[0]
    assert "signature" in program[0]


def test_an_altered_event_is_named(tmp_path: Path, dossiers: Mapping[str, Dossier]) -> None:
    chain = chain_of(tmp_path)
    chain["events"][1]["actor"] = "某人"
    out = tmp_path / "case.zip"
    build_bundle([replace(dossiers["wage-deposit"], context={})], out, chain=chain)
    for words in said(out):
        assert any("event 4 of the history was altered" in one for one in words)


def test_the_same_inputs_give_the_same_bytes(
    tmp_path: Path, dossiers: Mapping[str, Dossier], demo_imagery: Store, key: SigningKey
) -> None:
    def build(folder: str) -> BundleReport:
        return build_bundle([dossiers["waste-near-reservoir"]], tmp_path / folder / "case.zip", imagery=demo_imagery,
                            chain={"events": [], "links": []}, key=key)  # fmt: skip

    assert build("one").sha256 == build("two").sha256


def test_originals_are_inside_byte_for_byte(
    tmp_path: Path, dossiers: Mapping[str, Dossier], demo_imagery: Store
) -> None:
    dossier = dossiers["waste-near-reservoir"]
    out = tmp_path / "case.zip"
    build_bundle([dossier], out, imagery=demo_imagery, chain={"events": [], "links": []})
    with zipfile.ZipFile(out) as archive:
        for picture in dossier.pictures:
            original = demo_imagery.original(picture.scene_id)
            assert archive.read(f"case/data/originals/{original.name}") == original.read_bytes()


def test_the_script_runs_on_bare_python(small: Path, tmp_path: Path) -> None:
    script = tmp_path / "verify_bundle.py"
    script.write_bytes(SCRIPT.read_bytes())
    run = [sys.executable, "-I", "-S", str(script), str(small)]
    good = subprocess.run(
        run, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, check=False
    )
    assert good.returncode == 0
    assert "intact" in good.stdout
    (tmp_path / "cut.zip").write_bytes(small.read_bytes()[:-40])
    bad = subprocess.run([*run[:-1], str(tmp_path / "cut.zip")], capture_output=True, text=True, encoding="utf-8",
                         cwd=tmp_path, check=False)  # fmt: skip
    assert bad.returncode == 1
    assert "ALTERED" in bad.stdout


def test_garbage_is_altered_and_never_a_crash(tmp_path: Path) -> None:
    draw = random.Random(7)
    for size in (0, 1, 29, 30, 500, 70_000):
        file = tmp_path / "x.zip"
        file.write_bytes(b"PK\3\4"[:size] + draw.randbytes(max(0, size - 4)))
        script, program = said(file)
        assert script
        assert program


def test_a_key_is_never_overwritten_nor_read_where_it_lies_open(tmp_path: Path) -> None:
    file = tmp_path / "office.pem"
    made = new_key(file, "secret")
    with pytest.raises(YichaError, match="already"):
        new_key(file)
    assert read_key(file, "secret").public == made.public
    with pytest.raises(YichaError, match="cannot be read"):
        read_key(file)
    if sys.platform != "win32":
        file.chmod(0o644)
        with pytest.raises(YichaError, match="others may read"):
            read_key(file, "secret")


def test_cancelling_leaves_no_file(tmp_path: Path, dossiers: Mapping[str, Dossier]) -> None:
    out = tmp_path / "case.zip"
    with pytest.raises(Cancelled):
        build_bundle(
            dossiers.values(), out, chain={"events": [], "links": []}, cancelled=lambda: True
        )
    assert list(tmp_path.iterdir()) == []


def test_the_row_of_the_subject_itself_is_inside(
    tmp_path: Path, dossiers: Mapping[str, Dossier]
) -> None:
    dossier = dossiers["tobacco-near-school"]
    out = tmp_path / "case.zip"
    build_bundle([dossier], out, chain={"events": [], "links": []})
    name = f"case/data/leads/{dossier.number}/extract/tobacco_retailer.geojson"
    with zipfile.ZipFile(out) as archive:
        rows = json.loads(archive.read(name))["features"]
    assert [row["properties"]["id"] for row in rows] == [dossier.finding["subject_id"]]
