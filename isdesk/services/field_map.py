"""The field map of a CRM as a table that a person reads and changes: our fields, the CRM's, and how well they fit.

A map is never changed in place: every change gives another one (`FieldMapping`), which is kept when it is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from isdesk.crm import converting, mapping
from isdesk.crm.mapping import FieldMap, FieldMapping, ObjectMap
from isdesk.crm.port import FieldInfo, Thing
from isdesk.domain.errors import BadInput
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Field, Kind
from isdesk.domain.signals import FIELDS as SIGNALS

if TYPE_CHECKING:
    from isdesk.services.connecting import Survey
    from isdesk.services.context import Context

MAPPED: Final = (Thing.LEAD, Thing.COMPANY, Thing.TOUCH)
"""The kinds of records whose fields a person may map."""
FIT_OK, FIT_LOOSE, FIT_WRONG, FIT_GONE, FIT_NONE, FIT_WORDS = "ok", "loose", "wrong", "gone", "none", "words"
"""How a field of the CRM suits ours: as it is; with a loss; not at all; it is not there; nothing is mapped; choices
of the CRM have no word of ours yet."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the mapping table: a field of ours, and the CRM's that holds it.

    ``fit`` is one of the ``FIT_…`` codes; ``samples`` what newest records hold there; ``labels`` the CRM's words for
    ``remote``; ``words`` the CRM's choices (value, label, our word or an empty text), ``only_out`` further words of
    ours that the map writes as one of them.
    """

    thing: Thing
    code: str
    kind: Kind
    remote: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    direction: str = "both"
    fit: str = FIT_NONE
    samples: tuple[str, ...] = ()
    words: tuple[tuple[str, str, str], ...] = ()
    only_out: tuple[str, ...] = ()


# ---------------------------------------------------------------------------------------------------- reading, writing


class _Any(dict[str, converting.Converter]):
    """Every converter is known: which ones an adapter has, it says itself when it is connected."""

    @override
    def __contains__(self, _key: object) -> bool:
        return True


def read_map(text: str | None, kind: str) -> FieldMapping | None:
    """Return a field map of ``kind``; of None the one that comes with the program, None where there is none.

    Raises BadInput as `mapping.loads` does.
    """
    if text is None:
        try:
            text = mapping.shipped(kind)
        except OSError:
            return None
    return mapping.loads(text, kind, _Any())


def read_file(path: Path, kind: str) -> FieldMapping:
    """Read a field map that somebody shares. Raises BadInput with line and key."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise BadInput("field_map_unreadable", file=path.name) from None
    return mapping.loads(text, kind, _Any())


def write_file(path: Path, map_: FieldMapping) -> None:
    """Write a field map to share it. Raises BadInput (``file_not_writable``) where the file cannot be written."""
    try:
        path.write_text(text_of(map_), encoding="utf-8", newline="\n")
    except OSError:
        raise BadInput("file_not_writable", file=path.name) from None


def text_of(map_: FieldMapping) -> str:
    """Return a field map as TOML: as it was written where nobody changed it."""
    return map_.text or mapping.dumps(map_)


def kept_text(map_: FieldMapping) -> str:
    """Return a field map as it is to be kept with a connection: empty where it is the one shipped.

    What nobody changed follows the program, also when a newer one brings a better map.
    """
    try:
        same = mapping.shipped(map_.kind) == text_of(map_)
    except OSError:
        same = False
    return "" if same else text_of(map_)


def mapped(map_: FieldMapping | None) -> tuple[Thing, ...]:
    """Return the kinds of records that this map holds."""
    return tuple(thing for thing in MAPPED if map_ is not None and map_.of(thing.value).fields)


def things(found: Survey) -> tuple[Thing, ...]:
    """Return the kinds of records whose fields can be mapped in this CRM."""
    return mapped(found.mapping)


def lines(ctx: Context, found: Survey, map_: FieldMapping, thing: Thing) -> tuple[Line, ...]:
    """Return the mapping table of one kind of record: fields of ours that are mapped, then those that are not."""
    of = map_.of(thing.value)
    known = _ours(ctx, thing)
    offered = [code for code, one in known.items() if one.shown or code in SIGNALS]
    codes = [*of.fields, *(code for code in offered if code not in of.fields)]
    infos = {one.code: one for one in found.remote.get(thing, ())}
    made = (_line(thing, code, of.fields.get(code), known.get(code), infos, found) for code in codes)
    further = of.options.get("outcomes")
    codes_out = tuple(further) if isinstance(further, dict) else ()
    return tuple(replace(one, only_out=codes_out) if one.code == "outcome" else one for one in made)


def _ours(ctx: Context, thing: Thing) -> Mapping[str, Field]:
    standard = {Thing.LEAD: LEAD_FIELDS, Thing.COMPANY: COMPANY_FIELDS}.get(thing, {})
    own = {one.code: one for one in ctx.rules.fields if one.obj.value == thing.value}
    return {**standard, **own} if standard else {}


_TOUCH_KINDS: Final = {
    "outcome": Kind.CHOICE, "at": Kind.DATETIME, "talk_s": Kind.INT, "ring_s": Kind.INT, "note": Kind.LONG_TEXT,
    "direction": Kind.CHOICE, "number": Kind.PHONE, "member_id": Kind.MEMBER, "channel": Kind.CHOICE,
}  # fmt: skip


def _line(
    thing: Thing, code: str, one: FieldMap | None, known: Field | None, infos: Mapping[str, FieldInfo], found: Survey
) -> Line:
    kind = known.kind if known is not None else _TOUCH_KINDS.get(code, Kind.TEXT)
    if one is None:
        return Line(thing, code, kind)
    told = [infos.get(name) for name in one.remote]
    return Line(
        thing,
        code,
        kind,
        one.remote,
        tuple(info.label if info is not None else name for name, info in zip(one.remote, told, strict=True)),
        one.direction,
        _fit(kind, one, told, described=bool(infos)),
        shown_samples(found, thing, one.remote),
        _words(one, kind, told[0] if told else None),
    )


WORDED: Final = frozenset({"outcome", "stage", "lead_source", "direction", "channel", "refusal_reason", "lost_reason"})
"""Fields of ours that hold a code, though they are no choice of fixed words; `our_words` gives those in force."""


def _words(one: FieldMap, kind: Kind, info: FieldInfo | None) -> tuple[tuple[str, str, str], ...]:
    """Return the CRM's choices with our words; those of the map first that the CRM has no more."""
    if not one.values and (kind is not Kind.CHOICE and one.code not in WORDED):
        return ()
    choices = info.choices if info is not None else ()
    present = {code for code, _ in choices}
    gone = [(value, value, ours) for value, ours in one.values.items() if value not in present]
    return (*gone, *((code, text, one.values.get(code, "")) for code, text in choices))


def our_words(ctx: Context, line: Line) -> tuple[tuple[str, str], ...]:
    """Return the codes of ours that a field may hold, with their labels in the language of the desk."""
    english, rules = ctx.lang == "en", ctx.rules
    if line.code == "outcome":
        return tuple((one.code, one.label.in_(ctx.lang)) for one in rules.outcomes.values() if one.active)
    if line.code == "stage":
        return tuple((one.code, one.label.in_(ctx.lang)) for one in rules.stages.values())
    known = _ours(ctx, line.thing).get(line.code)
    return tuple((code, en if english else ja) for code, ja, en in known.choices) if known is not None else ()


def wordless(ctx: Context, line: Line) -> tuple[str, ...]:
    """Return the labels of our words that no choice of the CRM stands for: what is written then, the CRM refuses."""
    told = {ours for _, _, ours in line.words if ours} | set(line.only_out)
    wanted = our_words(ctx, line) if told and line.direction != "in" else ()
    return tuple(text for code, text in wanted if code not in told)


def shown_samples(found: Survey, thing: Thing, remote: Sequence[str], most: int = 3) -> tuple[str, ...]:
    """Return different values that newest records hold in these fields, in one line each."""
    made = (
        " ".join(" ".join(str(record.get(name) or "").split()) for name in remote).strip()
        for record in found.samples.get(thing, ())
    )
    return tuple(dict.fromkeys(text for text in made if text))[:most]


_TEXTS: Final = frozenset({Kind.TEXT, Kind.LONG_TEXT})
_LIKE_TEXT: Final = _TEXTS | {Kind.MAIL, Kind.PHONE, Kind.URL, Kind.CORPORATE_NUMBER, Kind.CHOICE}
_REFERENCES: Final = frozenset({Kind.MEMBER, Kind.TEXT, Kind.CHOICE})
"""Kinds by which CRMs tell of a person: as such, or by an id."""
_TIMES: Final = frozenset({Kind.DATE, Kind.DATETIME})


def _fit(ours: Kind, one: FieldMap, told: Sequence[FieldInfo | None], *, described: bool) -> str:
    if not described:
        return FIT_OK
    present = [info for info in told if info is not None]
    if len(present) < len(told):
        return FIT_GONE
    if len(present) > 1:
        return FIT_OK
    info = present[0]
    if one.direction != "in" and not info.writable:
        return FIT_LOOSE
    if info.kind is Kind.CHOICE and one.values and any(code not in one.values for code, _ in info.choices):
        return FIT_WORDS
    return fit(ours, info.kind)


def fit(ours: Kind, theirs: Kind) -> str:
    """Return how a field of the CRM of kind ``theirs`` suits one of ours."""
    if ours is theirs or (ours in _TEXTS and theirs not in {Kind.MEMBER, Kind.JSON}):
        return FIT_LOOSE if (ours, theirs) == (Kind.LONG_TEXT, Kind.TEXT) else FIT_OK
    if ours in _LIKE_TEXT and theirs in _LIKE_TEXT:
        return FIT_OK
    if ours is Kind.MEMBER:
        return FIT_OK if theirs in _REFERENCES else FIT_WRONG
    if ours in _TIMES and theirs in _TIMES:
        return FIT_LOOSE
    return FIT_LOOSE if theirs in _TEXTS else FIT_WRONG


def unfilled(found: Survey, map_: FieldMapping, thing: Thing) -> tuple[FieldInfo, ...]:
    """Return the fields that the CRM requires and that nothing of ours is written to."""
    of = map_.of(thing.value)
    alike = [of, *(one for one in map_.objects.values() if one.object and one.object == of.object)]
    written = {name for table in alike for one in table.fields.values() if one.writes for name in one.remote}
    written |= {of.key, of.data}
    return tuple(
        one for one in found.remote.get(thing, ()) if one.required and one.writable and one.code not in written
    )


# ---------------------------------------------------------------------------------------------------- changing the map


def choose(
    map_: FieldMapping, line: Line, info: FieldInfo | None, ours: Sequence[tuple[str, str]] = ()
) -> FieldMapping:
    """Let a field of the CRM hold one of ours (None: nothing does).

    Its choices are translated where their names agree with one of ``ours`` (`our_words`).
    """
    if info is None:
        return _with(map_, line, None)
    by_name = {_name(part): code for code, label in ours for part in (code, label)}
    values = {
        code: by_name[key]
        for code, label in info.choices
        for key in (next((_name(part) for part in (code, label) if _name(part) in by_name), ""),)
        if key and by_name[key] != code
    }
    return _with(map_, line, FieldMap(line.code, (info.code,), converting.usual(line.kind), line.direction, values))


def _name(text: str) -> str:
    return "".join(text.split()).casefold()


def turn(map_: FieldMapping, line: Line, direction: str) -> FieldMapping:
    """Let a field only come in, only go out, or both. Raises BadInput for another direction."""
    if direction not in mapping.DIRECTIONS:
        raise BadInput("field_map_wrong", line=0, key=direction)
    one = map_.of(line.thing.value).fields.get(line.code)
    return map_ if one is None else _with(map_, line, replace(one, direction=direction))


def word(map_: FieldMapping, line: Line, theirs: str, ours: str) -> FieldMapping:
    """Translate one choice of the CRM into a word of ours; an empty one leaves it as it is."""
    one = map_.of(line.thing.value).fields.get(line.code)
    if one is None:
        return map_
    values = {code: kept for code, kept in one.values.items() if code != theirs}
    return _with(map_, line, replace(one, values={**values, theirs: ours} if ours else values))


def _with(map_: FieldMapping, line: Line, one: FieldMap | None) -> FieldMapping:
    of = map_.of(line.thing.value)
    fields = {code: kept for code, kept in of.fields.items() if code != line.code or one is not None}
    if one is not None:
        fields[line.code] = one
    made: ObjectMap = replace(of, fields=fields)
    return replace(map_, objects={**map_.objects, line.thing.value: made}, text="")
