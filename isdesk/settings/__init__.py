"""What a person may change: every setting declared once, kept in one file per profile."""

from isdesk.settings.declared import DECLARED, Setting
from isdesk.settings.file import Settings

__all__ = ["DECLARED", "Setting", "Settings"]
