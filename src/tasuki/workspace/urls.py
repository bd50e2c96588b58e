"""Addresses of sign-in, own settings and administration.

The names of the first group are those that allauth looks up; they stand outside the namespace.
"""

from django.urls import include, path, re_path

from tasuki.workspace.views import hand_on, me, people, shares, sign_in, teams, working_time

_accounts = [
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-in/closed/", sign_in.account_closed, name="account_inactive"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("password/forgotten/", sign_in.forgotten_password, name="account_reset_password"),
    path(
        "password/forgotten/sent/",
        sign_in.forgotten_password_sent,
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        sign_in.new_password,
        name="account_reset_password_from_key",
    ),
    path(
        "password/new/done/",
        sign_in.new_password_done,
        name="account_reset_password_from_key_done",
    ),
    path("me/password/", sign_in.change_password, name="account_change_password"),
]

_own = [
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("sign-in/demo/<int:user_id>/", sign_in.sign_in_to_demo, name="demo_sign_in"),
    path("me/", me.me, name="me"),
    path("me/absences/", me.add_my_absence, name="my_absence_add"),
    path("me/absences/<int:absence_id>/cancel/", me.cancel_my_absence, name="my_absence_cancel"),
    path("me/sessions/end/", me.end_other_sessions, name="sessions_end"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/roles/", people.roles, name="roles"),
    path("people/teams/", teams.teams, name="teams"),
    path("people/teams/new/", teams.new_team, name="team_new"),
    path("people/teams/<int:team_id>/", teams.team, name="team"),
    path("people/working-time/", working_time.working_time, name="working_time"),
    path("people/working-time/calendars/new/", working_time.new_calendar, name="calendar_new"),
    path(
        "people/working-time/calendars/<int:calendar_id>/",
        working_time.calendar,
        name="calendar",
    ),
    path("people/working-time/days/", working_time.add_day, name="day_add"),
    path(
        "people/working-time/days/<int:day_id>/remove/",
        working_time.remove_day,
        name="day_remove",
    ),
    path("people/working-time/absences/", working_time.add_absence, name="absence_add"),
    path(
        "people/working-time/absences/<int:absence_id>/cancel/",
        working_time.cancel_team_absence,
        name="absence_cancel",
    ),
    path("people/working-time/shares/", shares.shares, name="shares"),
    path("people/<int:user_id>/", people.person, name="person"),
    path("people/<int:user_id>/hand-on/", hand_on.hand_on, name="hand_on"),
    path(
        "people/<int:user_id>/hand-on/progress/",
        hand_on.hand_on_progress,
        name="hand_on_progress",
    ),
    path("people/<int:user_id>/hand-on/again/", hand_on.hand_on_again, name="hand_on_again"),
    path("people/<int:user_id>/invite-again/", people.invite_again, name="invite_again"),
    path("people/<int:user_id>/grants/", people.add_grant, name="grant_add"),
    path(
        "people/<int:user_id>/grants/<int:grant_id>/remove/",
        people.remove_grant,
        name="grant_remove",
    ),
    path("people/<int:user_id>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<int:user_id>/activate/", people.activate, name="activate"),
]

urlpatterns = [*_accounts, path("", include((_own, "workspace")))]
