"""Fixtures of the sync tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import postgres
from tests.sync.foreign import Abroad
from tests.sync.world import World

__all__ = ["postgres"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A team on one encrypted SQLite hub."""
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def abroad(tmp_path: Path) -> Iterator[Abroad]:
    """A team on a CRM that keeps ids of its own."""
    made = Abroad(tmp_path)
    yield made
    made.close()
