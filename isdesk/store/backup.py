"""Encrypted copies of the database: made from a snapshot, verified by opening them, put in place in one step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from isdesk.store.engine import Store
