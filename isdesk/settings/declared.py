"""Every setting, declared once: its type, what holds until somebody changes it, its words, and its former names."""

from __future__ import annotations

from dataclasses import dataclass

from isdesk.domain.errors import BadInput

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``default`` says its type too; ``choices`` are (value, ja, en); numbers hold ``least`` … ``most``.

    ``ja``/``en`` name it, ``about_ja``/``about_en`` say in one sentence what it does. ``group`` parts the page:
    ``look`` | ``calling`` | ``notices`` | ``sync`` | ``safety``. ``renamed_from`` are former codes.
    """

    code: str
    group: str
    default: Value
    ja: str
    en: str
    about_ja: str
    about_en: str
    choices: tuple[tuple[str, str, str], ...] = ()
    least: int = 0
    most: int = 1_000_000
    renamed_from: tuple[str, ...] = ()

    def check(self, value: object) -> Value:
        """Return ``value`` if this setting can hold it.

        Raises BadInput (``setting_invalid``).
        """
        if isinstance(self.default, bool):
            ok = isinstance(value, bool)
        elif isinstance(self.default, int):
            ok = isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most
        else:
            ok = isinstance(value, str) and (not self.choices or value in {c[0] for c in self.choices})
        if not ok or not isinstance(value, (bool, int, str)):
            raise BadInput("setting_invalid", setting=self.code)
        return value


_THEMES = (
    ("system", "システムに合わせる", "As the system"),
    ("light", "ライト", "Light"),
    ("dark", "ダーク", "Dark"),
)
_PALETTES = (
    ("usual", "標準", "Usual"),
    ("safe", "色覚に配慮", "Colour-blind safe"),
)
_LANGUAGES = (
    ("system", "システムに合わせる", "As the system"),
    ("ja", "日本語", "Japanese"),
    ("en", "英語", "English"),
)
_LOG_LEVELS = (("warning", "警告のみ", "Warnings"), ("info", "通常", "Normal"), ("debug", "詳しく", "Detailed"))

DECLARED: tuple[Setting, ...] = (
    Setting(
        "language",
        "look",
        "system",
        "表示言語",
        "Language",
        "画面とコマンドの言語です。",
        "The language of the window and the command line.",
        choices=_LANGUAGES,
    ),
    Setting(
        "theme",
        "look",
        "system",
        "配色",
        "Theme",
        "ライトとダークのどちらで表示するかです。",
        "Whether the window is light or dark.",
        choices=_THEMES,
    ),
    Setting(
        "palette",
        "look",
        "usual",
        "図と状態の色",
        "Colours of pictures and states",
        "色覚に配慮した色にすると、図・状態・PDFの色を、色の見え方によらず見分けられます。",
        "The colour-blind safe colours of pictures, states and the PDF can be told apart by every eye.",
        choices=_PALETTES,
    ),
    Setting(
        "scale_percent",
        "look",
        100,
        "表示倍率(%)",
        "Scale (%)",
        "文字と部品の大きさです。次に開いたときから変わります。",
        "The size of text and controls; holds from the next start.",
        least=80,
        most=200,
    ),
    Setting(
        "advance_after_outcome",
        "calling",
        default=True,
        ja="記録したら次のリードへ進む",
        en="Go on to the next lead after an outcome",
        about_ja="結果キーを押したあと、キューの次のリードを自動で開きます。",
        about_en="Opens the next lead of the queue once an outcome is recorded.",
    ),
    Setting(
        "mail_invitations",
        "calling",
        default=True,
        ja="商談の招待をメールで送る",
        en="Mail invitations to meetings",
        about_ja="商談の設定・変更・取り消しの約1分後に、.ics 付きのメールでお客様に知らせます。",
        about_en="A minute after a meeting was set, moved or called off, an .ics goes to the lead.",
    ),
    Setting(
        "notify_callback",
        "notices",
        default=True,
        ja="約束の時刻を知らせる",
        en="Remind of promised callbacks",
        about_ja="約束した再コールの5分前に知らせます。通話中は、終わってから知らせます。",
        about_en="Five minutes before a promised callback; during a call, once it has ended.",
    ),
    Setting(
        "notify_sla",
        "notices",
        default=True,
        ja="SLAの期限が近いことを知らせる",
        en="Warn before an SLA breaks",
        about_ja="初回対応の期限が近づいたリードを知らせます。",
        about_en="Tells of leads whose first response is about to be late.",
    ),
    Setting(
        "notify_returned",
        "notices",
        default=True,
        ja="差し戻しを知らせる",
        en="Tell of returned handoffs",
        about_ja="FSが引き継ぎを差し戻したときに知らせます。",
        about_en="Tells when FS returns a handoff.",
    ),
    Setting(
        "notify_reply",
        "notices",
        default=True,
        ja="返信を知らせる",
        en="Tell of replies",
        about_ja="担当するリードからメールの返信が届いたときに知らせます。",
        about_en="Tells when a lead of yours answers a mail.",
    ),
    Setting(
        "notify_meeting",
        "notices",
        default=True,
        ja="商談の前日確認を知らせる",
        en="Remind of meetings",
        about_ja="商談の1営業日前に、お客様への確認がまだの商談を知らせます。",
        about_en="One business day before a meeting, tells of those not confirmed with the customer yet.",
    ),
    Setting(
        "notify_system",
        "notices",
        default=True,
        ja="システムの通知を使う",
        en="Use the system's notifications",
        about_ja="トレイのあるシステムでは通知を画面の隅に出します。オフにすると、この画面の中だけで知らせます。",
        about_en="Where the system has a tray, reminders show there; off: inside this window alone.",
    ),
    Setting(
        "notify_snooze_minutes",
        "notices",
        10,
        "「後で」までの時間(分)",
        "Minutes until a snoozed reminder",
        "Ctrl+Shift+Sで後にした通知を、もう一度知らせるまでの時間です。",
        "After so long a reminder put off with Ctrl+Shift+S comes again.",
        least=1,
        most=240,
    ),
    Setting(
        "sync_every_minutes",
        "sync",
        2,
        "同期の間隔(分)",
        "Minutes between syncs",
        "CRMと自動で同期する間隔です。0にすると自動では同期しません。",
        "How often to sync with the CRM by itself; 0 means only when asked.",
        most=1440,
    ),
    Setting(
        "backup_daily",
        "safety",
        default=True,
        ja="毎日バックアップする",
        en="Back up every day",
        about_ja="1日1回、暗号化したまま控えを取ります。",
        about_en="Makes an encrypted copy once a day.",
    ),
    Setting(
        "backups_kept",
        "safety",
        7,
        "残すバックアップの数",
        "Backups kept",
        "これより古い自動バックアップは消します。",
        "Older automatic copies are deleted.",
        least=1,
        most=365,
    ),
    Setting(
        "lock_after_minutes",
        "safety",
        15,
        "自動ロックまで(分)",
        "Minutes until the window locks",
        "操作がないまま経つと画面を隠します。0にするとロックしません。",
        "Hides the window when nobody has used it for so long; 0 means never.",
        most=480,
    ),
    Setting(
        "log_level",
        "safety",
        "info",
        "ログの詳しさ",
        "Detail of the log",
        "ログには電話番号・メール・メモを書きません。",
        "Numbers, addresses and notes are never written to the log.",
        choices=_LOG_LEVELS,
    ),
)
"""In the order in which they are shown."""

BY_CODE: dict[str, Setting] = {s.code: s for s in DECLARED}
FORMER: dict[str, str] = {old: s.code for s in DECLARED for old in s.renamed_from}
