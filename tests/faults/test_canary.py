"""A canary in every text field, through a whole life: nowhere in clear but in the file that was asked for."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from isdesk import logs
from isdesk.desk import PLAYBOOK_TEXT, Desk
from isdesk.domain.errors import IsdeskError, Refused, VaultError
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.member import Member
from isdesk.services import admin, calls, exports, handoffs, history, imports, leads, queue, scripts, search
from isdesk.services import outbox as outboxes
from isdesk.services.calls import RecordInput
from isdesk.services.values import NOT_TYPED
from isdesk.store import members, meta
from tests.end2end.person import Key, Person
from tests.faults.canary import Canaries, forms_in, sung_by_processes, sung_in, writes, written_in_clear
from tests.faults.conftest import PASSPHRASE, environment, isdesk
from tests.services.conftest import TUESDAY, HandClock
from ui import care
from ui.notices import Notices

pytestmark = [pytest.mark.slow, pytest.mark.faults]

SCRIPT = """extends = "default"
name = "team"
number = 1
ja = "{0}"
en = "{0}"
note = "{0}"
[script.inbound_saas.text]
opening = "「{0}。{{{{ name_sama }}}}、お世話になります。」"
"""


@dataclass
class Life:
    """A profile with its hub, what was planted in it, and places that are not the program's own."""

    room: Path
    clock: HandClock
    canaries: Canaries = field(default_factory=Canaries)

    @property
    def profile(self) -> Path:
        """Return the profile's folder."""
        return self.room / "profile"

    @property
    def hub(self) -> Path:
        """Return the folder of the hub."""
        return self.room / "hub"

    @property
    def asked(self) -> Path:
        """Return where the files are that the person made or asked for."""
        return self.room / "asked"

    @property
    def temp(self) -> Path:
        """Return where temporary files go."""
        return self.room / "temp"

    def silent(self) -> None:
        """Fail where a canary is heard."""
        homes = [Path(os.environ[name]) for name in os.environ if name.startswith("XDG_") and name.endswith("_HOME")]
        assert sung_in(self.profile, self.hub, self.temp, *homes) == []
        assert sung_by_processes() == []

    def desk(self) -> Desk:
        """Open the profile."""
        return Desk.open(self.profile, passphrase=PASSPHRASE, clock=self.clock)


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    """A life that begins at ten on a Tuesday, with a log of everything."""
    made = Life(tmp_path, HandClock(TUESDAY))
    for folder in (made.hub, made.asked, made.temp):
        folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(made.temp))
    monkeypatch.setattr(tempfile, "tempdir", str(made.temp))
    handler = logs.start(made.profile / "logs", "debug")
    yield made
    logs.stop(handler)


def _born(life: Life) -> tuple[Desk, LeadId]:
    """Make the profile and its hub, and a lead with a canary in every field that is typed."""
    sing = life.canaries.text
    desk, _ = Desk.create(
        life.profile, name=sing("my name"), email="zqkanaria99@kanaria.example", my_company=sing("my company"),
        passphrase=PASSPHRASE, clock=life.clock,
    )  # fmt: skip
    with desk.ctx.store.write() as tx:
        members.put(tx, [Member(MemberId("m-fs"), sing("name of FS"), "fs", "fs@kanaria.example")])
        meta.put(tx, PLAYBOOK_TEXT, SCRIPT.format(sing("script")))
    desk.connect("sqlhub", url=f"sqlite:///{(life.hub / 'hub.db').as_posix()}", secret=PASSPHRASE)
    fields = [spec for spec in LEAD_FIELDS.values() if spec.code not in NOT_TYPED]
    typed = {spec.code: life.canaries.for_field(spec) for spec in fields}
    typed |= {f"company.{spec.code}": life.canaries.for_field(spec) for spec in COMPANY_FIELDS.values()}
    given = {path: text for path, text in typed.items() if text and path not in {"stage", "lead_source", "company_id"}}
    lead, _ = leads.create(desk.ctx, {**given, "lead_source": "inquiry", "company.employees": 320})
    assert len(given) > 25
    return desk, lead


def _called(desk: Desk, lead: LeadId, sing: Callable[[str], str], clock: HandClock) -> None:
    """Dial, record, take back, put off; every reason and note a canary."""
    ctx = desk.ctx
    number = leads.view(ctx, lead).phones[0].e164
    calls.begin_dial(ctx, lead, number)
    assert sing("script") in str(scripts.rendered(ctx, lead))
    leads.save_draft(ctx, lead, sing("draft of a memo"))
    calls.record(ctx, lead, "NO_ANSWER", RecordInput(note=sing("note of a call"), number=number))
    calls.record(
        ctx, lead, "COMPETITOR", RecordInput(competitor=sing("competitor in a call"), note=sing("second note"))
    )
    history.undo(ctx)
    history.redo(ctx)
    leads.snooze(ctx, lead, clock.now() + timedelta(days=1), sing("reason of a snooze"))
    leads.skip(ctx, lead, sing("reason of a skip"))
    other, _ = leads.create(ctx, {"name": sing("name of another"), "phone_direct": "03-7391-5599"})
    calls.record(ctx, other, "DNC_REQUEST", RecordInput(note=sing("words of a refusal"), company_scope=True))
    leads.set_do_not_call(ctx, other, company=True, evidence=sing("evidence"))
    assert search.find(ctx, sing("typed search"), 10) == []
    assert [hit.lead_id for hit in search.find(ctx, life_name(desk, lead), 10)] == [lead]


def life_name(desk: Desk, lead: LeadId) -> str:
    """Return the name of a lead."""
    return str(leads.view(desk.ctx, lead).fields["name"])


def _handed_over(desk: Desk, lead: LeadId, sing: Callable[[str], str], clock: HandClock) -> None:
    """A handoff through its life."""
    ctx = desk.ctx
    at = clock.now() + timedelta(days=7)
    calls.record(ctx, lead, "MEETING_SET", RecordInput(meeting_at=at, fs_id=MemberId("m-fs"), note=sing("third note")))
    lacking = {path for line in handoffs.view(ctx, lead).missing for path in line.missing_fields}
    chosen = {"adoption_timing": "3_months", "adoption_at": "2027-04-01", "decision_maker": "self"}
    handoffs.set_items(ctx, lead, {path: chosen.get(path) or sing(f"item {path}") for path in lacking})
    handoffs.submit(ctx, lead)
    handoffs.return_(ctx, lead, sing("reason of a return"))
    handoffs.submit(ctx, lead)
    assert "金糸雀" in handoffs.memo(ctx, lead, "html")
    handoffs.accept(ctx, lead)
    handoffs.feedback(ctx, lead, "lost", factor=sing("factor"), note=sing("note of FS"), reasked=[sing("reasked")])


def _imported(life: Life, desk: Desk) -> None:
    """A file in: its name, its headers and its cells hold canaries; and one that is refused."""
    sing = life.canaries.text
    file = life.asked / f"{sing('name of a file')}.csv"
    text = (
        f"会社名,氏名,メール,{sing('header')}\n{sing('cell company')},{sing('cell name')},bad mail {sing('cell')},x\n"
    )
    file.write_bytes(text.encode("cp932"))
    done = imports.import_file(desk.ctx, file, source=sing("name of a source"))
    assert (done.created, done.error_count) == (1, 1)
    broken = life.asked / f"{sing('name of a broken file')}.csv"
    broken.write_bytes(bytes(range(256)) * 8 + sing("broken").encode())
    with pytest.raises(IsdeskError):
        imports.import_file(desk.ctx, broken)


def _synced(life: Life, desk: Desk) -> None:
    """To the hub and back, and once to a hub that is not there."""
    assert desk.sync().pending == 0
    away = life.room / "away"
    life.hub.rename(away)
    leads.edit(desk.ctx, _someone(desk), {"budget": life.canaries.text("edit while away")})
    with closing(life.desk()) as lonely:
        assert not lonely.sync().online
        assert outboxes.items(lonely.ctx)
    away.rename(life.hub)
    life.clock.go(minutes=30)
    assert desk.sync().pending == 0


def _someone(desk: Desk) -> LeadId:
    return queue.ids(desk.ctx, held=True)[0]


def _failed(life: Life, desk: Desk) -> None:
    """Bugs and refusals: what is said of them holds no value."""
    sing = life.canaries.text
    log = logging.getLogger("isdesk.canary")
    try:
        raise ValueError(sing("message of a bug"))
    except ValueError as error:
        log.exception("a bug", extra={"kind": "bug", "note": sing("extra")})
        said: list[str] = []
        notices = Notices("ja")
        notices.bug.connect(said.append)
        notices.error(error)
    assert len(said) == 1
    assert forms_in(said[0].encode()) == []
    with pytest.raises(IsdeskError):
        leads.edit(desk.ctx, _someone(desk), {"email": sing("a value that is refused")})
    with pytest.raises(IsdeskError):
        exports.run(desk.ctx, "leads", life.asked / sing("folder") / "nowhere" / "x.docx")
    desk.ctx.me = Member(desk.ctx.me.id, desk.ctx.me.name, "fs", "")
    with pytest.raises(Refused):
        exports.run(desk.ctx, "leads", life.asked / "refused.csv")
    desk.reload()


@pytest.mark.allow_log_warnings
def test_a_life_is_silent_but_for_the_export(
    life: Life, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sing = life.canaries.text
    desk, lead = _born(life)
    life.silent()
    with closing(desk):
        _called(desk, lead, sing, life.clock)
        life.silent()
        _handed_over(desk, lead, sing, life.clock)
        _imported(life, desk)
        life.silent()
        _synced(life, desk)
        _failed(life, desk)
        assert care.back_up(desk).exists()
        admin.backup(desk.ctx, life.profile / "copy.isdesk")
        assert all(check.ok for check in admin.doctor(desk.ctx, rebuild=True))
        life.silent()
    with pytest.raises(VaultError):
        Desk.open(life.profile, passphrase=sing("a wrong passphrase"), clock=life.clock)
    admin.restore(life.profile, life.profile / "copy.isdesk", passphrase=PASSPHRASE, clock=life.clock)
    with closing(life.desk()) as again:
        leads.create(again.ctx, {"name": sing("who waits"), "phone_direct": "03-7391-5598", "lead_source": "inquiry"})
    monkeypatch.setenv("ISDESK_PASSPHRASE", PASSPHRASE)
    _at_the_window(Person(qapp, qtbot, life.profile, life.clock), sing)
    life.silent()
    with closing(life.desk()) as again:
        assert len(life.canaries.planted) > 60
        for what in ("leads", "touches", "handoffs"):
            exports.run(again.ctx, what, life.asked / f"{what}.csv")
            exports.run(again.ctx, what, life.asked / f"{what}.json")
    life.silent()
    heard = sung_in(life.asked)
    assert all(any(name in one for one in heard) for name in ("leads.csv", "touches.json", "handoffs.csv"))
    log = (life.profile / "logs" / logs.FILE).read_text(encoding="utf-8")
    assert "a bug" in log


def _at_the_window(person: Person, sing: Callable[[str], str]) -> None:
    """Search and write a memo that is never sent, in the real window."""
    person.sit_down()
    person.press(Key.Key_Slash)
    person.compose("かなりあ", sing("typed outcome"))
    person.press(Key.Key_Escape)
    person.write_memo("かなりあ", sing("memo in the window"))
    person.settle()
    person.leave()


@pytest.mark.skipif(sys.platform != "linux" or shutil.which("strace") is None, reason="needs strace, Linux only")
def test_no_verb_writes_a_canary_in_clear_even_for_a_moment(life: Life) -> None:
    """Every single write of the command line is looked at, so that a file that lived for a moment counts too."""
    desk, lead = _born(life)
    with closing(desk):
        desk.sync()
    sing = life.canaries.text
    file = life.asked / "list.csv"
    file.write_text(f"会社名,氏名\n{sing('cell company')},{sing('cell name')}\n", encoding="utf-8")
    verbs = [
        ("record", lead, "NO_ANSWER", "--note", sing("note by command line")),
        ("set", lead, f"budget={sing('budget by command line')}"),
        ("import", str(file)),
        ("sync",),
        ("backup", str(life.profile / "copy.isdesk")),
        ("export", "leads", str(life.asked / "leads.csv")),
        ("lead", sing("nobody"), "--debug"),
    ]
    trace = life.room / "trace"
    calls_ = "trace=write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg"
    for verb in verbs:
        ran = isdesk(
            life.profile, *verb, under=["strace", "-f", "-y", "-xx", "-s", "400000", "-e", calls_, "-o", str(trace)]
        )
        assert ran.returncode == (1 if verb[0] == "lead" else 0), ran.stderr
        text = trace.read_text(errors="replace")
        assert verb[0] == "lead" or any("isdesk.db" in place for place, _ in writes(text)), verb
        assert written_in_clear(text, life.asked) == [], verb
        if verb[0] == "export":
            assert written_in_clear(text) != []
    trace.unlink()
    life.silent()
    assert environment()["ISDESK_PASSPHRASE"] == PASSPHRASE
