"""Which column goes where: a proposal from the headers and from what stands under them, with how sure it is.

Order of trust: what was chosen for this source the last time, a header that is known, a header much like a known one,
then the look of the values alone (mail addresses, numbers, prefectures …). A person confirms it in the window.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from isdesk.domain.fields import Field
from isdesk.files.phones import is_mobile, to_e164
from isdesk.files.places import prefecture_of
from isdesk.files.targets import (
    ANY_PHONE,
    FAMILY,
    FAMILY_KANA,
    GIVEN,
    GIVEN_KANA,
    KNOWN,
    OWNER,
    Target,
    header_key,
    targets,
)

_SURE, _REMEMBERED, _LIKE, _VALUES = 0.98, 1.0, 0.75, 0.6
_LIKE_FROM = 84
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"(?:https?://|www\.)\S+")
_COMPANY = re.compile(r"株式会社|有限会社|合同会社|\(株\)|㈱|\(有\)|法人|inc\.?$|co\.,?\s*ltd|corp", re.IGNORECASE)
_KANA = re.compile(r"[ァ-ヶー・\s]+")
_DIGITS13 = re.compile(r"\d{13}")
_NAMES_A_KEY = re.compile(r"(?:id|guid|key|code|キー|コード|識別子)$")
_WORD = re.compile(r"[a-z]+")
_BESIDE_NUMBERS = frozenset(
    {"tel", "fax", "phone", "mobile", "cell", "direct", "main", "ext", "t", "f", "m", "x", "or"}
)
_ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class Column:
    """Where one column goes: ``target`` None leaves it out. ``confidence`` is 0 to 1.

    ``why``: ``remembered`` | ``header`` | ``like`` | ``values`` | ``chosen`` | ``none``.
    """

    index: int
    header: str
    target: str | None
    confidence: float = 0.0
    why: str = "none"


@dataclass(frozen=True, slots=True)
class Columns:
    """A mapping of all columns of a list."""

    columns: tuple[Column, ...]

    def of(self, target: str) -> Column | None:
        """Return the column that goes to ``target``, if one does."""
        return next((c for c in self.columns if c.target == target), None)

    def choose(self, index: int, target: str | None) -> Columns:
        """Return the mapping with one column sent elsewhere; another column that went there is left out."""
        changed = []
        for column in self.columns:
            if column.index == index:
                changed.append(replace(column, target=target, confidence=1.0, why="chosen"))
            elif target is not None and column.target == target:
                changed.append(replace(column, target=None, confidence=0.0, why="none"))
            else:
                changed.append(column)
        return Columns(tuple(changed))

    def by_header(self) -> dict[str, str | None]:
        """Return target by header: the form in which a mapping is remembered and written to a file."""
        return {c.header: c.target for c in self.columns}


def propose(
    headers: Sequence[str],
    samples: Sequence[Sequence[str]],
    *,
    remembered: Mapping[str, str | None] | None = None,
    extra: Iterable[Field] = (),
    members: Iterable[str] = (),
) -> Columns:
    """Return a proposal for all columns.

    ``remembered`` is target by header from the last import of this source, ``extra`` the playbook's own fields,
    ``members`` the names of the team (a column 担当 that holds them is the owner's, otherwise the contact's).
    """
    places = targets(extra)
    values = [[row[i] for row in samples if i < len(row) and row[i].strip()][:50] for i in range(len(headers))]
    offers: list[tuple[float, int, str, str]] = []
    for index, header in enumerate(headers):
        offers += [
            (confidence, index, target, why)
            for target, confidence, why in _offers(header, values[index], places, remembered or {}, frozenset(members))
            if target in places
        ]
    chosen = _settle(offers, {h: t for h, t in (remembered or {}).items() if t is None}, headers)
    return Columns(tuple(chosen.get(i, Column(i, h, None)) for i, h in enumerate(headers)))


def from_headers(headers: Sequence[str], chosen: Mapping[str, str | None], extra: Iterable[Field] = ()) -> Columns:
    """Return the mapping that a person wrote down as target by header; unknown targets are left out."""
    places = targets(extra)
    columns = []
    for index, header in enumerate(headers):
        target = chosen.get(header)
        ok = target is not None and target in places
        columns.append(Column(index, header, target if ok else None, 1.0 if ok else 0.0, "chosen" if ok else "none"))
    return Columns(tuple(columns))


def _settle(
    offers: list[tuple[float, int, str, str]], left_out: Mapping[str, None], headers: Sequence[str]
) -> dict[int, Column]:
    """Give each target to the column that is surest of it, each column one target."""
    chosen: dict[int, Column] = {}
    taken: set[str] = set()
    for confidence, index, target, why in sorted(offers, key=lambda o: (-o[0], o[1], o[2])):
        if index in chosen or target in taken or (headers[index] in left_out and why != "remembered"):
            continue
        if _clashes(target, taken):
            continue
        chosen[index] = Column(index, headers[index], target, round(confidence, 2), why)
        taken.add(target)
    return chosen


_PARTS = {
    "lead.name": (FAMILY, GIVEN),
    "lead.name_kana": (FAMILY_KANA, GIVEN_KANA),
}


def _clashes(target: str, taken: set[str]) -> bool:
    """True where the whole name and its parts would both be filled."""
    return any(target in parts and whole in taken for whole, parts in _PARTS.items())


def _offers(
    header: str,
    values: list[str],
    places: Mapping[str, Target],
    remembered: Mapping[str, str | None],
    members: frozenset[str],
) -> list[tuple[str, float, str]]:
    """Return (target, confidence, why) for one column."""
    kept = remembered.get(header)
    if kept is not None:
        return [(kept, _REMEMBERED, "remembered")]
    key = header_key(header)
    found: list[tuple[str, float, str]] = []
    exact = KNOWN.get(key) or _by_label(key, places) or KNOWN.get(_without_number(key))
    if exact is not None:
        found.append((_refined(exact, values, members), _fits(exact, values, _SURE), "header"))
        if exact in (ANY_PHONE, "company.phone"):
            found += [(other, 0.7, "header") for other in ("company.phone", "lead.phone_direct", "lead.phone_mobile")]
    elif len(key) >= 2 and not header.startswith("#"):
        like = process.extractOne(key, KNOWN.keys(), scorer=fuzz.ratio, score_cutoff=_LIKE_FROM)
        if like is not None:
            target = KNOWN[like[0]]
            found.append((target, _fits(target, values, _LIKE * like[1] / 100), "like"))
    if not _NAMES_A_KEY.search(key):  # keys of another program look like anything, a number of a telephone among it
        found += [(target, confidence, "values") for target, confidence in _by_values(values)]
    return found


def _by_label(key: str, places: Mapping[str, Target]) -> str | None:
    for code, place in places.items():
        if key in (header_key(place.ja), header_key(place.en), header_key(code.partition(".")[2])):
            return code
    return None


def _without_number(key: str) -> str:
    return key.rstrip("0123456789")


def _refined(target: str, values: list[str], members: frozenset[str]) -> str:
    """Move a header that can mean two things to the one its values show."""
    if target == OWNER and members and values and not any(v.strip() in members for v in values):
        return "lead.name"
    if target == ANY_PHONE and values:
        numbers = [n for n in (to_e164(v) for v in values) if n is not None]
        if numbers and all(map(is_mobile, numbers)):
            return "lead.phone_mobile"
    return target


_LOOKS: dict[str, Callable[[str], object]] = {
    "lead.email": _MAIL.search,
    "company.corporate_number": lambda v: _DIGITS13.search(v.replace("-", "")),
    ANY_PHONE: to_e164,
    "company.phone": to_e164,
    "lead.phone_direct": to_e164,
    "lead.phone_mobile": to_e164,
}


def _fits(target: str, values: list[str], confidence: float) -> float:
    """Lower the confidence where the values cannot be what the header says."""
    look = _LOOKS.get(target)
    if look is None or not values:
        return confidence
    share = sum(1 for v in values if look(unicodedata.normalize("NFKC", v))) / len(values)
    return confidence if share >= _ENOUGH else confidence * (0.5 + share / 2)


def _other_letters(text: str) -> bool:
    """Return whether a text holds words that stand beside no telephone number: digits in them are something else's."""
    return not _BESIDE_NUMBERS.issuperset(_WORD.findall(text.casefold()))


def _by_values(values: list[str]) -> list[tuple[str, float]]:
    """Return what the values look like, whatever stands above them."""
    if not values:
        return []
    texts = [unicodedata.normalize("NFKC", v).strip() for v in values]

    def share(test: Callable[[str], object]) -> float:
        return sum(1 for t in texts if test(t)) / len(texts)

    found: list[tuple[str, float]] = []
    numbers = [n for n in (to_e164(t) for t in texts if not _other_letters(t)) if n is not None]
    looks = (
        ("lead.email", share(_MAIL.fullmatch)),
        ("company.corporate_number", share(_DIGITS13.fullmatch)),
        ("lead.phone_mobile" if numbers and all(map(is_mobile, numbers)) else ANY_PHONE, len(numbers) / len(texts)),
        ("company.prefecture", share(lambda t: prefecture_of(t) is not None and len(t) <= 4)),
        ("company.address", share(lambda t: prefecture_of(t) is not None and len(t) > 6)),
        ("company.name", share(_COMPANY.search)),
        ("company.website", share(_URL.match)),
        ("lead.name_kana", share(lambda t: _KANA.fullmatch(t) and len(t) > 2) * 0.8),
    )
    for target, amount in looks:
        if amount >= _ENOUGH:
            found.append((target, _VALUES * amount))
    return found
