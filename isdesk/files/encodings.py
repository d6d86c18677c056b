"""Which encoding a text file is in: strict decoders read all of it; where several pass, the likeliest Japanese wins.

The decision is the same on every run. Found are UTF-8 and UTF-16 (with and without a byte order mark), CP932
(Shift_JIS as Windows writes it), EUC-JP (with the vendor's characters ①, ㈱, 髙) and ISO-2022-JP.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from isdesk.domain.errors import BadInput

_CHUNK = 1 << 20
_SCORED = 20_000
EUC_ERRORS = "isdesk-euc-vendor"
"""The decoder error handler that reads what CP51932 has and plain EUC-JP lacks."""

LABELS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (BOM)",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "utf-16": "UTF-16",
    "cp932": "CP932",
    "euc_jp": "EUC-JP",
    "iso2022_jp": "ISO-2022-JP",
}
"""Names of the encodings as people know them."""

_ALIASES = {
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-8-bom": "utf-8-sig",
    "utf-16": "utf-16",
    "utf16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-16-be": "utf-16-be",
    "cp932": "cp932",
    "sjis": "cp932",
    "shift-jis": "cp932",
    "shiftjis": "cp932",
    "ms932": "cp932",
    "windows-31j": "cp932",
    "euc-jp": "euc_jp",
    "eucjp": "euc_jp",
    "iso-2022-jp": "iso2022_jp",
    "iso2022-jp": "iso2022_jp",
    "jis": "iso2022_jp",
}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MAGIC = (
    b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\x7fELF", b"MZ\x90",
    b"SQLite format 3", b"BM6", b"RIFF", b"OggS", b"ID3",
)  # fmt: skip
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
_NOT_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
_NOT_ASCII = re.compile("[^\x00-\x7f]+")

_COMMON_KANJI = frozenset(
    "会社名株式有限合同資本店舗業種職役員部署課室長担当者氏姓電話番号代表直通携帯住所都道府県市区町村郵便法人従数売上年月日時分"
    "東京大阪名古屋横浜神奈川埼玉千葉愛知福岡北海広島仙台札幌兵庫静茨城栃木群馬新潟石富山梨野岐阜三重滋賀和歌取根徳香媛高知佐崎"
    "熊本宮鹿児沖縄青森岩手秋田形島中央港区渋谷新宿品目黒豊池袋丸内日橋銀座赤坂六麻布虎門浜松飯水道後楽御茶上下左右前東西南北"
    "佐藤鈴木高橋田中伊渡辺山本中村小林加吉佐々松井木清崎池阿橋石前近藤岡後長谷川村遠坂青福太三原和竹金田西島谷久保上野杉千"
    "一二三四五六七八九十百万億円工製造作建設不動産金融保険商事販売卸小売物流運輸通信情報報処理開発研究教育医療福祉介護食品飲料"
    "化学薬機械精密電子電機器具自車部品鉄鋼属紙印刷出版広告告人材派遣紹介旅行飲宿泊環境農林水産公務団体組合協議学校病院税法律計"
    "務総経営企画管理財人事営推進購買調達技術質生産品保守支援戦略室主任係次取締専常監査社員顧客見込流入経路検討期備考欄登録更新"
    "契約終了開始済未有無可不要確度温感点数検討状況進捗結果原因理由内容件数実績目標予算決裁権限者課題目的用途現在方法導入予定"
    "健太郎一子美恵裕真由直樹誠明浩隆洋幸博正義勇豊修大輔翔陽菜優香里奈結衣葵蓮悠斗拓也哲雄秀俊彦信男夫弘文"
)
_VOICED = frozenset("ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ")
_HALF_VOICED = frozenset("ﾊﾋﾌﾍﾎ")
_NEVER_FIRST = frozenset("ｧｨｩｪｫｬｭｮｯｰﾞﾟ")


def named(encoding: str) -> str:
    """Return the codec for an encoding as a person names it.

    Raises BadInput (``file_encoding_name``) where it is not one of those that are read.
    """
    codec = _ALIASES.get(encoding.strip().lower().replace("_", "-").replace(" ", ""))
    if codec is None:
        raise BadInput("file_encoding_name", encoding=encoding)
    return codec


def errors_of(encoding: str) -> str:
    """Return the error handler that files of ``encoding`` are decoded with."""
    return EUC_ERRORS if encoding == "euc_jp" else "strict"


def detect(path: Path) -> str:
    """Return the codec that reads the text file ``path``.

    Raises BadInput: ``file_binary`` (not a text at all), ``file_truncated`` (ends inside a character),
    ``file_encoding_unknown`` (no encoding reads all of it; ``line`` is the first that none reads).
    """
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    if head.startswith(_MAGIC) or head.startswith((codecs.BOM_UTF32_BE, codecs.BOM_UTF32_LE)):
        raise BadInput("file_binary", file=path.name)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            check(path, encoding)
            return encoding
    if b"\x00" in head:
        return _wide(path, head)
    if head.isascii() and b"\x1b$" in head:
        check(path, "iso2022_jp")
        return "iso2022_jp"
    return _narrow(path)


def check(path: Path, encoding: str) -> None:
    """Read all of ``path`` as ``encoding``.

    Raises BadInput as `detect` does where it is not that.
    """
    trial = _Trial(encoding)
    for chunk, final in _chunks(path):
        if not trial.feed(chunk, final=final):
            break
    trial.raise_for(path)


def _wide(path: Path, head: bytes) -> str:
    """Tell UTF-16 without a mark from a binary file by where its zero bytes stand."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    trial = _Trial(encoding)
    for chunk, final in _chunks(path):
        if not trial.feed(chunk, final=final):
            break
    if trial.cut:
        raise BadInput("file_truncated", file=path.name)
    if trial.failed or trial.controls or trial.likeness() < 0:
        raise BadInput("file_binary", file=path.name)
    return encoding


def _narrow(path: Path) -> str:
    """Decide among UTF-8, CP932 and EUC-JP; those that fail fall out, the likeliest of the rest stays."""
    trials = [_Trial("utf-8"), _Trial("cp932"), _Trial("euc_jp")]
    for chunk, final in _chunks(path):
        for trial in trials:
            trial.feed(chunk, final=final)
        if not trials[0].failed and trials[0].sure:
            trials = trials[:1]
    passed = [t for t in trials if not t.failed]
    if not passed:
        best = max(trials, key=lambda t: (t.cut, t.good, t.encoding))
        best.raise_for(path)
    best = max(passed, key=lambda t: t.likeness())
    if best.binary:
        raise BadInput("file_binary", file=path.name)
    return best.encoding


class _Trial:
    """One encoding tried on a file, chunk by chunk."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.failed = False
        self.cut = False
        """It failed only because the file ends inside a character."""
        self.good = 0
        self.line = 1
        self.controls = 0
        self._wide = 0
        self._sample: list[str] = []
        self._sampled = 0
        self._decoder = codecs.getincrementaldecoder(encoding)(errors_of(encoding))

    @property
    def sure(self) -> bool:
        """True where so many three-byte characters of UTF-8 were read that chance is out of the question."""
        return self._wide >= 12

    @property
    def binary(self) -> bool:
        """True where too many control characters were read for a text; a stray one is none too many."""
        return self.controls > 4 and self.controls * 20 > self.good

    def feed(self, chunk: bytes, *, final: bool) -> bool:
        """Decode one chunk; False once it has failed."""
        if self.failed:
            return False
        try:
            text = self._decoder.decode(chunk)
        except UnicodeDecodeError as error:
            self._fail(chunk, error)
            return False
        if final:
            try:
                text += self._decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                self.failed = self.cut = True
                return False
        if self.encoding == "cp932" and _NOT_CP932.search(text):
            self.failed = True
            return False
        self._take(text)
        return True

    def raise_for(self, path: Path) -> None:
        """Raise the BadInput that says how it failed, if it did."""
        if self.cut:
            raise BadInput("file_truncated", file=path.name)
        if self.failed and self.controls:
            raise BadInput("file_binary", file=path.name)
        if self.failed:
            raise BadInput("file_encoding_unknown", file=path.name, line=self.line)
        if self.binary:
            raise BadInput("file_binary", file=path.name)

    def likeness(self) -> float:
        """Return how much the decoded text looks like Japanese, per character; 0 for plain ASCII."""
        return likeness("".join(self._sample))

    def _fail(self, chunk: bytes, error: UnicodeDecodeError) -> None:
        self.failed = True
        before = chunk[: max(0, error.start)]
        self.good += len(before)
        self.line += before.count(b"\n")
        self.controls += sum(1 for b in chunk[:4096] if b < 9 or 14 <= b < 27)

    def _take(self, text: str) -> None:
        self.good += len(text)
        self.line += text.count("\n")
        if not text.isascii():
            self._wide += 0 if self.sure else sum(1 for c in text[: _SCORED * 4] if c >= "ࠀ")
            if self._sampled < _SCORED:
                part = " ".join(self._shreds(text))
                self._sample.append(part)
                self._sampled += len(part)
        if _CONTROL.search(text):
            self.controls += len(_CONTROL.findall(text.removesuffix("\x1a")))

    @staticmethod
    def _shreds(text: str) -> Iterator[str]:
        """Yield the parts that are not ASCII, each with the character before it (``é`` after a letter is a letter)."""
        total = 0
        for match in _NOT_ASCII.finditer(text):
            start = max(0, match.start() - 1)
            yield text[start : match.end()]
            total += match.end() - start
            if total > _SCORED:
                return


def likeness(text: str) -> float:
    """Return a plausibility of ``text`` as Japanese business data: about 3 for real text, below 1 for mojibake."""
    total = 0.0
    count = 0
    previous = " "
    for char in text:
        if char > "\x7f":
            total += _weight(char, previous)
            count += 1
        previous = char
    return total / count if count else 0.0


def _weight(char: str, previous: str) -> float:
    if "ぁ" <= char <= "ヿ" or "！" <= char <= "～" or char in "々〇「」『』【】、。　〒":
        return 3.0
    if "一" <= char <= "鿿":
        return 3.0 if char in _COMMON_KANJI else 1.0 if char in _level_one() else 0.0
    if "｡" <= char <= "ﾟ":
        return _half_width(char, previous)
    if "À" <= char <= "ɏ":
        return 2.0 if previous.isalpha() and previous < "ɏ" else -1.0
    if char < "\xa0" or "\ue000" <= char <= "\uf8ff" or char == "�":
        return -5.0
    if char in "①②③④⑤⑥⑦⑧⑨⑩㈱㈲№℡髙﨑〜‐−–—・※○◯×→■□◆◇●★☆®™©…":
        return 2.0
    return -0.5


def _half_width(char: str, previous: str) -> float:
    """Weigh one half-width kana: right after what it can follow, wrong where no word has it."""
    inside = "ｦ" <= previous <= "ﾟ"
    if char == "ﾞ":
        return 2.2 if previous in _VOICED else -4.0
    if char == "ﾟ":
        return 2.2 if previous in _HALF_VOICED else -4.0
    if not inside and (char in _NEVER_FIRST or (previous.isascii() and previous.isalnum())):
        return -3.0
    if char < "ｦ":
        return 0.3
    return 2.2


@lru_cache(maxsize=1)
def _level_one() -> frozenset[str]:
    """Return the kanji of JIS level 1, the ones in daily use."""
    cells = (bytes((row, cell)) for row in range(0xB0, 0xD0) for cell in range(0xA1, 0xFF))
    return frozenset("".join(pair.decode("euc_jp", errors="ignore") for pair in cells))


def _chunks(path: Path) -> Iterator[tuple[bytes, bool]]:
    """Yield the file's bytes piece by piece, and whether this was the last one."""
    with path.open("rb") as file:
        chunk = file.read(_CHUNK)
        while True:
            following = file.read(_CHUNK)
            yield chunk, not following
            if not following:
                return
            chunk = following


def _read_vendor_pair(error: UnicodeError) -> tuple[str, int]:
    """Decode one pair of an EUC-JP file that only the vendor's table has, by way of CP932."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = error.object[error.start : error.start + 2]
    if len(pair) < 2 or pair[0] < 0xA1 or pair[1] < 0xA1:
        raise error
    row, cell = pair[0] - 0xA0, pair[1] - 0xA0
    lead = (row + 1) // 2 + (0x80 if row <= 62 else 0xC0)
    odd = 0x3F if cell <= 63 else 0x40
    trail = cell + (odd if row % 2 else 0x9E)
    try:
        return bytes((lead, trail)).decode("cp932"), error.start + 2
    except UnicodeDecodeError:
        raise error from None


_handler: Callable[[UnicodeError], tuple[str, int]] = _read_vendor_pair
codecs.register_error(EUC_ERRORS, _handler)
