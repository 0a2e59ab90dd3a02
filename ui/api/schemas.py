"""Schemas of bodies and answers, in OpenAPI 3.0's words. Bodies are read against the same ones."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
_OBJECT: Schema = {"type": "object"}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _of(
    required: dict[str, Schema], optional: dict[str, Schema] | None = None, **more: object
) -> Schema:
    told = {"required": list(required)} if required else {}
    return {"type": "object", **told, "properties": {**required, **(optional or {})}, **more}


def _or_null(schema: Schema) -> Schema:
    return {**schema, "nullable": True}


BODIES: dict[str, Schema] = {
    "StepTaken": _of(
        {"to": {"type": "string", "minLength": 1, "maxLength": 40}},
        {"on": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
         "reason": {"type": "string", "maxLength": 4000},
         "fields": {"type": "object", "maxProperties": 50, "additionalProperties": {
             "anyOf": [{"type": "string", "maxLength": 4000}, {"type": "boolean"},
                       {"type": "array", "items": {"type": "string", "maxLength": 200}, "maxItems": 50}]}}},
        additionalProperties=False,
    ),
    "Note": _of({"text": {"type": "string", "minLength": 1, "maxLength": 8000}}, additionalProperties=False),
    "Assignment": _of({"person": {"type": "string", "maxLength": 200}},
                      {"reason": {"type": "string", "maxLength": 4000}}, additionalProperties=False),
}  # fmt: skip
"""What is sent to the interface."""

_LINKS = _list(_ref("Link"))
_PAGED = {"numberReturned": COUNT, "links": _LINKS}
SCHEMAS: dict[str, Schema] = {
    "Problem": _of({"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT,
                    "problem": TEXT, "remedy": TEXT}, {"field": TEXT, "instance": TEXT}),
    "Link": _of({"href": TEXT, "rel": TEXT}, {"type": TEXT, "title": TEXT}),
    "Landing": _of({"title": TEXT, "description": TEXT, "links": _LINKS}),
    "Conformance": _of({"conformsTo": _list(TEXT)}),
    "Description": _of({"openapi": TEXT, "info": _OBJECT, "paths": _OBJECT}),
    "Collection": _of(
        {"id": TEXT, "title": TEXT, "description": TEXT, "itemType": {"type": "string", "enum": ["feature"]},
         "crs": _list(TEXT), "storageCrs": TEXT, "links": _LINKS},
        {"extent": _of({}, {
            "spatial": _of({"bbox": _list({"type": "array", "minItems": 4, "maxItems": 4, "items": NUMBER})}, {"crs": TEXT}),
            "temporal": _of({"interval": _list(_list(_or_null(TEXT)))}, {"trs": TEXT})}),
         "provenance": _list(_OBJECT), "timeProperty": _or_null(TEXT), "on_date": TEXT, "rules": _or_null(TEXT)},
    ),
    "Collections": _of({"links": _LINKS, "collections": _list(_ref("Collection"))}),
    "Queryables": _of({"$schema": TEXT, "$id": TEXT, "type": TEXT, "title": TEXT, "properties": _OBJECT}),
    "Feature": _of({"type": {"type": "string", "enum": ["Feature"]}, "id": TEXT,
                    "geometry": _or_null(_OBJECT), "properties": _OBJECT}, {"links": _LINKS}),
    "FeatureCollection": _of(
        {"type": {"type": "string", "enum": ["FeatureCollection"]}, "features": _list(_ref("Feature")),
         "numberReturned": COUNT, "links": _LINKS},
        {"numberMatched": COUNT}),
    "LeadProperties": _of({"id": TEXT, "number": TEXT, "check_id": TEXT, "verdict": TEXT, "state": TEXT,
                           "version": {"type": "integer", "minimum": 1}}),
    "Leads": _of({**_PAGED, "leads": _list(_ref("LeadProperties"))}, {"numberMatched": COUNT}),
    "Lead": _of({"lead": _ref("LeadProperties"), "geometry": _or_null(_OBJECT), "finding": _OBJECT, "data": _OBJECT,
                 "score": _list(_OBJECT), "sightings": _list(_OBJECT), "links": _list(_OBJECT),
                 "others": _list(_OBJECT), "deadlines": _list(_OBJECT), "reinspections": _list(_OBJECT),
                 "case": _or_null(_OBJECT), "runs": _OBJECT, "history": _list(_OBJECT)}),
    "Steps": _of({"state": TEXT, "version": {"type": "integer"}, "steps": _list(
        _of({"to": TEXT, "title": TEXT, "operation": TEXT, "basis": TEXT, "fields": _OBJECT}))}),
    "Changed": _of({"id": TEXT, "number": TEXT, "state": TEXT, "assignee": _or_null(TEXT),
                    "version": {"type": "integer"}}),
    "Check": _of({"id": TEXT, "title": TEXT, "why": TEXT, "level": TEXT, "needs": _list(TEXT), "uses": _list(TEXT),
                  "since": TEXT, "file": TEXT},
                 {"legal_basis": _list(_OBJECT), "limits": _list(_OBJECT), "verify": _list(TEXT), "pitfalls": _list(TEXT)}),
    "Checks": _of({"checks": _list(_ref("Check"))}),
    "RulePack": _of({"place": TEXT, "title": TEXT, "generated": {"type": "boolean"}, "rules_known": COUNT,
                     "rules_verified": COUNT, "sha256": _or_null(TEXT), "documents": _OBJECT}, {"rules": _list(_OBJECT)}),
    "RulePacks": _of({"rules": _list(_ref("RulePack"))}),
    "Layers": _of({"layers": _list(_of({"theme": TEXT, "title": TEXT, "collection": TEXT, "rows": COUNT, "placed": COUNT,
                                        "sha256": _or_null(TEXT), "provenance": _list(_OBJECT)}))}),
    "Runs": _of({"runs": _list(_of({"id": TEXT, "at": TEXT, "actor": TEXT, "on_date": TEXT, "rules": _or_null(TEXT),
                                    "counts": _OBJECT}))}),
    "Item": _of({"type": {"type": "string", "enum": ["Feature"]}, "stac_version": TEXT, "id": TEXT,
                 "geometry": _or_null(_OBJECT), "properties": _OBJECT, "assets": _OBJECT, "links": _LINKS}),
    "Items": _of({"type": TEXT, "features": _list(_ref("Item")), **_PAGED}),
}  # fmt: skip
"""What the interface answers."""
