"""Real telephones for tests: baresip as the rep's, sipp as the callee's, both on loopback and thrown away at the end.

baresip has no sound card here: ``aubridge`` is its player and its source. Where the programs are not installed, the
tests that need them say so and are skipped (Debian: ``baresip-core``, ``sip-tester``).
"""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from isdesk.channels.telephony import LineState
from isdesk.domain.phone import PhoneCall

_MODULES = ("/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules", "/opt/homebrew/lib/baresip/modules")
_CONFIG = """
sip_listen 127.0.0.1:{sip}
call_local_timeout 120
call_max_calls 4
audio_player aubridge,nil
audio_source aubridge,nil
audio_alert aubridge,nil
audio_path {folder}
module_path {modules}
module g711.so
module aubridge.so
module_app account.so
module_app menu.so
module_tmp uuid.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
"""
_HEAD = """      [last_Via:]
      [last_From:]
      [last_To:];tag=[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:[local_ip]:[local_port];transport=[transport]>
"""
_NOTHING = "      Content-Length: 0\n"
_SPEECH = """      Content-Type: application/sdp
      Content-Length: [len]

      v=0
      o=user1 53655765 2353687637 IN IP[local_ip_type] [local_ip]
      s=-
      c=IN IP[media_ip_type] [media_ip]
      t=0 0
      m=audio [media_port] RTP/AVP 0
      a=rtpmap:0 PCMU/8000
"""
_INVITED = '<recv request="INVITE"><action><ereg regexp=".*" search_in="hdr" header="From:" assign_to="f"/>'
_INVITED += '<ereg regexp="sip:[^;>]*" search_in="hdr" header="Contact:" assign_to="c"/>'
_INVITED += '<log message="invited by [$f] [$c]"/></action></recv>'
_BYE = """<send retrans="500"><![CDATA[

      BYE [$c] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:callee@[local_ip]:[local_port]>;tag=[call_number]
      To:[$f]
      [last_Call-ID:]
      CSeq: 2 BYE
      Max-Forwards: 70
      Content-Length: 0

]]></send><recv response="200"/>"""


def _say(status: str, body: str = _NOTHING, *, again: bool = False) -> str:
    head = _HEAD if status != "200 OK cancelled" else _HEAD.replace(";tag=[call_number]", "")
    words = status.removesuffix(" cancelled")
    tries = ' retrans="500"' if again else ""
    return f"<send{tries}><![CDATA[\n\n      SIP/2.0 {words}\n{head}{body}\n]]></send>"


def _pause(seconds: float) -> str:
    return f'<pause milliseconds="{int(seconds * 1000)}"/>'


def answers(ring: float, talk: float | None = None) -> str:
    """Return a callee who answers after ``ring`` seconds; hangs up after ``talk``, or waits for the other to do so."""
    end = _pause(talk) + _BYE if talk is not None else '<recv request="BYE"/>' + _say("200 OK cancelled")
    return (
        _INVITED + _say("180 Ringing") + _pause(ring) + _say("200 OK", _SPEECH, again=True)
        + '<recv request="ACK"/>' + end
    )  # fmt: skip


def busy(ring: float = 0.2, status: str = "486 Busy Here") -> str:
    """Return a callee who refuses with a status."""
    return _INVITED + _say("180 Ringing") + _pause(ring) + _say(status, again=True) + '<recv request="ACK"/>'


def rings() -> str:
    """Return a callee who rings until the caller takes the call back."""
    return _INVITED + _say("180 Ringing") + '<recv request="CANCEL"/>' + _say("200 OK cancelled") + _pause(0.1)


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a port that nobody listens on now, outside of those that the system gives to those who connect."""
    while True:
        port = random.SystemRandom().randrange(20_000, 30_000)
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def until(true: Callable[[], bool], seconds: float = 15.0) -> None:
    """Wait at the edge until something holds."""
    ends = time.monotonic() + seconds
    beat = threading.Event()
    while not true():
        assert time.monotonic() < ends, "it did not come about in time"
        beat.wait(0.02)


@dataclass
class Heard:
    """What a telephone told, in its order; made to be handed to a line."""

    news: list[PhoneCall | LineState] = field(default_factory=list)

    def __call__(self, told: PhoneCall | LineState) -> None:
        self.news.append(told)

    @property
    def calls(self) -> list[PhoneCall]:
        return [n for n in self.news if isinstance(n, PhoneCall)]

    @property
    def states(self) -> list[LineState]:
        return [n for n in self.news if isinstance(n, LineState)]

    @property
    def last(self) -> PhoneCall:
        return self.calls[-1]

    def of(self, call_id: str) -> PhoneCall:
        """Return what was told last of one call."""
        return next(c for c in reversed(self.calls) if c.id == call_id)

    def over(self) -> bool:
        return bool(self.calls) and self.last.over is not None


class Phones:
    """The programs that a test started."""

    def __init__(self, folder: Path) -> None:
        modules = next((m for m in _MODULES if Path(m).is_dir()), None)
        self.baresip, self.sipp = shutil.which("baresip"), shutil.which("sipp")
        if self.baresip is None or modules is None or self.sipp is None:
            pytest.skip("baresip or sipp is not installed (Debian: baresip-core, sip-tester)")
        self.folder, self._modules = folder, modules
        self.control, self.sip = free_port(), free_port(socket.SOCK_DGRAM)
        self._running: list[subprocess.Popen[bytes]] = []
        self.start()

    def start(self) -> None:
        """Start baresip, and wait until it listens."""
        place = self.folder / "baresip"
        place.mkdir(exist_ok=True)
        config = _CONFIG.format(sip=self.sip, control=self.control, modules=self._modules, folder=place)
        (place / "config").write_text(config, encoding="utf-8")
        (place / "accounts").write_text("<sip:rep@127.0.0.1>;regint=0;catchall=yes\n", encoding="utf-8")
        (place / "contacts").write_text("", encoding="utf-8")
        self.rep = self._run([str(self.baresip), "-f", str(place)])
        until(self._listens)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.control)) == 0

    def _run(self, command: list[str]) -> subprocess.Popen[bytes]:
        out = subprocess.DEVNULL
        process = subprocess.Popen(command, cwd=self.folder, stdin=out, stdout=out, stderr=out)
        self._running.append(process)
        return process

    def callee(self, scenario: str) -> int:
        """Let sipp play a callee; return the port at which it is called."""
        port = free_port(socket.SOCK_DGRAM)
        file = self.folder / f"callee-{port}.xml"
        file.write_text(
            f'<?xml version="1.0" encoding="ISO-8859-1" ?><scenario name="callee">{scenario}</scenario>', "ascii"
        )
        media = str(free_port(socket.SOCK_DGRAM))
        where = ["-i", "127.0.0.1", "-p", str(port), "-mp", media]
        self._run([str(self.sipp), "-sf", str(file), *where, "-m", "1", "-nostdin"])
        until(lambda: _taken(port))
        return port

    def caller(self, number: str, talk: float) -> None:
        """Let sipp call the rep from a number, and hang up some seconds after it was answered."""
        file = self.folder / "caller.xml"
        found = subprocess.run([str(self.sipp), "-sd", "uac"], capture_output=True, check=False)
        text = found.stdout.decode("latin-1").replace("sip:sipp@", f"sip:{number}@").replace("sipp <", f"{number} <")
        file.write_text(text, "latin-1")
        port = free_port(socket.SOCK_DGRAM)
        where = ["-i", "127.0.0.1", "-p", str(port), "-s", "rep", "-d", str(int(talk * 1000)), "-m", "1", "-nostdin"]
        self._run([str(self.sipp), "-sf", str(file), *where, f"127.0.0.1:{self.sip}"])

    def close(self) -> None:
        """End all that was started."""
        for process in self._running:
            process.kill()
            process.wait(10)


def _taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
