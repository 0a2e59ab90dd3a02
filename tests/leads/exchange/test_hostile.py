"""What a stranger, a forger or a broken disk hands in is refused by name, and nothing is changed."""

from __future__ import annotations

import json
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import reduce
from itertools import cycle, islice
from operator import getitem
from pathlib import Path
from typing import Any

import pytest

from layers.errors import LeadError, StoreError, YichaError
from layers.problems import error_in_language
from leads.exchange.answers import make_answer, make_recall, read_recall
from leads.exchange.arrived import earlier_of, read_package
from leads.exchange.attachments import Attachment, keep
from leads.exchange.carrier import read_papers, write_carrier, write_papers
from leads.exchange.desk import receive_file, write_offered
from leads.exchange.foreign import altered, foreign_histories, foreign_lines
from leads.exchange.looking import look_at
from leads.exchange.offices import load_offices, load_rules
from leads.exchange.receiving import give_up, take_in
from leads.exchange.sending import offer, settle
from leads.exchange.signed import ANSWER, PACKAGE, RECALL, Signed, refuse, sign
from leads.relied import relied_on, stale_texts
from leads.steps.event_words import event_line
from leads.steps.handling import note
from office import Actor
from office.canonical import canonical, sha256
from office.exchange_tables import TRANSFER
from office.history import Event
from office.signing_keys import new_key
from office.verify import verify
from tests.leads.exchange.two import AT, HERE, LATER, OTHER, PROSECUTOR, THERE, Side, fill

Sides = tuple[Side, Side]
Change = Callable[[dict[str, Any]], object]


def offered(here: Side, folder: Path) -> tuple[str, Signed]:
    (lead,) = fill(here.db, folder / "runs")
    offer(here.db, [lead], THERE, offices=here.offices, reason="x", actor=PROSECUTOR, at=AT)
    with here.db.read() as connection:
        row = connection.execute(TRANSFER.select()).one()
    return lead, Signed(row.package, row.package_signature)


def forged(here: Side, paper: Signed, change: Change) -> Signed:
    """The package as an office would sign it that lies."""
    said = json.loads(paper.text)
    change(said)
    return sign(PACKAGE, said, here.offices.key)


def refused(there: Side, paper: Signed, words: str) -> None:
    head = verify(there.db).head_seq
    with pytest.raises(LeadError, match=words):
        take_in(there.db, paper, offices=there.offices, actor=OTHER, at=LATER)
    assert verify(there.db).head_seq == head
    assert there.states() == {}


def _event(n: int, **changed: Any) -> Change:
    def change(said: dict[str, Any]) -> None:
        said["events"][n] |= changed
        if "hash" not in changed:
            said["events"][n]["hash"] = Event(**said["events"][n]).digest()

    return change


def _lead(**changed: Any) -> Change:
    return lambda said: said["lead"].update(changed)


def _finding(**changed: Any) -> Change:
    """Another finding, with a history that tells it."""

    def change(said: dict[str, Any]) -> None:
        said["finding"] |= changed
        last = said["events"][-1]
        last["body"] = canonical(
            {**json.loads(last["body"]), "finding_sha256": sha256(canonical(said["finding"]))}
        )
        last["hash"], said["chain"] = Event(**last).digest(), None

    return change


LIES: dict[str, tuple[Change, str]] = {
    "an event altered": (lambda said: said["events"][0].update(body="{}"), "event 1|was altered|hold together"),
    "an event rewritten with its hash": (_event(0, actor="别人"), "does not hang in the chain"),
    "an event of another lead": (_event(0, subject="L9"), "stands where it cannot"),
    "events in another order": (lambda said: said["events"].reverse(), "stands where it cannot"),
    "an event left out": (lambda said: said["events"].pop(), "hold together"),
    "no event": (lambda said: said.update(events=[], chain=None), "hold together"),
    "no event, with a chain": (lambda said: said.update(events=[]), "hold together"),
    "a body that is no object": (_event(0, body="[]"), "hold together"),
    "a kind that is none": (_event(0, kind="<b>"), "hold together"),
    "a number that is true": (_event(0, seq=True), "hold together"),
    "a chain that leads elsewhere": (lambda said: said["chain"].__setitem__(-1, "0" * 64), "hold together"),
    "a head before the end": (lambda said: said["head"].update(seq=0), "hold together"),
    "another state than its history": (_lead(state="filed"), "another state"),
    "another version": (_lead(version=9), "another state"),
    "another finding": (lambda said: said["finding"].update(measured=1.0), "does not tell its finding"),
    "facts that are a number": (_finding(facts=5), "another kind"),
    "facts that are a text": (_finding(facts="x", subject=5, texts=[]), "another kind"),
    "a measure of the finding that is a list": (_finding(measured=[1], limit={}), "another kind"),
    "a band that is a text": (_finding(error_band="x"), "another kind"),
    "layers of the finding that are a number": (_finding(layers=7), "another kind"),
    "a finding that is a list": (lambda said: said.update(finding=[]), "hold together"),
    "a place beyond the Earth": (lambda said: said.update(geometry="AQEAAAAAAAAAAIB2QAAAAAAAgHZA"), "hold together"),
    "a place that is none": (lambda said: said.update(geometry="AAAA"), "hold together"),
    "an area that is none": (_lead(admin_code="99%"), "admin_code"),
    "a measure without end": (_lead(measured=1e300), "measured"),
    "a measure of many digits": (_lead(measured=10**400), "hold together"),
    "a measure that is text": (_lead(measured="x"), "hold together"),
    "a name without end": (_lead(subject_name="x" * 501), "subject_name"),
    "a name that is a list": (_lead(subject_name=["x"]), "subject_name"),
    "a day that is none": (_lead(on_date="tomorrow"), "on_date"),
    "a key that is none": (lambda said: said.update(keys=["x"]), "key"),
    "keys without end": (lambda said: said.update(keys=["id:x"] * 999), "key"),
    "a NUL": (_lead(subject_name="a\x00b"), "not written as"),
    "an attachment that climbs out": (
        lambda said: said.update(attachments=[{"name": "../x", "sha256": "0" * 64, "bytes": 1}]), "hold together"),
    "an attachment named by a path": (
        lambda said: said.update(attachments=[{"name": "x", "sha256": "../../x", "bytes": 1}]), "hold together"),
    "an attachment that is missing": (
        lambda said: said.update(attachments=[{"name": "x", "sha256": "0" * 64, "bytes": 1}]), "did not come"),
    "a run that is missing": (lambda said: said.update(runs=[]), "hold together"),
    "layers that are none": (lambda said: [one.update(layers=5) for one in said["runs"]], "layers is of another kind"),
    "a layer of no theme": (lambda said: [one.update(layers=[{}]) for one in said["runs"]], "theme is of another kind"),
    "a verdict that is none": (_lead(verdict="guilty"), "verdict is of another kind"),
    "reasons of the finding that are numbers": (_finding(texts={"reasons": [5]}), "another kind"),
    "a case that is a number": (lambda said: said.update(case=-1.5), "hold together"),
    "an event at no moment": (_event(0, at="yesterday"), "at is of another kind"),
    "earlier packages that are no list": (lambda said: said.update(earlier=5), "no list"),
    "earlier packages that are none": (lambda said: said.update(earlier=[{"paper": {}, "signature": ""}]), "package"),
    "sealed fields that are none": (lambda said: said.pop("sealed"), "cannot be read|hold together"),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_signed_lie_is_refused(sides: Sides, tmp_path: Path, lie: str) -> None:
    here, there = sides
    _, paper = offered(here, tmp_path)
    change, words = LIES[lie]
    refused(there, forged(here, paper, change), words)


def test_an_altered_package_and_a_foreign_signature(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    lead, paper = offered(here, tmp_path)
    refused(there, replace(paper, text=paper.text.replace("福顺1", "福顺2")), "signature")
    refused(there, replace(paper, signature="0" * 128), "signature")
    refused(there, replace(paper, signature="zz"), "signature")
    thief = new_key(tmp_path / "thief.pem")
    refused(there, sign(PACKAGE, json.loads(paper.text), thief), "signature")
    assert here.states() == {lead: "sent"}


def test_a_package_for_another_office_or_from_a_stranger(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    _, paper = offered(here, tmp_path)
    refused(
        there, forged(here, paper, lambda said: said.update(to="430102-procuratorate")), "meant for"
    )
    refused(
        there,
        forged(here, paper, lambda said: said.update({"from": "nobody"})),
        "no office we hand",
    )
    refused(there.trusting(partners={}), paper, "no office we hand")
    refused(here_as(there, here), paper, "no office we hand|meant for|signature")


def here_as(there: Side, here: Side) -> Side:
    """The sender's own package handed in at its own door."""
    return replace(there, offices=here.offices)


@pytest.mark.parametrize(("kind", "words"), [
    (PACKAGE, "移送包前后不符，或被改动"), (ANSWER, "回执前后不符，或被改动"), (RECALL, "撤回请求前后不符，或被改动"),
])  # fmt: skip
def test_a_paper_between_offices_is_called_what_it_is(kind: str, words: str) -> None:
    with pytest.raises(LeadError) as refused:
        refuse("does not hold together (event 3 was altered)", kind)
    assert error_in_language(refused.value, "zh") == (words, "没有写入任何内容；请对方重新移送")


def test_one_kind_of_paper_is_not_taken_for_another(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    _, paper = offered(here, tmp_path)
    wish = make_recall(paper.id, THERE, offices=here.offices, reason="x", by="x", at=AT)
    refused(there, wish, "is of kind")
    with pytest.raises(LeadError, match=r"is of kind|larger"):
        read_recall(paper, there.offices)
    with pytest.raises(LeadError, match=r"is of kind|larger|meant for"):
        settle(here.db, make_recall(paper.id, HERE, offices=there.offices, reason="x", by="x", at=AT),
               offices=here.offices, actor=PROSECUTOR, at=LATER)  # fmt: skip


@pytest.mark.parametrize("text", [
    "", "{", "[]", "null", "[" * 100_000, '{"a":NaN}', '{"a":1e999}', '{"a":1,"a":2}', '{"a": 1}', '{"b":1,"a":2}',
    '{"a":"\\ud800"}', '{"format":"yicha-transfer","version":2}', "1" * 5000, '{"a":' * 5000,
])  # fmt: skip
def test_what_is_no_paper_at_all(sides: Sides, text: str) -> None:
    refused(sides[1], Signed(text, "0" * 128), "package")


def test_a_package_larger_than_this_office_takes(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    _, paper = offered(here, tmp_path)
    small = there.trusting(rules=replace(load_rules(), package=1000))
    refused(small, paper, "larger than any")


def test_an_answer_from_somebody_else_gives_nothing_away(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    lead, paper = offered(here, tmp_path)
    good: dict[str, Any] = {"by": "x", "at": LATER, "reason": ""}
    lies = [
        (make_answer(paper.id, HERE, "accepted", offices=here.offices, **good), "no office we hand"),
        (make_answer(paper.id, "another", "accepted", offices=there.offices, **good), "meant for"),
        (make_answer("0" * 64, HERE, "accepted", offices=there.offices, **good), "we sent no package"),
        (make_answer(paper.id, HERE, "maybe", offices=there.offices, **good), "says nothing"),
        (replace(make_answer(paper.id, HERE, "accepted", offices=there.offices, **good), signature="00" * 64), "signature"),
    ]  # fmt: skip
    for answer, words in lies:
        with pytest.raises(LeadError, match=words):
            settle(here.db, answer, offices=here.offices, actor=PROSECUTOR, at=LATER)
    assert here.states() == {lead: "sent"}


def test_only_the_sender_calls_a_package_back(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    _, paper = offered(here, tmp_path)
    thief = replace(here.offices, key=new_key(tmp_path / "thief.pem"))
    wish = make_recall(paper.id, THERE, offices=thief, reason="x", by="x", at=AT)
    with pytest.raises(LeadError, match="signature"):
        give_up(there.db, wish, offices=there.offices, actor=OTHER, at=LATER)
    with pytest.raises(YichaError):
        give_up(there.db, make_recall(paper.id, THERE, offices=here.offices, reason="x", by="x", at=AT),
                offices=there.offices, actor=Actor("外勤", ("field",)), at=LATER)  # fmt: skip
    assert (
        take_in(there.db, paper, offices=there.offices, actor=OTHER, at=LATER).verdict == "accepted"
    )


def _parts(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every part of a JSON value."""
    named = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, part in named:
        yield (*at, name)
        yield from _parts(part, (*at, name))


def test_a_package_with_any_part_of_another_kind_is_refused_or_reads_well(
    sides: Sides, tmp_path: Path
) -> None:
    """Each part in turn: what is taken for whole is read by what shows a lead."""
    here, there = sides
    _, paper = offered(here, tmp_path)
    others = cycle([None, True, 7, -1.5, "x", "", [], ["x"], {}, {"a": 1}])
    taken = 0
    for way in _parts(json.loads(paper.text)):
        said = json.loads(paper.text)
        holder = reduce(getitem, way[:-1], said)
        for other in islice(others, 3):
            holder[way[-1]] = other
            try:
                package = read_package(sign(PACKAGE, said, here.offices.key), there.offices)
                earlier_of(package)
            except LeadError:
                continue
            taken += 1
            relied_on(package.finding, {})
            stale_texts(package.run["layers"], "2026-07-01", "zh")
            [event_line(one) for one in package.events]
    assert taken > 200


def test_a_lead_of_more_offices_than_any_is_refused_early(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    _, paper = offered(here, tmp_path)
    many = forged(here, paper, lambda said: said.update(earlier=[paper.as_dict()] * 51))
    refused(there, many, "more offices than any")


def test_a_package_of_another_partner_in_the_name_of_this_one(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    _, paper = offered(here, tmp_path)
    third = new_key(tmp_path / "third.pem")
    known = there.offices.partners
    both = there.trusting(
        partners={**known, "third": replace(known[HERE], id="third", key=third.public)}
    )
    refused(both, sign(PACKAGE, json.loads(paper.text), third), "signature")
    lie = forged(here, paper, lambda said: said.update({"from": "third"}))
    refused(both, lie, "signature")


def test_a_package_is_measured_in_bytes_before_it_goes(sides: Sides, tmp_path: Path) -> None:
    here, _ = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    note(here.db, lead, "字" * 8000, actor=PROSECUTOR, at=AT)
    small = here.trusting(rules=replace(load_rules(), package=20_000))
    with pytest.raises(LeadError, match="larger than a package may be"):
        offer(small.db, [lead], THERE, offices=small.offices, reason="x", actor=PROSECUTOR, at=AT)
    assert here.states() == {lead: "registered"}


def _zip(path: Path, entries: dict[str, bytes], compress: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compress) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def _locked(path: Path) -> Path:
    """The same, said to be protected by a password."""
    raw = bytearray(path.read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    return path


def _twice(path: Path, data: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the name that stands twice
        for _ in range(2):
            archive.writestr("transfer.json", data)
    return path


def test_files_that_are_no_carriers(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    _, paper = offered(here, tmp_path)
    named = canonical({"format": PACKAGE, "version": 1, "packages": [paper.id]}).encode()
    body = canonical(paper.as_dict()).encode()
    other = canonical({"format": PACKAGE, "version": 1, "packages": ["0" * 64]}).encode()
    files = [
        (tmp_path / "none.zip", "no file of packages"),
        (_zip(tmp_path / "empty.zip", {}), "list of packages"),
        (_zip(tmp_path / "swells.zip", {"transfer.json": b" " * 50_000_000}, zipfile.ZIP_DEFLATED), "not written as"),
        (_zip(tmp_path / "large.zip", {"transfer.json": b" " * 200_000}), "list of packages"),
        (_zip(tmp_path / "lacks.zip", {"transfer.json": named}), "list of packages"),
        (_zip(tmp_path / "deep.zip", {"transfer.json": b"[" * 100_000}), "list of packages"),
        (_zip(tmp_path / "swapped.zip", {"transfer.json": other, f"packages/{'0' * 64}.json": body}), "not what its name"),
        (_zip(tmp_path / "cut.zip", {"transfer.json": named, f"packages/{paper.id}.json": body[:-9]}), "cannot be read"),
    ]  # fmt: skip
    climbs = canonical({"format": PACKAGE, "version": 1, "packages": ["../../x"]}).encode()
    odd = canonical({"format": PACKAGE, "version": 1, "packages": [["x"], None, 5]}).encode()
    many = {f"packages/{n}.json": b"" for n in range(1501)}
    files += [
        (_zip(tmp_path / "climbs.zip", {"transfer.json": climbs, "packages/../../x.json": body}), "not what its name"),
        (_zip(tmp_path / "odd.zip", {"transfer.json": odd}), "list of packages"),
        (_zip(tmp_path / "many.zip", {"transfer.json": named} | many), "not written as"),
        (_zip(tmp_path / "files.zip", {"transfer.json": named, f"packages/{paper.id}.json": body,
                                       "attachments/x": b" " * 2_000_000}), "larger than this office takes"),
        (_locked(_zip(tmp_path / "locked.zip", {"transfer.json": named})), "not written as"),
        (_twice(tmp_path / "twice.zip", named), "not written as"),
    ]  # fmt: skip
    there = there.trusting(rules=replace(there.offices.rules, attachments=1_000_000))
    (tmp_path / "text.zip").write_text("PK?", encoding="utf-8")
    files.append((tmp_path / "text.zip", "no file of packages"))
    for file, words in files:
        with pytest.raises(LeadError, match=words):
            receive_file(there.db, file, offices=there.offices, actor=OTHER, at=LATER)
    assert there.states() == {}


def test_every_byte_of_a_carrier_matters(sides: Sides, tmp_path: Path) -> None:
    """A disk with a broken spot: refused, or taken in as it was sent."""
    here, there = sides
    lead, _ = offered(here, tmp_path)
    out = tmp_path / "out.zip"
    write_offered(here.db, out, THERE, offices=here.offices, actor=PROSECUTOR)
    raw = out.read_bytes()
    for at in range(0, len(raw), max(1, len(raw) // 60)):
        broken = tmp_path / "broken.zip"
        broken.write_bytes(raw[:at] + bytes([raw[at] ^ 0x20]) + raw[at + 1 :])
        try:
            receive_file(there.db, broken, offices=there.offices, actor=OTHER, at=LATER)
        except LeadError:
            continue
        with there.db.read() as connection:
            assert all(one.whole for one in foreign_histories(connection, lead))
    assert verify(there.db).ok


def test_a_carrier_cut_off_anywhere_is_refused(sides: Sides, tmp_path: Path) -> None:
    """A connection or a disk that ends early, at every kilobyte; the whole file is taken in after."""
    here, there = sides
    lead, _ = offered(here, tmp_path)
    out = tmp_path / "out.zip"
    write_offered(here.db, out, THERE, offices=here.offices, actor=PROSECUTOR)
    raw, cut = out.read_bytes(), tmp_path / "cut.zip"
    for length in [*range(0, len(raw), 1024), len(raw) - 1]:
        cut.write_bytes(raw[:length])
        for act in (
            lambda: look_at(there.db, cut, offices=there.offices, actor=OTHER),
            lambda: receive_file(there.db, cut, offices=there.offices, actor=OTHER, at=LATER),
        ):
            with pytest.raises(LeadError):
                act()
    assert there.states() == {}
    receive_file(there.db, out, offices=there.offices, actor=OTHER, at=LATER)
    assert there.active() == {lead}


def test_an_attachment_that_is_another_file(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    file = tmp_path / "b.zip"
    file.write_bytes(b"one")
    one = keep(file, here.offices.attachments)
    offer(here.db, [lead], THERE, offices=here.offices, reason="x", actor=PROSECUTOR, at=AT,
          attachments={lead: [one]})  # fmt: skip
    one.at(here.offices.attachments).write_bytes(b"two")
    out = tmp_path / "out.zip"
    write_offered(here.db, out, THERE, offices=here.offices, actor=PROSECUTOR)
    with pytest.raises(LeadError, match="not the file its hash names"):
        receive_file(there.db, out, offices=there.offices, actor=OTHER, at=LATER)
    assert there.states() == {}
    one.at(here.offices.attachments).unlink()
    with pytest.raises(LeadError, match="is gone from"):
        write_offered(here.db, out, THERE, offices=here.offices, actor=PROSECUTOR)
    with pytest.raises(LeadError, match="is gone from"):
        write_carrier(out, [], [Attachment("x", "0" * 64, 1)], tmp_path)


def test_a_package_changed_in_the_store_shows(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    lead, paper = offered(here, tmp_path)
    take_in(there.db, paper, offices=there.offices, actor=OTHER, at=LATER)
    text = paper.text.replace("福顺1", "福顺9")
    with there.db.write() as connection:
        connection.execute(TRANSFER.update().values(package=text))
    assert altered(there.db, actor=Actor("审计", ("auditor",))) == [paper.id] or altered(
        there.db, actor=Actor("审计", ("auditor",))) == [sha256(text)]  # fmt: skip
    with there.db.read() as connection:
        (one,) = foreign_histories(connection, lead)
    assert not one.whole


def test_a_foreign_event_that_reads_strangely_is_named_by_its_kind(
    sides: Sides, tmp_path: Path
) -> None:
    here, there = sides
    lead, paper = offered(here, tmp_path)
    take_in(there.db, paper, offices=there.offices, actor=OTHER, at=LATER)
    with there.db.read() as connection:
        (one,) = foreign_histories(connection, lead)
    strange = replace(
        one, events=(replace(one.events[0], kind="lead.look_back", body='{"days":5}'),)
    )
    ((_, words),) = foreign_lines(strange)
    assert words.en == "look-backs"


def test_files_of_papers_that_are_none(sides: Sides, tmp_path: Path) -> None:
    here, _ = sides
    for n, text in enumerate(
        ("", "[]", "{}", '{"format":"yicha-transfer-answers","papers":[1]}', "[" * 99_999)
    ):
        file = tmp_path / f"{n}.json"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(LeadError):
            read_papers(file, ANSWER, here.offices.rules)
    with pytest.raises(LeadError, match="no file of"):
        read_papers(tmp_path / "gone.json", ANSWER, here.offices.rules)
    wish = make_recall("0" * 64, THERE, offices=here.offices, reason="x", by="x", at=AT)
    with pytest.raises(LeadError):
        read_papers(
            write_papers(tmp_path / "w.json", RECALL, [wish], here.offices),
            ANSWER,
            here.offices.rules,
        )


@pytest.mark.parametrize(("old", "new", "told"), [
    ('id = "990123-procuratorate"', "", "does not say"), ("[own]", "[owm]", "does not say"),
    ('areas = ["990100"]', 'areas = ["x"]', "no administrative code"), ('key = "key.pem"', 'key = "gone.pem"', "signing key"),
    ("[[partners]]", "[partners]", "cannot be read"), ('id = "990100-procuratorate"', 'id = "990123-procuratorate"', "twice"),
    ("[own]", "[own", "cannot be read"),
])  # fmt: skip
def test_a_wrong_file_of_offices_is_told_by_its_place(
    sides: Sides, old: str, new: str, told: str
) -> None:
    file = sides[0].file
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(YichaError, match=told):
        load_offices(file)


def test_a_key_that_others_may_read_is_refused(sides: Sides) -> None:
    file = sides[0].file
    (file.parent / "key.pem").chmod(0o644)
    with pytest.raises(YichaError, match="others may read"):
        load_offices(file)


def test_a_lead_changed_past_the_program_is_not_sent(sides: Sides, tmp_path: Path) -> None:
    here, _ = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    from office.schema import LEAD

    with here.db.write() as connection:
        connection.execute(LEAD.update().values(version=99))
    with pytest.raises((LeadError, StoreError), match="another state than the lead's"):
        offer(here.db, [lead], THERE, offices=here.offices, reason="x", actor=PROSECUTOR, at=AT)
