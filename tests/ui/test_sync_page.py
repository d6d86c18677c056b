"""The page 同期 on a real profile with a real hub: what waits, what clashes, rounds, and connecting."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from isdesk.domain.ids import LeadId
from isdesk.services import leads, outbox
from isdesk.services.views import ConflictItem
from isdesk.store import deliveries
from tests.ui.conftest import PASSPHRASE
from tests.ui.leads_made import add
from ui.models.records import CELL_ROLE, Cell
from ui.session import Session
from ui.tasks import Tasks
from ui.views.sync.page import ATTENTION, CONFLICTS, CONNECTION, WAITING, SyncPage, make
from ui.views.sync.words import abilities


@pytest.fixture
def page(session: Session, qtbot: QtBot, tasks: Tasks) -> SyncPage:
    """Open the page on a profile without a connection."""
    tasks.wrote.connect(session.hub.changed)
    made = make(session)
    assert isinstance(made, SyncPage)
    session.commands.set_page("sync")
    qtbot.addWidget(made)
    made.resize(1200, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.arrive()
    rest(qtbot, tasks)
    return made


def rest(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=15000)


def connected(session: Session) -> None:
    """Connect the profile to a hub of its own."""
    desk = session.desk
    assert desk is not None
    desk.connect("sqlhub", url=f"sqlite:///{desk.profile.hub.as_posix()}", secret=PASSPHRASE)


def clash(session: Session, lead_id: LeadId, mine: str) -> None:
    """Let the hub's title of a lead be another one, and mine wait."""
    ctx = session.ctx
    with ctx.store.write() as tx:
        tx.sql(
            "INSERT INTO conflict (id, adapter, obj, obj_id, lead_id, field, base, mine, theirs, theirs_version, "
            "opened_at) VALUES (?, 'sqlhub', 'lead', ?, ?, 'title', ?, ?, ?, '1', 1)",
            (f"c-{lead_id}", lead_id, lead_id, '{"value": "係長"}', f'{{"value": "{mine}"}}', '{"value": "課長"}'),
        )


def test_without_a_connection_it_says_that_all_is_kept(page: SyncPage) -> None:
    assert page.state.text() == "未接続"
    assert not page.now_button.isEnabled()
    assert page.connection.connect_button.isVisible()
    assert page.tabs.current() == CONNECTION


def test_a_connection_says_what_it_can_do_and_how_it_stands(
    page: SyncPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    connected(session)
    page.load()
    rest(qtbot, tasks)
    page.show_tab(CONNECTION)
    assert "内蔵ハブ" in page.connection.title.text()
    assert page.connection.review_button.hasFocus()
    assert page.connection._able.count() > 2
    assert page.connection._grid.count() == 10
    assert page.now_button.isEnabled()


def test_what_waits_is_listed_field_by_field_and_can_be_withdrawn(
    session: Session, page: SyncPage, qtbot: QtBot, tasks: Tasks, qtmodeltester: ModelTester
) -> None:
    lead_id = add(session.ctx, "山田 太郎")
    connected(session)
    assert session.desk is not None
    session.desk.sync(full=True)
    leads.edit(session.ctx, lead_id, {"title": "部長", "phone_direct": "052-211-1234"})
    page.load()
    rest(qtbot, tasks)
    qtmodeltester.check(page.waiting.model)
    assert page.waiting.model.rowCount() == 1
    item = page.waiting.current()
    assert item is not None
    assert item.lead_name == "山田 太郎"
    what = page.waiting.model.index(0, 2).data(CELL_ROLE)
    assert isinstance(what, Cell)
    assert "役職: 課長 → 部長" in what.text
    assert "→ 052-211-1234" in what.text
    page.show_tab(WAITING)
    page.waiting.ask_withdraw()
    assert page.waiting.form.reason.isVisible()
    page.waiting.ask_withdraw()
    rest(qtbot, tasks)
    assert page.waiting.model.rowCount() == 0
    assert leads.view(session.ctx, lead_id).fields["title"] == "課長"


def test_what_was_refused_needs_a_reason_to_be_discarded_and_goes_again_by_key(
    session: Session, page: SyncPage, qtbot: QtBot, tasks: Tasks
) -> None:
    add(session.ctx, "山田 太郎")
    connected(session)
    with session.ctx.store.write() as tx:
        waiting = deliveries.waiting(tx, 10)
        deliveries.settle(
            tx, [waiting[0].head.seq], "quarantined", attempt=True, error_class="permanent", error_text="hub_failed"
        )
    page.load()
    rest(qtbot, tasks)
    page.show_tab(ATTENTION)
    assert page.attention.model.rowCount() == 1
    assert "受け付けませんでした" in page.attention.problem.text()
    page.attention.ask_withdraw()
    page.attention.ask_withdraw()
    rest(qtbot, tasks)
    assert page.attention.model.rowCount() == 1
    assert session.commands.run("sync.retry")
    rest(qtbot, tasks)
    assert page.attention.model.rowCount() == 0
    assert page.waiting.model.rowCount() == len(waiting)


@pytest.fixture
def held(session: Session, page: SyncPage, qtbot: QtBot, tasks: Tasks) -> LeadId:
    """Have the CRM refuse an edit of 山田, in its own words, beside another lead."""
    lead_id, other = add(session.ctx, "山田 太郎"), add(session.ctx, "佐藤 花子")
    connected(session)
    assert session.desk is not None
    session.desk.sync(full=True)
    assert other
    leads.edit(session.ctx, lead_id, {"title": "統括部長"})
    refuse(session, "役職は3文字以内で入力してください。")
    page.load()
    rest(qtbot, tasks)
    page.show_tab(ATTENTION)
    return lead_id


def refuse(session: Session, words: str, why: str = "refused") -> None:
    """Let everything that waits be held, with these words of the CRM."""
    with session.ctx.store.write() as tx:
        seqs = [one.head.seq for one in deliveries.waiting(tx, 10)]
        deliveries.settle(tx, seqs, "quarantined", attempt=True, error_class=why, error_text=words)


def test_the_words_of_the_crm_stand_beside_a_value_that_is_corrected(
    session: Session, page: SyncPage, held: LeadId, qtbot: QtBot, tasks: Tasks
) -> None:
    panel = page.attention
    assert panel.problem.text() == "役職は3文字以内で入力してください。"
    assert "管理者" in panel.advice.text()
    assert session.commands.run("sync.fix")
    assert panel.form.value.hasFocus()
    assert panel.form.value.text() == "統括部長"
    panel.form.value.setText("部長")
    qtbot.keyClick(panel.form.value, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    assert leads.view(session.ctx, held).fields["title"] == "部長"
    assert page.attention.model.rowCount() == 0
    assert page.waiting.model.rowCount() == 1


def test_an_edit_is_moved_to_another_lead(
    session: Session, page: SyncPage, held: LeadId, qtbot: QtBot, tasks: Tasks
) -> None:
    form = page.attention.form
    assert session.commands.run("sync.move")
    form.search.setText("佐藤")
    rest(qtbot, tasks)
    qtbot.waitUntil(lambda: form.model.rowCount() == 1)
    qtbot.keyClick(form.search, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    found = outbox.items(session.ctx)
    assert [one.lead_name for one in found] == ["佐藤 花子"]
    assert found[0].fields == {"title": "統括部長"}
    assert leads.view(session.ctx, held).fields["title"] == "課長"


def test_an_edit_is_kept_as_a_note_and_another_is_left_out_for_a_reason(
    session: Session, page: SyncPage, held: LeadId, qtbot: QtBot, tasks: Tasks
) -> None:
    assert session.commands.run("sync.note")
    rest(qtbot, tasks)
    (note,) = outbox.items(session.ctx)
    assert note.obj == "touch"
    assert "統括部長" in str(note.fields["note"])
    refuse(session, "いまは書き込めません")
    page.load()
    rest(qtbot, tasks)
    page.attention.ask_withdraw()
    qtbot.keyClick(page.attention.form.reason, Qt.Key.Key_Return)
    assert outbox.items(session.ctx)
    page.attention.form.reason.setText("二重に書いたため")
    qtbot.keyClick(page.attention.form.reason, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    assert outbox.items(session.ctx) == ()


def test_what_nobody_could_find_out_is_decided_by_a_person_who_looked(
    session: Session, page: SyncPage, held: LeadId, qtbot: QtBot, tasks: Tasks
) -> None:
    assert page.attention.written_button.isHidden()
    refuse(session, "answer_lost", "unknown")
    page.load()
    rest(qtbot, tasks)
    assert not page.attention.written_button.isHidden()
    assert "CRMを開いて" in page.attention.advice.text()
    assert session.commands.run("sync.written")
    rest(qtbot, tasks)
    assert outbox.items(session.ctx) == ()
    assert leads.view(session.ctx, held).fields["title"] == "統括部長"


def test_escape_closes_what_is_asked(page: SyncPage, held: LeadId, session: Session, qtbot: QtBot) -> None:
    assert session.commands.run("sync.fix")
    qtbot.keyClick(page.attention.form.value, Qt.Key.Key_Escape)
    assert page.attention.form.asking is None
    assert page.attention.table.hasFocus()


def test_conflicts_stand_side_by_side_and_are_decided_by_key(
    session: Session, page: SyncPage, qtbot: QtBot, tasks: Tasks, qtmodeltester: ModelTester
) -> None:
    made = [add(session.ctx, name) for name in ("山田 太郎", "佐藤 花子", "高橋 健")]
    connected(session)
    for lead_id in made:
        clash(session, lead_id, "部長")
    page.load()
    rest(qtbot, tasks)
    page.show_tab(CONFLICTS)
    qtmodeltester.check(page.conflicts.model)
    sides = [side.value.text() for side in (page.conflicts.base, page.conflicts.mine, page.conflicts.theirs)]
    assert sides == ["係長", "部長", "課長"]
    first = page.conflicts.current()
    assert first is not None
    assert session.commands.run("sync.mine")
    rest(qtbot, tasks)
    assert first.lead_id is not None
    assert leads.view(session.ctx, first.lead_id).fields["title"] == "部長"
    assert titles(session, outbox.conflicts(session.ctx)) == ["課長", "課長"]
    page.conflicts.toggle_alike()
    assert session.commands.run("sync.theirs")
    rest(qtbot, tasks)
    assert outbox.conflicts(session.ctx) == ()
    assert page.conflicts.model.rowCount() == 0


def test_another_value_is_checked_and_written(session: Session, page: SyncPage, qtbot: QtBot, tasks: Tasks) -> None:
    lead_id = add(session.ctx, "山田 太郎")
    connected(session)
    clash(session, lead_id, "部長")
    page.load()
    rest(qtbot, tasks)
    page.show_tab(CONFLICTS)
    assert session.commands.run("sync.value")
    assert page.conflicts.other.text() == "部長"
    page.conflicts.other.setText(" 執行役員 ")
    page.conflicts.other.returnPressed.emit()
    rest(qtbot, tasks)
    assert leads.view(session.ctx, lead_id).fields["title"] == "執行役員"
    assert outbox.conflicts(session.ctx) == ()


def titles(session: Session, found: Sequence[ConflictItem]) -> list[object]:
    return [leads.view(session.ctx, one.lead_id).fields["title"] for one in found if one.lead_id is not None]


def test_rounds_are_listed_with_their_figures(session: Session, page: SyncPage, qtbot: QtBot, tasks: Tasks) -> None:
    add(session.ctx, "山田 太郎")
    connected(session)
    assert session.desk is not None
    session.desk.sync(full=True)
    page.load()
    rest(qtbot, tasks)
    assert page.rounds.rowCount() == 1
    how = page.rounds.index(0, 1).data(CELL_ROLE)
    assert isinstance(how, Cell)
    assert how.text == "完了"


def test_abilities_are_sentences() -> None:
    said = abilities({"upsert_key": "per_object", "occ": "revision", "deletes": "tombstone", "batch_max": 50})
    assert any("二重" in one for one in said)
    assert any("50件" in one for one in said)
