"""Lists of every shape, whole and broken, opened as tables."""

import contextlib
import csv
import io
import random
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isdesk.domain.errors import BadInput
from isdesk.files.limits import Limits
from isdesk.files.reading import Table, open_table
from tests.files.conftest import WriteText

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932", "euc_jp"]
ROWS = [
    ["会社名", "氏名", "電話番号", "備考"],
    ["株式会社青空商事", "佐藤 健太", "03-1234-5678", "一行目\n二行目"],
    ["有限会社みどり", "鈴木 花子", "06-1234-5678", 'カンマ, とタブ\tと; と"引用符"'],
]


def delimited(rows: list[list[str]], delimiter: str = ",", end: str = "\r\n") -> str:
    out = io.StringIO()
    if end == "\r":
        csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    else:
        csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def cells(table: Table) -> list[list[str]]:
    return [list(table.headers)] + [row.cells for row in table.rows()]


def code_of(path: Path, **more: str) -> str:
    with pytest.raises(BadInput) as caught:
        cells(open_table(path, **more))  # type: ignore[arg-type]
    return caught.value.code


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_finds_encoding_and_delimiter(write: WriteText, encoding: str, delimiter: str) -> None:
    table = open_table(write(delimited(ROWS, delimiter), encoding))
    assert (table.encoding, table.delimiter) == (encoding, delimiter)
    assert cells(table) == ROWS
    assert table.row_count == 2
    assert table.header_row == 1


SHORT = """
氏名|髙橋
会社名|青空
フリガナ|サトウ
company,name|xyz,渡邉 麗
memo|よろしくおねがいします
name,kana|abc,ｶﾌﾞｼｷｶﾞｲｼｬ ｱｵｿﾞﾗ
kana|ﾔﾏﾀﾞ ﾀﾛｳ
会社名,氏名|齋藤鋳造,纐纈 颯
会社名,番号|㈱山田,①
"""


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", [line.replace("|", "\n") + "\n" for line in SHORT.split("\n")[1:-1]])
def test_short_files_are_read_exactly(write: WriteText, text: str, encoding: str) -> None:
    try:
        path = write(text, encoding)
    except UnicodeEncodeError:
        path = write(text.encode("cp932") if encoding != "euc_jp" else vendor_euc(text))
    table = open_table(path)
    assert "\n".join(",".join(r) for r in cells(table)) + "\n" == text


def vendor_euc(text: str) -> bytes:
    """Encode as CP51932: EUC-JP with the vendor's characters, which Python's codec lacks."""
    out = bytearray()
    for char in text:
        try:
            out += char.encode("euc_jp")
        except UnicodeEncodeError:
            lead, trail = char.encode("cp932")
            row = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 2 + 1
            cell = trail - 0x3F - (trail > 0x7F) if trail < 0x9F else trail - 0x9E
            out += bytes((row + (trail >= 0x9F) + 0xA0, cell + 0xA0))
    return bytes(out)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from([",", "\t", ";"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    rows=st.lists(
        st.tuples(
            st.sampled_from(["青空商事株式会社", "みどり工業", "㈱東京データ", "サンプル, 商会"]),
            st.sampled_from(["佐藤 健太", "鈴木;花子", "高橋\t一郎", '渡辺 "真" 由美', "田中\n改行"]),
            st.text(st.sampled_from(" あ亜ア0aｱ,;\"'\n-～"), min_size=1, max_size=12).filter(lambda t: t.strip() != ""),
        ),
        min_size=1,
        max_size=8,
    ),
)  # fmt: skip
def test_whatever_is_written_is_read(
    tmp_path: Path, encoding: str, delimiter: str, end: str, rows: list[tuple[str, str, str]]
) -> None:
    wanted = [["会社名", "氏名", "備考"], *([*r[:2], r[2].replace("-", "x").replace("'", "x")] for r in rows)]
    text = delimited(wanted, delimiter, end)
    path = tmp_path / "list.csv"
    try:
        path.write_bytes(text.encode(encoding))
    except UnicodeEncodeError:
        path.write_bytes(vendor_euc(text.replace("～", "x")))
        wanted = [[c.replace("～", "x") for c in row] for row in wanted]
    assert cells(open_table(path)) == wanted


def test_mixed_line_ends(write: WriteText) -> None:
    table = open_table(write("会社名,氏名\r\n青空,佐藤\nみどり,鈴木\rそら,田中\r\n\r\n"))
    assert cells(table) == [["会社名", "氏名"], ["青空", "佐藤"], ["みどり", "鈴木"], ["そら", "田中"]]


def test_header_is_found_under_a_title(write: WriteText) -> None:
    table = open_table(write("展示会リスト 2026\n\n会社名,氏名,電話番号\n青空,佐藤,03-1234-5678\n"))
    assert table.header_row == 3
    assert [r.number for r in table.rows()] == [4]
    assert table.headers == ("会社名", "氏名", "電話番号")


def test_a_list_without_header(write: WriteText) -> None:
    table = open_table(write("青空商事,佐藤,03-1234-5678\nみどり,鈴木,06-1234-5678\n"))
    assert table.header_row == 0
    assert table.headers == ("#1", "#2", "#3")
    assert table.row_count == 2


def test_separator_line_of_excel(write: WriteText) -> None:
    table = open_table(write("sep=;\n会社名;氏名\n青空;佐藤\n"))
    assert cells(table) == [["会社名", "氏名"], ["青空", "佐藤"]]


def test_repeated_and_missing_headers(write: WriteText) -> None:
    table = open_table(write("会社名,電話番号,電話番号,,備考\n青空,1,2,3,4\n"))
    assert table.headers == ("会社名", "電話番号", "電話番号 (2)", "#4", "備考")


def test_ragged_rows(write: WriteText) -> None:
    rows = list(open_table(write("会社名,氏名\n青空\nみどり,鈴木,余り\nそら,田中,,\n")).rows())
    assert [(r.cells, r.short, r.extra) for r in rows] == [
        (["青空", ""], True, False),
        (["みどり", "鈴木"], False, True),
        (["そら", "田中"], False, False),
    ]


def test_one_column_and_two_hundred(write: WriteText) -> None:
    assert open_table(write("会社名\n青空\nみどり\n")).row_count == 2
    wide = [[f"項目{n}" for n in range(200)], ["値"] * 200]
    assert len(open_table(write(delimited(wide))).headers) == 200


def test_formulas_stay_text_and_one_guard_comes_off(write: WriteText) -> None:
    table = open_table(
        write(delimited([["会社名", "備考"], ["'=青空", '=HYPERLINK("x")'], ["=cmd|' /C calc'!A0", '="0312"']]))
    )
    assert [r.cells for r in table.rows()] == [["=青空", '=HYPERLINK("x")'], ["=cmd|' /C calc'!A0", "0312"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"\n\n  \n", "file_empty"),
        (bytes(range(256)) * 40, "file_binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "file_binary"),
        (b"%PDF-1.7 abc", "file_binary"),
        (b"PK\x03\x04 and nothing more", "file_damaged"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "file_damaged"),
        ("会社名,氏名\n青空,佐藤".encode()[:-1], "file_truncated"),
        ("会社名,氏名\n青空,佐藤".encode("utf-16")[:-1], "file_truncated"),
        ("会社名,氏名\n青空,佐藤".encode("cp932")[:-1], "file_truncated"),
        ("会社名,氏名\n青空,佐".encode() + b"\xff\xff" + "藤\n".encode(), "file_encoding_unknown"),
        ('会社名,氏名\n青空,"佐藤\nみどり,鈴木\n'.encode(), "file_quote_open"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "file_is_html"),
        (("会社名,備考\n青空," + "あ" * 3_500_000 + "\n").encode(), "file_cell_too_long"),
        (("会社名,備考\n青空," + "あ" * 40_000 + "\n").encode(), "file_cell_too_long"),
        ((",".join(f"項目{n}" for n in range(501)) + "\n").encode(), "file_too_many_columns"),
    ],
)
def test_broken_files_give_one_clear_code(write: WriteText, content: bytes, code: str) -> None:
    assert code_of(write(content)) == code


def test_random_bytes_are_never_taken_for_a_list(write: WriteText) -> None:
    for seed in range(20):
        data = random.Random(seed).randbytes(5000)
        assert code_of(write(data)) in {"file_binary", "file_truncated", "file_encoding_unknown", "file_quote_open"}


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert code_of(tmp_path / "nothing.csv") == "file_not_found"
    assert code_of(tmp_path) == "file_not_found"


def test_caps_are_held(write: WriteText) -> None:
    path = write("会社名\n" + "青空\n" * 20)
    for limits, code in ((Limits(rows=10), "file_too_many_rows"), (Limits(size=50), "file_too_large")):
        with pytest.raises(BadInput) as caught:
            open_table(path, limits=limits)
        assert caught.value.code == code


def test_encoding_and_delimiter_can_be_told(write: WriteText) -> None:
    path = write("会社名|氏名;x\n".replace("|", ","), "cp932")
    assert open_table(path, encoding="Shift_JIS", delimiter="semicolon").headers == ("会社名,氏名", "x")
    assert code_of(path, encoding="klingon") == "file_encoding_name"
    assert code_of(path, delimiter="pipe") == "file_delimiter_name"
    assert code_of(path, encoding="utf-8") == "file_encoding_unknown"


# ------------------------------------------------------------------------------------------------------------ workbooks


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "list.xlsx"
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["会社名", "氏名", "電話番号", "従業員数", "登録日", "計"])
    sheet.append(["青空", "佐藤", 312345678, 3.0, None, "=1+1"])
    sheet["E2"] = __import__("datetime").datetime(2026, 11, 22)
    made.create_sheet("空")
    made.save(path)
    return path


def test_excel_values_become_text(book: Path) -> None:
    table = open_table(book)
    assert [r.cells for r in table.rows()] == [["青空", "佐藤", "312345678", "3", "2026-11-22", ""]]
    assert table.sheets == ("Sheet", "空")
    assert (table.sheet, table.encoding) == ("Sheet", "")


def test_a_sheet_can_be_chosen(book: Path) -> None:
    with pytest.raises(BadInput) as caught:
        open_table(book, sheet="無い")
    assert caught.value.code == "file_no_such_sheet"
    assert code_of(book, sheet="空") == "file_empty"


def test_a_workbook_under_another_name(book: Path, tmp_path: Path) -> None:
    other = tmp_path / "list.csv"
    other.write_bytes(book.read_bytes())
    assert open_table(other).row_count == 1


def test_cut_and_foreign_archives(book: Path, tmp_path: Path) -> None:
    data = book.read_bytes()
    for length in (len(data) // 4, len(data) // 2, len(data) - 30):
        cut = tmp_path / "cut.xlsx"
        cut.write_bytes(data[:length])
        assert code_of(cut) == "file_damaged"
    foreign = tmp_path / "letter.docx"
    with zipfile.ZipFile(foreign, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert code_of(foreign) == "file_not_a_workbook"


def test_flipped_bytes_never_pass_silently(book: Path, tmp_path: Path) -> None:
    data = bytearray(book.read_bytes())
    good = cells(open_table(book))
    directory = data.index(b"PK\x01\x02")
    path = tmp_path / "bad.xlsx"
    for place in (*range(0, directory, 97), *range(directory, len(data))):
        bad = bytearray(data)
        bad[place] ^= 0xFF
        path.write_bytes(bad)
        with contextlib.suppress(BadInput):
            assert cells(open_table(path)) == good


def test_protected_workbook(tmp_path: Path) -> None:
    path = tmp_path / "secret.xlsx"
    path.write_bytes(
        bytes.fromhex("D0CF11E0A1B11AE1") + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    )
    assert code_of(path) == "file_protected"


def test_a_bomb_does_not_go_off(book: Path, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            target.writestr(part.filename, source.read(part))
        target.writestr("xl/media/zeros", bytes(30 << 20))
    with pytest.raises(BadInput) as caught:
        open_table(bomb, limits=Limits(unpacked=20 << 20))
    assert caught.value.code == "file_too_large"


def test_a_far_cell_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    made = openpyxl.Workbook()
    made.active["A1"] = "会社名"
    made.active["XFD1048576"] = "x"
    made.save(path)
    assert code_of(path) == "file_sheet_too_large"


def test_wide_sheet_is_no_bomb(tmp_path: Path) -> None:
    path = tmp_path / "wide.xlsx"
    made = xlsxwriter.Workbook(str(path))
    sheet = made.add_worksheet()
    for row in range(30):
        sheet.write_row(row, 0, [f"項目{n}" if row == 0 else "値" for n in range(200)])
    made.close()
    assert len(open_table(path).headers) == 200


def open_document(path: Path, body: str) -> Path:
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{names}manifest:1.0"/>')
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{names}office:1.0" xmlns:table="{names}table:1.0" '
            f'xmlns:text="{names}text:1.0"><office:body><office:spreadsheet><table:table table:name="表">{body}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return path


def ods_cell(text: str, more: str = "") -> str:
    return f'<table:table-cell {more} office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def test_open_document(tmp_path: Path) -> None:
    end = (
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    body = "".join(
        f"<table:table-row>{ods_cell(a)}{ods_cell(b)}</table:table-row>"
        for a, b in (("会社名", "氏名"), ("青空", "佐藤"))
    )
    assert cells(open_table(open_document(tmp_path / "a.ods", body + end))) == [["会社名", "氏名"], ["青空", "佐藤"]]
    repeated = ods_cell("x", 'table:number-columns-repeated="16000"')
    bomb = f'<table:table-row table:number-rows-repeated="1000000">{repeated}</table:table-row>'
    assert code_of(open_document(tmp_path / "b.ods", bomb)) == "file_sheet_too_large"


@pytest.mark.slow
def test_a_hundred_thousand_rows(write: WriteText) -> None:
    path = write("会社名,氏名\n" + "".join(f"株式会社{n},佐藤 {n}\n" for n in range(100_000)), "cp932")
    table = open_table(path)
    assert table.row_count == 100_000
    assert sum(1 for _ in table.rows()) == 100_000
