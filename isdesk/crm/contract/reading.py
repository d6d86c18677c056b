"""Pages, scope, what was deleted, merged or given away: nothing is missed and nothing comes for ever."""

from __future__ import annotations

import time

from isdesk.crm.contract.driving import (
    AT,
    WRITTEN,
    Fields,
    Pulled,
    deliver,
    need_field,
    need_once,
    opened,
    patch,
    pull,
    pulled,
    refused,
    spoiled,
    touch,
    touches_of,
    wait,
    written,
)
from isdesk.crm.contract.rig import Absent, Rig, case, extra, long_case, need
from isdesk.crm.port import Adapter, Offline, Scope, Status, Thing, Transient
from isdesk.crm.writing import is_named

GLANCE_S = 1.5
"""What the check before a dial may take (SYNC E11)."""


def _need_all(found: Pulled, wanted: object, what: str) -> None:
    ids = set(wanted) if isinstance(wanted, (list, tuple, set)) else set()
    missing = ids - found.now.keys()
    need(not missing, f"{what}: {len(missing)} of {len(ids)} never came")


@case
def pages_give_every_row_once(rig: Rig) -> None:
    """In small pages every row comes, each version once, whatever its stamp."""
    with opened(rig) as adapter:
        made = list(rig.make_many(37, same_stamp=False))
        found = pulled(rig, adapter, Thing.LEAD, limit=10)
        _need_all(found, made, "pages of ten")
        told = [(row.id, row.version) for row in found.rows]
        need(len(told) == len(set(told)), "a row came twice in one pass")


@case
def equal_stamps_across_a_page_edge_lose_nothing(rig: Rig) -> None:
    """More rows of one stamp than a page holds: every one comes."""
    with opened(rig) as adapter:
        made = list(rig.make_many(35, same_stamp=True))
        _need_all(pulled(rig, adapter, Thing.LEAD, limit=10), made, "pages of ten")


@case
def then_only_what_is_new_comes(rig: Rig) -> None:
    """After a complete pull an edit is all that is new; what an overlap brings again has the version that is known."""
    with opened(rig) as adapter:
        made = list(rig.make_many(12, same_stamp=False))
        first = pulled(rig, adapter, Thing.LEAD)
        need(not pull(adapter, Thing.LEAD, first.cursor).since(first), "nothing had changed")
        rig.edit(Thing.LEAD, made[5], {"name": "改名"})
        second = pulled(rig, adapter, Thing.LEAD, first.cursor)
        fresh = second.since(first)
        need(set(fresh) == {made[5]}, f"one row is new, {len(fresh)} came as new")
        need(fresh[made[5]].fields.get("name") == "改名", "with its new value")
        versions = dict(adapter.ids(Thing.LEAD, Scope.TEAM))
        need(versions[made[5]] == fresh[made[5]].version, "the list of ids says the version of the row")


@case
def a_second_edit_of_the_same_moment_is_not_lost(rig: Rig) -> None:
    """An edit in the same second (or minute) as the one that was read just before: it comes (CRM_APIS, loss 1)."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "一"})
        rig.edit(Thing.LEAD, lead, {"name": "二"})
        first = pull(adapter, Thing.LEAD)
        rig.edit(Thing.LEAD, lead, {"name": "三"})
        second = pulled(rig, adapter, Thing.LEAD, first.cursor)
        row = second.now.get(lead)
        need(row is not None and row.fields.get("name") == "三", "the second edit never came")


@long_case
def more_than_ten_thousand_rows_of_one_stamp_come(rig: Rig) -> None:
    """10,050 rows of one stamp (a mass update) all come; the pages end."""
    with opened(rig) as adapter:
        made = list(rig.make_many(10_050, same_stamp=True))
        _need_all(pulled(rig, adapter, Thing.LEAD), made, "the mass update")


@case
def a_pull_goes_on_where_it_stopped(rig: Rig) -> None:
    """A page's cursor is enough for another process to go on: nothing lost, nothing from the beginning."""
    with opened(rig) as adapter:
        made = list(rig.make_many(33, same_stamp=True))
        wait(rig, adapter)
        page = adapter.changes(Thing.LEAD, None, Scope.TEAM, 10)
        need(page.more, "33 rows do not fit on a page of ten")
    with opened(rig) as adapter:
        spoiled(rig, "lost_before", on="read")
        refused(lambda: adapter.changes(Thing.LEAD, page.next_cursor, Scope.TEAM, 10))
        rest = pull(adapter, Thing.LEAD, page.next_cursor, limit=10)
        first = {row.id for row in page.rows}
        need(not set(made) - first - rest.now.keys(), "rows were lost where the pull had stopped")
        again = pull(adapter, Thing.LEAD, page.next_cursor, limit=10)
        need(again.now.keys() == rest.now.keys(), "the same page asked for again is the same")


@case
def a_late_commit_is_not_lost(rig: Rig) -> None:
    """A row stamped before what was read, and visible only after: it comes with a later pull (CRM_APIS, loss 2)."""
    with opened(rig) as adapter:
        commit = rig.late_commit({"name": "遅い"})
        try:
            quick = rig.make(Thing.LEAD, {"name": "速い"})
            rig.move(20)
            before = pull(adapter, Thing.LEAD)
        finally:
            late = commit()
        after = pulled(rig, adapter, Thing.LEAD, before.cursor)
        _need_all(Pulled([*before.rows, *after.rows]), [quick, late], "the late row or the quick one")


@case
def ones_own_book_is_ones_own(rig: Rig) -> None:
    """In scope of one rep only that rep's leads come, in the stream and in the list of ids; fetch knows no scope."""
    with opened(rig) as sato, opened(rig, "ito") as ito:
        mine = rig.make(Thing.LEAD, {"name": "佐藤の"}, owner="sato")
        theirs = rig.make(Thing.LEAD, {"name": "伊藤の"}, owner="ito")
        for adapter, own, other in ((sato, mine, theirs), (ito, theirs, mine)):
            found = pulled(rig, adapter, Thing.LEAD, scope=Scope.MINE).now
            need(own in found and other not in found, "the stream is not one's own book")
            listed = {i for i, _ in adapter.ids(Thing.LEAD, Scope.MINE)}
            need(own in listed and other not in listed, "the list of ids is not one's own book")
            need([row.id for row in adapter.fetch(Thing.LEAD, [other])] == [other], "fetch reads whatever the scope")
        need({mine, theirs} <= pulled(rig, sato, Thing.LEAD).now.keys(), "the team's leads are all of them")


@case
def every_stream_can_be_read_in_ones_own_scope(rig: Rig) -> None:
    """Each kind of record that is offered can be pulled twice in scope of one rep; one's own touches are among them."""
    with opened(rig) as adapter:
        mine = rig.make(Thing.LEAD, {"name": "自分の"}, owner="sato")
        one = touch(adapter, mine, note="自分の")
        written(rig, adapter, one)
        found: dict[Thing, Pulled] = {}
        for obj in sorted(adapter.capabilities().objects):
            first = pulled(rig, adapter, obj, scope=Scope.MINE)
            found[obj] = pulled(rig, adapter, obj, first.cursor, scope=Scope.MINE)
            found[obj].rows[:0] = first.rows
        notes = {row.fields.get("note") for row in found[Thing.TOUCH].rows if row.fields.get("lead_id") == mine}
        need(notes == {"自分の"}, "the touch of one's own lead did not come")
        need(mine in found[Thing.LEAD].now, "one's own lead did not come")


@case
def a_lead_that_changes_hands_arrives_and_leaves(rig: Rig) -> None:
    """A lead given to a colleague leaves the one book (it is gone from the ids) and comes to the other."""
    with opened(rig) as sato, opened(rig, "ito") as ito:
        lead = rig.make(Thing.LEAD, {"name": "異動 一"}, owner="sato")
        before_sato = pulled(rig, sato, Thing.LEAD, scope=Scope.MINE)
        before_ito = pulled(rig, ito, Thing.LEAD, scope=Scope.MINE)
        need(lead in before_sato.now and lead not in before_ito.now, "it begins in the first book")
        rig.give(lead, "ito")
        came = pulled(rig, ito, Thing.LEAD, before_ito.cursor, scope=Scope.MINE)
        need(lead in came.now, "it does not come to the new owner")
        need(lead not in {i for i, _ in sato.ids(Thing.LEAD, Scope.MINE)}, "it stays in the old owner's list of ids")


@case
def a_deleted_record_is_missed_or_told(rig: Rig) -> None:
    """A record deleted in the CRM comes as deleted, or is gone from the list of ids; fetch does not have it."""
    with opened(rig) as adapter:
        lead, other = rig.make(Thing.LEAD, {"name": "削除 一"}), rig.make(Thing.LEAD, {"name": "残る"})
        before = pulled(rig, adapter, Thing.LEAD)
        rig.delete(Thing.LEAD, lead)
        after = pulled(rig, adapter, Thing.LEAD, before.cursor)
        told = lead in after.now and after.now[lead].deleted
        listed = {i for i, _ in adapter.ids(Thing.LEAD, Scope.TEAM)}
        need(lead not in listed, "a deleted record is in the list of ids")
        need(other in listed, "the others are in it")
        need(told or adapter.capabilities().deletes != "tombstone", "a tombstone was promised and did not come")
        left = adapter.fetch(Thing.LEAD, [lead, other])
        need([row.id for row in left if not row.deleted] == [other], "fetch gives a deleted record as if it were there")


@case
def an_edit_of_a_deleted_record_is_gone(rig: Rig) -> None:
    """An edit of a record that is not there any more is answered by ``gone``; nothing is made anew."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "削除 二"})
        rig.delete(Thing.LEAD, lead)
        (result,) = deliver(rig, adapter, patch(adapter, lead, {"name": "幽霊"}, {"name": "削除 二"}))
        need(result.status is Status.GONE, f"was {result.status}")
        need(lead not in {i for i, _ in adapter.ids(Thing.LEAD, Scope.TEAM)}, "it was made anew")


@case
def a_touch_on_a_deleted_lead_is_never_lost_in_silence(rig: Rig) -> None:
    """A touch on a lead that is gone: gone or refused, or the CRM keeps it under its key; it holds up nobody."""
    with opened(rig) as adapter:
        lead, other = rig.make(Thing.LEAD, {"name": "削除 三"}), rig.make(Thing.LEAD, {"name": "残る"})
        rig.delete(Thing.LEAD, lead)
        lost, kept = touch(adapter, lead), touch(adapter, other)
        results = deliver(rig, adapter, lost, kept)
        need(results[1].status in WRITTEN, "the other touch was held up")
        need_once(rig, other, kept.key)
        if results[0].status in WRITTEN:
            need_once(rig, lead, lost.key)
        else:
            need(results[0].status in {Status.GONE, Status.REFUSED}, f"was {results[0].status}")


@case
def a_merged_record_leads_to_the_one_that_stayed(rig: Rig) -> None:
    """Of two leads merged in the CRM the loser is gone, or says into which it went; what is sent to it is not lost."""
    with opened(rig) as adapter:
        loser, winner = rig.make(Thing.LEAD, {"name": "統合 一"}), rig.make(Thing.LEAD, {"name": "統合 二"})
        before = pulled(rig, adapter, Thing.LEAD)
        rig.merge(loser, winner)
        after = pulled(rig, adapter, Thing.LEAD, before.cursor)
        row = after.now.get(loser)
        told = row is not None and (row.deleted or row.fields.get("merged_into") == winner)
        need(
            told or loser not in {i for i, _ in adapter.ids(Thing.LEAD, Scope.TEAM)}, "the loser goes on as if it were"
        )
        one = touch(adapter, loser)
        (result,) = deliver(rig, adapter, one)
        if result.status in WRITTEN:
            held = [*rig.activities(winner), *([] if told is False else rig.activities(loser))]
            need(held.count(one.key) == 1, "a touch on the loser was taken and is nowhere")
        else:
            need(result.status in {Status.GONE, Status.REFUSED}, f"was {result.status}")


@case
def the_history_of_a_lead_can_be_had(rig: Rig) -> None:
    """The touches of a lead, ours too, come with its stream to a new owner, or by asking for its history."""
    with opened(rig) as adapter, opened(rig, "ito") as ito:
        lead, other = rig.make(Thing.LEAD, {"name": "履歴 一"}), rig.make(Thing.LEAD, {"name": "履歴 二"})
        ours = [touch(adapter, lead, note="一回目"), touch(adapter, lead, note="二回目")]
        written(rig, adapter, *ours, touch(adapter, other, note="別件"))
        wait(rig, adapter)
        if adapter.capabilities().brings_history:
            before = pulled(rig, ito, Thing.TOUCH, scope=Scope.MINE)
            rig.give(lead, "ito")
            rows = list(pulled(rig, ito, Thing.TOUCH, before.cursor, scope=Scope.MINE).now.values())
        else:
            rows = list(ito.history(Thing.TOUCH, [lead]))
        notes = sorted(str(row.fields.get("note")) for row in rows if row.fields.get("lead_id") == lead)
        need(notes == ["一回目", "二回目"], f"the history of the lead is not its two touches ({len(notes)})")
        need({row.fields.get("lead_id") for row in rows} == {lead}, "touches of another lead came along")


@case
def a_glance_shows_the_lead_as_it_stands(rig: Rig) -> None:
    """A glance reads one lead and its newest touch now, without the lag of pulls."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "一瞥 一"})
        rig.edit(Thing.LEAD, lead, {"name": "一瞥 二"})
        written(rig, adapter, touch(adapter, lead, note="直前"))
        rig.move(adapter.capabilities().probe_settle_s)
        seen = adapter.glance(lead, GLANCE_S)
        need(seen.row is not None and seen.row.fields.get("name") == "一瞥 二", "the lead as it stands")
        need(seen.touch is not None and seen.touch.fields.get("note") == "直前", "with its newest touch")
        rig.delete(Thing.LEAD, lead)
        gone = adapter.glance(lead, GLANCE_S).row
        need(gone is None or gone.deleted, "a deleted lead is not there")


@case
def a_glance_keeps_to_its_time(rig: Rig) -> None:
    """A CRM that is slower than the budget: Offline, and not much later than that."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "一瞥 三"})
        spoiled(rig, "timeout_after", on="read")
        begun = time.monotonic()
        error = refused(lambda: adapter.glance(lead, 0.3))
        took = time.monotonic() - begun
        need(isinstance(error, Offline), f"was {type(error).__name__}")
        need(took < 1.3, f"took {took:.1f} s of 0.3 s")


@case
def stamps_do_not_come_from_our_clock(rig: Rig) -> None:
    """The CRM's clock runs minutes ahead or behind: still nothing is missed (SYNC E9)."""
    with opened(rig) as adapter:
        first = rig.make(Thing.LEAD, {"name": "時計 一"})
        before = pulled(rig, adapter, Thing.LEAD)
        rig.move(7_200)
        second = rig.make(Thing.LEAD, {"name": "時計 二"})
        after = pulled(rig, adapter, Thing.LEAD, before.cursor)
        _need_all(Pulled([*before.rows, *after.rows]), [first, second], "a CRM two hours ahead")


@case
def the_skew_of_the_clocks_is_measured(rig: Rig) -> None:
    """After an answer the signals say how far the CRM's clock is ahead of the desk's, within three seconds."""
    with opened(rig) as adapter:
        if adapter.signals.skew_ms is None:
            raise Absent("the CRM does not tell the time with its answers")
        before = adapter.signals.skew_ms
        try:
            extra(rig).set_ahead(120)
        except Absent:
            rig.move(120)
        adapter.hello()
        after = adapter.signals.skew_ms
        moved = (after or 0) - before
        together = abs(moved) < 3_000 and not hasattr(rig, "set_ahead")  # the desk's clock went on with the CRM's
        need(after is not None and (together or abs(moved - 120_000) < 3_000), f"moved by {moved} ms")


@case
def a_link_leads_to_the_crm_over_https(rig: Rig) -> None:
    """A link is https on the CRM's host (http on loopback only), without credentials; or there is none."""
    from urllib.parse import urlsplit

    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "連結 一"})
        address = adapter.link(Thing.LEAD, lead)
        if address is None:
            raise Absent("the CRM has no pages")
        parts = urlsplit(address)
        local = parts.hostname in {"127.0.0.1", "localhost", "::1"}
        need(parts.scheme == "https" or (parts.scheme == "http" and local), f"scheme {parts.scheme}")
        need(parts.hostname and not parts.username and not parts.password, "a link has a host and no credentials")
        need(lead in address, "a link leads to the record")


@case
def calls_made_in_the_crm_come_in(rig: Rig) -> None:
    """A call that a colleague logged in the CRM itself comes as a touch of its lead."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "着信 一"})
        theirs: Fields = {"lead_id": lead, "channel": "phone", "direction": "out", "at": AT, "note": "CRMで記録"}
        made = rig.make(Thing.TOUCH, theirs, owner="ito")
        rows = {row.id: row for row in touches_of(rig, adapter, lead)}
        need(made in rows, "it never came")
        fields = rows[made].fields
        need(fields.get("lead_id") == lead and "CRMで記録" in str(fields.get("note")), "of its lead, with its note")
        need(fields.get("at") and fields.get("channel") == "phone", "with its time and its channel")


@case
def a_company_of_ones_own_goes_both_ways(rig: Rig) -> None:
    """A company record is read and edited like a lead, where the CRM has companies of their own."""
    with opened(rig) as adapter:
        if Thing.COMPANY not in adapter.capabilities().objects:
            raise Absent("no companies here")
        need_field(adapter, "name", obj=Thing.COMPANY)
        company = rig.make(Thing.COMPANY, {"name": "青葉原精機株式会社"})
        if is_named(company):
            raise Absent("a company is a name in its leads")
        row = _company(rig, adapter, company)
        need(row is not None and row.get("name") == "青葉原精機株式会社", "it did not come")
        edit = patch(adapter, company, {"name": "青葉原精機"}, {"name": "青葉原精機株式会社"}, Thing.COMPANY)
        written(rig, adapter, edit)
        need(rig.fields(Thing.COMPANY, company).get("name") == "青葉原精機", "the edit is not in the CRM")


def _company(rig: Rig, adapter: Adapter, company: str) -> dict[str, object] | None:
    """Return a company that came: in a stream of its own, or beside the leads that name it."""
    found = pulled(rig, adapter, Thing.LEAD).beside.get(Thing.COMPANY, [])
    known = {row.id: row for row in (*found, *pulled(rig, adapter, Thing.COMPANY).rows)}
    row = known.get(company)
    return dict(row.fields) if row is not None else None


@case
def the_allowance_is_told_where_the_crm_tells_it(rig: Rig) -> None:
    """A CRM that says how much of its allowance is used: the signals say it on."""
    with opened(rig) as adapter:
        if not adapter.capabilities().quota_headers:
            raise Absent("the CRM does not say")
        pulled(rig, adapter, Thing.LEAD)
        told = adapter.signals
        need(told.used is not None or told.limit is not None, "promised, and not told")
        need(told.limit is None or told.limit > 0, "an allowance is more than nothing")


@case
def a_busy_list_of_ids_waits(rig: Rig) -> None:
    """A busy CRM in the middle of a list of ids: Transient, not a short list."""
    with opened(rig) as adapter:
        rig.make(Thing.LEAD, {"name": "一覧 一"})
        spoiled(rig, "busy", on="read", retry_after=3.0)
        error = refused(lambda: list(adapter.ids(Thing.LEAD, Scope.TEAM)))
        need(isinstance(error, Transient), f"was {type(error).__name__}")
