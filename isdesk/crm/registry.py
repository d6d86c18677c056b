"""Which adapters there are and how one is connected. An adapter's module is imported when it is used, not before.

Third parties ship theirs in a package with an entry point in the group ``isdesk.adapters``, whose name is the adapter's
and whose object is a `Connect`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final, Protocol, cast

from isdesk.crm.port import Adapter, Person
from isdesk.domain.errors import BadInput
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member

GROUP: Final = "isdesk.adapters"
ENVELOPE_SUFFIX: Final = ".key"
"""The envelope of an embedded hub stands beside it: ``hub.db`` and ``hub.db.key``."""

ONCE: Final = frozenset({"create", "join"})
"""Options that are acted upon when a connection is made, and not kept with it."""

_BUILT_IN: Final = {
    "filedrop": "isdesk.crm.filedrop:connect",
    "hubspot": "isdesk.crm.hubspot:connect",
    "kintone": "isdesk.crm.kintone:connect",
    "odoo": "isdesk.crm.odoo:connect",
    "salesforce": "isdesk.crm.salesforce:connect",
    "sqlhub": "isdesk.crm.registry:connect_sqlhub",
}


class Keep(Protocol):
    """Where an adapter keeps tokens that change (a rotating refresh token), sealed; `vault.Secrets` is one."""

    def get(self, name: str) -> str | None:
        """Return a secret, None where there is none. Raises VaultError."""
        ...

    def set(self, name: str, value: str | None) -> None:
        """Keep a secret durably before it returns; None forgets it. Raises VaultError."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """What surrounds a connection: the person at this desk, the clock, kept secrets, the team's field map.

    ``mapping`` is TOML text, None for the map that comes with the program. ``lock`` is a file beside which processes of
    this profile take turns when they renew a token.
    """

    me: Member
    now: Callable[[], datetime]
    keep: Keep | None = None
    mapping: str | None = None
    lock: Path | None = None


class Connect(Protocol):
    """Makes an adapter; ``secret`` is the key, token or password that the person gave."""

    def __call__(self, *, url: str, user: str, secret: str | None, options: Mapping[str, str], place: Place) -> Adapter:
        """Return the adapter; connecting may wait until it is first asked. Raises BadInput, CrmError or VaultError."""
        ...


def names() -> tuple[str, ...]:
    """Return the names of all adapters, those of other packages too."""
    return tuple(sorted({*_BUILT_IN, *(point.name for point in entry_points(group=GROUP))}))


def connect(
    kind: str,
    *,
    url: str,
    user: str,
    secret: str | None = None,
    options: Mapping[str, str] | None = None,
    place: Place,
) -> Adapter:
    """Return the adapter of that name. Raises BadInput (``adapter_unknown``) where there is none."""
    return _find(kind)(url=url, user=user, secret=secret, options=options or {}, place=place)


def _find(kind: str) -> Connect:
    built_in = _BUILT_IN.get(kind)
    if built_in is not None:
        module, _, name = built_in.partition(":")
        return cast("Connect", getattr(import_module(module), name))
    for point in entry_points(group=GROUP):
        if point.name == kind:
            return cast("Connect", point.load())
    raise BadInput("adapter_unknown", adapter=kind)


def connect_sqlhub(*, url: str, user: str, secret: str | None, options: Mapping[str, str], place: Place) -> Adapter:
    """Return a SQL hub. ``secret`` is the password of a server, or the passphrase of an embedded hub's envelope.

    An embedded hub that never was is made, encrypted under a key of its own, with ``place.me`` as its first member. Two
    options say more when a connection is made (ONCE): ``create=yes`` makes a hub in a server's database that holds
    nothing else, ``join=yes`` adds somebody whom the hub does not know to the team (whoever may log in to the database
    may write to it anyway). ``create=no`` makes nothing: a hub that was known and cannot be found (a folder that is not
    mounted) is away, not new.
    """
    from isdesk.crm.sqlhub import SqlHub, link

    parsed = link.parse(url)
    name, me = options.get("name", "sqlhub"), place.me
    person = Person(MemberId(me.id), me.name, me.role, user if "@" in user else me.email)
    key: bytes | Callable[[], bytes] | None = None
    password: str | None = secret
    if parsed.get_backend_name() == "sqlite":
        from isdesk import vault

        path = Path(parsed.database or "").expanduser().absolute()
        envelope = path.with_name(path.name + ENVELOPE_SUFFIX)
        url, password = f"sqlite:///{path.as_posix()}", None
        gone = not path.exists() and not envelope.exists()
        new = gone and options.get("create") != "no"
        if new:
            path.parent.mkdir(parents=True, exist_ok=True)
            key = vault.create(envelope, secret)[0]
        else:
            key = cache(lambda: vault.unlock(envelope, secret)) if gone else vault.unlock(envelope, secret)
    else:
        new = options.get("create") == "yes" and link.is_empty(parsed, password)
    if new:
        return SqlHub.create(url, people=[person], user=me.id, key=key, password=password, name=name)
    hub = SqlHub(url, user=user, key=key, password=password, name=name)
    if options.get("join") == "yes":
        hub.join(person)
    return hub
