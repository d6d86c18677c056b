"""The page of sequences counts the past by what was kept of it: the same figures as folding all that ever was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from isdesk import playbook
from isdesk.domain.errors import IsdeskError
from isdesk.domain.ids import LeadId
from isdesk.domain.sequence import KIND, Enrolment, newest
from isdesk.domain.touch import Channel, Direction
from isdesk.services import (
    calls,
    consenting,
    enrolments,
    history,
    leads,
    merging,
    queue,
    sequence_board,
    sequences,
)
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from isdesk.services.sequence_board import RESULTS
from isdesk.store import Tx, filings
from isdesk.store import leads as stored
from isdesk.store.sequences import KEPT
from tests.services.conftest import FS, OTHER, HandClock
from tests.services.desks import Room, Seat
from tests.services.mailers import TEXT

STEPS = """
[sequence.follow]
steps = [
  { days = 1, channel = "mail", template = "plain", time = "10:00" },
  { days = 2, channel = "phone" },
  { days = 4, channel = "linkedin" },
]
[sequence.short]
ja = "一度だけ"
steps = [{ days = 1, channel = "phone" }]
"""
FORMER = """
[sequence.former]
ja = "前のやり方"
steps = [{ days = 1, channel = "linkedin" }, { days = 3, channel = "phone" }]
"""


@dataclass
class Figures:
    """What must be shown, by arithmetic of its own over every enrolment that ever was."""

    running: set[LeadId]
    ended: list[LeadId]
    sequences: dict[str, tuple[object, ...]]


def folded(ctx: Context, *, everybody: bool) -> Figures:
    """Fold all there is, and count."""
    with ctx.store.read() as tx:
        subjects = list(dict.fromkeys(LeadId(one.subject) for one in filings.of_kind(tx, KIND)))
        every = enrolments.of_many(ctx, tx, subjects)
        facts = stored.many(tx, every)
    mine = [key for key in every if everybody or facts[key].owner_id in (None, ctx.me.id)]
    last = {key: one for key in mine if (one := newest(every[key])) is not None}
    over = [(_when(one), key) for key, one in last.items() if one.state != "running"]
    found = [one for key in mine for one in every[key] if one.state != "second"]
    codes = dict.fromkeys([*ctx.rules.sequences, *(one.code for one in found)])
    return Figures(
        {key for key, one in last.items() if one.state == "running"},
        [key for _, key in sorted(over, reverse=True)],
        {code: _counted(ctx, code, [one for one in found if one.code == code]) for code in codes},
    )


def _when(one: Enrolment) -> float:
    return (one.ended_at or (one.stop.at if one.stop is not None else None) or one.at).timestamp()


def _counted(ctx: Context, code: str, found: list[Enrolment]) -> tuple[object, ...]:
    shown = ctx.rules.sequences.get(code) or max(found, key=lambda one: one.at).definition
    why = Counter(one.stop.why for one in found if one.stop is not None and one.state == "stopped")
    came = Counter(one.stop.why for one in found if one.stop is not None and one.stop.why in RESULTS)
    steps = tuple(_step(number, found) for number in range(1, len(shown.steps) + 1))
    states = Counter(one.state for one in found)
    return shown.label.ja, len(found), states["running"], states["finished"], dict(why), dict(came), steps


def _step(number: int, found: list[Enrolment]) -> tuple[object, ...]:
    own = [(one, one.steps[number - 1]) for one in found if number <= len(one.steps)]
    came = Counter(
        one.stop.why for one, _ in own if one.stop is not None and one.stop.why in RESULTS and _last(one) == number
    )
    return (
        sum(one.next is step for one, step in own),
        sum(one.next is step and step.state == "blocked" for one, step in own),
        sum(step.state == "done" for _, step in own),
        sum(step.state == "skipped" for _, step in own),
        dict(came),
    )


def _last(one: Enrolment) -> int:
    at = one.stop.at if one.stop is not None else None
    done = [step.number for step in one.steps if step.state == "done" and (at is None or (step.at or at) <= at)]
    return max(done, default=0)


def agrees(ctx: Context) -> None:
    """What is shown is what folding everything says."""
    queue.settle(ctx)
    for everybody in (False, True):
        said, board = folded(ctx, everybody=everybody), sequence_board.look(ctx, everybody=everybody, ended=500)
        assert {line.lead_id for line in board.running} == said.running
        assert [line.lead_id for line in board.ended] == said.ended
        assert board.past == len(said.ended)
        shown = {
            one.code: (
                one.label.ja, one.enrolled, one.running, one.finished, dict(one.stops), dict(one.results),
                tuple((s.here, s.blocked, s.done, s.skipped, dict(s.results)) for s in one.steps),
            )
            for one in board.sequences
        }  # fmt: skip
        assert shown == said.sequences
        few = sequence_board.look(ctx, everybody=everybody, ended=2)
        assert few.ended == board.ended[:2]
        assert (few.past, few.sequences) == (board.past, board.sequences)


@pytest.fixture
def room(tmp_path: Path, clock: HandClock) -> Iterator[Room]:
    made = Room(tmp_path, book(former=True), clock)
    yield made
    made.close()


def book(*, former: bool) -> playbook.Playbook:
    return playbook.loads(TEXT + STEPS + (FORMER if former else ""), years=(2026, 2027))


class Story:
    """What three desks do to a few leads, drawn at random."""

    def __init__(self, room: Room, seed: int) -> None:
        self.rng, self.room = Random(seed), room
        self.here, self.second, self.there = room.seat("here"), room.seat("second"), room.seat("there", OTHER)
        self.leads = [self._new(n) for n in range(16)]
        room.settle(1)
        self.done: Counter[str] = Counter()
        for n, code in enumerate(("former", "follow", "short", "former")):
            sequences.enrol(self.here.ctx, code, self.leads[n * 4 : n * 4 + 3])

    def _new(self, n: int) -> LeadId:
        return self.here.add(
            f"担当{n}", email=f"p{n}@example.jp" if n % 4 else "", phone_direct=f"06-1000-{n:04d}",
            company__name=f"{n // 2}社", company__phone=f"06-2000-{n:04d}",
        )  # fmt: skip

    def play(self, count: int) -> None:
        for n in range(count):
            self.room.clock.go(minutes=self.rng.choice((3, 40, 400, 1500)))
            self._act(self.rng.choice((self.here, self.here, self.second, self.there)))
            if n % 5 == 4:
                self.rng.choice(self.room.seats).sync()
            if n % 8 == 7:
                agrees(self.rng.choice(self.room.seats).ctx)

    def _act(self, seat: Seat) -> None:
        what = self.rng.choices(list(ACTS), list(ACTS.values()))[0]
        some = self.rng.sample(self.leads, self.rng.choice((1, 1, 3)))
        queue.settle(seat.ctx)
        try:
            what(self, seat.ctx, some)
        except IsdeskError:
            self.done["refused"] += 1
        else:
            self.done[what.__name__] += 1

    def enrol(self, ctx: Context, some: list[LeadId]) -> None:
        sequences.enrol(ctx, self.rng.choice(list(ctx.rules.sequences)), some)

    def call(self, ctx: Context, some: list[LeadId]) -> None:
        code = self.rng.choice((*["NO_ANSWER"] * 5, "BUSY", "NOT_INTERESTED", "DNC_REQUEST", "MEETING_SET"))
        more = {
            "NOT_INTERESTED": RecordInput(reason="no_need"),
            "MEETING_SET": RecordInput(meeting_at=ctx.now() + timedelta(days=7), fs_id=FS.id, knowingly=True),
        }
        calls.record(ctx, some[0], code, more.get(code, RecordInput()))

    def write(self, ctx: Context, some: list[LeadId]) -> None:
        calls.record(ctx, some[0], "TOUCH_SENT", RecordInput(channel=Channel.LINKEDIN))

    def answer(self, ctx: Context, some: list[LeadId]) -> None:
        calls.record(ctx, some[0], "TOUCH_REPLIED", RecordInput(channel=Channel.LETTER, direction=Direction.IN))

    def stop(self, ctx: Context, some: list[LeadId]) -> None:
        sequences.stop(ctx, some)

    def skip(self, ctx: Context, some: list[LeadId]) -> None:
        for one in some:
            sequences.skip(ctx, one, "不要")

    def opt_out(self, ctx: Context, some: list[LeadId]) -> None:
        consenting.opt_out(ctx, some[0])

    def carry(self, ctx: Context, some: list[LeadId]) -> None:
        del some
        sequences.run(ctx)

    def back(self, ctx: Context, some: list[LeadId]) -> None:
        del some
        history.undo(ctx)

    def assign(self, ctx: Context, some: list[LeadId]) -> None:
        leads.edit(ctx, some[0], {"owner_id": self.rng.choice((OTHER.id, self.here.ctx.me.id, None))})

    def close(self, ctx: Context, some: list[LeadId]) -> None:
        leads.edit(ctx, some[0], {"company.closed": self.rng.choice((True, None))})

    def mend(self, ctx: Context, some: list[LeadId]) -> None:
        leads.edit(ctx, some[0], {"email": self.rng.choice(("neu@example.jp", None)), "phone_direct": None})

    def merge(self, ctx: Context, some: list[LeadId]) -> None:
        if len(some) > 1 and self.rng.random() < 0.3:
            merging.merge(ctx, some[0], some[1])

    def forget(self, ctx: Context, some: list[LeadId]) -> None:
        """The definitions change: one sequence is no more."""
        del some, ctx
        for seat in self.room.seats:
            seat.ctx.playbook = book(former=False)


ACTS: dict[Callable[[Story, Context, list[LeadId]], None], int] = {
    Story.enrol: 30, Story.call: 20, Story.write: 10, Story.answer: 4, Story.stop: 5, Story.skip: 12,
    Story.opt_out: 2, Story.carry: 4, Story.back: 5, Story.assign: 3, Story.close: 2, Story.mend: 2, Story.merge: 2,
    Story.forget: 1,
}  # fmt: skip
"""What may happen, and how often."""


@pytest.mark.parametrize("seed", range(6))
def test_the_page_shows_what_folding_everything_says(room: Room, seed: int) -> None:
    story = Story(room, seed)
    story.play(96)
    for seat in room.seats * 2:
        seat.sync()
        agrees(seat.ctx)
    board = sequence_board.look(story.here.ctx, everybody=True)
    assert board.past > 2, "a story in which nothing ends shows nothing"
    assert len(board.running) > 1


def test_what_was_kept_of_the_past_is_no_second_truth(room: Room) -> None:
    """A profile of before, and one that was rebuilt, show the same."""
    story = Story(room, 11)
    story.play(40)
    ctx = story.here.ctx
    agrees(ctx)
    before = sequence_board.look(ctx, everybody=True)
    with ctx.store.write() as tx:
        assert _forgotten(tx)
    assert sequence_board.look(ctx, everybody=True) == before
    story.here.sound()
    with ctx.store.read() as tx:
        assert _kept(tx) >= len(before.ended) + len(before.running) > 0
    assert sequence_board.look(ctx, everybody=True) == before


def test_the_past_costs_no_folding_but_that_of_the_page(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    seat = room.seat("here")
    every = [
        seat.add(f"担当{n}", email="", phone_direct=f"06-1000-{n:04d}", company__name=f"{n}社", company__phone="")
        for n in range(12)
    ]
    for one in every:
        calls.record(seat.ctx, one, "NO_ANSWER")
    sequences.enrol(seat.ctx, "short", every)
    for one in every[:9]:
        room.clock.go(minutes=1)
        sequences.stop(seat.ctx, [one])
    real, seen = enrolments.of_many, list[LeadId]()

    def counted(ctx: Context, tx: Tx, ids: list[LeadId]) -> dict[LeadId, tuple[Enrolment, ...]]:
        seen.extend(ids)
        return real(ctx, tx, ids)

    monkeypatch.setattr(enrolments, "of_many", counted)
    board = sequence_board.look(seat.ctx, ended=2)
    assert sorted(seen) == sorted([*every[9:], every[8], every[7]])
    assert [line.lead_id for line in board.ended] == [every[8], every[7]]
    assert (board.past, len(board.running)) == (9, 3)
    (short,) = [one for one in board.sequences if one.code == "short"]
    assert (short.enrolled, short.running, short.stops) == (12, 3, {"hand": 9})


def _forgotten(tx: Tx) -> int:
    return int(tx.sql(f"DELETE FROM meta WHERE key LIKE '{KEPT}%'").rowcount)


def _kept(tx: Tx) -> int:
    return int(tx.sql(f"SELECT count(*) FROM meta WHERE key LIKE '{KEPT}%'").fetchone()[0])
