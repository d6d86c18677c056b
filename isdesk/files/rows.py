"""One line of a list made into the fields of a company and a lead, with what is wrong with it cell by cell.

A cell that cannot be used is left out and named; the rest of its row is taken in all the same. Values that stand in
many rows are worked out once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from isdesk.domain.changes import Value
from isdesk.domain.fields import Field, Kind, Merge
from isdesk.files.limits import DEFAULT, Limits
from isdesk.files.mapping import Columns
from isdesk.files.phones import found, is_mobile, to_e164
from isdesk.files.places import prefecture_of
from isdesk.files.reading import Row
from isdesk.files.targets import ANY_PHONE, FAMILY, FAMILY_KANA, GIVEN, GIVEN_KANA, Target, targets
from isdesk.files.texts import (
    corporate_number_of,
    count_of,
    date_of,
    instant_of,
    mail_of,
    month_of,
    tidy,
    tidy_kana,
    tidy_long,
    url_of,
    yes_or_no,
)

Read = tuple[Value, str | None]
"""A cell's value (None: nothing usable) and the code of what is wrong with it."""
Reader = Callable[[str], Read]
Fields = dict[str, Value]

_SHOWN = 60
_CACHE = 4096
_BLANKS = frozenset(
    {"-", "ー", "―", "－", "—", "なし", "無し", "n/a", "#n/a", "null", "none", "nan", "未設定", "不明", "."}
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: ``column`` is its header (empty: the whole row), ``value`` what stood there, cut.

    ``code`` is worded by the message catalogue.
    """

    row: int
    column: str
    code: str
    value: str = ""


@dataclass(slots=True)
class Parsed:
    """What one line says: fields of the company and of the lead, none of them empty."""

    row: int
    company: Fields
    lead: Fields
    problems: list[Problem] = field(default_factory=list)

    @property
    def usable(self) -> bool:
        """True where it names a company, a person or a way to reach one."""
        lead, company = self.lead, self.company
        return "name" in company or any(k in lead for k in ("name", "email", "phone_direct", "phone_mobile"))


class RowReader:
    """Reads the rows of one list by one mapping. Not for several threads at once."""

    def __init__(
        self,
        columns: Columns,
        *,
        members: Mapping[str, str] | None = None,
        extra: Iterable[Field] = (),
        limits: Limits = DEFAULT,
    ) -> None:
        self._members = {_squeezed(name): key for name, key in (members or {}).items()}
        self._limits = limits
        places = targets(extra)
        self._cells = [
            (c.index, c.header, c.target, _cached(self._reader(places[c.target])))
            for c in columns.columns
            if c.target is not None and c.target in places
        ]
        self._has_switchboard = columns.of("company.phone") is not None

    def read(self, row: Row) -> Parsed:
        """Return what the row says, and what in it could not be used."""
        company: Fields = {}
        lead: Fields = {}
        parts: Fields = {}
        problems: list[Problem] = []
        cells = row.cells
        spare: list[str] = []
        for index, header, target, reader in self._cells:
            text = cells[index]
            if not text:
                continue
            value, code = reader(text)
            if code is not None:
                problems.append(Problem(row.number, header, code, tidy(text[:400])[:_SHOWN]))
            if value is None:
                continue
            if type(value) is list:
                spare += [str(v) for v in value[1:]]
                value = str(value[0])
            room, _, name = target.partition(".")
            (company if room == "company" else lead if room == "lead" and target not in _PART_OF else parts)[
                name or room
            ] = value
        self._finish(company, lead, parts, spare)
        if row.extra:
            problems.append(Problem(row.number, "", "row_extra_cells"))
        parsed = Parsed(row.number, company, lead, problems)
        if not parsed.usable:
            problems.append(Problem(row.number, "", "row_names_nobody"))
        return parsed

    def _finish(self, company: Fields, lead: Fields, parts: Fields, spare: list[str]) -> None:
        """Put together what stood in several cells or belongs to a field without a column."""
        if parts:
            for whole, family, given in (
                ("name", "family_name", "given_name"),
                ("name_kana", "family_name_kana", "given_name_kana"),
            ):
                words = [str(parts[p]) for p in (family, given) if p in parts]
                if words and whole not in lead:
                    lead[whole] = " ".join(words)
            phone = parts.get(ANY_PHONE)
            if phone is not None:
                self._place_phone(company, lead, str(phone))
        for number in spare:
            if number not in (lead.get("phone_direct"), lead.get("phone_mobile"), company.get("phone")):
                self._place_phone(company, lead, number)
        if "address" in company and "prefecture" not in company:
            prefecture = prefecture_of(str(company["address"]))
            if prefecture is not None:
                company["prefecture"] = prefecture
        timing = lead.get("adoption_timing")
        if isinstance(timing, str) and timing[:1].isdigit() and len(timing) == 10:
            del lead["adoption_timing"]
            lead.setdefault("adoption_at", timing)

    def _place_phone(self, company: Fields, lead: Fields, number: str) -> None:
        """Give a number of no stated kind its place: mobile, else switchboard, else direct."""
        if is_mobile(number):
            lead.setdefault("phone_mobile", number)
        elif self._has_switchboard or "phone" in company:
            lead.setdefault("phone_direct", number)
        else:
            company["phone"] = number

    def _reader(self, place: Target) -> Reader:
        """Return how a cell of this place is read."""
        known = place.field
        if known is None:
            return (
                _phone if place.code == ANY_PHONE else _kana if place.code in (FAMILY_KANA, GIVEN_KANA) else self._text
            )
        if known.kind is Kind.MEMBER:
            return self._member
        if known.kind is Kind.CHOICE:
            return _choice_reader(known)
        special = _BY_CODE.get(place.code) or (_restriction if known.merge is Merge.RESTRICT else None)
        return special or _BY_KIND.get(known.kind) or (self._long if known.kind is Kind.LONG_TEXT else self._text)

    def _text(self, text: str) -> Read:
        value = tidy(text)
        if not value or value.lower() in _BLANKS:
            return None, None
        if len(value) > self._limits.text:
            return value[: self._limits.text], "cell_cut"
        return value, None

    def _long(self, text: str) -> Read:
        value = tidy_long(text)
        if len(value) > self._limits.long_text:
            return value[: self._limits.long_text], "cell_cut"
        return value or None, None

    def _member(self, text: str) -> Read:
        key = _squeezed(text)
        if not key:
            return None, None
        member = self._members.get(key)
        return member, None if member is not None else "cell_member_unknown"


_PART_OF = frozenset({FAMILY, GIVEN, FAMILY_KANA, GIVEN_KANA})


def _cached(reader: Reader) -> Reader:
    """Return ``reader`` with a memory of its first values; an error in a rare value is found again, never wrongly."""
    memory: dict[str, Read] = {}

    def read(text: str) -> Read:
        known = memory.get(text)
        if known is None:
            known = reader(text) if not text.isspace() else (None, None)
            if len(memory) < _CACHE:
                memory[text] = known
        return known

    return read


def _squeezed(text: str) -> str:
    return "".join(tidy(text).lower().split())


def blank(text: str) -> bool:
    """True where a cell is empty or holds one of the marks that say so (－, なし, n/a)."""
    plain = tidy(text).lower()
    return not plain or plain in _BLANKS or not plain.strip("-")


def _phone(text: str) -> Read:
    """Read one number or, where the cell holds more, a list of them."""
    if len(text) < 17 and text.isascii():
        number = to_e164(text)
        if number is not None:
            return number, None
    numbers = found(text)
    if not numbers:
        return None, None if blank(text) else "cell_phone"
    return (numbers[0] if len(numbers) == 1 else list(numbers)), None


def _mail(text: str) -> Read:
    value = mail_of(text)
    return value, None if value is not None or blank(text) else "cell_mail"


def _url(text: str) -> Read:
    value = url_of(text)
    return value, None if value is not None or blank(text) else "cell_url"


def _kana(text: str) -> Read:
    return tidy_kana(text) or None, None


def _number(text: str) -> Read:
    value = count_of(text)
    return value, None if value is not None or blank(text) else "cell_number"


def _month(text: str) -> Read:
    value = month_of(text)
    return value, None if value is not None or blank(text) else "cell_month"


def _date(text: str) -> Read:
    value = date_of(text)
    if value is None:
        return None, None if blank(text) else "cell_date"
    return value.isoformat(), None


def _datetime(text: str) -> Read:
    value = instant_of(text)
    if value is None:
        return None, None if blank(text) else "cell_date"
    return value.isoformat(), None


def _bool(text: str) -> Read:
    value = yes_or_no(text)
    return value, None if value is not None or blank(text) else "cell_mark"


def _restriction(text: str) -> Read:
    """Read a do-not-call or opt-out mark: where it is unclear the stricter reading holds (DOMAIN 15)."""
    value = yes_or_no(text)
    if value is None and not blank(text):
        return True, "cell_mark_taken_as_yes"
    return True if value else None, None


def _corporate_number(text: str) -> Read:
    value = corporate_number_of(text)
    return value, None if value is not None or blank(text) else "cell_corporate_number"


def _prefecture(text: str) -> Read:
    value = prefecture_of(text)
    if value is None and not blank(text):
        return None, "cell_prefecture"
    return value, None


_TIMING_WORDS = (
    (
        "this_month",
        ("今月", "今すぐ", "すぐ", "至急", "即時", "1か月以内", "1か月", "immediately", "now", "asap", "thismonth"),
    ),
    ("3_months", ("3か月", "四半期", "3months", "within3months", "thisquarter")),
    ("6_months", ("半年", "6か月", "6months", "within6months")),
    ("1_year", ("1年", "年内", "12か月", "今期", "今年度", "来年", "1year", "withinayear", "12months")),
    ("undecided", ("未定", "検討中", "情報収集", "時期未定", "undecided", "unknown", "tbd")),
)


def _choice_key(text: str) -> str:
    plain = tidy(text).lower().replace(" ", "")
    for char in "ヶケカヵ箇ヵ":
        plain = plain.replace(char, "か")
    return plain.translate(str.maketrans("一三六", "136"))


def _choice_reader(known: Field) -> Reader:
    words = {_choice_key(w): code for code, ja, en in known.choices for w in (code, ja, en)}

    def read(text: str) -> Read:
        key = _choice_key(text)
        code = words.get(key)
        if code is None and known.code == "adoption_timing":
            code = next((c for c, starts in _TIMING_WORDS if key.startswith(starts)), None)
            day = date_of(text) if code is None else None
            if day is not None:
                return day.isoformat(), None
        if code is None and known.code == "confidence_rank":
            code = key[:1].upper() if key[:1].upper() in words else None
        if code is None:
            return None, None if blank(text) else "cell_choice"
        return code, None

    return read


_BY_KIND: dict[Kind, Reader] = {
    Kind.PHONE: _phone,
    Kind.MAIL: _mail,
    Kind.URL: _url,
    Kind.INT: _number,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.BOOL: _bool,
    Kind.CORPORATE_NUMBER: _corporate_number,
}
_BY_CODE: dict[str, Reader] = {
    "company.name_kana": _kana,
    "lead.name_kana": _kana,
    "company.prefecture": _prefecture,
    "lead.budget_month": _month,
}
