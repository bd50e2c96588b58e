"""A large company for the benchmarks: the database fills itself, set by set, the same every time.

Names are put together from parts whose search form is computed by `core.names`, so that searching
in the seeded rows is searching in real ones. Indexes are dropped before and made anew after:
filling 1,000,000 journeys takes minutes instead of an hour.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from tasuki.core.access import Role, Scope
from tasuki.core.departments import Department
from tasuki.core.names import kana_key, search_text
from tasuki.journeys.models import BlueprintVersion, Channel
from tasuki.journeys.queries.blueprints import default_blueprint_text
from tasuki.people.models import RoleGrant, Team, User

ACCOUNTS_PER_JOURNEY: Final = 0.7
PERSONS_PER_JOURNEY: Final = 0.8
USERS: Final = 48
ADMINISTRATOR: Final = "admin@tasuki.example"
TEAM_VIEWER: Final = 11
"""Which member of each department sees no more than their team."""
FORMS: Final = (("株式会社", ""), ("", "株式会社"), ("合同会社", ""), ("", "有限会社"))
HEADS: Final = (
    "青葉 あおば|朝日 あさひ|旭 あさひ|東 あずま|泉 いずみ|岩手 いわて|宇都宮 うつのみや|"
    "大阪 おおさか|"
    "岡山 おかやま|鹿島 かしま|加賀 かが|川崎 かわさき|関西 かんさい|関東 かんとう|"
    "九州 きゅうしゅう|"
    "京都 きょうと|熊本 くまもと|神戸 こうべ|桜 さくら|札幌 さっぽろ|讃岐 さぬき|"
    "静岡 しずおか|信州 しんしゅう|"
    "住吉 すみよし|摂津 せっつ|仙台 せんだい|高松 たかまつ|千代田 ちよだ|筑波 つくば|"
    "東海 とうかい|東北 とうほく|"
    "富山 とやま|長崎 ながさき|名古屋 なごや|奈良 なら|新潟 にいがた|日光 にっこう|"
    "函館 はこだて|博多 はかた|"
    "浜松 はままつ|播磨 はりま|飛騨 ひだ|広島 ひろしま|富士 ふじ|北陸 ほくりく|松江 まつえ|"
    "三河 みかわ|"
    "武蔵 むさし|大和 やまと|横浜 よこはま|若狭 わかさ"
)
MIDDLES: Final = (
    "中央 ちゅうおう|第一 だいいち|総合 そうごう|みなみ みなみ|新 しん|共同 きょうどう|"
    "光 ひかり|緑 みどり|"
    "アクア あくあ|ネクスト ねくすと|スカイ すかい|ブルー ぶるー|グリーン ぐりーん|"
    "ミライ みらい|日の出 ひので|"
    "三光 さんこう|丸 まる|大成 たいせい|明和 めいわ|協和 きょうわ|双葉 ふたば|若葉 わかば|"
    "永和 えいわ|昭栄 しょうえい"
)
TAILS: Final = (
    "製作所 せいさくしょ|商会 しょうかい|電機 でんき|精密 せいみつ|化学 かがく|建設 けんせつ|"
    "運輸 うんゆ|物流 ぶつりゅう|"
    "システム しすてむ|ソフト そふと|テック てっく|データ でーた|食品 しょくひん|"
    "薬品 やくひん|印刷 いんさつ|"
    "不動産 ふどうさん|銀行 ぎんこう|保険 ほけん|出版 しゅっぱん|観光 かんこう|農園 のうえん|"
    "水産 すいさん|"
    "ホールディングス ほーるでぃんぐす|サービス さーびす|コンサルティング こんさるてぃんぐ|"
    "工業 こうぎょう|産業 さんぎょう|"
    "エネルギー えねるぎー|通信 つうしん|メディカル めでぃかる"
)
FAMILIES: Final = (
    "佐藤 さとう|鈴木 すずき|高橋 たかはし|田中 たなか|伊藤 いとう|渡辺 わたなべ|"
    "山本 やまもと|中村 なかむら|小林 こばやし|"
    "加藤 かとう|吉田 よしだ|山田 やまだ|佐々木 ささき|山口 やまぐち|松本 まつもと|"
    "井上 いのうえ|木村 きむら|林 はやし|"
    "斎藤 さいとう|清水 しみず|山崎 やまざき|森 もり|池田 いけだ|橋本 はしもと|阿部 あべ|"
    "石川 いしかわ|前田 まえだ|"
    "藤田 ふじた|小川 おがわ|岡田 おかだ|後藤 ごとう|長谷川 はせがわ|村上 むらかみ|"
    "近藤 こんどう|石井 いしい|"
    "坂本 さかもと|遠藤 えんどう|青木 あおき|藤井 ふじい|西村 にしむら|福田 ふくだ|"
    "太田 おおた|三浦 みうら|岡本 おかもと"
)
GIVENS: Final = (
    "花子 はなこ|太郎 たろう|健一 けんいち|陽子 ようこ|翔太 しょうた|美咲 みさき|"
    "大輔 だいすけ|直樹 なおき|由美 ゆみ|"
    "恵子 けいこ|誠 まこと|隆 たかし|愛 あい|蓮 れん|葵 あおい|結衣 ゆい|悠斗 ゆうと|"
    "陽菜 ひな|智子 ともこ|浩二 こうじ|"
    "亮 りょう|麻衣 まい|拓也 たくや|沙織 さおり|和也 かずや|千尋 ちひろ|剛 つよし|"
    "明美 あけみ|潤 じゅん|早紀 さき"
)
STAGES: Final = (
    ("LEAD", "marketing", 28),
    ("MQL", "marketing", 12),
    ("SAL", "inside_sales", 6),
    ("SQL", "inside_sales", 5),
    ("SAO", "field_sales", 3),
    ("O1", "field_sales", 2),
    ("O2", "field_sales", 2),
    ("O3", "field_sales", 1),
    ("O4", "field_sales", 1),
    ("WON", "field_sales", 1),
    ("ONB", "success", 1),
    ("ADOPT", "success", 9),
    ("RECYCLE", "marketing", 13),
    ("DISQ", "marketing", 5),
    ("LOST", "field_sales", 9),
    ("CHURN", "success", 2),
)
MAIN: Final = 12
CHANNELS: Final = ("seo", "ad", "webinar", "white_paper", "event", "referral", "partner", "inbound")

PARTS = """
CREATE TEMP TABLE bench_part (
    kind text, n int, shown text, kana text, sought text, kana_sought text, sorted text
)
"""
ACCOUNTS = """
INSERT INTO journeys_account (
    id, name, name_kana, company_key, sort_key, domain, corporate_number, phone, phone_key,
    industry, employees, prefecture, segment, is_named, motion, owner_id, attributes,
    search_text, revision, created_at, updated_at
)
SELECT i,
    f.shown || h.shown || m.shown || t.shown || f.kana,
    h.kana || m.kana || t.kana,
    h.sought || m.sought || t.sought,
    h.sorted || m.sorted || t.sorted,
    'c' || i || '.example.co.jp', '', '', '',
    (ARRAY['製造', '情報通信', '小売', '建設', '金融', '医療', '教育', '運輸'])[1 + i %% 8],
    (ARRAY[8, 30, 80, 240, 700, 2500])[1 + i %% 6],
    (ARRAY['東京都', '大阪府', '愛知県', '福岡県', '北海道', '宮城県', '広島県'])[1 + i %% 7],
    (ARRAY['small', 'small', 'small', 'mid', 'mid', 'enterprise'])[1 + i %% 6],
    i %% 97 = 0, '', NULL, '{}',
    f.sought || h.sought || m.sought || t.sought || f.kana_sought || ' '
        || h.kana_sought || m.kana_sought || t.kana_sought || ' c' || i || '.example.co.jp',
    1, now() - (i %% 540) * interval '1 day', now() - (i %% 540) * interval '1 day'
FROM generate_series(1::bigint, %(accounts)s) AS i
JOIN bench_part f ON f.kind = 'form' AND f.n = i %% %(form)s
JOIN bench_part h ON h.kind = 'head' AND h.n = (i * 7 + i / 51) %% %(head)s
JOIN bench_part m ON m.kind = 'middle' AND m.n = (i * 5 + i / 1224) %% %(middle)s
JOIN bench_part t ON t.kind = 'tail' AND t.n = (i * 11 + i / 36720) %% %(tail)s
"""
PERSONS = """
INSERT INTO journeys_person (
    id, account_id, family_name, given_name, family_kana, given_kana, sort_key, email, email_key,
    phone, phone_key, title, department, role, attributes, search_text, revision,
    created_at, updated_at
)
SELECT i, 1 + i %% %(accounts)s, f.shown, g.shown, f.kana, g.kana, f.sorted || g.sorted,
    'p' || i || '@c' || 1 + i %% %(accounts)s || '.example.co.jp',
    'p' || i || '@c' || 1 + i %% %(accounts)s || '.example.co.jp',
    '', '', (ARRAY['部長', '課長', '主任', '担当', '取締役'])[1 + i %% 5],
    (ARRAY['情報システム部', '営業企画部', '経営企画室', '総務部'])[1 + i %% 4], '', '{}',
    f.sought || g.sought || ' ' || f.kana_sought || g.kana_sought
        || ' p' || i || '@c' || 1 + i %% %(accounts)s || '.example.co.jp',
    1, now() - (i %% 540) * interval '1 day', now() - (i %% 540) * interval '1 day'
FROM generate_series(1::bigint, %(persons)s) AS i
JOIN bench_part f ON f.kind = 'family' AND f.n = (i * 13 + i / 44) %% %(family)s
JOIN bench_part g ON g.kind = 'given' AND g.n = (i * 7 + i / 1320) %% %(given)s
"""
JOURNEYS = """
INSERT INTO journeys_journey (
    id, account_id, person_id, kind, title, channel_id, source, motion, blueprint_id, stage,
    department, is_open, cycle, entered_at, opened_at, owner_id, team_id, next_action,
    next_action_date, amount_minor, currency, amount_reporting_minor, expected_close_date,
    temperature, fit, answers, last_activity_at, search_text, sort_key, revision, created_at,
    updated_at
)
SELECT i, a.id, p.id, 'new', '', (%(channels)s)[1 + (i / 7) %% 8], '', 'division', %(blueprint)s,
    s.stage, s.department, s.at <= %(main)s, 1,
    o.opened_at + (now() - o.opened_at) * (i %% 89) / 100, o.opened_at,
    CASE WHEN s.at = 1 AND i %% 2 = 0 THEN NULL ELSE u.id END,
    CASE WHEN s.at = 1 AND i %% 2 = 0 THEN NULL ELSE u.team_id END,
    CASE WHEN s.at <= %(main)s THEN
        (ARRAY['電話する', '資料を送る', '提案書を出す', '日程を調整する',
            '稟議の状況を聞く'])[1 + i %% 5]
        ELSE '' END,
    CASE WHEN s.at <= %(main)s THEN current_date + (i %% 61)::int - 20 END,
    CASE WHEN s.at BETWEEN 4 AND 12 OR s.stage IN ('LOST', 'CHURN')
        THEN (1 + i %% 400) * 10000 END,
    CASE WHEN s.at BETWEEN 4 AND 12 OR s.stage IN ('LOST', 'CHURN') THEN 'JPY' ELSE '' END,
    CASE WHEN s.at BETWEEN 4 AND 12 OR s.stage IN ('LOST', 'CHURN')
        THEN (1 + i %% 400) * 10000 END,
    CASE WHEN s.at BETWEEN 7 AND 10 THEN current_date + (i %% 90)::int END,
    (ARRAY['', 'hot', 'warm', 'cold'])[1 + i %% 4], (ARRAY['', 'A', 'B', 'C', 'D'])[1 + i %% 5],
    '{"need": "いまの手順では月末に間に合わない"}',
    now() - ((i * 37) %% 400000) * interval '1 minute',
    a.search_text || ' ' || p.search_text, a.sort_key, 1, o.opened_at, now()
FROM (
    SELECT i, (i * 61 + i / 100) %% 100 AS place,
        1 + (i * 17) %% %(accounts)s AS account_id, 1 + (i * 29) %% %(persons)s AS person_id
    FROM generate_series(1::bigint, %(journeys)s) AS i
) AS n
JOIN LATERAL (SELECT now() - ((n.i * 7919) %% 788400) * interval '1 minute' AS opened_at) o ON true
JOIN bench_stage s ON n.place >= s.low AND n.place < s.high
JOIN journeys_account a ON a.id = n.account_id
JOIN journeys_person p ON p.id = n.person_id
JOIN bench_user u ON u.department = s.department AND u.n = (n.i / 3) %% 12
"""
STAYS = """
INSERT INTO journeys_stay (
    journey_id, number, cycle, visit, stage, department, owner_id, team_id, entered_at,
    entered_recorded_at, left_at, left_recorded_at, exit, to_stage, reason, note, blueprint_id
)
SELECT j.id, k, 1, 1, walked.stage, walked.department, j.owner_id, j.team_id,
    j.opened_at + (j.entered_at - j.opened_at) * (k - 1) / greatest(depth - 1, 1),
    j.opened_at,
    CASE WHEN k < depth
        THEN j.opened_at + (j.entered_at - j.opened_at) * k / greatest(depth - 1, 1) END,
    CASE WHEN k < depth THEN j.opened_at END,
    CASE WHEN k = depth THEN '' WHEN k < depth - 1 OR s.at <= %(main)s THEN 'advanced'
        WHEN j.stage = 'RECYCLE' THEN 'recycled' WHEN j.stage = 'DISQ' THEN 'disqualified'
        WHEN j.stage = 'LOST' THEN 'lost' ELSE 'churned' END,
    '', CASE WHEN k = depth - 1 AND s.at > %(main)s THEN 'no_budget' ELSE '' END, '', j.blueprint_id
FROM journeys_journey j
JOIN bench_stage s ON s.stage = j.stage
JOIN LATERAL (
    SELECT CASE WHEN s.at <= %(main)s THEN s.at::int
        WHEN j.stage = 'CHURN' THEN 13 WHEN j.stage = 'LOST' THEN 8 ELSE 3 END AS depth
) d ON true
CROSS JOIN LATERAL generate_series(1, d.depth) AS k
JOIN bench_stage walked ON walked.at = CASE WHEN k = d.depth THEN s.at ELSE k END
"""
EVENTS = """
INSERT INTO journeys_event (
    journey_id, kind, happened_at, recorded_at, actor_id, actor_kind, payload
)
SELECT journey_id, CASE WHEN number = 1 THEN 'journey_opened' ELSE 'advanced' END, entered_at,
    entered_at, owner_id, 'user', jsonb_build_object('to', stage)
FROM journeys_stay
"""
ACTIVITIES = """
INSERT INTO journeys_activity (
    journey_id, account_id, person_id, kind, direction, outcome, subject, body, details,
    happened_at, recorded_at, actor_id
)
SELECT j.id, j.account_id, j.person_id,
    (ARRAY['mail', 'call', 'meeting', 'web', 'form', 'note'])[1 + (j.id + k) %% 6], 'outbound', '',
    (ARRAY['ご提案の件', '資料のご送付', 'お打ち合わせの日程',
        '導入事例のご紹介'])[1 + (j.id + k) %% 4],
    'お世話になっております。先日の件でご連絡いたしました。', '{}',
    j.opened_at + (now() - j.opened_at) * k / 4, j.opened_at, j.owner_id
FROM journeys_journey j CROSS JOIN generate_series(1, 3) AS k
"""
FILLED: Final = ("account", "person", "journey", "stay", "event", "activity")


def seed(*, journeys: int) -> float:
    """This function will fill an empty, migrated database; returns the seconds it took."""
    started = time.perf_counter()
    blueprint = _process()
    _people()
    with transaction.atomic(), connection.cursor() as cursor, _without_indexes():
        sizes = _parts()
        values: dict[str, Any] = {
            **sizes,
            "journeys": journeys,
            "accounts": max(50, int(journeys * ACCOUNTS_PER_JOURNEY)),
            "persons": max(50, int(journeys * PERSONS_PER_JOURNEY)),
            "blueprint": blueprint,
            "channels": list(Channel.objects.values_list("pk", flat=True)),
            "main": MAIN,
        }
        for statement in (ACCOUNTS, PERSONS, JOURNEYS, STAYS, EVENTS, ACTIVITIES):
            cursor.execute(statement, values)
        for table in FILLED:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('journeys_{table}', 'id'), "
                f"(SELECT max(id) FROM journeys_{table}))"
            )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return time.perf_counter() - started


def _process() -> int:
    now = timezone.now()
    version, _ = BlueprintVersion.objects.get_or_create(
        is_current=True,
        defaults={
            "key": "the_model",
            "version": 1,
            "text": default_blueprint_text(),
            "published_at": now,
        },
    )
    Channel.objects.bulk_create(
        [Channel(code=code, label_ja=code, label_en=code) for code in CHANNELS],
        ignore_conflicts=True,
    )
    return version.pk


def _people() -> None:
    families = [part.split(" ") for part in FAMILIES.split("|")]
    givens = [part.split(" ") for part in GIVENS.split("|")]
    for department in Department:
        teams = [
            Team.objects.create(
                name_ja=f"{department.label.ja} {n}課",
                name_en=f"{department.label.en} {n}",
                department=department.value,
            )
            for n in (1, 2)
        ]
        for n in range(USERS // 4):
            family, given = families[n * 3 % len(families)], givens[n * 7 % len(givens)]
            user = User.objects.create_user(
                f"{department.value}{n}@tasuki.example",
                None,
                family_name=family[0],
                family_kana=family[1],
                given_name=given[0],
                given_kana=given[1],
                team=teams[n % 2],
            )
            RoleGrant.objects.create(
                user=user,
                role="manager" if n < 2 else "member",
                department=department.value,
                sees=Scope.TEAM if n == TEAM_VIEWER else Scope.ALL,
            )
    head = User.objects.create_user(ADMINISTRATOR, None, family_name="管理", given_name="者")
    RoleGrant.objects.create(user=head, role=Role.ADMIN)


def _parts() -> dict[str, int]:
    pools: dict[str, Sequence[tuple[str, str]]] = {"form": FORMS}
    for kind, text in (
        ("head", HEADS),
        ("middle", MIDDLES),
        ("tail", TAILS),
        ("family", FAMILIES),
        ("given", GIVENS),
    ):
        pairs = [part.split(" ") for part in text.split("|")]
        pools[kind] = [(shown, kana) for shown, kana in pairs]
    rows = [
        (kind, n, shown, kana, search_text(shown), search_text(kana), kana_key(kana))
        for kind, pool in pools.items()
        for n, (shown, kana) in enumerate(pool)
    ]
    with connection.cursor() as writer:
        writer.execute(PARTS)
        writer.executemany("INSERT INTO bench_part VALUES (%s, %s, %s, %s, %s, %s, %s)", rows)
        writer.execute(
            "CREATE TEMP TABLE bench_stage (at int, stage text, department text, low int, high int)"
        )
        low = 0
        for at, (stage, department, weight) in enumerate(STAGES, start=1):
            writer.execute(
                "INSERT INTO bench_stage VALUES (%s, %s, %s, %s, %s)",
                [at, stage, department, low, low + weight],
            )
            low += weight
        writer.execute(
            "CREATE TEMP TABLE bench_user AS SELECT u.id, u.team_id, t.department, "
            "row_number() OVER (PARTITION BY t.department ORDER BY u.id) - 1 AS n "
            "FROM people_user u JOIN people_team t ON t.id = u.team_id"
        )
        writer.execute("ANALYZE bench_part; ANALYZE bench_stage; ANALYZE bench_user")
    return {kind: len(pool) for kind, pool in pools.items()}


@contextmanager
def _without_indexes() -> Iterator[None]:
    """Drop what only makes reading quick, and make it again when the rows are in."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        # The rows refer to each other by construction; checking that would double the time.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) "
            "AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
            [[f"journeys_{table}" for table in FILLED]],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        for _name, definition in indexes:
            cursor.execute(definition)
