"""Positions in TOML: the scan finds the line of everything that tomllib reads."""

from __future__ import annotations

import tomllib

import pytest

from isdesk.playbook import sources
from isdesk.playbook.positions import Path, Position, scan, shown

TEXT = '''# comment = [
a = 1
"b.c" = "x # [no]" # tail
[t]   # table
d.e = [1, 2,
  "three", # here
  { f = 'x', g = [true] },
]
[t.u."日本 語"]
h = """
first
[not.a.table]
i = 2 \\"""
"""
j = \'\'\'
lit\'\'\'
[[many]]
k = 1
[[many]]
k = 2
[many.sub]
l = 2026-08-13
'''

WANTED = {
    ("a",): 2,
    ("b.c",): 3,
    ("t",): 4,
    ("t", "d", "e"): 5,
    ("t", "d", "e", 2): 6,
    ("t", "d", "e", 3): 7,
    ("t", "d", "e", 3, "g", 0): 7,
    ("t", "u", "日本 語"): 9,
    ("t", "u", "日本 語", "h"): 10,
    ("t", "u", "日本 語", "j"): 15,
    ("many", 0, "k"): 18,
    ("many", 1, "k"): 20,
    ("many", 1, "sub", "l"): 22,
}


def every(value: object, path: Path = ()) -> list[Path]:
    below: list[Path] = []
    if isinstance(value, dict):
        below = [p for k, v in value.items() for p in every(v, (*path, k))]
    elif isinstance(value, list):
        below = [p for i, v in enumerate(value) for p in every(v, (*path, i))]
    return ([path] if path else []) + below


@pytest.mark.parametrize(("path", "line"), WANTED.items(), ids=lambda x: shown(x) if isinstance(x, tuple) else None)
def test_a_key_is_found_on_its_line(path: Path, line: int) -> None:
    assert scan(TEXT)[path].line == line


def test_the_text_of_a_long_value_begins_below_its_key() -> None:
    found = scan(TEXT)
    assert found["t", "u", "日本 語", "h"] == Position(10, 11)
    assert found["t", "u", "日本 語", "j"] == Position(15, 16)


@pytest.mark.parametrize("name", sources.shipped_names())
def test_everything_in_the_shipped_files_has_a_position(name: str) -> None:
    text = sources.read(name).text
    assert not set(every(tomllib.loads(text))) - set(scan(text))


def test_windows_line_ends_count_once() -> None:
    assert scan(TEXT.replace("\n", "\r\n"))["many", 1, "k"].line == 20


def test_a_path_reads_as_people_write_it() -> None:
    assert shown(("policy", "P", "steps", 2, "slot")) == "policy.P.steps[2].slot"
