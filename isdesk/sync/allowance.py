"""The CRM's allowance of requests, and its clock: what of the last answers is kept between rounds (SYNC E8, E9)."""

from __future__ import annotations

from datetime import datetime, timedelta

from isdesk.crm.port import Signals
from isdesk.store import Tx, deliveries, meta

CODE = "crm_quota"
"""Code of the sentence that says that the allowance is used up."""
RESERVED = "crm_reserve"
"""Code of the sentence that says that only what is urgent is sent."""
RESERVE = 0.10
"""Share of the allowance that is kept for what is urgent."""
URGENT = 1
"""The last lane that may use the reserve: do-not-calls and what was recorded."""
PAUSE = timedelta(hours=1)
"""How long an allowance is left alone whose renewal the CRM does not tell."""
_LONGEST = timedelta(hours=25)


CLOCK_SET_MS = 5_000
"""A difference to the CRM's clock that changed by more than this says that the clock here was set."""


def low(signals: Signals) -> bool:
    """Return whether less than the reserve is left."""
    if signals.limit is None or signals.used is None or signals.limit <= 0:
        return False
    return signals.used > signals.limit * (1 - RESERVE)


def pause(tx: Tx, adapter: str, now: datetime, reset_in: float | None) -> None:
    """Leave the allowance alone until it is renewed."""
    span = PAUSE if reset_in is None else min(timedelta(seconds=reset_in), _LONGEST)
    meta.put(tx, _key(adapter), (now + span).isoformat())


def resume(tx: Tx, adapter: str) -> None:
    """Use the allowance again: a person asked for it."""
    meta.put(tx, _key(adapter), None)


def paused(tx: Tx, adapter: str, now: datetime) -> bool:
    """Return whether the allowance is used up as far as is known; a pause too far ahead is that of another clock."""
    until = meta.text(tx, _key(adapter))
    return until is not None and timedelta() < datetime.fromisoformat(until) - now <= _LONGEST


def worth_trying(tx: Tx, adapter: str, now: datetime) -> bool:
    """Return whether a round may begin: always, but during a pause only for something urgent that was not tried yet."""
    return not paused(tx, adapter, now) or bool(deliveries.due(tx, adapter, now, 1, lanes=URGENT))


def keep_skew(tx: Tx, adapter: str, skew_ms: int | None) -> None:
    """Keep by how much the CRM's clock is ahead of this one, where that changed by more than a second."""
    key = f"sync:{adapter}:skew_ms"
    known = meta.get(tx, key)
    if skew_ms is not None and (not isinstance(known, int) or abs(known - skew_ms) > 1_000):
        meta.put(tx, key, skew_ms)


def notice_clock(tx: Tx, adapter: str, ahead_ms: int) -> None:
    """Notice that the clock here was set since the last round, by how far the CRM's is ahead of it now.

    What is still on its way was sent, and waits, by the old clock: its times are moved along, so that nobody asks too
    early whether a late write has arrived.
    """
    key = f"sync:{adapter}:clock_ms"
    known = meta.get(tx, key)
    if isinstance(known, int) and abs(known - ahead_ms) <= CLOCK_SET_MS:
        return
    meta.put(tx, key, ahead_ms)
    if isinstance(known, int):
        deliveries.reclock(tx, adapter, timedelta(milliseconds=known - ahead_ms))


def _key(adapter: str) -> str:
    return f"sync:{adapter}:quota_until"
