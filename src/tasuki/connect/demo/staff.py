"""The people of the demo company: teams, roles, ramp of newcomers, absences."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from tasuki.core.access import Grant, Role
from tasuki.core.departments import Department
from tasuki.people.models import Absence, Team, User, WorkingCalendar
from tasuki.people.operations import grant_role, invite_user

MAIL_DOMAIN: Final = "minamo-cloud.example"
M, IS, F, S = Department  # the four departments, in the order of the process

TEAMS: Final = {
    "marketing": ("マーケティング", "Marketing", M),
    "sdr": ("インサイドセールス SDR", "Inside sales SDR", IS),
    "bdr": ("インサイドセールス BDR", "Inside sales BDR", IS),
    "east": ("フィールドセールス 東日本", "Field sales East", F),
    "west": ("フィールドセールス 西日本", "Field sales West", F),
    "enterprise": ("フィールドセールス エンタープライズ", "Field sales Enterprise", F),
    "onboarding": ("CS オンボーディング", "CS Onboarding", S),
    "adoption": ("CS 定着支援", "CS Adoption", S),
    "abm": ("ABMチーム", "ABM team", None),
    "fukuoka": ("福岡支店", "Fukuoka branch", None),
    "office": ("経営・営業企画", "Management and planning", None),
}


@dataclass(frozen=True, slots=True)
class Post:
    """One person: names with readings, team, roles, how able (1 is average), months here."""

    login: str
    family: tuple[str, str]
    given: tuple[str, str]
    team: str
    grants: tuple[tuple[Role, Department | None], ...]
    skill: float = 1.0
    months: int = 40


def _post(
    login: str, names: str, team: str, grants: tuple[tuple[Role, Department | None], ...],
    skill: float = 1.0, months: int = 40,
) -> Post:  # fmt: skip
    family, family_kana, given, given_kana = names.split()
    return Post(login, (family, family_kana), (given, given_kana), team, grants, skill, months)


def _member(*departments: Department) -> tuple[tuple[Role, Department | None], ...]:
    return tuple((Role.MEMBER, department) for department in departments)


def _lead(department: Department) -> tuple[tuple[Role, Department | None], ...]:
    return ((Role.MANAGER, department),)


POSTS: Final = (
    _post("admin", "山口 やまぐち 学 まなぶ", "office", ((Role.ADMIN, None),)),
    _post("process", "西村 にしむら 典子 のりこ", "office", ((Role.PROCESS_OWNER, None),)),
    _post("ceo", "水原 みずはら 隆 たかし", "office", ((Role.EXECUTIVE, None),)),
    _post("audit", "丸山 まるやま 誠 まこと", "office", ((Role.VIEWER, None),)),
    _post("marketing-lead", "石川 いしかわ 恵 めぐみ", "marketing", _lead(M)),
    _post("marketing", "藤井 ふじい 彩香 あやか", "marketing", _member(M), 1.1),
    _post("ads", "金子 かねこ 拓也 たくや", "marketing", _member(M)),
    _post("events", "福田 ふくだ 沙織 さおり", "marketing", _member(M), 0.95),
    _post("inside-lead", "村上 むらかみ 亮 りょう", "sdr", _lead(IS)),
    _post("inside", "青木 あおき 美咲 みさき", "sdr", _member(IS), 1.25),
    _post("inside2", "岡本 おかもと 翔太 しょうた", "sdr", _member(IS), 1.0),
    _post("inside3", "中野 なかの 葵 あおい", "sdr", _member(IS), 0.75, 5),
    _post("inside4", "小野 おの 蓮 れん", "sdr", _member(IS), 0.65, 3),
    _post("bdr", "竹内 たけうち 圭吾 けいご", "bdr", _member(IS), 1.15),
    _post("bdr2", "原田 はらだ 千尋 ちひろ", "bdr", _member(IS), 0.9, 14),
    _post("field-lead", "長谷川 はせがわ 浩二 こうじ", "east", _lead(F)),
    _post("field", "清水 しみず 大輔 だいすけ", "east", _member(F), 1.3),
    _post("field2", "遠藤 えんどう 由美 ゆみ", "east", _member(F), 1.05),
    _post("field3", "坂本 さかもと 裕太 ゆうた", "east", _member(F), 0.8, 7),
    _post("west-lead", "井上 いのうえ 達也 たつや", "west", _lead(F), 1.1),
    _post("west", "松田 まつだ 麻衣 まい", "west", _member(F), 1.0),
    _post("west2", "和田 わだ 修平 しゅうへい", "west", _member(F), 0.85),
    _post("enterprise-lead", "太田 おおた 健一 けんいち", "enterprise", _lead(F), 1.2),
    _post("enterprise", "前田 まえだ 理恵 りえ", "enterprise", _member(F), 1.15),
    _post("success-lead", "近藤 こんどう 陽子 ようこ", "onboarding", _lead(S)),
    _post("onboarding", "上田 うえだ 直樹 なおき", "onboarding", _member(S), 1.1),
    _post("onboarding2", "柴田 しばた 結衣 ゆい", "onboarding", _member(S), 0.9, 10),
    _post("success", "中川 なかがわ 真由美 まゆみ", "adoption", _member(S), 1.15),
    _post("success2", "内田 うちだ 陽介 ようすけ", "adoption", _member(S), 0.95),
    _post("success3", "横山 よこやま 智子 ともこ", "adoption", _member(S)),
    _post("abm-lead", "高木 たかぎ 和也 かずや", "abm", (*_lead(F), (Role.MEMBER, M))),
    _post("abm", "森田 もりた 友香 ともか", "abm", _member(M, IS), 1.1),
    _post("abm-success", "安藤 あんどう 遥 はるか", "abm", _member(S), 1.1),
    _post("branch", "宮本 みやもと 悠斗 ゆうと", "fukuoka", _member(IS, F), 1.05),
    _post("branch2", "工藤 くどう 愛 あい", "fukuoka", _member(IS, F, S), 0.95),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person as a story needs them."""

    user_id: int
    team_id: int
    team: str
    departments: frozenset[Department]
    skill: float
    joined_date: date
    login: str
    is_manager: bool


@dataclass(frozen=True, slots=True)
class Staff:
    """Everyone who carries journeys."""

    colleagues: tuple[Colleague, ...]

    def by_id(self, user_id: int | None) -> Colleague | None:
        """This will find somebody by the key of their account."""
        return next((c for c in self.colleagues if c.user_id == user_id), None)

    def by_login(self, login: str) -> Colleague | None:
        """This will find somebody by the first part of their address."""
        return next((c for c in self.colleagues if c.login == login), None)

    def manager(self, department: Department) -> Colleague | None:
        """This will find who leads a department."""
        return next(
            (c for c in self.colleagues if c.is_manager and department in c.departments), None
        )

    def pick(self, rng: Random, *, teams: tuple[str, ...], on: date) -> Colleague:
        """This will choose somebody of these teams who was there that day; the able get more."""
        there = [c for c in self.colleagues if c.team in teams and c.departments]
        employed = [c for c in there if c.joined_date <= on] or there
        return rng.choices(employed, weights=[0.6 + c.skill for c in employed])[0]

    def pick_in(self, rng: Random, *, team: str, department: Department, on: date) -> Colleague:
        """This will choose somebody of a mixed team who works for the department."""
        fitting = [c for c in self.colleagues if c.team == team and department in c.departments]
        anyone = fitting or [c for c in self.colleagues if c.team == team]
        employed = [c for c in anyone if c.joined_date <= on] or anyone
        return rng.choice(employed)


def hire(*, now: datetime, founded_date: date) -> Staff:
    """This will make the teams, the people and what they may do."""
    calendar = WorkingCalendar.objects.filter(is_default=True).first()
    teams = {
        key: Team.objects.create(
            name_ja=ja, name_en=en, department=department or "", calendar=calendar
        )
        for key, (ja, en, department) in TEAMS.items()
    }
    colleagues = []
    for position, post in enumerate(POSTS):
        joined = max(founded_date, (now - timedelta(days=post.months * 30)).date())
        user = invite_user(user=_user(post, teams[post.team], joined, position), by=None, now=now)
        for role, department in post.grants:
            grant_role(user=user, grant=Grant(role=role, department=department), by=None, now=now)
        if post.grants[0][0] is Role.MANAGER and teams[post.team].lead_id is None:
            Team.objects.filter(pk=teams[post.team].pk).update(lead=user)
            teams[post.team].lead = user
        works = frozenset(d for role, d in post.grants if d and role is not Role.VIEWER)
        colleagues.append(
            Colleague(
                user_id=user.pk,
                team_id=teams[post.team].pk,
                team=post.team,
                departments=works,
                skill=post.skill,
                joined_date=joined,
                login=post.login,
                is_manager=post.grants[0][0] is Role.MANAGER,
            )
        )
    _absences(now)
    return Staff(tuple(colleagues))


def _user(post: Post, team: Team, joined: date, position: int) -> User:
    return User(
        email=f"{post.login}@{MAIL_DOMAIN}",
        family_name=post.family[0],
        given_name=post.given[0],
        family_kana=post.family[1],
        given_kana=post.given[1],
        display_order=position,
        team=team,
        joined_date=joined,
    )


def _absences(now: datetime) -> None:
    for login, first, days, deputy in (
        ("west2", 1, 4, "west"),
        ("onboarding2", 6, 10, "onboarding"),
        ("inside2", 2, 1, "inside"),
    ):
        away = User.objects.get(email=f"{login}@{MAIL_DOMAIN}")
        Absence.objects.create(
            user=away,
            starts_at=now + timedelta(days=first),
            ends_at=now + timedelta(days=first + days),
            deputy=User.objects.get(email=f"{deputy}@{MAIL_DOMAIN}"),
        )
