"""Templates behind bars: no way out, no way to grow without end, every failure with a line."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date
from enum import StrEnum

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup

from isdesk.domain.errors import BadInput
from isdesk.playbook import sandbox

ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ x.__class__ }}",
    "{{ x|attr('__class__') }}",
    "{{ x['__class__'] }}",
    "{{ x.format(x) }}",
    "{{ '{0.__class__}'.format(x) }}",
    "{{ x.upper() }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ lipsum.__globals__['os'] }}",
    "{{ range(10) }}",
    "{% for i in x %}{{ i }}{% endfor %}",
    "{% set y = x %}{{ y }}",
    "{% macro m() %}{% endmacro %}",
    "{% include 'handoff_memo.txt.j2' %}",
    "{% import 'handoff_memo.txt.j2' as m %}",
    "{% extends 'handoff_memo.txt.j2' %}",
    "{% filter upper %}a{% endfilter %}",
    "{% call x() %}{% endcall %}",
    "{% with y = x %}{{ y }}{% endwith %}",
    "{% autoescape false %}{{ x }}{% endautoescape %}",
    "{{ x|xmlattr }}",
    "{{ x|format(1) }}",
    "{{ x|safe }}",
    "{{ x|map('upper')|list }}",
    "{{ x|pprint }}",
    "{{ x|center(1000000000) }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ x + x }}",
    "{{ -x }}",
    "{{ {'a': x} }}",
    "{{ x[0:1] }}",
    "{{ x|join(x) }}",
    "{{ [x] }}",
    "{{ 1|round(99999999, 'ceil') }}",
    "{{ 1|round(precision=99999999) }}",
    "{{ 1|round(x) }}",
    "{{ 1|round(*[1, 'ceil']) }}",
]

BOMBS = [
    "{{ " + "'b'|join(" * 4 + "'a'" + ")" * 4 + " }}",
    "{{ " + f"'{'b' * 60}'|join(" * 4 + f"'{'a' * 60}'" + ")" * 4 + " }}",
    "{{ " + "x|join(" * 4 + "x" + ")" * 4 + " }}",
    "{{ " + "[" * 15 + "'\\\\'" + "]|string" * 15 + " }}",
    "{{ " + "(" * 15 + "'\\\\'" + ",)|string" * 15 + " }}",
    "{{ " + " ~ ".join("x" for _ in range(5000)) + " }}",
    "{% if " + " ~ ".join("x" for _ in range(5000)) + " %}{% endif %}",
    "{{ 1|round(9999999999, 'floor') }}",
]


@pytest.mark.parametrize("source", ESCAPES)
def test_a_team_text_cannot_leave_its_bars(source: str) -> None:
    started = time.perf_counter()
    with pytest.raises(BadInput) as caught:
        sandbox.render_source(source, {"x": "value"})
    assert caught.value.code in {"template_forbidden", "template_unknown_variable", "template_failed"}
    assert "line" in caught.value.params
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("source", BOMBS)
def test_a_short_text_never_grows_into_a_long_one(source: str) -> None:
    """Refused before anything of it is built: by its form alone, whatever the values are."""
    for variables in (None, {"x"}):
        with pytest.raises(BadInput) as caught:
            sandbox.check(source, variables)
        assert (caught.value.code, caught.value.params["line"]) == ("template_forbidden", 1)


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        ("一\n{{ a }}", "template_unknown_variable", 2),
        ("一\n\n{% if %}", "template_syntax", 3),
        ("{{ 'x", "template_unclosed", 1),
        ("一\n{{ x\n二\n{{ x }}", "template_unclosed", 2),
        ("{% if x %}一\n{{ x }}", "template_syntax", 2),
        ("a\nb{{ x.y }}", "template_unknown_variable", 2),
        ("a\x02b", "template_forbidden", 1),
        ("(" * 50, None, 0),
        ("{{ " + "(" * 5000 + "x" + ")" * 5000 + " }}", "template_syntax", 1),
        ("{% if x %}" * 120 + "x" + "{% endif %}" * 120, "template_syntax", 1),
        ("\n{{ " + "not " * 200 + "x }}", "template_syntax", 2),
        ("\n{{ " + "not " * 500 + "x }}", "template_syntax", 2),
        ("{{ x" + "|upper" * 300 + " }}", "template_syntax", 1),
        ("{{ " + "x or " * 5000 + "x }}", "template_forbidden", 1),
        ("{{ x is nosuch }}", "template_syntax", 1),
        ("{{ " + "9" * 5000 + " }}", "template_syntax", 1),
        ("{{ '\\x02' }}", "template_forbidden", 1),
        ("{{ '\\ud800' }}", "template_forbidden", 1),
        ("x" * (sandbox.MAX_TEMPLATE + 1), "template_too_long", 1),
    ],
)
def test_a_failure_names_its_line(source: str, code: str | None, line: int) -> None:
    if code is None:
        assert sandbox.render_source(source, {"x": "v"}) == source
        return
    with pytest.raises(BadInput) as caught:
        sandbox.render_source(source, {"x": "v"})
    assert (caught.value.code, caught.value.params["line"]) == (code, line)


@pytest.mark.parametrize(("begin", "middle", "end"), [
    ("{% if x %}", "x", "{% endif %}"),
    ("{% if x %}{% else %}", "x", "{% endif %}"),
    ("{% if x %}a{% elif x %}", "x", "{% endif %}"),
    ("not ", "x", ""),
    ("", "x", "|upper"),
    ("", "x", "|default(x)"),
    ("x|default(", "x", ")"),
    ("(", "x", " ~ 'a')"),
    ("(x if x else ", "x", ")"),
    ("", "x", " or x"),
    ("(x == ", "x", ")"),
    ("x in [", "x", "]"),
])  # fmt: skip
@pytest.mark.parametrize("times", [1, 8, *range(10, 45, 3), 100, 200, 500, 1000])
def test_what_passes_the_check_runs_however_deep_it_is(begin: str, middle: str, end: str, times: int) -> None:
    inner = begin * times + middle + end * times
    source = inner if begin.startswith("{%") else f"{{{{ {inner} }}}}"
    refused: BadInput | None = None
    try:
        sandbox.check(source, {"x"})
    except BadInput as error:
        refused = error
    if refused is None:
        for marked in (False, True):
            assert sandbox.render_source(source, {"x": "v"}, marked=marked) is not None
    else:
        assert times > 8
        assert (refused.code in {"template_syntax", "template_forbidden"}, refused.params["line"]) == (True, 1)


def test_what_a_team_text_may_do() -> None:
    source = (
        "{% if a and b != 'no' %}{{ a | upper }}{% else %}–{% endif %} {{ c.d }} {{ e | first ~ '、' ~ e[1] }} "
        "{{ f or 'x' }}{% if a in ['no', b, 'ok'] %} {{ g | round }} {{ g | round(1) }}{% endif %}"
    )
    context = {"a": "ok", "b": "yes", "c": {"d": 3}, "e": ["1", "2"], "f": "", "g": 1.25}
    assert sandbox.render_source(source, context) == "OK 3 1、2 x 1.0 1.2"


@pytest.mark.parametrize("value", [object(), print, b"bytes", {1, 2}, Exception("x"), range(3)])
def test_only_plain_values_get_in(value: object) -> None:
    with pytest.raises(BadInput) as caught:
        sandbox.render_source("x", {"a": {"b": value}})
    assert caught.value.code == "template_value_type"
    assert caught.value.params["name"] == "a.b"


def test_a_value_that_is_too_long_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        sandbox.render_source("{{ a }}", {"a": "x" * (sandbox.MAX_VALUE + 1)})
    assert caught.value.code == "template_value_too_long"


def test_the_result_may_not_grow_without_end() -> None:
    with pytest.raises(BadInput) as caught:
        sandbox.render_source("{{ a }}" * 10, {"a": "x" * 60_000})
    assert caught.value.code == "template_output_too_long"


def test_texts_that_claim_to_be_safe_are_escaped_all_the_same() -> None:
    class Code(StrEnum):
        A = "<i>"

    out = sandbox.render_source("{{ a }}{{ b }}", {"a": Markup("<b>"), "b": Code.A}, html=True)
    assert out == "&lt;b&gt;&lt;i&gt;"
    assert type(sandbox.clean(Markup("x"))) is str


def test_dates_and_numbers_stay_what_they_are() -> None:
    out = sandbox.render_source("{{ d }} {{ n }} {{ f }}", {"d": date(2026, 4, 1), "n": 3, "f": 1.5})
    assert out == "2026-04-01 3 1.5"


@given(st.text(max_size=200))
@example("{{ 7*7 }}")
@example("{% raw %}")
@example("<script>alert(1)</script>")
@example("\x02\x03\x00")
def test_a_value_is_never_read_as_a_template_and_html_never_lets_a_tag_through(value: str) -> None:
    plain = sandbox.render_source("[{{ v }}]", {"v": value})
    assert plain == f"[{sandbox.clean(value)}]"
    html = sandbox.render_source("[{{ v }}]", {"v": value}, html=True)[1:-1]
    assert not set("<>\"'") & set(html)


@given(st.text(max_size=300))
def test_any_text_as_a_template_either_renders_or_is_refused_with_a_line(source: str) -> None:
    refused: BadInput | None = None
    try:
        sandbox.render_source(source, {"x": "v"})
    except BadInput as error:
        refused = error
    assert refused is None or "line" in refused.params


PIECES = st.lists(
    st.sampled_from([
        "{{ name }}", "{{name}}", "{{  me }}", "{{ gone }}", "{{ true }}", "{{ name|upper }}", "{% if name %}",
        "{% endif %}", "{# a #}", "{", "{{", "}}", "}", "\n", "\r\n", "\t", " ", "お世話になります。", "%", "#",
        "{{ n }}", "\x01",
    ]),
    max_size=8,
)  # fmt: skip


@given(PIECES, st.text(max_size=8), st.booleans())
def test_the_short_way_says_what_jinja_says(pieces: list[str], name: str, marked: bool) -> None:
    """A text that only shows variables is filled without Jinja2; everything else about it stays the same."""
    source, values = "".join(pieces), {"name": name, "me": "鈴木", "n": 3}
    env = sandbox.environment(marked=marked)
    try:
        sandbox.check(source)
        expected = env.from_string(source).render({k: sandbox.clean(v) for k, v in values.items()})
    except (BadInput, UndefinedError):
        with pytest.raises(BadInput):
            sandbox.render_source(source, values, marked=marked)
    else:
        assert sandbox.render_source(source, values, marked=marked) == expected


def test_a_script_of_plain_variables_needs_no_jinja() -> None:
    code = (
        "import sys; from isdesk.rendering import render_script;"
        "print(render_script('{{ me }}です。', {'me': '鈴木'}), 'jinja2' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "[('鈴木', True), ('です。', False)] False"
