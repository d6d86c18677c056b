"""The raw limits of the bench: what is left of an import and a pull where a program has no rules at all.

`import_rows` and `pull_rows` end with the rows that isdesk ends with and that a search needs: companies, leads and the
journal's changes (or the mirror) in the same encrypted tables, search lines and their trigram index. They do no more:
no encodings, no checks of a cell, no duplicates, no objects, no states, no queue. `import_flat` and `copy` do less than
that: they put the cells or records into one table with nothing beside it, where nobody could find them again.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from isdesk.store import Store
from isdesk.store.engine import connect
from tests.benchmarks import data

KEY = b"k" * 32
BLOCK = 500
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

_COMPANY = "INSERT INTO company (id, name_key, facts) VALUES (?, ?, ?)"
_LEAD = "INSERT INTO lead (id, company_id, owner_id, facts) VALUES (?, ?, 'me', ?)"
_ENTRY = (
    "INSERT INTO journal (id, verb, at, member_id, device_id, device_seq, playbook, summary) "
    "VALUES ('j', 'import', 0, 'me', 'd', 1, '', '{}')"
)
_CHANGE = "INSERT INTO change (journal_id, obj, obj_id, before, after, created) VALUES ('j', ?, ?, '{}', ?, 1)"
_LINE = "INSERT INTO search_text (id, lead_id, text) VALUES (?, ?, ?)"
_LEARN = "INSERT INTO search_fts (rowid, text) SELECT id, text FROM search_text WHERE id > ?"
_BASE = "INSERT INTO base (adapter, obj, remote_id, local_id, version, fields) VALUES ('hub', ?, ?, ?, ?, ?)"
_LINES = (
    "INSERT INTO search_text (lead_id, text) SELECT l.id, concat_ws(' ', l.facts ->> '$.name', c.name_key, "
    "l.facts ->> '$.email', l.facts ->> '$.phone_direct', c.facts ->> '$.phone') "
    "FROM lead l LEFT JOIN company c ON c.id = l.company_id WHERE l.id IN (SELECT value FROM json_each(?))"
)


def import_rows(source: Path, target: Path) -> None:
    """Parse the file and write its companies and leads, the changes that made them, and the search index."""
    store = Store.create(target, KEY)
    companies: dict[str, tuple[str, str, str]] = {}
    leads: list[tuple[str, str, str]] = []
    lines: list[tuple[int, str, str]] = []
    for number, row in enumerate(_cells(source)):
        name, person, department, title, mail, phone, industry, employees, prefecture = row
        company = companies.get(name)
        if company is None:
            facts = {"name": name, "phone": phone, "industry": industry, "employees": employees}
            company = (data.identity(2, number), name, _encode({**facts, "prefecture": prefecture}))
            companies[name] = company
        key = data.identity(3, number)
        fields = {"name": person, "department": department, "title": title, "email": mail, "stage": "mql"}
        leads.append((key, company[0], _encode({**fields, "company_id": company[0], "owner_id": "me"})))
        lines.append((number + 1, key, f"{person} {name} {mail} {phone}"))
    with store.write() as tx:
        tx.many(_COMPANY, companies.values())
        tx.many(_LEAD, leads)
        tx.sql(_ENTRY)
        tx.many(_CHANGE, (("company", key, facts) for key, _, facts in companies.values()))
        tx.many(_CHANGE, (("lead", key, facts) for key, _, facts in leads))
        tx.many(_LINE, lines)
        tx.sql(_LEARN, (0,))
    store.close()


def import_flat(source: Path, target: Path) -> None:
    """Parse the file and write its cells into one encrypted table."""
    target.touch()
    raw = connect(target, KEY)
    columns = 9
    raw.execute(f"CREATE TABLE t ({', '.join(f'c{n} TEXT' for n in range(columns))})")
    raw.execute("BEGIN")
    raw.executemany(f"INSERT INTO t VALUES ({', '.join('?' * columns)})", _cells(source))
    raw.execute("COMMIT")
    raw.close()


def pull_rows(source: Path, key: bytes, target: Path) -> None:
    """Write what a hub has of companies and leads as mirror, as records and as search index, 500 to a transaction."""
    hub = connect(source, key, mode="ro")
    store = Store.create(target, KEY)
    for obj in ("company", "lead"):
        wanted = "SELECT id, version, company_id, data FROM record WHERE object = ? ORDER BY xact, version, id"
        for block in _blocks(hub.execute(wanted, (obj,))):
            with store.write() as tx:
                tx.many(_BASE, ((obj, i, i, str(version), text) for i, version, _, text in block))
                if obj == "company":
                    tx.many(_COMPANY, ((i, json.loads(text)["name"], text) for i, _, _, text in block))
                    continue
                tx.many(_LEAD, ((i, company, text) for i, _, company, text in block))
                last = tx.sql("SELECT coalesce(max(id), 0) FROM search_text").fetchone()[0]
                tx.sql(_LINES, (json.dumps([row[0] for row in block]),))
                tx.sql(_LEARN, (last,))
    hub.close()
    store.close()


def copy(source: Path, key: bytes, target: Path) -> None:
    """Copy every record of the hub, 500 to a transaction, into a table of the same columns."""
    out = connect(source, key, mode="ro")
    target.touch()
    into = connect(target, key)
    cursor = out.execute("SELECT * FROM record")
    names = [one[0] for one in cursor.description]
    into.execute(f"CREATE TABLE record ({', '.join(names)}, PRIMARY KEY (object, id))")
    for block in _blocks(cursor):
        into.execute("BEGIN")
        into.executemany(f"INSERT INTO record VALUES ({', '.join('?' * len(names))})", block)
        into.execute("COMMIT")
    out.close()
    into.close()


def _cells(source: Path) -> Iterator[list[str]]:
    with source.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        next(reader)
        yield from reader


def _blocks(cursor: Any) -> Iterator[list[tuple[Any, ...]]]:
    while block := cursor.fetchmany(BLOCK):
        yield block
