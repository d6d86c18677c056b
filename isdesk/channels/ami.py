"""The manager interface of Asterisk (AMI), written against Asterisk 22.

The exchange first rings the rep's own telephone and then dials the lead. OriginateResponse ``Success`` therefore only
means that the *rep* picked up; the lead answered when the DialEnd of the callee's channel says ``ANSWER``. Busy and
unanswered calls emit a CDR marked ANSWERED too, so no CDR is believed: how long was talked comes from bridge events.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from typing_extensions import override

from isdesk.channels.speech import Speech
from isdesk.channels.telephony import DialNumber, Form
from isdesk.domain import phone
from isdesk.domain.errors import BadInput, TelephoneError
from isdesk.domain.phone import End, Limits, Phase, PhoneCall

PORT: Final = 5038
TLS_PORT: Final = 5039
VERDICT_S = 1.5
"""How long is waited after the callee's leg ended: the exchange may try another way to the same number."""

_ELSEWHERE = "26"
"""The cause of a hangup: the call was answered at another telephone."""
_GREETING = b"Asterisk Call Manager/"
_PLAIN = re.compile(r"[^\x00-\x1f\x7f]{0,128}")
_STATUS: Final[Mapping[str, End]] = {
    "BUSY": End.BUSY,
    "NOANSWER": End.NO_ANSWER,
    "CANCEL": End.CANCELLED,
    "CONGESTION": End.FAILED,
    "CHANUNAVAIL": End.FAILED,
}


@dataclass(frozen=True, slots=True)
class Extension:
    """The rep's own telephone: its ``channel`` (``PJSIP/101``), and the ``context`` it dials out from."""

    user: str
    secret: str = field(repr=False)
    channel: str
    context: str = "from-internal"


def packed(action: str, **fields: str) -> bytes:
    """Return an action. Raises BadInput (``telephone_setting_wrong``) where a value could hold a second one."""
    for name, value in fields.items():
        if _PLAIN.fullmatch(value) is None:
            raise BadInput("telephone_setting_wrong", what=name.lower())
    lines = [f"Action: {action}", *(f"{name}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass(slots=True)
class _Legs:
    """What is known of the channels of one call: ``ours``, those of the callee, and the bridge they talk in."""

    ours: str
    name: str = ""
    callees: set[str] = field(default_factory=set)
    pending: set[str] = field(default_factory=set)
    """The callee's channels that ring: of several ways at once, or several telephones of one number."""
    inside: dict[str, str] = field(default_factory=dict)
    bridged: bool = False
    since: float | None = None
    talked: float = 0.0
    verdict: End | None = None
    verdict_at: float = 0.0


class Ami(Speech):
    """Speaks with one Asterisk for one rep."""

    def __init__(self, own: Extension, form: Form | None = None, limits: Limits | None = None) -> None:
        self._pick_up_s = (limits or Limits()).setup_s
        super().__init__(replace(limits or Limits(), setup_s=2 * self._pick_up_s))  # the rep picks up first
        self._own, self._form = own, form or Form()
        self._greeted = False
        self._legs: dict[str, _Legs] = {}
        packed("Check", username=own.user, secret=own.secret, channel=own.channel, context=own.context)

    @override
    def begin(self, now: float) -> None:
        self._greeted = False

    @override
    def ask(self) -> None:
        self._out += packed("Ping", ActionID="ping")

    # ------------------------------------------------------------------ reading

    @override
    def feed(self, data: bytes, now: float) -> None:
        self._in += data
        if not self._greeted and not self._greet():
            return
        while (at := self._in.find(b"\r\n\r\n")) >= 0:
            raw = bytes(self._in[:at])
            del self._in[: at + 4]
            self._message(_fields(raw), now)
        self._waits(len(self._in))

    def _greet(self) -> bool:
        """Return whether the greeting was heard, and ask for the challenge: the secret itself never goes out."""
        if not (_GREETING.startswith(bytes(self._in[: len(_GREETING)])) or self._in.startswith(_GREETING)):
            raise TelephoneError("telephone_other_language")
        at = self._in.find(b"\r\n")
        self._waits(len(self._in))
        if at < 0:
            return False
        del self._in[: at + 2]
        self._greeted = True
        self._out += packed("Challenge", ActionID="challenge", AuthType="MD5")
        return True

    def _message(self, said: Mapping[str, str], now: float) -> None:
        if "Event" in said:  # first: an OriginateResponse carries a Response too
            self._event(said, now)
        elif "Response" in said:
            self._response(said, now)

    def _response(self, said: Mapping[str, str], now: float) -> None:
        asked, ok = said.get("ActionID", ""), said["Response"] in {"Success", "Goodbye"}
        if asked in {"challenge", "login"} and not ok:
            raise TelephoneError("telephone_refused")
        if asked == "challenge":
            key = hashlib.md5((said.get("Challenge", "") + self._own.secret).encode(), usedforsecurity=False)
            self._out += packed(
                "Login", ActionID="login", AuthType="MD5", Username=self._own.user, Key=key.hexdigest(), Events="call"
            )
        elif asked == "login":
            self.ready = True
        elif asked in self._calls and not ok:
            self._over(asked, now, End.FAILED)

    # ------------------------------------------------------------------ events

    def _event(self, said: Mapping[str, str], now: float) -> None:
        kind = said["Event"]
        if kind == "Newchannel":
            self._name(said)
        elif kind == "OriginateResponse":
            self._originated(said, now)
        elif kind in {"DialBegin", "DialState", "DialEnd"}:
            self._dialling(kind, said, now)
        elif kind in {"BridgeEnter", "BridgeLeave"}:
            self._bridge(kind == "BridgeEnter", said, now)
        elif kind == "Hangup":
            if said.get("Cause") == _ELSEWHERE:
                self._elsewhere(said.get("Uniqueid", ""), now)
            self._hung_up(said.get("Uniqueid", ""), now)

    def _name(self, said: Mapping[str, str]) -> None:
        legs = self._legs.get(said.get("Uniqueid", ""))
        if legs is not None and said.get("Channel"):
            legs.name = said["Channel"]

    def _originated(self, said: Mapping[str, str], now: float) -> None:
        """The rep's telephone was picked up, or was not: then the lead was never dialled."""
        call_id = said.get("ActionID", "")
        if call_id in self._calls and said.get("Response") != "Success":
            self._over(call_id, now, End.CANCELLED)

    def _dialling(self, kind: str, said: Mapping[str, str], now: float) -> None:
        caller, callee = said.get("Uniqueid", ""), said.get("DestUniqueid", "")
        if kind == "DialEnd" and said.get("DialStatus") == "ANSWER":
            self._taken_elsewhere(caller, callee, now)
        if callee in self._legs:
            if self._calls[callee].incoming:
                self._coming_in(callee, kind, said, now)
            return  # the rep's own telephone is being rung
        if caller in self._legs:
            self._going_out(caller, callee, kind, said, now)
        elif kind == "DialBegin" and caller and self._is_own(said.get("DestChannel", "")):
            self._serial += 1
            number = said.get("CallerIDNum", "")
            self._legs[callee] = _Legs(callee, said.get("DestChannel", ""), {caller})
            self._put(PhoneCall(callee, "" if number == "<unknown>" else number, now, incoming=True, rang=now))

    def _is_own(self, channel: str) -> bool:
        return channel.rpartition("-")[0] == self._own.channel

    def _going_out(self, call_id: str, callee: str, kind: str, said: Mapping[str, str], now: float) -> None:
        legs, status = self._legs[call_id], said.get("DialStatus", "")
        legs.callees.add(callee)
        if kind == "DialBegin":
            legs.verdict = None
            legs.pending.add(callee)
        elif kind == "DialState":
            if status in {"RINGING", "PROGRESS"}:
                self._change(call_id, lambda c: phone.ringing(c, now))
        elif status == "ANSWER":
            legs.pending.clear()
            legs.verdict = None
            self._change(call_id, lambda c: phone.talking(c, now))
        else:
            self._refused(call_id, callee, status, now)

    def _refused(self, call_id: str, callee: str, status: str, now: float) -> None:
        """One way to the lead came to nothing: that is how the call ends, unless another one rings or was answered."""
        legs, call = self._legs[call_id], self._calls.get(call_id)
        legs.pending.discard(callee)
        if not legs.pending and (call is None or call.phase is not Phase.TALKING):
            legs.verdict, legs.verdict_at = _STATUS.get(status, End.FAILED), now

    def _coming_in(self, call_id: str, kind: str, said: Mapping[str, str], now: float) -> None:
        if kind != "DialEnd":
            return
        if said.get("DialStatus") == "ANSWER":
            self._change(call_id, lambda c: phone.talking(c, now))
        else:
            self._over(call_id, now, End.NO_ANSWER)

    def _taken_elsewhere(self, caller: str, callee: str, now: float) -> None:
        """Of all telephones that a caller rang one answered: at the others there is nothing left to take."""
        for call_id, legs in self._legs.items():
            if caller and call_id != callee and caller in legs.callees:
                self._elsewhere(call_id, now)

    def _elsewhere(self, call_id: str, now: float) -> None:
        call = self._calls.get(call_id)
        if call is not None and call.incoming and call.phase is Phase.RINGING:
            self._change(call_id, lambda c: replace(phone.ended(c, now), elsewhere=True))

    def _bridge(self, enters: bool, said: Mapping[str, str], now: float) -> None:
        channel, bridge = said.get("Uniqueid", ""), said.get("BridgeUniqueid", "")
        for call_id, legs in self._legs.items():
            if channel != legs.ours and channel not in legs.callees and not self._shares(legs, channel, said):
                continue
            if enters:
                legs.inside[channel] = bridge
            else:
                legs.inside.pop(channel, None)
            self._meet(call_id, legs, now)

    @staticmethod
    def _shares(legs: _Legs, channel: str, said: Mapping[str, str]) -> bool:
        return channel in legs.inside or said.get("Linkedid") == legs.ours

    def _meet(self, call_id: str, legs: _Legs, now: float) -> None:
        """Count talk while our channel and another one of this call are in one bridge, after the lead answered."""
        ours = legs.inside.get(legs.ours)
        together = ours is not None and any(b == ours for c, b in legs.inside.items() if c != legs.ours)
        call = self._calls.get(call_id)
        if together and legs.since is None and call is not None and call.phase is Phase.TALKING:
            legs.bridged, legs.since = True, now
        elif not together and legs.since is not None:
            legs.talked += now - legs.since
            legs.since = None

    def _hung_up(self, channel: str, now: float) -> None:
        legs = self._legs.get(channel)
        if legs is not None:
            self._finish(channel, legs, now)
            del self._legs[channel]
            return
        for call_id, other in list(self._legs.items()):
            if channel in other.callees:
                other.inside.pop(channel, None)
                self._meet(call_id, other, now)
                other.callees.discard(channel)
                other.pending.discard(channel)
                if not other.callees and self._calls[call_id].phase is Phase.TALKING:
                    self._finish(call_id, other, now)

    def _finish(self, call_id: str, legs: _Legs, now: float) -> None:
        if legs.since is not None:
            legs.talked, legs.since = legs.talked + now - legs.since, None
        end = legs.verdict
        at = legs.verdict_at if end is not None else now
        if end is End.CANCELLED:  # the handset was put down: how long it rang says what that was
            self._change(call_id, lambda c: phone.giving_up(c, at))
        self._over(call_id, at, end, legs.talked if legs.bridged else None)

    @override
    def tick(self, now: float) -> None:
        for call_id, legs in list(self._legs.items()):
            if legs.verdict is not None and now - legs.verdict_at >= VERDICT_S:
                self._finish(call_id, legs, now)
        super().tick(now)

    # ------------------------------------------------------------------ verbs

    @override
    def _start(self, call: PhoneCall, number: DialNumber, now: float) -> None:
        digits = self._form.digits(number)
        self._legs[call.id] = _Legs(call.id)
        self._out += packed(
            "Originate",
            ActionID=call.id,
            Channel=self._own.channel,
            Exten=digits,
            Context=self._own.context,
            Priority="1",
            CallerID=digits,
            Timeout=str(int(self._pick_up_s * 1000)),
            ChannelId=call.id,
            Async="true",
        )

    @override
    def _end(self, call: PhoneCall, now: float) -> None:
        legs = self._legs.get(call.id)
        name = legs.name if legs is not None and legs.name else call.id
        self._out += packed("Hangup", ActionID=f"end {call.id}", Channel=name, Cause="16")

    @override
    def _take(self, call: PhoneCall, now: float) -> None:
        """The rep's telephone is answered at the telephone: Asterisk cannot pick it up for them."""


def _fields(raw: bytes) -> dict[str, str]:
    """Return the fields of a message; of a name that comes twice the first one."""
    out: dict[str, str] = {}
    for line in raw.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            out.setdefault(name.strip(), value.strip())
    return out
