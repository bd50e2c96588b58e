"""Contact details: one normal form per address, number and company, or a rule that was broken."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasuki.core.contacts import (
    InvalidContact,
    Phone,
    Problem,
    company_domain,
    corporate_check_digit,
    email_domain,
    is_free_mail,
    normalise_corporate_number,
    normalise_domain,
    normalise_email,
    parse_phone,
    registrable_domain,
)


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("Taro.Yamada+crm@Example.CO.JP", "taro.yamada+crm@example.co.jp"),
        (" ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ　", "taro@example.jp"),
        ("山田 太郎 <taro@example.jp>", "taro@example.jp"),
        ("mailto:taro@example.jp", "taro@example.jp"),
        ("a..b.@docomo.ne.jp", "a..b.@docomo.ne.jp"),
        ("taro@日本語.jp", "taro@xn--wgv71a119e.jp"),
        ("taro@例え。jp", "taro@xn--r8jz45g.jp"),
        ("taro@example.jp.", "taro@example.jp"),
    ],
)
def test_normalise_email(text: str, email: str) -> None:
    assert normalise_email(text) == email
    assert normalise_email(email) == email
    assert email_domain(text) == email.split("@")[1]


@pytest.mark.parametrize(
    "text",
    [
        "taro",
        "@example.jp",
        "taro@",
        "taro@localhost",
        "ta ro@example.jp",
        "a@b@example.jp",
        "taro@example..jp",
        "taro@-example.jp",
        "taro@192.168.0.1",
        f"{'a' * 65}@example.jp",
        f"taro@{'b' * 64}.jp",
        f"taro@{'.'.join(['b' * 60] * 5)}.jp",
        "a@example.jp, b@example.jp",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidContact) as refusal:
        normalise_email(text)
    assert refusal.value.problem is Problem.NOT_AN_EMAIL
    assert refusal.value.value == text


@pytest.mark.parametrize(
    "normalise",
    [normalise_email, normalise_domain, parse_phone, normalise_corporate_number, company_domain],
)
def test_an_empty_value_is_refused_as_empty(normalise: Callable[[str], object]) -> None:
    with pytest.raises(InvalidContact) as refusal:
        normalise(" 　")
    assert refusal.value.problem is Problem.EMPTY


@given(
    st.from_regex(r"[A-Za-z0-9._+-]{1,20}", fullmatch=True),
    st.from_regex(r"([a-z][a-z0-9]{0,8}\.){1,3}[a-z]{2,6}", fullmatch=True),
)
def test_width_and_case_of_an_address_do_not_count(local: str, domain: str) -> None:
    address = f"{local}@{domain}"
    wide = "".join(chr(ord(character) + 0xFEE0) for character in address)
    assert normalise_email(wide) == normalise_email(address.upper()) == address.lower()


@pytest.mark.parametrize(
    ("text", "host", "registered"),
    [
        ("https://www.example.co.jp/a?b#c", "example.co.jp", "example.co.jp"),
        ("HTTP://Shop.Example.com:8080", "shop.example.com", "example.com"),
        ("//x.example.com", "x.example.com", "example.com"),
        ("https://user:pw@www.example.com/", "example.com", "example.com"),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com", "example.com"),
        ("https://日本語.jp/", "xn--wgv71a119e.jp", "xn--wgv71a119e.jp"),
        ("www.jp", "www.jp", "www.jp"),
        ("city.shibuya.tokyo.jp", "city.shibuya.tokyo.jp", "city.shibuya.tokyo.jp"),
        ("a.b.example.or.jp", "a.b.example.or.jp", "example.or.jp"),
        ("sales.example.co.uk", "sales.example.co.uk", "example.co.uk"),
    ],
)
def test_domains_of_web_addresses(text: str, host: str, registered: str) -> None:
    assert normalise_domain(text) == host
    assert normalise_domain(host) == host
    assert registrable_domain(text) == registered
    assert registrable_domain(registered) == registered


@pytest.mark.parametrize("text", ["localhost", "http://[::1]/", "192.168.0.1", "なし", "-", "a..b"])
def test_what_is_no_domain_is_refused(text: str) -> None:
    with pytest.raises(InvalidContact) as refusal:
        normalise_domain(text)
    assert refusal.value.problem is Problem.NOT_A_DOMAIN


def test_a_public_suffix_is_no_ones_domain() -> None:
    with pytest.raises(InvalidContact) as refusal:
        registrable_domain("co.jp")
    assert refusal.value.problem is Problem.NOT_A_DOMAIN


@pytest.mark.parametrize(
    ("domain", "free"),
    [
        ("gmail.com", True),
        ("yahoo.co.jp", True),
        ("docomo.ne.jp", True),
        ("mail.goo.ne.jp", True),
        ("t.vodafone.ne.jp", True),
        ("mygmail.com", False),
        ("example.co.jp", False),
    ],
)
def test_is_free_mail(domain: str, free: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_free_mail(domain) is free


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("hanako@sales.example.co.jp", "example.co.jp"),
        ("https://recruit.example.co.jp/", "example.co.jp"),
        ("https://user:pw@www.example.com/", "example.com"),
        ("hanako@gmail.com", ""),
        ("hanako@docomo.ne.jp", ""),
        ("https://hanako.wixsite.com/shop", ""),
        ("https://www.facebook.com/example", ""),
    ],
)
def test_company_domain(text: str, domain: str) -> None:
    assert company_domain(text) == domain


@pytest.mark.parametrize(
    ("text", "key", "national", "extension"),
    [
        ("03-1234-5678", "+81312345678", "03-1234-5678", ""),
        ("０３（１２３４）５６７８", "+81312345678", "03-1234-5678", ""),
        ("03ー1234ー5678", "+81312345678", "03-1234-5678", ""),
        ("0312345678", "+81312345678", "03-1234-5678", ""),
        ("+81 3 1234 5678", "+81312345678", "03-1234-5678", ""),
        ("03-1234-5678 内線 12", "+81312345678", "03-1234-5678", "12"),
        ("03-1234-5678(内線:101)", "+81312345678", "03-1234-5678", "101"),
        ("03-1234-5678 ext. 9", "+81312345678", "03-1234-5678", "9"),
        ("03-1234-5678#9", "+81312345678", "03-1234-5678", "9"),
        ("TEL:03-1234-5678", "+81312345678", "03-1234-5678", ""),
        ("090-1234-5678", "+819012345678", "090-1234-5678", ""),
        ("0120-123-456", "+81120123456", "0120-123-456", ""),
        ("+1 650-253-0000;ext=5", "+16502530000", "(650) 253-0000", "5"),
    ],
)
def test_parse_phone(text: str, key: str, national: str, extension: str) -> None:
    assert parse_phone(text) == Phone(key=key, national=national, extension=extension)
    assert parse_phone(key).key == key


def test_a_number_without_a_country_belongs_to_the_region() -> None:
    assert parse_phone("(650) 253-0000", region="US").key == "+16502530000"


@pytest.mark.parametrize("text", ["1234", "なし", "110", "03-1234-5678-9999-0000-1", "(" * 101])
def test_what_is_no_phone_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidContact) as refusal:
        parse_phone(text)
    assert refusal.value.problem is Problem.NOT_A_PHONE
    assert str(refusal.value) == f"This is not a phone number: {text!r}"


@pytest.mark.parametrize(
    "text",
    [
        "7000012050002",
        "T7000012050002",
        "t7000012050002",
        "7-0000-1205-0002",
        "７００００１２０５０００２",
        "7 0000 1205 0002",
    ],
)
def test_the_number_of_the_national_tax_agency(text: str) -> None:
    assert normalise_corporate_number(text) == "7000012050002"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("123", Problem.CORPORATE_NUMBER_LENGTH),
        ("70000120500020", Problem.CORPORATE_NUMBER_LENGTH),
        ("7.00001E+12", Problem.CORPORATE_NUMBER_LENGTH),
        ("6000012050002", Problem.CORPORATE_NUMBER_CHECK),
        ("7000012050020", Problem.CORPORATE_NUMBER_CHECK),
        ("0000000000000", Problem.CORPORATE_NUMBER_CHECK),
    ],
)
def test_a_wrong_corporate_number_is_refused(text: str, problem: Problem) -> None:
    with pytest.raises(InvalidContact) as refusal:
        normalise_corporate_number(text)
    assert refusal.value.problem is problem
    assert refusal.value.problem.label.ja.startswith("法人番号")


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(min_value=0, max_value=11))
def test_a_slip_in_one_digit_is_noticed(base: str, position: int) -> None:
    number = f"{corporate_check_digit(base)}{base}"
    assert normalise_corporate_number(number) == number
    wrong = base[:position] + str((int(base[position]) + 1) % 10) + base[position + 1 :]
    # The digits 9 and 0 are alike modulo 9: the official rule cannot tell them apart.
    if base[position] != "9":
        assert corporate_check_digit(wrong) != corporate_check_digit(base)
