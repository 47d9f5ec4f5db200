"""What the augmentation laboratory shows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from alexnet_studio.images import crops as counting
from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.laboratory import BatchSeen, ColoursMeasured, ImageFitted
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.state.laboratory import LaboratoryState
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.laboratory import AxisView, LaboratoryView

_NOTHING = 1e-9  # of variance, in units of 0..1 squared: what rounding leaves of none


def view_laboratory(state: State) -> LaboratoryView:
    seen = state.laboratory
    working = state.working(JobKind.LABORATORY) or state.working(JobKind.CROP)
    recipe = {} if state.setup is None else dict(state.setup.values)
    image = seen.image
    return LaboratoryView(
        problem=_problem(state),
        busy=QCoreApplication.translate("Laboratory", "looking…") if working else "",
        image=image,
        unreadable="" if seen.unreadable is None else wording.sentence(seen.unreadable.error),
        crops=_crops(image, recipe),
        place=seen.place,
        mirrored=seen.mirrored,
        across=_offset(image, seen.place[1], QCoreApplication.translate("Laboratory", "across {n} of {all}")),
        down=_offset(image, seen.place[0], QCoreApplication.translate("Laboratory", "down {n} of {all}")),
        number=_number(seen, recipe),
        size=_size(image),
        crop=None if image is None else image.crop(seen.place, mirrored=seen.mirrored),
        colours=seen.colours,
        axes=_axes(seen.colours),
        why=_why(seen),
        strip=_strip(seen, recipe),
        strips=seen.strips,
        batch=seen.batch,
        batch_title=_batch(seen.batch, exact=seen.colours is None or seen.colours.all),
        next_batch=seen.batch is not None and not working,
    )


def _problem(state: State) -> str:
    if state.dataset is None:
        return QCoreApplication.translate("Laboratory", "Open a folder of images first.")
    if state.dataset.folder is None:
        return QCoreApplication.translate(
            "Laboratory", "The images of this run are not here. Open their folder to look at them."
        )
    setup = state.setup
    if setup is not None and (setup.spec is None or setup.field_errors):
        return QCoreApplication.translate(
            "Laboratory", "The network or the recipe does not fit yet. Correct it first."
        )
    return ""


def _crops(image: ImageFitted | None, recipe: dict[str, object]) -> str:
    """How many there are, and what this recipe takes of them."""
    if image is None:
        return ""
    side, places = image.pixels.shape[0], image.last + 1
    if not image.last:
        text = QCoreApplication.translate(
            "Laboratory",
            "{path}: images are brought to {size} pixels, all of which the network gets: one place.",
        )
        said = text.format(path=image.path, size=image.size)
    else:
        text = QCoreApplication.translate(
            "Laboratory",
            "{path}: squares of {size} pixels from {side}. {places} × {places} places, each as it is and mirrored: "
            "{count} crops, which the 2012 code draws from. The paper counts {fewer} × {fewer} × 2 = {papers}.",
        )
        said = text.format(
            path=image.path,
            size=image.size,
            side=side,
            places=places,
            count=wording.count(counting.crops(side, image.size)),
            fewer=image.last,
            papers=wording.count(counting.papers_crops(side, image.size)),
        )
    taken = _taken(recipe)
    return f"{said} {taken}" if taken else said


def _taken(recipe: dict[str, object]) -> str:
    """Where the recipe draws otherwise than from all of them."""
    said: list[str] = []
    if recipe.get("resized_crop"):
        said.append(
            QCoreApplication.translate(
                "Laboratory", "This recipe cuts boxes of 8 to 100 % of the area instead and stretches them."
            )
        )
    elif recipe.get("crop") is False:
        said.append(QCoreApplication.translate("Laboratory", "This recipe always takes the centre."))
    if recipe.get("mirror") is False:
        said.append(QCoreApplication.translate("Laboratory", "This recipe mirrors nothing."))
    if recipe.get("flip") or recipe.get("turn"):
        said.append(
            QCoreApplication.translate(
                "Laboratory", "This recipe turns or flips them besides (see the batch)."
            )
        )
    return " ".join(said)


def _offset(image: ImageFitted | None, place: int, text: str) -> str:
    return "" if image is None else text.format(n=place + 1, all=image.last + 1)


def _number(seen: LaboratoryState, recipe: dict[str, object]) -> str:
    """Which of the crops is looked at, as the code and as the paper count."""
    image = seen.image
    if image is None:
        return ""
    mirrors = recipe.get("mirror") is not False
    if seen.mirrored and not mirrors:
        return QCoreApplication.translate("Laboratory", "mirrored: none of this recipe’s crops")
    mirrored = seen.mirrored if mirrors else None
    side = image.pixels.shape[0]
    mine = counting.number(seen.place, image.last + 1, mirrored=mirrored)
    text = QCoreApplication.translate("Laboratory", "crop {n} of {all}")
    said = text.format(
        n=wording.count(mine or 0), all=wording.count(counting.crops(side, image.size, mirrored=mirrors))
    )
    papers = counting.papers_crops(side, image.size, mirrored=mirrors)
    if not papers:
        return said
    theirs = counting.number(seen.place, image.last, mirrored=mirrored)
    if theirs is None:
        text = QCoreApplication.translate("Laboratory", "beyond the paper’s {all}")
    else:
        text = QCoreApplication.translate("Laboratory", "in the paper’s counting {n} of {all}")
    return f"{said}\n{text.format(n=wording.count(theirs or 0), all=wording.count(papers))}"


def _size(image: ImageFitted | None) -> str:
    if image is None:
        return ""
    text = QCoreApplication.translate("Laboratory", "what the network gets: {size} × {size} pixels")
    return text.format(size=image.size)


def _axes(colours: ColoursMeasured | None) -> tuple[AxisView, ...]:
    if colours is None:
        return ()
    measured = colours.statistics
    total = sum(measured.eigenvalues) or 1.0
    rows = zip(measured.eigenvalues, measured.eigenvectors, colours.swatches, strict=True)
    return tuple(
        AxisView(
            QCoreApplication.translate("Laboratory", "axis {n}").format(n=number),
            f"{wording.decimal(value, 5)} · {wording.percent(value / total)}",
            value / total,
            _direction(vector),
            swatches,
        )
        for number, (value, vector, swatches) in enumerate(rows, 1)
    )


def _direction(vector: tuple[float, ...]) -> str:
    """Such as "0.58 R + 0.58 G − 0.57 B"."""
    if len(vector) == 1:
        return QCoreApplication.translate("Laboratory", "grey")
    parts = [
        f"{'−' if part < 0 else '+'} {wording.decimal(abs(part), 2)} {name}"
        for part, name in zip(vector, "RGB", strict=True)
    ]
    first, *rest = parts
    return " ".join([first.removeprefix("+ ").replace("− ", "−"), *rest])


def _why(seen: LaboratoryState) -> str:
    if seen.error is not None:
        return wording.sentence(seen.error)
    if seen.colours is None:
        return ""
    text = QCoreApplication.translate(
        "Laboratory",
        "The colours of {images} training images: the eigenvalues and axes of their covariance, and the mean colour "
        "moved by −3 to 3 deviations along each. Photos vary most from dark to light: noise along these axes changes "
        "the light on a thing and not the thing.",
    )
    said = text.format(images=wording.count(seen.colours.images))
    if min(seen.colours.statistics.eigenvalues) < _NOTHING:
        said += " " + QCoreApplication.translate(
            "Laboratory",
            "An eigenvalue of 0: no image varies along that axis, and noise along it does nothing.",
        )
    return said


def _strip(seen: LaboratoryState, recipe: dict[str, object]) -> str:
    if seen.colours is None or seen.strips is None:
        return ""
    text = QCoreApplication.translate(
        "Laboratory",
        "This crop with alpha of −3 to 3 times {deviation} along each axis. The paper’s text multiplies by the "
        "eigenvalue, its code by the square root, as here.",
    )
    said = text.format(deviation=f"{seen.colours.deviation:g}")
    if not recipe.get("colour_pca"):
        said += " " + QCoreApplication.translate(
            "Laboratory", "This recipe adds no such noise: the paper’s 0.1 is shown."
        )
    return said


def _batch(batch: BatchSeen | None, *, exact: bool) -> str:
    if batch is None:
        return ""
    if not batch.paths:
        return QCoreApplication.translate("Laboratory", "None of the first images can be read.")
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
