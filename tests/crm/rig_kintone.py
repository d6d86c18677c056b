"""kintone for the contract suite: five apps with Japanese fields behind a real HTTP server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
from typing_extensions import override

from isdesk.crm import mapping as maps
from isdesk.crm.contract.rig import Absent
from isdesk.crm.kintone import Kintone, connect, form
from isdesk.crm.kintone.values import CONVERTERS, inward, outward, plain
from isdesk.crm.port import Thing
from isdesk.crm.registry import Place
from isdesk.crm.writing import named_company
from isdesk.domain.changes import Value
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member
from tests.crm.fakes import kintone as fakes
from tests.crm.fakes.kintone import choice, of_type, text
from tests.crm.loopback import Answer, Fault, Request

LEADS, COMPANIES, CALLS, DEALS, TASKS = "11", "12", "13", "14", "15"
PEOPLE = {"sato": "佐藤 花子", "ito": "伊藤 健", "mori": "森 恵"}
TABLES = {Thing.LEAD: (LEADS, "lead"), Thing.COMPANY: (COMPANIES, "company"), Thing.TOUCH: (CALLS, "touch")}


def fields_of(mapping: maps.FieldMapping, table: str, types: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return a form for what a map names: choices by its values, the given types, else 文字列(1行)."""
    made: dict[str, dict[str, Any]] = {}
    for one in mapping.of(table).fields.values():
        for name in one.remote:
            made[name] = choice(name, *one.values) if one.values else text(name)
    return made | dict(types)


def apps(server: fakes.Kintone) -> None:
    """Make the apps that the shipped map expects."""
    told = maps.loads(maps.shipped("kintone"), "kintone", CONVERTERS)
    key = {"isdeskキー": text("isdeskキー", unique=True)}
    users = of_type("USER_SELECT", "担当者", entities=[])
    long = {name: of_type("MULTI_LINE_TEXT", name) for name in ("ニーズ", "課題", "目的", "課題仮説", "ISメモ")}
    ticks = {name: choice(name, "する", kind="CHECK_BOX") for name in ("架電禁止", "配信停止")}
    times = {name: of_type("DATETIME", name) for name in ("受領日時", "商談日時")}
    firm = {"企業レコード番号": of_type("NUMBER", "企業レコード番号")}
    rank = {"確度": choice("確度", "A", "B", "C", kind="RADIO_BUTTON")}
    person = {**key, "担当者": users, **long, **ticks, **times, **firm, **rank}
    server.add_app(LEADS, fields_of(told, "lead", person), "TokenLead")
    staff = {"従業員数": of_type("NUMBER", "従業員数"), "Webサイト": of_type("LINK", "Webサイト", protocol="WEB")}
    server.add_app(COMPANIES, fields_of(told, "company", {**key, **staff}), "TokenCompany")
    number = {"リードレコード番号": of_type("NUMBER", "リードレコード番号")}
    call = {
        **key, **number, "件名": text("件名", maxLength="64"), "担当者": users,
        "対応日時": of_type("DATETIME", "対応日時"), "通話秒数": of_type("NUMBER", "通話秒数"),
        "メモ": of_type("MULTI_LINE_TEXT", "メモ"), "isdeskデータ": of_type("MULTI_LINE_TEXT", "isdeskデータ"),
        "種別": choice("種別", *told.of("touch").fields["channel"].values, "引き継ぎ"),
    }  # fmt: skip
    server.add_app(CALLS, fields_of(told, "touch", call), "TokenCall")
    deal = {
        **key, **number, "金額": of_type("NUMBER", "金額"), "引き継ぎメモ": of_type("MULTI_LINE_TEXT", "引き継ぎメモ"),
        "営業担当": users, "IS担当": users, "商談日時": of_type("DATETIME", "商談日時"),
        "isdeskデータ": text("isdeskデータ"),
    }  # fmt: skip
    server.add_app(DEALS, fields_of(told, "handoff", deal), "TokenDeal")
    task = {**key, **number, "次回予定日時": of_type("DATETIME", "次回予定日時"), "担当者": users}
    server.add_app(TASKS, fields_of(told, "task", task), "TokenTask")


class Rig:
    """The suite's kintone. ``options`` name the apps; a test may take some away."""

    def __init__(self) -> None:
        self.server = fakes.Kintone(PEOPLE)
        apps(self.server)
        self.server.start()
        people = ", ".join(f'{code} = "{name}"' for code, name in PEOPLE.items())
        self.mapping = f'{maps.shipped("kintone")}people = {{ {people} }}\nteam_lead = ["mori"]\n'
        self.options = {
            "lead_app": LEADS, "company_app": COMPANIES, "call_app": CALLS, "deal_app": DEALS, "task_app": TASKS,
        }  # fmt: skip
        self._made: list[Kintone] = []

    # -------------------------------------------------------------------------------------------------- connection

    @property
    def told(self) -> maps.FieldMapping:
        """Return the map."""
        return maps.loads(self.mapping, "kintone", CONVERTERS)

    def connect(self, user: str = "sato") -> Kintone:
        """Return an adapter of its own connection."""
        me = Member(MemberId(user), PEOPLE.get(user, user), "rep")
        made = connect(
            url=self.server.url, user=user, secret=",".join(self.server.tokens), options=self.options,
            place=Place(me, lambda: datetime.now(UTC), mapping=self.mapping),
        )  # fmt: skip
        self._made.append(cast("Kintone", made))
        return self._made[-1]

    def secrets(self) -> Sequence[str]:
        """Return the tokens."""
        return list(self.server.tokens)

    def close(self) -> None:
        """Stop the server."""
        for one in self._made:
            one.close()
        self.server.stop()

    # ------------------------------------------------------------------------------------------------- the CRM's side

    def values(self, table: str, fields: Mapping[str, Value]) -> dict[str, Any]:
        """Return fields of ours as the values of an app."""
        app = {"lead": LEADS, "company": COMPANIES, "touch": CALLS, "handoff": DEALS, "task": TASKS}[table]
        cells = outward(self.told.of(table), form.read(self.server.apps[app].fields), fields)
        made = {code: cell["value"] for code, cell in cells.items()}
        return {code: self._named(value) for code, value in made.items()}

    @staticmethod
    def _named(value: Any) -> Any:
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return [{"code": u["code"], "name": PEOPLE.get(u["code"], u["code"])} for u in value]
        return value

    def make(self, obj: Thing, fields: Mapping[str, Value], *, owner: str = "sato") -> str:
        """Make a record."""
        number, table = TABLES[obj]
        whole = {**fields, "owner_id": owner} if obj is Thing.LEAD else dict(fields)
        values = self.values(table, whole)
        if obj is Thing.TOUCH:
            values |= {"リードレコード番号": str(fields["lead_id"])} | self.values(table, {"member_id": owner})
        return self.server.insert(number, values)

    def make_many(self, count: int, *, same_stamp: bool = True) -> Sequence[str]:
        """Make leads of the first rep."""
        base = self.values("lead", {"owner_id": "sato"})
        start = self.server.now() - timedelta(minutes=0 if same_stamp else count)
        return [
            self.server.insert(
                LEADS, {**base, "氏名": f"氏名 {n}"}, stamp=start if same_stamp else start + timedelta(minutes=n)
            )
            for n in range(count)
        ]

    def edit(self, obj: Thing, record_id: str, fields: Mapping[str, Value]) -> None:
        """Change a record."""
        number, table = TABLES[obj]
        self.server.change(number, record_id, self.values(table, fields))

    def give(self, record_id: str, owner: str) -> None:
        """Give a lead away."""
        self.edit(Thing.LEAD, record_id, {"owner_id": owner})

    def delete(self, obj: Thing, record_id: str) -> None:
        """Remove a record."""
        self.server.remove(TABLES[obj][0], record_id)

    def merge(self, loser: str, winner: str) -> None:
        """kintone merges nothing."""
        raise Absent("kintone has no merge")

    def late_commit(self, fields: Mapping[str, Value]) -> Callable[[], str]:
        """Make a lead whose stamp is older than the moment in which it becomes visible."""
        began = self.server.now()
        values = self.values("lead", {**fields, "owner_id": "sato"})
        return lambda: self.server.insert(LEADS, values, stamp=began)

    def fields(self, obj: Thing, record_id: str) -> Mapping[str, Value]:
        """Return a record in our codes."""
        number, table = TABLES[obj]
        record = self.server.apps[number].records.get(int(record_id))
        if record is None:
            return {}
        cells = {code: {"value": value} for code, value in record.items()}
        return inward(self.told.of(table), plain(cells))

    def _calls(self, lead_id: str) -> list[dict[str, Any]]:
        return [one for one in self.server.apps[CALLS].records.values() if one["リードレコード番号"] == lead_id]

    def activities(self, lead_id: str) -> Sequence[str]:
        """Return the keys of a lead's calls."""
        return [one["isdeskキー"] for one in self._calls(lead_id) if one["isdeskキー"]]

    def titles(self, lead_id: str) -> Sequence[str]:
        """Return the subjects of a lead's calls."""
        return [one["件名"] for one in self._calls(lead_id)]

    def opportunities(self, lead_id: str) -> int:
        """Return how many deals there are."""
        return len(self._deals(lead_id))

    def _deals(self, lead_id: str) -> list[dict[str, Any]]:
        return [one for one in self.server.apps[DEALS].records.values() if one["リードレコード番号"] == lead_id]

    def tasks(self, lead_id: str) -> Sequence[str]:
        """Return when the lead's open tasks are due."""
        found = self.server.apps[TASKS].records.values()
        return [one["次回予定日時"] for one in found if one["リードレコード番号"] == lead_id and one["状態"] != "完了"]

    def close_opportunity(self, lead_id: str, *, won: bool, amount: int | None = None, reason: str = "") -> None:
        """Close the deal as Field Sales would."""
        (deal,) = self._deals(lead_id)
        values = {"結果": "受注" if won else "失注", "金額": str(amount) if amount is not None else ""}
        self.server.change(DEALS, deal["$id"], {**values, "受注要因" if won else "失注理由": reason})

    # -------------------------------------------------------------------------------------------------------- trouble

    def fail(self, kind: str, *, on: str = "write", count: int = 1, retry_after: float | None = None) -> None:
        """Let the next requests fail."""
        if kind == "expire":
            apps_of = list(self.server.tokens.values())
            self.server.tokens = {f"Renewed{place}": held for place, held in enumerate(apps_of)}
            return
        if kind == "timeout_after":
            for one in self._made:
                one._site.api.client._timeout = httpx.Timeout(0.4)
        if kind not in FAULTS:
            raise Absent(f"kintone cannot {kind}")
        made = FAULTS[kind]
        headers = {"Retry-After": str(int(retry_after))} if retry_after is not None else {}
        answer = Answer(made.answer.status, made.answer.data, {**made.answer.headers, **headers})
        chosen = {"write": is_write, "read": lambda one: not is_write(one)}.get(on, lambda one: True)
        self.server.fail(Fault(made.kind, chosen, answer, made.seconds, count))

    def spoil(self, what: str, code: str, value: str = "") -> None:
        """Change the form."""
        table, number = next(
            ((t, n) for t, n in (("lead", LEADS), ("touch", CALLS)) if code in self.told.of(t).fields), ("lead", LEADS)
        )
        one = self.told.of(table).fields.get(code)
        remote = one.remote[0] if one is not None else code
        spots = self.server.apps[number].fields
        if what == "field_removed":
            self.server.remove_field(number, remote)
        elif what == "choice_removed":
            word = one.remote_value(value) if one is not None else value
            spots[remote]["options"].pop(word, None)
        elif what == "field_required":
            spots.setdefault(remote, {**text(remote), "code": remote})
            spots[remote]["required"] = True

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self.server.move(seconds=seconds)

    def set_ahead(self, seconds: float) -> None:
        """Let kintone's clock go ahead of the desk's."""
        self.move(seconds)

    def refusable(self) -> Mapping[str, Value]:
        """Return a lead that kintone never takes."""
        return {"name": "断られる 人", "confidence_rank": "Z"}


class Lean(Rig):
    """Two apps only: companies are names in the leads, and calls carry our line in their note."""

    def __init__(self) -> None:
        super().__init__()
        self.options = {"lead_app": LEADS, "call_app": CALLS}
        for label in ("会社名", "業種"):
            self.server.apps[LEADS].fields[label] = {**text(label), "code": label}
        data = '[touch]\nkey = "isdeskキー"\n'
        self.mapping = self.mapping.replace(f'{data}data = "isdeskデータ"\n', data).replace(
            'handoff = "引き継ぎ"\n', ""
        )
        self.server.apps[CALLS].fields["種別"]["options"].pop("引き継ぎ")

    @override
    def make(self, obj: Thing, fields: Mapping[str, Value], *, owner: str = "sato") -> str:
        """Make a record; a company is none."""
        return named_company(str(fields["name"])) if obj is Thing.COMPANY else super().make(obj, fields, owner=owner)

    @override
    def opportunities(self, lead_id: str) -> int:
        """There is no deals app."""
        raise Absent("there is no deals app")

    @override
    def close_opportunity(self, lead_id: str, *, won: bool, amount: int | None = None, reason: str = "") -> None:
        """There is no deals app."""
        raise Absent("there is no deals app")

    @override
    def tasks(self, lead_id: str) -> Sequence[str]:
        """There is no tasks app."""
        raise Absent("there is no tasks app")


def is_write(request: Request) -> bool:
    """Return whether a request changes something."""
    return request.method in {"PUT", "DELETE"} or "bulkRequest" in request.path


def _said(status: int, code: str, message: str) -> Answer:
    return Answer(status, {"code": code, "id": "x", "message": message})


FAULTS = {
    "lost_before": Fault("before"),
    "lost_after": Fault("after"),
    "timeout_after": Fault("stall", seconds=0.8),
    "truncated": Fault("truncate"),
    "html": Fault("html"),
    "html_after": Fault("html_after"),
    "redirect": Fault("redirect"),
    "busy": Fault("status", answer=_said(429, "GAIA_TO04", "同時に実行できるリクエスト数の上限を超えました。")),
    "error": Fault("status", answer=_said(500, "CB_SV01", "サーバーで障害が発生しました。")),
    "error_after": Fault("status_after", answer=_said(500, "CB_SV01", "サーバーで障害が発生しました。")),
    "locked": Fault("status", answer=_said(400, "GAIA_DA02", "データベースのロックに失敗しました。")),
}


@contextmanager
def rig(_tmp_path: Path) -> Iterator[Rig]:
    """Give a kintone of its own."""
    made = Rig()
    try:
        yield made
    finally:
        made.close()


@contextmanager
def lean(_tmp_path: Path) -> Iterator[Rig]:
    """Give a kintone of two apps."""
    made = Lean()
    try:
        yield made
    finally:
        made.close()


VARIANTS = {"lean": lean}


def payload_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return our payload as a record of the calls app carries it."""
    return cast("dict[str, Any]", json.loads(record["isdeskデータ"]))
