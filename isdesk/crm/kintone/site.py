"""The apps of a connection: which app holds what, its form as far as it is known, and who we are in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any, Final

from isdesk.crm.kintone.api import Api
from isdesk.crm.kintone.form import CREATED, CREATOR, UPDATED, Form
from isdesk.crm.mapping import FieldMapping, ObjectMap
from isdesk.crm.port import Permanent, Thing
from isdesk.crm.registry import Place

LEAD: Final = "lead"
COMPANY: Final = "company"
TOUCH: Final = "touch"
DEAL: Final = "handoff"
TASK: Final = "task"
MEMBER: Final = "member"
TABLES: Final = (LEAD, COMPANY, TOUCH, DEAL, TASK, MEMBER)
_OPTIONS: Final = {
    LEAD: "lead_app", COMPANY: "company_app", TOUCH: "call_app", DEAL: "deal_app", TASK: "task_app",
    MEMBER: "member_app",
}  # fmt: skip
HELD: Final = timedelta(minutes=10)
"""So long a form is taken as it was read; before something is written that kintone might silently drop, it is read
anew. kintone counts the requests of a day by app."""


class Site:
    """What the parts of the adapter share: the connection, the map, and the forms of the apps."""

    def __init__(self, api: Api, mapping: FieldMapping, options: Mapping[str, str], user: str, place: Place) -> None:
        self.api, self.mapping, self.user, self.place = api, mapping, user, place
        self.space = options.get("guest_space", "")
        self._apps = {
            name: str(options.get(option) or mapping.of(name).object).strip() for name, option in _OPTIONS.items()
        }
        self._forms: dict[str, tuple[Form, datetime]] = {}
        self._maps: dict[str, tuple[Form | None, ObjectMap]] = {}

    # ------------------------------------------------------------------------------------------------------- apps

    def app(self, table: str) -> str:
        """Return the number of an app, empty where there is none."""
        return self._apps[table]

    def has(self, table: str) -> bool:
        """Return whether there is such an app."""
        return bool(self._apps[table])

    @property
    def named(self) -> bool:
        """Return whether companies stand only as a name in the lead's own record."""
        return not self.has(COMPANY) and "name" in self.mapping.of(COMPANY).fields

    @property
    def tasks_in_lead(self) -> bool:
        """Return whether the next task stands in fields of the lead's own record."""
        return self._apps[TASK] == LEAD or (bool(self._apps[TASK]) and self._apps[TASK] == self._apps[LEAD])

    @property
    def objects(self) -> frozenset[Thing]:
        """Return the kinds of records that travel."""
        found = {Thing.MEMBER, Thing.LEAD}
        found |= {Thing.COMPANY} if self.has(COMPANY) or self.named else set()
        found |= {Thing.TOUCH, Thing.TRANSITION} if self.has(TOUCH) else set()
        return frozenset(found)

    # ------------------------------------------------------------------------------------------------------- forms

    def form(self, table: str, *, fresh: bool = False) -> Form:
        """Return the form of an app; ``fresh`` asks kintone whatever is known."""
        now = self.place.now()
        held = self._forms.get(table)
        if held is not None and not fresh and timedelta() <= now - held[1] < HELD:
            return held[0]
        found = self.api.form(self.app(LEAD) if table == TASK and self.tasks_in_lead else self.app(table))
        self._forms[table] = (found, now)
        return found

    def known(self, table: str) -> Form | None:
        """Return the form as it was read last, None where it never was."""
        held = self._forms.get(table)
        return held[0] if held is not None else None

    def forget(self, table: str) -> None:
        """Read a form anew when it is needed again."""
        self._forms.pop(table, None)

    def of(self, table: str) -> ObjectMap:
        """Return the map of a table without the fields that its app is known not to have (any more)."""
        form = self.known(LEAD if table == COMPANY and self.named else table)
        held = self._maps.get(table)
        if held is None or held[0] is not form:
            held = self._maps[table] = (form, self._narrowed(table, form))
        return held[1]

    def _narrowed(self, table: str, form: Form | None) -> ObjectMap:
        whole = self.mapping.of(table)
        if table == LEAD and self.named:
            whole = replace(whole, fields={c: one for c, one in whole.fields.items() if c != "company_id"})
        if form is None:
            return whole
        gone = {name for one in whole.fields.values() for name in one.remote if name not in form.spots}
        return reduce(lambda of, name: of.without(name), gone, whole)

    def gone(self, table: str, codes: Mapping[str, Any]) -> str | None:
        """Return the first mapped field of ``codes`` (of ours) that its app does not have any more."""
        form = self.known(table) or Form()
        whole = self.mapping.of(table)
        remotes = (name for code in codes if code in whole.fields for name in whole.fields[code].remote)
        return next((name for name in remotes if name not in form.spots), None)

    def carried(self, table: str) -> frozenset[str]:
        """Return the codes of ours that a table holds."""
        found = self.of(table).carried
        return found | {"company_id"} if table == LEAD and self.named else found

    def wanted(self, table: str, *more: str) -> list[str]:
        """Return the fields to read: what is mapped, what kintone keeps of each record, the key. Nothing else."""
        form, of = self.form(table), self.of(table)
        names = [*of.remote_names(), of.key, of.data, *(str(of.options.get(one, "")) for one in ("lead", "subject"))]
        if table == LEAD and self.named:
            names += self.of(COMPANY).remote_names()
        names += [form.of_type(UPDATED), *more]
        if table == TOUCH:
            names += [form.of_type(CREATED), form.of_type(CREATOR)]
        known = [name for name in dict.fromkeys(names) if name in form.spots]
        return ["$id", "$revision", *known]

    def updated(self, table: str) -> str:
        """Return the code of the field that says when a record was changed. Raises Permanent where it is not seen."""
        code = self.form(table).of_type(UPDATED)
        if not code:
            raise Permanent("kintone_no_stamp", app=self.app(table))
        return code

    # ------------------------------------------------------------------------------------------------------- others

    def option(self, table: str, name: str) -> str:
        """Return a field that an option of a table names, empty where the app has none."""
        said = str(self.mapping.option(table, name, "") or "")
        form = self.known(table)
        return said if form is None or said in form.spots else ""

    def server_now(self) -> datetime:
        """Return kintone's clock, as far as it is known."""
        skew = self.api.client.skew_ms or 0
        return (self.place.now() + timedelta(milliseconds=skew)).astimezone(UTC)

    def link(self, table: str, record: str) -> str:
        """Return the address of a record's page."""
        root = f"/k/guest/{self.space}" if self.space else "/k"
        return f"{self.api.client.origin}{root}/{self.app(table)}/show#record={record}"

    def with_object(self, table: str) -> ObjectMap:
        """Return the map of a table with the app's number in it."""
        return replace(self.of(table), object=self.app(table))
