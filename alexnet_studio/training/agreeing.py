"""Several processes before their first step: one on each machine decodes, and all must have the same before them."""

from __future__ import annotations

import hashlib
import json
import socket
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TypeVar

import torch

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.networks import spec_file
from alexnet_studio.networks.layers import BatchNorm
from alexnet_studio.training.describing import data_source
from alexnet_studio.training.plan import Plan
from alexnet_studio.training.world import World

_R = TypeVar("_R")
_POLL_S = 0.2


def in_turn(
    world: World, what: str, work: Callable[[], Generator[Progress, None, _R]]
) -> Generator[Progress, None, _R]:
    """`work` in the first process of each machine, then in the others there, which find it done; all come out of it
    together.
    """
    while not world.is_ready(what):
        time.sleep(_POLL_S)
        yield Progress("waiting for the first process", 0, None)
    found = yield from work()
    if world.local_rank == 0:
        world.ready(what)
    while not world.arrived(f"after {what}"):
        time.sleep(_POLL_S)
        yield Progress("waiting for the other processes", 0, None)
    return found


def agreed(world: World, plan: Plan) -> Plan:
    """`plan` on this process's device, once it is known that all processes have the same one.

    Raises `BadInput` ("processes_disagree", "too_few_images", "too_few_devices", "device_of_processes").
    """
    if world.size == 1:
        return plan
    plan = replace(plan, device=world.device(plan.device), processes=world.size)
    if plan.recipe.batch_size < world.size:
        raise BadInput(
            "too_few_images",
            "A batch of {batch} images cannot be shared by {processes} processes. Start at most {batch}, or choose a "
            "larger batch (of {images} training images).",
            batch=plan.recipe.batch_size,
            processes=world.size,
            images=len(plan.images.train),
        )
    everybody = world.gathered((socket.gethostname(), _facts(plan)))
    _, first = everybody[0]
    for rank, (host, facts) in enumerate(everybody):
        for what, told in facts.items():
            if told != first[what]:
                raise BadInput(
                    "processes_disagree",
                    "Process {rank} on {host} has another {what} than process 0 on {leader}. Give all of them the same "
                    "command, folder and version.",
                    rank=rank,
                    host=host,
                    what=what,
                    leader=everybody[0][0],
                )
    machines = len({host for host, _ in everybody})
    where = "one machine" if machines == 1 else f"{machines} machines"
    remarks = [("processes", f"{world.size} processes on {where} learn together.")]
    if any(isinstance(layer, BatchNorm) for layer in plan.spec.layers):
        remarks.append(
            (
                "batch_norm_apart",
                "Batch normalisation learns from each process's share of a batch: the end is not that of one process.",
            )
        )
    return replace(plan, remarks=(*plan.remarks, *remarks))


def _facts(plan: Plan) -> dict[str, str]:
    """What must be the same, in words for a person; long things by their sums."""
    images = plan.images
    recipe = plan.recipe.model_dump(mode="json", exclude={"device", "workers", "store"})
    return {
        "version of torch": torch.__version__,
        "kind of device": plan.device.kind,
        "precision": plan.device.precision,
        **{f"value of {name} in its recipe": repr(value) for name, value in recipe.items()},
        "network": _sum(spec_file.to_json(plan.spec)),
        "list of classes": _sum(images.folder.classes),
        "set of images": data_source(images.folder).names_and_sizes,
        "split of the images": _sum([images.paths(images.train), images.paths(images.val)]),
        "set of colours": _sum([list(plan.input.mean), list(plan.input.std)]),
    }


def _sum(document: object) -> str:
    text = json.dumps(document, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
