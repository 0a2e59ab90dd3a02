"""BD-09MC: Baidu's own plane metres, a polynomial per band of latitude.

The coefficients are the published constants of Baidu's map script (both directions). The
inverse polynomials are good to a few centimetres only, so they serve as a first guess and
Newton's method on the forward polynomial finishes the work.
"""

from __future__ import annotations

import numpy as np

LIMIT = 74.0
"""Degrees: Baidu's plane ends here; beyond it the result is NaN."""

_BANDS_DEG = np.array([60.0, 45.0, 30.0, 15.0, 0.0])
# One row per band from the pole down: x0, x1, y0..y6, scale of the latitude (degrees).
_TO_METRES = np.array([
    [0.0008277824516172526, 111320.7020463578, 647795574.6671607, -4082003173.641316,
     10774905663.51142, -15171875531.51559, 12053065338.62167, -5124939663.577472,
     913311935.9512032, 67.5],
    [0.00337398766765, 111320.7020202162, 4481351.045890365, -23393751.19931662,
     79682215.47186455, -115964993.2797253, 97236711.15602145, -43661946.33752821,
     8477230.501135234, 52.5],
    [0.00220636496208, 111320.7020209128, 51751.86112841131, 3796837.749470245,
     992013.7397791013, -1221952.21711287, 1340652.697009075, -620943.6990984312,
     144416.9293806241, 37.5],
    [-0.0003441963504368392, 111320.7020576856, 278.2353980772752, 2485758.690035394,
     6070.750963243378, 54821.18345352118, 9540.606633304236, -2710.55326746645,
     1405.483844121726, 22.5],
    [-0.0003218135878613132, 111320.7020701615, 0.00369383431289, 823725.6402795718,
     0.46104986909093, 2351.343141331292, 1.58060784298199, 8.77738589078284,
     0.37238884252424, 7.45],
])  # fmt: skip
_TO_DEGREES = np.array([
    [-7.435856389565537e-09, 8.983055097726239e-06, -0.78625201886289, 96.32687599759846,
     -1.85204757529826, -59.36935905485877, 47.40033549296737, -16.50741931063887,
     2.28786674699375, 10260144.86],
    [-3.030883460898826e-08, 8.98305509983578e-06, 0.30071316287616, 59.74293618442277,
     7.357984074871, -25.38371002664745, 13.45380521110908, -3.29883767235584,
     0.32710905363475, 6856817.37],
    [-1.981981304930552e-08, 8.983055099779535e-06, 0.03278182852591, 40.31678527705744,
     0.65659298677277, -4.44255534477492, 0.85341911805263, 0.12923347998204,
     -0.04625736007561, 4482777.06],
    [3.09191371068437e-09, 8.983055096812155e-06, 6.995724062e-05, 23.10934304144901,
     -0.00023663490511, -0.6321817810242, -0.00663494467273, 0.03430082397953,
     -0.00466043876332, 2555164.4],
    [2.890871144776878e-09, 8.983055095805407e-06, -3.068298e-08, 7.47137025468032,
     -3.53937994e-06, -0.02145144861037, -1.234426596e-05, 0.00010322952773,
     -3.23890364e-06, 826088.5],
])  # fmt: skip


def bd09_to_bd09mc(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Plane metres (x east, y north) of BD-09 degrees; NaN beyond 74° of latitude."""
    north = np.where(np.abs(lat) <= LIMIT, np.abs(lat), np.nan)
    rows = _TO_METRES[_band(north, _BANDS_DEG)]
    x = rows[..., 0] + rows[..., 1] * np.abs(lon)
    y, _ = _polynomial(rows, north)
    return np.copysign(x, lon), np.copysign(y, lat)


def bd09mc_to_bd09(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """BD-09 degrees of plane metres, by Newton's method; NaN beyond the plane's end."""
    size = np.abs(y)
    band = _band(size, _EDGES_M)
    north, _ = _polynomial(_TO_DEGREES[band], size)
    rows = _TO_METRES[band]
    for _ in range(8):
        value, slope = _polynomial(rows, north)
        step = (size - value) / slope
        north = north + step
        if not np.nanmax(np.abs(step), initial=0.0) > 1e-13:
            break
    lon = (np.abs(x) - rows[..., 0]) / rows[..., 1]
    good = (north <= LIMIT + 1e-9) & (lon <= 180.001)
    return np.where(good, np.copysign(lon, x), np.nan), np.where(
        good, np.copysign(north, y), np.nan
    )


def _band(value: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """Row of the band a value (>= 0) lies in; NaN falls into the last one and stays NaN."""
    return np.minimum((value[..., None] < limits).sum(-1), len(limits) - 1)


def _polynomial(rows: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Value and derivative of each row's polynomial of degree six."""
    scaled = value / rows[..., 9]
    total, slope = np.zeros_like(scaled), np.zeros_like(scaled)
    for power in range(8, 1, -1):
        slope = slope * scaled + total
        total = total * scaled + rows[..., power]
    return total, slope / rows[..., 9]


# The polynomials do not meet: northing jumps by 0.01 m at 15° and by 14 m at 60°. A band
# therefore begins where its own polynomial puts its lower edge.
_EDGES_M = _polynomial(_TO_METRES, _BANDS_DEG)[0]
