"""The verbs of mail on a real profile, down to a real server."""

from __future__ import annotations

from pathlib import Path

import pytest

from isdesk.store.lock import only_one
from tests.channels.posthouse import PASSWORD, USER, opened, trusted
from tests.cli.conftest import Shell

LEAD = "hanako@example.jp"


def test_a_mail_is_shown_refused_allowed_and_handed_over(desk: Shell) -> None:
    shown = desk.json("mail", LEAD, "--template", "requested")
    assert shown["may_send"] is True
    assert shown["subject"] == "ご希望の資料をお送りします"
    first = desk.json("mail", LEAD, "--template", "first")
    assert (first["forbidden"], first["may_send"]) == ("mail_no_consent", False)
    assert first["missing_items"] == ["organisation", "address", "contact", "unsubscribe"]
    text = desk("mail", LEAD, "--template", "first").out
    assert "送信者(会社名)、住所、問い合わせ先、配信停止の窓口" in text
    assert "organisation" not in text
    link = desk.json("mail", LEAD, "--template", "requested", "--mailto")["mailto"]
    assert link.startswith(f"mailto:{LEAD}?subject=%E3%81%94")
    assert "同意" in desk("mail", LEAD, "--template", "first").out
    assert desk("mail", LEAD, "--template", "requested", "--queue").code == 1


def test_consent_is_noted_withdrawn_and_refused(desk: Shell) -> None:
    assert desk.json("consent", LEAD)["forbidden"] == "mail_no_consent"
    noted = desk.json("consent", LEAD, "--basis", "notified", "--source", "展示会")
    assert noted["forbidden"] is None
    (entry,) = noted["items"]
    assert (entry["basis"], entry["source"], entry["by"], entry["withdrawn_at"]) == (
        "notified",
        "展示会",
        "山田 太郎",
        None,
    )
    assert desk.json("consent", LEAD, "--withdraw", entry["id"])["forbidden"] == "mail_no_consent"
    assert desk.json("consent", LEAD, "--opt-out")["forbidden"] == "mail_opted_out"
    assert desk("consent", LEAD, "--basis", "opt_in").code == 1


def test_a_mail_goes_from_the_account_to_the_timeline(
    desk: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "body.txt"
    text.write_text("本文です。", encoding="utf-8")
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    with opened(trusted(tmp_path, monkeypatch)) as house:
        account = desk.json(
            "mail-account", "--host", "localhost", "--port", str(house.port), "--security", "starttls", "--user", USER,
            "--address", "yamada@aoba.example", "--secret-env", "MAIL_PASSWORD", "--test",
        )  # fmt: skip
        assert account["account"]["user"] == USER
        assert PASSWORD not in str(account)
        sent = desk.json("mail", LEAD, "--template", "requested", "--body", str(text), "--answer", "--send")
        assert (sent["sent"], sent["uncertain"]) == (1, 0)
        assert desk.json("mails", "--send")["sent"] == 0
        (item,) = desk.json("mails")["items"]
        assert (item["state"], item["to"], item["message_id"]) == ("sent", LEAD, sent["message_id"])
        (mail,) = house.got
        assert mail["Message-ID"] == sent["message_id"]
        assert mail.get_content().strip() == "本文です。"
    (touch,) = [one for one in desk.json("lead", LEAD)["timeline"] if one.get("channel") == "mail"]
    assert touch["note"] == "ご希望の資料をお送りします"
    assert "送信済み" in desk("mails").out
    assert desk.json("mail-account", "--forget")["account"] is None


def test_a_mail_that_bounced_wrongly_is_sent_again(
    desk: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    with opened(trusted(tmp_path, monkeypatch)) as house:
        desk.json(
            "mail-account", "--host", "localhost", "--port", str(house.port), "--security", "starttls", "--user", USER,
            "--address", "yamada@aoba.example", "--secret-env", "MAIL_PASSWORD",
        )  # fmt: skip
        house.rcpt = ["550 5.1.1 unknown"]
        sent = desk.json("mail", LEAD, "--template", "requested", "--send")
        assert sent["failed"] == 1
        assert desk.json("consent", LEAD)["forbidden"] == "mail_bounced"
        assert desk("mails", "--again", sent["mail_id"]).code == 1
        assert desk("consent", LEAD, "--unbar", "").code == 1
        assert desk.json("consent", LEAD, "--unbar", "電話で確認")["forbidden"] == "mail_no_consent"
        desk.json("mails", "--again", sent["mail_id"])
        assert desk.json("mails", "--send")["sent"] == 1
        assert len(house.got) == 1


def test_an_account_that_is_refused_is_left_alone_over_restarts_until_it_is_told_to_try(
    desk: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every call opens the profile anew."""
    monkeypatch.setenv("MAIL_PASSWORD", "wrong")
    with opened(trusted(tmp_path, monkeypatch)) as house:
        account = [
            "mail-account", "--host", "localhost", "--port", str(house.port), "--security", "starttls", "--user", USER,
            "--address", "yamada@aoba.example", "--secret-env", "MAIL_PASSWORD",
        ]  # fmt: skip
        desk.json(*account)
        assert desk("mails", "--resume").code == 1, "nothing is paused yet"
        assert desk("mail", LEAD, "--template", "requested", "--send").code == 1
        for _ in range(3):
            refused = desk("mails", "--send")
            assert refused.code == 1
            assert "からメールの送信を止めていて、1通が待っています。" in refused.err
        assert house.sign_ins == 1
        (paused,) = desk.json("mails")["paused"]
        assert (paused["way"], paused["code"], paused["waiting"], paused["tries"]) == ("out", "mail_sign_in", 1, 1)
        assert "アプリパスワードを入れ直してください" in desk("mails").out
        assert desk("mails", "--resume").code == 1
        assert house.sign_ins == 2
        monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
        desk.json(*account)
        resumed = desk.json("mails", "--resume")
        assert (resumed["sent"], resumed["paused"], len(house.got)) == (1, [], 1)


def test_a_round_that_runs_in_another_process_is_told(desk: Shell) -> None:
    with only_one(desk.profile / "isdesk.db", "mail") as alone:
        assert alone
        assert desk.json("mails", "--send")["busy"] is True
        assert "いま別のisdesk" in desk("mails", "--send").out
    assert desk.json("mails", "--send")["busy"] is False


def test_an_invitation_goes_by_mail_and_the_day_shows_what_waits(
    desk: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    assert desk("meeting", LEAD, "--mail").code == 1
    desk.json("set", LEAD, "meeting_at=2030-01-10 14:00", "meeting_place=オンライン")
    assert "送信アカウント" in desk("meeting", LEAD, "--mail").err
    with opened(trusted(tmp_path, monkeypatch)) as house:
        desk.json(
            "mail-account", "--host", "localhost", "--port", str(house.port), "--security", "starttls", "--user", USER,
            "--address", "yamada@aoba.example", "--secret-env", "MAIL_PASSWORD",
        )  # fmt: skip
        queued = desk.json("meeting", LEAD, "--mail")
        assert (queued["to"], queued["state"]) == (LEAD, "queued")
        (waits,) = desk.json("day")["leaving"]
        assert (waits["mail_id"], waits["subject"], waits["late"]) == (queued["mail_id"], queued["subject"], False)
        assert desk.json("mails", "--send")["sent"] == 1
        (mail,) = house.got
        assert [part.get_content_type() for part in mail.walk()][-2:] == ["text/calendar", "application/ics"]
        assert desk.json("day")["leaving"] == []
    assert "送信済み" in desk("meeting", LEAD, "--mail").err
