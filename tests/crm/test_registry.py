"""Adapters by name: the built-in hub, and those of other packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from isdesk.crm import registry
from isdesk.crm.port import Auth, Offline, Permanent, Scope, Thing
from isdesk.domain.errors import BadInput, VaultError
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member
from tests.postgres import Server

ME = Member(MemberId("m-sato"), "佐藤 花子", "rep", "sato@example.jp")
SECRET = "korrekt-pferd-batterie"


def test_an_embedded_hub_is_made_under_a_key_of_its_own_and_found_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'team' / 'hub.db'}"
    made = registry.connect("sqlhub", url=url, user="sato@example.jp", secret=SECRET, me=ME)
    assert made.hello().me.name == "佐藤 花子"
    made.close()
    again = registry.connect("sqlhub", url=url, user="m-sato", secret=SECRET, me=ME)
    assert [p.id for p in again.members()] == ["m-sato"]
    assert again.changes(Thing.LEAD, None, Scope.TEAM).rows == ()
    again.close()
    with pytest.raises(VaultError):
        registry.connect("sqlhub", url=url, user="m-sato", secret="another passphrase", me=ME)


def test_a_colleague_joins_with_a_word_and_only_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    registry.connect("sqlhub", url=url, user="sato@example.jp", secret=SECRET, me=ME).close()
    ito = Member(MemberId("m-ito"), "伊藤 健", "rep")
    stranger = registry.connect("sqlhub", url=url, user="ito@example.jp", secret=SECRET, me=ito)
    with pytest.raises(Auth):
        stranger.hello()
    stranger.close()
    for _ in range(2):
        joined = registry.connect(
            "sqlhub", url=url, user="ito@example.jp", secret=SECRET, options={"join": "yes"}, me=ito
        )
        assert joined.hello().me.name == "伊藤 健"
        assert len(joined.members()) == 2
        joined.close()


def test_a_hub_that_vanished_is_not_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "hub.db"
    registry.connect("sqlhub", url=f"sqlite:///{file}", user="m-sato", secret=SECRET, me=ME).close()
    file.unlink()
    again = registry.connect("sqlhub", url=f"sqlite:///{file}", user="m-sato", secret=SECRET, me=ME)
    with pytest.raises(Offline, match="hub_missing"):
        again.hello()
    again.close()
    assert not file.exists()


@pytest.mark.postgres
def test_an_empty_database_of_a_server_becomes_a_hub_and_no_other(postgres: Server) -> None:
    url, create = postgres.new_database(), {"create": "yes"}
    asked = registry.connect("sqlhub", url=url, user="sato@example.jp", me=ME)
    with pytest.raises(Permanent, match="hub_missing"):
        asked.hello()
    asked.close()
    made = registry.connect("sqlhub", url=url, user="sato@example.jp", options=create, me=ME)
    assert made.hello().me.id == "m-sato"
    made.close()
    other = postgres.new_database()
    with psycopg.connect(other, autocommit=True) as link:
        link.execute("CREATE TABLE somebody_elses (id int)")
    strange = registry.connect("sqlhub", url=other, user="sato@example.jp", options=create, me=ME)
    with pytest.raises(Permanent):
        strange.hello()
    strange.close()


def test_an_unknown_adapter_is_refused(tmp_path: Path) -> None:
    assert "sqlhub" in registry.names()
    with pytest.raises(BadInput) as refused:
        registry.connect("nothing", url="", user="", me=ME)
    assert refused.value.params == {"adapter": "nothing"}


def test_looking_at_the_registry_loads_no_database() -> None:
    code = "import sys, isdesk.crm.registry; print(sorted({'sqlalchemy', 'psycopg', 'sqlcipher3'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
