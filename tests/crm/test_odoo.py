"""What is Odoo's own: errors by name, whole seconds, blacklists and tags, activities, archived rows, the check."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from isdesk.clock import SystemClock
from isdesk.crm import mapping, registry
from isdesk.crm.http import Client
from isdesk.crm.odoo import Odoo, stream
from isdesk.crm.odoo.rpc import Refusal, Rpc, clean
from isdesk.crm.odoo.schema import CONVERTERS, html_of, text_of
from isdesk.crm.port import Auth, Command, Do, Permanent, Scope, Status, Thing, Transient, Unknown
from isdesk.crm.windows import Window
from isdesk.crm.writing import is_named
from isdesk.domain.errors import BadInput
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member
from tests.crm.fakes.odoo import ADMIN, ITO, SATO, OdooFake
from tests.crm.loopback import Answer, Fault, on
from tests.crm.odoo_kit import AT, codes, odoo, pulled, rig, said_hello, with_map
from tests.crm.rig_odoo import Rig

__all__ = ["odoo", "rig"]


# ------------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("status", "name", "wanted"),
    [
        (500, "builtins.ValueError", Refusal),
        (500, "builtins.KeyError", Refusal),
        (422, "odoo.exceptions.ValidationError", Refusal),
        (422, "odoo.exceptions.UserError", Refusal),
        (403, "odoo.exceptions.AccessError", Refusal),
        (404, "odoo.exceptions.MissingError", Refusal),
        (500, "psycopg2.errors.NotNullViolation", Refusal),
        (500, "psycopg2.errors.SerializationFailure", Transient),
        (500, "psycopg2.errors.DeadlockDetected", Transient),
        (500, "odoo.exceptions.LockError", Transient),
        (500, "psycopg2.OperationalError", Unknown),
        (500, "builtins.RuntimeError", Unknown),
        (401, "werkzeug.exceptions.Unauthorized", Auth),
        (403, "odoo.exceptions.AccessDenied", Auth),
    ],
)
def test_an_error_is_read_by_its_name(rig: Rig, odoo: Odoo, status: int, name: str, wanted: type[Exception]) -> None:
    rpc = odoo._rpc
    said = {"name": name, "message": "秘密の名前", "arguments": [], "context": {}, "debug": "Traceback 秘密の名前"}
    rig.fake.fail(Fault("status", on(part="/write"), Answer(status, said)))
    with pytest.raises(wanted) as error:
        rpc.write("crm.lead", "write", ids=[1], vals={})
    assert "秘密" not in f"{error.value!s}{error.value!r}"


def test_a_read_that_is_refused_is_permanent_and_one_that_fails_is_not(rig: Rig, odoo: Odoo) -> None:
    with pytest.raises(Permanent) as refused:
        odoo._rpc.read("crm.lead", "search", domain=[["no_such_field", "=", 1]])
    assert refused.value.code == "odoo_refused"
    rig.fake.fail(Fault("status", on(part="/search"), Answer(500, {"name": "builtins.RuntimeError", "message": "x"})))
    with pytest.raises(Transient):
        odoo._rpc.read("crm.lead", "search", domain=[])


def test_a_database_that_is_not_there_is_no_success(rig: Rig, odoo: Odoo) -> None:
    page = Answer(404, b"<!DOCTYPE html><h1>Not Found</h1>", {"Content-Type": "text/html"})
    rig.fake.fail(Fault("status", on(part="/context_get"), page))
    with pytest.raises(Exception, match="captive_portal"):
        odoo.hello()


def test_what_postgresql_cannot_hold_is_left_out() -> None:
    assert clean({"a": ["x\0y", "a\ud83d", "𠮷", 1, None]}) == {"a": ["xy", "a\ufffd", "𠮷", 1, None]}


def test_text_goes_through_html_and_back() -> None:
    text = '一行目\n  二 <b> & "x" \'\n\n四'
    assert text_of(html_of(text)) == text
    assert text_of(html_of("a\tb")) == "a    b"
    assert text_of("<div><p>a</p><p>b<br/>c&nbsp;d</p></div>") == "a\nb\nc d"
    done = "<div>\n    <p>\n        <span>Call</span> done\n        : 電話する\n    </p>\n    <div>メモ</div>\n</div>"
    assert text_of(done) == "Call done : 電話する\nメモ"


# ---------------------------------------------------------------------------------------------------------- connecting


def place(**more: Any) -> registry.Place:
    return registry.Place(Member(MemberId("x"), "x", "rep"), SystemClock().now, **more)


def test_connecting_asks_for_a_key_https_and_numbers() -> None:
    def connect(url: str, secret: str | None, **options: str) -> None:
        registry.connect("odoo", url=url, user="", secret=secret, options=options, place=place())

    for url, secret, options, code in (
        ("https://odoo.example.jp", None, {}, "odoo_key_missing"),
        ("http://odoo.example.jp", "k", {}, "url_not_https"),
        ("https://odoo.example.jp", "k", {"overlap_s": "lang"}, "odoo_option_wrong"),
    ):
        with pytest.raises(BadInput) as error:
            connect(url, secret, **options)
        assert error.value.code == code


def test_an_older_odoo_is_refused(rig: Rig) -> None:
    old = {"version_info": [18, 0, 0, "final", 0, ""], "version": "18.0"}
    rig.fake.fail(Fault("status", on(part="/json/version"), Answer(200, old)))
    with pytest.raises(Permanent) as error:
        rig.connect().hello()
    assert error.value.code == "odoo_too_old"


def test_the_check_names_what_an_administrator_might_add(rig: Rig, odoo: Odoo) -> None:
    found = codes(odoo, write=True)
    assert ("ok", "promise_no_duplicates") in found
    assert ("ok", "odoo_test_written") in found
    assert ("warn", "odoo_test_archived") in found, "a sales user may not delete leads"
    assert ("warn", "odoo_blacklist_closed") in found
    assert not any(level == "stop" for level, _ in found)
    tests = [one for one in rig.fake.models["crm.lead"].records.values() if "接続テスト" in one["name"]]
    assert [one["active"] for one in tests] == [False]
    odoo.check(write=True)
    assert len([one for one in rig.fake.models["crm.lead"].records.values() if "接続テスト" in one["name"]]) == 1


def test_the_check_of_an_administrator_leaves_nothing(rig: Rig) -> None:
    found = codes(with_map(rig, "[handoff]\ntask = true", ADMIN), write=True)
    assert not {code for _, code in found} & {"odoo_test_archived", "odoo_blacklist_closed"}
    assert not rig.fake.models["crm.lead"].records


def test_the_check_says_what_is_wrong(rig: Rig) -> None:
    rig.fake.models["crm.stage"].records.pop(2)
    rig.fake.models["crm.lead"].fields.pop("function")
    soon = rig.fake.now().replace(tzinfo=None) + timedelta(days=5)
    rig.fake.put("res.users.apikeys", {"name": "isdesk", "expiration_date": soon})
    place_ = place()
    secret = rig.fake.key(SATO)
    made = registry.connect("odoo", url=rig.fake.url, user="ito@example.jp", secret=secret, options={}, place=place_)
    assert isinstance(made, Odoo)
    found = {one.code: one for one in made.check(write=False)}
    assert found["odoo_stage_missing"].params == {"stage": "sql"}
    assert found["odoo_field_missing"].params == {"field": "title", "object": "lead"}
    assert found["odoo_key_ends"].level == "warn"
    assert found["odoo_other_user"].params == {"name": "佐藤 花子"}
    made.close()
    rig.fake.models["crm.lead"].shut = frozenset({"write"})
    assert ("stop", "odoo_read_only") in codes(said_hello(rig.connect()), write=True)
    rig.fake.models["crm.lead"].shut = frozenset({"read", "write", "create", "unlink"})
    refused = rig.connect()
    assert isinstance(refused, Odoo)
    assert codes(refused) == {("stop", "odoo_no_crm")}


def test_odoos_own_fields_come_with_labels_choices_and_samples(rig: Rig, odoo: Odoo) -> None:
    rig.fake.languages.append("ja_JP")
    described = {one.code: one for one in odoo.describe_remote(Thing.LEAD)}
    assert described["name"].required
    assert described["type"].choices == (("lead", "Lead"), ("opportunity", "Opportunity"))
    assert [code for code, _ in described["stage_id"].choices] == ["New", "Qualified", "Proposition", "Won"]
    assert not described["write_date"].writable
    assert "tag_ids" not in described
    lead = rig.make(Thing.LEAD, {"name": "見本 太郎", "stage": "sql"})
    (sample,) = odoo.samples(Thing.LEAD)
    assert sample["contact_name"] == "見本 太郎"
    assert sample["stage_id"] == "Qualified"
    assert odoo.estimate(Thing.LEAD, Scope.MINE) == 1
    rig.fake.change("crm.lead", int(lead), {"active": False})
    assert odoo.estimate(Thing.LEAD, Scope.MINE) == 0
    assert odoo.estimate(Thing.TOUCH, Scope.MINE) is None


def test_japanese_is_asked_for_where_it_is_installed(rig: Rig) -> None:
    rig.fake.languages.append("ja_JP")
    said_hello(rig.connect()).changes(Thing.LEAD, None, Scope.MINE)
    assert rig.fake.requests[-1].json["context"]["lang"] == "ja_JP"


def test_members_have_their_roles(rig: Rig) -> None:
    people = {one.id: one for one in with_map(rig, '[member]\nfs_teams = ["Sales"]').members()}
    assert people[MemberId(str(SATO))].role == "fs"
    assert people[MemberId("7")].role == "team_lead"
    assert not people[MemberId("1")].active


# -------------------------------------------------------------------------------------------------------------- reading


def test_the_first_pull_asks_for_what_this_odoo_has_only(rig: Rig, odoo: Odoo) -> None:
    rig.make(Thing.LEAD, {"name": "無 携帯"})
    assert pulled(odoo, Thing.LEAD)[0]
    assert all(b'"mobile"' not in one.body for one in rig.fake.requests)
    assert "phone_mobile" not in (odoo.carried(Thing.LEAD) or ())


def test_a_mark_never_runs_ahead_of_what_may_still_be_committed(rig: Rig, odoo: Odoo) -> None:
    rig.make(Thing.LEAD, {"name": "古い"})
    _, cursor = pulled(odoo, Thing.LEAD)
    commit = rig.late_commit({"name": "遅い"})
    for _ in range(18):
        rig.move(30)
        _, cursor = pulled(odoo, Thing.LEAD, cursor)
    late = commit()
    rows, _ = pulled(odoo, Thing.LEAD, cursor)
    assert late in rows, "nine minutes are within the overlap"


def test_the_last_burst_is_not_read_for_ever(rig: Rig, odoo: Odoo) -> None:
    rig.make_many(30)
    rows, cursor = pulled(odoo, Thing.LEAD)
    assert len(rows) == 30
    rig.move(1_300)
    odoo.hello()
    _, cursor = pulled(odoo, Thing.LEAD, cursor)
    assert pulled(odoo, Thing.LEAD, cursor)[0] == {}


def test_messages_that_one_may_not_see_do_not_end_a_page_early(rig: Rig, odoo: Odoo) -> None:
    """A search of messages drops what is not ours after the limit: a short page is not the end."""
    mine = rig.make(Thing.LEAD, {"name": "私の"})
    theirs = rig.make(Thing.LEAD, {"name": "人の"}, owner="ito")
    for n in range(40):
        rig.make(Thing.TOUCH, {"lead_id": theirs if n % 8 else mine, "note": str(n), "at": AT}, owner="ito")
    rig.fake.own_only.add(SATO)
    source = stream.Source("mail.message", [["model", "=", "crm.lead"]], ["res_id"], filtered=True)
    found: list[Any] = []
    window, more = Window(), True
    while more:
        page, window, more = stream.read(odoo._rpc, source, window, 3, 600)
        found += page
    assert [one["res_id"] for one in found] == [int(mine)] * 5


def test_touches_of_ones_own_leads_come_though_there_are_very_many(rig: Rig, odoo: Odoo) -> None:
    """More leads than are named in a search: what is read is sifted by lead instead."""
    mine = rig.make_many(5_001)[0]
    theirs = rig.make(Thing.LEAD, {"name": "人の"}, owner="ito")
    wanted = {rig.make(Thing.TOUCH, {"lead_id": lead, "note": "x", "at": AT}) for lead in (mine, mine)}
    rig.make(Thing.TOUCH, {"lead_id": theirs, "note": "x", "at": AT}, owner="ito")
    assert pulled(odoo, Thing.TOUCH, scope=Scope.MINE)[0].keys() == wanted
    assert {number for number, _ in odoo.ids(Thing.TOUCH, Scope.MINE)} == wanted
    assert [row.id for row in odoo.fetch(Thing.TOUCH, sorted(wanted))] == sorted(wanted)
    assert {row.id for row in odoo.fetch(Thing.MEMBER, ["5"])} == {"5"}
    assert {number for number, _ in odoo.ids(Thing.MEMBER, Scope.MINE)} >= {"5", "6"}


def test_an_archived_lead_is_gone_and_a_lost_opportunity_is_not(rig: Rig, odoo: Odoo) -> None:
    kept, gone = rig.make(Thing.LEAD, {"name": "失注"}), rig.make(Thing.LEAD, {"name": "保管"})
    _, cursor = pulled(odoo, Thing.LEAD)
    rig.fake.change("crm.lead", int(kept), {"type": "opportunity", "active": False, "probability": 0})
    rig.fake.change("crm.lead", int(gone), {"active": False})
    rows, _ = pulled(odoo, Thing.LEAD, cursor)
    assert {number: row.deleted for number, row in rows.items()} == {kept: False, gone: True}
    assert [number for number, _ in odoo.ids(Thing.LEAD, Scope.TEAM)] == [kept]


def test_a_number_that_is_blacklisted_later_comes_though_the_lead_did_not_change(rig: Rig, odoo: Odoo) -> None:
    lead = rig.make(Thing.LEAD, {"name": "禁止 一", "phone_direct": "03-1234-5678"})
    rig.make_many(3)
    rows, cursor = pulled(odoo, Thing.LEAD)
    assert "dnc" not in rows[lead].fields
    rig.move(3_000)
    odoo.hello()
    _, cursor = pulled(odoo, Thing.LEAD, cursor)
    rig.fake.put("phone.blacklist", {"number": "+81312345678"}, uid=ADMIN)
    after, cursor = pulled(odoo, Thing.LEAD, cursor)
    assert after[lead].fields["dnc"] is True
    assert dict(odoo.ids(Thing.LEAD, Scope.TEAM))[lead] == after[lead].version != rows[lead].version
    assert lead not in pulled(odoo, Thing.LEAD, cursor)[0]


def test_a_lead_brings_its_company_linked_by_name_or_named_only(rig: Rig, odoo: Odoo) -> None:
    company = rig.make(Thing.COMPANY, {"name": "青葉原精機", "phone": "03-9999-0000"})
    person = str(rig.fake.put("res.partner", {"name": "担当者", "parent_id": int(company)}))
    wanted: dict[str, dict[str, Any]] = {
        rig.make(Thing.LEAD, {"name": "連結"}): {"partner_id": int(person)},
        rig.make(Thing.LEAD, {"name": "会社に直結"}): {"partner_id": int(company)},
        rig.make(Thing.LEAD, {"name": "名前で"}): {"partner_name": "青葉原精機"},
    }
    only = rig.make(Thing.LEAD, {"name": "名前だけ"})
    for number, values in {**wanted, only: {"partner_name": "名前だけ商事"}}.items():
        rig.fake.change("crm.lead", int(number), values)
    page = odoo.changes(Thing.LEAD, None, Scope.TEAM)
    rows = {row.id: row for row in page.rows}
    assert {rows[number].fields["company_id"] for number in wanted} == {company}
    named = str(rows[only].fields["company_id"])
    assert is_named(named)
    beside = {row.id: row.fields for row in page.beside[Thing.COMPANY]}
    assert beside[company] == {"name": "青葉原精機", "phone": "03-9999-0000"}
    assert beside[named] == {"name": "名前だけ商事"}
    (refused,) = odoo.push([Command("k", Do.PATCH, Thing.COMPANY, named, {"phone": "1"})])
    assert (refused.status, refused.code) == (Status.REFUSED, "odoo_company_named")


def test_a_lead_without_a_person_is_called_by_its_title(rig: Rig, odoo: Odoo) -> None:
    number = str(rig.fake.put("crm.lead", {"name": "お問い合わせ"}))
    assert pulled(odoo, Thing.LEAD)[0][number].fields["name"] == "お問い合わせ"


def test_messages_of_others_come_as_what_they_were(rig: Rig, odoo: Odoo) -> None:
    lead = int(rig.make(Thing.LEAD, {"name": "会話"}))
    head = {"model": "crm.lead", "res_id": lead, "date": rig.fake.stamp()}
    wanted: dict[tuple[str, str], dict[str, Any]] = {
        ("mail", "in"): {"message_type": "email", "body": "<p>届いた</p>", "subject": "件名"},
        ("mail", "out"): {"message_type": "email_outgoing", "body": "<p>送った</p>"},
        ("note", "out"): {"message_type": "comment", "body": "<p>覚え<br>書き</p>"},
        ("meeting", "out"): {"message_type": "notification", "mail_activity_type_id": 3, "body": "<p>済</p>"},
    }
    numbers = {str(rig.fake.put("mail.message", {**head, **one}, uid=ITO)): kind for kind, one in wanted.items()}
    rig.fake.put("mail.message", {**head, "message_type": "notification", "body": "<p>ステージ変更</p>"}, uid=ITO)
    robot = str(rig.fake.put("mail.message", {**head, "message_type": "email", "body": ""}, uid=1))
    rows, _ = pulled(odoo, Thing.TOUCH)
    assert rows.keys() == {*numbers, robot}
    for number, (channel, direction) in numbers.items():
        fields = rows[number].fields
        assert (fields["channel"], fields["direction"], fields["member_id"]) == (channel, direction, str(ITO))
    assert "member_id" not in rows[robot].fields
    assert {str(row.fields.get("note")) for row in rows.values()} >= {"件名\n届いた", "覚え\n書き"}
    done = rig.fake.put("mail.activity", {"res_model": "crm.lead", "res_id": lead, "activity_type_id": 2}, uid=ITO)
    before = set(rows)
    odoo._rpc.write("mail.activity", "action_feedback", ids=[done], feedback="つながった")
    (fresh,) = (row for number, row in pulled(odoo, Thing.TOUCH)[0].items() if number not in before)
    assert fresh.fields["channel"] == "phone"
    assert "つながった" in str(fresh.fields["note"])


# -------------------------------------------------------------------------------------------------------------- looking


def test_links_lead_to_the_record_and_to_the_message(odoo: Odoo) -> None:
    assert (odoo.link(Thing.LEAD, "7") or "").endswith("/mail/view?model=crm.lead&res_id=7")
    assert (odoo.link(Thing.TOUCH, "9") or "").endswith("/mail/message/9")
    assert odoo.link(Thing.COMPANY, "name:1") is None
    assert odoo.link(Thing.PLAYBOOK, "7") is None


def test_what_odoo_does_not_have_is_empty(odoo: Odoo) -> None:
    assert odoo.changes(Thing.PLAYBOOK, None, Scope.MINE).rows == ()
    assert odoo.history(Thing.LEAD, ["1"]) == ()
    assert odoo.glance("name:1", 1.0).row is None
    assert odoo.fetch(Thing.LEAD, ["nonsense"]) == []
    assert odoo.samples(Thing.TOUCH) == []
    for cursor in ("{", "[]"):
        with pytest.raises(BadInput):
            odoo.changes(Thing.LEAD, cursor, Scope.MINE)


def test_the_shipped_map_is_read_and_its_fields_are_known() -> None:
    fields = mapping.loads(mapping.shipped("odoo"), "odoo", CONVERTERS)
    assert {"lead", "company", "touch", "handoff", "member"} <= fields.objects.keys()
    assert mapping.loads(mapping.dumps(fields), "odoo", CONVERTERS).objects == fields.objects


def test_a_key_is_nowhere_in_the_adapters_text(rig: Rig) -> None:
    secret = rig.fake.key(SATO)
    client = Client(rig.fake.url, authorize=lambda: {"Authorization": f"bearer {secret}"}, now=SystemClock().now)
    rpc = Rpc(client, SystemClock().now)
    assert secret not in repr(rpc) + str(vars(rpc))
    client.close()
    assert isinstance(OdooFake().keys, dict)


@pytest.mark.parametrize(("slept_s", "measured"), [(0, True), (2, True), (62, False), (-3600, False)])
def test_an_answer_that_came_late_says_nothing_of_the_clocks(rig: Rig, slept_s: int, measured: bool) -> None:
    """A machine that sleeps, or whose clock is set, while an answer is on its way does not take that for skew (E9)."""
    begun = SystemClock().now()
    told = iter([begun, begun + timedelta(seconds=slept_s)])
    client = Client(rig.fake.url, authorize=dict, now=lambda: next(told))
    client.exchange("GET", "/web/version")
    assert (client.skew_ms is not None) is measured
    client.close()
