"""A group of runs as one row of the list, with what they say together."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.showing.run_words import size_of
from alexnet_studio.studio.views.runs import RunRow

if TYPE_CHECKING:
    from alexnet_studio.insight.groups import Group
    from alexnet_studio.runs.catalogue import RunSummary


@lru_cache(maxsize=256)  # the view is asked for thirty times a second while a network is trained
def group_row(group: Group, folder: Path) -> RunRow:
    runs = [part.run for part in group.pooled.parts]
    finished = sum(run.state == "finished" for run in runs)
    states = QCoreApplication.translate("Runs", "{done} of {all} finished")
    created, size = max(run.created for run in runs), sum(run.size_bytes for run in runs)
    inside = folder in group.folder.parents
    networks, images = _same([run.network for run in runs]), _same([Path(run.images).name for run in runs])
    return RunRow(
        str(group.folder),
        (
            f"{group.folder.relative_to(folder) if inside else group.folder.name}/",
            networks,
            images,
            states.format(done=wording.count(finished), all=wording.count(len(runs))),
            "",
            _short(group),
            "",
            "",
            size_of(size),
            created[:16].replace("T", " "),
        ),
        (
            f"{group.folder}/".casefold(),
            networks,
            images.casefold(),
            "",
            float(sum(run.epochs for run in runs)),
            _share(group),
            -1.0,
            float("inf"),
            float(size),
            f"{created}+",  # above its runs, where the newest stand first
        ),
        members=tuple(str(run.path) for run in sorted(runs, key=_number)),
        result=_sentence(group),
    )


def _number(run: RunSummary) -> int:
    return int(run.name.rsplit("-", 1)[-1])


def _same(texts: list[str]) -> str:
    """What all of them say; nothing where they differ."""
    return texts[0] if len(set(texts)) == 1 else ""


def _share(group: Group) -> float:
    found = group.pooled
    if group.kind == "seeds":
        return -1.0 if found.mean is None else found.mean
    return found.right / found.images if found.images else -1.0


def _short(group: Group) -> str:
    share, sd = _share(group), group.pooled.sd
    if share < 0:
        return "–"
    if group.kind == "folds" or sd is None:
        return wording.percent(share)
    return f"{wording.decimal(100 * share, 1)} ± {wording.percent(sd)}"


def _sentence(group: Group) -> str:
    """As `repeat` tells it."""
    found = group.pooled
    judged = sum(part.run.best_val_top1 is not None for part in found.parts)
    if group.kind == "seeds":
        text = QCoreApplication.translate(
            "Runs", "{group}: mean of {n} seeds {share} top-1 (± is the deviation)."
        )
        if found.mean is None:
            return ""
        return text.format(group=group.folder.name, n=wording.count(judged), share=_short(group))
    if not found.images:
        return ""
    text = QCoreApplication.translate(
        "Runs",
        "{group}: {right} of {images} validation images of {n} folds right, {share} top-1 "
        "(95 % interval {low}–{high}).",
    )
    return text.format(
        group=group.folder.name,
        right=wording.count(found.right),
        images=wording.count(found.images),
        n=wording.count(judged),
        share=wording.percent(found.right / found.images),
        low=wording.decimal(100 * found.low, 1),
        high=wording.percent(found.high),
    )
