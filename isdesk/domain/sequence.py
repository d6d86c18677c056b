"""Sequences (シーケンス, DOMAIN 10): where a lead stands in one, folded from what was filed and what happened.

An enrolment is a filing (`KIND`, its subject the lead) that carries the steps as they were agreed on then, so that a
later edit of the definitions changes nothing that runs. Its ``key`` is the same on every device that enrols the same
lead in the same sequence for the same time; a step's key (`step_key`) is the id of its mail and of the mail's touch,
which is why no step can go out twice. Steps are taken in their order:

- a step is due on its business day, counted from the day of the first contact, at its time of day;
- one that is late (offline, blocked, nobody called) is done once, and the next keeps its distance from it: never the
  same day unless planned so, at least ``gap_days`` business days where so many were planned between the two;
- a mail step is done by its own mail, or by a mail of its day or later that is no other step's letter (`letters`); a
  call step by the first dial of its day or later that is not to be tried again the same day (busy), a social step by
  the first contact over its channel;
- one that cannot run is blocked with the reason's code and stays the lead's next action until it can, or until a
  person skips it.

Whatever ends the sequence does so in the instant in which it happened, whenever this device hears of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from isdesk.domain.answers import READ_BACK, REPLY
from isdesk.domain.errors import BadInput
from isdesk.domain.filing import Filing, standing
from isdesk.domain.ids import LeadId, MemberId, TouchId, made_at
from isdesk.domain.mail import address
from isdesk.domain.numbers import usable
from isdesk.domain.outcome import is_dial, touch_flags
from isdesk.domain.rules import Label, Rules, SequenceStep
from isdesk.domain.rules import Sequence as Definition
from isdesk.domain.sequence_filing import CHOSEN, ENROL, definition_of
from isdesk.domain.sequence_letters import letters
from isdesk.domain.sla import instant
from isdesk.domain.state import LeadFacts
from isdesk.domain.touch import ActionKind, Channel, Direction, Reached, Touch
from isdesk.domain.windows import first_best, fit_soft
from isdesk.domain.work_calendar import WorkCalendar

KIND: Final = "sequence"
"""The kind of filing; ``payload["event"]`` is one of the events below (``end``: nothing more is to be filed)."""
STOP, SKIP, BLOCK, TAKE, END = "stop", "skip", "block", "take", "end"

CHANNELS: Final[dict[Channel, Label]] = {
    Channel.MAIL: Label("メール", "mail"),
    Channel.PHONE: Label("電話", "call"),
    Channel.LINKEDIN: Label("LinkedIn", "LinkedIn"),
    Channel.X: Label("X", "X"),
    Channel.CHAT: Label("チャット", "chat"),
    Channel.LETTER: Label("手紙", "letter"),
}
"""Over what a step may go: a mail, a call, or something that a person writes on a social network or on paper."""

STOPS: Final[dict[str, Label]] = {
    "reply": Label("返信・受電", "reply or call"),
    "meeting": Label("商談の設定", "meeting set"),
    "opt_out": Label("配信停止", "opted out"),
    "do_not_call": Label("架電禁止", "do not call"),
    "closed": Label("お断り・対象外・引き継ぎ", "refused, closed or handed off"),
    "promise": Label("日時の約束", "promised callback"),
    "talk": Label("担当者との会話", "talk with the contact"),
    "hand": Label("手で停止", "stopped by hand"),
    "gone": Label("リードの削除・統合", "lead deleted or merged"),
}
"""What can end a sequence. The first five always do (DOMAIN 10, 15), `CHOSEN` where the team wants it."""

OTHER_OWNER: Final = "sequence_other_owner"
"""What blocks a mail step of a lead that changed hands."""
OTHER_DEVICE: Final = "sequence_other_device"
LATE: Final = "sequence_late"
"""What is shown of a mail that should have left by itself long ago (`stuck_from`): where its desk is known to be
another one, and else.
"""

_ALWAYS: Final = ("reply", "meeting", "opt_out", "do_not_call", "closed")
_ANSWERS: Final = frozenset({Channel.PHONE, Channel.MAIL, Channel.CHAT, Channel.LINKEDIN, Channel.X, Channel.LETTER})
_CONTACTS: Final = frozenset({Reached.CONTACT_PERSON, Reached.DECISION_MAKER})
_SPACE: Final = uuid5(NAMESPACE_URL, "isdesk:sequences")
_MOMENT: Final = timedelta(seconds=1)


def stops_of(definition: Definition) -> tuple[str, ...]:
    """Return the codes of all that ends a sequence, those that always do first."""
    return (*_ALWAYS, *(code for code in CHOSEN if code in definition.stops))


def enrolment_key(lead_id: str, code: str, times: int) -> str:
    """Return the key of a lead's enrolment in a sequence after ``times`` earlier ones: the same on every device."""
    return str(uuid5(_SPACE, f"{lead_id} {code} {times}"))


@lru_cache(maxsize=8192)
def step_key(enrolment: str, number: int) -> str:
    """Return the id of what carries out step ``number`` (from 1) of an enrolment, the same on every device."""
    return str(uuid5(_SPACE, f"{enrolment} {number}"))


@dataclass(frozen=True, slots=True)
class Stop:
    """What ended a sequence (a code of `STOPS`), when (None: nobody knows), and who where a person did."""

    why: str
    at: datetime | None
    by: MemberId | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One step. ``state`` is ``done`` | ``skipped`` | ``blocked`` | ``open`` (it is the next) | ``later``.

    ``due_at`` is when it is due, for later ones as far as is known now; ``at`` when it was done or skipped; ``why`` the
    code of what blocks it or of why it was skipped.
    """

    number: int
    step: SequenceStep
    state: str
    due_at: datetime
    at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One enrolment of a lead.

    ``state`` is ``running`` | ``finished`` | ``stopped`` | ``second`` (another one ran then; it does nothing).
    ``member`` and ``device`` are whose mails it sends from where; ``taken_at`` is when they took it over, else None.
    ``made_on`` is the device that enrolled the lead. ``stop`` may stand beside ``finished``: what came of it
    afterwards.
    """

    id: str
    key: str
    lead_id: LeadId
    definition: Definition
    playbook: str
    anchor: date
    at: datetime
    by: MemberId
    member: MemberId
    device: str
    state: str
    steps: tuple[Standing, ...]
    stop: Stop | None = None
    taken_at: datetime | None = None
    made_on: str = ""

    @property
    def code(self) -> str:
        """Return the code of its sequence."""
        return self.definition.code

    @property
    def next(self) -> Standing | None:
        """Return the step to be taken next; None where it runs no more."""
        if self.state != "running":
            return None
        return next((one for one in self.steps if one.state in ("open", "blocked")), None)

    @property
    def ended_at(self) -> datetime | None:
        """Return when it ended; None while it runs, or where nobody knows."""
        if self.state == "stopped":
            return self.stop.at if self.stop is not None else None
        return self.steps[-1].at if self.state == "finished" else None

    def mails(self) -> dict[str, int]:
        """Return the numbers of its mail steps by the ids of their mails."""
        return {step_key(self.key, one.number): one.number for one in self.steps if one.step.channel is Channel.MAIL}


@dataclass(frozen=True, slots=True)
class Said:
    """What the code of a next action (`NextAction.why`) says of a sequence's step; see `why_of`."""

    code: str
    number: int
    of: int
    mode: str
    blocked: str = ""


def why_of(one: Enrolment, step: Standing) -> str:
    """Return the code of the next action that a step is: ``sequence:follow:2:3:call``, with what blocks it behind."""
    mode = _mode(one, step.step.channel)
    blocked = f":{step.why}" if step.state == "blocked" else ""
    return f"{KIND}:{one.code}:{step.number}:{len(one.steps)}:{mode}{blocked}"


def _mode(one: Enrolment, channel: Channel) -> str:
    if channel is Channel.MAIL:
        return "auto" if one.definition.automatic else "confirm"
    return "call" if channel is Channel.PHONE else channel.value


def said(why: str) -> Said | None:
    """Return what the code of a next action says of a sequence; None where it is about something else."""
    parts = why.split(":")
    if len(parts) not in (5, 6) or parts[0] != KIND or not (parts[2].isdigit() and parts[3].isdigit()):
        return None
    return Said(parts[1], int(parts[2]), int(parts[3]), parts[4], parts[5] if len(parts) > 5 else "")


def by_itself(why: str) -> bool:
    """Return whether a next action is a mail that leaves without anybody's hand."""
    found = said(why)
    return found is not None and found.mode == "auto" and not found.blocked


def perhaps_sent(one: Enrolment, step: Standing, calendar: WorkCalendar) -> bool:
    """Return whether the desk from which a sequence was taken over may have sent this step already: its day by the plan
    was not after the day of the take-over. Only where nothing is heard of that desk (a restore, no hub) does it matter.
    """
    if one.taken_at is None or one.device == one.made_on:
        return False
    return calendar.add_business_days(one.anchor, step.step.days) <= calendar.day_of(one.taken_at)


def stuck_from(due_at: datetime, calendar: WorkCalendar) -> datetime:
    """Return from when on a mail that leaves by itself and has not left needs a person: its desk has been off for more
    than a business day, or is used no more.
    """
    return calendar.start_of_day(calendar.add_business_days(calendar.day_of(due_at), 2))


def kind_of(channel: Channel) -> ActionKind:
    """Return what kind of next action a step over a channel is."""
    if channel is Channel.MAIL:
        return ActionKind.MAIL
    return ActionKind.RETRY if channel is Channel.PHONE else ActionKind.SOCIAL


# ------------------------------------------------------------------------------------------------------- what is filed


@dataclass(slots=True)
class _Filed:
    """What was filed about one enrolment."""

    filing: Filing
    key: str
    definition: Definition
    anchor: date
    stop: Filing | None = None
    taken: Filing | None = None
    skips: dict[int, Filing] = field(default_factory=dict)
    began: datetime | None = None
    blocks: dict[int, Filing] = field(default_factory=dict)
    letters: frozenset[TouchId] = frozenset()

    @property
    def at(self) -> datetime:
        """Return when the lead was enrolled, also where its enrolment was moved by a merge."""
        return self.began or self.filing.at


def _filed(filings: Iterable[Filing]) -> list[_Filed]:
    """Return the enrolments that stand, the first first, each with what was filed about it; a key stands once."""
    found: dict[str, _Filed] = {}
    rest: list[Filing] = []
    for one in standing(one for one in filings if one.kind == KIND):
        key = str(one.payload.get("key") or "")
        if one.payload.get("event") != ENROL:
            rest.append(one)
            continue
        definition = definition_of(one.payload)
        if definition is None or not key or key in found:
            continue
        try:
            anchor = date.fromisoformat(str(one.payload.get("anchor")))
        except ValueError:
            continue
        found[key] = _Filed(one, key, definition, anchor, began=instant(one.payload.get("began")))
    for one in rest:
        about = found.get(str(one.payload.get("key") or ""))
        if about is not None:
            _note(about, one)
    return list(found.values())


def _note(about: _Filed, one: Filing) -> None:
    number = one.payload.get("step")
    match one.payload.get("event"):
        case "stop":
            about.stop = about.stop or one
        case "take":
            about.taken = one
        case "skip" if isinstance(number, int):
            about.skips.setdefault(number, one)
        case "block" if isinstance(number, int):
            about.blocks[number] = one


# -------------------------------------------------------------------------------------------------------------- folding


@dataclass(frozen=True, slots=True)
class Around:
    """What the fold looks at beside the filings: the lead, its touches (effective, oldest first), the team's rules.

    ``handed_at``: the last step of a handoff, None where there is none. ``open``: the lead is in a stage that IS works.
    """

    facts: LeadFacts
    counted: Sequence[Touch]
    rules: Rules
    calendar: WorkCalendar
    handed_at: datetime | None = None
    open: bool = True
    suppressed: bool = False


def fold(filings: Iterable[Filing], around: Around) -> tuple[Enrolment, ...]:
    """Return a lead's enrolments as they stand, the first first; at most one of them runs.

    One that was made while another ran is ``second``: it does nothing, on every device alike.
    """
    found: list[Enrolment] = []
    every = _filed(filings)
    own = letters(around.counted, {key for filed in every for key in _keys(filed)})
    for filed in every:
        filed.letters = own
        one = _fold_one(filed, around)
        runs = next((other for other in reversed(found) if other.state != "second"), None)
        if runs is not None and _ran_at(runs, one.at):
            one = replace(one, state="second")
        found.append(one)
    return tuple(found)


def running(enrolments: Iterable[Enrolment]) -> Enrolment | None:
    """Return the enrolment that runs."""
    return next((one for one in enrolments if one.state == "running"), None)


def newest(enrolments: Sequence[Enrolment]) -> Enrolment | None:
    """Return the newest enrolment that did something."""
    return next((one for one in reversed(enrolments) if one.state != "second"), None)


def _ran_at(one: Enrolment, at: datetime) -> bool:
    if one.state == "running":
        return True
    ended = one.ended_at
    return ended is not None and ended > at


def _fold_one(filed: _Filed, around: Around) -> Enrolment:
    first = filed.filing
    stop = _stop(filed, around)
    member = filed.taken.member_id if filed.taken is not None else first.member_id
    steps = _steps(filed, around, member)
    done_at = steps[-1].at if steps[-1].state in ("done", "skipped") else None
    if stop is not None and (done_at is None or (stop.at is not None and stop.at < done_at)):
        state = "stopped"
    else:
        state = "running" if done_at is None else "finished"
    return Enrolment(
        id=first.id,
        key=filed.key,
        lead_id=around.facts.id,
        definition=filed.definition,
        playbook=str(first.payload.get("playbook") or ""),
        anchor=filed.anchor,
        at=first.at,
        by=first.member_id,
        member=member,
        device=str(filed.taken.device_id if filed.taken is not None else first.device_id),
        state=state,
        steps=steps,
        stop=stop,
        taken_at=filed.taken.at if filed.taken is not None else None,
        made_on=first.device_id,
    )


def _steps(filed: _Filed, around: Around, member: MemberId) -> tuple[Standing, ...]:
    """Return the steps in their order, each as far as it has come."""
    found: list[Standing] = []
    before: Standing | None = None
    for number, step in enumerate(filed.definition.steps, 1):
        due = due_at(filed.definition, number, filed.anchor, filed.at, before, around)
        if before is not None and before.state in ("open", "blocked", "later"):
            one = Standing(number, step, "later", due)
        else:
            one = _standing(filed, around, member, Standing(number, step, "open", due), before)
        found.append(one)
        before = one
    return tuple(found)


def due_at(
    definition: Definition, number: int, anchor: date, enrolled_at: datetime, before: Standing | None, around: Around
) -> datetime:
    """Return when a step is due, given how far the one before it has come."""
    step, calendar = definition.steps[number - 1], around.calendar
    day = max(calendar.add_business_days(anchor, step.days), calendar.next_open_day(calendar.day_of(enrolled_at)))
    earliest = enrolled_at
    if before is not None:
        came = before.at or before.due_at
        planned = step.days - before.step.days
        gap = min(planned, definition.gap_days) if planned > 0 else 0
        after = calendar.add_business_days(calendar.day_of(came), gap)
        day, earliest = max(day, after), max(earliest, came)
    due = calendar.at(day, step.at) if step.at is not None else first_best(day, around.rules, calendar)
    if due >= earliest:
        return due
    if step.channel is Channel.PHONE:
        return fit_soft(earliest, around.rules, calendar)
    return fit_business(earliest, calendar)


def fit_business(at: datetime, calendar: WorkCalendar) -> datetime:
    """Return ``at``, or the next instant in business hours: no mail of a sequence leaves at night or on a holiday."""
    found = calendar.add_business_minutes(at, 0)
    return found if calendar.is_business_time(found) else calendar.add_business_minutes(found + _MOMENT, 0)


def _standing(filed: _Filed, around: Around, member: MemberId, one: Standing, before: Standing | None) -> Standing:
    skipped = filed.skips.get(one.number)
    if skipped is not None:
        return replace(one, state="skipped", at=skipped.at, why=str(skipped.payload.get("reason") or ""))
    done = _done(filed, around, one, before)
    if done is not None:
        return replace(one, state="done", at=done)
    why = _blocked(filed, around, member, one)
    return replace(one, state="blocked", why=why) if why else one


def _done(filed: _Filed, around: Around, one: Standing, before: Standing | None) -> datetime | None:
    """Return when a step was carried out."""
    after = before.at if before is not None and before.at is not None else filed.at
    channel, calendar = one.step.channel, around.calendar
    key = step_key(filed.key, one.number)
    since = calendar.start_of_day(calendar.day_of(one.due_at))
    for touch in around.counted:
        if touch.id == key:
            return touch.at
        if touch.at < since or touch.at <= after or touch.signal is not None:
            continue
        if channel is Channel.PHONE:
            if is_dial(touch, around.rules.outcomes) and not again_today(touch, calendar):
                return touch.at
        elif touch.channel is channel and touch.direction is Direction.OUT and touch.id not in filed.letters:
            return touch.at
    return None


def again_today(touch: Touch, calendar: WorkCalendar) -> bool:
    """Return whether a dial is to be tried again the same day (busy): the call has not been made yet."""
    plan = touch.plan
    if plan is None or plan.action is not ActionKind.RETRY or plan.due_at is None:
        return False
    return calendar.day_of(plan.due_at) == calendar.day_of(touch.at)


def _keys(filed: _Filed) -> set[str]:
    return {step_key(filed.key, number) for number in range(1, len(filed.definition.steps) + 1)}


def _blocked(filed: _Filed, around: Around, member: MemberId, one: Standing) -> str:
    """Return the code of what keeps a step from being carried out, empty where nothing is known to."""
    facts = around.facts
    if one.step.channel is Channel.PHONE:
        return "" if usable(facts) else "sequence_no_number"
    if one.step.channel is not Channel.MAIL:
        return ""
    if facts.owner_id is not None and facts.owner_id != member:
        return OTHER_OWNER
    mail = str(facts.get("email") or "").strip()
    if not mail:
        return "mail_no_address"
    try:
        address(mail)
    except BadInput as error:
        return error.code
    noted = filed.blocks.get(one.number)
    return str(noted.payload.get("why") or "") if noted is not None else ""


# ---------------------------------------------------------------------------------------------------------------- stops


def _stop(filed: _Filed, around: Around) -> Stop | None:
    """Return what ended an enrolment: the earliest that has a time, else what the lead's facts say."""
    found = [stop for touch in around.counted if (stop := _by_touch(touch, filed, around)) is not None]
    if filed.stop is not None:
        found.append(Stop(str(filed.stop.payload.get("why") or "hand"), filed.stop.at, filed.stop.member_id))
    if around.handed_at is not None and around.handed_at > filed.filing.at:
        found.append(Stop("closed", around.handed_at))
    timed = [stop for stop in found if stop.at is not None]
    if timed:
        return min(timed, key=lambda stop: (stop.at, stop.why))
    why = by_facts(around)
    return Stop(why, None) if why else None


def by_facts(around: Around) -> str:
    """Return what the lead as it stands says against any sequence (a code of `STOPS`), empty where nothing."""
    facts = around.facts
    if facts.get("deleted") or facts.get("merged_into") or facts.get("company.deleted"):
        return "gone"
    if around.suppressed or facts.get("dnc") or facts.get("company.dnc"):
        return "do_not_call"
    if facts.get("email_opt_out"):
        return "opt_out"
    return "" if around.open and not facts.get("company.closed") else "closed"


def _by_touch(touch: Touch, filed: _Filed, around: Around) -> Stop | None:
    why = _why_of(touch, filed.definition, around.rules)
    return Stop(why, touch.at, touch.member_id) if why and not _was_known(touch, filed.filing) else None


def _why_of(touch: Touch, definition: Definition, rules: Rules) -> str:
    return "reply" if _is_answer(touch, rules) else _by_outcome(touch, definition, rules)


def against(definition: Definition, counted: Iterable[Touch], rules: Rules) -> list[TouchId]:
    """Return the touches that would end a sequence: those known when a lead is enrolled have been weighed then."""
    return [touch.id for touch in counted if _why_of(touch, definition, rules)]


def _was_known(touch: Touch, enrolment: Filing) -> bool:
    """Return whether a touch that ends a sequence was known when the lead was enrolled, whatever date it bears: what
    a colleague recorded offline, or a call that was still on, is heard of later. What only a list tells long after is
    history, whenever that is taken in.
    """
    read = made_at(touch.journal_id) if touch.journal_id is not None else None
    if touch.signal == REPLY and read is not None and min(enrolment.at, read) - touch.at > READ_BACK:
        return True
    known = enrolment.payload.get("known")
    if isinstance(known, list):
        if touch.id in known or (touch.corrects is not None and touch.corrects in known):
            return True
        # enrolments made before a rest was an end do not name the rests that were over by then; one that was still on
        # would have been refused
        if touch.cooldown_until is None or touch.cooldown_until > enrolment.at:
            return False
    return (touch.at if read is None else max(touch.at, read)) <= enrolment.at


def _is_answer(touch: Touch, rules: Rules) -> bool:
    """Return whether the customer turned to us; that they took a request to connect is no answer yet."""
    if touch.direction is not Direction.IN or touch.channel not in _ANSWERS or touch.signal not in (None, REPLY):
        return False
    flags = touch_flags(touch, rules.outcomes)
    return flags is None or flags.answered


def _by_outcome(touch: Touch, definition: Definition, rules: Rules) -> str:
    outcome = rules.outcomes.get(touch.outcome or "")
    flags = touch_flags(touch, rules.outcomes)
    if touch.channel is Channel.MEETING and touch.signal is None:
        return "meeting"
    if outcome is None or flags is None or touch.signal is not None:
        return ""
    if outcome.dnc:
        return "do_not_call"
    if flags.meeting_set:
        return "meeting"
    if flags.answered and touch.channel is not Channel.PHONE:
        return "reply"
    if outcome.terminal or outcome.closes_company or (touch.plan is not None and touch.plan.action is None):
        return "closed"
    if _rests(touch):
        return "closed"
    promised = outcome.follow.kind == "callback" or (
        touch.plan is not None and touch.plan.action is ActionKind.CALLBACK_EXACT
    )
    if promised and "promise" in definition.stops:
        return "promise"
    talked = flags.dm_reached or flags.reached in _CONTACTS
    return "talk" if talked and "talk" in definition.stops else ""


def _rests(touch: Touch) -> bool:
    """Return whether a contact ended so that nobody is to turn to the lead for a while (ガチャ切り: a refusal that
    nobody spoke out). Mail is no way around it; the call after the rest is what was planned.
    """
    return touch.cooldown_until is not None


def first_contact(definition: Definition, counted: Sequence[Touch], now: datetime, calendar: WorkCalendar) -> date:
    """Return the day from which a lead's steps are counted: that of its first contact where the first step is not past
    by now, else today.
    """
    today = calendar.day_of(now)
    touched = [t.at for t in counted if t.signal is None and t.channel not in (Channel.NOTE, Channel.WEB)]
    if not touched:
        return today
    day = calendar.day_of(min(touched))
    first = calendar.add_business_days(day, definition.steps[0].days)
    return day if first >= today else today
