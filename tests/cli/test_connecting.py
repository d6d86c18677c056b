"""``connect`` and ``mapping`` against a stand-in: what is found, what is refused, and the field map as a file."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from isdesk.crm import salesforce
from tests.cli.conftest import Shell
from tests.crm import rig_salesforce
from tests.crm.fakes.odoo import DATABASE
from tests.crm.fakes.salesforce import CLIENT
from tests.crm.rig_odoo import USERS, Rig, rig


@pytest.fixture
def odoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """Give a stand-in of Odoo, its key in the environment."""
    with rig(tmp_path) as made:
        monkeypatch.setenv("ODOO_KEY", made.fake.key(USERS["sato"]))
        yield made


def words(made: Rig) -> list[str]:
    return ["odoo", "--url", made.fake.url, "--secret-env", "ODOO_KEY", "--option", f"database={DATABASE}"]


def test_connect_says_what_was_found_and_who_one_is(shell: Shell, odoo: Rig) -> None:
    made = shell.json("connect", *words(odoo), "--scope", "team")
    assert (made["adapter"], made["ok"], made["me_name"]) == ("odoo", True, "佐藤 花子")
    assert made["capabilities"]["cursor"] in {"stamp", "version"}
    assert {one["level"] for one in made["findings"]} <= {"ok", "warn"}
    assert all(one["message"] for one in made["findings"])
    assert shell("sync").code == 0


def test_connect_prints_the_findings_for_people(desk: Shell, odoo: Rig) -> None:
    ran = desk("connect", *words(odoo), "--no-test-record")
    assert ran.code == 0
    assert "✓" in ran.err
    assert "佐藤 花子" in ran.out


def test_a_wrong_key_is_one_sentence_and_nothing_is_stored(
    desk: Shell, odoo: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ODOO_KEY", "not the key")
    ran = desk("connect", *words(odoo))
    assert ran.code == 1
    assert len(ran.err.strip().splitlines()) == 1
    assert "not the key" not in ran.err
    assert desk("sync").code == 1


@pytest.mark.parametrize("url", ["http://example.odoo.com", "https://", "ftp://example.odoo.com"])
def test_a_wrong_address_is_one_sentence(desk: Shell, odoo: Rig, url: str) -> None:
    ran = desk("connect", "odoo", "--url", url, "--secret-env", "ODOO_KEY")
    assert ran.code == 1
    assert len(ran.err.strip().splitlines()) == 1
    assert "Traceback" not in ran.err


def test_nobody_at_the_address_is_one_sentence(desk: Shell, odoo: Rig) -> None:
    ran = desk("connect", "odoo", "--url", "http://127.0.0.1:9", "--secret-env", "ODOO_KEY")
    assert ran.code == 1
    assert "CRMに届きません" in ran.err


def test_the_field_map_is_shown_shared_and_replaced(desk: Shell, odoo: Rig, tmp_path: Path) -> None:
    desk.json("connect", *words(odoo))
    shown = desk.json("mapping")
    assert (shown["adapter"], shown["own"]) == ("odoo", False)
    assert {"table": "lead", "field": "email"}.items() <= next(
        one for one in shown["fields"] if one["field"] == "email"
    ).items()
    path = tmp_path / "team.toml"
    assert desk("mapping", "--out", str(path)).code == 0
    path.write_text(path.read_text(encoding="utf-8").replace('"email_from"', '"email_cc"'), encoding="utf-8")
    changed = desk.json("mapping", "--in", str(path))
    assert changed["own"]
    assert ["email_cc"] in [one["remote"] for one in changed["fields"]]
    assert not desk.json("mapping", "--reset")["own"]
    assert desk.json("connect", *words(odoo), "--mapping", str(path))["ok"]
    assert desk.json("mapping")["own"]


def test_a_field_map_that_is_none_is_refused_by_line(desk: Shell, odoo: Rig, tmp_path: Path) -> None:
    desk.json("connect", *words(odoo))
    path = tmp_path / "team.toml"
    path.write_text('kind = "odoo"\n[lead]\nobject = 3\n', encoding="utf-8")
    ran = desk("mapping", "--in", str(path))
    assert ran.code == 1
    assert "3" in ran.err
    assert not desk.json("mapping")["own"]
    assert desk("mapping", "--in", str(tmp_path / "none.toml")).code == 1


def test_a_hub_has_no_field_map(desk: Shell, tmp_path: Path) -> None:
    assert desk("mapping").code == 1
    desk.json("connect", "sqlhub", "--url", f"sqlite:///{(tmp_path / 'hub.db').as_posix()}")
    ran = desk("mapping")
    assert ran.code == 1
    assert "対応表がありません" in ran.err


def test_one_signs_in_to_salesforce_with_the_browser(
    desk: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    browsers: list[threading.Thread] = []

    def browse(address: str) -> bool:
        def visit() -> None:
            with httpx.Client(trust_env=False, follow_redirects=True) as client:
                client.get(address)

        browsers.append(threading.Thread(target=visit))
        browsers[-1].start()
        return True

    monkeypatch.setattr(webbrowser, "open", browse)
    monkeypatch.setattr(salesforce, "PROVIDER", replace(salesforce.PROVIDER, port=0))
    with rig_salesforce.rig(tmp_path) as made:
        url = made.fake.url
        ran = desk("connect", "salesforce", "--url", url, "--option", f"client_id={CLIENT}", "--browser", "--json")
        for one in browsers:
            one.join()
    assert ran.data["me_name"]
    assert "access" not in ran.out + ran.err
