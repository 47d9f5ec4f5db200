"""The form's words for the recipe's fields. A field without an entry shows its own name and explanation."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio.panels.recipe_fields import RecipeField, text_of


def label_of(name: str) -> str:
    labels = {
        "epochs": QCoreApplication.translate("Recipe", "epochs"),
        "batch_size": QCoreApplication.translate("Recipe", "batch size"),
        "optimizer": QCoreApplication.translate("Recipe", "optimiser"),
        "lr": QCoreApplication.translate("Recipe", "learning rate"),
        "momentum": QCoreApplication.translate("Recipe", "momentum"),
        "weight_decay": QCoreApplication.translate("Recipe", "weight decay"),
        "schedule": QCoreApplication.translate("Recipe", "schedule"),
        "warmup_epochs": QCoreApplication.translate("Recipe", "warm-up epochs"),
        "dexp_fall": QCoreApplication.translate("Recipe", "fall of dexp"),
        "dexp_steps": QCoreApplication.translate("Recipe", "stairs of dexp"),
        "label_smoothing": QCoreApplication.translate("Recipe", "label smoothing"),
        "balance": QCoreApplication.translate("Recipe", "balance classes"),
        "early_stopping": QCoreApplication.translate("Recipe", "stop early after"),
        "clip": QCoreApplication.translate("Recipe", "gradient clipping"),
        "dropout": QCoreApplication.translate("Recipe", "dropout"),
        "initialisation": QCoreApplication.translate("Recipe", "initialisation"),
        "crop": QCoreApplication.translate("Recipe", "random crops"),
        "mirror": QCoreApplication.translate("Recipe", "mirrored images"),
        "colour_pca": QCoreApplication.translate("Recipe", "colour noise"),
        "resized_crop": QCoreApplication.translate("Recipe", "resized crops"),
        "flip": QCoreApplication.translate("Recipe", "upside down"),
        "turn": QCoreApplication.translate("Recipe", "quarter turns"),
        "brightness": QCoreApplication.translate("Recipe", "brightness"),
        "contrast": QCoreApplication.translate("Recipe", "contrast"),
        "as_2012": QCoreApplication.translate("Recipe", "as in 2012"),
        "augment_validation": QCoreApplication.translate("Recipe", "crop validation, too"),
        "resize_to": QCoreApplication.translate("Recipe", "side before crops"),
        "fit": QCoreApplication.translate("Recipe", "fit to the square"),
        "store": QCoreApplication.translate("Recipe", "decoded images"),
        "val_fraction": QCoreApplication.translate("Recipe", "share to validate with"),
        "group_by": QCoreApplication.translate("Recipe", "keep together"),
        "groups": QCoreApplication.translate("Recipe", "file of groups"),
        "folds": QCoreApplication.translate("Recipe", "folds"),
        "fold": QCoreApplication.translate("Recipe", "fold to validate with"),
        "statistics": QCoreApplication.translate("Recipe", "normalisation"),
        "seed": QCoreApplication.translate("Recipe", "seed"),
        "device": QCoreApplication.translate("Recipe", "device"),
        "precision": QCoreApplication.translate("Recipe", "precision"),
        "deterministic": QCoreApplication.translate("Recipe", "deterministic"),
        "workers": QCoreApplication.translate("Recipe", "workers"),
        "image_size": QCoreApplication.translate("Recipe", "image size"),
        "width": QCoreApplication.translate("Recipe", "width"),
    }
    return labels.get(name, name.replace("_", " "))


def explanation_of(name: str, otherwise: str) -> str:
    """The model's own explanation (`otherwise`), translated. A test holds both English texts together."""
    texts = {
        "epochs": QCoreApplication.translate("Recipe", "passes over the training images; the paper made 90"),
        "batch_size": QCoreApplication.translate("Recipe", "images per step; the paper used 128"),
        "optimizer": QCoreApplication.translate("Recipe", "sgd with momentum as in the paper, or adam"),
        "lr": QCoreApplication.translate("Recipe", "learning rate at the start; the paper began at 0.01"),
        "momentum": QCoreApplication.translate("Recipe", "of sgd; the paper used 0.9"),
        "weight_decay": QCoreApplication.translate(
            "Recipe", "on weights, not on biases; the paper used 0.0005"
        ),
        "schedule": QCoreApplication.translate(
            "Recipe",
            "step: a tenth at 1/3, 2/3 and 5/6 of the epochs; plateau: when validation stalls; "
            "cosine: down to zero; dexp: stairs; 2012: as the paper's run was cut by hand",
        ),
        "warmup_epochs": QCoreApplication.translate(
            "Recipe", "epochs in which the learning rate rises from zero"
        ),
        "dexp_fall": QCoreApplication.translate("Recipe", "of dexp: how much smaller the last rate is"),
        "dexp_steps": QCoreApplication.translate("Recipe", "of dexp: the number of stairs"),
        "label_smoothing": QCoreApplication.translate(
            "Recipe", "share of each label that is spread over all classes"
        ),
        "balance": QCoreApplication.translate(
            "Recipe",
            "for unequal classes: loss weighs rare ones more; sampling shows each class as often",
        ),
        "early_stopping": QCoreApplication.translate(
            "Recipe", "ends after so many epochs without a better validation; 0: never"
        ),
        "clip": QCoreApplication.translate("Recipe", "largest norm of the gradient; 0 does not clip"),
        "dropout": QCoreApplication.translate(
            "Recipe", "share of hidden neurons silenced; empty: as the network says"
        ),
        "initialisation": QCoreApplication.translate(
            "Recipe",
            "network: as the network says; paper: deviation 0.01, some biases 1; he: for small data sets",
        ),
        "crop": QCoreApplication.translate("Recipe", "random crops (section 4.1)"),
        "mirror": QCoreApplication.translate("Recipe", "random horizontal reflections (section 4.1)"),
        "colour_pca": QCoreApplication.translate(
            "Recipe", "deviation of the noise along the folder's principal colours; the paper used 0.1"
        ),
        "resized_crop": QCoreApplication.translate(
            "Recipe", "crops of 8 to 100 % of the area, stretched (torchvision's RandomResizedCrop)"
        ),
        "flip": QCoreApplication.translate("Recipe", "random reflections top to bottom"),
        "turn": QCoreApplication.translate("Recipe", "random turns by quarters, for photos without an up"),
        "brightness": QCoreApplication.translate("Recipe", "largest change of brightness, as a share of it"),
        "contrast": QCoreApplication.translate("Recipe", "largest change of contrast, as a share of it"),
        "as_2012": QCoreApplication.translate(
            "Recipe",
            "one crop and reflection for 32 images, noisy images divided by 1.1, as the 2012 code",
        ),
        "augment_validation": QCoreApplication.translate(
            "Recipe",
            "validation images are cropped at random, too: a slip of many scripts, kept to repeat them",
        ),
        "resize_to": QCoreApplication.translate(
            "Recipe", "side that images are brought to before crops; empty: 8/7 of the input"
        ),
        "fit": QCoreApplication.translate(
            "Recipe",
            "crop: the shorter side, then the centre, as in the paper; squash: both sides; "
            "pad: all of the image on mid grey",
        ),
        "store": QCoreApplication.translate(
            "Recipe",
            "where decoded images are kept: pixels; jpeg: a tenth of the room, near to them; "
            "none: decode each time",
        ),
        "val_fraction": QCoreApplication.translate(
            "Recipe",
            "share of each class to validate with; empty: a fifth of few, a tenth of many",
        ),
        "group_by": QCoreApplication.translate(
            "Recipe",
            "regular expression on a file's path: images that match alike stay on one side of the split",
        ),
        "groups": QCoreApplication.translate(
            "Recipe",
            "CSV file of path and group, in the folder: images of one group stay on one side of the split; "
            "empty: groups.csv, where there is one",
        ),
        "folds": QCoreApplication.translate(
            "Recipe", "cut the images into so many parts, one to validate with; 0: do not"
        ),
        "fold": QCoreApplication.translate("Recipe", "the part to validate with, of the folds"),
        "statistics": QCoreApplication.translate(
            "Recipe", "mean and deviation that the pixels are normalised with"
        ),
        "seed": QCoreApplication.translate("Recipe", "of the split, the weights, the order and the crops"),
        "device": QCoreApplication.translate(
            "Recipe", "auto takes CUDA, then MPS, then the CPU; cuda:0,cuda:1 puts a tower on each"
        ),
        "precision": QCoreApplication.translate("Recipe", "auto takes what the device computes fastest"),
        "deterministic": QCoreApplication.translate(
            "Recipe", "the same digits in every training, on CUDA too, where it is slower; CPUs do so anyway"
        ),
        "workers": QCoreApplication.translate(
            "Recipe", "threads that prepare batches; 0: the training thread does"
        ),
        "image_size": QCoreApplication.translate(
            "Recipe", "side of the network's input in pixels; empty: as the network says"
        ),
        "width": QCoreApplication.translate("Recipe", "factor on the number of kernels and hidden neurons"),
    }
    return texts.get(name, otherwise)


def tip_of(field: RecipeField) -> str:
    """Explanation, range and default."""
    parts = [explanation_of(field.name, field.explanation)]
    if field.limits:
        parts.append(QCoreApplication.translate("Recipe", "range: {limits}").format(limits=field.limits))
    if field.default is not None:
        default = text_of(field.default)
        parts.append(QCoreApplication.translate("Recipe", "default: {default}").format(default=default))
    return "; ".join(parts)


def empty_hint(name: str) -> str:
    """What an empty field means."""
    if name in {"resize_to", "val_fraction"}:
        return QCoreApplication.translate("Recipe", "automatic")
    return QCoreApplication.translate("Recipe", "as the network says")
