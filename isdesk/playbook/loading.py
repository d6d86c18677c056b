"""From text to rules: read, merge, build, check, or take what was checked before from a cached form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path as FilePath

import isdesk
from isdesk.clock import TOKYO, SystemClock
from isdesk.domain.errors import PlaybookError
from isdesk.domain.rules import Label, Rules
from isdesk.playbook import calling, checks, funnel, introducing, mailing, sequencing, sources, talk
from isdesk.playbook.closing import closed_days
from isdesk.playbook.model import Playbook, Preset, SourceText
from isdesk.playbook.positions import shown
from isdesk.playbook.reader import Problem, Problems, Table

_FORMAT = 1
_YEARS_BACK, _YEARS_AHEAD = 2, 4


def load(
    name_or_path: str | FilePath = "default",
    *,
    years: Sequence[int] | None = None,
    extra_closed_days: Iterable[date] = (),
    cache_dir: FilePath | None = None,
) -> Playbook:
    """Load a playbook by the name of a shipped one or by the path of a TOML file.

    Public holidays are resolved for ``years`` (default: two years back to four ahead). With ``cache_dir`` the checked
    content is kept there and taken from there as long as no file of the chain changes; a damaged cache is ignored.
    Raises PlaybookError for the first thing that is wrong; ``params["more"]`` holds the others as PlaybookErrors.
    """
    return _loaded(sources.read(name_or_path), years, extra_closed_days, cache_dir)


def loads(
    text: str,
    *,
    name: str = "team",
    file: str | None = None,
    years: Sequence[int] | None = None,
    extra_closed_days: Iterable[date] = (),
    cache_dir: FilePath | None = None,
) -> Playbook:
    """Load a playbook from its TOML text, as the hub carries it; ``file`` is what errors call it."""
    return _loaded(sources.source(text, name, file or f"{name}.toml"), years, extra_closed_days, cache_dir)


@dataclass(frozen=True, slots=True)
class Inspected:
    """A text as far as it can be read: the merged ``definitions``, the ``rules`` with stand-ins for what is wrong, and
    the ``problems`` in the order of their lines.
    """

    definitions: sources.Tree
    rules: Rules
    problems: tuple[PlaybookError, ...]


def inspect(text: str, *, name: str = "team") -> Inspected:
    """Read a text that is being written; what is wrong in it is in the answer.

    Raises PlaybookError where it is no TOML, or where what it extends cannot be read.
    """
    parts = sources.chain(sources.source(text, name, f"{name}.toml"))
    problems = Problems()
    tree = sources.merged(parts, problems)
    built = _build(tree, problems)
    with suppress(LookupError, ValueError, TypeError):
        checks.check(built.rules, problems)
    return Inspected(tree, built.rules, tuple(_errors(parts, problems.items)))


def presets() -> tuple[Preset, ...]:
    """Return the shipped playbooks, as offered in the guided set-up; ``default`` first."""
    out = []
    for name in sources.shipped_names():
        head = Table(sources.parse(sources.read(name)), (), Problems())
        out.append(Preset(name, head.label(), _note(head) or Label("", "")))
    return tuple(out)


def _note(head: Table) -> Label | None:
    note = head.maybe("note")
    return Label(note, head.text("note_en", note)) if note else None


def _default_years() -> range:
    year = SystemClock().now().astimezone(TOKYO).year
    return range(year - _YEARS_BACK, year + _YEARS_AHEAD + 1)


def _loaded(
    top: SourceText, years: Sequence[int] | None, extra: Iterable[date], cache_dir: FilePath | None
) -> Playbook:
    span = tuple(years if years is not None else _default_years())
    cached = _Cache.of(cache_dir, top, span) if cache_dir is not None else None
    kept = cached.read() if cached else None
    if kept is not None:
        tree, texts, closed = kept
        book = _book(_build(tree, Problems()), tree, texts)
    else:
        parts = sources.chain(top)
        tree, built = _checked(parts)
        texts = tuple(p.source for p in parts)
        closed = closed_days(
            span, own=built.rules.business.closed, yearly=built.yearly, open_days=built.open_days, public=built.public
        )
        book = _book(built, tree, texts)
        if cached:
            cached.write(tree, texts, closed)
    business = replace(book.rules.business, closed=closed | frozenset(extra))
    return replace(book, rules=replace(book.rules, business=business))


@dataclass(frozen=True, slots=True)
class _Built:
    rules: Rules
    yearly: tuple[tuple[int, int, int, int], ...]
    open_days: tuple[date, ...]
    public: bool
    label: Label
    note: Label | None
    number: int
    agreed_on: date | None
    agreed_by: tuple[str, ...]


def _checked(parts: list[sources.Parsed]) -> tuple[sources.Tree, _Built]:
    problems = Problems()
    tree = sources.merged(parts, problems)
    built = _build(tree, problems)
    if not problems.items:
        checks.check(built.rules, problems)
    else:
        with suppress(LookupError, ValueError, TypeError):
            checks.check(built.rules, problems)
    if problems.items:
        raise _error(parts, problems.items)
    return tree, built


def _error(parts: list[sources.Parsed], problems: list[Problem]) -> PlaybookError:
    """Return the first problem as an error, the rest in its ``more``."""
    first, *others = _errors(parts, problems)
    first.params["more"] = tuple(others)
    return first


def _errors(parts: list[sources.Parsed], problems: list[Problem]) -> list[PlaybookError]:
    """Return the problems as errors in the order of their lines; the same key is reported once per code.

    A code ends in ``_like`` where there is a ``hint`` at what was probably meant. What is wrong in a text says in
    ``text_line`` on which line of it.
    """
    made: dict[tuple[str, str], PlaybookError] = {}
    for p in problems:
        file, line = sources.locate(parts, p.path)
        params = dict(p.params)
        inside = params.pop("template_line", None)
        if isinstance(inside, int):
            file, begin = sources.value_line(parts, p.path)
            line = begin + max(0, inside - 1)
            params["text_line"] = inside
        if params.get("hint") == "":
            params.pop("hint")
        code = f"{p.code}_like" if "hint" in params else p.code
        key = shown(p.path)
        made.setdefault((p.code, key), PlaybookError(code, file=file, line=line, key=key, **params))
    return sorted(made.values(), key=lambda e: (e.file, e.line))


def _build(tree: sources.Tree, problems: Problems) -> _Built:
    """Build the rules; problems are noted, with harmless stand-ins for what could not be read."""
    top = Table(tree, (), problems)
    label, note = top.label(), _note(top)
    name, number = top.text("name"), top.whole("number", 1, least=1)
    top.maybe("extends")
    agreed = top.raw("agreed_on")
    if agreed is not None and type(agreed) is not date:
        top.wrong("agreed_on", "date")
    own = funnel.fields(top)
    groups = funnel.groups(top)
    business, yearly, open_days, public = calling.business(top)
    rules = Rules(
        version=f"{name}@{number}+{_digest(tree)}",
        label=label,
        stages=funnel.stages(top),
        outcomes=calling.outcomes(top, tuple(groups)),
        policies=calling.policies(top),
        slots=calling.slots(top),
        caps=calling.caps(top),
        windows=calling.windows(top),
        business=business,
        sla=calling.sla(top),
        scoring=funnel.scoring(top),
        checklist=funnel.checklist(top),
        scripts=talk.scripts(top, checks.known_fields(own)),
        sources=funnel.sources(top),
        reasons=funnel.reasons(top),
        raci=funnel.raci(top),
        fields=own,
        texts=funnel.texts(top),
        groups=groups,
        targets=funnel.targets(top),
        rights=funnel.rights(top),
        rubric=funnel.rubric(top),
        handoff=funnel.handoff(top),
        introduction=introducing.steps(top),
        readiness=introducing.points(top, "readiness"),
        symptoms=introducing.points(top, "symptom"),
        mail=mailing.mail(top),
        link_hosts=talk.link_hosts(top),
        sequences=sequencing.sequences(top),
    )
    agreed_by = top.texts("agreed_by")
    top.done()
    signed = agreed if type(agreed) is date else None
    return _Built(rules, yearly, open_days, public, label, note, number, signed, agreed_by)


def _book(built: _Built, tree: sources.Tree, texts: tuple[SourceText, ...]) -> Playbook:
    return Playbook(
        rules=built.rules,
        name=built.rules.version.split("@", maxsplit=1)[0],
        version=built.rules.version,
        title=built.label,
        text=texts[-1].text,
        sources=texts,
        number=built.number,
        agreed_on=built.agreed_on,
        agreed_by=built.agreed_by,
        note=built.note,
        definitions=tree,
    )


def _digest(tree: sources.Tree) -> str:
    """Return a short hash of what is defined; comments, order of keys and the sign-off do not count."""
    plain = {k: v for k, v in tree.items() if k not in ("extends", "agreed_on", "agreed_by")}
    return hashlib.sha256(_dump(plain, sort=True).encode()).hexdigest()[:8]


def _dump(value: object, *, sort: bool = False) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=sort, separators=(",", ":"), default=_date_out)


def _date_out(value: object) -> object:
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    return str(value)


def _date_in(value: dict[str, object]) -> object:
    iso = value.get("$date")
    return date.fromisoformat(iso) if isinstance(iso, str) else value


@dataclass(frozen=True, slots=True)
class _Cache:
    """The checked form of one playbook as JSON, valid for exactly these texts, years and this program."""

    path: FilePath
    key: dict[str, object]
    top: SourceText

    @classmethod
    def of(cls, folder: FilePath, top: SourceText, years: tuple[int, ...]) -> _Cache:
        place = hashlib.sha256(top.file.encode()).hexdigest()[:12]
        key: dict[str, object] = {"format": _FORMAT, "program": isdesk.__version__, "years": list(years)}
        return cls(folder / f"playbook-{place}.json", key, top)

    def read(self) -> tuple[sources.Tree, tuple[SourceText, ...], frozenset[date]] | None:
        """Return merged tree, texts and closed days; None where anything differs or cannot be read."""
        try:
            kept = json.loads(self.path.read_text("utf-8"), object_hook=_date_in)
            if kept["key"] != self.key:
                return None
            texts = tuple(self._same(name, file, sha) for name, file, sha in kept["sources"])
            closed = frozenset(date.fromordinal(n) for n in kept["closed"])
            return kept["tree"], texts, closed
        except (OSError, ValueError, LookupError, TypeError, PlaybookError):
            return None

    def _same(self, name: str, file: str, sha: str) -> SourceText:
        now = self.top if file == self.top.file else sources.read(file)
        if now.sha256 != sha or now.name != name:
            raise LookupError(file)
        return now

    def write(self, tree: sources.Tree, texts: tuple[SourceText, ...], closed: frozenset[date]) -> None:
        """Keep the checked form; a folder that cannot be written only costs the next start some time."""
        kept = {
            "key": self.key,
            "sources": [[t.name, t.file, t.sha256] for t in texts],
            "closed": sorted(d.toordinal() for d in closed),
            "tree": tree,
        }
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self.path.with_suffix(".new")
            fresh.write_text(_dump(kept), "utf-8")
            fresh.replace(self.path)
