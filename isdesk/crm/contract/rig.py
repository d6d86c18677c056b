"""What an adapter's tests give to the contract suite: a CRM that a case may look into and disturb."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from isdesk.crm.port import Adapter, Thing
from isdesk.domain.changes import Value


class Broken(AssertionError):
    """An adapter does not keep the contract."""


class Absent(Exception):
    """This CRM has no such thing, so that the case says nothing about it."""


class Rig(Protocol):
    """A CRM for the suite to play with. Ids are the CRM's; field codes and values are ours.

    ``connect()`` gives a fresh adapter of the first rep (``user``: ``"sato"`` | ``"ito"``). Methods that this CRM has
    no use for raise `Absent`.
    """

    def connect(self, user: str = "sato") -> Adapter:
        """Return an adapter with a connection of its own."""
        ...

    def make(self, obj: Thing, fields: Mapping[str, Value], *, owner: str = "sato") -> str:
        """Make a record in the CRM as a person there would; returns its id."""
        ...

    def make_many(self, count: int, *, same_stamp: bool = True) -> Sequence[str]:
        """Make that many leads of the first rep at once, by one stamp of the CRM's clock where it has stamps."""
        ...

    def edit(self, obj: Thing, record_id: str, fields: Mapping[str, Value]) -> None:
        """Change a record in the CRM as a person there would."""
        ...

    def give(self, record_id: str, owner: str) -> None:
        """Give a lead to another rep."""
        ...

    def delete(self, obj: Thing, record_id: str) -> None:
        """Remove a record in the CRM."""
        ...

    def merge(self, loser: str, winner: str) -> None:
        """Merge two leads in the CRM."""
        ...

    def late_commit(self, fields: Mapping[str, Value]) -> Callable[[], str]:
        """Begin a transaction that makes a lead, stamped now; the function returned commits it and gives the id."""
        ...

    def fields(self, obj: Thing, record_id: str) -> Mapping[str, Value]:
        """Return a record as it stands in the CRM, in our codes."""
        ...

    def activities(self, lead_id: str) -> Sequence[str]:
        """Return the keys (our touch ids) of the activities that the CRM holds for a lead, each as often as it is."""
        ...

    def opportunities(self, lead_id: str) -> int:
        """Return how many opportunities (deals, handoff records) the CRM holds for a lead."""
        ...

    def fail(self, kind: str, *, on: str = "write", count: int = 1, retry_after: float | None = None) -> None:
        """Let the next requests fail: ``lost_before`` | ``lost_after`` | ``timeout_after`` | ``truncated`` | ``html`` |
        ``html_after`` | ``busy`` (429) | ``error_after`` (5xx after commit) | ``error`` (5xx, not done) | ``partial``
        (one item of a batch fails) | ``expire`` (the token ends) | ``locked`` (409, 412 or the vendor's lock) |
        ``redirect`` (to another host).

        ``timeout_after``: the answer comes later than the adapter of `connect` waits.
        ``on``: ``write`` | ``read`` | ``any``.
        """  # fmt: skip
        ...

    def spoil(self, what: str, code: str, value: str = "") -> None:
        """Change the CRM's schema: ``field_removed`` | ``choice_removed`` (``value``) | ``field_required``."""
        ...

    def move(self, seconds: float) -> None:
        """Let that much time pass on the CRM's clock."""
        ...


class Extra(Protocol):
    """What a rig may offer beside `Rig`; a method that it has not makes the cases that ask for it absent."""

    def tasks(self, lead_id: str) -> Sequence[str]:
        """Return the days or instants (RFC 3339, as the CRM keeps them) of the lead's open next tasks."""
        ...

    def close_opportunity(self, lead_id: str, *, won: bool, amount: int | None = None, reason: str = "") -> None:
        """Close the lead's opportunity in the CRM, as Field Sales would."""
        ...

    def secrets(self) -> Sequence[str]:
        """Return every key, token and password that the adapter holds now."""
        ...

    def refusable(self) -> Mapping[str, Value]:
        """Return fields of a new lead that the CRM will never take; else a name of a million letters is tried."""
        ...

    def choice(self) -> tuple[str, str]:
        """Return a field of a lead that holds one of several choices, and one of its words, both ours."""
        ...

    def set_ahead(self, seconds: float) -> None:
        """Let the CRM's clock run so far ahead of the desk's from now on."""
        ...

    def titles(self, lead_id: str) -> Sequence[str]:
        """Return the subjects (the first line, where there is none) of the lead's activities, newest last."""
        ...


def extra(rig: Rig) -> Extra:
    """Return the rig with what it may offer beside; what it has not raises `Absent` when it is called."""
    return cast("Extra", _Offered(rig))


class _Offered:
    def __init__(self, rig: Rig) -> None:
        self._rig = rig

    def __getattr__(self, name: str) -> object:
        found = getattr(self._rig, name, None)
        if found is None:
            raise Absent(f"the rig has no {name}")
        return found


@dataclass(frozen=True, slots=True)
class Case:
    """One case of the suite. ``slow``: takes seconds, for it needs very many records."""

    name: str
    run: Callable[[Rig], None]
    slow: bool = False

    @property
    def says(self) -> str:
        """Return in a line what has to hold."""
        return (self.run.__doc__ or self.name).strip().splitlines()[0]


CASES: list[Case] = []
"""Every case, in the order of the modules."""


def case(check: Callable[[Rig], None]) -> Callable[[Rig], None]:
    """Add a function to the suite under its own name."""
    CASES.append(Case(check.__name__, check))
    return check


def long_case(check: Callable[[Rig], None]) -> Callable[[Rig], None]:
    """Add a function that takes its time to the suite."""
    CASES.append(Case(check.__name__, check, slow=True))
    return check


def need(holds: object, what: str) -> None:
    """Raise `Broken` with ``what`` unless it holds."""
    if not holds:
        raise Broken(what)
