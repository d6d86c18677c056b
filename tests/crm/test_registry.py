"""Adapters by name: the built-in hub, and those of other packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from isdesk.crm import registry
from isdesk.crm.port import Scope, Thing
from isdesk.domain.errors import BadInput, VaultError
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member

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


def test_an_unknown_adapter_is_refused(tmp_path: Path) -> None:
    assert "sqlhub" in registry.names()
    with pytest.raises(BadInput) as refused:
        registry.connect("nothing", url="", user="", me=ME)
    assert refused.value.params == {"adapter": "nothing"}


def test_looking_at_the_registry_loads_no_database() -> None:
    code = "import sys, isdesk.crm.registry; print(sorted({'sqlalchemy', 'psycopg', 'sqlcipher3'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
