"""The companies the demo sells to, and the people there. All invented; domains are reserved."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Final

from tasuki.connect.demo import wording
from tasuki.core.contacts import corporate_check_digit
from tasuki.journeys.operations.records import AccountDetails, PersonDetails

LARGE: Final = 1_000
MIDDLE: Final = 200
SEGMENTS: Final = ("大手", "中堅", "中小")
_FORMS: Final = (
    "株式会社{}",
    "株式会社{}",
    "株式会社{}",
    "{}株式会社",
    "{}株式会社",
    "有限会社{}",
)
# Put in front of a name, they keep thousands of names apart.
_PLACES: Final = (
    ("", ""), ("東京", "とうきょう"),
    ("関西", "かんさい"), ("中央", "ちゅうおう"), ("新", "しん"),
    ("日本", "にほん"), ("大阪", "おおさか"), ("名古屋", "なごや"), ("北海", "ほっかい"),
    ("九州", "きゅうしゅう"), ("第一", "だいいち"),
    ("東邦", "とうほう"), ("共栄", "きょうえい"),
    ("協和", "きょうわ"), ("丸", "まる"), ("山", "やま"),
)  # fmt: skip
_BRANCH_PREFECTURES: Final = frozenset({"福岡県", "熊本県", "沖縄県"})


@dataclass(frozen=True, slots=True)
class Prospect:
    """A company and its contact, before they have rows."""

    account: AccountDetails
    person: PersonDetails
    employees: int

    @property
    def segment(self) -> str:
        """This will return the size class."""
        return self.account.segment


def prospects(*, rng: Random) -> Iterator[Prospect]:
    """This will invent companies without end; about one in sixty is spelled twice."""
    latest: Prospect | None = None
    taken: set[str] = set()
    for number in count(1):
        if latest is not None and rng.random() < 1 / 60:
            yield _spelled_again(rng, latest, number)
        latest = _prospect(rng, number, taken)
        yield latest


def _prospect(rng: Random, number: int, taken: set[str]) -> Prospect:
    industry = rng.choices(tuple(wording.INDUSTRIES), weights=wording.INDUSTRY_WEIGHTS)[0]
    name, kana = _fresh_name(rng, industry, taken)
    employees = max(5, int(rng.lognormvariate(4.6, 1.25)))
    prefecture = rng.choices(
        tuple(wording.PREFECTURES), weights=tuple(wording.PREFECTURES.values())
    )[0]
    is_named = employees >= LARGE and rng.random() < 0.55
    domain = f"c{number:05d}.example"
    base = f"7{number:011d}"
    account = AccountDetails(
        name=rng.choice(_FORMS).format(name),
        name_kana=kana,
        domain=domain,
        corporate_number=f"{corporate_check_digit(base)}{base}" if rng.random() < 0.6 else "",
        phone=f"03-0000-{number % 10_000:04d}" if rng.random() < 0.7 else "",
        industry=industry,
        employees=employees,
        prefecture=prefecture,
        segment=segment_of(employees),
        is_named=is_named,
        motion="full_cycle" if prefecture in _BRANCH_PREFECTURES and not is_named else "",
    )
    return Prospect(account, _person(rng, domain, number), employees)


def segment_of(employees: int) -> str:
    """This will return the size class of a company."""
    return SEGMENTS[0 if employees >= LARGE else 1 if employees >= MIDDLE else 2]


def _fresh_name(rng: Random, industry: str, taken: set[str]) -> tuple[str, str]:
    """This will return a name with its reading that no other company of the demo has."""
    while True:
        parts = (
            rng.choice(_PLACES),
            rng.choice(wording.COMPANY_HEADS),
            rng.choice(wording.INDUSTRIES[industry]),
        )
        name, kana = ("".join(part[side] for part in parts) for side in (0, 1))
        if name not in taken:
            taken.add(name)
            return name, kana


def _person(rng: Random, domain: str, number: int) -> PersonDetails:
    family, family_kana = rng.choice(wording.FAMILY_NAMES)
    given, given_kana = rng.choice(wording.GIVEN_NAMES)
    department = rng.choices(tuple(wording.TITLES), weights=(34, 12, 18, 10, 8, 12, 6))[0]
    title = rng.choice(wording.TITLES[department])
    return PersonDetails(
        family_name=family,
        given_name=given,
        family_kana=family_kana,
        given_kana=given_kana,
        email=f"contact{number}@{domain}",
        phone=f"090-0000-{number % 10_000:04d}" if rng.random() < 0.55 else "",
        title=title,
        department=department,
        role="decider" if title in {"部長", "取締役", "代表取締役", "常務取締役"} else "user",
    )


def _spelled_again(rng: Random, known: Prospect, number: int) -> Prospect:
    """The same company as a colleague of the first contact would write it."""
    short = known.account.name.replace("株式会社", "(株)").replace("有限会社", "(有)")
    account = AccountDetails(
        name=rng.choice((short, short.replace("(株)", "㈱"), f" {known.account.name}")).strip(),
        domain=known.account.domain if rng.random() < 0.5 else "",
        industry=known.account.industry,
        prefecture=known.account.prefecture,
        employees=known.employees,
        segment=known.account.segment,
    )
    return Prospect(account, _person(rng, known.account.domain, number), known.employees)
