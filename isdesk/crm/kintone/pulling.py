"""From kintone to isdesk: pages of what changed, complete passes over ids, single records, the history of leads.

更新日時 has whole minutes, so equal stamps are the rule: pages go by (更新日時, $id), each pull begins two minutes
before the newest stamp that was read, and ``$revision`` tells what is new. kintone keeps no trace of what was removed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from isdesk.crm import windows
from isdesk.crm.kintone import people, queries, records
from isdesk.crm.kintone.api import READ, WRITE
from isdesk.crm.kintone.failures import Refused
from isdesk.crm.kintone.form import UPDATED
from isdesk.crm.kintone.records import Read
from isdesk.crm.kintone.site import COMPANY, DEAL, HELD, LEAD, TOUCH, Site
from isdesk.crm.kintone.values import plain
from isdesk.crm.port import Glance, Page, Person, Row, Scope, Thing
from isdesk.domain.errors import BadInput

OVERLAP_S: Final = 120.0
TABLE_OF: Final = {Thing.LEAD: LEAD, Thing.COMPANY: COMPANY, Thing.TOUCH: TOUCH, Thing.TRANSITION: TOUCH}
Record = Mapping[str, Any]


class Pulling:
    """Reads. Every method may raise a `CrmError`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._team: tuple[list[Person], datetime] | None = None

    # -------------------------------------------------------------------------------------------------------- pages

    def changes(self, obj: Thing, cursor: str | None, scope: Scope, limit: int) -> Page:
        """Return the next page of ``obj``."""
        site = self._site
        if obj is Thing.MEMBER:
            return self._people(cursor)
        if obj not in site.objects or (obj is Thing.COMPANY and site.named):
            return Page([], cursor or "", more=False)
        limit = min(limit, READ)
        if obj is Thing.TRANSITION and site.has(DEAL):
            return self._both(cursor, scope, limit)
        return self._page(obj, cursor, scope, limit)

    def team(self) -> list[Person]:
        """Return the people of the team, as they were found at most ten minutes ago."""
        now = self._site.place.now()
        if self._team is None or not timedelta() <= now - self._team[1] < HELD:
            self._team = (people.team(self._site), now)
        return self._team[0]

    def _people(self, cursor: str | None) -> Page:
        found = people.rows(self.team())
        now = people.digest({row.id: row.version for row in found})
        return Page([] if cursor == now else found, now, more=False)

    def _page(self, obj: Thing, cursor: str | None, scope: Scope, limit: int) -> Page:
        table = TABLE_OF[obj]
        found, window, more = self._window(table, self._where(obj, scope), cursor, limit, self._reader(obj))
        rows = records.rows(found)
        if table == TOUCH and scope is Scope.MINE:
            rows = self._of_mine(rows)
        return Page(rows, window.text(), more, window=window.end, beside=records.beside(found))

    def _both(self, cursor: str | None, scope: Scope, limit: int) -> Page:
        """Return steps from the calls app, then results from the deals app: two windows in one cursor."""
        told = _pair(cursor)
        if not told.get("phase"):
            steps = self._page(Thing.TRANSITION, told.get("steps"), scope, limit)
            told["steps"] = steps.next_cursor
            if steps.more or steps.rows:
                told |= {} if steps.more else {"phase": "deals"}
                return Page(steps.rows, json.dumps(told), more=True)
        found, window, more = self._window(
            DEAL, "", told.get("deals"), limit, lambda one: records.deal(self._site, one)
        )
        told = {"steps": told["steps"], "deals": window.text(), **({"phase": "deals"} if more else {})}
        rows = records.rows(found)
        return Page(self._of_mine(rows) if scope is Scope.MINE else rows, json.dumps(told), more=more)

    def _window(
        self, table: str, where: str, cursor: str | None, limit: int, reader: Callable[[Record], Read]
    ) -> tuple[list[Read], windows.Window, bool]:
        site = self._site
        stamp = site.updated(table)
        window = windows.begin(windows.parse(cursor), site.server_now(), overlap_s=OVERLAP_S, bounded=False)
        found = [reader(one) for one in self._read(table, queries.page(window, stamp, where, limit))]
        more = len(found) >= limit
        return found, window.read([(one.stamp, one.id) for one in found], more=more), more

    def _read(self, table: str, query: str, *, budget_s: float | None = None) -> list[Record]:
        """Return records with what is mapped; where the form changed since it was read, it is read anew."""
        site = self._site
        wanted = site.wanted(table)
        try:
            found = site.api.records(site.app(table), query, wanted, budget_s=budget_s)
        except Refused as error:
            if error.code != "kintone_field_gone" or site.form(table, fresh=True).spots.keys() >= set(wanted[2:]):
                raise
            return site.api.records(site.app(table), query, site.wanted(table), budget_s=budget_s)
        if found and any(code not in found[0] for code in wanted):
            site.form(table, fresh=True)
        return found

    def _reader(self, obj: Thing) -> Callable[[Record], Read]:
        return lambda one: records.read(self._site, obj, one)

    def _where(self, obj: Thing, scope: Scope) -> str:
        if obj is Thing.LEAD:
            return people.mine(self._site) if scope is Scope.MINE else ""
        return self._kind(obj) if obj in {Thing.TOUCH, Thing.TRANSITION} else ""

    def _kind(self, obj: Thing) -> str:
        """Return the condition that tells touches from steps of a handoff; empty where the app cannot tell."""
        channel, word = handoff_word(self._site)
        if not word:
            return ""
        return queries.within(channel, [word], no=obj is Thing.TOUCH)

    def _of_mine(self, rows: Sequence[Row]) -> list[Row]:
        """Keep the facts of our own leads: the calls app does not know whose they are, so the lead app is asked."""
        site = self._site
        leads = sorted({str(row.fields["lead_id"]) for row in rows})
        condition = people.mine(site)
        if not leads or not condition:
            return list(rows)
        mine: set[str] = set()
        for block in _blocks(leads, READ):
            query = f"{queries.joined(queries.ids(block), condition)} limit {READ}"
            mine |= {str(one["$id"]["value"]) for one in site.api.records(site.app(LEAD), query, ["$id"])}
        return [row for row in rows if row.fields["lead_id"] in mine]

    # ------------------------------------------------------------------------------------------------ single records

    def fetch(self, obj: Thing, ids: Sequence[str]) -> list[Row]:
        """Return these records; those that are not there are left out."""
        if obj not in TABLE_OF or obj not in self._site.objects:
            return []
        deals = [deal for one in ids if (deal := records.deal_id(one)) is not None]
        plain_ids = [one for one in ids if records.deal_id(one) is None]
        found = records.rows([self._reader(obj)(one) for one in self.by_id(TABLE_OF[obj], plain_ids)])
        if obj is Thing.TRANSITION and deals and self._site.has(DEAL):
            results = records.rows([records.deal(self._site, one) for one in self.by_id(DEAL, deals)])
            found += [row for row in results if row.id in set(ids)]
        return found

    def by_id(self, table: str, ids: Sequence[str], *, budget_s: float | None = None) -> list[Record]:
        """Return the records of a table with these ids."""
        found: list[Record] = []
        for block in _blocks([one for one in ids if one.isdigit()], WRITE):
            found += self._read(table, f"{queries.ids(block)} limit {WRITE}", budget_s=budget_s)
        return found

    def by_key(self, table: str, keys: Sequence[str]) -> dict[str, Record]:
        """Return the records of a table that have these values in their key field, by the key."""
        site = self._site
        key = site.mapping.of(table).key
        found: dict[str, Record] = {}
        for block in _blocks(sorted(set(keys)), WRITE) if key else ():
            for one in self._read(table, f"{queries.within(key, block)} limit {READ}"):
                found[str(one.get(key, {}).get("value", ""))] = one
        return found

    def ids(self, obj: Thing, scope: Scope) -> Iterator[tuple[str, str]]:
        """Yield id and version of every record in scope."""
        site = self._site
        if obj not in TABLE_OF or obj not in site.objects or (obj is Thing.COMPANY and site.named):
            return
        table, where = TABLE_OF[obj], self._where(obj, scope)
        if table != TOUCH:
            for one in site.api.each(site.app(table), where, ["$revision"]):
                yield str(one["$id"]["value"]), str(one["$revision"]["value"])
            return
        for one in site.api.each(site.app(table), where, site.wanted(table)[1:]):
            kind, row = records.fact(site, plain(one))
            if kind is obj and row is not None:
                yield row.id, row.version
        if obj is Thing.TRANSITION and site.has(DEAL):
            for one in site.api.each(site.app(DEAL), "", site.wanted(DEAL)[1:]):
                yield from ((row.id, row.version) for row in records.rows([records.deal(site, one)]))

    def history(self, obj: Thing, lead_ids: Sequence[str]) -> list[Row]:
        """Return the touches, or the steps and results, of these leads."""
        site = self._site
        if not site.has(TOUCH) or obj not in {Thing.TOUCH, Thing.TRANSITION}:
            return []
        found: list[Row] = []
        for block in _blocks(sorted(set(lead_ids)), WRITE):
            found += self._history(TOUCH, block, self._kind(obj), self._reader(obj))
            if obj is Thing.TRANSITION and site.has(DEAL):
                found += self._history(DEAL, block, "", lambda one: records.deal(site, one))
        return found

    def _history(self, table: str, leads: Sequence[str], kind: str, reader: Callable[[Record], Read]) -> list[Row]:
        site = self._site
        site.form(table)
        lead = site.option(table, "lead")
        if not lead:
            return []
        where = queries.joined(queries.within(lead, leads), kind)
        return records.rows([reader(one) for one in site.api.each(site.app(table), where, site.wanted(table)[1:])])

    def glance(self, lead_id: str, budget_s: float) -> Glance:
        """Return a lead and its newest touch, each within half of the budget."""
        site = self._site
        half = budget_s / 2
        found = self.by_id(LEAD, [lead_id], budget_s=half)
        row = next(iter(records.rows([self._reader(Thing.LEAD)(one) for one in found])), None)
        lead, form = site.option(TOUCH, "lead"), site.known(TOUCH)
        if not lead or form is None:
            return Glance(row)
        at = site.of(TOUCH).fields.get("at")
        order = at.remote[0] if at is not None else form.of_type(UPDATED)
        where = queries.joined(queries.within(lead, [lead_id]), self._kind(Thing.TOUCH))
        query = f"{where} order by {order} desc, $id desc limit 1"
        touches = records.rows([self._reader(Thing.TOUCH)(one) for one in self._read(TOUCH, query, budget_s=half)])
        return Glance(row, touches[0] if touches else None)


def handoff_word(site: Site) -> tuple[str, str]:
    """Return the field of the calls app that says what a record is, and its word for a step of a handoff.

    Both are empty where the app has no such choice: then the two kinds are told apart by their data only.
    """
    word = str(site.mapping.option(TOUCH, "handoff", "") or "")
    channel = site.of(TOUCH).fields.get("channel")
    spot = site.form(TOUCH).spots.get(channel.remote[0]) if channel is not None and word else None
    return (spot.code, word) if spot is not None and word in spot.choices else ("", "")


def _pair(cursor: str | None) -> dict[str, str]:
    if not cursor:
        return {}
    with suppress(ValueError):
        told = json.loads(cursor)
        if isinstance(told, dict):
            return {name: str(text) for name, text in told.items() if name in {"steps", "deals", "phase"}}
    raise BadInput("cursor_unreadable")


def _blocks(values: Sequence[str], most: int) -> Iterable[Sequence[str]]:
    return (values[start : start + most] for start in range(0, len(values), most))
