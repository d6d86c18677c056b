"""The page 分析 on a real desk with a history: figures, their records, pictures, groups, files, all by keyboard."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from isdesk.desk import Desk
from isdesk.domain.ids import MemberId
from isdesk.domain.kpi_catalogue import DEFINITIONS
from isdesk.domain.touch import Reached
from isdesk.services import calls, dashboard, kpi
from isdesk.services.calls import RecordInput
from isdesk.store import mirror
from isdesk.store.rows import touch_to_row
from tests.services.test_figures import history
from tests.ui.leads_made import add
from ui import theme
from ui.session import Session
from ui.tasks import Tasks
from ui.views.figures.page import FiguresPage, make
from ui.views.figures.points import Point
from ui.views.help_papers import PAPERS, text


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A desk with six hundred touches of every kind, most of them by the person at it."""
    made = [
        replace(t, member_id=MemberId(desk.ctx.me.id)) if n % 3 else t for n, t in enumerate(history(desk.ctx, 600))
    ]
    with desk.ctx.store.write() as tx:
        mirror.insert_facts(tx, "touch", [touch_to_row(touch) for touch in made])
    return desk


def opened(session: Session, qtbot: QtBot, tasks: Tasks) -> FiguresPage:
    tasks.wrote.connect(session.hub.changed)
    made = make(session)
    assert isinstance(made, FiguresPage)
    qtbot.addWidget(made)
    made.resize(1200, 760)
    with qtbot.waitExposed(made):
        made.show()
    made.arrive()
    rest(qtbot, made, tasks)
    return made


def rest(qtbot: QtBot, page: FiguresPage, tasks: Tasks) -> None:
    def at_rest() -> bool:
        return tasks.pending == 0 and page.settled and page.gallery is not None and page.pictures is not None

    qtbot.waitUntil(at_rest, timeout=20_000)


@pytest.fixture
def page(busy: Desk, session: Session, qtbot: QtBot, tasks: Tasks) -> FiguresPage:
    """The page on half a year."""
    made = opened(session, qtbot, tasks)
    custom(made, qtbot, tasks)
    return made


def custom(page: FiguresPage, qtbot: QtBot, tasks: Tasks) -> None:
    from PySide6.QtCore import QDate

    page.head.set_days(QDate(2026, 6, 1), QDate(2026, 11, 24))
    page.head.choose_kind("custom")
    page.head.set_days(QDate(2026, 6, 1), QDate(2026, 11, 24))
    page.load()
    rest(qtbot, page, tasks)


def shown(page: FiguresPage) -> dashboard.Board:
    """Return the figures that stand on the page now."""
    assert page.board is not None
    return page.board


def press(page: FiguresPage, key: Qt.Key) -> None:
    target = page.focusWidget()
    assert target is not None
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))


def test_the_cards_show_what_the_figures_say(page: FiguresPage, session: Session) -> None:
    assert page.board is not None
    (whole,) = kpi.figures(session.ctx, first=page.board.period.first, last=page.board.period.last)
    card = page.cards.card("answer_rate")
    assert card is not None
    assert card.tile is not None
    assert (card.tile.part, card.tile.whole) == (whole.counts.answered, whole.counts.dials)
    assert f"{whole.counts.answered:,} / {whole.counts.dials:,}" in card.accessibleName()
    assert "目標 42 %" in card.accessibleName()
    assert "通電 ÷ 架電件数" in card.toolTip()
    dials = page.cards.card("dial_count")
    assert dials is not None
    assert "通電率" in dials.accessibleName()
    assert f"ユニーク {whole.counts.unique_leads}" in dials.accessibleName()


def test_every_card_opens_as_many_records_as_it_says(page: FiguresPage, qtbot: QtBot, tasks: Tasks) -> None:
    for code, _ in dashboard.TILES:
        card = page.cards.card(code)
        assert card is not None
        assert card.tile is not None
        if card.tile.kind not in {"rate", "count"}:
            continue
        card.setFocus()
        press(page, Qt.Key.Key_Return)
        rest(qtbot, page, tasks)
        assert page.drilling
        tile = card.tile
        assert page.drill.model.rowCount() == (tile.part if tile.kind == "rate" else tile.value), code
        if tile.kind == "rate":
            page.drill.tabs.set_current(1)
            rest(qtbot, page, tasks)
            assert page.drill.model.rowCount() == tile.whole, code
        page.drill.table.setFocus()
        press(page, Qt.Key.Key_Escape)
        assert not page.drilling


def test_enter_on_a_record_opens_its_lead(
    page: FiguresPage, qtbot: QtBot, tasks: Tasks, qtmodeltester: ModelTester
) -> None:
    page.open_figure("answered")
    rest(qtbot, page, tasks)
    qtmodeltester.check(page.drill.model)
    record = page.drill.model.record(0)
    assert record is not None
    with qtbot.waitSignal(page.asked_lead) as told:
        press(page, Qt.Key.Key_Return)
    assert told.args == [record.lead_id]


def test_arrows_go_from_card_to_card_and_the_trend_follows(page: FiguresPage) -> None:
    first = page.cards.cards[0]
    first.setFocus()
    press(page, Qt.Key.Key_Right)
    assert page.cards.focused() is page.cards.cards[1]
    press(page, Qt.Key.Key_Right)
    assert page.gallery is not None
    assert "接続率" in page.gallery.trend.title.text()
    press(page, Qt.Key.Key_Down)
    assert page.cards.focused() not in page.cards.cards[:3]
    press(page, Qt.Key.Key_Up)
    assert page.cards.focused() is page.cards.cards[2]


def test_groups_are_sorted_with_their_selection_and_open_their_records(
    page: FiguresPage, qtbot: QtBot, tasks: Tasks, qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(page.model)
    assert page.model.rowCount() > 1
    page.table.selectRow(0)
    chosen = page.model.record(0)
    codes = [column.code for column in page.model.columns]
    page.table.horizontalHeader().sectionClicked.emit(codes.index("dial_count"))
    found = [one.counts.dials for one in page.model.records()]
    assert found == sorted(found, reverse=True)
    page.table.horizontalHeader().sectionClicked.emit(codes.index("dial_count"))
    assert [one.counts.dials for one in page.model.records()] == sorted(found)
    assert page.model.record(page.table.currentIndex().row()) == chosen
    row = page.model.record(0)
    assert row is not None
    page.table.setCurrentIndex(page.model.index(0, codes.index("answer_rate")))
    page.table.setFocus()
    press(page, Qt.Key.Key_Return)
    rest(qtbot, page, tasks)
    assert page.drill.model.rowCount() == row.counts.answered


def test_every_grouping_shows_its_groups(page: FiguresPage, qtbot: QtBot, tasks: Tasks) -> None:
    for by in dashboard.GROUPS:
        page.head.groups.setCurrentIndex(page.head.groups.findData(by))
        rest(qtbot, page, tasks)
        assert page.board is not None
        assert page.board.by == by
        assert page.model.rowCount() == len(page.board.groups) > 0
        dials = sum(one.counts.dials for one in page.model.records())
        assert dials >= page.board.whole.counts.dials  # one dial may be shared by two groups
        assert all(page.model.data(page.model.index(row, 0)) for row in range(page.model.rowCount()))


def test_pictures_say_n_at_the_mouse_and_open_records(page: FiguresPage, qtbot: QtBot, tasks: Tasks) -> None:
    gallery, read = page.gallery, page.pictures
    assert gallery is not None
    assert read is not None
    cell = read.heat[0]
    tip = gallery.heat.tip_at(cell.hour, cell.weekday)
    assert f"÷ {cell.trials.whole}" in tip
    point = gallery.heat.point_at(cell.hour, cell.weekday)
    assert isinstance(point, Point)
    gallery.heat.opened.emit(point)
    rest(qtbot, page, tasks)
    page.drill.tabs.set_current(1)
    rest(qtbot, page, tasks)
    assert page.drill.model.rowCount() == cell.trials.whole
    page.close_drill()
    assert "1." not in gallery.funnel.tip_at(0, 0)
    assert gallery.trend.tip_at(0, 0)
    assert gallery.funnel.point_at(0, 1) == Point("answered")
    assert gallery.versions.tip_at(0, 0).startswith("opening@1")
    assert "opening@2" in gallery.versions.said.text()
    assert gallery.heat.tip_at(99, 99) == ""
    assert gallery.trend._place(QPointF(-50, -50)) is None


def test_pictures_are_reached_and_opened_by_key(page: FiguresPage, qtbot: QtBot, tasks: Tasks) -> None:
    gallery, read = page.gallery, page.pictures
    assert gallery is not None
    assert read is not None
    heat = gallery.heat
    heat.view.setFocus()
    first = read.heat[0]
    assert f"÷ {first.trials.whole}" in heat.view.accessibleDescription()
    press(page, Qt.Key.Key_Right)
    press(page, Qt.Key.Key_Down)
    assert heat._spot is not None
    hour, day = heat._spot
    assert (hour, day) > (first.hour, first.weekday)
    assert hour > first.hour
    assert day > first.weekday
    cell = next(one for one in read.heat if (one.weekday, one.hour) == (day, hour))
    press(page, Qt.Key.Key_Return)
    rest(qtbot, page, tasks)
    assert page.drilling
    assert page.drill.model.rowCount() == cell.trials.part
    page.close_drill()
    gallery.funnel.view.setFocus()
    press(page, Qt.Key.Key_Left)
    press(page, Qt.Key.Key_Down)
    press(page, Qt.Key.Key_Return)
    rest(qtbot, page, tasks)
    assert page.drill.model.rowCount() == read.funnel[1].count


def test_the_pictures_follow_the_theme(page: FiguresPage, qapp: QApplication) -> None:
    assert page.gallery is not None
    theme.apply(qapp, "dark")
    assert page.gallery.funnel.view.backgroundBrush().color().name() == theme.tokens().panel
    theme.apply(qapp, "light")


def test_periods_by_key(page: FiguresPage, session: Session, qtbot: QtBot, tasks: Tasks) -> None:
    session.commands.set_page("figures")
    for kind in ("day", "week", "month"):
        assert session.commands.run(f"figures.{kind}")
        rest(qtbot, page, tasks)
        assert shown(page).period.kind == kind
    was = shown(page).period
    session.commands.run("figures.earlier")
    rest(qtbot, page, tasks)
    assert shown(page).period.last < was.first
    session.commands.run("figures.later")
    session.commands.run("figures.later")
    rest(qtbot, page, tasks)
    assert shown(page).period == was
    session.commands.run("figures.group")
    rest(qtbot, page, tasks)
    assert shown(page).by == "team"
    session.commands.run("figures.table")
    assert page.table.hasFocus()
    session.commands.run("figures.sort")
    assert page.model.sorted_by()[0] == "label"


def test_the_meaning_of_a_figure_is_a_key_away(page: FiguresPage, session: Session) -> None:
    session.commands.set_page("figures")
    card = page.cards.card("meeting_set_rate")
    assert card is not None
    card.setFocus()
    session.commands.run("figures.meaning")
    assert page.meaning.isVisible()
    assert page.meaning.formula.text() == "接続して決まったアポ ÷ 接続"
    assert "非接続アポは分子に入れない" in page.meaning.note.text()
    page.meaning.close()


def test_the_diagnosis_names_what_is_short_and_leads_to_it(
    page: FiguresPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    session.ctx.rules.targets.update(answer_rate=0.99)
    page.load()
    rest(qtbot, page, tasks)
    said = page.words.said[0].plain
    assert said.startswith("目標から最も遠いのは 通電率 です。")
    assert "n = " in said
    assert "95 %区間" in said
    assert "change_script" in page.words.buttons
    page.words.buttons["records"].click()
    rest(qtbot, page, tasks)
    page.drill.tabs.set_current(1)
    rest(qtbot, page, tasks)
    assert page.diagnosis is not None
    short = page.diagnosis.shortfalls[0]
    assert page.drill.model.rowCount() == (short.segment_trials or short.trials).whole


def test_an_empty_desk_says_that_it_cannot_say(desk: Desk, session: Session, qtbot: QtBot, tasks: Tasks) -> None:
    page = opened(session, qtbot, tasks)
    assert "今の件数では言えません" in page.words.said[0].plain
    assert "call" in page.words.buttons
    card = page.cards.card("answer_rate")
    assert card is not None
    assert "—" in card.accessibleName()
    assert "0 %、" not in card.accessibleName()
    assert page.gallery is not None
    assert page.gallery.heat.empty.isVisibleTo(page.gallery.heat)


def test_days_out_of_date_are_counted_and_shown(
    page: FiguresPage, busy: Desk, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    from isdesk.services import calls

    assert page.board is not None
    was = page.board.whole.counts.dials
    lead = dashboard.records(session.ctx, "unique_leads", first=page.board.period.first, last=page.board.period.last)[0]
    tasks.write(lambda: calls.record(session.ctx, lead.lead_id, "NO_ANSWER"))
    qtbot.waitUntil(lambda: page.board is not None and page.board.whole.counts.dials == was + 1, timeout=15_000)
    rest(qtbot, page, tasks)


def test_tables_and_pictures_are_written_and_noted(
    page: FiguresPage, session: Session, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    for name in ("指標.xlsx", "指標.csv", "指標.png"):
        page.outlet.export_to(tmp_path / name)
        rest(qtbot, page, tasks)
        assert (tmp_path / name).stat().st_size > 100
    assert (tmp_path / "指標.png").read_bytes().startswith(b"\x89PNG")
    assert page.gallery is not None
    for place, card in enumerate(page.gallery.cards):
        heads, rows = card.table()
        assert heads
        assert all(len(row) == len(heads) for row in rows)
        page.outlet.export_to(tmp_path / f"図{place}.csv", card)
        rest(qtbot, page, tasks)
        assert len((tmp_path / f"図{place}.csv").read_text(encoding="utf-8-sig").splitlines()) == len(rows) + 1
    page.outlet.export_to(tmp_path / "図.png", page.gallery.heat)
    rest(qtbot, page, tasks)
    assert (tmp_path / "図.png").read_bytes().startswith(b"\x89PNG")
    page.outlet.save_pdf(tmp_path / "報告.pdf")
    rest(qtbot, page, tasks)
    written = (tmp_path / "報告.pdf").read_bytes()
    assert written.startswith(b"%PDF-")
    assert written.count(b"/Type /Page\n") == 1
    with session.ctx.store.read() as tx:
        verbs = [row[0] for row in tx.sql("SELECT verb FROM journal ORDER BY seq DESC LIMIT 11")]
    assert verbs == ["export"] * 11


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_help_has_every_definition(lang: str) -> None:
    said = text(next(paper for paper in PAPERS if paper.file == "figures.md"), lang)
    for code in [*DEFINITIONS, *(code for code, _ in dashboard.TILES)]:
        known = dashboard.definition(code)
        assert f"| {known.label.in_(lang)} | {known.formula.in_(lang)}" in said, code


@pytest.fixture
def looped(busy: Desk, session: Session, qtbot: QtBot, tasks: Tasks) -> FiguresPage:
    """The page on half a year in which six leads said no, three were called again, and one came back."""
    ctx = busy.ctx
    for n in range(6):
        lead = add(ctx, f"見本 {n}", segment="SMB" if n % 2 else "中堅", lead_source="event" if n < 2 else "web_form")
        said = RecordInput(
            at=ctx.now() - timedelta(days=60, minutes=n),
            reached=Reached.DECISION_MAKER,
            reason="no_need" if n < 4 else "budget",
            script="general@1",
            objections=("busy", "no_need")[: n % 3],
        )
        calls.record(ctx, lead, "NOT_INTERESTED", said)
        if n < 3:
            meeting = ctx.now() + timedelta(days=2)
            again = replace(said, at=ctx.now() - timedelta(days=3, minutes=n), meeting_at=meeting, fs_id=ctx.me.id)
            calls.record(ctx, lead, "MEETING_SET" if n == 0 else "NOT_INTERESTED", again)
    made = opened(session, qtbot, tasks)
    custom(made, qtbot, tasks)
    return made


def test_the_learning_loop_opens_as_many_records_as_each_cell_says(
    looped: FiguresPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    page, card = looped, looped.learning
    commands = session.commands
    commands.set_page("figures")
    assert card.model.rowCount() > 0
    for grouping in range(card.by.count()):
        if grouping:
            assert commands.run("figures.learning_by")
            rest(qtbot, page, tasks)
        opens(page, qtbot, tasks, rows=2)
    assert commands.run("figures.learning")
    assert card.table.hasFocus()
    assert commands.run("figures.learning")
    rest(qtbot, page, tasks)
    assert card.returns
    assert card.by.count() == 5
    assert "復帰率" in card.said.text()
    assert str(card.model.index(0, 0).data()) == "全体"
    opens(page, qtbot, tasks, rows=3)


def opens(page: FiguresPage, qtbot: QtBot, tasks: Tasks, *, rows: int) -> None:
    """Open every cell of the first rows: the list is as long as the cell says."""
    card = page.learning
    for row in range(min(rows, card.model.rowCount())):
        for place, column in enumerate(card.model.columns):
            if column.code in {"label", "rate"}:
                continue
            index = card.model.index(row, place)
            said = str(index.data()).partition(" ")[0].replace(",", "")
            card.table.opened.emit(index)
            rest(qtbot, page, tasks)
            assert page.drilling
            assert page.drill.model.rowCount() == int(said), (card.by.currentData(), row, column.code)
            page.close_drill()


def test_the_rate_of_return_opens_both_its_parts(looped: FiguresPage, qtbot: QtBot, tasks: Tasks) -> None:
    page, card = looped, looped.learning
    card.tabs.set_current(1)
    rest(qtbot, page, tasks)
    place = next(n for n, one in enumerate(card.model.columns) if one.code == "rate")
    card.table.opened.emit(card.model.index(0, place))
    rest(qtbot, page, tasks)
    assert page.drill.tabs.count() == 2
    assert page.drill.tabs.accessibleName().startswith("アポに復帰")
    assert page.drill.title.text().startswith("復帰率")
    page.drill.tabs.set_current(1)
    rest(qtbot, page, tasks)
    again = next(n for n, one in enumerate(card.model.columns) if one.code == "again")
    assert page.drill.model.rowCount() == int(str(card.model.index(0, again).data()))


def test_a_cost_is_entered_and_gives_its_tiles(page: FiguresPage, qtbot: QtBot, tasks: Tasks) -> None:
    assert page.cards.card("cost_per_sql") is None
    page.show_costs()
    dialog = page.cost_dialog
    rest(qtbot, page, tasks)
    assert dialog.entries.rowCount() == 0
    dialog.amount.setValue(1_000_000)
    dialog.enter()
    rest(qtbot, page, tasks)
    assert [one.amount for one in dialog.entries.records()] == [1_000_000]
    assert dialog.lines.records()[0].cost > 0
    qtbot.waitUntil(lambda: page.cards.card("cost_per_sql") is not None, timeout=8000)
    qtbot.keyClick(dialog.entry_table, Qt.Key.Key_Delete)
    rest(qtbot, page, tasks)
    assert dialog.entries.rowCount() == 0
    qtbot.waitUntil(lambda: page.cards.card("cost_per_sql") is None, timeout=8000)
    dialog.reject()
    rest(qtbot, page, tasks)
