"""What the forms of the editor share: fields bound to places in the tree, and problems shown where they are."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from isdesk import messages
from isdesk.domain.errors import PlaybookError
from isdesk.services.script_editing import Path, Wrong
from isdesk.services.script_trials import Shares
from ui.views.definitions.scripts.state import EditState
from ui.views.definitions.scripts.text_field import MarkdownField
from ui.widgets import label

Put = Callable[[str], None]


def sentence(error: PlaybookError, lang: str) -> str:
    """Return what is wrong and what to do, without the place in the file: it stands beside the place itself."""
    said = messages.say(error, lang)
    what = said.what.partition(": ")[2] or said.what
    return f"{what} {said.do}".strip()


class Area(QWidget):
    """A text with the sentences about its wrong lines below it."""

    def __init__(self, name: str, *, lines: int, lang: str) -> None:
        super().__init__()
        self.field = MarkdownField(name, lines=lines, lang=lang)
        self.why = label("", "bad", wrap=True)
        self.why.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.why.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.field, 1)
        box.addWidget(self.why)

    def show_wrong(self, wrong: list[Wrong], lang: str) -> None:
        """Mark the wrong lines and say what is wrong with them."""
        self.field.show_wrong([one.line for one in wrong])
        lines = []
        for one in wrong:
            at = self.tr("{n}行目: ").format(n=one.line) if one.line else ""
            lines.append(f"{at}{sentence(one.error, lang)}")
        self.why.setText("\n".join(lines))
        self.why.setVisible(bool(lines))


class Form(QWidget):
    """A form over the row at work. ``fill`` shows what the tree holds; nothing that it sets is an edit. ``asked`` for
    something beside what it edits; ``decided`` on one of two wordings: True for the rival.
    """

    asked = Signal(str)
    decided = Signal(bool)

    def __init__(self, state: EditState, lang: str) -> None:
        super().__init__()
        self.state, self.lang = state, lang
        self.areas: dict[Path, Area] = {}
        self._fills: list[Callable[[], None]] = []
        self.why = label("", "bad", wrap=True)
        self.why.hide()
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 14, 16, 14)
        self.body.setSpacing(8)

    # ------------------------------------------------------------------ parts

    def line(self, name: str, *path: str, read: Callable[[], str] | None = None, put: Put | None = None) -> QLineEdit:
        """Return a line bound to a text of the tree."""
        made = QLineEdit()
        made.setAccessibleName(name)
        made.setPlaceholderText(name)

        def shown() -> None:
            text = read() if read is not None else self.state.text(*path)
            if made.text() != text:
                made.setText(text)
                made.setCursorPosition(0)

        made.textEdited.connect(put or (lambda text: self.state.put(text, *path, merge=True)))
        self._fills.append(shown)
        return made

    def area(
        self,
        name: str,
        *path: str,
        lines: int = 6,
        read: Callable[[], str] | None = None,
        put: Put | None = None,
        optional: bool = False,
    ) -> Area:
        """Return a text bound to one of the tree; an ``optional`` one that is empty is taken out."""
        made = Area(name, lines=lines, lang=self.lang)
        get = read or (lambda: self.state.text(*path))

        def edited(text: str) -> None:
            ending = "\n" if get().endswith("\n") and not text.endswith("\n") else ""
            if put is not None:
                put(text + ending)
            else:
                value = None if optional and not text.strip() else text + ending
                self.state.put(value, *path, merge=True)

        made.field.edited.connect(edited)

        def shown() -> None:
            text = get().removesuffix("\n")
            if made.field.toPlainText().removesuffix("\n") != text:
                made.field.show_text(text)

        self._fills.append(shown)
        self.areas[path] = made
        return made

    def names(self, ja: QLineEdit, en: QLineEdit) -> QHBoxLayout:
        """Return a line with a name in both languages, each said beside its field."""
        line = QHBoxLayout()
        line.setSpacing(8)
        for said, field in ((self.tr("日本語"), ja), (self.tr("英語"), en)):
            line.addWidget(label(said, "small"))
            line.addWidget(field, 1)
        return line

    def head(self, text: str, *more: QWidget) -> QHBoxLayout:
        """Return a line with a section's title and what stands beside it."""
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label(text, "section"))
        line.addStretch(1)
        for one in more:
            line.addWidget(one)
        return line

    # ------------------------------------------------------------------ showing

    def fill(self) -> None:
        """Show what the tree holds."""
        for one in self._fills:
            one()

    def show_wrong(self, wrong: list[Wrong]) -> None:
        """Show each problem at its text; what is wrong in no text stands at the top."""
        rest = [one for one in wrong if one.path not in self.areas]
        for path, area in self.areas.items():
            area.show_wrong([one for one in wrong if one.path == path], self.lang)
        self.why.setText("\n".join(sentence(one.error, self.lang) for one in rest))
        self.why.setVisible(bool(rest))

    def show_examples(self, examples: dict[str, str]) -> None:
        """Tell the texts what the variables are with the lead of the preview."""
        for area in self.areas.values():
            area.field.examples = examples

    def show_shares(self, found: Shares | None) -> None:
        """Tell which share of the calls gets which of two wordings under trial; most forms say nothing of it."""

    def first_text(self) -> QWidget | None:
        """Return what takes the keyboard when somebody goes into the form."""
        return next((area.field for area in self.areas.values()), None) or self.findChild(QLineEdit)

    def go_to(self, path: Path, line: int) -> bool:
        """Give the keyboard to a text at one of its lines; return whether this form holds it."""
        if path not in self.areas:
            return False
        self.areas[path].field.go_to(line or 1)
        return True


def small(text: str, tip: str = "") -> QPushButton:
    """Return a small button in a head line."""
    made = QPushButton(text)
    made.setProperty("kind", "link")
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAutoDefault(False)
    made.setToolTip(tip)
    return made


def grey(text: str = "") -> QLabel:
    """Return a small line of explanation."""
    return label(text, "small", wrap=True)
