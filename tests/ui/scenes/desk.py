"""The upload addresses alone, for `uvicorn tests.ui.scenes.desk:app`; folder and limits are passed in."""

from __future__ import annotations

import json
import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware

from office.doors.keys import Keys
from office.doors.rules import load_doors
from ui.docket.demo import PEOPLE
from ui.doors.desk import Desk
from ui.doors.gate import Gate
from ui.headers import SECURITY
from ui.scenes.incoming import Incoming, UploadLimits
from ui.scenes.uploads import upload_routes

INCOMING = Incoming(Path(os.environ["DESK_ROOT"]), UploadLimits(**json.loads(os.environ["DESK_LIMITS"])))  # fmt: skip
PLACE = Desk(
    Keys("k", {"k": bytes(32)}), load_doors(), lambda: "2026-06-30T08:00:00Z", people=PEOPLE
)
app = Starlette(routes=upload_routes(lambda: INCOMING), middleware=[*SECURITY, Middleware(Gate, desks=lambda: PLACE)])  # fmt: skip
