"""What the augmentation laboratory shows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs import JobKind
from alexnet_studio.studio.laboratory_jobs import BatchSeen, ColoursMeasured, ImageFitted
from alexnet_studio.studio.state import State
from alexnet_studio.studio.views import AxisView, LaboratoryView


def view_laboratory(state: State) -> LaboratoryView:
    seen = state.laboratory
    ready = state.dataset is not None and state.dataset.folder is not None
    working = state.working(JobKind.LABORATORY)
    return LaboratoryView(
        problem="" if ready else QCoreApplication.translate("Laboratory", "Open a folder of images first."),
        busy=QCoreApplication.translate("Laboratory", "looking…") if working else "",
        ready=ready and not working,
        image=seen.image,
        crops=_crops(seen.image),
        colours=seen.colours,
        axes=_axes(seen.colours),
        why=_why(seen.colours),
        strip=_strip(seen.colours),
        batch=seen.batch,
        batch_title=_batch(seen.batch, exact=seen.colours is None or seen.colours.all),
    )


def _crops(image: ImageFitted | None) -> str:
    if image is None:
        return ""
    places = image.pixels.shape[0] - image.size + 1
    text = QCoreApplication.translate(
        "Laboratory",
        "{path}: squares of {size} pixels from {side}. {places} × {places} places, each as it is and mirrored: "
        "{count} crops.",
    )
    said = text.format(
        path=image.path,
        size=image.size,
        side=image.pixels.shape[0],
        places=places,
        count=wording.count(2 * places**2),
    )
    if places == 33:
        said += " " + QCoreApplication.translate(
            "Laboratory", "The paper counts 32 × 32 × 2 = 2,048; its code drew from 33 × 33 × 2 = 2,178."
        )
    return said


def _axes(colours: ColoursMeasured | None) -> tuple[AxisView, ...]:
    if colours is None:
        return ()
    values = colours.statistics.eigenvalues
    total = sum(values) or 1.0
    return tuple(
        AxisView(
            QCoreApplication.translate("Laboratory", "axis {n}").format(n=number),
            f"{value:.4f} · {wording.percent(value / total)}",
            value / total,
        )
        for number, value in enumerate(values, 1)
    )


def _why(colours: ColoursMeasured | None) -> str:
    if colours is None:
        return ""
    text = QCoreApplication.translate(
        "Laboratory",
        "The colours of {images} training images as the eigenvalues and axes of their covariance. Photos vary "
        "most from dark to light: noise along these axes changes the light on a thing and not the thing.",
    )
    return text.format(images=wording.count(colours.images))


def _strip(colours: ColoursMeasured | None) -> str:
    if colours is None:
        return ""
    text = QCoreApplication.translate(
        "Laboratory",
        "The central crop with alpha of −3 to 3 times {deviation} along an axis. The paper’s text multiplies by the "
        "eigenvalue, its code by the square root, as here.",
    )
    return text.format(deviation=f"{colours.deviation:g}")


def _batch(batch: BatchSeen | None, *, exact: bool) -> str:
    if batch is None or not batch.paths:
        return ""
    text = QCoreApplication.translate(
        "Laboratory", "Images {first} to {last} of the first epoch as the network will get them"
    )
    if not exact:
        # The training measures thousands.
        text = QCoreApplication.translate(
            "Laboratory",
            "Images {first} to {last} of the first epoch as the network will get them, to a grey level: the colours "
            "of its noise are those of 200 images here",
        )
    return text.format(
        first=wording.count(batch.first + 1), last=wording.count(batch.first + len(batch.paths))
    )
