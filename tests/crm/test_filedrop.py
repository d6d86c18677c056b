"""The folder of a CRM that can only import: every line once, whole or not at all, and no formula ever run."""

from __future__ import annotations

import csv
import io
import os
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from isdesk.clock import SystemClock
from isdesk.crm import filedrop, registry
from isdesk.crm.port import Asked, Command, Do, Offline, Scope, Status, Thing, Transient, Unknown
from isdesk.desk import Desk
from isdesk.domain.errors import BadInput
from isdesk.domain.formulas import unguard
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member
from isdesk.services import calls, leads

ME = Member(MemberId("m-sato"), "佐藤 花子", "rep", "sato@example.jp")
AT = "2026-11-20T01:00:00+00:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "取り込み"
    path.mkdir()
    return path


def drop(folder: Path, **options: str) -> filedrop.FileDrop:
    made = registry.connect(
        "filedrop", url=str(folder), user="", options=options, place=registry.Place(ME, SystemClock().now)
    )
    assert isinstance(made, filedrop.FileDrop)
    return made


def touch(key: str, lead: str = "l-1", device: str = "d-1", **more: Any) -> Command:
    payload = {"id": key, "lead_id": lead, "at": AT, "member_id": "m-sato", "outcome": "NO_ANSWER", **more}
    return Command(key, Do.APPEND, Thing.TOUCH, key, payload, lead_id=lead, device_id=device, local=key)


def edit(key: str, lead: str, payload: dict[str, Any], base: dict[str, Any] | None = None) -> Command:
    return Command(key, Do.PATCH, Thing.LEAD, lead, payload, base or {}, lead_id=lead, device_id="d-1", local=lead)


def lines(folder: Path, device: str = "d-1") -> list[dict[str, str]]:
    path = folder / f"outcomes-{device}.csv"
    if not path.exists():
        return []
    text = path.read_bytes().decode("utf-8-sig")
    return [{k: unguard(v) for k, v in row.items()} for row in csv.DictReader(io.StringIO(text, newline=""))]


def test_a_call_is_one_line_with_its_key(folder: Path) -> None:
    one = touch("k1", note="不在\n折り返し", talk_s=42, plan={"action": "retry", "due_at": AT})
    (result,) = drop(folder).push([one])
    assert (result.status, result.remote_id) == (Status.ACKED, "k1")
    (line,) = lines(folder)
    wanted = {
        "key": "k1", "kind": "touch", "action": "append", "at": AT, "lead_id": "l-1", "member": "m-sato",
        "outcome": "NO_ANSWER", "talk_s": "42", "note": "不在\n折り返し", "next_action": "retry", "next_at": AT,
    }  # fmt: skip
    assert {column: line[column] for column in wanted} == wanted
    assert '"outcome":"NO_ANSWER"' in line["data"]
    assert (folder / "outcomes-d-1.csv").read_bytes().startswith(b"\xef\xbb\xbfkey,kind,")


def test_edits_and_steps_are_lines_too(folder: Path) -> None:
    handed = Command(
        "t1", Do.APPEND, Thing.TRANSITION, "t1",
        {"handoff_id": "h1", "lead_id": "l-1", "at": AT, "action": "submit", "reason": "確度A"},
        lead_id="l-1", device_id="d-1",
    )  # fmt: skip
    firm = Command("c1", Do.PATCH, Thing.COMPANY, "c-1", {"name": "青葉", "phone": "03"}, device_id="d-1")
    made = edit("e0", "l-2", {"name": "山田", "email": "y@example.jp", "company_id": "c-1", "owner_id": "m-sato"})
    refused = edit("e1", "l-1", {"dnc": True}, {"dnc": None})
    assert {r.status for r in drop(folder).push([handed, firm, made, refused])} == {Status.ACKED}
    step, company, lead, change = lines(folder)
    assert (step["kind"], step["action"], step["handoff_id"], step["reason"]) == ("transition", "submit", "h1", "確度A")
    assert (company["kind"], company["company_id"], company["name"], company["phone"]) == (
        "company",
        "c-1",
        "青葉",
        "03",
    )
    assert (lead["lead_id"], lead["name"], lead["company_id"], lead["member"]) == ("l-2", "山田", "c-1", "m-sato")
    assert (change["lead_id"], change["fields"]) == ("l-1", '{"dnc":true}')


def test_the_same_key_is_one_line(folder: Path) -> None:
    adapter = drop(folder)
    one = touch("k1")
    assert [r.status for r in adapter.push([one, one])] == [Status.ACKED, Status.ACKED]
    assert [r.status for r in drop(folder).push([one, touch("k2")])] == [Status.DUPLICATE, Status.ACKED]
    assert [line["key"] for line in lines(folder)] == ["k1", "k2"]


def test_a_key_stays_known_when_the_importer_took_the_file(folder: Path) -> None:
    adapter = drop(folder)
    adapter.push([touch("k1"), edit("e1", "l-1", {"title": "部長"}, {"title": "課長"})])
    (folder / "outcomes-d-1.csv").unlink()
    assert [r.status for r in adapter.push([touch("k1"), touch("k2")])] == [Status.DUPLICATE, Status.ACKED]
    assert [line["key"] for line in lines(folder)] == ["k2"]
    asked = [Asked("k1", Thing.TOUCH), Asked("e1", Thing.LEAD), Asked("no", Thing.TOUCH)]
    assert adapter.probe(asked) == {"k1": "k1", "e1": "l-1"}


def test_a_line_written_before_a_crash_is_known_without_the_list(folder: Path) -> None:
    adapter = drop(folder)
    adapter.push([touch("k1"), edit("e1", "l-1", {"title": "部長"}, {"title": "課長"})])
    (folder / "keys-d-1.txt").write_bytes(b"\nk0\ttouch\tk0\nk1\ttou")  # cut short by a crash
    assert [r.status for r in adapter.push([touch("k1"), touch("k0")])] == [Status.DUPLICATE, Status.DUPLICATE]
    assert adapter.probe([Asked("e1", Thing.LEAD)]) == {"e1": "l-1"}
    adapter.push([touch("k2")])
    (folder / "outcomes-d-1.csv").unlink()
    assert adapter.probe([Asked("k2", Thing.TOUCH)]) == {"k2": "k2"}


def test_each_device_writes_its_own_file(folder: Path) -> None:
    adapter = drop(folder)
    assert {r.status for r in adapter.push([touch("k1"), touch("k2", device="../d 2")])} == {Status.ACKED}
    assert sorted(path.name for path in folder.glob("outcomes-*")) == ["outcomes-___d_2.csv", "outcomes-d-1.csv"]
    assert adapter.probe([Asked("k2", Thing.TOUCH)]) == {"k2": "k2"}
    assert [path.parent for path in folder.parent.rglob("outcomes-*")] == [folder, folder]


@pytest.mark.parametrize(
    "text", ["=1+1", "+81312345678", "-5", "@SUM(A1)", "＝1", "\t=1", "'=1", " =cmd|' /C calc'!A0"]
)
def test_no_cell_is_a_formula(folder: Path, text: str) -> None:
    drop(folder).push([touch("k1", note=text, number=text), edit("=e", "l-1", {"name": text})])
    raw = list(csv.reader(io.StringIO((folder / "outcomes-d-1.csv").read_bytes().decode("utf-8-sig"), newline="")))
    assert not [cell for row in raw for cell in row if cell.lstrip(" \u3000\t").startswith(tuple("=+-@＝＋－＠"))]
    assert lines(folder)[0]["note"] == text
    assert lines(folder)[1]["name"] == text
    assert [r.status for r in drop(folder).push([edit("=e", "l-1", {"name": text})])] == [Status.DUPLICATE]


def test_text_of_any_kind_comes_back(folder: Path) -> None:
    note = "髙橋𠮷 🐟 \"引用\", 'x'\r\n二行目;\ud83d\x00"
    drop(folder).push([touch("k1", note=note), touch("k2", note="長" * 32_000)])
    assert lines(folder)[0]["note"] == "髙橋𠮷 🐟 \"引用\", 'x'\r\n二行目;\ufffd\ufffd"
    assert len(lines(folder)[1]["note"]) == 32_000


def test_a_folder_that_is_away_is_not_made_anew(folder: Path) -> None:
    adapter = drop(folder)
    epoch = adapter.hello().epoch
    assert drop(folder).hello().epoch == epoch
    away = folder.with_name("away")
    folder.rename(away)
    for ask in (adapter.hello, lambda: adapter.push([touch("k1")]), lambda: adapter.probe([])):
        with pytest.raises(Offline) as problem:
            ask()
        assert problem.value.code == "filedrop_folder_gone"
    assert not folder.exists()
    folder.mkdir()
    assert drop(folder).hello().epoch != epoch  # another folder: what it lacks is offered again


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Lets the files named in the list fail to be synced to the disk."""
    names: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        path = str(Path(f"/proc/self/fd/{handle}").readlink()) if names else ""
        if any(name in path for name in names):
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    return names


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="names of open files are only known on Linux")
def test_a_full_disk_leaves_the_file_as_it_was(folder: Path, full: list[str]) -> None:
    names = full
    adapter = drop(folder)
    adapter.push([touch("k1")])
    before = (folder / "outcomes-d-1.csv").read_bytes()
    names.append(".part")
    with pytest.raises(Transient) as problem:
        adapter.push([touch("k2")])
    assert problem.value.code == "filedrop_not_written"
    assert (folder / "outcomes-d-1.csv").read_bytes() == before
    assert not list(folder.glob("*.part"))
    assert not list(folder.glob(".*.part"))
    names[:] = ["keys-"]
    with pytest.raises(Unknown):
        adapter.push([touch("k2")])
    names.clear()
    assert [r.status for r in adapter.push([replace(touch("k2"), sure=False)])] == [Status.DUPLICATE]
    assert [line["key"] for line in lines(folder)] == ["k1", "k2"]


@pytest.mark.parametrize("content", [b"a;b\r\n1;2\r\n", b"\xff\xfe\x00", b'key,kind\r\n"open'])
def test_a_file_that_is_not_ours_is_left_alone(folder: Path, content: bytes) -> None:
    (folder / "outcomes-d-1.csv").write_bytes(content)
    with pytest.raises(Transient) as problem:
        drop(folder).push([touch("k1")])
    assert problem.value.code == "filedrop_not_read"
    assert (folder / "outcomes-d-1.csv").read_bytes() == content


def test_a_long_file_is_put_aside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filedrop, "_ROLL_BYTES", 100)
    adapter = drop(folder)
    for number in range(3):
        adapter.push([touch(f"k{number}")])
    assert [line["key"] for line in lines(folder)] == ["k2"]
    assert [line["key"] for line in lines(folder, "d-1-1")] == ["k0"]
    assert [r.status for r in adapter.push([touch("k0")])] == [Status.DUPLICATE]


def test_records_that_came_from_the_crm_need_not_go_back(folder: Path) -> None:
    adapter = drop(folder, leads="no")
    made, changed = edit("e0", "l-1", {"name": "山田"}), edit("e1", "l-1", {"title": "部長"}, {"title": "課長"})
    assert {r.status for r in adapter.push([made, changed])} == {Status.ACKED}
    assert [line["key"] for line in lines(folder)] == ["e1"]
    assert [r.status for r in adapter.push([made])] == [Status.DUPLICATE]


def test_nothing_comes_back_and_nothing_passes_for_removed(folder: Path) -> None:
    adapter = drop(folder)
    adapter.push([edit("e0", "l-1", {"name": "山田"}), touch("k1")])
    able = adapter.capabilities()
    assert (able.activity_target, able.upsert_key, able.own_ids) == ("file", "per_object", True)
    assert adapter.changes(Thing.LEAD, None, Scope.TEAM).rows == []
    assert dict(adapter.ids(Thing.LEAD, Scope.TEAM)) == {"l-1": ""}
    assert adapter.fetch(Thing.LEAD, ["l-1"]) == adapter.history(Thing.TOUCH, ["l-1"]) == []
    assert adapter.link(Thing.LEAD, "l-1") is None
    assert adapter.carried(Thing.LEAD) is None
    assert [one.id for one in adapter.members()] == ["m-sato"]
    assert "dnc" in {one.code for one in adapter.describe(Thing.LEAD)}
    with pytest.raises(Offline):
        adapter.glance("l-1", 1.5)
    other = Command("s1", Do.APPEND, Thing.SUPPRESSION, "s1", {"hmac": "00"}, device_id="d-1")
    assert [r.code for r in adapter.push([other])] == ["not_carried"]
    adapter.close()


@pytest.mark.parametrize("url", ["https://example.com/x", "", "ftp://x/y"])
def test_a_folder_is_a_path(url: str) -> None:
    with pytest.raises(BadInput) as problem:
        registry.connect("filedrop", url=url, user="", place=registry.Place(ME, SystemClock().now))
    assert problem.value.code == "filedrop_no_folder"


def test_a_folder_may_be_given_as_an_address(folder: Path) -> None:
    made = registry.connect("filedrop", url=folder.as_uri(), user="", place=registry.Place(ME, SystemClock().now))
    made.push([touch("k1")])
    assert [line["key"] for line in lines(folder)] == ["k1"]


def test_a_day_at_the_desk(folder: Path, tmp_path: Path) -> None:
    """Everything recorded is in the folder once, also after another start of the program."""
    words = "correct horse battery staple"
    desk, _ = Desk.create(tmp_path / "p", name="佐藤 花子", email="", passphrase=words, clock=SystemClock())
    with closing(desk):
        desk.connect("filedrop", url=str(folder))
        lead, _ = leads.create(desk.ctx, {"name": "山田 太郎", "phone_direct": "03-1234-5678"})
        assert desk.sync().pending == 0
        calls.record(desk.ctx, lead, "DNC_REQUEST", calls.RecordInput(note="=今後は不要"))
        assert desk.sync().pending == 0
    with closing(Desk.open(tmp_path / "p", passphrase=words)) as again:
        report = again.sync(full=True)
        assert (report.sent, report.quarantined, report.error) == (0, 0, "")
    (path,) = folder.glob("outcomes-*.csv")
    found = lines(folder, path.stem.partition("-")[2])
    assert [line["lead_id"] for line in found] == [lead] * len(found)
    assert [line["note"] for line in found if line["kind"] == "touch"] == ["=今後は不要"]
    assert len({line["key"] for line in found}) == len(found)
    assert any('"dnc":true' in line["fields"] for line in found)
