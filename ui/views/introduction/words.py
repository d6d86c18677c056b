"""How the state of an item of the introduction reads."""

from __future__ import annotations

from typing import NamedTuple

from isdesk.domain.introduction import SYMPTOM
from isdesk.services.introducing import PointView, StepView
from ui.noop import QT_TRANSLATE_NOOP
from ui.words import translate

PHASES: tuple[str, ...] = (
    QT_TRANSLATE_NOOP("introduction", "開始前"),
    QT_TRANSLATE_NOOP("introduction", "0〜30日"),
    QT_TRANSLATE_NOOP("introduction", "31〜60日"),
    QT_TRANSLATE_NOOP("introduction", "61〜90日"),
    QT_TRANSLATE_NOOP("introduction", "90日を過ぎました"),
)
KINDS: dict[str, str] = {
    "readiness": QT_TRANSLATE_NOOP("introduction", "準備度"),
    "symptom": QT_TRANSLATE_NOOP("introduction", "診断"),
}


class State(NamedTuple):
    """A chip."""

    text: str
    tone: str


def phase(number: int) -> str:
    """Return what a phase is called."""
    return translate("introduction", PHASES[number])


def kind(what: str) -> str:
    """Return of which list a point is."""
    return translate("introduction", KINDS[what])


def answer(item: StepView | PointView, *, yes: bool) -> str:
    """Return an answer in words."""
    if isinstance(item, StepView):
        return translate("introduction", "済み") if yes else translate("introduction", "未了")
    if item.what == SYMPTOM:
        return translate("introduction", "当てはまる") if yes else translate("introduction", "当てはまらない")
    return translate("introduction", "はい") if yes else translate("introduction", "いいえ")


def state(item: StepView | PointView) -> State:
    """Return the state of an item as a chip; the words say all, the tone says it again."""
    if isinstance(item, StepView):
        if item.done:
            return State(answer(item, yes=True), "good")
        late = State(translate("introduction", "期限超過"), "bad")
        return late if item.late else State(answer(item, yes=False), "plain")
    if item.answer is None:
        return State(translate("introduction", "未回答"), "plain")
    bad = item.answer is (item.what == SYMPTOM)
    return State(answer(item, yes=item.answer), "warn" if bad else "good")
