"""The call workspace: who, what to say, what was said, how it ended. Shows a scene; decides nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.services.scripts import RenderedPhase
from ui.theme import tokens
from ui.theme.tokens import Size, Space
from ui.views.call.header import LeadHeader
from ui.views.call.kit import Elided, Text
from ui.views.call.memo import Memo
from ui.views.call.merge_panel import MergePanel
from ui.views.call.objections import ObjectionRow, RebuttalCard
from ui.views.call.outcome_bar import OutcomeBar
from ui.views.call.outcome_dialogs import AskPanel, Popover
from ui.views.call.outcome_list import OutcomeList
from ui.views.call.questions import QuestionGrid
from ui.views.call.scene import Scene
from ui.views.call.script_view import SayCard
from ui.views.call.touch_panel import TouchPanel
from ui.views.call.wait_panel import WaitPanel
from ui.widgets.tabs import SegmentedTabs

_POPOVER_MARGIN = 14
_POPOVER_MOST = 760


def tall_at(widget: QWidget | None, width: int) -> int:
    """Return how tall a widget wants to be at ``width``."""
    layout = widget.layout() if widget is not None else None
    if layout is None:
        return widget.sizeHint().height() if widget is not None else 0
    return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()


def is_inner_escape(event: QEvent, container: QWidget) -> bool:
    """Return whether Escape was pressed in a part of ``container``: it leaves that part and takes no call back."""
    if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    focus = QApplication.focusWidget()
    inside = focus is not None and focus is not container and container.isAncestorOf(focus)
    return event.key() == Qt.Key.Key_Escape and inside


class FitScroll(QScrollArea):
    """A scroll area that is as tall as what it holds while there is room, and scrolls only where there is none."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        content.setAutoFillBackground(False)
        self.setWidget(content)
        content.installEventFilter(self)
        self._tall = 0

    def _wanted(self) -> int:
        return tall_at(self.widget(), max(self.width(), 100))

    def refit(self) -> None:
        """Take the height of the content anew."""
        tall = self._wanted()
        if tall != self._tall:
            self._tall = tall
            self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, self._tall or self._wanted())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(200, min(110, self._tall or 110))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.refit()
        return super().eventFilter(watched, event)

    @override
    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.refit()


class CallWorkspace(QWidget):
    """Holds the parts, keeps them while leads come and go, and lays the popovers above the outcome bar."""

    phase_changed = Signal(int)
    list_wanted = Signal()
    link_wanted = Signal(str)
    scene_shown = Signal(str)
    call_recorded = Signal()
    """A call got its outcome: what the script shows from here on is the next one's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self.header = LeadHeader()
        self.tabs = SegmentedTabs([], "steps")
        self.say = SayCard()
        self.branch = Elided(ink="accent_text", size=Size.SMALL)
        self.rebuttal = RebuttalCard()
        self._visited: list[str] = []
        self._linked = ""
        self._taken: dict[str, str] = {}
        self._came: dict[str, str] = {}
        self._codes: list[str] = []
        self._shown: RenderedPhase | None = None
        self._caller = ""
        self.questions = QuestionGrid()
        self.objections = ObjectionRow()
        self.memo = Memo()
        self.bar = OutcomeBar()
        self._nobody = Nobody()
        self._build()
        self.ask = AskPanel(self)
        self.list = OutcomeList(self)
        self.wait = WaitPanel(self)
        self.touch = TouchPanel(self)
        self.merge = MergePanel(self)
        for popover in self._popovers():
            popover.installEventFilter(self)
        self.tabs.changed.connect(self._phase_shown)
        self.objections.opened.connect(self._show_rebuttal)
        self.objections.closed.connect(self._hide_rebuttal)
        self.rebuttal.closed.connect(self.objections.close_card)
        for text in (self.say.text, self.rebuttal.text):
            text.link_wanted.connect(self.link_wanted)
        self.tabs.setToolTip(self.tr("Alt+← / Alt+→ で段階を移ります"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.show_nobody("", "")

    def _build(self) -> None:
        speech = QWidget()
        column = QVBoxLayout(speech)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        for part in (self.say, self.rebuttal, self.questions):
            column.addWidget(part)
        self._speech = FitScroll(speech)
        middle = QVBoxLayout()
        middle.setContentsMargins(Space.XL, 14, Space.XL, 14)
        middle.setSpacing(Space.M)
        middle.addWidget(self.tabs)
        middle.addWidget(self._speech, 0)
        middle.addWidget(self.branch)
        middle.addWidget(self.objections)
        middle.addWidget(self.memo, 100)
        middle.addStretch(1)
        call = QWidget()
        whole = QVBoxLayout(call)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addLayout(middle, 1)
        whole.addWidget(self.bar)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._nobody)
        self._stack.addWidget(call)

    @property
    def scene(self) -> Scene | None:
        """Return what is shown."""
        return self._scene

    @property
    def phase(self) -> RenderedPhase | None:
        """Return the phase on show."""
        script = self._scene.script if self._scene else None
        index = self.tabs.current()
        return script.phases[index] if script and 0 <= index < len(script.phases) else None

    def show_nobody(self, title: str, text: str) -> None:
        """Show that no lead is at work, and what to do."""
        self._scene = None
        self.close_popovers()
        self._nobody.say(title, text)
        self._stack.setCurrentIndex(0)

    def set_scene(self, scene: Scene) -> None:
        """Show a lead. Another lead begins at its first phase; the same one keeps phase, memo and popovers."""
        other = self._scene is None or self._scene.id != scene.id
        self._scene = scene
        if other:
            self._begin(scene)
        else:
            self._keep_place(scene)
        self.header.set_scene(scene)
        self._show_phase()
        self.bar.set_scene(scene)
        self._stack.setCurrentIndex(1)
        self.scene_shown.emit(scene.id)

    def _keep_place(self, scene: Scene) -> None:
        """Show what may have changed of the same lead's script; who is in a phase that it still has stays there."""
        phases = scene.script.phases if scene.script else ()
        codes = [one.code for one in phases]
        if codes != self._codes:
            at = self._codes[self.tabs.current()] if self.tabs.current() < len(self._codes) else ""
            self._lay_tabs(scene, codes.index(at) if at in codes else 0)
        self.objections.show_objections(scene.script.objections if scene.script else ())

    def _lay_tabs(self, scene: Scene, current: int = 0) -> None:
        phases = scene.script.phases if scene.script else ()
        self._codes = [one.code for one in phases]
        for n in range(self.tabs.count()):
            self.tabs.set_done(n, done=False)
        self.tabs.set_tabs(_steps(phases, scene), current=current)
        for n, code in enumerate(self._codes[:current]):
            self.tabs.set_done(n, done=code in self._visited)
        self.tabs.setVisible(bool(phases))

    def _begin(self, scene: Scene) -> None:
        self.close_popovers()
        self.forget_path()
        self._lay_tabs(scene)
        self.objections.restart(scene.script.objections if scene.script else (), scene.lang)
        self._hide_rebuttal()
        self.bar.restart()
        self.memo.show_draft(scene.view.draft_note, scene.view.draft_at)
        self._speech.verticalScrollBar().setValue(0)

    def _show_phase(self) -> None:
        phase = self.phase
        self._say_phase()
        self._show_branch(phase)
        if self._scene is not None:
            self.questions.show_questions(phase.questions if phase else (), self._scene)
        if phase is not self._shown:
            self.objections.keep_short(short=phase is not None and bool(phase.questions))
        if phase is not None and phase.code not in self._visited:
            self._visited.append(phase.code)
        self._shown = phase
        self._speech.refit()

    def _say_phase(self) -> None:
        scene, fallback = self._scene, self.tr("このリードに合うトークスクリプトはありません。")
        self.say.show_phase(self.phase, fallback, incoming=scene is not None and scene.id == self._caller)

    def set_caller(self, lead_id: str) -> None:
        """Say who called us, empty for nobody: a call that came in is opened in other words than one of ours."""
        if lead_id != self._caller:
            self._caller = lead_id
            self._say_phase()
            self._speech.refit()

    def _show_branch(self, phase: RenderedPhase | None) -> None:
        """Say which branch holds by what is known, and where it leads."""
        scene = self._scene
        taken = scene is not None and phase is not None and bool(phase.branch)
        self.branch.setVisible(taken)
        if scene is None or phase is None or scene.script is None or not taken:
            return
        name = phase.branch_en if scene.lang == "en" else phase.branch_ja
        phases = scene.script.phases
        to = next((n for n, one in enumerate(phases) if one.code == phase.to), 0)
        text = self.tr("分岐: {name} → {phase}(Alt+→)")
        self.branch.show_text(text.format(name=name, phase=_steps(phases, scene)[to].removeprefix("⤷ ")))

    @property
    def path(self) -> tuple[str, ...]:
        """Return the phases that were shown of the script, each with the branch that was taken from there."""
        return tuple(f"{code}:{self._taken[code]}" if code in self._taken else code for code in self._visited)

    def forget_path(self) -> None:
        """Another call begins: its way through the script is its own."""
        self._visited, self._taken, self._came, self._shown = [], {}, {}, None

    def next_call(self) -> None:
        """The call has its outcome: the way, the objections and who was reached are those of the next one."""
        script = self._scene.script if self._scene else None
        self.forget_path()
        self.objections.restart(script.objections if script else (), self._scene.lang if self._scene else "ja")
        self._hide_rebuttal()
        self.bar.restart()
        self.call_recorded.emit()

    def _left(self, to: RenderedPhase | None) -> None:
        """Keep which branch led on from the phase that was shown, as it was shown then."""
        before = self._shown
        if before is None or to is None or before.code == to.code:
            return
        codes = self._codes
        if before.code in codes and codes.index(before.code) < codes.index(to.code):
            self._came[to.code] = before.code
        self._taken.pop(before.code, None)
        if before.branch and before.to == to.code:
            self._taken[before.code] = before.branch

    @property
    def links(self) -> tuple[str, ...]:
        """Return the addresses to which the text on show leads."""
        shown = self.rebuttal if self.rebuttal.isVisibleTo(self) else self.say
        return shown.text.links

    def next_link(self) -> None:
        """Open the first link of the text on show; pressed again the one after it."""
        found = self.links
        if found:
            self._linked = found[(found.index(self._linked) + 1) % len(found) if self._linked in found else 0]
            self.link_wanted.emit(self._linked)

    def script_begun(self, *, begun: bool) -> str:
        """Return the ref of the script in which the conversation is: in a call (``begun``), or past its first phase."""
        script = self._scene.script if self._scene else None
        return script.ref if script is not None and (begun or len(self._visited) > 1) else ""

    def _show_rebuttal(self, code: str) -> None:
        lang = self._scene.lang if self._scene else "ja"
        self.rebuttal.show_objection(self.objections.objection(code), lang)
        self.say.hide()
        self._speech.verticalScrollBar().setValue(0)

    def _hide_rebuttal(self) -> None:
        self.rebuttal.show_objection(None)
        self.say.show()

    def _phase_shown(self, index: int) -> None:
        script = self._scene.script if self._scene else None
        for n, phase in enumerate(script.phases[:index] if script else ()):
            self.tabs.set_done(n, done=phase.code in self._visited)
        self._left(self.phase)
        self._show_phase()
        self.phase_changed.emit(index)

    def step_phase(self, by: int) -> None:
        """Go on to the next phase, or to where the branch leads that holds here; or back the way that was come."""
        phase, script = self.phase, self._scene.script if self._scene else None
        if script is None or phase is None:
            return
        codes = [one.code for one in script.phases]
        if by > 0:
            target = phase.to
        else:
            before = [p.code for p in script.phases[: codes.index(phase.code)] if not p.aside]
            target = self._came.get(phase.code) or (before[-1] if before else "")
        if target in codes:
            self.tabs.set_current(codes.index(target))

    def focus_questions(self) -> bool:
        """Give the keyboard to the first question, of the phase on show or else of the one that asks some; return
        False where none does.
        """
        script = self._scene.script if self._scene else None
        here = self.tabs.current()
        asking = [n for n, phase in enumerate(script.phases if script else ()) if phase.questions]
        if not asking:
            return False
        if here not in asking:
            self.tabs.set_current(next((n for n in asking if n > here), asking[0]))
        self.questions.focus_first()
        self._speech.ensureWidgetVisible(self.questions.cards[0], 0, 0)
        return True

    def show_question_for(self, field: str) -> bool:
        """Go to the phase that asks for a field and give it the keyboard; return False where none does."""
        script = self._scene.script if self._scene else None
        for n, phase in enumerate(script.phases if script else ()):
            if any(q.field == field for q in phase.questions):
                self.tabs.set_current(n)
                return self.questions.focus_field(field)
        return False

    @property
    def popover_open(self) -> bool:
        """Return whether a popover is open."""
        return any(popover.isVisible() for popover in self._popovers())

    def dismiss_popovers(self) -> None:
        """Close what is open as if Escape had been pressed in it."""
        for popover in self._popovers():
            popover.dismiss()

    def take_keys(self) -> None:
        """Take the keyboard, so that digits are outcomes again."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def after_outcome(self) -> None:
        """An outcome was recorded: no field keeps the keyboard, the next digit is the next outcome."""
        focus = self.focusWidget()
        if focus is not None and focus.hasFocus():
            self.take_keys()
        self.memo.show_draft("", None)

    @override
    def event(self, event: QEvent) -> bool:
        if is_inner_escape(event, self):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.hasFocus():
            self.take_keys()
            return
        super().keyPressEvent(event)

    @override
    def focusNextPrevChild(self, forward: bool, /) -> bool:
        if forward and self.hasFocus() and self._scene is not None:
            self.list_wanted.emit()
            return True
        return super().focusNextPrevChild(forward)

    def close_popovers(self) -> None:
        """Put popovers away without a word."""
        for popover in self._popovers():
            popover.hide()

    def _popovers(self) -> tuple[Popover, ...]:
        return (self.ask, self.list, self.wait, self.touch, self.merge) if hasattr(self, "merge") else ()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Show, QEvent.Type.LayoutRequest} and isinstance(watched, QWidget):
            self._place(watched)
        return super().eventFilter(watched, event)

    @override
    def resizeEvent(self, event: object) -> None:
        for popover in self._popovers():
            if popover.isVisible():
                self._place(popover)

    def _place(self, popover: QWidget) -> None:
        width = min(self.width() - 2 * _POPOVER_MARGIN, _POPOVER_MOST)
        tall = tall_at(popover, width)
        bottom = self.bar.geometry().top() - 8
        tall = min(tall, bottom - 8)
        popover.setGeometry(_POPOVER_MARGIN, bottom - tall, width, tall)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(tokens().ground))


def _steps(phases: Sequence[RenderedPhase], scene: Scene) -> list[str]:
    """Return the phases numbered as they are gone through; one to which only a branch leads has an arrow instead."""
    out, number = [], 0
    for phase in phases:
        number += not phase.aside
        out.append(f"⤷ {scene.say(phase)}" if phase.aside else f"{number} {scene.say(phase)}")
    return out


class Nobody(QWidget):
    """What stands where no lead is at work: never an empty screen without the next step."""

    def __init__(self) -> None:
        super().__init__()
        self._title = Text(size=Size.HEAD, bold=True)
        self._text = Text(ink="dim", wrap=True)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        box = QVBoxLayout(self)
        box.setContentsMargins(40, 40, 40, 40)
        box.addStretch(2)
        box.addWidget(self._title)
        box.addWidget(self._text)
        box.addStretch(3)

    def say(self, title: str, text: str) -> None:
        """Say why, and what comes next."""
        self._title.show_text(title)
        self._text.show_text(text)
