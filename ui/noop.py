"""Marks texts in tables for translation, with a type (PySide6 declares its own as returning object)."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # the name is what lupdate looks for
    """Return ``text`` as it is; lupdate collects it under ``context``."""
    del context
    return text
