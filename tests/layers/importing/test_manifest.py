from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import ColumnError, DatumError, YichaError
from layers.importing.manifest import Manifest, manifest_from_dict, read_manifest, write_manifest


def written(folder: Path, text: str) -> Path:
    path = folder / "m.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_settings_survive_a_file(tmp_path: Path) -> None:
    manifest = Manifest().with_(
        theme="bar", datum="gcj02", columns={"name": '店"名\\', "lon": "经\n度"}, where=["类型~酒吧"],
        personal="mask", position_error=12.5, complete=True, source="某局",
    )  # fmt: skip
    path = write_manifest(manifest.with_(where=("类型~酒吧",)), tmp_path / "a" / "m.toml")
    assert read_manifest(path) == manifest.with_(where=("类型~酒吧",))
    assert not list(path.parent.glob("*.partial"))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('dattum = "gcj02"', "dattum"), ("where = 3", "where"), ('personal = "keep"', "drop, mask"), ("complete = 1", "complete"),
        ('position_error = "x"', "position_error"), ("position_error = -1", "position_error"), ('theme = "pub"', "theme"),
        ("columns = 3", "columns"), ("[columns]\nname = 3", "columns"), ("datum = 3", "datum"), ("utc_offset = 99", "utc_offset"),
        ("where = [1]", "where"), ("position_error = true", "position_error"), ("no toml", "TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_file_key_and_remedy(
    tmp_path: Path, text: str, word: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ColumnError, match=word) as caught:
        read_manifest(path)
    assert caught.value.file == str(path)
    assert caught.value.remedy


def test_a_datum_that_cannot_be_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(DatumError) as caught:
        read_manifest(written(tmp_path, 'datum = "xian80"'))
    assert caught.value.file


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ColumnError, match="cannot be read"):
        read_manifest(tmp_path / "none.toml")


def test_added_columns_join_the_kept_ones() -> None:
    manifest = Manifest(columns={"name": "店名"}).with_(columns={"address": "地址"}, datum=None)
    assert manifest.columns == {"name": "店名", "address": "地址"}


def test_only_what_was_said_is_written() -> None:
    assert Manifest().as_dict() == {}
    assert manifest_from_dict({"datum": "wgs84"}) == Manifest(datum="wgs84")


@given(st.text(max_size=200))
def test_any_text_is_a_manifest_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("m") / "m.toml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    with contextlib.suppress(YichaError):
        assert isinstance(read_manifest(path), Manifest)


@given(
    st.dictionaries(
        st.sampled_from(["name", "address", "lon"]),
        st.text(st.characters(blacklist_categories=["Cs"]), max_size=20),
    )
)
def test_any_header_survives_a_file(
    tmp_path_factory: pytest.TempPathFactory, columns: dict[str, str]
) -> None:
    path = write_manifest(Manifest(columns=columns), tmp_path_factory.mktemp("m") / "m.toml")
    assert read_manifest(path).columns == columns
