"""The page 定義: what the team agreed on, as it is enforced; on paper; and the choice of another preset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.changes import Changes
from isdesk.domain.roles import Right
from isdesk.playbook import Difference, Preset
from isdesk.services import definitions
from isdesk.services.agreeing import Origin
from isdesk.services.definitions import About
from isdesk.services.views import Written
from ui import pdf
from ui.notices import Notice
from ui.pages import Page
from ui.theme import theme, tokens
from ui.views.definitions.chooser import Chooser
from ui.views.definitions.commands import COMMANDS
from ui.views.definitions.drift import DriftView
from ui.views.definitions.editor import Editor
from ui.views.definitions.proposals import Proposals
from ui.views.definitions.reader import Reader
from ui.views.definitions.scripts.page import ScriptEditor
from ui.widgets import Chip, ElidedLabel, button, label
from ui.widgets.busy import BusyLine

if TYPE_CHECKING:
    from ui.session import Session


class DefinitionsPage(Page):
    """The document, or the choice of another one, under a line that says which is in force."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._about: About | None = None
        self._total = 0
        self.title, self.version = label("", "head"), Chip("")
        self.signed = ElidedLabel("", "dim")
        self.reader, self.chooser = Reader(), Chooser(session)
        self.busy = BusyLine()
        self.busy.stop.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.reader)
        self._stack.addWidget(self.chooser)
        self.editor, self.proposals = Editor(session), Proposals(session)
        self._stack.addWidget(self.editor)
        self._stack.addWidget(self.proposals)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 14, 24, 16)
        box.setSpacing(12)
        box.addLayout(self._head())
        box.addWidget(self.busy)
        box.addWidget(self._stack, 1)
        self.choose_button.clicked.connect(self.choose)
        self.pdf_button.clicked.connect(self.ask_pdf)
        self.chooser.looked.connect(self._compare)
        self.chooser.chosen.connect(self._apply)
        self.chooser.closed.connect(self.close_chooser)
        self._add_drift()
        self.edit_button.clicked.connect(self.edit_own)
        self.proposals_button.clicked.connect(self.show_proposals)
        self._add_scripts()
        self.editor.closed.connect(self.close_chooser)
        self.editor.proposed.connect(self.show_proposals)
        self.proposals.closed.connect(self.close_chooser)
        self.proposals.edit.connect(self.edit)
        self.proposals.counted.connect(self._count)
        self.proposals.agreed.connect(self._agreed)
        theme.changed.connect(self._redress)
        session.hub.changed.connect(self._changed)
        session.hub.synced.connect(self.proposals.load)

    def _add_drift(self) -> None:
        self.drift = DriftView(self._session)
        self._stack.addWidget(self.drift)
        self.drift_button.clicked.connect(self.show_drift)
        self.drift.closed.connect(self.close_chooser)
        self.drift.asked_lead.connect(self.asked_lead)

    def _add_scripts(self) -> None:
        self.scripts = ScriptEditor(self._session)
        self._stack.addWidget(self.scripts)
        self.scripts_button.clicked.connect(self.edit_scripts)
        self.scripts.closed.connect(self.close_chooser)
        self.scripts.proposed.connect(self.show_proposals)
        self.scripts.text_wanted.connect(self.edit_own)

    def _head(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(label(self.tr("定義"), "title"))
        line.addSpacing(4)
        line.addWidget(self.title)
        line.addWidget(self.version)
        line.addWidget(self.signed, 1)
        self.choose_button = button(self.tr("別の定義を選ぶ"), tip=self.tr("別の定義を選ぶ(C)"))
        self.pdf_button = button(self.tr("PDFで保存"), tip=self.tr("PDFで保存(E)"))
        self.edit_button = button(self.tr("定義を変更"), tip=self.tr("定義を変更(M)"))
        self.scripts_button = button(self.tr("スクリプト編集"), tip=self.tr("トークスクリプトとメールを編集(S)"))
        if not self._session.ctx.may(Right.DEFINITIONS):
            self.edit_button.hide()
            self.scripts_button.hide()
        self.proposals_button = button(self.tr("提案"), tip=self.tr("提案と署名(P)"))
        self.drift_button = button(self.tr("ずれ"), tip=self.tr("定義と実態のずれ(D)"))
        self.introduction_button = button(self.tr("導入の90日"), tip=self.tr("導入の90日・準備度・診断"))
        self.introduction_button.clicked.connect(lambda: self._session.commands.run("page.introduction"))
        if not self._may_see():
            self.drift_button.hide()
            self.introduction_button.hide()
        for part in (
            self.introduction_button,
            self.drift_button,
            self.proposals_button,
            self.scripts_button,
            self.edit_button,
        ):
            line.addWidget(part)
        line.addWidget(self.choose_button)
        line.addWidget(self.pdf_button)
        return line

    def bind(self) -> None:
        """Answer to the page's commands."""
        commands = self._session.commands
        for command in COMMANDS:
            commands.declare(command)
        reading, editor = self._reading, self.editor
        commands.bind("definitions.find", self._find, allowed=reading)
        commands.bind("definitions.pdf", self.ask_pdf)
        commands.bind("definitions.choose", self.choose, allowed=reading)
        commands.bind(
            "definitions.edit", self.edit_own, allowed=lambda: self.edit_button.isEnabled() and self._may_edit()
        )
        commands.bind("definitions.proposals", self.show_proposals, allowed=lambda: not self.choosing)
        commands.bind("definitions.drift", self.show_drift, allowed=lambda: self._reading() and self._may_see())
        commands.bind("definitions.propose", self._propose, allowed=lambda: self.editing or self.scripting)
        commands.bind("definitions.simulate", editor.simulate, allowed=lambda: self.editing)

        self._bind_scripts()

    def _bind_scripts(self) -> None:
        bind, scripts = self._session.commands.bind, self.scripts
        bind("definitions.scripts", self.edit_scripts, allowed=lambda: not self.scripting and self._may_edit())
        for command_id, handler in (
            ("branch", scripts.add_branch),
            ("step", scripts.add_step),
            ("objection", scripts.add_objection),
            ("new", scripts.ask_new),
            ("remove", scripts.remove),
            ("problem", scripts.next_problem),
            ("trial", scripts.try_other),
            ("take_own", lambda: scripts.end_trial(rival=False)),
            ("take_rival", lambda: scripts.end_trial(rival=True)),
            ("other", scripts.preview.show_other),
            ("outline", scripts.focus_outline),
            ("on", scripts.preview.go_on),
            ("back", scripts.preview.go_back),
        ):
            bind(f"definitions.script.{command_id}", handler, allowed=lambda: self.scripting)

    def _propose(self) -> None:
        if self.scripting:
            self.scripts.propose()
        else:
            self.editor.propose()

    # ------------------------------------------------------------------ reading

    @property
    def choosing(self) -> bool:
        """Return True while another preset is being chosen."""
        return self._stack.currentIndex() == 1

    @property
    def editing(self) -> bool:
        """Return True while the text of the definitions is being edited."""
        return self._stack.currentWidget() is self.editor

    @property
    def scripting(self) -> bool:
        """Return True while scripts and templates are being edited."""
        return self._stack.currentWidget() is self.scripts

    def _reading(self) -> bool:
        return self._stack.currentWidget() is self.reader

    def _may_edit(self) -> bool:
        return not self.editing and self._session.ctx.may(Right.DEFINITIONS)

    @override
    def arrive(self) -> None:
        if self._about is None:
            self.load()
        if self._reading():
            self.reader.browser.setFocus()

    def load(self) -> None:
        """Read the definitions in force."""
        ctx, lang, colours = self._session.ctx, self._session.lang, _colours()

        def op() -> tuple[About, str]:
            return definitions.about(ctx), definitions.document(ctx, lang, colours)

        self._session.tasks.read(op, self._show, owner=self, key="definitions")
        self.proposals.load()

    def _show(self, read: tuple[About, str]) -> None:
        about, html = read
        self._about = about
        self.title.setText(about.title)
        self.version.set_text(f"v{about.version.partition('@')[2].partition('+')[0] or about.version}")
        self.version.setToolTip(about.version)
        if about.agreed_on:
            who = "、".join(about.agreed_by)
            text = self.tr("{on} 合意").format(on=about.agreed_on)
            self.signed.set_text(f"{text}({who})" if who else text)
        else:
            self.signed.set_text(self.tr("まだ合意の記録がありません"))
        if about.team:
            self.signed.set_text(f"{self.signed.full_text()} ・ {self.tr('チームのハブから配布')}")
        self.reader.show_document(html, definitions.sections(html))

    def _redress(self) -> None:
        self.reader.dress()
        if self._about is not None:
            self.load()

    def _changed(self, changes: Changes) -> None:
        if changes.playbook:
            self.load()
        elif changes.undo:
            self.proposals.load()

    def _find(self) -> None:
        self.reader.field.setFocus()
        self.reader.field.selectAll()

    # ------------------------------------------------------------------ paper

    def ask_pdf(self) -> None:
        """Ask where to, and save the document as a PDF."""
        name = self.tr("定義 {title}").format(title=self._about.title if self._about else "")
        path, _ = QFileDialog.getSaveFileName(self, self.tr("定義をPDFで保存"), f"{name}.pdf", self.tr("PDF (*.pdf)"))
        if path:
            self.save_pdf(Path(path))

    def save_pdf(self, path: Path) -> None:
        """Save the document as a PDF: dark ink on white, whatever the theme."""
        ctx, lang = self._session.ctx, self._session.lang
        title = self._about.title if self._about else ""

        def done(html: str) -> None:
            try:
                pdf.write_pdf(html, path, title)
            except OSError:
                what = self.tr("PDFを書き込めませんでした。")
                self._session.notices.show(Notice(what, self.tr("保存先を変えて、もう一度お試しください。")))
                return
            self._session.notices.say(self.tr("PDFに保存しました: {file}").format(file=path.name))

        self._session.tasks.read(lambda: definitions.document(ctx, lang), done, owner=self)

    # ------------------------------------------------------------------ another preset

    def choose(self) -> None:
        """Show the presets."""
        ctx = self._session.ctx

        def op() -> tuple[tuple[Preset, ...], About]:
            return definitions.presets(), definitions.about(ctx)

        def done(found: tuple[tuple[Preset, ...], About]) -> None:
            self._turn(self.chooser)
            self.chooser.start(*found)

        self._session.tasks.read(op, done, owner=self, key="presets")

    # ------------------------------------------------------------------ another text

    def edit_own(self) -> None:
        """Edit the definitions in force, or go on where the edit was left."""
        self.edit("")

    def edit_scripts(self) -> None:
        """Edit the scripts and mail templates one by one, in the same draft as the text."""
        self._turn(self.scripts)
        self.scripts.start()

    def edit(self, text: str) -> None:
        """Edit a text, that of a proposal; an empty one: what is in force."""
        self._turn(self.editor)
        self.editor.start(text)

    def edit_at(self, key: str, origin: Origin) -> None:
        """Edit the definitions at a key because an alignment meeting decided so."""
        self._turn(self.editor)
        self.editor.start_at(key, origin)

    def _may_see(self) -> bool:
        return self._session.ctx.may(Right.SEE_TEAM)

    def show_drift(self) -> None:
        """Show where practice and definition part."""
        self._turn(self.drift)
        self.drift.load()

    def show_proposals(self) -> None:
        """Show who proposed what, and who has signed."""
        self._turn(self.proposals)
        self.proposals.load()
        self.proposals.table.setFocus()

    def _turn(self, part: QWidget) -> None:
        self._stack.setCurrentWidget(part)
        self.edit_button.setEnabled(part is not self.editor)
        self.scripts_button.setEnabled(part is not self.scripts)

    def _count(self, waiting: int) -> None:
        text = self.tr("提案 {n}").format(n=waiting) if waiting else self.tr("提案")
        self.proposals_button.setText(text)

    def _agreed(self, in_force: bool) -> None:
        if in_force:
            self.load()
            self._chosen()

    def close_chooser(self) -> None:
        """Go back to the document."""
        self._turn(self.reader)
        self.reader.browser.setFocus()

    def _compare(self, name: str) -> None:
        ctx = self._session.ctx

        def done(found: tuple[Difference, ...]) -> None:
            self.chooser.show_differences(name, found)

        self._session.tasks.read(lambda: definitions.compare(ctx, name), done, owner=self, key="compare")

    def _apply(self, name: str) -> None:
        session = self._session
        ctx, desk = session.ctx, session.desk

        def op() -> Written:
            written = definitions.choose(ctx, name)
            if desk is not None:
                desk.reload()
            return written

        self.close_chooser()
        session.tasks.write(op, lambda _: self._chosen(), session.notices.error, owner=self)

    def _chosen(self) -> None:
        self._session.words.rules = self._session.ctx.rules
        self._session.words.calendar = self._session.ctx.calendar
        self._total = 0
        self.busy.begin(self.tr("新しい定義で計算し直しています"))
        self.busy.stop.hide()
        self._derive()

    def _derive(self) -> None:
        """Derive the leads in small steps, so that a call recorded meanwhile never waits."""
        ctx = self._session.ctx
        self._session.tasks.write(lambda: definitions.derive_some(ctx), self._derived, self._not_derived, owner=self)

    def _derived(self, done: tuple[Changes, int]) -> None:
        changes, left = done
        self._total = max(self._total, left + len(changes.leads))
        if left and changes.leads:
            self.busy.step("", self._total - left, self._total)
            self._derive()
            return
        self.busy.end()
        self._session.hub.changed.emit(Changes(queue=True, all_leads=True))
        title = self._session.ctx.playbook.title.in_(self._session.lang)
        self._session.notices.say(self.tr("定義を「{title}」にしました").format(title=title))

    def _not_derived(self, error: Exception) -> None:
        self.busy.end()
        self._session.notices.error(error)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.choosing:
            self.close_chooser()
        else:
            super().keyPressEvent(event)


def _colours() -> dict[str, str]:
    look = tokens()
    return {"line": look.line, "dim": look.dim, "head": look.panel2, "accent": look.accent_text}


def make(session: Session) -> Page:
    """Make the page."""
    page = DefinitionsPage(session)
    page.bind()
    return page
