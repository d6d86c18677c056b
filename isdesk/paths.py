"""Where files lie: everything of one user in one folder, the profile."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROFILE_VARIABLE = "ISDESK_PROFILE"
_OWNER_ONLY = 0o700


@dataclass(frozen=True, slots=True)
class Profile:
    """The folder of one user and the places in it."""

    root: Path

    @property
    def database(self) -> Path:
        """Return the encrypted database."""
        return self.root / "isdesk.db"

    @property
    def envelope(self) -> Path:
        """Return what unlocks the database's key; never the key itself."""
        return self.root / "isdesk.db.key"

    @property
    def settings(self) -> Path:
        """Return the settings file."""
        return self.root / "settings.toml"

    @property
    def playbooks(self) -> Path:
        """Return the folder of the team's own definitions."""
        return self.root / "playbooks"

    @property
    def logs(self) -> Path:
        """Return the folder of the log."""
        return self.root / "logs"

    @property
    def backups(self) -> Path:
        """Return the folder of the copies that are made by themselves."""
        return self.root / "backups"

    @property
    def hub(self) -> Path:
        """Return the embedded hub (of the demo, or of a team of one)."""
        return self.root / "hub.db"

    @property
    def hub_envelope(self) -> Path:
        """Return what unlocks the embedded hub's key."""
        return self.root / "hub.db.key"

    @property
    def exists(self) -> bool:
        """Return whether a database was made here."""
        return self.database.exists()

    def make(self) -> Profile:
        """Make the folder, for its owner only, and return self."""
        self.root.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        return self


def profile_dir(given: str | Path | None = None) -> Path:
    """Return the profile's folder: ``given``, else ``ISDESK_PROFILE``, else the platform's own place."""
    chosen = given or os.environ.get(PROFILE_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("isdesk", appauthor=False, roaming=False)


def profile(given: str | Path | None = None) -> Profile:
    """Return the profile at `profile_dir`."""
    return Profile(profile_dir(given))


def data(*parts: str) -> Path:
    """Return a folder or file that ships with the program (``resources``, ``migrations``).

    Looked for in the installed package, in the frozen program, and in the checkout.
    """
    here = Path(__file__).resolve().parent
    for base in (here / "_data", here.parent):
        found = base.joinpath(*parts)
        if found.exists():
            return found
    return here.joinpath("_data", *parts)
