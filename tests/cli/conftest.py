"""A real profile on disk, and the command line called as a shell would call it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError
from typing_extensions import override

from isdesk.cli.main import main
from isdesk.desk import Desk
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member
from isdesk.services import leads
from isdesk.store import members

PEOPLE = (
    ("佐藤 花子", "hanako@example.jp", "03-1234-5671", "株式会社みどり製作所"),
    ("鈴木 一郎", "ichiro@example.jp", "03-1234-5672", "株式会社あおぞら商事"),
    ("鈴木 一郎", "suzuki@example.com", "03-1234-5673", "うみかぜ工業株式会社"),
)
FS = Member(MemberId("fs-1"), "佐々木 実", "fs", "sasaki@example.jp")


class Memory(KeyringBackend):
    """A keyring that forgets everything when the test ends."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._kept: dict[tuple[str, str], str] = {}

    @override
    def get_password(self, service: str, username: str) -> str | None:
        return self._kept.get((service, username))

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        self._kept[service, username] = password

    @override
    def delete_password(self, service: str, username: str) -> None:
        if self._kept.pop((service, username), None) is None:
            raise PasswordDeleteError(username)


@dataclass
class Ran:
    """What one call of the command line gave back."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        """The JSON document; the call must have been right."""
        assert self.code == 0, self.err
        read = json.loads(self.out)
        assert isinstance(read, dict)
        return read


class Shell:
    """Calls ``isdesk`` with a profile, in Japanese unless told otherwise."""

    def __init__(self, profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.profile = profile
        self._capsys = capsys

    def __call__(self, *words: str, lang: str = "ja") -> Ran:
        self._capsys.readouterr()
        code = main(["--profile", str(self.profile), "--lang", lang, *words])
        said = self._capsys.readouterr()
        return Ran(code, said.out, said.err)

    def json(self, *words: str) -> dict[str, Any]:
        """Call with ``--json`` and return the document."""
        return self(*words, "--json").data


@pytest.fixture(autouse=True)
def _keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    monkeypatch.delenv("ISDESK_PASSPHRASE", raising=False)
    monkeypatch.delenv("ISDESK_PROFILE", raising=False)
    yield
    keyring.set_keyring(before)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """The command line on a folder in which there is nothing yet."""
    return Shell(tmp_path / "profile", capsys)


@pytest.fixture
def desk(shell: Shell) -> Shell:
    """The command line on a profile with three leads and one FS."""
    made, _ = Desk.create(shell.profile, name="山田 太郎", email="yamada@example.jp", my_company="株式会社いずみ")
    with made.ctx.store.write() as tx:
        members.put(tx, [FS])
    made.reload()
    for name, mail, phone, company in PEOPLE:
        leads.create(made.ctx, {"name": name, "email": mail, "phone_direct": phone, "company.name": company})
    made.close()
    return shell
