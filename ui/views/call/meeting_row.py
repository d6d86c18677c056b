"""The row that asks for a meeting's time: free slots of FS on number keys, and a word where it is taken."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import Signal
from typing_extensions import override

from isdesk.domain.work_calendar import WorkCalendar
from isdesk.services.booking import Free, Slots
from ui.theme.tokens import Size
from ui.views.call import phrases
from ui.views.call.ask_rows import TimeRow
from ui.views.call.kit import Text

_MOST = 9


class MeetingRow(TimeRow):
    """A meeting's time. ``person_picked(id)``: a slot was taken that belongs to somebody of FS."""

    person_picked = Signal(str)

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self._slots: Slots | None = None
        self._fs = ""
        self._people: list[str] = []
        self._today: date | None = None
        self._told: tuple[str, datetime] | None = None
        self.known = Text(ink="dim", size=Size.TINY, wrap=True)
        self.warning = Text(ink="bad", size=Size.SMALL, bold=True, wrap=True)
        self.side.addWidget(self.known)
        self.side.addWidget(self.warning)
        self.known.hide()
        self.warning.hide()
        self.edit.textChanged.connect(lambda _: self._settle())

    @override
    def begin(self, now: datetime, calendar: WorkCalendar, *, soon: bool = True) -> None:
        self._slots, self._people, self._told = None, [], None
        self._today = phrases.tokyo(now).date()
        super().begin(now, calendar, soon=soon)
        self.known.hide()
        self.warning.hide()

    def offer(self, slots: Slots | None, fs_id: str | None) -> None:
        """Offer what is free: of one person of FS, or of all where none is chosen yet.

        Without any calendar the quick picks stay; what is known of other meetings is warned of all the same.
        """
        self._slots, self._fs = slots, fs_id or ""
        if slots is None or self._today is None:
            return
        people = [one for one in slots.people if one.heard_at is not None and (not fs_id or one.fs_id == fs_id)]
        if people:
            found = sorted((at, one.fs_id, one.name) for one in people for at in one.times)[:_MOST]
            self._people = [who for _, who, _ in found]
            words = [phrases.moment_text(at, self._today) + f" {name}" for at, _, name in found]
            self._offer([(text, _typed(at)) for text, (at, _, _) in zip(words, found, strict=True)])
        self.known.show_text(self._heard(slots, people))
        self.known.show()
        self._settle()

    def _heard(self, slots: Slots, people: list[Free]) -> str:
        if not people or self._today is None:
            return self.tr("FSの予定表はまだ読んでいません。この端末が知る商談との重なりだけを確かめます。")
        oldest = min(one.heard_at for one in people if one.heard_at is not None)
        when = phrases.moment_text(oldest, self._today)
        if not any(one.times for one in people):
            return self.tr("予定表({when} 時点)に、この先の空きがありません。").format(when=when)
        return self.tr("FSの空き {minutes}分 ・ 予定表は {when} 時点").format(minutes=slots.minutes, when=when)

    @override
    def _pick(self, index: int) -> None:
        answer = self._answers[index]  # who is picked narrows what is offered: read it before
        if index < len(self._people):
            self.person_picked.emit(self._people[index])
        self._put(answer)

    @property
    def taken(self) -> bool:
        """Return whether the time is taken as far as is known here."""
        return self._slots is not None and self.value is not None and self._slots.taken(self._fs, self.value)

    @property
    def knowingly(self) -> bool:
        """Return whether the person was told that this very time is taken."""
        return self.taken and self.value is not None and self._told == (self._fs, self.value)

    def warn(self) -> bool:
        """Tell once that the time is taken; return whether that was news."""
        if not self.taken or self.knowingly or self.value is None:
            return False
        self._told = (self._fs, self.value)
        self._settle()
        return True

    def _settle(self) -> None:
        text = ""
        if self.taken and self._slots is not None:
            person = self._slots.of(self._fs)
            name = person.name if person is not None else ""
            text = self.tr("{name}さんのほかの予定と重なります。").format(name=name)
            if self.knowingly:
                text += self.tr("もう一度 Enter で、重なったまま記録します。")
        self.warning.show_text(text)
        self.warning.setVisible(bool(text))


def _typed(at: datetime) -> str:
    return f"{phrases.tokyo(at):%Y/%m/%d %H:%M}"
