"""The definition document (定義ドキュメント): what the team reads, made from exactly what is enforced."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from isdesk.domain.kpi_catalogue import DEFINITIONS
from isdesk.domain.mail import LAW_ITEMS
from isdesk.domain.raci import LABELS as DEPARTMENT_LABELS
from isdesk.domain.rules import Label, MailTemplate, Rules, Scoring, Script, Sequence
from isdesk.domain.sequence import CHANNELS as STEP_CHANNELS
from isdesk.domain.sequence import STOPS as SEQUENCE_STOPS
from isdesk.domain.sequence import stops_of
from isdesk.playbook import words
from isdesk.playbook.checks import known_fields
from isdesk.playbook.model import Playbook
from isdesk.playbook.scripts import VARIABLES
from isdesk.playbook.talk import answering

COLOURS = {"line": "#e4e7ec", "dim": "#667085", "head": "#f6f7f9", "accent": "#2f6fde"}
"""Colours of the document where the window does not give its theme's own (UX.md, tokens of the light theme)."""

_KIND = {
    "refusal": Label("お断り理由", "Refusal"),
    "lost": Label("失注理由", "Lost"),
    "won": Label("受注要因", "Won"),
    "return": Label("差し戻し", "Return"),
    "recycle": Label("リサイクル", "Recycle"),
    "withdraw": Label("取り下げ", "Withdraw"),
    "skip": Label("スキップ", "Skip"),
    "snooze": Label("後で", "Snooze"),
}
_WAITS = Label("メールは担当者の確認を待つ", "mails wait for the rep")
_ASKS = {
    "callback_at": Label("日時", "time"),
    "meeting_at": Label("商談日時", "meeting time"),
    "fs_id": Label("FS担当", "FS"),
    "reason": Label("理由", "reason"),
    "note": Label("メモ", "note"),
}


def document(playbook: Playbook, lang: str = "ja", colours: Mapping[str, str] | None = None) -> str:
    """Return the definitions as an HTML page in Qt's rich-text subset (``lang``: ``ja`` or ``en``)."""
    from isdesk.playbook import sandbox

    lang = "en" if lang == "en" else "ja"
    rules = playbook.rules
    headings = words.fixed("definitions", lang)
    context: dict[str, object] = {
        "lang": lang,
        "h": headings,
        "c": {**COLOURS, **(colours or {})},
        "title": playbook.title.in_(lang),
        "note": playbook.note.in_(lang) if playbook.note else "",
        "version": playbook.version,
        "agreed_on": playbook.agreed_on.isoformat() if playbook.agreed_on else "",
        "agreed_by": list(playbook.agreed_by),
        "files": [s.name for s in playbook.sources],
        "stages": _stages(rules, lang),
        "sla": _sla(rules, lang),
        "groups": _outcomes(playbook, lang),
        "ladders": _ladders(playbook, lang),
        "limits": _limits(rules, lang),
        "targets": _targets(rules, lang),
        "checklist": _checklist(rules, lang),
        "handoff_approval": _handoff_approval(rules, lang),
        "raci": _raci(rules, lang),
        "owners": [label.in_(lang) for label in DEPARTMENT_LABELS.values()],
        "scripts": [_script(s, rules, lang) for s in rules.scripts],
        "mails": [_mail(one, lang) for one in rules.mail.templates],
        "mail_sender": [said for code in LAW_ITEMS if (said := str(getattr(rules.mail.sender, code)))],
        "mail_per_hour": rules.mail.per_hour,
        "mail_heard_hours": rules.mail.heard_hours,
        "sequences": [_sequence(one, rules, lang) for one in rules.sequences.values()],
        "reasons": _reasons(rules, lang),
        "sources": [{"name": s.label.in_(lang), "inbound": s.inbound} for s in rules.sources.values()],
        "fields": [f.en if lang == "en" else f.ja for f in rules.fields],
        "variables": [{"name": n, "says": en if lang == "en" else ja} for n, (ja, en) in VARIABLES.items()],
    }
    return sandbox.render_shipped("definitions.html.j2", context | _scoring(rules, lang))


def _stages(rules: Rules, lang: str) -> list[dict[str, object]]:
    return [
        {
            "name": s.label.in_(lang),
            "owner": DEPARTMENT_LABELS[s.owner].in_(lang),
            "purpose": (s.purpose_en or s.purpose) if lang == "en" else s.purpose,
            "entry": [c.label.in_(lang) for c in s.entry],
            "approval": s.needs_approval,
        }
        for s in sorted(rules.stages.values(), key=lambda s: s.order)
    ]


def _sla(rules: Rules, lang: str) -> list[dict[str, object]]:
    s, n = rules.sla, words.number
    rows = (
        ("反響の初回架電", "First call, inquiry", n(s.inbound_first_response_hours), "営業時間以内", "business hour"),
        ("その他の初回架電", "First call, others", n(s.first_response_hours), "営業時間以内", "business hour"),
        ("FSの受理・差し戻し", "FS accepts or returns", n(s.fs_decision_hours), "営業時間以内", "business hour"),
        ("商談後のフィードバック", "Feedback after a meeting", str(s.feedback_days), "営業日以内", "business day"),
        ("期限前の警告", "Warning before the end", str(s.at_risk_minutes), "分前から", "minute"),
    )
    if lang == "en":
        return [{"name": en, "value": f"{value} {unit}{'' if value == '1' else 's'}"} for _, en, value, _, unit in rows]
    return [{"name": ja, "value": f"{value}{unit}"} for ja, _, value, unit, _ in rows]


def _targets(rules: Rules, lang: str) -> list[dict[str, object]]:
    return [
        {
            "name": one.label.in_(lang),
            "formula": one.formula.in_(lang),
            "note": one.note.in_(lang) if one.note is not None else "",
            "target": _target(rules.targets.get(one.code), rate=one.kind == "rate"),
        }
        for one in DEFINITIONS.values()
    ]


def _target(value: float | None, *, rate: bool) -> str:
    if value is None:
        return ""
    return f"{value * 100:.4g}%" if rate else words.number(value)


def _policy_names(playbook: Playbook, lang: str) -> dict[str, str]:
    given = playbook.definitions.get("policy")
    named = given if isinstance(given, dict) else {}
    out: dict[str, str] = {}
    for code in playbook.rules.policies:
        table = named.get(code)
        names = table if isinstance(table, dict) else {}
        out[code] = str(names.get(lang) or names.get("ja") or code)
    return out


def _outcomes(playbook: Playbook, lang: str) -> list[dict[str, object]]:
    rules, names = playbook.rules, _policy_names(playbook, lang)
    fields = known_fields(rules.fields)
    out: list[dict[str, object]] = []
    for code, label in rules.groups.items():
        rows = [
            {
                "key": o.hotkey or "",
                "name": o.label.in_(lang),
                "flags": words.flags(o, lang),
                "next": words.follow(o, rules, names, fields, lang),
                "asks": [_ask(r, rules, lang) for r in o.requires],
                "active": o.active,
            }
            for o in rules.outcomes.values()
            if o.group == code
        ]
        if rows:
            out.append({"name": label.in_(lang), "rows": rows})
    return out


def _ask(code: str, rules: Rules, lang: str) -> str:
    if code in _ASKS:
        return _ASKS[code].in_(lang)
    spec = known_fields(rules.fields).get(code)
    return code if spec is None else (spec.en if lang == "en" else spec.ja)


def _ladders(playbook: Playbook, lang: str) -> list[dict[str, object]]:
    names = _policy_names(playbook, lang)
    return [
        {
            "name": names[p.code],
            "steps": [words.rung(s, lang) for s in p.steps],
            "after": words.ladder_end(p, names, lang),
        }
        for p in playbook.rules.policies.values()
    ]


def _limits(rules: Rules, lang: str) -> list[dict[str, object]]:
    c, w, b = rules.caps, rules.windows, rules.business
    en = lang == "en"
    days = "".join("月火水木金土日"[d] for d in b.weekdays)
    days_en = ", ".join(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[d] for d in b.weekdays)
    hours = words.spans(b.hours, lang)
    slots = ("、" if not en else ", ").join(f"{s.code} {words.spans(((s.start, s.end),), lang)}" for s in rules.slots)
    warn = ("、" if not en else ", ").join(f"{a}/{x}–{m}/{y}" for a, x, m, y in w.warn)
    rows = (
        ("同じ番号への間隔", "Between dials to one number", f"{c.minutes_between}分", f"{c.minutes_between} min"),
        ("1番号の上限", "Per number", f"1日{c.per_number_day}回", f"{c.per_number_day} a day"),
        ("1社の上限", "Per company", f"1日{c.per_company_day}回", f"{c.per_company_day} a day"),
        ("1人の上限", "Per contact", f"1サイクル{c.per_contact_cycle}回", f"{c.per_contact_cycle} a cycle"),
        (
            "同じ会社の別の人",
            "Others of a company called today",
            "その日は休む" if c.company_rests_after_dial else "制限なし",
            "rest for the day" if c.company_rests_after_dial else "free",
        ),
        ("架電禁止の時間", "Never called outside", words.spans((w.hard,), lang) + "の外", words.spans((w.hard,), lang)),
        ("架電可能時間帯", "Calling windows", words.spans(w.soft, lang), words.spans(w.soft, lang)),
        ("優先する時間", "Best hours", words.spans(w.best, lang), words.spans(w.best, lang)),
        ("時間帯の区切り", "Slots", slots, slots),
        ("注意する日", "Days with a warning", warn, warn),
        ("営業時間", "Business hours", f"{days} {hours}", f"{days_en} {hours}"),
    )
    return [{"name": e if en else j, "value": ev if en else jv} for j, e, jv, ev in rows]


def _scoring(rules: Rules, lang: str) -> dict[str, object]:
    s = rules.scoring
    fields = known_fields(rules.fields)
    headings = words.fixed("definitions", lang)
    axes = [
        {
            "name": headings[f"axis_{axis}"],
            "base": base,
            "rules": [
                {"name": r.label.in_(lang), "points": f"{r.points:+d}", "when": words.condition(r, fields, lang)}
                for r in given
            ],
        }
        for axis, base, given in (
            ("fit", s.fit_base, s.fit),
            ("intent", s.intent_base, s.intent),
            ("timing", s.timing_base, s.timing),
        )
    ]
    signals = [
        {"name": x.label.in_(lang), "points": f"{x.points:+d}", "half": words.number(x.half_life_days), "cap": x.cap}
        for x in s.signals
    ]
    months = [{"months": m, "points": p} for m, p in s.timing_by_months]
    return {"axes": axes, "signals": signals, "months": months, "bars": _bars(s, lang)}


def _bars(s: Scoring, lang: str) -> str:
    if lang == "en":
        return f"Priority = fit × intent × timing. MQL from {s.mql_bar}, grade A from {s.rank_a}, B from {s.rank_b}."
    return f"優先度 = 適合度 × 意欲 × 時期。MQLは{s.mql_bar}以上、確度Aは{s.rank_a}以上、Bは{s.rank_b}以上。"


def _checklist(rules: Rules, lang: str) -> list[dict[str, object]]:
    return [
        {"name": i.label.in_(lang), "required": i.required, "ask": i.ask.in_(lang) if i.ask else ""}
        for i in rules.checklist
    ]


def _handoff_approval(rules: Rules, lang: str) -> list[str]:
    """Return which handoffs the team lead approves before FS gets them, in words; nothing where none is."""
    wanted, fields = rules.handoff, known_fields(rules.fields)
    said = [Label("すべての引き継ぎ", "every handoff").in_(lang)] if wanted.needs_approval else []
    said += [Label(f"確度 {grade}", f"grade {grade}").in_(lang) for grade in wanted.approval_grades]
    for one in wanted.approval:
        name, condition = one.label.in_(lang), words.condition(one, fields, lang)
        said.append(condition if name == one.code else f"{name} ({condition})")
    return said


def _raci(rules: Rules, lang: str) -> list[dict[str, object]]:
    return [
        {
            "name": r.label.in_(lang),
            "cells": [r.marketing, r.inside_sales, r.field_sales, r.customer_success],
            "tasks": [
                *(words.fixed("actions", lang)[one] for one in r.actions),
                *(rules.stages[one].label.in_(lang) for one in r.stages if one in rules.stages),
            ],
        }
        for r in rules.raci
    ]


def _mail(one: MailTemplate, lang: str) -> dict[str, object]:
    subject, text = one.in_(lang)
    return {
        "name": one.label.in_(lang),
        "ref": one.ref,
        "advertising": one.advertising,
        "subject": subject,
        "text": text,
    }


def _sequence(one: Sequence, rules: Rules, lang: str) -> dict[str, object]:
    names = {template.code: template.label.in_(lang) for template in rules.mail.templates}
    steps = []
    for step in one.steps:
        clock = step.at.strftime(" %H:%M") if step.at is not None else ""
        what = STEP_CHANNELS[step.channel].in_(lang)
        more = names.get(step.template, "") if step.template else (step.label.in_(lang) if step.label else "")
        when = Label(f"{step.days}営業日目{clock}", f"business day {step.days}{clock}").in_(lang)
        steps.append({"when": when, "what": f"{what}: {more}" if more else what})
    mode = Label("メールは自動で送る", "mails leave by themselves") if one.automatic else _WAITS
    days = one.then_days
    after = Label(f"最後の手順の{days}営業日後に架電", f"called {days} business days after the last step")
    return {
        "name": one.label.in_(lang),
        "ref": one.ref,
        "mode": mode.in_(lang),
        "steps": steps,
        "stops": [SEQUENCE_STOPS[code].in_(lang) for code in stops_of(one)],
        "after": after.in_(lang),
    }


def _script(s: Script, rules: Rules, lang: str) -> dict[str, object]:
    fields = known_fields(rules.fields)
    return {
        "name": s.label.in_(lang),
        "ref": s.ref,
        "when": [words.condition(w, fields, lang) for w in s.when],
        "phases": [{"name": p.label.in_(lang), "text": p.in_(lang), "incoming": answering(p, lang)} for p in s.phases],
        "questions": [
            {"name": q.label.in_(lang), "choices": [en if lang == "en" else ja for _, ja, en in q.choices]}
            for p in s.phases
            for q in p.questions
        ],
        "objections": [{"name": o.label.in_(lang), "text": o.in_(lang)} for o in s.objections],
        "branches": [
            {
                "when": " ・ ".join(words.condition(w, fields, lang) for w in b.when),
                "phase": next(p.label.in_(lang) for p in s.phases if p.code == b.phase),
                "to": next(p.label.in_(lang) for p in s.phases if p.code == b.to),
                "name": b.label.in_(lang),
                "text": b.in_(lang),
            }
            for b in s.branches
        ],
        "trial": _trial(s, lang),
    }


def _trial(s: Script, lang: str) -> dict[str, object]:
    """Return the rival version of a script: its name, and the phases that differ."""
    if s.trial is None:
        return {}
    pairs = zip(s.trial.phases, s.phases, strict=True)
    changed = [p for p, old in pairs if p.in_(lang) != old.in_(lang)]
    return {"ref": s.trial.ref, "phases": [{"name": p.label.in_(lang), "text": p.in_(lang)} for p in changed]}


def _reasons(rules: Rules, lang: str) -> list[dict[str, object]]:
    return [
        {"name": _KIND[kind].in_(lang), "items": [r.label.in_(lang) for r in given]}
        for kind, given in groupby(rules.reasons, key=lambda r: r.kind)
    ]
