"""What a fresh installation needs before the first journey: a process, channels, settings."""

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import Max

from tasuki.core.blueprint import (
    Blueprint,
    BlueprintInvalid,
    read_blueprint,
    readiness,
)
from tasuki.core.labels import Label
from tasuki.journeys.actor import Act
from tasuki.journeys.models import BlueprintVersion, Channel, ReportingSettings
from tasuki.journeys.queries.blueprint_impact import Held, unplaced
from tasuki.journeys.queries.blueprints import default_blueprint_text, kept_blueprint

DEFAULT_CHANNELS: Final = {
    "seo": Label("自然検索(SEO)", "Organic search (SEO)"),
    "content": Label("オウンドメディア", "Content"),
    "white_paper": Label("ホワイトペーパー", "White paper"),
    "search_ads": Label("検索広告", "Search ads"),
    "display_ads": Label("ディスプレイ広告", "Display ads"),
    "social": Label("SNS", "Social media"),
    "webinar": Label("ウェビナー", "Webinar"),
    "event": Label("展示会・イベント", "Trade fairs and events"),
    "referral": Label("紹介", "Referral"),
    "partner": Label("パートナー", "Partner"),
    "outbound": Label("アウトバウンド", "Outbound"),
    "inquiry": Label("問い合わせ", "Inquiry"),
}


class BlueprintMovedOn(Exception):
    """Another version went live since the one this process was derived from."""

    def __init__(self, current: BlueprintVersion) -> None:
        super().__init__(f"{current} is in force now")
        self.current = current


class StillInUse(Exception):
    """Journeys under way rest in places, or follow motions, that the process no longer has."""

    def __init__(self, held: Sequence[Held]) -> None:
        super().__init__(", ".join(f"{one.journeys} in {one.what} {one.code}" for one in held))
        self.held = tuple(held)


def publish_blueprint(
    *, text: str, note: str, act: Act, based_on: int | None = None
) -> BlueprintVersion:
    """This will put a blueprint into force as its key's next version.

    `based_on` is the id of the version that the text was derived from, when there is one.

    Raises:
        BlueprintInvalid: it cannot go live; every problem is named.
        BlueprintMovedOn: another version than `based_on` is in force by now.
        StillInUse: journeys under way need what it no longer has.
    """
    blueprint = read_blueprint(text=text)
    if gaps := readiness(blueprint=blueprint):
        raise BlueprintInvalid(gaps)
    with transaction.atomic():
        current = BlueprintVersion.objects.select_for_update().filter(is_current=True).first()
        if current is not None:
            _let_pass(current, blueprint, based_on)
            BlueprintVersion.objects.filter(pk=current.pk).update(is_current=False)
        versions = BlueprintVersion.objects.filter(key=blueprint.key)
        last = versions.aggregate(last=Max("version"))["last"] or 0
        return BlueprintVersion.objects.create(
            key=blueprint.key,
            version=last + 1,
            text=text,
            note=note,
            is_current=True,
            published_at=act.now,
            published_by_id=act.actor.user_id,
        )


def _let_pass(current: BlueprintVersion, proposed: Blueprint, based_on: int | None) -> None:
    if based_on is not None and current.pk != based_on:
        raise BlueprintMovedOn(current)
    former = kept_blueprint(version_id=current.pk).blueprint
    if held := unplaced(current=former, proposed=proposed):
        raise StillInUse(held)


def own_settings() -> ReportingSettings:
    """This will return the row of how this company reports, made when nobody chose yet."""
    settings, _ = ReportingSettings.objects.get_or_create(pk=1)
    return settings


def name_company(*, company_name: str) -> None:
    """This will set the company's name, which reports carry."""
    own_settings()
    ReportingSettings.objects.filter(pk=1).update(company_name=company_name)


def prepare(*, act: Act, company_name: str = "") -> None:
    """This will give a fresh installation the default process, channels and settings.

    Repeating it changes nothing that is there.
    """
    with transaction.atomic():
        ReportingSettings.objects.get_or_create(pk=1, defaults={"company_name": company_name})
        for position, (code, label) in enumerate(DEFAULT_CHANNELS.items()):
            Channel.objects.get_or_create(
                code=code,
                defaults={"label_ja": label.ja, "label_en": label.en, "position": position},
            )
        if not BlueprintVersion.objects.exists():
            publish_blueprint(text=default_blueprint_text(), note="", act=act)
