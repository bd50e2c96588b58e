"""The addresses of this slice."""

from django.urls import path

from tasuki.notices.views import choices, inbox, webhooks

app_name = "notices"

urlpatterns = [
    path("notices/", inbox.notices, name="notices"),
    path("notices/bell/", inbox.bell, name="bell"),
    path("notices/read/", inbox.read_all, name="read_all"),
    path("notices/<int:notice_id>/open/", inbox.open_notice, name="open"),
    path("notices/<int:notice_id>/read/", inbox.read_notice, name="read"),
    path("notices/webhooks/", webhooks.webhooks, name="webhooks"),
    path("notices/webhooks/new/", webhooks.new_webhook, name="webhook_new"),
    path("notices/webhooks/<int:webhook_id>/", webhooks.webhook, name="webhook"),
    path("notices/webhooks/<int:webhook_id>/test/", webhooks.test_webhook, name="webhook_test"),
    path(
        "notices/webhooks/<int:webhook_id>/delete/",
        webhooks.delete_webhook,
        name="webhook_delete",
    ),
    path("me/notices/", choices.choices, name="choices"),
    path("me/notices/test/", choices.send_test_message, name="test"),
    path("me/notices/webhook/", choices.own_webhook, name="own_webhook"),
    path("me/notices/webhook/remove/", choices.remove_webhook, name="own_webhook_remove"),
]
