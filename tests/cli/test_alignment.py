"""The verbs ``pack`` and ``drift`` on a real profile: keys, counts, records, the document."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from isdesk.clock import TOKYO
from isdesk.desk import Desk
from isdesk.domain.changes import Value
from isdesk.services import aligning, handoffs, leads
from tests.cli.conftest import FS, Shell
from tests.services.test_handoffs import HEARD


@pytest.fixture
def busy(desk: Shell) -> Shell:
    """A profile with a handoff that FS gave back, a decision and an action item of this week."""
    lead = desk.json("search", "佐藤")["items"][0]["lead_id"]
    made = Desk.open(desk.profile)
    ctx = made.ctx
    company: dict[str, Value] = {"company.industry": "製造", "company.employees": 10, "company.prefecture": "愛知県"}
    met = (ctx.now() + timedelta(days=3)).isoformat()
    leads.edit(
        ctx, lead, {**HEARD, **company, "department": "購買部", "title": "部長", "meeting_at": met, "fs_id": FS.id}
    )
    made.close()
    assert desk("record", lead, "INTERESTED", "--reached", "decision_maker").code == 0
    made = Desk.open(desk.profile)
    ctx = made.ctx
    handoffs.submit(ctx, lead, FS.id)
    handoffs.return_(ctx, lead, "issue_unclear")
    today = ctx.now().astimezone(TOKYO).date()
    ctx.me = replace(ctx.me, role="team_lead")
    week = f"week:{today - timedelta(days=today.weekday())}"
    aligning.decide(ctx, week, "課題の聞き方をそろえる", key="checklist.issue", agreed=[FS.id])
    aligning.act(ctx, week, "質問を直す", owner=FS.id, due=today)
    made.close()
    return desk


def test_a_pack_has_its_parts_in_the_order_of_the_agenda(busy: Shell) -> None:
    today = busy.json("queue")["at"][:10]
    data = busy.json("pack", "--week", today)
    assert data["kind"] == "week"
    assert [one["code"] for one in data["figures"]][:2] == ["dial_count", "answer_rate"]
    assert [(one["kind"], one["keys"]) for one in data["cases"]] == [("returned", ["checklist"])]
    assert "checklist" in {one["key"] for one in data["questions"]}
    assert [one["text"] for one in data["decisions"]] == ["課題の聞き方をそろえる"]
    assert [(one["text"], one["owner"]) for one in data["actions"]] == [("質問を直す", FS.id)]
    assert data["file"] is None
    text = busy("pack", "--week", today).out
    for part in ("外れた案件", "差し戻し", "佐藤 花子", "定義と実態のずれ", "課題の聞き方をそろえる", "質問を直す"):
        assert part in text
    assert "Deviating cases" in busy("pack", "--week", today, lang="en").out
    assert busy.json("pack", "--month", today)["kind"] == "month"


def test_a_document_is_written_and_noted(busy: Shell, tmp_path: Path) -> None:
    today = busy.json("queue")["at"][:10]
    for lang, word in (("ja", "握り直し会議"), ("en", "Alignment meeting")):
        path = tmp_path / f"{lang}.html"
        assert busy("pack", "--week", today, "--html", str(path), lang=lang).code == 0
        text = path.read_text(encoding="utf-8")
        assert word in text
        assert "課題の聞き方をそろえる" in text
        assert "佐藤 花子" in text
    made = Desk.open(busy.profile)
    with made.ctx.store.read() as tx:
        noted = tx.sql("SELECT count(*) FROM journal WHERE verb = 'export'").fetchone()[0]
    made.close()
    assert noted == 2


def test_drift_has_count_denominator_share_and_opens_its_records(busy: Shell) -> None:
    lines = {one["line"]: one for one in busy.json("drift")["lines"]}
    assert {"count", "denominator", "share", "low", "high", "before", "key", "steps", "moved"} <= set(
        lines["below_bar"]
    )
    first = lines["below_bar"]
    assert first["denominator"] == 1
    for code, line in lines.items():
        assert len(busy.json("drift", "--line", code)["records"]) == line["count"], code
    assert "score.mql_bar" in busy("drift").out


@pytest.mark.parametrize("words", [("pack", "--week", "moon"), ("drift", "--line", "nosuch"), ("pack", "--week")])
def test_wrong_words_are_wrong_usage(desk: Shell, words: tuple[str, ...]) -> None:
    assert desk(*words).code == 2


def test_a_week_that_has_not_begun_is_refused(desk: Shell) -> None:
    ran = desk("pack", "--week", "2999-01-01")
    assert ran.code == 1
    assert "まだ始まっていません" in ran.err
