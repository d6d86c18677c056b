"""What the page of handoffs says: results of a meeting, how long FS has, what FS reported, news for the rep."""

from __future__ import annotations

from datetime import date

from isdesk.domain.rules import Rules
from isdesk.services.alerts import HandoffNews
from isdesk.services.views import HandoffView
from ui.views.call import phrases
from ui.views.handoff.report import result, why
from ui.views.side.timeline_words import handoff_state
from ui.words import span, translate

RESULT_TONES = {"won": "good", "opportunity": "good", "lost": "bad", "no_show": "warn", "no_opportunity": "warn"}
TONES = {"returned": "bad", "submitted": "promise", "accepted": "good", "asked": "warn"}
CLOCK_TONES = {"running": "promise", "at_risk": "warn", "broken": "bad"}
FEEDBACK_TONES = {"ahead": "good", "due": "warn", "overdue": "bad", "done": "plain"}


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


def news(one: HandoffNews, rules: Rules, lang: str) -> str:
    """Return what somebody made of an own handoff, as the rep is told."""
    what = {
        "accept": translate("handoff", "{by}が引き継ぎを受理しました: {lead}"),
        "return": translate("handoff", "{by}が引き継ぎを差し戻しました: {lead} — {why}"),
        "refuse": translate("handoff", "{by}が引き渡しの承認を却下しました: {lead} — {why}"),
        "recycle": translate("handoff", "{by}がリサイクルしました: {lead} — {why}"),
        "feedback": translate("handoff", "{by}のフィードバック: {lead} — {result}"),
    }[one.action]
    reason = why(one.reason, one.result or one.action, rules, lang)
    said = " ・ ".join(part for part in (result(one.result), reason) if part)
    lead = " ".join(part for part in (one.lead, one.company) if part)
    return what.format(by=one.by or "FS", lead=lead, why=reason, result=said)
