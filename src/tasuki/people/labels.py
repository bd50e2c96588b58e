"""Words for roles, scopes and rights: what screens and the table of rights print."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tasuki.core.access import ROLE_SCOPES, Capability, Role, Scope
from tasuki.core.departments import Department
from tasuki.people.models import RoleGrant

Text = str | Promise

ROLE_NAMES: dict[Role, Text] = {
    Role.ADMIN: gettext_lazy("Administrator"),
    Role.PROCESS_OWNER: gettext_lazy("Process owner"),
    Role.EXECUTIVE: gettext_lazy("Executive"),
    Role.MANAGER: gettext_lazy("Manager"),
    Role.MEMBER: gettext_lazy("Member"),
    Role.VIEWER: gettext_lazy("Viewer"),
}

ROLE_PURPOSES: dict[Role, Text] = {
    Role.ADMIN: gettext_lazy("Manages people and settings and may do everything."),
    Role.PROCESS_OWNER: gettext_lazy(
        "Shapes the process from marketing to customer success; personal data is masked."
    ),
    Role.EXECUTIVE: gettext_lazy("Reads figures and journeys; personal data is masked."),
    Role.MANAGER: gettext_lazy("Leads a department or team and works on its journeys."),
    Role.MEMBER: gettext_lazy("Works on their own journeys and those of their team."),
    Role.VIEWER: gettext_lazy("Looks on; changes nothing and sees no personal data."),
}

SCOPE_NAMES: dict[Scope, Text] = {
    Scope.NONE: gettext_lazy("Not allowed"),
    Scope.OWN: gettext_lazy("Own"),
    Scope.TEAM: gettext_lazy("Team"),
    Scope.DEPARTMENT: gettext_lazy("Department"),
    Scope.ALL: gettext_lazy("All"),
}

CAPABILITY_NAMES: dict[Capability, Text] = {
    Capability.SEE_JOURNEYS: gettext_lazy("See journeys"),
    Capability.SEE_PERSONAL_DATA: gettext_lazy("See personal data"),
    Capability.SEE_FIGURES: gettext_lazy("See figures"),
    Capability.EXPORT: gettext_lazy("Export lists"),
    Capability.WORK_JOURNEYS: gettext_lazy("Work on journeys"),
    Capability.REASSIGN: gettext_lazy("Change the owner"),
    Capability.BULK_EDIT: gettext_lazy("Change many at once"),
    Capability.IMPORT: gettext_lazy("Import data"),
    Capability.MERGE: gettext_lazy("Merge duplicates"),
    Capability.EDIT_BLUEPRINT: gettext_lazy("Edit the blueprint"),
    Capability.EDIT_SETTINGS: gettext_lazy("Change company settings"),
    Capability.MANAGE_WORKING_TIME: gettext_lazy("Manage working time"),
    Capability.MANAGE_PEOPLE: gettext_lazy("Manage people and roles"),
    Capability.SEE_AUDIT: gettext_lazy("See the audit log"),
}


@dataclass(frozen=True, slots=True)
class RightsRow:
    """One line of the table of rights: a capability and how far each role carries it."""

    capability: Capability
    name: Text
    scopes: tuple[Scope, ...]


def rights_table() -> list[RightsRow]:
    """Return the table of rights, roles in the order of `Role`."""
    return [
        RightsRow(
            capability=item,
            name=CAPABILITY_NAMES[item],
            scopes=tuple(ROLE_SCOPES[role][item] for role in Role),
        )
        for item in Capability
    ]


def department_name(code: str) -> str:
    """Name a department in the active language; empty for none."""
    return Department(code).label.text(get_language() or "ja") if code else ""


def role_choices() -> list[tuple[str, str]]:
    """Return the roles as form choices."""
    return [(role.value, str(ROLE_NAMES[role])) for role in Role]


def scope_choices() -> list[tuple[str, str]]:
    """Return how far a grant can see, widest first, as form choices."""
    scopes = (Scope.ALL, Scope.DEPARTMENT, Scope.TEAM, Scope.OWN)
    return [(scope.value, str(SCOPE_NAMES[scope])) for scope in scopes]


def grant_text(grant: RoleGrant) -> str:
    """Describe a grant in a few words: `Manager · Inside sales`."""
    place = grant.team.name if grant.team else department_name(grant.department)
    name = str(ROLE_NAMES[Role(grant.role)])
    return _("%(role)s · %(place)s") % {"role": name, "place": place} if place else name
