"""What the first run does on a worker: makes the profile, connects it, or makes the demo."""

from __future__ import annotations

import os
from dataclasses import dataclass

from isdesk.paths import Profile


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person said of themselves."""

    name: str
    email: str
    company: str
    role: str
    playbook: str
    passphrase: str | None


@dataclass(frozen=True, slots=True)
class Made:
    """A fresh profile: the words that open it where its key is lost."""

    recovery: str


class SetupWork:
    """Runs the steps of the first run; every call blocks and belongs on a worker."""

    def __init__(self, profile: Profile, lang: str) -> None:
        self._profile = profile
        self._lang = lang

    def facts(self) -> tuple[bool, list[tuple[str, str]]]:
        """Return whether a passphrase must be chosen (no keyring here), and the presets with their names."""
        from isdesk import playbook, vault

        needed = not os.environ.get(vault.VARIABLE) and vault.keyring_name() is None
        presets = [(preset.name, preset.label.in_(self._lang)) for preset in playbook.presets()]
        presets.sort(key=lambda preset: preset[0] != "default")
        return needed, presets

    def demo(self, passphrase: str | None) -> None:
        """Make the demo profile. Raises StoreError, VaultError."""
        from isdesk.desk import Desk

        Desk.demo(self._profile.root, passphrase=passphrase, lang=self._lang)

    def create(self, answers: Answers) -> Made:
        """Make a profile of one's own. Raises StoreError, VaultError, PlaybookError."""
        from isdesk.desk import Desk

        desk, recovery = Desk.create(
            self._profile.root,
            name=answers.name,
            email=answers.email,
            role=answers.role,
            my_company=answers.company,
            playbook=answers.playbook,
            passphrase=answers.passphrase,
            lang=self._lang,
        )
        desk.close()
        return Made(recovery)

    def embed(self, passphrase: str | None) -> None:
        """Connect the profile to a hub of its own in the same folder. Raises CrmError, VaultError."""
        url = f"sqlite:///{self._profile.hub.as_posix()}"
        from isdesk.desk import Desk

        desk = Desk.open(self._profile.root, passphrase=passphrase, lang=self._lang)
        try:
            desk.connect("sqlhub", url=url, secret=passphrase)
            desk.sync(full=True)
        finally:
            desk.close()
