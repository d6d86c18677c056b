"""English is complete: every text of the window is translated, with the same placeholders, and the .qm is in step.

To bring it up to date: ``pyside6-lupdate -extensions py ui -no-obsolete -locations none -source-language ja
-target-language en -ts resources/translations/en.ts``, fill in what is unfinished, then ``pyside6-lrelease``.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QTranslator

from isdesk.paths import data

TS = data("resources", "translations", "en.ts")
ROOT = TS.parents[2]


def _entries(path: Path) -> dict[tuple[str, str], tuple[str, bool]]:
    found: dict[tuple[str, str], tuple[str, bool]] = {}
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            words = message.find("translation")
            assert words is not None
            key = (context.findtext("name") or "", message.findtext("source") or "")
            found[key] = (words.text or "", words.get("type") == "unfinished")
    return found


def test_every_text_has_english_words() -> None:
    marks = {"、", "・"}
    entries = _entries(TS).items()
    assert [k for k, (words, open_) in entries if open_ or not (words.strip() or k[1] in marks)] == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    for (_, source), (words, _) in _entries(TS).items():
        assert sorted(re.findall(r"{\w*}", source)) == sorted(re.findall(r"{\w*}", words)), source


def test_the_compiled_file_is_in_step(qapp: object) -> None:
    translator = QTranslator()
    assert translator.load(str(TS.with_suffix(".qm")))
    stale = [k for k, (words, _) in _entries(TS).items() if translator.translate(k[0], k[1]) != words]
    assert stale == []


@pytest.mark.slow
def test_no_text_of_the_window_is_missing(tmp_path: Path) -> None:
    tool = Path(sys.executable).with_name("pyside6-lupdate")
    if not tool.exists():
        pytest.skip("lupdate does not come with this PySide6")
    fresh = tmp_path / "en.ts"
    options = ["-extensions", "py", "ui", "-no-obsolete", "-source-language", "ja", "-target-language", "en"]
    subprocess.run([str(tool), *options, "-ts", str(fresh)], cwd=ROOT, check=True, capture_output=True)
    known = _entries(TS)
    assert [key for key in _entries(fresh) if key not in known] == []
