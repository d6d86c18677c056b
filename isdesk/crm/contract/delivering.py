"""Each thing once, whatever happens to the request or to its answer (SYNC I1, E2, E8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from isdesk.crm.contract.driving import (
    WRITTEN,
    Courier,
    Fields,
    asked,
    deliver,
    made_lead,
    need_answers,
    need_fields,
    need_once,
    new_lead,
    opened,
    patch,
    pulled,
    refused,
    spoiled,
    touch,
    wait,
    written,
)
from isdesk.crm.contract.rig import Absent, Rig, case, need
from isdesk.crm.port import Adapter, Auth, Command, Offline, Permanent, Scope, Status, Thing, Transient, Unknown
from isdesk.domain.errors import CrmError

LOST = ("lost_after", "error_after", "truncated", "html_after", "timeout_after")


def _named(adapter: Adapter, name: str) -> list[str]:
    """Return the ids of the leads of that name."""
    found = [i for i, _ in adapter.ids(Thing.LEAD, Scope.TEAM)]
    rows = [row for start in range(0, len(found), 200) for row in adapter.fetch(Thing.LEAD, found[start : start + 200])]
    return [row.id for row in rows if row.fields.get("name") == name and not row.deleted]


@case
def the_same_key_is_written_once(rig: Rig) -> None:
    """The same activity sent again, also by another device, makes no second one."""
    with opened(rig) as adapter, opened(rig, "ito") as other:
        lead = rig.make(Thing.LEAD, {"name": "北川 修"})
        one = touch(adapter, lead)
        (first,) = deliver(rig, adapter, one)
        need(first.status is Status.ACKED, f"the first time was {first.status}")
        if adapter.capabilities().upsert_key == "none":
            wait(rig, adapter)
            need(one.key in adapter.probe([asked(one)]), "it is not found by its key")
            need_once(rig, lead, one.key)
            return
        for desk in (adapter, other):
            (again,) = desk.push([replace(one, sure=False)])
            need(again.status in WRITTEN, f"again was {again.status}")
            need(again.remote_id == first.remote_id, "again it is the same record")
        need_once(rig, lead, one.key)


@case
def a_key_twice_in_a_batch_is_written_once(rig: Rig) -> None:
    """A batch that holds a key twice writes it once and answers both."""
    with opened(rig) as adapter:
        if adapter.capabilities().upsert_key == "none":
            raise Absent("the CRM knows no keys")
        lead = rig.make(Thing.LEAD, {"name": "北川 修"})
        one = touch(adapter, lead)
        results = adapter.push([one, one])
        need(len(results) == 2 and {r.status for r in results} <= WRITTEN, f"was {[r.status for r in results]}")
        need_once(rig, lead, one.key)


@case
def a_lead_is_made_once_under_its_key(rig: Rig) -> None:
    """Two devices that send the same creation (one had no answer) make one record."""
    with opened(rig) as adapter, opened(rig) as other:
        command = new_lead(adapter, {"name": "一意 太郎"})
        (first,) = deliver(rig, adapter, command)
        need(first.status is Status.ACKED and first.remote_id, f"was {first.status}")
        courier = Courier(rig, other, doubtful={command.key})
        (again,) = courier.deliver([command])
        need(again.status in WRITTEN, f"again was {again.status}")
        need(again.remote_id in {first.remote_id, None}, "again it is the same record")
        need(_named(adapter, "一意 太郎") == [first.remote_id], "there is exactly one")


@case
def a_lead_is_made_once_though_the_answer_is_lost(rig: Rig) -> None:
    """A creation whose answer was lost is made once, and its id is found out."""
    with opened(rig) as adapter:
        command = new_lead(adapter, {"name": "返答 なし"})
        spoiled(rig, "lost_after")
        courier = Courier(rig, adapter)
        courier.deliver([command])
        need(any(isinstance(one, Unknown) for one in courier.raised), _raised("a lost answer is Unknown", courier))
        wait(rig, adapter)
        need(len(_named(adapter, "返答 なし")) == 1, "there is exactly one")


def able(rig: Rig, kind: str) -> bool:
    """Let the next read fail so; returns False where the rig cannot. Passes the case over where nothing can fail."""
    try:
        spoiled(rig, kind, on="read")
    except Absent:
        if kind == "lost_before":
            raise
        return False
    return True


def _raised(what: str, courier: Courier) -> str:
    return f"{what}; raised: {[type(one).__name__ for one in courier.raised]}"


def _lose(rig: Rig, kind: str, wanted: tuple[type[CrmError], ...]) -> None:
    """Send three activities of two leads while one request fails so; all are there once, whatever it takes."""
    with opened(rig) as adapter:
        leads = [rig.make(Thing.LEAD, {"name": f"顧客 {n}"}) for n in range(2)]
        batch = [touch(adapter, leads[0], note="一"), touch(adapter, leads[1]), touch(adapter, leads[0], note="二")]
        spoiled(rig, kind)
        courier = Courier(rig, adapter)
        results = courier.deliver(batch)
        need({one.status for one in results} <= WRITTEN, f"was {[one.status for one in results]}")
        need(courier.raised, f"the failure {kind} went unnoticed")
        need(
            isinstance(courier.raised[0], wanted),
            _raised(f"{kind} is {' or '.join(one.__name__ for one in wanted)}", courier),
        )
        need_once(rig, leads[0], batch[0].key, batch[2].key)
        need_once(rig, leads[1], batch[1].key)


@case
def a_touch_is_there_once_though_the_request_was_lost(rig: Rig) -> None:
    """The line broke before the CRM saw the request: Unknown or Offline, then once."""
    _lose(rig, "lost_before", (Unknown, Offline))


@case
def a_touch_is_there_once_though_the_answer_was_lost(rig: Rig) -> None:
    """The line broke after the CRM had written: Unknown, then once."""
    _lose(rig, "lost_after", (Unknown,))


@case
def a_touch_is_there_once_though_the_answer_came_too_late(rig: Rig) -> None:
    """The CRM wrote and answered too late: Unknown, then once."""
    _lose(rig, "timeout_after", (Unknown,))


@case
def a_touch_is_there_once_though_the_server_failed_after_writing(rig: Rig) -> None:
    """5xx after the commit: Unknown, then once."""
    _lose(rig, "error_after", (Unknown,))


@case
def a_touch_is_there_once_though_the_answer_was_torn(rig: Rig) -> None:
    """Half an answer: Unknown, then once."""
    _lose(rig, "truncated", (Unknown,))


@case
def a_portal_that_answers_after_the_write_is_no_success(rig: Rig) -> None:
    """HTML instead of the CRM's answer, though it had written: Unknown, then once."""
    _lose(rig, "html_after", (Unknown,))


@case
def a_portal_that_swallows_the_write_is_no_success(rig: Rig) -> None:
    """HTML with 200 instead of the CRM (a hotel's network): Unknown, never success, never permanent."""
    _lose(rig, "html", (Unknown,))


@case
def a_redirect_to_another_host_is_not_followed(rig: Rig) -> None:
    """A redirect of a write is Unknown or Offline, of a read Offline or Transient; nothing is sent elsewhere."""
    _lose(rig, "redirect", (Unknown, Offline))
    with opened(rig) as adapter:
        spoiled(rig, "redirect", on="read")
        error = refused(lambda: pulled(rig, adapter, Thing.LEAD))
        need(isinstance(error, (Offline, Transient)), f"was {type(error).__name__}")


@case
def a_server_that_fails_before_writing_delays_only(rig: Rig) -> None:
    """5xx, not carried out: Unknown or Transient (nobody can be sure), then once."""
    _lose(rig, "error", (Unknown, Transient))


@case
def a_lock_delays_only(rig: Rig) -> None:
    """409, 412 or the vendor's lock: Transient, or answered by the adapter itself; then written once."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "錠 一"})
        edit = patch(adapter, lead, {"name": "錠 二"}, {"name": "錠 一"})
        spoiled(rig, "locked")
        courier = Courier(rig, adapter)
        (result,) = courier.deliver([edit])
        need(result.status in WRITTEN, f"was {result.status} {result.code}")
        need(not any(isinstance(one, Permanent) for one in courier.raised), "a lock is not permanent")
        need_fields(Thing.LEAD, rig.fields(Thing.LEAD, lead), {"name": "錠 二"}, "in the CRM")


@case
def an_edit_whose_answer_was_lost_is_no_conflict_with_itself(rig: Rig) -> None:
    """An edit that was written and not answered meets its own value when it is sent again: written, no conflict."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "元"})
        spoiled(rig, "lost_after")
        courier = Courier(rig, adapter)
        (result,) = courier.deliver([patch(adapter, lead, {"name": "新"}, {"name": "元"})])
        need(result.status in WRITTEN, f"was {result.status}")
        need(courier.raised, "the lost answer went unnoticed")
        need_fields(Thing.LEAD, rig.fields(Thing.LEAD, lead), {"name": "新"}, "in the CRM")


@case
def a_busy_crm_says_for_how_long(rig: Rig) -> None:
    """429 with Retry-After: Transient with those seconds, nothing written; then once."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "混雑 一"})
        one = touch(adapter, lead)
        spoiled(rig, "busy", retry_after=7.0)
        error = refused(lambda: adapter.push([one]))
        need(isinstance(error, Transient), f"was {type(error).__name__}")
        need(isinstance(error, Transient) and error.retry_after == 7.0, "the wait that the CRM asked for is given on")
        need(not rig.activities(lead), "nothing was written")
        written(rig, adapter, one)
        need_once(rig, lead, one.key)


@case
def a_busy_crm_need_not_say_for_how_long(rig: Rig) -> None:
    """429 without Retry-After: Transient, with no wait or one that the adapter knows; the same for reads."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "混雑 二"})
        one = touch(adapter, lead)
        spoiled(rig, "busy")
        error = refused(lambda: adapter.push([one]))
        need(isinstance(error, Transient), f"was {type(error).__name__}")
        spoiled(rig, "busy", on="read")
        error = refused(lambda: pulled(rig, adapter, Thing.LEAD))
        need(isinstance(error, Transient), f"a busy read was {type(error).__name__}")
        written(rig, adapter, one)
        need_once(rig, lead, one.key)


@case
def part_of_a_batch_that_failed_is_told_from_the_rest(rig: Rig) -> None:
    """One item of a batch fails (207, success per item): what is said to be written is, and the rest is not."""
    with opened(rig) as adapter:
        if adapter.capabilities().batch_atomic:
            raise Absent("a batch is all or nothing")
        leads = [rig.make(Thing.LEAD, {"name": f"顧客 {n}"}) for n in range(3)]
        batch = [touch(adapter, lead) for lead in leads]
        spoiled(rig, "partial")
        answered = _pushed(adapter, batch)
        for lead, one in zip(leads, batch, strict=True):
            there = list(rig.activities(lead)).count(one.key)
            need(there == (one.key in answered), "an item is said to be what it is not")
        need(len(answered) == 2, f"two of three are written, {len(answered)} were said to be")
        again = [replace(one, sure=False) for one in batch if one.key not in answered]
        written(rig, adapter, *again)
        for lead, one in zip(leads, batch, strict=True):
            need_once(rig, lead, one.key)


def _pushed(adapter: Adapter, batch: Sequence[Command]) -> set[str]:
    results = adapter.push(batch)
    need_answers(batch, results)
    lacking = [r for r in results if r.status is Status.REFUSED and not r.code]
    need(not lacking, "what failed has a code")
    return {one.key for one in results if one.status in WRITTEN}


@case
def a_key_that_ends_in_mid_batch_loses_nothing(rig: Rig) -> None:
    """The token ends while a batch is sent: renewed once, or Auth; whatever happens, each thing once."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "期限 切れ"})
        batch: list[Command] = [touch(adapter, lead, note=str(n)) for n in range(3)]
        batch.append(patch(adapter, lead, {"name": "期限 延長"}, {"name": "期限 切れ"}))
        spoiled(rig, "expire")
        courier = Courier(rig, adapter)
        results = courier.deliver(batch)
        if courier.adapter is not adapter:
            courier.adapter.close()
        need({one.status for one in results} <= WRITTEN, f"was {[one.status for one in results]}")
        need(all(isinstance(one, Auth) for one in courier.raised), _raised("an ended key is Auth", courier))
        need_once(rig, lead, *(one.key for one in batch[:3]))


@case
def a_read_that_fails_says_so(rig: Rig) -> None:
    """A failing read is Offline or Transient (a portal's page: Offline); the next one goes on where this stopped."""
    with opened(rig) as adapter:
        rig.make(Thing.LEAD, {"name": "読み 一"})
        wait(rig, adapter)
        for kind, wanted in (
            ("error", (Offline, Transient)),
            ("lost_before", (Offline, Transient)),
            ("truncated", (Offline, Transient)),
            ("html", (Offline,)),
        ):
            if not able(rig, kind):
                continue
            error = refused(lambda: adapter.changes(Thing.LEAD, None, Scope.TEAM))
            need(isinstance(error, wanted), f"{kind} was {type(error).__name__}")
        need(adapter.changes(Thing.LEAD, None, Scope.TEAM).rows, "and then it reads")


@case
def a_list_of_ids_is_whole_or_an_error(rig: Rig) -> None:
    """A list of ids that broke off is never given as a whole one (SYNC E5)."""
    with opened(rig) as adapter:
        rig.make_many(12)
        wait(rig, adapter)
        for kind in ("truncated", "error", "html", "lost_before"):
            if not able(rig, kind):
                continue
            refused(lambda: list(adapter.ids(Thing.LEAD, Scope.TEAM)))
        need(len(list(adapter.ids(Thing.LEAD, Scope.TEAM))) >= 12, "and then it is whole")


@case
def probing_answers_exactly(rig: Rig) -> None:
    """Of the keys asked for, those that were written are found, and no others."""
    with opened(rig) as adapter:
        able = adapter.capabilities()
        if able.probe_by_key == "none":
            raise Absent("keys cannot be asked for")
        lead = rig.make(Thing.LEAD, {"name": "照会 一"})
        there, never = [touch(adapter, lead) for _ in range(3)], [touch(adapter, lead) for _ in range(2)]
        born, unborn = new_lead(adapter, {"name": "照会 二"}), new_lead(adapter, {"name": "照会 三"})
        written(rig, adapter, *there)
        (made,) = written(rig, adapter, born)
        wait(rig, adapter)
        found = adapter.probe([asked(one) for one in (*never, *there, born, unborn)])
        need(set(found) == {one.key for one in (*there, born)}, "not exactly those that were written")
        need(found[born.key] in {made, ""}, "the id that is given is that of the record")
        need(adapter.probe([]) == {}, "nothing asked, nothing found")


@case
def facts_of_a_lead_that_was_made_here_go_to_it(rig: Rig) -> None:
    """A lead made here gets its activities under the id that the CRM gave it, in the next batch."""
    with opened(rig) as adapter:
        lead = made_lead(rig, adapter, _named_fields("続き 一"))
        one = touch(adapter, lead)
        written(rig, adapter, one)
        need_once(rig, lead, one.key)


def _named_fields(name: str) -> Fields:
    return {"name": name}
