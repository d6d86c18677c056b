"""What the page of handoffs says: results of a meeting, how long FS has, what FS reported, news for the rep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from isdesk.domain.changes import Value
from isdesk.domain.rules import Rules
from isdesk.services.alerts import HandoffNews
from isdesk.services.views import HandoffView
from ui.noop import QT_TRANSLATE_NOOP
from ui.views.call import phrases
from ui.views.side.timeline_words import handoff_state
from ui.words import span, translate

if TYPE_CHECKING:
    from ui.words import Words

RESULTS: dict[str, str] = {
    "opportunity": QT_TRANSLATE_NOOP("handoff", "商談化"),
    "won": QT_TRANSLATE_NOOP("handoff", "受注"),
    "lost": QT_TRANSLATE_NOOP("handoff", "失注"),
    "postponed": QT_TRANSLATE_NOOP("handoff", "延期"),
    "no_show": QT_TRANSLATE_NOOP("handoff", "無断欠席(ノーショー)"),
    "no_opportunity": QT_TRANSLATE_NOOP("handoff", "商談化せず"),
}
"""What a meeting may have come to, in the order of the keys."""
RESULT_TONES = {"won": "good", "opportunity": "good", "lost": "bad", "no_show": "warn", "no_opportunity": "warn"}
TONES = {"returned": "bad", "submitted": "promise", "accepted": "good", "asked": "warn"}
CLOCK_TONES = {"running": "promise", "at_risk": "warn", "broken": "bad"}
FEEDBACK_TONES = {"ahead": "good", "due": "warn", "overdue": "bad", "done": "plain"}


def result(code: str) -> str:
    """Return what a meeting came to."""
    return translate("handoff", RESULTS[code]) if code in RESULTS else code


def badge(view: HandoffView) -> tuple[str, str]:
    """Return how a handoff stands in a word or two, and its tone: the clock of FS, the feedback, else the state."""
    if view.minutes_left is not None:
        return left(view.minutes_left), CLOCK_TONES.get(view.clock, "plain")
    if view.feedback:
        said = {
            "ahead": translate("handoff", "商談前"),
            "due": translate("handoff", "フィードバック待ち"),
            "overdue": translate("handoff", "フィードバック超過"),
            "done": result(str(view.told.get("result") or "")),
        }
        tone = FEEDBACK_TONES[view.feedback]
        if view.feedback == "done":
            tone = RESULT_TONES.get(str(view.told.get("result") or ""), "plain")
        return said[view.feedback], tone
    return handoff_state(view.state), TONES.get(view.state, "plain")


def left(minutes: int) -> str:
    """Return how much business time FS has left to decide, or by how much it is over."""
    if minutes < 0:
        return translate("handoff", "{span} 超過").format(span=span(-minutes))
    return translate("handoff", "残り {span}").format(span=span(minutes))


def feedback_by(view: HandoffView, today: date) -> str:
    """Return until when the feedback is to be given."""
    if view.feedback_by is None:
        return ""
    return translate("handoff", "フィードバック期限 {day}").format(day=phrases.day_text(view.feedback_by, today))


def report(told: Mapping[str, Value], rules: Rules, lang: str) -> list[str]:
    """Return what FS reported, part by part: result, factor or reason, amount, what was asked again, the note."""
    if not told:
        return []
    parts = [result(str(told.get("result") or ""))]
    factor = str(told.get("factor") or "")
    if factor:
        parts.append(next((r.label.in_(lang) for r in rules.reasons if r.code == factor), factor))
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


def items(codes: Sequence[str], rules: Rules, lang: str) -> list[str]:
    """Return the names of checklist items; what is no item's code was typed and stands as it is."""
    known = {item.code: item.label.in_(lang) for item in rules.checklist}
    return [known.get(code, code) for code in codes]


def news(one: HandoffNews, speech: Words) -> str:
    """Return what somebody made of an own handoff, as the rep is told."""
    what = {
        "accept": translate("handoff", "{by}が引き継ぎを受理しました: {lead}"),
        "return": translate("handoff", "{by}が引き継ぎを差し戻しました: {lead} — {why}"),
        "refuse": translate("handoff", "{by}が引き渡しの承認を却下しました: {lead} — {why}"),
        "recycle": translate("handoff", "{by}がリサイクルしました: {lead} — {why}"),
        "feedback": translate("handoff", "{by}のフィードバック: {lead} — {result}"),
    }[one.action]
    why = speech.reason(one.reason) if one.reason else ""
    said = " ・ ".join(part for part in (result(one.result), why) if part)
    lead = " ".join(part for part in (one.lead, one.company) if part)
    return what.format(by=one.by or "FS", lead=lead, why=why, result=said)
