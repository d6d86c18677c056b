"""The clock of a call: starts when a number is dialled, stops with the outcome."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

_TICK_MS = 250


class CallTimer(QObject):
    """Counts whole seconds since the dial, by a clock that never goes back."""

    ticked = Signal(int)
    stopped = Signal()

    def __init__(self, monotonic: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._monotonic = monotonic
        self._since: float | None = None
        self._held: int | None = None
        self._shown = -1
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def running(self) -> bool:
        """Return whether a call is on."""
        return self._since is not None

    @property
    def seconds(self) -> int:
        """Return how long the call lasts so far; 0 where none is on."""
        if self._since is None:
            return 0
        return self._held if self._held is not None else int(self._monotonic() - self._since)

    def start(self, gone: int = 0) -> None:
        """Begin to count, from as many seconds as are ``gone``."""
        self._since, self._held = self._monotonic() - gone, None
        self._shown = -1
        self._timer.start()
        self._tick()

    def hold(self) -> None:
        """The talk is over: keep the time it took until the outcome is given."""
        if self._since is not None:
            self._held = self.seconds
            self._timer.stop()

    def stop(self) -> int:
        """Stop, and return how many seconds it was."""
        seconds, was_running = self.seconds, self.running
        self._since, self._held = None, None
        self._timer.stop()
        if was_running:
            self.stopped.emit()
        return seconds

    def _tick(self) -> None:
        seconds = self.seconds
        if seconds != self._shown:
            self._shown = seconds
            self.ticked.emit(seconds)


def clock_text(seconds: int) -> str:
    """Return seconds as ``02:14`` or ``1:02:14``."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes:02d}:{left:02d}"
