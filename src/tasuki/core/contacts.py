"""E-mail addresses, phone numbers, websites and corporate numbers in the one form that is compared.

Each function either returns the normal form or raises `InvalidContact` with a code that names the
rule; applying it to a normal form returns that form.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import phonenumbers

from tasuki.core.labels import Label

MAX_LOCAL_LENGTH: Final = 64
MAX_PHONE_LENGTH: Final = 100
MAX_DOMAIN_LENGTH: Final = 253
"""RFC 5321, section 4.5.3.1."""


class Problem(StrEnum):
    """Why a contact detail was refused."""

    EMPTY = "empty"
    NOT_AN_EMAIL = "not_an_email"
    NOT_A_DOMAIN = "not_a_domain"
    NOT_A_PHONE = "not_a_phone"
    CORPORATE_NUMBER_LENGTH = "corporate_number_length"
    CORPORATE_NUMBER_CHECK = "corporate_number_check"

    @property
    def label(self) -> Label:
        """Say the rule in both languages."""
        return _PROBLEM_LABELS[self]


_PROBLEM_LABELS: Final = {
    Problem.EMPTY: Label("値がありません", "The value is empty"),
    Problem.NOT_AN_EMAIL: Label(
        "メールアドレスの形ではありません", "This is not an e-mail address"
    ),
    Problem.NOT_A_DOMAIN: Label(
        "ドメインまたはURLの形ではありません", "This is not a domain or web address"
    ),
    Problem.NOT_A_PHONE: Label("電話番号として読み取れません", "This is not a phone number"),
    Problem.CORPORATE_NUMBER_LENGTH: Label(
        "法人番号は13桁の数字です", "A corporate number has 13 digits"
    ),
    Problem.CORPORATE_NUMBER_CHECK: Label(
        "法人番号の検査用数字(先頭の1桁)が合いません",
        "The check digit (the first digit) of the corporate number does not fit",
    ),
}


class InvalidContact(ValueError):
    """A contact detail that cannot be brought into its normal form."""

    def __init__(self, problem: Problem, value: str) -> None:
        self.problem = problem
        self.value = value
        super().__init__(f"{problem.label.en}: {value!r}")


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number: `key` in E.164 for comparing, `national` for showing, the extension apart."""

    key: str
    national: str
    extension: str


_FREE_MAIL: Final = """
    gmail.com googlemail.com yahoo.co.jp yahoo.ne.jp yahoo.com ymail.ne.jp ybb.ne.jp outlook.com
    outlook.jp hotmail.com hotmail.co.jp live.com live.jp msn.com icloud.com me.com mac.com aol.com
    aol.jp protonmail.com proton.me gmx.com gmx.de mail.com mail.ru yandex.com yandex.ru zoho.com
    qq.com 163.com 126.com naver.com daum.net hanmail.net fastmail.com tutanota.com hey.com
    docomo.ne.jp mopera.net spmode.ne.jp ezweb.ne.jp au.com auone.jp uqmobile.jp uqwimax.jp
    softbank.ne.jp i.softbank.jp vodafone.ne.jp disney.ne.jp willcom.com pdx.ne.jp wcm.ne.jp
    ymobile.ne.jp ymobile1.ne.jp emnet.ne.jp emobile.ne.jp rakuten.jp rakumail.jp linemo.jp
    nifty.com nifty.ne.jp ocn.ne.jp plala.or.jp biglobe.ne.jp so-net.ne.jp so-net.jp dion.ne.jp
    infoseek.jp excite.co.jp goo.jp mail.goo.ne.jp livedoor.com eonet.ne.jp asahi-net.or.jp
    jcom.home.ne.jp home.ne.jp jcom.zaq.ne.jp zaq.ne.jp wakwak.com hi-ho.ne.jp dti.ne.jp
    commufa.jp ctk.ne.jp sannet.ne.jp odn.ne.jp odn.ad.jp bbiq.jp tiki.ne.jp mineo.jp enjoy.ne.jp
"""
FREE_MAIL_DOMAINS: Final = frozenset(_FREE_MAIL.split())
"""Domains that give addresses to anyone: they never identify a company."""

_SHARED_SITES: Final = """
    facebook.com x.com twitter.com instagram.com linkedin.com youtube.com note.com note.mu
    ameblo.jp wixsite.com wordpress.com jimdo.com jimdofree.com jimdosite.com peraichi.com
    studio.site shopify.com myshopify.com thebase.in stores.jp base.shop google.com goo.ne.jp
    fc2.com hatenablog.com livedoor.jp blogspot.com github.io netlify.app vercel.app
    amazon.co.jp rakuten.co.jp rakuten.ne.jp crayonsite.net crayonsite.com strikingly.com lit.link
"""
SHARED_SITE_DOMAINS: Final = frozenset(_SHARED_SITES.split())
"""Domains that give pages to anyone: they never identify a company."""

_SECOND_LEVEL: Final = {
    "jp": "ac ad co ed go gr lg ne or",
    "uk": "ac co gov ltd me net org plc sch",
    "au": "asn com edu gov id net org",
    "nz": "ac co geek gen govt net org school",
    "kr": "ac co go ne or pe re",
    "cn": "ac com edu gov net org",
    "tw": "com edu gov idv net org",
    "hk": "com edu gov idv net org",
    "sg": "com edu gov net org per",
    "my": "com edu gov net org",
    "th": "ac co go in net or",
    "in": "ac co edu firm gen gov ind net org res",
    "id": "ac biz co go or sch web",
    "ph": "com edu gov net org",
    "vn": "com edu gov net org",
    "br": "com edu gov ind net org",
    "mx": "com edu gob net org",
    "za": "ac co gov net org web",
    "tr": "com edu gov net org",
    "il": "ac co gov net org",
}
_PUBLIC_SUFFIXES: Final = frozenset(
    f"{second}.{top}" for top, seconds in _SECOND_LEVEL.items() for second in seconds.split()
)
_PREFECTURES: Final = """
    hokkaido aomori iwate miyagi akita yamagata fukushima ibaraki tochigi gunma saitama chiba tokyo
    kanagawa niigata toyama ishikawa fukui yamanashi nagano gifu shizuoka aichi mie shiga kyoto
    osaka hyogo nara wakayama tottori shimane okayama hiroshima yamaguchi tokushima kagawa ehime
    kochi fukuoka saga nagasaki kumamoto oita miyazaki kagoshima okinawa
"""
_PREFECTURE_SUFFIXES: Final = frozenset(f"{name}.jp" for name in _PREFECTURES.split())

_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LOCAL: Final = re.compile(r"[^\s@<>(),:;\"\[\]\\]+")
_ADDRESS_IN_BRACKETS: Final = re.compile(r"<([^<>]*)>\s*$")
_EXTENSION: Final = re.compile(
    r"[\s,;(]*(?:内線番号|内線|extension|ext\.?|[x#])[\s:.]*([0-9]{1,8})[)\s]*$", re.IGNORECASE
)
_PHONE_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−─━ーｰ〜～", "-"))


def normalise_email(text: str) -> str:
    """Return the address in lower case and narrow letters, its domain in ASCII (IDNA).

    Accepts `mailto:` and `Name <address>`. Plus-tags and dots of the local part are kept: they are
    part of the address. The older Japanese carriers' addresses with repeated or final dots pass.

    Raises: InvalidContact.
    """
    narrow = _narrow(text)
    if bracketed := _ADDRESS_IN_BRACKETS.search(narrow):
        narrow = bracketed[1].strip()
    local, at, domain = narrow.lower().removeprefix("mailto:").rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or len(local) > MAX_LOCAL_LENGTH:
        raise InvalidContact(Problem.NOT_AN_EMAIL, text)
    ascii_domain = _ascii_domain(domain)
    if ascii_domain is None:
        raise InvalidContact(Problem.NOT_AN_EMAIL, text)
    return f"{local}@{ascii_domain}"


def email_domain(email: str) -> str:
    """Return the part of the address after the last @.

    Raises: InvalidContact.
    """
    return normalise_email(email).rpartition("@")[2]


def normalise_domain(text: str) -> str:
    """Return the host of a domain or web address: lower case, ASCII, without scheme, port or www.

    Raises: InvalidContact.
    """
    narrow = _narrow(text).lower()
    host = re.sub(r"^[a-z][a-z0-9+.-]*://|^//", "", narrow)
    host = re.split(r"[/?#\s]", host, maxsplit=1)[0].rpartition("@")[2]
    ascii_domain = _ascii_domain(re.sub(r":[0-9]*$", "", host))
    if ascii_domain is None:
        raise InvalidContact(Problem.NOT_A_DOMAIN, text)
    return _without_www(ascii_domain)


def registrable_domain(text: str) -> str:
    """Return the domain its owner registered: "www.shop.example.co.jp" → "example.co.jp".

    Knows the second levels of the countries Japanese companies deal with and the regional and
    prefectural .jp domains (JPRS), not the whole Public Suffix List.

    Raises: InvalidContact.
    """
    domain = normalise_domain(text)
    if domain in _PUBLIC_SUFFIXES:
        raise InvalidContact(Problem.NOT_A_DOMAIN, text)
    labels = domain.split(".")
    suffix = ".".join(labels[-2:])
    if suffix in _PREFECTURE_SUFFIXES:
        return ".".join(labels[-4:])
    return ".".join(labels[-3:] if suffix in _PUBLIC_SUFFIXES else labels[-2:])


def is_free_mail(domain: str) -> bool:
    """Tell whether the domain, or one above it, gives addresses to anyone."""
    return _is_or_below(domain, FREE_MAIL_DOMAINS)


def company_domain(text: str) -> str:
    """Return the domain that identifies a company, from an e-mail address, domain or web address.

    Empty when the domain belongs to a mail or page provider, and so to no single company.

    Raises: InvalidContact.
    """
    narrow = _narrow(text)
    host = email_domain(text) if "@" in narrow and "/" not in narrow else normalise_domain(text)
    if _is_or_below(host, FREE_MAIL_DOMAINS | SHARED_SITE_DOMAINS):
        return ""
    return registrable_domain(host)


def parse_phone(text: str, *, region: str = "JP") -> Phone:
    """Return the number with its E.164 key; the extension (内線) is kept apart.

    A number without a country code belongs to `region`. Accepts numbers of a possible length, also
    where the numbering plan has not assigned the range (Google's libphonenumber).

    Raises: InvalidContact.
    """
    narrow = _narrow(text).translate(_PHONE_DASHES)
    if len(narrow) > MAX_PHONE_LENGTH:
        raise InvalidContact(Problem.NOT_A_PHONE, text)
    extension = _EXTENSION.search(narrow)
    number = narrow[: extension.start()] if extension else narrow
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        raise InvalidContact(Problem.NOT_A_PHONE, text) from None
    if not phonenumbers.is_possible_number(parsed):
        raise InvalidContact(Problem.NOT_A_PHONE, text)
    formats = phonenumbers.PhoneNumberFormat
    own_extension = parsed.extension or ""
    parsed.extension = None
    return Phone(
        key=phonenumbers.format_number(parsed, formats.E164),
        national=phonenumbers.format_number(parsed, formats.NATIONAL),
        extension=extension[1] if extension else own_extension,
    )


def normalise_corporate_number(text: str) -> str:
    """Return the 13 digits of a 法人番号 whose check digit fits.

    Accepts hyphens, spaces and the T of a qualified invoice issuer's number (登録番号).
    Source: 法人番号の指定等に関する省令 (平成26年財務省令第70号), art. 2: the first digit is 9
    minus the remainder by 9 of the sum of the other twelve, counted from the right, the odd ones
    once and the even ones twice.

    Raises: InvalidContact.
    """
    digits = re.sub(r"[\s-]", "", _narrow(text).translate(_PHONE_DASHES)).upper().removeprefix("T")
    if not re.fullmatch(r"[0-9]{13}", digits):
        raise InvalidContact(Problem.CORPORATE_NUMBER_LENGTH, text)
    if int(digits[0]) != corporate_check_digit(digits[1:]):
        raise InvalidContact(Problem.CORPORATE_NUMBER_CHECK, text)
    return digits


def corporate_check_digit(base: str) -> int:
    """Return the check digit (1 to 9) of a corporate number's twelve base digits."""
    weighted = (int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(base)))
    return 9 - sum(weighted) % 9


def _narrow(text: str) -> str:
    narrow = unicodedata.normalize("NFKC", text).strip()
    if not narrow:
        raise InvalidContact(Problem.EMPTY, text)
    return narrow


def _ascii_domain(domain: str) -> str | None:
    """Return the domain in IDNA's ASCII form, None when it is none of two labels or more."""
    try:
        encoded = domain.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = encoded.split(".")
    well_formed = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    numeric = labels[-1].isdigit()
    return encoded if well_formed and not numeric and len(encoded) <= MAX_DOMAIN_LENGTH else None


def _without_www(domain: str) -> str:
    bare = domain
    while bare.startswith("www.") and bare.count(".") > 1:
        bare = bare.removeprefix("www.")
    return bare


def _is_or_below(domain: str, domains: frozenset[str]) -> bool:
    labels = domain.split(".")
    return any(".".join(labels[start:]) in domains for start in range(len(labels)))
