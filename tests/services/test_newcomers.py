"""Leads that are placed as they are written stand where a derivation after the fact puts them."""

from __future__ import annotations

import csv
from pathlib import Path

from isdesk.domain.changes import Obj
from isdesk.domain.ids import DialId
from isdesk.services import calls, imports, projection
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from isdesk.services.imports import ImportOptions
from isdesk.store import fold
from isdesk.store import leads as stored
from tests.services.conftest import HandClock, add

HEAD = ["会社名", "氏名", "メールアドレス", "電話番号", "役職", "業種", "架電禁止"]


def _row(number: int) -> list[str]:
    mail, phone = f"p{number}@list.example.jp", f"03-3000-{number % 30:04d}"
    title, industry = "部長" if number % 3 else "担当", "製造" if number % 2 else "IT"
    return [f"株式会社試験{number % 20}", f"見本 {number}号", mail, phone, title, industry, "1" if number == 7 else ""]


def listed(path: Path) -> Path:
    """A list with twins, a colleague of a company that was just called, a number that was, and somebody barred."""
    rows = [HEAD, *map(_row, range(60))]
    rows.append(["株式会社本日", "本日 二郎", "jiro@today.example.jp", "", "部長", "", ""])
    rows.append(["株式会社同番", "同番 三郎", "saburo@same.example.jp", "03-1111-2222", "", "", ""])
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return path


def test_an_import_places_its_leads_as_a_rebuild_does(ctx: Context, clock: HandClock, tmp_path: Path) -> None:
    called = add(ctx, "本日 太郎", company__name="株式会社本日", company__phone="03-1111-2222")
    calls.record(ctx, called, "NO_ANSWER", RecordInput(number="+81311112222", dial_id=DialId("d-1")))
    clock.go(minutes=2)
    path = listed(tmp_path / "list.csv")
    for source in ("", "inquiry"):
        plan = imports.plan(ctx, imports.probe(ctx, path), options=ImportOptions(lead_source=source))
        imports.run(ctx, plan)
    with ctx.store.write() as tx:
        ids = [key for block in stored.all_ids(tx) for key in block]
        before = stored.states(tx, ids)
        assert len(ids) == 63
        assert {place.held for _, place in before.values()} >= {None, "dnc", "cap"}
        assert fold.differing(tx, Obj.LEAD) == []
        projection.refresh(ctx, tx, ids)
        assert stored.states(tx, ids) == before


def test_a_lead_with_a_history_is_left_to_be_derived(ctx: Context, clock: HandClock) -> None:
    """As one whose touches came before it, or one that was deleted and is back."""
    lead, other = add(ctx), add(ctx, "別府 次郎", company__name="株式会社別", phone_direct=None, company__phone=None)
    calls.record(ctx, lead, "NO_ANSWER", RecordInput(number="+81522111234", dial_id=DialId("d-2")))
    clock.go(days=1)
    with ctx.store.read() as tx:
        facts = stored.many(tx, [lead, other])
        here, there = projection.Newcomers(ctx, ctx.now())(tx, [facts[lead], facts[other]])
    assert here is None
    assert there is not None
