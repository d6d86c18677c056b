"""What an account is asked while it is being connected: what works, what an administrator must add, fields, samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from isdesk.crm.hubspot.activities import CALLS
from isdesk.crm.hubspot.api import Api, Refusal
from isdesk.crm.hubspot.reading import Stream
from isdesk.crm.hubspot.records import OBJECTS
from isdesk.crm.hubspot.schema import CLOSED, FLAGS, GROUPS, Property, Schema, described
from isdesk.crm.mapping import FieldMapping
from isdesk.crm.port import FieldInfo, Finding, Thing
from isdesk.domain.fields import Kind

TRIAL_KEY: Final = "isdesk-check"
_OBJECT_OF: Final = {**OBJECTS, Thing.TOUCH: CALLS.object, Thing.TRANSITION: "deals"}


class Survey:
    """Looks over an account. ``outcomes`` gives its list of call outcomes (``id``, ``label``)."""

    def __init__(
        self, api: Api, mapping: FieldMapping, schema: Schema, outcomes: Callable[[], Sequence[Mapping[str, Any]]]
    ) -> None:
        self._api = api
        self._mapping = mapping
        self._schema = schema
        self._outcomes = outcomes

    def check(self, *, write: bool) -> list[Finding]:
        """Say what works and what is missing; ``write``: make what may be made, and try a call of our own."""
        self._schema.refresh(force=True)
        refused = self._make() if write else []
        found = [Finding("ok", "hubspot_version", {"version": self._api.version})]
        found += [
            Finding("warn", "hubspot_property_refused", {"object": obj, "property": name})
            for obj, name in refused
            if obj not in CLOSED
        ]
        found += self._keys()
        found += self._fields()
        found += self._choices()
        found += self._disposition()
        found += self._pipeline()
        found += self._trial() if write else []
        return found

    def _make(self) -> list[tuple[str, str]]:
        """Make our own properties where they are missing; returns those that the account refused."""
        refused = []
        for obj in GROUPS:
            own = {self._schema.key(obj), self._schema.data(obj), *FLAGS.get(obj, ())} - {""}
            missing = [name for name in self._schema.missing(obj) if name in own]
            refused += [(obj, name) for name in (self._schema.make(obj, missing) if missing else [])]
        self._schema.refresh(force=True)
        return refused

    def _keys(self) -> list[Finding]:
        found = []
        for obj in GROUPS:
            name = self._schema.key(obj)
            if self._schema.keyed(obj):
                found.append(Finding("ok", "hubspot_key_there", {"object": obj, "property": name}))
            else:
                absent = "hubspot_key_not_offered" if obj in CLOSED else "hubspot_key_missing"
                code = "hubspot_key_not_unique" if self._schema.has(obj, name) else absent
                found.append(Finding("warn", code, {"object": obj, "property": name}))
        return found

    def _fields(self) -> list[Finding]:
        return [
            Finding("warn", "hubspot_property_missing", {"object": obj, "property": name})
            for obj in GROUPS
            for name in self._schema.missing(obj)
            if name not in {self._schema.key(obj), self._schema.data(obj)}
        ]

    def _choices(self) -> list[Finding]:
        found = []
        for thing, obj in OBJECTS.items():
            for one in self._mapping.of(thing).fields.values():
                known = self._schema.choices(obj, one.remote[0]) if one.values and one.writes else None
                for value in one.values if known is not None else ():
                    if value not in (known or ()):
                        params = {"object": obj, "property": one.remote[0], "value": value}
                        found.append(Finding("warn", "hubspot_choice_missing", params))
        return found

    def _disposition(self) -> list[Finding]:
        of = self._mapping.of("touch")
        known = of.fields.get("outcome")
        wanted = {*(known.values if known is not None else ()), *of.options.get("outcomes", {}).values()}
        try:
            there = {str(one["id"]) for one in self._outcomes()}
        except Refusal:
            return [Finding("warn", "hubspot_outcomes_unreadable")]
        return [Finding("warn", "hubspot_outcome_missing", {"value": one}) for one in sorted(wanted - there)]

    def _pipeline(self) -> list[Finding]:
        of = self._mapping.of("handoff")
        pipeline, stage = str(of.options.get("pipeline", "")), str(of.options.get("stage", ""))
        try:
            rows = self._api.get("/crm/pipelines/{v}/deals").get("results", [])
        except Refusal:
            return [Finding("warn", "hubspot_deals_unreadable")]
        stages = {str(s["id"]) for one in rows if str(one["id"]) == pipeline for s in one.get("stages", [])}
        if stage in stages:
            return []
        return [Finding("warn", "hubspot_stage_missing", {"pipeline": pipeline, "stage": stage})]

    def _trial(self) -> list[Finding]:
        """Make a call of our own under a key, make it again, read it back and put it into the bin."""
        name, keyed = self._schema.key(CALLS.object), self._schema.keyed(CALLS.object)
        properties = {"hs_timestamp": "0", "hs_call_title": "isdesk", "hs_call_body": "接続の確認(isdesk)"}
        one: dict[str, Any] = {"properties": properties}
        if keyed:
            one = {"id": TRIAL_KEY, "idProperty": name, "properties": {**properties, name: TRIAL_KEY}}
        else:
            one["associations"] = []
        try:
            items = [self._api.write(CALLS.object, "upsert" if keyed else "create", [one])[0] for _ in range(1 + keyed)]
        except Refusal as error:
            return [Finding("stop", "hubspot_activity_refused", {"category": error.category})]
        ids = {item.id for item in items if item.id}
        if not ids:
            return [Finding("stop", "hubspot_activity_refused", {"category": items[0].category})]
        found = self._api.read(CALLS.object, ids, ["hs_call_title"])
        self._api.archive(CALLS.object, sorted(ids))
        if len(ids) > 1:
            return [Finding("warn", "hubspot_key_not_kept", {"object": CALLS.object})]
        good = len(found) == 1
        return [Finding("ok", "hubspot_activity_tried") if good else Finding("warn", "hubspot_activity_unread")]

    # ------------------------------------------------------------------------------------------------------- the table

    def describe(self, obj: Thing) -> list[FieldInfo]:
        """Return the account's properties of the object that holds ``obj``, with the account's own labels."""
        name = _OBJECT_OF.get(obj)
        if name is None:
            return []
        found: list[Property] = self._api.get(f"/crm/properties/{{v}}/{name}", archived="false").get("results", [])
        infos = [described(one) for one in found if not one.get("hidden")]
        if obj is not Thing.TOUCH:
            return infos
        choices = tuple((str(one["id"]), str(one.get("label") or one["id"])) for one in self._outcomes())
        return [one if one.code != "hs_call_disposition" else _chosen(one, choices) for one in infos]

    def samples(self, obj: Thing, limit: int) -> list[dict[str, str]]:
        """Return the newest records, as property → value."""
        name = _OBJECT_OF.get(obj)
        if name is None:
            return []
        stamp = "lastmodifieddate" if name == "contacts" else "hs_lastmodifieddate"
        wanted = [one for one in self._schema.wanted(name) if self._schema.has(name, one)]
        body = {"sorts": [{"propertyName": stamp, "direction": "DESCENDING"}], "properties": wanted, "limit": limit}
        found = self._api.search(name, body).get("results", [])
        return [{k: str(v) for k, v in one.get("properties", {}).items() if v and k in wanted} for one in found]

    def estimate(self, stream: Stream) -> int | None:
        """Return how many records a search would give."""
        body = {"filterGroups": [{"filters": list(stream.filters)}] if stream.filters else [], "limit": 1}
        total = self._api.search(stream.object, body).get("total")
        return int(total) if isinstance(total, int) else None


def _chosen(one: FieldInfo, choices: tuple[tuple[str, str], ...]) -> FieldInfo:
    return replace(one, kind=Kind.CHOICE, choices=choices)
