"""The field page on the data folder as it is now."""

from __future__ import annotations

from datetime import UTC, datetime

from ui import cache
from ui.docket import demo
from ui.field.desk import Desk
from ui.field.routes import field_routes
from ui.settings import data_folder

ROUTES = field_routes(
    Desk(
        store=cache.lead_store,
        address=lambda: demo.store_of(cache.workplace()),
        incoming=cache.incoming,
        layers=lambda: cache.workplace().layers,
        jobs=cache.jobs,
        root=lambda: data_folder() / "field",
        now=lambda: datetime.now(UTC),
    )
)
