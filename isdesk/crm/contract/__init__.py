"""The one contract suite that every adapter passes, importable by the packages of third parties.

An adapter's tests give a `Rig`: a way to connect and a CRM (real, or a stand-in behind a real wire) that a test may
look into and disturb. Each case is a function of a rig; what a CRM cannot do at all is passed over by name (`Absent`)::

    from isdesk.crm import contract


    @pytest.mark.parametrize("case", contract.CASES, ids=lambda case: case.name)
    def test_contract(case, my_rig):
        try:
            case.run(my_rig)
        except contract.Absent as why:
            pytest.skip(str(why))

The cases lie by what they are about: `writing` (records), `delivering` (each thing once, whatever happens to the
answer), `reading` (pages, scope, what is gone), `facts` (touches, tasks, handoffs), `drifting` (the CRM changes its
schema, its keys end). A case says in its first line what has to hold. The suite is plain Python and needs no pytest.
"""

from __future__ import annotations

from isdesk.crm.contract import delivering, drifting, facts, reading, writing
from isdesk.crm.contract.rig import CASES, Absent, Broken, Case, Extra, Rig, case, need

__all__ = [
    "CASES",
    "Absent",
    "Broken",
    "Case",
    "Extra",
    "Rig",
    "case",
    "delivering",
    "drifting",
    "facts",
    "need",
    "reading",
    "writing",
]
