"""Who may do what: the rights of each role, by the team's definitions, enforced where things are done (SECURITY C3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from isdesk.domain.rules import Label


class Right(StrEnum):
    """One thing that not everybody may do."""

    SEE_TEAM = "see_team"
    GIVE_AWAY = "give_away"
    REASSIGN = "reassign"
    APPROVE = "approve"
    LIFT_DO_NOT_CALL = "lift_do_not_call"
    BULK_CLOSE = "bulk_close"
    DECIDE_HANDOFF = "decide_handoff"
    DECIDE_FOR_FS = "decide_for_fs"
    COACH = "coach"
    DEFINITIONS = "definitions"
    SIGN_OFF = "sign_off"
    ALIGN = "align"
    EXPORT = "export"
    ADMIN = "admin"


LABELS: Final[Mapping[str, Label]] = {
    Right.SEE_TEAM: Label("ほかの担当のキューを見る", "See the queues of others"),
    Right.GIVE_AWAY: Label("自分のリードを渡す", "Give one's own leads to others"),
    Right.REASSIGN: Label("ほかの担当のリードを割り当て直す", "Reassign leads of others"),
    Right.APPROVE: Label("承認する", "Approve"),
    Right.LIFT_DO_NOT_CALL: Label("架電禁止を解く", "Lift a do-not-call"),
    Right.BULK_CLOSE: Label("まとめて終了する", "Close many at once"),
    Right.DECIDE_HANDOFF: Label("引き継ぎを受理・差し戻しする", "Accept or return handoffs"),
    Right.DECIDE_FOR_FS: Label("FSの返答を代わりに記録する", "Note FS's decision on their behalf"),
    Right.COACH: Label("通話を評価する", "Evaluate calls"),
    Right.DEFINITIONS: Label("定義を変える", "Change the definitions"),
    Right.SIGN_OFF: Label("定義に合意する", "Sign the definitions off"),
    Right.ALIGN: Label("握り直し会議を記録する", "Keep the minutes of alignment meetings"),
    Right.EXPORT: Label("書き出す", "Export"),
    Right.ADMIN: Label("接続と人を管理する", "Manage connections and people"),
}

ROLES: Final = ("rep", "team_lead", "fs", "admin")
USUAL: Final[Mapping[str, frozenset[Right]]] = {
    "rep": frozenset({Right.SEE_TEAM, Right.GIVE_AWAY, Right.DECIDE_FOR_FS, Right.EXPORT}),
    "team_lead": frozenset(Right) - {Right.ADMIN},
    "fs": frozenset({Right.SEE_TEAM, Right.DECIDE_HANDOFF, Right.SIGN_OFF, Right.ALIGN, Right.EXPORT}),
    "admin": frozenset(Right),
}
"""What each role may do unless the playbook says otherwise (``[role.rep] rights = [...]``)."""


def may(role: str, right: Right, rights: Mapping[str, Collection[str]], *, alone: bool = False) -> bool:
    """Return whether somebody of ``role`` has a right; who works ``alone`` has all of them."""
    return alone or right in rights.get(role, USUAL.get(role, frozenset()))
