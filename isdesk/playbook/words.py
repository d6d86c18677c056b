"""Rules in words, in Japanese and English: what a follow-up, a ladder, a condition or a criterion says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import time
from functools import cache

from isdesk.domain.fields import Field
from isdesk.domain.rules import Follow, Outcome, RetryPolicy, Rules, ScoreRule, Step
from isdesk.domain.touch import Direction
from isdesk.playbook.sources import resources

_SLOT = {
    "ja": {"other_half": "逆の半日", "other_slot": "別の時間帯", "same_time": "同じ時刻", "any": ""},
    "en": {"other_half": "other half-day", "other_slot": "another slot", "same_time": "same time", "any": ""},
}
_FOLLOW = {
    "ja": {
        "callback": "約束の時刻に架電", "close": "終了(キューから外す)", "handoff": "引き継ぎの準備へ",
        "number": "次の番号にかける。なければ番号を調べる", "stay": "予定は変わらない", "merge": "統合へ",
    },
    "en": {
        "callback": "call at the promised time", "close": "close (leaves the queue)", "handoff": "prepare the handoff",
        "number": "dial the next number, else look for one", "stay": "the plan stays", "merge": "merge",
    },
}  # fmt: skip


@cache
def fixed(part: str, lang: str) -> Mapping[str, str]:
    """Return the headings and set phrases of a document: ``part`` is ``definitions`` or ``memo``."""
    data = tomllib.loads((resources() / "templates" / "words.toml").read_text("utf-8"))
    return {code: label["en" if lang == "en" else "ja"] for code, label in data[part].items()}


def clock(at: time) -> str:
    """Return a time of day as 9:30."""
    return f"{at.hour}:{at.minute:02d}"


def spans(given: tuple[tuple[time, time], ...], lang: str) -> str:
    """Return parts of the day as 9:30〜12:00、13:00〜17:30."""
    return ("、" if lang == "ja" else ", ").join(f"{clock(a)}–{clock(b)}" for a, b in given)


def number(value: float) -> str:
    """Return a number without a needless decimal point."""
    return f"{value:g}"


def wait(step: Step, lang: str) -> str:
    """Return the wait of a step: +3営業時間, +1営業日."""
    if step.minutes is not None:
        return f"+{step.minutes}分" if lang == "ja" else f"+{step.minutes} min"
    if step.business_minutes is not None:
        hours, rest = divmod(step.business_minutes, 60)
        if rest:
            return f"+{step.business_minutes}営業分" if lang == "ja" else f"+{step.business_minutes} business min"
        return f"+{hours}営業時間" if lang == "ja" else f"+{hours} business h"
    if step.bd is not None:
        return f"+{step.bd}営業日" if lang == "ja" else f"+{_count(step.bd, 'business day')}"
    return f"+{step.days}日" if lang == "ja" else f"+{_count(step.days or 0, 'day')}"


def _count(n: float, unit: str) -> str:
    return f"{number(n)} {unit}" + ("" if n == 1 else "s")


def rung(step: Step, lang: str) -> str:
    """Return a whole step: +1営業日(別の時間帯)."""
    notes = [_SLOT[lang][step.slot]] if _SLOT[lang][step.slot] else []
    if step.mail:
        notes.append("先にメール・SNS" if lang == "ja" else "mail or SNS first")
    inside = ("、" if lang == "ja" else ", ").join(notes)
    return wait(step, lang) + (_bracket(inside, lang) if inside else "")


def _bracket(text: str, lang: str) -> str:
    return f"({text})" if lang == "ja" else f" ({text})"


def ladder_end(policy: RetryPolicy, names: Mapping[str, str], lang: str) -> str:
    """Return what follows the last step of a ladder."""
    if policy.then:
        name = names.get(policy.then, policy.then)
        return f"続きは「{name}」" if lang == "ja" else f"then “{name}”"
    mails = mail_days(policy.mail_days, lang)
    days = policy.exhausted_days or 0
    rest = f"{days}日後に育成から復帰" if lang == "ja" else f"back from nurture after {days} days"
    return f"{mails} → {rest}" if mails else rest


def mail_days(days: tuple[int, ...], lang: str) -> str:
    """Return the mails of a rule: メール 3・7・14営業日後."""
    if not days:
        return ""
    if lang == "ja":
        return f"メール {'・'.join(str(d) for d in days)}営業日後"
    return f"mail after {', '.join(str(d) for d in days)} business days"


def follow(
    outcome: Outcome, rules: Rules, policy_names: Mapping[str, str], fields: Mapping[str, Field], lang: str
) -> str:
    """Return the next action that an outcome makes, in one line."""
    f = outcome.follow
    parts = [_core(f, outcome, rules, policy_names, fields, lang)]
    if f.mail_today:
        parts.insert(0, "当日メール" if lang == "ja" else "mail today")
    if mails := mail_days(f.mail_days, lang):
        parts.append(mails)
    parts += _limits(outcome, lang)
    return ("、" if lang == "ja" else "; ").join(p for p in parts if p)


def _core(
    f: Follow, outcome: Outcome, rules: Rules, names: Mapping[str, str], fields: Mapping[str, Field], lang: str
) -> str:
    if f.kind == "policy" and f.policy in rules.policies:
        name = names.get(f.policy, f.policy)
        first = rung(rules.policies[f.policy].steps[0], lang)
        return f"再架電ルール「{name}」、まず {first}" if lang == "ja" else f"ladder “{name}”, first {first}"
    if f.kind == "plan" and f.step is not None:
        return rung(f.step, lang) + ("に架電" if lang == "ja" and f.action != "nurture" else "")
    if f.kind == "wake":
        return _wake(f, fields, lang)
    if f.kind == "callback" and f.minutes:
        return f"戻り時刻の{f.minutes}分後に架電" if lang == "ja" else f"call {f.minutes} min after the stated time"
    if f.kind == "number" and f.step is not None:
        step = rung(f.step, lang)
        return f"次の番号にかける。なければ{step}" if lang == "ja" else f"dial the next number, else {step}"
    if outcome.dnc:
        return "終了(架電禁止を登録)" if lang == "ja" else "close and register do-not-call"
    return _FOLLOW[lang].get(f.kind, "")


def _wake(f: Follow, fields: Mapping[str, Field], lang: str) -> str:
    spec = fields.get(f.field or "")
    name = (spec.ja if lang == "ja" else spec.en) if spec else ""
    if lang == "ja":
        when = f"「{name}」の{f.days_before}日前に復帰" if f.days_before else f"「{name}」に復帰"
        least = f"(早くても{f.min_days}日後)" if f.min_days else ""
        rest = f"不明なら{f.else_days}日後" if f.else_days else ""
        return "、".join(x for x in ((when + least) if name else "", rest) if x)
    when = f"{f.days_before} days before “{name}”" if f.days_before else f"at “{name}”"
    least = f" (at least {f.min_days} days ahead)" if f.min_days else ""
    rest = f"if unknown after {f.else_days} days" if f.else_days else ""
    return ", ".join(x for x in ((when + least) if name else "", rest) if x)


def _limits(outcome: Outcome, lang: str) -> list[str]:
    ja = lang == "ja"
    out = []
    if outcome.cap:
        out.append(f"上限{outcome.cap}回" if ja else f"at most {outcome.cap} times")
    if outcome.cooldown_days:
        again = outcome.repeat_cooldown_days
        twice = (f"・2回目から{again}日" if ja else f", {again} from the second time") if again else ""
        days = outcome.cooldown_days
        out.append(f"クールダウン{days}日{twice}" if ja else f"cooldown {days} days{twice}")
    if outcome.company_cooldown_days:
        days = outcome.company_cooldown_days
        out.append(f"会社全体のクールダウン{days}日" if ja else f"company cooldown {days} days")
    if outcome.promised:
        out.append("シーケンスより先" if ja else "before a sequence")
    if outcome.alert_team_lead:
        out.append("チームリーダーへ通知" if ja else "team lead is told")
    return out


def flags(outcome: Outcome, lang: str) -> str:
    """Return the flags of an outcome: 通電・接続(±)・商談設定・終了・架電禁止."""
    ja = lang == "ja"
    either = "±" if outcome.dm_override else ""
    given = (
        (outcome.answered, "通電", "answered"),
        (outcome.dm_reached, f"接続{either}", f"DM{either}"),
        (not outcome.dm_reached and outcome.dm_override, "(接続±)", "(DM±)"),
        (outcome.meeting_set, "商談設定", "meeting"),
        (outcome.terminal, "終了", "closes"),
        (outcome.terminal_if_no_number, "番号がなければ終了", "closes without a number"),
        (outcome.dnc, "架電禁止", "do not call"),
        (not outcome.counts_as_dial, "架電に数えない", "not a dial"),
        (outcome.direction is Direction.IN, "お客様から", "from the customer"),
    )
    words = [(j if ja else e) for on, j, e in given if on]
    return ("・" if ja else ", ").join(words)


def condition(rule: ScoreRule, fields: Mapping[str, Field], lang: str) -> str:
    """Return a condition in words: 業種に「製造」「メーカー」を含む."""
    spec = fields.get(rule.field)
    name = rule.field if spec is None else (spec.ja if lang == "ja" else spec.en)
    ja = lang == "ja"
    if rule.any_of:
        listed = "".join(f"「{p}」" for p in rule.any_of) if ja else ", ".join(rule.any_of)
        return f"{name}に{listed}のどれかを含む" if ja else f"{name} contains one of {listed}"
    if rule.none_of:
        listed = "".join(f"「{p}」" for p in rule.none_of) if ja else ", ".join(rule.none_of)
        return f"{name}が分かっていて{listed}ではない" if ja else f"{name} is known and none of {listed}"
    if rule.equals is not None:
        value = _choice(spec, rule.equals, lang)
        return f"{name}が「{value}」" if ja else f"{name} is “{value}”"
    if rule.present is not None:
        known = rule.present
        return f"{name}が分かっている" if ja and known else f"{name}が不明" if ja else (
            f"{name} is known" if known else f"{name} is not known"
        )  # fmt: skip
    low = number(rule.at_least) if rule.at_least is not None else ""
    high = number(rule.at_most) if rule.at_most is not None else ""
    return f"{name} {low}〜{high}" if ja else f"{name} {low}–{high}"


def _choice(spec: Field | None, code: str, lang: str) -> str:
    for known, ja, en in spec.choices if spec else ():
        if known == code:
            return ja if lang == "ja" else en
    return {"true": "はい" if lang == "ja" else "yes"}.get(code, code)
