"""The one contract suite that every adapter passes, importable by the packages of third parties.

An adapter's tests give a `Rig`: a way to connect and a CRM (real, or a stand-in behind a real wire) that a test may
look into and disturb. Each case is a function of a rig; what a CRM cannot do at all is passed over by name (`Absent`)::

    from isdesk.crm import contract


    @pytest.mark.parametrize("case", contract.CASES, ids=lambda case: case.name)
    def test_contract(case, my_rig):
        case.run(my_rig)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

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
        (one item of a batch fails) | ``expire`` (the token ends) | ``locked`` (409, 412 or the vendor's lock).

        ``on``: ``write`` | ``read`` | ``any``.
        """  # fmt: skip
        ...

    def spoil(self, what: str, code: str, value: str = "") -> None:
        """Change the CRM's schema: ``field_removed`` | ``choice_removed`` (``value``) | ``field_required``."""
        ...

    def move(self, seconds: float) -> None:
        """Let that much time pass on the CRM's clock."""
        ...


@dataclass(frozen=True, slots=True)
class Case:
    """One case of the suite."""

    name: str
    run: Callable[[Rig], None]


CASES: list[Case] = []
"""Every case, in the order of the module."""


def case(check: Callable[[Rig], None]) -> Callable[[Rig], None]:
    """Add a function to the suite under its own name."""
    CASES.append(Case(check.__name__, check))
    return check


def need(holds: object, what: str) -> None:
    """Raise `Broken` with ``what`` unless it holds."""
    if not holds:
        raise Broken(what)
