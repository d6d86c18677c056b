"""The script beside its form as a real lead would hear it: answers are tried out and nothing of them is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from isdesk import messages
from isdesk.domain import mail as law
from isdesk.domain.changes import Value
from isdesk.domain.errors import IsdeskError
from isdesk.domain.ids import LeadId
from isdesk.domain.mail import SUBJECT_LIMIT
from isdesk.playbook.marking import Block, Piece
from isdesk.services import script_editing
from isdesk.services.mails import footer_words
from isdesk.services.script_editing import SENDER, Walk
from isdesk.services.scripts import RenderedPhase
from ui.views.call.objections import RebuttalCard
from ui.views.call.questions import QuestionCard
from ui.views.call.script_view import SayCard
from ui.views.definitions.scripts.lead_box import LeadBox
from ui.views.definitions.scripts.state import EditState
from ui.widgets import Card, Chip, FlowLayout, Hairline, button, clear_scroll, label

if TYPE_CHECKING:
    from ui.session import Session


class Wording(QWidget):
    """Which of two wordings under trial is read: A, the script's own, or B; and which of them this lead hears."""

    chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.rival = False
        self.own_button = button("A", "choice", tip=self.tr("いまの文面で読む(Alt+B)"))
        self.rival_button = button("B", "choice", tip=self.tr("試す文面で読む(Alt+B)"))
        self.heard = label("", "small", wrap=True)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for one, rival in ((self.own_button, False), (self.rival_button, True)):
            one.setCheckable(True)
            one.setFixedWidth(40)
            one.clicked.connect(lambda _, rival=rival: self.choose(rival=rival))
            line.addWidget(one)
        line.addWidget(self.heard, 1)
        self.begin()
        self.hide()

    def begin(self) -> None:
        """Another script is at work: its own wording comes first."""
        self.rival = False
        self._show()

    def _show(self) -> None:
        self.own_button.setChecked(not self.rival)
        self.rival_button.setChecked(self.rival)

    def choose(self, *, rival: bool) -> None:
        """Read one of them."""
        changed, self.rival = rival != self.rival, rival
        self._show()
        if changed:
            self.chosen.emit(rival)

    def turn(self) -> None:
        """Read the other one."""
        if not self.isHidden():
            self.choose(rival=not self.rival)

    def show_heard(self, walk: Walk, *, trial: bool) -> None:
        """Say which of them the lead hears."""
        self.setVisible(trial)
        if not trial and self.rival:
            self.begin()
        which = "B" if walk.hears_rival else "A"
        self.heard.setText(self.tr("このリードが聞くのは {which} です。").format(which=which) if walk.chosen else "")


class Preview(QWidget):
    """``examples`` tells what the variables are with the lead that was chosen."""

    examples = Signal(object)
    stepped = Signal(str)

    def __init__(self, session: Session, state: EditState) -> None:
        super().__init__()
        self._session, self._state = session, state
        self._answers: dict[str, Value] = {}
        self._phase, self._visited = "", [""]
        self._walk: Walk | None = None
        self.lead = LeadBox(session)
        self.note = label("", "small", wrap=True)
        self.say = SayCard()
        self.answering = label(self.tr("かかってきた電話では"), "section")
        self.answer_card = SayCard()
        self.wording = Wording()
        self.branch = label("", "dim", wrap=True)
        self.rebuttal = RebuttalCard()
        self.subject = label("", "head", wrap=True)
        self.cards: list[QuestionCard] = []
        self._filled_now: list[QWidget] = []
        self._lay_out()
        self.lead.picked.connect(self._picked)
        self.wording.chosen.connect(lambda _: self.show_part())

    def _lay_out(self) -> None:
        card = Card(margins=(14, 12, 14, 12))
        card.body.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(label(self.tr("プレビュー"), "section"))
        head.addWidget(self.lead, 1)
        card.body.addLayout(head)
        card.body.addWidget(self.wording)
        card.body.addWidget(self.note)
        card.body.addWidget(Hairline())
        area, inner = clear_scroll()
        inner.setContentsMargins(0, 0, 6, 0)
        inner.setSpacing(10)
        self.title = label("", "section")
        self.broken = label("", "bad", wrap=True)
        said = (self.title, self.subject, self.broken, self.say, self.branch, self.rebuttal)
        for one in (*said, self.answering, self.answer_card):
            inner.addWidget(one)
        self._asked = QVBoxLayout()
        self._asked.setSpacing(8)
        inner.addLayout(self._asked)
        self.filled = QWidget()
        self._chips = FlowLayout(self.filled, gap=6)
        inner.addWidget(self.filled)
        inner.addStretch(1)
        card.body.addWidget(area, 1)
        foot = QHBoxLayout()
        self.back_button = button(self.tr("← 前へ"), "quiet", tip=self.tr("プレビューを前へ(Alt+←)"))
        self.again_button = button(self.tr("最初から"), "quiet")
        self.next_button = button(self.tr("次へ →"), tip=self.tr("プレビューを次へ(Alt+→)"))
        for quiet in (self.back_button, self.again_button):
            foot.addWidget(quiet)
        foot.addStretch(1)
        foot.addWidget(self.next_button)
        self._foot = foot
        card.body.addLayout(foot)
        self.next_button.clicked.connect(self.go_on)
        self.back_button.clicked.connect(self.go_back)
        self.again_button.clicked.connect(self.restart)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(card)

    # ------------------------------------------------------------------ the lead

    def begin(self) -> None:
        """Another part is at work: speak to a lead that would hear it, unless one was chosen by hand."""
        self._answers, self._phase, self._visited = {}, "", []
        self.wording.begin()
        sheet, ctx, code, script = self._state.sheet, self._session.ctx, self._state.code, self._state.script
        if sheet is None or not code:
            return
        if self.lead.lead_id is not None and self.lead.property("by_hand"):
            self.show_part()
            return

        def op() -> tuple[LeadId | None, str]:
            found = script_editing.lead_for(ctx, sheet, code if script else "")
            return found, script_editing.lead_name(ctx, found) if found is not None else ""

        def then(found: tuple[LeadId | None, str]) -> None:
            self.lead.show_lead(*found)
            self.show_part()

        self._session.tasks.read(op, then, self._failed, owner=self, key="preview-begin")

    def _picked(self, _: str) -> None:
        self.lead.setProperty("by_hand", True)
        self._answers = {}
        self.show_part()

    # ------------------------------------------------------------------ showing

    def show_part(self) -> None:
        """Show the part at work with the lead, as the draft stands."""
        sheet, lead, code, ctx = self._state.sheet, self.lead.lead_id, self._state.code, self._session.ctx
        if self._state.part == SENDER:
            self._show_sender()
            return
        if sheet is None or lead is None or not code:
            self._clear(self.tr("リードがまだありません。取り込むと、ここで実際のリードで確かめられます。"))
            return
        answers = dict(self._answers)
        rival = self.wording.rival

        def words() -> dict[str, str]:
            return script_editing.words_for(ctx, sheet, lead)

        self._session.tasks.read(words, self.examples.emit, self._failed, owner=self, key="preview-words")
        if self._state.script:
            self._session.tasks.read(
                lambda: script_editing.walk(ctx, sheet, code, lead, answers, rival=rival),
                self._show_walk,
                self._failed,
                owner=self,
                key="preview",
            )
        else:
            self._session.tasks.read(
                lambda: script_editing.mail_for(ctx, sheet, code, lead),
                self._show_mail,
                self._failed,
                owner=self,
                key="preview",
            )

    def _clear(self, said: str) -> None:
        self._walk = None
        self.say.show_phase(None, said)
        self.say.show()
        for one in (
            self.branch,
            self.subject,
            self.title,
            self.answering,
            self.answer_card,
            self.filled,
            self.rebuttal,
            self.note,
            self.broken,
            self.wording,
        ):
            one.hide()
        self._show_questions(None)
        self._show_foot(shown=False)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, IsdeskError):
            self._session.notices.error(error)
            return
        said = messages.say(error, self._session.lang)
        self._clear(f"{said.what}\n{said.do}".strip())

    def _show_foot(self, *, shown: bool) -> None:
        for one in (self.back_button, self.again_button, self.next_button):
            one.setVisible(shown)

    def _show_sender(self) -> None:
        """Show what stands below a mail."""
        sender = self._state.sheet.rules.mail.sender if self._state.sheet is not None else None
        self._clear(law.footer(sender, footer_words(self._session.lang)) if sender is not None else "")

    def _show_mail(self, found: tuple[str, str, str]) -> None:
        subject, body, below = found
        self._clear("")
        self.subject.setText(subject)
        self.subject.show()
        text = f"{body}\n\n{below}".rstrip()
        self.say.text.show_blocks((Block((Piece(text),)),))
        self.say.updateGeometry()
        over = len(subject) > SUBJECT_LIMIT
        self.note.setVisible(over)
        self.note.setText(
            self.tr("このリードでは件名が{n}字になります({most}字まで)。").format(n=len(subject), most=SUBJECT_LIMIT)
        )

    def _show_walk(self, walk: Walk | None) -> None:
        if walk is None or not walk.script.phases:
            self._clear(self.tr("まだ読めるスクリプトになっていません。"))
            return
        self._walk = walk
        self.subject.hide()
        script = self._state.sheet.script(self._state.code) if self._state.sheet is not None else None
        self.wording.show_heard(walk, trial=script is not None and script.trial is not None)
        self.note.setVisible(not walk.chosen)
        self.note.setText(self.tr("このリードには、ほかのスクリプトが使われます。文面だけを確かめています。"))
        kind, code = self._state.row
        objection = next((o for o in walk.script.objections if kind == "objection" and o.code == code), None)
        codes = [one.code for one in walk.script.phases]
        if self._phase not in codes:
            self._phase = codes[0]
            self._visited = [self._phase]
        phase = walk.script.phases[codes.index(self._phase)]
        self.rebuttal.show_objection(objection, self._session.lang)
        self.say.setVisible(objection is None)
        self.title.setVisible(objection is None)
        self._show_phase(phase)
        self._show_foot(shown=objection is None)
        self.next_button.setEnabled(bool(phase.to))
        self.back_button.setEnabled(len(self._visited) > 1)
        self._show_filled(walk)

    def _show_phase(self, phase: RenderedPhase) -> None:
        lang = self._session.lang
        self.title.setText(phase.en if lang == "en" else phase.ja)
        self.say.show_phase(phase, "")
        self.answer_card.show_phase(phase, "", incoming=True)
        self._show_broken(phase.code if self.say.isVisibleTo(self) else self._state.row[1])
        for one in (self.answering, self.answer_card):
            one.setVisible(bool(phase.incoming) and self.say.isVisibleTo(self))
        self.branch.setVisible(bool(phase.branch) and self.say.isVisibleTo(self))
        name = phase.branch_en if lang == "en" else phase.branch_ja
        walk = self._walk
        to = next((p for p in walk.script.phases if p.code == phase.to), None) if walk is not None else None
        if to is not None:
            text = self.tr("分岐: {name} → {to}")
            self.branch.setText(text.format(name=name, to=to.en if lang == "en" else to.ja))
        self._show_questions(phase)

    def _show_broken(self, code: str) -> None:
        """Say in the place of a text why it cannot be read; the others are shown all the same."""
        error = self._walk.broken.get(code) if self._walk is not None else None
        self.broken.setVisible(error is not None)
        if error is not None:
            said = messages.say(error, self._session.lang)
            self.broken.setText(f"{said.what}\n{said.do}".strip())
            self.say.hide()
            self.rebuttal.hide()

    def _show_questions(self, phase: RenderedPhase | None) -> None:
        asked = phase.questions if phase is not None and not self.rebuttal.isVisibleTo(self) else ()
        while len(self.cards) < len(asked):
            made = QuestionCard()
            made.answered.connect(self.answer)
            self.cards.append(made)
            self._asked.addWidget(made)
        for n, card in enumerate(self.cards):
            card.setVisible(n < len(asked))
            if n < len(asked) and self._walk is not None:
                value = self._walk.values.get(asked[n].field)
                if card.field != asked[n].field:
                    card.show_question(asked[n], value, self._session.lang)
                else:
                    card.show_value(value)

    def _show_filled(self, walk: Walk) -> None:
        for gone in self._filled_now:
            self._chips.removeWidget(gone)
            gone.deleteLater()
        done = [one for one in walk.filled if one[2]]
        said = self.tr("引き継ぎチェック {n}/{of}").format(n=len(done), of=len(walk.filled))
        lang = self._session.lang
        fresh = [Chip(f"✓ {en if lang == 'en' else ja}", "good") for ja, en, _, new in done if new]
        self._filled_now = [label(said, "small"), *fresh]
        for made in self._filled_now:
            self._chips.addWidget(made)
        self.filled.show()

    # ------------------------------------------------------------------ walking

    def answer(self, field: str, value: object) -> None:
        """Try an answer out."""
        self._answers[field] = value if isinstance(value, str | int | float | bool) else None
        self.show_part()

    def go_on(self) -> None:
        """Go on to where the answers lead."""
        found = next((p for p in self._walk.script.phases if p.code == self._phase), None) if self._walk else None
        if found is not None and found.to:
            self._phase = found.to
            self._visited.append(found.to)
            self.stepped.emit(found.to)
            self.show_part()

    def go_back(self) -> None:
        """Go back the way that was come."""
        if len(self._visited) > 1:
            self._visited.pop()
            self._phase = self._visited[-1]
            self.stepped.emit(self._phase)
            self.show_part()

    def go_to(self, phase: str) -> None:
        """Show a step, the one that is edited."""
        if phase != self._phase and self._walk is not None and phase in {p.code for p in self._walk.script.phases}:
            self._phase = phase
            self._visited = [*self._visited, phase]
            self.show_part()

    def show_other(self) -> None:
        """Show the other of two wordings under trial."""
        self.wording.turn()

    def restart(self) -> None:
        """Begin the conversation anew, without answers."""
        self._answers, self._phase, self._visited = {}, "", []
        self.show_part()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def phase(self) -> str:
        """Return the code of the step on show."""
        return self._phase
