"""The CRM changes under us: fields go, choices go, others become required; and nothing private is said of it."""

from __future__ import annotations

import tomllib
import traceback
from collections.abc import Iterator

from isdesk.crm.contract.driving import (
    WRITTEN,
    Courier,
    Fields,
    deliver,
    holds,
    need_fields,
    need_once,
    new_lead,
    opened,
    patch,
    pulled,
    second_text,
    touch,
    value_for,
    wait,
)
from isdesk.crm.contract.rig import Absent, Rig, case, extra, need
from isdesk.crm.mapping import shipped
from isdesk.crm.port import Adapter, Result, Scope, Status, Thing
from isdesk.domain.errors import CrmError

CANARY = "金糸雀kanaria7391"
FAULTS = (
    "lost_before", "lost_after", "truncated", "html", "html_after", "busy", "error", "error_after", "locked", "partial",
    "redirect", "expire",
)  # fmt: skip


@case
def a_field_that_was_removed_stops_nothing(rig: Rig) -> None:
    """A field of the map that an administrator removed: the rest is read and written; what it held is refused."""
    with opened(rig) as adapter:
        code = second_text(adapter)
        lead = rig.make(Thing.LEAD, {"name": "項目 一", code: value_for(code)})
        rig.spoil("field_removed", code)
    with opened(rig) as adapter:
        row = pulled(rig, adapter, Thing.LEAD).now.get(lead)
        need(row is not None and row.fields.get("name") == "項目 一", "the rest of the record does not come")
        call = touch(adapter, lead)
        edits = [
            call,
            patch(adapter, lead, {"name": "項目 二"}, {"name": "項目 一"}),
            patch(adapter, lead, {code: value_for(code, 2)}, {}),
        ]
        results = deliver(rig, adapter, *edits)
        need({results[0].status, results[1].status} <= WRITTEN, "the rest is not written")
        need_fields(Thing.LEAD, rig.fields(Thing.LEAD, lead), {"name": "項目 二"}, "in the CRM")
        need_once(rig, lead, call.key)
        lost = results[2].status in WRITTEN and code not in (rig.fields(Thing.LEAD, lead) or {})
        known = adapter.carried(Thing.LEAD)
        need(not lost or (known is not None and code not in known), "a value was taken and is nowhere")


@case
def a_field_that_is_removed_while_we_are_connected_stops_nothing(rig: Rig) -> None:
    """The same in the middle of a session: the next pull reads what is left, or says Permanent with a code, once."""
    with opened(rig) as adapter:
        code = second_text(adapter)
        lead = rig.make(Thing.LEAD, {"name": "項目 三", code: value_for(code)})
        pulled(rig, adapter, Thing.LEAD)
        rig.spoil("field_removed", code)
        try:
            adapter.changes(Thing.LEAD, None, Scope.TEAM)
        except CrmError as error:
            need(error.code, "an error has a code")
        adapter.hello()
        row = pulled(rig, adapter, Thing.LEAD).now.get(lead)
        need(row is not None and row.fields.get("name") == "項目 三", "the rest of the record does not come")


def _choice(rig: Rig, adapter: Adapter) -> tuple[str, str]:
    """Return a field of choices and one of its words: the rig's, a described one, or one of the map we ship."""
    try:
        return extra(rig).choice()
    except Absent:
        pass
    for one in adapter.describe(Thing.LEAD):
        if one.writable and len(one.choices) > 1 and holds(adapter, one.code):
            return one.code, one.choices[-1][0]
    for code, words in _shipped_choices(adapter.name):
        if holds(adapter, code):
            return code, words[-1]
    raise Absent("no field of choices is kept")


def _shipped_choices(kind: str) -> Iterator[tuple[str, list[str]]]:
    try:
        fields = tomllib.loads(shipped(kind))["lead"]["fields"]
    except (OSError, KeyError):
        return
    for code, said in fields.items():
        values = said.get("values") if isinstance(said, dict) and said.get("direction", "both") == "both" else None
        if values:
            yield code, list(dict.fromkeys(values.values()))


@case
def a_choice_that_was_removed_is_refused(rig: Rig) -> None:
    """A value that is no longer among the choices is refused with a code and words; others go on."""
    with opened(rig) as adapter:
        code, value = _choice(rig, adapter)
        lead = rig.make(Thing.LEAD, {"name": "選択 一"})
        (stands,) = adapter.fetch(Thing.LEAD, [lead])
        if stands.fields.get(code) == value:
            raise Absent("a new lead has the only other choice")
        rig.spoil("choice_removed", code, value)
        call = touch(adapter, lead)
        results = deliver(rig, adapter, call, patch(adapter, lead, {code: value}, {code: stands.fields.get(code)}))
        need(results[0].status in WRITTEN, "the touch was held up")
        _need_refused(results[1])
        need_once(rig, lead, call.key)


@case
def a_field_that_became_required_is_refused_with_words(rig: Rig) -> None:
    """A lead made without a field that became required is refused with a code and words; touches go on."""
    with opened(rig) as adapter:
        code = second_text(adapter)
        lead = rig.make(Thing.LEAD, {"name": "必須 一", code: value_for(code)})
        rig.spoil("field_required", code)
        call = touch(adapter, lead)
        results = deliver(rig, adapter, call, new_lead(adapter, {"name": "必須 二"}))
        need(results[0].status in WRITTEN, "the touch was held up")
        _need_refused(results[1])
        need_once(rig, lead, call.key)
        filled = new_lead(adapter, {"name": "必須 三", code: value_for(code, 3)})
        need(deliver(rig, adapter, filled)[0].status in WRITTEN, "with the field it is written")


def _need_refused(result: Result) -> None:
    need(result.status is Status.REFUSED, f"expected a refusal, was {result.status}")
    need(result.code, "a refusal has a code")
    need(result.message, "a refusal has the CRM's words")


def chain(error: BaseException) -> Iterator[BaseException]:
    """Give an error and all that stand behind it, also those that are not shown."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]


def said(error: BaseException) -> str:
    """Return all that an error would tell a log or a report: its texts, those behind it, the traceback."""
    texts = [f"{one!s}\n{one!r}\n{getattr(one, 'params', '')}" for one in chain(error)]
    return "\n".join([*texts, *traceback.format_exception(error)])


@case
def errors_say_nothing_private(rig: Rig) -> None:
    """Whatever fails, no error holds a secret or a value of a record, also not in what stands behind it (SYNC I11)."""
    try:
        secrets = [one for one in extra(rig).secrets() if one]
    except Absent:
        secrets = []
    errors: list[CrmError] = []
    for kind in FAULTS:
        for on in ("write", "read"):
            errors += _provoked(rig, kind, on)
    if not errors:
        raise Absent("nothing can be made to fail")
    for error in errors:
        text = said(error)
        need(CANARY not in text, f"{type(error).__name__} {error.code} tells a value of a record")
        need(not any(secret in text for secret in secrets), f"{type(error).__name__} {error.code} tells a secret")


def _provoked(rig: Rig, kind: str, on: str) -> list[CrmError]:
    found: list[CrmError] = []
    with opened(rig) as adapter:
        lead = rig.make(Thing.LEAD, {"name": CANARY})
        wait(rig, adapter)
        fields: Fields = {"name": f"{CANARY}二"}
        batch = [touch(adapter, lead, note=CANARY), patch(adapter, lead, fields, {"name": CANARY})]
        try:
            rig.fail(kind, on=on)
        except (Absent, KeyError, ValueError):
            return found
        courier = Courier(rig, adapter)
        courier.deliver(batch)
        found += courier.raised
        try:
            courier.adapter.changes(Thing.LEAD, None, Scope.TEAM)
        except CrmError as error:
            found.append(error)
        if courier.adapter is not adapter:
            courier.adapter.close()
    return found


@case
def what_it_says_of_itself_holds_no_secret(rig: Rig) -> None:
    """Neither the adapter as text nor its capabilities hold a key, a token or a password."""
    secrets = [one for one in extra(rig).secrets() if one]
    with opened(rig) as adapter:
        texts = [repr(adapter), str(adapter), repr(adapter.capabilities()), repr(adapter.signals), adapter.name]
        need(not any(secret in text for secret in secrets for text in texts), "a secret shows")
