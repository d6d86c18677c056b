"""Intent events from a list on a real desk: matched, once each, one undo; a hot lead comes forward and says why."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from isdesk.clock import TOKYO
from isdesk.domain.errors import BadInput
from isdesk.domain.ids import LeadId
from isdesk.domain.queue import INBOUND, RETRY
from isdesk.domain.touch import Channel
from isdesk.playbook import Playbook
from isdesk.services import calls, consenting, history, leads, queue, signals
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from tests.services.conftest import OTHER, REP, HandClock, add
from tests.services.desks import Room


def listed(folder: Path, *lines: str, encoding: str = "cp932") -> Path:
    made = folder / "events.csv"
    made.write_bytes("\r\n".join(lines).encode(encoding))
    return made


def test_events_are_matched_by_mail_phone_or_person_and_read_in_japanese(
    ctx: Context, clock: HandClock, lead: LeadId, tmp_path: Path
) -> None:
    other = add(
        ctx, "佐藤 花子", email="sato@example.jp", phone_direct="03-3211-1000", company__name="みどり商事株式会社"
    )
    file = listed(
        tmp_path,
        "メールアドレス,電話番号,会社名,氏名,種別,日時,資料名",
        "Yamada@Example.co.jp,,,,資料ダウンロード,2026/11/24 09:00,導入ガイド",
        ",03-3211-1000,,,セミナー参加,2026-11-20,",
        ",,みどり商事(株),佐藤 花子,クリック,2026-11-23 10:00,",
        "nobody@example.jp,,,,開封,2026-11-23,",
        "yamada@example.co.jp,,,,謎の行動,2026-11-23,",
        "yamada@example.co.jp,,,,開封,2027-01-01,",
        "yamada@example.co.jp,,,,開封,きのう,",
    )
    said = signals.take_in(ctx, file, dry_run=True)
    assert (said.taken, said.journal_id) == (3, None)
    made = signals.take_in(ctx, file)
    assert (made.rows, made.taken, made.leads, made.known) == (7, 3, 2, 0)
    assert made.unmatched == (5,)
    assert [(p.row, p.code) for p in made.problems] == [
        (6, "signal_not_known"),
        (7, "signal_ahead"),
        (8, "cell_date"),
    ]
    touch = next(item.touch for item in leads.view(ctx, lead).timeline if item.what == "signal")
    assert touch is not None
    assert (touch.signal, touch.channel, touch.note) == ("download", Channel.WEB, "導入ガイド")
    assert {t.touch.signal for t in leads.view(ctx, other).timeline if t.touch and t.touch.signal} == {
        "seminar",
        "mail_click",
    }


def test_the_same_list_again_brings_nothing_and_one_undo_takes_all_back(
    ctx: Context, lead: LeadId, tmp_path: Path
) -> None:
    before = leads.view(ctx, lead).state.scores.intent
    file = listed(tmp_path, "email,event,date", "yamada@example.co.jp,download,2026-11-24 09:30")
    assert signals.take_in(ctx, file).taken == 1
    raised = leads.view(ctx, lead).state.scores.intent
    assert raised == before + 25
    again = signals.take_in(ctx, file)
    assert (again.taken, again.known, again.journal_id) == (0, 1, None)
    history.undo(ctx)
    assert leads.view(ctx, lead).state.scores.intent == before
    assert signals.take_in(ctx, file).taken == 1


def test_interest_fades_by_its_half_life(ctx: Context, clock: HandClock, lead: LeadId, tmp_path: Path) -> None:
    before = leads.view(ctx, lead).state.scores.intent
    signals.take_in(ctx, listed(tmp_path, "email,event,date", "yamada@example.co.jp,download,2026-11-24 09:30"))
    clock.go(days=14)
    queue.settle(ctx)
    assert leads.view(ctx, lead).state.scores.intent == before + 12


def test_a_hot_lead_comes_into_todays_queue_with_the_reason_until_it_was_called(
    ctx: Context, clock: HandClock, lead: LeadId, tmp_path: Path
) -> None:
    calls.record(ctx, lead, "NURTURE_LOW", RecordInput())
    assert lead not in queue.ids(ctx)
    clock.go(days=2)
    queue.settle(ctx)
    assert lead not in queue.ids(ctx)
    now = clock.now().isoformat()
    made = signals.take_in(ctx, listed(tmp_path, "email,event,date", f"yamada@example.co.jp,download,{now}"))
    assert made.hot == 1
    assert queue.ids(ctx) == [lead]
    (row,) = queue.rows(ctx, [lead])
    assert row.tier == INBOUND
    assert "signal" in {chip.code for chip in row.chips}
    assert [r.lead_id for r in queue.as_of(ctx, clock.now())] == [lead]
    calls.record(ctx, lead, "NO_ANSWER")
    assert lead not in queue.ids(ctx)
    assert queue.rows(ctx, [lead])[0].tier == RETRY


def test_it_cools_down_again_by_itself(ctx: Context, clock: HandClock, lead: LeadId, tmp_path: Path) -> None:
    calls.record(ctx, lead, "NURTURE_LOW", RecordInput())
    clock.go(days=2)
    now = clock.now().isoformat()
    signals.take_in(ctx, listed(tmp_path, "email,event,date", f"yamada@example.co.jp,download,{now}"))
    clock.go(hours=25)
    queue.settle(ctx)
    assert lead not in queue.ids(ctx)


def test_a_weaker_event_that_follows_leaves_a_hot_lead_hot_and_one_after_the_call_counts_anew(
    ctx: Context, clock: HandClock, lead: LeadId, tmp_path: Path
) -> None:
    def happens(code: str) -> None:
        now = clock.now().isoformat()
        signals.take_in(ctx, listed(tmp_path, "email,event,date", f"yamada@example.co.jp,{code},{now}"))

    calls.record(ctx, lead, "NURTURE_LOW", RecordInput())
    clock.go(days=2)
    happens("inquiry")
    assert queue.ids(ctx) == [lead]
    clock.go(minutes=10)
    happens("mail_open")
    assert queue.ids(ctx) == [lead]
    assert leads.view(ctx, lead).state.hot_signal == "inquiry"
    calls.record(ctx, lead, "NURTURE_LOW", RecordInput())
    assert lead not in queue.ids(ctx)
    clock.go(hours=2)
    happens("visit_price")
    assert queue.ids(ctx) == [lead], "what came after the call ends sooner than the inquiry, and is news"
    assert leads.view(ctx, lead).state.hot_signal == "visit_price"


def test_a_promise_stays_where_it_was_promised(ctx: Context, clock: HandClock, lead: LeadId, tmp_path: Path) -> None:
    promised = clock.now() + timedelta(days=2)
    calls.record(ctx, lead, "CALLBACK_AT", RecordInput(callback_at=promised))
    clock.go(hours=1)
    now = clock.now().isoformat()
    signals.take_in(ctx, listed(tmp_path, "email,event,date", f"yamada@example.co.jp,download,{now}"))
    assert lead not in queue.ids(ctx)
    action = leads.view(ctx, lead).state.next_action
    assert action is not None
    assert action.due_at == promised


def test_a_list_says_what_it_lacks(ctx: Context, lead: LeadId, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else"
    elsewhere.mkdir()
    attended = listed(tmp_path, "メール,参加日", "yamada@example.co.jp,2026-11-20")
    assert signals.needs_kind(attended)
    for code, path, kind in (
        ("signals_no_kind", attended, None),
        ("signal_unknown", attended, "踊り"),
        ("signals_no_person", listed(elsewhere, "種別,日時", "開封,2026-11-20"), None),
    ):
        with pytest.raises(BadInput) as refused:
            signals.take_in(ctx, path, code=kind)
        assert refused.value.code == code
    made = signals.take_in(
        ctx, listed(tmp_path, "メール,参加日", "yamada@example.co.jp,2026-11-20"), code="セミナー参加"
    )
    assert dict(made.by_code) == {"seminar": 1}


def test_a_list_without_dates_brings_each_event_once_and_a_date_tells_a_second_one(
    ctx: Context, clock: HandClock, lead: LeadId, tmp_path: Path
) -> None:
    file = listed(tmp_path, "email,event,page", "yamada@example.co.jp,download,導入ガイド")
    assert signals.take_in(ctx, file).taken == 1
    raised = leads.view(ctx, lead).state.scores.intent
    clock.go(hours=1)
    again = signals.take_in(ctx, file)
    assert (again.taken, again.known) == (0, 1)
    assert leads.view(ctx, lead).state.scores.intent == raised
    grown = listed(
        tmp_path,
        "email,event,page",
        "yamada@example.co.jp,download,導入ガイド",
        "yamada@example.co.jp,download,料金表",
        "yamada@example.co.jp,download,料金表",
    )
    assert [(made.taken, made.known) for made in (signals.take_in(ctx, grown), signals.take_in(ctx, grown))] == [
        (1, 2),
        (0, 3),
    ]
    dated = listed(tmp_path, "email,event,page,date", "yamada@example.co.jp,download,導入ガイド,2026-11-24 09:30")
    assert signals.take_in(ctx, dated).taken == 1


def test_a_mail_that_nobody_has_is_not_the_event_of_a_colleague_at_the_same_telephone(
    ctx: Context, lead: LeadId, tmp_path: Path
) -> None:
    number = str(leads.view(ctx, lead).fields["phone_direct"])
    mailless = add(ctx, "佐藤 花子", phone_direct="03-3211-1000", company__name="みどり商事株式会社")
    leads.edit(ctx, mailless, {"email": None})
    twins = [
        add(ctx, f"見本 {n}", email="info@example.jp", phone_direct=f"03-3211-200{n}", company__name=f"見本{n}株式会社")
        for n in (1, 2)
    ]
    file = listed(
        tmp_path,
        "メール,電話,会社,氏名,種別,日時",
        f"suzuki@example.co.jp,{number},,,資料ダウンロード,2026-11-24 09:00",
        "sato@example.jp,03-3211-1000,,,資料ダウンロード,2026-11-24 09:00",
        "info@example.jp,03-3211-2002,,,資料ダウンロード,2026-11-24 09:00",
        "info@example.jp,,見本1株式会社,見本 1,資料ダウンロード,2026-11-24 09:00",
        f"info@example.jp,{number},,,資料ダウンロード,2026-11-24 09:00",
    )
    made = signals.take_in(ctx, file)
    assert (made.taken, made.unmatched) == (3, (2, 6))
    for one in (mailless, *twins):
        assert [item.code for item in leads.view(ctx, one).timeline if item.what == "signal"] == ["download"]
    assert [item for item in leads.view(ctx, lead).timeline if item.what == "signal"] == []


def test_looking_at_a_list_waits_for_no_writer_and_reading_for_no_store(
    ctx: Context, lead: LeadId, tmp_path: Path
) -> None:
    file = listed(tmp_path, "email,event,date", "yamada@example.co.jp,download,2026-11-24 09:30")
    with ctx.store.write() as tx:
        tx.sql("UPDATE lead SET until = until WHERE id = ?", (lead,))
        assert signals.take_in(ctx, file, dry_run=True).taken == 1
        read = signals.read(ctx, file)
    file.unlink()
    assert signals.weigh(ctx, read).journal_id is None
    assert signals.take(ctx, read).taken == 1


def test_a_list_that_two_desks_take_in_is_one_event_for_both_also_after_an_undo(
    book: Playbook, clock: HandClock, tmp_path: Path
) -> None:
    room = Room(tmp_path, book, clock)
    try:
        one, two = room.seat("one", REP), room.seat("two", OTHER)
        lead = one.add()
        room.settle()
        before = leads.view(one.ctx, lead).state.scores.intent
        file = listed(tmp_path, "email,event,date", "yamada@example.co.jp,download,2026-11-24 09:30")
        assert [signals.take_in(seat.ctx, file).taken for seat in (one, two)] == [1, 1]
        room.settle()
        for seat in (one, two):
            view = leads.view(seat.ctx, lead)
            assert view.state.scores.intent == before + 25
            assert [item.code for item in view.timeline if item.what == "signal"] == ["download"]
        room.same(lead)
        history.undo(one.ctx)
        room.settle()
        assert [leads.view(seat.ctx, lead).state.scores.intent for seat in (one, two)] == [before, before]
        assert [signals.take_in(seat.ctx, file).taken for seat in (one, two)] == [1, 1]
        room.settle()
        assert [leads.view(seat.ctx, lead).state.scores.intent for seat in (one, two)] == [before + 25, before + 25]
        room.same(lead)
    finally:
        room.close()


@pytest.mark.parametrize(
    "header",
    [
        "ダウンロード日時",
        "参加日時",
        "登録日時",
        "開封日時",
        "来場日",
        "開催日",
        "最終アクセス日",
        "Event Date",
        "created_at",
    ],
)
def test_an_old_list_is_dated_by_whatever_column_holds_dates(
    ctx: Context, lead: LeadId, tmp_path: Path, header: str
) -> None:
    file = listed(tmp_path, f"メール,資料名,{header}", "yamada@example.co.jp,導入ガイド,2026-05-11 10:00")
    made = signals.take_in(ctx, file, code="download")
    assert (made.taken, made.hot, made.undated) == (1, 0, 0)
    assert told(ctx, lead) == [("download", datetime(2026, 5, 11, 10, tzinfo=TOKYO))]
    assert lead not in {r.lead_id for r in queue.standing(ctx) if any(c.code == "signal" for c in r.chips)}


def told(ctx: Context, lead: LeadId) -> list[tuple[str | None, datetime]]:
    return [(i.touch.signal, i.touch.at) for i in leads.view(ctx, lead).timeline if i.what == "signal" and i.touch]


def test_the_date_of_the_event_goes_before_that_of_its_record_and_a_birthday_is_none(
    ctx: Context, lead: LeadId, tmp_path: Path
) -> None:
    file = listed(
        tmp_path,
        "メール,生年月日,登録日時,更新日時,参加日時,曜日",
        "yamada@example.co.jp,1980-01-01,2026-09-01 10:00,2026-11-24 09:00,2026-10-05 14:00,月曜日",
    )
    assert signals.read(ctx, file, code="seminar").at == "参加日時"
    signals.take_in(ctx, file, code="seminar")
    assert told(ctx, lead) == [("seminar", datetime(2026, 10, 5, 14, tzinfo=TOKYO))]
    born = listed(tmp_path, "メール,生年月日", "yamada@example.co.jp,1980-01-01")
    assert signals.read(ctx, born, code="seminar").at == signals.NO_COLUMN


def test_what_nobody_dates_makes_nobody_hot_until_its_column_is_named(
    ctx: Context, lead: LeadId, tmp_path: Path
) -> None:
    before = leads.view(ctx, lead).state.scores.intent
    file = listed(tmp_path, "メール,いつ,資料名", "yamada@example.co.jp,2026-11-24 09:30,導入ガイド")
    made = signals.take_in(ctx, file, code="inquiry")
    assert (made.taken, made.hot, made.undated) == (1, 0, 1)
    assert leads.view(ctx, lead).state.scores.intent > before
    assert all("signal" not in {c.code for c in r.chips} for r in queue.standing(ctx))
    history.undo(ctx)
    assert "いつ" in signals.read(ctx, file, code="inquiry").columns
    assert signals.take_in(ctx, file, code="inquiry", at="いつ").hot == 1
    assert told(ctx, lead) == [("inquiry", datetime(2026, 11, 24, 9, 30, tzinfo=TOKYO))]
    with pytest.raises(BadInput) as refused:
        signals.read(ctx, file, code="inquiry", at="どこ")
    assert refused.value.code == "signals_no_column"


@pytest.mark.parametrize(
    ("header", "here", "away"),
    [
        ("参加状況", "参加", "欠席"),
        ("出欠", "出席", "欠席(連絡あり)"),
        ("参加", "○", ""),
        ("Attended", "Yes", "No"),
        ("Status", "Attended", "No Show"),
        ("ステータス", "参加済み", "キャンセル"),
        ("参加ステータス", "視聴済", "申込のみ"),
    ],
)
def test_who_stayed_away_from_a_seminar_has_no_event(
    ctx: Context, lead: LeadId, tmp_path: Path, header: str, here: str, away: str
) -> None:
    absent = add(
        ctx, "佐藤 花子", email="sato@example.jp", phone_direct="03-3211-1000", company__name="みどり商事株式会社"
    )
    file = listed(
        tmp_path,
        f"メールアドレス,{header},参加日時",
        f"yamada@example.co.jp,{here},2026-11-20 14:00",
        f"sato@example.jp,{away},--",
    )
    made = signals.take_in(ctx, file, code="seminar")
    assert (made.rows, made.taken, made.absent, made.problems) == (2, 1, 1, ())
    assert [len(told(ctx, one)) for one in (lead, absent)] == [1, 0]


def test_an_empty_column_of_attendance_says_nothing_and_a_strange_word_is_asked_about(
    ctx: Context, lead: LeadId, tmp_path: Path
) -> None:
    empty = listed(tmp_path, "メール,出欠,参加日", "yamada@example.co.jp,,2026-11-20")
    assert signals.take_in(ctx, empty, code="seminar", dry_run=True).taken == 1
    strange = listed(tmp_path, "メール,出欠,参加日", "yamada@example.co.jp,検討中,2026-11-20")
    made = signals.take_in(ctx, strange, code="seminar", dry_run=True)
    assert [(p.column, p.code, p.value) for p in made.problems] == [("出欠", "signal_attendance", "検討中")]
    missed = listed(tmp_path, "メール,種別,日時", "yamada@example.co.jp,セミナー欠席,2026-11-20")
    assert (signals.take_in(ctx, missed).absent, told(ctx, lead)) == (1, [])
    funnel = listed(tmp_path, "メール,種別,ステータス,日時", "yamada@example.co.jp,資料DL,登録,2026-11-20")
    assert signals.take_in(ctx, funnel, dry_run=True).taken == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("メールを開封", "mail_open"),
        ("メルマガ開封", "mail_open"),
        ("リンクをクリック", "mail_click"),
        ("ホワイトペーパーDL", "download"),
        ("ウェビナー視聴", "seminar"),
        ("無料トライアル開始", "trial"),
        ("お問合せ", "inquiry"),
        ("Form submission", "inquiry"),
    ],
)
def test_what_marketing_tools_call_an_event_is_understood(
    ctx: Context, lead: LeadId, tmp_path: Path, said: str, code: str
) -> None:
    made = signals.take_in(ctx, listed(tmp_path, "メール,種別,日時", f"yamada@example.co.jp,{said},2026-11-20"))
    assert (dict(made.by_code), made.problems) == ({code: 1}, ())


def test_an_opt_out_in_a_list_is_honoured_and_one_undo_takes_it_back_with_the_rest(
    ctx: Context, lead: LeadId, tmp_path: Path
) -> None:
    consenting.consent(ctx, lead, "opt_in", "展示会")
    other = add(
        ctx, "佐藤 花子", email="sato@example.jp", phone_direct="03-3211-1000", company__name="みどり商事株式会社"
    )
    file = listed(
        tmp_path,
        "メール,種別,日時",
        "yamada@example.co.jp,配信停止,2026-11-20",
        "sato@example.jp,クリック,2026-11-20",
        "Later@Example.jp,unsubscribed,2026-11-20",
        "yamada@example.co.jp,開封,2026-11-19",
    )
    said = signals.take_in(ctx, file, dry_run=True)
    assert (said.taken, said.opt_outs, said.journal_id) == (2, 2, None)
    assert consenting.gate(ctx, lead) is None
    made = signals.take_in(ctx, file)
    assert (made.rows, made.taken, made.opt_outs, made.problems, made.unmatched) == (4, 2, 2, (), ())
    assert consenting.gate(ctx, lead) == "mail_opted_out"
    assert leads.view(ctx, lead).fields.get("email_opt_out") is True
    assert consenting.standing_of(ctx, lead).entries[0].withdrawn_at is not None
    again = signals.take_in(ctx, file)
    assert (again.taken, again.opt_outs, again.known, again.journal_id) == (0, 0, 4, None)
    later = add(ctx, "後 から", email="later@example.jp", phone_direct="03-3211-1001", company__name="あと商事株式会社")
    assert consenting.gate(ctx, later, advertising=False) == "mail_opted_out"
    history.undo(ctx)
    history.undo(ctx)
    assert [consenting.gate(ctx, one, advertising=False) for one in (lead, other)] == [None, None]
    assert (consenting.gate(ctx, lead), told(ctx, other)) == (None, [])
    assert leads.view(ctx, lead).fields.get("email_opt_out") is None
    signals.take_in(ctx, file)
    assert consenting.gate(ctx, lead) == "mail_opted_out"


@pytest.mark.parametrize(
    ("header", "cell", "out"),
    [
        ("配信停止", "1", True),
        ("配信停止", "はい", True),
        ("配信停止", "0", False),
        ("配信停止", "", False),
        ("配信停止日", "2026/11/01", True),
        ("オプトアウト", "TRUE", True),
        ("オプトアウト", "FALSE", False),
        ("Unsubscribed from all email", "true", True),
        ("Email Opt Out", "No", False),
        ("ステータス", "配信停止", True),
        ("ステータス", "解除", False),
        ("購読状況", "解除", True),
        ("購読状況", "購読中", False),
    ],
)
def test_a_column_that_says_who_wants_no_more_mail_is_honoured(
    ctx: Context, lead: LeadId, tmp_path: Path, header: str, cell: str, out: bool
) -> None:
    file = listed(tmp_path, f"メール,種別,日時,{header}", f"yamada@example.co.jp,開封,2026-11-20,{cell}")
    made = signals.take_in(ctx, file)
    assert (made.opt_outs, made.taken, made.problems) == (int(out), int(not out), ())
    assert (consenting.gate(ctx, lead, advertising=False) == "mail_opted_out") is out


def test_an_address_that_opts_out_speaks_for_all_who_have_it_in_one_entry(
    ctx: Context, lead: LeadId, tmp_path: Path
) -> None:
    twins = [
        add(ctx, f"見本 {n}", email="info@example.jp", phone_direct=f"03-3211-200{n}", company__name=f"見本{n}株式会社")
        for n in (1, 2)
    ]
    leads.edit(ctx, lead, {"email": None})
    number = str(leads.view(ctx, lead).fields["phone_direct"])
    file = listed(tmp_path, "メール,電話,種別", "Info@example.jp,,オプトアウト", f",{number},配信停止", ",,配信停止")
    made = signals.take_in(ctx, file)
    assert (made.opt_outs, made.taken, made.unmatched) == (3, 0, (4,))
    assert [leads.view(ctx, one).fields.get("email_opt_out") for one in (*twins, lead)] == [True, True, True]
    assert history.undo(ctx)
    assert [leads.view(ctx, one).fields.get("email_opt_out") for one in (*twins, lead)] == [None, None, None]
    assert consenting.gate(ctx, twins[0], advertising=False) is None
