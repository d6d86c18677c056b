"""baresip over its ctrl_tcp module: JSON in netstrings. Written against baresip 1.0.

``dial`` is answered before anything is known of the call, and without its id: the first event of an outgoing call to
that number says it. A call that was taken back and one that was talked close with the same words, so whether it was
answered goes by CALL_ESTABLISHED alone. Where the callee cannot be reached there may be no event at all.

``hangup`` and ``accept`` mean whichever call is the current one, so the call that is meant is made that before: by its
id, or, where no event has told it, by its line in the list of calls. Nothing is ever asked of the current call while it
may be somebody else's.
"""

from __future__ import annotations

import json
import re
from typing import Final

from typing_extensions import override

from isdesk.channels.speech import Speech
from isdesk.channels.telephony import DialNumber, Form
from isdesk.domain import phone
from isdesk.domain.errors import TelephoneError
from isdesk.domain.phone import End, Limits, Phase, PhoneCall

PORT: Final = 4444
_LENGTH = re.compile(rb"([0-9]{1,7}):")
_STATUS = re.compile(r"([3-6][0-9]{2})\b")
_USER = re.compile(r"sips?:([^@;>?]*)@?", re.IGNORECASE)
_LINE = re.compile(r"\[line\s+([0-9]{1,4})[^\]]*\](.*)")
_DIAL, _END, _HELLO, _TAKE = "dial", "end", "hello", "take"
_LIST, _ON_LINE = "list", "line"
_SET_UP = ("OUTGOING", "IDLE")
AGAIN_S = 0.5
"""How long is waited before a call is taken once more: beside another one that rings the first time only holds that."""
_TRIES = 4
_BUSY = frozenset({"486", "600"})
_NOBODY = frozenset({"408", "480", "487", "603"})


def packed(command: str, params: str = "", token: str = "") -> bytes:
    """Return a command as a netstring."""
    said = {"command": command} | ({"params": params} if params else {}) | ({"token": token} if token else {})
    raw = json.dumps(said, ensure_ascii=False).encode()
    return b"%d:%s," % (len(raw), raw)


class Baresip(Speech):
    """Speaks with one baresip."""

    def __init__(self, form: Form | None = None, limits: Limits | None = None) -> None:
        super().__init__(limits)
        self._form = form or Form()
        self._theirs: dict[str, str] = {}
        self._past: set[str] = set()
        self._ends: set[str] = set()
        """Calls whose end is asked for step by step: the one that is meant has to be the current one first."""
        self._taking: dict[str, tuple[int, float]] = {}
        """Calls that were asked to be taken: how often, and when last."""

    @property
    @override
    def ending(self) -> bool:
        return bool(self._ends)

    @override
    def lost(self) -> None:
        self._ends.clear()
        super().lost()

    @override
    def begin(self, now: float) -> None:
        self._say("reginfo", token=_HELLO)

    @override
    def ask(self) -> None:
        self._say("reginfo", token="there")  # noqa: S106 - it names the question

    def _say(self, command: str, params: str = "", token: str = "") -> None:
        self._out += packed(command, params, token)

    @override
    def feed(self, data: bytes, now: float) -> None:
        self._in += data
        while self._in:
            found = _LENGTH.match(self._in)
            if found is None:
                if len(self._in) < 8 and self._in.isdigit():
                    return
                raise TelephoneError("telephone_other_language")
            length, start = int(found[1]), found.end()
            self._waits(length)
            if len(self._in) <= start + length:
                return
            raw, comma = bytes(self._in[start : start + length]), self._in[start + length]
            del self._in[: start + length + 1]
            if comma != ord(","):
                raise TelephoneError("telephone_other_language")
            self._message(raw, now)

    def _message(self, raw: bytes, now: float) -> None:
        try:
            said = json.loads(raw)
        except ValueError as error:
            raise TelephoneError("telephone_other_language") from error
        if not isinstance(said, dict):
            raise TelephoneError("telephone_other_language")
        if said.get("response"):
            self._response(said, now)
        elif said.get("event"):
            self._event({k: v for k, v in said.items() if isinstance(v, str)}, now)

    def _response(self, said: dict[str, object], now: float) -> None:
        verb, _, call_id = str(said.get("token") or "").partition(" ")
        ok, words = said.get("ok") is not False, str(said.get("data"))
        if verb in {_END, _LIST, _ON_LINE}:
            self._ends.discard(call_id)
        if verb == _HELLO:
            self.ready = True
        elif verb == _DIAL and not ok:
            self._over(call_id, now, End.FAILED)
        elif verb == _END and not ok:
            self._to_end("listcalls", "", _LIST, call_id)
        elif verb in {_END, _ON_LINE} and ok and "not found" not in words:
            self._say("hangup")
        elif verb == _LIST:
            self._listed(call_id, words if ok else None)
        elif verb == _TAKE and (not self._others(call_id) if not ok else "not found" not in words):
            self._say("accept")

    # ------------------------------------------------------------------ events

    def _event(self, said: dict[str, str], now: float) -> None:
        kind = said.get("type", "")
        if not kind.startswith("CALL_"):
            return
        call_id = self._call_of(said, now)
        if call_id is None:
            return
        if kind in {"CALL_RINGING", "CALL_PROGRESS", "CALL_INCOMING"}:
            self._change(call_id, lambda c: phone.ringing(c, now))
        elif kind == "CALL_ESTABLISHED":
            self._change(call_id, lambda c: phone.talking(c, now))
        elif kind == "CALL_CLOSED":
            self._past.add(said.get("id", ""))
            self._over(call_id, now, end_of(said.get("param", "")))

    def _call_of(self, said: dict[str, str], now: float) -> str | None:
        """Return our id of the call that an event is about; a call that comes in is new to us."""
        theirs = said.get("id", "")
        known = self._theirs.get(theirs)
        if known is not None or not theirs or theirs in self._past:
            return known
        if said.get("direction") == "incoming":
            if said.get("type") not in {"CALL_INCOMING", "CALL_ESTABLISHED"}:
                return None
            self._serial += 1
            call = PhoneCall(self._new_id(), user_of(said.get("peeruri", "")), now, incoming=True, rang=now)
            self._theirs[theirs] = call.id
            self._put(call)
            return call.id
        mine = self.dialled
        if mine is None or mine.id in self._theirs.values() or user_of(said.get("peeruri", "")) != self._sent(mine):
            return None
        self._theirs[theirs] = mine.id
        return mine.id

    # ------------------------------------------------------------------ verbs

    def _sent(self, call: PhoneCall) -> str:
        return self._form.digits(DialNumber(call.number))

    @override
    def _start(self, call: PhoneCall, number: DialNumber, now: float) -> None:
        digits = self._form.digits(number)
        target = f"sip:{digits}@{self._form.domain}" if self._form.domain else digits
        self._say("dial", target, f"{_DIAL} {call.id}")

    @override
    def _end(self, call: PhoneCall, now: float) -> None:
        """Make the call that is meant the current one first. Where it is gone meanwhile nothing is ended."""
        theirs = self._their_id(call.id)
        if theirs is None:
            self._to_end("listcalls", "", _LIST, call.id)
        else:
            self._to_end("callfind", theirs, _END, call.id)

    def _to_end(self, command: str, params: str, step: str, call_id: str) -> None:
        """Say what leads to the end of a call; the answer says what comes next."""
        self._ends.add(call_id)
        self._say(command, params, f"{step} {call_id}")

    def _their_id(self, call_id: str) -> str | None:
        return next((key for key, mine in self._theirs.items() if mine == call_id), None)

    def _others(self, call_id: str) -> bool:
        """Return whether any other call is on, as far as is known."""
        return any(c.id != call_id and c.phase is not Phase.OVER for c in self._calls.values())

    def _listed(self, call_id: str, words: str | None) -> None:
        """End the call on the line that goes to our callee; without a list (None) only where there is no other call."""
        call = self._calls.get(call_id)
        if call is None:
            return
        if words is None:
            if not self._others(call_id):
                self._say("hangup")
            return
        found = [line for line, rest in _LINE.findall(words) if self._is_ours(rest, call)]
        if found:
            self._to_end("line", found[-1], _ON_LINE, call_id)

    def _is_ours(self, listed: str, call: PhoneCall) -> bool:
        """Return whether a call as it is listed is ours: the callee may call in meanwhile, from the same number.

        One of which no event told is still being set up.
        """
        set_up = any(state in listed for state in _SET_UP)
        return (set_up or not self._others(call.id)) and user_of(listed) in {self._sent(call), call.number}

    @override
    def _take(self, call: PhoneCall, now: float) -> None:
        theirs = self._their_id(call.id)
        if theirs is not None:
            self._taking[call.id] = self._taking.get(call.id, (0, now))[0] + 1, now
            self._say("callfind", theirs, f"{_TAKE} {call.id}")

    @override
    def tick(self, now: float) -> None:
        for call_id, (tries, at) in list(self._taking.items()):
            call = self._calls.get(call_id)
            if call is None or call.phase is not Phase.RINGING or call.gave_up is not None or tries >= _TRIES:
                del self._taking[call_id]
            elif now - at >= AGAIN_S:
                self._take(call, now)
        super().tick(now)


def end_of(words: str) -> End | None:
    """Return how a call ended by the words that baresip closes it with; None where they say nothing of it."""
    found = _STATUS.match(words)
    if found is None:
        return End.FAILED if words and "reset by" not in words.casefold() else None
    if found[1] in _BUSY:
        return End.BUSY
    return End.NO_ANSWER if found[1] in _NOBODY else End.FAILED


def user_of(uri: str) -> str:
    """Return who a SIP address names: the part before the ``@``, empty where there is none."""
    found = _USER.search(uri)
    return found[1] if found is not None else ""
