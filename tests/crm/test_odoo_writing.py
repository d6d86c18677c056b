"""What Odoo makes of what is written: tags and blacklists, stages, keys, tasks, handoffs and their results."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from isdesk.crm.odoo import Odoo
from isdesk.crm.odoo.schema import text_of
from isdesk.crm.port import Asked, Scope, Status, Thing, Transient
from tests.crm.fakes.odoo import ADMIN, ITO, SATO
from tests.crm.loopback import Answer, Fault, on
from tests.crm.odoo_kit import AT, lead_of, odoo, patch, pulled, rig, said_hello, step, tags_of, touch, with_map
from tests.crm.rig_odoo import Rig

__all__ = ["odoo", "rig"]


def test_a_sales_user_forbids_by_a_tag_and_an_administrator_by_the_blacklist_too(rig: Rig, odoo: Odoo) -> None:
    lead = rig.make(Thing.LEAD, {"name": "禁止", "phone_direct": "03-1234-5678", "email": "a@example.jp"})
    (done,) = odoo.push([patch(lead, {"dnc": True, "email_opt_out": True})])
    assert done.status is Status.ACKED
    assert tags_of(rig, lead) == {"架電禁止", "配信停止"}
    assert not rig.fake.models["phone.blacklist"].records
    (cleared,) = odoo.push([patch(lead, {"dnc": None}, {"dnc": True})])
    assert tags_of(rig, lead) == {"配信停止"}
    assert "dnc" not in (cleared.fields or {})
    admin = with_map(rig, "[handoff]\ntask = true", ADMIN)
    admin.push([patch(lead, {"dnc": True}), patch(lead, {"email_opt_out": True})])
    assert [one["number"] for one in rig.fake.models["phone.blacklist"].records.values()] == ["+81312345678"]
    (cleared,) = odoo.push([patch(lead, {"dnc": None}, {"dnc": True})])
    assert (cleared.fields or {})["dnc"] is True, "the blacklist still holds it"
    (cleared,) = admin.push([patch(lead, {"dnc": None}, {"dnc": True})])
    assert "dnc" not in (cleared.fields or {})
    assert [one["active"] for one in rig.fake.models["phone.blacklist"].records.values()] == [False]
    admin.push([patch(lead, {"dnc": True})])
    assert [one["active"] for one in rig.fake.models["phone.blacklist"].records.values()] == [True]


def test_stages_move_in_the_pipeline_or_stand_as_a_tag(rig: Rig, odoo: Odoo) -> None:
    lead = rig.make(Thing.LEAD, {"name": "段階"})
    for stage, column, tags in (
        ("sql", 2, set()),
        ("nurture", 2, {"ナーチャリング"}),
        ("disqualified", 2, {"対象外"}),
        ("opportunity", 3, set()),
    ):
        (row,) = odoo.fetch(Thing.LEAD, [lead])
        (done,) = odoo.push([patch(lead, {"stage": stage}, {"stage": row.fields.get("stage")})])
        assert done.status is Status.ACKED
        assert (done.fields or {})["stage"] == stage
        assert (lead_of(rig, lead)["stage_id"], tags_of(rig, lead)) == (column, tags)
    (refused,) = odoo.push([patch(lead, {"stage": "unheard_of"}, {"stage": "opportunity"})])
    assert (refused.status, refused.code, refused.message) == (Status.REFUSED, "odoo_choice_unknown", "stage")


def test_a_tag_that_somebody_made_at_the_same_time_is_taken(rig: Rig, odoo: Odoo) -> None:
    lead = rig.make(Thing.LEAD, {"name": "同時"})

    def theirs(request: Any) -> bool:
        if "/crm.tag/create" not in request.path:
            return False
        rig.fake.put("crm.tag", {"name": "架電禁止"})
        return True

    said = {"name": "odoo.exceptions.ValidationError", "message": "Tag name already exists!", "debug": ""}
    rig.fake.fail(Fault("status", theirs, Answer(422, said)))
    (done,) = odoo.push([patch(lead, {"dnc": True})])
    assert done.status is Status.ACKED
    assert tags_of(rig, lead) == {"架電禁止"}


def test_edits_of_a_record_that_odoo_takes_not_together_are_written_apart(rig: Rig, odoo: Odoo) -> None:
    lead = rig.make(Thing.LEAD, {"name": "一"})
    results = odoo.push(
        [
            patch(lead, {"title": "部長"}),
            patch(lead, {"stage": "unheard_of"}, {"stage": "mql"}),
            patch(lead, {"need": "在庫"}),
        ]
    )
    assert [one.status for one in results] == [Status.ACKED, Status.REFUSED, Status.ACKED]
    assert (lead_of(rig, lead)["function"], lead_of(rig, lead)["description"]) == ("部長", "<p>在庫</p>")


def test_a_source_or_list_that_odoo_has_not_is_added_under_its_name(rig: Rig, odoo: Odoo) -> None:
    lead = rig.make(Thing.LEAD, {"name": "経路"})
    (done,) = odoo.push([patch(lead, {"lead_source": "inquiry", "target_list": "十一月の架電"})])
    assert done.status is Status.ACKED
    assert (done.fields or {})["lead_source"] == "inquiry"
    assert "お問い合わせ" in {one["name"] for one in rig.fake.models["utm.source"].records.values()}
    assert "十一月の架電" in {one["name"] for one in rig.fake.models["utm.campaign"].records.values()}


def test_a_new_lead_stands_under_our_id_with_its_company_by_name(rig: Rig, odoo: Odoo) -> None:
    company = rig.make(Thing.COMPANY, {"name": "青葉原精機", "phone": "03-9999-0000"})
    local = str(uuid.uuid4())
    fields = {"name": "新規 太郎", "email": "n@example.jp", "phone_direct": "03-1111-2222", "company_id": company,
              "owner_id": str(SATO)}  # fmt: skip
    one = replace(patch("", fields, local=local), company={"name": "青葉原精機"})
    (done,) = odoo.push([one])
    assert done.status is Status.ACKED
    number = done.remote_id or ""
    lead = lead_of(rig, number)
    assert (lead["name"], lead["partner_name"]) == ("青葉原精機", "青葉原精機")
    assert not lead.get("partner_id"), "linking a customer would write the lead's mail and number over the company's"
    assert rig.fields(Thing.COMPANY, company)["phone"] == "03-9999-0000"
    assert (done.fields or {})["company_id"] == company
    assert pulled(odoo, Thing.LEAD)[0][number].local == local
    assert odoo.probe([Asked(one.key, Thing.LEAD, local), Asked("x", Thing.LEAD, "none")]) == {one.key: number}
    rig.edit(Thing.LEAD, number, {"title": "社長"})
    (again,) = odoo.push([replace(one, sure=False)])
    assert (again.status, again.remote_id) == (Status.DUPLICATE, number)
    assert lead_of(rig, number)["function"] == "社長", "sent again, it overwrites nothing"


def test_a_task_that_odoo_refuses_does_not_hold_up_the_call(rig: Rig, odoo: Odoo) -> None:
    lead = rig.make(Thing.LEAD, {"name": "活動"})
    rig.fake.models["mail.activity"].shut = frozenset({"create"})
    (done,) = odoo.push([touch(lead, plan={"action": "retry", "due_at": AT})])
    assert (done.status, done.code) == (Status.ACKED, "odoo_task_refused")
    assert done.message
    assert len(rig.activities(lead)) == 1


def test_a_task_that_was_done_in_odoo_is_left_and_a_new_one_made(rig: Rig, odoo: Odoo) -> None:
    lead = rig.make(Thing.LEAD, {"name": "活動"})
    odoo.push([touch(lead, plan={"action": "retry", "due_at": "2026-11-27T01:00:00+00:00"})])
    (task,) = rig.fake.models["mail.activity"].records
    odoo._rpc.write("mail.activity", "action_feedback", ids=[task], feedback="済")
    odoo.push([touch(lead, plan={"action": "retry", "due_at": "2026-12-04T01:00:00+00:00"})])
    assert rig.tasks(lead) == ["2026-12-04"]
    assert rig.fake.models["mail.activity"].records[task]["feedback"] == "済"


def test_a_call_on_somebody_elses_lead_is_refused_with_odoos_words(rig: Rig, odoo: Odoo) -> None:
    theirs, mine = rig.make(Thing.LEAD, {"name": "人の"}, owner="ito"), rig.make(Thing.LEAD, {"name": "私の"})
    rig.fake.own_only.add(SATO)
    results = odoo.push([touch(theirs), touch(mine), touch("999999"), touch("")])
    assert [(one.status, one.code) for one in results] == [
        (Status.REFUSED, "odoo_no_right"),
        (Status.ACKED, ""),
        (Status.GONE, "record_gone"),
        (Status.GONE, "record_gone"),
    ]
    assert results[0].message


def test_a_message_shows_people_what_was_said(rig: Rig, odoo: Odoo) -> None:
    lead = rig.make(Thing.LEAD, {"name": "表示"})
    plan = {"action": "retry", "due_at": "2026-11-27T01:00:00+00:00"}
    odoo.push([touch(lead, outcome="NO_ANSWER", talk_s=185, number="+81355551234", note="<b>メモ</b>", plan=plan)])
    odoo.push([touch(lead, direction="in", outcome="X_OWN")])
    first, second = (one for one in rig.fake.models["mail.message"].records.values())
    assert (first["subject"], second["subject"]) == ("架電: 不在", "受電: X_OWN")
    shown = first["body"].partition('<p class="d-none">')[0]
    assert text_of(shown) == "不在 ・ 通話 3分05秒 ・ +81355551234 ・ 次回 2026-11-27 10:00\n<b>メモ</b>"
    assert first["date"].isoformat() == "2026-11-20T01:00:00"
    assert (first["mail_activity_type_id"], first["subtype_id"]) == (2, 3)


def test_fields_that_the_team_added_to_messages_are_filled(rig: Rig) -> None:
    from tests.crm.fakes.odoo_orm import Field

    fields = rig.fake.models["mail.message"].fields
    fields |= {"x_result": Field("char"), "x_seconds": Field("integer")}
    odoo = with_map(rig, '[touch]\nfields = { outcome = { field = "x_result", values = { "不在です" = "NO_ANSWER" } }, '
                         'talk_s = { field = "x_seconds", as = "int" } }')  # fmt: skip
    lead = rig.make(Thing.LEAD, {"name": "項目"})
    odoo.push([touch(lead, outcome="NO_ANSWER", talk_s=12)])
    (one,) = rig.fake.models["mail.message"].records.values()
    assert (one["x_result"], one["x_seconds"]) == ("不在です", 12)
    theirs = {"model": "crm.lead", "res_id": int(lead), "message_type": "comment", "body": "", "x_result": "不在です"}
    number = str(rig.fake.put("mail.message", {**theirs, "x_seconds": 7}))
    row = pulled(odoo, Thing.TOUCH)[0][number]
    assert (row.fields["outcome"], row.fields["talk_s"]) == ("NO_ANSWER", 7)


def test_a_load_that_met_another_request_is_tried_again_later(rig: Rig, odoo: Odoo) -> None:
    lead = rig.make(Thing.LEAD, {"name": "競合"})
    words = "could not serialize access due to concurrent update\n"
    said = {"ids": False, "messages": [{"record": 0, "type": "error", "message": words}], "nextrow": 0}
    rig.fake.fail(Fault("status", on(part="mail.message/load"), Answer(200, said)))
    with pytest.raises(Transient):
        odoo.push([touch(lead)])
    rig.fake.fail(Fault("status", on(part="crm.lead/load"), Answer(200, said)))
    with pytest.raises(Transient):
        odoo.push([patch("", {"name": "新"}, local=str(uuid.uuid4()))])


# ------------------------------------------------------------------------------------------------------------- handoffs


def test_field_sales_hears_of_a_handoff_and_may_become_the_owner(rig: Rig) -> None:
    odoo = with_map(rig, '[handoff]\nassign = true\nstage = "Qualified"')
    lead, handoff = rig.make(Thing.LEAD, {"name": "引継"}), str(uuid.uuid4())
    odoo.push([step(lead, handoff, "submit", to_fs=str(ITO))])
    (task,) = rig.fake.models["mail.activity"].records.values()
    assert (task["user_id"], task["summary"]) == (ITO, "引き継ぎの確認")
    assert lead_of(rig, lead)["type"] == "lead"
    odoo.push([step(lead, handoff, "accept", to_fs=str(ITO))])
    assert not rig.fake.models["mail.activity"].records
    now = lead_of(rig, lead)
    assert (now["type"], now["user_id"], now["stage_id"]) == ("opportunity", ITO, 2)


def test_a_handoff_may_convert_at_its_submission_and_tell_nobody(rig: Rig) -> None:
    odoo = with_map(rig, '[handoff]\non = "submit"\ntask = false')
    lead = rig.make(Thing.LEAD, {"name": "引継"})
    one = step(lead, str(uuid.uuid4()), "submit", to_fs=str(ITO))
    assert odoo.push([one])[0].status is Status.ACKED
    assert odoo.push([one])[0].status is Status.DUPLICATE
    assert lead_of(rig, lead)["type"] == "opportunity"
    assert lead_of(rig, lead)["user_id"] == SATO
    assert not rig.fake.models["mail.activity"].records


def test_results_come_for_ones_own_handoffs_with_the_win_factor(rig: Rig) -> None:
    from tests.crm.fakes.odoo_orm import Field

    rig.fake.models["crm.lead"].fields["x_factor"] = Field("char")
    odoo = with_map(rig, '[handoff]\nfactor = "x_factor"')
    ito = said_hello(rig.connect("ito"))
    lead, handoff = rig.make(Thing.LEAD, {"name": "受注"}), str(uuid.uuid4())
    rig.close_opportunity(rig.make(Thing.LEAD, {"name": "引き継がず"}), won=True)
    odoo.push([step(lead, handoff, "submit"), step(lead, handoff, "accept")])
    rig.fake.change("crm.lead", int(lead), {"x_factor": "提案力"})
    rig.close_opportunity(lead, won=True, amount=500)
    rig.give(lead, "ito")
    rows, _ = pulled(odoo, Thing.TRANSITION, scope=Scope.MINE)
    results = [row for row in rows.values() if row.fields["action"] == "feedback"]
    assert [row.fields["payload"] for row in results] == [{"result": "won", "amount": 500, "factor": "提案力"}]
    theirs, _ = pulled(ito, Thing.TRANSITION, scope=Scope.MINE)
    assert not [row for row in theirs.values() if row.fields["action"] == "feedback"]
