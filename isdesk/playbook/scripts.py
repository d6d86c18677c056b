"""Chooses the talk script for a lead and says what its variables stand for.

Every variable has words for the case that the fact is unknown, so that a script always reads as natural speech.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from isdesk.domain.conditions import hold_all
from isdesk.domain.fields import LEAD_FIELDS
from isdesk.domain.learning import assigned
from isdesk.domain.rules import Rules, Script
from isdesk.domain.state import LeadFacts
from isdesk.domain.touch import Channel, Touch, effective

VARIABLES: dict[str, tuple[str, str]] = {
    "company": ("会社名。不明なら「御社」", "company, or “your company”"),
    "company_short": ("法人格を除いた会社名。不明なら「御社」", "company without its legal form"),
    "company_sama": ("「青葉精機さま」。不明なら「御社」", "company as spoken to"),
    "name": ("氏名。不明なら「ご担当者」", "name, or “the person in charge”"),
    "last_name": ("姓。不明なら「ご担当者」", "family name"),
    "name_sama": ("「山田様」。不明なら「ご担当者様」", "name as spoken to"),
    "title": ("役職。不明なら「ご担当」", "title"),
    "department": ("部署。不明なら「ご担当部署」", "department"),
    "industry": ("業種。不明なら「同じ業界」", "industry"),
    "peers": ("同じ業種の会社の呼び方(部品メーカー など)", "what companies like theirs are called"),
    "typical_issue": ("その業種によくある課題", "an issue that companies like theirs have"),
    "source": ("流入経路の名前", "lead source"),
    "signal": ("直近の行動(資料ダウンロードなど)", "what they did last"),
    "last_touch": ("前回の接触日(11月19日)。なければ「先日」", "day of the last touch"),
    "issue": ("聞いた課題。不明なら業種によくある課題", "their issue as heard"),
    "purpose": ("聞いた目的", "their purpose as heard"),
    "current_method": ("現在の管理方法", "how they do it today"),
    "competitor": ("競合・現在のサービス", "competitor or present service"),
    "adoption_timing": ("検討時期", "time of adoption"),
    "contract_end": ("現契約の満了月(3月)", "month in which the contract ends"),
    "me": ("自分の姓", "your own family name"),
    "my_company": ("自社名", "your company"),
    "product": ("自社の商品・サービス", "your product"),
    "result": ("導入先で得られた成果", "what customers gained"),
    "meeting_minutes": ("打ち合わせの長さ(分)", "length of a meeting in minutes"),
    "meeting_time": ("決まった商談の日時(12月3日(木) 14:00)", "time of the meeting that was agreed"),
    "meeting_place": ("商談の場所。不明なら「ご案内した場所」", "place of the meeting"),
}
"""All variables that a script may use, with what they mean in Japanese and English."""

_FALLBACK: dict[str, dict[str, str]] = {
    "ja": {
        "company": "御社", "name": "ご担当者", "title": "ご担当", "department": "ご担当部署", "industry": "同じ業界",
        "peers": "同じ規模の会社", "typical_issue": "集計や確認に手間がかかっている", "source": "以前のお問い合わせ",
        "signal": "弊社サイトのご覧", "last_touch": "先日", "purpose": "業務の効率化", "current_method": "いまのやり方",
        "competitor": "いまお使いのサービス", "adoption_timing": "これから", "contract_end": "契約更新の時期",
        "me": "担当", "my_company": "弊社", "product": "弊社サービス", "result": "作業時間が大きく減った",
        "meeting_minutes": "15", "meeting_time": "お約束の日時", "meeting_place": "ご案内した場所",
    },
    "en": {
        "company": "your company", "name": "the person in charge", "title": "your role",
        "department": "your department",
        "industry": "your industry", "peers": "companies of your size",
        "typical_issue": "collecting and checking figures takes a lot of time", "source": "your earlier inquiry",
        "signal": "your visit to our site", "last_touch": "the other day", "purpose": "working more efficiently",
        "current_method": "your present way", "competitor": "your present service", "adoption_timing": "soon",
        "contract_end": "your renewal", "me": "a member of the team", "my_company": "our company",
        "product": "our service", "result": "the work takes far less time", "meeting_minutes": "15",
        "meeting_time": "the time we agreed on", "meeting_place": "as agreed",
    },
}  # fmt: skip

_TOKYO = ZoneInfo("Asia/Tokyo")
_LEGAL = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|一般財団法人|公益社団法人|公益財団法人|社会福祉法人|医療法人|学校法人"
    r"|\((?:株|有|合|同)\)|(?:[,\s]+(?:inc|ltd|llc|corp|corporation|co)\.?)+$",
    re.IGNORECASE,
)
_PLAIN_FIELDS = ("title", "department", "issue", "purpose", "current_method", "competitor")
_MAX = 120


def one_line(value: object) -> str:
    """Return a value as one trimmed line, short enough to be spoken."""
    text = " ".join(str(value).split()) if value is not None else ""
    return text if len(text) <= _MAX else text[: _MAX - 1] + "…"


def company_short(name: str) -> str:
    """Return a company name without its legal form: 青葉精機株式会社 → 青葉精機."""
    flat = name.replace("㈱", "(株)").replace("㈲", "(有)").replace("(", "(").replace(")", ")")
    return _LEGAL.sub("", flat).strip(" 　・") or name.strip()


def last_name(name: str) -> str:
    """Return the family name of a Japanese name; all of it where it is written without a space."""
    parts = unicodedata.normalize("NFKC", name).split()
    return parts[0] if parts else ""


def variables(
    facts: LeadFacts, touches: Sequence[Touch], *, me: str, rules: Rules, lang: str = "ja", my_company: str = ""
) -> dict[str, str]:
    """Return the words for all `VARIABLES` for a lead: known facts, else the words that fit where one is unknown.

    ``me`` is the rep's name as the team knows it; ``my_company`` stands in place of the playbook's where it is given.
    No word is ever empty.
    """
    fallback = _FALLBACK["en" if lang == "en" else "ja"]
    out = dict(fallback)
    out |= _team(rules, one_line(facts.get("company.industry")), lang)
    out |= {k: v for k in _PLAIN_FIELDS if (v := one_line(facts.get(k)))}
    out |= _people(facts, me, lang, fallback)
    out |= _past(facts, touches, rules, lang)
    out.setdefault("issue", out["typical_issue"])
    if own := one_line(my_company):
        out["my_company"] = own
    out |= _meeting(facts, lang)
    return {name: out[name] for name in VARIABLES}


def _meeting(facts: LeadFacts, lang: str) -> dict[str, str]:
    out = {"meeting_place": place} if (place := one_line(facts.get("meeting_place"))) else {}
    try:
        at = datetime.fromisoformat(str(facts.get("meeting_at") or ""))
    except ValueError:
        return out
    local = at.astimezone(_TOKYO)
    day = f"{local:%Y-%m-%d}" if lang == "en" else f"{local.month}月{local.day}日({'月火水木金土日'[local.weekday()]})"
    return out | {"meeting_time": f"{day} {local:%H:%M}"}


def _team(rules: Rules, industry: str, lang: str) -> dict[str, str]:
    prefix = "en." if lang == "en" else ""
    words = {k[len(prefix) :]: v for k, v in rules.texts.items() if v and k.startswith(prefix)}
    if lang == "en":
        words = {**{k: v for k, v in rules.texts.items() if k in VARIABLES and v.isascii()}, **words}
    out = {k: v for k, v in words.items() if k in VARIABLES}
    for name, group in (("typical_issue", "pain."), ("peers", "peers.")):
        found = _by_industry(words, group, industry)
        if found:
            out[name] = found
    if industry and lang != "en":
        out["industry"] = industry
    return out


def _by_industry(words: Mapping[str, str], group: str, industry: str) -> str:
    named = {k[len(group) :]: v for k, v in words.items() if k.startswith(group)}
    for part, text in named.items():
        if part != "default" and part in industry:
            return text
    return named.get("default", "")


def _people(facts: LeadFacts, me: str, lang: str, fallback: Mapping[str, str]) -> dict[str, str]:
    company, name = one_line(facts.get("company.name")), one_line(facts.get("name"))
    short, family = company_short(company) if company else "", last_name(name)
    out = {
        "company": company or fallback["company"],
        "company_short": short or fallback["company"],
        "name": name or fallback["name"],
        "last_name": family or fallback["name"],
    }
    if lang == "en":
        out["company_sama"], out["name_sama"] = out["company_short"], out["name"]
    else:
        out["company_sama"] = f"{short}さま" if short else fallback["company"]
        out["name_sama"] = f"{out['last_name']}様"
    if mine := last_name(one_line(me)):
        out["me"] = mine
    return out


def _past(facts: LeadFacts, touches: Sequence[Touch], rules: Rules, lang: str) -> dict[str, str]:
    out: dict[str, str] = {}
    seen = effective(list(touches))
    spoken = [t for t in seen if t.signal is None and t.channel is not Channel.NOTE]
    if spoken:
        out["last_touch"] = _day(spoken[-1].at, lang)
    labels = {s.code: s.label for s in rules.scoring.signals}
    signals = [t.signal for t in seen if t.signal in labels]
    if signals and signals[-1] is not None:
        out["signal"] = labels[signals[-1]].in_(lang)
    source = one_line(facts.get("lead_source"))
    if source:
        known = rules.sources.get(source)
        out["source"] = known.label.in_(lang) if known else source
        out.setdefault("signal", out["source"])
    timing = facts.get("adoption_timing")
    for code, ja, en in LEAD_FIELDS["adoption_timing"].choices:
        if code == timing:
            out["adoption_timing"] = en if lang == "en" else ja
    end = one_line(facts.get("contract_end"))
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", end):
        out["contract_end"] = end[:7] if lang == "en" else f"{int(end[5:7])}月"
    return out


def _day(at: datetime, lang: str) -> str:
    local = at.astimezone(_TOKYO)
    return f"{local:%Y-%m-%d}" if lang == "en" else f"{local.month}月{local.day}日"


def choose(scripts: Sequence[Script], facts: LeadFacts) -> Script | None:
    """Return the script for a lead: of those whose conditions all hold the highest rank, then the most conditions.

    Of a script that is being compared, the version that the lead hears all the while (`domain.learning.assigned`). None
    only where no script fits at all; a valid playbook has one without conditions.
    """
    fitting = [s for s in scripts if hold_all(s.when, facts)]
    found = min(fitting, key=lambda s: (-s.rank, -len(s.when), s.code, -s.version), default=None)
    if found is None or found.trial is None:
        return found
    both = {one.ref: one for one in (found, found.trial)}
    return both[assigned(facts.id, "|".join(sorted(both)), list(both))]
