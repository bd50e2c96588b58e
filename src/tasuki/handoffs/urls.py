"""The addresses of this slice."""

from django.urls import path

from tasuki.handoffs.views import day, deciding, offer, packet, queue, review

app_name = "handoffs"

urlpatterns = [
    path("my-day/", day.my_day, name="my_day"),
    path("my-day/team/", day.team_day, name="team_day"),
    path("my-day/next-step/<int:journey_id>/", day.next_step, name="next_step"),
    path("handoffs/", queue.queue, name="queue"),
    path("handoffs/review/", review.review, name="review"),
    path("handoffs/review/begin/", review.begin, name="review_begin"),
    path("handoffs/review/<int:meeting_id>.pdf", review.review_paper, name="review_paper"),
    path("handoffs/review/<int:meeting_id>/minutes/", review.minutes, name="review_minutes"),
    path("handoffs/review/<int:meeting_id>/decisions/", review.decide, name="review_decide"),
    path("handoffs/review/decisions/<int:decision_id>/", review.settle, name="review_settle"),
    path("handoffs/<int:handoff_id>/", packet.packet, name="packet"),
    path("handoffs/<int:handoff_id>/accept/", deciding.accept, name="accept"),
    path("handoffs/<int:handoff_id>/return/", deciding.give_back, name="return"),
    path("handoffs/<int:handoff_id>/withdraw/", deciding.withdraw, name="withdraw"),
    path("handoffs/<int:handoff_id>/briefing/", packet.briefing, name="briefing"),
    path("handoffs/<int:handoff_id>/announcement/", packet.announcement, name="announcement"),
    path("handoffs/<int:handoff_id>/rate/", deciding.rate, name="rate"),
    path(
        "handoffs/<int:handoff_id>/asked-again/<slug:item>/",
        deciding.asked_again,
        name="asked_again",
    ),
    path("journeys/<int:journey_id>/hand-over/<slug:contract>/", offer.offer, name="offer"),
    path("journeys/<int:journey_id>/hand-over/<slug:contract>/check/", offer.check, name="check"),
]
