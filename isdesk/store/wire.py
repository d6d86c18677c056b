"""Append-only facts as they travel: a touch, a step of a handoff or a do-not-call as JSON fields, and back into rows.

On the wire instants are RFC 3339 text and what is not known is absent; a row that came from elsewhere may lack or spoil
anything, so reading checks every column and raises BadInput instead of storing half a fact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from isdesk.domain.changes import Value
from isdesk.domain.errors import BadInput
from isdesk.domain.handoff import Transition
from isdesk.domain.suppression import Suppression
from isdesk.domain.touch import Touch
from isdesk.store.rows import (
    FILING_COLUMNS,
    SUPPRESSION_COLUMNS,
    TOUCH_COLUMNS,
    TRANSITION_COLUMNS,
    suppression_to_row,
    touch_to_row,
    transition_to_row,
)
from isdesk.store.values import dumps, instant, loads, loads_any, micros

Fields = dict[str, Value]


def _iso(value: int) -> str:
    return instant(value).isoformat()


def _micros(value: object) -> int:
    at = datetime.fromisoformat(cast("str", value))
    return micros(at if at.tzinfo is not None else at.replace(tzinfo=UTC))


def _plan_out(text: str) -> Fields:
    plan = loads(text)
    if isinstance(due := plan.get("due_at"), int):
        plan["due_at"] = _iso(due)
    if isinstance(mails := plan.get("mails"), list):
        plan["mails"] = [_iso(cast("int", m)) for m in mails]
    return plan


def _plan_in(value: object) -> str:
    plan = dict(cast("dict[str, Any]", value))
    plan["action"] = plan.get("action")
    plan["why"] = str(plan.get("why", ""))
    if plan.get("due_at") is not None:
        plan["due_at"] = _micros(plan["due_at"])
    if plan.get("mails"):
        plan["mails"] = [_micros(m) for m in plan["mails"]]
    return dumps(plan)


def _text_in(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _int_in(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError
    return int(value)


def _same(value: Any) -> Any:
    return value


_Out = Callable[[Any], Any]
_TEXT: tuple[_Out, _Out] = (_same, _text_in)
_INT: tuple[_Out, _Out] = (_same, _int_in)
_AT: tuple[_Out, _Out] = (_iso, _micros)
_FLAG: tuple[_Out, _Out] = (bool, int)
_JSON: tuple[_Out, _Out] = (loads_any, dumps)
_PLAN: tuple[_Out, _Out] = (_plan_out, _plan_in)

_KINDS: dict[str, tuple[_Out, _Out]] = {
    "at": _AT,
    "cooldown_until": _AT,
    "company_cooldown_until": _AT,
    "device_seq": _INT,
    "ring_s": _INT,
    "talk_s": _INT,
    "skew_ms": _INT,
    "void": _FLAG,
    "objections": _JSON,
    "payload": _JSON,
    "plan": _PLAN,
}
_DEFAULTS: dict[str, object] = {
    "channel": "phone",
    "direction": "out",
    "note": "",
    "playbook": "",
    "void": 0,
    "skew_ms": 0,
    "payload": "{}",
    "scope": "all",
    "reason": "",
    "evidence": "",
    "source": "",
}
_MUST = frozenset(
    {
        "id",
        "lead_id",
        "member_id",
        "device_id",
        "device_seq",
        "at",
        "handoff_id",
        "action",
        "kind",
        "hmac",
    }
)

COLUMNS: dict[str, tuple[str, ...]] = {
    "touch": tuple(name.strip() for name in TOUCH_COLUMNS.split(",")),
    "transition": tuple(name.strip() for name in TRANSITION_COLUMNS.split(",")),
    "suppression": tuple(name.strip() for name in SUPPRESSION_COLUMNS.split(",")),
    "filing": tuple(name.strip() for name in FILING_COLUMNS.split(",")),
}
"""The columns of each kind, in the order of its rows."""

_REASON_MAY_LACK = frozenset({"touch", "transition"})


def _default(obj: str, name: str) -> object:
    return None if name == "reason" and obj in _REASON_MAY_LACK else _DEFAULTS.get(name)


def _reader(obj: str) -> tuple[tuple[str, _Out, object, bool], ...]:
    must = _MUST | {"subject"} if obj != "filing" else (_MUST | {"subject"}) - {"lead_id"}
    return tuple((n, _KINDS.get(n, _TEXT)[1], _default(obj, n), n in must) for n in COLUMNS[obj])


_OUT = {
    obj: tuple((name, _KINDS.get(name, _TEXT)[0], _default(obj, name)) for name in names)
    for obj, names in COLUMNS.items()
}
_IN = {obj: _reader(obj) for obj in COLUMNS}


def out(obj: str, row: Sequence[Any]) -> Fields:
    """Return the fields of a row in the order of COLUMNS[obj]; what is empty or as usual is left out."""
    return {
        name: write(value)
        for (name, write, default), value in zip(_OUT[obj], row, strict=True)
        if value is not None and value != default
    }


def back(obj: str, identity: str, fields: Mapping[str, Value]) -> tuple[Any, ...]:
    """Return the row of ``fields`` in the order of COLUMNS[obj].

    Raises BadInput (``fact_unreadable``) where a needed column lacks or a value cannot be what it should be.
    """
    row: list[Any] = []
    name = ""
    try:
        for name, read, default, must in _IN[obj]:
            value = fields.get(name)
            if value is not None:
                row.append(read(value))
            elif name == "id":
                row.append(identity)
            elif must:
                raise BadInput("fact_unreadable", kind=obj, field=name)
            else:
                row.append(default)
    except (TypeError, ValueError, AttributeError) as error:
        raise BadInput("fact_unreadable", kind=obj, field=name) from error
    return tuple(row)


def touch(one: Touch) -> Fields:
    """Return a touch as it travels."""
    return out("touch", touch_to_row(one))


def transition(one: Transition) -> Fields:
    """Return a step of a handoff as it travels."""
    return out("transition", transition_to_row(one))


def suppression(one: Suppression) -> Fields:
    """Return a do-not-call event as it travels."""
    return out("suppression", suppression_to_row(one))
