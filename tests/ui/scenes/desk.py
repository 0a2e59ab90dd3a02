"""The upload addresses alone, for `uvicorn tests.ui.scenes.desk:app`; folder and limits are passed in."""

from __future__ import annotations

import json
import os
from pathlib import Path

from starlette.applications import Starlette

from ui.headers import SECURITY
from ui.scenes.incoming import Incoming, UploadLimits
from ui.scenes.uploads import upload_routes

INCOMING = Incoming(Path(os.environ["DESK_ROOT"]), UploadLimits(**json.loads(os.environ["DESK_LIMITS"])))  # fmt: skip
app = Starlette(routes=upload_routes(lambda: INCOMING), middleware=SECURITY)
