"""The part of a written training script that opens images: folders, split, colours, transforms."""

from __future__ import annotations

from alexnet_studio.images import prepare
from alexnet_studio.networks.spec import Spec
from alexnet_studio.training.recipe import Recipe

_OPEN = '''
def open_images(folder: Path) -> tuple[Subset, Subset]:
    """To train and to validate with: FOLDER/train and FOLDER/val, or else a part of each class."""
    root = folder / "train" if (folder / "train").is_dir() else folder
    train, val = datasets.ImageFolder(root), datasets.ImageFolder(root)
    if root != folder and (folder / "val").is_dir():
        val = datasets.ImageFolder(folder / "val")
        if val.classes != train.classes:
            raise SystemExit("train and val must have folders for the same classes.")
        return Subset(train, range(len(train))), Subset(val, range(len(val)))
    of_class = {}
    for i, label in enumerate(train.targets):
        of_class.setdefault(label, []).append(i)
    share = 0.1 if len(train) >= 1000 else 0.2
    held_out = set()
    for own in of_class.values():
        count = min(max(1, round(len(own) * share)), len(own) - 1)
        held_out.update(own[i] for i in torch.randperm(len(own))[:count].tolist())
    if not held_out:
        raise SystemExit("No class has a second image to validate with.")
    rest = [i for i in range(len(train)) if i not in held_out]
    return Subset(train, rest), Subset(val, sorted(held_out))
'''

_COLOURS = '''
def colours(images: Subset) -> tuple[list[float], list[float], Tensor]:
    """Mean, deviation and principal colours of the pixels of at most 5,000 images."""
STEPS
    chosen = torch.randperm(len(images))[:5000].tolist()
    mean, products = 0.0, 0.0
    for i in chosen:
        pixels = images[i][0].flatten(1).double()  # channels x pixels
        mean += pixels.mean(dim=1) / len(chosen)
        products += pixels @ pixels.T / pixels.shape[1] / len(chosen)
    covariance = products - mean.outer(mean)
    std = covariance.diagonal().clamp(min=1 / 255**2).sqrt()
    sizes, directions = torch.linalg.eigh(covariance)
    return mean.tolist(), std.tolist(), (directions * sizes.clamp(min=0).sqrt()).float()
'''

_NOISE = '''
class ColourNoise:
    """Section 4.1 of the paper: one draw an image, along the folder's principal colours."""

    def __init__(self, principal: Tensor, deviation: float) -> None:
        self.principal, self.deviation = principal, deviation

    def __call__(self, image: Tensor) -> Tensor:
        alpha = self.deviation * torch.randn(len(self.principal))
        return image + (self.principal @ alpha)[:, None, None]
'''

_PAD = '''
class Pad:
    """All of the image: the longer side first, then centred on the grey that is about zero normalised."""

    def __init__(self, side: int) -> None:
        self.side = side

    def __call__(self, image: Image.Image) -> Image.Image:
        field = FIELD if image.mode == "RGB" else GREY
        size = (self.side, self.side)
        return ImageOps.pad(image, size, Image.Resampling.BILINEAR, color=field)
'''

_PREPARE = '''
def prepare(train: Subset, val: Subset) -> None:
    """How an image gets to the network: crops and reflections are for training only."""
'''


def data_code(spec: Spec, recipe: Recipe) -> list[str]:
    """Functions and classes, of which `open_images` and `prepare` are called."""
    parts = [_OPEN]
    if recipe.fit == "pad":
        parts.append(_PAD.replace("FIELD", str(prepare.FIELD[3])).replace("GREY", str(prepare.FIELD[1][0])))
    if _measures(recipe):
        steps = [*_grey(spec), *_fitted(recipe, 64), "transforms.ToTensor()"]
        parts.append(_COLOURS.replace("STEPS", _composed(steps, "    images.dataset.transform")))
    if recipe.colour_pca:
        parts.append(_NOISE)
    parts.append(_PREPARE + "\n".join(_preparing(spec, recipe)))
    return parts


def _preparing(spec: Spec, recipe: Recipe) -> list[str]:
    size = spec.image_size
    # As `plan.unmeasured`: the paper cuts 224 from 256.
    side = recipe.resize_to or 2 * round(size * 8 / 7 / 2)
    square = [*_grey(spec), *_fitted(recipe, side)]
    crop = f"transforms.{'RandomCrop' if recipe.crop else 'CenterCrop'}({size})"
    if recipe.resized_crop:
        crop = f"transforms.RandomResizedCrop({size})"
    mirror = [*(["transforms.RandomHorizontalFlip()"] if recipe.mirror else []), *_turned(recipe)]
    noise = [f"ColourNoise(principal, {recipe.colour_pca!r})"] if recipe.colour_pca else []
    normal = _normalisation(spec, recipe)
    training = [*square, crop, *mirror, "transforms.ToTensor()", *noise, *normal]
    testing = [*square, f"transforms.CenterCrop({size})", "transforms.ToTensor()", *normal]
    return [
        *_measured(recipe),
        _composed(training, "    train.dataset.transform"),
        _composed(testing, "    val.dataset.transform"),
    ]


def _fitted(recipe: Recipe, side: int) -> list[str]:
    """As `images.prepare.fit`."""
    match recipe.fit:
        case "crop":
            return [f"transforms.Resize({side})", f"transforms.CenterCrop({side})"]
        case "squash":
            return [f"transforms.Resize(({side}, {side}))"]
        case "pad":
            return [f"Pad({side})"]


def _turned(recipe: Recipe) -> list[str]:
    """What the paper did not do: off unless the recipe asks for it."""
    steps: list[str] = []
    if recipe.turn:
        quarters = ", ".join(f"transforms.RandomRotation(({turn}, {turn}))" for turn in (0, 90, 180, 270))
        steps.append(f"transforms.RandomChoice([{quarters}])")
    if recipe.flip:
        steps.append("transforms.RandomVerticalFlip()")
    if recipe.brightness or recipe.contrast:
        steps.append(f"transforms.ColorJitter({recipe.brightness!r}, {recipe.contrast!r})")
    return steps


def _measured(recipe: Recipe) -> list[str]:
    if not _measures(recipe):
        return []
    mean_std = "mean, std" if recipe.statistics == "folder" else "_, _"
    return [f"    {mean_std}, {'principal' if recipe.colour_pca else '_'} = colours(train)"]


def _measures(recipe: Recipe) -> bool:
    return recipe.statistics == "folder" or recipe.colour_pca > 0


def _composed(steps: list[str], target: str) -> str:
    indent = target[: len(target) - len(target.lstrip())]
    lines = [
        f"{target} = transforms.Compose(",
        f"{indent}    [",
        *(f"{indent}        {one}," for one in steps),
    ]
    return "\n".join([*lines, f"{indent}    ]", f"{indent})"])


def _grey(spec: Spec) -> list[str]:
    return ["transforms.Grayscale()"] if spec.channels == 1 else []


def _normalisation(spec: Spec, recipe: Recipe) -> list[str]:
    if recipe.statistics == "folder":
        return ["transforms.Normalize(mean, std)"]
    if recipe.statistics == "none":
        return []
    if spec.channels == 1:  # the mean of the three
        return ["transforms.Normalize([0.449], [0.226])"]
    return ["transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])"]
