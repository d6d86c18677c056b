"""The parts of documents that come from code; ``python3 dev.py docs`` writes them, a test asks that they are in step.

A generated part stands between ``<!-- name:lang -->`` and ``<!-- /name:lang -->`` in a hand-written document, or is a
whole file below ``resources/help``.
"""

from __future__ import annotations

import argparse
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from functools import cache

from tests.house import sources

README = sources.ROOT / "README.md"
TRANSLATIONS = sources.ROOT / "resources" / "translations" / "en.ts"
COMMAND_LINE = sources.ROOT / "resources" / "help" / "cli.md"
SETTINGS = sources.ROOT / "resources" / "help" / "settings.md"

_DIGITS = "1234567890"


def block(document: str, name: str, content: str) -> str:
    """Return the document with the generated part ``name`` replaced. Raises LookupError where it has no such part."""
    pattern = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- /{re.escape(name)} -->)", re.DOTALL)
    if not pattern.search(document):
        msg = f"no part <!-- {name} -->"
        raise LookupError(msg)
    return pattern.sub(lambda found: f"{found[1]}{content}\n{found[2]}", document)


def rows(head: Iterable[str], body: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    heads = list(head)
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in row] for row in body)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@cache
def english() -> dict[tuple[str, str], str]:
    """Return the finished translations of the window: (context, Japanese) → English."""
    if not TRANSLATIONS.exists():
        return {}
    found = {}
    for context in ET.parse(TRANSLATIONS).getroot().iter("context"):
        for message in context.iter("message"):
            words = message.findtext("translation") or ""
            found[context.findtext("name") or "", message.findtext("source") or ""] = words
    return found


def keys(lang: str) -> str:
    """Return the table of the window's keys, by group."""
    from ui.commands import COMMANDS, GROUPS

    def words(text: str) -> str:
        return english().get(("commands", text)) or text if lang == "en" else text

    body: list[tuple[str, str, str]] = []
    for group, title in GROUPS.items():
        for command in COMMANDS:
            if command.group != group or not command.keys:
                continue
            shown = " · ".join(f"`{key}`" for key in command.keys)
            row = (words(title), shown, words(command.text))
            if body and body[-1][0] == row[0] and body[-1][2] == row[2]:  # a run of keys for one thing: 1, 2, 3 …
                first = body[-1][1].split(" … ")[0]
                row = (row[0], f"{first} … {shown}", row[2])
                body.pop()
            body.append(row)
    return rows(("", "Key", "Does") if lang == "en" else ("", "キー", "動作"), body)


def verbs(lang: str) -> str:
    """Return the table of the command line's verbs."""
    from isdesk.cli.main import VERBS

    body = [
        (f"`isdesk {verb.name}`", verb.help_ja if lang == "ja" else verb.help, f"`isdesk {verb.examples[0]}`")
        for verb in VERBS
    ]
    return rows(("command", "does", "example") if lang == "en" else ("コマンド", "内容", "例"), body)


def command_line() -> str:
    """Return the whole help of the command line as one document (rendered here: argparse's own layout varies)."""
    from isdesk.cli.main import VERBS, parser

    top = parser()
    chosen = next(a for a in top._actions if isinstance(a, argparse._SubParsersAction))
    everywhere = {option for action in top._actions for option in action.option_strings}
    parts = ["# isdesk", "", "Generated from the program; `isdesk VERB --help` says the same.", ""]
    parts += ["Everywhere, before or after the verb:", "", arguments(top._actions), ""]
    for verb in VERBS:
        own = [a for a in chosen.choices[verb.name]._actions if not everywhere & set(a.option_strings)]
        parts += [
            f"## isdesk {verb.name}",
            "",
            f"{verb.help_ja}。{verb.about or verb.help[0].upper() + verb.help[1:] + '.'}",
            "",
        ]
        parts += [arguments(own), ""] if own else []
        parts += ["```", *(f"isdesk {example}" for example in verb.examples), "```", ""]
    return "\n".join(parts)


def arguments(actions: Iterable[argparse.Action]) -> str:
    """Return the table of a parser's arguments."""
    body = []
    for action in actions:
        if isinstance(action, (argparse._HelpAction, argparse._VersionAction, argparse._SubParsersAction)):
            continue
        values = "\u00a0|\u00a0".join(map(str, action.choices)) if action.choices else ""
        name = " ".join([*action.option_strings, str(action.metavar or (values if action.nargs != 0 else ""))]).strip()
        body.append((f"`{name}`", action.help or ""))
    return rows(("argument", "meaning"), body)


def settings() -> str:
    """Return the document of all settings, in both languages."""
    from isdesk.settings import DECLARED

    parts = [
        "# 設定 / Settings",
        "",
        "`settings.toml` (Profile folder). Generated from `isdesk/settings/declared.py`.",
        "",
    ]
    for head, ja in (
        (("コード", "名称", "内容", "初期値", "値"), True),
        (("code", "name", "meaning", "default", "values"), False),
    ):
        body = []
        for one in DECLARED:
            values = ", ".join(f"`{value}` {j if ja else e}" for value, j, e in one.choices)
            if isinstance(one.default, bool):
                values = "`true`, `false`"
            elif isinstance(one.default, int):
                values = f"{one.least}–{one.most:,}"
            default = str(one.default).lower() if isinstance(one.default, bool) else str(one.default)
            name, about = (one.ja, one.about_ja) if ja else (one.en, one.about_en)
            body.append((f"`{one.code}`", name, about, f"`{default}`", values))
        parts += [rows(head, body), ""]
    return "\n".join(parts)


PARTS: dict[str, Callable[[], str]] = {
    "keys:ja": lambda: keys("ja"),
    "keys:en": lambda: keys("en"),
    "verbs:ja": lambda: verbs("ja"),
    "verbs:en": lambda: verbs("en"),
}


def readme() -> str:
    """Return README.md as it should be."""
    document = README.read_text(encoding="utf-8")
    for name, make in PARTS.items():
        document = block(document, name, make())
    return document


def main() -> int:
    """Write all generated parts."""
    README.write_text(readme(), encoding="utf-8")
    COMMAND_LINE.parent.mkdir(parents=True, exist_ok=True)
    COMMAND_LINE.write_text(command_line(), encoding="utf-8")
    SETTINGS.write_text(settings(), encoding="utf-8")
    print("documents are in step", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
