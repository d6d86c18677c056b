"""The team's definitions as frozen values: what a playbook says, in the form that the rules read.

Everything here is data; the functions that apply it stand in the module of their subject. Durations are
spelled out in the name (``_minutes``, ``_days``); ``bd`` is business day; times of day are local (Asia/Tokyo).
Source of the defaults: OUTCOMES.md and DOMAIN.md of the product's requirements.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time

from isdesk.domain.fields import Field
from isdesk.domain.touch import Channel, Direction, Reached


@dataclass(frozen=True, slots=True)
class Label:
    """A name that users see, in both languages."""

    ja: str
    en: str

    def in_(self, lang: str) -> str:
        """Return the label in ``lang`` (``ja`` or ``en``)."""
        return self.en if lang == "en" else self.ja


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a retry policy. Exactly one of the waits is given; ``slot`` asks for another part of the day.

    ``slot``: ``other_half`` (the other half-day), ``other_slot`` (the least tried, then the best learned),
    ``same_time``, ``any``. ``mail`` true means that mail or a social touch comes first (次の一手はメール).
    """

    minutes: int | None = None
    business_minutes: int | None = None
    bd: int | None = None
    days: int | None = None
    slot: str = "any"
    action: str = "retry"
    mail: bool = False


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """A ladder (再架電ルール): step n after the n-th outcome of this policy in the cycle.

    After the last step ``then`` names the policy to go on with; without it ``exhausted_days`` wakes the lead as
    nurture after that many days, with mails at ``mail_days`` before.
    """

    code: str
    steps: tuple[Step, ...]
    then: str | None = None
    exhausted_days: int | None = None
    mail_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Follow:
    """What an outcome makes the next action.

    ``kind`` is one of: ``policy`` (go down ``policy``), ``callback`` (at the time the rep was told, plus
    ``minutes``), ``plan`` (one ``step``), ``wake`` (nurture: ``field`` minus ``days_before``, at least
    ``min_days`` ahead, else ``else_days``), ``close``, ``handoff``, ``number`` (next usable number, else research),
    ``stay`` (nothing changes), ``merge``.
    ``action`` is the ActionKind code of the planned step. ``number`` with a ``step`` takes that step instead of the
    research where no other number is usable.
    """

    kind: str
    policy: str | None = None
    step: Step | None = None
    action: str = "retry"
    minutes: int = 0
    field: str | None = None
    days_before: int = 0
    min_days: int = 0
    else_days: int | None = None
    mail_today: bool = False
    mail_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One entry of the catalogue (架電結果), with the flags the code goes by; never by ``code``.

    ``dm_override``: reached_party decides whether a decision maker was reached (the "±" of OUTCOMES).
    ``counts_as_dial`` false: 発信取消, 重複. ``requires`` names what must be given: ``callback_at``,
    ``meeting_at``, ``fs_id``, ``reason``, ``adoption_at``, ``competitor``, ``note``. ``number_flag`` marks the dialled
    number (``not_in_service`` | ``fax`` | ``wrong``). ``terminal_if_no_number`` is the "T*". ``rank_delta`` raises
    intent. ``repeat_cooldown_days`` replaces ``cooldown_days`` from the second time on.
    ``promised``: whoever answered was told that we turn to them again, so that this goes before a sequence's step.
    ``proposed_on`` names the ends of a telephone call (`phone.End`) that propose it.
    ``tone`` is how the key is painted: ``plain`` | ``good`` | ``stop``. ``kana`` is its reading, to be found by.
    ``channels``: over which a contact can end so (DOMAIN 5.6); the telephone where nothing is said. ``direction``: who
    began a contact over another channel that ends so; one that came from the customer (a reply, a visit) is no answer
    of ours, so that the first-response clock goes on. ``after_meeting``: it says how a meeting went (無断欠席), so that
    one must have begun.
    """

    code: str
    label: Label
    group: str
    answered: bool
    dm_reached: bool
    meeting_set: bool
    follow: Follow
    counts_as_dial: bool = True
    dm_override: bool = False
    default_reached: Reached = Reached.NONE
    terminal: bool = False
    terminal_if_no_number: bool = False
    dnc: bool = False
    dnc_company: bool = False
    alert_team_lead: bool = False
    number_flag: str | None = None
    closes_company: bool = False
    closes_contact: bool = False
    requires: tuple[str, ...] = ()
    advance: str | None = None
    cap: int | None = None
    cooldown_days: int = 0
    repeat_cooldown_days: int | None = None
    company_cooldown_days: int = 0
    intent_bonus: int = 0
    counts_meeting: bool = True
    cancels_meeting: bool = False
    after_meeting: bool = False
    promised: bool = False
    sent: bool = True
    hotkey: str | None = None
    auto_advance: bool = True
    tone: str = "plain"
    active: bool = True
    crm_bucket: str = ""
    proposed_on: tuple[str, ...] = ()
    kana: str = ""
    channels: tuple[str, ...] = (Channel.PHONE.value,)
    direction: Direction = Direction.OUT

    @property
    def of_meeting(self) -> bool:
        """Return whether it is about a meeting that stands: it moves it, calls it off or says how it went."""
        moves = "meeting_at" in self.requires and not self.meeting_set and not self.counts_meeting
        return moves or self.cancels_meeting or self.after_meeting

    def on(self, channel: Channel) -> bool:
        """Return whether a contact over ``channel`` can end so."""
        return channel.value in self.channels


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of the business day for rotating attempts, e.g. AM1 9:30–10:30."""

    code: str
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Caps:
    """How often may be dialled (OUTCOMES, Caps)."""

    minutes_between: int = 60
    per_number_day: int = 2
    per_company_day: int = 3
    per_contact_cycle: int = 6
    company_rests_after_dial: bool = True


@dataclass(frozen=True, slots=True)
class Windows:
    """Calling windows (架電可能時間帯). Outside ``hard`` nothing is dialled; exact callbacks may leave ``soft``.

    ``soft`` holds (start, end) pairs for business days. ``warn`` holds (month, day, month, day) spans.
    """

    hard: tuple[time, time] = (time(8, 0), time(21, 0))
    soft: tuple[tuple[time, time], ...] = ((time(9, 30), time(12, 0)), (time(13, 0), time(17, 30)))
    best: tuple[tuple[time, time], ...] = ((time(10, 0), time(11, 30)), (time(13, 0), time(15, 0)))
    warn: tuple[tuple[int, int, int, int], ...] = ((8, 13, 8, 16),)


@dataclass(frozen=True, slots=True)
class BusinessTime:
    """Business hours for SLA clocks and the days on which the company is closed.

    ``closed`` are whole days (public holidays and company closing days, already resolved for the years in use);
    ``weekdays`` are Monday = 0.
    """

    hours: tuple[tuple[time, time], ...] = ((time(9, 0), time(12, 0)), (time(13, 0), time(18, 0)))
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Sla:
    """Speed between departments (DOMAIN 4), in business hours; ``at_risk_minutes`` before the end it warns."""

    first_response_hours: float = 4.0
    inbound_first_response_hours: float = 1.0
    fs_decision_hours: float = 8.0
    feedback_days: int = 2
    at_risk_minutes: int = 15


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """One rule of a score: where the condition holds, ``points`` are added; ``label`` explains it.

    Condition on a field of lead or company: ``field`` (``company.industry``, ``title``) with one of ``any_of``
    (contained in the text), ``none_of`` (known, and none contained), ``at_least`` / ``at_most`` (numbers), ``equals``,
    ``present``.
    """

    code: str
    label: Label
    points: int
    field: str
    any_of: tuple[str, ...] = ()
    equals: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    present: bool | None = None
    none_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignalRule:
    """One kind of intent event: ``points`` at once, halved every ``half_life_days``; at most ``cap`` in all."""

    code: str
    label: Label
    points: int
    half_life_days: float = 14.0
    cap: int = 60
    hot_hours: float = 24.0


@dataclass(frozen=True, slots=True)
class Scoring:
    """fit × intent × timing (DOMAIN 3). Each axis is clamped to 0–100; the bases keep an unknown from being zero."""

    fit_base: int = 30
    fit: tuple[ScoreRule, ...] = ()
    intent_base: int = 20
    intent: tuple[ScoreRule, ...] = ()
    signals: tuple[SignalRule, ...] = ()
    timing_base: int = 30
    timing: tuple[ScoreRule, ...] = ()
    timing_by_months: tuple[tuple[int, int], ...] = ((1, 100), (3, 90), (6, 70), (12, 45))
    mql_bar: int = 40
    rank_a: int = 70
    rank_b: int = 45


@dataclass(frozen=True, slots=True)
class Criterion:
    """One entry criterion of a stage or one condition: ``kind`` is ``field`` (present), ``score`` (priority at least
    ``value``), ``touch`` (an answered touch exists), ``handoff`` (a handoff is in state ``value``) or ``meeting``.
    """

    kind: str
    label: Label
    field: str | None = None
    value: str | int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage (リードステージ), its owner and what must hold to enter it (DOMAIN 2)."""

    code: str
    label: Label
    owner: str
    order: int
    entry: tuple[Criterion, ...] = ()
    needs_approval: bool = False
    callable: bool = True
    purpose: str = ""
    purpose_en: str = ""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One item of the handoff checklist (DOMAIN 6): done when all ``fields`` are known.

    A field may be ``company.x``, ``x`` of the lead, or ``history`` / ``score`` which the program fills itself.
    ``ask`` is the question to put to the customer where it is missing.
    """

    code: str
    label: Label
    fields: tuple[str, ...]
    required: bool = True
    ask: Label | None = None


@dataclass(frozen=True, slots=True)
class HandoffRules:
    """Which handoffs a team lead approves before FS gets them: all, those of some grades (``approval_grades``), and
    those of which any condition of ``approval`` holds.
    """

    needs_approval: bool = False
    approval_grades: tuple[str, ...] = ()
    approval: tuple[ScoreRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A verification question (検証質問) bound to a field: ``choices`` are offered as buttons, else text is typed."""

    code: str
    field: str
    label: Label
    choices: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    """One of the four phases of a talk script, or a step (script_node) beside them; ``text`` is a template.

    ``aside``: only a branch leads here; who comes to it goes on with the next phase that is not aside.
    ``incoming`` is said instead of ``text`` in a call that came in (着信); only the first phase has one.
    """

    code: str
    label: Label
    text: str
    questions: tuple[Question, ...] = ()
    text_en: str = ""
    aside: bool = False
    incoming: Label = Label("", "")

    def in_(self, lang: str) -> str:
        """Return the template in ``lang``; the Japanese one where there is no English."""
        return (self.text_en or self.text) if lang == "en" else self.text


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection (懸念・断り文句) and its rebuttal (切り返しトーク), a template too."""

    code: str
    label: Label
    text: str
    text_en: str = ""

    def in_(self, lang: str) -> str:
        """Return the template in ``lang``; the Japanese one where there is no English."""
        return (self.text_en or self.text) if lang == "en" else self.text


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch (分岐) of a script: where all of ``when`` holds in ``phase``, ``text`` is said and ``to`` comes next.

    ``to`` is a later phase, always: a conversation goes forward. The first branch that holds is the one.
    """

    code: str
    phase: str
    to: str
    label: Label
    when: tuple[ScoreRule, ...]
    text: str = ""
    text_en: str = ""

    def in_(self, lang: str) -> str:
        """Return the template in ``lang``; the Japanese one where there is no English."""
        return (self.text_en or self.text) if lang == "en" else self.text


@dataclass(frozen=True, slots=True)
class Script:
    """A talk script for a segment. ``when`` are conditions in the form of ScoreRule (points unused); all must hold.

    ``trial`` is a rival version: half of the leads hear it, always the same ones, for as long as it stands here.
    """

    code: str
    version: int
    label: Label
    phases: tuple[Phase, ...]
    objections: tuple[Objection, ...] = ()
    when: tuple[ScoreRule, ...] = ()
    rank: int = 0
    trial: Script | None = None
    branches: tuple[Branch, ...] = ()

    @property
    def ref(self) -> str:
        """Return the name under which a touch remembers it: ``code@version``."""
        return f"{self.code}@{self.version}"


@dataclass(frozen=True, slots=True)
class Source:
    """A lead source (流入経路): whether it is an inquiry of the customer's own (反響).

    ``first_response`` false: no first-response clock runs for it (cold lists that nobody waits behind).
    """

    code: str
    label: Label
    inbound: bool = False
    first_response: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that must be given: ``kind`` is ``refusal`` (お断り) | ``lost`` (失注) | ``won`` (受注要因) | ``return``
    (差し戻し) | ``recycle`` | ``withdraw`` | ``skip`` | ``snooze``.
    """

    code: str
    kind: str
    label: Label


@dataclass(frozen=True, slots=True)
class Raci:
    """One row of the RACI table (DOMAIN 1). ``actions`` and ``stages``: whose task it is (see `domain.raci`)."""

    code: str
    label: Label
    marketing: str
    inside_sales: str
    field_sales: str
    customer_success: str
    actions: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RubricItem:
    """One item of the talk evaluation: 0 to ``most`` points, counted ``weight`` times."""

    code: str
    label: Label
    most: int = 5
    weight: int = 1
    help: Label | None = None


@dataclass(frozen=True, slots=True)
class IntroductionStep:
    """One step: ``phase`` 1–3, ``owner`` a department, due by ``day``, ``check`` of `introduction.CHECKS` or empty."""

    code: str
    label: Label
    phase: int
    owner: str
    day: int
    check: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the readiness check, or one symptom of the self-assessment."""

    code: str
    label: Label
    check: str = ""


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """A mail template: a subject and a body in three parts (`domain.mail.PARTS`), all templates over the lead's facts.

    ``advertising`` false: it answers what somebody asked for and needs no consent. English parts may be missing.
    """

    code: str
    version: int
    label: Label
    subject: str
    parts: tuple[str, str, str]
    subject_en: str = ""
    parts_en: tuple[str, str, str] = ("", "", "")
    advertising: bool = True

    @property
    def ref(self) -> str:
        """Return the name under which a touch remembers it: ``code@version``."""
        return f"{self.code}@{self.version}"

    def in_(self, lang: str) -> tuple[str, str]:
        """Return subject and body in ``lang``; the Japanese ones where there is no English."""
        if self.language(lang) == "en":
            return self.subject_en, "\n\n".join(self.parts_en)
        return self.subject, "\n\n".join(self.parts)

    def language(self, lang: str) -> str:
        """Return the language it is filled in for ``lang``: ``en`` where it is there in English, else ``ja``."""
        return "en" if lang == "en" and self.subject_en and all(self.parts_en) else "ja"


@dataclass(frozen=True, slots=True)
class MailSender:
    """What 特定電子メール法 has a sender show; empty texts are what the team has not given yet.

    ``contact`` is where to complain (mail, telephone or web), ``unsubscribe`` where to opt out (mail or ``https``).
    """

    organisation: str = ""
    address: str = ""
    contact: str = ""
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class MailRules:
    """Mail: the sender, the team's templates, and the limit of mails an hour from one desk.

    ``heard_hours``: a sequence's mail leaves by itself only where this desk's mailbox was read within so many hours.
    Half a working day: whoever answered in the morning gets no mail in the afternoon, and a short outage holds nothing.
    """

    sender: MailSender = MailSender()
    templates: tuple[MailTemplate, ...] = ()
    per_hour: int = 60
    heard_hours: int = 4


@dataclass(frozen=True, slots=True)
class SequenceStep:
    """One step of a sequence: ``days`` business days after the first contact, over ``channel`` (`touch.Channel`).

    ``template`` is the code of a mail step's template. ``at`` is the time of day; None: the first preferred hour.
    ``label`` says what is to be done, for people; it may be missing.
    """

    channel: Channel
    days: int
    template: str = ""
    at: time | None = None
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence (シーケンス, DOMAIN 10): steps over several channels, in the order of their days.

    ``stops`` names what ends it beside what always does (see `domain.sequence`). ``automatic``: its mails leave by
    themselves; else each waits for the rep. ``gap_days``: so many business days at least lie between two steps that
    are late (never more than were planned). ``then_days``: business days from the last step to the call after it.
    """

    code: str
    version: int
    label: Label
    steps: tuple[SequenceStep, ...]
    stops: tuple[str, ...] = ("promise", "talk")
    automatic: bool = True
    gap_days: int = 2
    then_days: int = 3

    @property
    def ref(self) -> str:
        """Return the name under which an enrolment remembers it: ``code@version``."""
        return f"{self.code}@{self.version}"


@dataclass(frozen=True, slots=True)
class Rules:
    """All definitions of one playbook version.

    ``version`` is ``name@number+hash``: the hash of what is defined, so that an edit without a new number shows.
    ``groups`` names the groups of outcomes in the order in which they are shown. ``texts`` holds the team's own
    words for scripts (``my_company``, ``product``, ``pain.製造`` …; English under ``en.…``). ``targets`` are those of
    `kpi_catalogue.TARGETS` that the team has set; ``rights`` what each role may do (see `domain.roles`);
    ``rubric`` by what calls are evaluated; ``handoff`` which handoffs are approved first; ``introduction``,
    ``readiness`` and ``symptoms``: see `domain.introduction`; ``mail`` see `domain.mail`, ``sequences`` by code;
    ``link_hosts`` are the only ones to which links in scripts may lead.
    """

    version: str
    label: Label
    stages: dict[str, Stage]
    outcomes: dict[str, Outcome]
    policies: dict[str, RetryPolicy]
    slots: tuple[Slot, ...]
    caps: Caps
    windows: Windows
    business: BusinessTime
    sla: Sla
    scoring: Scoring
    checklist: tuple[ChecklistItem, ...]
    scripts: tuple[Script, ...]
    sources: dict[str, Source]
    reasons: tuple[Reason, ...]
    raci: tuple[Raci, ...] = ()
    fields: tuple[Field, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)
    groups: dict[str, Label] = field(default_factory=dict)
    targets: dict[str, float] = field(default_factory=dict)
    rights: dict[str, frozenset[str]] = field(default_factory=dict)
    rubric: tuple[RubricItem, ...] = ()
    handoff: HandoffRules = HandoffRules()
    introduction: tuple[IntroductionStep, ...] = ()
    readiness: tuple[Point, ...] = ()
    symptoms: tuple[Point, ...] = ()
    mail: MailRules = MailRules()
    link_hosts: tuple[str, ...] = ()
    sequences: dict[str, Sequence] = field(default_factory=dict)

    def by_hotkey(self) -> dict[str, Outcome]:
        """Return the active outcomes by the digit that records them."""
        return {o.hotkey: o for o in self.outcomes.values() if o.hotkey and o.active and o.on(Channel.PHONE)}

    def outcomes_on(self, channel: Channel) -> list[Outcome]:
        """Return the active outcomes of a channel in the order of the catalogue."""
        return [o for o in self.outcomes.values() if o.active and o.on(channel)]
