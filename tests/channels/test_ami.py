"""Asterisk's manager interface as Asterisk 22 speaks it: who answered, how it ended, and how long was talked."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import trustme

from isdesk.channels.ami import Ami, Extension, packed
from isdesk.channels.line import ANSWER_S, SILENT_S, Line, Place, greet
from isdesk.channels.telephony import dial_number
from isdesk.domain import phone
from isdesk.domain.errors import BadInput, TelephoneError
from isdesk.domain.phone import End, Phase
from tests.channels.exchange import REP, SECRET, USER, Clock, Desk, Exchange
from tests.channels.phones import Heard, until

NUMBER = dial_number("+81312345678")


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    made = Exchange()
    yield made
    made.close()


@pytest.fixture
def desk(exchange: Exchange) -> Iterator[Desk]:
    made = Desk(exchange)
    until(lambda: made.line.up)
    yield made
    made.line.close()


@pytest.fixture
def ringing(desk: Desk) -> Desk:
    """Give a desk whose call rings at the lead's."""
    assert desk.line.dial(NUMBER)
    until(lambda: bool(desk.exchange.asked("Originate")))
    desk.rep_is_rung()
    desk.rep_answers()
    phases = [c.phase for c in desk.heard.calls]
    assert phases == [Phase.DIALLING], "Success means that the rep picked up, nothing more"
    desk.lead_rings()
    assert desk.heard.last.phase is Phase.RINGING
    return desk


def ended(desk: Desk) -> tuple[End | None, int | None, int | None]:
    until(desk.heard.over)
    last = desk.heard.last
    assert last.over is not None
    assert len({c.id for c in desk.heard.calls}) == 1, "one call was made"
    return last.end, phone.ring_s(last, last.over), phone.talk_s(last, last.over)


def test_the_secret_itself_never_goes_over_the_line(desk: Desk) -> None:
    login = desk.exchange.asked("Login")[0]
    assert login["Username"] == USER
    assert SECRET not in str(desk.exchange.actions)


def test_the_call_is_started_under_an_id_of_our_own(ringing: Desk) -> None:
    asked = ringing.exchange.asked("Originate")[0]
    assert asked["ChannelId"] == asked["ActionID"] == ringing.heard.last.id
    assert (asked["Channel"], asked["Exten"], asked["Async"]) == ("PJSIP/101", "0312345678", "true")


def test_a_talk_that_the_lead_ends(ringing: Desk) -> None:
    ringing.lead("ANSWER", after=7)
    assert ringing.heard.last.phase is Phase.TALKING
    ringing.bridge("BridgeEnter", after=1)
    ringing.bridge("BridgeLeave", after=61)
    ringing.hang_ups()
    assert ended(ringing) == (End.ANSWERED, 7, 61)


def test_a_talk_that_the_rep_ends(ringing: Desk) -> None:
    ringing.lead("ANSWER", after=4)
    ringing.bridge("BridgeEnter")
    ringing.clock.at += 30
    ringing.line.hang_up()
    until(lambda: bool(ringing.exchange.asked("Hangup")))
    assert ringing.exchange.asked("Hangup")[0]["Channel"] == "PJSIP/101-00000001"
    ringing.bridge("BridgeLeave")
    ringing.hang_ups()
    assert ended(ringing) == (End.ANSWERED, 4, 30)


def test_time_out_of_the_bridge_is_no_talk(ringing: Desk) -> None:
    ringing.lead("ANSWER", after=4)
    ringing.bridge("BridgeEnter")
    ringing.bridge("BridgeLeave", after=10)
    ringing.bridge("BridgeEnter", after=100)
    ringing.bridge("BridgeLeave", after=20)
    ringing.hang_ups()
    assert ended(ringing) == (End.ANSWERED, 4, 30)


@pytest.mark.parametrize(
    ("status", "end"),
    [("BUSY", End.BUSY), ("NOANSWER", End.NO_ANSWER), ("CONGESTION", End.FAILED), ("CHANUNAVAIL", End.FAILED)],
)
def test_a_record_that_says_answered_is_not_believed(ringing: Desk, status: str, end: End) -> None:
    ringing.lead(status, after=9)
    ringing.hang_ups(cdr="ANSWERED")
    assert ended(ringing) == (end, 9, None)


def test_busy_is_told_while_the_rep_still_hears_the_tone(ringing: Desk) -> None:
    ringing.lead("BUSY", after=2)
    assert ringing.heard.last.phase is Phase.RINGING, "the exchange may try another way"
    ringing.clock.at += 2
    ringing.settle()
    assert ended(ringing) == (End.BUSY, 2, None)


def test_another_way_to_the_same_number_is_the_same_call(ringing: Desk) -> None:
    ringing.lead("CHANUNAVAIL", after=1)
    legs: dict[str, Any] = {"Uniqueid": ringing.call_id, "DestUniqueid": "callee.2"}
    ringing.say("DialBegin", **legs)
    ringing.say("DialEnd", **legs, DialStatus="ANSWER", after=5)
    ringing.clock.at += 3
    ringing.settle()
    assert ringing.heard.last.phase is Phase.TALKING


def test_of_several_telephones_that_ring_the_one_that_answers_is_the_call(ringing: Desk) -> None:
    legs: dict[str, Any] = {"Uniqueid": ringing.call_id, "DestUniqueid": "callee.2"}
    ringing.say("DialBegin", **legs)
    ringing.lead("ANSWER", after=4)
    ringing.say("DialEnd", **legs, DialStatus="CANCEL")
    ringing.say("Hangup", Uniqueid="callee.2", Cause="26")
    ringing.clock.at += 30
    ringing.settle()
    ringing.settle()
    assert ringing.heard.last.phase is Phase.TALKING
    ringing.hang_ups()
    assert ended(ringing) == (End.ANSWERED, 4, 30)


def test_of_several_telephones_that_ring_the_first_that_is_busy_ends_nothing(ringing: Desk) -> None:
    legs: dict[str, Any] = {"Uniqueid": ringing.call_id, "DestUniqueid": "callee.2"}
    ringing.say("DialBegin", **legs)
    ringing.say("DialEnd", **legs, DialStatus="BUSY", after=1)
    ringing.clock.at += 5
    ringing.settle()
    ringing.settle()
    assert ringing.heard.last.phase is Phase.RINGING
    ringing.lead("NOANSWER", after=10)
    ringing.hang_ups()
    assert ended(ringing) == (End.NO_ANSWER, 16, None)


def test_a_call_taken_back_while_it_rings(ringing: Desk) -> None:
    ringing.clock.at += 4
    ringing.line.hang_up()
    until(lambda: bool(ringing.exchange.asked("Hangup")))
    ringing.lead("CANCEL", after=0)
    ringing.hang_ups()
    assert ended(ringing) == (End.CANCELLED, 4, None)


def test_who_gives_up_after_long_ringing_found_nobody_in(ringing: Desk) -> None:
    ringing.clock.at += 25
    ringing.line.hang_up()
    until(lambda: bool(ringing.exchange.asked("Hangup")))
    ringing.lead("CANCEL", after=0)
    ringing.hang_ups()
    assert ended(ringing) == (End.NO_ANSWER, 25, None)


def test_busy_that_was_told_stays_busy_though_the_rep_hangs_up_after_it(ringing: Desk) -> None:
    ringing.lead("BUSY", after=2)
    ringing.clock.at += 0.8
    ringing.line.hang_up()
    until(lambda: bool(ringing.exchange.asked("Hangup")))
    ringing.hang_ups()
    assert ended(ringing) == (End.BUSY, 2, None)


@pytest.mark.parametrize(("waited", "end"), [(4, End.CANCELLED), (40, End.NO_ANSWER)])
def test_a_handset_that_is_put_down_is_the_same_as_the_key(ringing: Desk, waited: int, end: End) -> None:
    ringing.lead("CANCEL", after=waited)
    ringing.hang_ups()
    assert ended(ringing) == (end, waited, None)


def test_a_rep_who_does_not_pick_up_has_called_nobody(desk: Desk) -> None:
    desk.line.dial(NUMBER)
    until(lambda: bool(desk.exchange.asked("Originate")))
    desk.rep_is_rung()
    desk.say("OriginateResponse", ActionID=desk.call_id, Response="Failure", Reason="3", after=19)
    assert ended(desk) == (End.CANCELLED, None, None)


def test_an_exchange_that_falls_silent_ends_the_call_by_itself(desk: Desk) -> None:
    desk.line.dial(NUMBER)
    until(lambda: bool(desk.exchange.asked("Originate")))
    desk.clock.at += 41
    desk.settle()
    assert ended(desk) == (End.FAILED, None, None)
    assert desk.exchange.asked("Hangup"), "what may still come is called off"


def test_a_line_that_is_cut_in_a_talk_is_found_again_and_hears_the_end(ringing: Desk) -> None:
    ringing.lead("ANSWER", after=3)
    ringing.exchange.cut()
    until(lambda: ringing.heard.last.blind)
    assert ringing.heard.last.phase is Phase.TALKING
    ringing.line.dial(NUMBER)
    until(lambda: ringing.line.up)
    ringing.clock.at += 40
    ringing.say("Hangup", Uniqueid=ringing.call_id, Cause="16")
    assert ended(ringing) == (End.ANSWERED, 3, 40)


def test_a_call_that_comes_in(desk: Desk) -> None:
    coming: dict[str, Any] = {
        "Uniqueid": "in.1",
        "DestUniqueid": "rep.9",
        "DestChannel": "PJSIP/101-00000009",
        "CallerIDNum": "0521234567",
    }
    desk.say("DialBegin", **coming)
    assert desk.heard.last.incoming
    assert desk.heard.last.number == "0521234567"
    desk.say("DialEnd", **coming, DialStatus="ANSWER", after=5)
    desk.say("Hangup", Uniqueid="rep.9", after=20)
    assert ended(desk) == (End.ANSWERED, 5, 20)


def test_a_call_that_comes_in_and_is_missed(desk: Desk) -> None:
    coming: dict[str, Any] = {
        "Uniqueid": "in.1",
        "DestUniqueid": "rep.9",
        "DestChannel": "PJSIP/101-00000009",
        "CallerIDNum": "0521234567",
    }
    desk.say("DialBegin", **coming)
    desk.say("DialEnd", **coming, DialStatus="CANCEL", after=12)
    assert ended(desk) == (End.NO_ANSWER, 12, None)


@pytest.mark.parametrize("told", ["colleague", "cause"])
def test_a_call_that_a_colleague_took_was_missed_by_nobody(desk: Desk, told: str) -> None:
    coming: dict[str, Any] = {"Uniqueid": "in.1", "DestUniqueid": "rep.9", "DestChannel": "PJSIP/101-00000009"}
    desk.say("DialBegin", **coming, CallerIDNum="0521234567")
    if told == "colleague":
        legs: dict[str, Any] = {"Uniqueid": "in.1", "DestUniqueid": "co.9", "DestChannel": "PJSIP/102-00000009"}
        desk.say("DialBegin", **legs, CallerIDNum="0521234567")
        desk.say("DialEnd", **legs, DialStatus="ANSWER", after=3)
        desk.say("DialEnd", **coming, DialStatus="CANCEL")
    desk.say("Hangup", Uniqueid="rep.9", Cause="26")
    until(desk.heard.over)
    assert desk.heard.last.elsewhere
    assert desk.heard.last.answered is None


def test_calls_of_others_are_none_of_ours(desk: Desk) -> None:
    desk.say("DialBegin", Uniqueid="x", DestUniqueid="y", DestChannel="PJSIP/1010-1", CallerIDNum="1")
    desk.say("DialEnd", Uniqueid="x", DestUniqueid="y", DialStatus="ANSWER")
    desk.say("Hangup", Uniqueid="x")
    assert not desk.heard.calls


def test_a_wrong_secret_is_told(exchange: Exchange) -> None:
    exchange.refuse = True
    with pytest.raises(TelephoneError) as told:
        greet(Place("127.0.0.1", exchange.port), Ami(Extension(USER, SECRET, "PJSIP/101")))
    assert told.value.code == "telephone_refused"


def test_who_was_refused_asks_no_more(exchange: Exchange) -> None:
    exchange.refuse = True
    desk = Desk(exchange)
    until(lambda: any(one.code == "telephone_refused" for one in desk.heard.states))
    for _ in range(3):
        assert not desk.line.dial(NUMBER)
        desk.clock.at += 60
        desk.settle()
    desk.line.close()
    assert len(exchange.asked("Login")) == 1
    assert [one.code for one in desk.heard.states] == ["telephone_refused"]


STRANGER = "127.0.0.2"
"""A host that is on this machine, but not one of those that need no certificate."""


@dataclass
class Guarded:
    """An exchange behind TLS, and its authority, which nobody trusts yet."""

    exchange: Exchange
    authority: trustme.CA


@pytest.fixture
def guarded() -> Iterator[Guarded]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(STRANGER).configure_cert(context)
    try:
        made = Exchange(host=STRANGER, tls=context)
    except OSError:
        pytest.skip(f"this machine has no {STRANGER}")
    yield Guarded(made, authority)
    made.close()


def states(desk: Desk) -> list[tuple[bool, str]]:
    return [(one.up, one.code) for one in desk.heard.states]


UNTRUSTED = (False, "telephone_untrusted")


def test_an_untrusted_certificate_is_tried_once_an_hour_and_at_once_by_a_dial(
    guarded: Guarded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(guarded.exchange, host=STRANGER)
    until(lambda: bool(desk.heard.states))
    for seconds in (60, 3000, 500):
        desk.clock.at += seconds
        desk.pass_by()
    assert states(desk) == [UNTRUSTED], "it is left alone"
    assert guarded.exchange.reached == 1
    assert not desk.line.dial(NUMBER)
    until(lambda: states(desk) == [UNTRUSTED] * 2)
    assert not guarded.exchange.actions, "nothing was said to a stranger"
    guarded.authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    desk.clock.at += 3601
    until(lambda: states(desk) == [UNTRUSTED, UNTRUSTED, (True, "")])
    assert desk.line.dial(NUMBER), "the certificate was renewed over night"
    desk.line.close()


def test_a_server_that_goes_in_the_middle_of_the_greeting_is_looked_for_again() -> None:
    heard, clock = Heard(), Clock()
    with socket.create_server((STRANGER, 0)) as server:
        line = Line(Place(STRANGER, int(server.getsockname()[1])), Ami(Extension(USER, SECRET, REP)), heard, clock)
        server.settimeout(15)
        for _ in range(3):
            peer, _ = server.accept()
            with peer:
                assert peer.recv(65536)
            line.dial(NUMBER)
        line.close()
    assert {one.code for one in heard.states} == {"telephone_unreachable"}


def test_a_line_that_went_dead_without_a_word_is_noticed(desk: Desk) -> None:
    desk.clock.at += SILENT_S
    until(lambda: len(desk.exchange.asked("Ping")) == 1)
    desk.say("FullyBooted", after=ANSWER_S - 1)
    desk.clock.at += SILENT_S - 1
    desk.settle()
    assert desk.line.up, "it was heard of"
    assert len(desk.exchange.asked("Ping")) == 1, "a telephone that speaks is not asked"
    desk.exchange.mute = True
    desk.clock.at += 1
    until(lambda: len(desk.exchange.asked("Ping")) == 2)
    desk.settle()
    assert desk.line.up, "it has time to answer"
    desk.clock.at += ANSWER_S
    until(lambda: not desk.line.up)
    until(lambda: states(desk)[-1] == (False, "telephone_lost"))
    desk.exchange.mute = False
    assert not desk.line.dial(NUMBER), "it is looked for at once"
    until(lambda: states(desk)[-1] == (True, ""))


def test_the_line_settles_by_its_own_thread_whatever_else_reads_the_clock(desk: Desk) -> None:
    free, held = threading.Event(), threading.Event()

    def hold(_: float) -> None:
        held.set()
        free.wait(30)

    desk.line._ask(hold)
    assert held.wait(15)
    legs: dict[str, Any] = {"Uniqueid": "in.1", "DestUniqueid": "rep.1", "DestChannel": f"{REP}-1"}
    saying = threading.Thread(target=partial(desk.say, "DialBegin", **legs, CallerIDNum="1"))
    saying.start()
    for _ in range(20):
        desk.clock()
        saying.join(0.02)
    assert saying.is_alive(), "the line has heard nothing yet"
    free.set()
    saying.join(15)
    assert len(desk.heard.calls) == 1


def test_another_kind_of_server_is_told() -> None:
    other = Exchange(greeting=b"220 mail.example.jp ESMTP\r\n")
    try:
        with pytest.raises(TelephoneError) as told:
            greet(Place("127.0.0.1", other.port), Ami(Extension(USER, SECRET, "PJSIP/101")))
    finally:
        other.close()
    assert told.value.code == "telephone_other_language"


@pytest.mark.parametrize("bad", ["PJSIP/101\r\nAction: Command", "x\n", "\x00"])
def test_no_second_action_rides_along(bad: str) -> None:
    with pytest.raises(BadInput):
        packed("Originate", Channel=bad)
    with pytest.raises(BadInput):
        Ami(Extension(USER, SECRET, bad))
