"""What FS reported of a meeting, in words: the result, why, the amount, what had to be asked again (DOMAIN 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from isdesk.domain.changes import Value
from isdesk.domain.rules import Rules
from ui.noop import QT_TRANSLATE_NOOP
from ui.words import translate

RESULTS: dict[str, str] = {
    "opportunity": QT_TRANSLATE_NOOP("handoff", "商談化"),
    "won": QT_TRANSLATE_NOOP("handoff", "受注"),
    "lost": QT_TRANSLATE_NOOP("handoff", "失注"),
    "postponed": QT_TRANSLATE_NOOP("handoff", "延期"),
    "no_show": QT_TRANSLATE_NOOP("handoff", "無断欠席(ノーショー)"),
    "no_opportunity": QT_TRANSLATE_NOOP("handoff", "商談化せず"),
}
"""What a meeting may have come to, in the order of the keys."""


def result(code: str) -> str:
    """Return what a meeting came to."""
    return translate("handoff", RESULTS[code]) if code in RESULTS else code


def report(told: Mapping[str, Value], rules: Rules, lang: str) -> list[str]:
    """Return what FS reported, part by part: result, factor or reason, amount, what was asked again, the note."""
    if not told:
        return []
    parts = [result(str(told.get("result") or ""))]
    factor = str(told.get("factor") or "")
    if factor:
        parts.append(why(factor, str(told.get("result") or ""), rules, lang))
    amount = told.get("amount")
    if isinstance(amount, int) and not isinstance(amount, bool):
        parts.append(translate("handoff", "{n}円").format(n=f"{amount:,}"))
    again = told.get("reasked")
    if isinstance(again, list) and again:
        parts.append(
            translate("handoff", "聞き直し: {items}").format(
                items=translate("handoff", "、").join(items([str(one) for one in again], rules, lang))
            )
        )
    if told.get("note"):
        parts.append(" ".join(str(told["note"]).split()))
    return parts


def why(code: str, kind: str, rules: Rules, lang: str) -> str:
    """Return a reason in words: kinds share codes (価格 is a factor of a win and a reason of a loss); words stand."""
    found = sorted((r for r in rules.reasons if r.code == code), key=lambda r: r.kind != kind)
    return found[0].label.in_(lang) if found else code


def items(codes: Sequence[str], rules: Rules, lang: str) -> list[str]:
    """Return the names of checklist items; what is no item's code was typed and stands as it is."""
    known = {item.code: item.label.in_(lang) for item in rules.checklist}
    return [known.get(code, code) for code in codes]
