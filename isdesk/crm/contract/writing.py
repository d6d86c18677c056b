"""Records: what is written comes back, nothing unseen is overwritten, one that is refused holds up nobody."""

from __future__ import annotations

import unicodedata

from isdesk.crm.contract.driving import (
    COMPANY,
    WRITTEN,
    Courier,
    deliver,
    holds,
    made_lead,
    need_field,
    need_fields,
    need_once,
    new_lead,
    opened,
    patch,
    plain,
    pulled,
    second_text,
    touch,
    touches_of,
    value_for,
    written,
)
from isdesk.crm.contract.rig import Absent, Rig, case, extra, need
from isdesk.crm.port import Permanent, Status, Thing
from isdesk.crm.writing import named_company
from isdesk.domain.changes import Value


@case
def it_says_who_we_are(rig: Rig) -> None:
    """Hello names a person of the team and the same life of the data each time; another person is another."""
    with opened(rig) as adapter, opened(rig, "ito") as other:
        mine, theirs = adapter.hello(), other.hello()
        need(mine.me.id and mine.me.id != theirs.me.id, "two people must have two ids")
        need(mine.epoch and mine.epoch == theirs.epoch, "one CRM has one epoch")
        need({mine.me.id, theirs.me.id} <= {p.id for p in adapter.members()}, "both belong to the team")
        need(adapter.name == other.name and adapter.name, "the name is that of the connection")


@case
def it_describes_its_fields(rig: Rig) -> None:
    """Describe gives the fields of a lead, and what it says to carry is among what it describes."""
    with opened(rig) as adapter:
        described = {one.code for one in adapter.describe(Thing.LEAD)}
        need("name" in described, "a lead has a name")
        carried = adapter.carried(Thing.LEAD)
        need(carried is None or carried <= described | {"company_id", "owner_id"}, "carried fields are described")


@case
def a_record_comes_back_as_it_was_written(rig: Rig) -> None:
    """A lead made here stands in the CRM and comes back with the same values and the CRM's id."""
    with opened(rig) as adapter:
        wanted: dict[str, Value] = {"name": "髙橋 一郎"}
        for number, code in enumerate(("title", "department", "phone_direct", "email"), 1):
            if holds(adapter, code):
                wanted[code] = value_for(code, number)
        lead = made_lead(rig, adapter, wanted)
        need_fields(Thing.LEAD, rig.fields(Thing.LEAD, lead), wanted, "in the CRM")
        row = pulled(rig, adapter, Thing.LEAD).now.get(lead)
        need_fields(Thing.LEAD, row.fields if row is not None else None, wanted, "pulled")
        (fetched,) = adapter.fetch(Thing.LEAD, [lead])
        need_fields(Thing.LEAD, fetched.fields, wanted, "fetched")


@case
def rows_hold_what_is_carried_and_nothing_empty(rig: Rig) -> None:
    """A row's codes are carried ones, and an empty value is left out, not given as an empty text."""
    with opened(rig) as adapter:
        code = second_text(adapter)
        lead = rig.make(Thing.LEAD, {"name": "山本 恵", code: value_for(code)})
        rig.edit(Thing.LEAD, lead, {code: None})
        row = pulled(rig, adapter, Thing.LEAD).now[lead]
        carried = adapter.carried(Thing.LEAD)
        need(carried is None or row.fields.keys() <= carried, "a row holds a field that is not carried")
        empty = [one for one, value in row.fields.items() if value is None or value == ""]
        need(not empty, f"empty values in a row: {empty}")


@case
def japanese_text_and_four_byte_characters_survive(rig: Rig) -> None:
    """Kanji beyond the first plane, emoji, wide and half-width kana, quotes and line ends come back as they went."""
    with opened(rig) as adapter:
        lead = made_lead(rig, adapter, {"name": "𠮷野 家子 🐟ﾊﾝｶｸ～①"})
        need_fields(Thing.LEAD, rig.fields(Thing.LEAD, lead), {"name": "𠮷野 家子 🐟ﾊﾝｶｸ～①"}, "in the CRM")
        note = "「不在」👨‍👩‍👧‍👦\n二行目 '引用' \"二重\" <b>太字</b> & ￥ \\ 𩸽"
        one = touch(adapter, lead, note=note)
        written(rig, adapter, one)
        rows = [row for row in touches_of(rig, adapter, lead) if row.fields.get("note")]
        need(len(rows) == 1, "the touch did not come back")
        need_fields(Thing.TOUCH, rows[0].fields, {"note": note}, "the touch that came back")


@case
def a_base_in_another_form_is_no_conflict(rig: Rig) -> None:
    """NFC and NFD, blanks at the ends and line ends are one value: an edit upon it is written (SYNC E4)."""
    with opened(rig) as adapter:
        composed = "ガイド・パリ"
        lead = rig.make(Thing.LEAD, {"name": unicodedata.normalize("NFD", composed)})
        edit = patch(adapter, lead, {"name": "ガイド・ローマ"}, {"name": composed})
        (result,) = deliver(rig, adapter, edit)
        need(result.status in WRITTEN, f"a difference of form only was {result.status}")
        need_fields(Thing.LEAD, rig.fields(Thing.LEAD, lead), {"name": "ガイド・ローマ"}, "in the CRM")


@case
def an_unseen_value_is_not_overwritten(rig: Rig) -> None:
    """A field that is not as the sender had seen it: conflict, with the whole record, and nothing written (I4)."""
    with opened(rig) as adapter:
        code = second_text(adapter)
        lead = rig.make(Thing.LEAD, {"name": "佐々木 遥", code: value_for(code, 1)})
        rig.edit(Thing.LEAD, lead, {"name": "佐々木 遙"})
        late = patch(
            adapter, lead, {"name": "佐佐木", code: value_for(code, 2)}, {"name": "佐々木 遥", code: value_for(code, 1)}
        )
        (result,) = deliver(rig, adapter, late)
        need(result.status is Status.CONFLICT, f"expected a conflict, was {result.status}")
        stands: dict[str, Value] = {"name": "佐々木 遙", code: value_for(code, 1)}
        need_fields(Thing.LEAD, result.fields, stands, "the record given with the conflict")
        need_fields(Thing.LEAD, rig.fields(Thing.LEAD, lead), stands, "in the CRM")
        rebased = patch(adapter, lead, {code: value_for(code, 2)}, {code: value_for(code, 1)})
        written(rig, adapter, rebased)
        need_fields(Thing.LEAD, rig.fields(Thing.LEAD, lead), {**stands, code: value_for(code, 2)}, "after rebasing")


@case
def only_what_changed_is_written(rig: Rig) -> None:
    """A colleague's edit of another field, made since we last looked, stays."""
    with opened(rig) as adapter:
        code = second_text(adapter)
        lead = rig.make(Thing.LEAD, {"name": "今井 修"})
        pulled(rig, adapter, Thing.LEAD)
        rig.edit(Thing.LEAD, lead, {code: value_for(code, 3)})
        written(rig, adapter, patch(adapter, lead, {"name": "今井 修一"}, {"name": "今井 修"}))
        wanted: dict[str, Value] = {"name": "今井 修一", code: value_for(code, 3)}
        need_fields(Thing.LEAD, rig.fields(Thing.LEAD, lead), wanted, "in the CRM")


@case
def the_value_that_stands_already_is_no_conflict(rig: Rig) -> None:
    """A command whose values all stand there is acknowledged, whatever its base was."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "大野 誠"})
        (result,) = deliver(rig, adapter, patch(adapter, lead, {"name": "大野 誠"}, {"name": "大野"}))
        need(result.status in WRITTEN, f"was {result.status}")


@case
def empty_is_absent(rig: Rig) -> None:
    """None clears a field; nothing, an empty text and a field that is not there are one and never conflict."""
    with opened(rig) as adapter:
        code = second_text(adapter)
        lead = rig.make(Thing.LEAD, {"name": "河合 結", code: value_for(code)})
        written(rig, adapter, patch(adapter, lead, {code: None}, {code: value_for(code)}))
        need(code not in plain(Thing.LEAD, rig.fields(Thing.LEAD, lead)), "the field was not cleared")
        (row,) = adapter.fetch(Thing.LEAD, [lead])
        need(code not in row.fields, "a cleared field is left out of the row")
        written(rig, adapter, patch(adapter, lead, {code: value_for(code, 2)}, {code: ""}))
        need_fields(Thing.LEAD, rig.fields(Thing.LEAD, lead), {code: value_for(code, 2)}, "in the CRM")


@case
def later_commands_of_a_batch_see_the_earlier(rig: Rig) -> None:
    """Edits of one record in one batch stand on one another; the one that does not fit is the only conflict."""
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": "a"})
        batch = [
            patch(adapter, lead, {"name": "b"}, {"name": "a"}),
            patch(adapter, lead, {"name": "x"}, {"name": "a"}),
            patch(adapter, lead, {"name": "c"}, {"name": "b"}),
        ]
        statuses = [one.status for one in deliver(rig, adapter, *batch)]
        need(statuses == [Status.ACKED, Status.CONFLICT, Status.ACKED], f"was {statuses}")
        need_fields(Thing.LEAD, rig.fields(Thing.LEAD, lead), {"name": "c"}, "in the CRM")


@case
def a_batch_is_answered_in_its_order(rig: Rig) -> None:
    """Creations, edits and activities mixed: one result each, in order, each of its own record."""
    with opened(rig) as adapter:
        leads = [rig.make(Thing.LEAD, {"name": f"顧客 {n}"}) for n in range(3)]
        calls = [touch(adapter, lead) for lead in leads]
        batch = [
            calls[0],
            new_lead(adapter, {"name": "新規 一"}),
            patch(adapter, leads[1], {"name": "顧客 一"}, {"name": "顧客 1"}),
            calls[1],
            new_lead(adapter, {"name": "新規 二"}),
            calls[2],
        ]
        ids = written(rig, adapter, *batch)
        for command, remote in ((batch[1], ids[1]), (batch[4], ids[4])):
            need_fields(Thing.LEAD, rig.fields(Thing.LEAD, remote), command.payload, "a lead made in the batch")
        need_fields(Thing.LEAD, rig.fields(Thing.LEAD, leads[1]), {"name": "顧客 一"}, "the edited lead")
        for lead, call in zip(leads, calls, strict=True):
            need_once(rig, lead, call.key)


@case
def do_not_call_only_tightens(rig: Rig) -> None:
    """A do-not-call is set whatever the base was; it is cleared only by one who had seen it set (SYNC I8)."""
    with opened(rig) as adapter:
        if not adapter.capabilities().dnc_fields:
            raise Absent("the CRM has no do-not-call")
        need_field(adapter, "dnc")
        lead = rig.make(Thing.LEAD, {"name": "西 真"})
        written(rig, adapter, patch(adapter, lead, {"dnc": True}, {"dnc": None}))
        need_fields(Thing.LEAD, rig.fields(Thing.LEAD, lead), {"dnc": True}, "set")
        unseen = patch(adapter, lead, {"dnc": None, "name": "西 真人"}, {"dnc": None, "name": "西 真"})
        deliver(rig, adapter, unseen)
        need_fields(Thing.LEAD, rig.fields(Thing.LEAD, lead), {"dnc": True}, "after a clearing that had not seen it")
        again = patch(adapter, lead, {"dnc": True}, {"dnc": False})
        need(deliver(rig, adapter, again)[0].status in WRITTEN, "setting it twice is no conflict")
        written(rig, adapter, patch(adapter, lead, {"dnc": None}, {"dnc": True}))
        need_fields(Thing.LEAD, rig.fields(Thing.LEAD, lead), {"dnc": None}, "after a clearing that had seen it")


@case
def do_not_call_comes_in(rig: Rig) -> None:
    """A do-not-call or mail opt-out that a colleague set in the CRM comes with the next pull."""
    with opened(rig) as adapter:
        code = need_field(adapter, "dnc", "email_opt_out")
        lead = rig.make(Thing.LEAD, {"name": "東 あおい", "email": "azuma@example.jp", "phone_direct": "03-5555-1234"})
        before = pulled(rig, adapter, Thing.LEAD)
        rig.edit(Thing.LEAD, lead, {code: True})
        row = pulled(rig, adapter, Thing.LEAD, before.cursor).since(before).get(lead)
        need(row is not None and row.fields.get(code) is True, "it did not come")


@case
def what_is_refused_holds_up_nobody(rig: Rig) -> None:
    """One that the CRM will never take is refused with its words; the others of its batch are written, once each.

    A CRM that rejects the whole batch raises Permanent; halving leads to the one culprit.
    """
    with opened(rig) as adapter:
        leads = [rig.make(Thing.LEAD, {"name": f"顧客 {n}"}) for n in range(4)]
        calls = [touch(adapter, lead) for lead in leads]
        try:
            wrong = dict(extra(rig).refusable())
        except Absent:
            wrong = {"name": "長" * 1_000_001}
        poison = new_lead(adapter, wrong)
        courier = Courier(rig, adapter)
        results = courier.deliver([calls[0], calls[1], poison, calls[2], calls[3]])
        if results[2].status in WRITTEN:
            raise Absent("the CRM takes whatever it is given")
        need(results[2].status is Status.REFUSED, f"the culprit was {results[2].status}")
        need(results[2].code, "a refusal has a code")
        need(results[2].message, "a refusal has the CRM's words")
        others = [one.status for one in (*results[:2], *results[3:])]
        need(set(others) <= WRITTEN, f"the others were {others}")
        raised = any(isinstance(one, Permanent) for one in courier.raised)
        need(not raised or adapter.capabilities().batch_atomic, "only an all-or-nothing batch is rejected as a whole")
        for lead, call in zip(leads, calls, strict=True):
            need_once(rig, lead, call.key)


@case
def the_owner_goes_both_ways(rig: Rig) -> None:
    """The owner of a lead is a person of the team by the CRM's id, read and written."""
    with opened(rig) as adapter, opened(rig, "ito") as other:
        need_field(adapter, "owner_id")
        mine, theirs = adapter.hello().me.id, other.hello().me.id
        lead = rig.make(Thing.LEAD, {"name": "関 一"}, owner="sato")
        (row,) = adapter.fetch(Thing.LEAD, [lead])
        need(row.fields.get("owner_id") == mine, "the owner is read")
        written(rig, adapter, patch(adapter, lead, {"owner_id": theirs}, {"owner_id": mine}))
        (row,) = adapter.fetch(Thing.LEAD, [lead])
        need(row.fields.get("owner_id") == theirs, "the owner is written")


@case
def a_company_that_a_lead_names_can_be_had(rig: Rig) -> None:
    """Every company id among the leads is of a company that comes along: in its own stream, or beside the leads."""
    with opened(rig) as adapter:
        need_field(adapter, "company_id")
        known = Thing.COMPANY in adapter.capabilities().objects
        company = rig.make(Thing.COMPANY, {"name": COMPANY}) if known else named_company(COMPANY)
        lead = made_lead(rig, adapter, {"name": "社員 一", "company_id": company})
        rig.make(Thing.LEAD, {"name": "社員 二"})
        found = pulled(rig, adapter, Thing.LEAD)
        named = {str(row.fields["company_id"]) for row in found.rows if row.fields.get("company_id")}
        need(found.now[lead].fields.get("company_id") == company, "the lead made with a company does not name it")
        beside = {row.id: row for row in found.beside.get(Thing.COMPANY, ())}
        own = pulled(rig, adapter, Thing.COMPANY).now if Thing.COMPANY in adapter.capabilities().objects else {}
        missing = named - beside.keys() - own.keys()
        need(not missing, f"{len(missing)} companies are named and never come")
        need(all(row.fields.get("name") for row in (*beside.values(), *own.values())), "a company has a name")
