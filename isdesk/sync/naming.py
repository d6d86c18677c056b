"""Translates between the ids of a CRM and ours; nothing to do for a hub that keeps records under our ids.

A record's id here is the one that the CRM keeps for us in a key field; where it keeps none, or another record has it
already, it is made from the CRM's id, so that it is the same at every pull. The mirror's base rows hold both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from isdesk.crm.port import Adapter, Capabilities, Command, Do, Result, Row, Thing
from isdesk.domain.changes import Obj, Value
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Kind
from isdesk.files.phones import shown, to_e164
from isdesk.store import Tx, deliveries, mirror, projection
from isdesk.store.deliveries import Delivery
from isdesk.store.mirror import Base
from isdesk.store.values import loads

Fields = dict[str, Value]

FIELD_OBJECTS: Final = frozenset({Thing.LEAD, Thing.COMPANY})
_FACTS: Final = frozenset({Thing.TOUCH, Thing.TRANSITION})
_REFERS: Final[dict[str, dict[str, Thing]]] = {
    Thing.LEAD: {"company_id": Thing.COMPANY, "merged_into": Thing.LEAD},
    Thing.COMPANY: {},
    Thing.TOUCH: {"lead_id": Thing.LEAD, "company_id": Thing.COMPANY},
    Thing.TRANSITION: {"lead_id": Thing.LEAD},
    Thing.SUPPRESSION: {},
    Thing.FILING: {},
}
_LISTED: Final = frozenset({Thing.SUPPRESSION, Thing.FILING})
"""Facts that belong to no lead."""
_PHONES: Final = {
    Thing.LEAD: tuple(code for code, one in LEAD_FIELDS.items() if one.kind is Kind.PHONE),
    Thing.COMPANY: tuple(code for code, one in COMPANY_FIELDS.items() if one.kind is Kind.PHONE),
}
"""Fields that hold a telephone number: E.164 here, so that it can be dialled and barred; as people write it there."""
_SPACE: Final = uuid5(NAMESPACE_URL, "isdesk:records")
SKEW_MS: Final = 60_000
"""From this much on, a time is set right by the CRM's clock before it is sent (SYNC E9)."""


def made_id(adapter: str, obj: str, remote_id: str) -> str:
    """Return our id of a record of which the CRM keeps none: always the same for the same record."""
    return str(uuid5(_SPACE, f"{adapter}\x00{obj}\x00{remote_id}"))


@dataclass(frozen=True, slots=True)
class Names:
    """What the engine has to know of an adapter to speak its language.

    ``own``: records are kept under our ids. ``resend``: a write whose answer was lost may be sent again, because the
    CRM knows its key. ``carried``: codes of the fields that the CRM keeps, None for all. ``compare``: the same version
    may stand for other fields (stamps of a second or coarser).
    """

    adapter: str
    own: bool = True
    resend: bool = True
    compare: bool = False
    objects: frozenset[Thing] = frozenset(Thing)
    carried: Mapping[str, frozenset[str] | None] = field(default_factory=dict)

    def carries(self, obj: str, code: str) -> bool:
        """Return whether the CRM keeps this field."""
        codes = self.carried.get(obj)
        return codes is None or code in codes

    def split(self, obj: str, payload: Mapping[str, Value]) -> tuple[Fields, Fields]:
        """Return what is sent of an edit, and what stays here."""
        codes = self.carried.get(obj)
        if codes is None:
            return dict(payload), {}
        return (
            {code: value for code, value in payload.items() if code in codes},
            {code: value for code, value in payload.items() if code not in codes},
        )


def names_of(adapter: Adapter, capabilities: Capabilities | None = None) -> Names:
    """Return how to speak with ``adapter``."""
    can = capabilities or adapter.capabilities()
    return Names(
        adapter=adapter.name,
        own=can.own_ids,
        resend=can.upsert_key != "none" or can.activity_target == "file",
        compare=can.stamp_resolution_s >= 1,
        objects=can.objects,
        carried={obj: adapter.carried(obj) for obj in FIELD_OBJECTS},
    )


# ------------------------------------------------------------------------------------------------------------- inward


def inward(tx: Tx, names: Names, obj: Thing, rows: Sequence[Row]) -> Sequence[Row]:
    """Return rows of the CRM with our ids among their fields.

    Leads and companies keep the CRM's id in ``id`` and get ours in ``local``; touches and steps come under our id, with
    what every fact has. A fact of a lead that is not known here is left out: it comes when the lead does.
    """
    if names.own or obj not in _REFERS:
        return rows
    if obj in _LISTED:
        ours = mirror.locals_of(tx, names.adapter, obj, [row.id for row in rows if not row.local])
        return [_listed(names, obj, row, ours.get(row.id)) for row in rows]
    known = _referred(tx, names, obj, rows)
    if obj in _FACTS:
        ours = mirror.locals_of(tx, names.adapter, obj, [row.id for row in rows if not row.local])
        return [made for row in rows if (made := _fact(names, obj, row, known, ours.get(row.id))) is not None]
    local = _locals(tx, names, obj, rows)
    return [
        Row(row.id, row.version, _translated(names, obj, row.fields, known), row.deleted, local=local[row.id])
        for row in rows
    ]


def _referred(tx: Tx, names: Names, obj: Thing, rows: Iterable[Row]) -> dict[Thing, dict[str, str]]:
    found: dict[Thing, dict[str, str]] = {}
    for code, of in _REFERS[obj].items():
        asked = {value for row in rows if isinstance(value := row.fields.get(code), str)}
        found[of] = found.get(of, {}) | (mirror.locals_of(tx, names.adapter, of, asked) if asked else {})
    return found


def _translated(names: Names, obj: Thing, fields: Fields, known: Mapping[Thing, Mapping[str, str]]) -> Fields:
    made = dict(fields)
    for code, of in _REFERS[obj].items():
        value = made.get(code)
        if isinstance(value, str) and value:
            made[code] = known[of].get(value) or made_id(names.adapter, of, value)
    for code in _PHONES.get(obj, ()):
        value = made.get(code)
        if isinstance(value, str):
            made[code] = to_e164(value) or value
    return made


def _locals(tx: Tx, names: Names, obj: Thing, rows: Sequence[Row]) -> dict[str, str]:
    """Return our ids of these leads or companies by the CRM's."""
    found = mirror.locals_of(tx, names.adapter, obj, [row.id for row in rows])
    new = {row.id: row.local for row in rows if row.id not in found}
    wanted = [local for local in new.values() if local]
    taken = {key for key, base in mirror.by_local(tx, names.adapter, obj, wanted).items() if not _free(base)}
    made = {remote: made_id(names.adapter, obj, remote) for remote in new}
    spoken = mirror.referred(tx, made.values()) if obj is Thing.COMPANY and wanted else set()
    for remote, local in new.items():
        own = made[remote]
        if local is None or local in taken or own in spoken:
            found[remote] = own
        else:
            found[remote] = local
            taken.add(local)
    return found


def _listed(names: Names, obj: Thing, row: Row, ours: str | None) -> Row:
    local = row.local or ours or made_id(names.adapter, obj, row.id)
    return Row(local, row.version, {**row.fields, "id": local}, row.deleted)


def _free(base: Base) -> bool:
    return mirror.remote_of(base.remote_id) == ""


def _fact(names: Names, obj: Thing, row: Row, known: Mapping[Thing, Mapping[str, str]], ours: str | None) -> Row | None:
    lead = row.fields.get("lead_id")
    if not isinstance(lead, str) or lead not in known[Thing.LEAD]:
        return None
    local = row.local or ours or made_id(names.adapter, obj, row.id)
    fields = _translated(names, obj, row.fields, known)
    fields["id"] = local
    fields.setdefault("member_id", names.adapter)
    if not fields.get("device_id"):
        fields["device_id"], fields["device_seq"] = f"{names.adapter}:{row.id}", 0
    return Row(local, row.version, fields, row.deleted)


# ------------------------------------------------------------------------------------------------------------ outward


@dataclass(slots=True)
class Book:
    """The CRM's ids that a batch needs: by our id, "" where a record is known here and the CRM has no id of it.

    ``creating`` are records whose creation still waits; ``wrote`` the CRM's ids of facts by key.
    """

    leads: dict[str, str] = field(default_factory=dict)
    companies: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    company_fields: dict[str, Fields] = field(default_factory=dict)
    creating: set[str] = field(default_factory=set)
    wrote: dict[str, str] = field(default_factory=dict)

    def of(self, obj: str) -> dict[str, str]:
        """Return the ids of one kind."""
        return self.leads if obj == Thing.LEAD else self.companies


def book(tx: Tx, names: Names, heads: Sequence[Delivery], payloads: Mapping[str, Mapping[str, Value]]) -> Book:
    """Look up the CRM's ids of everything that these deliveries name; ``payloads`` by object id."""
    made = Book()
    lead_ids = {h.lead_id for h in heads if h.lead_id} | {h.obj_id for h in heads if h.obj == Thing.LEAD}
    lead_ids |= set(_texts(payloads, "lead_id")) | set(_texts(payloads, "merged_into"))
    company_ids = {h.obj_id for h in heads if h.obj == Thing.COMPANY} | set(_texts(payloads, "company_id"))
    for of, ids, found in ((Thing.LEAD, lead_ids, made.leads), (Thing.COMPANY, company_ids, made.companies)):
        for local, base in mirror.by_local(tx, names.adapter, of, ids).items():
            found[local] = mirror.remote_of(base.remote_id)
            made.versions[local] = base.version
    made.company_fields = {k: loads(t) for k, t in projection.texts(tx, Obj.COMPANY, list(company_ids)).items()}
    nameless = [i for i in (*lead_ids, *company_ids) if not made.leads.get(i) and not made.companies.get(i)]
    made.creating = deliveries.creating(tx, names.adapter, nameless) if nameless else set()
    corrected = list(_texts(payloads, "corrects"))
    made.wrote = deliveries.remote_ids(tx, names.adapter, corrected) if corrected else {}
    return made


def _texts(payloads: Mapping[str, Mapping[str, Value]], code: str) -> Iterable[str]:
    return (value for fields in payloads.values() if isinstance(value := fields.get(code), str) and value)


def outward(names: Names, known: Book, command: Command) -> Command:
    """Return a command in the CRM's ids; fields that the CRM does not carry are left out already."""
    if names.own:
        return command
    if command.do is Do.APPEND:
        lead = known.leads.get(command.lead_id or "") or None
        return replace(command, id="", lead_id=lead, payload=_fact_out(known, command))
    payload = _refs_out(known, command.obj, command.payload)
    for code in _PHONES.get(command.obj, ()):
        value = payload.get(code)
        if isinstance(value, str):
            payload[code] = _as_written(value)
    base = {code: _refs_out(known, command.obj, {code: value}).get(code) for code, value in command.base.items()}
    company = command.payload.get("company_id")
    of_it = known.company_fields.get(company, {}) if isinstance(company, str) else {}
    remote = known.of(command.obj).get(command.local, "")
    lead = remote if command.obj is Thing.LEAD else None
    version = known.versions.get(command.local) or None
    return replace(command, id=remote, version=version, lead_id=lead or None, payload=payload, base=base, company=of_it)


def _as_written(number: str) -> str:
    """Return a Japanese number as people write it, where that says the same; any other as it is."""
    said = shown(number) if number.startswith("+81") else number
    return said if to_e164(said) == number else number


def _fact_out(known: Book, command: Command) -> Fields:
    payload = _refs_out(known, command.obj, command.payload)
    payload["lead_key"] = command.lead_id
    corrected = command.payload.get("corrects")
    if isinstance(corrected, str) and corrected in known.wrote:
        payload["corrects_id"] = known.wrote[corrected]
    return payload


def _refs_out(known: Book, obj: Thing, fields: Mapping[str, Value]) -> Fields:
    """Return fields with the CRM's ids; what names a record that the CRM has no id of is left out."""
    made = dict(fields)
    for code, of in _REFERS.get(obj, {}).items():
        value = made.get(code)
        if not isinstance(value, str) or not value:
            continue
        remote = known.of(of).get(value)
        if remote:
            made[code] = remote
        else:
            made.pop(code)
    return made


def set_right(payload: Fields) -> Fields:
    """Return a touch as it is sent: its time by the CRM's clock where this one is wrong by more than a minute."""
    skew, at = payload.get("skew_ms"), payload.get("at")
    if not isinstance(skew, int) or abs(skew) <= SKEW_MS or not isinstance(at, str):
        return payload
    right = datetime.fromisoformat(at) + timedelta(milliseconds=skew)
    return {**payload, "at": right.isoformat(), "at_entered": at}


# ------------------------------------------------------------------------------------------------------------- answers


def answered(tx: Tx, names: Names, obj: Thing, results: Sequence[tuple[str, Result]]) -> list[Row]:
    """Return what the CRM says of records after a write, as rows with our ids: (our id, result), those that say nothing
    left out. Where it holds a new record of ours under one that is here already, ours follows that one from now on.
    """
    rows = [
        Row(result.remote_id or local, result.version or "", result.fields, local=local)
        for local, result in results
        if result.fields is not None
    ]
    if names.own or not rows:
        return rows
    known = _referred(tx, names, obj, rows)
    there = mirror.locals_of(tx, names.adapter, obj, [row.id for row in rows])
    made = []
    for row in rows:
        local = row.local or row.id
        if there.get(row.id, local) != local:
            follow(tx, names, obj, local, row.id)
        made.append(row._replace(fields=_translated(names, obj, row.fields, known), local=there.get(row.id, local)))
    return made


def follow(tx: Tx, names: Names, obj: Thing, local: str, remote: str) -> None:
    """Let a record of ours stand for one that the CRM holds under another id of ours."""
    had = mirror.by_local(tx, names.adapter, obj, [local]).get(local)
    there = mirror.bases(tx, names.adapter, obj, [remote])[remote]
    text = had.text if had is not None else there.text
    mirror.put(tx, names.adapter, obj, [Base(f"{mirror.HERE}{local}={remote}", local, there.version, text)])
