"""Which two records may be the same company or person, how surely, and why.

Works on keys (`names`, `contacts`) only; an empty key says nothing. Every reason stands beside the
candidate, so that a person can judge it: nothing is merged by a score.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tasuki.core.labels import Label

MIN_NEAR_KEY_LENGTH: Final = 4
"""Shorter keys are near too many others: 山田 and 山本 differ by one character."""

_NUMBERING: Final = frozenset("0123456789〇一二三四五六七八九十百東西南北")
"""Characters that tell siblings apart: 第一ビル and 第二ビル are two companies."""


class Strength(StrEnum):
    """How surely a reason speaks for one and the same."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"

    @property
    def label(self) -> Label:
        """Name the strength in both languages."""
        return _STRENGTH_LABELS[self]

    @property
    def rank(self) -> int:
        """Give 0 to the surest, for sorting."""
        return tuple(Strength).index(self)


_STRENGTH_LABELS: Final = {
    Strength.CERTAIN: Label("確実", "Certain"),
    Strength.LIKELY: Label("可能性が高い", "Likely"),
    Strength.POSSIBLE: Label("可能性あり", "Possible"),
}


class ReasonCode(StrEnum):
    """What two records have in common."""

    SAME_CORPORATE_NUMBER = "same_corporate_number"
    SAME_DOMAIN = "same_domain"
    SAME_COMPANY_NAME = "same_company_name"
    SAME_PHONE = "same_phone"
    SAME_KANA = "same_kana"
    NEAR_COMPANY_NAME = "near_company_name"
    SAME_EMAIL = "same_email"
    SAME_NAME_AT_ACCOUNT = "same_name_at_account"
    SAME_NAME_AND_PHONE = "same_name_and_phone"
    SAME_KANA_AT_ACCOUNT = "same_kana_at_account"
    NEAR_NAME_AT_ACCOUNT = "near_name_at_account"

    @property
    def label(self) -> Label:
        """Say the reason in both languages."""
        return _REASON_LABELS[self]


_REASON_LABELS: Final = {
    ReasonCode.SAME_CORPORATE_NUMBER: Label("法人番号が同じ", "Same corporate number"),
    ReasonCode.SAME_DOMAIN: Label("ドメインが同じ", "Same domain"),
    ReasonCode.SAME_COMPANY_NAME: Label(
        "会社名が同じ(法人格・表記ゆれを除く)", "Same company name, apart from spelling"
    ),
    ReasonCode.SAME_PHONE: Label("電話番号が同じ", "Same phone number"),
    ReasonCode.SAME_KANA: Label("フリガナが同じ", "Same reading"),
    ReasonCode.NEAR_COMPANY_NAME: Label(
        "会社名が1文字違い", "Company names differ by one character"
    ),
    ReasonCode.SAME_EMAIL: Label("メールアドレスが同じ", "Same e-mail address"),
    ReasonCode.SAME_NAME_AT_ACCOUNT: Label("同じ会社で氏名が同じ", "Same name at the same company"),
    ReasonCode.SAME_NAME_AND_PHONE: Label("氏名と電話番号が同じ", "Same name and phone number"),
    ReasonCode.SAME_KANA_AT_ACCOUNT: Label(
        "同じ会社でフリガナが同じ", "Same reading at the same company"
    ),
    ReasonCode.NEAR_NAME_AT_ACCOUNT: Label(
        "同じ会社で氏名が1文字違い", "Names at the same company differ by one character"
    ),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing two records have in common and how much it says."""

    code: ReasonCode
    strength: Strength


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two records may be one: the reasons, surest first, and the strength of all of them."""

    strength: Strength
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class AccountKeys:
    """What a company is recognised by; each key empty when unknown."""

    company_key: str = ""
    kana_key: str = ""
    domain: str = ""
    corporate_number: str = ""
    phone_key: str = ""
    prefecture: str = ""


@dataclass(frozen=True, slots=True)
class PersonKeys:
    """What a person is recognised by; each key empty, the account None, when unknown."""

    person_key: str = ""
    kana_key: str = ""
    email_key: str = ""
    phone_key: str = ""
    account_id: int | None = None


def compare_accounts(*, left: AccountKeys, right: AccountKeys) -> Candidate | None:
    """Return why the two companies may be one, None when nothing speaks for it.

    The same corporate number is certain, and so are the same domain and name together. Two
    different corporate numbers are two legal entities: then only the same domain and name together
    remain worth a look, as possible. The same name in two prefectures is only possible, for
    namesakes are common.
    """
    reasons = _account_reasons(left, right)
    codes = {reason.code for reason in reasons}
    same_site_and_name = {ReasonCode.SAME_DOMAIN, ReasonCode.SAME_COMPANY_NAME} <= codes
    if _differ(left.corporate_number, right.corporate_number):
        return _weakened(reasons) if same_site_and_name else None
    return _candidate(reasons, certain=same_site_and_name)


def compare_persons(*, left: PersonKeys, right: PersonKeys) -> Candidate | None:
    """Return why the two people may be one, None when nothing speaks for it.

    The same e-mail address is certain. A name counts only within one account or with the same
    phone number; a phone number alone is only possible, for it may be the switchboard's.
    """
    found: list[tuple[bool, ReasonCode, Strength]] = [
        (_equal(left.email_key, right.email_key), ReasonCode.SAME_EMAIL, Strength.CERTAIN),
        *_name_findings(left, right),
        *_colleague_findings(left, right),
    ]
    return _candidate(_reasons(found), certain=False)


def are_near(left: str, right: str) -> bool:
    """Tell whether two keys of four characters or more differ by one character at most.

    One character put in, left out or replaced (Levenshtein distance 1), unless that character is a
    number or a direction, by which names of one group are told apart.
    """
    shorter, longer = sorted((left, right), key=len)
    if len(shorter) < MIN_NEAR_KEY_LENGTH or len(longer) - len(shorter) > 1:
        return False
    start = _common_prefix(shorter, longer)
    same_length = len(shorter) == len(longer)
    if shorter[start + same_length :] != longer[start + 1 :]:
        return False
    return not _NUMBERING.intersection(
        shorter[start : start + same_length] + longer[start : start + 1]
    )


def _account_reasons(left: AccountKeys, right: AccountKeys) -> tuple[Reason, ...]:
    elsewhere = _differ(left.prefecture, right.prefecture)
    same_name = _equal(left.company_key, right.company_key)
    found = [
        (
            _equal(left.corporate_number, right.corporate_number),
            ReasonCode.SAME_CORPORATE_NUMBER,
            Strength.CERTAIN,
        ),
        (_equal(left.domain, right.domain), ReasonCode.SAME_DOMAIN, Strength.LIKELY),
        (
            same_name,
            ReasonCode.SAME_COMPANY_NAME,
            Strength.POSSIBLE if elsewhere else Strength.LIKELY,
        ),
        (_equal(left.phone_key, right.phone_key), ReasonCode.SAME_PHONE, Strength.LIKELY),
        (_equal(left.kana_key, right.kana_key), ReasonCode.SAME_KANA, Strength.POSSIBLE),
        (
            not same_name and are_near(left.company_key, right.company_key),
            ReasonCode.NEAR_COMPANY_NAME,
            Strength.POSSIBLE,
        ),
    ]
    return _reasons(found)


def _name_findings(left: PersonKeys, right: PersonKeys) -> list[tuple[bool, ReasonCode, Strength]]:
    same_phone = _equal(left.phone_key, right.phone_key)
    same_name = _equal(left.person_key, right.person_key)
    return [
        (same_phone and same_name, ReasonCode.SAME_NAME_AND_PHONE, Strength.LIKELY),
        (same_phone and not same_name, ReasonCode.SAME_PHONE, Strength.POSSIBLE),
    ]


def _colleague_findings(
    left: PersonKeys, right: PersonKeys
) -> list[tuple[bool, ReasonCode, Strength]]:
    if left.account_id is None or left.account_id != right.account_id:
        return []
    same_name = _equal(left.person_key, right.person_key)
    return [
        (same_name, ReasonCode.SAME_NAME_AT_ACCOUNT, Strength.LIKELY),
        (
            _equal(left.kana_key, right.kana_key),
            ReasonCode.SAME_KANA_AT_ACCOUNT,
            Strength.POSSIBLE,
        ),
        (
            not same_name and are_near(left.person_key, right.person_key),
            ReasonCode.NEAR_NAME_AT_ACCOUNT,
            Strength.POSSIBLE,
        ),
    ]


def _reasons(found: list[tuple[bool, ReasonCode, Strength]]) -> tuple[Reason, ...]:
    reasons = (Reason(code, strength) for holds, code, strength in found if holds)
    return tuple(sorted(reasons, key=lambda reason: reason.strength.rank))


def _candidate(reasons: tuple[Reason, ...], *, certain: bool) -> Candidate | None:
    if not reasons:
        return None
    return Candidate(Strength.CERTAIN if certain else reasons[0].strength, reasons)


def _weakened(reasons: tuple[Reason, ...]) -> Candidate:
    return Candidate(
        Strength.POSSIBLE,
        tuple(Reason(reason.code, Strength.POSSIBLE) for reason in reasons),
    )


def _equal(left: str, right: str) -> bool:
    return bool(left) and left == right


def _differ(left: str, right: str) -> bool:
    return bool(left) and bool(right) and left != right


def _common_prefix(left: str, right: str) -> int:
    matching = 0
    for first, second in zip(left, right, strict=False):
        if first != second:
            break
        matching += 1
    return matching
