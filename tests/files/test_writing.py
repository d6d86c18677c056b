"""Tables written are whole, safe and read back as they were."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.errors import BadInput, Refused
from isdesk.files.reading import open_table
from isdesk.files.writing import Cell, whole_or_nothing, write_table

HEADERS = [("name", "会社名"), ("memo", "備考")]
_letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), include_characters="\n\t")
_word = st.text(_letters, min_size=1, max_size=30)
_texts = st.tuples(_word.filter(lambda t: t.strip() != ""), _word)


@given(rows=st.lists(_texts, min_size=1, max_size=6))
def test_csv_reads_back_as_it_was(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    path = tmp_path / "out.csv"
    assert write_table(path, HEADERS, rows) == len(rows)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    table = open_table(path)
    assert table.headers == ("会社名", "備考")
    assert [tuple(r.cells) for r in table.rows()] == rows


@given(
    rows=st.lists(
        st.tuples(st.text("=+@-あa1 '", min_size=1, max_size=9).filter(str.strip), _word), min_size=1, max_size=4
    )
)
def test_excel_holds_texts_as_texts(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    path = tmp_path / "out.xlsx"
    write_table(path, HEADERS, rows)
    assert [r.cells[0] for r in open_table(path).rows()] == [r[0] for r in rows]


def test_json_has_codes_and_types(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    rows: list[list[Cell]] = [["青空", None], ["=1", True], ["x", 1.5]]
    assert write_table(path, HEADERS, rows) == 3
    assert json.loads(path.read_text(encoding="utf-8")) == [
        {"name": "青空", "memo": None},
        {"name": "=1", "memo": True},
        {"name": "x", "memo": 1.5},
    ]
    assert write_table(path, HEADERS, []) == 0
    assert json.loads(path.read_text(encoding="utf-8")) == []


def test_other_endings_and_places_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="file_ending"):
        write_table(tmp_path / "out.pdf", HEADERS, [])
    with pytest.raises(BadInput, match="file_not_writable"):
        write_table(tmp_path / "nowhere" / "out.csv", HEADERS, [])


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_stopping_leaves_what_was_there(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    path.write_text("before", encoding="utf-8")

    def stop(count: int) -> None:
        raise Refused("export_cancelled")

    with pytest.raises(Refused):
        write_table(path, HEADERS, [["a", "b"]] * 1000, tick=stop)
    with pytest.raises(Refused):
        write_table(path, HEADERS, [["a", "b"]], before_shown=stop)
    assert path.read_text(encoding="utf-8") == "before"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_new_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with whole_or_nothing(path) as part:
        part.write_text("x", encoding="utf-8")
        assert not path.exists()
    assert path.read_text(encoding="utf-8") == "x"
