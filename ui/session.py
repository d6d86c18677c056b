"""What every page is given: the desk's context, the bridge to workers, the signals, the commands and the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.services.context import Context
from ui.commands import Commands
from ui.hub import Hub
from ui.notices import Notices
from ui.tasks import Tasks
from ui.words import Words

if TYPE_CHECKING:
    from isdesk.desk import Desk
    from isdesk.settings import Settings
    from ui.telephone import DeskPhone


@dataclass
class Session:
    """One open profile in one window. ``desk`` is what owns it; pages work with ``ctx`` through ``tasks``."""

    ctx: Context
    tasks: Tasks
    hub: Hub
    commands: Commands
    notices: Notices
    words: Words
    desk: Desk | None = None
    settings: Settings | None = None
    phone: DeskPhone | None = None

    def now(self) -> datetime:
        """Return the present instant, UTC."""
        return self.ctx.now()

    @property
    def lang(self) -> str:
        """Return the language of the window (``ja`` | ``en``)."""
        return self.words.lang
