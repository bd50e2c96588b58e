"""Pieces of texts: what contains a query has all the query's pieces."""

from hypothesis import given
from hypothesis import strategies as st

from tasuki.core.names import search_text
from tasuki.core.ngrams import grams, query_grams

words = st.text(alphabet="山田太郎ヤマトやまとﾔﾏﾄー- aBＣ　", max_size=16)


def test_grams_are_the_distinct_single_characters_and_pairs_sorted() -> None:
    assert grams("ああい") == sorted(["ア", "イ", "アア", "アイ"])
    assert grams("ヤマト 商会") == sorted(
        ["ヤ", "マ", "ト", "商", "会", "ヤマ", "マト", "ト商", "商会"]
    )
    assert grams("a") == ["a"]
    assert grams("") == []
    assert grams(" 　") == []


def test_a_query_needs_its_pairs_or_its_one_character() -> None:
    assert query_grams("やまと") == ["マト", "ヤマ"]
    assert query_grams("ﾔ") == ["ヤ"]
    assert query_grams("") == []


def test_spelling_does_not_change_the_pieces() -> None:
    assert grams("㈱髙﨑　やまと") == grams("(株)高崎ヤマト")


@given(words, words, words)
def test_a_text_has_the_pieces_of_all_it_contains(before: str, query: str, after: str) -> None:
    text = search_text(before) + search_text(query) + search_text(after)
    assert set(query_grams(query)) <= set(grams(text))


@given(words, words)
def test_joined_parts_have_the_pieces_of_each(first: str, second: str) -> None:
    text = search_text(first, second)
    assert set(query_grams(first)) | set(query_grams(second)) <= set(grams(text))
