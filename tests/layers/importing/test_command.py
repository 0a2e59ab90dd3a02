from __future__ import annotations

import json
from pathlib import Path

import pytest

from layers.__main__ import main
from layers.commands.import_ import language
from layers.layer import read_layer
from tests.layers.importing.tables import shop, write_csv

ROWS = [
    shop(1, 联系电话="13800138000"),
    shop(2, 联系电话="13900139000"),
    shop(3, 经度="", 联系电话=""),
]


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_the_command_as_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_csv(tmp_path / "a.csv", ROWS, "gbk")
    out = tmp_path / "layers" / "shops.parquet"
    arguments = [
        "import",
        str(source),
        "--theme",
        "tobacco_retailer",
        "--datum",
        "gcj02",
        "--set",
        "name=名称",
        "--out",
        str(out),
        "--lang",
        "en",
    ]
    assert main(arguments) == 0
    text = capsys.readouterr().out
    assert "in 3 = imported 3 + rejected 0 + set aside 0" in text
    assert "dropped 联系电话 (telephone)" in text
    assert "--no-keep" in text  # the kept original holds personal data
    assert len(read_layer(out)) == 3
    assert any(
        name.startswith("sources/") and name.endswith("/a.csv") for name in files(out.parent)
    )


def test_chinese_report_json_report_and_manifest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = write_csv(tmp_path / "a.csv", ROWS), tmp_path / "o" / "s.parquet"
    more = [
        "--report",
        str(tmp_path / "o" / "r.json"),
        "--save-manifest",
        str(tmp_path / "o" / "m.toml"),
        "--lang",
        "zh",
        "--no-keep",
    ]
    assert (
        main(
            [
                "import",
                str(source),
                "--theme",
                "tobacco_retailer",
                "--datum",
                "gcj02",
                "--out",
                str(out),
                *more,
            ]
        )
        == 0
    )
    assert "导入报告" in capsys.readouterr().out
    report = json.loads((tmp_path / "o" / "r.json").read_text(encoding="utf-8"))
    assert (report["rows_out"], report["unplaced"]) == (3, 1)
    kept = {f"versions/s/0001.{end}" for end in ("parquet", "json", "report.json")}
    assert files(tmp_path / "o") == {"s.parquet", "r.json", "m.toml"} | kept
    again = tmp_path / "again" / "s.parquet"
    assert (
        main(
            [
                "import",
                str(source),
                "--manifest",
                str(tmp_path / "o" / "m.toml"),
                "--out",
                str(again),
            ]
        )
        == 0
    )
    assert read_layer(again).frame.equals(read_layer(out).frame)


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ([], "--datum"), (["--datum", "xian80"], "Xi'an"), (["--datum", "gcj02", "--set", "name=无"], "无"), (["--datum", "gcj02", "--set", "name"], "--set"),
        (["--datum", "gcj02", "--where", "名称~没有"], "nothing was written"), (["--datum", "gcj02", "--manifest", "none.toml"], "manifest"),
        (["--datum", "gcj02", "--trusted", "none.parquet"], "none.parquet"), (["--datum", "gcj02", "--keep-column", "无"], "无"),
    ],
)  # fmt: skip
def test_refusals_exit_with_1_name_the_remedy_and_write_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], word: str
) -> None:
    source, folder = write_csv(tmp_path / "a.csv", ROWS), tmp_path / "out"
    arguments = [
        "import",
        str(source),
        "--theme",
        "tobacco_retailer",
        "--out",
        str(folder / "s.parquet"),
        "--lang",
        "en",
    ]
    assert main([*arguments, "--report", str(folder / "r.json"), *more]) == 1
    said = capsys.readouterr()
    assert word in said.out + said.err
    assert not folder.exists()


def test_a_second_run_answers_from_the_cache(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "a.csv", ROWS)
    arguments = [
        "import",
        str(source),
        "--theme",
        "tobacco_retailer",
        "--datum",
        "gcj02",
        "--cache",
        str(tmp_path / "c"),
        "--no-keep",
    ]
    assert main([*arguments, "--out", str(tmp_path / "1.parquet")]) == 0
    before = files(tmp_path / "c")
    assert main([*arguments, "--out", str(tmp_path / "2.parquet")]) == 0
    assert files(tmp_path / "c") == before
    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "2.parquet").read_bytes()


@pytest.mark.parametrize(
    ("value", "lang"), [("zh_CN.UTF-8", "zh"), ("en_US.UTF-8", "en"), ("C", "en"), ("de_DE", "en")]
)
def test_the_environment_chooses_the_language(
    monkeypatch: pytest.MonkeyPatch, value: str, lang: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", value)
    assert language() == lang


def test_an_open_table_keeps_its_columns_and_drops_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "aid.csv"
    source.write_text(
        "编号,人员编号,姓名,证件号码,救助金额\nJZ1,RY0001,王小明,520201199001011234,05000\n"
        "JZ2,RY0002,李丽,520201199001015678,\n",
        encoding="gbk",
    )
    out = tmp_path / "layers" / "aid.parquet"
    asked = ["import", str(source), "--out", str(out), "--no-keep", "--lang", "en", "--theme"]
    assert main([*asked, "record/aid_list"]) == 0
    frame = read_layer(out).frame
    assert frame["id"].tolist() == ["JZ1", "JZ2"]
    assert frame["人员编号"].tolist() == ["RY0001", "RY0002"]
    assert frame["救助金额"].iloc[0] == "05000"  # text stays text
    assert not {"姓名", "证件号码"} & set(frame.columns)
    assert "王小明" not in frame.to_csv()
    assert main([*asked, "record/Big"]) == 1
    assert "record/NAME" in capsys.readouterr().err
