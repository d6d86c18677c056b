"""Jinja2 behind bars: templates see plain values only, may do little, and cannot grow without end (SECURITY C3).

Two grades. *Team text* (talk scripts, mails) may show variables, choose by ``if`` and use a few harmless filters;
loops, calls, assignments and arithmetic are refused before anything runs, so that cost stays linear.
*Shipped templates* are full Jinja2 in the same sandbox. Everything fails into BadInput with a line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from isdesk.domain.errors import BadInput
from isdesk.playbook.sources import resources

if TYPE_CHECKING:
    from types import TracebackType

    from jinja2 import Environment, Template
    from jinja2.nodes import Filter, Node
    from jinja2.nodes import Template as Parsed

MAX_TEMPLATE = 40_000
"""Longest template in characters."""
MAX_OUTPUT = 400_000
"""Longest result in characters."""
MAX_VALUE = 100_000
"""Longest single value in characters."""
MAX_NAMES = 50
"""Most variables in one expression of a team text: what it comes to is built whole before it can be measured."""
MAX_DEPTH = 40
"""So deep may a team text nest: Python, into which Jinja2 turns it, takes fewer than a hundred levels."""
MAX_DIGITS = 9
"""Most digits that a team text may round to."""

BEGIN, END = "\x02", "\x03"
"""Marks around what came from a variable. Control characters are taken out of all values, so none can be forged."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_NAME = re.compile(r"'([^']+)' is undefined")
_SHOWS = re.compile(r"\{\{ *([A-Za-z][A-Za-z0-9_]*) *\}\}")
_OPENS = re.compile(r"\{[{%#]|\{\Z")
_OPEN = re.compile(r"\{\{|\{%|\{#")
_CLOSES = {"{{": "}}", "{%": "%}", "{#": "#}"}
_RESERVED = frozenset(
    {"true", "false", "none", "True", "False", "None", "and", "or", "not", "if", "else", "in", "is", "self", "super",
     "caller", "loop", "varargs", "kwargs", "context", "environment", "range"}
)  # fmt: skip
"""Names that Jinja2 may take for something else than a variable."""

_FILTERS = frozenset(
    {"upper", "lower", "trim", "default", "d", "length", "count", "first", "last", "int", "round", "string"}
)
"""What a team text may do with a value: nothing here makes a long text of short ones (``join`` does)."""
_NODES = frozenset(
    {"Template", "Output", "TemplateData", "Name", "Const", "If", "CondExpr", "Compare", "Operand", "And", "Or", "Not",
     "Filter", "Test", "Concat", "List", "Tuple", "Getattr", "Getitem", "Keyword"}
)  # fmt: skip

Plain = str | int | float | bool | date | list["Plain"] | dict[str, "Plain"] | None
"""What a template may be given."""


def clean(value: object, name: str = "") -> Plain:
    """Copy a value into plain types, without control characters. Raises BadInput for anything else or too long."""
    if value is None or isinstance(value, bool | date):
        return value
    if isinstance(value, str):
        if len(value) > MAX_VALUE:
            raise BadInput("template_value_too_long", name=name, limit=MAX_VALUE)
        return _CONTROL.sub("", "".join((value.replace("\r\n", "\n"),)))
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, Mapping):
        return {str(k): clean(v, f"{name}.{k}" if name else str(k)) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [clean(v, name) for v in value]
    raise BadInput("template_value_type", name=name, type=type(value).__name__)


def _marked(value: object) -> str:
    return f"{BEGIN}{value}{END}"


@cache
def environment(*, html: bool = False, marked: bool = False) -> Environment:
    """Return the sandboxed environment of one kind; made once."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    env = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(resources() / "templates"),
        undefined=StrictUndefined,
        autoescape=html,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_marked if marked else None,
    )
    env.globals.clear()
    return env


def check(source: str, variables: Collection[str] | None = None) -> None:
    """Check a team text: it parses, does only what team text may, and names only known ``variables``.

    Where ``variables`` are given, they are texts: nothing of theirs is reached into by ``.x`` or ``[x]``.

    Raises BadInput with ``line`` (within the text), and ``name`` where a name is the trouble.
    """
    if len(source) > MAX_TEMPLATE:
        raise BadInput("template_too_long", line=1, limit=MAX_TEMPLATE)
    if control := _CONTROL.search(source.replace("\r\n", "\n")):
        line = source.count("\n", 0, control.start()) + 1
        raise BadInput("template_forbidden", line=line, name=f"U+{ord(control.group()):04X}")
    tree = _parse(source)
    _walk(tree, variables)
    if not _only_shows(source):
        with _refusing(source):
            environment().compile(tree)


def _only_shows(source: str) -> bool:
    """Return whether a text does nothing but show variables by their names: there is nothing to compile in it."""
    return not any(_OPENS.search(piece) for piece in _SHOWS.split(source)[::2])


def _parse(source: str) -> Parsed:
    with _refusing(source):
        return environment().parse(source)


@contextmanager
def _refusing(source: str) -> Iterator[None]:
    """Turn whatever Jinja2 and Python say against a text while they read and compile it into BadInput."""
    from jinja2 import TemplateSyntaxError

    try:
        yield
    except TemplateSyntaxError as error:
        if line := _unclosed(source):
            raise BadInput("template_unclosed", line=line) from error
        raise BadInput("template_syntax", line=error.lineno, detail=error.message or "") from error
    except (RecursionError, MemoryError) as error:
        raise BadInput("template_syntax", line=1, detail="too deeply nested") from error
    except (SyntaxError, ValueError, ArithmeticError) as error:
        raise BadInput("template_syntax", line=1, detail=type(error).__name__) from error


def _unclosed(source: str) -> int:
    """Return the line on which braces are opened and not closed, 0 where there is none: Jinja2 tells a later one."""
    at = 0
    while opened := _OPEN.search(source, at):
        mark = opened.group()
        end = source.find(_CLOSES[mark], opened.end())
        again = _OPEN.search(source, opened.end())
        if end < 0 or (again is not None and again.start() < end):
            return source.count("\n", 0, opened.start()) + 1
        at = end
    return 0


def _walk(tree: Node, variables: Collection[str] | None) -> None:
    """Refuse what a team text may not do, and one that nests so deep that Python could not take it."""
    from jinja2 import nodes

    waiting: list[tuple[Node, Node, int]] = [(tree, tree, 0)]
    while waiting:
        node, above, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise BadInput("template_syntax", line=node.lineno, detail="too deeply nested")
        if name := _forbidden(node, above) or _reached(node, variables):
            raise BadInput("template_forbidden", line=node.lineno, name=name)
        if isinstance(node, nodes.Name) and variables is not None and node.name not in variables:
            raise BadInput("template_unknown_variable", line=node.lineno, name=node.name)
        below = [(child, node, depth + 1) for child in node.iter_child_nodes()]
        waiting += reversed(below)


def _forbidden(node: Node, above: Node) -> str:
    """Return what of a node is forbidden; empty where nothing is.

    Lists only stand at the right of a comparison: shown, each list around a text would double its backslashes.
    """
    from jinja2 import nodes

    if type(node).__name__ not in _NODES:
        return type(node).__name__
    if isinstance(node, nodes.Filter) and (node.name not in _FILTERS or _rounds_far(node)):
        return f"|{node.name}"
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and (unseen := _UNSEEN.search(node.value)):
        return f"U+{ord(unseen.group()):04X}"
    if isinstance(node, nodes.List | nodes.Tuple) and not isinstance(above, nodes.Operand):
        return "[ , ]"
    built = node.nodes if isinstance(node, nodes.Output) else [node.test] if isinstance(node, nodes.If) else []
    return f"{{{{ {MAX_NAMES}+ }}}}" if any(_names(one) > MAX_NAMES for one in built) else ""


def _reached(node: Node, variables: Collection[str] | None) -> str:
    """Return what a node reaches into that it may not."""
    from jinja2 import nodes

    if isinstance(node, nodes.Getattr) and (node.attr.startswith("_") or variables is not None):
        return f".{node.attr}"
    return "[ ]" if isinstance(node, nodes.Getitem) and variables is not None else ""


def _names(tree: Node) -> int:
    """Return how many variables an expression names; more than enough are not counted."""
    from jinja2 import nodes

    found, waiting = 0, [tree]
    while waiting and found <= MAX_NAMES:
        node = waiting.pop()
        found += isinstance(node, nodes.Name)
        waiting += node.iter_child_nodes()
    return found


def _rounds_far(node: Filter) -> bool:
    """Return whether a filter rounds to anything but a few digits that stand there: a power is made of them."""
    from jinja2 import nodes

    given = [*node.args, *node.kwargs, *(one for one in (node.dyn_args, node.dyn_kwargs) if one is not None)]
    if node.name != "round" or not given:
        return False
    digits = given[0].value if len(given) == 1 and isinstance(given[0], nodes.Const) else None
    return type(digits) is not int or digits > MAX_DIGITS


@lru_cache(maxsize=512)
def _team_template(source: str, html: bool, marked: bool) -> Template:
    check(source)
    with _refusing(source):
        return environment(html=html, marked=marked).from_string(source)


def render_source(
    source: str, context: Mapping[str, object], *, html: bool = False, marked: bool = False, limit: int = MAX_OUTPUT
) -> str:
    """Render a team text. Raises BadInput (``template_…``) with a line."""
    values = {k: clean(v, k) for k, v in context.items()}
    plain = None if html else _plain(source, values, marked=marked)
    if plain is not None and len(plain) <= limit:
        return plain
    return _run(_team_template(source, html, marked), values, limit)


def _plain(source: str, values: Mapping[str, Plain], *, marked: bool) -> str | None:
    """Fill in a text that does nothing but show texts by their names, as most scripts do, without loading Jinja2.

    Returns None for any other text; Jinja2 then says what it comes to, or what is wrong with it.
    """
    if len(source) > MAX_TEMPLATE or "\r" in source or _CONTROL.search(source):
        return None
    out: list[str] = []
    for number, piece in enumerate(_SHOWS.split(source)):
        if number % 2 == 0:
            if _OPENS.search(piece):
                return None
            out.append(piece)
            continue
        value = values.get(piece)
        if not isinstance(value, str) or piece in _RESERVED:
            return None
        out.append(_marked(value) if marked else value)
    out[-1] = out[-1].removesuffix("\n")
    return "".join(out)


def render_shipped(name: str, context: Mapping[str, object], *, limit: int = MAX_OUTPUT) -> str:
    """Render a template of the program's own by its file name; ``.html.j2`` escapes what it is given."""
    values = {k: clean(v, k) for k, v in context.items()}
    return _run(environment(html=name.endswith(".html.j2")).get_template(name), values, limit)


def _run(template: Template, values: Mapping[str, Plain], limit: int) -> str:
    from jinja2 import TemplateError, UndefinedError

    out: list[str] = []
    size = 0
    try:
        for piece in template.generate(values):
            size += len(piece)
            if size > limit:
                raise BadInput("template_output_too_long", line=0, limit=limit)
            out.append(piece)
    except UndefinedError as error:
        name = _NAME.search(str(error))
        shown = name.group(1) if name else str(error)
        raise BadInput("template_unknown_variable", line=_line(error.__traceback__), name=shown) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise BadInput("template_failed", line=_line(error.__traceback__), detail=type(error).__name__) from error
    return "".join(out)


def _line(trace: TracebackType | None) -> int:
    """Return the line of the template on which it failed: Jinja2 rewrites the traceback to it."""
    line = 0
    while trace is not None:
        if "__jinja_template__" in trace.tb_frame.f_globals or trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
