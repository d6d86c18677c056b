"""Odoo 19 and later, by JSON-2 and an API key: leads, customers, chatter and activities of its own CRM.

What is relied upon was measured on a real Odoo 19.0, as a plain sales user; what this Odoo lacks is left out, never
assumed. `rpc` speaks, `schema` asks what there is, `stream` reads what changed, `records` and `messages` translate,
`pushing` writes, `results` brings back what became of a handoff, `survey` looks at a connection being made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

from isdesk.crm import http, mapping
from isdesk.crm.http import Client
from isdesk.crm.odoo.blocking import Blocking
from isdesk.crm.odoo.messages import MODEL as MESSAGE
from isdesk.crm.odoo.messages import Messages, domain_of
from isdesk.crm.odoo.people import People
from isdesk.crm.odoo.pushing import FACTS, Pusher
from isdesk.crm.odoo.records import LEAD, Records
from isdesk.crm.odoo.results import Results
from isdesk.crm.odoo.rpc import ARCHIVED_TOO, Rpc
from isdesk.crm.odoo.schema import CONVERTERS, MODELS, Schema
from isdesk.crm.odoo.stream import Source, read
from isdesk.crm.odoo.survey import Survey
from isdesk.crm.port import (
    PAGE,
    Asked,
    Capabilities,
    Command,
    FieldInfo,
    Finding,
    Glance,
    Hello,
    Offline,
    Page,
    Permanent,
    Person,
    Result,
    Row,
    Scope,
    Signals,
    Thing,
    Transient,
)
from isdesk.crm.registry import Place
from isdesk.crm.windows import parse
from isdesk.domain.errors import BadInput

OVERLAP_S: Final = 600.0
"""Seconds that a window begins before the mark: longer than the longest transaction (a import by hand took 5 s)."""
OBJECTS: Final = frozenset({Thing.MEMBER, Thing.COMPANY, Thing.LEAD, Thing.TOUCH, Thing.TRANSITION})
_PASS: Final = 2_000
_FEW: Final = 5_000
_FLAGGED: Final = 10_000
_OLDEST: Final = (19, 0)


def connect(*, url: str, user: str, secret: str | None, options: Mapping[str, str], place: Place) -> Odoo:
    """Return the adapter. ``secret`` is the API key of the person (My profile, Account security, API keys).

    Options: ``database`` (where a server has several), ``overlap_s``, ``name``. Raises BadInput.
    """
    if not secret:
        raise BadInput("odoo_key_missing")
    origin = http.place(url, ())
    head = {"Authorization": f"bearer {secret}"}
    if options.get("database"):
        head["X-Odoo-Database"] = options["database"]
    client = Client(origin, authorize=lambda: head, now=place.now)
    fields = mapping.loads(place.mapping or mapping.shipped("odoo"), "odoo", CONVERTERS)
    try:
        overlap = float(options.get("overlap_s") or OVERLAP_S)
    except ValueError:
        raise BadInput("odoo_option_wrong", option="overlap_s") from None
    return Odoo(Rpc(client, place.now), fields, user=user, name=options.get("name", "odoo"), overlap_s=overlap)


class Odoo:
    """One Odoo database as seen by one of its users."""

    def __init__(
        self,
        rpc: Rpc,
        fields: mapping.FieldMapping,
        *,
        user: str = "",
        name: str = "odoo",
        overlap_s: float = OVERLAP_S,
    ) -> None:
        self._rpc = rpc
        self._name = name
        self._overlap_s = overlap_s
        self._mapping = fields
        self._schema = Schema(rpc, fields)
        self._records = Records(rpc, self._schema, fields)
        self._blocking = Blocking(rpc, self._schema, self._records)
        self._people = People(rpc, fields)
        self._survey = Survey(rpc, self._schema, self._records, self._blocking, self._people, user)

    @property
    def name(self) -> str:
        """Return the name of this connection."""
        return self._name

    # ------------------------------------------------------------------------------------------------ who, what, which

    def hello(self) -> Hello:
        """Return who the key belongs to. Raises Permanent (``odoo_too_old``) before 19."""
        me = self._people.myself()
        if me.version < _OLDEST:
            raise Permanent("odoo_too_old", version=".".join(map(str, me.version)))
        self._rpc.context["lang"] = me.lang
        self._schema.forget()
        return Hello(me.person, me.epoch, server_time=self._rpc.server_now())

    def capabilities(self) -> Capabilities:
        """Return what Odoo can promise to a sales user."""
        return Capabilities(
            upsert_key="per_object",
            probe_by_key="strong",
            cursor="stamp",
            stamp_resolution_s=1.0,
            overlap_s=self._overlap_s,
            max_page=PAGE,
            deletes="flag",
            occ="none",
            batch_max=100,
            batch_atomic=False,
            activity_target="message",
            atomic_activity_with_lead=False,
            activity_links_inline=True,
            dnc_fields=True,
            max_note_len=32_000,
            objects=OBJECTS,
        )

    def carried(self, obj: Thing) -> frozenset[str] | None:
        """Return the codes that Odoo keeps for us; facts are kept whole."""
        return self._records.carried(obj) if obj in {Thing.LEAD, Thing.COMPANY} else None

    def describe(self, obj: Thing) -> Sequence[FieldInfo]:
        """Return our fields that this Odoo holds."""
        if obj in {Thing.LEAD, Thing.COMPANY}:
            self._schema.map_of(obj)
        return self._survey.described(obj, self.carried(obj))

    def members(self) -> Sequence[Person]:
        """Return the users who work here; team leads are those of the sales teams."""
        return self._people.everyone()

    def link(self, obj: Thing, remote_id: str) -> str | None:
        """Return the address of the record in Odoo."""
        if obj not in MODELS or not remote_id.isdigit():
            return None
        if obj in FACTS:
            return f"{self._rpc.origin}/mail/message/{remote_id}"
        return f"{self._rpc.origin}/mail/view?model={MODELS[obj]}&res_id={remote_id}"

    @property
    def signals(self) -> Signals:
        """Return what the last answer said of the server's clock."""
        return self._rpc.signals

    def close(self) -> None:
        """Let go of the connection."""
        self._rpc.close()

    # -------------------------------------------------------------------------------------------------------- reading

    def changes(self, obj: Thing, cursor: str | None, scope: Scope, limit: int = PAGE) -> Page:
        """Return the next rows changed since ``cursor``."""
        match obj:
            case Thing.MEMBER:
                rows = [self._people.row(one) for one in self._people.everyone()]
                return Page(rows, cursor or "all", more=False)
            case Thing.LEAD:
                return self._lead_changes(cursor, scope, limit)
            case Thing.COMPANY:
                return self._company_changes(cursor, limit)
            case Thing.TOUCH | Thing.TRANSITION:
                return self._fact_changes(obj, cursor, scope, limit)
        return Page((), cursor or "", more=False)

    def _lead_changes(self, cursor: str | None, scope: Scope, limit: int) -> Page:
        """Return changed leads with their companies; at the end those that a blacklist began to name.

        A number that is put on a blacklist moves no lead's stamp, so the list of such leads is compared each time.
        """
        state = _state(cursor)
        marks = str(state.get("f") or "")
        if state.get("part") == "flagged":
            return self._flagged_page(state, scope, limit)
        source = Source(LEAD, self._people.domain(scope), self._records.names(Thing.LEAD))
        found, window, more = read(self._rpc, source, parse(state.get("w")), limit, self._overlap_s)
        part = ""
        if not more:
            digest = _digest(self._flagged(scope))
            part = "flagged" if marks not in ("", digest) else ""
            marks = digest
        rows, companies = self._records.leads(found)
        onward = _cursor(w=window.text(), f=marks, part=part)
        return Page(rows, onward, more=more or part != "", beside={Thing.COMPANY: companies})

    def _flagged_page(self, state: Mapping[str, Any], scope: Scope, limit: int) -> Page:
        """Return leads that a blacklist names, after the last one that was given."""
        last = int(state.get("n") or 0)
        ids = [one for one in self._flagged(scope) if one > last]
        page, more = ids[:limit], len(ids) > limit
        rows, companies = self._records.leads(self._records.read(Thing.LEAD, [str(one) for one in page]))
        rest = {"part": "flagged", "n": str(page[-1])} if more else {}
        onward = _cursor(w=str(state.get("w") or ""), f=str(state.get("f") or ""), **rest)
        return Page(rows, onward, more=more, beside={Thing.COMPANY: companies})

    def _flagged(self, scope: Scope) -> list[int]:
        flags: list[Any] = [[name, "=", True] for name in self._records.flags()]
        if not flags:
            return []
        either = ["|"] * (len(flags) - 1) + flags
        domain = [*self._people.domain(scope), *either]
        return cast("list[int]", self._rpc.read(LEAD, "search", domain=domain, order="id", limit=_FLAGGED))

    def _company_changes(self, cursor: str | None, limit: int) -> Page:
        """Return changed customers; those of a lead come beside the lead as well, whatever their stamp."""
        state = _state(cursor)
        source = Source(MODELS[Thing.COMPANY], self._companies(), self._records.names(Thing.COMPANY))
        found, window, more = read(self._rpc, source, parse(state.get("w")), limit, self._overlap_s)
        return Page(self._records.companies(found), _cursor(w=window.text()), more=more)

    def _companies(self) -> list[Any]:
        return [ARCHIVED_TOO, *self._mapping.option("company", "domain", [["is_company", "=", True]])]

    def _fact_changes(self, obj: Thing, cursor: str | None, scope: Scope, limit: int) -> Page:
        """Return messages that are touches or steps, and of steps also what became of the opportunities."""
        state = _state(cursor)
        reader = Messages(self._schema)
        if state.get("part") == "results":
            rows, window, more = self._results(scope).read(parse(state.get("r")), limit, self._overlap_s)
            onward = _cursor(w=str(state.get("w")), r=window.text(), part="results" if more else "")
            return Page(rows, onward, more=more)
        leads = self._rpc.read(LEAD, "search", domain=self._people.domain(scope), order="id", limit=_FEW + 1)
        few = len(leads) <= _FEW
        domain = [*domain_of(obj), *([["res_id", "in", leads]] if few else [])]
        source = Source(MESSAGE, domain, reader.names(), filtered=not few)
        found, window, more = read(self._rpc, source, parse(state.get("w")), limit, self._overlap_s)
        then = obj is Thing.TRANSITION and not more
        onward = _cursor(w=window.text(), r=str(state.get("r") or ""), part="results" if then else "")
        rows = [row for one in self._in_scope(found, scope, few) if (row := reader.read(obj, one)) is not None]
        return Page(rows, onward, more=more or then)

    def _in_scope(self, found: Sequence[Mapping[str, Any]], scope: Scope, few: bool) -> list[Mapping[str, Any]]:
        if few or not found:
            return list(found)
        wanted = [["id", "in", sorted({one["res_id"] for one in found})], *self._people.domain(scope)]
        ours = set(self._rpc.read(LEAD, "search", domain=wanted))
        return [one for one in found if one["res_id"] in ours]

    def _results(self, scope: Scope) -> Results:
        me = self._people.known().person.id if scope is Scope.MINE else None
        return Results(self._rpc, self._schema, self._mapping, me)

    def fetch(self, obj: Thing, ids: Sequence[str]) -> Sequence[Row]:
        """Return these records whatever the scope; archived ones say so."""
        if obj in {Thing.LEAD, Thing.COMPANY}:
            found = self._records.read(obj, ids)
            return self._records.leads(found)[0] if obj is Thing.LEAD else self._records.companies(found)
        if obj in FACTS:
            reader = Messages(self._schema)
            numbers = [int(one) for one in ids if one.isdigit()]
            return self._messages(obj, reader, [["id", "in", numbers]])
        return [self._people.row(one) for one in self._people.everyone() if one.id in ids]

    def ids(self, obj: Thing, scope: Scope) -> Iterable[tuple[str, str]]:
        """Return id and version of every record in scope that is not archived."""
        if obj in {Thing.LEAD, Thing.COMPANY}:
            domain = self._people.domain(scope) if obj is Thing.LEAD else self._companies()
            for one in self._pass(MODELS[obj], domain, ["write_date", *self._records.names(obj)]):
                if not self._records.gone(one):
                    yield str(one["id"]), self._records.version(one)
        elif obj in FACTS:
            leads = self._rpc.read(LEAD, "search", domain=self._people.domain(scope), order="id")
            for start in range(0, len(leads), _PASS):
                part = [*domain_of(obj), ["res_id", "in", leads[start : start + _PASS]]]
                for one in self._pass(MESSAGE, part, ["write_date"]):
                    yield str(one["id"]), str(one["write_date"])
        elif obj is Thing.MEMBER:
            yield from ((one.id, "1") for one in self._people.everyone())

    def _pass(
        self, model: str, domain: Sequence[Any], fields: Sequence[str], size: int = _PASS
    ) -> Iterable[Mapping[str, Any]]:
        """Give every record, by id."""
        last = 0
        while True:
            page = self._rpc.read(
                model, "search_read",
                domain=[*domain, ["id", ">", last]], fields=list(fields), order="id", limit=size,
            )  # fmt: skip
            yield from page
            if len(page) < size:
                return
            last = page[-1]["id"]

    def history(self, obj: Thing, lead_ids: Sequence[str]) -> Sequence[Row]:
        """Return the touches or steps of these leads, all that there are, oldest first."""
        leads = [int(one) for one in lead_ids if one.isdigit()]
        if obj not in FACTS or not leads:
            return ()
        return self._messages(obj, Messages(self._schema), [*domain_of(obj), ["res_id", "in", leads]])

    def _messages(self, obj: Thing, reader: Messages, domain: Sequence[Any]) -> list[Row]:
        fields = ["write_date", *reader.names()]
        found = self._pass(MESSAGE, domain, fields, PAGE)
        return [row for one in found if (row := reader.read(obj, one)) is not None]

    def glance(self, lead_id: str, budget_s: float) -> Glance:
        """Return one lead and its newest touch. Raises Offline where ``budget_s`` is not enough."""
        if not lead_id.isdigit():
            return Glance(None)
        try:
            return self._glance(int(lead_id), budget_s / 4)
        except Transient:
            raise Offline("crm_offline") from None

    def _glance(self, lead: int, part_s: float) -> Glance:
        names = ["write_date", *self._records.names(Thing.LEAD)]
        found = self._rpc.read(
            LEAD, "search_read", domain=[["id", "=", lead], ARCHIVED_TOO], fields=names, limit=1, budget_s=part_s
        )
        if not found:
            return Glance(None)
        reader = Messages(self._schema)
        newest = self._rpc.read(
            MESSAGE, "search_read", domain=[*domain_of(Thing.TOUCH), ["res_id", "=", lead]], limit=1,
            fields=["write_date", *reader.names()], order="date desc, id desc", budget_s=part_s,
        )  # fmt: skip
        rows, _ = self._records.leads(found, local=False)
        return Glance(rows[0], reader.read(Thing.TOUCH, newest[0]) if newest else None)

    # -------------------------------------------------------------------------------------------------------- writing

    def push(self, batch: Sequence[Command]) -> Sequence[Result]:
        """Write the batch: records by comparing, facts under their keys."""
        return self._pusher().push(batch)

    def probe(self, asked: Sequence[Asked]) -> Mapping[str, str]:
        """Return the keys that have been written: each JSON-2 call is a transaction, and a read sees all before it."""
        return self._pusher().probe(asked)

    def _pusher(self) -> Pusher:
        me = int(self._people.known().person.id)
        return Pusher(self._rpc, self._schema, self._mapping, self._records, self._blocking, me)

    # ------------------------------------------------------------------------------------------- while being connected

    def check(self, *, write: bool) -> Sequence[Finding]:
        """Say what works here and what an administrator might add."""
        self.hello()
        return self._survey.check(write=write)

    def describe_remote(self, obj: Thing) -> Sequence[FieldInfo]:
        """Return Odoo's own fields, in Japanese where the language is installed."""
        self._rpc.context["lang"] = self._people.known().lang
        return self._schema.described(MODELS[obj]) if obj in MODELS else ()

    def samples(self, obj: Thing, limit: int = 5) -> Sequence[Mapping[str, str]]:
        """Return the newest records with their values as people read them."""
        return self._survey.samples(obj, limit, self._people.domain(Scope.TEAM))

    def estimate(self, obj: Thing, scope: Scope) -> int | None:
        """Return how many records are in scope."""
        domains = {Thing.LEAD: self._people.domain(scope), Thing.COMPANY: self._companies()}
        domain = domains.get(obj)
        if domain is None:
            return None
        return int(self._rpc.read(MODELS[obj], "search_count", domain=[*domain, ["active", "=", True]]))


def _digest(ids: Sequence[int]) -> str:
    return hashlib.sha256(json.dumps(list(ids)).encode()).hexdigest()[:16]


def _state(cursor: str | None) -> dict[str, Any]:
    if not cursor:
        return {}
    try:
        said = json.loads(cursor)
    except ValueError:
        raise BadInput("cursor_unreadable") from None
    if not isinstance(said, dict):
        raise BadInput("cursor_unreadable")
    return said


def _cursor(**parts: str) -> str:
    return json.dumps({name: value for name, value in parts.items() if value}, separators=(",", ":"))
