"""Connecting a CRM: what is asked of a person, and what the CRM turned out to be.

Nothing here is stored; `Desk.connect` stores a connection, its secret and its map when all of it was found good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import Any, Final, cast

from isdesk.crm import registry
from isdesk.crm.mapping import FieldMapping
from isdesk.crm.port import Adapter, FieldInfo, Finding, Scope, Surveyor, Thing
from isdesk.domain.errors import BadInput, CrmError
from isdesk.domain.member import Member
from isdesk.services import field_map

OK, WARN, STOP = "ok", "warn", "stop"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that a CRM asks for: ``code`` is ``url`` | ``user`` | ``secret`` or an option's name."""

    code: str
    needed: bool = True
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked to connect to a CRM. ``browser``: signing in goes through the person's browser, which comes back to
    ``callback`` on this machine.
    """  # fmt: skip

    kind: str
    asks: tuple[Ask, ...]
    browser: bool = False
    callback: str = ""


FORMS: Final[Mapping[str, Form]] = {
    one.kind: one
    for one in (
        Form(
            "salesforce",
            (Ask("url"), Ask("client_id"), Ask("secret", needed=False, hidden=True)),
            browser=True,
            callback="http://localhost:17317/isdesk",
        ),
        Form("hubspot", (Ask("secret", hidden=True), Ask("user", needed=False))),
        Form(
            "kintone",
            (
                Ask("url"),
                Ask("secret", hidden=True),
                Ask("user"),
                Ask("lead_app"),
                Ask("call_app"),
                Ask("company_app", needed=False),
                Ask("deal_app", needed=False),
                Ask("task_app", needed=False),
            ),
        ),
        Form("odoo", (Ask("url"), Ask("database", needed=False), Ask("secret", hidden=True))),
        Form("filedrop", (Ask("url"),)),
        Form("sqlhub", (Ask("url"), Ask("user"), Ask("secret", needed=False, hidden=True))),
    )
}
"""The CRMs that the window offers, in its order; a third party's is connected from the command line."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What a connection turned out to be. ``mapping`` is the field map in force, None where the CRM needs none.

    ``remote`` and ``samples`` are the CRM's own fields and newest records by kind of record; ``estimates`` how many
    leads are in scope (None: the CRM does not say).
    """

    kind: str
    me: Member
    capabilities: Mapping[str, object]
    findings: tuple[Finding, ...] = ()
    mapping: FieldMapping | None = None
    remote: Mapping[Thing, tuple[FieldInfo, ...]] = field(default_factory=dict)
    samples: Mapping[Thing, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    estimates: Mapping[Scope, int | None] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Return whether nothing that was found forbids the connection."""
        return all(one.level != STOP for one in self.findings)


def speaks() -> tuple[str, ...]:
    """Return the names of the CRMs that this program speaks to."""
    return registry.names()


def sign_in(
    kind: str,
    url: str,
    options: Mapping[str, str],
    now: Callable[[], datetime],
    open_browser: Callable[[str], object],
    cancelled: Callable[[], bool],
) -> str:
    """Let a person sign in to a CRM with their browser; return the secret of it.

    Raises BadInput (``adapter_no_browser`` where the CRM has no such way), CrmError.
    """
    from isdesk.crm import oauth

    form = FORMS.get(kind)
    if form is None or not form.browser:
        raise BadInput("adapter_no_browser", adapter=kind)
    provider = import_module(f"isdesk.crm.{kind}").PROVIDER
    client_id = options.get("client_id", "")
    tokens = oauth.login(provider, url, client_id, open_browser=open_browser, now=now, cancelled=cancelled)
    return tokens.text()


def survey(
    adapter: Adapter, kind: str, text: str | None, *, write: bool = True, progress: Progress | None = None
) -> Survey:
    """Ask a CRM who we are, what works, which fields it has and how much there is. It may take a while.

    ``text`` is the field map (TOML), None for the one shipped. ``write``: make, read and remove a test activity too.
    Raises CrmError where it cannot be reached or does not let us in; what fails later is a finding.
    """
    tell = progress or (lambda _what, _done, _total: None)
    steps = 3 + 2 * len(field_map.MAPPED)
    tell("hello", 0, steps)
    hello = adapter.hello()
    me = Member(hello.me.id, hello.me.name, hello.me.role, hello.me.email, hello.me.active)
    map_ = field_map.read_map(text, kind)
    findings: list[Finding] = []
    remote: dict[Thing, tuple[FieldInfo, ...]] = {}
    samples: dict[Thing, tuple[Mapping[str, str], ...]] = {}
    estimates: dict[Scope, int | None] = {}
    surveyor = surveyor_of(adapter)
    if surveyor is not None:
        tell("check", 1, steps)
        findings += _tried(findings, lambda: tuple(surveyor.check(write=write)), ())
        for place, thing in enumerate(field_map.mapped(map_)):
            tell("fields", 2 + 2 * place, steps)
            remote[thing] = _tried(findings, partial(_several, surveyor.describe_remote, thing), ())
            tell("samples", 3 + 2 * place, steps)
            samples[thing] = _tried(findings, partial(_several, surveyor.samples, thing), ())
        tell("estimate", steps - 1, steps)
        estimates = {scope: _tried(findings, partial(surveyor.estimate, Thing.LEAD, scope), None) for scope in Scope}
    tell("done", steps, steps)
    able = capabilities_of(adapter)
    found = tuple(_unique([*findings, *_promises(able)]))
    return Survey(kind, me, able, found, map_, remote, samples, estimates)


def _tried(findings: list[Finding], ask: Callable[[], Any], empty: Any) -> Any:
    try:
        return ask()
    except CrmError as error:
        findings.append(Finding(WARN, error.code, {k: str(v) for k, v in error.params.items()}))
        return empty


def _several(ask: Callable[[Thing], Sequence[Any]], thing: Thing) -> tuple[Any, ...]:
    return tuple(ask(thing))


def _unique(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield findings once, what stops first, then what warns."""
    rank = {STOP: 0, WARN: 1, OK: 2}
    seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    for one in sorted(findings, key=lambda found: rank.get(found.level, 1)):
        key = (one.code, tuple(one.params.items()))
        if key not in seen:
            seen.add(key)
            yield one


def _promises(able: Mapping[str, object]) -> Iterator[Finding]:
    """Yield what the capabilities mean for the one promise that matters most: nothing twice (SYNC E12)."""
    if able.get("upsert_key") == "per_object":
        yield Finding(OK, "promise_no_duplicates")
    elif able.get("probe_by_key") in {"strong", "lagged"}:
        yield Finding(WARN, "promise_asks_before_resending")
    else:
        yield Finding(WARN, "promise_none")


def surveyor_of(adapter: Adapter) -> Surveyor | None:
    """Return what an adapter can say while it is being connected, None where it says nothing (a hub)."""
    return cast("Surveyor", adapter) if callable(getattr(adapter, "describe_remote", None)) else None


def capabilities_of(adapter: Adapter) -> dict[str, object]:
    """Return an adapter's capabilities as plain values."""
    able = adapter.capabilities()
    return {name: _plain(getattr(able, name)) for name in able.__slots__}


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(str(one) for one in value)
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)
