"""The settings of one desk: every one declared once (`OPTIONS`), kept in the profile's ``settings.toml``."""

from __future__ import annotations

from isdesk.settings.file import Settings, load
from isdesk.settings.options import OPTIONS, Option, Setting, option

__all__ = ["OPTIONS", "Option", "Setting", "Settings", "load", "option"]
