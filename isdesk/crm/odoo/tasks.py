"""The lead's next task as a ``mail.activity``: one open task of ours per lead, made, moved or closed by every touch.

Which activity is ours says its external id. A task is laid before the message of its touch: whatever is torn apart, the
message is the last to come, and a touch that is sent again lays the same task again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from isdesk.crm.converting import instant
from isdesk.crm.odoo.messages import external_id
from isdesk.crm.odoo.rpc import LOAD, Refusal, Rpc
from isdesk.crm.odoo.schema import Schema, html_of
from isdesk.crm.port import Command, Thing
from isdesk.domain.work_calendar import TOKYO

MODEL: Final = "mail.activity"
_COLUMNS: Final = (
    "id", "res_model_id/id", "res_id", "activity_type_id/.id", "summary", "note", "date_deadline", "user_id/.id",
)  # fmt: skip
_QUIET: Final = {"mail_activity_quick_update": True}
_NEXT: Final = "isdesk.next_"
_HANDOFF: Final = "isdesk.handoff_"
_WORDS: Final = {
    "first_call": "初回架電", "retry": "再架電", "callback_exact": "再架電(約束)", "callback_loose": "再架電",
    "mail": "メール", "nurture": "ナーチャリング", "research_number": "番号調べ", "handoff": "引き継ぎ",
    "fix_handoff": "引き継ぎの直し", "await_fs": "FSの返事待ち", "merge": "重複の統合",
}  # fmt: skip
_CALLS: Final = frozenset({"first_call", "retry", "callback_exact", "callback_loose", "nurture"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a lead's open task shall be; ``due`` None: none."""

    lead: str
    name: str
    kind: str
    summary: str
    due: datetime | None
    user: int


def wanted(commands: Iterable[Command], me: int) -> list[Wanted]:
    """Return what the newest plan of each lead wants."""
    latest: dict[str, Wanted] = {}
    for command in commands:
        plan = command.payload.get("plan")
        if command.obj is not Thing.TOUCH or not isinstance(plan, dict) or command.payload.get("void"):
            continue
        action = str(plan.get("action") or "")
        due = (instant(plan.get("due_at")) or instant(command.payload.get("at"))) if action else None
        lead = str(command.lead_id or "")
        ours = str(command.payload.get("lead_key") or lead)
        clock = due.astimezone(TOKYO).strftime(" %H:%M") if due is not None else ""
        kind = "phonecall" if action in _CALLS else "default"
        latest[lead] = Wanted(
            lead, external_id("next", f"{ours}_{command.key}"), kind, _WORDS.get(action, action) + clock, due, me
        )
    return list(latest.values())


def for_field_sales(command: Command, handoff: str) -> Wanted | None:
    """Return the task by which Field Sales hears of a handoff, None where nobody is named."""
    to_fs = str(command.payload.get("to_fs") or "")
    at = instant(command.payload.get("at"))
    if not to_fs.isdigit() or at is None:
        return None
    lead = str(command.lead_id or "")
    return Wanted(lead, external_id("handoff", handoff), "default", "引き継ぎの確認", at, int(to_fs))


class Tasks:
    """Lays tasks."""

    def __init__(self, rpc: Rpc, schema: Schema) -> None:
        self._rpc = rpc
        self._schema = schema

    def lay(self, tasks: Sequence[Wanted]) -> None:
        """Make, move or remove the open next task of each lead. Raises `Refusal` where Odoo takes one not."""
        if not tasks:
            return
        open_now = self._open([one.lead for one in tasks], _NEXT)
        over = [number for one in tasks if one.due is None for number, _ in open_now.get(one.lead, [])]
        self._remove(over)
        rows = []
        for one in tasks:
            if one.due is not None:
                ours = open_now.get(one.lead, [])
                rows.append(self._row(one, ours[0][1] if ours else one.name))
        self._load(rows)

    def hand_over(self, task: Wanted) -> None:
        """Make the task of Field Sales. Raises `Refusal`."""
        self._load([self._row(task, task.name)], quiet=False)

    def handed_over(self, lead: str) -> None:
        """Remove the tasks of Field Sales: it is decided."""
        self._remove([number for number, _ in self._open([lead], _HANDOFF).get(lead, [])])

    def _open(self, leads: Sequence[str], prefix: str) -> dict[str, list[tuple[int, str]]]:
        """Return (number, external id) of the open tasks of ours, by lead."""
        domain = [
            ["res_model", "=", "crm.lead"],
            ["res_id", "in", [int(one) for one in leads]],
            ["active", "=", True],
        ]
        found = self._rpc.read(MODEL, "search_read", domain=domain, fields=["res_id"], order="id")
        if not found:
            return {}
        names: Mapping[str, Any] = self._rpc.read(MODEL, "get_external_id", ids=[one["id"] for one in found])
        ours: dict[str, list[tuple[int, str]]] = {}
        for one in found:
            name = str(names.get(str(one["id"])) or "")
            if name.startswith(prefix):
                ours.setdefault(str(one["res_id"]), []).append((int(one["id"]), name))
        return ours

    def _remove(self, ids: Sequence[int]) -> None:
        if not ids:
            return
        try:
            self._rpc.write(MODEL, "unlink", ids=list(ids))
        except Refusal as refusal:
            if not refusal.gone and refusal.kind != "AccessError":
                raise

    def _row(self, one: Wanted, name: str) -> list[Any]:
        day = one.due.astimezone(TOKYO).date().isoformat() if one.due is not None else ""
        types = self._schema.activity_types()
        kind = next((t["id"] for t in types if t["category"] == one.kind), types[0]["id"] if types else "")
        return [name, "crm.model_crm_lead", one.lead, str(kind), one.summary, html_of("isdesk"), day, str(one.user)]

    def _load(self, rows: Sequence[list[Any]], *, quiet: bool = True) -> None:
        if not rows:
            return
        context = _QUIET if quiet else {}
        said = self._rpc.write(MODEL, "load", fields=list(_COLUMNS), data=list(rows), context=context)
        if said["ids"] is not False:
            return
        if len(rows) == 1:
            raise Refusal(LOAD, words_of(said))
        for row in rows:
            self._load([row], quiet=quiet)


def words_of(said: Mapping[str, Any]) -> str:
    """Return what ``load`` says was wrong."""
    return "\n".join(dict.fromkeys(str(one.get("message") or "") for one in said.get("messages") or ())).strip()
