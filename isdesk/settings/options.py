"""Every setting declared once: its type, its default, its words in both languages, and its earlier names."""

from __future__ import annotations

from dataclasses import dataclass

from isdesk.domain.errors import BadInput

Setting = str | int | bool
"""The values a setting may have."""


@dataclass(frozen=True, slots=True)
class Option:
    """One setting. ``choices`` are (value, ja, en); numbers lie in ``least``..``most``; ``restart``: holds from the
    next start on. ``renamed_from`` are earlier codes, still read from old files.
    """

    code: str
    default: Setting
    ja: str
    en: str
    choices: tuple[tuple[Setting, str, str], ...] = ()
    least: int = 0
    most: int = 0
    restart: bool = False
    renamed_from: tuple[str, ...] = ()

    def accepts(self, value: object) -> bool:
        """Return True for a value this setting may have."""
        if type(value) is not type(self.default):
            return False
        if self.choices:
            return value in [choice for choice, _, _ in self.choices]
        if isinstance(value, int) and not isinstance(value, bool):
            return self.least <= value <= self.most
        return True


OPTIONS: dict[str, Option] = {
    o.code: o
    for o in (
        Option(
            "theme",
            "system",
            "表示",
            "Appearance",
            (
                ("system", "システムに合わせる", "Follow the system"),
                ("light", "明るい", "Light"),
                ("dark", "暗い", "Dark"),
            ),
        ),
        Option(
            "language",
            "ja",
            "言語",
            "Language",
            (("ja", "日本語", "日本語"), ("en", "English", "English")),
            restart=True,
        ),
        Option(
            "scale",
            100,
            "文字と画面の大きさ",
            "Size of text and controls",
            tuple((n, f"{n}%", f"{n}%") for n in (100, 110, 125, 150, 175, 200)),
            restart=True,
        ),
        Option(
            "lock_after_minutes",
            15,
            "操作がないときにロック",
            "Lock when idle",
            (
                (0, "しない", "Never"),
                *((n, f"{n}分後", f"After {n} minutes") for n in (5, 10, 15, 30, 60)),
            ),
        ),
        Option(
            "sync_every_minutes",
            5,
            "自動同期の間隔",
            "Sync by itself",
            (
                (0, "しない(手動のみ)", "Never (by hand only)"),
                *((n, f"{n}分ごと", f"Every {n} minutes") for n in (1, 5, 15, 30)),
            ),
        ),
        Option("backup_daily", default=True, ja="毎日バックアップする", en="Back up every day"),
        Option(
            "backups_kept",
            7,
            "残すバックアップの数",
            "Backups to keep",
            tuple((n, f"{n}個", f"{n}") for n in (3, 7, 14, 30)),
        ),
    )
}
"""All settings by code."""


def option(code: str) -> Option:
    """Return a setting by its code.

    Raises BadInput (``setting_unknown``).
    """
    found = OPTIONS.get(code)
    if found is None:
        raise BadInput("setting_unknown", name=code)
    return found
