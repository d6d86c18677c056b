"""A call through the desk: the telephone's end proposes the outcome, its times go with it, and it is one touch."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from isdesk.channels.telephony import dial_number
from isdesk.domain import phone
from isdesk.domain.errors import Refused
from isdesk.domain.ids import LeadId
from isdesk.domain.phone import End, Limits, Phase
from isdesk.domain.touch import Channel, Direction, Touch
from isdesk.services import calls, history, merging, open_calls, phone_account, phoning
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from isdesk.services.open_calls import OpenCall
from isdesk.services.phone_account import ASTERISK, BARESIP, PhoneAccount
from isdesk.services.phoning import Telephone
from isdesk.store import leads
from isdesk.store.shelf import Shelf
from isdesk.vault import Secrets, create
from tests.channels import exchange as exchanges
from tests.channels.exchange import REP, SECRET, USER, Exchange
from tests.channels.phones import Heard, Phones, answers, busy, free_port, rings, until
from tests.services.conftest import TUESDAY, HandClock, add

NUMBER = "+81522111234"
QUICK = Limits(setup_s=2.0, ring_s=3.0, end_s=0.5)
PASSWORD = "correct horse battery staple"


class RealSeconds(HandClock):
    """The day stands still; seconds pass as they do."""

    @override
    def monotonic(self) -> float:
        return time.monotonic()


class ToldSeconds(HandClock):
    """The day stands still; seconds pass when a test says so."""

    def __init__(self, seconds: exchanges.Clock) -> None:
        super().__init__(TUESDAY)
        self.seconds = seconds

    @override
    def monotonic(self) -> float:
        return self.seconds()


@pytest.fixture
def secrets(ctx: Context, tmp_path: Path) -> Secrets:
    """The vault of a desk that is unlocked by a passphrase."""
    key, _ = create(tmp_path / "envelope.json", PASSWORD)
    return Secrets(tmp_path / "envelope.json", key, Shelf(ctx.store))


class Rep:
    """Somebody at a desk with a telephone."""

    def __init__(self, ctx: Context, secrets: Secrets, lead: LeadId, limits: Limits | None = None) -> None:
        self.ctx, self.who, self.heard = ctx, lead, Heard()
        self.line = Telephone(ctx, lambda: secrets)
        assert self.line.open(self.heard, limits)
        until(lambda: self.line.up)

    def call(self) -> None:
        """Call the lead, as F5 does."""
        calls.begin_dial(self.ctx, self.who, NUMBER, f"call {self.line.now()}")
        assert self.line.dial(dial_number(NUMBER))

    def reach(self, phase: Phase) -> None:
        """Wait until the call has come so far."""
        until(lambda: bool(self.heard.calls) and self.heard.last.phase is phase)

    def kept(self) -> OpenCall:
        """Return the call without an outcome as the telephone has told of it; it is kept so."""
        known = phoning.unfinished(self.ctx)
        assert known is not None
        told = open_calls.as_told(known, self.heard.last, self.line.now())
        phoning.note(self.ctx, told)
        return told

    def record(self, outcome: str = "") -> Touch:
        """Record what is proposed, or an outcome; return the one touch that there is."""
        kept, codes = self.kept(), self.ended()
        code = outcome or codes[0]
        assert code in codes, f"{code} is not proposed: {codes}"
        calls.record(self.ctx, self.who, code, calls.with_call(RecordInput(), kept))
        assert phoning.unfinished(self.ctx) is None
        (touch,) = touches(self.ctx, self.who)
        return touch

    def told(self) -> tuple[int | None, int | None]:
        """Return the seconds of ringing and of talk as the telephone told them."""
        last = self.heard.last
        assert last.over is not None
        return phone.ring_s(last, last.over), phone.talk_s(last, last.over)

    def ended(self) -> tuple[str, ...]:
        """Wait for the end; return what is proposed."""
        self.reach(Phase.OVER)
        last = self.heard.last
        return phoning.proposed(last.end, self.ctx.rules.outcomes, incoming=last.incoming)


def near(seconds: int) -> Any:
    """Return what equals so many real seconds on a machine that is busy with other things too."""
    return pytest.approx(seconds, abs=1.5)


def touches(ctx: Context, lead: LeadId) -> list[Touch]:
    with ctx.store.read() as tx:
        return leads.touches(tx, lead)


# ------------------------------------------------------------------------------------------------------------- baresip


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[Phones]:
    """A baresip of the rep's, and callees for it."""
    made = Phones(tmp_path)
    yield made
    made.close()


Sitting = Callable[..., Rep]


@pytest.fixture
def sitting(ctx: Context, secrets: Secrets, lead: LeadId, phones: Phones) -> Iterator[Sitting]:
    """Seats a rep whose baresip calls a callee at a port."""
    made: list[Rep] = []
    ctx.clock = RealSeconds(TUESDAY)

    def sit(port: int, limits: Limits | None = None) -> Rep:
        account = PhoneAccount(BARESIP, domain=f"127.0.0.1:{port}", national=True, port=phones.control)
        phone_account.try_account(ctx, secrets, account)
        phone_account.keep_account(ctx, secrets, account)
        made.append(Rep(ctx, secrets, lead, limits))
        return made[-1]

    yield sit
    for rep in made:
        rep.line.close()


def test_a_talk_that_the_lead_ends(phones: Phones, sitting: Sitting) -> None:
    rep = sitting(phones.callee(answers(1.0, 2.0)))
    rep.call()
    codes = rep.ended()
    outcomes = rep.ctx.rules.outcomes
    assert len(codes) > 1
    assert all(outcomes[code].answered for code in codes), "which of them is for the rep to say"
    touch = rep.record("INTERESTED")
    assert (touch.number, touch.direction) == (NUMBER, Direction.OUT)
    assert (touch.ring_s, touch.talk_s) == rep.told()
    assert rep.told() == (near(1), near(2)), "sipp rings for one second and talks for two"


def test_a_talk_that_the_rep_ends(phones: Phones, sitting: Sitting) -> None:
    rep = sitting(phones.callee(answers(1.0)))
    rep.call()
    rep.reach(Phase.TALKING)
    until(lambda: rep.kept().talk_s == 1)
    rep.line.hang_up()
    assert "CALLBACK_LOOSE" in rep.ended()
    touch = rep.record("CALLBACK_LOOSE")
    assert (touch.ring_s, touch.talk_s) == rep.told()
    assert rep.told() == (near(1), near(1))


def test_a_busy_line(phones: Phones, sitting: Sitting) -> None:
    rep = sitting(phones.callee(busy()))
    rep.call()
    assert rep.ended() == ("BUSY",)
    touch = rep.record()
    assert (touch.outcome, touch.ring_s, touch.talk_s) == ("BUSY", near(0), None)


def test_a_call_taken_back_while_it_rings_is_no_dial(phones: Phones, sitting: Sitting) -> None:
    rep = sitting(phones.callee(rings()))
    rep.call()
    rep.reach(Phase.RINGING)
    rep.line.hang_up()
    assert rep.ended() == ("CANCELED",)
    assert rep.record().dial_id is None


def test_nobody_takes_the_call(phones: Phones, sitting: Sitting) -> None:
    rep = sitting(phones.callee(rings()), QUICK)
    rep.call()
    assert rep.ended() == ("NO_ANSWER",)
    assert rep.record().ring_s == near(3)


def test_a_number_that_cannot_be_reached(sitting: Sitting) -> None:
    rep = sitting(free_port(socket.SOCK_DGRAM), QUICK)
    rep.call()
    assert rep.ended() == ("CALL_FAILED",)
    touch = rep.record()
    assert (touch.ring_s, touch.talk_s) == (None, None)


def test_a_telephone_that_is_killed_in_a_talk_loses_no_record(phones: Phones, sitting: Sitting) -> None:
    rep = sitting(phones.callee(answers(0.5)))
    rep.call()
    rep.reach(Phase.TALKING)
    phones.rep.kill()
    until(lambda: rep.heard.last.blind)
    assert rep.heard.states[-1].code == "telephone_lost"
    kept = rep.kept()
    assert kept.answered
    assert kept.end is None, "the talk may go on at another telephone; nobody says it is over"
    rep.line.close()
    assert phoning.unfinished(rep.ctx) == kept, "it is there after a restart of the program too"
    calls.record(rep.ctx, rep.who, "INTERESTED", calls.with_call(RecordInput(), kept))
    (touch,) = touches(rep.ctx, rep.who)
    assert (touch.outcome, touch.number) == ("INTERESTED", NUMBER)
    assert touch.talk_s is not None


def test_a_call_has_one_outcome_however_often_it_is_given(phones: Phones, sitting: Sitting) -> None:
    rep = sitting(phones.callee(busy()))
    rep.call()
    rep.ended()
    given = calls.with_call(RecordInput(), rep.kept())
    calls.record(rep.ctx, rep.who, "BUSY", given)
    with pytest.raises(Refused) as told:
        calls.record(rep.ctx, rep.who, "BUSY", given)
    assert told.value.code == "call_recorded"
    assert len(touches(rep.ctx, rep.who)) == 1


def test_a_call_that_comes_in_is_taken_and_recorded_once(phones: Phones, sitting: Sitting) -> None:
    rep = sitting(free_port(socket.SOCK_DGRAM))
    phones.caller("0522111234", 1.0)
    rep.reach(Phase.RINGING)
    (caller,) = phoning.callers(rep.ctx, rep.heard.last.number)
    assert caller.lead_id == rep.who
    phoning.take(rep.ctx, caller.lead_id, rep.heard.last.number, "in")
    rep.line.accept()
    rep.ended()
    touch = rep.record("INTERESTED")
    assert (touch.direction, touch.number, touch.dial_id) == (Direction.IN, NUMBER, None)
    assert (touch.ring_s, touch.talk_s) == rep.told()
    assert touch.talk_s == near(1)


def test_the_next_call_is_another_one(phones: Phones, sitting: Sitting) -> None:
    rep = sitting(phones.callee(busy()), QUICK)
    rep.call()
    rep.ended()
    rep.record()
    other = add(rep.ctx, "高橋 次郎", phone_direct="052-211-9999", company__name="別会社", company__phone=None)
    calls.begin_dial(rep.ctx, other, "+81522119999", "another")
    assert rep.line.dial(dial_number("+81522119999"))
    until(lambda: len({c.id for c in rep.heard.calls}) == 2 and rep.heard.over())
    kept = rep.kept()
    assert (kept.lead_id, kept.number) == (other, "+81522119999")
    calls.record(rep.ctx, other, rep.ended()[0], calls.with_call(RecordInput(), kept))
    assert (len(touches(rep.ctx, rep.who)), len(touches(rep.ctx, other))) == (1, 1)


# ------------------------------------------------------------------------------------------------------------ Asterisk


class Sat(exchanges.Desk, Rep):
    """A rep whose telephone hangs on an exchange that says what a test has it say."""

    def __init__(self, exchange: Exchange, ctx: Context, secrets: Secrets, lead: LeadId) -> None:
        self.exchange, self.clock = exchange, exchanges.Clock()
        ctx.clock = ToldSeconds(self.clock)
        account = PhoneAccount(ASTERISK, national=True, host="127.0.0.1", port=exchange.port, user=USER, channel=REP)
        phone_account.keep_account(ctx, secrets, account, SECRET)
        Rep.__init__(self, ctx, secrets, lead)

    def rung(self) -> None:
        """Call the lead, until it rings there."""
        self.call()
        until(lambda: bool(self.exchange.asked("Originate")))
        self.rep_is_rung()
        self.rep_answers()
        self.lead_rings()


@pytest.fixture
def sat(ctx: Context, secrets: Secrets, lead: LeadId) -> Iterator[Sat]:
    """A rep at an Asterisk."""
    server = Exchange()
    made = Sat(server, ctx, secrets, lead)
    yield made
    made.line.close()
    server.close()


def test_asterisk_the_lead_ends_the_talk(sat: Sat) -> None:
    sat.rung()
    sat.lead("ANSWER", 7)
    sat.bridge("BridgeEnter", after=1)
    sat.bridge("BridgeLeave", after=61)
    sat.hang_ups()
    sat.ended()
    touch = sat.record("INTERESTED")
    assert (touch.ring_s, touch.talk_s) == (7, 61)


def test_asterisk_the_rep_ends_the_talk(sat: Sat) -> None:
    sat.rung()
    sat.lead("ANSWER", 4)
    sat.bridge("BridgeEnter")
    sat.clock.at += 30
    sat.line.hang_up()
    until(lambda: bool(sat.exchange.asked("Hangup")))
    sat.bridge("BridgeLeave")
    sat.hang_ups()
    sat.ended()
    touch = sat.record("STAFF_TALK")
    assert (touch.ring_s, touch.talk_s) == (4, 30)


@pytest.mark.parametrize(
    ("status", "code"), [("BUSY", "BUSY"), ("NOANSWER", "NO_ANSWER"), ("CHANUNAVAIL", "CALL_FAILED")]
)
def test_asterisk_a_call_that_nobody_took(sat: Sat, status: str, code: str) -> None:
    sat.rung()
    sat.lead(status, 9)
    sat.hang_ups(cdr="ANSWERED")
    assert sat.ended() == (code,)
    touch = sat.record()
    assert (touch.outcome, touch.ring_s, touch.talk_s) == (code, 9, None)


def test_asterisk_a_call_taken_back_while_it_rings(sat: Sat) -> None:
    sat.rung()
    sat.clock.at += 4
    sat.line.hang_up()
    until(lambda: bool(sat.exchange.asked("Hangup")))
    sat.lead("CANCEL", 0)
    sat.hang_ups()
    assert sat.ended() == ("CANCELED",)
    assert sat.record().ring_s == 4


def test_asterisk_a_line_that_is_cut_in_a_talk_loses_no_record(sat: Sat) -> None:
    sat.rung()
    sat.lead("ANSWER", 3)
    sat.exchange.cut()
    until(lambda: sat.heard.last.blind)
    sat.clock.at += 25
    kept = sat.kept()
    assert (kept.ring_s, kept.talk_s, kept.end) == (3, 25, None)
    calls.record(sat.ctx, sat.who, "INTERESTED", calls.with_call(RecordInput(), kept))
    (touch,) = touches(sat.ctx, sat.who)
    assert (touch.ring_s, touch.talk_s) == (3, 25)


def test_asterisk_a_call_that_comes_in_and_is_talked_is_a_return_call(sat: Sat) -> None:
    calls.record(sat.ctx, sat.who, "NO_ANSWER", RecordInput(number=NUMBER))
    coming: dict[str, Any] = {"Uniqueid": "in.1", "DestUniqueid": "rep.9", "DestChannel": f"{REP}-00000009"}
    sat.say("DialBegin", **coming, CallerIDNum="0522111234")
    (caller,) = phoning.callers(sat.ctx, sat.heard.last.number)
    assert (caller.lead_id, caller.returns) == (sat.who, True)
    phoning.take(sat.ctx, caller.lead_id, sat.heard.last.number, sat.heard.last.id)
    sat.say("DialEnd", **coming, DialStatus="ANSWER", after=5)
    sat.say("Hangup", Uniqueid="rep.9", after=20)
    sat.ended()
    calls.record(sat.ctx, sat.who, "CALLBACK_LOOSE", calls.with_call(RecordInput(), sat.kept()))
    touch = touches(sat.ctx, sat.who)[-1]
    assert (touch.direction, touch.number, touch.ring_s, touch.talk_s) == (Direction.IN, NUMBER, 5, 20)
    assert touch.dial_id is None, "it is no dial of ours"
    with sat.ctx.store.read() as tx:
        state = leads.state(tx, sat.who)
    assert state is not None
    assert state[0].attempts == 0, "the ladder begins anew"
    assert state[0].next_action is not None
    assert state[0].next_action.kind == "callback_loose"


# ------------------------------------------------------------------------------------------------- calls that come in


def test_a_caller_is_found_by_every_way_of_writing_the_number(ctx: Context, lead: LeadId) -> None:
    for told in ("0522111234", "+81522111234", "052-211-1234", "81522111234"):
        assert [one.lead_id for one in phoning.callers(ctx, told)] == [lead]
    assert phoning.callers(ctx, "0312345678") == []
    assert phoning.callers(ctx, "anonymous") == []
    assert phoning.shown_number("+81522111234") == "052-211-1234"
    assert phoning.shown_number("anonymous") == ""
    assert phoning.shown_number("201") == "201", "an extension is shown as it is"


def test_of_a_switchboard_who_was_called_comes_first(ctx: Context) -> None:
    first = add(ctx, "一人目", phone_direct=None)
    second = add(ctx, "二人目", phone_direct=None)
    calls.record(ctx, second, "NO_ANSWER", RecordInput(number="+81522111000"))
    found = phoning.callers(ctx, "0522111000")
    assert [(one.lead_id, one.returns) for one in found] == [(second, True), (first, False)]


def test_a_number_marked_as_wrong_is_nobodys(ctx: Context, lead: LeadId) -> None:
    calls.record(ctx, lead, "WRONG_NUMBER", RecordInput(number=NUMBER))
    assert phoning.callers(ctx, NUMBER) == []


def test_a_call_that_nobody_took_brings_the_lead_up_once(ctx: Context, lead: LeadId, clock: HandClock) -> None:
    calls.record(ctx, lead, "NO_ANSWER", RecordInput(number=NUMBER))
    clock.go(minutes=20)
    wrote = phoning.missed(ctx, lead, "0522111234", "call-7", 12)
    assert lead in wrote.changes.leads
    assert not phoning.missed(ctx, lead, "0522111234", "call-7", 12).changes.leads, "told twice, written once"
    touch = touches(ctx, lead)[-1]
    assert (touch.direction, touch.channel, touch.outcome, touch.ring_s) == (Direction.IN, Channel.PHONE, None, 12)
    with ctx.store.read() as tx:
        state = leads.state(tx, lead)
    assert state is not None
    assert state[0].next_action is not None
    assert (state[0].next_action.kind, state[0].next_action.why) == ("callback_loose", "inbound")
    assert state[0].next_action.due_at <= clock.now() + timedelta(minutes=1)
    assert state[0].attempts == 0
    history.undo(ctx)
    assert touches(ctx, lead)[-1] == touch, "what was pressed last is taken back, not that they called"


def test_a_call_that_nobody_took_leaves_an_exact_promise_at_its_time(
    ctx: Context, lead: LeadId, clock: HandClock
) -> None:
    at = clock.now() + timedelta(hours=4)
    calls.record(ctx, lead, "CALLBACK_AT", RecordInput(number=NUMBER, callback_at=at))
    clock.go(minutes=20)
    assert [one.promised for one in phoning.callers(ctx, NUMBER)] == [True]
    for n in (1, 2):
        phoning.missed(ctx, lead, "0522111234", f"call-{n}", 12)
        with ctx.store.read() as tx:
            state = leads.state(tx, lead)
        assert state is not None
        assert state[0].next_action is not None
        assert (state[0].next_action.kind, state[0].next_action.due_at) == ("callback_exact", at)
    assert [one.direction for one in touches(ctx, lead)][-2:] == [Direction.IN, Direction.IN]
    clock.go(hours=5)
    phoning.missed(ctx, lead, "0522111234", "call-3", 12)
    with ctx.store.read() as tx:
        state = leads.state(tx, lead)
    assert state is not None
    assert state[0].next_action is not None
    assert state[0].next_action.kind == "callback_loose", "a promise that passed is no promise any more"


# ---------------------------------------------------------------------------------------------------- what is left open


def test_talks_that_wait_for_their_outcome_give_way_to_no_other_call(ctx: Context, lead: LeadId) -> None:
    other = add(ctx, "高橋 次郎", phone_direct="052-211-9999", company__name="別会社", company__phone=None)
    for n in (1, 2):
        talk = OpenCall(f"talk {n}", lead, NUMBER, TUESDAY, incoming=True, told=True, answered=True, talk_s=60 * n)
        phoning.hold(ctx, talk)
        phoning.hold(ctx, talk)
    calls.begin_dial(ctx, other, "+81522119999", "mine")
    asked = []
    while (left := phoning.unfinished(ctx)) is not None:
        asked.append(left.id)
        calls.record(ctx, left.lead_id, "NO_ANSWER", RecordInput(call=left.id))
    assert asked == ["mine", "talk 1", "talk 2"]
    with pytest.raises(Refused) as told:
        calls.record(ctx, lead, "NO_ANSWER", RecordInput(call="talk 1"))
    assert told.value.code == "call_recorded"


def test_a_dial_that_came_to_nothing_leaves_nothing_open(ctx: Context, lead: LeadId) -> None:
    calls.begin_dial(ctx, lead, NUMBER, "one")
    assert phoning.unfinished(ctx) == OpenCall("one", lead, NUMBER, TUESDAY)
    calls.end_dial(ctx, lead)
    assert phoning.unfinished(ctx) is None


def test_the_call_of_a_lead_that_was_merged_goes_on_with_the_other(ctx: Context, lead: LeadId) -> None:
    other = add(ctx, "山田 太郎", email="taro@example.co.jp")
    calls.begin_dial(ctx, lead, NUMBER, "one")
    merging.merge(ctx, lead, other)
    left = phoning.unfinished(ctx)
    assert left is not None
    assert left.lead_id == other


def test_the_outcome_of_a_call_is_that_of_its_lead_alone(ctx: Context, lead: LeadId) -> None:
    other = add(ctx, "高橋 次郎", phone_direct="052-211-9999", company__name="別会社", company__phone=None)
    calls.begin_dial(ctx, lead, NUMBER, "one")
    with pytest.raises(Refused) as told:
        calls.record(ctx, other, "NO_ANSWER", RecordInput(number=NUMBER, call="one"))
    assert told.value.code == "call_of_another"
    assert not touches(ctx, other)
    left = phoning.unfinished(ctx)
    assert left is not None
    assert left.lead_id == lead, "nothing was lost of it"


def test_the_outcome_of_a_call_whose_lead_was_merged_is_that_of_the_other(ctx: Context, lead: LeadId) -> None:
    other = add(ctx, "山田 太郎", email="taro@example.co.jp")
    calls.begin_dial(ctx, lead, NUMBER, "one")
    merging.merge(ctx, lead, other)
    calls.record(ctx, other, "NO_ANSWER", RecordInput(number=NUMBER, call="one"))
    assert phoning.unfinished(ctx) is None


def test_no_second_call_is_dialled_while_one_waits_for_its_outcome(ctx: Context, lead: LeadId) -> None:
    calls.begin_dial(ctx, lead, NUMBER, "one")
    with pytest.raises(Refused) as told:
        calls.begin_dial(ctx, lead, NUMBER, "two")
    assert told.value.code == "call_open"
    left = phoning.unfinished(ctx)
    assert left is not None
    assert left.id == "one"
    phoning.let_go(ctx, "one")
    calls.begin_dial(ctx, lead, NUMBER, "two")


def test_what_is_told_of_a_call_with_an_outcome_changes_nothing(ctx: Context, lead: LeadId) -> None:
    calls.begin_dial(ctx, lead, NUMBER, "one")
    kept = phoning.unfinished(ctx)
    assert kept is not None
    calls.record(ctx, lead, "NO_ANSWER", calls.with_call(RecordInput(ring_s=9), kept))
    phoning.note(ctx, kept)
    assert phoning.unfinished(ctx) is None
    assert touches(ctx, lead)[0].ring_s == 9, "a telephone that tells nothing leaves the times as they were given"


def test_a_mail_to_the_lead_does_not_close_the_call(ctx: Context, lead: LeadId) -> None:
    calls.begin_dial(ctx, lead, NUMBER, "one")
    social = next(one for one in ctx.rules.outcomes_on(Channel.LINKEDIN) if not one.requires)
    calls.record(ctx, lead, social.code, RecordInput(channel=Channel.LINKEDIN))
    assert phoning.unfinished(ctx) is not None


def test_the_end_of_a_call_that_came_in_and_was_not_taken_proposes_nothing(sat: Sat) -> None:
    coming: dict[str, Any] = {"Uniqueid": "in.1", "DestUniqueid": "rep.9", "DestChannel": f"{REP}-00000009"}
    sat.say("DialBegin", **coming, CallerIDNum="0522111234")
    sat.say("DialEnd", **coming, DialStatus="CANCEL", after=8)
    assert sat.ended() == ()
    assert sat.heard.last.end is End.NO_ANSWER
