"""Whether a letter asks for no more mail (配信停止): surely, perhaps, or not at all.

Who asks so is to get none (特定電子メール法 3条3項), so the ways in which people put it count, not one word. A sentence
counts only as a whole: who talks about the words (a product that can stop a delivery, a brochure that need not be sent)
wants something else. What resembles a wish and is none for certain is a person's to decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import IntEnum, StrEnum
from typing import Final

from isdesk.domain.letters import ANSWER, lines_below, own_lines


class Wish(StrEnum):
    """How surely a letter asks for no more mail."""

    NONE = "none"
    MAYBE = "maybe"
    CLEAR = "clear"


LINES: Final = 5
"""So many lines of their own, greetings not counted, are read for a wish; what stands below is a signature."""
_MAYBE_LINES: Final = 10
_READ: Final = 20_000
"""So many characters of a letter are read; whoever sends more must not hold up the letters behind it."""
_LONGEST: Final = 80
"""A sentence of more characters is no wish that says nothing else."""

_EVER: Final = r"今後一切|今後|以後|以降|これから|これ以上|もう|二度と|一切|金輪際"
_WHO: Final = (
    r"当方|弊社|当社|弊所|弊院|当院|私ども|わたくし|わたし|私|自分|小職|こちら|貴社|御社|貴殿|そちら|"
    r"(?:この|その|こう|そう)(?:ような|いった|した|種の|手の)|この|すべて|全て|全部|定期|一斉|"
    r"営業|広告|宣伝|勧誘|セールス|売り?込み|目的|迷惑|不要な|(?:この|本|当|下記|当該|こちらの)(?:メール)?アドレス"
)
_MAIL: Final = (
    r"メールマガジン|メルマガ|ダイレクトメール|電子メール|eメール|e-?mail|メール|mail|ニュースレター|newsletter|dm|"
    r"ご?案内(?!状)|御案内|お?知らせ|配信|送信|受信|購読"
)
_CONTACT: Final = r"ご?連絡|御連絡|ご?提案|送付|コンタクト|アプローチ|登録"
_PARTICLE: Final = r"(?:では|での|の|は|を|も|が|に|へ|から|より|宛て?|など|等|について|に関して)"
_TOPIC: Final = rf"(?P<topic>(?:(?:{_EVER}|{_WHO}|{_MAIL}|{_CONTACT}){_PARTICLE}{{0,2}})*)"

_HOPE: Final = r"(?:と?(?:幸い|幸甚|助かり|嬉しい|うれしい|ありがたい|有難い)(?:です|に存じます|ます)?)"
_CAN: Final = (
    rf"(?:ます(?:でしょう)?か|ません(?:でしょう)?か|ないでしょうか|れば(?:と(?:思い|存じ)ます|{_HOPE})|る{_HOPE}|"
    rf"ます{_HOPE})"
)
_LIKE: Final = (
    r"(?:たい(?:です|と(?:思い|存じ)ます)?|"
    r"たく(?:存じます|思います|(?:ご?連絡|メール)(?:(?:いた|致)?し|差し上げ)(?:ます|ました))?)"
)
_ASK: Final = (
    rf"(?:よろしく|宜しく|何卒|どうか)*(?:お?願い|おねがい|御願い)(?:でき{_CAN}|出来{_CAN}|(?:いた|致)?し(?:て(?:おり|い))?(?:ます|{_LIKE})|"
    r"申し?上げます|です)?"
)
_GIVE: Final = (
    rf"(?:(?:くだ|下)さい(?:ませ|ますよう(?:に)?{_ASK})?|(?:いただけ|頂け|もらえ|貰え){_CAN}|"
    rf"(?:いただき|頂き)(?:{_LIKE}|たく{_ASK}|ますよう(?:に)?{_ASK})|(?:ほしい|欲しい)(?:です)?|くれ(?:ます|ません)か)"
)
_WISH: Final = (
    rf"(?:(?:を|の)?ご?(?:希望|依頼)(?:です|でございます|(?:いた|致)?し(?:て(?:おり|い))?(?:ます|{_LIKE})|致します)?|"
    rf"(?:の)?(?:お?手続き?|ご?処理|ご?対応|設定|件|方|ほう)?(?:を|で|は|も|の(?:ほど|程)(?:を)?|にて)?{_ASK}|"
    rf"(?:を|に|と)?(?:して|させて){_GIVE}|(?:を)?{_GIVE}|(?:を)?願い(?:ます|{_LIKE})|(?:を)?し{_LIKE}|"
    rf"です|でございます|で)"
)
_NOUN: Final = (
    r"(?P<noun>停止|中止|解除|拒否|終了|ストップ|取り?やめ|取り?止め|とりやめ|退会|解約|不要|無用)"
    rf"(?P<asked>{_WISH})?"
)
_NOT: Final = (
    r"(?P<sends>送ら|おくら|送って(?:こ|来)|送信し|送りつけ|送り付け|よこさ|寄越さ)|"
    r"し|してこ|して来|なさら|行わ|出さ|入れ"
)
_REFRAIN: Final = rf"(?P<refrain>(?:{_NOT})ない(?:で{_GIVE}|よう(?:に)?(?:{_ASK}|して{_GIVE})|で))"
_DO: Final = r"(?:(?:いた|致)?し(?:ます|て(?:おり|い)ます)|(?:致|いた)します)"
_CEASE: Final = (
    rf"(?P<cease>(?P<sending>送(?:る|ってくる|って来る|りつける)(?:の|こと)(?:を|は))?"
    rf"(?:お?(?:やめ|止め|辞め|とめ|控え)(?:て|になって)?{_GIVE}|"
    rf"ご?遠慮(?:を)?(?:して)?(?:{_GIVE}|願い(?:ます|{_LIKE})|{_ASK})|"
    rf"お?断り(?:です|{_DO}|させて(?:いただき|頂き)ます|させて(?:いただい|頂い)て(?:おり|い)ます|申し?上げ(?:ます|ております))?))"
)
_NEEDLESS: Final = (
    r"(?P<needless>必要(?:は|も)?(?:あり|ござい)ません|必要(?:は|も)?ない(?:です)?|(?:いり|要り)ません|"
    r"(?:いら|要ら)ない(?:です)?|(?:もう)?(?:結構|けっこう)です|"
    r"希望(?:(?:いた|致)?しません|しない(?:です)?)|望みません)"
)
_TAKES_NONE: Final = r"(?P<none>(?:お)?(?:受け?付け?|受け)(?:(?:いた|致)?し)?(?:て(?:おり|い)ません|ません|かねます))"
_SPARE: Final = (
    r"(?P<spare>(?:(?:お?送り|送って)?(?:いただか|頂か)|送ら|送信し|配信し|連絡し|し)なくて(?:も)?"
    r"(?:結構|いい|良い|よい|大丈夫)(?:です)?)"
)
_LIST: Final = (
    r"(?P<list>(?:(?:配信|送信|送付|メール|メルマガ|宛|あて|顧客|営業|連絡)*(?:先|用)?の?(?:リスト|名簿)|メーリングリスト|"
    r"(?:配信|送信|送付|メール)の?対象者?|(?:配信|送信|送付|宛|あて)先|アドレス帳|(?:メール)?アドレス|登録)"
    rf"(?:(?:から|より|を|は|の)(?:(?:{_WHO})(?:を|は|の)?)?){{0,2}}"
    rf"(?:(?:を|の)?(?:削除|除外|抹消|解除|除去)(?:{_WISH})?|(?:外し|はずし|除い|のぞい|消し|抜い)て{_GIVE}))"
)
_SAID: Final = re.compile(
    rf"{_TOPIC}(?:{_LIST}|{_NOUN}|{_REFRAIN}|{_CEASE}|{_NEEDLESS}|{_SPARE}|{_TAKES_NONE}|(?P<word>オプトアウト)(?:{_WISH})?)(?:ね|よ)?"
)
_HAS_MAIL: Final = re.compile(_MAIL)
_HAS_EVER: Final = re.compile(_EVER)
_HAS_CONTACT: Final = re.compile(_CONTACT)
_HAS_POST: Final = re.compile(r"メール|メルマガ|e-?mail|mail|ニュースレター|newsletter|dm|配信|受信|購読|送信")
_SELLS: Final = re.compile(r"営業|広告|宣伝|勧誘|セールス|売り?込み")
_SOFT: Final = frozenset({"不要", "無用"})

_MAILS_EN: Final = r"(?:(?:e-?mails?|mails?|messages?|newsletters?|anything|stuff|spam)(?: (?:to )?(?:me|us))?)"
_FROM_LIST: Final = (
    r"(?:from|off(?: of)?) (?:(?:this|your|the|all) )?(?:(?:e-?mail|mailing|distribution|contact|newsletter) ?)*"
    r"(?:lists?|databases?|e-?mails?|newsletters?|mailings?)"
)
_SAID_EN: Final = re.compile(
    r"(?:(?:hi|hello|thanks|thank you|no thanks|no thank you|sorry|not interested|and|so|but) )*"
    r"(?:(?:could|can|would|will) you |(?:i|we) (?:would like|want|wish|'d like) (?:you )?to |(?:i|we) ask you to )?"
    r"(?:kindly )?(?:please )?(?:kindly )?"
    rf"(?:unsubscribe(?: (?:me|us|this address|my (?:e-?mail )?address))?(?: {_FROM_LIST})?|"
    rf"(?:remove|delete|take) (?:me|us|this address|my (?:e-?mail|e-?mail address|address|name))(?: {_FROM_LIST})?|"
    r"(?:stop|quit|cease) (?:sending|e-?mailing|mailing|contacting|spamming)(?: (?:me|us))?"
    rf"(?: (?:these|any|more|any more|your|such|further|this))?(?: {_MAILS_EN})?|"
    r"(?:do not|don't|never) (?:send|e-?mail|mail|contact|write)(?: (?:to )?(?:me|us))?"
    rf"(?: (?:these|any|more|any more|your|such|further))?(?: {_MAILS_EN})?(?: else)?|"
    rf"opt[- ]?(?:me |us )?out(?: of .{{1,30}})?|no more {_MAILS_EN})"
    r"(?: (?:any ?more|again|ever again|immediately|now|at once|in (?:the )?future))?"
    r"(?:,? please)?(?: thanks| thank you)?"
)
_WORDS: Final = frozenset({"stop", "停止", "不要", "拒否"})
"""What says nothing else where it stands alone."""
_LINKS: Final = frozenset({"unsubscribe", "opt out", "opt-out", "optout"})
"""What below other words is the way out of some news."""
_NAMES_MAIL: Final = re.compile(rf"{_MAIL}|オプトアウト|退会|unsubscribe|opt[- ]?out|list")
_SOFT_EN: Final = re.compile(
    r"^(?:please )?(?:do not|don't|never) (?:e-?mail|mail|contact|write)(?: (?:to )?(?:me|us))?$"
)
_BUSINESS: Final = re.compile(
    r"(?:ます|ました|ください|下さい|願い|ほしい|欲しい|たい|だけで?|まで|へ)(?:です)?(?:ね|よ|が)?$|"
    r"^(?!.*(?:thank|regards)).*\b(?:please|call|will|let me|let us|can you|could you)\b"
)
"""How a sentence ends that asks for something or promises it."""
_CLOSING: Final = re.compile(
    r"(?<!で)(?<!へ)(?:よろしく|宜しく)(?:お?願|御願)|失礼|ありがと|有難|有り難|恐れ入り|恐縮|申し?訳|すみません|悪しからず|あしからず|"
    r"ご?(?:了承|容赦|理解|確認|査収|承知おき|自愛)|(?:ご|お手続き?|御)?(?:対応|処理|手配)(?:を|の|くだ|いた|お願|願)|手数|(?:早急|至急)|"
    r"見送|見合わ|思います$|存じます$|祈り|(?:退職|異動)(?:し|いた|致)|検討(?:し|いた|致)|(?:いただき|頂き)(?:まし|ます)|"
    r"拝見|お世話|願いたし|以上"
)
"""What is said beside a wish and asks for nothing else."""

_GREETING: Final = re.compile(
    r"(?:様|さま|殿|御中|各位|ご担当者.*|お世話になっ(?:ております|ています)|お世話になります|"
    r"いつもお世話に.*|お疲れ様です|"
    r"\S{1,20}の\S{1,12}です|と申します|こんにちは|こんばんは|おはようございます|拝啓|前略|hello.*|hi.*|dear.*|"
    r"ありがとう(?:ござい(?:ます|ました))?|有難うございます|"
    r"thank(?:s| you).*|(?:お|御)礼申し上げます|拝見(?:いた)?しました|"
    r"失礼(?:いた|致)?します|恐れ入ります|"
    r"(?:株式会社|有限会社|合同会社|\(株\)|\(有\)).{0,30}(?:です|でございます)|"
    r"^(?!結構|承知|了解|残念|大丈夫|無理|可能|必要|不可)[一-龥々ァ-ヶー]{1,5}です)$",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"[、,]|ので|ため(?:に)?|(?:です|ます|ません|ました|すみません)(?:が|けど|けれども?|から)?")
_HEAD: Final = re.compile(r"^[^、,]*(?:ください|下さい|です|ます)[、,]")
_SENTENCE: Final = re.compile(r"([^。.!?\n]+)([。.!?]*)")
_ASKING: Final = re.compile(
    r"いただけ|頂け|もらえ|貰え|願い|でしょうか|ませんか|\b(?:can|could|would|will) you\b|please"
)
_MARKS: Final = " 「」『』【】[]()。.!、,・*※-—\"'"
_NEAR: Final = re.compile(
    r"(?:配信|メール|メルマガ|送付|送信|案内|連絡|提案|知らせ)[^。]{0,8}?"
    r"(?:停止|不要|解除|拒否|止め|やめ|控え|遠慮|結構です|いりません|断り|除外|削除)"
    r"(?!の?(?:方法|機能|率|仕組|設定|手順|手続|対応|処理|リンク|数|件数|画面|フォーム|ページ|について|に関する)|"
    r"[をの]?ご?希望(?:の方|される)|は?こちら|しない|せず|は不要|は希望し|ないで|ではあり|ですか)|"
    r"(?:送ら|送信し|配信し|連絡し|送って(?:こ|来))ないで(?!すか)|営業(?:は|の)?お断り|迷惑(?:です|して|メール)|受信拒否|"
    r"もう(?:結構|けっこう)です|(?:メール|連絡|配信)し(?:て(?:こ|来))ないで|(?:送ら|いただか|頂か)なくて|"
    r"(?:登録|配信対象|配信先)(?:の|を|から|より)?(?:解除|削除|抹消|除外|外)(?:し?て|を|の)?"
    r"(?:(?:くだ|下)さい|お?願|御願|希望|した[いく]|いただ|頂)|"
    r"(?:営業|広告|勧誘|セールス)[^。]{0,8}(?:受け?付け|受け?取|お受け)[^。]{0,6}(?:ません|かねます|ない)|"
    r"(?:今後|以後|以降|これ以上)[^。]{0,8}(?:営業|情報提供|提案)[^。]{0,4}(?:不要|結構|いりません|要りません|遠慮|断り|控え)|"
    r"もう(?:(?:いり|要り|必要あり|必要ござい)ません|(?:いら|要ら|必要)ない|不要|送(?:らな|って(?:こ|来)な)くて)|"
    r"^(?:必要(?:は)?(?:あり|ござい)ません|(?:いり|要り)ません|(?:いら|要ら)ない(?:です)?)$|"
    r"^退会(?:を|の)?(?:し(?:ます|たい)|(?:いた|致)|希望|お?願)|"
    r"迷惑な(?:ので|ため)|(?:退会|登録解除)(?:を|の)?ご?希望|^(?:もう)?やめて(?:くだ|下)さい$"
)
_NEAR_EN: Final = re.compile(
    r"\b(?:unsubscribe|opt[- ]?out|take (?:me|us) off|remove (?:me|us) from|spam|please stop$|^stop(?: it)? please$|"
    r"(?:stop|quit) (?:sending|e-?mailing|contacting))"
)
_OTHER: Final = re.compile(
    r"資料|見積|請求書|カタログ|サンプル|添付|ファイル|パスワード|電話|返信|確認メール|当日|機能|の方は|停止は(?:不要|希望し)"
)
"""What need not be sent, and is no mail of ours."""
_BOTH: Final = re.compile(
    r"(?:電話[^。]{0,6}メール|メール[^。]{0,6}電話)[^。]{0,8}(?:不要|断り|結構です|遠慮|控え|やめ|止め|いりません|要りません)"
)
"""Neither by telephone nor by mail."""


class _Weight(IntEnum):
    """How much a sentence says: ``SOFT`` may mean one mail only, where they ask or promise something beside it."""

    NO = 0
    SOFT = 1
    SURE = 2


def wish(subject: str, text: str, ours: str = "") -> Wish:
    """Return whether a letter asks for no more mail: its subject says nothing else, or a sentence of its first lines
    does. A lone word counts only where nothing but a greeting stands before it; what they quote is not theirs.

    Who needs no mail and goes on with business (「メールは不要です。電話をください。」) may mean that one mail.
    ``ours`` is the subject of the mail that it answers: before another one, words in brackets are the title of news.
    """
    title = _in_subject(subject, ours)
    if title is Wish.CLEAR:
        return Wish.CLEAR
    first, maybe, soft, business = True, title is Wish.MAYBE, False, False
    lines, rest = 0, ""
    for line in own_lines(text[:_READ]):
        plain = _plain(line)
        if not plain.strip(_MARKS):
            rest = ""
            continue
        if lines >= _MAYBE_LINES:
            break
        said = list(_sentences(plain))
        read = lines < LINES
        for n, (sentence, mark) in enumerate(said):
            weight = _weight(sentence, mark, alone=first) if read else _Weight.NO
            if read and rest and n == 0:  # a sentence that was broken over two lines
                weight = max(weight, _weight(rest + sentence, mark, alone=False))
            if weight is _Weight.SURE:
                return Wish.CLEAR
            soft = soft or weight is _Weight.SOFT
            business = business or (read and _asks_else(sentence, weight))
            maybe = maybe or _resembles(sentence)
            first = first and bool(_GREETING.search(sentence))
        rest = said[-1][0] if said and not said[-1][1] else ""
        lines += not all(_GREETING.search(sentence) for sentence, _ in said)
    if soft and not business:
        return Wish.CLEAR
    return Wish.MAYBE if soft or maybe or _below(text) else Wish.NONE


def _below(text: str) -> bool:
    """Return whether a wish stands below what is quoted, where it may be theirs or a part of the quote."""
    lines = [_plain(line) for line in lines_below(text[:_READ]) if line.strip(_MARKS)][:LINES]
    said = [one for line in lines for one in _sentences(line)]
    return any(_weight(sentence, mark, alone=n == 0) for n, (sentence, mark) in enumerate(said))


def wants_out(subject: str, text: str, ours: str = "") -> bool:
    """Return whether a letter asks surely for no more mail."""
    return wish(subject, text, ours) is Wish.CLEAR


def is_doubtful(note: str) -> bool:
    """Return whether a reply as it stands in the timeline (subject — words) resembles a wish for no more mail."""
    subject, _, said = note.partition(" — ")
    return wish(subject, said) is not Wish.NONE


def _in_subject(subject: str, ours: str) -> Wish:
    plain = _plain(ANSWER.sub("", subject))
    found = re.match(r"\s*[\[【「]([^\]】」]{2,30})[\]】」](.*)", plain)
    if found is None:
        clear = bool(_weight(plain, "", alone=True))
    else:
        rest = ANSWER.sub("", found[2]).strip()
        if rest and (not ours or rest != _plain(ANSWER.sub("", ours))):
            return Wish.MAYBE if _resembles(plain) else Wish.NONE
        weight = _weight(found[1], "", alone=True)
        if weight and not _NAMES_MAIL.search(found[1]):
            return Wish.MAYBE
        clear = bool(weight)
    return Wish.CLEAR if clear else Wish.MAYBE if _resembles(plain) else Wish.NONE


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())


def _sentences(plain: str) -> Iterator[tuple[str, str]]:
    for found in _SENTENCE.finditer(plain):
        said = found[1].strip(_MARKS)
        if said:
            yield said, found[2]


def _asks_else(sentence: str, weight: _Weight) -> bool:
    """Return whether a sentence asks for something, or promises it, beside a wish for no more mail in it."""
    whole = sentence.replace(" ", "")
    tail = re.split("[、,]", whole)[-1]
    if weight is not _Weight.NO and (tail == whole or _weight(tail, "", alone=True)):
        return False
    said = sentence if sentence.isascii() else tail if weight else whole
    return _BUSINESS.search(said) is not None and not (_CLOSING.search(said) or _GREETING.search(said))


def _weight(sentence: str, mark: str, *, alone: bool) -> _Weight:
    """Return how much of a wish for no more mail a sentence is; ``alone``: nothing that was said before it matters."""
    said = sentence.strip(_MARKS)
    if not said or len(said) > _LONGEST or ("?" in mark and not _ASKING.search(said)):
        return _Weight.NO
    if alone and said in _WORDS:
        return _Weight.SOFT
    if not alone and said in _LINKS:
        return _Weight.NO
    if _SAID_EN.fullmatch(said.replace(",", "")):
        return _Weight.SOFT if _SOFT_EN.match(said) else _Weight.SURE
    whole = said.replace(" ", "")
    parts = [whole[found.end() :] for found in _CLAUSE.finditer(whole)]
    parts += [one[0][:-1] for one in _HEAD.finditer(whole)]
    tried = [(re.sub("[、,]", "", whole), alone), *((re.sub("[、,]", "", one), False) for one in parts if one)]
    return max(_weighed(one, alone=lone) for one, lone in tried)


def _weighed(said: str, *, alone: bool) -> _Weight:
    found = _SAID.fullmatch(said)
    if found is None or not _is_wish(found, alone=alone):
        return _Weight.NO
    soft = found["noun"] in _SOFT or found["needless"] or found["spare"]
    return _Weight.SOFT if soft else _Weight.SURE


def _is_wish(found: re.Match[str], *, alone: bool) -> bool:
    topic = found["topic"] or ""
    mail, ever = bool(_HAS_MAIL.search(topic)), bool(_HAS_EVER.search(topic))
    contact = bool(_HAS_CONTACT.search(topic))
    named = mail or (ever and contact)
    if (found["noun"] in _SOFT or found["needless"]) and topic and not (ever or _HAS_POST.search(topic)):
        return False  # one call, one offer, one sending that is not needed
    if found["noun"]:
        if (found["asked"] or "").lstrip("を").startswith("した") and re.search(_WHO, topic):
            return False  # who speaks of a delivery of their own
        bare = alone and "登録" not in topic and found["noun"] in {"停止", "不要", "拒否", "解除"}
        bare = bare and (contact or not re.search(_WHO, topic))
        return (named and (alone or bool(found["asked"]))) or bare
    if found["refrain"]:
        return named or (ever and bool(found["sends"]))
    if found["list"]:
        return mail or not found["list"].startswith("登録")
    if found["spare"]:
        return ever
    if found["none"]:
        return mail and _SELLS.search(topic) is not None
    if found["cease"]:
        return named or bool(found["sending"]) or (ever and "営業" in topic)
    return bool(found["word"]) or named


def _resembles(sentence: str) -> bool:
    whole = sentence.replace(" ", "")
    near = _NEAR.search(whole) or _NEAR_EN.search(sentence)
    return _BOTH.search(whole) is not None or (near is not None and not _OTHER.search(sentence))
