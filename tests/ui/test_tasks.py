"""The bridge to workers: results come home on the main thread, in order, and nothing is lost at the end."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from isdesk.domain.changes import Changes
from isdesk.domain.ids import LeadId
from isdesk.services.views import Written
from ui.tasks import Progress, Tasks, changes_of


def test_results_come_home_on_the_main_thread(tasks: Tasks, qtbot: QtBot, qapp: QApplication) -> None:
    seen: list[tuple[int, bool, bool]] = []
    main = threading.get_ident()
    tasks.read(
        lambda: threading.get_ident(),
        lambda worker: seen.append((1, worker == main, QThread.currentThread() is qapp.thread())),
    )
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(1, False, True)]


def test_writes_run_one_after_the_other_in_order(tasks: Tasks, qtbot: QtBot) -> None:
    order: list[int] = []
    told: list[int] = []

    def op(n: int) -> int:
        order.append(n)
        return n

    for n in range(50):
        tasks.write(partial(op, n), told.append)
    qtbot.waitUntil(lambda: tasks.pending == 0)
    assert order == told == list(range(50))


def test_what_a_write_touched_is_told_to_all(tasks: Tasks, qtbot: QtBot) -> None:
    told: list[Changes] = []
    tasks.wrote.connect(told.append)
    tasks.write(lambda: Written(Changes(leads=frozenset({LeadId("a")}))))
    tasks.write(lambda: (LeadId("b"), Written(Changes(queue=True))))
    qtbot.waitUntil(lambda: tasks.pending == 0)
    assert told == [Changes(leads=frozenset({LeadId("a")})), Changes(queue=True)]


def test_of_reads_with_one_key_only_the_last_is_told(tasks: Tasks, qtbot: QtBot) -> None:
    gate = threading.Event()
    told: list[str] = []
    tasks.read(lambda: (gate.wait(5), "old")[1], told.append, key="k")
    tasks.read(lambda: "new", told.append, key="k")
    gate.set()
    qtbot.waitUntil(lambda: tasks.pending == 0)
    assert told == ["new"]


def test_nobody_is_told_after_he_is_gone(tasks: Tasks, qtbot: QtBot) -> None:
    told: list[int] = []
    gate = threading.Event()
    owner = QObject()
    tasks.read(lambda: (gate.wait(5), 1)[1], told.append, owner=owner)
    owner.deleteLater()
    qtbot.wait(10)
    gate.set()
    qtbot.waitUntil(lambda: tasks.pending == 0)
    assert told == []


def test_a_failure_goes_to_who_asked_else_to_the_notices(tasks: Tasks, qtbot: QtBot) -> None:
    mine: list[Exception] = []
    everybody: list[Exception] = []
    tasks.failed.connect(everybody.append)

    def fail() -> None:
        raise ValueError("x")

    tasks.read(fail, None, mine.append)
    tasks.write(fail)
    qtbot.waitUntil(lambda: tasks.pending == 0)
    assert [type(e) for e in mine] == [ValueError]
    assert [type(e) for e in everybody] == [ValueError]


@pytest.mark.usefixtures("qapp")
def test_closing_finishes_all_writes() -> None:
    tasks = Tasks()
    done: list[int] = []
    for n in range(20):
        tasks.write(partial(done.append, n))
    assert tasks.close()
    assert done == list(range(20))
    tasks.write(lambda: done.append(99))
    assert done == list(range(20))


def test_progress_comes_home_and_can_be_cancelled(tasks: Tasks, qtbot: QtBot) -> None:
    steps: list[tuple[str, int, int]] = []
    progress = Progress()
    progress.stepped.connect(lambda what, done, total: steps.append((what, done, total)))

    def op() -> int:
        for n in range(1000):
            if progress.cancelled():
                return n
            if n == 3:
                progress.cancel()
            progress.step("rows", n, 1000)
        return 1000

    results: list[int] = []
    tasks.fetch(op, results.append)
    qtbot.waitUntil(lambda: bool(results))
    assert results == [4]
    assert steps == [("rows", n, 1000) for n in range(4)]


def test_changes_of_parts_are_joined() -> None:
    assert changes_of((Changes(queue=True), Written(Changes(undo=True)))) == Changes(queue=True, undo=True)
    assert changes_of(("text", 3)) is None
