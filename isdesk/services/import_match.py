"""Who the rows of a list are: companies and leads that are already here, repeats within the file, and new ones.

Everything is looked up in a few large questions to the database before the first row is decided, so that a hundred
thousand rows cost little more than one. A lead is recognised by mail, by a number of its own, or by name at its
company; a company by 法人番号 or by name without its legal form (DOMAIN 14).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from isdesk.domain.changes import Obj, Value
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Merge
from isdesk.domain.ids import CompanyId, LeadId
from isdesk.files.rows import Fields, Parsed
from isdesk.store import imports as store
from isdesk.store import leads
from isdesk.store.keys import company_key, fold

if TYPE_CHECKING:
    from isdesk.store import Tx

Facts = Mapping[str, Value]
_LOAD = 2000
_ROLES_TEXT = """
info contact sales support office mail admin soumu eigyo eigyou recruit otoiawase inquiry hello webmaster postmaster
jinji koho kouho pr marketing help customer service shop order web noreply no-reply keiri
"""
ROLES = frozenset(_ROLES_TEXT.split())
"""Local parts of addresses that several people read: such an address alone does not make two people one."""
_RESTRICT = {
    Obj.LEAD: frozenset(f.code for f in LEAD_FIELDS.values() if f.merge is Merge.RESTRICT),
    Obj.COMPANY: frozenset(f.code for f in COMPANY_FIELDS.values() if f.merge is Merge.RESTRICT),
}
_ARE_LEADS = ("phone_direct", "phone_mobile")


class Slot:
    """A company or lead of the plan: ``stored`` as it is here (empty for a new one), ``fields`` what the file adds."""

    __slots__ = ("_own", "company", "fields", "id", "key", "listed", "moved", "new", "obj", "row", "stored")

    def __init__(
        self, obj: Obj, row: int, key: str = "", stored_id: str | None = None, stored: Facts | None = None
    ) -> None:
        self.obj = obj
        self.row = row
        self.key = key
        """The folded name by which it is compared."""
        self.id = stored_id
        """None for a new one until it is written."""
        self.new = stored_id is None
        """It is not here yet."""
        self.stored: Facts = stored or {}
        self.fields: Fields = {}
        """What the file adds; the row's own fields until another row adds something too (see `take`)."""
        self._own = False
        self.company: Slot | None = None
        self.moved = False
        """It is here and gets another company."""
        self.listed = False

    def get(self, code: str) -> Value:
        """Return a field as it would stand after the import."""
        found = self.fields.get(code)
        return found if found is not None else self.stored.get(code)

    def take(self, given: Facts, *, overwrite: bool) -> bool:
        """Fill what is empty (with ``overwrite`` also what differs from what is here); True where anything changed.

        A restriction (do-not-call, opt-out) is only ever added (DOMAIN 15).
        """
        changed = False
        for code, value in given.items():
            now = self.fields.get(code)
            if now is None:
                now = self.stored.get(code)
            if now == value or value is None:
                continue
            if code in _RESTRICT[self.obj]:
                if value is not True:
                    continue
            elif now is not None and not (overwrite and code in self.stored and code not in self.fields):
                continue
            self._add(code, value)
            changed = True
        return changed

    def _add(self, code: str, value: Value) -> None:
        if not self._own:
            self.fields, self._own = dict(self.fields), True
        self.fields[code] = value


@dataclass(slots=True)
class Decision:
    """What one row came to. ``action`` as in `isdesk.services.import_plan.PreviewRow`."""

    row: int
    action: str
    lead: Slot | None
    by: str = ""
    of_row: int = 0


@dataclass(slots=True)
class Clash:
    """A row that shares a mail or number with somebody of another name; both are kept."""

    row: int
    by: str
    lead: Slot
    other: Slot


@dataclass(slots=True)
class Resolved:
    """All rows decided."""

    companies: list[Slot] = field(default_factory=list)
    leads: list[Slot] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    here: list[Slot] = field(default_factory=list)
    """Leads that were already here and that some row may mean."""


def resolve(
    tx: Tx,
    parsed: Sequence[Parsed],
    *,
    overwrite: bool = False,
    check: Callable[[int], None] | None = None,
) -> Resolved:
    """Decide every row against the database and the rows before it. ``check`` hears the count and may raise to stop."""
    matcher = _Matcher(tx, parsed, overwrite)
    for count, row in enumerate(parsed):
        if check is not None and count % 2000 == 0:
            check(count)
        matcher.decide(row)
    return matcher.out


def person(name: Value) -> str:
    """Return a person's name as it is compared."""
    return fold(name) if isinstance(name, str) else ""


class _Matcher:
    """The rows' companies and people, known and new, by everything they are recognised by."""

    def __init__(self, tx: Tx, parsed: Sequence[Parsed], overwrite: bool) -> None:
        self.out = Resolved()
        self._overwrite = overwrite
        self._keys: dict[str, str] = {}
        self._by_number: dict[str, Slot] = {}
        self._by_name: dict[str, list[Slot]] = {}
        self._by_mail: dict[str, Slot] = {}
        self._by_phone: dict[str, Slot] = {}
        self._people: dict[tuple[int, str], Slot] = {}
        self._first_of: dict[int, Slot] = {}
        self._company_by_id: dict[str, Slot] = {}
        self._lead_by_id: dict[str, Slot] = {}
        self._load_companies(tx, parsed)
        self._load_leads(tx, parsed)

    # ---------------------------------------------------------------------------------------- what is already here

    def _load_companies(self, tx: Tx, parsed: Sequence[Parsed]) -> None:
        numbers = {v for p in parsed if (v := p.company.get("corporate_number")) is not None}
        names = {v for p in parsed if (v := p.company.get("name")) is not None}
        self._keys = {str(name): company_key(str(name)) for name in names}
        by_number = store.known(tx, "corporate_number", Obj.COMPANY, map(str, numbers))
        by_name = store.known(tx, "company_name", Obj.COMPANY, self._keys.values())
        wanted = dict.fromkeys(key for keys in (*by_number.values(), *by_name.values()) for key in keys)
        facts = store.facts(tx, Obj.COMPANY, list(wanted))
        for key, stored in facts.items():
            self._company_by_id[key] = Slot(Obj.COMPANY, 0, "", key, stored)
        for number, keys in by_number.items():
            self._by_number[number] = self._company_by_id[keys[0]]
        for name, keys in by_name.items():
            slots = [self._company_by_id[k] for k in keys]
            self._by_name[name] = slots
            for slot in slots:
                slot.key = name

    def _load_leads(self, tx: Tx, parsed: Sequence[Parsed]) -> None:
        mails = {str(v) for p in parsed if (v := p.lead.get("email")) is not None}
        phones = {str(v) for p in parsed for code in _ARE_LEADS if (v := p.lead.get(code)) is not None}
        by_mail = store.known(tx, "mail", Obj.LEAD, mails)
        by_phone = store.known(tx, "phone", Obj.LEAD, phones)
        near = leads.of_companies(tx, map(CompanyId, self._company_by_id)) if self._company_by_id else []
        wanted = dict.fromkeys([*near, *(LeadId(k) for v in (*by_mail.values(), *by_phone.values()) for k in v)])
        self._take_in(tx, list(wanted))
        for found, index in ((by_mail, self._by_mail), (by_phone, self._by_phone)):
            for value, keys in found.items():
                if keys[0] in self._lead_by_id:
                    index[value] = self._lead_by_id[keys[0]]

    def _take_in(self, tx: Tx, ids: Sequence[LeadId]) -> None:
        for start in range(0, len(ids), _LOAD):
            for key, facts in leads.many(tx, ids[start : start + _LOAD]).items():
                slot = Slot(Obj.LEAD, 0, person(facts.get("name")), key, facts.fields)
                self._lead_by_id[key] = slot
                self.out.here.append(slot)
                if facts.company_id is None:
                    continue
                company = self._company_by_id.get(facts.company_id)
                if company is None:
                    stored = facts.company or {}
                    company = Slot(Obj.COMPANY, 0, company_key(str(stored.get("name") or "")), facts.company_id, stored)
                    self._company_by_id[facts.company_id] = company
                slot.company = company
                self._first_of.setdefault(id(company), slot)
                self._people.setdefault((id(company), slot.key), slot)

    # ------------------------------------------------------------------------------------------------- one row

    def decide(self, parsed: Parsed) -> None:
        """Decide one row."""
        if not parsed.usable:
            self.out.decisions.append(Decision(parsed.row, "skip", None))
            return
        company = self._known_company(parsed.company)
        given = parsed.lead
        key = person(given.get("name"))
        found, by, clash = self._lead_of(given, key, company)
        if found is None and company is not None and not given.keys() & _IDENTIFYING:
            found, by = self._first_of.get(id(company)), "company"
        if found is None:
            self._create(parsed, key, company, clash)
        else:
            self._repeat(parsed, found, by, company)

    def _create(self, parsed: Parsed, key: str, company: Slot | None, clash: tuple[str, Slot] | None) -> None:
        lead = Slot(Obj.LEAD, parsed.row, key)
        lead.fields = parsed.lead
        if company is not None:
            self._take(company, parsed.company)
        elif parsed.company:
            company = self._new_company(parsed)
        lead.company = company
        self.out.leads.append(lead)
        self.out.decisions.append(Decision(parsed.row, "create", lead))
        self._index(lead)
        if clash is not None:
            self.out.clashes.append(Clash(parsed.row, clash[0], lead, clash[1]))

    def _repeat(self, parsed: Parsed, found: Slot, by: str, company: Slot | None) -> None:
        """Lay a row over somebody who is here or stood in an earlier row."""
        touched = found.new or bool(found.fields)
        changed = found.take(parsed.lead, overwrite=self._overwrite)
        given = parsed.company
        nameless = "name" not in given and "corporate_number" not in given
        moved = False
        if found.company is None and given:
            found.company = company or self._new_company(parsed)
            moved = True
        elif given and (company is found.company or nameless) and found.company is not None:
            changed = self._take(found.company, given) or changed
        elif given and self._overwrite and not found.new:
            found.company = company or self._new_company(parsed)
            moved = True
        if moved and found.company is not None:
            found.moved = not found.new
            self._take(found.company, given)
        if not touched and (found.fields or moved) and not found.listed:
            self.out.leads.append(found)
            found.listed = True
        self._index(found)
        action = "update" if (changed or moved) and not found.new else "same"
        self.out.decisions.append(Decision(parsed.row, action, found, by, found.row))

    def _take(self, company: Slot, given: Facts) -> bool:
        """Lay a row's company over one that is known."""
        changed = company.take(_without_name(given, company), overwrite=self._overwrite)
        if changed and not company.new and not company.listed:
            self.out.companies.append(company)
            company.listed = True
        number = company.fields.get("corporate_number")
        if number is not None:
            self._by_number.setdefault(str(number), company)
        return changed

    # ------------------------------------------------------------------------------------------------- companies

    def _known_company(self, given: Facts) -> Slot | None:
        """Return the row's company where it is known by 法人番号 or name."""
        number, name = given.get("corporate_number"), given.get("name")
        if number is not None and (known := self._by_number.get(str(number))) is not None:
            return known
        return self._by_same_name(self._keys[str(name)], number, given) if name is not None else None

    def _by_same_name(self, key: str, number: Value, given: Facts) -> Slot | None:
        """Return the company of that name, of several the nearest; one of another 法人番号 is another company."""
        slots = self._by_name.get(key, ())
        fitting = [s for s in slots if number is None or s.get("corporate_number") in (None, number)]
        if len(fitting) < 2:
            return fitting[0] if fitting else None

        def shared(slot: Slot) -> int:
            return sum(1 for code in ("phone", "prefecture", "address", "website") if given.get(code) == slot.get(code))

        return max(fitting, key=shared)

    def _new_company(self, parsed: Parsed) -> Slot:
        name = parsed.company.get("name")
        key = self._keys[str(name)] if name is not None else ""
        slot = Slot(Obj.COMPANY, parsed.row, key)
        slot.fields = parsed.company
        self.out.companies.append(slot)
        if key:
            self._by_name.setdefault(key, []).append(slot)
        number = slot.fields.get("corporate_number")
        if number is not None:
            self._by_number[str(number)] = slot
        return slot

    # ------------------------------------------------------------------------------------------------- people

    def _lead_of(
        self, given: Facts, key: str, company: Slot | None
    ) -> tuple[Slot | None, str, tuple[str, Slot] | None]:
        """Return who this is, by what, and else with whom it clashes."""
        clash: tuple[str, Slot] | None = None
        mail = given.get("email")
        if mail is not None and (known := self._by_mail.get(str(mail))) is not None:
            if not _is_role(str(mail)) or _same_person(known, key, given):
                return known, "mail", None
            clash = ("shared_mail", known)
        for code in _ARE_LEADS:
            number = given.get(code)
            if number is not None and (known := self._by_phone.get(str(number))) is not None:
                if _same_person(known, key, given):
                    return known, "phone", None
                clash = clash or ("shared_phone", known)
        if company is not None and (key or not given.keys() & _IDENTIFYING):
            known = self._people.get((id(company), key))
            if known is not None:
                return known, "person" if key else "company", None
        return None, "", clash

    def _index(self, lead: Slot) -> None:
        mail = lead.get("email")
        if mail is not None:
            self._by_mail.setdefault(str(mail), lead)
        for code in _ARE_LEADS:
            number = lead.get(code)
            if number is not None:
                self._by_phone.setdefault(str(number), lead)
        if lead.company is not None:
            self._first_of.setdefault(id(lead.company), lead)
            self._people.setdefault((id(lead.company), lead.key), lead)


_IDENTIFYING = frozenset({"name", "email", "phone_direct", "phone_mobile"})


def _same_person(known: Slot, key: str, given: Facts) -> bool:
    """True where nothing speaks against two being one: the names agree, or one lacks, or the readings agree."""
    if not key or not known.key or key == known.key:
        return True
    kana, other = given.get("name_kana"), known.get("name_kana")
    return kana is not None and other is not None and person(kana) == person(other)


def _is_role(mail: str) -> bool:
    return mail.partition("@")[0] in ROLES


def _without_name(given: Facts, owner: Slot) -> Facts:
    """Leave the name of a company that was recognised by it alone: 株式会社青空 is not renamed to ㈱青空."""
    name = given.get("name")
    if name is None or owner.get("name") is None or company_key(str(name)) != owner.key:
        return given
    return {code: value for code, value in given.items() if code != "name"}
