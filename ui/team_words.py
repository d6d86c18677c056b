"""What the figures of a rep's load and the requests for approval are called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from isdesk.domain.approvals import Asks, Status
from isdesk.domain.coaching import Talk
from ui.noop import QT_TRANSLATE_NOOP
from ui.words import day, translate

KINDS: dict[str, str] = {
    "open": QT_TRANSLATE_NOOP("team", "すべて"),
    "sla_broken": QT_TRANSLATE_NOOP("team", "SLA超過"),
    "sla_at_risk": QT_TRANSLATE_NOOP("team", "SLA間近"),
    "returned": QT_TRANSLATE_NOOP("team", "差し戻し"),
    "promised_today": QT_TRANSLATE_NOOP("team", "今日の約束"),
    "stale": QT_TRANSLATE_NOOP("team", "滞留"),
    "untouched": QT_TRANSLATE_NOOP("team", "未接触"),
    "held": QT_TRANSLATE_NOOP("team", "保留"),
}
"""The kinds by which the queues are narrowed, in the order of the chips."""

SHORT: dict[str, str] = {
    "sla_broken": QT_TRANSLATE_NOOP("team", "超過"),
    "sla_at_risk": QT_TRANSLATE_NOOP("team", "間近"),
    "returned": QT_TRANSLATE_NOOP("team", "差戻"),
    "promised_today": QT_TRANSLATE_NOOP("team", "約束"),
    "stale": QT_TRANSLATE_NOOP("team", "滞留"),
    "untouched": QT_TRANSLATE_NOOP("team", "未接触"),
}
"""The six figures of a rep's card, two rows of three."""

TONES = {"sla_broken": "bad", "sla_at_risk": "warn", "returned": "bad", "promised_today": "promise"}
"""What is urgent, in tones; the words say it too."""

ASKS: dict[str, str] = {
    Asks.STAGE: QT_TRANSLATE_NOOP("team", "ステージの変更"),
    Asks.LIFT_DO_NOT_CALL: QT_TRANSLATE_NOOP("team", "架電禁止の解除"),
    Asks.CLOSE: QT_TRANSLATE_NOOP("team", "一括終了"),
    Asks.HANDOFF: QT_TRANSLATE_NOOP("team", "引き渡し"),
}
STATUSES: dict[str, str] = {
    Status.OPEN: QT_TRANSLATE_NOOP("team", "承認待ち"),
    Status.APPROVED: QT_TRANSLATE_NOOP("team", "承認"),
    Status.REJECTED: QT_TRANSLATE_NOOP("team", "却下"),
    Status.WITHDRAWN: QT_TRANSLATE_NOOP("team", "取り下げ"),
}

WHYS: dict[str, str] = {
    "lost_after_interest": QT_TRANSLATE_NOOP("team", "関心のあとの失注"),
    "long": QT_TRANSLATE_NOOP("team", "長い通話"),
    "new_rep": QT_TRANSLATE_NOOP("team", "新しい担当"),
}
"""Why a call is worth a review."""


_TALK = QT_TRANSLATE_NOOP("team", "評価 {share} ・ 課題 {issues}(n={n})")
_NO_TALK = QT_TRANSLATE_NOOP("team", "評価 —")


def talk(said: Talk) -> str:
    """Return what the evaluations of a rep's calls come to, with n."""
    if not said.calls or said.share is None or said.issues is None:
        return translate("team", _NO_TALK)
    share, issues = f"{said.share * 100:.0f} %", f"{said.issues:.1f}"
    return translate("team", _TALK).format(share=share, issues=issues, n=said.calls)


def why(code: str) -> str:
    """Return why a call is worth a review."""
    return translate("team", WHYS[code]) if code in WHYS else code


def kind(code: str) -> str:
    """Return what a kind of leads is called."""
    return translate("team", KINDS[code])


def short(code: str) -> str:
    """Return what a figure of a card is called."""
    return translate("team", SHORT[code])


def asks(code: str) -> str:
    """Return what a kind of request is called."""
    return translate("team", ASKS[code]) if code in ASKS else code


def status(code: str) -> str:
    """Return where a request stands."""
    return translate("team", STATUSES[code]) if code in STATUSES else code


def away(names: Sequence[str], until: date) -> str:
    """Return who stands in for somebody, and until when."""
    text = translate("team", "不在 〜{last} {names}")
    return text.format(last=day(until.isoformat()), names="・".join(names))


def covering(names: Sequence[str]) -> str:
    """Return for whom somebody stands in."""
    return translate("team", "{names}さんの代行中").format(names="・".join(names))


def everybody() -> str:
    """Return what all reps together are called."""
    return translate("team", "全員")


def nobody() -> str:
    """Return what the leads without an owner are called."""
    return translate("team", "担当なし")
