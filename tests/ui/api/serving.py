"""The interface alone behind the app's own doors, for tests that ask more than a polite share.

    python -m tests.ui.api.serving PORT

The folder and the store are named by the environment, as for the program itself.
"""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette

from ui.api.addresses import ADDRESSES
from ui.api.limits import Buckets
from ui.api.serving import nothing_here, routes_of
from ui.routes import MIDDLEWARE


def app(buckets: Buckets) -> Starlette:
    """The interface behind the gate, the headers and the names of this machine."""
    routes = [*routes_of(ADDRESSES, buckets, answer_s=60.0), nothing_here()]
    return Starlette(routes=routes, middleware=MIDDLEWARE)


if __name__ == "__main__":
    uvicorn.run(
        app(Buckets(1e6, 10**6)), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning"
    )
