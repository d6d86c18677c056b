"""The three scores, ICP適合度 × 意欲 × 時期, each with the rules that made it (DOMAIN 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

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
_TIMING_FIELDS = ("adoption_at", "contract_end", "budget_month")
_CHOSEN_MONTHS = {"this_month": 1, "3_months": 3, "6_months": 6, "1_year": 12}


def score(facts: LeadFacts, touches: Sequence[Touch], *, rules: Rules, now: datetime) -> Scores:
    """Return the scores on the business date of ``now``; the hour makes no difference."""
    today = now.astimezone(TOKYO).date()
    return score_on(facts, effective(list(touches)), rules, today)


def score_on(facts: LeadFacts, counted: Sequence[Touch], rules: Rules, today: date) -> Scores:
    """Return the scores on a business date from the touches that count."""
    scoring = rules.scoring
    fit = [_base(FIT, scoring.fit_base), *_rule_parts(FIT, scoring.fit, facts)]
    heard = _intent_parts(counted, rules, today)
    intent = [_base(INTENT, scoring.intent_base), *_rule_parts(INTENT, scoring.intent, facts), *heard]
    when = _when_part(facts, scoring, today)
    timing = [when or _base(TIMING, scoring.timing_base), *_rule_parts(TIMING, scoring.timing, facts)]
    of_fit, of_intent, of_timing = _clamped(fit), _clamped(intent), _clamped(timing)
    return Scores(
        fit=of_fit,
        intent=of_intent,
        timing=of_timing,
        priority=(of_fit * of_intent * of_timing + 5000) // 10000,
        parts=tuple(p for p in (*fit, *intent, *timing) if p.points),
        daily=bool(heard) or any(facts.get(code) is not None for code in _TIMING_FIELDS),
    )


def _base(axis: str, points: int) -> Part:
    return Part(axis, "base", "基礎点", "Base", points)


def _clamped(parts: Iterable[Part]) -> int:
    return max(0, min(_FULL, sum(p.points for p in parts)))


def _rule_parts(axis: str, rules: Iterable[ScoreRule], facts: LeadFacts) -> list[Part]:
    return [Part(axis, r.code, r.label.ja, r.label.en, r.points) for r in rules if holds(r, facts)]


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
    ahead: list[tuple[str, int]] = []
    if facts.get("adoption_at") is None:
        chosen = facts.get("adoption_timing")
        if isinstance(chosen, str) and chosen in _CHOSEN_MONTHS:
            ahead.append(("adoption_timing", _CHOSEN_MONTHS[chosen]))
    for code in _TIMING_FIELDS:
        day = target_day(code, facts.get, today) if facts.get(code) is not None else None
        if day is not None and day >= today:
            ahead.append((code, max(months_until(day, today), 1)))
    return ahead
