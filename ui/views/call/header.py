"""Who is being called: name, company, stage, the numbers to dial, when it is allowed, and how long the call lasts."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.phone import End, Phase
from isdesk.domain.touch import Channel
from isdesk.services.views import Phone, WindowState
from ui.theme import tokens
from ui.theme.tokens import Size, Space
from ui.tips import plain_tip
from ui.views.call import phrases
from ui.views.call.call_timer import clock_text
from ui.views.call.kit import Band, Elided, KeyButton, Pill, outlined, sized
from ui.views.call.scene import Scene
from ui.views.sequences import words
from ui.views.side.timeline_words import channel as channel_name
from ui.widgets.flow import FlowLayout

_MOST_NUMBERS = 4
_LINE, _GAP = 30, 10


class LeadHeader(Band):
    """The head of the call workspace. ``dial`` carries an E.164 number, the others are plain wishes."""

    dial = Signal(str)
    copy_number = Signal(str)
    copy_mail = Signal(str)
    open_link = Signal(str)
    cancel_call = Signal()
    hang_up = Signal()
    sequence = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = Elided(size=Size.NAME, bold=True, stretch=False)
        self._title, self._under = Elided(ink="dim"), Elided(ink="dim")
        self._under.hide()
        self._first, self._stage = Pill(), Pill()
        self._numbers = [KeyButton(kind="primary" if n == 0 else "plain") for n in range(_MOST_NUMBERS)]
        self._copy = KeyButton(self.tr("コピー"))
        self._mail = KeyButton(self.tr("メール"))
        self._linkedin = KeyButton(self.tr("LinkedIn"))
        self._sequence = KeyButton(key="G")
        self._hours, self._touches, self._timer = Pill(tall=_LINE), Pill(tall=_LINE), Pill(tall=_LINE)
        self._cancel = KeyButton(self.tr("取消"), "Esc", "link")
        self._end = KeyButton(self.tr("切る"), "F6", "link")
        self._banner, self._note = Banner(), Banner()
        self._lead = self._said = self._post = self._company = ""
        self._line_font = QFontMetrics(sized(self.font(), Size.BODY))
        self._copy.setToolTip(self.tr("電話番号をコピーします (Ctrl+Shift+C)。60秒後にクリップボードから消えます。"))
        self._copy.setAccessibleName(self.tr("電話番号をコピー"))
        for link in (self._cancel, self._end):
            link.setFixedHeight(_LINE)
        self._phones: tuple[Phone, ...] = ()
        self._on_call = self._copies = False
        self._allowed, self._allowed_tone = "", "plain"
        self._build()
        self._connect()
        self.show_call(None)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(_GAP)
        top.addWidget(self._name, 0)
        top.addWidget(self._title, 1, Qt.AlignmentFlag.AlignBottom)
        top.addWidget(self._first, 0)
        top.addWidget(self._stage, 0)
        ways = QWidget()
        ways.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        flow = FlowLayout(ways, gap=Space.S)
        for part in (
            *self._numbers,
            self._copy,
            self._mail,
            self._linkedin,
            self._sequence,
            self._hours,
            self._touches,
        ):
            flow.addWidget(part)
        low = QHBoxLayout()
        low.setSpacing(Space.S)
        low.addWidget(ways, 1)
        low.addWidget(self._cancel, 0, Qt.AlignmentFlag.AlignBottom)
        low.addWidget(self._end, 0, Qt.AlignmentFlag.AlignBottom)
        low.addWidget(self._timer, 0, Qt.AlignmentFlag.AlignBottom)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, 12, Space.XL, 13)
        box.setSpacing(Space.S)
        box.addLayout(top)
        box.addWidget(self._under)
        box.addLayout(low)
        box.addWidget(self._banner)
        box.addWidget(self._note)

    def _connect(self) -> None:
        for n, button in enumerate(self._numbers):
            button.clicked.connect(lambda _=False, n=n: self._pressed(n))
        self._mail.clicked.connect(lambda: self.copy_mail.emit(self._mail.property("target")))
        self._linkedin.clicked.connect(lambda: self.open_link.emit(self._linkedin.property("target")))
        self._copy.clicked.connect(self.copy_best)
        self._sequence.clicked.connect(self.sequence)
        self._cancel.clicked.connect(self.cancel_call)
        self._end.clicked.connect(self.hang_up)

    def _pressed(self, index: int) -> None:
        if index < len(self._phones):
            self.dial.emit(self._phones[index].e164)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_title()

    def _place_title(self) -> None:
        """Title and company stand beside the name, or on a line of their own where there is no room for both."""
        pills = sum(one.sizeHint().width() + _GAP for one in (self._first, self._stage) if one.text())
        room = max(160, self.width() - 2 * Space.XL - pills)
        wanted = self._name.sizeHint().width() + _GAP + self._line_font.horizontalAdvance(self._said)
        below = bool(self._said) and wanted > room
        whole = self._line_font.horizontalAdvance(self._said) <= self.width() - 2 * Space.XL
        beside, under = ("", self._said) if whole or not self._company else (self._post, self._company)
        self._title.show_text(beside if below else self._said)
        self._under.show_text(under if below else "")
        self._under.setVisible(below)
        self._name.setMaximumWidth(room * 11 // 20 if below and beside else room)

    @property
    def best_number(self) -> str | None:
        """Return the number that F5 dials: the first that is usable."""
        return next((p.e164 for p in self._phones if p.bad is None), None)

    def copy_best(self) -> None:
        """Ask for the best number on the clipboard."""
        if self.best_number:
            self.copy_number.emit(self.best_number)

    def set_scene(self, scene: Scene) -> None:
        """Show another lead, or the same one anew."""
        view = scene.view
        if self._lead != scene.id:
            self._lead = scene.id
            self.say_note("", "plain")
        self._name.show_text(scene.text("name") or self.tr("氏名なし"))
        self._post, self._company = _post(scene), _company(scene)
        self._said = title_line(scene)
        stage = scene.rules.stages.get(view.state.stage)
        self._stage.say(scene.say(stage.label) if stage else "")
        self._phones = tuple(sorted(view.phones, key=lambda p: p.bad is not None))[:_MOST_NUMBERS]
        for n, button in enumerate(self._numbers):
            self._show_number(button, n, view.may_dial)
        usable = any(p.bad is None for p in self._phones)
        self._copies = usable and view.may_dial != "dnc" and not view.state.dnc
        self._target(self._mail, scene.text("email"), self.tr("メールアドレスをコピーします"))
        self._target(self._linkedin, scene.text("linkedin"), self.tr("プロフィールをブラウザーで開きます"))
        self._allowed = hours_line(scene.window, scene)
        self._allowed_tone = "plain" if _is_open(scene.window) else "warn"
        self._make_room()
        state, said = view.state, touches_line(scene)
        alone = not state.attempts and not state.last_touch_at
        self._first.say(said if alone else "")
        self._place_title()
        self._touches.say("" if alone else said)
        one = view.sequence
        self._sequence.setVisible(one is not None)
        if one is not None:
            self._sequence.say(words.line_of(one, scene.lang), "G")
            self._sequence.setToolTip(words.line_due(one, scene.today, scene.lang, scene.rules))
        self._show_banner(scene)

    def _show_number(self, button: KeyButton, n: int, may_dial: str | None) -> None:
        button.setVisible(n < len(self._phones))
        if n >= len(self._phones):
            return
        phone = self._phones[n]
        first = n == 0 and phone.bad is None
        button.strike = phone.bad is not None
        words = f"☎ {phone.shown}" if first else f"{phrases.phone_kind(phone.kind)} {phone.shown}".strip()
        if phone.bad:
            words = f"{words} {phrases.bad_number(phone.bad)}"
        button.say(words, "F5" if first else "")
        button.set_kind("primary" if first else "plain")
        button.setEnabled(phone.bad is None and may_dial is None)
        kind = phrases.phone_kind(phone.kind)
        tip = self.tr("{kind}に架電します (F5)") if first else self.tr("{kind}に架電します")
        button.setToolTip(phrases.bad_number(phone.bad) if phone.bad else tip.format(kind=kind))

    @staticmethod
    def _target(button: KeyButton, target: str, tip: str) -> None:
        button.setVisible(bool(target))
        button.setProperty("target", target)
        button.setToolTip(plain_tip(f"{tip}\n{target}"))

    def _show_banner(self, scene: Scene) -> None:
        state, why = scene.view.state, scene.view.may_dial
        if state.dnc or why == "dnc":
            self._banner.say(self.tr("架電禁止 — このリードには電話をかけないでください。"), "bad")
        elif state.returned_reason:
            text = self.tr("差し戻し: {reason}").format(reason=scene.reason(state.returned_reason))
            if why:
                text += self.tr(" ・ ") + self.refusal_sentence(scene, why)
            self._banner.say(text, "bad")
        elif why:
            self._banner.say(self.refusal_sentence(scene, why), "warn")
        else:
            self._banner.say("", "warn")

    def refusal_sentence(self, scene: Scene, why: str) -> str:
        """Return why the lead may not be dialled now, and until when where that is known."""
        until = scene.view.state.cooldown_until if why == "cooldown" else scene.view.placement.until
        if why.startswith("window") and scene.window is not None and scene.window.opens_at is not None:
            opens = phrases.moment_text(scene.window.opens_at, scene.today)
            return self.tr(
                "いまは架電の時間外です。架電は {when} から。準備やメモ、引き継ぎはいつでもできます。"
            ).format(when=opens)
        text = self.tr("今は架電できません: {why}").format(why=phrases.refusal(why))
        if until and until > scene.now and why not in {"no_number", "dnc"}:
            text += self.tr("({when} まで)").format(when=phrases.moment_text(until, scene.today))
        return text

    def show_call(
        self, seconds: int | None, phase: Phase | None = None, *, blind: bool = False, incoming: bool = False
    ) -> None:
        """Show how long the call lasts and how far it has come; None: no call is on.

        ``phase`` None: the telephone does not tell. ``blind``: it was lost on the way. ``incoming``: they called us.
        """
        if self._on_call != (seconds is not None):
            self._on_call = seconds is not None
            self._make_room()
        if seconds is None:
            self._timer.say("", "warn")
        else:
            text, tone = self._call_words(phase, blind=blind, incoming=incoming)
            self._timer.say(text.format(time=clock_text(seconds)), tone)
        self._cancel.setVisible(seconds is not None and phase is not Phase.TALKING)
        self._end.setVisible(phase is not None)

    def _call_words(self, phase: Phase | None, *, blind: bool, incoming: bool) -> tuple[str, str]:
        if blind:
            return self.tr("電話と切断 ・ 通話中 {time}"), "bad"
        if phase is Phase.DIALLING:
            return self.tr("発信中 {time}"), "promise"
        if phase is Phase.RINGING:
            return self.tr("着信中 {time}") if incoming else self.tr("呼出中 {time}"), "promise"
        if incoming:
            return self.tr("受電中 {time}"), "warn"
        return self.tr("通話中 {time}"), "warn"

    def show_looking(self, *, on: bool) -> None:
        """Show that the CRM is asked before the number is dialled."""
        if not self._on_call:
            self._timer.say(self.tr("CRMを確認中") if on else "", "promise")

    def say_note(self, text: str, tone: str) -> None:
        """Say what was found in the CRM just now; it goes with the lead. Empty: nothing."""
        self._note.say(text, tone)

    @property
    def note(self) -> str:
        """Return what was said of the lead last."""
        return self._note.text()

    def _make_room(self) -> None:
        """Let the clock stand where copy and hours stood, which a call does not need: the script below stays put."""
        self._hours.say("" if self._on_call else self._allowed, self._allowed_tone)
        self._copy.setVisible(self._copies and not self._on_call)

    def show_over(self, seconds: int | None, end: End | None = None) -> None:
        """Show that the call is over, how it ended where the telephone told, and that its outcome is awaited.

        ``seconds`` None: nobody knows how long it took.
        """
        words = {
            End.NO_ANSWER: self.tr("応答なし {time} — 結果を選択"),
            End.BUSY: self.tr("話中 — 結果を選択"),
            End.FAILED: self.tr("つながりません — 結果を選択"),
            End.CANCELLED: self.tr("発信取消 — 結果を選択"),
        }
        usual = self.tr("通話終了 — 結果を選択") if seconds is None else self.tr("通話終了 {time} — 結果を選択")
        said = words.get(end, usual) if end is not None else usual
        self._timer.say(said.format(time=clock_text(seconds or 0)), "promise")
        self._end.hide()
        self._cancel.setVisible(end in {None, End.CANCELLED})


class Banner(QWidget):
    """One sentence across the whole width that must not be overlooked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._tone = "", "warn"
        self._font = sized(self.font(), Size.BODY, bold=True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    def text(self) -> str:
        """Return the sentence."""
        return self._text

    def say(self, text: str, tone: str) -> None:
        """Show a sentence; an empty one hides the banner."""
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        self.setToolTip(plain_tip(text))
        self.setVisible(bool(text))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, 28)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        ground, ink = tokens().tone(self._tone)
        painter = QPainter(self)
        outlined(painter, self.rect(), Size.RADIUS, ground)
        painter.setFont(self._font)
        painter.setPen(QColor(ink))
        room = self.rect().adjusted(12, 0, -12, 0)
        shown = QFontMetrics(self._font).elidedText(self._text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def title_line(scene: Scene) -> str:
    """Return title and company with what is known of it: ``購買部長 ・ 青葉精機株式会社(製造 / 320名 / 愛知県)``."""
    return " ・ ".join(part for part in (_post(scene), _company(scene)) if part)


def _post(scene: Scene) -> str:
    return scene.text("title") or scene.text("department")


def _company(scene: Scene) -> str:
    people = scene.text("company.employees")
    known = [scene.text("company.industry"), f"{people}名" if people else "", scene.text("company.prefecture")]
    company = scene.text("company.name")
    facts = " / ".join(k for k in known if k)
    return f"{company}({facts})" if company and facts else company


def hours_line(window: WindowState | None, scene: Scene) -> str:
    """Return when may be called today, or that now may not."""
    spans = scene.rules.windows.soft
    if not spans:
        return ""
    first, last = spans[0][0], spans[-1][1]
    hours = f"{first.hour}:{first.minute:02d}–{last.hour}:{last.minute:02d}"
    if window is None or window.state == "open":
        return QCoreApplication.translate("header", "通話可 {hours}").format(hours=hours)
    if window.state == "soft":
        return QCoreApplication.translate("header", "時間外(約束のみ)・ {hours}").format(hours=hours)
    return QCoreApplication.translate("header", "時間外 ・ {hours}").format(hours=hours)


def touches_line(scene: Scene) -> str:
    """Return the number of attempts and the last touch: ``架電 4回 ・ 前回 11/19 資料送付希望``."""
    state, translate = scene.view.state, QCoreApplication.translate
    parts = [translate("header", "架電 {n}回").format(n=state.attempts)] if state.attempts else []
    if state.last_touch_at:
        day = phrases.tokyo(state.last_touch_at).date()
        what = f"{_last_way(scene)} {scene.outcome_label(state.last_outcome)}".strip()
        last = translate("header", "前回 {day} {what}").format(day=phrases.short_day(day, scene.today), what=what)
        parts.append(last.strip())
    elif not parts:
        parts = [translate("header", "初回")]
    return " ・ ".join(parts)


def _last_way(scene: Scene) -> str:
    """Return over what the last touch went where it was no call; empty for a call, or where none is known."""
    touch = next((one.touch for one in scene.view.timeline if one.touch is not None and one.touch.outcome), None)
    known = touch is not None and touch.outcome == scene.view.state.last_outcome
    return channel_name(touch.channel.value) if known and touch and touch.channel is not Channel.PHONE else ""


def _is_open(window: WindowState | None) -> bool:
    return window is None or window.state == "open"
