"""The rigs of all adapters by name, found when they are needed; and the table of what each came to.

A rig lies in ``tests/crm/rig_<name>.py`` as ``rig(tmp_path)``, a context manager; ``VARIANTS`` names further ones of
the same adapter (another way of connecting, with other capabilities). ``python -m tests.crm.rigs`` runs the suite and
prints case × rig.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import pytest

from isdesk.crm.contract import CASES, Rig

Make = Callable[[Path], AbstractContextManager[Rig]]

MODULES = ("sqlhub", "salesforce", "hubspot", "kintone", "odoo")
NAMES = (
    "sqlhub-sqlite", "sqlhub-postgres", "salesforce", "salesforce-t2", "hubspot", "hubspot-t2", "kintone",
    "kintone-lean", "odoo",
)  # fmt: skip
"""Every rig of the house; which of them are there yet, `find` says."""

PASSED, FAILED, ABSENT = "passed", "FAILED", "absent"


def find(name: str) -> Make | None:
    """Return how the rig of that name is made, None where it is not there."""
    base, _, variant = name.partition("-")
    if find_spec(f"tests.crm.rig_{base}") is None:
        return None
    module = import_module(f"tests.crm.rig_{base}")
    variants = cast("Mapping[str, Make]", getattr(module, "VARIANTS", {}))
    return variants.get(variant) if variant else cast("Make", module.rig)


@dataclass
class Table:
    """What became of each case over each rig."""

    said: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def note(self, case: str, rig: str, result: str, why: str = "") -> None:
        """Keep a result."""
        self.said[case, rig] = (result, why)

    def lines(self) -> list[str]:
        """Return the table, and below it why cases are absent or failed."""
        rigs = [name for name in NAMES if any(rig == name for _, rig in self.said)]
        wide = max((len(case) for case, _ in self.said), default=4)
        lines = [f"{'case':<{wide}}  " + "  ".join(f"{name:<15}" for name in rigs)]
        for case in (one.name for one in CASES):
            cells = [self.said.get((case, rig), ("-", ""))[0] for rig in rigs]
            lines.append(f"{case:<{wide}}  " + "  ".join(f"{cell:<15}" for cell in cells))
        for rig in rigs:
            counts = Counter(result for (_, of), (result, _) in self.said.items() if of == rig)
            lines.append(f"{rig}: " + ", ".join(f"{counts[one]} {one}" for one in (PASSED, ABSENT, FAILED)))
        lines += [
            f"{rig}: {case}: {result}: {why}"
            for (case, rig), (result, why) in sorted(self.said.items(), key=lambda item: item[0][::-1])
            if result != PASSED
        ]
        return lines


TABLE = Table()
"""Filled by the tests of the contract; printed by ``python -m tests.crm.rigs``."""


def main(args: list[str]) -> int:
    """Run the suite over all rigs and print the table."""
    here = Path(__file__).with_name("test_contract.py")
    code = pytest.main([str(here), "-q", "--no-header", "-p", "no:cacheprovider", "--tb=no", "-r", "N", *args])
    from tests.crm import rigs

    print("\n".join(rigs.TABLE.lines()))
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
