"""`tell`: orders to whoever trains a run, here or on a machine that shares its folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from alexnet_studio.cli import output
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs import inbox
from alexnet_studio.runs.inbox import Answer, Order


def tell(
    run: Path,
    /,
    *,
    lr: Annotated[float | None, Parameter(help="learn with this rate from now on")] = None,
    divide: Annotated[float | None, Parameter(help="divide the learning rate by this, such as 10")] = None,
    freeze: Annotated[str | None, Parameter(help="this layer and all before it learn no more")] = None,
    thaw: Annotated[bool, Parameter(negative="", help="every layer learns again")] = False,
    pin: Annotated[
        list[Path] | None, Parameter(help="look at this image after each epoch; can be given again")
    ] = None,
    unpin: Annotated[list[Path] | None, Parameter(help="look at this image no more")] = None,
    save: Annotated[bool, Parameter(negative="", help="write a checkpoint now")] = False,
    stop: Annotated[bool, Parameter(negative="", help="save and end the training")] = False,
    wait: Annotated[float, Parameter(help="seconds to wait for the answer")] = 60.0,
    json: output.JsonFlag = False,
) -> int:
    """Change a training while it runs: between two of its steps, written into its diary and done again on resume."""
    orders = _orders(lr, divide, freeze, pin or (), unpin or (), thaw=thaw, save=save, stop=stop)
    if not orders:
        raise BadInput(
            "nothing_to_tell",
            "Say what the training should do: --lr, --divide, --freeze, --thaw, --pin, --unpin, --save or --stop.",
        )
    path = runs.open(run).path
    answers = [_answered(path, order, wait) for order in orders]
    if json:
        output.document(
            [
                {"order": order.kind, "done": answer.done, "sentence": answer.sentence}
                for order, answer in zip(orders, answers, strict=True)
            ]
        )
    else:
        for answer in answers:
            output.line(answer.sentence)
    return 0 if all(answer.done for answer in answers) else 1


def _orders(
    lr: float | None,
    divide: float | None,
    freeze: str | None,
    pin: Sequence[Path],
    unpin: Sequence[Path],
    *,
    thaw: bool,
    save: bool,
    stop: bool,
) -> list[Order]:
    asked = [
        None if lr is None else Order("rate", value=lr),
        None if divide is None else Order("divide", value=divide),
        None if freeze is None else Order("freeze", layer=freeze),
        Order("thaw") if thaw else None,
        # Unpinned first, which makes room. Whole paths: whoever trains stands elsewhere.
        *(Order("unpin", image=str(image.absolute())) for image in unpin),
        *(Order("pin", image=str(image.absolute())) for image in pin),
        Order("save") if save else None,
        Order("stop") if stop else None,
    ]
    return [order for order in asked if order is not None]


def _answered(run: Path, order: Order, wait: float) -> Answer:
    asking = inbox.ask(run, order, wait)
    while True:
        try:
            next(asking)
        except StopIteration as end:
            return end.value
