"""A bare PySide6 window, shown and painted: the raw limit of a start. Prints JSON."""

from __future__ import annotations

import json
import os
import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow
from typing_extensions import override


class Bare(QMainWindow):
    """An empty window that ends when it was painted."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell when the first paint came."""
        super().paintEvent(event)
        print(json.dumps({"interactive_s": time.time() - float(os.environ["BENCH_T0"])}))
        QTimer.singleShot(0, QApplication.quit)


app = QApplication(sys.argv[:1])
window = Bare()
window.resize(1280, 800)
window.show()
app.exec()
