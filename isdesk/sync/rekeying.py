"""Do-not-calls from before this desk joined a team, under the team's key: the digest is all that was kept of a number.

Every number, mail address, person and company that is known here is digested under the older key; what gives the digest
is digested again under the present one. What is known no more keeps its old digest, which still binds this desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from isdesk.domain.changes import Value
from isdesk.domain.suppression import digest
from isdesk.store import Tx, meta, mirror

SUPPRESSION_KEY, OLDER_KEYS = "suppression_key", "older_suppression_keys"
"""Where the key (hex), and those in use before it, are kept in ``store.meta``."""


def adopt(tx: Tx, key: bytes) -> bool:
    """Make ``key`` the one in use; returns whether it is another than before."""
    own = meta.text(tx, SUPPRESSION_KEY)
    if own == key.hex():
        return False
    older = meta.get(tx, OLDER_KEYS)
    meta.put(tx, OLDER_KEYS, [*(older if isinstance(older, list) else []), *([own] if own else [])])
    meta.put(tx, SUPPRESSION_KEY, key.hex())
    return True


def translate(tx: Tx, hmacs: Iterable[str]) -> dict[str, str]:
    """Return the digests under the present key of those that an older key gave."""
    own, older = meta.text(tx, SUPPRESSION_KEY), meta.get(tx, OLDER_KEYS)
    wanted = set(hmacs)
    if own is None or not isinstance(older, list) or not older or not wanted:
        return {}
    now = bytes.fromhex(own)
    keys = [bytes.fromhex(old) for old in older if isinstance(old, str)]
    found: dict[str, str] = {}
    for kind, value in _known(tx):
        for key in keys:
            old = digest(key, kind, value)
            if old in wanted:
                found[old] = digest(now, kind, value)
    return found


def _known(tx: Tx) -> Iterator[tuple[str, str]]:
    for _, _, number in mirror.numbers(tx):
        yield "number", number
    for mail in mirror.mails(tx):
        yield "mail", mail
    companies: set[str] = set()
    for lead, company in mirror.lead_companies(tx):
        yield "lead", lead
        if company is not None and company not in companies:
            companies.add(company)
            yield "company", company


def rekeyed(tx: Tx, bodies: dict[str, dict[str, Value]]) -> dict[str, dict[str, Value]]:
    """Return suppression events as they are to be sent: by their id, under the present key."""
    hmacs = {fact: str(fields.get("hmac")) for fact, fields in bodies.items()}
    known = translate(tx, hmacs.values())
    return {fact: {**fields, "hmac": known.get(hmacs[fact], hmacs[fact])} for fact, fields in bodies.items()}
