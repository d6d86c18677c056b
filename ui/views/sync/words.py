"""What waits, in words: kinds, states, fields of touches, steps of handoffs, problems, and what a hub can do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from isdesk import messages
from isdesk.domain.changes import Value
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS
from isdesk.services.context import Context
from isdesk.services.views import OutboxItem, SyncStatus
from ui import words
from ui.field_words import FieldWords
from ui.models.records import Cell
from ui.noop import QT_TRANSLATE_NOOP
from ui.words import Words

KINDS: dict[str, str] = {
    "touch": QT_TRANSLATE_NOOP("sync", "接触の記録"),
    "transition": QT_TRANSLATE_NOOP("sync", "引き継ぎ"),
    "suppression": QT_TRANSLATE_NOOP("sync", "架電禁止・配信停止"),
    "change": QT_TRANSLATE_NOOP("sync", "項目の変更"),
    "create": QT_TRANSLATE_NOOP("sync", "新規登録"),
}
STATES: dict[str, tuple[str, str]] = {
    "pending": (QT_TRANSLATE_NOOP("sync", "送信待ち"), "plain"),
    "sending": (QT_TRANSLATE_NOOP("sync", "送信中"), "promise"),
    "uncertain": (QT_TRANSLATE_NOOP("sync", "届いたか確認中"), "warn"),
    "quarantined": (QT_TRANSLATE_NOOP("sync", "要対応"), "bad"),
}
TOUCH_FIELDS: dict[str, str] = {
    "outcome": QT_TRANSLATE_NOOP("sync", "架電結果"),
    "signal": QT_TRANSLATE_NOOP("sync", "反応"),
    "action": QT_TRANSLATE_NOOP("sync", "引き継ぎの操作"),
    "to_fs": QT_TRANSLATE_NOOP("sync", "FS担当"),
    "at": QT_TRANSLATE_NOOP("sync", "日時"),
    "channel": QT_TRANSLATE_NOOP("sync", "チャネル"),
    "direction": QT_TRANSLATE_NOOP("sync", "方向"),
    "reached": QT_TRANSLATE_NOOP("sync", "応答者"),
    "number": QT_TRANSLATE_NOOP("sync", "電話番号"),
    "talk_s": QT_TRANSLATE_NOOP("sync", "通話時間(秒)"),
    "ring_s": QT_TRANSLATE_NOOP("sync", "呼出時間(秒)"),
    "reason": QT_TRANSLATE_NOOP("sync", "理由"),
    "note": QT_TRANSLATE_NOOP("sync", "架電メモ"),
    "scope": QT_TRANSLATE_NOOP("sync", "範囲"),
    "kind": QT_TRANSLATE_NOOP("sync", "種類"),
    "member_id": QT_TRANSLATE_NOOP("sync", "担当"),
    "script": QT_TRANSLATE_NOOP("sync", "トークスクリプト"),
    "void": QT_TRANSLATE_NOOP("sync", "取り消し"),
}
"""The fields of append-only records that people can read; the others are the program's own."""
CODES: dict[str, str] = {
    "phone": QT_TRANSLATE_NOOP("sync", "電話"),
    "mail": QT_TRANSLATE_NOOP("sync", "メール"),
    "web": QT_TRANSLATE_NOOP("sync", "Web"),
    "out": QT_TRANSLATE_NOOP("sync", "発信"),
    "in": QT_TRANSLATE_NOOP("sync", "受信"),
    "none": QT_TRANSLATE_NOOP("sync", "応答なし"),
    "gatekeeper": QT_TRANSLATE_NOOP("sync", "受付"),
    "staff": QT_TRANSLATE_NOOP("sync", "社員"),
    "contact_person": QT_TRANSLATE_NOOP("sync", "担当者"),
    "decision_maker": QT_TRANSLATE_NOOP("sync", "決裁者"),
    "call": QT_TRANSLATE_NOOP("sync", "架電"),
    "number": QT_TRANSLATE_NOOP("sync", "電話番号"),
    "lead": QT_TRANSLATE_NOOP("sync", "リード"),
    "company": QT_TRANSLATE_NOOP("sync", "会社"),
    "ask": QT_TRANSLATE_NOOP("sync", "承認を依頼"),
    "refuse": QT_TRANSLATE_NOOP("sync", "承認の却下"),
    "submit": QT_TRANSLATE_NOOP("sync", "引き渡し"),
    "accept": QT_TRANSLATE_NOOP("sync", "受理"),
    "return": QT_TRANSLATE_NOOP("sync", "差し戻し"),
    "recycle": QT_TRANSLATE_NOOP("sync", "リサイクル"),
    "withdraw": QT_TRANSLATE_NOOP("sync", "取り下げ"),
    "feedback": QT_TRANSLATE_NOOP("sync", "フィードバック"),
}
FIXABLE = ("note", "number", "reason", "talk_s", "ring_s")
"""What may be corrected of a contact; whom, when and how it ended are what happened."""
_WORDED = frozenset({"channel", "direction", "reached", "scope", "kind", "action"})


def say(text: str) -> str:
    """Return a text of this module in the language of the window."""
    return words.translate("sync", text)


def problem(code: str, lang: str) -> messages.Sentence:
    """Return the sentences of a problem; what is no code stands as it came."""
    if not code:
        return messages.Sentence("")
    if code in messages.catalogue(lang):
        return messages.sentence(code, {}, lang)
    return messages.Sentence(code)


class SyncWords:
    """Words for one profile's records on their way."""

    def __init__(self, ctx: Context, speech: Words) -> None:
        self._ctx, self._speech = ctx, speech
        self.fields = FieldWords(ctx, speech)

    def path(self, obj: str, code: str) -> str:
        """Return a field of an object as a path."""
        return f"company.{code}" if obj == "company" else code

    def kind(self, item: OutboxItem) -> str:
        """Return what an item is: the outcome of a call by its name, anything else by its kind."""
        outcome = self._ctx.rules.outcomes.get(str(item.fields.get("outcome") or ""))
        if item.kind == "touch" and outcome is not None:
            return outcome.label.in_(self._ctx.lang)
        if item.kind == "touch" and item.fields.get("signal"):
            return self._speech.signal(str(item.fields["signal"])) or say(KINDS["touch"])
        action = str(item.fields.get("action") or "")
        if item.kind == "transition" and action in CODES:
            return say(CODES[action])
        return say(KINDS[item.kind]) if item.kind in KINDS else item.kind

    def lines(self, item: OutboxItem) -> list[tuple[str, str]]:
        """Return what will be written, field by field."""
        if item.obj in {"lead", "company"}:
            return [
                (self.fields.label(self.path(item.obj, code)), self._change(item, code, value))
                for code, value in item.fields.items()
            ]
        return [
            (say(TOUCH_FIELDS[code]), self._plain(code, item.fields[code]))
            for code in TOUCH_FIELDS
            if item.fields.get(code) not in (None, "", False)
        ]

    def _change(self, item: OutboxItem, code: str, value: Value) -> str:
        """Return a field as it will be written: what the CRM had, and what it shall have."""
        path = self.path(item.obj, code)
        after = self.fields.value(path, value)
        return f"{self.fields.value(path, item.base.get(code))} → {after}" if item.base else after

    def fixable(self, item: OutboxItem) -> list[tuple[str, str, str]]:
        """Return the fields of an item that may be given another value: code, label, the value now as text."""
        if item.obj == "touch":
            codes = [code for code in FIXABLE if code in item.fields or code == "note"]
            return [(code, say(TOUCH_FIELDS[code]), _text(item.fields.get(code))) for code in codes]
        known = LEAD_FIELDS if item.obj == "lead" else COMPANY_FIELDS
        codes = [*item.fields, *(code for code, one in known.items() if one.shown and code not in item.fields)]
        return [(code, self.fields.label(self.path(item.obj, code)), _text(item.fields.get(code))) for code in codes]

    def _plain(self, code: str, value: Value) -> str:
        text = str(value)
        if code == "outcome":
            outcome = self._ctx.rules.outcomes.get(text)
            return outcome.label.in_(self._ctx.lang) if outcome else text
        if code == "signal":
            return self._speech.signal(text) or text
        if code in {"member_id", "to_fs"}:
            return self._ctx.name_of(text) or text
        if code == "reason":
            return self._speech.reason(text)
        if code == "at":
            return self.fields.value("received_at", value)
        if code == "number":
            return self.fields.value("phone_direct", value)
        if code in _WORDED and text in CODES:
            return say(CODES[text])
        return self.fields.value(code, value)

    def summary(self, item: OutboxItem) -> str:
        """Return what will be written in one line."""
        if item.obj in {"lead", "company"}:
            return " ・ ".join(f"{name}: {' '.join(value.split())}" for name, value in self.lines(item))
        note = str(item.fields.get("note") or "")
        return " ".join(note.split()) or " ・ ".join(value for name, value in self.lines(item)[1:4] if value)

    def state(self, item: OutboxItem, now: datetime) -> Cell:
        """Return how it stands with an item."""
        text, tone = STATES.get(item.state, (item.state, "plain"))
        sub = ""
        if item.next_at is not None and item.next_at > now:
            sub = say(QT_TRANSLATE_NOOP("sync", "{at}に再試行")).format(at=self._speech.moment(item.next_at, now))
        said = problem(item.error, self._ctx.lang).what
        return Cell(say(text), tone=tone, icon="warning" if tone == "bad" else "", sub=sub, tip=said)


def _text(value: Value) -> str:
    return "" if value is None else str(value)


def state_words(status: SyncStatus, speech: Words, now: datetime) -> tuple[str, str]:
    """Return how it stands with the hub, and its tone."""
    since = speech.moment(status.since, now) if status.since else ""
    if status.state == "offline":
        return say(QT_TRANSLATE_NOOP("sync", "オフライン({since}から)")).format(since=since), "warn"
    return {
        "none": (say(QT_TRANSLATE_NOOP("sync", "未接続")), "plain"),
        "online": (say(QT_TRANSLATE_NOOP("sync", "オンライン")), "good"),
        "syncing": (say(QT_TRANSLATE_NOOP("sync", "同期中")), "promise"),
        "paused": (say(QT_TRANSLATE_NOOP("sync", "停止中")), "bad"),
    }.get(status.state, (status.state, "plain"))


def place_name(kind: str, url: str) -> str:
    """Return what a connection is called."""
    if kind == "sqlhub":
        embedded = url.startswith("sqlite")
        return say(EMBEDDED) if embedded else say(TEAM_HUB)
    return KNOWN.get(kind, kind)


def host_name(url: str) -> str:
    """Return the host of an address, without who signs in there; empty for a file."""
    rest = url.partition("://")[2].rpartition("@")[2]
    return "" if url.startswith("sqlite") else rest.partition("/")[0]


EMBEDDED = QT_TRANSLATE_NOOP("sync", "内蔵ハブ(この端末)")
TEAM_HUB = QT_TRANSLATE_NOOP("sync", "チームハブ")
KNOWN = {"salesforce": "Salesforce", "hubspot": "HubSpot", "kintone": "kintone", "odoo": "Odoo"}
"""The names of CRMs as their makers write them."""


def abilities(capabilities: Mapping[str, object]) -> list[str]:
    """Return what a hub can do, in sentences."""
    found: list[str] = []
    if capabilities.get("upsert_key") == "per_object":
        found.append(say(QT_TRANSLATE_NOOP("sync", "途中で切れても二重に登録されません")))
    else:
        found.append(say(QT_TRANSLATE_NOOP("sync", "返事がないときは、届いたか確かめてから送り直します")))
    if capabilities.get("cursor") in {"version", "stamp"}:
        found.append(say(QT_TRANSLATE_NOOP("sync", "変わった分だけを受け取ります")))
    if capabilities.get("deletes") in {"tombstone", "flag"}:
        found.append(say(QT_TRANSLATE_NOOP("sync", "削除も反映します")))
    if capabilities.get("occ") not in {None, "none"}:
        found.append(say(QT_TRANSLATE_NOOP("sync", "同じ項目の同時編集を見つけ、競合として知らせます")))
    if capabilities.get("dnc_fields"):
        found.append(say(QT_TRANSLATE_NOOP("sync", "架電禁止・配信停止をチームで共有します")))
    if capabilities.get("owner_map"):
        found.append(say(QT_TRANSLATE_NOOP("sync", "担当者をメンバーと対応付けます")))
    batch = capabilities.get("batch_max")
    if isinstance(batch, int) and batch > 1:
        found.append(say(QT_TRANSLATE_NOOP("sync", "一度に{n}件まで送ります")).format(n=batch))
    return found
