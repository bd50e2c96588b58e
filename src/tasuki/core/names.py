"""Names of Japanese companies and people: the keys equal names share, and the text searched.

A *key* is compared, never shown. It drops what writers vary without meaning to: width, case, kana
script, small kana, spaces, middle dots, dashes, old forms of kanji and, for a company, its legal
form. Two records with equal keys are candidates for a merge, not proof of one.

Sources: Unicode Standard Annex 15 (NFKC); the legal forms of the Companies Act (会社法 art. 2) and
of the acts on associations, NPO, school, medical, social welfare and religious corporations; the
abbreviations of bank transfers (全銀協, 法人略語); the old and new forms of kanji of the official
tables (常用漢字表, 人名用漢字許容字体表) and the name variants in everyday use.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import jaconv

_KANJI_PAIRS: Final = """
    髙高 﨑崎 碕崎 嵜崎 邊辺 邉辺 齋斉 齊斉 斎斉 澤沢 濱浜 濵浜 廣広 國国 圀国 櫻桜 嶋島 嶌島
    冨富 眞真 惠恵 德徳 瀨瀬 條条 舘館 藏蔵 曾曽 會会 學学 實実 壽寿 榮栄 圓円 應応 氣気 經経
    縣県 鐵鉄 黑黒 豐豊 寶宝 繩縄 鹽塩 關関 驛駅 證証 賣売 讀読 發発 總総 縱縦 續続 攝摂 收収
    稻稲 穗穂 巢巣 來来 萬万 與与 當当 對対 圖図 團団 鄕郷 敎教 淸清 增増 橫横 步歩 每毎 吳呉
    桒桑 𠮷吉 髮髪 峯峰 埜野 濤涛 礒磯 槇槙 凜凛 彥彦 靜静 晉晋 祿禄 滿満 瀧滝 龜亀 劍剣 顯顕
    藝芸 藥薬 樂楽 譽誉 禮礼 靈霊 爐炉 灣湾 佛仏 拂払 澁渋 莊荘 醫医 區区 號号 聲声 寫写 數数
    轉転 傳伝 獨独 變変 辨弁 寬寛 卷巻 戶戸 內内 鷗鴎
"""
_DASHES: Final = "-‐‑‒–—―−─━⁃﹣－ｰー〜～"
_SMALL_KANA: Final = dict(zip("ァィゥェォヵヶッャュョヮ", "アイウエオカケツヤユヨワ", strict=True))
_KATAKANA: Final = {kana: jaconv.hira2kata(kana) for kana in map(chr, range(0x3041, 0x309F))}
_FOLDED: Final = str.maketrans(
    {pair[0]: pair[1] for pair in _KANJI_PAIRS.split()}
    | {hiragana: _SMALL_KANA.get(kana, kana) for hiragana, kana in _KATAKANA.items()}
    | dict.fromkeys(_DASHES, "-")
    | _SMALL_KANA
)
_CIRCLED_FORMS: Final = str.maketrans({"㊑": "(株)", "㊒": "(有)", "㊓": "(社)", "㊖": "(財)"})
_DASH_AFTER_KANA: Final = re.compile(r"(?<=[ア-ヺ])-+")

_JAPANESE_FORMS: Final = (
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
    "相互会社",
    "特例有限会社",
    "特定目的会社",
    "一般社団法人",
    "公益社団法人",
    "社団法人",
    "一般財団法人",
    "公益財団法人",
    "財団法人",
    "特定非営利活動法人",
    "npo法人",
    "学校法人",
    "準学校法人",
    "医療法人社団",
    "医療法人財団",
    "社会医療法人",
    "医療法人",
    "社会福祉法人",
    "宗教法人",
    "国立大学法人",
    "公立大学法人",
    "地方独立行政法人",
    "独立行政法人",
    "国立研究開発法人",
    "弁護士法人",
    "税理士法人",
    "司法書士法人",
    "行政書士法人",
    "社会保険労務士法人",
    "特許業務法人",
    "有限責任監査法人",
    "監査法人",
    "農事組合法人",
    "企業組合",
    "協同組合",
    "事業協同組合",
    "有限責任事業組合",
    "カブシキガイシヤ",
    "カブシキカイシヤ",
    "ユウゲンガイシヤ",
    "ユウゲンカイシヤ",
    "ゴウドウガイシヤ",
    "ゴウドウカイシヤ",
    "ゴウシガイシヤ",
    "ゴウメイガイシヤ",
)
_BRACKETED: Final = (
    "株|有|同|合|資|名|相|社|財|学|医|福|宗|特|独|特非|一社|公社|一財|公財|監|カ|ユ|ド|シ|メ"
)
_OPEN: Final = r"[(\[{〔【〈《「『]"
_CLOSE: Final = r"[)\]}〕】〉》」』]"
_LATIN_FORMS: Final = (
    r"company",
    r"co",
    r"corporation",
    r"corp",
    r"incorporated",
    r"inc",
    r"limited",
    r"ltd",
    r"l\.?l\.?c",
    r"l\.?l\.?p",
    r"k\.?k",
    r"g\.?k",
    r"y\.?k",
    r"p\.?l\.?c",
    r"gmbh",
    r"pte",
    r"pty",
    r"(?:kabushiki|godo|yugen) *[gk]aisha",
)
_JAPANESE: Final = "|".join(sorted(_JAPANESE_FORMS, key=len, reverse=True))
_LEADING_FORM: Final = re.compile(
    rf"^\W*(?:{_JAPANESE}|{_OPEN}(?:{_BRACKETED}){_CLOSE}|(?:カ|ユ|ド|シ|メ)\))"
)
_TRAILING_FORM: Final = re.compile(
    rf"\W*(?:{_JAPANESE}|{_OPEN}(?:{_BRACKETED}){_CLOSE}|\((?:カ|ユ|ド|シ|メ)"
    rf"|(?<![a-z0-9])(?:{'|'.join(_LATIN_FORMS)}))\W*$"
)
_LEADING_LATIN_FORM: Final = re.compile(
    r"^\W*(?:k\.?k\.?|(?:kabushiki|godo|yugen) *[gk]aisha)[\s,]+"
)
_MEANINGFUL_SIGNS: Final = frozenset("&+#")

MAX_KEY_LENGTH: Final = 200
"""A name counts up to here: longer texts are no names, and would only cost time."""

_HONORIFICS: Final = frozenset(("様", "殿", "氏", "さん", "さま", "先生", "御中"))


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in its two parts; `given` is empty when it is not known."""

    family: str
    given: str


def company_key(name: str) -> str:
    """Return the key that spellings of one company's name share: "㈱ヤマト・商会" → "ヤマト商会".

    The legal form before or after the name does not count, unless the name is nothing else. Empty
    when the text holds no letter or digit. Applying it to a key returns the key.
    """
    return _settled(_company_key_once, name)


def person_key(*, family: str, given: str) -> str:
    """Return the key that spellings of one person's name share: ("髙橋", "花子 ") → "高橋花子"."""
    return _settled(_person_key_once, f"{family} {given}")


def kana_key(text: str) -> str:
    """Return the key of a reading: full-width katakana, large kana, no spaces or signs.

    A company's legal form does not count here either: "カブシキガイシャ やまと" → "ヤマト".
    """
    return company_key(text)


def search_text(*parts: str) -> str:
    """Return the normalised text that partial search compares, for stored texts and for queries.

    かな, カナ and half-width kana, upper and lower case, wide and narrow letters, small and large
    kana, kinds of dash and old and new kanji become equal. Spaces inside a part are removed; parts
    that are not empty are joined by one space, so that a query never matches across two of them.
    """
    searchable = (_settled(_searchable_once, part) for part in parts)
    return " ".join(part for part in searchable if part)


def sort_key(*, name: str, kana: str) -> str:
    """Return what lists are ordered by: the reading when it is known, else the name, as a key."""
    return company_key(kana) or company_key(name)


def display_person(*, family: str, given: str) -> str:
    """Return the name as it is shown: family name first, one space, missing parts left out."""
    return " ".join(part for part in (family.strip(), given.strip()) if part)


def split_full_name(text: str) -> PersonName:
    """Return the parts of a name given in one field.

    With a space, the family name comes first, except in Latin letters: there a part in capitals is
    the family name, otherwise the last one. Without a space all of it is the family name. A
    trailing 様, 殿, 氏, さん or 先生 is dropped.
    """
    words = text.split()
    if len(words) > 1 and words[-1] in _HONORIFICS:
        words.pop()
    if words and len(words[-1]) > 1:
        words[-1] = words[-1].removesuffix("様")
    if len(words) < 2:
        return PersonName(family="".join(words), given="")
    position = _family_position(words)
    given = words[:position] + words[position + 1 :]
    return PersonName(family=words[position], given=" ".join(given))


def _family_position(words: list[str]) -> int:
    if not unicodedata.normalize("NFKC", "".join(words))[0].isascii():
        return 0
    capitals = [index for index, word in enumerate(words) if word.isupper() and word[1:].isalpha()]
    return capitals[0] if len(capitals) == 1 else len(words) - 1


def _settled(step: Callable[[str], str], text: str) -> str:
    """Repeat the step until it changes nothing more, so that a key is its own key."""
    settled = step(text)
    while (again := step(settled)) != settled:
        settled = again
    return settled


def _searchable_once(text: str) -> str:
    return "".join(_folded(text).split())


def _person_key_once(name: str) -> str:
    return _letters(_folded(name[:MAX_KEY_LENGTH]))[:MAX_KEY_LENGTH]


def _company_key_once(name: str) -> str:
    text = _folded(name[:MAX_KEY_LENGTH].translate(_CIRCLED_FORMS))
    key = _letters(_without_legal_form(text)) or _letters(text)
    return key[:MAX_KEY_LENGTH]


def _without_legal_form(text: str) -> str:
    for form in (_LEADING_FORM, _LEADING_LATIN_FORM):
        text = form.sub("", text)
    while (shorter := _TRAILING_FORM.sub("", text)) != text:
        text = shorter
    return text


@lru_cache(maxsize=32_768)
def _folded(text: str) -> str:
    """Unify width, case, kana, small kana and kanji; all dashes and long vowel marks become `-`.

    Character by character, so that a piece of a text folds to a piece of the folded text.
    """
    return _settled(_fold_once, text)


def _fold_once(text: str) -> str:
    if text.isascii():
        return text.lower()
    compatible = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", compatible).translate(_FOLDED)


def _letters(text: str) -> str:
    """Keep letters, digits and the signs that mean something; a dash after kana is a long vowel."""
    return "".join(
        character
        for character in _DASH_AFTER_KANA.sub("ー", text)
        if character in _MEANINGFUL_SIGNS or unicodedata.category(character)[0] in "LNM"
    )
