"""Touches and steps of a handoff as messages in a lead's chatter, and messages of others as touches.

A call is what Odoo itself leaves when an activity of type Call is done: a ``mail.message`` with the activity's type
(it counts in the CRM's activity report), here with the true time of the call as its date. Our key is its
``message_id``, which is indexed and may be searched by whoever may see the lead, and an external id, whose uniqueness
PostgreSQL guards. The whole touch stands in a last paragraph that the web client does not show.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from isdesk.crm.converting import instant
from isdesk.crm.mapping import ObjectMap
from isdesk.crm.odoo.rpc import stamp
from isdesk.crm.odoo.schema import CONVERTERS, Schema, cell, html_of, text_of
from isdesk.crm.port import Command, Row, Thing
from isdesk.crm.writing import MARK, TAKEN_BACK, seal
from isdesk.domain.changes import Value
from isdesk.domain.work_calendar import TOKYO

MODEL: Final = "mail.message"
HOST: Final = {Thing.TOUCH: "isdesk", Thing.TRANSITION: "isdesk-handoff"}
"""What follows the key in a message's ``message_id``."""
FIELDS: Final = (
    "body", "create_uid", "date", "mail_activity_type_id", "message_id", "message_type", "res_id", "subject",
)  # fmt: skip
_NOT_CARRIED: Final = frozenset({"lead_key", "corrects_id"})
_LEAD: Final = "crm.lead"
_PLAIN: Final = re.compile(r"[A-Za-z0-9_-]{1,80}")
_KEY: Final = re.compile(r"<(.+)@(isdesk(?:-handoff)?)>")
_DATA: Final = re.compile(re.escape(MARK) + r"(\{[^<]*\})")
_ROBOT: Final = 1
_CATEGORIES: Final = {"phonecall": "phone", "meeting": "meeting"}
_MAIL_ICON: Final = "fa-envelope"
_BY_TYPE: Final = {"email": ("mail", "in"), "email_outgoing": ("mail", "out")}
_SAID: Final = ("comment", "email", "email_outgoing")

_CHANNELS: Final = {
    "phone": "架電", "mail": "メール", "chat": "チャット", "webinar": "ウェビナー", "linkedin": "LinkedIn", "x": "X",
    "business_card": "名刺", "exhibition": "展示会", "letter": "手紙", "meeting": "商談", "web": "Web", "note": "メモ",
}  # fmt: skip
_ACTIONS: Final = {
    "ask": "承認依頼", "refuse": "承認却下", "submit": "提出", "accept": "受理", "return": "差し戻し",
    "recycle": "リサイクル", "withdraw": "取り下げ", "feedback": "結果",
}  # fmt: skip


def external_id(kind: str, key: str) -> str:
    """Return the external id of a record of ours (``isdesk.touch_…``)."""
    return f"isdesk.{kind}_{key if _PLAIN.fullmatch(key) else hashlib.sha256(key.encode()).hexdigest()[:40]}"


def message_id(obj: Thing, key: str) -> str:
    """Return the message id that carries a key."""
    return f"<{key}@{HOST[obj]}>"


def key_of(said: object) -> tuple[str, str]:
    """Return the key in a message id and its host, empty where the message is not ours."""
    found = _KEY.fullmatch(str(said or ""))
    return (found[1], found[2]) if found else ("", "")


def domain_of(obj: Thing) -> list[Any]:
    """Return which messages are touches (of anybody), or steps of a handoff."""
    ours = ["message_id", "like", f"@{HOST[Thing.TRANSITION]}>"]
    head: list[Any] = [["model", "=", _LEAD]]
    if obj is Thing.TRANSITION:
        return [*head, ours]
    done: list[Any] = ["&", ["message_type", "=", "notification"], ["mail_activity_type_id", "!=", False]]
    return [*head, "!", ours, "|", ["message_type", "in", list(_SAID)], *done]


class Messages:
    """Writes our facts as rows of ``load`` and reads messages as rows of the port."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def row(self, command: Command) -> dict[str, str | int]:
        """Return the row of ``load`` for a touch or a step of a handoff, by column."""
        payload = command.payload
        channel = str(payload.get("channel") or "phone") if command.obj is Thing.TOUCH else "note"
        kind = self._type_of(channel) if command.obj is Thing.TOUCH else None
        at = instant(payload.get("at"))
        row: dict[str, str | int] = {
            "id": external_id("touch" if command.obj is Thing.TOUCH else "step", command.key),
            "model": _LEAD,
            "res_id": int(command.lead_id or 0),
            "message_id": message_id(command.obj, command.key),
            "message_type": "comment",
            "subtype_id/id": "mail.mt_note" if kind is None else "mail.mt_activities",
            "mail_activity_type_id/.id": "" if kind is None else str(kind),
            "date": stamp(at) if at is not None else "",
            "subject": self._title(command),
            "body": self._body(command),
        }
        return row | self._own_fields(payload) if command.obj is Thing.TOUCH else row

    def _own_fields(self, payload: Mapping[str, Value]) -> dict[str, Any]:
        """Return the columns of fields that the team added to messages and mapped."""
        of = self._schema.map_of(Thing.TOUCH)
        here = self._schema.fields(MODEL)
        made: dict[str, Any] = {}
        for name, value in self._schema.values(MODEL, of, payload).items():
            suffix, said = cell(here[name], value)
            made[name + suffix] = said
        return made

    def _title(self, command: Command) -> str:
        payload = command.payload
        back = TAKEN_BACK if payload.get("void") else ""
        if command.obj is Thing.TRANSITION:
            action = str(payload.get("action") or "")
            return f"{back}引き継ぎ: {_ACTIONS.get(action, action)}"
        channel = str(payload.get("channel") or "phone")
        word = "受電" if channel == "phone" and payload.get("direction") == "in" else _CHANNELS.get(channel, channel)
        outcome = self._outcome(payload)
        return f"{back}{word}: {outcome}" if outcome else f"{back}{word}"

    def _outcome(self, payload: Mapping[str, Value]) -> str:
        code = str(payload.get("outcome") or payload.get("signal") or "")
        words = self._schema.known_map(Thing.TOUCH).options.get("words", {})
        return str(words.get(code, code))

    def _body(self, command: Command) -> str:
        payload = {code: value for code, value in command.payload.items() if code not in _NOT_CARRIED}
        facts = self._facts(payload)
        note = str(payload.get("note") or "")
        parts = [html_of(facts)] if facts else []
        parts += [html_of(note)] if note else []
        data = html.escape(MARK + seal(payload), quote=False)
        return "".join([*parts, f'<p class="d-none">{data}</p>'])

    def _facts(self, payload: Mapping[str, Value]) -> str:
        talk, plan = payload.get("talk_s"), payload.get("plan")
        parts = [self._outcome(payload), str(payload.get("reason") or "")]
        parts += [f"通話 {talk // 60}分{talk % 60:02}秒"] if isinstance(talk, int) and talk else []
        parts += [str(payload.get("number") or "")]
        due = instant(plan.get("due_at")) if isinstance(plan, dict) else None
        parts += [f"次回 {_local(due)}"] if due is not None else []
        return " ・ ".join(part for part in parts if part)

    def _type_of(self, channel: str) -> int | None:
        return next((int(one["id"]) for one in self._schema.activity_types() if _channel(one) == channel), None)

    # ------------------------------------------------------------------------------------------------------- reading

    def read(self, obj: Thing, record: Mapping[str, Any]) -> Row | None:
        """Return a message as a touch or a step, None where it is neither."""
        lead, version = str(record.get("res_id") or ""), str(record["write_date"])
        key, _ = key_of(record.get("message_id"))
        data = payload_of(str(record.get("body") or "")) if key else None
        if data is not None:
            return Row(str(record["id"]), version, {**data, "lead_id": lead}, local=key)
        if obj is Thing.TRANSITION:
            return None
        return Row(str(record["id"]), version, self._foreign(record, lead))

    def _foreign(self, record: Mapping[str, Any], lead: str) -> dict[str, Value]:
        channel, direction = _BY_TYPE.get(str(record.get("message_type")), ("note", "out"))
        kind = record.get("mail_activity_type_id")
        if isinstance(kind, list):
            types = {one["id"]: one for one in self._schema.activity_types()}
            channel = _channel(types.get(kind[0], {})) or "note"
        at = instant(record.get("date"))
        fields: dict[str, Value] = {"lead_id": lead, "channel": channel, "direction": direction}
        fields |= self._mapped(record)
        if at is not None:
            fields["at"] = at.isoformat()
        note = "\n".join(
            part for part in (str(record.get("subject") or ""), text_of(str(record["body"] or ""))) if part
        )
        if note:
            fields["note"] = note
        author = record.get("create_uid")
        if isinstance(author, list) and author[0] != _ROBOT:
            fields["member_id"] = str(author[0])
        return fields

    def _mapped(self, record: Mapping[str, Any]) -> dict[str, Value]:
        of: ObjectMap = self._schema.map_of(Thing.TOUCH)
        return of.inward(self._schema.flat(MODEL, of, record), CONVERTERS) if of.fields else {}

    def names(self) -> list[str]:
        """Return the fields of a message that are read."""
        return [*FIELDS, *self._schema.map_of(Thing.TOUCH).remote_names()]


def payload_of(body: str) -> dict[str, Value] | None:
    """Return the touch or step that a message of ours carries whole, None where it carries none."""
    found = _DATA.search(body)
    if found is None:
        return None
    try:
        payload = json.loads(html.unescape(found[1]))
    except ValueError:
        return None
    return payload if isinstance(payload, dict) else None


def _channel(kind: Mapping[str, Any]) -> str:
    if kind.get("category") in _CATEGORIES:
        return _CATEGORIES[str(kind["category"])]
    return "mail" if kind.get("icon") == _MAIL_ICON else ""


def _local(at: datetime) -> str:
    return at.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M")
