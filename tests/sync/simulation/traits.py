"""What a simulated CRM is like: the promises of the four CRMs and of a hub, at their least."""

from __future__ import annotations

from dataclasses import dataclass, replace

from isdesk.crm.port import Capabilities, Thing

CARRIED = frozenset({"name", "company_id", "title", "need", "stage", "owner_id", "dnc", "email_opt_out"})
"""The fields of a lead that the simulated CRMs keep; a hub keeps all."""


@dataclass(frozen=True, slots=True)
class Traits:
    """One kind of CRM. ``slowest_s``: how long a transaction may run, and a lost request may be on its way, at most.

    ``resolution_s`` is how coarse its stamps are; ``edits``: it remembers the keys of field edits; ``key``: it has a
    field for our key, by which it writes once; ``head``: hello tells how much was ever written; ``answers``: it sends
    the whole record back with the answer to a write.
    """

    name: str
    own_ids: bool = False
    key: bool = True
    probe: str = "strong"
    cursor: str = "stamp"
    resolution_s: float = 1.0
    slowest_s: float = 30.0
    tombstones: bool = False
    atomic: bool = False
    edits: bool = False
    head: bool = False
    epoch: bool = False
    answers: bool = True
    history: bool = False
    all_fields: bool = False
    takes_gone: bool = False
    page: int = 2
    batch: int = 4

    @property
    def overlap_s(self) -> float:
        """Return the least overlap with which nothing is missed."""
        return self.slowest_s + self.resolution_s if self.cursor == "stamp" else 0.0

    @property
    def objects(self) -> frozenset[Thing]:
        """Return what it keeps."""
        things = {Thing.MEMBER, Thing.COMPANY, Thing.LEAD, Thing.TOUCH}
        return frozenset(things | {Thing.SUPPRESSION} if self.all_fields else things)

    def capabilities(self) -> Capabilities:
        """Return what the engine is told."""
        return Capabilities(
            upsert_key="per_object" if self.key else "none",
            probe_by_key=self.probe,
            probe_settle_s=self.slowest_s,
            cursor=self.cursor,
            stamp_resolution_s=self.resolution_s,
            overlap_s=self.overlap_s,
            max_page=self.page,
            deletes="tombstone" if self.tombstones else "none",
            occ="revision",
            batch_max=self.batch,
            batch_atomic=self.atomic,
            owner_map=True,
            objects=self.objects,
            own_ids=self.own_ids,
            keeps_edits=self.edits,
            brings_history=self.history,
        )


HUB = Traits(
    "hub", own_ids=True, cursor="version", tombstones=True, edits=True, head=True, epoch=True, history=True,
    all_fields=True, takes_gone=False,
)  # fmt: skip
"""A team's own hub: every promise there is."""
KEYED = Traits("keyed", tombstones=True)
"""A key field, coarse stamps, deletions in the list of changes (Salesforce)."""
BATCHED = Traits("batched", atomic=True, resolution_s=60.0, slowest_s=30.0)
"""A key field, all or nothing, stamps of whole minutes, no word of deletions (kintone)."""
TERSE = Traits("terse", answers=False, slowest_s=5.0)
"""A key field, answers that say nothing but the id (HubSpot)."""
KEYLESS = Traits("keyless", key=False, slowest_s=60.0)
"""No key field: what was written is known by asking only (Odoo)."""
FRUGAL = replace(HUB, name="frugal", head=False, epoch=False)
"""A hub that does not say when it was restored: its newest keys have to be asked for."""

PRESETS: dict[str, Traits] = {t.name: t for t in (HUB, FRUGAL, KEYED, BATCHED, TERSE, KEYLESS)}
