"""Touches, next tasks and handoffs: facts that are added, kept whole, and carried into the CRM's own objects."""

from __future__ import annotations

from dataclasses import replace

from isdesk.crm.contract.driving import (
    AT,
    WRITTEN,
    Courier,
    Fields,
    Pulled,
    deliver,
    need_fields,
    need_object,
    need_once,
    new_id,
    opened,
    plain,
    pulled,
    spoiled,
    step,
    touch,
    touches_of,
    wait,
    written,
)
from isdesk.crm.contract.rig import Absent, Rig, case, extra, need
from isdesk.crm.port import Adapter, Row, Status, Thing
from isdesk.crm.writing import CUT, TAKEN_BACK

SOON, LATER = "2026-11-27T01:00:00+00:00", "2026-12-04T06:30:00+00:00"
"""When the next calls of the suite fall due; a CRM may keep the day only."""


def _mine(rows: list[Row], key: str) -> Row:
    """Return the row of a touch of ours, however the CRM keeps our id."""
    found = [row for row in rows if key in {row.local, row.fields.get("id"), row.id}]
    need(len(found) == 1, f"the touch came back {len(found)} times under its key")
    return found[0]


@case
def a_touch_comes_back_whole(rig: Rig) -> None:
    """A call comes to another desk with outcome, time, direction, duration, note and plan as it was recorded."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "往復 一"})
        said: Fields = {
            "outcome": "CALLBACK_EXACT", "direction": "out", "talk_s": 185, "reached": "contact_person",
            "note": "来週の金曜に再架電\n資料は送付済み", "number": "+81355551234",
            "plan": {"action": "callback_exact", "due_at": SOON, "why": "test"},
        }  # fmt: skip
        one = touch(adapter, lead, **said)
        written(rig, adapter, one)
        need_once(rig, lead, one.key)
        row = _mine(touches_of(rig, adapter, lead), one.key)
        wanted = {**said, "lead_id": lead, "at": AT, "channel": "phone"}
        if adapter.carried(Thing.TOUCH) is not None:
            wanted = {code: value for code, value in wanted.items() if code in _carried(adapter)}
        need_fields(Thing.TOUCH, row.fields, wanted, "the touch that came back")


def _carried(adapter: Adapter) -> frozenset[str]:
    return adapter.carried(Thing.TOUCH) or frozenset()


@case
def other_channels_are_kept_too(rig: Rig) -> None:
    """Mails, meetings and notes go out like calls, each once, and come back as what they were."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "経路 一"})
        sent = {
            channel: touch(adapter, lead, channel=channel, outcome=None, note=f"{channel} の記録")
            for channel in ("mail", "meeting", "note", "chat")
        }
        written(rig, adapter, *sent.values())
        need_once(rig, lead, *(one.key for one in sent.values()))
        rows = touches_of(rig, adapter, lead)
        for channel, one in sent.items():
            fields = _mine(rows, one.key).fields
            need(fields.get("channel") == channel, f"a {channel} came back as {fields.get('channel')}")


@case
def a_long_note_is_kept_or_visibly_cut(rig: Rig) -> None:
    """A note of 32,000 letters comes back whole or with the mark of a cut; a longer one also may be refused."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "長文 一"})
        note = "長" * 31_990 + "い話の終わり"
        for text, may_refuse in ((note[:32_000], False), (note + "。" * 20_000, True)):
            one = touch(adapter, lead, note=text)
            (result,) = deliver(rig, adapter, one)
            if result.status is Status.REFUSED and may_refuse:
                need(result.code and result.message, "a refusal has a code and words")
                continue
            need(result.status in WRITTEN, f"a note of {len(text)} letters was {result.status} {result.code}")
            kept = str(_mine(touches_of(rig, adapter, lead), one.key).fields.get("note") or "")
            cut = kept.rstrip().endswith(CUT.strip()) and kept[:20_000] == text[:20_000]
            need(kept == text or cut, f"a note of {len(text)} letters came back as {len(kept)} without a word")


@case
def a_touch_that_is_taken_back_is_marked(rig: Rig) -> None:
    """Undo after sending: the taking back is an activity of its own, and the first one is marked as such."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "取消 一"})
        first = touch(adapter, lead, note="間違い")
        (remote,) = written(rig, adapter, first)
        back = touch(adapter, lead, corrects=first.key, corrects_id=remote, void=True, outcome=None)
        written(rig, adapter, back)
        if adapter.capabilities().upsert_key != "none":
            written(rig, adapter, replace(back, sure=False))
        need_once(rig, lead, first.key, back.key)
        row = _mine(touches_of(rig, adapter, lead), back.key)
        need(
            row.fields.get("void") is True and row.fields.get("corrects") == first.key, "it does not come back as void"
        )
        try:
            titles = list(extra(rig).titles(lead))
        except Absent:
            return
        marked = sum(title.startswith(TAKEN_BACK) for title in titles)
        need(marked >= 1, "nobody can see in the CRM that it was taken back")


@case
def the_next_task_moves_and_closes(rig: Rig) -> None:
    """The plan of the newest touch is the lead's one open task: made, moved by the next touch, closed by the last."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "次回 一"})
        tasks = extra(rig).tasks
        need(list(tasks(lead)) == [], "there was a task before")
        retry, callback = "retry", "callback_exact"
        written(rig, adapter, touch(adapter, lead, plan={"action": retry, "due_at": SOON, "why": "t"}))
        need(_days(tasks(lead)) == [SOON[:10]], f"after the first touch: {list(tasks(lead))}")
        moving = touch(adapter, lead, plan={"action": callback, "due_at": LATER, "why": "t"})
        written(rig, adapter, moving)
        need(_days(tasks(lead)) == [LATER[:10]], f"after the second touch: {list(tasks(lead))}")
        if adapter.capabilities().upsert_key != "none":
            written(rig, adapter, replace(moving, sure=False))
            need(_days(tasks(lead)) == [LATER[:10]], "a resent touch made a second task")
        written(rig, adapter, touch(adapter, lead, outcome="REFUSED", plan={"action": None, "why": "t"}))
        need(list(tasks(lead)) == [], "a closed lead keeps its task")


def _days(said: object) -> list[str]:
    return [str(one)[:10] for one in said] if isinstance(said, (list, tuple)) else []


@case
def tasks_of_isdesk_do_not_come_in_as_touches(rig: Rig) -> None:
    """The next task that a touch left in the CRM is not taken for a contact."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "次回 二"})
        one = touch(adapter, lead, plan={"action": "retry", "due_at": SOON, "why": "t"})
        written(rig, adapter, one)
        need(len(touches_of(rig, adapter, lead)) == 1, "something besides the call came back as a touch")


def _handoff(rig: Rig, adapter: Adapter, lead: str, kind: str = "") -> str:
    """Submit and accept a handoff, the acceptance under a fault; returns the handoff's id."""
    need_object(adapter, Thing.TRANSITION)
    handoff = new_id()
    fields: Fields = {"payload": {"items": {"need": "在庫管理"}}, "to_fs": adapter.hello().me.id}
    written(rig, adapter, step(adapter, lead, handoff, "submit", **fields))
    rig.opportunities(lead)
    accept = step(adapter, lead, handoff, "accept")
    if kind:
        spoiled(rig, kind)
    courier = Courier(rig, adapter)
    (result,) = courier.deliver([accept])
    need(result.status in WRITTEN, f"the acceptance was {result.status} {result.code} {result.message}")
    need(not kind or courier.raised, f"the failure {kind} went unnoticed")
    return handoff


@case
def a_handoff_makes_one_opportunity(rig: Rig) -> None:
    """A handoff that was submitted and accepted is exactly one opportunity of the CRM, also when it is sent again."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "商談 一"})
        _handoff(rig, adapter, lead)
        need(rig.opportunities(lead) == 1, f"{rig.opportunities(lead)} opportunities")


@case
def a_handoff_makes_one_opportunity_though_the_answer_is_lost(rig: Rig) -> None:
    """The answer to the acceptance is lost in each way: still exactly one opportunity."""
    for kind in ("lost_after", "error_after", "lost_before"):
        with opened(rig) as adapter:
            lead = rig.make(Thing.LEAD, {"name": f"商談 {kind}"})
            _handoff(rig, adapter, lead, kind)
            need(rig.opportunities(lead) == 1, f"{kind}: {rig.opportunities(lead)} opportunities")


@case
def the_steps_of_a_handoff_come_back(rig: Rig) -> None:
    """Each step comes to another desk with handoff, action and payload."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "引継 一"})
        need_object(adapter, Thing.TRANSITION)
        handoff = new_id()
        one = step(adapter, lead, handoff, "submit", payload={"items": {"need": "在庫管理"}})
        written(rig, adapter, one)
        rows = list(pulled(rig, adapter, Thing.TRANSITION).now.values())
        if not adapter.capabilities().brings_history:
            rows = [*{row.id: row for row in (*rows, *adapter.history(Thing.TRANSITION, [lead]))}.values()]
        row = _mine([row for row in rows if row.fields.get("lead_id") == lead], one.key)
        wanted: Fields = {"handoff_id": handoff, "action": "submit", "payload": {"items": {"need": "在庫管理"}}}
        need_fields(Thing.TRANSITION, row.fields, wanted, "the step that came back")


@case
def the_result_of_an_opportunity_comes_back(rig: Rig) -> None:
    """Won or lost, with amount and reason: a step ``feedback`` of the handoff, once per state of the opportunity."""
    with opened(rig) as adapter:
        for won, name in ((True, "受注 一"), (False, "失注 一")):
            lead = rig.make(Thing.LEAD, {"name": name})
            handoff = _handoff(rig, adapter, lead)
            before = pulled(rig, adapter, Thing.TRANSITION)
            reason = "" if won else "価格"
            extra(rig).close_opportunity(lead, won=won, amount=1_200_000, reason=reason)
            after = pulled(rig, adapter, Thing.TRANSITION, before.cursor)
            rows = [row for row in after.since(before).values() if row.fields.get("action") == "feedback"]
            rows = [row for row in rows if row.fields.get("handoff_id") == handoff]
            need(len(rows) == 1, f"{name}: {len(rows)} results came")
            payload = rows[0].fields.get("payload")
            said = payload if isinstance(payload, dict) else {}
            need(said.get("result") == ("won" if won else "lost"), f"{name}: the result is {said.get('result')}")
            need(said.get("amount") == 1_200_000, f"{name}: the amount is {said.get('amount')}")
            need(won or "価格" in {said.get("reason"), said.get("factor")}, f"{name}: without its reason")
            again = pulled(rig, adapter, Thing.TRANSITION, after.cursor).since(Pulled([*before.rows, *after.rows]))
            more = [row for row in again.values() if row.fields.get("action") == "feedback"]
            need(not more, f"{name}: the same result came as new again")


@case
def ones_own_touch_is_recognised_when_it_comes_back(rig: Rig) -> None:
    """A touch of ours that comes with the stream says our id, so that no desk takes it for another one."""
    with opened(rig) as adapter, opened(rig, "ito") as other:
        lead = rig.make(Thing.LEAD, {"name": "反響 一"})
        one = touch(adapter, lead, note="反響")
        written(rig, adapter, one)
        wait(rig, other)
        for desk in (adapter, other):
            row = _mine(touches_of(rig, desk, lead), one.key)
            need(plain(Thing.TOUCH, row.fields).get("note") == "反響", "with its note")
