"""The strict runner: no test may touch the developer's machine, warn, or leave anything running."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree

import hypothesis
import pytest
from typing_extensions import override

_GRACE_S = 3.0
"""How long a thread may take to end after its test."""

_RUNNERS_OWN = ("execnet", "pytest_timeout", "Thread-0", "asyncio_", "HypothesisRun")

hypothesis.settings.register_profile(
    "isdesk",
    deadline=None,
    print_blob=True,
    max_examples=60,
    derandomize=bool(os.environ.get("CI")),  # a change is judged by the same examples; fresh ones are sought at a desk
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("isdesk")


def pytest_configure(config: pytest.Config) -> None:
    """Put a fresh home under everything before any module of ours is imported."""
    home = Path(tempfile.mkdtemp(prefix="isdesk-tests-"))
    config.add_cleanup(lambda: rmtree(home, ignore_errors=True))
    for name in [name for name in os.environ if name.startswith("ISDESK_") and "_TEST_" not in name]:
        del os.environ[name]
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = str(home / name.lower())


class _Warnings(logging.Handler):
    """Keeps every record of level WARNING and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _strict_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logs a warning which it did not announce with ``allow_log_warnings``."""
    if request.node.get_closest_marker("allow_log_warnings"):
        yield
        return
    handler = _Warnings()
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
    said = [f"{r.levelname} {r.name}: {r.getMessage()}" for r in handler.records]
    assert not said, "unexpected warnings in the log (mark the test allow_log_warnings if they belong):\n" + "\n".join(
        said
    )


@pytest.fixture(autouse=True)
def _no_leaked_threads() -> Iterator[None]:
    """Fail a test that leaves a thread behind."""
    before = set(threading.enumerate())
    yield
    ends = time.monotonic() + _GRACE_S
    left = _left(before)
    while left and time.monotonic() < ends:
        left[0].join(0.05)
        left = _left(before)
    assert not left, f"threads left running: {[t.name for t in left]}"


def _left(before: set[threading.Thread]) -> list[threading.Thread]:
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before
        and thread.is_alive()
        and not isinstance(thread, threading._DummyThread)
        and not thread.name.startswith(_RUNNERS_OWN)
    ]


@pytest.fixture(autouse=True)
def _no_leaked_windows() -> Iterator[None]:
    """Fail a test that leaves a window open or a timer of a window running."""
    yield
    widgets, core = sys.modules.get("PySide6.QtWidgets"), sys.modules.get("PySide6.QtCore")
    app = widgets.QApplication.instance() if widgets else None
    if widgets is None or core is None or not isinstance(app, widgets.QApplication):
        return
    app.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    left = app.topLevelWidgets()
    shown = [w for w in left if w.isVisible()]
    names = [f"{type(w).__name__} {w.windowTitle()!r}" for w in shown]
    timers = [t for owner in (app, *left) for t in owner.findChildren(core.QTimer) if t.isActive()]
    owners = [f"{type(t.parent()).__name__} ({t.interval()} ms)" for t in timers]
    for window in shown:
        window.hide()
    for timer in timers:
        timer.stop()
    assert not names, f"windows left open: {names}"
    assert not owners, f"timers left running: {owners}"
