"""A plan as the record that goes into `run.json`."""

from __future__ import annotations

import hashlib
import platform
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata

from alexnet_studio import __version__
from alexnet_studio.images.folder import ImageFolder, fingerprint
from alexnet_studio.networks import spec_file
from alexnet_studio.runs.record import DataSource, RecordedSplit, RunRecord
from alexnet_studio.training.plan import Plan

_LIBRARIES = ("torch", "numpy", "pillow")


def record_of(plan: Plan) -> RunRecord:
    images = plan.images
    return RunRecord(
        app_version=__version__,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        network=spec_file.to_json(plan.spec),
        input=plan.input.model_dump(mode="json"),
        recipe=plan.recipe.model_dump(mode="json"),
        classes=images.folder.classes,
        data=data_source(images.folder),
        split=RecordedSplit(
            train=images.paths(images.train),
            val=images.paths(images.val),
            left_out=tuple(skipped.path for skipped in images.store.unreadable),
        ),
        colour=plan.colour.model_dump(mode="json"),
        seed=plan.recipe.seed,
        device=plan.device.choice,
        precision=plan.device.precision,
        threads=plan.device.threads,
        processes=plan.processes,
        versions=versions(),
    )


def data_source(folder: ImageFolder) -> DataSource:
    """Without the test images: they teach nothing, so that new ones change nothing."""
    learned = replace(folder, images=tuple(image for image in folder.images if image.split != "test"))
    return DataSource(
        root=str(folder.root.absolute()),
        fingerprint=fingerprint(learned),
        layout=folder.layout,
        names_and_sizes=_names_and_sizes(learned),
    )


def versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in _LIBRARIES}}


def _names_and_sizes(folder: ImageFolder) -> str:
    """Of a copied folder, whose dates may be new."""
    digest = hashlib.sha256()
    for path, size in sorted((image.path, image.size) for image in folder.images):
        digest.update(f"{path}\0{size}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
