"""A clock that is set in the middle of things makes nobody ask, or send again, too early."""

from __future__ import annotations

from datetime import timedelta

from isdesk.store import deliveries
from isdesk.store.values import micros
from isdesk.sync import allowance
from tests.sync.world import World


def test_what_is_on_its_way_moves_along_with_a_clock_that_is_set(world: World) -> None:
    device = world.device("a")
    device.create("l1", name="山田")
    sent = world.clock.now()
    with device.store.write() as tx:
        allowance.notice_clock(tx, "sqlhub", 0)
        (one,) = deliveries.due(tx, "sqlhub", sent, 9)
        deliveries.sending(tx, [one.seq], sent)
        deliveries.recover(tx, "sqlhub", sent)
        for ahead_ms, by in ((900, 0), (-5_400_000, 90), (-5_400_000, 90), (0, 0)):
            allowance.notice_clock(tx, "sqlhub", ahead_ms)
            (found,) = tx.sql("SELECT sent_at FROM delivery").fetchall()
            assert found[0] == micros(sent + timedelta(minutes=by))
