"""What stands in tags of a lead: do-not-call, mail opt-out, and stages for which Odoo's pipeline has no column.

Only administrators may write ``phone.blacklist`` and ``mail.blacklist`` unless Odoo's own rights are changed (measured
on 19.0), but everybody's leads say whether their number or address stands there. So a prohibition is read from either,
and written to the tag, which any sales person may set and see, and to the blacklist as far as rights allow.

Odoo's pipeline knows no nurturing and no lead that does not qualify: such a stage of ours is a tag as well, beside the
column in which the lead stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from isdesk.crm.odoo.records import LEAD, Records
from isdesk.crm.odoo.rpc import ARCHIVED_TOO, Rpc
from isdesk.crm.odoo.schema import Schema
from isdesk.domain.changes import Value

LISTS: Final = {
    "dnc": ("phone.blacklist", "number", ("phone_sanitized",)),
    "email_opt_out": ("mail.blacklist", "email", ("email_normalized",)),
}
"""Our field, the blacklist, its field, the field of the lead in the form that the list keeps."""


class Blocking:
    """Writes prohibitions."""

    def __init__(self, rpc: Rpc, schema: Schema, records: Records) -> None:
        self._rpc = rpc
        self._schema = schema
        self._records = records

    def values(self, changes: Mapping[str, Value], *, new: bool) -> dict[str, Any]:
        """Return what ``write`` (``new``: ``load``) of a lead takes so that its tags say it. Raises `Refusal`."""
        wanted = {self._records.tags[code]: bool(changes[code]) for code in LISTS if code in changes}
        if "stage" in changes:
            wanted |= {tag: changes["stage"] == stage for stage, tag in self._records.stage_tags.items()}
        commands: list[list[Any]] = []
        for name, stands in wanted.items():
            if stands and name:
                commands.append([4, self._schema.tag(name)])
            elif name and (known := self._schema.named("crm.tag", name)) is not None:
                commands.append([3, known])
        if new:
            added = ",".join(str(number) for verb, number in commands if verb == 4)
            return {"tag_ids": added} if added else {}
        return {"tag_ids": commands} if commands else {}

    def apply(self, lead: int, changes: Mapping[str, Value]) -> None:
        """Write or clear the blacklists, as far as our rights go. Raises `Refusal` where a write is refused."""
        for code, (model, argument, names) in LISTS.items():
            if code not in changes or not self.writable(code):
                continue
            (now,) = self._rpc.read(LEAD, "read", ids=[lead], fields=list(names))
            if now.get(names[0]):
                self._list(model, argument, str(now[names[0]]), listed=bool(changes[code]))

    def _list(self, model: str, argument: str, value: str, *, listed: bool) -> None:
        """Put a value on a blacklist or take it off, where it stays, archived, as Odoo does itself."""
        found = self._rpc.read(model, "search", domain=[[argument, "=", value], ARCHIVED_TOO])
        if found:
            self._rpc.write(model, "write", ids=found, vals={"active": listed})
        elif listed:
            self._rpc.write(model, "create", vals_list=[{argument: value}])

    def writable(self, code: str) -> bool:
        """Return whether we may write the blacklist of this field."""
        model, _, names = LISTS[code]
        return names[0] in self._schema.fields(LEAD) and self._schema.may(model, "create")

    def keeps(self, code: str) -> bool:
        """Return whether a prohibition can be written at all."""
        return bool(self._records.tags[code]) or self.writable(code)
