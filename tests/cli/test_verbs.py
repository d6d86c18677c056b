"""The verbs of the command line on a real profile: exit codes, JSON keys, sentences."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from isdesk.cli.connecting import absolute
from isdesk.cli.main import VERBS, main
from tests.cli.conftest import FS, Shell

OFFSET = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+09:00")
TUESDAY = "2030-01-08T10:30:00+09:00"


def test_help_is_there_for_all_and_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    top = capsys.readouterr().out
    for verb in VERBS:
        assert f"    {verb.name}" in top
        assert main([verb.name, "--help"]) == 0
        assert f"isdesk {verb.examples[0]}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nosuchverb",),
        ("queue", "--limit", "0"),
        ("queue", "--at", "noon"),
        ("record", "x"),
        ("set", "x", "budget"),
        ("lead", "x", "--nosuchoption"),
        ("export", "everything", "x.csv"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(shell: Shell, words: tuple[str, ...]) -> None:
    ran = shell(*words)
    assert ran.code == 2
    assert ran.out == ""
    assert len(ran.err.strip().splitlines()) == 1
    assert "--help" in ran.err


@pytest.mark.parametrize("verb", ["queue", "kpi", "undo", "sync", "doctor", "outbox"])
def test_without_a_profile_every_verb_says_what_to_do(shell: Shell, verb: str) -> None:
    ran = shell(verb)
    assert ran.code == 1
    assert ran.out == ""
    assert "isdesk demo" in ran.err
    assert not shell.profile.exists()


def test_general_options_stand_before_or_after_the_verb(desk: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "佐藤", "--json", "--profile", str(desk.profile)]) == 0
    after = json.loads(capsys.readouterr().out)
    assert main(["--json", "--profile", str(desk.profile), "search", "佐藤"]) == 0
    assert json.loads(capsys.readouterr().out) == after


def test_the_profile_may_be_named_by_the_environment(
    desk: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ISDESK_PROFILE", str(desk.profile))
    assert main(["search", "佐藤", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["items"]) == 1


def test_search_shows_what_it_found(desk: Shell) -> None:
    items = desk.json("search", "鈴木")["items"]
    assert {i["email"] for i in items} == {"ichiro@example.jp", "suzuki@example.com"}
    assert desk.json("search", "鈴木", "--limit", "1")["items"][0].keys() >= {"lead_id", "person", "company", "phone"}
    assert "うみかぜ工業" in desk("search", "suzuki").out
    assert desk.json("search", "いない人")["items"] == []


@pytest.mark.parametrize("text", ["佐藤 花子", "佐藤花子", "hanako@example.jp", "HANAKO@example.jp", "03-1234-5671"])
def test_a_lead_goes_by_exact_name_mail_or_phone(desk: Shell, text: str) -> None:
    assert desk.json("lead", text)["lead"]["fields"]["email"] == "hanako@example.jp"


def test_a_lead_goes_by_its_id_and_by_a_beginning_that_no_other_has(desk: Shell) -> None:
    ids = sorted(i["lead_id"] for i in desk.json("search", "example")["items"])
    assert len(ids) == 3
    for one in ids:
        own = next(n for n in range(4, 37) if sum(other.startswith(one[:n]) for other in ids) == 1)
        assert desk.json("lead", one[:own])["lead"]["id"] == one
    shared = next(n for n in range(36, 3, -1) if len({one[:n] for one in ids}) == 1)
    assert desk("lead", ids[0][:shared]).code == 1


def test_a_name_that_two_have_is_refused_with_both(desk: Shell) -> None:
    ran = desk("lead", "鈴木 一郎")
    assert ran.code == 1
    assert ran.out == ""
    assert "あおぞら商事" in ran.err
    assert "うみかぜ工業" in ran.err


def test_nobody_of_that_name_is_one_sentence_in_the_chosen_language(desk: Shell) -> None:
    assert desk("lead", "田中").err.startswith("isdesk: 「田中」")
    english = desk("lead", "田中", lang="en").err
    assert english.startswith("isdesk: No lead matches “田中”.")
    assert len(english.strip().splitlines()) == 1


def test_the_language_is_the_settings_else_the_systems(
    desk: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said() -> str:
        main(["lead", "田中", "--profile", str(desk.profile)])
        return capsys.readouterr().err

    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert "No lead matches" in said()
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert "「田中」" in said()
    (desk.profile / "settings.toml").write_text('format = 1\nlanguage = "en"\n', encoding="utf-8")
    assert "No lead matches" in said()


def test_a_lead_has_fields_state_scores_timeline_and_checklist(desk: Shell) -> None:
    one = desk.json("lead", "佐藤 花子")
    assert one.keys() >= {"lead", "state", "scores", "timeline", "checklist"}
    assert one["scores"].keys() == {"fit", "intent", "timing", "priority", "parts"}
    assert one["state"]["next_action"] == "first_call"
    assert OFFSET.fullmatch(one["state"]["due_at"])
    assert {line["code"] for line in one["checklist"]}
    assert "佐藤 花子" in desk("lead", "佐藤 花子").out


def test_fields_are_set_checked_and_cleared(desk: Shell) -> None:
    done = desk.json(
        "set", "佐藤 花子", "budget=500万円", "company.employees=320", "decision_maker=本人", "fs_id=佐々木"
    )
    assert set(done["changed"]) == {"budget", "company.employees", "decision_maker", "fs_id"}
    assert done["journal_id"]
    lead = desk.json("lead", "佐藤 花子")["lead"]
    assert lead["fields"]["budget"] == "500万円"
    assert lead["fields"]["decision_maker"] == "self"
    assert lead["fields"]["fs_id"] == FS.id
    assert lead["company"]["employees"] == 320
    assert desk.json("set", "佐藤 花子", "budget=")["changed"] == ["budget"]
    assert "budget" not in desk.json("lead", "佐藤 花子")["lead"]["fields"]
    assert desk.json("set", "佐藤 花子", "company.employees=320") | {"lead_id": ""} == {
        "journal_id": None,
        "lead_id": "",
        "changed": [],
    }


@pytest.mark.parametrize("pair", ["nosuchfield=1", "company.employees=many", "email=nomail", "fs_id=だれか"])
def test_a_wrong_field_or_value_is_refused_and_nothing_is_written(desk: Shell, pair: str) -> None:
    before = desk.json("lead", "佐藤 花子")["timeline"]
    ran = desk("set", "佐藤 花子", "budget=1", pair)
    assert ran.code == 1
    assert len(ran.err.strip().splitlines()) == 1
    assert desk.json("lead", "佐藤 花子")["timeline"] == before


@pytest.mark.parametrize("outcome", ["NO_ANSWER", "no_answer", "1", "不在(呼出のみ)"])
def test_an_outcome_goes_by_code_key_or_label(desk: Shell, outcome: str) -> None:
    done = desk.json("record", "佐藤 花子", outcome, "--note", "不在でした")
    assert done.keys() >= {"journal_id", "touch_id", "next_action", "due_at", "stage"}
    assert done["outcome"] == "NO_ANSWER"
    assert done["next_action"] == "retry"
    assert OFFSET.fullmatch(done["due_at"])
    state = desk.json("lead", "佐藤 花子")["state"]
    assert (state["attempts"], state["last_outcome"]) == (1, "NO_ANSWER")


def test_a_promised_callback_is_the_next_action(desk: Shell) -> None:
    done = desk.json(
        "record", "佐藤 花子", "CALLBACK_AT", "--callback", "2030-01-08 10:30", "--reached", "decision_maker"
    )
    assert (done["next_action"], done["due_at"]) == ("callback_exact", TUESDAY)


def test_what_an_outcome_needs_is_asked_for(desk: Shell) -> None:
    ran = desk("record", "佐藤 花子", "CALLBACK_AT")
    assert ran.code == 1
    assert ran.out == ""
    assert desk.json("lead", "佐藤 花子")["state"]["attempts"] == 0


def test_a_meeting_goes_to_the_fs_and_becomes_a_draft(desk: Shell) -> None:
    done = desk.json("record", "佐藤 花子", "MEETING_SET", "--meeting", TUESDAY, "--reached", "decision_maker")
    assert done["fs"] == FS.id
    shown = desk.json("handoff", "佐藤 花子")
    assert shown.keys() >= {"handoff", "status", "missing", "memo"}
    assert shown["status"] == "draft"
    assert shown["missing"]
    assert "佐藤 花子" in shown["memo"]
    refused = desk("handoff", "佐藤 花子", "--submit")
    assert refused.code == 1


def test_undo_takes_back_and_redo_does_again_also_in_another_process(desk: Shell) -> None:
    desk("record", "佐藤 花子", "NO_ANSWER")
    desk("set", "鈴木一郎", "x=1")
    desk("record", "suzuki@example.com", "BUSY")
    undone = desk.json("undo", "--count", "2")["undone"]
    assert [step["verb"] for step in undone] == ["record", "record"]
    assert desk.json("lead", "佐藤 花子")["state"]["attempts"] == 0
    again = desk.json("redo")
    assert [step["verb"] for step in again["redone"]] == ["record"]
    assert desk.json("lead", "佐藤 花子")["state"]["attempts"] == 1


def test_nothing_to_take_back_is_refused(desk: Shell) -> None:
    assert desk("redo").code == 1


def test_the_queue_offers_at_a_calling_time_and_holds_at_night(desk: Shell) -> None:
    day = desk.json("queue", "--at", TUESDAY)
    assert [item["rank"] for item in day["items"]] == [1, 2, 3]
    assert day["items"][0].keys() >= {
        "lead_id",
        "rank",
        "tier",
        "priority",
        "reasons",
        "next_action",
        "due_at",
        "company",
        "person",
        "phone",
    }
    assert "held_because" not in day["items"][0]
    assert len(desk.json("queue", "--at", TUESDAY, "--limit", "2")["items"]) == 2
    night = "2030-01-08T23:00:00+09:00"
    assert desk.json("queue", "--at", night)["items"] == []
    held = desk.json("queue", "--at", night, "--held")["items"]
    assert {item["held_because"] for item in held} == {"window"}
    assert desk.json("queue", "--at", night)["window"]["opens_at"] == "2030-01-09T09:30:00+09:00"


def test_the_queue_of_another_rep(desk: Shell) -> None:
    assert desk.json("queue", "--rep", "佐々木", "--at", TUESDAY)["items"] == []
    assert desk("queue", "--rep", "誰か").code == 1


def test_figures_have_numerator_and_denominator(desk: Shell) -> None:
    desk("record", "佐藤 花子", "NO_ANSWER")
    desk("record", "suzuki@example.com", "INTERESTED", "--reached", "decision_maker")
    rows = desk.json("kpi", "--by", "rep")["rows"]
    assert [(row["label"], row["dial_count"]) for row in rows] == [("山田 太郎", 2)]
    assert rows[0]["answer_rate"]["numerator"] == 1
    assert rows[0]["answer_rate"]["denominator"] == 2
    assert rows[0]["handoff_acceptance_rate"]["value"] is None
    assert desk("kpi", "--from", "2026-02-01", "--to", "2026-01-01").code == 1
    assert "50.0 %" in desk("kpi").out


def test_a_list_is_taken_in_and_one_undo_takes_it_back(desk: Shell, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(
        "会社名,氏名,電話\r\n株式会社そら,高橋 学,0312345674\r\n株式会社そら,伊藤 恵,12-xx\r\n".encode("cp932")
    )
    tried = desk.json("import", str(file), "--dry-run")
    assert tried["batch_id"] is None
    assert desk.json("search", "高橋")["items"] == []
    done = desk.json("import", str(file), "--source", "展示会")
    assert done.keys() >= {"encoding", "delimiter", "rows", "created", "updated", "duplicates", "errors", "batch_id"}
    assert (done["rows"], done["created"]) == (2, 2)
    assert done["errors"][0].keys() >= {"row", "column", "message"}
    assert len(desk.json("search", "株式会社そら")["items"]) == 2
    assert [step["verb"] for step in desk.json("undo")["undone"]] == ["import"]
    assert desk.json("search", "高橋")["items"] == []


def test_the_basis_of_mail_is_noted_with_a_list(desk: Shell, tmp_path: Path) -> None:
    file = tmp_path / "cards.csv"
    file.write_bytes("会社名,氏名,メール\r\n株式会社そら,高橋 学,takahashi@sora.example.jp\r\n".encode())
    assert desk("import", str(file), "--consent", "notified").code != 0, "not without where it was heard"
    done = desk.json("import", str(file), "--consent", "notified", "--consent-source", "名刺、展示会X")
    assert done["bases"] == 1
    (entry,) = desk.json("consent", "takahashi@sora.example.jp")["items"]
    assert (entry["basis"], entry["source"]) == ("notified", "名刺、展示会X")


def test_a_file_that_is_not_there_is_one_sentence(desk: Shell) -> None:
    ran = desk("import", "nosuchfile.csv")
    assert ran.code == 1
    assert "nosuchfile.csv" in ran.err


def test_a_passphrase_unlocks_where_no_keyring_does(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from isdesk.desk import Desk

    made, _ = Desk.create(shell.profile, name="山田 太郎", passphrase="correct horse")
    made.close()
    refused = shell("queue")
    assert refused.code == 1
    monkeypatch.setenv("ISDESK_PASSPHRASE", "battery staple")
    assert shell("queue").code == 1
    monkeypatch.setenv("ISDESK_PASSPHRASE", "correct horse")
    assert shell("queue").code == 0


def test_a_bug_is_one_sentence_and_a_traceback_only_for_those_who_ask(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    from isdesk import paths

    def broken(given: object = None) -> Path:
        raise RuntimeError(given)

    monkeypatch.setattr(paths, "profile_dir", broken)
    ran = shell("queue")
    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert "RuntimeError" in ran.err
    assert "Traceback" in shell("queue", "--debug").err


def test_a_secret_is_read_from_the_environment_only(shell: Shell) -> None:
    ran = shell("connect", "sqlhub", "--url", "sqlite:///x.db", "--secret-env", "NO_SUCH_VARIABLE")
    assert ran.code == 1
    assert "NO_SUCH_VARIABLE" in ran.err
    assert not shell.profile.exists()


def test_a_copy_is_written_verified_and_put_back(desk: Shell, tmp_path: Path) -> None:
    copy = tmp_path / "copy.isdesk"
    done = desk.json("backup", str(copy))
    assert done["verified"] is True
    assert done["bytes"] == copy.stat().st_size
    desk("record", "佐藤 花子", "NO_ANSWER")
    assert desk.json("restore", str(copy))["verified"] is True
    assert desk.json("lead", "佐藤 花子")["state"]["attempts"] == 0


def test_what_is_no_copy_is_refused_and_nothing_is_lost(desk: Shell, tmp_path: Path) -> None:
    wrong = tmp_path / "copy.isdesk"
    wrong.write_bytes(b"not a copy" * 1000)
    assert desk("restore", str(wrong)).code == 1
    assert desk("restore", str(tmp_path / "nosuchfile")).code == 1
    assert len(desk.json("search", "example")["items"]) == 3


def test_the_doctor_names_every_check(desk: Shell) -> None:
    checks = desk.json("doctor", "--rebuild")["checks"]
    assert {"integrity", "projection", "keyring", "disk"} <= {check["name"] for check in checks}
    assert all(check.keys() >= {"name", "ok", "detail"} and check["ok"] for check in checks)


def test_two_desks_meet_at_a_hub(shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = Shell(tmp_path / "other", capsys)
    made = shell.json("demo", "--leads", "60", "--reps", "2", "--days", "5", "--seed", "3")
    assert made.keys() >= {"profile", "hub_url", "leads", "reps", "touches", "me"}
    assert made["leads"] == 60
    again = shell("demo")
    assert again.code == 1
    lead = shell.json("queue", "--at", TUESDAY)["items"][0]["lead_id"]
    shell("record", lead, "NO_ANSWER")
    assert [item["lead_id"] for item in shell.json("outbox")["items"] if item["kind"] == "touch"] == [lead]
    report = shell.json("sync")
    assert report.keys() >= {"pulled", "pushed", "conflicts", "pending", "seconds"}
    assert report["pulled"].keys() == {"created", "updated", "deleted"}
    assert report["pushed"].keys() == {"sent", "failed", "quarantined"}
    assert (report["pending"], shell.json("outbox")["items"]) == (0, [])
    assert shell.json("conflicts")["items"] == []
    joined = other("connect", "sqlhub", "--url", made["hub_url"], "--user", made["me"], "--json")
    assert joined.data.keys() >= {"adapter", "ok", "me", "capabilities"}
    assert joined.data["me"] == made["me"]
    assert "パスフレーズ" in joined.err
    assert other.json("sync", "--full")["pulled"]["created"] > 0
    seen = [item["code"] for item in other.json("lead", lead)["timeline"] if item["what"] == "touch"]
    assert "NO_ANSWER" in seen


def test_a_hub_that_is_not_there_leaves_nothing_behind(shell: Shell) -> None:
    ran = shell("connect", "sqlhub", "--url", "nosuchscheme://x", "--user", "yamada@example.jp")
    assert ran.code == 1
    assert not (shell.profile / "isdesk.db").exists()
    assert not (shell.profile / "isdesk.db.key").exists()


@pytest.mark.parametrize(
    "words", [("conflicts", "--resolve", "nosuch", "--take", "local"), ("outbox", "--retry", "nosuch")]
)
def test_an_item_that_is_not_there_is_refused(desk: Shell, words: tuple[str, ...]) -> None:
    assert desk(*words).code == 1


def test_a_conflict_is_settled_by_naming_a_side(desk: Shell) -> None:
    assert desk("conflicts", "--resolve", "x").code == 1
    assert desk("conflicts", "--resolve", "x", "--take", "both").code == 1


def test_a_relative_hub_is_remembered_by_its_whole_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute("sqlite:///team.db") == f"sqlite:///{(tmp_path / 'team.db').as_posix()}"
    assert absolute(f"sqlite:///{tmp_path.as_posix()}/team.db") == f"sqlite:///{tmp_path.as_posix()}/team.db"
    assert absolute("postgresql://db/isdesk") == "postgresql://db/isdesk"


@pytest.mark.allow_log_warnings
def test_a_sync_that_reaches_nobody_fails_and_says_what_waits(shell: Shell) -> None:
    made = shell.json("demo", "--leads", "60", "--reps", "2", "--days", "5", "--seed", "3")
    hub = Path(made["hub_url"].removeprefix("sqlite:///"))
    lead = shell.json("queue", "--at", TUESDAY)["items"][0]["lead_id"]
    shell("record", lead, "NO_ANSWER")
    hub.rename(hub.with_suffix(".away"))
    hub.mkdir()
    ran = shell("sync", "--json")
    assert ran.code == 1
    assert json.loads(ran.out)["pending"] > 0
    assert len(ran.err.strip().splitlines()) == 1
    hub.rmdir()
    hub.with_suffix(".away").rename(hub)
    assert shell.json("sync")["pending"] == 0


def test_two_leads_of_one_person_become_one(desk: Shell) -> None:
    twin, other = "hanako@example.jp", "ichiro@example.jp"
    desk("set", other, "phone_mobile=090-1234-5678")
    told = desk.json("merge", other, twin, "--dry-run")
    assert (told["journal_id"], told["filled"]) == (None, {"phone_mobile": "+819012345678"})
    assert desk.json("merge", other, twin)["merged"]
    assert desk("lead", other).code == 1
    assert desk("merge", twin, twin).code == 1
    assert desk.json("undo")["undone"]
    assert desk("lead", other).code == 0


def test_the_diagnosis_is_silent_where_the_figures_do_not_say(desk: Shell) -> None:
    found = desk.json("diagnose", "--from", "2026-11-01", "--to", "2026-11-30")
    assert (found["shortfalls"], found["split"]) == ([], None)
    assert "目標" in desk("diagnose").out


def test_what_lost_leads_came_to_is_printed(desk: Shell) -> None:
    span = ("--from", "2026-11-01", "--to", "2026-12-31")
    assert desk.json("learning", *span)["returns"]["whole"]["lost"] == 0
    assert "ありません" in desk("learning", *span).out
    desk("record", "ichiro@example.jp", "NOT_INTERESTED", "--reached", "decision_maker", "--reason", "no_need")
    found = desk.json("learning", *span)
    (row,) = found["returns"]["rows"]
    assert (row["key"], row["lost"], row["planned"], row["contacted_again"]) == ("refusal:no_need", 1, 1, 0)
    assert row["return_rate"]["value"] is None
    assert found["reasons"]["rows"][0]["counts"] == [{"kind": "refusal", "code": "no_need", "count": 1}]
    assert "—" in desk("learning", "--by", "source", *span).out


def test_a_cover_is_set_listed_and_ended(desk: Shell) -> None:
    given = ("cover", "--by", "佐々木", "--from", "2026-01-01", "--to", "2099-12-31")
    made = desk.json(*given)
    (item,) = made["items"]
    assert (item["id"], item["now"], item["first"]) == (made["set"], True, "2026-01-01")
    assert desk.json("queue", "--at", TUESDAY)["items"] == []
    assert desk.json("queue", "--rep", "佐々木", "--at", TUESDAY)["items"][0]["reasons"]
    assert desk(*given).code == 1
    assert desk("cover", "--by", "佐々木").code == 1
    assert desk.json("cover", "--end", item["id"][:18])["items"] == []
    assert desk.json("queue", "--at", TUESDAY)["items"]
    assert "不在の代行はありません" in desk("cover").out


def test_the_introduction_is_noted_and_written(desk: Shell, tmp_path: Path) -> None:
    assert desk("introduction", "--start", "2026-01-01").code == 1  # a rep's desk in a team
    made = desk.json("introduction")
    assert (made["start"], made["phase"], made["found"]) == (None, 0, made["found"])
    assert {one["code"] for one in made["steps"]} >= {"history", "sla", "materials"}
    assert all(isinstance(one["done"], bool) for one in made["steps"])
    assert desk("introduction", "--answer", "symptom:reasked=maybe").code == 1
    paper = tmp_path / "paper.html"
    assert desk("introduction", "--document", str(paper)).code == 0
    assert "導入の90日" in paper.read_text("utf-8")


def test_costs_are_listed_and_not_entered_by_a_rep(desk: Shell) -> None:
    (whole, *_) = desk.json("cost")["rows"]
    assert (whole["source"], whole["cost"], whole["cost_per_sql"], whole["cac"]) == (None, 0, None, None)
    assert desk("cost", "--month", "2026-11", "--amount", "1000").code == 1
    assert desk("cost", "--month", "soon").code == 2


def test_a_lead_says_whose_its_task_is(desk: Shell) -> None:
    duty = desk.json("lead", "佐藤 花子")["duty"]
    assert duty["activity"] == "verify_lead"
    assert duty["responsible"]["department"] == "inside_sales"
    assert "R 実行" in desk("lead", "佐藤 花子").out


def test_a_meeting_is_listed_offered_and_invited_to(desk: Shell, tmp_path: Path) -> None:
    assert desk.json("meeting")["rows"] == []
    offered = desk.json("meeting", "佐藤 花子")["rows"]
    assert {row["fs_id"] for row in offered} == {"fs-1"}
    assert desk("meeting", "佐藤 花子", "--invitation", str(tmp_path / "x.ics")).code == 1
    at = offered[0]["at"]
    assert desk("record", "佐藤 花子", "MEETING_SET", "--meeting", at, "--to", "佐々木").code == 0
    (row,) = desk.json("meeting")["rows"]
    assert (row["at"], row["lead"], row["sequence"], row["state"]) == (at, "佐藤 花子", 0, "")
    assert desk("meeting", "佐藤 花子", "--invitation", str(tmp_path / "x.ics")).code == 0
    assert "METHOD:REQUEST" in (tmp_path / "x.ics").read_text("utf-8")
    (tmp_path / "bad.ics").write_text("x", "utf-8")
    assert desk("meeting", "--import", str(tmp_path / "bad.ics"), "--fs", "佐々木").code == 1
    assert desk("meeting", "--import", str(tmp_path / "bad.ics")).code == 1
    assert desk("meeting", "--import", str(tmp_path / "x.ics"), "--fs", "佐々木").code == 0
    assert desk.json("meeting", "--carry") == {"written": 0, "waiting": 0, "heard": 0, "error": None}
