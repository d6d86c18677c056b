"""What the team files, and figures kept by business day with the days that are out of date.

The figures can be made anew from the facts at any time.

Triggers note the days whose figures a new fact, or a lead that moved to another segment or list, has changed, in the
transaction that changed them; `isdesk.store.figures` makes those days anew when figures are asked for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from sqlalchemy import Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from isdesk.store.figures import DAY
from isdesk.store.tables import STRICT, Base, Facts, Off, only_insert

Key = Annotated[str, mapped_column(Text, primary_key=True)]
Day = Annotated[int, mapped_column(Integer, primary_key=True, autoincrement=False)]


class Figure(Base):
    """The counts of one business day for one value (``key``) of one dimension; names are those of `domain.kpi`."""

    __tablename__ = "figure"
    __table_args__ = ({**STRICT, "sqlite_with_rowid": False},)

    dim: Mapped[Key]
    key: Mapped[Key]
    day: Mapped[Day]
    dials: Mapped[int]
    answered: Mapped[int]
    dm_reached: Mapped[int]
    contact_person_reached: Mapped[int]
    meetings_gross: Mapped[int]
    meetings_canceled: Mapped[int]
    meetings_dm: Mapped[int]
    meetings_without_dm: Mapped[int]
    inbound_calls: Mapped[int]
    talk_seconds: Mapped[int]


class Filing(Base):
    """Something that the team filed (see `domain.filing`). INSERT only."""

    __tablename__ = "filing"
    __table_args__ = (
        UniqueConstraint("device_id", "device_seq"),
        Index(None, "kind", "subject"),
        Index(None, "journal_id", sqlite_where=text("journal_id IS NOT NULL")),
        STRICT,
    )

    id: Mapped[Key]
    kind: Mapped[str]
    subject: Mapped[str]
    lead_id: Mapped[str | None]
    member_id: Mapped[str]
    device_id: Mapped[str]
    device_seq: Mapped[int]
    journal_id: Mapped[str | None]
    at: Mapped[datetime]
    payload: Mapped[Facts]
    corrects: Mapped[str | None]
    void: Mapped[Off]


class FigureStale(Base):
    """A business day whose figures are to be made anew."""

    __tablename__ = "figure_stale"
    __table_args__ = ({**STRICT, "sqlite_with_rowid": False},)

    day: Mapped[Day]


_STALE = "INSERT OR IGNORE INTO figure_stale (day)"
_MOVED = " OR ".join(
    f"json_extract(old.facts, '$.{code}') IS NOT json_extract(new.facts, '$.{code}')"
    for code in ("segment", "target_list", "company_id")
)
_OF_LEAD = f"{_STALE} SELECT DISTINCT {DAY.format('t.at')} FROM touch t WHERE t.lead_id = {{}}.id"

_CORRECTED = f"{_STALE} SELECT {DAY.format('t.at')} FROM touch t WHERE t.id = new.corrects"
_KNOWN = "EXISTS (SELECT 1 FROM touch WHERE lead_id = new.id)"

_JOINED = "FROM touch t JOIN lead l ON l.id = t.lead_id WHERE l.company_id = new.id"
_OF_COMPANY = f"{_STALE} SELECT DISTINCT {DAY.format('t.at')} {_JOINED}"
_KNOWN_COMPANY = "EXISTS (SELECT 1 FROM lead WHERE company_id = new.id)"
_INDUSTRY = "json_extract(old.facts, '$.industry') IS NOT json_extract(new.facts, '$.industry')"

TRIGGERS: tuple[str, ...] = (
    f"CREATE TRIGGER figure_company_moved AFTER UPDATE OF facts ON company WHEN {_INDUSTRY} BEGIN {_OF_COMPANY}; END",
    f"CREATE TRIGGER figure_company_came AFTER INSERT ON company WHEN {_KNOWN_COMPANY} BEGIN {_OF_COMPANY}; END",
    *only_insert("filing"),
    f"CREATE TRIGGER figure_touch AFTER INSERT ON touch BEGIN {_STALE} VALUES ({DAY.format('new.at')}); END",
    f"CREATE TRIGGER figure_correction AFTER INSERT ON touch WHEN new.corrects IS NOT NULL BEGIN {_CORRECTED}; END",
    f"CREATE TRIGGER figure_lead_moved AFTER UPDATE OF facts ON lead WHEN {_MOVED} BEGIN {_OF_LEAD.format('new')}; END",
    f"CREATE TRIGGER figure_lead_came AFTER INSERT ON lead WHEN {_KNOWN} BEGIN {_OF_LEAD.format('new')}; END",
    f"CREATE TRIGGER figure_lead_went AFTER DELETE ON lead BEGIN {_OF_LEAD.format('old')}; END",
)
