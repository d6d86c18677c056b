"""``handoff`` with the meeting and the feedback, and ``approvals``: the same services, with stable keys."""

from __future__ import annotations

from dataclasses import replace

from isdesk.desk import Desk
from isdesk.domain.approvals import Asks
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member
from isdesk.services import approvals, references
from isdesk.store import members
from tests.cli.conftest import FS, Shell

HEARD = (
    "issue=集計に丸1日", "purpose=締めを早める", "need=電子化", "adoption_timing=3_months", "interest_product=見積管理",
    "competitor=表計算", "issue_hypothesis=窓口が分散", "reaction_log=乗り気", "meeting_at=2030-01-10 14:00",
    "meeting_place=オンライン", "meeting_attendees=佐藤様", "department=購買部", "title=部長",
    "company.industry=製造", "company.employees=320", "company.prefecture=愛知県",
)  # fmt: skip
LEAD = "佐藤 花子"


def ready(desk: Shell) -> None:
    """Hand a lead over."""
    for fact in HEARD:
        assert desk("set", LEAD, fact).code == 0
    assert desk("record", LEAD, "INTERESTED").code == 0
    assert desk.json("handoff", LEAD, "--to", FS.name, "--submit")["status"] == "submitted"


def test_the_meeting_is_noted_and_shown(desk: Shell) -> None:
    ready(desk)
    shown = desk.json("handoff", LEAD)
    assert shown["minutes_left"] is not None
    meeting = {one["item"]: one for one in shown["meeting"]}
    assert (meeting["issue"]["text"], meeting["issue"]["source"]) == ("集計に丸1日", "handoff")
    noted = desk.json("handoff", LEAD, "--prepare", "kpi=締めまでの日数", "--prepare", "target=5日 → 3日")
    assert noted["journal_id"]
    meeting = {one["item"]: one for one in noted["meeting"]}
    assert (meeting["kpi"]["step"], meeting["kpi"]["text"], meeting["kpi"]["source"]) == (
        "verification",
        "締めまでの日数",
        "fs",
    )
    text = desk("handoff", LEAD).out
    assert "商談の準備" in text
    assert "5日 → 3日" in text
    refused = desk("handoff", LEAD, "--prepare", "mood=x")
    assert refused.code == 1
    assert "mood" in refused.err


def test_feedback_says_where_it_stands(desk: Shell) -> None:
    ready(desk)
    assert desk.json("handoff", LEAD, "--accept")["feedback"]["state"] == "ahead"
    refused = desk("handoff", LEAD, "--feedback", "won", "amount=1200000")
    assert refused.code == 1
    done = desk.json("handoff", LEAD, "--feedback", "won", "amount=1,200,000", "factor=issue_fit", "reasked=timing")
    assert done["feedback"] == {
        "state": "done",
        "by": done["feedback"]["by"],
        "result": "won",
        "amount": 1_200_000,
        "factor": "issue_fit",
        "reasked": ["timing"],
    }
    (told,) = [one["told"] for one in desk.json("lead", LEAD)["timeline"] if one["code"] == "feedback"]
    assert told["result"] == "won"


def test_requests_are_listed_and_answered(desk: Shell) -> None:
    made = Desk.open(desk.profile)
    ctx = made.ctx
    rep = Member(MemberId("m-rep"), "小川 彩", "rep", "ogawa@example.jp")
    with ctx.store.write() as tx:
        members.put(tx, [rep, replace(ctx.me, role="team_lead")])
    ctx.members[rep.id] = rep
    ctx.me = rep
    lead = references.lead(ctx, LEAD)
    asked, _ = approvals.ask(ctx, Asks.STAGE, "確認済み", lead_id=lead, details={"stage": "sql"})
    other, _ = approvals.ask(ctx, Asks.STAGE, "急ぎ", lead_id=lead, details={"stage": "nurture"})
    made.close()
    listed = desk.json("approvals")["items"]
    assert [(one["request"], one["asks"], one["reason"], one["mine"]) for one in listed] == [
        (asked, "stage", "確認済み", True),
        (other, "stage", "急ぎ", True),
    ]
    assert "小川 彩" in desk("approvals").out
    assert desk("approvals", "--reject", other).code == 1
    assert desk("approvals", "--approve", "nothing").code == 1
    left = desk.json("approvals", "--reject", other, "--reason", "まだ早い")
    assert [one["request"] for one in left["items"]] == [asked]
    assert desk.json("approvals", "--approve", asked)["items"] == []
    assert desk.json("lead", LEAD)["state"]["stage"] == "sql"
    every = desk.json("approvals", "--all")["items"]
    assert [(one["status"], one["answer"]) for one in every] == [("approved", ""), ("rejected", "まだ早い")]
