"""The migrations give exactly the models' schema, and move real data up and down."""

from __future__ import annotations

import ast
import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from isdesk.domain.errors import NewerSchema, StoreError
from isdesk.paths import data
from isdesk.store import Store, upgrade
from isdesk.store.engine import companions, connect

KEY = bytes(range(32))


@contextlib.contextmanager
def raw(path: Path) -> Iterator[Any]:
    with contextlib.closing(connect(path, KEY)) as connection:
        yield connection


def schema(path: Path) -> dict[str, str]:
    """Every object of the database with its DDL, white space and quotes of names apart."""
    with raw(path) as connection:
        rows = connection.execute("SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: " ".join(sql.replace('"', "").split()) for name, sql in rows}


def empty(path: Path) -> Path:
    path.touch()
    with raw(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    return path


def test_the_head_of_the_migrations_is_the_schema_of_the_models(tmp_path: Path) -> None:
    Store.create(tmp_path / "models.db", KEY).close()
    migrated = empty(tmp_path / "migrated.db")
    upgrade.migrate(migrated, KEY, upgrade.HEAD)
    assert schema(migrated) == schema(tmp_path / "models.db")


def test_every_kind_of_object_is_compared(tmp_path: Path) -> None:
    Store.create(tmp_path / "models.db", KEY).close()
    found = schema(tmp_path / "models.db")
    assert {"table journal", "trigger touch_no_update", "index ix_lead_queue", "table search_fts"} <= set(found)
    assert "STRICT" in found["table lead"]
    assert "WHERE listed = 1" in found["index ix_lead_queue"]


def test_the_revisions_named_in_the_program_are_the_files() -> None:
    files = sorted(data("migrations", "versions").glob("[0-9]*.py"))
    assert tuple(f.name.split("_")[0] for f in files) == upgrade.REVISIONS


def test_migrations_import_nothing_but_alembic_and_sqlalchemy() -> None:
    for file in data("migrations", "versions").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert {a.name for a in node.names} <= {"sqlalchemy"}
            if isinstance(node, ast.ImportFrom):
                assert (node.module, [a.name for a in node.names]) == ("alembic", ["op"])


def test_the_environment_does_without_logging_config() -> None:
    tree = ast.parse(data("migrations", "env.py").read_text(encoding="utf-8"))
    imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names}
    assert imported == {"context"}


FILLED = {
    "journal": "(id, verb, at, member_id, device_id, device_seq, playbook, summary) "
    "VALUES ('j','edit',1,'m','d',1,'p','{}')",
    "touch": "(id, lead_id, member_id, device_id, device_seq, at, channel, direction) "
    "VALUES ('t','l','m','d',1,1,'phone','out')",
    "lead": "(id, facts) VALUES ('l', '{\"name\":\"山田\"}')",
    "search_text": "(lead_id, text) VALUES ('l', 'やまだ')",
}


def test_every_revision_goes_up_and_down_with_data(tmp_path: Path) -> None:
    path = empty(tmp_path / "a.db")
    for number, revision in enumerate(upgrade.REVISIONS):
        upgrade.migrate(path, KEY, revision)
        before = schema(path)
        with raw(path) as connection:
            if number == 0:
                for table, row in FILLED.items():
                    connection.execute(f"INSERT INTO {table} {row}")
            assert connection.execute("SELECT facts FROM lead").fetchall() == [('{"name":"山田"}',)]
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if number > 0:
            upgrade.migrate(path, KEY, upgrade.REVISIONS[number - 1])
            upgrade.migrate(path, KEY, revision)
            assert schema(path) == before
            with raw(path) as connection:
                assert connection.execute("SELECT facts FROM lead").fetchall() == [('{"name":"山田"}',)]
    upgrade.migrate(path, KEY, "base")
    with raw(path) as connection:
        left = connection.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
    assert left == [("alembic_version",)]


def test_a_newer_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Store.create(path, KEY).close()
    with raw(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(NewerSchema) as caught:
        Store.open(path, KEY)
    assert caught.value.params == {"found": "9999"}
    assert path.read_bytes() == before
    assert [f.name for f in tmp_path.iterdir()] == ["a.db"]


HEAD = upgrade.HEAD
LATER = f"{int(HEAD) + 1:04}"
NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "{next}"
down_revision = "{head}"


def upgrade() -> None:
    op.create_table("later", sa.Column("x", sa.Text()))
    op.execute("{more}")


def downgrade() -> None:
    op.drop_table("later")
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database of the newest revision with a lead in it."""
    path = tmp_path / "a.db"
    Store.create(path, KEY).close()
    with raw(path) as connection:
        connection.execute(f"INSERT INTO lead {FILLED['lead']}")
    return path


def later_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str) -> None:
    """Make this program one that also knows the next revision."""
    folder = tmp_path / "migrations"
    shutil.copytree(data("migrations"), folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / f"{LATER}_later.py").write_text(
        NEXT.format(more=more, next=LATER, head=HEAD), encoding="utf-8"
    )
    monkeypatch.setattr(upgrade, "data", lambda name: folder)
    monkeypatch.setattr(upgrade, "REVISIONS", (*upgrade.REVISIONS, LATER))
    monkeypatch.setattr(upgrade, "HEAD", LATER)


def test_opening_an_older_database_copies_it_first_and_upgrades_it(
    tmp_path: Path, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later_program(tmp_path, monkeypatch, "INSERT INTO later VALUES ('new')")
    Store.open(old, KEY, backups=tmp_path / "kept").close()
    with raw(old) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(LATER,)]
        assert connection.execute("SELECT x FROM later").fetchall() == [("new",)]
        assert connection.execute("SELECT id FROM lead").fetchall() == [("l",)]
    (copy,) = (tmp_path / "kept").iterdir()
    assert copy.name == f"before-{LATER}-from-{HEAD}.db"
    with raw(copy) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert connection.execute("SELECT id FROM lead").fetchall() == [("l",)]


def test_a_newer_database_that_was_not_closed_is_not_touched_either(tmp_path: Path, old: Path) -> None:
    left = tmp_path / "left"
    left.mkdir()
    with raw(old) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        for file in (old, companions(old)[0]):
            shutil.copy(file, left)
    before = {f.name: f.read_bytes() for f in left.iterdir()}
    assert len(before) == 2
    with pytest.raises(NewerSchema):
        Store.open(left / old.name, KEY)
    assert {name: (left / name).read_bytes() for name in before} == before


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(
    tmp_path: Path, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = schema(old)
    later_program(tmp_path, monkeypatch, "INSERT INTO nowhere VALUES (1)")
    with pytest.raises(StoreError):
        Store.open(old, KEY, backups=tmp_path / "kept")
    assert schema(old) == before
    with raw(old) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
