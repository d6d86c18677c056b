"""Markdown in scripts: what shows, what stays letters, and that nothing of a lead is ever a mark or a tag."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk import playbook
from isdesk.domain.errors import BadInput, PlaybookError
from isdesk.playbook import marking
from isdesk.playbook.marking import HEAD, ITEM, TEXT, Block, Piece
from isdesk.rendering import render_blocks

HEADLINE = 'extends = "default"\nname = "team"\nnumber = 2\nja = "チーム"\nen = "Team"\n'


def test_bold_lists_headings_and_lines_show() -> None:
    text = "# 用件\n**予算**と*時期*\n二行目\n\n- 一つ\n- 二つ\n  1. 中\n\n終わり"
    assert render_blocks(text, {}) == (
        Block((Piece("用件"),), HEAD, 1),
        Block((Piece("予算", bold=True), Piece("と"), Piece("時期", italic=True), Piece("\n"), Piece("二行目"))),
        Block((Piece("一つ"),), ITEM, 1, gap=True),
        Block((Piece("二つ"),), ITEM, 1),
        Block((Piece("中"),), ITEM, 2, 1),
        Block((Piece("終わり"),), TEXT, gap=True),
    )


def test_japanese_needs_no_space_beside_bold() -> None:
    (block,) = render_blocks("ここが**「要点」**です。", {})
    assert block.pieces == (Piece("ここが"), Piece("「要点」", bold=True), Piece("です。"))


@pytest.mark.parametrize(
    "name", ["<b>x</b>", "**x**", "[a](javascript:alert(1))", "# x", "- x", "![x](https://evil.example/x)", "`x`", "\\"]
)
def test_a_name_that_looks_like_a_mark_shows_as_it_is(name: str) -> None:
    (plain,) = render_blocks("{{ name }}", {"name": name})
    assert plain == Block((Piece(name, value=True),))
    *_, after = render_blocks("前\n\n- **{{ name }}**様", {"name": name})
    assert after.pieces == (Piece(name, value=True, bold=True), Piece("様"))


@given(st.text(max_size=80))
def test_whatever_a_value_is_it_comes_back_in_one_piece(value: str) -> None:
    found = render_blocks("**a** {{ v }} [b](https://docs.example.jp)", {"v": value})
    shown = "".join(piece.text for block in found for piece in block.pieces if piece.value)
    kept = "".join(c for c in value.replace("\r\n", "\n") if c in "\n\t" or (ord(c) >= 32 and ord(c) != 127))
    assert shown == kept
    assert [p.link for b in found for p in b.pieces if p.link] == ["https://docs.example.jp"]


@given(st.text(alphabet="*_[]()#-+1. \n\\!<>&`あhtps:/", max_size=60))
def test_no_text_breaks_the_reading_and_no_link_leads_elsewhere(text: str) -> None:
    for block in marking.blocks(text):
        assert block.kind in {TEXT, HEAD, ITEM}
        assert all(not p.link or p.link.startswith("https://") for p in block.pieces)


def test_tags_entities_and_pictures_are_letters() -> None:
    found = render_blocks("**a**\n<script>x</script> &lt; <https://a.jp>", {})
    assert marking.flat(found) == (("a\n<script>x</script> &lt; <https://a.jp>", False),)


def test_only_https_to_a_host_makes_a_link() -> None:
    for address in (
        "http://docs.example.jp",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://u:p@docs.example.jp",
    ):
        assert not [p for b in marking.blocks(f"[a]({address})") for p in b.pieces if p.link], address


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("一\n[資料](https://docs.example.jp/x)", "", 0),
        ("[資料](https://more.docs.example.jp)", "", 0),
        ("一\n[資料](https://evil.example)", "template_link", 2),
        ("[資料](https://docs.example.jp.evil.example)", "template_link", 1),
        ("[資料](http://docs.example.jp)", "template_link", 1),
        ("[資料](javascript:alert(1))", "template_link", 1),
        ("一\n二\n[資料](https://docs.example.jp/{{name}})", "template_link", 3),
        ("一\n![図](https://docs.example.jp/x.png)", "template_picture", 2),
    ],
)
def test_links_are_checked_where_they_stand(text: str, code: str, line: int) -> None:
    if not code:
        marking.check(text, ["docs.example.jp"])
        return
    with pytest.raises(BadInput) as caught:
        marking.check(text, ["docs.example.jp"])
    assert (caught.value.code, caught.value.params["line"]) == (code, line)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("一\\n{{ nobody }}", "playbook_template_unknown_variable", 8),
        ("一\\n{{ name.__class__ }}", "playbook_template_forbidden", 8),
        ("{{ name.upper }}", "playbook_template_forbidden", 7),
        ("{{ name['upper'] }}", "playbook_template_forbidden", 7),
        ("{% for x in name %}{{ x }}{% endfor %}", "playbook_template_forbidden", 7),
        ("{{ name * 1000000 }}", "playbook_template_forbidden", 7),
        ("{{ name", "playbook_template_unclosed", 7),
        ("[a](https://evil.example)", "playbook_template_link", 7),
        ("![a](https://docs.example.jp/a)", "playbook_template_picture", 7),
    ],
)
def test_a_script_is_refused_with_the_line_that_is_wrong(text: str, code: str, line: int) -> None:
    source = 'link_hosts = ["docs.example.jp"]\n[script.general.text]\nopening = """{}"""\n'
    body = HEADLINE + source.replace("{}", text.replace("\\n", "\n"))
    with pytest.raises(PlaybookError) as caught:
        playbook.loads(body, name="team")
    found = caught.value
    assert found.code.removesuffix("_like") == code
    assert (found.line, found.key) == (line + 1, "script.general.text.opening")


def test_hosts_are_named_without_scheme_or_path() -> None:
    book = playbook.loads(HEADLINE + 'link_hosts = ["Docs.Example.jp"]\n', name="team")
    assert book.rules.link_hosts == ("docs.example.jp",)
    with pytest.raises(PlaybookError) as caught:
        playbook.loads(HEADLINE + 'link_hosts = ["https://docs.example.jp/"]\n', name="team")
    assert (caught.value.code, caught.value.line) == ("playbook_link_host", 6)
