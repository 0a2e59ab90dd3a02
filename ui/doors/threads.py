"""Threads for what takes long on purpose: a password is weighed for a tenth of a second and 64 MiB.

Two at once, so that many who knock take neither the memory nor the threads of those who are in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_POOL = ThreadPoolExecutor(2, thread_name_prefix="weighing")
Made = TypeVar("Made")


async def slowly(make: Callable[[], Made]) -> Made:
    """Do it in one of these threads."""
    return await asyncio.get_running_loop().run_in_executor(_POOL, make)
