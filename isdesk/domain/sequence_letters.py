"""Which mails to a lead are letters of a sequence's steps: none of them counts for another step, whatever its day.

A step's letter has the step's id. One that came back (a full mailbox, an address that was mended) and that a person
sends once more is a mail of its own by then (`isdesk.services.outgoing.again`), on whatever desk: it is known by the
subject of the letter that came back.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from isdesk.domain.answers import bounce_id
from isdesk.domain.ids import TouchId
from isdesk.domain.touch import Channel, Direction, Touch


def letters(counted: Sequence[Touch], keys: Container[str]) -> frozenset[TouchId]:
    """Return the mails among a lead's touches that are the letter of one of the steps with these ids (``keys``), sent
    for the first time or once more after it had come back.
    """
    own = [touch for touch in counted if touch.id in keys]
    if not own:
        return frozenset()
    at = {touch.id: touch.at for touch in counted}
    back = {one.note: at[bounce_id(one.id)] for one in own if one.note and bounce_id(one.id) in at}
    again = (t.id for t in counted if t.note in back and _is_mail(t) and t.at >= back[t.note])
    return frozenset({*(touch.id for touch in own), *again})


def _is_mail(touch: Touch) -> bool:
    return touch.channel is Channel.MAIL and touch.direction is Direction.OUT and touch.signal is None
