"""The form of an app as kintone describes it: field codes, types, what is required, unique, and the choices.

Field codes are chosen by each app's owner and can be renamed, so what kintone itself fills (更新日時, レコード番号) is
found by its type. Source: cybozu.dev, "フィールドを取得する" (``/k/v1/app/form/fields.json``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from isdesk.crm.port import FieldInfo
from isdesk.domain.fields import Kind

UPDATED: Final = "UPDATED_TIME"
CREATED: Final = "CREATED_TIME"
CREATOR: Final = "CREATOR"
CHOICES: Final = frozenset({"DROP_DOWN", "RADIO_BUTTON"})
SEVERAL: Final = frozenset({"CHECK_BOX", "MULTI_SELECT"})
TIMES: Final = frozenset({"DATE", "DATETIME", "TIME"})
KEYS: Final = frozenset({"SINGLE_LINE_TEXT", "NUMBER"})
"""Types that can forbid duplicates and so serve as the key of an upsert."""
_KINDS: Final = {
    "SINGLE_LINE_TEXT": Kind.TEXT,
    "MULTI_LINE_TEXT": Kind.LONG_TEXT,
    "RICH_TEXT": Kind.LONG_TEXT,
    "NUMBER": Kind.INT,
    "CALC": Kind.TEXT,
    "DROP_DOWN": Kind.CHOICE,
    "RADIO_BUTTON": Kind.CHOICE,
    "CHECK_BOX": Kind.CHOICE,
    "MULTI_SELECT": Kind.CHOICE,
    "STATUS": Kind.CHOICE,
    "DATE": Kind.DATE,
    "TIME": Kind.TEXT,
    "DATETIME": Kind.DATETIME,
    "CREATED_TIME": Kind.DATETIME,
    "UPDATED_TIME": Kind.DATETIME,
    "LINK": Kind.URL,
    "USER_SELECT": Kind.MEMBER,
    "CREATOR": Kind.MEMBER,
    "MODIFIER": Kind.MEMBER,
    "RECORD_NUMBER": Kind.TEXT,
}
_WRITABLE: Final = frozenset(
    {"SINGLE_LINE_TEXT", "MULTI_LINE_TEXT", "RICH_TEXT", "NUMBER", "LINK", "USER_SELECT"} | CHOICES | SEVERAL | TIMES
)
_LINKS: Final = {"MAIL": Kind.MAIL, "CALL": Kind.PHONE}


@dataclass(frozen=True, slots=True)
class Spot:
    """One field of a form. ``longest``: characters, None where kintone sets no limit; ``users``: preset login names."""

    code: str
    label: str
    type: str
    required: bool = False
    unique: bool = False
    choices: tuple[str, ...] = ()
    longest: int | None = None
    copied: bool = False
    lookup: bool = False
    filled: bool = False
    protocol: str = ""
    users: tuple[str, ...] = ()

    @property
    def writable(self) -> bool:
        """Return whether a value may be sent: not for what kintone fills itself, nor for what a lookup copies."""
        return self.type in _WRITABLE and not self.copied

    @property
    def kind(self) -> Kind:
        """Return the kind of ours that this type is nearest to; one box to tick is a yes or no."""
        if self.type == "CHECK_BOX" and len(self.choices) == 1:
            return Kind.BOOL
        return _LINKS.get(self.protocol) or _KINDS.get(self.type, Kind.TEXT)

    def info(self) -> FieldInfo:
        """Return the field as `describe_remote` gives it."""
        choices = tuple((one, one) for one in self.choices)
        must = self.required and not self.filled
        return FieldInfo(self.code, self.label, self.kind, must, self.writable, choices)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of an app by code. Tables (SUBTABLE) and what only decorates are left out: they are never written."""

    spots: Mapping[str, Spot] = field(default_factory=dict)

    def of_type(self, kind: str) -> str:
        """Return the code of the only field of a type that every app has once; empty where it is not visible."""
        return next((one.code for one in self.spots.values() if one.type == kind), "")

    def label(self, code: str) -> str:
        """Return the Japanese label of a field, its code where it is not there."""
        spot = self.spots.get(code)
        return spot.label if spot is not None and spot.label else code


def read(properties: Mapping[str, Any]) -> Form:
    """Return the form that kintone's ``properties`` describe."""
    copied = set(_copied(properties))
    spots = {
        code: _spot(code, one, copied=code in copied)
        for code, one in properties.items()
        if isinstance(one, dict) and (one.get("type") in _KINDS) and one.get("enabled", True)
    }
    return Form(spots)


def _copied(properties: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields that a lookup fills; kintone ignores values sent for them."""
    for one in properties.values():
        lookup = one.get("lookup") if isinstance(one, dict) else None
        for pair in (lookup or {}).get("fieldMappings", ()):
            yield str(pair.get("field", ""))


def _spot(code: str, one: Mapping[str, Any], *, copied: bool) -> Spot:
    options = one.get("options")
    listed = options.items() if isinstance(options, dict) else ()
    choices = sorted(listed, key=lambda item: int(item[1].get("index", 0) or 0))
    longest = str(one.get("maxLength") or "")
    return Spot(
        code=code,
        label=str(one.get("label") or code),
        type=str(one["type"]),
        required=_yes(one.get("required")),
        unique=_yes(one.get("unique")),
        choices=tuple(name for name, _ in choices),
        longest=int(longest) if longest.isdigit() else None,
        copied=copied or bool(one.get("expression")),
        lookup=bool(one.get("lookup")),
        filled=bool(one.get("defaultValue")) or _yes(one.get("defaultNowValue")),
        protocol=str(one.get("protocol") or ""),
        users=tuple(str(u.get("code", "")) for u in one.get("entities") or () if u.get("type") == "USER"),
    )


def _yes(said: object) -> bool:
    """Return a truth that kintone writes as a boolean or as text."""
    return said is True or said == "true"
