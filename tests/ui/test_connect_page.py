"""The page 接続 on a real profile: every step to the first sync, bad input, the field map, all of it by keyboard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from isdesk.crm import mapping, registry, salesforce
from isdesk.crm.port import Auth, Finding
from isdesk.services.connecting import FORMS
from tests.crm import rig_salesforce
from tests.crm.fakes.salesforce import CLIENT
from tests.ui import crm_made
from tests.ui.conftest import PASSPHRASE
from tests.ui.crm_made import MadeCrm
from ui.commands import Command
from ui.models.records import CELL_ROLE, Cell
from ui.session import Session
from ui.tasks import Tasks
from ui.views.connect import words
from ui.views.connect.page import CHECK, CHOOSE, FIELDS, SCOPE, SIGN_IN, SYNC, ConnectPage, make
from ui.views.connect.sign_in import Wanted


@pytest.fixture
def crm(monkeypatch: pytest.MonkeyPatch) -> Iterator[MadeCrm]:
    """Give a CRM of this test's own, connected under the name of one that is known."""
    monkeypatch.setitem(registry._BUILT_IN, "odoo", crm_made.WHERE)
    shipped = mapping.shipped
    monkeypatch.setattr(mapping, "shipped", lambda kind: crm_made.MAP if kind == "odoo" else shipped(kind))
    yield crm_made.fresh()
    crm_made.fresh()


@pytest.fixture
def page(session: Session, crm: MadeCrm, qtbot: QtBot, tasks: Tasks) -> ConnectPage:
    """Open the page on a profile without a connection."""
    tasks.wrote.connect(session.hub.changed)
    made = make(session)
    assert isinstance(made, ConnectPage)
    session.commands.set_page("connect")
    session.commands.declare(Command("app.sync", "今すぐ同期", "app"))
    session.commands.bind("app.sync", lambda: run_sync(session))
    qtbot.addWidget(made)
    made.resize(1200, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.arrive()
    rest(qtbot, tasks)
    return made


def run_sync(session: Session) -> None:
    """Do what the shell does: a round in the background, told through the hub."""
    desk, hub = session.desk, session.hub
    assert desk is not None
    hub.syncing.emit("store:lead", 2, 0)
    session.tasks.fetch(desk.sync, lambda _: hub.synced.emit())


def rest(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=15000)


def fill(page: ConnectPage, **given: str) -> None:
    for code, text in given.items():
        page.sign_in.fields[code].setText(text)


def looked(page: ConnectPage, qtbot: QtBot, tasks: Tasks) -> None:
    """Go to the end of the check."""
    page.take("odoo")
    fill(page, url="https://example.odoo.com", database="example", secret="k-1")
    page.next()
    rest(qtbot, tasks)


def test_every_crm_that_is_offered_has_its_form_and_words() -> None:
    for crm in words.CRMS:
        assert crm.help
        assert all(f"{crm.kind}.{ask.code}" in words.ASKS for ask in FORMS[crm.kind].asks)


def test_a_digit_takes_a_crm_and_its_form_takes_the_keyboard(page: ConnectPage, qtbot: QtBot) -> None:
    page.choose.take_keys()
    qtbot.keyClick(page.choose, Qt.Key.Key_Right)
    assert page.choose.cards["hubspot"].hasFocus()
    qtbot.keyClick(page.choose, "4")
    assert page.step == SIGN_IN
    assert page.sign_in.fields["url"].hasFocus()
    page.back()
    assert page.step == CHOOSE


def test_a_form_with_a_gap_says_which_and_sends_nothing(page: ConnectPage, crm: MadeCrm, tasks: Tasks) -> None:
    page.take("odoo")
    fill(page, url="https://example.odoo.com")
    page.next()
    assert page.step == SIGN_IN
    assert page.sign_in.fields["secret"].hasFocus()
    assert page.sign_in.fields["secret"].property("state") == "bad"
    assert page.sign_in._problem.count() == 1
    assert crm.asked_as == []
    assert tasks.pending == 0


def test_a_wrong_key_is_told_beside_the_form_and_nothing_is_stored(
    page: ConnectPage, crm: MadeCrm, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    crm.fails = Auth("crm_signed_out")
    looked(page, qtbot, tasks)
    assert page.step == SIGN_IN
    assert page.sign_in._problem.count() == 1
    assert session.desk is not None
    assert session.desk.connection is None


def test_what_was_found_is_listed_and_what_stops_forbids_to_go_on(
    page: ConnectPage, crm: MadeCrm, qtbot: QtBot, tasks: Tasks
) -> None:
    crm.findings = [Finding("stop", "crm_signed_out")]
    looked(page, qtbot, tasks)
    assert page.step == CHECK
    assert "鈴木 一郎" in page.check.title.text()
    assert page.check.verdict.text() == "先に直すこと 1件"
    assert not page.next_button.isEnabled()
    page.next()
    assert page.step == CHECK
    assert "サインイン" in page.check.request
    crm.findings = []
    page.check.again.emit()
    rest(qtbot, tasks)
    assert page.next_button.isEnabled()


def test_the_field_map_is_changed_by_keyboard(
    page: ConnectPage, qtbot: QtBot, tasks: Tasks, qtmodeltester: ModelTester
) -> None:
    looked(page, qtbot, tasks)
    page.next()
    assert page.step == FIELDS
    step = page.fields
    qtmodeltester.check(step.model)
    qtmodeltester.check(step.detail.model)
    assert "案件名" in step.missing.text()
    codes = [one.code for one in step.model.records()]
    step.table.selectRow(codes.index("name_kana"))
    step.table.opened.emit(step.table.currentIndex())
    assert step.detail.search.hasFocus()
    QTest.keyClicks(step.detail.search, "x_studio_7")
    qtbot.keyClick(step.detail.search, Qt.Key.Key_Return)
    line = step.current()
    assert line is not None
    assert (line.code, line.remote) == ("name_kana", ("x_studio_7",))
    assert step.table.hasFocus()
    qtbot.keyClick(step, Qt.Key.Key_D)
    assert step.mapping is not None
    assert step.mapping.of("lead").fields["name_kana"].direction == "in"
    step.table.deleted.emit()
    assert "name_kana" not in step.mapping.of("lead").fields


def test_live_values_and_words_stand_in_the_table(page: ConnectPage, qtbot: QtBot, tasks: Tasks) -> None:
    looked(page, qtbot, tasks)
    page.next()
    step = page.fields
    sample, fit = (step.model.index(0, column).data(CELL_ROLE) for column in (3, 4))
    assert isinstance(sample, Cell)
    assert isinstance(fit, Cell)
    assert sample.text == "山田 太郎 / 佐藤 花子 / 高橋 健"
    assert fit.icon == "check"
    codes = [one.code for one in step.model.records()]
    step.table.selectRow(codes.index("stage"))
    assert "値の対応" in step.detail.tabs._texts[1]
    step.detail.worded.emit("2", "sql")
    assert step.mapping is not None
    assert step.mapping.of("lead").fields["stage"].values["2"] == "sql"


def test_the_field_map_is_shared_as_a_file(
    page: ConnectPage, session: Session, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    looked(page, qtbot, tasks)
    page.next()
    told: list[object] = []
    session.notices.noticed.connect(told.append)
    path = tmp_path / "isdesk-odoo.toml"
    assert page.fields.save(path)
    path.write_text(path.read_text(encoding="utf-8").replace("x_gone", "x_studio_1"), encoding="utf-8")
    assert page.fields.load(path)
    assert page.fields.wrong == []
    path.write_text("kind = 'kintone'", encoding="utf-8")
    assert not page.fields.load(path)
    assert len(told) == 1
    assert page.fields.wrong == []


def test_the_first_sync_runs_and_the_secret_is_gone_from_the_form(
    page: ConnectPage, session: Session, crm: MadeCrm, qtbot: QtBot, tasks: Tasks
) -> None:
    looked(page, qtbot, tasks)
    page.next()
    page.next()
    assert page.step == SCOPE
    assert "12,480" in page.scope.team.accessibleName()
    page.next()
    rest(qtbot, tasks)
    qtbot.waitUntil(lambda: page.first_sync.title.text() == "準備ができました", timeout=15000)
    assert page.step == SYNC
    assert page.first_sync.count.text() == "リード 3件"
    desk = session.desk
    assert desk is not None
    assert desk.connection is not None
    assert desk.connection.url == "https://example.odoo.com"
    assert "k-1" not in repr(desk.connection)
    assert page.sign_in.fields["secret"].text() == ""
    assert desk.mapping_text("odoo") is None
    assert crm.asked_as[-1][2] == "k-1"
    page.arrive()
    rest(qtbot, tasks)
    assert page.step == CHOOSE
    assert page.choose.cards["odoo"].isChecked()


def test_a_changed_field_map_is_kept_and_the_standard_one_follows_the_program(
    page: ConnectPage, session: Session, crm: MadeCrm, qtbot: QtBot, tasks: Tasks
) -> None:
    looked(page, qtbot, tasks)
    page.next()
    page.fields.detail.turned.emit("in")
    page.next()
    page.next()
    rest(qtbot, tasks)
    desk = session.desk
    assert desk is not None
    text = desk.mapping_text("odoo")
    assert text is not None
    assert mapping.loads(text, "odoo").of("lead").fields["name"].direction == "in"
    page.review()
    rest(qtbot, tasks)
    page.next()
    page.fields.reset_button.click()
    page.next()
    page.next()
    rest(qtbot, tasks)
    assert desk.mapping_text("odoo") is None


def test_a_connection_is_looked_at_again_without_typing_the_key(
    page: ConnectPage, session: Session, crm: MadeCrm, qtbot: QtBot, tasks: Tasks
) -> None:
    desk = session.desk
    assert desk is not None
    desk.connect("odoo", url="https://example.odoo.com", user="s@example.jp", secret="k-1", options={"db": "example"})
    page.arrive()
    rest(qtbot, tasks)
    assert "Odoo" in page.where.text()
    page.review()
    rest(qtbot, tasks)
    assert page.step == CHECK
    assert crm.asked_as[-1] == ("https://example.odoo.com", "s@example.jp", "k-1")


def test_a_key_that_is_no_longer_accepted_is_asked_for_again(
    page: ConnectPage, session: Session, crm: MadeCrm, qtbot: QtBot, tasks: Tasks
) -> None:
    desk = session.desk
    assert desk is not None
    desk.connect("odoo", url="https://example.odoo.com", user="s@example.jp", secret="k-1")
    crm.fails = Auth("crm_signed_out")
    page.review()
    rest(qtbot, tasks)
    assert page.step == SIGN_IN
    assert page.sign_in.fields["secret"].hasFocus()
    page.next()
    assert page.sign_in.fields["secret"].property("state") == "bad"
    crm.fails = None
    fill(page, secret="k-2")
    page.next()
    rest(qtbot, tasks)
    assert page.step == CHECK
    assert crm.asked_as[-1][2] == "k-2"


def test_a_kept_key_goes_to_no_other_address(
    page: ConnectPage, session: Session, crm: MadeCrm, qtbot: QtBot, tasks: Tasks
) -> None:
    desk = session.desk
    assert desk is not None
    desk.connect("odoo", url="https://example.odoo.com", user="s@example.jp", secret="k-1")
    desk.survey("odoo", url="https://elsewhere.example.org", user="s@example.jp")
    assert crm.asked_as[-1] == ("https://elsewhere.example.org", "s@example.jp", None)


def test_the_hub_on_this_computer_needs_nothing(page: ConnectPage, session: Session) -> None:
    desk = session.desk
    assert desk is not None
    page.take("sqlhub")
    page.sign_in.embedded.setChecked(True)
    assert not page.sign_in.fields["url"].isEnabled()
    assert page.sign_in.wanted() == Wanted("sqlhub", f"sqlite:///{desk.profile.hub.as_posix()}")


def test_a_check_that_is_given_up_leads_back_to_the_form(page: ConnectPage, qtbot: QtBot, tasks: Tasks) -> None:
    page.take("odoo")
    fill(page, url="https://example.odoo.com", database="example", secret="k-1")
    page.next()
    page.back()
    assert page.step == SIGN_IN
    rest(qtbot, tasks)
    assert page.step == SIGN_IN


def test_a_folder_is_connected_for_a_crm_that_imports_files(
    page: ConnectPage, session: Session, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    page.take("filedrop")
    fill(page, url=str(tmp_path / "none"))
    page.next()
    rest(qtbot, tasks)
    assert page.step == SIGN_IN
    folder = tmp_path / "drop"
    folder.mkdir()
    fill(page, url=str(folder))
    page.next()
    rest(qtbot, tasks)
    assert page.step == CHECK
    page.next()
    assert page.step == SCOPE
    page.next()
    rest(qtbot, tasks)
    assert session.desk is not None
    assert session.desk.connection is not None
    assert session.desk.connection.adapter == "filedrop"


def test_the_hub_on_this_computer_is_connected_at_once(
    page: ConnectPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    page.take("sqlhub")
    page.sign_in.embedded.setChecked(True)
    fill(page, secret=PASSPHRASE)
    page.next()
    assert page.step == SCOPE
    page.back()
    assert page.step == SIGN_IN
    page.next()
    page.next()
    rest(qtbot, tasks)
    assert page.step == SYNC
    assert session.desk is not None
    assert session.desk.connection is not None


def test_one_signs_in_to_salesforce_with_the_browser(
    page: ConnectPage, qtbot: QtBot, tasks: Tasks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits: list[threading.Thread] = []

    def visit(address: str) -> None:
        with httpx.Client(trust_env=False, follow_redirects=True) as client:
            client.get(address)

    def browse(address: str) -> bool:
        visits.append(threading.Thread(target=visit, args=(address,)))
        visits[-1].start()
        return True

    monkeypatch.setattr("ui.views.connect.page.open_https", browse)
    monkeypatch.setattr(salesforce, "PROVIDER", replace(salesforce.PROVIDER, port=0))
    with rig_salesforce.rig(tmp_path) as made:
        page.take("salesforce")
        fill(page, url=made.fake.url, client_id=CLIENT)
        page.next()
        assert page.sign_in.browser_state.text() == "ブラウザーで続けてください(5分以内)"
        qtbot.waitUntil(lambda: page.step == CHECK and tasks.pending == 0, timeout=20000)
        for one in visits:
            one.join()
        assert "佐藤 花子" in page.check.title.text()
        page.next()
        assert page.step == FIELDS
        assert page.fields.missing.isHidden()


def test_a_sign_in_that_is_left_ends_quietly(
    page: ConnectPage, qtbot: QtBot, tasks: Tasks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.views.connect.page.open_https", lambda _: False)
    monkeypatch.setattr(salesforce, "PROVIDER", replace(salesforce.PROVIDER, port=0))
    with rig_salesforce.rig(tmp_path) as made:
        page.take("salesforce")
        fill(page, url=made.fake.url, client_id=CLIENT)
        page.browse()
        rest(qtbot, tasks)
    assert page.step == SIGN_IN
    assert page.sign_in._problem.count() == 1
