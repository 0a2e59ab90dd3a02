"""What is missing or not verified about leads, said before anything leaves the office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from shapely.geometry import shape

from checks import Text, get_check
from evidence.collection import gaps, incomplete
from evidence.gather import framed, subject_of_finding
from evidence.outgoing import Watch
from evidence.photos import photos_of
from evidence.pictures import shown_over
from evidence.redaction.release import Shown, State, standing_on
from imagery.store import Store
from layers.errors import Cancelled, RuleError
from layers.shelf import stale_sources
from leads.store import Card, card
from office import Actor, Database

Sort = Literal["law", "data", "record", "picture", "cover"]
_SORTS = get_args(Sort)
_NOT_APPROVED: Mapping[State, Text] = {
    "unseen": Text("影像还没有人看过是否需要打码，不会附上", "nobody has looked whether something is to be covered: "
                   "the picture stays here"),
    "waiting": Text("打码等待第二人复核，影像不会附上", "what is covered waits for a second person: the picture stays here"),
    "returned": Text("打码被退回，影像不会附上", "what is covered was returned: the picture stays here"),
}  # fmt: skip

_NOT_HERE = Text("选入的现场照片尚未入影像库，不会附上", "a photo that was chosen is not in the imagery store yet: it stays out")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing: of what sort, in words, the numbers of the leads; `scene` where it is a record."""

    sort: Sort
    says: Text
    leads: tuple[str, ...]
    scene: str = ""


def lacks(
    db: Database, leads: Sequence[str], imagery: Store | None, *, actor: Actor, watch: Watch | None = None,
    shared: bool = False,
) -> list[Lack]:  # fmt: skip
    """Law nobody verified, sources out of date, blank collection records and missing pictures of these leads;
    of a redacted copy (`shared`) also the pictures that stay here because nobody approved what is covered.

    Each is told once with the leads it concerns. Raises `LeadError` for a lead there is not, `Cancelled`.
    """
    found: dict[tuple[Sort, Text, str], list[str]] = {}
    watch = watch or Watch()
    for done, lead in enumerate(leads, 1):
        if watch.stopped():
            raise Cancelled
        one = card(db, lead, actor=actor)
        for key in _of(one, db, imagery, shared=shared):
            found.setdefault(key, []).append(str(one.lead["number"]))
        watch.told(done)
    return [Lack(sort, says, tuple(dict.fromkeys(numbers)), scene)
            for (sort, says, scene), numbers in sorted(found.items(), key=lambda item: _SORTS.index(item[0][0]))]  # fmt: skip


def _of(
    one: Card, db: Database, imagery: Store | None, *, shared: bool
) -> Iterable[tuple[Sort, Text, str]]:
    finding, day = one.finding, str(one.finding["on_date"])
    for title in _unverified(finding, day):
        yield "law", title, ""
    for age in stale_sources(one.relied, day):
        yield "data", Text(age.text("zh"), age.text("en")), ""
    over = _shown(finding, imagery, day)
    if not over:
        yield "picture", Text("没有覆盖此处的影像", "no imagery covers the place"), ""
    photos = [photo for photo in photos_of(one.history, imagery) if photo.chosen]
    if not all(photo.scene for photo in photos):
        yield "picture", _NOT_HERE, ""
    if imagery is None:
        return
    pictures = [*over, *(Shown(photo.scene) for photo in photos if photo.scene)]
    for scene, blank in incomplete(db, imagery, [shown.scene for shown in pictures]).items():
        says = gaps({scene: blank})
        assert says is not None  # what is incomplete has gaps
        yield "record", says, scene
    for shown in pictures if shared else ():
        state = standing_on(db, shown).state
        if state != "approved":
            yield "cover", _NOT_APPROVED[state], shown.scene


def _shown(finding: Mapping[str, Any], imagery: Store | None, day: str) -> list[Shown]:
    subject, drawn = subject_of_finding(finding), finding.get("geometry")
    line = None if drawn is None else shape(drawn)
    place = subject if subject is not None else line
    return [] if imagery is None or place is None else shown_over(imagery, framed(place, line), day)


def _unverified(finding: Mapping[str, Any], day: str) -> list[Text]:
    """The titles of rule and articles that nobody has checked against the document."""
    rule = finding.get("rule_text")
    titles = []
    if rule and not rule.get("verified"):
        title = (rule.get("document") or {}).get("title") or ""
        titles.append(Text(title, title))
    basis = (finding.get("facts") or {}).get("basis")
    if basis:
        return titles + [
            Text(one["title"]["zh"], one["title"]["en"]) for one in basis if not one["verified"]
        ]
    try:
        known = get_check(str(finding["check"])).check.basis_on(day)
    except RuleError:  # a model this office no longer has
        return titles
    return titles + [one.title for one in known if not one.verified]
