"""The program: first run, gate, window, lock, one instance, pictures; on real profiles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from isdesk.desk import Desk
from isdesk.domain import phone
from isdesk.domain.phone import PhoneCall
from tests.ui.conftest import PASSPHRASE, SampleClock
from ui import app, screenshot
from ui.__main__ import parser
from ui.instance import Instance
from ui.views.call.page import CallPage
from ui.views.first_run import FirstRun
from ui.views.gate import Gate
from ui.views.main_window import MainWindow


@pytest.fixture
def made(tmp_path: Path, clock: SampleClock) -> Path:
    """Make a profile and close it again."""
    desk, _ = Desk.create(tmp_path / "profile", name="鈴木", passphrase=PASSPHRASE, clock=clock)
    desk.close()
    return tmp_path / "profile"


@pytest.fixture
def start(qapp: QApplication, clock: SampleClock) -> Iterator[list[app.Program]]:
    """Give a list to put programs in; they are closed at the end."""
    programs: list[app.Program] = []
    yield programs
    for program in programs:
        program.guard.stop()
        program.close()
        if program.window is not None:
            program.window.close()


def _program(qapp: QApplication, root: Path, clock: SampleClock, page: str = "help") -> app.Program:
    return app.Program(qapp, app.Options(str(root), page, "light", "ja", (1280, 800), quiet=True, clock=clock))


def _page(program: app.Program) -> object:
    return program.window.centralWidget() if program.window is not None else None


def _gate(program: app.Program, qtbot: QtBot) -> Gate:
    """Wait for the gate to ask."""
    qtbot.waitUntil(lambda: isinstance(_page(program), Gate))
    gate = _page(program)
    assert isinstance(gate, Gate)
    qtbot.waitUntil(gate.field.isVisible)
    return gate


def test_a_profile_opens_with_its_passphrase(
    qapp: QApplication, made: Path, clock: SampleClock, start: list[app.Program], qtbot: QtBot
) -> None:
    program = _program(qapp, made, clock)
    start.append(program)
    program.start()
    gate = _gate(program, qtbot)
    gate.field.setText(PASSPHRASE)
    gate.do.click()
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow))
    window = program.window
    assert isinstance(window, MainWindow)
    assert window.front == "help"
    assert window.top.me.text() == "鈴木 (IS)"


def test_a_wrong_passphrase_says_so_and_asks_again(
    qapp: QApplication, made: Path, clock: SampleClock, start: list[app.Program], qtbot: QtBot
) -> None:
    program = _program(qapp, made, clock)
    start.append(program)
    program.start()
    gate = _gate(program, qtbot)
    gate.field.setText("this is not it at all")
    gate.do.click()
    qtbot.waitUntil(lambda: gate.field.isVisible() and gate.do.text() == "もう一度開く")
    assert gate.title.text()
    assert (made / "isdesk.db").exists()


def test_locking_closes_the_profile_and_shows_nothing_of_it(
    qapp: QApplication, made: Path, clock: SampleClock, start: list[app.Program], qtbot: QtBot
) -> None:
    program = _program(qapp, made, clock)
    start.append(program)
    program.start()
    _gate(program, qtbot)
    program.open(PASSPHRASE, "")
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow))
    assert isinstance(program.window, MainWindow)
    program.window.commands.run("app.lock")
    gate = _gate(program, qtbot)
    assert program.session is None
    assert "鈴木" not in "".join(part.text() for part in gate.findChildren(QLabel))
    gate.field.setText(PASSPHRASE)
    gate.do.click()
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow))


def test_a_window_at_rest_locks_but_not_while_somebody_talks_on_the_telephone(
    qapp: QApplication, made: Path, clock: SampleClock, start: list[app.Program], qtbot: QtBot
) -> None:
    program = _program(qapp, made, clock, "call")
    start.append(program)
    program.start()
    _gate(program, qtbot)
    program.open(PASSPHRASE, "")
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow))
    assert isinstance(program.window, MainWindow)
    page = program.window.page("call")
    assert isinstance(page, CallPage)
    page.controller.on_call.call = phone.talking(PhoneCall("1", "+81312345678", 0.0), 3.0)
    program._idle.timeout.emit()
    assert program.session is not None
    page.controller.on_call.call = None
    program._idle.timeout.emit()
    assert program.session is None


def test_the_guided_set_up_makes_a_profile_that_opens(
    qapp: QApplication, tmp_path: Path, clock: SampleClock, start: list[app.Program], qtbot: QtBot
) -> None:
    program = _program(qapp, tmp_path / "fresh", clock)
    start.append(program)
    program.start()
    page = _page(program)
    assert isinstance(page, FirstRun)
    qtbot.waitUntil(lambda: page.preset.count() > 0)
    page.secret.setText(PASSPHRASE)
    page.own_button.click()
    assert page.steps.currentIndex() == 1
    assert not page.create_button.isEnabled()
    page.name.setText("佐藤")
    page.company.setText("はるか商事株式会社")
    page.create_button.click()
    qtbot.waitUntil(lambda: page.steps.currentIndex() == 2, timeout=20_000)
    page.later.setChecked(True)
    page.connect_button.click()
    assert page.steps.currentIndex() == 3
    assert len(page.recovery.text()) > 20
    page.start_button.click()
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=20_000)
    assert program.session is not None
    assert program.session.ctx.me.name == "佐藤"


def test_the_set_up_leads_on_to_connecting_a_crm(
    qapp: QApplication, tmp_path: Path, clock: SampleClock, start: list[app.Program], qtbot: QtBot
) -> None:
    program = _program(qapp, tmp_path / "fresh", clock)
    start.append(program)
    program.start()
    page = _page(program)
    assert isinstance(page, FirstRun)
    qtbot.waitUntil(lambda: page.preset.count() > 0)
    page.secret.setText(PASSPHRASE)
    page.own_button.click()
    page.name.setText("佐藤")
    page.create_button.click()
    qtbot.waitUntil(lambda: page.steps.currentIndex() == 2, timeout=20_000)
    page.crm.setChecked(True)
    page.connect_button.click()
    page.start_button.click()
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=20_000)
    assert isinstance(program.window, MainWindow)
    assert program.window.front == "connect"


def test_the_set_up_asks_for_a_passphrase_where_there_is_no_keyring(
    qapp: QApplication, tmp_path: Path, clock: SampleClock, start: list[app.Program], qtbot: QtBot
) -> None:
    program = _program(qapp, tmp_path / "fresh", clock)
    start.append(program)
    program.start()
    page = _page(program)
    assert isinstance(page, FirstRun)
    qtbot.waitUntil(page.secret_card.isVisible)
    page.demo_button.click()
    assert not program.profile.exists
    assert page._bars.count() == 1


def test_a_second_start_brings_the_first_to_the_front(qtbot: QtBot, tmp_path: Path) -> None:
    name = app.instance_name(tmp_path)
    first, second = Instance(name), Instance(name)
    assert not first.taken()
    with qtbot.waitSignal(first.called):
        assert second.taken()
    first.close()
    assert not second.taken()
    second.close()


def test_a_picture_of_a_page_is_written(
    qapp: QApplication, made: Path, clock: SampleClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setenv("ISDESK_PASSPHRASE", PASSPHRASE)
    options = app.Options(str(made), "help", "dark", "ja", (1280, 800), quiet=True, clock=clock)
    program = app.Program(qapp, options)
    program.start()
    picture = screenshot.Picture(program, str(tmp_path / "help.png"))
    with qtbot.waitSignal(picture.done, timeout=30_000):
        pass
    program.guard.stop()
    program.close()
    image = QImage(str(tmp_path / "help.png"))
    assert picture.code == 0
    assert (image.width(), image.height()) == (1280, 800)
    assert image.pixelColor(700, 600).lightness() < 60


@pytest.mark.parametrize("argv", [["--size", "big"], ["--scale", "9"], ["--theme", "pink"], ["--lang", "fr"]])
def test_nonsense_on_the_command_line_is_a_usage_error(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parser().parse_args(argv)
    assert end.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_the_command_line_is_as_documented() -> None:
    args = parser().parse_args(["--screenshot", "call", "out.png", "--size", "1280x800", "--scale", "1.5"])
    assert (args.screenshot, args.size, args.scale) == (["call", "out.png"], (1280, 800), 1.5)
