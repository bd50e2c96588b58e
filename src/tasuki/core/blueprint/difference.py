"""What changed from one blueprint to another, part by part and in words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tasuki.core.blueprint.outline import Part, Trait, Weight, outline
from tasuki.core.blueprint.spoken import joined
from tasuki.core.blueprint.types import Blueprint
from tasuki.core.labels import Label


class ChangeKind(StrEnum):
    """What happened to a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def label(self) -> Label:
        """Name the kind in both languages."""
        return _KINDS[self]


_ITEMS = ("gate", "items")
_KINDS = {
    ChangeKind.ADDED: Label("追加", "Added"),
    ChangeKind.REMOVED: Label("削除", "Removed"),
    ChangeKind.CHANGED: Label("変更", "Changed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference. `path` is made of codes, as in `stages.MQL.gate.contact.required`.

    `before` and `after` say what stood there; None where nothing did.
    """

    path: str
    kind: ChangeKind
    label: Label
    before: Label | None
    after: Label | None
    weight: Weight


def differences(*, before: Blueprint, after: Blueprint) -> tuple[Change, ...]:
    """List what changed from one process to another.

    Shape: in the order of the newer file, what was removed last within its list; empty when both
    say the same. A part that was added or removed is one change, whatever it holds.
    """
    return tuple(_compare(outline(blueprint=before), outline(blueprint=after), ()))


def _compare(old: Part, new: Part, above: tuple[Part, ...]) -> Iterator[Change]:
    here = (*above, new)
    for was, now in zip(old.traits, new.traits, strict=True):
        if was.said != now.said:
            yield _trait_change(here, was, now)
    for list_key in dict.fromkeys(part.list_key for part in (*new.parts, *old.parts)):
        yield from _compare_lists(
            [part for part in old.parts if part.list_key == list_key],
            [part for part in new.parts if part.list_key == list_key],
            here,
        )


def _compare_lists(
    old: Sequence[Part], new: Sequence[Part], above: tuple[Part, ...]
) -> Iterator[Change]:
    olds, news = {part.key: part for part in old}, {part.key: part for part in new}
    for part in new:
        if part.key in olds:
            yield from _compare(olds[part.key], part, above)
        else:
            yield _whole(ChangeKind.ADDED, part, above)
    for part in old:
        if part.key not in news:
            yield _whole(ChangeKind.REMOVED, part, above)
    stood = [part for part in old if part.key in news]
    stands = [part for part in new if part.key in olds]
    if [part.key for part in stood] != [part.key for part in stands]:
        yield _order(stood, stands, above)


def _trait_change(here: tuple[Part, ...], was: Trait, now: Trait) -> Change:
    return Change(
        path=_path(here, now.key),
        kind=ChangeKind.CHANGED,
        label=_told(_subject(here), now.name, ChangeKind.CHANGED),
        before=was.value,
        after=now.value,
        weight=now.weight,
    )


def _whole(kind: ChangeKind, part: Part, above: tuple[Part, ...]) -> Change:
    what = Label(f"{part.noun.ja}「{part.name.ja}」", f'{part.noun.en} "{part.name.en}"')
    return Change(
        path=_path((*above, part)),
        kind=kind,
        label=_told(_place(above), what, kind),
        before=part.summary if kind is ChangeKind.REMOVED else None,
        after=part.summary if kind is ChangeKind.ADDED else None,
        weight=part.weight,
    )


def _order(stood: Sequence[Part], stands: Sequence[Part], above: tuple[Part, ...]) -> Change:
    first = stands[0]
    noun = Label("項目", "item") if first.list_key in _ITEMS else first.noun
    what = Label(f"{noun.ja}の順序", f"order of {noun.en}s")
    return Change(
        path=_path(above, first.list_key),
        kind=ChangeKind.CHANGED,
        label=_told(_place(above), what, ChangeKind.CHANGED),
        before=joined([part.name for part in stood]),
        after=joined([part.name for part in stands]),
        weight=first.order_weight,
    )


def _told(where: Label, what: Label, kind: ChangeKind) -> Label:
    """Say as one phrase what happened, and to what."""
    en = f"{where.en}: {what.en}" if where.en else what.en
    return Label(
        f"{_of(where.ja)}{what.ja}を{kind.label.ja}",
        f"{en[0].upper()}{en[1:]} {kind.label.en.lower()}",
    )


def _place(above: tuple[Part, ...]) -> Label:
    """Say where in the process something stands; nothing for what stands at the top."""
    return _subject(above) if len(above) > 1 else Label("", "")


def _subject(here: tuple[Part, ...]) -> Label:
    """Say which part is meant, the whole process left out unless it is all there is."""
    phrases = [_phrase(part) for part in here[1:] or here]
    ja = phrases[0].ja
    for phrase in phrases[1:]:
        ja = f"{_of(ja)}{phrase.ja}"
    return Label(ja, ", ".join(phrase.en for phrase in phrases))


def _phrase(part: Part) -> Label:
    if part.names_itself:
        return part.name
    return Label(f"{part.noun.ja}「{part.name.ja}」", f'{part.noun.en} "{part.name.en}"')


def _of(text: str) -> str:
    """Add の, with a space after Latin letters; nothing to nothing."""
    if not text:
        return ""
    return f"{text} の" if text[-1].isascii() else f"{text}の"


def _path(here: Iterable[Part], *more: str) -> str:
    steps = [step for part in here if part.list_key for step in (part.list_key, part.key)]
    return ".".join([*steps, *more])
