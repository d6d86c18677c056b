"""The three-way merge of one field, by its class (SYNC E4): nothing is lost unseen and no value is invented."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from isdesk.domain.changes import Value
from isdesk.domain.fields import Field, Kind, Merge
from isdesk.domain.normalise import digits, phone_digits


@dataclass(frozen=True, slots=True)
class Merged:
    """The value to hold; ``conflict``: both sides changed it differently and a person has to choose.

    In a conflict ``value`` is theirs (it is shown); mine is kept in the conflict and can be applied again.
    """

    value: Value
    conflict: bool = False


def three_way(merge: Merge, base: Value, mine: Value, theirs: Value, kind: Kind = Kind.TEXT) -> Merged:
    """Return how a field whose last common value is ``base`` is to be held now that both sides say something.

    RESTRICT takes the most restrictive; CRM takes theirs; SCRATCH takes mine where I changed it; HUMAN takes the one
    side that changed, and is a conflict where both did, differently. Values are compared in their normal form.
    """
    if merge is Merge.RESTRICT:
        return Merged(most_restrictive(mine, theirs))
    if merge is Merge.CRM:
        return Merged(theirs)
    mine_same, theirs_same = same(base, mine, kind), same(base, theirs, kind)
    if mine_same:
        return Merged(theirs)
    if theirs_same or merge is Merge.SCRATCH:
        return Merged(mine)
    if same(mine, theirs, kind):
        return Merged(theirs)
    return Merged(theirs, conflict=True)


def merge_field(spec: Field, base: Value, mine: Value, theirs: Value) -> Merged:
    """Return the three-way merge of a field by its own class and kind."""
    return three_way(spec.merge, base, mine, theirs, spec.kind)


def most_restrictive(mine: Value, theirs: Value) -> Value:
    """Return whichever forbids: a do-not-call or an opt-out of either side holds."""
    return mine if _forbids(mine) and not _forbids(theirs) else theirs


def _forbids(value: Value) -> bool:
    return value is not None and value is not False and value not in ("", 0)


def same(one: Value, other: Value, kind: Kind = Kind.TEXT) -> bool:
    """Return whether two values mean the same."""
    return normal(one, kind) == normal(other, kind)


def normal(value: Value, kind: Kind = Kind.TEXT) -> object:
    """Return a value in the form in which it is compared: NFC, trimmed, empty as nothing, a number by its digits."""
    if isinstance(value, str):
        return _normal_text(value, kind)
    if isinstance(value, list):
        return tuple(_normal_json(v) for v in value) or None
    if isinstance(value, dict):
        return _normal_json(value) or None
    if isinstance(value, bool):
        return value or None if kind is Kind.BOOL else value
    if isinstance(value, int | float) and kind in {Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE}:
        return str(value)
    return value


def _normal_text(value: str, kind: Kind) -> object:
    plain = unicodedata.normalize("NFC", value).replace("\r\n", "\n").strip()
    if not plain:
        return None
    if kind is Kind.PHONE:
        return phone_digits(plain) or plain
    if kind is Kind.CORPORATE_NUMBER:
        return digits(plain) or plain
    if kind is Kind.MAIL:
        return plain.casefold()
    return plain


def _normal_json(value: object) -> object:
    """Return JSON as a hashable value that does not depend on the order of keys; absent and empty are alike."""
    if isinstance(value, dict):
        return tuple(sorted((str(k), _normal_json(v)) for k, v in value.items() if v is not None))
    if isinstance(value, list):
        return tuple(_normal_json(v) for v in value)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip()
    return value
