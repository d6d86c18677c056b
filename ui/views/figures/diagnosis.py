"""The bottleneck diagnosis in words: what falls short, since when, where, what a change is made of, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from isdesk.domain.diagnosis import ACTIONS, LEAST_TRIALS, Shortfall, Split
from isdesk.services.diagnosing import Diagnosis
from ui.noop import QT_TRANSLATE_NOOP
from ui.views.figures import words
from ui.widgets import Card, FlowLayout, button, label
from ui.words import translate

ACTION_WORDS: Mapping[str, str] = {
    "change_script": QT_TRANSLATE_NOOP("diagnosis", "トークスクリプトを見直す"),
    "change_calling_hours": QT_TRANSLATE_NOOP("diagnosis", "架電する時間帯を変える"),
    "check_talk": QT_TRANSLATE_NOOP("diagnosis", "トークの内容を確かめる"),
    "adjust_sla": QT_TRANSLATE_NOOP("diagnosis", "SLAを調整する"),
    "review_proposal": QT_TRANSLATE_NOOP("diagnosis", "提案の進め方を見直す"),
    "review_materials": QT_TRANSLATE_NOOP("diagnosis", "資料を見直す"),
    "look_for_leaks": QT_TRANSLATE_NOOP("diagnosis", "段階ごとの漏れを探す"),
}
"""What to do about each group (DOMAIN 8)."""
CAUSE_WORDS: Mapping[str, str] = {
    "volume": QT_TRANSLATE_NOOP("diagnosis", "架電量"),
    "connect": QT_TRANSLATE_NOOP("diagnosis", "通電率"),
    "decision_maker": QT_TRANSLATE_NOOP("diagnosis", "接続率"),
    "meeting": QT_TRANSLATE_NOOP("diagnosis", "アポの獲得"),
    "handoff": QT_TRANSLATE_NOOP("diagnosis", "引き渡し"),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the diagnosis; what stands in ``**`` is set off. ``small`` ones stand after the first."""

    text: str
    small: bool = False

    @property
    def plain(self) -> str:
        """Return it without marks."""
        return self.text.replace("**", "")

    @property
    def html(self) -> str:
        """Return it for a label; what came from data stays text."""
        from html import escape

        parts = escape(self.text).split("**")
        return "".join(f"<b>{part}</b>" if place % 2 else part for place, part in enumerate(parts))


def sentences(found: Diagnosis, lang: str, *, trials: int) -> tuple[Sentence, ...]:
    """Return the diagnosis in words; where the data do not say, one sentence that says so.

    ``trials``: how often anything was tried at all, to tell "nothing falls short" from "too few to say".
    """
    out = [_short(one, lang, first=place == 0) for place, one in enumerate(found.shortfalls)]
    if not out and trials < LEAST_TRIALS:
        out.append(Sentence(translate("diagnosis", "目標に届いているかは、今の件数では言えません。")))
    elif not out:
        out.append(Sentence(translate("diagnosis", "目標を確かに下回っている段階はありません。")))
    out.append(_split(found.split, found, lang))
    return tuple(out)


def _short(one: Shortfall, lang: str, *, first: bool) -> Sentence:
    around = translate("diagnosis", "95 %区間 {low}–{high} %").format(
        low=f"{one.around.low * 100:.0f}", high=f"{one.around.high * 100:.0f}"
    )
    name = _clean(words.name(one.code, lang))
    body = translate("diagnosis", "{value}(目標 {target}、**{gap} pt**、n = {n}、{around})。")
    said = body.format(
        value=words.percent(one.value),
        target=words.percent(one.target, 0),
        gap=f"{(one.value - one.target) * 100:+.1f}".replace("-", "−"),
        n=f"{one.trials.whole:,}",
        around=around,
    )
    lead = translate("diagnosis", "目標から最も遠いのは **{name}** です。")
    parts = [lead.format(name=name), said] if first else [f"**{name}** {said}"]
    if one.since is not None:
        since = translate("diagnosis", "{day} の週から目標を下回ったままです。")
        parts.append(since.format(day=f"{one.since:%Y-%m-%d}"))
    if one.segment is not None and one.segment_trials is not None:
        lowest = translate("diagnosis", "最も低いのは **{segment}** の {rate} です。")
        parts.append(lowest.format(segment=_clean(one.segment), rate=words.trials(one.segment_trials)))
    return Sentence(_joined(parts, lang), small=not first)


def _joined(parts: list[str], lang: str) -> str:
    """Return sentences in a row, with the space between them that the language wants."""
    return (" " if lang == "en" else "").join(part.strip() for part in parts)


def _split(split: Split | None, found: Diagnosis, lang: str) -> Sentence:
    against = words.span(*found.previous)
    if split is None:
        text = translate("diagnosis", "SQL件数の変化の内訳は、今の件数では言えません({span} との比較)。")
        return Sentence(text.format(span=against), small=True)
    causes = (", " if lang == "en" else "、").join(
        f"{translate('diagnosis', CAUSE_WORDS[code])} {value:+.1f}".replace("-", "−")
        for code, value in sorted(split.causes.items(), key=lambda one: -abs(one[1]))
    )
    change = f"{split.change:+d}".replace("-", "−")
    text = translate("diagnosis", "SQL件数は {before}件 から {after}件(**{change}件**、{span} 比)。内訳: {causes}。")
    parts = [text.format(before=split.before, after=split.after, change=change, span=against, causes=causes)]
    if split.chance:
        parts.append(translate("diagnosis", "この差は偶然の範囲です。"))
    return Sentence(_joined(parts, lang), small=True)


def _clean(text: str) -> str:
    return text.replace("**", "")


class DiagnosisCard(Card):
    """The sentences, and what to do about them as links. ``asked`` tells an action's code, ``records`` a shortfall."""

    asked = Signal(str)
    records = Signal(object)

    def __init__(self) -> None:
        super().__init__(margins=(16, 12, 16, 14))
        self.body.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(label(self.tr("ボトルネック診断"), "section"))
        head.addStretch(1)
        head.addWidget(label(self.tr("95 %区間が目標を下回る段階だけを挙げます"), "small"))
        self.body.addLayout(head)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(self.text)
        self._links = QWidget()
        self._flow = FlowLayout(self._links, gap=8)
        self.body.addWidget(self._links)
        self.body.addStretch(1)
        self.buttons: dict[str, QPushButton] = {}
        self.said: tuple[Sentence, ...] = ()

    def wait(self) -> None:
        """Say that it is being read."""
        self.text.setText(self.tr("調べています…"))

    def show_diagnosis(self, found: Diagnosis, lang: str, *, trials: int) -> None:
        """Show what the figures say (see `sentences`)."""
        self.said = sentences(found, lang, trials=trials)
        self.text.setText("".join(_paragraph(one) for one in self.said))
        self.text.setAccessibleName(" ".join(one.plain for one in self.said))
        self._flow.clear()
        self.buttons = {}
        first = found.shortfalls[0] if found.shortfalls else None
        if first is not None:
            behind = first.segment_trials or first.trials
            made = button(self.tr("明細 {n}件を開く").format(n=f"{behind.whole:,}"))
            made.clicked.connect(lambda: self.records.emit(first))
            self._flow.addWidget(made)
            self.buttons["records"] = made
        actions = dict.fromkeys(code for one in found.shortfalls for code in one.actions)
        for code in actions or (ACTIONS["whole"] if found.split is not None else ()):
            made = button(translate("diagnosis", ACTION_WORDS[code]))
            made.clicked.connect(lambda _=False, c=code: self.asked.emit(c))
            self._flow.addWidget(made)
            self.buttons[code] = made
        if not trials:
            made = button(self.tr("架電をはじめる"), "primary")
            made.clicked.connect(lambda: self.asked.emit("call"))
            self._flow.addWidget(made)
            self.buttons["call"] = made
        self._links.setVisible(bool(self.buttons))


def _paragraph(one: Sentence) -> str:
    style = "margin:5px 0 0 0; font-size:13px;" if one.small else "margin:0; font-size:15px;"
    return f'<p style="{style} line-height:150%;">{one.html}</p>'
