"""A mail account that the server refuses is paused as a whole, on this desk, until it is mended or tried again.

Kept beside the account in this database, so that no restart tries a wrong password once more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from isdesk import messages
from isdesk.domain.errors import IsdeskError, Refused
from isdesk.domain.mail_pause import WAITS, Pause, Way, late
from isdesk.domain.outgoing import MailState
from isdesk.messages import Sentence
from isdesk.services import enrolments
from isdesk.store import mails, meta

if TYPE_CHECKING:
    from isdesk.domain.outgoing import OutMail
    from isdesk.services.context import Context
    from isdesk.store import Tx

KEY = "mail_pause"


@dataclass(frozen=True, slots=True)
class Paused:
    """A pause as a person has to see it: ``waiting`` mails would have left by now, ``asked`` wait for an answer."""

    pause: Pause
    waiting: int = 0
    asked: int = 0


def standing(ctx: Context) -> tuple[Paused, ...]:
    """Return what is paused on this desk, sending first; nothing where all is well."""
    with ctx.store.read() as tx:
        found = [pause for way in Way if (pause := of(tx, way)) is not None]
        waiting = mails.count_due(tx, ctx.device_id, ctx.now()) if found else 0
        asked = mails.counts(tx).get(MailState.ASKED, 0) if found else 0
    return tuple(Paused(one, waiting, asked) if one.way is Way.OUT else Paused(one) for one in found)


def told(one: Paused, lang: str) -> Sentence:
    """Return what a person has to know: why and since when it is paused, how many mails wait, and what to do."""
    return messages.sentence(f"mail_paused_{one.pause.way.value}", _params(one, lang), lang)


def refusal(ctx: Context, way: Way, lang: str) -> Refused | None:
    """Return the refusal of whoever wants to send or read while that is paused; None where it is not."""
    found = next((one for one in standing(ctx) if one.pause.way is way), None)
    return None if found is None else Refused(f"mail_paused_{way.value}", **_params(found, lang))


def _params(one: Paused, lang: str) -> dict[str, object]:
    pause = one.pause
    why = messages.sentence(pause.code, {"answer": pause.answer or "—", "host": pause.host}, lang)
    return {
        "because": why.what,
        "remedy": why.do,
        "since": pause.since,
        "count": one.waiting + one.asked,
        "again": pause.again_at,
    }


def of(tx: Tx, way: Way) -> Pause | None:
    """Return how a way is paused, None where it is not."""
    kept = meta.get(tx, f"{KEY}_{way.value}")
    if not isinstance(kept, dict) or kept.get("code") not in WAITS:
        return None
    return Pause(
        way,
        str(kept["code"]),
        str(kept.get("answer") or ""),
        str(kept.get("host") or ""),
        datetime.fromisoformat(str(kept["since"])),
        datetime.fromisoformat(str(kept["tried_at"])),
        int(str(kept.get("tries") or 1)),
        bool(kept.get("asked")),
    )


def _keep(tx: Tx, way: Way, pause: Pause | None) -> None:
    kept: dict[str, object] | None = None
    if pause is not None:
        kept = {
            "code": pause.code, "answer": pause.answer, "host": pause.host, "since": pause.since.isoformat(),
            "tried_at": pause.tried_at.isoformat(), "tries": pause.tries, "asked": pause.asked,
        }  # fmt: skip
    meta.put(tx, f"{KEY}_{way.value}", kept)


def refused(ctx: Context, way: Way, error: IsdeskError, host: str) -> Pause | None:
    """Pause a way whose server refused the account; return how it is paused now.

    Trouble that is not the account's (no network, a server that is down) pauses nothing, and ends no pause.
    """
    with ctx.store.write() as tx:
        known = of(tx, way)
        if error.code not in WAITS:
            return known
        now, answer = ctx.now(), str(error.params.get("answer") or "")
        pause = (
            known.refused_again(error.code, answer, host, now)
            if known is not None
            else Pause(way, error.code, answer, host, now, now)
        )
        _keep(tx, way, pause)
    return pause


def ended(ctx: Context, way: Way) -> None:
    """End a pause: the server takes the account."""
    with ctx.store.write() as tx:
        _keep(tx, way, None)


def let_try(tx: Tx) -> bool:
    """Let what is paused be tried at once, as the account was changed or a person asks for it; say whether any was."""
    found = [pause for way in Way if (pause := of(tx, way)) is not None]
    for pause in found:
        _keep(tx, pause.way, replace(pause, asked=True))
    return bool(found)


def forget(tx: Tx, *ways: Way) -> None:
    """End pauses together with the account that they are about."""
    for way in ways:
        _keep(tx, way, None)


def resume(ctx: Context) -> None:
    """Let the account be tried once more, at the next round of sending and of reading.

    Raises Refused (``mail_not_paused``).
    """
    with ctx.store.write() as tx:
        if not let_try(tx):
            raise Refused("mail_not_paused")


def ask_about_late(ctx: Context, tx: Tx) -> int:
    """Ask a person about the mails whose time passed while they waited; return about how many."""
    now = ctx.now()
    found = mails.due(tx, ctx.device_id, now, mails.ALL)
    return sum(ask(tx, one, "mail_late") for one in found if late(one, now, step=enrolments.is_step(tx, one)))


def ask(tx: Tx, mail: OutMail, why: str) -> bool:
    """Keep a mail that waits back until a person says whether it leaves."""
    return mails.move(tx, mail, replace(mail, state=MailState.ASKED, error=why, answer=""))
