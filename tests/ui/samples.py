"""Realistic made-up data for the window's tests and pictures: the rows, views and rules of one rep's morning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from uuid import UUID

from isdesk.domain.changes import Value
from isdesk.domain.ids import CompanyId, DeviceId, HandoffId, JournalId, LeadId, MemberId, TouchId
from isdesk.domain.rules import (
    BusinessTime,
    Caps,
    ChecklistItem,
    Follow,
    Label,
    Objection,
    Outcome,
    Phase,
    Question,
    Reason,
    RetryPolicy,
    Rules,
    Scoring,
    Script,
    SignalRule,
    Sla,
    Slot,
    Source,
    Stage,
    Step,
    Windows,
)
from isdesk.domain.state import Chip, LeadState, NextAction, Part, Placement, Scores
from isdesk.domain.touch import ActionKind, Channel, Direction, Plan, Reached, Touch
from isdesk.services.views import (
    ChecklistLine,
    ConflictItem,
    Found,
    HandoffView,
    LeadView,
    Member,
    OutboxItem,
    Phone,
    Preview,
    QueueCounts,
    QueueRow,
    SyncStatus,
    TimelineItem,
    Today,
    UndoStep,
    WindowState,
)

NOW = datetime(2026, 11, 24, 1, 32, 7, tzinfo=UTC)
"""Tuesday, 10:32:07 in Tokyo."""

LONG_NAME = "長谷川・ヴァンデンベルク 寿限無之助三郎左衛門"
LONG_COMPANY = "一般社団法人日本国際先端素材研究開発推進協議会東日本地域統括事業本部"


def _id(kind: int, n: int) -> str:
    return str(UUID(int=(kind << 96) | (0x7 << 76) | (2 << 62) | n))


def lead_id(n: int) -> LeadId:
    """Return the id of sample lead ``n``."""
    return LeadId(_id(1, n))


def company_id(n: int) -> CompanyId:
    """Return the id of sample company ``n``."""
    return CompanyId(_id(2, n))


ME = Member(MemberId(_id(3, 1)), "鈴木", "rep", "suzuki@example.jp")
FS = Member(MemberId(_id(3, 2)), "中村", "fs", "nakamura@example.jp")
BOSS = Member(MemberId(_id(3, 3)), "田村", "team_lead", "tamura@example.jp")
MEMBERS: dict[MemberId, Member] = {m.id: m for m in (ME, FS, BOSS)}
DEVICE = DeviceId(_id(4, 1))


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    """Return a time of day in Tokyo on a day of the sample month, as UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=9)


# ---------------------------------------------------------------- rules

SCRIPT = Script(
    code="manufacturing",
    version=3,
    label=Label("製造業・購買", "Manufacturing, purchasing"),
    phases=(
        Phase(
            "opening",
            Label("導入", "Opening"),
            "お忙しいところ恐れ入ります。{{ my_company }}の{{ me }}と申します。"
            "{{ company }}の{{ name }}さまでいらっしゃいますか?",
        ),
        Phase(
            "value",
            Label("価値提案", "Value"),
            "{{ industry }}の購買部門さまで、見積の集計時間を半分にした例をご紹介しております。",
        ),
        Phase(
            "probe",
            Label("検証質問", "Questions"),
            "「{{ company }}さまのような部品メーカーでは、見積依頼がメールと紙に分かれていて、"
            "締め日に集計が集中すると伺うことが多いです。\nいまは、どのような方法で管理されていますか?」",
            (
                Question(
                    "method",
                    "current_method",
                    Label("現在の管理方法", "Current method"),
                    (
                        ("excel", "Excel", "Excel"),
                        ("paper", "紙", "Paper"),
                        ("core", "基幹システム", "Core system"),
                        ("other", "他社ツール", "Another tool"),
                    ),
                ),
                Question(
                    "timing",
                    "adoption_timing",
                    Label("検討時期", "Time of adoption"),
                    (
                        ("this_month", "今月", "This month"),
                        ("3_months", "3か月以内", "3 months"),
                        ("6_months", "半年", "6 months"),
                        ("undecided", "未定", "Undecided"),
                    ),
                ),
                Question("issue", "issue", Label("課題(引き継ぎに反映)", "Issue (goes to the handoff)")),
                Question(
                    "decision",
                    "decision_maker",
                    Label("決裁者", "Decision maker"),
                    (
                        ("self", "本人", "This person"),
                        ("board", "役員", "A director"),
                        ("unknown", "不明", "Unknown"),
                    ),
                ),
            ),
        ),
        Phase(
            "next",
            Label("次アクション", "Next step"),
            "それでは、30分ほどお時間をいただき、御社の進め方に沿ってご説明いたします。来週はいかがでしょうか?",
        ),
    ),
    objections=(
        Objection(
            "budget",
            Label("予算がない", "No budget"),
            "来期の予算取りに使える試算だけでもお渡しできます。いつ頃、予算を組まれますか?",
        ),
        Objection(
            "other",
            Label("他社で足りている", "Has another tool"),
            "併用されている例も多くございます。いまお困りの点はございませんか?",
        ),
        Objection("busy", Label("今は忙しい", "Too busy"), "1分だけで結構です。改めるなら、いつがよろしいですか?"),
        Objection(
            "mail_only",
            Label("資料だけ", "Just send material"),
            "承知しました。ご覧いただく方とご関心の点を伺えますか?",
        ),
    ),
)


def _outcome(code: str, ja: str, en: str, key: str | None, follow: Follow, **more: object) -> Outcome:
    base: dict[str, object] = {"group": "no_contact", "answered": False, "dm_reached": False, "meeting_set": False}
    base |= more
    return Outcome(code=code, label=Label(ja, en), hotkey=key, follow=follow, **base)  # type: ignore[arg-type]


_NOANS = Follow("policy", policy="P_NOANS")
_TALKED: dict[str, object] = {"group": "talked", "answered": True}
_DM: dict[str, object] = _TALKED | {
    "dm_reached": True,
    "dm_override": True,
    "default_reached": Reached.DECISION_MAKER,
}

OUTCOMES: dict[str, Outcome] = {
    o.code: o
    for o in (
        _outcome("NO_ANSWER", "不在", "No answer", "1", _NOANS),
        _outcome("BUSY", "話中", "Busy", None, Follow("policy", policy="P_BUSY")),
        _outcome("VOICEMAIL", "留守電(伝言なし)", "Voicemail, no message", "2", _NOANS),
        _outcome("VOICEMAIL_LEFT", "留守電(伝言あり)", "Voicemail left", None, _NOANS),
        _outcome(
            "NOT_IN_SERVICE",
            "現アナ(使われていない)",
            "Not in service",
            None,
            Follow("number"),
            number_flag="not_in_service",
            terminal_if_no_number=True,
        ),
        _outcome("CANCELED", "発信取消", "Canceled", None, Follow("stay"), counts_as_dial=False, sent=False),
        _outcome(
            "DM_ABSENT_TIME",
            "担当者不在",
            "Contact absent",
            "3",
            Follow("callback", minutes=10),
            **(_TALKED | {"requires": ("callback_at",)}),
        ),
        _outcome("GATEKEEPER_BLOCK", "受付ブロック", "Gatekeeper block", "4", _NOANS, **_TALKED),
        _outcome("STAFF_TALK", "担当者と会話(決裁権なし)", "Talked to staff", None, _NOANS, **_TALKED),
        _outcome("WRONG_NUMBER", "番号違い", "Wrong number", None, Follow("number"), **_TALKED),
        _outcome(
            "CALLBACK_AT",
            "再コール約束",
            "Callback promised",
            "5",
            Follow("callback", action="callback_exact"),
            **(_DM | {"requires": ("callback_at",)}),
        ),
        _outcome("INFO_REQUESTED", "資料送付希望", "Wants material", "6", _NOANS, **_DM),
        _outcome("INTERESTED", "見込み", "Interested", "7", Follow("plan", step=Step(bd=2)), **_DM),
        _outcome("NURTURE_LOW", "情報収集段階", "Gathering information", None, _NOANS, **_DM),
        _outcome(
            "NOT_INTERESTED",
            "お断り",
            "Not interested",
            "8",
            Follow("close"),
            **(_DM | {"requires": ("reason",), "terminal": True, "cooldown_days": 180}),
        ),
        _outcome(
            "MEETING_SET",
            "アポ獲得",
            "Meeting set",
            "9",
            Follow("handoff"),
            **(
                _DM
                | {"meeting_set": True, "requires": ("meeting_at", "fs_id"), "terminal": True, "tone": "good"}
                | {"auto_advance": False}
            ),
        ),
        _outcome(
            "DNC_REQUEST",
            "架電禁止",
            "Do not call",
            "0",
            Follow("close"),
            **(_TALKED | {"terminal": True, "dnc": True, "tone": "stop", "requires": ("note",)}),
        ),
        _outcome(
            "COMPLAINT",
            "クレーム",
            "Complaint",
            None,
            Follow("close"),
            **(_TALKED | {"terminal": True, "dnc": True, "dnc_company": True, "tone": "stop"}),
        ),
    )
}

CHECKLIST_ITEMS: tuple[tuple[str, str, str, bool, str, str], ...] = (
    ("company", "会社(業種・規模・所在地)", "Company", True, "製造 / 320名 / 愛知県", ""),
    ("contact", "担当者(部署・役職)", "Contact", True, "購買部 部長", ""),
    ("issue", "課題", "Issue", True, "締め日の集計に2人で丸1日かかる", ""),
    ("timing", "検討時期", "Time of adoption", True, "3か月以内", ""),
    ("purpose", "目的", "Purpose", False, "", "導入で何を実現されたいですか?"),
    ("history", "接触履歴", "History", True, "4回", ""),
    ("grade", "確度", "Likelihood", True, "A(74)", ""),
    ("interest", "関心製品・競合", "Interest", True, "購買クラウド", ""),
    ("hypothesis", "課題仮説", "Issue hypothesis", True, "見積の窓口が分散している", ""),
    ("reaction", "顧客の反応ログ", "Reactions", True, "現場は乗り気", ""),
    ("meeting", "商談日時", "Meeting time", False, "", "来週のご都合はいかがですか?"),
)

RULES = Rules(
    version="standard@3",
    label=Label("標準", "Standard"),
    stages={
        s.code: s
        for s in (
            Stage("lead", Label("リード", "Lead"), "marketing", 0),
            Stage("mql", Label("MQL", "MQL"), "inside_sales", 1),
            Stage("sql", Label("SQL", "SQL"), "inside_sales", 2),
            Stage("sao", Label("SAO", "SAO"), "field_sales", 3, callable=False),
        )
    },
    outcomes=OUTCOMES,
    policies={"P_NOANS": RetryPolicy("P_NOANS", (Step(business_minutes=180, slot="other_half"), Step(bd=1)))},
    slots=(
        Slot("AM1", time(9, 30), time(10, 30)),
        Slot("AM2", time(10, 30), time(12)),
        Slot("PM1", time(13), time(15)),
        Slot("PM2", time(15), time(17, 30)),
    ),
    caps=Caps(),
    windows=Windows(),
    business=BusinessTime(),
    sla=Sla(),
    scoring=Scoring(
        signals=(
            SignalRule("download", Label("資料DL", "Download"), 25),
            SignalRule("seminar", Label("セミナー参加", "Seminar"), 30),
            SignalRule("price_page", Label("価格ページ閲覧", "Price page"), 35),
        )
    ),
    checklist=tuple(ChecklistItem(c, Label(ja, en), (c,)) for c, ja, en, *_ in CHECKLIST_ITEMS),
    scripts=(SCRIPT,),
    sources={
        s.code: s
        for s in (
            Source("exhibition", Label("展示会", "Exhibition")),
            Source("referral", Label("紹介", "Referral")),
            Source("web", Label("Web問い合わせ", "Web inquiry"), inbound=True),
            Source("seminar", Label("セミナー", "Seminar"), inbound=True),
        )
    },
    reasons=(
        Reason("no_need", "refusal", Label("必要を感じない", "No need")),
        Reason("budget", "refusal", Label("予算がない", "No budget")),
        Reason("timing_unknown", "return", Label("時期未確認", "Timing not confirmed")),
        Reason("later", "skip", Label("準備してから", "After preparation")),
    ),
)


# ---------------------------------------------------------------- queue


def _row(n: int, name: str, company: str, tier: int, chips: tuple[Chip, ...], **more: object) -> QueueRow:
    base: dict[str, object] = {
        "priority": 60,
        "held": None,
        "due_at": None,
        "attempts": 0,
        "cap": 6,
        "phone": "+81520001234",
        "action": ActionKind.FIRST_CALL.value,
        "stage": "mql",
    }
    base |= more
    return QueueRow(lead_id=lead_id(n), name=name, company=company, tier=tier, chips=chips, **base)  # type: ignore[arg-type]


def _p(**params: str) -> tuple[tuple[str, str], ...]:
    return tuple(params.items())


def day_rows() -> list[QueueRow]:
    """Return the eight rows of the design picture."""
    retry = ActionKind.RETRY.value
    return [
        _row(
            1,
            "山田 太郎",
            "青葉精機株式会社",
            1,
            (
                Chip("promise", "promise", _p(at=at(10, 30).isoformat())),
                Chip("intent", "good", _p(score="82")),
                Chip("icp", "plain", _p(score="90")),
                Chip("timing", "plain", _p(score="100", code="3_months")),
            ),
            priority=74,
            due_at=at(10, 30),
            attempts=4,
            action=ActionKind.CALLBACK_EXACT.value,
        ),
        _row(
            2,
            "佐藤 花子",
            "みなと商事株式会社",
            2,
            (
                Chip("sla", "warn", _p(due=(NOW + timedelta(minutes=12)).isoformat())),
                Chip("signal", "good", _p(code="download", hours="2")),
                Chip("new"),
            ),
            priority=68,
            sla_due_at=NOW + timedelta(minutes=12),
        ),
        _row(
            3,
            "高橋 健",
            "北斗ロジスティクス",
            3,
            (Chip("returned", "bad", _p(reason="timing_unknown")), Chip("icp", "plain", _p(score="81"))),
            action=ActionKind.FIX_HANDOFF.value,
        ),
        _row(
            4,
            "伊藤 美咲",
            "株式会社コハク",
            6,
            (Chip("retry", "plain", _p(n="4", cap="6", slot="PM1")), Chip("icp", "plain", _p(score="74"))),
            attempts=3,
            due_at=at(13, 0),
            action=retry,
        ),
        _row(
            5,
            "渡辺 修",
            "つばさ人材サービス",
            6,
            (
                Chip("retry", "plain", _p(n="3", cap="6", slot="AM2")),
                Chip("signal", "good", _p(code="seminar", hours="19")),
            ),
            attempts=2,
            due_at=at(10, 45),
            action=retry,
        ),
        _row(
            6,
            "小林 由紀",
            "東雲不動産株式会社",
            8,
            (Chip("source", "plain", _p(code="exhibition")), Chip("icp", "plain", _p(score="71"))),
        ),
        _row(
            7,
            "加藤 誠",
            "白樺フーズ株式会社",
            7,
            (Chip("nurture", "good", _p(why="wake")), Chip("icp", "plain", _p(score="70"))),
            action=ActionKind.NURTURE.value,
        ),
        _row(
            8,
            "吉田 さくら",
            "合同会社ひなた",
            8,
            (Chip("source", "plain", _p(code="referral")), Chip("icp", "plain", _p(score="66"))),
        ),
    ]


_FAMILY = ("山本", "中島", "石井", "小川", "前田", "岡田", "藤井", "西村", "福田", "太田", "三浦", "岡本")
_GIVEN = ("大輔", "真由美", "健一", "恵", "直樹", "陽子", "翔", "美穂", "和也", "彩")
_FIRMS = ("浅葱電機", "銀杏物流", "瑠璃印刷", "若草食品", "翡翠建設", "茜テクノ", "藍商会", "常盤樹脂", "桔梗システム")
_FORMS = ("株式会社{}", "{}株式会社", "有限会社{}", "合同会社{}")
_HELD = ("window", "cap", "cooldown", "dnc", "company_today", "other_rep", "not_due", "snoozed", "no_number")


def made_row(n: int) -> QueueRow:
    """Return made-up row ``n`` (n > 8); every seventh is held, and one in forty has very long names."""
    name = f"{_FAMILY[n % len(_FAMILY)]} {_GIVEN[n * 7 % len(_GIVEN)]}"
    company = _FORMS[n % len(_FORMS)].format(_FIRMS[n * 5 % len(_FIRMS)])
    if n % 40 == 0:
        name, company = LONG_NAME, LONG_COMPANY
    chips: tuple[Chip, ...] = (Chip("icp", "plain", _p(score=str(40 + n % 60))),)
    if n % 3:
        chips = (Chip("retry", "plain", _p(slot=("AM1", "AM2", "PM1", "PM2")[n % 4])), *chips)
    held = _HELD[n // 7 % len(_HELD)] if n % 7 == 0 else None
    return _row(n, name, company, 6 if n % 3 else 8, chips, attempts=n % 6 if n % 3 else 0, held=held)


def rows(count: int = 42) -> list[QueueRow]:
    """Return ``count`` rows: those of the picture, then made-up ones."""
    made = (made_row(n) for n in range(9, 9 + count))
    return list(islice((*day_rows(), *made), count)) if count > len(day_rows()) else day_rows()[:count]


COUNTS = QueueCounts(
    total=42,
    held=17,
    chips={"all": 42, "promise": 4, "sla": 3, "returned": 1, "inbound": 6, "retry": 19, "nurture": 2, "new": 9},
    sla_soon=3,
)
WINDOW_OPEN = WindowState("open", at(12, 0))
TODAY = Today(dials=28, answered=12, dm_reached=4, meetings=1, sla_soon=3)
SYNC_OFFLINE = SyncStatus("offline", at(10, 12), 14, 0, 0, at(10, 12), at(10, 11), "sqlhub")
SYNC_ONLINE = SyncStatus("online", at(9, 0), 0, 0, 0, None, at(10, 31), "sqlhub")


# ---------------------------------------------------------------- one lead

SCORES = Scores(
    90,
    82,
    100,
    74,
    (
        Part("fit", "base", "基本点", "Base", 30),
        Part("fit", "industry", "業種が製造", "Manufacturing", 25),
        Part("fit", "size", "従業員 100–999名", "100–999 employees", 20),
        Part("fit", "role", "役職が部長以上", "Head of department or above", 15),
        Part("intent", "base", "基本点", "Base", 20),
        Part("intent", "seminar", "セミナー参加", "Seminar", 27),
        Part("intent", "price_page", "価格ページ閲覧", "Price page", 35),
        Part("timing", "months", "検討時期 3か月以内", "Within 3 months", 100),
    ),
)


def _touch(n: int, when: datetime, **more: object) -> Touch:
    base: dict[str, object] = {"channel": Channel.PHONE, "direction": Direction.OUT}
    base |= more
    return Touch(
        TouchId(_id(5, n)),
        lead_id(1),
        company_id(1),
        ME.id,
        DEVICE,
        n,
        when,
        JournalId(_id(6, n)),
        playbook="standard@3",
        **base,  # type: ignore[arg-type]
    )


def timeline() -> tuple[TimelineItem, ...]:
    """Return the lead's timeline, newest first."""
    return (
        TimelineItem(at(10, 31), "change", "鈴木", changes=(("adoption_timing", None, "3_months"),), sync="local"),
        TimelineItem(
            at(15, 5, 19),
            "touch",
            "鈴木",
            _touch(
                4,
                at(15, 5, 19),
                outcome="INFO_REQUESTED",
                reached=Reached.DECISION_MAKER,
                talk_s=214,
                note="資料を見てから",
            ),
        ),
        TimelineItem(
            at(11, 20, 18),
            "signal",
            "",
            _touch(3, at(11, 20, 18), channel=Channel.WEB, signal="price_page"),
            text="3回",
        ),
        TimelineItem(at(14, 0, 14), "signal", "", _touch(2, at(14, 0, 14), signal="seminar"), text="「購買DX」"),
        TimelineItem(at(10, 2, 12), "touch", "鈴木", _touch(1, at(10, 2, 12), outcome="NO_ANSWER", ring_s=31)),
    )


def checklist() -> tuple[ChecklistLine, ...]:
    """Return the handoff checklist: 9 of 11 done, one heard in this call."""
    return tuple(
        ChecklistLine(c, ja, en, done, True, value, () if done else (c,), ask, "", fresh=c == "timing")
        for c, ja, en, done, value, ask in CHECKLIST_ITEMS
    )


LEAD_FIELDS: dict[str, Value] = {
    "name": "山田 太郎",
    "name_kana": "ヤマダ タロウ",
    "company_id": company_id(1),
    "department": "購買部",
    "title": "購買部長",
    "email": "yamada@example.jp",
    "phone_direct": "+81520001234",
    "linkedin": "https://www.linkedin.com/in/example",
    "lead_source": "seminar",
    "stage": "mql",
    "owner_id": ME.id,
    "current_method": "Excel",
    "adoption_timing": "3_months",
    "issue": "締め日の集計に2人で丸1日かかる",
    "issue_hypothesis": "見積の窓口が分散している",
    "reaction_log": "現場は乗り気",
    "decision_maker": "self",
    "interest_product": "購買クラウド",
}
COMPANY_FIELDS: dict[str, Value] = {
    "name": "青葉精機株式会社",
    "industry": "製造",
    "employees": 320,
    "prefecture": "愛知県",
    "phone": "+81520001000",
    "website": "https://example.jp",
}


def lead_state() -> LeadState:
    """Return the derived state of the lead in the picture."""
    return LeadState(
        open=True,
        stage="mql",
        attempts=4,
        next_action=NextAction(ActionKind.CALLBACK_EXACT, at(10, 30), "callback", None),
        last_touch_at=at(15, 5, 19),
        last_outcome="INFO_REQUESTED",
        sla_due_at=None,
        sla_risk_at=None,
        handoff_id=None,
        handoff_state=None,
        returned_reason=None,
        dnc=False,
        cooldown_until=None,
        company_cooldown_until=None,
        inbound=True,
        scores=SCORES,
        scored_on="2026-11-24",
    )


def placement() -> Placement:
    """Return where the lead in the picture stands."""
    row = day_rows()[0]
    return Placement(1, (1, 0, -74, 0, row.lead_id), None, listed=True, due_at=row.due_at, chips=row.chips, until=None)


def lead_view() -> LeadView:
    """Return the lead of the picture with everything the workspace shows."""
    return LeadView(
        id=lead_id(1),
        fields=dict(LEAD_FIELDS),
        company_id=company_id(1),
        company=dict(COMPANY_FIELDS),
        state=lead_state(),
        placement=placement(),
        phones=(
            Phone("direct", "+81520001234", "052-000-1234"),
            Phone("switchboard", "+81520001000", "052-000-1000"),
        ),
        script=SCRIPT,
        checklist=checklist(),
        timeline=timeline(),
        siblings=tuple(day_rows()[1:3]),
        owner=ME.name,
        draft_note="来期から購買の電子化を検討。12月に役員会。現場は乗り気。",
        draft_at=NOW,
        fresh_fields=frozenset({"adoption_timing"}),
    )


def long_lead_view() -> LeadView:
    """Return a lead whose names are as long as they get, with next to nothing known."""
    view = lead_view()
    return LeadView(
        id=lead_id(40),
        fields={"name": LONG_NAME, "title": "執行役員 兼 東日本地域統括事業本部 購買戦略企画部 部長代理心得"},
        company_id=company_id(40),
        company={"name": LONG_COMPANY},
        state=view.state,
        placement=view.placement,
        phones=(),
        script=SCRIPT,
        checklist=tuple(ChecklistLine(c, ja, en, done=False, required=True) for c, ja, en, *_ in CHECKLIST_ITEMS),
        timeline=(),
        siblings=(),
        owner="",
        may_dial="no_number",
    )


def previews() -> dict[str, Preview]:
    """Return what each outcome would do now, by code."""

    def one(code: str, due: datetime | None, **more: object) -> Preview:
        action = None if OUTCOMES[code].terminal else ActionKind.RETRY
        base: dict[str, object] = {"attempt": 5, "cap": 6, "needs": OUTCOMES[code].requires}
        base |= more
        return Preview(code, Plan(action, due, f"test:{code}"), "mql", **base)  # type: ignore[arg-type]

    made = {code: one(code, at(13, 0, 25)) for code in OUTCOMES}
    made["NO_ANSWER"] = one("NO_ANSWER", at(15, 10))
    made["VOICEMAIL"] = one("VOICEMAIL", at(15, 10))
    made["GATEKEEPER_BLOCK"] = one("GATEKEEPER_BLOCK", datetime(2026, 12, 1, 1, 30, tzinfo=UTC))
    made["NOT_INTERESTED"] = one("NOT_INTERESTED", None, cooldown_until=NOW + timedelta(days=180), closes=True)
    made["MEETING_SET"] = one("MEETING_SET", None, missing=2)
    made["DNC_REQUEST"] = one("DNC_REQUEST", None, dnc=True, closes=True)
    return made


# ---------------------------------------------------------------- other pages


def handoff_view(state: str = "draft") -> HandoffView:
    """Return the handoff of the lead in the picture."""
    lines = checklist()
    missing = tuple(line for line in lines if not line.done)
    return HandoffView(
        id=HandoffId(_id(7, 1)),
        lead_id=lead_id(1),
        state=state,
        fs_id=FS.id,
        submitted_at=at(9, 40) if state != "draft" else None,
        reason="timing_unknown" if state == "returned" else None,
        missing=missing,
        lines=lines,
        memo="引き継ぎメモ\n\n会社: 青葉精機株式会社\n担当者: 山田 太郎(購買部長)\n"
        "課題: 締め日の集計に2人で丸1日かかる\n",
        lead_name="山田 太郎",
        company="青葉精機株式会社",
        grade="A",
        meeting_at=at(14, 0, 27),
        rep=ME.name,
    )


def undo_steps() -> list[UndoStep]:
    """Return the last steps that can be taken back, newest first."""
    return [
        UndoStep(JournalId(_id(6, 9)), "record", at(10, 29), lead_id(9), "山本 真由美", {"outcome": "NO_ANSWER"}),
        UndoStep(JournalId(_id(6, 8)), "edit", at(10, 27), lead_id(1), "山田 太郎", {"fields": ["adoption_timing"]}),
        UndoStep(JournalId(_id(6, 7)), "pin", at(10, 20), lead_id(4), "伊藤 美咲"),
    ]


def found(count: int = 6) -> list[Found]:
    """Return hits of a search."""
    return [
        Found(r.lead_id, r.name, r.company, "052-000-1234", "someone@example.jp", "mql", "name", ME.name)
        for r in rows(count)
    ]


def outbox() -> list[OutboxItem]:
    """Return what waits to be sent: one waiting, one quarantined."""
    return [
        OutboxItem("d1", "sqlhub", "touch", "touch", _id(5, 4), lead_id(1), "山田 太郎", "pending", 1, 0, at(10, 29)),
        OutboxItem(
            "d2",
            "sqlhub",
            "change",
            "lead",
            lead_id(3),
            lead_id(3),
            "高橋 健",
            "quarantined",
            2,
            4,
            at(9, 50),
            {"title": "課長"},
            "rejected",
        ),
    ]


def conflicts() -> list[ConflictItem]:
    """Return one field that two people changed."""
    return [
        ConflictItem("c1", "lead", lead_id(2), lead_id(2), "佐藤 花子", "title", "主任", "課長", "係長", at(9, 12)),
    ]


class SampleQueue:
    """A queue of sample rows, as a source for the panel; ``shown`` may be changed by a test."""

    def __init__(self, count: int = 42, counts: QueueCounts = COUNTS) -> None:
        self.shown = rows(count)
        self.figures = counts

    def ids(self, code: str, *, held: bool, limit: int) -> list[LeadId]:
        """Return the first ids; with ``held`` those of held rows, with a chip's code those that carry it."""
        fitting = [r for r in self.shown if bool(r.held) == held]
        if code != "all":
            fitting = [r for r in fitting if any(c.code == code for c in r.chips)]
        return [r.lead_id for r in fitting][:limit]

    def views(self) -> list[str]:
        """Return that none is saved."""
        return []

    def rows(self, ids: Sequence[LeadId]) -> list[QueueRow]:
        """Return the rows of some ids."""
        by_id = {r.lead_id: r for r in self.shown}
        return [by_id[i] for i in ids if i in by_id]

    def counts(self) -> QueueCounts:
        """Return the figures."""
        return self.figures

    def window(self) -> WindowState:
        """Return that now may be called."""
        return WINDOW_OPEN

    def scores(self, lead_id: LeadId) -> Scores:
        """Return the scores of the picture."""
        return SCORES
