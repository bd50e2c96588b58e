"""Names: spellings of one name share a key, different names do not, search forgives spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasuki.core.names import (
    MAX_KEY_LENGTH,
    PersonName,
    company_key,
    display_person,
    kana_key,
    person_key,
    search_text,
    sort_key,
    split_full_name,
)

JAPANESE = (
    "株式会社有限合同ヤマトやまとﾔﾏﾄｶﾞｰーャゃッ-－―髙﨑邊高崎辺㈱㍿㊑"
    "（）()・･ 　ABcＡｂIncLtd.,&Co山田太郎様"
)
japanese = st.text(alphabet=JAPANESE, max_size=24)


@pytest.mark.parametrize(
    "spelling",
    [
        "株式会社ヤマト商会",
        "ヤマト商会株式会社",
        "㈱ヤマト商会",
        "ヤマト商会㈱",
        "(株)ヤマト商会",
        "（株）ヤマト商会",
        "[株]ヤマト商会",
        "【株】ヤマト商会",
        "㍿ヤマト商会",
        "㊑ヤマト商会",
        "株式会社　ヤマト・商会",
        "ﾔﾏﾄ商会(株)",
        "やまと商会",
        "カブシキガイシャ ヤマト商会",
        "ヤマト商会（カ",
        "カ）ヤマト商会",
        "有限会社ヤマト商会",
        "㈲ヤマト商会",
        "合同会社ヤマト商会",
        "ヤマト商会 Co., Ltd.",
        "ヤマト商会, Inc.",
        "ヤマト商会 K.K.",
        "ヤマト商会LLC",
    ],
)
def test_legal_form_width_kana_and_spaces_do_not_count(spelling: str) -> None:
    assert company_key(spelling) == "ヤマト商会"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("（有）髙﨑工務店", "高崎工務店"),
        ("渡邉・齋藤法律事務所", "渡辺斉藤法律事務所"),
        ("渡邊・齊藤法律事務所", "渡辺斉藤法律事務所"),
        ("キャノン", "キヤノン"),
        ("キヤノン株式会社", "キヤノン"),
        ("サ－バ−ワ―クス", "サーバーワークス"),
        ("株式会社サーバーワークス", "サーバーワークス"),
        ("セブン＆アイ・ホールディングス", "セブン&アイホールデイングス"),
        ("日本Coca-Cola", "日本cocacola"),
        ("Coca-Cola Japan Company, Limited", "cocacolajapan"),
        ("Tiffany & Co.", "tiffany"),
        ("Ａｃｍｅ　ＩＮＣ．", "acme"),
        ("K.K. Acme", "acme"),
        ("Kabushiki Kaisha Acme", "acme"),
        ("Acme Kabushiki Gaisha", "acme"),
        ("KKday", "kkday"),
        ("Cisco", "cisco"),
        ("医療法人社団 桜会", "桜会"),
        ("一般社団法人日本テスト協会", "日本テスト協会"),
        ("学校法人早稻田大學", "早稲田大学"),
        ("NPO法人フローレンス", "フローレンス"),
        ("株式会社 株式新聞社", "株式新聞社"),
        ("有限責任監査法人トーマツ", "トーマツ"),
        ("株式会社日本LLC", "日本"),
        ("C++研究所", "c++研究所"),
        ("株 式 会 社 ヤマト", "ヤマト"),
        ("ヤマト L L C", "ヤマト"),
    ],
)
def test_company_key(name: str, key: str) -> None:
    assert company_key(name) == key


@pytest.mark.parametrize(("name", "key"), [("株式会社", "株式会社"), ("Ltd.", "ltd"), ("㈱", "株")])
def test_a_name_that_is_only_a_legal_form_keeps_it(name: str, key: str) -> None:
    assert company_key(name) == key


@pytest.mark.parametrize("name", ["", "  ", "・・・", "---"])
def test_a_text_without_letters_has_no_key(name: str) -> None:
    assert company_key(name) == ""


def test_a_key_is_never_longer_than_a_name() -> None:
    assert company_key("ヤ" * 5000) == "ヤ" * MAX_KEY_LENGTH
    assert len(company_key("㍿" * 5000)) <= MAX_KEY_LENGTH


def test_different_companies_keep_different_keys() -> None:
    names = ["山田商事", "山田商会", "山田工業", "ヤマダ商事", "第一山田商事", "山田", "yamada"]
    assert len({company_key(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("family", "given_name"),
    [("髙橋", "花子"), ("高橋", "花子"), (" 高橋　", "花 子"), ("高橋花子", "")],
)
def test_person_key(family: str, given_name: str) -> None:
    assert person_key(family=family, given=given_name) == "高橋花子"


@pytest.mark.parametrize("text", ["タカハシ ハナコ", "たかはし　はなこ", "ﾀｶﾊｼ ﾊﾅｺ"])
def test_kana_key(text: str) -> None:
    assert kana_key(text) == "タカハシハナコ"


def test_kana_key_drops_the_legal_form() -> None:
    assert kana_key("カブシキガイシャ やまと") == "ヤマト"


def test_sort_key_prefers_the_reading() -> None:
    assert sort_key(name="髙橋商店", kana="たかはししょうてん") == "タカハシシヨウテン"
    assert sort_key(name="髙橋商店", kana="") == "高橋商店"


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("やまと", "株式会社ヤマト商会"),
        ("ﾔﾏﾄ", "株式会社やまと商会"),
        ("ヤマト商会", "ヤマト 商会"),
        ("キャノン", "キヤノン株式会社"),
        ("髙橋", "高橋商店"),
        ("高崎", "﨑ではなく髙﨑"),
        ("acme", "ＡＣＭＥ Japan"),
        ("ーバ", "サ－バーワークス"),
        ("03-12", "０３‐１２３４‐５６７８"),
        ("が", "ｶﾞｽ"),
        ("ガ", "ヵ\u3099"),
    ],
)
def test_search_forgives_spelling(query: str, text: str) -> None:
    assert search_text(query) in search_text(text)


def test_search_never_matches_across_two_parts() -> None:
    assert search_text("田中", "", "中村") == "田中 中村"
    assert search_text("中中") not in search_text("田中", "中村")


@given(japanese | st.text(max_size=40))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert company_key(company_key(text)) == company_key(text)
    assert search_text(search_text(text)) == search_text(text)
    key = person_key(family=text, given="")
    assert person_key(family=key, given="") == key


@given(st.text(alphabet=JAPANESE.replace("ﾞ", ""), max_size=24), st.data())
def test_a_piece_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(min_value=0, max_value=len(text)))
    end = data.draw(st.integers(min_value=start, max_value=len(text)))
    assert search_text(text[start:end]) in search_text(text)


@given(st.text(alphabet="ヤマト商会テスト山田", min_size=1, max_size=12))
def test_the_legal_form_never_changes_the_key(name: str) -> None:
    spellings = (f"株式会社{name}", f"{name}㈱", f"(有){name}", f"{name} Co., Ltd.")
    assert {company_key(spelling) for spelling in spellings} == {company_key(name)}


@pytest.mark.parametrize(
    ("family", "given_name", "shown"),
    [("山田", "太郎", "山田 太郎"), (" 山田 ", "", "山田"), ("", "太郎", "太郎"), ("", "", "")],
)
def test_display_person(family: str, given_name: str, shown: str) -> None:
    assert display_person(family=family, given=given_name) == shown


@pytest.mark.parametrize(
    ("text", "family", "given_name"),
    [
        ("山田 太郎", "山田", "太郎"),
        ("山田　太郎", "山田", "太郎"),
        ("山田太郎", "山田太郎", ""),
        ("山田 太郎 様", "山田", "太郎"),
        ("山田 太郎様", "山田", "太郎"),
        ("佐藤花子様", "佐藤花子", ""),
        ("鈴木 さん", "鈴木", ""),
        ("様", "様", ""),
        ("", "", ""),
        ("Taro Yamada", "Yamada", "Taro"),
        ("YAMADA Taro", "YAMADA", "Taro"),
        ("Taro YAMADA", "YAMADA", "Taro"),
        ("TARO YAMADA", "YAMADA", "TARO"),
        ("K. Yamada", "Yamada", "K."),
        ("Ｔａｒｏ　Ｙａｍａｄａ", "Ｙａｍａｄａ", "Ｔａｒｏ"),
        ("Mary Ann Smith", "Smith", "Mary Ann"),
        ("スミス ジョン", "スミス", "ジョン"),
    ],
)
def test_split_full_name(text: str, family: str, given_name: str) -> None:
    assert split_full_name(text) == PersonName(family=family, given=given_name)
