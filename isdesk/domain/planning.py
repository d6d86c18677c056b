"""What an outcome makes the next action: ladders, promises, wakes, cooldowns and field updates, by data alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from isdesk.domain.changes import Value
from isdesk.domain.cycle import Ladder, attempts, cycle, ladder_position, same_outcome_before, tried_by_slot
from isdesk.domain.ids import MemberId
from isdesk.domain.numbers import bad_numbers, next_number, other_number, usable
from isdesk.domain.outcome import Flags, flags, is_dial
from isdesk.domain.rules import Follow, Outcome, RetryPolicy, Rules, Step
from isdesk.domain.state import LeadFacts
from isdesk.domain.touch import ActionKind, Channel, Direction, Plan, Reached, Touch, effective
from isdesk.domain.waits import instant_after
from isdesk.domain.wakes import wake_day
from isdesk.domain.windows import first_best, fit_promise, fit_soft
from isdesk.domain.work_calendar import WorkCalendar

DEFAULT_EXHAUSTED_DAYS = 30
STAY = "stay"
_GIVES_WAY = frozenset({"policy", "plan", "wake"})
"""The follow-ups that a promise already given outweighs."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the rep says beside the outcome. Instants are aware; ``number`` is the dialled one, E.164.

    ``fields`` are further answers heard in the call (lead field code → value), so that the plan sees them.
    ``company_scope``: the do-not-call is asked for the whole company.
    """

    callback_at: datetime | None = None
    meeting_at: datetime | None = None
    fs_id: MemberId | None = None
    reason: str | None = None
    reached: Reached | None = None
    number: str | None = None
    note: str = ""
    ring_s: int | None = None
    talk_s: int | None = None
    adoption_at: date | None = None
    competitor: str | None = None
    direction: Direction = Direction.OUT
    channel: Channel = Channel.PHONE
    company_scope: bool = False
    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcomed:
    """What recording an outcome does; the preview shows it and the record saves it.

    ``attempt`` is the number of this dial in the cycle (unchanged where it is not a dial) and ``cap`` its limit.
    ``lead_fields``/``company_fields`` hold only values that differ (None clears). ``needs`` names what must still be
    given. ``suppress`` holds (kind, value) pairs for the suppression list. ``number`` is what to dial next where the
    plan is to dial another number. ``advance`` is the stage the outcome asks for (its gate is `stage.missing_for`).
    """

    plan: Plan
    flags: Flags
    attempt: int = 0
    cap: int = 0
    cooldown_until: datetime | None = None
    company_cooldown_until: datetime | None = None
    lead_fields: dict[str, Value] = field(default_factory=dict)
    company_fields: dict[str, Value] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    suppress: tuple[tuple[str, str], ...] = ()
    number: str | None = None
    advance: str | None = None
    alert_team_lead: bool = False

    @property
    def closes(self) -> bool:
        """Return whether the lead leaves the queue for good."""
        return self.plan.action is None

    @property
    def dnc(self) -> bool:
        """Return whether it forbids further calls."""
        return bool(self.suppress)


@dataclass(frozen=True, slots=True)
class _Case:
    """One outcome with everything its rules look at."""

    outcome: Outcome
    facts: LeadFacts
    history: Sequence[Touch]
    now: datetime
    rules: Rules
    calendar: WorkCalendar
    given: Given
    flags: Flags
    learned: Mapping[str, float]

    @property
    def follow(self) -> Follow:
        return self.outcome.follow

    def known(self, code: str) -> Value:
        """Return a field as it will be once this call is saved."""
        given = self.given
        if code == "adoption_at" and given.adoption_at is not None:
            return given.adoption_at.isoformat()
        if code == "competitor" and given.competitor:
            return given.competitor
        if code in given.fields:
            return given.fields[code]
        return self.facts.get(code)

    @property
    def may_mail(self) -> bool:
        return bool(self.known("email")) and not self.known("email_opt_out")


def plan_next(
    outcome: Outcome,
    facts: LeadFacts,
    history: Sequence[Touch],
    *,
    now: datetime,
    rules: Rules,
    calendar: WorkCalendar,
    given: Given | None = None,
    learned: Mapping[str, float] | None = None,
) -> Outcomed:
    """Return what ``outcome`` at ``now`` does to the lead. Pure: the same input always gives the same answer.

    ``history`` are the lead's touches before this one; ``learned`` the connect rate by slot code where known. Planned
    times lie in the calling windows of open days; only exact promises may leave the soft ones (OUTCOMES, Windows).
    """
    given = given or Given()
    before = effective(list(history))
    case = _Case(outcome, facts, before, now, rules, calendar, given, flags(outcome, given.reached), learned or {})
    cooldown = _days_on(case, _cooldown_days(case))
    company_cooldown = _days_on(case, outcome.company_cooldown_days)
    plan, number = _planned(case)
    plan = _after_cooldown(case, plan, cooldown, company_cooldown)
    return Outcomed(
        plan=plan,
        flags=case.flags,
        attempt=_attempt(case),
        cap=outcome.cap or rules.caps.per_contact_cycle,
        cooldown_until=cooldown,
        company_cooldown_until=company_cooldown,
        lead_fields=_changed(_lead_fields(case), facts.fields),
        company_fields=_changed(_company_fields(case, company_cooldown), facts.company or {}),
        needs=needs(outcome, facts, given),
        suppress=_suppress(case),
        number=number,
        advance=outcome.advance,
        alert_team_lead=outcome.alert_team_lead,
    )


def needs(outcome: Outcome, facts: LeadFacts, given: Given) -> tuple[str, ...]:
    """Return which of the outcome's required items are still unknown, in the order of the catalogue."""
    return tuple(code for code in outcome.requires if not _is_given(code, facts, given))


def _is_given(code: str, facts: LeadFacts, given: Given) -> bool:
    """What is said in this call counts; of what was known before, only facts that stay true."""
    if code == "note":
        return bool(given.note.strip())
    if code in {"callback_at", "meeting_at", "reason"}:
        return bool(getattr(given, code))
    if code == "adoption_at" and wakeable(given.fields.get("adoption_timing") or facts.get("adoption_timing")):
        return True
    said = getattr(given, code, None) or given.fields.get(code)
    return bool(said or facts.get(code))


def wakeable(timing: Value) -> bool:
    """Return whether a choice of 検討時期 names a time at all."""
    return isinstance(timing, str) and timing not in {"", "undecided"}


# the plan


def _planned(case: _Case) -> tuple[Plan, str | None]:
    kind = case.follow.kind
    if _moves_meeting(case):
        return _handoff(case), None
    if kind == STAY or _keeps_promise(case):
        return _stay(case), None
    if kind == "number":
        return _other_number(case)
    if case.outcome.dnc or case.outcome.closes_company:
        return Plan(None, why="close"), None
    plan = {
        "policy": _policy,
        "callback": _callback,
        "plan": _one_step,
        "wake": _wake,
        "handoff": _handoff,
        "merge": _merge,
    }.get(kind, _close)(case)
    return plan, None


def _moves_meeting(case: _Case) -> bool:
    """Return whether a known meeting got another time: that answers what was planned since (a no-show, tries).

    A promised call that is still to come stays, and so does the lead whose meeting only waits to be handed over.
    """
    outcome, last = case.outcome, _last_plan(case)
    if case.follow.kind != STAY or "meeting_at" not in outcome.requires or case.flags.meeting_set or last is None:
        return False
    met = case.facts.get("meeting_at") or any(
        earlier.meeting_set for t in case.history if (earlier := case.rules.outcomes.get(t.outcome or "")) is not None
    )
    promised = last.action is ActionKind.CALLBACK_EXACT and last.due_at is not None and last.due_at > case.now
    return bool(met) and last.action is not ActionKind.HANDOFF and not promised


def _last_plan(case: _Case) -> Plan | None:
    return next((t.plan for t in reversed(case.history) if t.plan and t.plan.why != STAY), None)


def _keeps_promise(case: _Case) -> bool:
    """Return whether a contact over another channel leaves a promised call as it is.

    A promise comes at its time; once that is past, only who was spoken with may have been told otherwise.
    """
    if case.given.channel is Channel.PHONE or case.follow.kind not in _GIVES_WAY or case.outcome.terminal:
        return False
    last = _last_plan(case)
    if last is None or last.action is not ActionKind.CALLBACK_EXACT or last.due_at is None:
        return False
    return last.due_at > case.now or not case.flags.answered


def _stay(case: _Case) -> Plan:
    last = _last_plan(case)
    if last is None:
        return Plan(ActionKind.FIRST_CALL, fit_soft(case.now, case.rules, case.calendar), STAY)
    return replace(last, why=STAY, mails=())


def _close(_case: _Case) -> Plan:
    return Plan(None, why="close")


def _merge(case: _Case) -> Plan:
    return Plan(ActionKind.MERGE, case.now, "merge")


def _handoff(case: _Case) -> Plan:
    return Plan(ActionKind.HANDOFF, case.now, "handoff")


def _policy(case: _Case) -> Plan:
    ladder = ladder_position(case.outcome, cycle(case.history, case.rules), case.rules)
    capped = not case.flags.dm_reached and _attempt(case) >= case.rules.caps.per_contact_cycle
    if ladder.step is None or capped or _outcome_cap_reached(case):
        return _exhausted(case, ladder)
    return _step(case, ladder.step, f"retry:{ladder.policy}:{ladder.number}")


def _one_step(case: _Case) -> Plan:
    if _outcome_cap_reached(case):
        return _exhausted(case, Ladder(case.follow.policy or "", 0, None))
    return _step(case, case.follow.step or Step(bd=1), f"plan:{case.outcome.code}")


def _step(case: _Case, step: Step, why: str) -> Plan:
    action = ActionKind(step.action if step.action != ActionKind.RETRY else case.follow.action)
    if step.mail and case.may_mail:
        action = ActionKind.MAIL
    due = instant_after(
        step,
        case.now,
        answered=case.flags.answered,
        tried=tried_by_slot(_with_this(case), case.rules, case.calendar),
        learned=case.learned,
        rules=case.rules,
        calendar=case.calendar,
    )
    return Plan(action, due, why, mails=_mails(case, case.follow.mail_days))


def _callback(case: _Case) -> Plan:
    action = ActionKind(case.follow.action)
    if action is ActionKind.RETRY:
        action = ActionKind.CALLBACK_EXACT
    if case.given.callback_at is None:
        return Plan(action, None, f"callback:{case.outcome.code}")
    asked = case.given.callback_at + timedelta(minutes=case.follow.minutes)
    if action is ActionKind.CALLBACK_EXACT:
        due, moved = fit_promise(asked, case.rules, case.calendar)
    else:
        due = fit_soft(asked, case.rules, case.calendar)
        moved = due != asked
    return Plan(action, due, f"callback:{case.outcome.code}", moved, _mails(case, case.follow.mail_days))


def _wake(case: _Case) -> Plan:
    follow = case.follow
    action = ActionKind.NURTURE if follow.action == ActionKind.RETRY else ActionKind(follow.action)
    day, by = wake_day(follow, case.known, case.calendar.day_of(case.now))
    due = first_best(case.calendar.next_open_day(day), case.rules, case.calendar)
    return Plan(action, due, f"wake:{by}", mails=_mails(case, follow.mail_days))


def _exhausted(case: _Case, ladder: Ladder) -> Plan:
    policy = resting_policy(ladder.policy, case.rules)
    days = DEFAULT_EXHAUSTED_DAYS if policy is None or policy.exhausted_days is None else policy.exhausted_days
    day = case.calendar.next_open_day(case.calendar.day_of(case.now) + timedelta(days=days))
    due = first_best(day, case.rules, case.calendar)
    mails = _mails(case, policy.mail_days if policy else ())
    return Plan(ActionKind.NURTURE, due, f"exhausted:{ladder.policy or case.outcome.code}", mails=mails)


def resting_policy(code: str, rules: Rules) -> RetryPolicy | None:
    """Return the policy that says how long a lead rests when this one has ended: itself, or one further down."""
    seen: set[str] = set()
    policy = rules.policies.get(code)
    while policy is not None and policy.exhausted_days is None and policy.then and policy.then not in seen:
        seen.add(policy.code)
        policy = rules.policies.get(policy.then)
    return policy


def _other_number(case: _Case) -> tuple[Plan, str | None]:
    """The next usable number at once; else the outcome's own step; else look for one, or close (the "T*").

    A number that works but was dialled today already is tried on the next business day.
    """
    number = next_number(case.facts, case.history, case.given, case.outcome, case.now, case.rules, case.calendar)
    if number is not None:
        due = fit_soft(case.now, case.rules, case.calendar)
        return Plan(ActionKind.RETRY, due, f"number:{case.outcome.code}"), number
    if case.follow.policy:
        return _policy(case), None
    if case.follow.step is not None:
        return _step(case, case.follow.step, f"plan:{case.outcome.code}"), None
    later = other_number(case.facts, case.given, case.outcome)
    if later is not None:
        return _step(case, Step(bd=1, slot="other_slot"), f"number:{case.outcome.code}"), later
    if case.outcome.terminal or (case.outcome.terminal_if_no_number and case.outcome.closes_contact):
        return Plan(None, why="close"), None
    day = case.calendar.add_business_days(case.calendar.day_of(case.now), 1)
    return Plan(ActionKind.RESEARCH_NUMBER, first_best(day, case.rules, case.calendar), "research"), None


def _after_cooldown(case: _Case, plan: Plan, cooldown: datetime | None, company_cooldown: datetime | None) -> Plan:
    """Nothing is planned inside a cooldown: at its end the lead wakes for nurture (OUTCOMES, NOT_INTERESTED)."""
    rest = max((c for c in (cooldown, company_cooldown) if c is not None), default=None)
    outcome = case.outcome
    if rest is None or outcome.dnc or outcome.closes_company or plan.why == STAY:
        return plan
    if plan.action is not None and (plan.due_at is None or plan.due_at >= rest):
        return plan
    day = case.calendar.next_open_day(case.calendar.day_of(rest))
    mails = plan.mails or _mails(case, case.follow.mail_days)
    return Plan(ActionKind.NURTURE, first_best(day, case.rules, case.calendar), "cooldown", mails=mails)


def _mails(case: _Case, days: Sequence[int]) -> tuple[datetime, ...]:
    """Return when the rule's mails fall due, in business days (DOMAIN 10); none without an address or after opt-out."""
    if not case.may_mail:
        return ()
    today = case.calendar.day_of(case.now)
    first = (case.now,) if case.follow.mail_today else ()
    later = (case.calendar.add_business_days(today, n) for n in days)
    return (*first, *(first_best(day, case.rules, case.calendar) for day in later))


# counting


def _with_this(case: _Case) -> list[datetime]:
    """Return the instants of the lead's counted dials, this one included."""
    before = [t.at for t in case.history if is_dial(t, case.rules.outcomes)]
    return [*before, case.now] if _counts(case) else before


def _counts(case: _Case) -> bool:
    given = case.given
    return case.outcome.counts_as_dial and given.direction is Direction.OUT and given.channel is Channel.PHONE


def _is_return_call(case: _Case) -> bool:
    return case.given.direction is Direction.IN and case.given.channel is Channel.PHONE


def _attempt(case: _Case) -> int:
    if _is_return_call(case):
        return 0
    return attempts(case.history, case.rules) + (1 if _counts(case) else 0)


def _outcome_cap_reached(case: _Case) -> bool:
    cap = case.outcome.cap
    return cap is not None and same_outcome_before(case.outcome, case.history, case.rules) + 1 >= cap


def _cooldown_days(case: _Case) -> int:
    outcome = case.outcome
    again = any(t.outcome == outcome.code for t in case.history)
    if again and outcome.repeat_cooldown_days is not None:
        return outcome.repeat_cooldown_days
    return outcome.cooldown_days


def _days_on(case: _Case, days: int) -> datetime | None:
    """Return the beginning of the business date ``days`` calendar days ahead; None for no days."""
    if days <= 0:
        return None
    return case.calendar.start_of_day(case.calendar.day_of(case.now) + timedelta(days=days))


# field updates


def _lead_fields(case: _Case) -> dict[str, Value]:
    given, outcome = case.given, case.outcome
    new: dict[str, Value] = {"lease": None}
    if case.follow.kind != STAY:
        new |= {"snoozed_until": None, "pinned": None}
    flagged = _flagged_numbers(case)
    if flagged:
        new["bad_numbers"] = {**bad_numbers(case.facts), **flagged}
    if outcome.dnc:
        new |= {"dnc": True, "email_opt_out": True}
    if outcome.cancels_meeting:
        new["meeting_at"] = None
    elif given.meeting_at is not None:
        new["meeting_at"] = given.meeting_at.isoformat()
    new |= {code: value for code, value in (("fs_id", given.fs_id), ("competitor", given.competitor)) if value}
    if given.adoption_at is not None:
        new["adoption_at"] = given.adoption_at.isoformat()
    if given.reason and "reason" in outcome.requires:
        new["refusal_reason"] = given.reason
    return new


def _flagged_numbers(case: _Case) -> dict[str, object]:
    """Return the numbers that this call showed to be unusable; a person who left takes their own numbers along."""
    outcome = case.outcome
    flagged: dict[str, object] = {}
    if outcome.number_flag and case.given.number:
        flagged[case.given.number] = outcome.number_flag
    if outcome.closes_contact:
        flagged |= {n.e164: "wrong" for n in usable(case.facts) if n.kind != "switchboard"}
    return flagged


def _company_fields(case: _Case, company_cooldown: datetime | None) -> dict[str, Value]:
    if case.facts.company_id is None:
        return {}
    outcome = case.outcome
    new: dict[str, Value] = {}
    if outcome.dnc_company or (outcome.dnc and case.given.company_scope):
        new["dnc"] = True
    if outcome.closes_company:
        new["closed"] = True
    if company_cooldown is not None:
        new["cooldown_until"] = company_cooldown.isoformat()
    elif _is_return_call(case) and case.follow.kind != STAY and not outcome.dnc:
        new["cooldown_until"] = None
    return new


def _changed(new: dict[str, Value], old: Mapping[str, Value]) -> dict[str, Value]:
    return {code: value for code, value in new.items() if old.get(code) != value}


def _suppress(case: _Case) -> tuple[tuple[str, str], ...]:
    """Return what a do-not-call covers: the person, the dialled number, the address, and the company where asked."""
    outcome, facts = case.outcome, case.facts
    if not outcome.dnc:
        return ()
    pairs: list[tuple[str, str]] = [("lead", facts.id)]
    if case.given.number:
        pairs.append(("number", case.given.number))
    mail = facts.get("email")
    if isinstance(mail, str) and mail:
        pairs.append(("mail", mail))
    if facts.company_id and (outcome.dnc_company or case.given.company_scope):
        pairs.append(("company", facts.company_id))
    return tuple(pairs)


def reminder_at(meeting_at: datetime, rules: Rules, calendar: WorkCalendar) -> datetime:
    """Return when to remind of a meeting: one business day before, at the first preferred hour (OUTCOMES, M)."""
    day = calendar.add_business_days(calendar.day_of(meeting_at), -1)
    return first_best(day, rules, calendar)


__all__ = ["STAY", "Given", "Outcomed", "needs", "plan_next", "reminder_at", "wakeable"]
