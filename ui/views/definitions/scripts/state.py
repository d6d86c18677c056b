"""What is edited: the part at work as a tree, its undo and redo, and the draft that is kept while one types."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from isdesk.domain.errors import IsdeskError
from isdesk.services import agreeing, script_editing
from isdesk.services.script_editing import SCRIPT, SENDER, Path, Sheet, Tree, Wrong

if TYPE_CHECKING:
    from ui.session import Session

TYPING_MS = 300
"""So long after the last key the draft is checked and kept."""
MOST = 300
"""So many steps can be taken back."""

Row = tuple[str, str]
"""What of a part is at work: (``phase`` | ``node`` | ``branch`` | ``objection`` | ``whole``, its code)."""
WHOLE: Row = ("whole", "")


@dataclass(frozen=True, slots=True)
class Snap:
    """A part as it stood; a tree of None: it was not there."""

    part: Path
    tree: Tree | None
    row: Row


class EditState(QObject):
    """``turned``: another part or row is at work; ``changed``: something of it; ``read``: the draft was read anew;
    ``due``: what stands typed in a field and was not put yet is to be put now, for the part is left or written.
    """

    turned = Signal()
    changed = Signal()
    read = Signal()
    due = Signal()
    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.sheet: Sheet | None = None
        self.base = ""
        self.part: Path = ()
        self.row: Row = WHOLE
        self.tree: Tree = {}
        self._undo: list[Snap] = []
        self._redo: list[Snap] = []
        self._merging = ""
        self._dirty = False
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._rested)

    # ------------------------------------------------------------------ reading

    @property
    def script(self) -> bool:
        """Return whether a script is at work, not a mail template."""
        return self.part[:1] == SCRIPT

    @property
    def code(self) -> str:
        """Return the code of the part at work."""
        return self.part[-1] if self.part else ""

    def get(self, *path: str) -> object:
        """Return what stands at a path of the tree; None where nothing does."""
        here: object = self.tree
        for name in path:
            here = here.get(name) if isinstance(here, dict) else None
        return here

    def text(self, *path: str) -> str:
        """Return a text of the tree."""
        found = self.get(*path)
        return found if isinstance(found, str) else ""

    def table(self, *path: str) -> Tree:
        """Return a table of the tree."""
        found = self.get(*path)
        return found if isinstance(found, dict) else {}

    def texts(self, *path: str) -> list[str]:
        """Return a list of texts of the tree."""
        found = self.get(*path)
        return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []

    @property
    def wrong(self) -> tuple[Wrong, ...]:
        """Return what is wrong in the part at work, as it was read last."""
        return self.sheet.wrong(self.part) if self.sheet is not None and self.part else ()

    @property
    def by_hand(self) -> bool:
        """Return whether only the whole text can change the part at work."""
        return self.sheet is not None and bool(self.part) and script_editing.by_hand(self.sheet, self.part)

    @property
    def pending(self) -> bool:
        """Return whether something was typed that is not read yet."""
        return self._dirty

    # ------------------------------------------------------------------ editing

    def begin(self, sheet: Sheet) -> None:
        """Take a draft; the part at work stays where it is still there."""
        self.sheet, self.base = sheet, sheet.base
        self._undo, self._redo, self._merging, self._dirty = [], [], "", False
        kinds = (SCRIPT, script_editing.MAIL)
        parts = [*((*kind, code) for kind in kinds for code in sheet.codes(kind)), SENDER]
        if self.part not in parts:
            self.part, self.row = (parts[0] if parts else ()), WHOLE
        self.tree = deepcopy(sheet.tree(self.part)) if self.part else {}
        self.turned.emit()
        self.read.emit()

    def turn(self, part: Path, row: Row = WHOLE) -> None:
        """Bring another part to work."""
        self.due.emit()
        if part != self.part and self.sheet is not None:
            self.settle()
            self.part = part
            self.tree = deepcopy(self.sheet.tree(part))
        self._merging = ""
        self.row = row
        self.turned.emit()

    def put(self, value: object, *path: str, merge: bool = False) -> None:
        """Set what stands at a path; None takes it out. ``merge``: one undo with the edit of that path before it."""
        before = Snap(self.part, deepcopy(self.tree), self.row)
        if self.by_hand or not _set(self.tree, path, value):
            return
        key = ".".join(path)
        if not (merge and key == self._merging and self._undo):
            self._undo = [*self._undo[-MOST:], before]
        self._merging = key if merge else ""
        self._edited()

    def change(self, tree: Tree, row: Row | None = None) -> None:
        """Give the whole tree anew, as one step."""
        if self.by_hand:
            return
        self._undo = [*self._undo[-MOST:], Snap(self.part, self.tree, self.row)]
        self._merging = ""
        self.tree = tree
        if row is not None:
            self.row = row
            self.turned.emit()
        self._edited()

    def _edited(self) -> None:
        self._redo = []
        self._dirty = True
        self.changed.emit()
        self._typing.start()

    def settle(self) -> None:
        """Write the part at work into the draft, check it and keep it at this desk."""
        self.due.emit()
        self._rested()

    def _rested(self) -> None:
        self._typing.stop()
        if not self._dirty or self.sheet is None:
            return
        self._dirty = False
        self._merging = ""
        self._write(self.part, self.tree)
        self.read.emit()

    def _write(self, part: Path, tree: Tree | None) -> bool:
        """Write a part into the draft; an error is told and leaves the draft as it was."""
        if self.sheet is None:
            return False
        ctx = self._session.ctx
        try:
            self.sheet = script_editing.put(ctx, self.sheet, part, tree)
        except IsdeskError as error:
            self.failed.emit(error)
            return False
        text = self.sheet.text
        kept = "" if text == agreeing.text_in_force(ctx) else text
        base = self.base
        self._session.tasks.write(lambda: agreeing.keep_draft(ctx, kept, base), owner=self)
        return True

    # ------------------------------------------------------------------ whole parts

    def add(self, part: Path, tree: Tree) -> None:
        """Add a script or a template and bring it to work."""
        self.settle()
        if self._write(part, tree):
            self._undo = [*self._undo[-MOST:], Snap(part, None, WHOLE)]
            self._arrive(part, WHOLE)

    def drop(self) -> None:
        """Take the part at work out of the definitions."""
        if self.part == SENDER:
            return
        self.settle()
        part, before = self.part, deepcopy(self.tree)
        if self._write(part, None):
            self._undo = [*self._undo[-MOST:], Snap(part, before, WHOLE)]
            self._arrive((), WHOLE)

    def _arrive(self, part: Path, row: Row) -> None:
        self._redo, self._merging = [], ""
        self._show(part, row)

    def _show(self, part: Path, row: Row) -> None:
        if self.sheet is None:
            return
        codes = self.sheet.codes(part[:-1]) if part else ()
        if not part or (part != SENDER and part[-1] not in codes):
            part, row = (*SCRIPT, next(iter(self.sheet.codes(SCRIPT)), "")), WHOLE
        self.part, self.row = part, row
        self.tree = deepcopy(self.sheet.tree(part))
        self.turned.emit()
        self.read.emit()

    # ------------------------------------------------------------------ undo

    @property
    def can_undo(self) -> bool:
        """Return whether there is something to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Return whether there is something to do again."""
        return bool(self._redo)

    def undo(self) -> None:
        """Take the last edit back."""
        self._back(self._undo, self._redo)

    def redo(self) -> None:
        """Do again what was taken back."""
        self._back(self._redo, self._undo)

    def _back(self, source: list[Snap], other: list[Snap]) -> None:
        if not source or self.sheet is None:
            return
        self.settle()
        snap = source.pop()
        there = snap.part == SENDER or snap.part[-1] in self.sheet.codes(snap.part[:-1])
        now = deepcopy(self.tree) if snap.part == self.part else deepcopy(self.sheet.tree(snap.part)) if there else None
        row = self.row if snap.part == self.part else snap.row
        if self._write(snap.part, snap.tree):
            other.append(Snap(snap.part, now, row))
            self._merging = ""
            self._show(snap.part, snap.row)


def _set(tree: Tree, path: tuple[str, ...], value: object) -> bool:
    """Set or take out what stands at a path; return whether that changed something. Empty tables go with what left."""
    *heads, last = path
    here, trail = tree, [tree]
    for name in heads:
        inner = here.get(name)
        if not isinstance(inner, dict):
            if value is None:
                return False
            inner = here[name] = {}
        here = inner
        trail.append(here)
    if (value is None and last not in here) or (value is not None and here.get(last) == value):
        return False
    if value is not None:
        here[last] = value
        return True
    del here[last]
    for outer, name in zip(reversed(trail[:-1]), reversed(heads), strict=True):
        if outer.get(name) == {}:
            del outer[name]
    return True
