"""Who asks for no more mail is understood, however they put it; who only uses the words is not mistaken for them."""

from __future__ import annotations

import pytest

from isdesk.domain.opt_out import Wish, wants_out, wish

STOPS = (
    "配信停止希望", "配信停止してください。", "配信停止をお願いします", "不要です", "unsubscribe", "Unsubscribe me",
    "停止", "メール配信の停止をお願いいたします", "今後の案内は不要です", "メルマガ解除希望", "【配信停止】",
    "メールは不要です", "please remove me from your list", "今後メールは結構です", "送信不要", "メールはいりません",
    "配信を停止してください", "今後メールは送らないでください。", "もう送らないでください",
    "二度と送ってこないでください", "メールの配信を止めてください", "メールの送信をやめてください",
    "配信リストから削除してください", "配信リストから外してください", "営業メールはお断りします",
    "今後のご連絡はご遠慮ください", "配信停止をお願いできますでしょうか", "Please stop sending me emails",
    "配信の停止をお願いいたします", "配信停止希望いたします", "配信停止してほしいです",
    "Please take me off your list", "今後のご連絡は不要です", "恐れ入りますが、配信停止をお願いいたします。",
    "興味がありませんので、今後のご連絡はご遠慮願います。", "今後一切メールを送らないで下さい!",
    "今後はメールを送らないようお願いいたします。", "メールマガジンの配信停止の手続きをお願いいたします",
    "メールの配信停止をしていただけますでしょうか?", "配信を停止していただけますと幸いです。",
    "今後このような営業メールはお控えください", "営業メールの送信はご遠慮願います",
    "このようなメールを送ってくるのはやめてください", "メールを送るのをやめてください。",
    "弊社では必要ありませんので今後の配信は不要です。", "すみませんが配信解除をお願いします",
    "当アドレスをメーリングリストから削除願います", "メールアドレスの削除をお願いします",
    "私を配信リストから外していただけますか", "ニュースレターの配信停止をお願いします",
    "Please do not contact me again.", "Please don't send me any more emails", "No more emails please",
    "Could you please remove me from your mailing list?", "I would like to unsubscribe", "stop emailing me",
    "Opt out", "メルマガは不要です。", "配信不要でお願いします", "今後メール不要です",
    "メール配信を希望しません", "配信停止で。", "オプトアウト希望", "これ以上メールを送りつけないでください。",
    "今後のメール送付は不要です", "今後のご案内は結構です", "Thanks, please unsubscribe me.",
    "Not interested, please remove me from your list.", "メール停止お願いします", "停止お願いします",
    "配信停止をお願いしたく存じます", "配信停止処理をお願いします", "メールは送らないでください、電話で",
    "今後はご案内いただかなくて結構です",
    "今後メールを送っていただかなくて結構です", "今後の営業はご遠慮ください", "メルマガを退会したい",
    "配信を希望しない", "受信を希望しません", "配信停止、よろしくお願いいたします", "配信停止をお願いしております",
    "配信停止をお願いしたくご連絡いたしました", "しつこいです。もうメールしないでください",
    "貴社からのメール配信の停止を希望します", "担当者が退職いたしましたので配信停止をお願いします",
    "Do not send me anything else", "please delete my email address from your database",
    "弊社では営業メールをお断りしております。", "営業メールはお断りしています。",
    "営業目的のメールはお断りしております。",
    "弊社は営業メールを受け付けておりません。", "弊社は営業のメールをお断りさせていただいております。",
    "メールでの営業はお断りします。", "当社では広告メールは一切お受けしておりません。",
    "営業目的のメールはご遠慮ください。", "配信対象から除外してください。",
    "こちらのアドレスを配信先から削除願います。",
)  # fmt: skip
TALK = (
    "資料は不要ですが、見積もりは欲しいです", "ご案内", "発注の停止について相談したい", "承知しました",
    "システムの停止", "在庫管理が不要になる話", "stop by our office", "導入を中止します",
    "結構です。日程を調整しましょう", "結構です", "ぜひお願いします", "解除方法を教えてください", "いりません",
    "青葉は不要です", "配信停止の方法を社内で検討しています", "貴社の配信停止機能について教えて",
    "資料は送らないでください、電話で", "送付は不要です。", "資料の送付は不要です",
    "カタログの送付は不要です。メールでください。", "返信は不要です", "ご返信不要です", "配信停止は不要です",
    "配信停止しないでください", "配信停止は希望しません", "メールを止めないでください", "メールは不要ではありません",
    "電話は不要です。メールでお願いします", "メールを送らないでくださいと社員に言われました", "メールは不要ですか?",
    "配信停止できますか?", "確認メールは不要です", "パスワードの送信は不要です", "当日のご案内は不要です", "営業停止",
    "please stop by our office", "Can we unsubscribe users in your tool?", "How do I unsubscribe my customers?",
    "請求書の郵送を停止してください", "メールの配信停止、開封率の計測ができますか", "添付ファイルの送信は不要です。",
    "引き続きメールをお送りください", "メールでお願いします", "電話はやめてください。メールでお願いします。",
    "配信は来週でお願いします", "先日のメールを拝見しました。案内をお願いします", "メールを希望します",
    "今後ともよろしくお願いいたします", "ご案内をください", "メール配信をお願いします", "ご連絡をお願いします",
    "登録をお願いします", "案内を希望します", "現在のツールの解約を検討しています",
    "配信停止になってしまったお客様を戻せますか", "今は必要ありません", "予算がないので今回は見送ります",
    "メールアドレスは下記です", "リストの作成をお願いします", "弊社の配信を停止しています。", "配信停止します",
    "弊社はメール配信を停止します。", "お電話は不要です、メールで", "次のご案内をお待ちしています",
    "営業のお電話はお断りします", "弊社のメール配信を停止したいです",
    "メール配信の停止と再開ができるツールを探しています", "案内状は不要です", "アカウントを削除してください",
    "このリストから3社を外してください", "今は不要です", "メールをやめて電話にしてください", "お電話はご遠慮ください",
    "今後のご案内をお願いします", "もう連絡しました",
    "メールを受け付けておりません", "メールを受け取っておりません。再送してください。",
    "障害のため弊社ではメールを受け付けておりません", "登録を解除してから再度お申込みしました",
    "送付対象から3社を除外してください",
    "営業電話はお断りしております。", "営業の電話は受け付けておりません", "弊社では資料の送付をお断りしています",
)  # fmt: skip
MAYBE = (
    "送付は不要です。", "送らないでください", "配信停止になってしまったお客様を戻せますか", "もう結構です。",
    "迷惑しています。受信拒否にします。", "配信停止をお願いしたい場合はどうすればよいですか", "営業お断り",
    "配信停止します", "迷惑なのでやめてください", "連絡してこないでください", "Please stop.", "This is spam",
    "take me off", "やめてください", "弊社のメール配信を停止したいです", "ご案内は不要です。", "ご連絡は不要です。",
    "ご提案は不要です。", "お知らせは不要です", "メールは結構です、お電話ください",
    "登録解除をお願いいたします。", "登録を解除してください。", "今後の営業は不要です。", "今後営業は不要です",
    "今後の情報提供は結構です。", "電話もメールも不要です。", "今後、メール・電話ともに不要です。",
    "もう要らないです。",
    "営業電話・営業メールはお断りします。", "営業のメールは受け取っておりません。", "必要ありません。",
    "もういりません。",
    "もう送ってこなくていいです。", "退会します", "stop please",
)  # fmt: skip
BUSINESS = (
    "ご連絡は不要です。こちらから折り返しご連絡します。", "これ以上のご連絡は不要です。契約します。",
    "これ以上のご連絡は不要です、契約します。", "メールは不要です。電話をください。",
    "ご案内は不要です。直接伺います。",
    "メールの送付は不要です。サイトから入手しました。", "メールではなくお電話ください。メールは不要です。",
    "今後のやり取りはチャットでお願いします。メールは不要です。", "今後のご連絡は不要です。こちらから連絡します。",
    "不要です。来週お電話ください。", "Do not email. Please call me.", "私へのメールは不要です。鈴木にお願いします。",
)  # fmt: skip
NOTHING_ELSE = (
    "メールは不要です。よろしくお願いいたします。", "不要です。ありがとうございました。",
    "今後のご案内は不要です。ご了承ください。",
    "今回は見送ります。今後の配信は不要です。", "メールは不要です。ご対応のほどお願いいたします。",
    "今後のメールは不要です。興味がありません。", "今後の配信は不要です。もう送らないでください。",
    "担当者は退職しました。今後のご案内は不要です。", "配信停止をお願いします。完了しましたらご連絡ください。",
    "今後のメールは結構です。悪しからずご了承ください。", "配信不要です。お手数をおかけします。",
)  # fmt: skip


@pytest.mark.parametrize("said", STOPS)
def test_who_asks_for_it_wants_out(said: str) -> None:
    assert wants_out("Re: ご案内", said)
    greeted = f"青葉クラウド株式会社 鈴木様\r\nお世話になっております。\r\n\r\n{said}\r\n\r\n山田"
    assert wants_out("Re: ご案内", greeted)
    assert wants_out("Re: ご案内", f"ご連絡ありがとうございます。\n{said}")
    assert wants_out("Re: ご案内", f"株式会社青葉 山田です。\n{said}\n\n> 引用")


@pytest.mark.parametrize(
    "said",
    [
        "配信停止希望", "配信停止", "【配信停止希望】ご案内", "Unsubscribe", "メール配信停止のお願い", "[メルマガ解除]",
        "【配信停止】Re: ご案内", "[unsubscribe] ご案内",
    ],
)  # fmt: skip
def test_a_subject_that_says_nothing_else_is_a_wish(said: str) -> None:
    assert wants_out(f"Re: {said}", "本文", "ご案内")
    assert wants_out(said, "", "Re: ご案内")


@pytest.mark.parametrize(
    "subject",
    [
        "【停止】11/30 システム停止のお知らせ", "【解除】障害のお知らせ", "[STOP] 生産ライン停止のご連絡", "【拒否】x",
        "【不要】部品のお知らせ", "【登録解除】会員さまへのお知らせ",
    ],
)  # fmt: skip
def test_words_in_brackets_before_a_subject_are_the_title_of_some_news(subject: str) -> None:
    assert not wants_out(subject, "平素は格別のお引き立てを賜り、厚く御礼申し上げます。", "ご案内")
    assert not wants_out(subject, "")


def test_brackets_before_our_subject_or_about_mail_that_say_too_little_are_asked_about() -> None:
    assert wish("【不要】Re: ご案内", "", "ご案内") is Wish.MAYBE
    assert wish("【配信停止】11月号休刊のお知らせ", "平素より大変お世話になっております。", "ご案内") is Wish.MAYBE


@pytest.mark.parametrize("line", ["Unsubscribe", "Opt out", "配信停止", "不要"])
def test_a_line_of_one_word_counts_only_as_the_first(line: str) -> None:
    assert wants_out("Re: x", f"{line}\n山田")
    assert not wants_out("x", f"青葉精機ニュース\nView in browser\n{line}\n新製品を発売しました。")


@pytest.mark.parametrize("said", TALK)
def test_who_only_uses_the_words_does_not(said: str) -> None:
    assert not wants_out(said, said)
    assert not wants_out("Re: ご案内", f"お世話になっております。\n{said}\nよろしくお願いいたします。\n山田")


@pytest.mark.parametrize("said", MAYBE)
def test_what_resembles_a_wish_is_a_persons_to_decide(said: str) -> None:
    assert wish("Re: ご案内", f"鈴木様\n{said}") is Wish.MAYBE


@pytest.mark.parametrize("said", BUSINESS)
def test_who_needs_no_mail_and_goes_on_with_business_is_asked_about(said: str) -> None:
    assert wish("Re: ご案内", f"鈴木様\n{said}\n山田") is Wish.MAYBE
    assert wish("Re: ご案内", said.replace("。", "。\n")) is Wish.MAYBE


@pytest.mark.parametrize("said", NOTHING_ELSE)
def test_what_is_said_out_of_politeness_takes_no_wish_back(said: str) -> None:
    assert wish("Re: ご案内", f"鈴木様\n{said}\n\n山田") is Wish.CLEAR
    assert wish("Re: ご案内", said.replace("。", "。\n")) is Wish.CLEAR


@pytest.mark.parametrize(
    "said",
    [
        "資料は送らないでください、電話で", "配信停止の方法を社内で検討しています", "承知しました",
        "配信停止は不要です", "貴社の配信停止機能について教えて", "カタログの送付は不要です。",
        "メールを止めないでください",
    ],
)  # fmt: skip
def test_what_is_about_something_else_asks_nobody(said: str) -> None:
    assert wish("Re: ご案内", said) is Wish.NONE


def test_a_wish_below_what_is_quoted_is_asked_about() -> None:
    quote = "2026年11月24日(火) 10:00 鈴木 <s@a.example>:\n> 青葉精機さまへ\n> 配信停止はこちら"
    assert wish("Re: x", f"{quote}\n\n今後の配信を停止してください。") is Wish.MAYBE
    assert wish("Re: x", "> ご案内です。\n\n停止\n山田") is Wish.MAYBE
    assert wish("Re: x", f"承知しました。\n{quote}\n\n今後の配信を停止してください。") is Wish.MAYBE
    assert wish("Re: x", f"{quote}\n\n承知しました。火曜に伺います。") is Wish.NONE
    assert wish("Re: x", f"{quote}\n差出人: 鈴木\n配信停止希望") is Wish.NONE


def test_a_wish_may_stand_below_other_words_or_be_broken_over_two_lines() -> None:
    assert wants_out("Re: x", "今回は見送ります。\n今後メールは\n送らないでください。")
    assert wants_out("Re: x", "資料を拝見しました。今回は見送ります。今後の配信は不要です。")
    assert not wants_out("Re: x", "承知しました。火曜に伺います。\n配信停止"), (
        "a word alone under other words is a label"
    )


def test_what_stands_far_below_is_a_signature_and_what_is_quoted_is_not_theirs() -> None:
    far = "\n".join(f"{n}つ目の質問です。費用は?" for n in range(6)) + "\n配信停止をお願いします。"
    assert wish("Re: x", far) is Wish.MAYBE
    for quote in (
        "> 配信停止をお願いします", "-----Original Message-----\n配信停止希望",
        "差出人:鈴木 <s@a.example>\n配信停止希望", "From: Suzuki <s@a.example>\n配信停止希望",
        "________________________________\n配信停止をお願いします",
        "2026年11月24日(火) 10:00 鈴木 <suzuki@aoba.example>:\n配信停止希望",
        "2026/11/24 10:00、鈴木 <s@a.example>のメール:\n停止",
        "2026年11月24日(火) 10:00 青葉クラウド 鈴木 <suzuki@aoba.example\n>:\n配信停止希望",
    ):  # fmt: skip
        assert wish("Re: x", f"お世話になっております。\n{quote}") is Wish.NONE, quote


@pytest.mark.parametrize(
    "said", ["今後メールの配信の" * 8, "メール" * 26, "してください" * 13, "営業メールを" * 12, "please " * 11]
)
def test_a_long_sentence_of_such_words_is_read_as_fast_as_any(said: str) -> None:
    assert wish("", f"{said}x") in {Wish.NONE, Wish.MAYBE}
    assert wish("", f"{said * 5000}x") in {Wish.NONE, Wish.MAYBE}
