"""Who is in the team.

An API token may not ask cybozu.com for its users, so the team is put together from what it may read: an app of the
staff where there is one; the people that the map names; the users preset in the owner's field, or its choices; and
whoever owns a lead or made a call lately.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from isdesk.crm.kintone import queries
from isdesk.crm.kintone.api import READ
from isdesk.crm.kintone.form import CHOICES
from isdesk.crm.kintone.site import LEAD, MEMBER, TOUCH, Site
from isdesk.crm.kintone.values import inward, plain
from isdesk.crm.port import Person, Row
from isdesk.crm.writing import seal
from isdesk.domain.errors import BadInput
from isdesk.domain.ids import MemberId

ROLES: Final = frozenset({"rep", "team_lead", "fs", "admin"})
ADMINISTRATOR: Final = "Administrator"
"""As whom kintone shows what an API token wrote; nobody of the team."""


def team(site: Site) -> list[Person]:
    """Return the people of the team, each once, ourselves among them."""
    names: dict[str, str] = {}
    persons = {one.id: one for one in _staff(site)} if site.has(MEMBER) else {}
    people = site.mapping.option(MEMBER, "people", {})
    for code, name in [*_told(people), *_seen(site, LEAD, "owner_id"), *_seen(site, TOUCH, "member_id")]:
        if code != ADMINISTRATOR:
            names[code] = names[code] if names.get(code, code) != code else name
    for code, name in names.items():
        persons.setdefault(MemberId(code), _person(site, code, name))
    persons.setdefault(MemberId(site.user), me(site, names.get(site.user, "")))
    return list(persons.values())


def me(site: Site, name: str = "") -> Person:
    """Return ourselves: whoever the option ``user`` names. Raises BadInput where it names nobody."""
    if not site.user:
        raise BadInput("kintone_user_needed")
    own = site.place.me
    found = _person(site, site.user, name or own.name)
    role = found.role if _role(site, site.user) is not None else own.role
    return Person(found.id, found.name, role, own.email)


def rows(people: Iterable[Person]) -> list[Row]:
    """Return people as rows of the stream of members."""
    made = []
    for one in people:
        fields = {code: value for code, value in asdict(one).items() if code != "id"}
        made.append(Row(one.id, digest(fields), fields))
    return made


def digest(fields: Mapping[str, Any]) -> str:
    """Return a version of fields that kintone gives none for."""
    return hashlib.sha256(seal(fields).encode()).hexdigest()[:16]


def _told(people: Any) -> Iterator[tuple[str, str]]:
    for code, name in people.items() if isinstance(people, dict) else ():
        yield str(code), str(name)


def _person(site: Site, code: str, name: str) -> Person:
    mail = code if "@" in code else ""
    return Person(MemberId(code), name or code, _role(site, code) or "rep", mail)


def _role(site: Site, code: str) -> str | None:
    """Return the role that the map gives somebody: ``team_lead = ["mori"]``."""
    options = site.mapping.of(MEMBER).options
    return next((role for role in ROLES if code in (options.get(role) or ())), None)


def _staff(site: Site) -> Iterator[Person]:
    of = site.mapping.of(MEMBER)
    for record in site.api.each(site.app(MEMBER), "", site.wanted(MEMBER)):
        said = inward(of, plain(record))
        code, role = str(said.get("id") or ""), str(said.get("role") or "rep")
        if code:
            name = str(said.get("name") or code)
            yield Person(MemberId(code), name, role if role in ROLES else "rep", str(said.get("email") or ""))


def _seen(site: Site, table: str, code: str) -> Iterator[tuple[str, str]]:
    """Yield login name and name of those that a field presets or offers, and of those in the newest records."""
    field = site.mapping.of(table).fields.get(code)
    if field is None or not site.has(table):
        return
    spot = site.form(table).spots.get(field.remote[0])
    if spot is None:
        return
    if spot.type in CHOICES:
        yield from ((one, one) for one in spot.choices)
        return
    yield from ((one, one) for one in spot.users)
    if spot.type == "USER_SELECT":
        query = f"order by {site.updated(table)} desc limit {READ}"
        for record in site.api.records(site.app(table), query, [spot.code]):
            for user in record.get(spot.code, {}).get("value") or ():
                yield str(user.get("code", "")), str(user.get("name") or user.get("code", ""))


def mine(site: Site) -> str:
    """Return the condition that a lead is ours; empty where the map names no owner."""
    owner = site.of(LEAD).fields.get("owner_id")
    return queries.within(owner.remote[0], [site.user]) if owner is not None else ""
