"""Proves a packaged program: fresh profile, migrations, templates, window and pictures drawn, an orderly end."""

from __future__ import annotations

import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

LEADS, REPS, DAYS = 60, 2, 5
SMALLEST_PICTURE = 20_000
"""Bytes below which the picture of the window cannot show anything."""


def run() -> int:
    """Go through all steps; return 0, or 1 with the step that failed on standard error."""
    with tempfile.TemporaryDirectory(prefix="isdesk-smoke-", ignore_cleanup_errors=True) as name:
        return _all(Path(name))


def _all(folder: Path) -> int:
    profile, picture = folder / "profile", folder / "window.png"
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("migrations", lambda: _migrations(folder)),
        ("fresh profile", lambda: _profile(profile)),
        ("templates", lambda: _templates(profile)),
        ("window", lambda: _window(profile, picture)),
        ("pictures", _pictures),
    )
    for step, act in steps:
        begun = time.perf_counter()
        try:
            detail = act()
        except Exception as error:  # noqa: BLE001 # whatever it is, the bundle is not fit to ship
            _say(f"smoke: {step}: FAILED: {type(error).__name__}: {error}")
            return 1
        _say(f"smoke: {step}: ok ({detail}, {time.perf_counter() - begun:.1f} s)")
    return 0


def _say(text: str) -> None:
    """Print a line where there is anywhere to print it (a windowed program on Windows has no streams)."""
    if sys.stderr is not None:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def _migrations(folder: Path) -> str:
    from isdesk.services import trial

    return f"revision {trial.migrations(folder)}"


def _profile(profile: Path) -> str:
    from isdesk.desk import Desk

    made = Desk.demo(profile, leads=LEADS, reps=REPS, days=DAYS, passphrase=_passphrase())
    return f"{made.leads} leads, {made.touches} touches"


def _templates(profile: Path) -> str:
    from isdesk.desk import Desk
    from isdesk.services import trial

    desk = Desk.open(profile, passphrase=_passphrase())
    try:
        return f"{trial.templates(desk.ctx)} letters"
    finally:
        desk.close()


def _window(profile: Path, picture: Path) -> str:
    from ui import app, screenshot

    code = screenshot.take(app.Options(str(profile), "call", "light", "ja", (1280, 800), quiet=True), str(picture))
    if code != 0:
        msg = f"the window ended with {code}"
        raise RuntimeError(msg)
    size = picture.stat().st_size
    if size < SMALLEST_PICTURE:
        msg = f"the picture of the window has only {size} bytes"
        raise RuntimeError(msg)
    return f"{size:,} bytes"


def _pictures() -> str:
    """Draw the pictures of the figures: the libraries behind them are imported late, and by name."""
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication([])
    from ui.views.figures.gallery import Gallery

    gallery = Gallery("ja")
    drawn = gallery.grab()
    app.sendPostedEvents()
    return f"{len(gallery.cards)} of them, {drawn.width()} × {drawn.height()}"


def _passphrase() -> str:
    """Return the passphrase of this trial, so that no keyring is touched; the window reads it from the environment."""
    import os

    return os.environ.setdefault("ISDESK_PASSPHRASE", secrets.token_urlsafe(24))
