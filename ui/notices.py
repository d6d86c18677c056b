"""Problems and news in sentences: what happened, what was kept, what to do. A bug gets a report, never a traceback."""

from __future__ import annotations

import logging
import platform
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from isdesk import __version__
from isdesk.domain.errors import IsdeskError

log = logging.getLogger("isdesk.ui.notices")


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. ``tone``: ``bad`` | ``warn`` | ``good`` | ``plain`` | ``promise`` (a call that comes in).

    With ``action`` a button calls ``act``. ``subject`` names what it is about: `Notices.withdraw` takes it away when
    that was handled or taken back, and another notice of it stands in its place. ``passes``: good news that go by
    themselves. ``stays``: however many others come, it is never put away for want of room.
    """

    text: str
    more: str = ""
    details: str = ""
    tone: str = "bad"
    action: str = ""
    act: Callable[[], object] | None = None
    subject: str = ""
    passes: bool = False
    stays: bool = False


class Notices(QObject):
    """Where anything in the window says something to the person; the main window shows it."""

    noticed = Signal(object)
    said = Signal(str)
    withdrawn = Signal(str)
    bug = Signal(str)

    def __init__(self, lang: str = "ja", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lang = lang
        self.busy: Callable[[], bool] = lambda: False
        """Whether a call is on."""
        self.seen: Callable[[], str] = lambda: ""
        """The subject of the notice that is seen, empty where none is seen or it has none."""
        self._later: list[Notice | str] = []

    def say(self, text: str) -> None:
        """Say something that passes by itself."""
        self.said.emit(text)

    def show(self, notice: Notice) -> None:
        """Show a notice that stays until it is closed or withdrawn."""
        self.noticed.emit(notice)

    def news(self, what: Notice | str) -> None:
        """Say what others did: at once, or after the call that is on."""
        if self.busy():
            self._later.append(what)
        elif isinstance(what, Notice):
            self.show(what)
        else:
            self.say(what)

    def release(self) -> None:
        """Say what waited for the end of a call."""
        later, self._later = self._later, []
        for one in later:
            self.news(one)

    def withdraw(self, subject: str) -> None:
        """Take away what stands about a subject: it was handled, or taken back."""
        self.withdrawn.emit(subject)

    def error(self, error: BaseException) -> None:
        """Tell of a failure: a known problem by its sentences, anything else as a bug."""
        if isinstance(error, IsdeskError):
            from isdesk import messages

            words = messages.say(error, self.lang)
            self.show(Notice(words.what, f"{words.kept} {words.do}".strip(), str(error)))
        else:
            report = bug_report(error)
            log.error("bug", exc_info=error)
            self.bug.emit(report)


def bug_report(error: BaseException) -> str:
    """Return a report of a bug without personal data: kinds and places, no values."""
    lines = [f"isdesk {__version__} / Python {platform.python_version()} / {platform.system()} {platform.release()}"]
    frames = traceback.extract_tb(error.__traceback__)
    lines.extend(f"  {_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)
    lines.append(_kind(error))
    return "\n".join(lines)


def _kind(error: BaseException) -> str:
    """Return the class; the words of an error may hold what a person typed, so only those of bare bugs are kept."""
    named = isinstance(error, (AttributeError, NameError, ImportError))
    return f"{type(error).__name__}: {error}" if named else type(error).__name__


def _short(path: str) -> str:
    return "/".join(path.replace("\\", "/").split("/")[-3:])
