"""What PySide is told about this program, so that it starts sooner."""

from __future__ import annotations

import sys


def spare_source_reading() -> None:
    """Tell PySide that no module here selects its features (snake_case, true_property).

    To know that, it would read the source of every module that is imported from now on, with `inspect`. Where a later
    PySide does it in another way, this changes nothing.
    """
    feature = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        setattr(feature, "_mod_uses_pyside", _without_features)  # noqa: B010 - a module that type checkers do not know


def _without_features(module: object) -> bool:
    """Return True: the module may use PySide, and does so in its plain form."""
    del module
    return True
