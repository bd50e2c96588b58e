"""Judging the contracts: who gives what to whom, from where, by when, and why it may come back."""

from collections.abc import Iterator

from tasuki.core.blueprint.contracts import Contract, ContractKind
from tasuki.core.blueprint.findings import duplicates, reasons, unknown_stage, unknown_stages
from tasuki.core.blueprint.gates import check_items
from tasuki.core.blueprint.problems import BlueprintRule, Problem
from tasuki.core.blueprint.types import Blueprint, Stage
from tasuki.core.labels import Label
from tasuki.core.spelling import did_you_mean


def check_contracts(*, blueprint: Blueprint) -> Iterator[Problem]:
    """Find what is wrong with the contracts, in their order.

    A contract without required information, without a deadline for accepting or without reasons
    for returning is none.
    """
    keys = [contract.key for contract in blueprint.contracts]
    yield from duplicates([f"contracts[{i}].key" for i in range(len(keys))], keys)
    for index, contract in enumerate(blueprint.contracts):
        path = f"contracts[{index}]"
        yield from _boundary(path, contract, blueprint)
        yield from check_items(path=f"{path}.items", items=contract.items, blueprint=blueprint)
        yield from _agreed(path, contract)
        yield from _motions(path, contract, blueprint)
        yield from _alone(path, index, blueprint)


def _boundary(path: str, contract: Contract, blueprint: Blueprint) -> Iterator[Problem]:
    if contract.giver is contract.taker:
        message = Label(
            "渡す部門と受け取る部門が同じです。", "The giver and the taker are the same department."
        )
        yield Problem(f"{path}.taker", BlueprintRule.WRONG_CHOICE, message)
    if not contract.from_stages:
        message = Label("どのステージから渡すかが必要です。", "Say from which stages it is given.")
        yield Problem(f"{path}.from_stages", BlueprintRule.MISSING, message)
    yield from unknown_stages(f"{path}.from_stages", contract.from_stages, blueprint)
    stages = {stage.code: stage for stage in blueprint.stages}
    for index, code in enumerate(contract.from_stages):
        if code in stages and stages[code].department is not contract.giver:
            message = Label(
                f"「{code}」は渡す部門のステージではありません。",
                f'"{code}" is no stage of the giving department.',
            )
            yield Problem(f"{path}.from_stages[{index}]", BlueprintRule.WRONG_CHOICE, message)
    yield from _entered(f"{path}.enters", contract, stages, blueprint)


def _entered(
    path: str, contract: Contract, stages: dict[str, Stage], blueprint: Blueprint
) -> Iterator[Problem]:
    if contract.kind is ContractKind.VOICE:
        if contract.enters is not None:
            message = Label(
                "顧客の声ではステージは変わりません。enters は書かないでください。",
                "The voice of the customer moves no stage. Leave enters out.",
            )
            yield Problem(path, BlueprintRule.WRONG_CHOICE, message)
        return
    if contract.enters is None:
        message = Label(
            "受諾するとどのステージに入るかが必要です。", "Say which stage accepting leads to."
        )
        yield Problem(path, BlueprintRule.MISSING, message)
    elif contract.enters not in stages:
        yield unknown_stage(path, contract.enters, stages)
    else:
        yield from _direction(path, contract, stages, blueprint)


def _direction(
    path: str, contract: Contract, stages: dict[str, Stage], blueprint: Blueprint
) -> Iterator[Problem]:
    target = stages[contract.enters or ""]
    if target.department is not contract.taker:
        message = Label(
            f"「{target.code}」は受け取る部門のステージではありません。",
            f'"{target.code}" is no stage of the receiving department.',
        )
        yield Problem(path, BlueprintRule.WRONG_CHOICE, message)
    givers = [stages[code] for code in contract.from_stages if code in stages]
    is_forward = contract.kind is ContractKind.FORWARD
    for giver in givers:
        ahead = target.line is giver.line and target.position > giver.position
        if ahead is not is_forward:
            message = Label(
                f"「{giver.code}」から「{target.code}」は{'前' if is_forward else '後ろ'}向きでは"
                "ありません。",
                f'From "{giver.code}" to "{target.code}" is not '
                f"{'forward' if is_forward else 'back'}.",
            )
            yield Problem(path, BlueprintRule.WRONG_ORDER, message)
        elif not is_forward and blueprint.return_rule(giver.code, target.code) is None:
            message = Label(
                f"「{giver.code}」から「{target.code}」への差し戻しが returns にありません。",
                f'There is no rule in returns for moving back from "{giver.code}" to '
                f'"{target.code}".',
            )
            yield Problem(path, BlueprintRule.MISSING, message)


def _agreed(path: str, contract: Contract) -> Iterator[Problem]:
    if not contract.required_items:
        message = Label(
            "必須の項目が一つも書かれていません。", "No required information is agreed."
        )
        yield Problem(f"{path}.items", BlueprintRule.MISSING, message)
    if contract.deadlines.accept is None:
        message = Label(
            "受諾までの期限（deadlines.accept）が必要です。",
            "The deadline for accepting is needed (deadlines.accept).",
        )
        yield Problem(f"{path}.deadlines", BlueprintRule.MISSING, message)
    yield from reasons(path, [reason.code for reason in contract.reasons])


def _motions(path: str, contract: Contract, blueprint: Blueprint) -> Iterator[Problem]:
    known = [motion.code for motion in blueprint.motions]
    for index, code in enumerate(contract.motions):
        if code not in known:
            hint = did_you_mean(word=code, known=known)
            message = Label(
                f"「{code}」という営業体制はありません。{hint.ja}",
                f'There is no motion "{code}".{hint.en}',
            )
            yield Problem(f"{path}.motions[{index}]", BlueprintRule.UNKNOWN_MOTION, message)


def _alone(path: str, index: int, blueprint: Blueprint) -> Iterator[Problem]:
    """Two contracts for the same boundary and motion would leave open which one holds."""
    contract = blueprint.contracts[index]
    for earlier in blueprint.contracts[:index]:
        same = (earlier.kind, earlier.giver, earlier.taker, earlier.enters) == (
            contract.kind,
            contract.giver,
            contract.taker,
            contract.enters,
        )
        shared = not earlier.motions or not contract.motions
        if same and (shared or set(earlier.motions) & set(contract.motions)):
            message = Label(
                f"「{earlier.key}」と同じ受け渡しです。",
                f'"{earlier.key}" is for the same hand-off.',
            )
            yield Problem(path, BlueprintRule.DUPLICATE, message)
