"""A real baresip calls real callees: every end is told as what it was, with the times it took."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from isdesk.channels.baresip import Baresip, packed
from isdesk.channels.line import Line, Place, greet
from isdesk.channels.telephony import DIALLED, dial_number, form
from isdesk.domain import phone
from isdesk.domain.errors import TelephoneError
from isdesk.domain.phone import End, Limits, Phase
from tests.channels.phones import Heard, Phones, answers, busy, free_port, rings, until

NUMBER = dial_number("+81312345678")
QUICK = Limits(setup_s=2.0, ring_s=3.0, end_s=0.5)


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[Phones]:
    made = Phones(tmp_path)
    yield made
    made.close()


class Desk:
    """A line to the rep's baresip that calls one callee."""

    def __init__(self, phones: Phones, port: int, limits: Limits | None) -> None:
        self.heard = Heard()
        speech = Baresip(form("sip", f"127.0.0.1:{port}", national=True), limits)
        self.line = Line(Place("127.0.0.1", phones.control), speech, self.heard)
        until(lambda: self.line.up)

    def call(self) -> None:
        assert self.line.dial(NUMBER)

    def reach(self, phase: Phase) -> None:
        until(lambda: bool(self.heard.calls) and self.heard.last.phase is phase)

    def ended(self) -> tuple[End | None, int | None, int | None]:
        """Wait for the end; return it with the seconds of ringing and of talk."""
        self.reach(Phase.OVER)
        last = self.heard.last
        assert last.over is not None
        assert len({c.id for c in self.heard.calls}) == 1, "one call was made"
        return last.end, phone.ring_s(last, last.over), phone.talk_s(last, last.over)

    def phases(self) -> list[Phase]:
        return [c.phase for c in self.heard.calls if c.gave_up is None or c.over is not None]


Calling = Callable[..., Desk]


@pytest.fixture
def calling(phones: Phones) -> Iterator[Calling]:
    made: list[Desk] = []

    def call(port: int, limits: Limits | None = None) -> Desk:
        made.append(Desk(phones, port, limits))
        made[-1].call()
        return made[-1]

    yield call
    for desk in made:
        desk.line.close()


def test_a_call_that_the_callee_hangs_up(phones: Phones, calling: Calling) -> None:
    desk = calling(phones.callee(answers(1.0, 2.0)))
    assert desk.ended() == (End.ANSWERED, 1, 2)
    assert desk.phases() == [Phase.DIALLING, Phase.RINGING, Phase.TALKING, Phase.OVER]


def test_a_call_that_the_rep_hangs_up(phones: Phones, calling: Calling) -> None:
    desk = calling(phones.callee(answers(1.0)))
    desk.reach(Phase.TALKING)
    desk.line.hang_up()
    assert desk.ended() == (End.ANSWERED, 1, 0)


def test_a_busy_callee(phones: Phones, calling: Calling) -> None:
    assert calling(phones.callee(busy())).ended() == (End.BUSY, 0, None)


def test_a_callee_who_is_not_there_by_the_exchanges_own_word(phones: Phones, calling: Calling) -> None:
    assert calling(phones.callee(busy(1.0, "480 Temporarily Unavailable"))).ended() == (End.NO_ANSWER, 1, None)


def test_a_number_that_does_not_exist(phones: Phones, calling: Calling) -> None:
    assert calling(phones.callee(busy(0.1, "404 Not Found"))).ended() == (End.FAILED, 0, None)


def test_a_call_taken_back_while_it_rings(phones: Phones, calling: Calling) -> None:
    desk = calling(phones.callee(rings()))
    desk.reach(Phase.RINGING)
    desk.line.hang_up()
    assert desk.ended()[0] is End.CANCELLED
    assert desk.heard.last.answered is None


def test_nobody_takes_the_call(phones: Phones, calling: Calling) -> None:
    desk = calling(phones.callee(rings()), QUICK)
    assert desk.ended() == (End.NO_ANSWER, 3, None)


def test_a_callee_who_cannot_be_reached_gives_no_event_at_all(calling: Calling) -> None:
    desk = calling(free_port(socket.SOCK_DGRAM), QUICK)
    assert desk.ended() == (End.FAILED, None, None)
    assert desk.phases() == [Phase.DIALLING, Phase.OVER]


def test_no_two_conversations_give_a_call_the_same_id(phones: Phones, calling: Calling) -> None:
    first = calling(phones.callee(busy()))
    first.ended()
    first.line.close()
    second = calling(phones.callee(busy()))
    second.ended()
    assert first.heard.last.id != second.heard.last.id


def test_the_next_call_is_another_one(phones: Phones, calling: Calling) -> None:
    desk = calling(phones.callee(busy()), QUICK)
    desk.ended()
    desk.call()
    until(lambda: len({c.id for c in desk.heard.calls}) == 2 and desk.heard.over())


def test_a_telephone_that_dies_in_a_talk_leaves_what_was_known(phones: Phones, calling: Calling) -> None:
    desk = calling(phones.callee(answers(0.5)))
    desk.reach(Phase.TALKING)
    phones.rep.kill()
    until(lambda: not desk.line.up)
    until(lambda: desk.heard.last.blind)
    assert desk.heard.last.phase is Phase.TALKING, "the talk may go on; nobody says it is over"
    assert desk.heard.last.rang is not None
    assert not desk.line.dial(NUMBER)
    desk.line.hang_up()
    assert desk.ended()[0] is End.ANSWERED
    phones.start()
    until(lambda: desk.line.up)
    assert [s.up for s in desk.heard.states][-1]


def test_a_telephone_that_hangs_keeps_nobody_waiting(phones: Phones, calling: Calling) -> None:
    phones.rep.send_signal(signal.SIGCONT)
    desk = calling(phones.callee(rings()), QUICK)
    desk.reach(Phase.RINGING)
    phones.rep.send_signal(signal.SIGSTOP)
    desk.line.hang_up()
    assert desk.ended()[0] is End.CANCELLED
    phones.rep.send_signal(signal.SIGCONT)


@pytest.fixture
def open_line(phones: Phones) -> Iterator[tuple[Line, Heard]]:
    heard = Heard()
    line = Line(Place("127.0.0.1", phones.control), Baresip(), heard)
    until(lambda: line.up)
    yield line, heard
    line.close()


def test_a_call_that_comes_in_is_taken(phones: Phones, open_line: tuple[Line, Heard]) -> None:
    line, heard = open_line
    phones.caller("0312345678", 1.0)
    until(lambda: bool(heard.calls) and heard.last.phase is Phase.RINGING)
    assert heard.last.incoming
    assert heard.last.number == "0312345678"
    line.accept()
    until(heard.over)
    assert heard.last.end is End.ANSWERED
    assert heard.last.over is not None
    assert phone.talk_s(heard.last, heard.last.over) == 1


def test_the_talk_is_ended_and_not_the_call_that_rings_beside_it(phones: Phones, calling: Calling) -> None:
    desk = calling(phones.callee(answers(0.2)))
    desk.reach(Phase.TALKING)
    talk = desk.heard.last.id
    phones.caller("0312345678", 5.0)
    desk.reach(Phase.RINGING)
    assert desk.heard.last.incoming
    desk.line.hang_up()
    until(lambda: desk.heard.of(talk).over is not None)
    assert desk.heard.of(talk).end is End.ANSWERED
    assert not desk.heard.of(talk).unsure, "the telephone said so"
    (other,) = {c.id for c in desk.heard.calls} - {talk}
    assert desk.heard.of(other).phase is Phase.RINGING, "the other one is still there to be taken"
    desk.line.accept()
    until(lambda: desk.heard.of(other).phase is Phase.TALKING)


def unreachable(phones: Phones, calling: Calling, setup_s: float, caller: str = "0452223333") -> tuple[Desk, str]:
    """Dial somebody who gives no event at all, and have a customer call in; return the desk and their call."""
    desk = calling(free_port(socket.SOCK_DGRAM), Limits(setup_s=setup_s, end_s=0.5))
    phones.caller(caller, 60.0)
    desk.reach(Phase.RINGING)
    assert desk.heard.last.incoming
    return desk, desk.heard.last.id


def only_theirs(desk: Desk, phones: Phones) -> bool:
    """Let go of the telephone, which hears one of us at a time; return whether it has the customer's call alone."""
    desk.line.close()
    with socket.create_connection(("127.0.0.1", phones.control)) as line:
        line.sendall(packed("listcalls"))
        listed = line.recv(65536)
    return b"OUTGOING" not in listed and b"Active calls (1)" in listed


@pytest.mark.parametrize("caller", ["0452223333", "0312345678"], ids=["another", "the callee"])
@pytest.mark.parametrize("taken", [False, True])
def test_a_dial_that_comes_to_nothing_leaves_the_customer_who_calls_in_alone(
    phones: Phones, calling: Calling, caller: str, taken: bool
) -> None:
    desk, other = unreachable(phones, calling, 4.0, caller)
    if taken:
        desk.line.accept(other)
        until(lambda: desk.heard.of(other).phase is Phase.TALKING)
    until(lambda: any(not c.incoming and c.over is not None for c in desk.heard.calls))
    until(lambda: only_theirs(desk, phones))
    assert desk.heard.of(other).phase is (Phase.TALKING if taken else Phase.RINGING)


def test_a_dial_without_a_word_is_taken_back_beside_a_customer_who_calls_in(phones: Phones, calling: Calling) -> None:
    desk, other = unreachable(phones, calling, 30.0)
    desk.line.hang_up(DIALLED)
    until(lambda: any(not c.incoming and c.end is End.CANCELLED for c in desk.heard.calls))
    until(lambda: only_theirs(desk, phones))
    assert desk.heard.of(other).phase is Phase.RINGING


def test_a_call_that_is_given_up_ends_though_the_line_is_let_go_of_at_once(phones: Phones, calling: Calling) -> None:
    desk, _ = unreachable(phones, calling, 30.0)
    desk.line.hang_up(DIALLED)
    until(lambda: only_theirs(desk, phones), 5.0)


@pytest.mark.parametrize("wanted", ["0312345678", "0452223333"])
def test_of_two_who_ring_the_one_that_is_meant_is_taken(
    phones: Phones, open_line: tuple[Line, Heard], wanted: str
) -> None:
    line, heard = open_line
    ids: dict[str, str] = {}
    for number in ("0312345678", "0452223333"):
        phones.caller(number, 30.0)
        until(partial(rings_from, heard, number))
        ids[number] = heard.last.id
    line.accept(ids[wanted])
    until(lambda: heard.of(ids[wanted]).phase is Phase.TALKING)
    (other,) = set(ids.values()) - {ids[wanted]}
    assert heard.of(other).phase is Phase.RINGING
    line.hang_up(other)
    until(lambda: heard.of(other).over is not None)
    assert heard.of(ids[wanted]).phase is Phase.TALKING, "refusing the other one ends no talk"


def rings_from(heard: Heard, number: str) -> bool:
    return any(c.number == number for c in heard.calls)


def test_a_telephone_that_never_says_that_a_talk_ended_is_not_believed_to_have_ended_it(
    phones: Phones, calling: Calling
) -> None:
    desk = calling(phones.callee(answers(0.2)), QUICK)
    desk.reach(Phase.TALKING)
    phones.rep.send_signal(signal.SIGSTOP)
    desk.line.hang_up()
    assert desk.ended() == (End.ANSWERED, 0, 0)
    assert desk.heard.last.unsure
    phones.rep.send_signal(signal.SIGCONT)


def test_a_call_that_comes_in_is_refused(phones: Phones, open_line: tuple[Line, Heard]) -> None:
    line, heard = open_line
    phones.caller("0312345678", 1.0)
    until(lambda: bool(heard.calls) and heard.last.phase is Phase.RINGING)
    line.hang_up()
    until(heard.over)
    assert heard.last.answered is None


def test_a_greeting_finds_the_telephone(phones: Phones) -> None:
    greet(Place("127.0.0.1", phones.control), Baresip())


def test_a_greeting_to_nobody_says_so() -> None:
    with pytest.raises(TelephoneError) as told:
        greet(Place("127.0.0.1", free_port()), Baresip())
    assert told.value.code == "telephone_unreachable"


def test_a_telephone_that_is_asked_whether_it_is_there_says_so(phones: Phones) -> None:
    speech = Baresip()
    speech.ask()
    with socket.create_connection(("127.0.0.1", phones.control), timeout=10) as line:
        line.sendall(speech.take_out())
        said = line.recv(65536)
    speech.feed(said, 0.0)
    assert b"there" in said
    assert not speech.take_out(), "the answer asks for nothing"
