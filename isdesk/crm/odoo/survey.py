"""Looking at an Odoo while it is being connected: what works, what an administrator might add, how its data look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, timedelta
from typing import Any, Final

from isdesk.crm.converting import instant
from isdesk.crm.odoo.blocking import LISTS, Blocking
from isdesk.crm.odoo.people import People
from isdesk.crm.odoo.records import LEAD, Records
from isdesk.crm.odoo.rpc import LOAD, Refusal, Rpc
from isdesk.crm.odoo.schema import MODELS, Schema
from isdesk.crm.odoo.tasks import words_of
from isdesk.crm.port import FieldInfo, Finding, Thing
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS

SOON: Final = timedelta(days=14)
"""Before a key ends, one is told so long ahead; a key lives three months at most."""
_TEST: Final = "isdesk: 接続テスト"
_TRIED: Final = "isdesk.check_lead"
_TOUCHED: Final = "isdesk.check_touch"
_SHOWN: Final = 60


class Survey:
    """Looks, and with leave writes a test record."""

    def __init__(
        self, rpc: Rpc, schema: Schema, records: Records, blocking: Blocking, people: People, user: str
    ) -> None:
        self._rpc = rpc
        self._schema = schema
        self._records = records
        self._blocking = blocking
        self._people = people
        self._user = user.strip().casefold()

    def check(self, *, write: bool) -> list[Finding]:
        """Return what was found; ``write``: a test lead with a test call is made, read and put away again."""
        if not self._schema.may(LEAD, "read"):
            return [Finding("stop", "odoo_no_crm")]
        found = [Finding("ok", "promise_no_duplicates")]
        found += self._key()
        me = self._people.known().person
        if self._user and "@" in self._user and self._user != me.email.casefold():
            found.append(Finding("warn", "odoo_other_user", {"name": me.name}))
        found += [
            Finding("warn", "odoo_field_missing", {"field": code, "object": obj.value})
            for obj in (Thing.LEAD, Thing.COMPANY)
            for code in self._schema.missing(obj)
            if code not in _OPTIONAL
        ]
        found += self._stages()
        found += [
            Finding("warn", "odoo_blacklist_closed", {"field": code})
            for code in LISTS
            if not self._blocking.writable(code)
        ]
        if not self._schema.may(LEAD, "write"):
            found.append(Finding("stop", "odoo_read_only"))
        elif write:
            found += self._try()
        return found

    def _stages(self) -> list[Finding]:
        """Name the stages of ours whose column is not in the pipeline (a team renames them)."""
        one = self._schema.map_of(Thing.LEAD).fields.get("stage")
        if one is None or not one.values:
            return []
        columns = {str(x["name"]) for x in self._rpc.read("crm.stage", "search_read", domain=[], fields=["name"])}
        there = {ours for theirs, ours in one.values.items() if theirs in columns or theirs.isdigit()}
        return [
            Finding("warn", "odoo_stage_missing", {"stage": code}) for code in sorted({*one.values.values()} - there)
        ]

    def _key(self) -> list[Finding]:
        """Say when the key ends, as far as our user may read it; of several keys the one that ends first."""
        try:
            keys = self._rpc.asked("res.users.apikeys", "search_read", domain=[], fields=["expiration_date"])
        except Refusal:
            return []
        ends = sorted(at for one in keys if (at := instant(one.get("expiration_date"))) is not None)
        now = self._rpc.server_now().astimezone(UTC)
        coming = [at for at in ends if at > now]
        if not coming:
            return []
        level = "warn" if coming[0] - now < SOON else "ok"
        return [Finding(level, "odoo_key_ends", {"date": coming[0].date().isoformat()})]

    def _try(self) -> list[Finding]:
        """Make a lead and a call on it, read them, and put them away: deleted where allowed, else archived."""
        try:
            lead = self._load(LEAD, {"id": _TRIED, "name": _TEST, "user_id/.id": self._people.known().person.id})
            call = self._load(
                MODELS[Thing.TOUCH],
                {
                    "id": _TOUCHED, "model": LEAD, "res_id": str(lead), "body": f"<p>{_TEST}</p>",
                    "message_id": "<check@isdesk-check>", "message_type": "comment", "subtype_id/id": "mail.mt_note",
                },
            )  # fmt: skip
            again = self._rpc.read(MODELS[Thing.TOUCH], "search", domain=[["id", "=", call]])
        except Refusal as refusal:
            return [Finding("stop", "odoo_test_refused", {"words": refusal.words[:200]})]
        found = [Finding("ok", "odoo_test_written")] if again else [Finding("stop", "odoo_test_lost")]
        return found + self._put_away(lead, call)

    def _put_away(self, lead: int, call: int) -> list[Finding]:
        try:
            self._rpc.write(MODELS[Thing.TOUCH], "unlink", ids=[call])
            if self._schema.may(LEAD, "unlink"):
                self._rpc.write(LEAD, "unlink", ids=[lead])
                return []
            self._rpc.write(LEAD, "write", ids=[lead], vals={"active": False})
        except Refusal:
            return [Finding("warn", "odoo_test_left", {"name": _TEST})]
        return [Finding("warn", "odoo_test_archived", {"name": _TEST})]

    def _load(self, model: str, row: Mapping[str, str]) -> int:
        said = self._rpc.write(model, "load", fields=list(row), data=[list(row.values())])
        if not said["ids"]:
            raise Refusal(LOAD, words_of(said))
        return int(said["ids"][0])

    def described(self, obj: Thing, carried: Iterable[str] | None) -> list[FieldInfo]:
        """Return our fields of leads or companies that are carried here."""
        known = {Thing.LEAD: LEAD_FIELDS, Thing.COMPANY: COMPANY_FIELDS}.get(obj, {})
        fields = self._schema.known_map(obj).fields
        found = []
        for code in sorted(carried or ()):
            spec, one = known.get(code), fields.get(code)
            if spec is None:
                continue
            named = {ours: theirs for theirs, ours in one.values.items()} if one is not None else {}
            choices = tuple(named.items()) or tuple((choice[0], choice[1]) for choice in spec.choices)
            found.append(FieldInfo(code, spec.ja, spec.kind, writable=one is None or one.writes, choices=choices))
        return found

    def samples(self, obj: Thing, limit: int, scope: Sequence[Any]) -> list[Mapping[str, str]]:
        """Return newest records, each field as text."""
        if obj not in {Thing.LEAD, Thing.COMPANY}:
            return []
        fields = [one.code for one in self._schema.described(MODELS[obj])]
        domain = [*(scope if obj is Thing.LEAD else [["is_company", "=", True]]), ["active", "=", True]]
        found = self._rpc.read(MODELS[obj], "search_read", domain=domain, fields=fields, order="id desc", limit=limit)
        return [{name: text for name in fields if (text := _shown(one.get(name)))} for one in found]


_OPTIONAL: Final = frozenset({"phone_mobile"})
"""Fields that the shipped map names for the Odoos that have them; 19 itself has none such."""


def _shown(value: Any) -> str:
    if value is None or value is False:
        return ""
    text = str(value[1]) if isinstance(value, list) and len(value) == 2 else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
