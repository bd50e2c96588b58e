"""Going from one department to the next: the sash is handed on, not dropped."""

from collections.abc import Collection

from tasuki.core.blueprint.contracts import Contract
from tasuki.core.blueprint.items import GateItem
from tasuki.core.blueprint.types import Stage
from tasuki.core.handoffs.content import judge_content, lacking
from tasuki.core.handoffs.decide import is_checklist
from tasuki.core.labels import Label
from tasuki.core.lifecycle.case import Case
from tasuki.core.lifecycle.refusal import HandoffNeeded


def lacking_for_crossing(
    *, case: Case, here: Stage, target: Stage, handed: Collection[str]
) -> tuple[GateItem, ...]:
    """Find what the contracts between two stages still lack.

    Where one owner carries on, the contract is a checklist: its required items without real
    content are lacking. Otherwise its packet must have been accepted. What is told after the fact
    (gates not enforced) crosses freely.

    Raises: HandoffNeeded: a packet is still to be accepted.
    """
    if not case.enforces_gates:
        return ()
    missing: list[GateItem] = []
    for contract in case.blueprint.crossed(
        here=here.code, target=target.code, motion=_motion(case)
    ):
        if is_checklist(blueprint=case.blueprint, contract=contract, motion=_motion(case)):
            content = judge_content(items=contract.items, facts=case.facts)
            missing += [entry.item for entry in lacking(content)]
        elif contract.key not in handed:
            raise _handoff_needed(case, contract, target)
    return tuple(missing)


def _motion(case: Case) -> str:
    motion = case.facts.get("journey.motion")
    return motion if isinstance(motion, str) and motion else case.blueprint.default_motion


def _handoff_needed(case: Case, contract: Contract, target: Stage) -> HandoffNeeded:
    message = Label(
        f"「{target.label.ja}」に進むには、「{contract.label.ja}」の引き継ぎが受諾されている必要が"
        "あります。",
        f'To enter "{target.label.en}" the hand-off "{contract.label.en}" must be accepted first.',
    )
    return HandoffNeeded(contract=contract, message=message, stage=case.rests_in, to=target.code)
