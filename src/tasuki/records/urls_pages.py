"""Addresses of the record pages: journeys, companies, people, duplicates."""

from django.urls import path

from tasuki.records.views import account, duplicates, journey, journey_facts, journey_moves, person

_JOURNEY = "journeys/<int:journey_id>/"

patterns = [
    path(_JOURNEY, journey.journey, name="journey"),
    path(f"{_JOURNEY}timeline/", journey.timeline, name="journey_timeline"),
    path(f"{_JOURNEY}stays/<int:number>/", journey.stay, name="journey_stay"),
    path(f"{_JOURNEY}moves/<slug:verb>/", journey_moves.move, name="journey_move"),
    path(f"{_JOURNEY}next-action/", journey_facts.next_action, name="journey_next_action"),
    path(f"{_JOURNEY}activities/<slug:kind>/", journey_facts.activity, name="journey_activity"),
    path(
        f"{_JOURNEY}corrections/<int:activity_id>/",
        journey_facts.correction,
        name="journey_correction",
    ),
    path(f"{_JOURNEY}deal/", journey_facts.deal, name="journey_deal"),
    path(f"{_JOURNEY}details/", journey_facts.details, name="journey_details"),
    path(f"{_JOURNEY}answers/<slug:stage>/", journey_facts.answers, name="journey_answers"),
    path(f"{_JOURNEY}subscriptions/", journey_facts.subscription, name="journey_subscription"),
    path(
        f"{_JOURNEY}subscriptions/<int:subscription_id>/end/",
        journey_facts.subscription_end,
        name="journey_subscription_end",
    ),
    path(f"{_JOURNEY}owner/", journey_facts.owner, name="journey_owner"),
    path("accounts/<int:account_id>/", account.account, name="account"),
    path("accounts/<int:account_id>/details/", account.edit, name="account_edit"),
    path("persons/<int:person_id>/", person.person, name="person"),
    path("persons/<int:person_id>/details/", person.edit, name="person_edit"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path(
        "duplicates/<slug:word>/<int:first_id>/<int:second_id>/",
        duplicates.comparison,
        name="duplicate_pair",
    ),
    path(
        "duplicates/<slug:word>/<int:first_id>/<int:second_id>/different/",
        duplicates.different,
        name="duplicate_different",
    ),
    path("merges/<int:merge_id>/undo/", duplicates.undo, name="merge_undo"),
]
