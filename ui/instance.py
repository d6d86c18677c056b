"""One window per profile: a second start brings the first one to the front and ends."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

WAIT_MS = 300


class Instance(QObject):
    """``taken()`` asks; where nobody answers this one listens, and ``called`` tells of later starts."""

    called = Signal()

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._server: QLocalServer | None = None

    def taken(self) -> bool:
        """Return True where another window of this profile is open (it comes to the front); else take the place."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if socket.waitForConnected(WAIT_MS):
            socket.write(b"show\n")
            socket.waitForBytesWritten(WAIT_MS)
            socket.disconnectFromServer()
            return True
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self._name)
        self._server.newConnection.connect(self._answer)
        self._server.listen(self._name)
        return False

    def _answer(self) -> None:
        if self._server is None:
            return
        while self._server.hasPendingConnections():
            self._server.nextPendingConnection().deleteLater()
            self.called.emit()

    def close(self) -> None:
        """Give the place up."""
        if self._server is not None:
            self._server.close()
            self._server = None
