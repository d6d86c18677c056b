"""A rep's working day by keyboard in the real window, and what the team's hub holds of it in the evening."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from isdesk import logs
from isdesk.clock import TOKYO, Clock
from isdesk.crm.port import Row, Thing
from isdesk.desk import Desk
from isdesk.domain.changes import Value
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import ActionKind, Plan, Touch, effective
from isdesk.services import calls, leads
from isdesk.services import outbox as outboxes
from isdesk.store import leads as stored
from tests.end2end.conftest import TeamHub
from tests.end2end.person import Key, Person, Telephone
from tests.services.conftest import HandClock

pytestmark = [pytest.mark.slow, pytest.mark.end2end, pytest.mark.postgres]

Sit = Callable[[Path, Clock], Person]


@dataclass
class Kept:
    """What the person wrote down of one record; ``touch`` is unknown where it was done again (redo gives a new id)."""

    lead: LeadId
    name: str
    outcome: str
    touch: str | None
    at: datetime
    plan: Plan
    note: str
    reason: str | None


@dataclass
class Notebook:
    """The list that the test keeps beside the window: every record that stands and every field typed."""

    person: Person
    clock: HandClock
    records: list[Kept] = field(default_factory=list)
    fields: dict[LeadId, dict[str, Value]] = field(default_factory=dict)
    minutes: int = 2

    def record(self, outcome: str, act: Callable[[], None], *, note: str = "", reason: str | None = None) -> Kept:
        """Record an outcome by ``act`` and write it down; then time goes by."""
        done = self.person.recorded(act)
        touch = done.recorded.touch_id
        assert touch is not None
        assert self.person.session.ctx.rules.outcomes[outcome].label.ja.split("(")[0] in self.person.page.work.bar.last
        kept = Kept(done.lead_id, done.name, outcome, touch, self.clock.now(), done.recorded.plan, note, reason)
        self.records.append(kept)
        self.clock.go(minutes=self.minutes)
        return kept

    def digit(self, digit: str, outcome: str, *, note: str = "") -> Kept:
        """Record by an outcome's key."""
        return self.record(outcome, lambda: self.person.digit(digit), note=note)

    def pick(self, name: str, outcome: str, *then: Callable[[], None]) -> Kept:
        """Record by an outcome's name, and answer what it asks."""

        def act() -> None:
            self.person.pick("よみ", name)
            if then:
                self.person.until(self.person.page.work.ask.isVisible)
            for step in then:
                step()

        return self.record(outcome, act)

    def undo(self) -> Kept:
        """Take the last record back."""
        gone = self.records.pop()
        said = self.person.undo()
        assert gone.name in said, said
        return gone

    def redo(self, again: Kept) -> None:
        """Do a record again that was taken back."""
        assert again.name in self.person.redo()
        self.records.append(Kept(again.lead, again.name, again.outcome, None, again.at, again.plan, again.note, None))

    def typed(self, values: dict[str, Value], lead: LeadId) -> None:
        """Write down fields that were typed."""
        self.fields.setdefault(lead, {}).update(values)


ANSWERS = {
    "company.industry": "1",
    "company.employees": "320",
    "company.prefecture": "愛知県",
    "department": "購買部",
    "title": "部長",
    "issue": "発注が人に頼っている",
    "purpose": "締めを3日早くしたい",
    "adoption_timing": "1",
    "adoption_at": "2027/4/15",
    "interest_product": "受発注クラウド",
    "competitor": "他社サービス",
    "issue_hypothesis": "二重入力が締めを遅らせている",
    "reaction_log": "「まさにそこです」と反応",
    "meeting_at": "2026/12/1 15:00",
    "meeting_place": "オンライン",
    "meeting_attendees": "本人と部長",
    "budget": "500万円",
    "decision_maker": "1",
    "decision_route": "部長決裁",
}
"""What the person answers where the handoff asks; a figure for a choice is how far to walk to the right."""


def _morning(book: Notebook, telephone: Telephone) -> None:
    """The line is there: ten records, one taken back at once, one taken back after it was sent."""
    person = book.person
    book.digit("1", "NO_ANSWER")
    person.dial()
    assert telephone.called[-1].startswith("tel:+81")
    book.digit("2", "VOICEMAIL")
    book.pick("話中", "BUSY")
    memo = person.write_memo("たんとうしゃ", "担当者は会議中", " 15ji 1 2 0")
    assert memo == "担当者は会議中 15ji 1 2 0"
    count = len(book.records)

    def back_at() -> None:
        person.digit("3")
        person.until(person.page.work.ask.isVisible)
        person.type("15:00")
        person.press(Key.Key_Return)

    book.record("DM_ABSENT_TIME", back_at, note=memo)
    assert len(book.records) == count + 1
    book.digit("4", "GATEKEEPER_BLOCK")
    book.digit("1", "NO_ANSWER")
    book.undo()
    book.digit("6", "INFO_REQUESTED")
    person.write_memo("ぜんむき", "前向き。", "a4 2mai")
    book.digit("7", "INTERESTED", note="前向き。a4 2mai")

    def promise() -> None:
        person.digit("5")
        person.until(person.page.work.ask.isVisible)
        person.compose("あした", "明日 ")
        person.type("14:00")
        person.press(Key.Key_Return)

    promised = book.record("CALLBACK_AT", promise)
    due = datetime(2026, 11, 25, 14, 0, tzinfo=TOKYO)
    assert (promised.plan.action, promised.plan.due_at) == (ActionKind.CALLBACK_EXACT, due)
    assert "送信" in person.sync_now()
    book.digit("1", "NO_ANSWER")
    assert "送信" in person.sync_now()
    book.undo()
    book.digit("2", "VOICEMAIL")


def _away(book: Notebook) -> None:
    """The line is cut: do-not-call, refusals, a meeting with its handoff, two taken back and one done again."""
    person = book.person
    assert "つながりません" in person.sync_now()

    def never() -> None:
        person.digit("0")
        person.until(person.page.work.ask.isVisible)
        person.compose("にどと", "二度とかけないで")
        person.press(Key.Key_Return)

    book.record("DNC_REQUEST", never, note="「二度とかけないで」")

    def refuse() -> None:
        person.digit("8")
        person.until(person.page.work.ask.isVisible)
        person.digit("2")

    person.look_for(lambda: person.value("refusal_reason") is None)
    refused = book.record("NOT_INTERESTED", refuse)
    reasons = [one.code for one in person.session.ctx.rules.reasons if one.kind == "refusal"]
    refused.reason = reasons[1]
    book.pick("情報収集", "NURTURE_LOW")
    person.look_for(lambda: person.value("competitor") is None)
    competing = book.pick(
        "競合利用中",
        "COMPETITOR",
        lambda: person.compose("たしゃ", "他社クラウド"),
        lambda: person.press(Key.Key_Return),
    )
    book.typed({"competitor": "他社クラウド"}, competing.lead)
    person.look_for(lambda: person.value("adoption_at") is None)
    early = book.pick(
        "時期尚早", "NURTURE_TIMING", lambda: person.type("2027/4/15"), lambda: person.press(Key.Key_Return)
    )
    book.typed({"adoption_at": "2027-04-15"}, early.lead)
    _meet(book)
    book.digit("1", "NO_ANSWER")
    book.pick("後日再コール", "CALLBACK_LOOSE")
    book.undo()
    again = book.undo()
    book.redo(again)
    book.pick("予算なし", "NO_BUDGET")
    book.pick("担当者不在(戻り不明)", "DM_ABSENT")
    book.digit("2", "VOICEMAIL")


def _meet(book: Notebook) -> None:
    """A meeting is set, the handoff filled by keyboard and submitted."""
    person = book.person
    people = [one.id for one in person.session.ctx.members.values() if one.role == "fs"]
    person.look_for(lambda: person.value("issue_hypothesis") is None and person.value("meeting_at") is None)

    def meet() -> None:
        person.digit("9")
        person.until(person.page.work.ask.isVisible)
        person.type("2026/12/1 15:00")
        person.press(Key.Key_Return)
        person.digit("2")
        person.until(person.page.work.ask.place.edit.hasFocus)  # the person of FS fills it, Enter records it
        person.press(Key.Key_Return)

    met = book.record("MEETING_SET", meet)
    assert person.lead == met.lead
    at = datetime(2026, 12, 1, 15, 0, tzinfo=TOKYO)
    assert datetime.fromisoformat(str(person.value("meeting_at"))) == at
    book.typed({"fs_id": people[1], "meeting_at": person.value("meeting_at")}, met.lead)
    given = person.hand_over(ANSWERS)
    assert {"issue_hypothesis", "reaction_log"} <= given.keys()
    assert person.value("meeting_attendees")
    book.typed(given | {"stage": "sql"}, met.lead)
    person.look_for(lambda: person.lead != met.lead)


def _evening(book: Notebook) -> None:
    """The line is back: what waited goes by itself, then the rest of the thirty."""
    book.pick("留守電(伝言あり)", "VOICEMAIL_LEFT")
    assert outboxes.items(book.person.session.ctx)
    book.clock.go(minutes=20)
    book.person.until(lambda: outboxes.items(book.person.session.ctx) == ())
    book.pick("折り返し待ち", "RETURN_CALL_PROMISED")
    book.pick("離席", "DM_AWAY_SHORT")
    book.pick("日程調整中", "SCHEDULING")
    book.pick("対象外", "UNQUALIFIED")
    book.pick("担当者と会話", "STAFF_TALK")
    while len({kept.lead for kept in book.records}) < 30:
        book.digit("1", "NO_ANSWER")


def _touches(desk: Desk, lead: LeadId) -> list[Touch]:
    with desk.ctx.store.read() as tx:
        return stored.touches(tx, lead)


Knowledge = dict[LeadId, tuple[object, ...]]


def _everything(desk: Desk) -> Knowledge:
    """Return what holds on a desk for every lead: fields, company, touches, steps.

    A record that was taken back before it was sent is known to its own desk only, and holds nowhere.
    """
    found: Knowledge = {}
    with desk.ctx.store.read() as tx:
        for block in stored.all_ids(tx):
            for lead, facts in stored.many(tx, block).items():
                touches = [_bare(t) for t in effective(stored.touches(tx, lead))]
                steps = [one.id for one in stored.transitions(tx, lead)]
                found[lead] = (facts.fields, facts.company_id, facts.company, touches, steps)
    return found


def _differing(mine: Knowledge, theirs: Knowledge) -> dict[LeadId, object]:
    """Return the leads of which two desks know different things, part by part."""
    return {
        lead: [pair for pair in zip(known, theirs.get(lead, ()), strict=False) if pair[0] != pair[1]]
        for lead, known in mine.items()
        if theirs.get(lead) != known
    }


def _bare(touch: Touch) -> tuple[object, ...]:
    return (
        touch.id, touch.at, touch.member_id, touch.device_id, touch.device_seq, touch.outcome, touch.note, touch.reason,
        touch.reached, touch.number, touch.plan, touch.void, touch.corrects, touch.talk_s, touch.ring_s,
    )  # fmt: skip


def test_a_day_by_keyboard_reaches_the_hub_exactly_once(
    hub: TeamHub, tmp_path: Path, clock: HandClock, sit: Sit, telephone: Telephone
) -> None:
    profile = tmp_path / "first"
    hub.desk(profile, hub.made.me).close()
    before = hub.rows(Thing.TOUCH)
    steps_before = hub.rows(Thing.TRANSITION)
    book = Notebook(sit(profile, clock), clock)
    _morning(book, telephone)
    hub.wire.cut()
    _away(book)
    book.person.leave()
    book.person = sit(profile, clock)
    book.undo()
    book.digit("1", "NO_ANSWER")
    held = hub.rows(Thing.TOUCH)
    hub.wire.join()
    _evening(book)
    assert "送信" in book.person.sync_now()
    assert book.person.told == []
    book.person.leave()
    log = (profile / "logs" / logs.FILE).read_text(encoding="utf-8")
    assert (log.count('"opening"'), log.count('"error"')) == (2, 0)

    assert len({kept.lead for kept in book.records}) >= 30
    assert len({kept.outcome for kept in book.records}) >= 12
    offline = {kept.touch for kept in book.records if kept.outcome in {"DNC_REQUEST", "MEETING_SET", "NO_BUDGET"}}
    assert not offline & held.keys()
    with (
        closing(Desk.open(profile, clock=clock)) as first,
        closing(hub.desk(tmp_path / "second", hub.made.me)) as second,
        closing(hub.desk(tmp_path / "lead", hub.person("team_lead"), "team")) as leader,
    ):
        assert outboxes.items(first.ctx) == ()
        assert outboxes.conflicts(first.ctx) == ()
        _holds_what_was_kept(hub, book, before)
        for desk in (first, second, leader):
            _knows_what_was_kept(desk, book, hub.made.me.id)
        mine = _everything(first)
        assert _differing(mine, _everything(second)) == {}
        assert _differing(mine, _everything(leader)) == {}
        _handed_over(hub, book, steps_before)
        barred = next(kept.lead for kept in book.records if kept.outcome == "DNC_REQUEST")
        assert calls.may_dial(second.ctx, barred) == "dnc"


def _holds_what_was_kept(hub: TeamHub, book: Notebook, before: Mapping[str, Row]) -> None:
    """The hub has each record once; beside them only pairs of a record and what took it back."""
    rows = {key: row for key, row in hub.rows(Thing.TOUCH).items() if key not in before}
    gone = {str(row.fields.get("corrects")) for row in rows.values() if row.fields.get("void")}
    assert gone <= rows.keys()
    live = {key for key, row in rows.items() if not row.fields.get("void") and key not in gone}
    known = {kept.touch for kept in book.records if kept.touch is not None}
    assert known <= live
    again = [kept for kept in book.records if kept.touch is None]
    assert len(live) == len(book.records)
    assert sorted(str(rows[key].fields["outcome"]) for key in live - known) == sorted(k.outcome for k in again)


def _knows_what_was_kept(desk: Desk, book: Notebook, me: str) -> None:
    """A desk shows every record that was kept, word for word, and no other of this day."""
    first = min(kept.at for kept in book.records)
    for kept in book.records:
        today = [t for t in effective(_touches(desk, kept.lead)) if t.at >= first and t.member_id == me and t.outcome]
        found = [t for t in today if t.outcome == kept.outcome and t.at == kept.at]
        assert len(found) == 1, (kept, today)
        touch = found[0]
        assert kept.touch in {None, touch.id}
        assert (touch.note, touch.plan) == (kept.note, kept.plan)
        assert kept.reason is None or touch.reason == kept.reason
        assert len(today) == sum(other.lead == kept.lead for other in book.records)
    for lead, fields in book.fields.items():
        view = leads.view(desk.ctx, lead)
        for path, value in fields.items():
            shown = view.company.get(path[8:]) if path.startswith("company.") else view.fields.get(path)
            assert shown == value, path


def _handed_over(hub: TeamHub, book: Notebook, before: Mapping[str, Row]) -> None:
    """The hub holds one step more: the handoff, with its memo and its FS."""
    met = next(kept.lead for kept in book.records if kept.outcome == "MEETING_SET")
    fresh = [row for key, row in hub.rows(Thing.TRANSITION).items() if key not in before]
    assert len(fresh) == 1
    step = fresh[0].fields
    assert (step["lead_id"], step["action"]) == (met, "submit")
    assert step["to_fs"] == book.fields[met]["fs_id"]
    payload = step["payload"]
    assert isinstance(payload, dict)
    assert "二重入力が締めを遅らせている" in str(payload["memo"])


def test_two_windows_record_the_same_lead_while_away_and_both_records_stand(
    hub: TeamHub, tmp_path: Path, clock: HandClock, sit: Sit
) -> None:
    roots = tmp_path / "desk", tmp_path / "laptop"
    for root in roots:
        hub.desk(root, hub.made.me).close()
    before = hub.rows(Thing.TOUCH)
    hub.wire.cut()
    name, said = "", []
    for root, digit, memo in zip(roots, "16", ("机から", "車から"), strict=True):
        person = sit(root, clock)
        name = name or str(person.value("name"))
        person.open_lead(name)
        person.write_memo("めも", memo)
        said.append((person.recorded(partial(person.digit, digit)), memo))
        clock.go(minutes=65)
        person.leave()
    assert hub.rows(Thing.TOUCH).keys() == before.keys()
    hub.wire.join()
    for root in (*roots, roots[0]):
        person = sit(root, clock)
        assert "同期しました" in person.sync_now()
        assert person.told == []
        person.leave()
    fresh = {key: row for key, row in hub.rows(Thing.TOUCH).items() if key not in before}
    assert sorted(fresh) == sorted(str(done.recorded.touch_id) for done, _ in said)
    lead = said[0][0].lead_id
    assert {(row.fields["lead_id"], row.fields["note"]) for row in fresh.values()} == {(lead, m) for _, m in said}
    with (
        closing(Desk.open(roots[0], clock=clock)) as first,
        closing(Desk.open(roots[1], clock=clock)) as second,
    ):
        assert _differing(_everything(first), _everything(second)) == {}
        assert outboxes.conflicts(first.ctx) == outboxes.conflicts(second.ctx) == ()
        known = leads.view(first.ctx, lead), leads.view(second.ctx, lead)
        assert known[0].state == known[1].state
        assert known[0].state.last_outcome == "INFO_REQUESTED"
