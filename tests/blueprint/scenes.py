"""What tests of the process share: a published process, a draft, somebody who may change it."""

from django.test import Client

from tasuki.blueprint.models import BlueprintDraft
from tasuki.core.access import Role
from tasuki.core.blueprint import Blueprint, examine_blueprint
from tasuki.journeys.models import BlueprintVersion
from tests.people.factories import client_of, make_user


def keeper() -> Client:
    """A browser of the process owner."""
    return client_of(make_user(Role.PROCESS_OWNER))


def begin(client: Client) -> BlueprintDraft:
    """Begin a draft from the version in force, as the button does."""
    current = BlueprintVersion.objects.get(is_current=True)
    answer = client.post("/process/drafts/begin/", {"version": current.pk})
    draft = BlueprintDraft.objects.latest("pk")
    assert answer.headers["Location"] == f"/process/drafts/{draft.pk}/"
    return draft


def read(draft: BlueprintDraft) -> Blueprint:
    """The draft as it stands in the database."""
    draft.refresh_from_db()
    blueprint, _problems = examine_blueprint(text=draft.text)
    return blueprint


def rewrite(client: Client, draft: BlueprintDraft, *changes: tuple[str, str]) -> None:
    """Change the text of a draft, as the text page does."""
    draft.refresh_from_db()
    text = draft.text
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = f"/process/drafts/{draft.pk}/text/"
    answer = client.post(path, {"text": text, "revision": draft.revision})
    assert answer.status_code == 302
    draft.refresh_from_db()


def publish(client: Client, draft: BlueprintDraft, note: str = "試すため") -> int:
    """Publish a draft; return the status of the answer."""
    draft.refresh_from_db()
    data = {"note": note, "revision": draft.revision}
    return client.post(f"/process/drafts/{draft.pk}/publish/", data).status_code
