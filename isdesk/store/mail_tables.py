"""Mails on their way from this device: one row per mail, which says how far it has come (see `isdesk.store.mails`)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from isdesk.store.tables import STRICT, Base, Count, Off, Word

Key = Annotated[str, mapped_column(Text, primary_key=True)]


class Mail(Base):
    """One mail; ``left_at`` is when it may have begun to leave, NULL before."""

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index(None, "lead_id"),
        Index(None, "state", "due_at"),
        Index(None, "left_at", sqlite_where=text("left_at IS NOT NULL")),
        STRICT,
    )

    id: Mapped[Key]
    lead_id: Mapped[str]
    member_id: Mapped[str]
    device_id: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    message_id: Mapped[str]
    template: Mapped[Word]
    advertising: Mapped[Off]
    state: Mapped[str]
    attempts: Mapped[Count]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    error: Mapped[Word]
    answer: Mapped[Word]
