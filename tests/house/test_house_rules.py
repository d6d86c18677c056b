"""The habits of the house as checks with a message (CONTRIBUTING, "Habits")."""

from __future__ import annotations

import ast
import re
import sys

import pytest

from tests.house import sources

UNFINISHED = re.compile(r"\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + r"CK)\b")
UNWRITTEN = re.compile(r"raise\s+NotImplemented")
BARE_IGNORE = re.compile(r"#\s*(type:\s*ignore(?!\[)|noqa(?!: [A-Z]))")
ADDRESS = re.compile(r"https?://(?!127\.0\.0\.1|localhost)[\w.-]+")
LONGEST_MODULE = 620
LONGEST_FUNCTION = 90


def test_nothing_without_a_window_imports_qt() -> None:
    found = [
        f"{sources.name(path)}:{line} imports {module}"
        for path in sources.modules("isdesk")
        for line, module in sources.imports(path)
        if module.split(".")[0] in {"PySide6", "shiboken6", "ui"}
    ]
    assert not found, "isdesk must run without Qt: " + "; ".join(found)


def test_the_domain_knows_only_the_standard_library() -> None:
    found = [
        f"{sources.name(path)}:{line} imports {module}"
        for path in sources.modules("isdesk/domain")
        for line, module in sources.imports(path)
        if module.split(".")[0] not in sys.stdlib_module_names and not module.startswith("isdesk.domain")
    ]
    assert not found, "domain is pure: " + "; ".join(found)


def test_the_domain_reads_no_clock_no_randomness_and_no_files() -> None:
    banned = {"random", "secrets", "time", "os", "pathlib", "io", "socket", "subprocess", "threading", "logging"}
    found = [
        f"{sources.name(path)}:{line} imports {module}"
        for path in sources.modules("isdesk/domain")
        for line, module in sources.imports(path)
        if module.split(".")[0] in banned
    ]
    assert not found, "pass it in instead: " + "; ".join(found)


def test_every_module_says_what_it_is_for() -> None:
    silent = [sources.name(p) for p in sources.modules("isdesk", "ui") if not ast.get_docstring(sources.tree(p))]
    assert not silent, f"the first line of a module says what it is for: {silent}"


def test_nothing_is_left_unfinished() -> None:
    found = [
        f"{sources.name(path)}:{number}"
        for path in sources.modules("isdesk", "ui", "tests", "migrations")
        for number, line in enumerate(sources.text(path).splitlines(), 1)
        if UNFINISHED.search(line) or UNWRITTEN.search(line)
    ]
    assert not found, f"finish it or leave it out: {found}"


def test_every_silenced_check_names_what_it_silences() -> None:
    found = [
        f"{sources.name(path)}:{number}"
        for path in sources.modules("isdesk", "ui", "tests")
        for number, line in enumerate(sources.text(path).splitlines(), 1)
        if BARE_IGNORE.search(line)
    ]
    assert not found, f"name the code in brackets: {found}"


def test_no_mocks_in_the_middle() -> None:
    found = [
        f"{sources.name(path)}:{line}"
        for path in sources.modules("tests")
        for line, module in sources.imports(path)
        if module in {"unittest.mock", "mock", "pytest_mock"}
    ]
    assert not found, f"use a fake at the port: {found}"


def test_the_lock_names_no_package_index() -> None:
    found = ADDRESS.findall((sources.ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert not found, "the lock file holds names, versions and hashes only"


def test_the_lock_has_all_that_the_project_asks_for() -> None:
    import tomllib

    project = tomllib.loads((sources.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(r for group in project["optional-dependencies"].values() for r in group)]
    names = {re.split(r"[\[<>=!~; ]", r)[0].lower().replace("_", "-") for r in asked}
    lock = (sources.ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {line.split("==")[0] for line in lock.splitlines() if "==" in line and not line.startswith(" ")}
    assert not names - locked, "run: python3 dev.py lock"


@pytest.mark.parametrize("folder", ["isdesk", "ui"])
def test_modules_and_functions_stay_readable(folder: str) -> None:
    long = []
    for path in sources.modules(folder):
        lines = len(sources.text(path).splitlines())
        if lines > LONGEST_MODULE:
            long.append(f"{sources.name(path)} has {lines} lines")
        for node in ast.walk(sources.tree(path)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > LONGEST_FUNCTION:
                    long.append(f"{sources.name(path)}:{node.lineno} {node.name} has {size} lines")
    assert not long, f"split it: {long}"
