"""The page of one journey, and the facts of one of its stays."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tasuki.journeys.queries.blueprints import blueprint_version, current_blueprint
from tasuki.journeys.queries.handoffs.of_journeys import packets_of_journeys
from tasuki.journeys.queries.journey_page import sees_person_of, stays_of
from tasuki.records.queries.hand_overs import packet_facts
from tasuki.records.queries.journey_screen import journey_screen, journey_story
from tasuki.records.queries.stay_facts import stay_facts
from tasuki.records.views.journey_frame import journey_page, seen, topic_of
from tasuki.ui.render import page
from tasuki.ui.stays import packets_in


@require_safe
def journey(request: HttpRequest, journey_id: int) -> HttpResponse:
    """Show a journey: its ribbon, next step, timeline and facts."""
    found, access = seen(request, journey_id)
    topic = topic_of(request)
    screen = journey_screen(journey=found, access=access, now=timezone.now(), topic=topic)
    fragment = "timeline" if request.headers.get("HX-Target") == "timeline" else "record"
    return journey_page(request, screen, fragment=fragment)


@require_safe
def timeline(request: HttpRequest, journey_id: int) -> HttpResponse:
    """Show older entries of a journey's timeline."""
    found, access = seen(request, journey_id)
    screen = journey_screen(journey=found, access=access, now=timezone.now())
    story = journey_story(
        journey=found,
        blueprint=screen.blueprint,
        sees=screen.sees_personal_data,
        topic=topic_of(request),
        after=request.GET.get("after", ""),
    )
    context = {"screen": screen, "story": story, "topic": topic_of(request)}
    return page(request, "records/journey_history.html", context, fragment="older")


@require_safe
def stay(request: HttpRequest, journey_id: int, number: int) -> HttpResponse:
    """Show the facts of one stay: when, who, how it left, why, what was answered there."""
    found, access = seen(request, journey_id)
    stays = stays_of(journey_ids=[found.pk])
    chosen = next((one for one in stays if one.number == number), None)
    if chosen is None:
        raise Http404
    judged_by = blueprint_version(version_id=chosen.blueprint_id)
    packets = packets_in(chosen, packets_of_journeys(journey_ids=[found.pk]))
    published, now = current_blueprint(), timezone.now()
    facts = stay_facts(
        journey=found,
        stay=chosen,
        blueprint=published.blueprint,
        judged_by=judged_by,
        now=now,
        sees=sees_person_of(
            journey=found,
            owner_ids={one.owner_id for one in stays if one.owner_id is not None},
            access=access,
        ),
    )
    told = packet_facts(packets=packets, published=published, now=now)
    context = {"facts": replace(facts, packets=told)}
    return page(request, "records/journey_stay.html", context, fragment="sheet")
