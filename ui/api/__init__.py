"""The interface for other systems below `/api/`: OGC API – Features, and the work on leads (`/api/v1`)."""

from starlette.routing import BaseRoute

from ui.api.addresses import ADDRESSES
from ui.api.limits import Buckets
from ui.api.serving import nothing_here, routes_of

ROUTES: list[BaseRoute] = [*routes_of(ADDRESSES, Buckets()), nothing_here()]
