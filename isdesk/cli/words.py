"""Codes in words for the tables of the command line: tiers, hold reasons, chips, next actions, verbs, states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from isdesk.domain import queue
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS
from isdesk.domain.state import Chip

Words = Mapping[str, tuple[str, str]]

TIERS: Words = {
    str(tier): words
    for tier, words in {
        queue.CURRENT: ("対応中", "at work"),
        queue.PROMISE: ("約束", "promised"),
        queue.RETURNED: ("差戻し", "returned"),
        queue.SLA: ("SLA", "SLA"),
        queue.LOOSE: ("再コール", "callback"),
        queue.INBOUND: ("新規反響", "new inbound"),
        queue.RETRY: ("再架電", "retry"),
        queue.NURTURE: ("育成", "nurture"),
        queue.NEW: ("新規", "new"),
    }.items()
}

HELD: Words = {
    "window": ("時間外", "outside hours"),
    "cap": ("上限", "cap reached"),
    "cooldown": ("クールダウン", "cooldown"),
    "dnc": ("架電禁止", "do not call"),
    "company_today": ("同一企業を本日架電済", "company dialled today"),
    "other_rep": ("他担当が対応中", "another rep is on it"),
    "not_due": ("予定時刻前", "not due yet"),
    "snoozed": ("後で", "snoozed"),
    "no_number": ("番号なし", "no number"),
    "sequence": ("シーケンスが自動送信", "sent by its sequence"),
}

ACTIONS: Words = {
    "first_call": ("初回架電", "first call"),
    "retry": ("再架電", "call again"),
    "callback_exact": ("再コール(日時指定)", "promised callback"),
    "callback_loose": ("再コール(日時未定)", "callback"),
    "mail": ("メール", "mail"),
    "nurture": ("ナーチャリング", "nurture"),
    "social": ("SNSなどでの連絡", "social touch"),
    "research_number": ("番号調査", "find a number"),
    "handoff": ("引き継ぎ", "handoff"),
    "fix_handoff": ("差し戻し対応", "fix the handoff"),
    "await_fs": ("FS確認待ち", "await FS"),
    "await_approval": ("承認待ち", "await approval"),
    "merge": ("統合", "merge"),
}

VERBS: Words = {
    "record": ("架電結果", "call"),
    "edit": ("編集", "edit"),
    "create": ("追加", "create"),
    "import": ("取り込み", "import"),
    "merge": ("統合", "merge"),
    "assign": ("担当変更", "assign"),
    "snooze": ("後で", "snooze"),
    "pin": ("固定", "pin"),
    "skip": ("スキップ", "skip"),
    "lease": ("担当確保", "lease"),
    "signal": ("シグナル", "signal"),
    "stage": ("ステージ変更", "stage"),
    "do_not_call": ("架電禁止", "do not call"),
    "handoff_submit": ("引き渡し", "handoff submitted"),
    "handoff_accept": ("受理", "handoff accepted"),
    "handoff_return": ("差し戻し", "handoff returned"),
    "handoff_recycle": ("リサイクル", "handoff recycled"),
    "handoff_withdraw": ("取り下げ", "handoff withdrawn"),
    "handoff_feedback": ("フィードバック", "handoff feedback"),
    "meeting_plan": ("商談の準備", "meeting prepared"),
    "ask_approval": ("承認依頼", "approval asked for"),
    "decide_approval": ("承認の返答", "approval answered"),
    "evaluate": ("通話評価", "call evaluated"),
    "evaluation_reply": ("評価への返信", "answer to an evaluation"),
    "definitions": ("定義の変更", "definitions changed"),
    "align": ("握り直し会議", "alignment meeting"),
    "cover": ("不在の代行", "cover for an absence"),
    "introduction": ("導入の記録", "introduction"),
    "cost": ("費用の記録", "cost"),
    "consent": ("メールの同意", "consent to mail"),
    "opt_out": ("配信停止", "mail opt-out"),
    "mail": ("メールの送信", "mail sent"),
    "mail_back": ("メールの返信・不達", "mail came back"),
    "call_in": ("不在着信", "missed call"),
    "sequence": ("シーケンス", "sequence"),
    "sequence_run": ("シーケンスの進行", "sequence went on"),
    "export": ("書き出し", "export"),
    "undo": ("取り消し", "undo"),
    "redo": ("やり直し", "redo"),
}

MAIL_STATES: Words = {
    "queued": ("送信待ち", "waiting"),
    "asked": ("確認待ち", "waits for your answer"),
    "sending": ("送信中", "leaving"),
    "sent": ("送信済み", "sent"),
    "uncertain": ("不明(要確認)", "in doubt"),
    "failed": ("失敗", "failed"),
    "stopped": ("送信中止", "stopped"),
    "cancelled": ("取り消し", "cancelled"),
}

HANDOFF: Words = {
    "draft": ("下書き", "draft"),
    "asked": ("承認待ち", "waiting for approval"),
    "submitted": ("引き渡し", "submitted"),
    "accepted": ("受理", "accepted"),
    "returned": ("差し戻し", "returned"),
    "recycled": ("リサイクル", "recycled"),
    "withdrawn": ("取り下げ", "withdrawn"),
}


ASKS: Words = {
    "stage": ("ステージの変更", "stage move"),
    "lift_do_not_call": ("架電禁止の解除", "lift do-not-call"),
    "close": ("一括終了", "close many"),
    "handoff": ("引き渡し", "handoff"),
}

STATUSES: Words = {
    "open": ("承認待ち", "open"),
    "approved": ("承認", "approved"),
    "rejected": ("却下", "rejected"),
    "withdrawn": ("取り下げ", "withdrawn"),
}


def word(words: Words, code: object, lang: str) -> str:
    """Return a code in words, the code itself where no table has it."""
    found = words.get(str(code)) if code is not None else None
    if found is None:
        return "" if code is None else str(code)
    return found[1] if lang == "en" else found[0]


def chip(reason: Chip) -> str:
    """Return a chip as ``code`` or ``code:value`` for a narrow column."""
    values = ",".join(value for _, value in reason.params)
    return f"{reason.code}:{values}" if values else reason.code


def chips(reasons: Sequence[Chip]) -> str:
    """Return all chips of a row in one text."""
    return " · ".join(chip(reason) for reason in reasons)


def field_name(code: str, lang: str) -> str:
    """Return the name of a standard field; a playbook's own field keeps its code."""
    table = COMPANY_FIELDS if code.startswith("company.") else LEAD_FIELDS
    found = table.get(code.removeprefix("company."))
    if found is None:
        return code
    return found.en if lang == "en" else found.ja
