"""The prefectures of Japan, as they are written and as they are found at the beginning of an address."""

from __future__ import annotations

import re
import unicodedata

_NAMES = """
北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県
富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県
鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県
鹿児島県 沖縄県
"""
_ROMAN = """
hokkaido aomori iwate miyagi akita yamagata fukushima ibaraki tochigi gunma saitama chiba tokyo kanagawa niigata
toyama ishikawa fukui yamanashi nagano gifu shizuoka aichi mie shiga kyoto osaka hyogo nara wakayama tottori
shimane okayama hiroshima yamaguchi tokushima kagawa ehime kochi fukuoka saga nagasaki kumamoto oita miyazaki
kagoshima okinawa
"""
_CITIES = """
札幌市=北海道 仙台市=宮城県 さいたま市=埼玉県 千葉市=千葉県 横浜市=神奈川県 川崎市=神奈川県 相模原市=神奈川県
新潟市=新潟県 静岡市=静岡県 浜松市=静岡県 名古屋市=愛知県 京都市=京都府 大阪市=大阪府 堺市=大阪府 神戸市=兵庫県
岡山市=岡山県 広島市=広島県 北九州市=福岡県 福岡市=福岡県 熊本市=熊本県
"""
_WARDS = """
千代田区 中央区 港区 新宿区 文京区 台東区 墨田区 江東区 品川区 目黒区 大田区 世田谷区 渋谷区 中野区 杉並区
豊島区 北区 荒川区 板橋区 練馬区 足立区 葛飾区 江戸川区
"""

PREFECTURES: tuple[str, ...] = tuple(_NAMES.split())
"""All 47, in the order of their official codes."""

_SHORT = {name: name if name == "北海道" else name[:-1] for name in PREFECTURES}
_BY_NAME: dict[str, str] = (
    {name: name for name in PREFECTURES}
    | {short: name for name, short in _SHORT.items()}
    | dict(zip(_ROMAN.split(), PREFECTURES, strict=True))
)
_BY_CITY = dict(pair.split("=") for pair in _CITIES.split()) | dict.fromkeys(_WARDS.split(), "東京都")
_START = re.compile("|".join(PREFECTURES))
_POSTAL = re.compile(r"^(?:〒?\s*\d{3}-?\d{4}\s*|日本国?[,、\s]*)+")
_CITY_START = re.compile("|".join(_BY_CITY))


def prefecture_of(text: str) -> str | None:
    """Return the prefecture that ``text`` names, or that the address in it begins with; None where it does neither.

    A large city or a ward of Tokyo at the beginning of an address stands for its prefecture.
    """
    cleaned = unicodedata.normalize("NFKC", text).strip()
    name = _BY_NAME.get(cleaned) or _BY_NAME.get(cleaned.casefold().removesuffix("-ken").removesuffix("-to"))
    if name is not None:
        return name
    address = _POSTAL.sub("", cleaned)
    match = _START.match(address)
    if match is not None:
        return match.group()
    city = _CITY_START.match(address)
    return _BY_CITY[city.group()] if city is not None else None
