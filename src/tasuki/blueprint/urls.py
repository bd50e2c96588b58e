"""The addresses of the process: read by everybody, changed by those who may."""

from django.urls import path

from tasuki.blueprint.views import drafts, parts, publishing, reading

app_name = "blueprint"

_PART = "process/drafts/<int:draft_id>/<slug:part>/<int:index>/"

urlpatterns = [
    path("process/", reading.process, name="process"),
    path("process/versions/", reading.versions, name="versions"),
    path("process/versions/<int:version_id>/", reading.version, name="version"),
    path("process/versions/<int:version_id>/changes/", reading.changes, name="version_changes"),
    path("process/versions/<int:version_id>/text/", reading.text, name="version_text"),
    path("process/drafts/begin/", drafts.begin, name="begin"),
    path("process/drafts/<int:draft_id>/", drafts.draft, name="draft"),
    path("process/drafts/<int:draft_id>/text/", drafts.text, name="text"),
    path("process/drafts/<int:draft_id>/whole/", parts.whole, name="whole"),
    path("process/drafts/<int:draft_id>/condition/", parts.condition, name="condition"),
    path("process/drafts/<int:draft_id>/changes/", publishing.changes, name="changes"),
    path("process/drafts/<int:draft_id>/publish/", publishing.publish, name="publish"),
    path("process/drafts/<int:draft_id>/carry-over/", drafts.carry_over, name="carry_over"),
    path("process/drafts/<int:draft_id>/discard/", drafts.discard, name="discard"),
    path(_PART, parts.part, name="part"),
    path(f"{_PART}order/", parts.order, name="order"),
    path(f"{_PART}items/<int:place>/", parts.item, name="item"),
    path(f"{_PART}items/<int:place>/order/", parts.item_order, name="item_order"),
]
