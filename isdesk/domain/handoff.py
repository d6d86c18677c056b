"""The handoff to Field Sales (引き継ぎ): its steps, its state, and the checklist that fills itself (DOMAIN 6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from isdesk.domain.changes import Value
from isdesk.domain.conditions import holds
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Field, Kind
from isdesk.domain.ids import DeviceId, HandoffId, JournalId, LeadId, MemberId, TransitionId
from isdesk.domain.rules import ChecklistItem, Label, Rules
from isdesk.domain.state import LeadFacts, Scores
from isdesk.domain.touch import Channel, Touch, effective
from isdesk.domain.work_calendar import TOKYO

HISTORY = "history"
SCORE = "score"


class Action(StrEnum):
    """A step in a handoff's life. ``ask`` and ``refuse`` are those of an approval that the playbook wants first."""

    ASK = "ask"
    REFUSE = "refuse"
    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"
    RECYCLE = "recycle"
    WITHDRAW = "withdraw"
    FEEDBACK = "feedback"


class State(StrEnum):
    """Where a handoff stands: 下書き, 承認待ち, 引き渡し, 受理, 差し戻し, リサイクル, 取り下げ."""

    DRAFT = "draft"
    ASKED = "asked"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    RECYCLED = "recycled"
    WITHDRAWN = "withdrawn"


_AFTER: dict[tuple[State, Action], State] = {
    (State.DRAFT, Action.ASK): State.ASKED,
    (State.RETURNED, Action.ASK): State.ASKED,
    (State.WITHDRAWN, Action.ASK): State.ASKED,
    (State.RECYCLED, Action.ASK): State.ASKED,
    (State.ASKED, Action.REFUSE): State.RETURNED,
    (State.ASKED, Action.SUBMIT): State.SUBMITTED,
    (State.ASKED, Action.WITHDRAW): State.WITHDRAWN,
    (State.DRAFT, Action.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Action.ACCEPT): State.ACCEPTED,
    (State.SUBMITTED, Action.RETURN): State.RETURNED,
    (State.SUBMITTED, Action.RECYCLE): State.RECYCLED,
    (State.SUBMITTED, Action.WITHDRAW): State.WITHDRAWN,
    (State.RETURNED, Action.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Action.WITHDRAW): State.WITHDRAWN,
    (State.RETURNED, Action.RECYCLE): State.RECYCLED,
    (State.ACCEPTED, Action.RECYCLE): State.RECYCLED,
    (State.ACCEPTED, Action.FEEDBACK): State.ACCEPTED,
    (State.WITHDRAWN, Action.SUBMIT): State.SUBMITTED,
    (State.RECYCLED, Action.SUBMIT): State.SUBMITTED,
}

_OF_APPROVAL = frozenset({Action.ASK, Action.REFUSE})


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of a handoff. Append-only; a ``void`` step takes ``corrects`` back.

    ``to_fs`` is the Field Sales person it is handed to (of a submit). ``reason`` is a code or words (of a return,
    recycle or withdrawal). ``payload`` carries what belongs to the step: the checklist as it stood at submit, and of a
    feedback ``result``, ``amount``, ``factor`` and ``reasked`` (the codes of facts that had to be asked again). A
    submit that was approved carries the id of its ``request`` and counts only where that is still asked for.
    """

    id: TransitionId
    handoff_id: HandoffId
    lead_id: LeadId
    member_id: MemberId
    device_id: DeviceId
    device_seq: int
    at: datetime
    action: str
    to_fs: MemberId | None = None
    reason: str | None = None
    payload: dict[str, Value] = field(default_factory=dict)
    corrects: TransitionId | None = None
    void: bool = False
    journal_id: JournalId | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    """A handoff at its present state. ``id`` is None for a draft of which no step exists yet.

    ``submitted_by`` is the rep; ``decided_at`` when FS accepted, returned or recycled it (None while open);
    ``reason`` of the last return, recycle or withdrawal. ``steps`` are those that took effect, oldest first.
    """

    id: HandoffId | None = None
    state: State = State.DRAFT
    fs_id: MemberId | None = None
    submitted_by: MemberId | None = None
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    feedback: dict[str, Value] | None = None
    feedback_at: datetime | None = None
    changed_at: datetime | None = None
    steps: tuple[Transition, ...] = ()


@dataclass(frozen=True, slots=True)
class ChecklistLineData:
    """One line of the checklist: ``value`` as known, ``fresh`` when a field of it was heard today.

    ``missing_fields`` are the field codes still unknown; ``ask_ja``/``ask_en`` the question that would fill them.
    """

    code: str
    ja: str
    en: str
    done: bool
    required: bool
    value: str = ""
    missing_fields: tuple[str, ...] = ()
    ask_ja: str = ""
    ask_en: str = ""
    fresh: bool = False


def effective_steps(transitions: Iterable[Transition]) -> list[Transition]:
    """Return the steps that count, oldest first, in the same order on every device."""
    steps = list(transitions)
    gone = {t.corrects for t in steps if t.corrects is not None}
    kept = [t for t in steps if not t.void and t.id not in gone]
    kept.sort(key=lambda t: (t.at, t.device_id, t.device_seq, t.id))
    return kept


def allowed(state: str, action: str) -> bool:
    """Return whether ``action`` may be taken in ``state``."""
    try:
        return (State(state), Action(action)) in _AFTER
    except ValueError:
        return False


def actions(state: str) -> tuple[str, ...]:
    """Return the actions that a person takes in ``state``, in the order of `Action`; those of an approval left out."""
    return tuple(a.value for a in Action if a not in _OF_APPROVAL and allowed(state, a))


def may_hand_over(state: str) -> bool:
    """Return whether the rep may hand the lead over in ``state``; what waits for approval is not theirs to submit."""
    return state != State.ASKED and allowed(state, Action.SUBMIT)


def starts_new(state: str) -> bool:
    """Return whether a submit in ``state`` begins another handoff (with an id of its own)."""
    return state in {State.WITHDRAWN, State.RECYCLED}


def fold(transitions: Iterable[Transition]) -> Handoff:
    """Return the lead's newest handoff at its present state; a draft without id where there is none.

    A step that its state does not allow (two people decided at once) has no effect: the first one stands.
    """
    every = fold_all(transitions)
    return every[-1] if every else Handoff()


def fold_all(transitions: Iterable[Transition]) -> tuple[Handoff, ...]:
    """Return every handoff of a lead, the one that began first first.

    Another one begins only where the one before is over. Who hands the lead over while it is handed over already (two
    devices that did not know of each other) joins that handoff, and so does whatever is decided on the second.
    """
    by_id: dict[HandoffId, Handoff] = {}
    joined: dict[HandoffId, HandoffId] = {}
    newest: HandoffId | None = None
    for step in effective_steps(transitions):
        own = joined.get(step.handoff_id, step.handoff_id)
        if own not in by_id and newest is not None and not starts_new(by_id[newest].state):
            own = joined[step.handoff_id] = newest
        by_id[own] = _apply(by_id.get(own, Handoff(id=own)), step)
        newest = next(reversed(by_id))
    return tuple(by_id.values())


def _apply(now: Handoff, step: Transition) -> Handoff:
    if not allowed(now.state, step.action):
        return now
    submitting, asking = step.action == Action.SUBMIT, step.action == Action.ASK
    if submitting and step.payload.get("request") and now.state is not State.ASKED:
        return now
    state = _AFTER[now.state, Action(step.action)]
    feedback = step.action == Action.FEEDBACK
    deciding = step.action in {Action.ACCEPT, Action.RETURN, Action.RECYCLE}
    return Handoff(
        id=now.id,
        state=state,
        fs_id=step.to_fs or now.fs_id,
        submitted_by=step.member_id if submitting else now.submitted_by,
        submitted_at=step.at if submitting else now.submitted_at,
        decided_at=None if submitting else (step.at if deciding else now.decided_at),
        reason=None if submitting or asking else (step.reason or now.reason),
        feedback=dict(step.payload) if feedback else now.feedback,
        feedback_at=step.at if feedback else now.feedback_at,
        changed_at=step.at,
        steps=(*now.steps, step),
    )


def approval_wanted(facts: LeadFacts, grade: str, rules: Rules) -> tuple[Label, ...]:
    """Return why the playbook wants a handoff approved before it is submitted (``[handoff]``); nothing: it does not."""
    wanted = rules.handoff
    found = [Label("すべての引き継ぎ", "every handoff")] if wanted.needs_approval else []
    if grade in wanted.approval_grades:
        found.append(Label(f"確度 {grade}", f"grade {grade}"))
    return (*found, *(one.label for one in wanted.approval if holds(one, facts)))


def grade(scores: Scores, rules: Rules) -> str:
    """Return the likelihood grade A–C that the priority gives (確度)."""
    if scores.priority >= rules.scoring.rank_a:
        return "A"
    return "B" if scores.priority >= rules.scoring.rank_b else "C"


def grade_of(facts: LeadFacts, scores: Scores, rules: Rules) -> str:
    """Return the grade the rep gave, else the one the score gives."""
    own = facts.get("confidence_rank")
    return own if isinstance(own, str) and own else grade(scores, rules)


def checklist(
    facts: LeadFacts,
    touches: Sequence[Touch],
    scores: Scores,
    rules: Rules,
    today: date,
    *,
    fresh_fields: frozenset[str] = frozenset(),
    lang: str = "ja",
) -> tuple[ChecklistLineData, ...]:
    """Return the checklist filled with what is known (DOMAIN 6).

    ``fresh_fields`` are the field codes written today (business date ``today``); the history counts as fresh when
    there was a call today.
    """
    counted = [t for t in effective(list(touches)) if t.signal is None]
    fields = _known_fields(rules)
    return tuple(
        _line(item, facts, counted, scores, rules, today, fresh_fields, lang, fields) for item in rules.checklist
    )


def missing(lines: Iterable[ChecklistLineData]) -> tuple[ChecklistLineData, ...]:
    """Return the required lines that are not done: while there are any, a handoff cannot be submitted."""
    return tuple(line for line in lines if line.required and not line.done)


def _known_fields(rules: Rules) -> dict[str, Field]:
    known = {f"company.{code}": f for code, f in COMPANY_FIELDS.items()} | dict(LEAD_FIELDS)
    for own in rules.fields:
        known[own.code if own.obj == "lead" else f"company.{own.code}"] = own
    return known


def _line(
    item: ChecklistItem,
    facts: LeadFacts,
    counted: Sequence[Touch],
    scores: Scores,
    rules: Rules,
    today: date,
    fresh_fields: frozenset[str],
    lang: str,
    fields: dict[str, Field],
) -> ChecklistLineData:
    lacking: list[str] = []
    shown: list[str] = []
    for path in item.fields:
        text = _special(path, counted, facts, scores, rules, lang)
        if text is None:
            text = shown_value(facts.get(path), fields.get(path), lang)
        if text:
            shown.append(text)
        else:
            lacking.append(path)
    calls = (t.at for t in counted if t.channel is Channel.PHONE)
    heard_today = HISTORY in item.fields and any(at.astimezone(TOKYO).date() == today for at in calls)
    return ChecklistLineData(
        code=item.code,
        ja=item.label.ja,
        en=item.label.en,
        done=not lacking,
        required=item.required,
        value=" ・ ".join(shown),
        missing_fields=tuple(lacking),
        ask_ja=item.ask.ja if item.ask else "",
        ask_en=item.ask.en if item.ask else "",
        fresh=heard_today or any(path in fresh_fields for path in item.fields),
    )


def _special(
    path: str, counted: Sequence[Touch], facts: LeadFacts, scores: Scores, rules: Rules, lang: str
) -> str | None:
    if path == HISTORY:
        if not counted:
            return ""
        return f"{len(counted)}回" if lang == "ja" else f"{len(counted)}×"
    if path == SCORE:
        return f"{grade_of(facts, scores, rules)}({scores.priority})"
    return None


def shown_value(value: Value, spec: Field | None, lang: str = "ja") -> str:
    """Return a field's value as people read it: a choice by its label, a time in Tokyo; empty where unknown."""
    if value is None or value == "" or value is False:
        return ""
    if spec is not None and spec.kind is Kind.CHOICE:
        for code, ja, en in spec.choices:
            if code == value:
                return en if lang == "en" else ja
    if spec is not None and spec.kind is Kind.DATETIME and isinstance(value, str):
        with suppress(ValueError):
            return datetime.fromisoformat(value).astimezone(TOKYO).strftime("%Y-%m-%d %H:%M")
    return str(value)
