"""An adapter of a third party, built, installed and used from outside: isdesk finds it by its entry point alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from tests.faults.conftest import PASSPHRASE, ROOT

PACKAGE = Path(__file__).with_name("thirdparty")
TOKEN = "token-of-sato"
PEOPLE = {TOKEN: {"id": "sato", "name": "佐藤 花子"}, "token-of-ito": {"id": "ito", "name": "伊藤 健"}}

pytestmark = pytest.mark.slow


def run(*command: str, env: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, timeout=170, check=False)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the package's wheel and install it into a fresh folder, without network, as pip does for anybody."""
    room = tmp_path_factory.mktemp("thirdparty")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-cache-dir", "--no-input"]
    env = {**os.environ, "PIP_NO_INDEX": "1"}
    source = room / "source"
    for path in [p for p in PACKAGE.rglob("*") if p.is_file() and "__pycache__" not in p.parts]:
        copy = source / path.relative_to(PACKAGE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(room), str(source), env=env, cwd=room)
    (wheel,) = room.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in names if name.startswith(("tests", "isdesk/"))]
    run(*pip, "install", "--no-deps", "--target", str(room / "site"), str(wheel), env=env, cwd=room)
    return room / "site"


@pytest.fixture
def env(installed: Path) -> dict[str, str]:
    """What a person's shell has: the package on the path beside isdesk, and nothing of this checkout's tests."""
    path = os.pathsep.join([str(installed), str(ROOT)])
    more = {"PYTHONPATH": path, "ISDESK_PASSPHRASE": PASSPHRASE, "BOX_TOKEN": TOKEN, "LANG": "C.UTF-8"}
    return {**{k: v for k, v in os.environ.items() if not k.startswith("COV_")}, **more}


@pytest.fixture
def box(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A running Cardbox with a lead, from the installed package."""
    monkeypatch.syspath_prepend(str(installed))
    from importlib import import_module

    module = cast("Any", import_module("isdesk_cardbox.server"))
    server = module.Server(module.Box(tmp_path / "box.jsonl", PEOPLE))
    data = {"name": "山田 太郎", "phone_direct": "03-5555-1234", "owner_id": "sato"}
    server.box.put({"kind": "lead", "key": "", "data": data})
    yield server
    server.stop()


def test_its_own_tests_pass_with_the_suite_of_isdesk(env: dict[str, str], tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    source = PACKAGE / "tests" / "test_cardbox.py"
    (tests / source.name).write_bytes(source.read_bytes())
    done = run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tests), env=env, cwd=tmp_path)
    assert " passed" in done.stdout


def test_a_person_connects_to_it_and_syncs(env: dict[str, str], box: Any, tmp_path: Path) -> None:
    profile = tmp_path / "profile"

    def isdesk(*args: str) -> Any:
        command = (sys.executable, "-m", "isdesk", "--profile", str(profile), *args, "--json")
        return json.loads(run(*command, env=env, cwd=tmp_path).stdout)

    connected = isdesk("connect", "cardbox", "--url", box.url, "--user", "sato", "--secret-env", "BOX_TOKEN")
    assert (connected["adapter"], connected["me"]) == ("cardbox", "sato")
    isdesk("sync")
    isdesk("record", "山田太郎", "NO_ANSWER", "--note", "不在", "--at", "2026-11-20T10:30:00+09:00")
    report = isdesk("sync")
    assert report["pending"] == 0
    touches = [card for card in box.box.cards.values() if card["kind"] == "touch"]
    assert [card["data"]["note"] for card in touches] == ["不在"]
    assert [card["lead"] for card in touches] == [c["id"] for c in box.box.cards.values() if c["kind"] == "lead"]
    isdesk("sync")
    assert len([card for card in box.box.cards.values() if card["kind"] == "touch"]) == 1
    assert TOKEN not in "".join(p.read_text(errors="replace") for p in (profile / "logs").rglob("*") if p.is_file())
