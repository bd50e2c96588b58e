"""Duplicate candidates: which reasons hold, how strong they are, and what is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasuki.core.similarity import (
    AccountKeys,
    Candidate,
    PersonKeys,
    Reason,
    ReasonCode,
    Strength,
    are_near,
    compare_accounts,
    compare_persons,
)

CERTAIN, LIKELY, POSSIBLE = Strength


def account(**keys: str) -> AccountKeys:
    return AccountKeys(**keys)


@pytest.mark.parametrize(
    ("left", "right", "strength", "reasons"),
    [
        (
            account(corporate_number="7000012050002", company_key="国税庁"),
            account(corporate_number="7000012050002", company_key="コクゼイ"),
            CERTAIN,
            [(ReasonCode.SAME_CORPORATE_NUMBER, CERTAIN)],
        ),
        (
            account(domain="example.co.jp", company_key="ヤマト商会"),
            account(domain="example.co.jp", company_key="ヤマト物流"),
            LIKELY,
            [(ReasonCode.SAME_DOMAIN, LIKELY)],
        ),
        (
            account(domain="example.co.jp", company_key="ヤマト商会"),
            account(domain="example.co.jp", company_key="ヤマト商会"),
            CERTAIN,
            [(ReasonCode.SAME_DOMAIN, LIKELY), (ReasonCode.SAME_COMPANY_NAME, LIKELY)],
        ),
        (
            account(company_key="ヤマト商会", prefecture="東京都"),
            account(company_key="ヤマト商会"),
            LIKELY,
            [(ReasonCode.SAME_COMPANY_NAME, LIKELY)],
        ),
        (
            account(company_key="ヤマト商会", prefecture="東京都", phone_key="+81312345678"),
            account(company_key="ヤマト商会", prefecture="大阪府", phone_key="+81312345678"),
            LIKELY,
            [(ReasonCode.SAME_PHONE, LIKELY), (ReasonCode.SAME_COMPANY_NAME, POSSIBLE)],
        ),
        (
            account(company_key="大和商会", kana_key="ヤマトシヨウカイ"),
            account(company_key="ヤマト商会", kana_key="ヤマトシヨウカイ"),
            POSSIBLE,
            [(ReasonCode.SAME_KANA, POSSIBLE)],
        ),
        (
            account(company_key="サーバーワークス"),
            account(company_key="サーバワークス"),
            POSSIBLE,
            [(ReasonCode.NEAR_COMPANY_NAME, POSSIBLE)],
        ),
        (
            account(corporate_number="1", domain="example.jp", company_key="ヤマト"),
            account(corporate_number="2", domain="example.jp", company_key="ヤマト"),
            POSSIBLE,
            [(ReasonCode.SAME_DOMAIN, POSSIBLE), (ReasonCode.SAME_COMPANY_NAME, POSSIBLE)],
        ),
    ],
)
def test_companies_that_may_be_one(
    left: AccountKeys,
    right: AccountKeys,
    strength: Strength,
    reasons: list[tuple[ReasonCode, Strength]],
) -> None:
    expected = Candidate(strength, tuple(Reason(code, weight) for code, weight in reasons))
    assert compare_accounts(left=left, right=right) == expected
    assert compare_accounts(left=right, right=left) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (account(), account()),
        (account(company_key="ヤマト商会"), account(company_key="タカサキ工務店")),
        (account(prefecture="東京都"), account(prefecture="東京都")),
        (
            account(company_key="ヤマト商会", corporate_number="1"),
            account(company_key="ヤマト商会", corporate_number="2"),
        ),
        (
            account(domain="example.jp", corporate_number="1"),
            account(domain="example.jp", corporate_number="2"),
        ),
    ],
)
def test_companies_that_are_left_alone(left: AccountKeys, right: AccountKeys) -> None:
    assert compare_accounts(left=left, right=right) is None


@pytest.mark.parametrize(
    ("left", "right", "strength", "reasons"),
    [
        (
            PersonKeys(email_key="taro@example.jp", person_key="山田太郎"),
            PersonKeys(email_key="taro@example.jp", person_key="ヤマダタロウ"),
            CERTAIN,
            [(ReasonCode.SAME_EMAIL, CERTAIN)],
        ),
        (
            PersonKeys(person_key="山田太郎", account_id=7),
            PersonKeys(person_key="山田太郎", account_id=7, email_key="taro@example.jp"),
            LIKELY,
            [(ReasonCode.SAME_NAME_AT_ACCOUNT, LIKELY)],
        ),
        (
            PersonKeys(person_key="山田太郎", phone_key="+819012345678", account_id=7),
            PersonKeys(person_key="山田太郎", phone_key="+819012345678", account_id=8),
            LIKELY,
            [(ReasonCode.SAME_NAME_AND_PHONE, LIKELY)],
        ),
        (
            PersonKeys(person_key="山田太郎", phone_key="+81312345678"),
            PersonKeys(person_key="佐藤花子", phone_key="+81312345678"),
            POSSIBLE,
            [(ReasonCode.SAME_PHONE, POSSIBLE)],
        ),
        (
            PersonKeys(person_key="山田太郎", kana_key="ヤマダタロウ", account_id=7),
            PersonKeys(person_key="山田太朗", kana_key="ヤマダタロウ", account_id=7),
            POSSIBLE,
            [
                (ReasonCode.SAME_KANA_AT_ACCOUNT, POSSIBLE),
                (ReasonCode.NEAR_NAME_AT_ACCOUNT, POSSIBLE),
            ],
        ),
    ],
)
def test_people_who_may_be_one(
    left: PersonKeys,
    right: PersonKeys,
    strength: Strength,
    reasons: list[tuple[ReasonCode, Strength]],
) -> None:
    expected = Candidate(strength, tuple(Reason(code, weight) for code, weight in reasons))
    assert compare_persons(left=left, right=right) == expected
    assert compare_persons(left=right, right=left) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (PersonKeys(), PersonKeys()),
        (PersonKeys(person_key="佐藤誠"), PersonKeys(person_key="佐藤誠")),
        (
            PersonKeys(person_key="佐藤誠", account_id=7),
            PersonKeys(person_key="佐藤誠", account_id=8),
        ),
        (
            PersonKeys(person_key="佐藤誠", account_id=7),
            PersonKeys(person_key="鈴木一郎", account_id=7),
        ),
    ],
)
def test_people_who_are_left_alone(left: PersonKeys, right: PersonKeys) -> None:
    assert compare_persons(left=left, right=right) is None


@pytest.mark.parametrize(
    ("left", "right", "near"),
    [
        ("サーバーワークス", "サーバワークス", True),
        ("ヤマト商会", "ヤマト商店", True),
        ("ヤマト商会", "アヤマト商会", True),
        ("ヤマト商会", "ヤマト商会", True),
        ("ああいう", "あああいう", True),
        ("山田", "山本", False),
        ("山田商", "山田商会", False),
        ("ヤマト商会", "ヤマト物流", False),
        ("ヤマト商会", "ヤマト商会東京", False),
        ("第一ビル管理", "第二ビル管理", False),
        ("テスト3号店", "テスト4号店", False),
        ("東ヤマト商会", "ヤマト商会", False),
    ],
)
def test_are_near(left: str, right: str, near: bool) -> None:  # noqa: FBT001 - a column of the table
    assert are_near(left, right) is near
    assert are_near(right, left) is near


@given(st.text(alphabet="アイウエ", min_size=4, max_size=12), st.data())
def test_one_character_replaced_or_left_out_is_near(key: str, data: st.DataObject) -> None:
    position = data.draw(st.integers(min_value=0, max_value=len(key) - 1))
    assert are_near(key, f"{key[:position]}オ{key[position + 1 :]}")
    assert are_near(key, f"{key[:position]}オ{key[position:]}")


def test_strengths_sort_and_everything_has_words() -> None:
    assert sorted(Strength, key=lambda strength: strength.rank) == [CERTAIN, LIKELY, POSSIBLE]
    labels = [member.label for member in (*Strength, *ReasonCode)]
    assert all(label.ja and label.en for label in labels)
    assert len(set(labels)) == len(labels)
