"""A kintone on loopback: apps, forms, records with revisions and minute stamps, API tokens with rights, real refusals.

Behaviour and error bodies follow cybozu.dev and the measurements of a real tenant that kintone-emulator notes.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from typing_extensions import override

from isdesk.crm.converting import instant
from tests.crm.fakes import kintone_query as queries
from tests.crm.loopback import Answer, Loopback, Request

MAINTENANCE = "<!DOCTYPE html><html><body>サービスを一時停止しています。</body></html>".encode()
ALL = frozenset({"view", "add", "edit", "delete"})
BUILT_IN = {
    "レコード番号": "RECORD_NUMBER", "更新者": "MODIFIER", "作成者": "CREATOR",
    "更新日時": "UPDATED_TIME", "作成日時": "CREATED_TIME",
}  # fmt: skip
SEVERAL = {"CHECK_BOX", "MULTI_SELECT", "USER_SELECT"}
REQUIRED, TWICE = "必須です。", "値がほかのレコードと重複しています。"
ADMINISTRATOR = {"code": "Administrator", "name": "Administrator"}


Index = dict[str, dict[Any, str]]
"""Which record holds a value of a field that forbids duplicates."""


def _note(index: Index, record: Mapping[str, Any]) -> None:
    for code, held in index.items():
        held[record.get(code)] = record["$id"]


class Refusal(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, code: str, message: str, errors: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.body: dict[str, Any] = {"code": code, "id": "Jt2jVNMHlZxXPufVeZCz", "message": message}
        if errors:
            self.body["errors"] = {key: {"messages": list(said)} for key, said in errors.items()}


def invalid(errors: Mapping[str, Sequence[str]]) -> Refusal:
    """Return the refusal of a value."""
    return Refusal(400, "CB_VA01", "入力内容が正しくありません。", errors)


@dataclass(slots=True)
class App:
    """One app. ``fields`` are its properties by code; ``records`` plain values by id."""

    fields: dict[str, dict[str, Any]]
    records: dict[int, dict[str, Any]] = field(default_factory=dict)
    ids: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def types(self) -> dict[str, str]:
        """Return the types of all fields."""
        return {code: one["type"] for code, one in self.fields.items()}

    @property
    def uniques(self) -> list[str]:
        """Return the fields that forbid duplicates."""
        return [code for code, one in self.fields.items() if one.get("unique")]


def text(label: str, **more: Any) -> dict[str, Any]:
    """Return a field 文字列(1行)."""
    return {"type": "SINGLE_LINE_TEXT", "label": label, **more}


def of_type(kind: str, label: str, **more: Any) -> dict[str, Any]:
    """Return a field of any type."""
    return {"type": kind, "label": label, **more}


def choice(label: str, *options: str, kind: str = "DROP_DOWN", **more: Any) -> dict[str, Any]:
    """Return a field with choices."""
    listed = {one: {"label": one, "index": str(place)} for place, one in enumerate(options)}
    return {"type": kind, "label": label, "options": listed, **more}


class Kintone(Loopback):
    """The fake. ``people`` are names by login name; ``tokens`` are token → (app, rights)."""

    def __init__(self, people: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.apps: dict[str, App] = {}
        self.tokens: dict[str, tuple[str, frozenset[str]]] = {}
        self.people = dict(people or {})
        self.maintenance = False
        self.writes = 0

    # ------------------------------------------------------------------------------------------------- for the tests

    def add_app(
        self, number: str, fields: Mapping[str, dict[str, Any]], token: str, rights: frozenset[str] = ALL
    ) -> App:
        """Make an app with its token."""
        built_in = {code: {"type": kind, "label": code} for code, kind in BUILT_IN.items()}
        made = {code: {"code": code, "required": False, **one} for code, one in {**built_in, **fields}.items()}
        self.apps[number] = App(made)
        self.tokens[token] = (number, rights)
        return self.apps[number]

    def insert(self, number: str, values: Mapping[str, Any], *, stamp: datetime | None = None) -> str:
        """Make a record as a person there would (nothing is checked)."""
        app = self.apps[number]
        identity = next(app.ids)
        at = self._minute(stamp)
        whole = {code: self._empty(one) for code, one in app.fields.items() if code not in BUILT_IN}
        creator = {"code": "tanaka", "name": "田中 実"}
        app.records[identity] = {
            **whole, **values, "$id": str(identity), "$revision": "1", "更新日時": at, "作成日時": at,
            "レコード番号": str(identity), "作成者": creator, "更新者": creator,
        }  # fmt: skip
        return str(identity)

    def change(self, number: str, identity: str, values: Mapping[str, Any]) -> None:
        """Change a record as a person there would (nothing is checked)."""
        records = self.apps[number].records
        before = records[int(identity)]
        revision = str(int(before["$revision"]) + 1)
        records[int(identity)] = {**before, **values, "$revision": revision, "更新日時": self._minute()}

    def remove(self, number: str, identity: str) -> None:
        """Remove a record: no trace stays."""
        del self.apps[number].records[int(identity)]

    def remove_field(self, number: str, code: str) -> None:
        """Take a field out of the form; the values go with it."""
        app = self.apps[number]
        app.fields.pop(code, None)
        for record in app.records.values():
            record.pop(code, None)

    # ---------------------------------------------------------------------------------------------------- the service

    @override
    def headers(self) -> dict[str, str]:
        return {"X-ConcurrencyLimit-Limit": "100", "X-ConcurrencyLimit-Running": "1"}

    @override
    def handle(self, request: Request) -> Answer:
        if self.maintenance:
            return Answer(503, MAINTENANCE, {"Content-Type": "text/html"})
        method = request.headers.get("X-HTTP-Method-Override", request.method)
        if request.method == "GET" and len(urlencode(request.query)) > 8 * 1024:
            return Answer(414, b"<html>Request URL Too Large</html>", {"Content-Type": "text/html"})
        told: dict[str, Any] = request.json if request.json is not None else dict(request.query)
        try:
            return Answer(200, self._run(method, request.path, told, self._rights(request)))
        except Refusal as problem:
            return Answer(problem.status, problem.body)
        except queries.Wrong as problem:
            errors = {"query": [problem.message]} if problem.code == "CB_VA01" else None
            words = "入力内容が正しくありません。" if errors else problem.message
            refusal = Refusal(400, problem.code, words, errors)
            return Answer(refusal.status, refusal.body)

    def _rights(self, request: Request) -> dict[str, frozenset[str]]:
        said = next((v for k, v in request.headers.items() if k.casefold() == "x-cybozu-api-token"), "")
        given = [one.strip() for one in said.split(",") if one.strip()]
        if not given:
            raise Refusal(401, "CB_AU01", "ログインしてください。")
        if len(given) > 9 or not all(one in self.tokens for one in given):
            raise Refusal(400, "GAIA_IA02", "指定したAPIトークンは、アプリで生成されたトークンと異なります。")
        return dict(self.tokens[one] for one in given)

    def _run(self, method: str, path: str, told: Mapping[str, Any], rights: Mapping[str, frozenset[str]]) -> Any:
        name = path.rpartition("/v1/")[2]
        match method, name:
            case "GET", "app/form/fields.json":
                app = self._app(told, rights, "view", "add")
                return {"properties": app.fields, "revision": "1"}
            case "GET", "records.json":
                return self._records(told, rights)
            case "PUT", "records.json":
                return self._put(told, rights)
            case "DELETE", "records.json":
                return self._delete(told, rights)
            case "POST", "bulkRequest.json":
                return self._bulk(told, rights)
        raise Refusal(404, "CB_IL02", "不正なリクエストです。")

    def _app(self, told: Mapping[str, Any], rights: Mapping[str, frozenset[str]], *needed: str) -> App:
        number = str(told.get("app", ""))
        if number not in self.apps:
            raise Refusal(
                404, "GAIA_AP01", f"指定したアプリ(id: {number})が見つかりません。削除されている可能性があります。"
            )
        if number not in rights:
            raise Refusal(400, "GAIA_AP15", f"APIトークンとアプリ(id: {number})の組み合わせが正しくありません。")
        if not any(one in rights[number] for one in needed):
            raise Refusal(403, "GAIA_NO01", "使用したAPIトークンでは、このAPIを実行できません。")
        return self.apps[number]

    # ----------------------------------------------------------------------------------------------------- reading

    def _records(self, told: Mapping[str, Any], rights: Mapping[str, frozenset[str]]) -> dict[str, Any]:
        app = self._app(told, rights, "view")
        query = queries.read(str(told.get("query", "")), app.types)
        wanted = told.get("fields") or [v for k, v in told.items() if k.startswith("fields[")]
        found = [one for one in app.records.values() if query.test(one)]
        total = str(len(found)) if str(told.get("totalCount", "")).casefold() == "true" else None
        for code, falling in reversed(query.order or [("$id", True)]):
            found.sort(key=queries.sort_key(code, app.types), reverse=falling)
        page = found[query.offset : query.offset + query.limit]
        return {"records": [self._shown(app, one, wanted) for one in page], "totalCount": total}

    def _shown(self, app: App, record: Mapping[str, Any], wanted: Sequence[str]) -> dict[str, Any]:
        codes = [code for code in (wanted or ["$id", "$revision", *app.fields]) if code in record]
        kinds = {"$id": "__ID__", "$revision": "__REVISION__", **app.types}
        return {code: {"type": kinds[code], "value": record[code]} for code in codes if code in kinds}

    # ----------------------------------------------------------------------------------------------------- writing

    def _put(self, told: Mapping[str, Any], rights: Mapping[str, frozenset[str]]) -> dict[str, Any]:
        app = self._app(told, rights, "edit")
        upsert = told.get("upsert") in (True, "true")
        if upsert:
            self._app(told, rights, "add")
        items = told.get("records") or []
        if len(items) > 100:
            raise invalid({"records": ["一度に100件までのレコードを更新できます。"]})
        before, counter = dict(app.records), copy.copy(app.ids)
        index = {code: {one.get(code): one["$id"] for one in app.records.values()} for code in app.uniques}
        try:
            return {"records": [self._one(app, place, item, index, upsert=upsert) for place, item in enumerate(items)]}
        except Refusal:
            app.records, app.ids = before, counter
            raise

    def _one(self, app: App, place: int, item: Mapping[str, Any], index: Index, *, upsert: bool) -> dict[str, Any]:
        found = self._target(app, item, index)
        if found is None and not upsert:
            code = "GAIA_RE20" if item.get("updateKey") else "GAIA_RE01"
            raise Refusal(404, code, f"指定したレコード(id: {item.get('id', '')})が見つかりません。")
        revision = str(item.get("revision", "-1"))
        if found is not None and revision not in {"-1", found["$revision"]}:
            raise Refusal(
                409, "GAIA_CO02",
                "指定したrevisionは最新ではありません。ほかのユーザーがレコードを更新した可能性があります。",
            )  # fmt: skip
        values = {code: cell.get("value") for code, cell in (item.get("record") or {}).items() if code in app.fields}
        if found is None and item.get("updateKey"):
            values[item["updateKey"]["field"]] = item["updateKey"]["value"]
        whole = self._checked(app, place, found, {k: v for k, v in values.items() if k not in BUILT_IN}, index)
        self.writes += 1
        at = self._minute()
        if found is None:
            identity = next(app.ids)
            app.records[identity] = {
                **whole, "$id": str(identity), "レコード番号": str(identity), "$revision": "1", "更新日時": at,
                "作成日時": at, "作成者": ADMINISTRATOR, "更新者": ADMINISTRATOR,
            }  # fmt: skip
            _note(index, app.records[identity])
            return {"id": str(identity), "revision": "1", "operation": "INSERT"}
        revision = str(int(found["$revision"]) + 1)
        found = {**found, **whole, "$revision": revision, "更新日時": at, "更新者": ADMINISTRATOR}
        app.records[int(found["$id"])] = found
        _note(index, found)
        told = {"id": found["$id"], "revision": found["$revision"]}
        return {**told, "operation": "UPDATE"} if upsert else told

    def _target(self, app: App, item: Mapping[str, Any], index: Index) -> dict[str, Any] | None:
        key = item.get("updateKey")
        if key is None:
            return app.records.get(int(item["id"]))
        spot = app.fields.get(key["field"])
        if spot is None or not spot.get("unique"):
            raise Refusal(400, "GAIA_IL26", "updateKeyに指定したフィールドは、重複禁止が設定されていません。")
        if len(str(key["value"])) > 64:
            raise invalid({"records[0].updateKey.value": ["65文字より短くなければなりません。"]})
        identity = index[key["field"]].get(str(key["value"]))
        return app.records[int(identity)] if identity is not None else None

    def _checked(
        self, app: App, place: int, before: Mapping[str, Any] | None, values: Mapping[str, Any], index: Index
    ) -> dict[str, Any]:
        errors: dict[str, list[str]] = {}
        own = {code: one for code, one in app.fields.items() if code not in BUILT_IN}
        whole = {code: (before or {}).get(code, self._initial(one, before)) for code, one in own.items()}
        for code, said in values.items():
            whole[code] = self._kept(own[code], said, f"records[{place}]", code, errors)
        for code, one in own.items():
            several = one["type"] in SEVERAL
            if one.get("required") and whole[code] in (None, "", []):
                ending = ".values.value" if one["type"] == "USER_SELECT" else ".values" if several else ".value"
                errors.setdefault(f"records[{place}].{code}{ending}", []).append(REQUIRED)
        for code in app.uniques:
            holder = index[code].get(whole.get(code))
            if whole.get(code) and code in values and holder not in (None, (before or {}).get("$id")):
                errors.setdefault(f"records[{place}].{code}.value", []).append(TWICE)
        if errors:
            raise invalid(errors)
        return whole

    def _kept(self, one: Mapping[str, Any], said: Any, at: str, code: str, errors: dict[str, list[str]]) -> Any:
        """Return a value as kintone keeps it, and note what is wrong with it."""
        kind = one["type"]
        if kind in {"CHECK_BOX", "MULTI_SELECT"}:
            for place, word in enumerate(said or []):
                if word not in one["options"]:
                    errors[f"{at}.{code}.values[{place}].value"] = [f'"{word}"は選択肢にありません。']
            return list(said or [])
        if kind == "USER_SELECT":
            return [{"code": u["code"], "name": self.people.get(u["code"], u["code"])} for u in said or []]
        if said in (None, ""):
            return None if kind in {"DATE", "TIME", "DATETIME"} else ""
        if kind in {"DROP_DOWN", "RADIO_BUTTON"} and said not in one["options"]:
            errors[f"{at}.{code}.value"] = [f'"{said}"は選択肢にありません。']
        if kind == "NUMBER":
            return self._number(said, at, code, errors)
        if kind == "DATETIME":
            found = instant(str(said))
            if found is None:
                errors[f"{at}[{code}].value"] = ["日時の形式が正しくありません。"]
                return None
            return self._minute(found)
        most = int(one.get("maxLength") or 0)
        if most and len(str(said)) > most:
            errors[f"{at}.{code}.value"] = [f"{most + 1}文字より短くなければなりません。"]
        return str(said)

    @staticmethod
    def _number(said: Any, at: str, code: str, errors: dict[str, list[str]]) -> str:
        try:
            number = float(said)
        except ValueError:
            errors[f"{at}[{code}].value"] = ["数字でなければなりません。"]
            return ""
        return str(int(number)) if number == int(number) else str(number)

    def _delete(self, told: Mapping[str, Any], rights: Mapping[str, frozenset[str]]) -> dict[str, Any]:
        app = self._app(told, rights, "delete")
        for one in told.get("ids", ()):
            if int(one) not in app.records:
                raise Refusal(404, "GAIA_RE01", f"指定したレコード(id: {one})が見つかりません。")
        for one in told.get("ids", ()):
            del app.records[int(one)]
        return {}

    def _bulk(self, told: Mapping[str, Any], rights: Mapping[str, frozenset[str]]) -> dict[str, Any]:
        requests = told.get("requests") or []
        if len(requests) > 20:
            raise invalid({"requests": ["一度に20件までのリクエストを指定できます。"]})
        before = {number: (dict(app.records), copy.copy(app.ids)) for number, app in self.apps.items()}
        results: list[Any] = []
        for place, one in enumerate(requests):
            try:
                results.append(self._run(one["method"], one["api"], one["payload"], rights))
            except Refusal as problem:
                for number, (records, counter) in before.items():
                    self.apps[number].records, self.apps[number].ids = records, counter
                body: list[dict[str, Any]] = [{} for _ in requests]
                body[place] = problem.body
                problem.body = {"results": body}
                raise
        return {"results": results}

    # ------------------------------------------------------------------------------------------------------ others

    def _minute(self, at: datetime | None = None) -> str:
        return (at or self.now()).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:00Z")

    @staticmethod
    def _empty(one: Mapping[str, Any]) -> Any:
        if one["type"] in SEVERAL:
            return []
        return None if one["type"] in {"DATE", "TIME", "DATETIME"} else ""

    def _initial(self, one: Mapping[str, Any], before: Mapping[str, Any] | None) -> Any:
        return one["defaultValue"] if before is None and "defaultValue" in one else self._empty(one)
