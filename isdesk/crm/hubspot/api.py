"""HubSpot's REST interface: date-versioned addresses, batches with their partial answers, and its ways to refuse.

Facts from developers.hubspot.com (error handling, usage guidelines, objects, associations and properties, 2026-09):
a batch takes 100 inputs and answers 207 with ``errors`` whose ``context.objectWriteTraceId`` names the input; 423 lasts
two seconds; 429 says in ``policyName`` which limit was reached; 477 is a move between data centres with Retry-After.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from isdesk.crm.http import TIMEOUT, Client, Now, Reply, ServerFailed, Throttled, retry_after
from isdesk.crm.port import Permanent, Quota, Signals, Transient, Unknown

VERSIONS: Final = ("2026-09", "2026-03")
"""Newest first; an account that does not answer to the first is asked by the next."""
BATCH: Final = 100
READ_LINKS: Final = 1_000
_LOCKED, _MOVING = 423, 477
_LOCK_S: Final = 2.0
_WAIT_S: Final = {"SECONDLY": 1.0, "TEN_SECONDLY_ROLLING": 10.0}
_REFUSALS: Final = frozenset({400, 404, 409, 413, 414, 415, 422})
FORBIDDEN: Final = 403

Record = dict[str, Any]


class Refusal(Permanent):
    """HubSpot will not do this. ``words`` are its own, for the person only; ``category`` is one of its words."""

    def __init__(self, status: int, data: Any, code: str = "hubspot_refused") -> None:
        said = data if isinstance(data, dict) else {}
        self.category = str(said.get("category") or "")
        self.sub = str(said.get("subCategory") or "")
        super().__init__(code, status=status, category=self.category)
        self.status = status
        self.data = said
        self.words = words(said)
        self.codes = codes(said)


def rules(said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the rules that HubSpot writes as JSON into the sentence of an error."""
    _, found, rest = str(said.get("message") or "").partition("[")
    if not found:
        return []
    try:
        made = json.loads(found + rest)
    except ValueError:
        return []
    return [rule for rule in made if isinstance(rule, dict)]


def codes(said: Mapping[str, Any]) -> tuple[str, ...]:
    """Return HubSpot's short words of the rules that were broken (``PROPERTY_DOESNT_EXIST``, ``INVALID_OPTION`` …)."""
    return tuple(str(rule["error"]) for rule in rules(said) if rule.get("error"))


def words(said: Mapping[str, Any]) -> str:
    """Return the sentence of an error; the list of rules that HubSpot writes as JSON into it is unfolded."""
    text = str(said.get("message") or said.get("category") or "")
    lines = [
        f"{rule.get('name', '')}: {rule.get('localizedErrorMessage') or rule.get('message', '')}"
        for rule in rules(said)
    ]
    return "\n".join([text.partition("[")[0].strip().rstrip(":"), *lines]) if lines else text


@dataclass(slots=True)
class Item:
    """What became of one input of a batch: the record (``id`` "" where it was refused), or HubSpot's words."""

    record: Record = field(default_factory=dict)
    category: str = ""
    words: str = ""
    codes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return the record's id, "" where there is none."""
        return str(self.record.get("id") or "")

    @property
    def new(self) -> bool:
        """Return whether an upsert made the record."""
        return self.record.get("new") is not False

    @property
    def stamp(self) -> str:
        """Return when the record was last changed."""
        return str(self.record.get("updatedAt") or "")


class Api:
    """Speaks with one account. ``version`` is one of `VERSIONS`; `settle` finds the one that the account answers to.

    ``written`` counts the requests that changed something and were answered.
    """

    def __init__(
        self,
        origin: str,
        *,
        key: Callable[[], str],
        now: Now,
        version: str = VERSIONS[0],
        transport: httpx.BaseTransport | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        self.version = version
        self.written = 0
        self.client = Client(
            origin,
            authorize=lambda: {"Authorization": f"Bearer {key()}"},
            now=now,
            transport=transport,
            timeout=timeout,
        )
        self._limits: dict[str, str] = {}
        self._untold = 0

    # ----------------------------------------------------------------------------------------------------- requests

    def call(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
        writes: bool = False,
        budget_s: float | None = None,
    ) -> Any:
        """Send one request (``{v}`` in ``path`` is the version) and return its JSON.

        Raises Offline, Transient, Auth, Quota, Unknown; Refusal where HubSpot says no in its own words.
        """
        address = path.replace("{v}", self.version)
        try:
            reply = self.client.request(method, address, json=json, params=params, writes=writes, budget_s=budget_s)
        except Throttled as error:
            self._keep(error.headers)
            raise _throttled(error) from None
        except ServerFailed as error:
            if writes:
                raise Unknown("answer_lost", status=error.status) from None
            raise Transient("crm_busy", status=error.status) from None
        self._keep(reply.headers)
        answer = _checked(reply)
        self.written += writes
        return answer

    def get(self, path: str, **params: Any) -> Any:
        """Read."""
        return self.call("GET", path, params=params or None)

    def post(self, path: str, body: Any, *, writes: bool = False) -> Any:
        """Post; ``writes`` says that it changes something."""
        return self.call("POST", path, json=body, writes=writes)

    def settle(self) -> Record:
        """Return the account's details, having found the version that it answers to."""
        for version in dict.fromkeys((self.version, *VERSIONS)):
            self.version = version
            try:
                return dict(self.get("/account-info/{v}/details"))
            except Refusal as error:
                if error.status != 404 or version == VERSIONS[-1]:
                    raise
        raise Permanent("hubspot_refused")  # pragma: no cover - the loop returns or raises

    def pages(self, path: str, **params: Any) -> Iterator[Record]:
        """Yield every row of a list, page by page."""
        after: str | None = None
        while True:
            answer = self.get(path, **params, **({"after": after} if after else {}))
            yield from answer.get("results", [])
            after = next_page(answer)
            if after is None:
                return

    # ------------------------------------------------------------------------------------------------------ records

    def search(self, obj: str, body: Mapping[str, Any], budget_s: float | None = None) -> Record:
        """Return a page of a search; ``total`` is how many there are in all."""
        made = {"filterGroups": [], "sorts": [], "properties": [], "limit": 200, "after": "0", **body}
        path = f"/crm/objects/{{v}}/{obj}/search"
        return dict(self.call("POST", path, json=made, budget_s=budget_s))

    def read(self, obj: str, ids: Iterable[str], properties: Sequence[str], *, by: str = "") -> list[Record]:
        """Return records by id, or by the values of the unique property ``by``; those not there are left out."""
        found: list[Record] = []
        for part in chunks(dict.fromkeys(ids), BATCH):
            body: dict[str, Any] = {
                "inputs": [{"id": one} for one in part],
                "properties": list(properties),
                "propertiesWithHistory": [],
            }
            if by:
                body["idProperty"] = by
            try:
                found += self.post(f"/crm/objects/{{v}}/{obj}/batch/read", body).get("results", [])
            except Refusal as error:
                if error.status != 404:
                    raise
        return found

    def write(self, obj: str, verb: str, inputs: Sequence[Record]) -> list[Item]:
        """Write inputs by ``create`` | ``update`` | ``upsert``; one item for each, in their order.

        Where HubSpot refuses a batch as a whole for one of its members, it is halved until that one is found.
        """
        done: list[Item] = []
        for part in chunks(inputs, BATCH):
            done += self._write(obj, verb, part)
        return done

    def _write(self, obj: str, verb: str, inputs: Sequence[Record]) -> list[Item]:
        traced = [{**one, "objectWriteTraceId": str(place)} for place, one in enumerate(inputs)]
        try:
            answer = self.post(f"/crm/objects/{{v}}/{obj}/batch/{verb}", {"inputs": traced}, writes=True)
        except Refusal as error:
            if error.status not in _REFUSALS:
                raise
            if len(inputs) == 1:
                return [Item(category=error.category, words=error.words, codes=error.codes)]
            middle = len(inputs) // 2
            return [*self._write(obj, verb, inputs[:middle]), *self._write(obj, verb, inputs[middle:])]
        return _items(traced, answer)

    def archive(self, obj: str, ids: Sequence[str]) -> None:
        """Put records into HubSpot's bin."""
        inputs = [{"id": one} for one in ids]
        self.post(f"/crm/objects/{{v}}/{obj}/batch/archive", {"inputs": inputs}, writes=True)

    # ------------------------------------------------------------------------------------------------- associations

    def links(self, source: str, target: str, ids: Iterable[str]) -> dict[str, list[str]]:
        """Return the ids of ``target`` records that each ``source`` record is associated with."""
        found: dict[str, list[str]] = {}
        for part in chunks(dict.fromkeys(ids), READ_LINKS):
            asked: list[Record] = [{"id": one} for one in part]
            while asked:
                answer = self.post(f"/crm/associations/{{v}}/{source}/{target}/batch/read", {"inputs": asked})
                asked = []
                for row in answer.get("results", []):
                    origin = str(row["from"]["id"])
                    found.setdefault(origin, []).extend(str(one["toObjectId"]) for one in row.get("to", []))
                    after = next_page(row)
                    asked += [{"id": origin, "after": after}] if after else []
        return found

    def link(self, source: str, target: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Associate records by HubSpot's default kind; doing it again changes nothing."""
        for part in chunks(dict.fromkeys(pairs), BATCH):
            inputs = [{"from": {"id": one}, "to": {"id": other}} for one, other in part]
            path = f"/crm/associations/{{v}}/{source}/{target}/batch/associate/default"
            if self.post(path, {"inputs": inputs}, writes=True).get("errors"):
                raise Permanent("hubspot_link_refused", source=source, target=target)

    # ----------------------------------------------------------------------------------------------------- allowance

    def _keep(self, headers: Mapping[str, str]) -> None:
        found = {k.casefold(): v for k, v in headers.items() if k.casefold().startswith("x-hubspot-ratelimit")}
        self._untold = 0 if found else self._untold + 1
        self._limits = found or self._limits

    @property
    def signals(self) -> Signals:
        """Return clock and allowance: the day's where HubSpot tells it, else that of the running ten seconds.

        A search does not tell it, but counts.
        """
        limit, left = self._figure("daily"), self._figure("daily-remaining")
        if limit is not None and left is not None:
            return self.client.signals(used=limit - left + self._untold, limit=limit)
        limit, left = self._figure("max"), self._figure("remaining")
        span = self._figure("interval-milliseconds")
        if limit is None or left is None:
            return self.client.signals()
        return self.client.signals(
            used=limit - left + self._untold, limit=limit, reset_in=None if span is None else span / 1000
        )

    def _figure(self, name: str) -> int | None:
        said = self._limits.get(f"x-hubspot-ratelimit-{name}", "")
        return int(said) if said.isdigit() else None


def chunks(all_: Iterable[Any], most: int) -> Iterator[list[Any]]:
    """Yield parts of at most ``most``."""
    rest = list(all_)
    for start in range(0, len(rest), most):
        yield rest[start : start + most]


def next_page(answer: Mapping[str, Any]) -> str | None:
    """Return where the next page of a list begins, None at its end."""
    paging = answer.get("paging")
    following = paging.get("next") if isinstance(paging, dict) else None
    after = following.get("after") if isinstance(following, dict) else None
    return None if after is None else str(after)


def _checked(reply: Reply) -> Any:
    if reply.ok:
        return {} if reply.data is None else reply.data
    if reply.status == _LOCKED:
        raise Transient("hubspot_locked", retry_after=_LOCK_S)
    if reply.status == _MOVING:
        raise Transient("hubspot_moving", retry_after=retry_after(reply.headers))
    raise Refusal(reply.status, reply.data, "hubspot_forbidden" if reply.status == FORBIDDEN else "hubspot_refused")


def _throttled(error: Throttled) -> Transient | Quota:
    said = error.data if isinstance(error.data, dict) else {}
    policy = str(said.get("policyName") or "").upper()
    if policy == "DAILY":
        return Quota("crm_quota", reset_in=error.retry_after)
    wait = error.retry_after if error.retry_after is not None else _WAIT_S.get(policy)
    return Transient("crm_busy", retry_after=wait)


def _items(inputs: Sequence[Record], answer: Mapping[str, Any]) -> list[Item]:
    """Lay results and errors of a batch to its inputs: by trace id, else by id, else by the key's value."""
    places = {str(one["objectWriteTraceId"]): place for place, one in enumerate(inputs)}
    by_id = {str(one["id"]): place for place, one in enumerate(inputs) if "id" in one}
    made = [Item(category="NO_ANSWER") for _ in inputs]
    for row in answer.get("results", []):
        place = places.get(str(row.get("objectWriteTraceId")), by_id.get(str(row.get("id"))))
        if place is None:
            held = {str(value) for value in row.get("properties", {}).values()}
            place = next((at for one, at in by_id.items() if one in held), None)
        if place is not None:
            made[place] = Item(row)
    for error in answer.get("errors", []):
        for place in _blamed(error, places, by_id):
            made[place] = Item(category=str(error.get("category") or "ERROR"), words=words(error), codes=codes(error))
    if any(item.category == "NO_ANSWER" for item in made):
        raise Unknown("answer_lost")
    return made


def _blamed(error: Mapping[str, Any], places: Mapping[str, int], by_id: Mapping[str, int]) -> Iterator[int]:
    context = error.get("context") or {}
    for trace in context.get("objectWriteTraceId", []):
        if str(trace) in places:
            yield places[str(trace)]
    for one in (*context.get("ids", []), *context.get("id", [])):
        if str(one) in by_id:
            yield by_id[str(one)]
