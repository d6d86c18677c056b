"""Words of the timeline: what a touch, a signal, a change or a handoff step is called, and how far it has travelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from isdesk.domain.answers import ACCEPTED, BOUNCE, DECLINED, OPT_OUT, REPLY
from isdesk.domain.ids import TouchId
from isdesk.domain.opt_out import is_doubtful
from isdesk.domain.touch import Channel, Direction
from isdesk.services.views import TimelineItem, TouchState
from ui.views.call import phrases
from ui.views.call.call_timer import clock_text
from ui.views.call.scene import Scene
from ui.views.handoff.report import report

SYNC_TONES = {"local": "plain", "sending": "promise", "acked": "good", "attention": "bad"}


@dataclass(frozen=True, slots=True)
class Words:
    """One line of the timeline, worded."""

    when: str
    title: str
    detail: str
    sync: str
    tone: str
    at: datetime
    what: str
    link: str = ""
    """Its page in the CRM."""
    item: str = ""
    """Its id in the outbox where a person must look at it."""
    problem: str = ""


def words_of(item: TimelineItem, scene: Scene, states: Mapping[TouchId, TouchState] | None = None) -> Words:
    """Return an item in words; ``states`` knows more of how far contacts have come."""
    known = (states or {}).get(item.touch.id) if item.touch is not None else None
    sync = known.state if known is not None else item.sync
    here = phrases.tokyo(item.at)
    when = (
        f"{here.hour}:{here.minute:02d}" if here.date() == scene.today else phrases.short_day(here.date(), scene.today)
    )
    title = title_of(item, scene)
    return Words(
        when,
        title,
        detail_of(item, scene),
        sync_text(sync),
        SYNC_TONES.get(sync, "plain"),
        item.at,
        item.what,
        (known.link or "") if known is not None else "",
        known.item if known is not None and sync == "attention" else "",
        known.error if known is not None else "",
    )


def sync_text(state: str) -> str:
    """Return how far a touch has travelled (SYNC E14)."""
    words = {
        "local": QCoreApplication.translate("timeline", "端末に保存"),
        "sending": QCoreApplication.translate("timeline", "送信中"),
        "acked": QCoreApplication.translate("timeline", "CRM確認済"),
        "attention": QCoreApplication.translate("timeline", "要対応"),
    }
    return words.get(state, "")


def title_of(item: TimelineItem, scene: Scene) -> str:
    """Return what happened, with who did it; what a lead did itself is nobody's of the team."""
    if item.what == "change":
        text = _change_title(item, scene)
    elif item.what == "handoff":
        text = handoff_step(item.code)
    elif item.what == "meeting":
        text = QCoreApplication.translate("timeline", "商談の準備")
    elif item.what == "signal":
        text = _signal_title(item, scene)
    else:
        text = _touch_title(item, scene)
    return f"{text} — {item.member}" if item.member and item.what != "signal" else text


def _touch_title(item: TimelineItem, scene: Scene) -> str:
    touch = item.touch
    if touch is None:
        return item.text
    label = scene.outcome_label(touch.outcome) or channel(touch.channel)
    if touch.channel is not Channel.PHONE:
        return " ".join(part for part in (channel(touch.channel), scene.outcome_label(touch.outcome)) if part)
    if touch.direction is Direction.IN and touch.outcome is None:
        return QCoreApplication.translate("timeline", "受電(不在着信)")
    if touch.direction is Direction.IN:
        return QCoreApplication.translate("timeline", "受電: {what}").format(what=label)
    return label


def _signal_title(item: TimelineItem, scene: Scene) -> str:
    code = item.touch.signal if item.touch else item.code
    label = next((scene.say(s.label) for s in scene.rules.scoring.signals if s.code == code), "")
    label = label or {
        OPT_OUT: QCoreApplication.translate("timeline", "配信停止の返信"),
        ACCEPTED: QCoreApplication.translate("timeline", "招待に参加の返事"),
        DECLINED: QCoreApplication.translate("timeline", "招待に辞退・未定の返事"),
        BOUNCE: QCoreApplication.translate("timeline", "メールが届きませんでした"),
    }.get(code or "", "")
    return " ".join(p for p in (label or channel(item.touch.channel if item.touch else ""), item.text) if p)


def _change_title(item: TimelineItem, scene: Scene) -> str:
    named = [scene.field_name(path) for path, _, _ in item.changes]
    shown = [name for name in named if name]
    if not shown:
        verbs = {
            "create": QCoreApplication.translate("timeline", "リードを追加"),
            "import": QCoreApplication.translate("timeline", "取り込み"),
            "assign": QCoreApplication.translate("timeline", "担当を変更"),
            "merge": QCoreApplication.translate("timeline", "名寄せ"),
            "do_not_call": QCoreApplication.translate("timeline", "架電禁止"),
        }
        return verbs.get(item.code, QCoreApplication.translate("timeline", "項目を変更"))
    text = QCoreApplication.translate("timeline", "、").join(shown[:3])
    if len(shown) > 3:
        text += QCoreApplication.translate("timeline", "ほか{n}項目").format(n=len(shown) - 3)
    return QCoreApplication.translate("timeline", "{fields}を更新").format(fields=text)


def detail_of(item: TimelineItem, scene: Scene) -> str:
    """Return what belongs to it: the memo, the length of the call, the values before and after, a reason."""
    if item.what == "change":
        none = QCoreApplication.translate("timeline", "未入力")
        pairs = [
            f"{scene.shown_value(path, before) or none} → {scene.shown_value(path, after) or none}"
            for path, before, after in item.changes
            if scene.field(path) is not None
        ]
        return " / ".join(pairs[:3])
    if item.what == "meeting":
        return " ・ ".join(f"{name}: {' '.join(str(text).split()) or '—'}" for name, text in item.told.items())
    if item.what == "handoff" and item.told:
        return " ・ ".join(report(item.told, scene.rules, scene.lang))
    if item.what == "handoff":
        return scene.reason(item.text) if item.text else ""
    touch = item.touch
    if touch is not None and touch.signal == REPLY and touch.channel is Channel.MAIL and is_doubtful(touch.note):
        return QCoreApplication.translate("timeline", "配信停止のご希望かもしれません(Shift+E、O で記録)")
    if touch is None or item.what == "signal":
        return ""
    parts = [phrases.reached(touch.reached)] if touch.reached and touch.reached != "none" else []
    if touch.talk_s:
        parts.append(QCoreApplication.translate("timeline", "通話 {time}").format(time=clock_text(touch.talk_s)))
    if touch.reason:
        parts.append(scene.reason(touch.reason))
    parts.extend(_objections(touch.objections, scene))
    if touch.note:
        parts.append(" ".join(touch.note.split()))
    parts.extend(_way(item, scene))
    return " ・ ".join(parts)


def _way(item: TimelineItem, scene: Scene) -> list[str]:
    """Return which way the talk took through its script, in words."""
    path, ref = item.told.get("path"), str(item.told.get("script") or "")
    if not isinstance(path, list) or not path:
        return []
    code, _, version = ref.partition("@")
    script = next((one for one in scene.rules.scripts if one.code == code), None)
    if script is None:
        return []
    phases = {one.code: scene.say(one.label) for one in script.phases}
    branches = {one.code: scene.say(one.label) for one in script.branches}
    steps = []
    for step in path:
        phase, _, branch = str(step).partition(":")
        steps.append(phases.get(phase, phase) + (f"({branches.get(branch, branch)})" if branch else ""))
    text = QCoreApplication.translate("timeline", "スクリプト v{version}: {steps}")
    return [text.format(version=version, steps=" → ".join(steps))]


def _objections(codes: tuple[str, ...], scene: Scene) -> list[str]:
    known = {o.code: scene.say(o.label) for s in scene.rules.scripts for o in s.objections}
    named = [known[code] for code in codes if code in known]
    if not named:
        return []
    text = QCoreApplication.translate("timeline", "、").join(named)
    return [QCoreApplication.translate("timeline", "切り返し: {names}").format(names=text)]


def handoff_step(action: str) -> str:
    """Return the name of a step of a handoff."""
    words = {
        "ask": QCoreApplication.translate("timeline", "承認を依頼"),
        "refuse": QCoreApplication.translate("timeline", "承認の却下"),
        "submit": QCoreApplication.translate("timeline", "引き渡し"),
        "accept": QCoreApplication.translate("timeline", "受理"),
        "return": QCoreApplication.translate("timeline", "差し戻し"),
        "recycle": QCoreApplication.translate("timeline", "リサイクル"),
        "withdraw": QCoreApplication.translate("timeline", "取り下げ"),
        "feedback": QCoreApplication.translate("timeline", "フィードバック"),
    }
    return words.get(action, "")


def handoff_state(state: str) -> str:
    """Return the name of a handoff's state."""
    words = {
        "draft": QCoreApplication.translate("timeline", "下書き"),
        "asked": QCoreApplication.translate("timeline", "承認待ち"),
        "submitted": QCoreApplication.translate("timeline", "引き渡し済み"),
        "accepted": QCoreApplication.translate("timeline", "受理"),
        "returned": QCoreApplication.translate("timeline", "差し戻し"),
        "recycled": QCoreApplication.translate("timeline", "リサイクル"),
        "withdrawn": QCoreApplication.translate("timeline", "取り下げ"),
    }
    return words.get(state, "")


def channel(code: str) -> str:
    """Return the name of a channel."""
    words = {
        "phone": QCoreApplication.translate("timeline", "電話"),
        "mail": QCoreApplication.translate("timeline", "メール"),
        "chat": QCoreApplication.translate("timeline", "チャット"),
        "webinar": QCoreApplication.translate("timeline", "ウェビナー"),
        "linkedin": QCoreApplication.translate("timeline", "LinkedIn"),
        "x": QCoreApplication.translate("timeline", "X"),
        "business_card": QCoreApplication.translate("timeline", "名刺交換"),
        "exhibition": QCoreApplication.translate("timeline", "展示会"),
        "letter": QCoreApplication.translate("timeline", "手紙"),
        "meeting": QCoreApplication.translate("timeline", "商談"),
        "web": QCoreApplication.translate("timeline", "Webサイト"),
        "note": QCoreApplication.translate("timeline", "メモ"),
    }
    return words.get(str(code), "")
