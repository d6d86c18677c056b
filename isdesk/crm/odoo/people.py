"""Users, teams and whose leads come down."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from isdesk.crm.mapping import FieldMapping
from isdesk.crm.odoo.rpc import ARCHIVED_TOO, Refusal, Rpc
from isdesk.crm.port import Person, Row, Scope
from isdesk.domain.changes import Value
from isdesk.domain.ids import MemberId

_JAPANESE: Final = "ja_JP"


@dataclass(frozen=True, slots=True)
class Myself:
    """Who the key belongs to, in which language we ask, and which database this is."""

    person: Person
    lang: str
    epoch: str
    version: tuple[int, ...]


class People:
    """Knows who we are and who is there; asked once for each connection."""

    def __init__(self, rpc: Rpc, mapping: FieldMapping) -> None:
        self._rpc = rpc
        self._mapping = mapping
        self._me: Myself | None = None
        self._team: list[Any] | None = None

    def known(self) -> Myself:
        """Return who we are, as it was said once."""
        return self._me if self._me is not None else self.myself()

    def myself(self) -> Myself:
        """Ask who we are. Raises Auth where the key has ended."""
        context = self._rpc.read("res.users", "context_get")
        me = int(context["uid"])
        version = self._me.version if self._me is not None else self._rpc.version()
        if self._me is None:
            self._rpc.context["lang"] = self._lang(str(context.get("lang") or "en_US"))
        (user,) = self._rpc.read("res.users", "read", ids=[me], fields=["name", "login", "email"])
        leads = self._rpc.read("crm.team", "search", domain=[["user_id", "=", me]])
        role = "team_lead" if leads else "rep"
        person = Person(MemberId(str(me)), str(user["name"]), role, str(user["email"] or user["login"] or ""))
        self._me = Myself(person, str(self._rpc.context["lang"]), self._epoch(), version)
        self._team = None
        return self._me

    def _lang(self, own: str) -> str:
        """Return Japanese where it is installed, else the user's own language."""
        try:
            installed = self._rpc.asked("res.lang", "get_installed")
        except Refusal:
            return own
        return _JAPANESE if any(one[0] == _JAPANESE for one in installed) else own

    def _epoch(self) -> str:
        """Return what names this database: nobody but an administrator may read its own identifier, so the birth of its
        first company stands for it. A restored copy keeps it; what a copy has lost is found by asking for known keys.
        """
        if self._me is not None:
            return self._me.epoch
        found = self._rpc.read("res.company", "search_read", domain=[], fields=["create_date"], order="id", limit=1)
        said = "".join(f"{one['id']}/{one['create_date']}" for one in found)
        return hashlib.sha256(f"{self._rpc.origin}{said}".encode()).hexdigest()[:32]

    def everyone(self) -> list[Person]:
        """Return the users of this Odoo, former ones too."""
        users = self._rpc.read(
            "res.users", "search_read",
            domain=[["share", "=", False], ARCHIVED_TOO], fields=["name", "login", "email", "active"], order="id",
        )  # fmt: skip
        teams = self._rpc.read("crm.team", "search_read", domain=[], fields=["name", "user_id", "member_ids"])
        leads = {one["user_id"][0] for one in teams if one["user_id"]}
        fs = set(self._mapping.option("member", "fs_teams", []))
        field_sales = {number for one in teams if one["name"] in fs for number in one["member_ids"]}
        return [
            Person(
                MemberId(str(one["id"])),
                str(one["name"]),
                "team_lead" if one["id"] in leads else "fs" if one["id"] in field_sales else "rep",
                str(one["email"] or one["login"] or ""),
                bool(one["active"]),
            )
            for one in users
        ]

    def row(self, one: Person) -> Row:
        """Return a person as a row."""
        fields: dict[str, Value] = {"name": one.name, "role": one.role, "email": one.email, "active": one.active}
        version = hashlib.sha256(repr(sorted(fields.items())).encode()).hexdigest()[:16]
        return Row(one.id, version, fields)

    def domain(self, scope: Scope) -> list[Any]:
        """Return which leads are in scope."""
        own = list(self._mapping.option("lead", "domain", []))
        return [ARCHIVED_TOO, *own, *(self.team_domain() if scope is Scope.TEAM else [["user_id", "=", self._uid()]])]

    def team_domain(self) -> Sequence[Any]:
        """Return which leads are our teams': everybody's where we are in none."""
        if self._team is None:
            me = self._uid()
            teams = self._rpc.read(
                "crm.team", "search_read",
                domain=["|", ["user_id", "=", me], ["member_ids", "in", [me]]], fields=["member_ids"],
            )  # fmt: skip
            members = sorted({me, *(number for one in teams for number in one["member_ids"])})
            ids = [one["id"] for one in teams]
            self._team = ["|", ["team_id", "in", ids], ["user_id", "in", members]] if teams else []
        return self._team

    def _uid(self) -> int:
        return int(self.known().person.id)
