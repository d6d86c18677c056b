"""The three scores, ICP適合度 × 意欲 × 時期, each with the rules that made it (DOMAIN 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from isdesk.domain.changes import Value
from isdesk.domain.conditions import holds
from isdesk.domain.fields import LEAD_FIELDS
from isdesk.domain.rules import Rules, ScoreRule, Scoring, SignalRule
from isdesk.domain.state import LeadFacts, Part, Scores
from isdesk.domain.touch import Touch, effective
from isdesk.domain.wakes import months_until, target_day
from isdesk.domain.work_calendar import TOKYO

FIT, INTENT, TIMING = "fit", "intent", "timing"
HEARD_HALF_LIFE_DAYS = 30.0
"""How fast the interest that a conversation showed fades."""

_FULL = 100
_MOST_SEEN = 50_000
_MOST_MEMORIES = 8
_TIMING_FIELDS = ("adoption_at", "contract_end", "budget_month")
_CHOSEN_MONTHS = {"this_month": 1, "3_months": 3, "6_months": 6, "1_year": 12}


def score(facts: LeadFacts, touches: Sequence[Touch], *, rules: Rules, now: datetime) -> Scores:
    """Return the scores on the business date of ``now``; the hour makes no difference."""
    today = now.astimezone(TOKYO).date()
    return score_on(facts, effective(list(touches)), rules, today)


def score_on(facts: LeadFacts, counted: Sequence[Touch], rules: Rules, today: date) -> Scores:
    """Return the scores on a business date from the touches that count."""
    scoring = rules.scoring
    memory = _memory_of(scoring)
    fit = [memory.bases[0], *memory.fit.parts(facts)]
    heard = _intent_parts(counted, rules, today) if counted else []
    intent = [memory.bases[1], *memory.intent.parts(facts), *heard]
    when = _when_part(facts, scoring, today)
    timing = [when or memory.bases[2], *memory.timing.parts(facts)]
    of_fit, of_intent, of_timing = _clamped(fit), _clamped(intent), _clamped(timing)
    return Scores(
        fit=of_fit,
        intent=of_intent,
        timing=of_timing,
        priority=(of_fit * of_intent * of_timing + 5000) // 10000,
        parts=tuple(p for p in (*fit, *intent, *timing) if p.points),
        daily=bool(heard) or any(code in facts.fields for code in _TIMING_FIELDS),
    )


def _base(axis: str, points: int) -> Part:
    return Part(axis, "base", "基礎点", "Base", points)


def _clamped(parts: Iterable[Part]) -> int:
    return max(0, min(_FULL, sum(p.points for p in parts)))


class _Axis:
    """The field rules of one axis, grouped by their field, with what they gave for values seen before.

    A hundred thousand leads have few different industries, titles and sizes: each is judged once.
    """

    def __init__(self, axis: str, rules: Iterable[ScoreRule]) -> None:
        self._axis = axis
        self._rules: dict[str, list[ScoreRule]] = {}
        for rule in rules:
            self._rules.setdefault(rule.field, []).append(rule)
        self._seen: dict[tuple[str, type, Value], tuple[Part, ...]] = {}

    def parts(self, facts: LeadFacts) -> list[Part]:
        """Return the parts that the rules give for a lead."""
        found: list[Part] = []
        for path, rules in self._rules.items():
            value = facts.get(path)
            if isinstance(value, list | dict):
                found += self._judge(rules, facts)
                continue
            key = (path, type(value), value)
            known = self._seen.get(key)
            if known is None:
                if len(self._seen) >= _MOST_SEEN:
                    self._seen.clear()
                known = self._seen[key] = self._judge(rules, facts)
            found += known
        return found

    def _judge(self, rules: Iterable[ScoreRule], facts: LeadFacts) -> tuple[Part, ...]:
        return tuple(Part(self._axis, r.code, r.label.ja, r.label.en, r.points) for r in rules if holds(r, facts))


class _Memory:
    """What was worked out for one `Scoring`."""

    def __init__(self, scoring: Scoring) -> None:
        self.scoring = scoring
        self.bases = (
            _base(FIT, scoring.fit_base),
            _base(INTENT, scoring.intent_base),
            _base(TIMING, scoring.timing_base),
        )
        self.fit = _Axis(FIT, scoring.fit)
        self.intent = _Axis(INTENT, scoring.intent)
        self.timing = _Axis(TIMING, scoring.timing)


_memories: dict[int, _Memory] = {}


def _memory_of(scoring: Scoring) -> _Memory:
    """Return the memory of these very definitions; the few newest are kept."""
    memory = _memories.get(id(scoring))
    if memory is None or memory.scoring is not scoring:
        if len(_memories) >= _MOST_MEMORIES:
            _memories.clear()
        memory = _memories[id(scoring)] = _Memory(scoring)
    return memory


def _decayed(points: float, at: datetime, half_life_days: float, today: date) -> float:
    age = max((today - at.astimezone(TOKYO).date()).days, 0)
    return points * float(0.5 ** (age / half_life_days))


def _intent_parts(counted: Sequence[Touch], rules: Rules, today: date) -> list[Part]:
    """Return one part per kind of signal and per outcome that showed interest, after decay and within its cap."""
    signals = {s.code: s for s in rules.scoring.signals}
    totals: dict[str, float] = {}
    for touch in counted:
        signal = signals.get(touch.signal or "")
        if signal is not None:
            gained = _decayed(signal.points, touch.at, signal.half_life_days, today)
            totals[signal.code] = min(totals.get(signal.code, 0.0) + gained, float(signal.cap))
            continue
        outcome = rules.outcomes.get(touch.outcome or "")
        if outcome is not None and outcome.intent_bonus:
            code = f"outcome:{outcome.code}"
            gained = _decayed(outcome.intent_bonus, touch.at, HEARD_HALF_LIFE_DAYS, today)
            totals[code] = totals.get(code, 0.0) + gained
    return [_intent_part(code, round(total), signals, rules) for code, total in totals.items()]


def _intent_part(code: str, points: int, signals: dict[str, SignalRule], rules: Rules) -> Part:
    label = signals[code].label if code in signals else rules.outcomes[code.removeprefix("outcome:")].label
    return Part(INTENT, code, label.ja, label.en, points)


def _when_part(facts: LeadFacts, scoring: Scoring, today: date) -> Part | None:
    """Return what the nearest known time gives: stated adoption, end of the present contract, budget month."""
    best: Part | None = None
    for code, months in _months_ahead(facts, today):
        points = next((p for limit, p in scoring.timing_by_months if months <= limit), scoring.timing_base)
        spec = LEAD_FIELDS[code]
        if best is None or points > best.points:
            best = Part(TIMING, code, spec.ja, spec.en, points)
    return best


def _months_ahead(facts: LeadFacts, today: date) -> list[tuple[str, int]]:
    """Return (field, begun months until then) for each known time that is not past."""
    fields = facts.fields
    ahead: list[tuple[str, int]] = []
    if fields.get("adoption_at") is None:
        chosen = fields.get("adoption_timing")
        if isinstance(chosen, str) and chosen in _CHOSEN_MONTHS:
            ahead.append(("adoption_timing", _CHOSEN_MONTHS[chosen]))
    for code in _TIMING_FIELDS:
        day = target_day(code, facts.get, today) if fields.get(code) is not None else None
        if day is not None and day >= today:
            ahead.append((code, max(months_until(day, today), 1)))
    return ahead
