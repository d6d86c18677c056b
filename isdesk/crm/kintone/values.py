"""Values as kintone writes them, and back (cybozu.dev, "フィールド形式").

A record is ``{code: {"type": …, "value": …}}``. Reading looks at the value alone, for a list is ticks or people and a
dict is a person; writing looks at the field's type. DATETIME has whole minutes: what is sent is cut to them before it
is compared, or an own edit would come back as somebody else's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final

from isdesk.crm import converting
from isdesk.crm.converting import Converter, Write, instant
from isdesk.crm.kintone.form import CHOICES, SEVERAL, TIMES, Form, Spot
from isdesk.crm.mapping import Converters, FieldMap, ObjectMap
from isdesk.domain.changes import Value

Record = Mapping[str, Any]
Fields = dict[str, Value]

SEPARATOR: Final = "、"
_TAG: Final = re.compile(r"<[^>]*>")
_BREAK: Final = re.compile(r"<br\s*/?>|</(?:div|p|li)>", re.IGNORECASE)
_CLOSED: Final = CHOICES | SEVERAL | {"USER_SELECT"}
"""Types that take one of a few values."""
_AS_IT_IS: Final = frozenset({"SINGLE_LINE_TEXT", "MULTI_LINE_TEXT", "NUMBER", "LINK"} | CHOICES)
"""Types that take letters and digits as they are: nothing in them is to be escaped, cut or looked up."""
_NOT_TEXT: Final = re.compile("[\ud800-\udfff\x00]")


def bare(value: Any) -> Any:
    """Return the value of a cell without its wrapping: a person's login name; ticks as a list of words."""
    if isinstance(value, dict):
        return value.get("code")
    if isinstance(value, list):
        return [bare(one) for one in value] if not value or not isinstance(value[0], dict) else bare(value[0])
    return value


def plain(record: Record) -> dict[str, Any]:
    """Return the cells of a record that hold something, each as `bare`; a rich text without its tags."""
    made: dict[str, Any] = {}
    for code, cell in record.items():
        value = cell.get("value")
        if value:
            rich = cell.get("type") == "RICH_TEXT"
            made[code] = value if value.__class__ is str and not rich else _unwrapped(value, rich=rich)
    return made


def _unwrapped(value: Any, *, rich: bool) -> Any:
    found = bare(value)
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", found))).strip() if rich else found


def _read_text(said: tuple[Any, ...]) -> Value:
    first = said[0]
    if isinstance(first, list):
        return SEPARATOR.join(str(one) for one in first) or None
    return str(first) if first not in (None, "") else None


CONVERTERS: Final[Converters] = {
    **converting.STANDARD,
    "text": Converter(_read_text, converting.STANDARD["text"].write),
}


def inward(of: ObjectMap, values: Mapping[str, Any]) -> Fields:
    """Return what a record (its cells `plain`) says in our codes: as `ObjectMap.inward`, where most cells are empty.

    A yes or no may stand there as a choice.
    """
    found: Fields = {}
    for code, one in of.fields.items():
        remote = one.remote
        raw = values.get(remote[0])
        if (raw is None and len(remote) == 1) or one.direction == "out":
            continue
        if one.convert == "bool" and one.values:
            raw = any(one.values.get(str(word)) == "true" for word in (raw if isinstance(raw, list) else [raw]))
        said = (raw,) if len(remote) == 1 else (raw, *(values.get(name) for name in remote[1:]))
        value = CONVERTERS[one.convert].read(said)
        if one.values and isinstance(value, str):
            value = one.values.get(value, value)
        if value is not None and value is not False and value != "":
            found[code] = value
    return found


@dataclass(frozen=True, slots=True)
class _Way:
    """How one field of ours is written: by this converter, to these fields of the app (None: not to be written).

    ``closed``: it takes one of a few values, so that what was written once is kept.
    """

    write: Write
    words: Mapping[str, str]
    places: tuple[tuple[Spot, FieldMap] | None, ...]
    closed: bool


class Writer:
    """Writes records of one map to one app: what each field of ours becomes is looked up once, not for each record.

    ``worded``: a value that has no word in the map (an outcome of the team's own) is left out; data keeps it.
    """

    def __init__(self, of: ObjectMap, form: Form, *, worded: bool = False) -> None:
        self._worded = worded
        held = {name: one for one in of.fields.values() if one.writes for name in one.remote}
        self._ways = {code: _way(one, form, held) for code, one in of.fields.items() if one.writes}
        self._known: dict[tuple[str, Value], dict[str, dict[str, Any]]] = {}

    def cells(self, payload: Mapping[str, Value]) -> dict[str, dict[str, Any]]:
        """Return changes of ours (None: cleared) as cells; what the app does not hold or cannot be sent is left out."""
        made: dict[str, dict[str, Any]] = {}
        for code, value in payload.items():
            way = self._ways.get(code)
            if way is None:
                continue
            if not way.closed or value.__class__ is not str:
                made |= self._cells(way, value)
                continue
            known = self._known.get((code, value))
            if known is None:
                known = self._known[code, value] = self._cells(way, value)
            made |= known
        return made

    def _cells(self, way: _Way, value: Value) -> dict[str, dict[str, Any]]:
        said = value
        if way.words and value is not None:
            word = way.words.get(value) if isinstance(value, str) else None
            if word is None and self._worded:
                return {}
            said = value if word is None else word
        pairs = zip(way.places, way.write(said, len(way.places)), strict=True)
        return {place[0].code: {"value": cell(place[0], written, place[1])} for place, written in pairs if place}


def _way(one: FieldMap, form: Form, held: Mapping[str, FieldMap]) -> _Way:
    spots = [form.spots.get(name) for name in one.remote]
    places = tuple((spot, held[spot.code]) if spot is not None and spot.writable else None for spot in spots)
    return _Way(
        CONVERTERS[one.convert].write,
        {ours: theirs for theirs, ours in reversed(list(one.values.items()))},
        places,
        bool(one.values) or all(place is not None and place[0].type in _CLOSED for place in places),
    )


def outward(of: ObjectMap, form: Form, payload: Mapping[str, Value]) -> dict[str, dict[str, Any]]:
    """Return changes of ours (None: cleared) as cells; what the app does not hold or cannot be sent is left out."""
    return Writer(of, form).cells(payload)


def kept(of: ObjectMap, form: Form, payload: Mapping[str, Value]) -> Fields:
    """Return ``payload`` as it will come back when it was written: what does not travel is left out.

    A value that no field of this type can hold stays as it is, for kintone to refuse.
    """
    sent = {code: value for code, value in payload.items() if code in of.fields}
    back = inward(of, {code: bare(one["value"]) for code, one in outward(of, form, sent).items()})
    return {code: back.get(code, value or None) if value is not None else None for code, value in sent.items()}


def cell(spot: Spot, value: Any, one: FieldMap | None = None) -> Any:
    """Return the value that a field of this type takes; empty where there is none."""
    if value.__class__ is str and spot.type in _AS_IT_IS and value.isalnum():
        return value
    if spot.type in SEVERAL:
        return _ticks(spot, value, one)
    if spot.type == "USER_SELECT":
        return [{"code": str(value)}] if value not in (None, "", False) else []
    if value is None or value == "":
        return None if spot.type in TIMES else ""
    if spot.type == "DATETIME":
        return minute(str(value))
    if isinstance(value, bool):
        return _word(value, one) if spot.type in CHOICES or spot.type == "SINGLE_LINE_TEXT" else str(int(value))
    return _text(spot, str(value))


def minute(said: str) -> str | None:
    """Return an instant as kintone keeps it, in UTC and whole minutes; None where it is not one."""
    at = instant(said)
    return None if at is None else f"{at.astimezone(UTC).isoformat(timespec='minutes')[:16]}:00Z"


def _text(spot: Spot, value: str) -> str:
    text = _NOT_TEXT.sub("\ufffd", value)
    if spot.type == "RICH_TEXT":
        return html.escape(text).replace("\n", "<br>")
    if spot.type in {"SINGLE_LINE_TEXT", "LINK"}:
        return " ".join(text.splitlines()) if not text.isprintable() else text
    return text


def _ticks(spot: Spot, value: Any, one: FieldMap | None) -> list[str]:
    if value is True:
        word = _word(value, one)
        return [word] if word else list(spot.choices[:1])
    if not value:
        return []
    return [part for part in str(value).split(SEPARATOR) if part]


def _word(value: bool, one: FieldMap | None) -> str:
    """Return the CRM's word for yes or no, as the map gives it; empty where it gives none."""
    ours = "true" if value else "false"
    return next((word for word, said in (one.values if one is not None else {}).items() if said == ours), "")
