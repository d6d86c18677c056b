"""One lead as the call workspace shows it, read in one go: frozen, so that the next one can lie ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.rules import Rules
from isdesk.domain.work_calendar import WorkCalendar
from isdesk.services.scripts import RenderedScript
from isdesk.services.views import HandoffView, LeadView, Member, Preview, WindowState
from ui.views.call.phrases import tokyo


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that the workspace and the side panel need of one lead at one instant."""

    view: LeadView
    rules: Rules
    calendar: WorkCalendar
    now: datetime
    me: Member
    previews: Mapping[str, Preview] = field(default_factory=dict)
    script: RenderedScript | None = None
    handoff: HandoffView | None = None
    window: WindowState | None = None
    members: Mapping[MemberId, Member] = field(default_factory=dict)

    @property
    def id(self) -> LeadId:
        """Return the lead's id."""
        return self.view.id

    @property
    def today(self) -> date:
        """Return the business date of the instant."""
        return tokyo(self.now).date()

    def text(self, path: str) -> str:
        """Return a field (``x`` or ``company.x``) as text; empty where it is not known."""
        source = self.view.company if path.startswith("company.") else self.view.fields
        value = source.get(path.removeprefix("company."))
        return "" if value is None else str(value)

    def outcome_label(self, code: str | None) -> str:
        """Return what an outcome is called; the code itself is never shown."""
        found = self.rules.outcomes.get(code or "")
        return found.label.ja if found else ""
