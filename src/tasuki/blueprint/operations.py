"""What is done to drafts: begun, saved, carried over to a newer version, published, dropped."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tasuki.blueprint.models import BlueprintDraft
from tasuki.journeys.actor import Act, Actor
from tasuki.journeys.models import BlueprintVersion
from tasuki.journeys.operations.setup import publish_blueprint
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.people.models import User


class DraftMovedOn(Exception):
    """Somebody saved the draft since this person opened it."""

    def __init__(self, draft: BlueprintDraft) -> None:
        super().__init__(f"{draft} is at revision {draft.revision}")
        self.draft = draft


@dataclass(frozen=True, slots=True)
class Save:
    """One save: who, when, and which state of the draft the person had before them."""

    by: User
    now: datetime
    revision: int


def begin_draft(*, text: str, by: User, now: datetime) -> BlueprintDraft:
    """Begin a draft of what is to follow the version in force. Raises: NoBlueprintPublished."""
    return BlueprintDraft.objects.create(
        based_on_id=current_blueprint().version_id,
        text=text,
        author=by,
        updated_by=by,
        created_at=now,
        updated_at=now,
    )


def save_draft(*, draft_id: int, text: str, save: Save) -> None:
    """Keep the text, sound or not. Raises: DraftMovedOn."""
    _change(draft_id, save, text=text)


def keep_note(*, draft_id: int, note: str) -> None:
    """Keep what was written about the next version, whoever saved the draft since."""
    BlueprintDraft.objects.filter(pk=draft_id).update(note=note)


def carry_over(*, draft_id: int, save: Save) -> None:
    """Take the draft to be one of what follows the version in force now; its text stays.

    Raises: DraftMovedOn.
    """
    _change(draft_id, save, based_on_id=current_blueprint().version_id)


def publish_draft(*, draft_id: int, note: str, save: Save) -> BlueprintVersion:
    """Put the draft into force; the version keeps its text, so the draft goes.

    Raises: DraftMovedOn, BlueprintInvalid, BlueprintMovedOn, StillInUse; then all is as before.
    """
    with transaction.atomic():
        draft = BlueprintDraft.objects.select_for_update().get(pk=draft_id)
        if draft.revision != save.revision:
            raise DraftMovedOn(draft)
        actor = Actor(user_id=save.by.pk, kind="user", label=save.by.full_name)
        version = publish_blueprint(
            text=draft.text,
            note=note,
            act=Act(actor=actor, now=save.now),
            based_on=draft.based_on_id,
        )
        draft.delete()
    return version


def discard_draft(*, draft_id: int) -> None:
    """Drop a draft for good."""
    BlueprintDraft.objects.filter(pk=draft_id).delete()


def _change(draft_id: int, save: Save, **values: object) -> None:
    changed = BlueprintDraft.objects.filter(pk=draft_id, revision=save.revision).update(
        revision=save.revision + 1, updated_by=save.by, updated_at=save.now, **values
    )
    if changed != 1:
        raise DraftMovedOn(BlueprintDraft.objects.get(pk=draft_id))
