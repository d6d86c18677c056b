"""Lists taken in on a real database: what becomes of each row, and that it is all or nothing."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import xlsxwriter

from isdesk import messages
from isdesk.domain.changes import Value
from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.ids import LeadId, MemberId
from isdesk.services import exports, history, imports, leads, search
from isdesk.services.context import Context
from isdesk.services.imports import ImportOptions, ImportReport
from isdesk.store import fold, journal
from isdesk.store import imports as remembered
from isdesk.store import leads as stored
from tests.services.conftest import OTHER, REP, HandClock, add

HEAD = ["会社名", "氏名", "メールアドレス", "電話番号", "携帯", "従業員数"]
ROWS = [
    ["株式会社青空商事", "佐藤 健太", "sato@aozora.example.jp", "03-1234-5678", "090-1234-5678", "100〜299名"],
    ["㈱青空商事", "鈴木 花子", "suzuki@aozora.example.jp", "03-1234-5678", "", ""],
    ["有限会社みどり", "高橋 一郎", "", "０６−１２３４−５６７８", "", "50"],
]


def write(path: Path, rows: list[list[str]], encoding: str = "cp932", delimiter: str = ",") -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    return write(tmp_path / "list.csv", [HEAD, *ROWS])


def take(ctx: Context, path: Path, **options: object) -> ImportReport:
    chosen = ImportOptions(**options)  # type: ignore[arg-type]
    return imports.run(ctx, imports.plan(ctx, imports.probe(ctx, path), options=chosen))


def everyone(ctx: Context) -> dict[str, dict[str, Value]]:
    """Return all leads by name, ``company.x`` included."""
    with ctx.store.read() as tx:
        found = [f for block in stored.all_ids(tx) for f in stored.many(tx, block).values()]
    return {
        str(f.get("name") or ""): {"id": f.id, **f.fields, **{f"company.{k}": v for k, v in (f.company or {}).items()}}
        for f in found
    }


def consistent(ctx: Context) -> bool:
    from isdesk.domain.changes import Obj

    with ctx.store.read() as tx:
        return not fold.differing(tx, Obj.LEAD) and not fold.differing(tx, Obj.COMPANY)


def entries(ctx: Context) -> list[str]:
    with ctx.store.read() as tx:
        return [e.verb.value for e in journal.undoable(tx, ctx.device_id, 50)]


# ---- looking


def test_probe_says_what_the_file_is(ctx: Context, listed: Path) -> None:
    found = imports.probe(ctx, listed)
    assert (found.encoding, found.delimiter, found.row_count) == ("CP932", "comma", 3)
    assert found.headers == tuple(HEAD)
    assert found.sample[0][0] == "株式会社青空商事"
    assert found.mapping.by_header() == {
        "会社名": "company.name",
        "氏名": "lead.name",
        "メールアドレス": "lead.email",
        "電話番号": "phone",
        "携帯": "lead.phone_mobile",
        "従業員数": "company.employees",
    }
    assert {p.code for p in found.places} >= {"company.name", "lead.email", "phone"}


def test_plan_says_what_would_happen_and_writes_nothing(ctx: Context, listed: Path) -> None:
    planned = imports.plan(ctx, imports.probe(ctx, listed))
    assert (planned.rows, planned.creates, planned.updates, planned.duplicates) == (3, 3, 0, 0)
    assert planned.companies_created == 2
    assert [r.action for r in planned.preview] == ["create"] * 3
    assert everyone(ctx) == {}
    assert entries(ctx) == []


# ---- writing


def test_rows_become_leads_of_deduplicated_companies(ctx: Context, listed: Path) -> None:
    report = take(ctx, listed, lead_source="exhibition", target_list="秋の展示会")
    assert (report.created, report.companies_created) == (3, 2)
    people = everyone(ctx)
    sato, suzuki, takahashi = people["佐藤 健太"], people["鈴木 花子"], people["高橋 一郎"]
    assert sato["company_id"] == suzuki["company_id"] != takahashi["company_id"]
    assert sato["company.name"] == "株式会社青空商事"
    assert sato["company.phone"] == "+81312345678"
    assert sato["company.employees"] == 100
    assert sato["phone_mobile"] == "+819012345678"
    assert takahashi["company.phone"] == "+81612345678"
    assert {p["owner_id"] for p in people.values()} == {REP.id}
    assert {p["lead_source"] for p in people.values()} == {"exhibition"}
    assert {p["target_list"] for p in people.values()} == {"秋の展示会"}
    assert {p["stage"] for p in people.values()} == {"mql"}
    assert consistent(ctx)


def test_imported_leads_stand_in_the_queue_and_in_search(ctx: Context, listed: Path) -> None:
    from isdesk.services import queue

    take(ctx, listed)
    assert len(queue.ids(ctx)) == 3
    assert [hit.name for hit in search.find(ctx, "高橋", 10)] == ["高橋 一郎"]


def test_the_same_file_twice_creates_nothing(ctx: Context, listed: Path) -> None:
    take(ctx, listed)
    before = everyone(ctx)
    again = take(ctx, listed)
    assert (again.created, again.updated, again.duplicates, again.companies_updated) == (0, 0, 3, 0)
    assert again.journal_id is None
    assert everyone(ctx) == before
    assert entries(ctx) == ["import"]


def test_updates_fill_only_what_is_empty(ctx: Context, listed: Path) -> None:
    lead = add(
        ctx, "佐藤 健太", email="sato@aozora.example.jp", title="部長", company__name="青空商事", company__employees=50
    )
    report = take(ctx, listed)
    assert (report.created, report.updated, report.duplicates) == (2, 1, 1)
    found = everyone(ctx)["佐藤 健太"]
    assert found["id"] == lead
    assert found["phone_mobile"] == "+819012345678"
    assert found["company.employees"] == 50
    assert found["company.name"] == "青空商事"
    assert consistent(ctx)


def test_overwriting_lets_the_file_win(ctx: Context, listed: Path) -> None:
    add(ctx, "佐藤 健太", email="sato@aozora.example.jp", company__name="青空商事", company__employees=50)
    take(ctx, listed, overwrite=True)
    found = everyone(ctx)["佐藤 健太"]
    assert found["company.employees"] == 100
    assert found["company.name"] == "青空商事"


@pytest.mark.parametrize("updating", [False, True])
def test_one_undo_takes_all_of_it_back(ctx: Context, listed: Path, updating: bool) -> None:
    if updating:
        add(ctx, "佐藤 健太", email="sato@aozora.example.jp", company__name="青空商事")
    before = everyone(ctx)
    take(ctx, listed, overwrite=True)
    assert everyone(ctx) != before
    history.undo(ctx)
    assert everyone(ctx) == before
    assert consistent(ctx)
    history.redo(ctx)
    assert len(everyone(ctx)) == 3
    assert consistent(ctx)


def test_after_an_undo_the_same_file_can_be_taken_in_again(ctx: Context, listed: Path) -> None:
    take(ctx, listed)
    history.undo(ctx)
    assert take(ctx, listed).created == 3


# ---- telling people apart


@pytest.mark.parametrize(
    ("row", "by"),
    [
        (["別会社", "", "YAMADA@example.co.jp", "", "", ""], "mail"),
        (["", "山田太郎", "", "", "", ""], None),
        (["青葉精機", "山田　太郎", "", "", "", ""], "person"),
        (["青葉精機（株）", "", "", "", "", ""], "company"),
        (["青葉精機", "山田 花子", "", "", "", ""], None),
    ],
)
def test_known_people_are_recognised(
    ctx: Context, lead: LeadId, tmp_path: Path, row: list[str], by: str | None
) -> None:
    planned = imports.plan(ctx, imports.probe(ctx, write(tmp_path / "a.csv", [HEAD, row, ROWS[2]])))
    first = planned.preview[0]
    if by is None:
        assert first.action == "create"
    else:
        assert (first.action, first.by, first.lead_id) == (first.action, by, lead)
        assert first.action in {"same", "update"}


def test_a_direct_number_tells_a_person(ctx: Context, lead: LeadId, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [["会社名", "氏名", "直通"], ["青葉精機", "", "052-211-1234"]])
    assert imports.plan(ctx, imports.probe(ctx, path)).preview[0].by == "phone"


def test_another_corporate_number_is_another_company(ctx: Context, tmp_path: Path) -> None:
    rows = [
        ["会社名", "法人番号", "氏名"],
        ["株式会社青空", "7000012050002", "佐藤 健太"],
        ["株式会社青空", "5010401067252", "鈴木 花子"],
        ["㈱アオゾラ改称", "7000012050002", "高橋 一郎"],
    ]
    report = take(ctx, write(tmp_path / "a.csv", rows))
    assert report.companies_created == 2
    people = everyone(ctx)
    assert people["佐藤 健太"]["company_id"] == people["高橋 一郎"]["company_id"]


def test_repeats_inside_a_file_become_one(ctx: Context, tmp_path: Path) -> None:
    rows = [
        HEAD,
        ["青空", "佐藤 健太", "sato@example.jp", "", "", ""],
        ["㈱青空", "佐藤健太", "", "", "090-1111-2222", ""],
        ["青空", "", "SATO@example.jp", "", "", "30"],
    ]
    planned = imports.plan(ctx, imports.probe(ctx, write(tmp_path / "a.csv", rows)))
    assert (planned.creates, planned.duplicates) == (1, 2)
    assert [(d.row, d.of_row) for d in planned.duplicate_rows] == [(3, 2), (4, 2)]
    imports.run(ctx, planned)
    found = everyone(ctx)["佐藤 健太"]
    assert (found["phone_mobile"], found["company.employees"]) == ("+819011112222", 30)


def test_shared_mailboxes_and_look_alikes_are_shown_not_merged(ctx: Context, tmp_path: Path) -> None:
    add(ctx, "山田 太郎", email="info@aoba.example.jp", company__name="青葉精機工業株式会社")
    rows = [
        HEAD,
        ["青葉精機工業所", "川村 涼", "info@aoba.example.jp", "", "", ""],
        ["青葉精機工業", "山田 太朗", "", "", "", ""],
    ]
    planned = imports.plan(ctx, imports.probe(ctx, write(tmp_path / "a.csv", rows)))
    assert planned.creates == 2
    assert {n.by for n in planned.near} == {"shared_mail", "company_name"} | (
        {"person_name"} & {n.by for n in planned.near}
    )


# ---- refusals


def test_a_do_not_call_is_never_cleared(ctx: Context, lead: LeadId, tmp_path: Path) -> None:
    leads.set_do_not_call(ctx, lead)
    path = write(
        tmp_path / "a.csv", [[*HEAD, "架電禁止"], ["青葉精機", "山田 太郎", "yamada@example.co.jp", "", "", "", "0"]]
    )
    take(ctx, path, overwrite=True)
    assert everyone(ctx)["山田 太郎"]["dnc"] is True


def test_a_suppressed_number_stays_suppressed_for_a_new_lead(ctx: Context, lead: LeadId, tmp_path: Path) -> None:
    leads.set_do_not_call(ctx, lead)
    path = write(tmp_path / "a.csv", [["会社名", "氏名", "直通"], ["別会社", "川村 涼", "052-211-1234"]])
    planned = imports.plan(ctx, imports.probe(ctx, path))
    assert planned.suppressed == 1
    imports.run(ctx, planned)
    assert leads.view(ctx, LeadId(str(everyone(ctx)["川村 涼"]["id"]))).state.dnc


def test_refusals_of_the_list_outlive_its_leads(ctx: Context, tmp_path: Path) -> None:
    head = ["会社名", "氏名", "直通", "メール", "架電禁止", "配信停止"]
    row = ["青空", "佐藤 健太", "03-1234-5678", "sato@example.jp", "○", "済"]
    take(ctx, write(tmp_path / "a.csv", [head, row]))
    path = write(
        tmp_path / "b.csv",
        [
            head[:4],
            [
                "みどり",
                "鈴木 花子",
                "03-1234-5678",
                "",
            ],
            ["そら", "田中", "", "sato2@example.jp"],
        ],
    )
    assert imports.plan(ctx, imports.probe(ctx, path)).suppressed == 1
    take(ctx, path)
    assert leads.view(ctx, LeadId(str(everyone(ctx)["鈴木 花子"]["id"]))).state.dnc


def test_an_unclear_mark_is_taken_as_a_refusal(ctx: Context, tmp_path: Path) -> None:
    report = take(ctx, write(tmp_path / "a.csv", [["会社名", "氏名", "架電禁止"], ["青空", "佐藤", "要確認"]]))
    assert everyone(ctx)["佐藤"]["dnc"] is True
    assert [p.code for p in report.problems] == ["cell_mark_taken_as_yes"]


# ---- problems


def test_a_bad_cell_does_not_cost_the_row(ctx: Context, tmp_path: Path) -> None:
    rows = [
        [*HEAD, "法人番号"],
        ["青空", "佐藤 健太", "sato(at)example", "電話なしです", "090-1234-5678", "多数", "7000012050003"],
        ["", "", "", "", "", "10", ""],
    ]
    report = take(ctx, write(tmp_path / "a.csv", rows))
    assert (report.created, report.skipped) == (1, 1)
    assert [(p.row, p.column, p.code) for p in report.problems] == [
        (2, "メールアドレス", "cell_mail"),
        (2, "電話番号", "cell_phone"),
        (2, "従業員数", "cell_number"),
        (2, "法人番号", "cell_corporate_number"),
        (3, "", "row_names_nobody"),
    ]
    assert everyone(ctx)["佐藤 健太"]["phone_mobile"] == "+819012345678"


def test_names_in_two_columns_several_numbers_and_dates(ctx: Context, tmp_path: Path) -> None:
    head = ["企業名", "姓", "名", "セイ", "メイ", "TEL", "登録日", "住所", "検討時期"]
    row = [
        "青空",
        "佐藤",
        "健太",
        "ｻﾄｳ",
        "けんた",
        "312345678 / 09012345678",
        "令和8年4月1日",
        "大阪市北区1-2",
        "3ヶ月以内",
    ]
    take(ctx, write(tmp_path / "a.csv", [head, row]))
    found = everyone(ctx)["佐藤 健太"]
    assert found["name_kana"] == "サトウ ケンタ"
    assert found["company.phone"] == "+81312345678"
    assert found["phone_mobile"] == "+819012345678"
    assert found["received_at"] == "2026-03-31T15:00:00+00:00"
    assert (found["company.prefecture"], found["adoption_timing"]) == ("大阪府", "3_months")


def test_the_owner_can_stand_in_a_column(ctx: Context, tmp_path: Path) -> None:
    rows = [["会社名", "氏名", "担当"], ["青空", "佐藤", "佐々木 葵"], ["みどり", "鈴木", "誰か"]]
    report = take(ctx, write(tmp_path / "a.csv", rows))
    assert everyone(ctx)["佐藤"]["owner_id"] == OTHER.id
    assert everyone(ctx)["鈴木"]["owner_id"] == REP.id
    assert [p.code for p in report.problems] == ["cell_member_unknown"]
    assert take(ctx, write(tmp_path / "b.csv", [HEAD, ROWS[0]]), owner_id=OTHER.id).created == 1
    assert everyone(ctx)["佐藤 健太"]["owner_id"] == MemberId("m-other")


def test_excel_is_as_good_as_csv(ctx: Context, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ["青空", "佐藤 健太", "sato@example.jp", 312345678, 9012345678, 30])
    book.close()
    take(ctx, path)
    found = everyone(ctx)["佐藤 健太"]
    assert (found["company.phone"], found["phone_mobile"], found["company.employees"]) == (
        "+81312345678",
        "+819012345678",
        30,
    )


# ---- mapping and memory


def test_a_chosen_mapping_is_remembered_for_its_source(ctx: Context, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [["会社名", "謎の列"], ["青空", "佐藤"]])
    found = imports.probe(ctx, path, source="展示会")
    assert not found.remembered
    chosen = found.mapping.choose(1, "lead.name")
    imports.run(ctx, imports.plan(ctx, found, chosen, ImportOptions(source="展示会")))
    again = imports.probe(ctx, path, source="展示会")
    assert again.remembered
    assert again.mapping.by_header() == {"会社名": "company.name", "謎の列": "lead.name"}
    assert imports.probe(ctx, path).remembered


def test_choosing_a_target_takes_it_from_another_column(ctx: Context, listed: Path) -> None:
    mapping = imports.probe(ctx, listed).mapping.choose(3, "lead.phone_mobile")
    assert mapping.by_header()["携帯"] is None


def test_nothing_mapped_is_refused(ctx: Context, listed: Path) -> None:
    found = imports.probe(ctx, listed)
    mapping = found.mapping
    for column in mapping.columns:
        mapping = mapping.choose(column.index, None)
    with pytest.raises(BadInput, match="import_no_columns"):
        imports.plan(ctx, found, mapping)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("m.toml", '"会社名" = "company.name"\n"氏名" = "name"\n'),
        ("m.json", '{"会社名": "company.name", "氏名": "lead.name"}'),
    ],
)
def test_import_file_with_a_written_mapping(ctx: Context, listed: Path, tmp_path: Path, name: str, text: str) -> None:
    mapping = tmp_path / name
    mapping.write_text(text, encoding="utf-8")
    dry = imports.import_file(ctx, listed, mapping=mapping, dry_run=True)
    assert (dry.created, dry.batch_id) == (3, None)
    assert everyone(ctx) == {}
    done = imports.import_file(ctx, listed, mapping=mapping, source="展示会")
    assert (done.created, done.rows, done.encoding) == (3, 3, "CP932")
    assert "email" not in everyone(ctx)["佐藤 健太"]
    with ctx.store.read() as tx:
        assert remembered.batches(tx)[0].id == done.batch_id


@pytest.mark.parametrize(
    ("text", "code"), [("x = [", "mapping_unreadable"), ('"氏名" = "nonsense"', "mapping_unknown_target")]
)
def test_a_wrong_mapping_file_is_refused(ctx: Context, listed: Path, tmp_path: Path, text: str, code: str) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=code):
        imports.import_file(ctx, listed, mapping=mapping)


# ---- all or nothing


def test_cancelling_leaves_nothing(ctx: Context, listed: Path) -> None:
    planned = imports.plan(ctx, imports.probe(ctx, listed))
    asked = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 1

    with pytest.raises(Refused, match="import_cancelled"):
        imports.run(ctx, planned, cancelled=cancelled)
    assert everyone(ctx) == {}
    assert entries(ctx) == []
    assert imports.run(ctx, planned).created == 3


def test_what_came_in_between_is_seen(ctx: Context, listed: Path) -> None:
    planned = imports.plan(ctx, imports.probe(ctx, listed))
    add(ctx, "佐藤 健太", email="sato@aozora.example.jp", company__name="青空商事")
    report = imports.run(ctx, planned)
    assert (report.created, report.duplicates) == (2, 1)
    assert imports.run(ctx, planned).created == 0


def test_progress_reaches_the_end(ctx: Context, listed: Path) -> None:
    seen: list[tuple[int, int]] = []
    planned = imports.plan(ctx, imports.probe(ctx, listed), progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] > 0
    seen.clear()
    imports.run(ctx, planned, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (3, 3)


def test_own_export_comes_back_as_it_was(ctx: Context, listed: Path, tmp_path: Path, clock: HandClock) -> None:
    take(ctx, listed, lead_source="=cmd|calc", target_list="'+1")
    first = everyone(ctx)
    for ending in ("csv", "xlsx"):
        out = tmp_path / f"out.{ending}"
        assert exports.run(ctx, "leads", out) == 3
        again = take(ctx, out)
        assert (again.created, again.updated, again.duplicates) == (0, 0, 3)
        history.undo(ctx)
        assert everyone(ctx) == {}
        take(ctx, out)
        same = (
            "name",
            "email",
            "phone_mobile",
            "lead_source",
            "target_list",
            "received_at",
            "owner_id",
            "company.name",
            "company.phone",
        )
        for name, fields in everyone(ctx).items():
            assert {k: fields.get(k) for k in same} == {k: first[name].get(k) for k in same}
        clock.go(minutes=1)


BROKEN = {
    "empty": b"",
    "binary": bytes(range(256)) * 40,
    "cut inside a character": "会社名,氏名\n青空,佐藤".encode()[:-1],
    "cut inside quotes": '会社名,氏名\n青空,"佐藤\n'.encode(),
    "a cell of 10 MB": ("会社名,備考\n青空," + "あ" * 3_500_000 + "\n").encode(),
    "half a workbook": b"PK\x03\x04" + bytes(500),
    "a web page": b"<html><table><tr><td>x</td></tr></table></html>",
    "two encodings": "会社名,氏名\n青空,佐藤\n".encode() + "みどり,鈴木\n".encode("cp932"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_gets_one_sentence_and_changes_nothing(ctx: Context, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(BROKEN[kind])
    with pytest.raises(BadInput) as caught:
        imports.import_file(ctx, path)
    assert messages.say(caught.value, "ja").what.endswith("。")
    assert "…" not in messages.say(caught.value, "ja").what
    assert everyone(ctx) == {}
    assert entries(ctx) == []


@pytest.mark.slow
def test_ten_thousand_rows_in_one_entry(ctx: Context, tmp_path: Path) -> None:
    rows = [["会社名", "氏名", "メール"]]
    rows += [[f"株式会社{n // 2}商事", f"佐藤{n}", f"u{n}@example.jp"] for n in range(10_000)]
    report = take(ctx, write(tmp_path / "big.csv", rows))
    assert (report.created, report.companies_created) == (10_000, 5_000)
    assert entries(ctx) == ["import"]
