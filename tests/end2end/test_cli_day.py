"""A small day through the command line from outside: codes, documents, and sentences for whatever is typed wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.end2end.cli import Cli
from tests.faults.conftest import isdesk

pytestmark = [pytest.mark.slow, pytest.mark.end2end]

AT = "2031-01-08T10:30:00+09:00"
"""A plain Wednesday in the calling hours."""

BUG = ("予期しない", "unexpected", "バグ", "bug")

ITEMS = {
    "company.industry": "製造",
    "company.employees": "320",
    "company.prefecture": "愛知県",
    "department": "購買部",
    "title": "部長",
    "issue": "発注が人に頼っている",
    "purpose": "締めを早く",
    "adoption_timing": "3_months",
    "interest_product": "受発注クラウド",
    "competitor": "他社",
    "issue_hypothesis": "二重入力",
    "reaction_log": "前向き",
    "meeting_place": "オンライン",
    "meeting_attendees": "本人",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """A small demo team."""
    cli = Cli(tmp_path_factory.mktemp("cli") / "profile")
    demo = cli.ok("demo", "--leads", "120", "--reps", "2", "--days", "10")
    assert (demo["leads"], demo["reps"]) == (120, 2)
    return cli


def _away(hub: Path) -> Path:
    """Move a hub's files to where nobody finds them; return where."""
    hidden = hub.with_name("away")
    hidden.mkdir()
    for file in [*hub.parent.glob(hub.name + "-*"), hub]:
        file.rename(hidden / file.name)
    return hidden


def _back(hub: Path) -> None:
    for file in hub.with_name("away").iterdir():
        file.rename(hub.with_name(file.name))
    hub.with_name("away").rmdir()


def test_a_day_by_command_line(made: Cli, tmp_path: Path) -> None:
    queue = made.ok("queue", "--at", AT)["items"]
    wanted = {"lead_id", "rank", "tier", "priority", "reasons", "next_action", "due_at", "company", "person", "phone"}
    assert all(item.keys() >= wanted for item in queue)
    assert [item["rank"] for item in queue] == list(range(1, len(queue) + 1))
    first, second, third = (item["lead_id"] for item in queue[:3])
    _record_and_take_back(made, first, second)
    _hand_over(made, third)
    _files(made, tmp_path)
    _sync(made, tmp_path, first)
    _keep(made, tmp_path, first)


def _record_and_take_back(cli: Cli, first: str, second: str) -> None:
    before = cli.ok("lead", first)["state"]["attempts"]
    cli.ok("record", first, "NO_ANSWER", "--note", "不在")
    promise = cli.ok("record", second, "5", "--callback", "2031-01-09 14:00", "--reached", "decision_maker")
    assert (promise["next_action"], promise["due_at"]) == ("callback_exact", "2031-01-09T14:00:00+09:00")
    assert [step["verb"] for step in cli.ok("undo", "--count", "2")["undone"]] == ["record", "record"]
    assert cli.ok("lead", first)["state"]["attempts"] == before
    assert [step["lead_id"] for step in cli.ok("redo")["redone"]] == [first]
    assert cli.ok("lead", first)["state"]["attempts"] == before + 1
    assert cli.ok("set", first, "budget=500万円", "company.employees=320")["changed"]
    assert cli.ok("lead", first)["lead"]["fields"]["budget"] == "500万円"
    assert cli.ok("search", "500")["items"] is not None


def _hand_over(cli: Cli, lead: str) -> None:
    done = cli.ok("record", lead, "MEETING_SET", "--meeting", AT, "--reached", "decision_maker")
    assert done["fs"]
    items = [word for path, value in ITEMS.items() for word in ("--set", f"{path}={value}")]
    draft = cli.ok("handoff", lead, *items)
    assert (draft["status"], draft["missing"]) == ("draft", [])
    assert "二重入力" in draft["memo"]
    assert cli.ok("handoff", lead, "--submit")["status"] == "submitted"
    cli.fails("handoff", lead, "--submit")
    assert cli.ok("handoff", lead, "--return", "課題仮説が不明確")["status"] == "returned"
    assert cli.ok("handoff", lead, "--submit")["status"] == "submitted"
    assert cli.ok("handoff", lead, "--accept")["status"] == "accepted"
    told = cli.ok("handoff", lead, "--feedback", "won", "amount=1200000", "factor=issue_fit")
    assert [step["code"] for step in told["history"]][:2] == ["feedback", "accept"]
    assert cli.ok("lead", lead)["state"]["stage"] == "won"


def _files(cli: Cli, room: Path) -> None:
    source = room / "list.csv"
    source.write_bytes("会社名,氏名,メール\r\n株式会社そら,高橋 学,manabu@sora.example\r\n".encode("cp932"))
    tried = cli.ok("import", str(source), "--dry-run")
    assert (tried["encoding"], tried["rows"], tried["batch_id"]) == ("CP932", 1, None)
    assert cli.ok("search", "manabu@sora")["items"] == []
    taken = cli.ok("import", str(source), "--source", "展示会")
    assert (taken["created"], taken["updated"]) == (1, 0)
    assert cli.ok("import", str(source))["created"] == 0
    hit = cli.ok("search", "高橋 学")["items"][0]
    assert hit["email"] == "manabu@sora.example"
    for ending in ("csv", "xlsx", "json"):
        target = room / f"leads.{ending}"
        rows = cli.ok("export", "leads", str(target))["rows"]
        assert rows > 0
        assert target.stat().st_size > 0
    written = json.loads((room / "leads.json").read_text(encoding="utf-8"))
    assert len(written) == rows, type(written)
    figures = cli.ok("kpi", "--by", "rep")["rows"]
    assert all({"numerator", "denominator"} <= row["answer_rate"].keys() for row in figures)


def _sync(cli: Cli, room: Path, lead: str) -> None:
    waiting = cli.ok("outbox")["items"]
    assert {item["what"] for item in waiting} >= {"touch"}
    hub = cli.profile / "hub.db"
    _away(hub)
    ran = isdesk(cli.profile, "sync")
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert len(cli.ok("outbox")["items"]) == len(waiting)
    _back(hub)
    report = cli.ok("sync")
    assert report["pushed"]["failed"] == report["pushed"]["quarantined"] == report["pending"] == 0
    assert cli.ok("outbox")["items"] == []
    other = Cli(room / "other")
    me = cli.ok("lead", lead)["lead"]["fields"]["owner_id"]
    other.ok("connect", "sqlhub", "--url", f"sqlite:///{hub.as_posix()}", "--user", me)
    other.ok("sync")
    other.ok("set", lead, "email=elsewhere@example.jp")
    cli.ok("set", lead, "email=here@example.jp")
    other.ok("sync")
    assert cli.ok("sync")["conflicts"] == 1
    clash = cli.ok("conflicts")["items"]
    assert [(c["field"], c["local"], c["remote"]) for c in clash] == [
        ("email", "here@example.jp", "elsewhere@example.jp")
    ]
    assert cli.ok("conflicts", "--resolve", clash[0]["id"], "--take", "local")["items"] == []
    cli.ok("sync")
    other.ok("sync")
    assert other.ok("lead", lead)["lead"]["fields"]["email"] == "here@example.jp"


def _keep(cli: Cli, room: Path, lead: str) -> None:
    copy = room / "copy.isdesk"
    assert cli.ok("backup", str(copy)) == {"bytes": copy.stat().st_size, "verified": True, "file": str(copy)}
    cli.ok("set", lead, "budget=900万円")
    assert cli.ok("restore", str(copy))["verified"] is True
    assert cli.ok("lead", lead)["lead"]["fields"]["budget"] == "500万円"
    checks = cli.ok("doctor", "--rebuild")["checks"]
    assert all(check["ok"] for check in checks), checks
    assert {"integrity", "projection", "rebuild"} <= {check["name"] for check in checks}
    assert cli.ok("sync")["conflicts"] == 0
    assert cli.text("queue", "--at", AT).strip()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (2, ()),
        (2, ("nosuchverb",)),
        (2, ("queue", "--limit", "-1")),
        (2, ("queue", "--at", "きのう")),
        (2, ("queue", "--at", "2026-13-45T99:00")),
        (1, ("queue", "--rep", "誰でもない")),
        (1, ("lead", "いない人")),
        (1, ("lead", "")),
        (1, ("lead", "%' OR 1=1 --")),
        (1, ("lead", "\U0001f600")),
        (2, ("set", "LEAD", "nofield")),
        (1, ("set", "LEAD", "no_such_field=1")),
        (1, ("set", "LEAD", "company.employees=たくさん")),
        (1, ("set", "LEAD", "email=x")),
        (1, ("set", "LEAD", "fs_id=だれか")),
        (1, ("record", "LEAD", "NO_SUCH_OUTCOME")),
        (1, ("record", "LEAD", "CALLBACK_AT")),
        (2, ("record", "LEAD", "CALLBACK_AT", "--callback", "31/31")),
        (2, ("record", "LEAD", "1", "--reached", "the_moon")),
        (1, ("handoff", "LEAD", "--accept")),
        (1, ("handoff", "LEAD", "--feedback", "splendid")),
        (2, ("handoff", "LEAD", "--submit", "--accept")),
        (1, ("import", "nosuch.csv")),
        (1, ("import", "BINARY")),
        (1, ("import", "FOLDER")),
        (1, ("import", "GOOD", "--encoding", "klingon")),
        (1, ("import", "GOOD", "--mapping", "BINARY")),
        (2, ("export", "everything", "x.csv")),
        (1, ("export", "leads", "FOLDER/x.docx")),
        (1, ("export", "leads", "/proc/no/where.csv")),
        (1, ("kpi", "--from", "2031-02-01", "--to", "2031-01-01")),
        (2, ("kpi", "--by", "moon")),
        (1, ("conflicts", "--resolve", "nosuch", "--take", "local")),
        (1, ("outbox", "--withdraw", "nosuch")),
        (1, ("restore", "BINARY")),
        (1, ("restore", "nosuch.isdesk")),
        (1, ("backup", "/proc/no/where.isdesk")),
        (1, ("connect", "nosuchcrm", "--url", "x")),
        (1, ("connect", "sqlhub", "--url", "mysql://x/y")),
        (1, ("connect", "sqlhub", "--url", "postgresql://127.0.0.1:1/none", "--user", "x")),
        (1, ("demo",)),
        (2, ("demo", "--leads", "many")),
        (2, ("undo", "--count", "0")),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, tuple) else None,
)
def test_whatever_is_typed_wrong_is_one_sentence(
    bad_inputs: tuple[Cli, dict[str, str]], code: int, words: tuple[str, ...]
) -> None:
    cli, places = bad_inputs
    typed = [next((w.replace(k, v) for k, v in places.items() if w.startswith(k)), w) for w in words]
    said = cli.fails(*typed, code=code)
    assert not any(word in said for word in BUG), said


@pytest.fixture(scope="module")
def bad_inputs(made: Cli, tmp_path_factory: pytest.TempPathFactory) -> tuple[Cli, dict[str, str]]:
    """A copy of the profile, and the things that wrong words may name."""
    room = tmp_path_factory.mktemp("bad")
    shutil.copytree(made.profile, room / "profile")
    cli = Cli(room / "profile")
    (room / "noise.bin").write_bytes(bytes(range(256)) * 64)
    (room / "good.csv").write_text("氏名,メール\n高橋,takahashi@example.jp\n", encoding="utf-8")
    lead = cli.ok("queue", "--at", AT)["items"][0]["lead_id"]
    return cli, {
        "LEAD": lead,
        "BINARY": str(room / "noise.bin"),
        "FOLDER": str(room),
        "GOOD": str(room / "good.csv"),
    }


def test_after_all_that_was_wrong_nothing_has_changed(bad_inputs: tuple[Cli, dict[str, str]]) -> None:
    cli, places = bad_inputs
    checks = cli.ok("doctor")["checks"]
    assert all(check["ok"] for check in checks), checks
    assert cli.ok("lead", places["LEAD"])["lead"]["fields"].get("email", "x@y") != "x"


def test_a_wrong_passphrase_is_one_sentence(made: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.faults.conftest.PASSPHRASE", "not the right words")
    made.fails("queue")
