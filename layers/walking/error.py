"""How wrong a walking distance may be because of the network itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

LINE_M = 3.0
"""Between the drawn centre line and where people walk: half a carriageway (metres, 95 %)."""
SNAP_SHARE = 0.5
"""Of the straight piece between a place and the network. The piece is never walked exactly so:
a person cuts the corner (at most its own length shorter) or goes round a flower bed."""


def network_error_m(origin_snap_m: ArrayLike, target_snap_m: ArrayLike) -> np.ndarray:
    """Half width (metres, about 95 %) of the network's part of the error band.

    U² = `LINE_M`² + (`SNAP_SHARE` · origin snap)² + (`SNAP_SHARE` · target snap)². It does not
    know of ways that nobody has drawn; those make a walk longer, never shorter.
    """
    ends = np.hypot(np.asarray(origin_snap_m), np.asarray(target_snap_m))
    return np.hypot(LINE_M, SNAP_SHARE * ends)
