"""The inputs of hand-off contracts, and of what gates and contracts ask for."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasuki.blueprint.forms.items import InsteadSlot, ItemSlot, KindSlot
from tasuki.blueprint.forms.shared import (
    RETURN_FLAGS,
    Names,
    code_slot,
    department_slot,
    label_slots,
    options_of,
    reasons_slot,
)
from tasuki.blueprint.forms.slots import (
    DurationSlot,
    FlagSlot,
    LongSlot,
    ManySlot,
    OneSlot,
    RowsSlot,
    Slot,
)
from tasuki.core.blueprint.outline import CONTRACT_KINDS, FIELD_KINDS
from tasuki.core.conditions.fields import FieldKind


def contract_slots(names: Names) -> tuple[Slot, ...]:
    """Return the inputs of a contract."""
    due = (
        ("accept", _("Accepted within"), True),
        ("first_contact", _("First contact within"), False),
        ("meeting", _("Meeting within"), False),
    )
    return (
        code_slot("key"),
        OneSlot(
            name="kind",
            path=("kind",),
            label=_("Direction"),
            options=options_of(CONTRACT_KINDS.items()),
            usual="forward",
        ),
        *label_slots(gettext_lazy("Name shown")),
        department_slot("giver", gettext_lazy("Gives")),
        department_slot("taker", gettext_lazy("Receives")),
        OneSlot(
            name="enters",
            path=("enters",),
            label=_("Accepting leads to"),
            options=names.of("stages"),
            blank=_("Nowhere (voice of the customer)"),
        ),
        ManySlot(
            name="from_stages",
            path=("from_stages",),
            label=_("Given from"),
            options=names.of("stages"),
            required=True,
            wide=True,
        ),
        *(
            DurationSlot(
                name=name,
                path=("deadlines", name),
                label=label,
                help=_("Working time of the receiver; a business day has 8 hours."),
                required=required,
            )
            for name, label, required in due
        ),
        ManySlot(
            name="motions",
            path=("motions",),
            label=_("For these motions"),
            help=_("None chosen means all."),
            options=names.of("motions"),
            wide=True,
        ),
        reasons_slot(RETURN_FLAGS),
    )


def item_slots(names: Names) -> tuple[Slot, ...]:
    """Return the inputs of an item."""
    kinds = options_of(
        (kind, FIELD_KINDS[kind]) for kind in FieldKind if kind is not FieldKind.DATETIME
    )
    return (
        code_slot("key"),
        *label_slots(gettext_lazy("Question or name")),
        FlagSlot(name="required", path=("required",), label=_("Required"), usual=True, help=_SEVEN),
        ItemSlot(
            name="field",
            path=("field",),
            label=_("Kept as"),
            options=names.fields,
            help=_("A column of the product, or an answer of your own."),
            required=True,
        ),
        KindSlot(
            name="kind",
            path=("kind",),
            label=_("Kind of answer"),
            help=_("For answers of your own; a column has its kind."),
            options=kinds,
            blank=_("As the column"),
        ),
        InsteadSlot(
            name="alternatives",
            path=("alternatives",),
            label=_("Or instead"),
            help=_("Knowing one of these answers the item as well."),
            options=names.fields,
            wide=True,
        ),
        *(
            LongSlot(name=f"guidance_{code}", path=("guidance", code), label=text)
            for code, text in (("ja", _("Guidance (Japanese)")), ("en", _("Guidance (English)")))
        ),
        RowsSlot(
            name="choices",
            path=("choices",),
            label=_("Choices"),
            help=_("Only for an answer of your own of the kind choice."),
            wide=True,
        ),
    )


_SEVEN = gettext_lazy("At most seven items of a gate are required; more breed dummy answers.")
