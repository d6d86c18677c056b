"""Checks a value that somebody typed for a field and brings it into the form in which it is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.domain import normalise
from isdesk.domain.changes import Obj, Value
from isdesk.domain.errors import BadInput
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Field, Kind

if TYPE_CHECKING:
    from isdesk.services.context import Context

NOT_TYPED = frozenset({"merged_into", "merged_from"})
"""Fields that only a merge writes (`services.merging`)."""

MAX_TEXT = 100_000
"""Longest text of a field, in characters."""


def field_of(ctx: Context, path: str) -> Field:
    """Return the declaration of a field by ``x`` (lead) or ``company.x``.

    Raises BadInput (``field_unknown``).
    """
    obj, code = (Obj.COMPANY, path[8:]) if path.startswith("company.") else (Obj.LEAD, path)
    known = COMPANY_FIELDS if obj is Obj.COMPANY else LEAD_FIELDS
    found = known.get(code) or next((f for f in ctx.rules.fields if f.code == code and f.obj is obj), None)
    if found is None or code in NOT_TYPED:
        raise BadInput("field_unknown", field=path)
    return found


def checked(ctx: Context, path: str, value: Value) -> Value:
    """Return ``value`` as it is stored; None where it is empty.

    Raises BadInput (``field_unknown``, ``value_bad``).
    """
    spec = field_of(ctx, path)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        plain = _plain(ctx, spec, value)
    except (ValueError, TypeError) as error:
        raise _bad(ctx, spec, value) from error
    if plain is None:
        raise _bad(ctx, spec, value)
    return plain


def _bad(ctx: Context, spec: Field, value: Value) -> BadInput:
    return BadInput("value_bad", field=spec.en if ctx.lang == "en" else spec.ja, value=str(value)[:80])


def _plain(ctx: Context, spec: Field, value: Value) -> Value:
    if spec.kind is Kind.JSON:
        return value
    if isinstance(value, (list, dict)):
        return None
    text = str(value).strip()
    if spec.kind is Kind.BOOL:
        return _flag(value, text)
    if spec.kind is Kind.CHOICE:
        return _choice(spec, text)
    if spec.kind is Kind.MEMBER:
        return _member(ctx, text)
    return _READERS.get(spec.kind, _line)(text)


def _line(text: str) -> str:
    return " ".join(text.split())[:MAX_TEXT]


def _paragraphs(text: str) -> str:
    return text[:MAX_TEXT]


def _integer(text: str) -> int:
    return int(float(normalise.text(text).replace(",", "")))


def _phone(text: str) -> str | None:
    from isdesk.files.phones import to_e164

    return to_e164(text)


def _flag(value: Value, text: str) -> bool | None:
    if isinstance(value, bool):
        return value or None
    lowered = text.lower()
    if lowered in {"true", "1", "yes", "はい", "有"}:
        return True
    if lowered in {"false", "0", "no", "いいえ", "無"}:
        return False
    raise ValueError(text)


def _date(text: str) -> str:
    return date.fromisoformat(normalise.text(text).replace("/", "-")[:10]).isoformat()


def _datetime(text: str) -> str:
    at = datetime.fromisoformat(normalise.text(text).replace("/", "-"))
    if at.tzinfo is None:
        at = at.replace(tzinfo=TOKYO)
    return at.astimezone(UTC).isoformat()


def _choice(spec: Field, text: str) -> str | None:
    for code, ja, en in spec.choices:
        if text in (code, ja, en):
            return code
    return None


def _member(ctx: Context, text: str) -> str | None:
    for member in ctx.members.values():
        if text in (member.id, member.name, member.email):
            return member.id
    return None


_READERS: dict[Kind, Callable[[str], Value]] = {
    Kind.INT: _integer,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.MAIL: normalise.mail,
    Kind.PHONE: _phone,
    Kind.CORPORATE_NUMBER: normalise.corporate_number,
    Kind.LONG_TEXT: _paragraphs,
}
"""How each kind of field reads a text; a kind that is not named here is one line of text."""
