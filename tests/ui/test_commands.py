"""Commands: declared once, no key means two things, nothing is offered that nobody answers to."""

from __future__ import annotations

from collections import defaultdict

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from ui.commands import ANY, COMMANDS, GROUPS, Commands, key_text
from ui.pages import PAGES, available, page_commands


def test_every_id_is_declared_once() -> None:
    ids = [c.id for c in COMMANDS]
    assert len(ids) == len(set(ids))
    assert {c.group for c in COMMANDS} <= set(GROUPS)


def test_no_key_means_two_things_on_one_page() -> None:
    commands = [*COMMANDS, *page_commands(list(PAGES))]
    for page in [p.id for p in PAGES]:
        used: defaultdict[str, list[str]] = defaultdict(list)
        for command in commands:
            if command.where in {ANY, page}:
                for key in command.keys:
                    used[QKeySequence(key).toString()].append(command.id)
        assert {key: ids for key, ids in used.items() if len(ids) > 1} == {}


def test_every_key_is_one_that_qt_knows() -> None:
    keys = [key for command in COMMANDS for key in command.keys]
    assert [k for k in keys if QKeySequence(k).isEmpty() or "unknown" in QKeySequence(k).toString().lower()] == []


def test_only_what_is_answered_exists(host: QWidget) -> None:
    commands = Commands(host)
    assert commands.bound() == []
    assert not commands.run("app.undo")
    ran: list[int] = []
    commands.bind("app.undo", lambda: ran.append(1))
    assert [c.id for c in commands.bound()] == ["app.undo"]
    assert commands.run("app.undo")
    assert ran == [1]


def test_binding_again_replaces_the_answer(host: QWidget) -> None:
    commands = Commands(host)
    ran: list[str] = []
    commands.bind("app.undo", lambda: ran.append("old"))
    commands.bind("app.undo", lambda: ran.append("new"))
    commands.run("app.undo")
    assert ran == ["new"]


def test_a_page_s_commands_rest_on_other_pages(host: QWidget) -> None:
    commands = Commands(host)
    ran: list[int] = []
    commands.bind("queue.next", lambda: ran.append(1))
    commands.set_page("leads")
    assert not commands.run("queue.next")
    commands.set_page("call")
    assert commands.run("queue.next")
    assert ran == [1]


def test_a_command_that_is_not_allowed_does_not_run(host: QWidget) -> None:
    commands = Commands(host)
    ran: list[int] = []
    commands.bind("app.sync", lambda: ran.append(1), allowed=lambda: False)
    assert not commands.run("app.sync")
    assert ran == []


def test_an_undeclared_command_is_a_bug(host: QWidget) -> None:
    with pytest.raises(KeyError):
        Commands(host).bind("nobody.knows", lambda: None)


def test_keys_read_as_they_are_printed() -> None:
    by_id = {c.id: c for c in COMMANDS}
    assert key_text(by_id["app.palette"]) == "Ctrl K"
    assert key_text(by_id["queue.explain"]) == "?"
    assert key_text(by_id["app.backup"]) == ""


def test_only_pages_that_are_there_are_offered() -> None:
    assert {"call", "settings", "help"} <= {spec.id for spec in available()}
