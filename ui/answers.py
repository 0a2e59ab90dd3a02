"""What our own addresses share: the threads that make answers, and how long browsers keep them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

TILE_THREADS = 2
FOREVER, FRESH = "private, max-age=31536000, immutable", "private, no-cache"
"""Headers of an address with a version in it, and of one without."""
POOL = ThreadPoolExecutor(TILE_THREADS, thread_name_prefix="tiles")
Made = TypeVar("Made")


async def in_pool(make: Callable[[], Made]) -> Made:
    """Make something in one of our threads."""
    return await asyncio.get_running_loop().run_in_executor(POOL, make)
