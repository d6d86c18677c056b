"""Whatever stands in a playbook, it loads or it is a PlaybookError: nothing else ever comes out."""

from __future__ import annotations

import random
import tomllib

import pytest

from isdesk import messages, playbook
from isdesk.domain.errors import PlaybookError
from isdesk.playbook import sources
from isdesk.playbook.positions import Path

JUNK: tuple[str, ...] = (
    "''", "'x'", "0", "-1", "3.5", "true", "[]", "[1]", "['x']", "[[]]", "[{}]", "{}", "{ x = 1 }", "2026-08-13",
    "09:30:00", "'09:30-12:00'", "nan", "inf", "99999999999", "{ kind = 'policy' }", "{ kind = 3 }", "{ ja = 'x' }",
    "{ remove = true }", "{ replace = true }", "{ active = false }",
)  # fmt: skip


def tables(tree: object, path: Path = ()) -> list[Path]:
    if not isinstance(tree, dict):
        return [path]
    return ([path] if path else []) + [p for k, v in tree.items() for p in tables(v, (*path, k))]


def refusal(text: str) -> PlaybookError | None:
    try:
        playbook.loads(text, years=(2026,))
    except PlaybookError as error:
        return error
    return None


PATHS = tables(tomllib.loads(sources.read("default").text))


@pytest.mark.parametrize("seed", range(12))
def test_junk_in_any_place_is_refused_in_words_or_harmless(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(12):
        path = [str(p) for p in rng.choice(PATHS)]
        key = ".".join(f'"{p}"' for p in path)
        text = f'extends = "default"\nja = "x"\n{key} = {rng.choice(JUNK)}\n'
        if path[0] in ("extends", "ja"):
            continue
        error = refusal(text)
        if error is not None:
            assert error.file, text
            assert error.line > 0, text
            assert messages.say(error, "ja").what, text
            assert error.code in messages.catalogue("ja"), text


@pytest.mark.parametrize("text", ["", "\x00", "[", "[[a]]\n[a]", "a = 1\na = 2", "ja = 'x'\n" * 3, "﻿ja = 'x'"])
def test_no_text_does_anything_else(text: str) -> None:
    with pytest.raises(PlaybookError) as caught:
        playbook.loads(text, years=(2026,))
    assert caught.value.line > 0
