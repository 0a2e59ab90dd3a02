"""Schemas of bodies and answers, in OpenAPI 3.0's words."""

from __future__ import annotations

from typing import Any

BODIES: dict[str, dict[str, Any]] = {}
