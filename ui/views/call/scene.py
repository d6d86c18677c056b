"""One lead as the call workspace shows it, read in one go: frozen, so that the next one can lie ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from isdesk.domain.changes import Obj, Value
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Field, Kind
from isdesk.domain.handoff import shown_value
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.rules import Rules
from isdesk.domain.work_calendar import WorkCalendar
from isdesk.services.scripts import RenderedScript
from isdesk.services.views import HandoffView, LeadView, Member, Preview, WindowState
from ui.views.call.phrases import moment_text, tokyo


class Named(Protocol):
    """Something with a name in both languages."""

    @property
    def ja(self) -> str:
        """Return the Japanese name."""
        ...

    @property
    def en(self) -> str:
        """Return the English name."""
        ...


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
    lang: str = "ja"

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
        return found.label.in_(self.lang) if found else ""

    def say(self, named: Named) -> str:
        """Return the name of something that has one in both languages."""
        return named.en if self.lang == "en" and named.en else named.ja

    def reason(self, code: str) -> str:
        """Return a reason in words; what is no known code was typed by a person and is shown as it is."""
        return next((self.say(r.label) for r in self.rules.reasons if r.code == code), code)

    def member_name(self, member_id: str) -> str:
        """Return a person's name; empty for nobody or somebody unknown."""
        found = self.members.get(MemberId(member_id))
        return found.name if found else ""

    def field(self, path: str) -> Field | None:
        """Return the declaration of a field by ``x`` or ``company.x``."""
        known = COMPANY_FIELDS if path.startswith("company.") else LEAD_FIELDS
        code = path.removeprefix("company.")
        obj = Obj.COMPANY if path.startswith("company.") else Obj.LEAD
        return known.get(code) or next((f for f in self.rules.fields if f.code == code and f.obj is obj), None)

    def field_name(self, path: str) -> str:
        """Return the name of a field."""
        found = self.field(path)
        return self.say(found) if found else ""

    def value(self, path: str) -> Value:
        """Return a field as it is stored."""
        source = self.view.company if path.startswith("company.") else self.view.fields
        return source.get(path.removeprefix("company."))

    def shown(self, path: str) -> str:
        """Return a field as people read it."""
        return self.shown_value(path, self.value(path))

    def shown_value(self, path: str, value: Value) -> str:
        """Return a value of a field as people read it; empty where there is none."""
        spec = self.field(path)
        if value is None or spec is None:
            return "" if value is None else str(value)
        if spec.kind is Kind.MEMBER:
            return self.member_name(str(value))
        if spec.kind is Kind.PHONE:
            return next((p.shown for p in self.view.phones if p.e164 == value), str(value))
        if spec.kind is Kind.DATETIME and isinstance(value, str):
            return moment_text(datetime.fromisoformat(value), self.today)
        if spec.kind is Kind.BOOL:
            return "✓" if value else ""
        return self._coded(path, str(value)) or shown_value(value, spec, self.lang)

    def _coded(self, path: str, value: str) -> str:
        if path == "stage" and value in self.rules.stages:
            return self.say(self.rules.stages[value].label)
        if path == "lead_source" and value in self.rules.sources:
            return self.say(self.rules.sources[value].label)
        if path in {"refusal_reason", "lost_reason"}:
            return self.reason(value)
        return ""
