"""Fixtures of the sync tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import postgres
from tests.sync.world import World

__all__ = ["postgres"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A team on one encrypted SQLite hub."""
    made = World(tmp_path)
    yield made
    made.close()
