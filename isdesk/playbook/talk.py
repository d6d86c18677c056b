"""Reads talk scripts out of a playbook: four phases, verification questions bound to fields, objections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from isdesk.domain.fields import Field
from isdesk.domain.rules import Branch, Label, Objection, Phase, Question, Script
from isdesk.playbook.funnel import choices, condition
from isdesk.playbook.reader import Table

_T = TypeVar("_T", Question, Objection)
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")

PHASES = (
    ("opening", Label("導入", "Opening")),
    ("value", Label("価値提案", "Value")),
    ("verify", Label("検証質問", "Questions")),
    ("next", Label("次アクション", "Next step")),
)
"""The four phases of every script (DOMAIN 5.2), in order."""

OPENING = PHASES[0][0]
INCOMING = "incoming"
"""Under this key of a script's texts stands what is said first in a call that came in."""
ANSWERING = Label(
    "「お電話ありがとうございます。{{ my_company }}の{{ me }}でございます。」",
    "“Thank you for calling. This is {{ me }} of {{ my_company }}.”",
)
"""What is said first in a call that came in where a script has no opening of its own for one."""


def answering(phase: Phase, lang: str) -> str:
    """Return the template that a phase has for a call that came in; the Japanese one where there is no English."""
    return phase.incoming.in_(lang) or phase.incoming.ja


def scripts(top: Table, fields: Mapping[str, Field]) -> tuple[Script, ...]:
    """Read the scripts. ``[question.x]`` and ``[objection.x]`` are shared; a script names those it uses."""
    shared_q = {c: _question(c, t, fields) for c, t in top.entries("question")}
    shared_o = {c: _objection(c, t) for c, t in top.entries("objection")}
    return tuple(_script(c, t, fields, shared_q, shared_o) for c, t in top.entries("script"))


def link_hosts(top: Table) -> tuple[str, ...]:
    """Read ``link_hosts``: the hosts to which links in scripts may lead, each with what lies below it."""
    hosts = top.texts("link_hosts")
    for i, host in enumerate(hosts):
        if not _HOST.fullmatch(host):
            top.problems.add("playbook_link_host", top.at("link_hosts", i), value=host)
    return tuple(host.casefold() for host in hosts)


def _script(
    code: str, t: Table, fields: Mapping[str, Field], shared_q: dict[str, Question], shared_o: dict[str, Objection]
) -> Script:
    own_q = {c: _question(c, q, fields) for c, q in t.entries("question")}
    own_o = {c: _objection(c, o) for c, o in t.entries("objection")}
    nodes = [_node(c, n, {**shared_q, **own_q}) for c, n in t.entries("node")]
    elsewhere = {q.code for _, node in nodes for q in node.questions}
    asked = _chosen(t, "questions", shared_q, {c: q for c, q in own_q.items() if c not in elsewhere})
    parried = _chosen(t, "objections", shared_o, own_o)
    ja, en = t.table("text"), t.table("text_en")
    phases: list[Phase] = []
    for c, label in PHASES:
        phases.append(Phase(c, label, ja.text(c).strip(), asked if c == "verify" else (), en.text(c, "").strip()))
        if c == OPENING:
            own = Label(ja.text(INCOMING, "").strip(), en.text(INCOMING, "").strip())
            phases[-1] = replace(phases[-1], incoming=own)
        phases.extend(node for after, node in nodes if after == c)
    ja.done()
    en.done()
    codes = tuple(one.code for one in phases)
    out = Script(
        code,
        version=t.whole("version", 1, least=1),
        label=t.label(),
        phases=tuple(phases),
        objections=parried,
        when=tuple(condition(c, w, points=False) for c, w in t.entries("when")),
        rank=t.whole("rank", 0, least=-1000, most=1000),
        branches=tuple(_branch(c, b, codes) for c, b in t.entries("branch")),
    )
    if "trial" in t:
        out = replace(out, trial=_trial(out, t.table("trial")))
    t.done()
    return out


def _trial(script: Script, t: Table) -> Script:
    """Read the rival version of a script: what is not written is as in the script itself."""
    ja, en = t.table("text"), t.table("text_en")
    phases = tuple(
        replace(phase, text=ja.text(phase.code, phase.text).strip(), text_en=en.text(phase.code, phase.text_en).strip())
        for phase in script.phases
    )
    ja.done()
    en.done()
    out = replace(script, version=t.whole("version", script.version + 1, least=1), phases=phases, trial=None)
    t.done()
    return out


def _chosen(t: Table, key: str, shared: dict[str, _T], own: dict[str, _T]) -> tuple[_T, ...]:
    """Return the entries that a script names, its own ones in place of shared ones, further own ones at the end."""
    named = t.texts(key, (*shared, *own))
    found = {c: own.get(c) or shared[c] for c in named if c in own or c in shared}
    return tuple({**found, **{c: o for c, o in own.items() if c not in found}}.values())


def _node(code: str, t: Table, known: dict[str, Question]) -> tuple[str, Phase]:
    """Read a step beside the four phases; return the phase that it follows, and the step."""
    codes = [c for c, _ in PHASES]
    if code in (*codes, INCOMING):
        t.problems.add("playbook_node_name", t.path, value=code)
    after = t.one_of("after", codes[:-1], "verify")
    asked = t.texts("questions", tuple(known))
    out = Phase(
        code,
        t.label(),
        t.text("text").strip(),
        tuple(known[c] for c in asked),
        t.text("text_en", "").strip(),
        aside=t.flag("aside", default=True),
    )
    t.done()
    return after, out


def _branch(code: str, t: Table, codes: tuple[str, ...]) -> Branch:
    """Read one branch: in which phase, on what condition, what is said, and to which later phase it leads."""
    phase = t.one_of("phase", codes[:-1])
    later = codes[codes.index(phase) + 1 :] if phase in codes else codes[1:]
    phases = tuple(c for c, _ in PHASES)
    to = t.one_of("to", codes, next((c for c in later if c in phases), codes[-1]))
    if to not in later:
        t.problems.add("playbook_branch_backward", t.at("to"), value=to, known=", ".join(later))
    when = tuple(condition(c, w, points=False) for c, w in t.entries("when"))
    if not when:
        t.problems.add("playbook_missing_key", t.at("when"))
    out = Branch(code, phase, to, t.label(), when, t.text("text", "").strip(), t.text("text_en", "").strip())
    t.done()
    return out


def _question(code: str, t: Table, fields: Mapping[str, Field]) -> Question:
    name = t.text("field")
    bound = fields.get(name)
    if name and bound is None:
        t.unknown("field", name, tuple(fields))
    given = choices(t, "choices", bound) if "choices" in t else (bound.choices if bound else ())
    out = Question(code, name, t.label(), given)
    t.done()
    return out


def _objection(code: str, t: Table) -> Objection:
    out = Objection(code, t.label(), t.text("text").strip(), t.text("text_en", "").strip())
    t.done()
    return out
