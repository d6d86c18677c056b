"""The people and companies of a demo team: composed names, numbers that cannot ring, mail that goes nowhere."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from isdesk.domain.changes import Value
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member

INBOUND = ("inquiry", "download", "trial")
SOURCES = (
    ("list", 34),
    ("download", 18),
    ("inquiry", 9),
    ("trial", 5),
    ("seminar", 12),
    ("exhibition", 12),
    ("business_card", 6),
    ("referral", 4),
)
LISTS = ("2026下期 製造業リスト", "展示会フォロー", "休眠掘り起こし")


@cache
def words() -> dict[str, Any]:
    """Return the word lists of ``resources/demo/words.toml``."""
    from isdesk.paths import data

    return tomllib.loads(data("resources", "demo", "words.toml").read_text(encoding="utf-8"))


_MIDDLE, _LARGE = 100, 1000
"""From so many employees on a company of the demo is middle-sized, and large."""


@dataclass
class Firm:
    """A company that was made up, with what its people share."""

    id: str
    fields: dict[str, Value]
    industry: str
    domain: str
    people: int = 0
    issues: tuple[str, ...] = field(default=())


class Maker:
    """Makes people and companies from one source of randomness; the same seed makes the same ones."""

    def __init__(self, random: Random, lang: str) -> None:
        self.random = random
        self.lang = lang
        self.en = lang == "en"
        self._names: set[str] = set()
        self._made = 0

    def id(self, kind: str, number: int) -> str:
        """Return an id that looks like any other and is the same for the same seed."""
        high = self.random.getrandbits(48)
        return f"{number:08x}-{kind}-7{high & 0xFFF:03x}-8{high >> 12 & 0xFFF:03x}-{self.random.getrandbits(48):012x}"

    def member(self, number: int, role: str) -> Member:
        """Return a person of the team."""
        name, romaji = self.person(self.random)
        mail = f"{romaji.split()[0].lower()}.{number}@haruka-works.example"
        return Member(MemberId(self.id("0001", number)), name, role, mail)

    def person(self, random: Random) -> tuple[str, str]:
        """Return a name as it is written in the demo's language, and in Latin letters (family name first)."""
        lists = words()
        family, given = random.choice(lists["family"]), random.choice(lists["given"])
        romaji = f"{family[2]} {given[2]}"
        return (f"{given[2]} {family[2]}" if self.en else f"{family[0]} {given[0]}"), romaji

    def kana(self, name: str) -> str:
        """Return the reading of a Japanese name made by `person`."""
        lists = words()
        family, _, given = name.partition(" ")
        readings = {one[0]: one[1] for one in (*lists["family"], *lists["given"])}
        return f"{readings.get(family, '')} {readings.get(given, '')}".strip()

    def firm(self, number: int) -> Firm:
        """Return a company of its own name."""
        random, lists = self.random, words()
        industry = random.choices(lists["industries"], [one["weight"] for one in lists["industries"]])[0]
        place, suffix, name = self._free_name(industry)
        prefecture, exchange = random.choice(lists["prefectures"])
        domain = f"{place[2]}-{suffix[2]}".lower().replace(" ", "") + ".example"
        fields: dict[str, Value] = {
            "name": name,
            "industry": industry["en"] if self.en else industry["name"],
            "employees": int(random.choice((12, 30, 45, 80, 120, 180, 240, 320, 480, 650, 900, 1500, 3200))),
            "prefecture": prefecture,
            "phone": f"{exchange}{number % 10_000:04d}"[:12],
            "website": f"https://www.{domain}",
        }
        if not self.en:
            fields["name_kana"] = f"{place[1]}{suffix[1]}"
        issues = tuple(lists["issues"].get(industry["name"], ()))
        return Firm(self.id("0002", number), fields, industry["name"], domain, issues=issues)

    def _free_name(self, industry: dict[str, Any]) -> tuple[list[str], list[str], str]:
        random, lists = self.random, words()
        for attempt in range(10_000):
            place, suffix = random.choice(lists["places"]), random.choice(industry["suffixes"])
            area = "" if attempt < 20 else random.choice(("新", "東", "西"))
            if self.en:
                name = f"{place[2]} {suffix[2]} Co., Ltd."
            else:
                stem = f"{area}{place[0]}{suffix[0]}"
                name = random.choice((f"{stem}株式会社", f"株式会社{stem}", f"{stem}株式会社"))
            if name not in self._names:
                break
        self._names.add(name)
        return place, suffix, name

    def contact(self, number: int, firm: Firm) -> dict[str, Value]:
        """Return the fields of a person who works there."""
        random, lists = self.random, words()
        firm.people += 1
        name, romaji = self.person(random)
        at = random.randrange(len(lists["departments"]))
        title = random.choices(lists["titles"], [one[2] for one in lists["titles"]])[0]
        source = random.choices([s for s, _ in SOURCES], [w for _, w in SOURCES])[0]
        fields: dict[str, Value] = {
            "name": name,
            "department": lists["departments_en"][at] if self.en else lists["departments"][at],
            "title": title[1] if self.en else title[0],
            "email": f"{romaji.replace(' ', '.').lower()}@{firm.domain}",
            "lead_source": source,
            "segment": self._segment(firm),
            "company_id": firm.id,
            "stage": "mql",
        }
        if not self.en:
            fields["name_kana"] = self.kana(name)
        if random.random() < 0.55:
            fields["phone_direct"] = f"{str(firm.fields['phone'])[:-4]}{(number * 7 + 1) % 10_000:04d}"
        if random.random() < 0.3:
            fields["phone_mobile"] = f"+819000{number % 1_000_000:06d}"
        if source == "list":
            fields["target_list"] = random.choice(LISTS)
        self._known(fields, firm)
        return fields

    def _segment(self, firm: Firm) -> str:
        """Return the segment of a company by its size."""
        people = int(str(firm.fields["employees"]))
        if people < _MIDDLE:
            return "SMB"
        if people < _LARGE:
            return "Mid-market" if self.en else "中堅"
        return "Enterprise" if self.en else "エンタープライズ"

    def _known(self, fields: dict[str, Value], firm: Firm) -> None:
        """Some things are known before the first call: what the form asked."""
        random, lists = self.random, words()
        inbound = fields["lead_source"] in INBOUND
        if random.random() < (0.6 if inbound else 0.15):
            fields["interest_product"] = random.choice(lists["products"])
        if random.random() < (0.45 if inbound else 0.1):
            fields["adoption_timing"] = random.choice(("this_month", "3_months", "3_months", "6_months", "undecided"))
        if random.random() < (0.35 if inbound else 0.1):
            fields["current_method"] = random.choice(lists["methods"])
        if inbound and firm.issues and random.random() < 0.4:
            fields["issue"] = random.choice(firm.issues)
