"""How much a file of imagery may ask for before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1 << 20
GIBIBYTE = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on files and archives; sizes in bytes, pictures in pixels, times in seconds.

    `max_ratio` bounds decoded / encoded bytes of a raster, `max_unpacked_ratio` those of an
    archive; both count only beyond `ratio_floor` decoded bytes. `max_block_bytes` is the most
    that one block (strip, tile, progressive picture) may decode to. `seconds` and
    `memory_bytes` bound the process that reads headers and samples; `sample_blocks` is how
    many blocks it decodes.
    """

    max_bytes: int = 64 * GIBIBYTE
    max_pixels: int = 4_000_000_000
    max_side: int = 1_000_000
    max_bands: int = 16
    max_ratio: int = 1000
    ratio_floor: int = 256 * MEBIBYTE
    max_block_bytes: int = GIBIBYTE
    max_members: int = 50_000
    max_unpacked_bytes: int = 64 * GIBIBYTE
    max_unpacked_ratio: int = 300
    max_name: int = 240
    max_xml_bytes: int = 16 * MEBIBYTE
    max_xml_elements: int = 200_000
    seconds: float = 60.0
    memory_bytes: int = 4 * GIBIBYTE
    sample_blocks: int = 24


DEFAULT_LIMITS = Limits()
