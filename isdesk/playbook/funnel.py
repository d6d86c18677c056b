"""Reads what the departments agreed on: stages, scoring, checklist, sources, reasons, RACI, the team's own fields."""

from __future__ import annotations

from isdesk.domain.changes import Obj
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Field, Kind, Merge
from isdesk.domain.kpi_catalogue import DEFINITIONS, TARGETS
from isdesk.domain.roles import ROLES, Right
from isdesk.domain.rules import (
    ChecklistItem,
    Criterion,
    HandoffRules,
    Label,
    Raci,
    Reason,
    RubricItem,
    ScoreRule,
    Scoring,
    SignalRule,
    Source,
    Stage,
)
from isdesk.domain.touch import ActionKind
from isdesk.playbook.reader import Table

OWNERS = ("marketing", "inside_sales", "field_sales", "customer_success")
REASON_KINDS = ("refusal", "lost", "won", "return", "recycle", "withdraw", "skip", "snooze")
_CRITERIA = ("field", "score", "touch", "handoff", "meeting")
_HANDOFF = ("draft", "asked", "submitted", "accepted", "returned", "recycled", "withdrawn")
_CONDITIONS = (("any_of",), ("none_of",), ("equals",), ("at_least", "at_most"), ("present",))
_RACI = ("", "R", "A", "C", "I", "R/A")
FILLED = ("history", "score")
"""Names in a checklist item that the program fills itself."""


def groups(top: Table) -> dict[str, Label]:
    """Read the groups of outcomes."""
    return _labels(top, "group")


def _labels(top: Table, key: str) -> dict[str, Label]:
    out: dict[str, Label] = {}
    for code, t in top.entries(key):
        out[code] = t.label()
        t.done()
    return out


def fields(top: Table) -> tuple[Field, ...]:
    """Read the team's own fields."""
    out: list[Field] = []
    for code, t in top.entries("field"):
        obj = Obj(t.one_of("obj", tuple(Obj), Obj.LEAD))
        if code in (LEAD_FIELDS if obj is Obj.LEAD else COMPANY_FIELDS):
            t.problems.add("playbook_standard_field", t.path, value=code)
        label, kind = t.label(), Kind(t.one_of("kind", tuple(Kind), Kind.TEXT))
        made = Field(
            code,
            obj,
            kind,
            label.ja,
            label.en,
            merge=Merge(t.one_of("merge", tuple(Merge), Merge.HUMAN)),
            choices=choices(t, "choices", None),
            searchable=t.flag("searchable"),
            shown=t.flag("shown", default=True),
        )
        if kind is Kind.CHOICE and not made.choices:
            t.problems.add("playbook_empty", t.at("choices"))
        out.append(made)
        t.done()
    return tuple(out)


def choices(t: Table, key: str, of: Field | None) -> tuple[tuple[str, str, str], ...]:
    """Read choices: texts, or ``[code, ja, en]``. For a field with choices of its own a text is one of its codes."""
    own = {c[0]: c for c in of.choices} if of else {}
    out: list[tuple[str, str, str]] = []
    for i, value in enumerate(t.items(key)):
        if isinstance(value, str):
            if own and value not in own:
                t.unknown(key, value, tuple(own), i)
            out.append(own.get(value, (value, value, value)))
        elif isinstance(value, list) and len(value) == 3 and all(isinstance(v, str) for v in value):
            if own and value[0] not in own:
                t.unknown(key, value[0], tuple(own), i)
            out.append((value[0], value[1], value[2]))
        else:
            t.problems.add("playbook_not_choice", t.at(key, i), value=repr(value))
    return tuple(out)


def stages(top: Table) -> dict[str, Stage]:
    """Read the stages (リードステージ) with their entry criteria."""
    out: dict[str, Stage] = {}
    for n, (code, t) in enumerate(top.entries("stage"), start=1):
        entry = tuple(_criterion(c) for _, c in t.entries("entry"))
        out[code] = Stage(
            code,
            t.label(),
            owner=t.one_of("owner", OWNERS),
            order=t.whole("order", n, most=1000),
            entry=entry,
            needs_approval=t.flag("needs_approval"),
            callable=t.flag("callable", default=True),
            purpose=t.text("purpose", ""),
            purpose_en=t.text("purpose_en", ""),
        )
        t.done()
    return out


def _criterion(t: Table) -> Criterion:
    kind = t.one_of("kind", _CRITERIA)
    value: str | int | None = None
    if kind == "score":
        value = t.whole("value", most=100)
    elif kind == "handoff":
        value = t.one_of("value", _HANDOFF)
    out = Criterion(kind, t.label(), field=t.text("field") if kind == "field" else t.maybe("field"), value=value)
    t.done()
    return out


def condition(code: str, t: Table, *, points: bool = True) -> ScoreRule:
    """Read one condition on a field: exactly one of any_of, none_of, equals, at_least/at_most, present."""
    if sum(any(key in t for key in keys) for keys in _CONDITIONS) != 1:
        known = ", ".join(key for keys in _CONDITIONS for key in keys)
        t.problems.add("playbook_one_condition", t.path, known=known)
    out = ScoreRule(
        code,
        t.label() if points or "ja" in t else Label(code, code),
        points=t.whole("points", least=-100, most=100) if points else 0,
        field=t.text("field"),
        any_of=t.texts("any_of"),
        equals=t.maybe("equals"),
        at_least=t.maybe_number("at_least"),
        at_most=t.maybe_number("at_most"),
        present=t.maybe_flag("present"),
        none_of=t.texts("none_of"),
    )
    for key in ("any_of", "none_of"):
        if key in t and not t.items(key):
            t.problems.add("playbook_empty", t.at(key))
    if out.at_least is not None and out.at_most is not None and out.at_least > out.at_most:
        t.problems.add("playbook_not_ordered", t.at("at_most"), value=f"{out.at_least:g}–{out.at_most:g}")
    t.done()
    return out


def scoring(top: Table) -> Scoring:
    """Read the scores: fit × intent × timing (DOMAIN 3)."""
    t, d = top.table("score"), Scoring()
    out = Scoring(
        fit_base=t.whole("fit_base", d.fit_base, most=100),
        fit=tuple(condition(c, r) for c, r in t.entries("fit")),
        intent_base=t.whole("intent_base", d.intent_base, most=100),
        intent=tuple(condition(c, r) for c, r in t.entries("intent")),
        signals=tuple(_signal(c, r) for c, r in t.entries("signal")),
        timing_base=t.whole("timing_base", d.timing_base, most=100),
        timing=tuple(condition(c, r) for c, r in t.entries("timing")),
        timing_by_months=t.pairs("timing_by_months") or d.timing_by_months,
        mql_bar=t.whole("mql_bar", d.mql_bar, most=100),
        rank_a=t.whole("rank_a", d.rank_a, most=100),
        rank_b=t.whole("rank_b", d.rank_b, most=100),
    )
    if out.rank_b > out.rank_a:
        t.problems.add("playbook_not_ordered", t.at("rank_b"), value=f"{out.rank_b} > {out.rank_a}")
    months = [m for m, _ in out.timing_by_months]
    if months != sorted(set(months)):
        t.problems.add("playbook_not_ordered", t.at("timing_by_months"), value=str(months))
    t.done()
    return out


def _signal(code: str, t: Table) -> SignalRule:
    out = SignalRule(
        code,
        t.label(),
        points=t.whole("points", least=-100, most=100),
        half_life_days=t.number("half_life_days", 14.0, least=0.1, most=3650),
        cap=t.whole("cap", 60, most=100),
        hot_hours=t.number("hot_hours", 24.0, most=10_000),
    )
    t.done()
    return out


def checklist(top: Table) -> tuple[ChecklistItem, ...]:
    """Read the handoff checklist (DOMAIN 6)."""
    out: list[ChecklistItem] = []
    for code, t in top.entries("checklist"):
        ask = t.maybe("ask")
        out.append(
            ChecklistItem(
                code,
                t.label(),
                fields=t.texts("fields"),
                required=t.flag("required", default=True),
                ask=Label(ask, t.text("ask_en", ask)) if ask else None,
            )
        )
        if not out[-1].fields:
            t.problems.add("playbook_empty", t.at("fields"))
        t.done()
    return tuple(out)


GRADES = ("A", "B", "C")


def handoff(top: Table) -> HandoffRules:
    """Read which handoffs are approved first: all of them, those of some grades, those of which a condition holds."""
    t = top.table("handoff")
    out = HandoffRules(
        needs_approval=t.flag("needs_approval"),
        approval_grades=t.texts("approval_grades", GRADES),
        approval=tuple(condition(code, c, points=False) for code, c in t.entries("approval")),
    )
    t.done()
    return out


def sources(top: Table) -> dict[str, Source]:
    """Read the lead sources (流入経路)."""
    out: dict[str, Source] = {}
    for code, t in top.entries("source"):
        first_response = t.flag("first_response", default=True)
        out[code] = Source(code, t.label(), inbound=t.flag("inbound"), first_response=first_response)
        t.done()
    return out


def reasons(top: Table) -> tuple[Reason, ...]:
    """Read the reasons by kind: ``[reason.refusal.no_need]``."""
    out: list[Reason] = []
    below = top.table("reason")
    for kind in below.codes():
        if kind not in REASON_KINDS:
            below.raw(kind)
            below.unknown(kind, kind, REASON_KINDS)
            continue
        for code, t in below.entries(kind):
            out.append(Reason(code, kind, t.label()))
            t.done()
    return tuple(out)


def raci(top: Table) -> tuple[Raci, ...]:
    """Read the RACI table (DOMAIN 1)."""
    stages = top.table("stage").codes()
    out: list[Raci] = []
    for code, t in top.entries("raci"):
        m, i, f, c = (t.one_of(owner, _RACI, "") for owner in OWNERS)
        actions, held = t.texts("actions", tuple(ActionKind)), t.texts("stages", stages)
        out.append(Raci(code, t.label(), m, i, f, c, actions, held))
        if not any(x in ("R", "R/A") for x in (m, i, f, c)):
            t.problems.add("playbook_nobody_responsible", t.path)
        t.done()
    return tuple(out)


def targets(top: Table) -> dict[str, float]:
    """Read the targets of the figures: a rate as a share, a count per rep and business day."""
    below = top.table("target")
    out: dict[str, float] = {}
    for code in below.codes():
        if code not in TARGETS:
            below.raw(code)
            below.unknown(code, code, TARGETS)
            continue
        of = DEFINITIONS.get(code)
        out[code] = below.number(code, 0.0, most=1.0 if of is None or of.kind == "rate" else 1e6)
    below.done()
    return out


def rubric(top: Table) -> tuple[RubricItem, ...]:
    """Read by what calls are evaluated (通話評価)."""
    out: list[RubricItem] = []
    for code, t in top.entries("rubric"):
        said = t.maybe("help")
        out.append(
            RubricItem(
                code,
                t.label(),
                most=t.whole("most", 5, least=1, most=100),
                weight=t.whole("weight", 1, least=1, most=100),
                help=Label(said, t.text("help_en", said)) if said else None,
            )
        )
        t.done()
    return tuple(out)


def rights(top: Table) -> dict[str, frozenset[str]]:
    """Read what each role may do: ``[role.rep] rights = [...]``; a role that is not named has the usual rights."""
    out: dict[str, frozenset[str]] = {}
    below = top.table("role")
    for role in below.codes():
        if role not in ROLES:
            below.raw(role)
            below.unknown(role, role, ROLES)
            continue
        t = below.table(role)
        for i, right in enumerate(found := t.texts("rights")):
            if right not in tuple(Right):
                t.unknown("rights", right, tuple(Right), i)
        out[role] = frozenset(found)
        t.done()
    return out


def texts(top: Table) -> dict[str, str]:
    """Read the team's own words, nested tables flattened: ``[text.pain]`` 製造 becomes ``pain.製造``."""
    out: dict[str, str] = {}
    _flatten(top.table("text"), "", out)
    return out


def _flatten(t: Table, prefix: str, out: dict[str, str]) -> None:
    for key in t.codes():
        if isinstance(t.raw(key), dict):
            _flatten(t.table(key), f"{prefix}{key}.", out)
        else:
            out[prefix + key] = t.text(key, "")
