"""Finding what a pull cannot show: records that went away, and drift between the mirror and the CRM (SYNC E5).

Only a complete list of ids may say that something is missing; missing once says nothing; and when much is missing at
once, nothing is removed before a person was asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from isdesk.crm.port import Row, Thing
from isdesk.crm.writing import is_named
from isdesk.domain.changes import Value
from isdesk.store import Tx, mirror
from isdesk.sync.receiving import Ground, Taken, bury

EVERY = timedelta(hours=24)
"""How often complete lists are compared of themselves."""
APART = timedelta(minutes=30)
"""Least time between the two misses that make a ghost."""
MANY, SHARE = 20, 0.10
"""More missing than both at once asks a person first."""


@dataclass(slots=True)
class Compared:
    """What a complete list showed: ``stale`` to be fetched, ``gone`` to be asked for, ``ask``: too many vanished."""

    stale: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    missing: int = 0
    ask: bool = False


def compare(
    tx: Tx,
    ground: Ground,
    obj: Thing,
    scope: str,
    remote: Mapping[str, str],
    *,
    consent: bool = False,
    foreign: Collection[str] = (),
) -> Compared:
    """Compare a complete list (id → version) with the mirror, and count what is missing.

    Companies that the CRM's leads only name need be in no list. With ``consent`` a person has said that what is missing
    is meant to be gone: each is asked for at once. ``foreign`` are somebody else's (what came here while this person
    stood in for a colleague): that they are not listed alarms nobody.
    """
    known = mirror.versions(tx, ground.adapter, obj)
    local = {key: version for key, version in known.items() if key in remote or not is_named(key)}
    absent = local.keys() - remote.keys()
    found = Compared([i for i, version in remote.items() if local.get(i) != version], missing=len(absent))
    earlier = {m.remote_id: m for m in mirror.missing(tx, ground.adapter, obj)}
    mirror.found(tx, ground.adapter, obj, [i for i in earlier if i in remote])
    ours = local.keys() - set(foreign)
    vanished = len(absent & ours)
    found.ask = not consent and vanished > MANY and vanished > SHARE * len(ours)
    if not found.ask:
        mirror.missed(tx, ground.adapter, obj, sorted(absent), ground.now)
        found.gone = sorted(
            i for i in absent if consent or (i in earlier and ground.now - earlier[i].first_at >= APART)
        )
    audit: dict[str, Value] = {
        "local": len(local), "remote": len(remote), "missing": len(absent), "stale": len(found.stale),
    }  # fmt: skip
    mirror.listed(tx, ground.adapter, obj, scope, at=ground.now, audit=audit)
    return found


def judge(
    tx: Tx, ground: Ground, obj: Thing, asked: Collection[str], answers: Iterable[Row], *, whole_team: bool
) -> Taken:
    """Bury what the CRM says is gone or no longer ours; ``answers`` are those of ``asked`` that it still has.

    With the ``whole_team`` in scope nothing can be somebody else's: what is still there was listed too late.
    """
    there = {row.id for row in answers if not row.deleted}
    bases = mirror.bases(tx, ground.adapter, obj, asked)
    taken = Taken()
    for verdict, ids in (("deleted", set(asked) - there), ("not_mine", there)):
        if verdict == "not_mine" and whole_team:
            mirror.found(tx, ground.adapter, obj, ids)
            continue
        going = [bases[i] for i in sorted(ids) if i in bases]
        taken.deleted += bury(tx, ground, obj, going, verdict, taken.leads)
    return taken
