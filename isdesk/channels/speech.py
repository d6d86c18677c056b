"""What is common to the languages that telephones speak: bytes in, bytes out, and calls that change; no socket here."""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace

from isdesk.channels.telephony import DIALLED, DialNumber
from isdesk.domain import phone
from isdesk.domain.errors import TelephoneError
from isdesk.domain.phone import End, Limits, Phase, PhoneCall

MOST_CALLS = 64
"""How many calls are remembered; the oldest that are over are forgotten first."""
MOST_WAITING = 1 << 20
"""How many bytes of one message are waited for: who sends more speaks something else."""


class Speech(ABC):
    """One conversation with one telephone. ``now`` is seconds of a clock that never goes back."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.ready = False
        self._out = bytearray()
        self._in = bytearray()
        self._calls: dict[str, PhoneCall] = {}
        self._told: list[PhoneCall] = []
        self._mine: str | None = None
        self._serial = 0
        self._session = secrets.token_hex(6)
        self._asked_again: set[str] = set()

    # ------------------------------------------------------------------ to and from the line

    @property
    def ending(self) -> bool:
        """Return whether the end of a call is still being asked for: what was said so far does not do it yet."""
        return False

    @property
    def unsent(self) -> bool:
        """Return whether anything is to be sent (`take_out`)."""
        return bool(self._out)

    def take_out(self) -> bytes:
        """Return what is to be sent, once."""
        out, self._out = bytes(self._out), bytearray()
        return out

    def take_told(self) -> list[PhoneCall]:
        """Return the calls that changed since the last time, in the order in which they did."""
        told, self._told = self._told, []
        return told

    @abstractmethod
    def begin(self, now: float) -> None:
        """The line was opened: greet."""

    @abstractmethod
    def ask(self) -> None:
        """Ask whether the telephone is there still; any answer will do."""

    @abstractmethod
    def feed(self, data: bytes, now: float) -> None:
        """Take what came over the line. Raises TelephoneError where it is refused, or no such telephone."""

    def lost(self) -> None:
        """The line was lost: what was on stays known, as seen by nobody."""
        self.ready = False
        self._in, self._out = bytearray(), bytearray()
        for call in list(self._calls.values()):
            self._change(call.id, phone.lost)

    def tick(self, now: float) -> None:
        """Let go of calls whose telephone was silent for too long; the end of a talk is asked for once more before."""
        for call in list(self._calls.values()):
            end = phone.overdue(call, now, self.limits)
            if end is None:
                continue
            if call.gave_up is None:
                self._end(call, now)
                self._over(call.id, now, end, call.talked)
            elif call.answered is None:
                self._over(call.id, now, end, call.talked)
            elif call.id not in self._asked_again:
                self._asked_again.add(call.id)
                self._end(call, now)
            elif now - call.gave_up >= 2 * self.limits.end_s:
                self._change(call.id, lambda c: replace(c, unsure=True))
                self._over(call.id, call.gave_up, end, call.talked)

    # ------------------------------------------------------------------ the verbs

    def dial(self, number: DialNumber, now: float) -> None:
        """Start a call."""
        self._serial += 1
        call = PhoneCall(self._new_id(), number.digits, now)
        self._mine = call.id
        self._put(call)
        self._start(call, number, now)

    def hang_up(self, now: float, call_id: str = "") -> None:
        """Ask to end a call (`DIALLED`: ours); without an id the one that is on, ours before one that came in."""
        call = self._on() if not call_id else self.dialled if call_id == DIALLED else self._calls.get(call_id)
        if call is not None and call.phase is not Phase.OVER and call.gave_up is None:
            self._change(call.id, lambda c: phone.giving_up(c, now))
            self._end(call, now)

    def accept(self, now: float, call_id: str = "") -> None:
        """Take a call that comes in and rings; without an id the newest, where there is one."""
        ringing = [c for c in self._calls.values() if c.incoming and c.phase is Phase.RINGING]
        coming = [c for c in ringing if call_id in {"", c.id}]
        if coming:
            self._take(coming[-1], now)

    @abstractmethod
    def _start(self, call: PhoneCall, number: DialNumber, now: float) -> None:
        """Say that a call is to be started."""

    @abstractmethod
    def _end(self, call: PhoneCall, now: float) -> None:
        """Say that a call is to be ended."""

    @abstractmethod
    def _take(self, call: PhoneCall, now: float) -> None:
        """Say that a call is to be taken."""

    # ------------------------------------------------------------------ the calls

    @property
    def dialled(self) -> PhoneCall | None:
        """Return the call that was dialled here and is on."""
        call = self._calls.get(self._mine or "")
        return call if call is not None and call.phase is not Phase.OVER else None

    def _on(self) -> PhoneCall | None:
        on = [c for c in self._calls.values() if c.phase is not Phase.OVER]
        return self.dialled or next((c for c in on if c.answered is not None), on[0] if on else None)

    def _new_id(self) -> str:
        """Return an id that no other conversation gives, of this telephone or of the one before."""
        return f"isdesk-{self._session}-{self._serial}"

    def _put(self, call: PhoneCall) -> None:
        over = [c.id for c in self._calls.values() if c.phase is Phase.OVER]
        for gone in over[: max(0, len(self._calls) - MOST_CALLS)]:
            del self._calls[gone]
        self._calls[call.id] = call
        self._told.append(call)

    def _change(self, call_id: str, how: Callable[[PhoneCall], PhoneCall]) -> None:
        before = self._calls.get(call_id)
        if before is None:
            return
        after = how(before)
        if after != before:
            self._calls[call_id] = after
            self._told.append(after)

    def _over(self, call_id: str, now: float, end: End | None, talked: float | None = None) -> None:
        def over(call: PhoneCall) -> PhoneCall:
            return call if call.phase is Phase.OVER else replace(phone.ended(call, now, end), talked=talked)

        self._change(call_id, over)

    def _waits(self, rest: int) -> None:
        if rest > MOST_WAITING:
            raise TelephoneError("telephone_other_language")
