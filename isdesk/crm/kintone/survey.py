"""What is said while a kintone is being connected: what works, what an administrator must set, fields and samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import uuid4

from isdesk.crm.kintone import people, queries
from isdesk.crm.kintone.api import Put
from isdesk.crm.kintone.failures import Refused
from isdesk.crm.kintone.form import KEYS, Form
from isdesk.crm.kintone.pulling import handoff_word
from isdesk.crm.kintone.pushing import explained
from isdesk.crm.kintone.site import COMPANY, DEAL, LEAD, TABLES, TASK, TOUCH, Site
from isdesk.crm.kintone.values import SEPARATOR, plain
from isdesk.crm.port import Auth, FieldInfo, Finding, Permanent, Scope, Thing
from isdesk.domain.errors import CrmError

TABLE_OF: Final = {
    Thing.LEAD: LEAD, Thing.COMPANY: COMPANY, Thing.TOUCH: TOUCH, Thing.TRANSITION: DEAL, Thing.MEMBER: "member",
}  # fmt: skip
_NAMES: Final = {
    LEAD: "リード", COMPANY: "企業", TOUCH: "活動(架電)", DEAL: "商談", TASK: "タスク", "member": "メンバー",
}  # fmt: skip
_KEYED: Final = (LEAD, COMPANY, TOUCH, DEAL, TASK)


class Survey:
    """Looks at the apps."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def check(self, *, write: bool) -> list[Finding]:
        """Return what was found, app by app; ``write`` makes, changes and removes a record of the calls app."""
        found: list[Finding] = [Finding("ok", "kintone_written_by_administrator")]
        for table in TABLES:
            if self._site.has(table) and not (table == TASK and self._site.tasks_in_lead):
                found += self._app(table)
        if not self._site.has(TOUCH):
            found.append(Finding("stop", "kintone_no_call_app"))
        elif write and not any(one.level == "stop" for one in found):
            found += self._tried()
        return found

    def _app(self, table: str) -> Iterator[Finding]:
        site = self._site
        told = {"app": _NAMES[table], "number": site.app(table)}
        try:
            form = site.form(table, fresh=True)
            site.api.records(site.app(table), "limit 1", ["$id"])
        except (Auth, Permanent) as error:
            yield Finding("stop", error.code, told)
            return
        yield Finding("ok", "kintone_app_read", told)
        yield from self._key(table, form, told)
        yield from self._fields(table, form, told)

    def _key(self, table: str, form: Form, told: Mapping[str, str]) -> Iterator[Finding]:
        """Say exactly what is to be set where the field for our key is not as it must be."""
        if table not in _KEYED:
            return
        key = self._site.mapping.of(table).key
        spot = form.spots.get(key)
        level = "stop" if table == TOUCH else "warn"
        if spot is None:
            yield Finding(level, "kintone_key_missing", {**told, "field": key or "isdeskキー"})
        elif spot.type not in KEYS:
            yield Finding(level, "kintone_key_type", {**told, "field": spot.label})
        elif not spot.unique:
            yield Finding(level, "kintone_key_not_unique", {**told, "field": spot.label})
        else:
            yield Finding("ok", "kintone_key_good", {**told, "field": spot.label})

    def _fields(self, table: str, form: Form, told: Mapping[str, str]) -> Iterator[Finding]:
        site = self._site
        of = site.mapping.of(table)
        mapped = {name: one for one in of.fields.values() for name in one.remote}
        for name, one in mapped.items():
            spot = form.spots.get(name)
            if spot is None:
                level, code = (
                    ("stop", "kintone_call_field_missing") if table == TOUCH else ("warn", "kintone_field_not_there")
                )
                yield Finding(level, code, {**told, "field": name, "code": one.code})
            elif one.writes and not spot.writable:
                yield Finding("warn", "kintone_field_in_only", {**told, "field": spot.label, "code": one.code})
        filled = {*mapped, of.key, of.data, *(str(v) for v in of.options.values() if isinstance(v, str))}
        for spot in form.spots.values():
            if spot.required and not spot.filled and spot.code not in filled and spot.writable:
                yield Finding("warn", "kintone_required_unmapped", {**told, "field": spot.label})
        if table in {TOUCH, DEAL} and not site.option(table, "lead"):
            yield Finding("stop", "kintone_no_lead_field", told)
        if table == TOUCH and not handoff_word(site)[1]:
            yield Finding("warn", "kintone_no_handoff_word", told)

    # ------------------------------------------------------------------------------------------------- a test record

    def _tried(self) -> list[Finding]:
        """Write, change, read and remove one record of the calls app, to know the token's rights for certain."""
        site = self._site
        told = {"app": _NAMES[TOUCH], "number": site.app(TOUCH)}
        form, of = site.form(TOUCH), site.of(TOUCH)
        put = Put(_test_cells(form, site.option(TOUCH, "subject")), key=(of.key, f"isdesk-test-{uuid4()}"))
        try:
            ((made,),) = site.api.write([(site.app(TOUCH), [put])])
        except Refused as error:
            code, words = explained(site, TOUCH, error, [put])
            return [Finding("stop", code, {**told, "field": words})]
        except (Auth, Permanent) as error:
            return [Finding("stop", error.code, told)]
        found = [Finding("ok", "kintone_test_written", told)]
        try:
            if not site.api.records(site.app(TOUCH), queries.within(of.key, [put.key[1] if put.key else ""]), ["$id"]):
                found.append(Finding("stop", "kintone_test_not_read", told))
            site.api.write([(site.app(TOUCH), [Put(put.record, made.id, made.revision)])])
            site.api.delete(site.app(TOUCH), [made.id])
        except CrmError:
            found.append(Finding("warn", "kintone_test_left", {**told, "record": made.id}))
        return found

    # ----------------------------------------------------------------------------------------------------- looking

    def describe_remote(self, obj: Thing) -> list[FieldInfo]:
        """Return the fields of an app with their labels; kintone's own too, for reading."""
        table = self._table(obj)
        return [spot.info() for spot in self._site.form(table, fresh=True).spots.values()] if table else []

    def samples(self, obj: Thing, limit: int) -> list[Mapping[str, str]]:
        """Return the newest records as people read them."""
        table = self._table(obj)
        if not table:
            return []
        form = self._site.form(table)
        found = self._site.api.records(self._site.app(table), f"order by $id desc limit {limit}", list(form.spots))
        return [{code: text for code, cell in one.items() if (text := _shown(cell))} for one in found]

    def estimate(self, obj: Thing, scope: Scope) -> int | None:
        """Return how many records are in scope."""
        table = self._table(obj)
        if not table:
            return None
        where = people.mine(self._site) if obj is Thing.LEAD and scope is Scope.MINE else ""
        return self._site.api.count(self._site.app(table), where)

    def _table(self, obj: Thing) -> str:
        table = TABLE_OF.get(obj, "")
        if table == COMPANY and self._site.named:
            return LEAD
        return table if table and self._site.has(table) else ""


def _shown(cell: Any) -> str:
    value = cell.get("value") if isinstance(cell, dict) else None
    if isinstance(value, dict):
        return str(value.get("name") or value.get("code") or "")
    if isinstance(value, list):
        return SEPARATOR.join(str(one.get("name") or "") if isinstance(one, dict) else str(one) for one in value)
    return str(plain({"x": cell}).get("x") or "") if isinstance(cell, dict) else ""


def _test_cells(form: Form, subject: str) -> dict[str, dict[str, Any]]:
    """Return a record that says what it is; required fields get a first choice or a word, so that it is taken."""
    cells: dict[str, dict[str, Any]] = {}
    for spot in form.spots.values():
        if not spot.writable or spot.lookup or spot.filled or (not spot.required and spot.code != subject):
            continue
        words = spot.choices[0] if spot.choices else "isdesk 接続テスト"
        values: dict[str, Any] = {
            "NUMBER": "0", "DATE": "2000-01-01", "TIME": "00:00", "DATETIME": "2000-01-01T00:00:00Z",
            "CHECK_BOX": [words], "MULTI_SELECT": [words], "LINK": "https://example.com",
        }  # fmt: skip
        if spot.type != "USER_SELECT":
            cells[spot.code] = {"value": values.get(spot.type, words)}
    return cells
