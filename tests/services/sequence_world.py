"""A team on which a sequence runs for weeks: two desks of one rep, a colleague's, a hub, a mail server, a clock.

What must hold is worked out from the log of what was done to each lead, by arithmetic of its own, not by the program's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from isdesk import playbook, vault
from isdesk.clock import TOKYO
from isdesk.domain.changes import Change, Obj, Value, Verb
from isdesk.domain.consent import KIND as CONSENT
from isdesk.domain.filing import Filing
from isdesk.domain.ids import CompanyId, DialId, LeadId, TouchId
from isdesk.domain.outgoing import MailAccount
from isdesk.domain.suppression import digest
from isdesk.domain.touch import ActionKind, Channel, Direction, Plan, Touch, effective
from isdesk.services import calls, consenting, mail_account, outgoing, projection, queue, sequences
from isdesk.services.calls import RecordInput
from isdesk.services.entries import head
from isdesk.store import journal
from isdesk.store import leads as stored
from isdesk.store.shelf import Shelf
from isdesk.vault import Secrets
from tests.channels.posthouse import PASSWORD, USER, Posthouse
from tests.services.conftest import FS, OTHER, HandClock
from tests.services.desks import Room, Seat
from tests.services.mailers import TEXT

START = date(2026, 11, 20)
"""A Friday; the Monday after it is a public holiday."""
HOLIDAYS = {date(2026, 11, 23), date(2026, 12, 8)}
DAYS = 26
TICKS = (time(9), time(10), time(11), time(12, 30), time(13, 30), time(15), time(16, 30), time(17, 50), time(20))
OFF = (datetime(2026, 11, 26, 9, tzinfo=TOKYO), datetime(2026, 11, 27, 9, 30, tzinfo=TOKYO))
"""The rep's laptop is shut, on the very day of the first step."""
UNREACHABLE = (datetime(2026, 12, 11, 9, tzinfo=TOKYO), datetime(2026, 12, 14, 16, tzinfo=TOKYO))
"""The hub cannot be reached, though mail could leave."""
ANSWERED = datetime(2026, 11, 27, 11, tzinfo=TOKYO)
"""Five leads answer while their mail waits for the hour's allowance, whatever the dice say."""
HEARD_WITHIN = timedelta(minutes=60)
OFFSETS = (3, 7, 14)
CHANNELS = (Channel.MAIL, Channel.PHONE, Channel.MAIL)
LEAST = 2

BOOK = (
    TEXT.replace("per_hour = 3", "per_hour = PER_HOUR")
    + """
[business]
closed_days = [2026-12-08]
[mail.template.again]
ja = "もう一通"
subject = "{{ company_short }}さまへ、もう一度"
[mail.template.again.text]
issue = "{{ name_sama }}"
solution = "{{ product }}のご案内です。"
action = "ご返信ください。"
[sequence.follow]
steps = [
  { days = 3, channel = "mail", template = "plain", time = "10:00" },
  { days = 7, channel = "phone" },
  { days = 14, channel = "mail", template = "again", time = "10:00" },
]
"""
)


def business(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def after(day: date, count: int) -> date:
    """The ``count``-th business day after ``day``."""
    while count:
        day += timedelta(days=1)
        count -= business(day)
    return day


def working(at: datetime) -> bool:
    """Whether an instant lies in the hours of work."""
    here = at.astimezone(TOKYO)
    clock = here.time()
    return business(here.date()) and (time(9) <= clock < time(12) or time(13) <= clock < time(18))


@dataclass
class Lead:
    """One lead, and what was done to it: its end, and when the sending desk knew of it."""

    id: LeadId
    mail: str
    consent: bool
    ended: str = ""
    ended_at: datetime | None = None
    known_at: datetime | None = None
    unblocked_at: datetime | None = None


@dataclass
class World:
    """The team and its log."""

    room: Room
    clock: HandClock
    rng: Random
    house: Posthouse
    here: Seat
    second: Seat
    there: Seat
    secrets: dict[str, Secrets]
    leads: dict[LeadId, Lead] = field(default_factory=dict)
    sent: int = 0
    called: int = 0

    @property
    def now(self) -> datetime:
        return self.clock.now()

    # ------------------------------------------------------------------------------------------------------- the story

    def begin(self, count: int) -> None:
        """Leads are called for the first time; the rep enrols them on one desk, and some of them on the other too."""
        self.clock.at = datetime.combine(START, time(15), TOKYO).astimezone(UTC)
        self._people(count)
        for seat in (self.here, self.second, self.there):
            seat.sync()
        self.clock.go(minutes=10)
        every = list(self.leads)
        sequences.enrol(self.here.ctx, "follow", every)
        sequences.enrol(self.second.ctx, "follow", every[: count // 20])
        for seat in (self.here, self.second, self.there):
            seat.sync()

    def run(self) -> None:
        """Live through the days."""
        for n in range(DAYS):
            day = START + timedelta(days=n)
            for at in TICKS if business(day) else TICKS[1:8:6]:
                then = datetime.combine(day, at, TOKYO).astimezone(UTC)
                if then > self.now:
                    self.clock.at = then
                    self._tick()

    def _tick(self) -> None:
        off = OFF[0] <= self.now < OFF[1]
        alone = UNREACHABLE[0] <= self.now < UNREACHABLE[1]
        if working(self.now):
            self._events(off=off)
            self.there.sync()
        if not off:
            if not alone:
                self.here.sync()
                self._heard()
            self._round(self.here)
            if working(self.now):
                self._calls()
            self._look()
        if self.clock.now().astimezone(TOKYO).hour == 10:
            self.second.sync()
            self._round(self.second)

    def _round(self, seat: Seat) -> None:
        """What the window does every minute."""
        queue.settle(seat.ctx)
        sequences.run(seat.ctx)
        for _ in range(40):
            done = outgoing.send(seat.ctx, self.secrets[seat.ctx.device_id])
            self.sent += done.sent
            if not done.sent and not done.stopped:
                break

    def _look(self) -> None:
        """Whoever nobody refused or barred is worked on, with a next action: what the log says, not the program."""
        with self.here.store.read() as tx:
            rows = tx.sql("SELECT id FROM lead WHERE open = 1 AND action IS NOT NULL AND action_due_at IS NOT NULL")
            worked = {row[0] for row in rows}
        lost = [one for one in self.leads.values() if one.ended not in ("refused", "dnc") and one.id not in worked]
        assert not lost, f"{len(lost)} leads without a next action at {self.now}: {lost[0]}"

    def _events(self, *, off: bool) -> None:
        """Some leads answer, refuse, or are met; some get their consent at last."""
        alive = [one for one in self.leads.values() if not one.ended]
        for one in self.rng.sample(alive, min(len(alive), self.rng.randint(0, max(len(self.leads) // 120, 1)))):
            elsewhere = off or self.rng.random() < 0.6
            self._end(one, self.there if elsewhere else self.here, known=not elsewhere)
        if self.now == ANSWERED:
            unsent = [one for one in alive if one.consent and not one.ended and one.mail not in self.house.readers]
            for one in unsent[-5:]:
                self._end(one, self.here, known=True, what="reply")
        waiting = [one for one in alive if not one.consent and not one.ended]
        for one in self.rng.sample(waiting, min(len(waiting), 1)):
            consenting.consent(self.there.ctx, one.id, "notified", "名刺")
            one.consent, one.unblocked_at = True, self.now

    def _end(self, one: Lead, seat: Seat, *, known: bool, what: str = "") -> None:
        what = what or self.rng.choice(("reply", "opt_out", "dnc", "meeting", "refused"))
        with seat.store.read() as tx:
            if stored.facts(tx, one.id) is None:
                return
        if what == "reply":
            calls.record(seat.ctx, one.id, REPLY, RecordInput(channel=Channel.LETTER, direction=Direction.IN))
        elif what == "opt_out":
            consenting.opt_out(seat.ctx, one.id)
        elif what == "dnc":
            calls.record(seat.ctx, one.id, "DNC_REQUEST", RecordInput(note="もうかけないで"))
        elif what == "meeting":
            meeting = RecordInput(meeting_at=self.now + timedelta(days=9), fs_id=FS.id, knowingly=True)
            calls.record(seat.ctx, one.id, "MEETING_SET", meeting)
        else:
            calls.record(seat.ctx, one.id, "NOT_INTERESTED", RecordInput(reason="no_need"))
        one.ended, one.ended_at = what, self.now
        if known:
            one.known_at = self.now

    def _heard(self) -> None:
        for one in self.leads.values():
            if one.ended and one.known_at is None:
                one.known_at = self.now

    def _calls(self) -> None:
        """The rep works off the call steps that the queue offers."""
        with self.here.store.read() as tx:
            due = tx.sql(
                "SELECT id FROM lead WHERE action = 'retry' AND action_why LIKE 'sequence:%' "
                "AND action_due_at <= ? AND held IS NULL ORDER BY id LIMIT 160",
                (int(self.now.timestamp() * 1_000_000),),
            ).fetchall()
        for row in due:
            self.called += 1
            calls.record(self.here.ctx, LeadId(row[0]), self.rng.choice(("NO_ANSWER", "NO_ANSWER", "VOICEMAIL")))

    # --------------------------------------------------------------------------------------------------- what must hold

    def check(self) -> None:
        """Each step at its time, none after an end, none twice, and every lead that nothing ended came to its end."""
        for _ in range(2):
            for seat in (self.here, self.second, self.there):
                self.clock.go(minutes=1)
                seat.sync()
        assert len(self.house.readers) == self.sent
        subjects = [(m["To"], m["Subject"]) for m in self.house.got]
        assert len(set(subjects)) == len(subjects), "a step went out twice"
        mailed = {one.mail for one in self.leads.values()}
        assert set(self.house.readers) <= mailed
        for one in self.leads.values():
            self._check_one(one)

    def _check_one(self, one: Lead) -> None:
        with self.here.store.read() as tx:
            found = effective(stored.touches(tx, one.id))
        mails = [t.at for t in found if t.channel is Channel.MAIL and t.direction is Direction.OUT]
        dials = [t.at for t in found if t.dial_id is not None and t.outcome in ("NO_ANSWER", "VOICEMAIL")][1:]
        assert len(mails) == self.house.readers.count(one.mail), (one, mails)
        steps = sorted([*((at, Channel.MAIL) for at in mails), *((at, Channel.PHONE) for at in dials)])
        assert [channel for _, channel in steps] == list(CHANNELS[: len(steps)]), (one, steps)
        before: date | None = None
        for n, (at, channel) in enumerate(steps):
            self._at_its_time(one, n, at, before)
            before = at.astimezone(TOKYO).date()
            if channel is Channel.MAIL and one.ended_at is not None and at >= one.ended_at:
                assert one.known_at is None or at < one.known_at, f"mailed after it was known: {one} {at}"
                assert at - one.ended_at <= HEARD_WITHIN, f"mailed long after its end: {one} {at}"
        if not one.ended and one.consent and (one.unblocked_at is None or one.unblocked_at < self.now - _LATEST):
            assert len(steps) == len(CHANNELS), f"a step is missing: {one} {steps}"

    def _at_its_time(self, one: Lead, n: int, at: datetime, before: date | None) -> None:
        assert working(at), f"outside the hours of work: {one} {at}"
        day, here = after(START, OFFSETS[n]), at.astimezone(TOKYO)
        if before is not None:
            day = max(day, after(before, min(OFFSETS[n] - OFFSETS[n - 1], LEAST)))
        assert here.date() >= day, f"too early: {one} step {n + 1} {at}"
        assert here.date() > day or here.time() >= time(10), f"too early: {one} step {n + 1} {at}"
        if CHANNELS[n] is Channel.MAIL and one.unblocked_at is None:
            ends = [end.date() for begin, end in (OFF, UNREACHABLE) if begin.date() <= day <= end.date()]
            latest = after(max(ends), 1) if ends else day
            assert here.date() <= latest, f"too late: {one} step {n + 1} {at}"

    # ----------------------------------------------------------------------------------------------------------- set-up

    def _people(self, count: int) -> None:
        """Leads with a company of their own, a first call without an answer; most may be written to."""
        ctx = self.here.ctx
        with ctx.store.write() as tx:
            entry = head(ctx, tx, Verb.IMPORT, summary={"count": count})
            changes: list[Change] = []
            filings: list[Filing] = []
            touches: list[Touch] = []
            for n in range(count):
                one = Lead(LeadId(ctx.ids.new()), f"lead{n}@example.jp", consent=self.rng.random() > 0.05)
                self.leads[one.id] = one
                company = CompanyId(ctx.ids.new())
                changes.append(_made(Obj.COMPANY, company, name=f"株式会社{n}番", phone=f"+8152{n:07d}"))
                changes.append(
                    _made(
                        Obj.LEAD, one.id, name=f"担当{n}", email=one.mail, company_id=company, owner_id=ctx.me.id,
                        phone_direct=f"+8190{n:08d}", lead_source="list",
                    )
                )  # fmt: skip
                seq = journal.next_seq(tx, ctx.device_id, 2)
                if one.consent:
                    mark = digest(ctx.suppression_key, "mail", one.mail)
                    filings.append(
                        Filing(ctx.ids.new(), CONSENT, mark, ctx.me.id, ctx.device_id, seq, entry.at, one.id,
                               {"basis": "notified", "source": "名刺"}, entry.id)
                    )  # fmt: skip
                touch = TouchId(ctx.ids.new())
                plan = Plan(ActionKind.RETRY, entry.at + timedelta(hours=3), "retry:P_NOANS:1")
                touches.append(
                    Touch(touch, one.id, company, ctx.me.id, ctx.device_id, seq + 1, entry.at, entry.id,
                          outcome="NO_ANSWER", dial_id=DialId(touch), number=f"+8190{n:08d}", plan=plan)
                )  # fmt: skip
            journal.append(tx, entry, touches=touches, changes=changes, filings=filings)
            projection.refresh(ctx, tx, list(self.leads))


_LATEST = timedelta(days=9)
REPLY = "TOUCH_REPLIED"


def _made(obj: Obj, key: str, **fields: Value) -> Change:
    return Change(obj, key, dict.fromkeys(fields), dict(fields), created=True)


def world(folder: Path, house: Posthouse, seed: int, per_hour: int = 300) -> World:
    """Put the team together. With few mails an hour, some wait in the outbox for hours."""
    clock = HandClock(datetime.combine(START, time(9), TOKYO).astimezone(UTC))
    room = Room(folder, playbook.loads(BOOK.replace("PER_HOUR", str(per_hour)), years=(2026, 2027)), clock)
    seats = room.seat("here"), room.seat("second"), room.seat("there", OTHER)
    secrets: dict[str, Secrets] = {}
    for seat in seats[:2]:
        place = folder / f"{seat.ctx.device_id}.json"
        vault.write(place, vault.Envelope("p", ()))
        secrets[seat.ctx.device_id] = Secrets(place, b"k" * 32, Shelf(seat.store))
        account = MailAccount("localhost", house.port, "starttls", USER, "suzuki@aoba.example", "鈴木 一郎")
        mail_account.keep(seat.ctx, secrets[seat.ctx.device_id], account, PASSWORD)
    return World(room, clock, Random(seed), house, *seats, secrets)
