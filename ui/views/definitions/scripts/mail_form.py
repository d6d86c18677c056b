"""The forms of a mail template (a subject with its counter, issue → solution → call to action) and of the sender."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QCheckBox
from typing_extensions import override

from isdesk.domain.mail import LAW_LABELS, PARTS, SUBJECT_LIMIT, literal_length, missing_items
from isdesk.services.script_editing import Wrong
from ui import words
from ui.noop import QT_TRANSLATE_NOOP
from ui.views.definitions.scripts.form import Form, grey
from ui.views.definitions.scripts.state import EditState
from ui.widgets import Chip, label

_PART_WORDS = (
    QT_TRANSLATE_NOOP("mail_parts", "課題"),
    QT_TRANSLATE_NOOP("mail_parts", "解決"),
    QT_TRANSLATE_NOOP("mail_parts", "お願い(次の一歩)"),
)


class SenderForm(Form):
    """What stands below every advertising mail; all four, or none and no such mail goes out."""

    def __init__(self, state: EditState, lang: str) -> None:
        super().__init__(state, lang)
        self.body.addLayout(self.head(self.tr("送信者の表示(法定)")))
        self.body.addWidget(self.why)
        for code, called in LAW_LABELS.items():
            name = called.in_(lang)
            if code == "unsubscribe":
                name = self.tr("{item}(メールか https://)").format(item=name)
            self.body.addWidget(label(name, "small"))
            self.body.addWidget(self.line(name, code, put=partial(self._put, code)))
        self.body.addWidget(
            grey(self.tr("宣伝のメールの下に必ず付きます。4つがそろうまで、宣伝のメールは送れません。"))
        )
        self.body.addStretch(1)

    def _put(self, code: str, text: str) -> None:
        self.state.put(text if text.strip() else None, code, merge=True)


class MailForm(Form):
    """One template in Japanese and English."""

    def __init__(self, state: EditState, lang: str) -> None:
        super().__init__(state, lang)
        self.counter = Chip("")
        self.body.addLayout(self.head(self.tr("メールテンプレート")))
        self.body.addWidget(self.why)
        self.body.addLayout(self.names(self.line(self.tr("名前"), "ja"), self.line(self.tr("名前(英語)"), "en")))
        self.body.addLayout(self.head(self.tr("件名(具体的に、{n}字まで)").format(n=SUBJECT_LIMIT), self.counter))
        self.subject = self.area(self.tr("件名"), "subject", lines=1)
        self.subject.field.setMaximumHeight(44)
        self.body.addWidget(self.subject)
        for code, name in zip(PARTS, _PART_WORDS, strict=True):
            shown = words.translate("mail_parts", name)
            self.body.addLayout(self.head(shown))
            self.body.addWidget(self.area(shown, "text", code, lines=3), 2)
        self.advertising = QCheckBox(self.tr("宣伝のメール(同意を確かめ、法定の表示を付ける)"))
        self.advertising.clicked.connect(lambda on: self.state.put(None if on else False, "advertising"))
        self.body.addWidget(self.advertising)
        self.law = label("", "warn", wrap=True)
        self.body.addWidget(self.law)
        self.body.addLayout(self.head(self.tr("英語の文面(なければ日本語)")))
        self.body.addWidget(self.area(self.tr("英語の件名"), "subject_en", lines=1, optional=True))
        for code, name in zip(PARTS, _PART_WORDS, strict=True):
            shown = self.tr("英語: {part}").format(part=words.translate("mail_parts", name))
            self.body.addWidget(self.area(shown, "text_en", code, lines=2, optional=True))
        self.body.addWidget(grey(self.tr("差し込む値で件名が長くなったときは、送る前に知らせます。")))

    @override
    def fill(self) -> None:
        super().fill()
        self.advertising.setChecked(self.state.get("advertising") is not False)
        length = literal_length(self.state.text("subject"))
        self.counter.set_text(f"{length} / {SUBJECT_LIMIT}")
        self.counter.set_tone("bad" if length > SUBJECT_LIMIT else "plain")

    @override
    def show_wrong(self, wrong: list[Wrong]) -> None:
        super().show_wrong(wrong)
        sheet = self.state.sheet
        lacking = missing_items(sheet.rules.mail.sender) if sheet is not None else ()
        shown = bool(lacking) and self.advertising.isChecked()
        self.law.setVisible(shown)
        if shown:
            names = (", " if self.lang == "en" else "、").join(LAW_LABELS[one].in_(self.lang) for one in lacking)
            text = self.tr("送信者の表示が足りないので、このままでは送れません: {items}")
            self.law.setText(text.format(items=names))
