"""Every address of the interface, each said once: its right, its function, its words, its answers."""

from __future__ import annotations

from functools import partial

from ui.api import catalogue, core, features, work
from ui.api.answers import GEOJSON, HTML, OPENAPI, SCHEMA, Address, Answer, Ask
from ui.api.paging import PARAMETERS as PAGE

_SEE, _LAYER, _LEAD = "api.read", "layer.read", "lead.read"
_BOX = (features.BBOX, features.BBOX_CRS)


def _openapi(ask: Ask) -> Answer:
    return core.openapi(ask, ADDRESSES)


def _docs(ask: Ask) -> Answer:
    return core.docs(ask, ADDRESSES)


_ITEMS = (*PAGE, *_BOX, features.OUT_CRS, features.DATETIME)
START = (
    Address("/", core.landing, _SEE, "首页", "where everything is", "core", {200: "Landing"}, html=True),
    Address("", core.landing, _SEE, "首页", "where everything is", "core", {200: "Landing"}, html=True, hidden=True),
    Address("/conformance", core.conformance, _SEE, "符合的标准", "what it conforms to", "core", {200: "Conformance"}, html=True),
    Address("/openapi.json", _openapi, _SEE, "接口说明（OpenAPI 3.0）", "this description", "core",
            {200: "Description"}, kind=OPENAPI),
    Address("/docs", _docs, _SEE, "接口说明（网页）", "this description for people", "core", {200: ""}, kind=HTML),
    Address("/collections", features.list_collections, _SEE, "可读的数据集", "the collections one may read", "features",
            {200: "Collections"}, parameters=features.SETTINGS, html=True),
)  # fmt: skip


def _collection(name: str, operation: str) -> tuple[Address, ...]:
    """The addresses of one collection, or of all layers (`{collection}`)."""
    path = f"/collections/{name or '{collection}'}"
    make = partial(Address, operation=operation, tag="features", refuses=(404,), collection=name)
    return (
        make(path, features.one_collection, zh="数据集", en="one collection", answers={200: "Collection"}, html=True,
             more=features.own_settings),
        make(f"{path}/queryables", features.queryables, zh="可查询的属性", en="what one may ask for",
             answers={200: "Queryables"}, kind=SCHEMA),
        make(f"{path}/items", features.items, zh="要素", en="features, page by page", answers={200: "FeatureCollection"},
             kind=GEOJSON, html=True, parameters=_ITEMS, more=features.own_parameters),
        make(f"{path}/items/{{feature:whole}}", features.one_item, zh="单个要素", en="one feature",
             answers={200: "Feature"}, kind=GEOJSON, parameters=(features.OUT_CRS,), more=features.own_settings),
    )  # fmt: skip


COLLECTIONS = (
    *_collection("findings", _LEAD), *_collection("leads", _LEAD), *_collection("", _LAYER),
)  # fmt: skip
_ONE = "/v1/leads/{lead}"
WORK = (
    Address("/v1/leads", work.leads, _LEAD, "线索列表", "the list of leads", "leads", {200: "Leads"},
            parameters=(*PAGE, *_BOX, *work.FILTERS)),
    Address(_ONE, work.one_lead, _LEAD, "一条线索：事实、期限、历史", "one lead: facts, deadlines, history", "leads",
            {200: "Lead"}, refuses=(404,)),
    Address(f"{_ONE}/steps", work.steps, _LEAD, "现在可走的步骤", "the steps open now", "leads", {200: "Steps"}, refuses=(404,)),
    Address(f"{_ONE}/steps", work.take_step, _LEAD, "办理一步（须 If-Match）", "take a step (needs If-Match)", "leads",
            {200: "Changed"}, "POST", body="StepTaken", refuses=(404, 409, 412, 413, 415, 422, 428)),
    Address(f"{_ONE}/notes", work.add_note, "lead.note", "写入记录", "write a note", "leads", {200: "Changed"}, "POST",
            body="Note", refuses=(404, 409, 412, 413, 415, 422)),
    Address(f"{_ONE}/assignee", work.give, "lead.assign", "分派（须 If-Match）", "assign (needs If-Match)", "leads",
            {200: "Changed"}, "PUT", body="Assignment", refuses=(404, 409, 412, 413, 415, 422, 428)),
    Address("/v1/checks", catalogue.checks, "check.read", "监督模型", "the checks", "catalogue", {200: "Checks"}),
    Address("/v1/checks/{check}", catalogue.one_check, "check.read", "一个监督模型", "one check", "catalogue",
            {200: "Check"}, refuses=(404,)),
    Address("/v1/rules", catalogue.rules, "rule.read", "规则包", "the rule packs", "catalogue", {200: "RulePacks"}),
    Address("/v1/rules/{place}", catalogue.one_pack, "rule.read", "一个规则包", "one rule pack", "catalogue",
            {200: "RulePack"}, refuses=(404,)),
    Address("/v1/layers", catalogue.layers, _LAYER, "图层与来源", "layers and their sources", "catalogue", {200: "Layers"}),
    Address("/v1/runs", catalogue.runs, _LEAD, "最近的检查", "the last runs", "catalogue", {200: "Runs"}, parameters=PAGE[:1]),
    Address("/v1/scenes", catalogue.scenes, "scene.read", "影像（STAC）", "scenes as STAC items", "catalogue",
            {200: "Items"}, kind=GEOJSON, parameters=PAGE),
    Address("/v1/scenes/{scene}", catalogue.one_scene, "scene.read", "一景影像（STAC）", "one scene as a STAC item", "catalogue",
            {200: "Item"}, kind=GEOJSON, refuses=(404,)),
)  # fmt: skip
ADDRESSES = (*START, *COLLECTIONS, *WORK)
