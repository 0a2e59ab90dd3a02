"""The collections of features: every layer at hand, the findings of a day, the leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from office import Actor
from office.policy import may_somewhere
from ui.api.answers import Ask, RefusedError

FINDINGS, LEADS, LAYER = "findings", "leads", "layer_"
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Property:
    """A property of features: its schema (OpenAPI 3.0), its words, whether one may ask for its value."""

    schema: Mapping[str, Any]
    zh: str
    en: str
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page of features is asked for, read and weighed."""

    limit: int
    after: str | None
    boxes: tuple[Box, ...]
    equal: Mapping[str, Any]
    days: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Slice:
    """A page: features as JSON text, how many, the id of the last where more follow, how many in all."""

    features: Iterator[str]
    count: int
    last: str | None
    matched: int | None


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection as one caller sees it; `time` names the property that `datetime` is about.

    `stamp` changes whenever a feature may have changed. `page` and `feature` read the rows.
    """

    id: str
    operation: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    properties: Mapping[str, Property]
    time: str | None
    stamp: str
    extent: Callable[[], tuple[Box | None, tuple[str, str] | None]]
    page: Callable[[Ask, Asked], Slice]
    feature: Callable[[Ask, str], str | None]
    provenance: tuple[Mapping[str, Any], ...] = ()
    settings: tuple[str, ...] = ()
    """Parameters beside those of every collection, such as the day of findings."""
    modified: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def asked(self) -> dict[str, Property]:
        """The properties one may ask for by value."""
        return {name: one for name, one in self.properties.items() if one.asked}


Source = Callable[[Actor, Mapping[str, Any]], Iterator[Collection]]
"""Collections at hand, given who asks and the parameters (the day of findings)."""


def readable(actor: Actor, operation: str) -> bool:
    """Whether a collection is there for somebody at all."""
    return may_somewhere(actor, operation)


def no_collection(name: str) -> RefusedError:
    """404 for a collection that is not there."""
    return RefusedError(404, "none", field="collectionId", what=name[:80], where="/api/collections")
