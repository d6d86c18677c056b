"""Tables out of a real database: whose they are, what they hold, and that each is noted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.ids import LeadId
from isdesk.files.reading import open_table
from isdesk.services import calls, exports, leads
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from tests.services.conftest import FS, OTHER, HandClock, add


def table(path: Path) -> list[dict[str, str]]:
    found = open_table(path)
    return [dict(zip(found.headers, row.cells, strict=True)) for row in found.rows()]


def noted(ctx: Context) -> list[dict[str, object]]:
    with ctx.store.read() as tx:
        return [json.loads(r[0]) for r in tx.sql("SELECT summary FROM journal WHERE verb = 'export' ORDER BY seq")]


def test_leads_as_people_read_them(ctx: Context, lead: LeadId, tmp_path: Path) -> None:
    leads.edit(ctx, lead, {"adoption_timing": "3_months", "dnc": True})
    path = tmp_path / "leads.csv"
    assert exports.run(ctx, "leads", path) == 1
    row = table(path)[0]
    assert row["会社名"] == "青葉精機株式会社"
    assert row["直通"] == "052-211-1234"
    assert row["検討時期"] == "3か月以内"
    assert row["担当"] == "鈴木 一郎"
    assert row["架電禁止"] == "1"
    assert row["受領日時"] == "2026-11-24 10:00:00"
    assert row["リードID"] == lead


def test_leads_as_programs_read_them(ctx: Context, lead: LeadId, tmp_path: Path) -> None:
    path = tmp_path / "leads.json"
    exports.run(ctx, "leads", path)
    row = json.loads(path.read_text(encoding="utf-8"))[0]
    assert row["phone_direct"] == "+81522111234"
    assert row["company.employees"] == 320
    assert row["received_at"] == "2026-11-24T01:00:00+00:00"
    assert row["id"] == lead


def test_formulas_are_guarded_in_csv_and_typed_in_excel(ctx: Context, tmp_path: Path) -> None:
    add(ctx, "=HYPERLINK(1)", company__name="＝青空")
    exports.run(ctx, "leads", tmp_path / "a.csv")
    raw = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK(1)" in raw
    assert "'＝青空" in raw
    exports.run(ctx, "leads", tmp_path / "a.xlsx")
    assert table(tmp_path / "a.xlsx")[0]["氏名"] == table(tmp_path / "a.csv")[0]["氏名"] == "=HYPERLINK(1)"


def test_a_rep_exports_the_own_book_a_team_lead_all(ctx: Context, lead: LeadId, tmp_path: Path) -> None:
    other = add(ctx, "別 担当", email="x@example.jp")
    leads.assign(ctx, [other], OTHER.id)
    path = tmp_path / "leads.csv"
    assert exports.run(ctx, "leads", path) == 1
    assert exports.run(replace(ctx, me=replace(ctx.me, role="team_lead")), "leads", path) == 2
    with pytest.raises(Refused, match="export_not_allowed"):
        exports.run(replace(ctx, me=FS), "leads", path)
    assert exports.run(replace(ctx, me=FS), "handoffs", path.with_suffix(".json")) == 0


def test_touches_of_a_period(ctx: Context, lead: LeadId, tmp_path: Path, clock: HandClock) -> None:
    calls.record(ctx, lead, "NO_ANSWER", RecordInput(note="=不在"))
    clock.go(days=2)
    calls.record(ctx, lead, "INTERESTED", RecordInput(note="良い反応"))
    path = tmp_path / "touches.csv"
    assert exports.run(ctx, "touches", path) == 2
    assert [r["架電メモ"] for r in table(path)] == ["=不在", "良い反応"]
    assert exports.run(ctx, "touches", path, first=date(2026, 11, 26), last=date(2026, 11, 26)) == 1
    assert table(path)[0]["架電結果"] == "見込み(継続ヒアリング)"


def test_figures_by_rep(ctx: Context, lead: LeadId, tmp_path: Path) -> None:
    calls.record(ctx, lead, "NO_ANSWER", RecordInput())
    path = tmp_path / "kpi.json"
    assert exports.run(ctx, "kpi", path) == 1
    row = json.loads(path.read_text(encoding="utf-8"))[0]
    assert (row["label"], row["dial_count"], row["answer_rate"], row["dm_connect_rate"]) == ("鈴木 一郎", 1, 0.0, None)


def test_every_export_is_noted(ctx: Context, lead: LeadId, tmp_path: Path) -> None:
    exports.run(ctx, "leads", tmp_path / "leads.csv", first=date(2026, 11, 1))
    assert noted(ctx) == [{"what": "leads", "file": "leads.csv", "rows": 1, "first": "2026-11-01"}]


def test_wrong_wishes_are_refused_and_leave_nothing(ctx: Context, lead: LeadId, tmp_path: Path) -> None:
    for what, name, code in (("secrets", "a.csv", "export_unknown"), ("leads", "a.pdf", "file_ending")):
        with pytest.raises(BadInput, match=code):
            exports.run(ctx, what, tmp_path / name)
    with pytest.raises(BadInput, match="period_backwards"):
        exports.run(ctx, "leads", tmp_path / "a.csv", first=date(2026, 11, 2), last=date(2026, 11, 1))
    assert list(tmp_path.glob("a.*")) == []
    assert noted(ctx) == []
