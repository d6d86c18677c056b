"""Taking intent events in on the import page: what it would bring first, one undo afterwards."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from isdesk.services import consenting, history, leads
from tests.ui.leads_made import add
from ui.session import Session
from ui.tasks import Tasks
from ui.views.imports.signals import SignalsCard


def rest(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=8000)


def test_a_list_is_looked_at_then_taken_in_then_undone(
    session: Session, host: QWidget, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    made = add(session.ctx, "見本 太郎", email="a@example.jp")
    file = tmp_path / "webinar.csv"
    file.write_text("email,date\na@example.jp,2020-01-10\nb@example.jp,2020-01-10\n", "utf-8")
    card = SignalsCard(session)
    card.setParent(host)
    card.show()
    card.show_file(file)
    rest(qtbot, tasks)
    assert card.kind.isVisible()
    card.kind.setCurrentIndex(card.kind.findData("seminar"))
    card.kind.activated.emit(card.kind.currentIndex())
    rest(qtbot, tasks)
    assert "1件の反応を1件のリードに" in card.said.text()
    assert "リードなし 1件" in card.said.text()
    with qtbot.waitSignal(card.done):
        card.take.click()
    rest(qtbot, tasks)
    assert [i.code for i in leads.view(session.ctx, made).timeline if i.what == "signal"] == ["seminar"]
    history.undo(session.ctx)
    assert not [i for i in leads.view(session.ctx, made).timeline if i.what == "signal"]


def test_a_file_that_is_none_is_told(
    session: Session, host: QWidget, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    card = SignalsCard(session)
    card.setParent(host)
    card.show()
    with qtbot.waitSignal(session.notices.noticed):
        card.show_file(tmp_path / "missing.csv")
    rest(qtbot, tasks)
    assert card.choose.isVisible()


def test_a_record_waits_for_no_list_that_is_being_read(
    session: Session, host: QWidget, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    made = add(session.ctx, "見本 太郎", email="a@example.jp")
    file = tmp_path / "webinar.csv"
    file.write_text("email,event,date\na@example.jp,seminar,2020-01-10\n", "utf-8")
    card = SignalsCard(session)
    card.setParent(host)
    card.show()
    held, free = Event(), Event()

    def write() -> None:
        held.set()
        free.wait(30)

    tasks.write(write)
    qtbot.waitUntil(held.is_set)
    card.show_file(file)
    try:
        qtbot.waitUntil(lambda: "1件の反応を1件のリードに" in card.said.text(), timeout=8000)
        file.unlink()
    finally:
        free.set()
    with qtbot.waitSignal(card.done):
        card.run()
        card.run()
    rest(qtbot, tasks)
    assert [i.code for i in leads.view(session.ctx, made).timeline if i.what == "signal"] == ["seminar"]


def test_a_list_without_a_column_of_dates_says_so_and_lets_one_be_chosen(
    session: Session, host: QWidget, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    made = add(session.ctx, "見本 太郎", email="a@example.jp")
    add(session.ctx, "見本 次郎", email="b@example.jp")
    file = tmp_path / "webinar.csv"
    file.write_text(
        "メール,種別,出欠,いつ\na@example.jp,問い合わせ,,2020-01-10\nb@example.jp,セミナー,欠席,--\n", "utf-8"
    )
    card = SignalsCard(session)
    card.setParent(host)
    card.show()
    assert not card.at.isVisible()
    card.show_file(file)
    rest(qtbot, tasks)
    assert card.undated.isVisible()
    assert "日付の列が見つかりません" in card.undated.text()
    assert "いま意欲が高い 0件" in card.said.text()
    assert "不参加 1件" in card.said.text()
    assert [card.at.itemText(n) for n in range(card.at.count())] == ["いつ", "日付の列なし"]
    card.at.setCurrentIndex(card.at.findData("いつ"))
    card.at.activated.emit(card.at.currentIndex())
    rest(qtbot, tasks)
    assert not card.undated.isVisible()
    with qtbot.waitSignal(card.done):
        card.take.click()
    rest(qtbot, tasks)
    told = [i.touch.at.year for i in leads.view(session.ctx, made).timeline if i.what == "signal" and i.touch]
    assert told == [2020]


def test_a_list_of_opt_outs_alone_can_be_taken_in(
    session: Session, host: QWidget, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    made = add(session.ctx, "見本 太郎", email="a@example.jp")
    file = tmp_path / "stops.csv"
    file.write_text("email,event,date\na@example.jp,配信停止,2020-01-10\n", "utf-8")
    card = SignalsCard(session)
    card.setParent(host)
    card.show()
    card.show_file(file)
    rest(qtbot, tasks)
    assert "配信停止にする 1件" in card.said.text()
    with qtbot.waitSignal(card.done):
        card.take.click()
    rest(qtbot, tasks)
    assert consenting.standing_of(session.ctx, made).forbids == "mail_opted_out"
