"""kintone: apps of one subdomain by API tokens, through the REST API v1.

Leads, companies, calls, deals and next tasks are apps of their own; which app and which field holds what is the map's
business (``resources/mappings/kintone.toml``). Everything that is made carries our id in a key field, so that sending
twice writes once (SYNC E2, T1). Source of the facts: cybozu.dev; what differs from it is said where it matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from isdesk.crm import mapping as maps
from isdesk.crm.http import Client
from isdesk.crm.http import place as origin_of
from isdesk.crm.kintone import people
from isdesk.crm.kintone.api import MOST_TOKENS, READ, SUFFIXES, WRITE, Api
from isdesk.crm.kintone.facts import MOST_NOTE, Facts
from isdesk.crm.kintone.pulling import OVERLAP_S, TABLE_OF, Pulling
from isdesk.crm.kintone.pushing import Pushing
from isdesk.crm.kintone.site import COMPANY, DEAL, LEAD, TABLES, TOUCH, Site
from isdesk.crm.kintone.survey import Survey
from isdesk.crm.kintone.values import CONVERTERS
from isdesk.crm.port import (
    PAGE,
    Adapter,
    Asked,
    Capabilities,
    Command,
    Do,
    FieldInfo,
    Finding,
    Glance,
    Hello,
    Offline,
    Page,
    Person,
    Result,
    Row,
    Scope,
    Signals,
    Status,
    Thing,
    Transient,
)
from isdesk.crm.registry import Place
from isdesk.domain.errors import BadInput
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Kind

__all__ = ["Kintone", "connect"]

KIND: Final = "kintone"
_KNOWN: Final = {Thing.LEAD: LEAD_FIELDS, Thing.COMPANY: COMPANY_FIELDS}
_PROBED: Final = {
    TOUCH: {Thing.TOUCH, Thing.TRANSITION},
    LEAD: {Thing.LEAD},
    COMPANY: {Thing.COMPANY},
}
_MINUTE_S: Final = 60.0


def connect(*, url: str, user: str, secret: str | None, options: Mapping[str, str], place: Place) -> Adapter:
    """Return the adapter of a subdomain. ``secret``: the API tokens of the apps, separated by commas (at most nine).

    Options: ``lead_app`` and ``call_app``, and where there are such apps ``company_app``, ``deal_app``, ``task_app``,
    ``member_app`` (numbers; they go before the map's ``object``), ``guest_space``, ``name``. ``user`` is our login name
    in kintone: a token says nothing of who uses it. Raises BadInput.
    """
    tokens = [one.strip() for one in (secret or "").replace("\n", ",").split(",") if one.strip()]
    if not tokens:
        raise BadInput("kintone_token_needed")
    if len(tokens) > MOST_TOKENS or not all(one.isascii() and one.isprintable() for one in tokens):
        raise BadInput("kintone_tokens_wrong", most=MOST_TOKENS)
    told = maps.loads(place.mapping or maps.shipped(KIND), KIND, CONVERTERS)
    header = {"X-Cybozu-API-Token": ",".join(tokens), "Accept-Language": "ja"}
    client = Client(origin_of(url, SUFFIXES), authorize=lambda: header, now=place.now)
    site = Site(Api(client, options.get("guest_space", "")), told, options, user.strip(), place)
    if not site.app(LEAD).isdigit():
        client.close()
        raise BadInput("kintone_lead_app_needed")
    return Kintone(site, options.get("name", KIND))


class Kintone:
    """The adapter. It keeps nothing but its connection and the forms of the apps as it read them last."""

    def __init__(self, site: Site, name: str = KIND) -> None:
        self._site, self._name = site, name
        self._pulling = Pulling(site)
        self._pushing = Pushing(site, self._pulling)
        self._facts = Facts(site, self._pulling)
        self._survey = Survey(site)

    @property
    def name(self) -> str:
        """Return the name under which deliveries and mirror rows are kept."""
        return self._name

    @property
    def signals(self) -> Signals:
        """Return what the last answer said: kintone tells its clock, and no allowance."""
        return self._site.api.client.signals()

    def hello(self) -> Hello:
        """Return who we are and which apps these are. kintone has no figure that grows with every write."""
        site = self._site
        site.form(LEAD, fresh=True)
        for table in TABLES:
            if site.has(table) and table != LEAD:
                site.form(table)
        host = urlsplit(site.api.client.origin).netloc
        apps = ".".join(site.app(table) for table in (LEAD, TOUCH) if site.has(table))
        return Hello(people.me(site), f"{host}/{apps}", server_time=site.server_now())

    def capabilities(self) -> Capabilities:
        """Return what kintone can promise with these apps; sharper once the forms are known."""
        site = self._site
        keyed = bool(site.mapping.of(TOUCH).key) and site.has(TOUCH)
        form = site.known(TOUCH)
        if keyed and form is not None:
            spot = form.spots.get(site.mapping.of(TOUCH).key)
            keyed = spot is not None and spot.unique
        return Capabilities(
            upsert_key="per_object" if keyed else "none",
            probe_by_key="strong" if keyed else "none",
            cursor="stamp",
            stamp_resolution_s=_MINUTE_S,
            overlap_s=OVERLAP_S,
            max_page=READ,
            deletes="none",
            occ="revision",
            batch_max=WRITE,
            batch_atomic=True,
            activity_target="app",
            dnc_fields="dnc" in site.carried(LEAD),
            max_note_len=MOST_NOTE,
            objects=site.objects,
        )

    # ------------------------------------------------------------------------------------------------------- reading

    def describe(self, obj: Thing) -> Sequence[FieldInfo]:
        """Return the fields that the map gives ``obj``, in our codes, with kintone's labels."""
        table = {Thing.LEAD: LEAD, Thing.COMPANY: COMPANY, Thing.TOUCH: TOUCH}.get(obj, "")
        if not table or obj not in self._site.objects:
            return []
        form = self._site.form(LEAD if table == COMPANY and self._site.named else table)
        found = []
        for code, one in self._site.of(table).fields.items():
            info = form.spots[one.remote[0]].info()
            known = _KNOWN.get(obj, {}).get(code)
            kind = known.kind if known is not None else info.kind if info.kind is not Kind.CHOICE else Kind.TEXT
            found.append(replace(info, code=code, kind=kind, writable=info.writable and one.writes))
        return found

    def members(self) -> Sequence[Person]:
        """Return the people of the team, as far as tokens can know them."""
        return self._pulling.team()

    def changes(self, obj: Thing, cursor: str | None, scope: Scope, limit: int = PAGE) -> Page:
        """Return the next rows changed since ``cursor``."""
        return self._pulling.changes(obj, cursor, scope, limit)

    def fetch(self, obj: Thing, ids: Sequence[str]) -> Sequence[Row]:
        """Return these records whatever the scope."""
        return self._pulling.fetch(obj, ids)

    def ids(self, obj: Thing, scope: Scope) -> Iterable[tuple[str, str]]:
        """Return id and version of every record in scope."""
        return self._pulling.ids(obj, scope)

    def history(self, obj: Thing, lead_ids: Sequence[str]) -> Sequence[Row]:
        """Return the touches or transitions of these leads."""
        return self._pulling.history(obj, lead_ids)

    def glance(self, lead_id: str, budget_s: float) -> Glance:
        """Return one lead as it stands now. Raises Offline where the budget is not enough."""
        try:
            return self._pulling.glance(lead_id, budget_s)
        except Transient:
            raise Offline("crm_slow") from None

    # ------------------------------------------------------------------------------------------------------- writing

    def push(self, batch: Sequence[Command]) -> Sequence[Result]:
        """Write ``batch``: records first, then facts; those of one app all together or not at all.

        Raises Permanent where kintone refuses several records for one of them: the halves are sent again.
        """
        results: dict[str, Result] = {}
        for obj in (Thing.COMPANY, Thing.LEAD):
            edits = [one for one in batch if one.obj is obj and one.do is Do.PATCH]
            if edits and obj in self._site.objects:
                results |= self._pushing.push(obj, edits)
        facts = [one for one in batch if one.do is Do.APPEND and one.obj in {Thing.TOUCH, Thing.TRANSITION}]
        if facts and self._site.has(TOUCH):
            results |= self._facts.push(facts)
        return [results.get(one.key) or _not_kept(one) for one in batch]

    def probe(self, asked: Sequence[Asked]) -> Mapping[str, str]:
        """Return those of the keys that are there: facts by their key, new records by our id. Edits have no key."""
        found: dict[str, str] = {}
        for table, things in _PROBED.items():
            keys = {(one.key if table == TOUCH else one.local): one.key for one in asked if one.obj in things}
            keys.pop("", None)
            if keys and self._site.has(table):
                there = self._pulling.by_key(table, list(keys))
                found |= {keys[key]: str(record["$id"]["value"]) for key, record in there.items() if key in keys}
        return found

    def carried(self, obj: Thing) -> frozenset[str] | None:
        """Return the codes of ours that the apps hold; of facts everything is kept (None)."""
        if obj not in {Thing.LEAD, Thing.COMPANY}:
            return None
        return self._site.carried(LEAD if obj is Thing.LEAD else COMPANY)

    def link(self, obj: Thing, remote_id: str) -> str | None:
        """Return the address of a record's page."""
        table = TABLE_OF.get(obj)
        record = remote_id.partition("@")[0]
        if table is None or not record.isdigit():
            return None
        if "@" in remote_id:
            return self._site.link(DEAL, record)
        return self._site.link(table, record) if self._site.has(table) else None

    def close(self) -> None:
        """Let go of the connection."""
        self._site.api.client.close()

    # ------------------------------------------------------------------------------------------------------ surveyor

    def check(self, *, write: bool) -> Sequence[Finding]:
        """Say what works and what an administrator must set in kintone."""
        return self._survey.check(write=write)

    def describe_remote(self, obj: Thing) -> Sequence[FieldInfo]:
        """Return the fields of the app of ``obj``."""
        return self._survey.describe_remote(obj)

    def samples(self, obj: Thing, limit: int = 5) -> Sequence[Mapping[str, str]]:
        """Return newest records as people read them."""
        return self._survey.samples(obj, limit)

    def estimate(self, obj: Thing, scope: Scope) -> int | None:
        """Return how many records are in scope."""
        return self._survey.estimate(obj, scope)


def _not_kept(command: Command) -> Result:
    return Result(command.key, Status.REFUSED, command.id or None, code="kintone_not_kept")
