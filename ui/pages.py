"""The pages of the window, registered by id. A page is made when it is first opened, and shown only if it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from isdesk.domain.roles import Right
from ui.commands import Command
from ui.noop import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId
    from isdesk.services.context import Context
    from ui.session import Session


class Page(QWidget):
    """Base of a page. ``badge(n)`` shows a count on its mark in the navigation; ``asked_lead`` opens a lead to call,
    ``asked_talk`` a call that came in and has no lead.
    """

    badge = Signal(int)
    asked_lead = Signal(str)
    asked_talk = Signal(str)

    def arrive(self) -> None:
        """Tell the page that it is in front now; it takes the keyboard."""

    def leave(self) -> None:
        """Tell the page that another one comes; what was typed must be safe by now."""

    def show_lead(self, lead_id: LeadId) -> bool:
        """Show a lead where the page can; return whether it does."""
        del lead_id
        return False


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page: ``factory`` is ``module:function``, Session to Page; ``foot`` puts its mark at the bottom.

    ``under``: the page that leads to this one, which has no mark of its own then, and no key. ``right``: who has not
    got it is not shown the page; with ``together``, neither is who works alone. ``key``: a key of its own,
    beside Ctrl and the digit of its place.
    """

    id: str
    text: str
    icon: str
    factory: str
    foot: bool = False
    under: str = ""
    right: Right | None = None
    together: bool = False
    key: str = ""

    def is_for(self, ctx: Context) -> bool:
        """Return whether the page is shown to the person at this desk."""
        return (self.right is None or ctx.may(self.right)) and not (self.together and ctx.alone)

    @property
    def command(self) -> str:
        """Return the id of the command that opens it."""
        return f"page.{self.id}"


PAGES: tuple[PageSpec, ...] = (
    PageSpec("call", QT_TRANSLATE_NOOP("commands", "架電"), "phone", "ui.views.call.page:make"),
    PageSpec("leads", QT_TRANSLATE_NOOP("commands", "リード"), "leads", "ui.views.leads.page:make"),
    PageSpec("handoff", QT_TRANSLATE_NOOP("commands", "引き継ぎ"), "handoff", "ui.views.handoff.page:make"),
    PageSpec(
        "sequences",
        QT_TRANSLATE_NOOP("commands", "シーケンス"),
        "sequence",
        "ui.views.sequences.page:make",
        key="Ctrl+G",
    ),
    PageSpec(
        "team",
        QT_TRANSLATE_NOOP("commands", "チーム"),
        "team",
        "ui.views.team.page:make",
        right=Right.SEE_TEAM,
        together=True,
    ),
    PageSpec("figures", QT_TRANSLATE_NOOP("commands", "分析"), "chart", "ui.views.figures.page:make"),
    PageSpec("import", QT_TRANSLATE_NOOP("commands", "取り込み"), "import", "ui.views.imports.page:make"),
    PageSpec("definitions", QT_TRANSLATE_NOOP("commands", "定義"), "definitions", "ui.views.definitions.page:make"),
    PageSpec("sync", QT_TRANSLATE_NOOP("commands", "同期"), "sync", "ui.views.sync.page:make", foot=True),
    PageSpec("settings", QT_TRANSLATE_NOOP("commands", "設定"), "settings", "ui.views.settings_page:make", foot=True),
    PageSpec("help", QT_TRANSLATE_NOOP("commands", "ヘルプ"), "help", "ui.views.help_page:make", foot=True),
    PageSpec(
        "alignment",
        QT_TRANSLATE_NOOP("commands", "握り直し会議"),
        "calendar",
        "ui.views.alignment.page:make",
        under="team",
        right=Right.SEE_TEAM,
    ),
    PageSpec(
        "introduction",
        QT_TRANSLATE_NOOP("commands", "導入の90日"),
        "flag",
        "ui.views.introduction.page:make",
        under="definitions",
        right=Right.SEE_TEAM,
    ),
    PageSpec("day", QT_TRANSLATE_NOOP("commands", "一日の締めと日報"), "check", "ui.views.day.page:make", under="call"),
    PageSpec("connect", QT_TRANSLATE_NOOP("commands", "CRMに接続"), "link", "ui.views.connect.page:make", under="sync"),
)
"""All pages in the order of the navigation."""

DIGITS = 9
"""So many pages are opened by Ctrl and a digit."""


def available() -> list[PageSpec]:
    """Return the pages that are there: no mark leads to nothing."""
    return [spec for spec in PAGES if _is_there(spec.factory.partition(":")[0])]


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def modules(page: str) -> list[str]:
    """Return the modules that a page is made by."""
    return [spec.factory.partition(":")[0] for spec in PAGES if spec.id == page]


def make(spec: PageSpec, session: Session) -> Page:
    """Make a page; its module is imported now and not earlier."""
    module, _, name = spec.factory.partition(":")
    factory = cast("Callable[[Session], Page]", getattr(import_module(module), name))
    return factory(session)


def commands_of(spec: PageSpec) -> tuple[Command, ...]:
    """Return the commands of a page that was perhaps never opened; its module is imported now."""
    found: tuple[Command, ...] = getattr(import_module(spec.factory.partition(":")[0]), "COMMANDS", ())
    return found


def page_commands(specs: list[PageSpec]) -> list[Command]:
    """Return the commands that open pages: Ctrl and the digit of their place, F1 for help, Ctrl+D for the day's end."""
    made: list[Command] = []
    for place, spec in enumerate(specs, start=1):
        keys = [f"Ctrl+{place}"] if not spec.under and place <= DIGITS else []
        keys += [spec.key] if spec.key else []
        if spec.id == "help":
            keys.append("F1")
        if spec.id == "settings":
            keys.append("Ctrl+,")
        if spec.id == "day":
            keys.append("Ctrl+D")
        made.append(Command(spec.command, spec.text, "page", tuple(keys), icon=spec.icon))
    return made
