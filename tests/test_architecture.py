"""The house's law as one small test over the syntax trees (docs/architecture.md)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = ("layers", "imagery", "checks", "office", "leads", "evidence", "ui", "geo_app")
SIDE = {"demo": {"layers", "imagery", "demo"}, "offline": {"layers", "offline"}}
SCREEN = {"streamlit", "folium", "streamlit_folium", "starlette", "branca"}
NETWORK = {"socket", "ssl", "urllib3", "requests", "httpx", "aiohttp", "ftplib", "osmnx", "pyodm"}
MAY_CONNECT = (
    "layers/sources/",
    "imagery/engines/",
    "leads/messages/mail.py",
    "leads/exchange/post.py",
    "evidence/signing.py",
    "ui/doors/provider.py",
)
CONNECTING = (
    "urllib.request",
    "http.client",
    "smtplib",
    "pyhanko.sign.timestamps",
    "authlib.integrations",
)
RASTER = {"rasterio", "rio_cogeo", "rio_tiler", "cv2", "pystac", "exifread"}
DATABASE = {"sqlite3", "psycopg", "psycopg2", "alembic"}
CHECK_MAY_IMPORT = {"__future__", "collections", "dataclasses", "typing", "checks", "layers"}
MAX_FILE_LINES, MAX_FUNCTION_LINES = 400, 60


def _sources() -> list[Path]:
    folders = [ROOT / name for name in (*ORDER, *SIDE) if (ROOT / name).is_dir()]
    files = [file for folder in folders for file in folder.rglob("*.py")]
    kept = [file for file in files if "dist" not in file.parts and "node_modules" not in file.parts]
    return sorted([*kept, *ROOT.glob("geo_app.py")])


SOURCES = _sources()
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _top(file: Path) -> str:
    return file.relative_to(ROOT).parts[0].removesuffix(".py")


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


@dataclass(frozen=True)
class Facts:
    """What the rules ask of a file; lines by their number."""

    imports: frozenset[str]
    eager: frozenset[str]
    calls: tuple[tuple[str, int], ...]
    codes: tuple[int, ...]
    functions: tuple[tuple[str, int], ...]
    globals: tuple[int, ...]


@cache
def _facts(file: Path) -> Facts:
    """Every file is read once, whatever the number of rules; trees are too big to be kept."""
    nodes = list(ast.walk(_tree(file)))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lazy = {id(inner) for one in functions for inner in ast.walk(one)}
    return Facts(
        frozenset(_imports(nodes)),
        frozenset(_imports(node for node in nodes if id(node) not in lazy)),
        tuple((node.func.attr, node.lineno) for node in nodes
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)),
        tuple(node.lineno for node in nodes if isinstance(node, ast.Constant)
              and isinstance(node.value, str) and re.search(r"epsg:\d|EPSG:\d", node.value)),
        tuple((one.name, (one.end_lineno or one.lineno) - one.lineno + 1) for one in functions),
        tuple(node.lineno for node in nodes if isinstance(node, ast.Global)),
    )  # fmt: skip


def _imports(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Dotted names of the imported modules, `from a import b` as `a.b`."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _is_check(file: Path) -> bool:
    return _top(file) == "checks" and file.parent.name == "checks" and file.name[0] != "_"


each_source = pytest.mark.parametrize("file", SOURCES, ids=_name)
each_test = pytest.mark.parametrize("file", TESTS, ids=_name)


@each_source
def test_imports_go_down_the_list(file: Path) -> None:
    top = _top(file)
    allowed = SIDE.get(top) or set(ORDER[: ORDER.index(top) + 1])
    project = {*ORDER, *SIDE, "tests", "benchmarks"}
    wrong = {name for name in _facts(file).imports if name.split(".")[0] in project - allowed}
    assert not wrong, f"{_name(file)} imports upwards: {sorted(wrong)}"


@each_source
def test_only_the_screens_know_a_screen_library(file: Path) -> None:
    if _top(file) in {"ui", "geo_app"}:
        return
    found = {name.split(".")[0] for name in _facts(file).imports} & SCREEN
    assert not found, f"{_name(file)} imports {sorted(found)}"


@each_source
def test_only_imagery_opens_a_raster(file: Path) -> None:
    if _top(file) in {"imagery", "demo"}:
        return
    found = {name.split(".")[0] for name in _facts(file).imports} & RASTER
    assert not found, f"{_name(file)} imports {sorted(found)}"


@each_source
def test_only_sources_open_a_connection(file: Path) -> None:
    if _name(file).startswith(MAY_CONNECT):
        return
    names = _facts(file).imports
    found = {name for name in names if name.split(".")[0] in NETWORK}
    found |= {name for name in names if name.startswith(CONNECTING)}
    assert not found, f"{_name(file)} imports {sorted(found)}"


@each_source
def test_only_the_office_opens_a_database(file: Path) -> None:
    """Leads ask it in SQLAlchemy's words; nobody else speaks to it, one module opens it."""
    names = _facts(file).imports
    found = {name.split(".")[0] for name in names}
    if _top(file) != "office":
        assert not found & DATABASE, f"{_name(file)} imports {sorted(found & DATABASE)}"
    assert "sqlalchemy" not in found or _top(file) in {"office", "leads"}, _name(file)
    assert "sqlalchemy.create_engine" not in names or _name(file) == "office/database.py"


@pytest.mark.parametrize("file", [f for f in SOURCES if _is_check(f)], ids=_name)
def test_a_check_is_data_and_one_function(file: Path) -> None:
    tree = _tree(file)
    foreign = {name for name in _facts(file).imports if name.split(".")[0] not in CHECK_MAY_IMPORT}
    assert not foreign, f"{_name(file)} does more than check: {sorted(foreign)}"
    others = {f"checks.{f.stem}" for f in SOURCES if _is_check(f) and f != file}
    assert not others & {".".join(name.split(".")[:2]) for name in _facts(file).imports}
    assert not any(name.startswith("layers.sources") for name in _facts(file).imports)
    calls = {node.func.id for node in ast.walk(tree)
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}  # fmt: skip
    assert not calls & {"open", "print", "input", "exec", "eval"}


@each_source
def test_the_date_is_an_argument(file: Path) -> None:
    if _top(file) in {"ui", "geo_app"} or file.parent.name == "commands":
        return
    clocks = {"now", "today", "utcnow"}
    read = [f"{_name(file)}:{line}" for name, line in _facts(file).calls if name in clocks]
    assert not read, f"{read} read the clock"


@each_source
def test_only_layers_name_a_datum(file: Path) -> None:
    if _top(file) in {"layers", "demo"}:
        return
    codes = [f"{_name(file)}:{line}" for line in _facts(file).codes]
    assert not codes, f"{codes} name an EPSG code"
    assert "pyproj" not in {name.split(".")[0] for name in _facts(file).imports}


@each_source
def test_session_state_is_named_in_one_file(file: Path) -> None:
    if "session_state" in file.read_text(encoding="utf-8"):
        assert file.parent.name == "ui", _name(file)
        holders = [f for f in SOURCES if "session_state" in f.read_text(encoding="utf-8")]
        assert holders == [file], f"several files name it: {[_name(f) for f in holders]}"


@each_source
def test_machines_do_not_judge(file: Path) -> None:
    text = file.read_text(encoding="utf-8").lower()
    assert not re.search(r"\bviolat|\billegal", text), f"{_name(file)} judges; write finding, lead"


@each_source
def test_files_and_functions_stay_short(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MAX_FILE_LINES, f"{_name(file)} has {len(lines)} lines"
    for name, length in _facts(file).functions:
        assert length <= MAX_FUNCTION_LINES, f"{_name(file)}: {name} has {length} lines"
    assert not _facts(file).globals, f"{_name(file)}:{_facts(file).globals[0]} uses global"


def test_there_is_no_import_cycle() -> None:
    modules = {_name(f).removesuffix(".py").removesuffix("/__init__").replace("/", "."): f
               for f in SOURCES}  # fmt: skip
    edges = {name: _eager_imports(file, modules) - {name} for name, file in modules.items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"cycle: {' → '.join((*trail[trail.index(name) :], name))}"
        if name not in done:
            for other in sorted(edges[name]):
                visit(other, (*trail, name))
            done.add(name)

    for name in edges:
        visit(name, ())


def _eager_imports(file: Path, modules: dict[str, Path]) -> set[str]:
    """The project modules a file needs at import time (not those inside a function)."""
    found = {max((m for m in modules if name == m or name.startswith(m + ".")), key=len, default="")
             for name in _facts(file).eager}  # fmt: skip
    return found - {""}


@each_test
def test_tests_pass_data_in(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    if file.name == Path(__file__).name:
        return
    for word in ("time.sleep(", "mock.patch", "monkeypatch.setattr", "unittest.mock"):
        assert word not in text, f"{_name(file)} uses {word}"
    network = {name.split(".")[0] for name in _facts(file).imports} & (NETWORK - {"socket", "ssl"})
    assert not network - {"osmnx"}, f"{_name(file)} imports {sorted(network)}"
