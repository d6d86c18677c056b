"""Reading what changed in two passes: a quick one by the search index, and an hour later a complete one.

HubSpot's search sees a change only after a while, now and then a long one, and gives rows a little before the window
(SYNC E3, CRM_APIS D2). So what is new is read at once as far as the index shows it, and every window is read again when
it is an hour old; what was put into the bin is listed beside it. Both passes stand in one cursor.

A search has one order and gives 10,000 rows at most, so a window is read by its stamps: each page begins at the last
page's last stamp, whose rows are left for it; more rows of one stamp than a page holds are read by their ids.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from isdesk.crm.converting import instant
from isdesk.crm.hubspot.api import BATCH, FORBIDDEN, Api, Record, Refusal, next_page
from isdesk.domain.errors import BadInput

MOST: Final = 200
"""Most rows of a page of a search."""
LAG: Final = 3_600_000
"""How old a window is when it is read completely, in milliseconds (one hour)."""
EVERY: Final = 600_000
OVERLAP: Final = 300_000
INDEX: Final = 120_000
FEW_BINNED: Final = 5
"""Up to so many pages of the bin are read at every round, more of them once in an hour."""

Filter = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of record to be followed. ``stamp`` is its property of the last change; ``since`` where a first pull
    begins (milliseconds); ``binned``: the bin is listed too; ``spare``: the key need not have the right to read it.
    """

    object: str
    properties: tuple[str, ...]
    stamp: str = "hs_lastmodifieddate"
    filters: tuple[Filter, ...] = ()
    since: int = 0
    binned: bool = True
    spare: bool = False


@dataclass(slots=True)
class Pass:
    """Where a stream stands; all times in milliseconds. ``full``: complete up to there; ``live``: newest stamp seen.

    ``at`` is where the window under way goes on, ``end`` where it ends (0: open), ``last`` the last id of the rows that
    share the stamp ``at``, ``after`` the place in the bin. ``binned``: the bin is known up to there; ``began`` when its
    listing began, ``pages`` how long it was.
    """

    phase: str = ""
    full: int = 0
    live: int = 0
    at: int = 0
    end: int = 0
    last: str = ""
    after: str = ""
    binned: int = 0
    began: int = 0
    pages: int = 0


@dataclass(slots=True)
class Cursor:
    """The state of all streams of a kind of record; ``turn`` is the one being read."""

    turn: int = 0
    passes: list[Pass] = field(default_factory=list)

    def text(self) -> str:
        """Return the cursor's text."""
        rows = [{k: v for k, v in asdict(one).items() if v} for one in self.passes]
        return json.dumps({"turn": self.turn, "passes": rows}, separators=(",", ":"))


def parse(text: str | None, count: int) -> Cursor:
    """Return the state of a cursor's text; None begins at the beginning. Raises BadInput."""
    if not text:
        return Cursor(passes=[Pass() for _ in range(count)])
    try:
        said = json.loads(text)
        made = Cursor(int(said["turn"]), [Pass(**one) for one in said["passes"]])
    except (KeyError, TypeError, ValueError):
        raise BadInput("cursor_unreadable") from None
    made.passes += [Pass() for _ in range(count - len(made.passes))]
    return made


@dataclass(frozen=True, slots=True)
class Read:
    """A page as it came: records of ``stream``, and the ids of those that lie in the bin."""

    stream: int
    records: Sequence[Record]
    binned: Sequence[Record]
    more: bool


def step(api: Api, streams: Sequence[Stream], state: Cursor, now: Callable[[], int], limit: int) -> Read:
    """Read the next page that holds anything and move ``state`` behind it. ``now``: HubSpot's clock (ms)."""
    while True:
        read = _step(api, streams, state, now, limit)
        if read.records or read.binned or not read.more:
            return read


def _step(api: Api, streams: Sequence[Stream], state: Cursor, now: Callable[[], int], limit: int) -> Read:
    turn = state.turn
    stream, at = streams[turn], state.passes[turn]
    if not at.phase:
        _begin(at, stream, now())
    if at.phase == "bin":
        records: list[Record] = []
        binned = _bin(api, stream, at)
    else:
        binned = []
        records, ended = _allowed(api, stream, at, min(limit, MOST))
        at.live = max([at.live, *(stamp_of(one, stream.stamp) for one in records)])
        if ended:
            _close(at, stream, now())
    if not at.phase:
        state.turn = (turn + 1) % len(streams)
    return Read(turn, records, binned, more=bool(at.phase) or state.turn != 0)


def _begin(at: Pass, stream: Stream, now: int) -> None:
    """Begin a round: the complete pass where it is due, else what follows it."""
    first, end = at.full == 0, now - LAG
    if first:
        at.binned = now
    if first or end - at.full >= EVERY:
        at.phase, at.end, at.last = "full", end, ""
        at.at = stream.since if first else at.full - OVERLAP
        if at.at < end:
            return
        at.full = end
    _follow(at, stream, now, first=first)


def _follow(at: Pass, stream: Stream, now: int, *, first: bool) -> None:
    """Go on to the bin where it is time to look into it, else to the quick pass."""
    rests = at.pages > FEW_BINNED and now - at.binned < LAG
    if first or rests or not stream.binned:
        _live(at)
    else:
        at.phase, at.after, at.end, at.began = "bin", "", 0, now


def _live(at: Pass) -> None:
    at.phase, at.end, at.last = "live", 0, ""
    at.at = max(at.full, at.live - INDEX)


def _close(at: Pass, stream: Stream, now: int) -> None:
    """Go on to what comes after the window that was just read to its end."""
    if at.phase == "live":
        at.phase, at.last = "", ""
        return
    first = at.full == 0
    at.full = at.end
    _follow(at, stream, now, first=first)


def _bin(api: Api, stream: Stream, at: Pass) -> list[Record]:
    """Return what was put into the bin since it was last listed, of one page of it."""
    begun = not at.after
    answer = api.get(
        f"/crm/objects/{{v}}/{stream.object}",
        limit=BATCH, archived="true", properties=stream.stamp, **({"after": at.after} if at.after else {}),
    )  # fmt: skip
    at.pages = 1 if begun else at.pages + 1
    after = next_page(answer)
    at.after = after or ""
    rows = [one for one in answer.get("results", []) if millis(one.get("archivedAt")) >= at.binned - OVERLAP]
    if after is None:
        at.binned = at.began
        _live(at)
    return rows


def _allowed(api: Api, stream: Stream, at: Pass, limit: int) -> tuple[list[Record], bool]:
    """Read the window; where the key may not read a spare stream, there is nothing in it."""
    try:
        return window(api, stream, at, limit)
    except Refusal as error:
        if not stream.spare or error.status != FORBIDDEN:
            raise
        return [], True


def window(api: Api, stream: Stream, at: Pass, limit: int) -> tuple[list[Record], bool]:
    """Return the next rows of the window and whether it is at its end; ``at`` is moved behind them."""
    if at.last:
        return _alike(api, stream, at, limit)
    found = _search(api, stream, [_since(stream, at.at), *_until(stream, at.end)], stream.stamp, limit)
    found.sort(key=lambda one: (stamp_of(one, stream.stamp), int(one["id"])))
    if len(found) < limit:
        return found, True
    newest = stamp_of(found[-1], stream.stamp)
    kept = [one for one in found if stamp_of(one, stream.stamp) < newest]
    if kept and newest > at.at:
        at.at = newest
        return kept, False
    at.at, at.last = max(newest, at.at), "0"
    return _alike(api, stream, at, limit)


def _alike(api: Api, stream: Stream, at: Pass, limit: int) -> tuple[list[Record], bool]:
    """Return the next of many rows with one and the same stamp, by their ids."""
    same = {"propertyName": stream.stamp, "operator": "EQ", "value": str(at.at)}
    later = {"propertyName": "hs_object_id", "operator": "GT", "value": at.last}
    found = _search(api, stream, [same, later], "hs_object_id", limit)
    found.sort(key=lambda one: int(one["id"]))
    if len(found) < limit:
        at.at, at.last = at.at + 1, ""
    else:
        at.last = str(found[-1]["id"])
    return found, False


def _search(api: Api, stream: Stream, filters: Sequence[Filter], order: str, limit: int) -> list[Record]:
    body = {
        "filterGroups": [{"filters": [*filters, *stream.filters]}],
        "sorts": [{"propertyName": order, "direction": "ASCENDING"}],
        "properties": list(stream.properties),
        "limit": limit,
    }
    return list(api.search(stream.object, body).get("results", []))


def every_id(api: Api, stream: Stream) -> list[Record]:
    """Return every record that the filters of ``stream`` choose, by its ids, whatever its stamp."""
    found: list[Record] = []
    last = "0"
    while True:
        later = {"propertyName": "hs_object_id", "operator": "GT", "value": last}
        page = _search(api, stream, [later], "hs_object_id", MOST)
        found += page
        if len(page) < MOST:
            return found
        last = str(max(int(one["id"]) for one in page))


def _since(stream: Stream, at: int) -> Filter:
    return {"propertyName": stream.stamp, "operator": "GTE", "value": str(at)}


def _until(stream: Stream, end: int) -> list[Filter]:
    return [{"propertyName": stream.stamp, "operator": "LT", "value": str(end)}] if end else []


def millis(said: object) -> int:
    """Return an instant as HubSpot writes it in milliseconds; 0 where it is none."""
    at = instant(said)
    return 0 if at is None else round(at.timestamp() * 1000)


def iso(at: int) -> str:
    """Return milliseconds as RFC 3339."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat()


def stamp_of(record: Mapping[str, Any], stamp: str) -> int:
    """Return when a record was last changed, in milliseconds."""
    return millis(record.get("properties", {}).get(stamp)) or millis(record.get("updatedAt"))
