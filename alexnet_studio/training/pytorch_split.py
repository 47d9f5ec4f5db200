"""The part of a written training script that says who trains and who validates: the same images as with us."""

from __future__ import annotations

from alexnet_studio.training.pytorch_groups import keys_code
from alexnet_studio.training.recipe import Recipe

_OPEN = '''
def open_images(folder: Path) -> tuple[Subset, Subset]:
    """To train and to validate with: FOLDER/train and FOLDER/val, or else a part of each class."""
    root = folder / "train" if (folder / "train").is_dir() else folder
    train, val = datasets.ImageFolder(root), datasets.ImageFolder(root)
    if root != folder and (folder / "val").is_dir():
OWN
    held = held_out(train, together(train, folder))
    if not held:
        raise SystemExit("No class has a second image to validate with.")
    rest = [i for i in range(len(train)) if i not in held]
    return Subset(train, rest), Subset(val, sorted(held))
'''

_OWN = """
        val = datasets.ImageFolder(folder / "val")
        if val.classes != train.classes:
            raise SystemExit("train and val must have folders for the same classes.")
        return Subset(train, range(len(train))), Subset(val, range(len(val)))
"""

_TOGETHER = '''
def together(images: datasets.ImageFolder, folder: Path) -> list[list[int]]:
    """The images, those together that stay on one side of the split."""
    paths = [Path(path).relative_to(folder).as_posix() for path, _ in images.samples]
    keys = keys_of(paths, folder)
    groups = {}
    for i in sorted(range(len(paths)), key=lambda i: (images.targets[i], paths[i])):
        groups.setdefault(keys[i], []).append(i)
    return list(groups.values())
'''

# As `ground.seeds.generator` and `images.split`.
_DRAWN = '''
def in_drawn_order(images: datasets.ImageFolder, groups: list[list[int]]) -> list[list[int]]:
    """Class by class, from the same random numbers as in AlexNet Studio."""
    of_class = {}
    for group in groups:
        of_class.setdefault(images.targets[group[0]], []).append(group)
    ordered = []
    for label, own in of_class.items():
        drawn_for = repr(("split", SEED, images.classes[label])).encode("utf-8")
        key = hashlib.blake2b(drawn_for, digest_size=16).digest()
        chance = np.random.Generator(np.random.Philox(key=int.from_bytes(key, "little")))
        ordered += [own[i] for i in chance.permutation(len(own))]
    return ordered
'''

_SHARE = '''
def held_out(images: datasets.ImageFolder, groups: list[list[int]]) -> set[int]:
    """A share of each class to validate with, and never its last group."""
    share = FRACTION
    wanted = {label: max(1, round(n * share)) for label, n in Counter(images.targets).items()}
    left = Counter(label for group in groups for label in {images.targets[i] for i in group})
    given, held = Counter(), set()

    def take(group: list[int], fits: Callable[[int, int], bool]) -> None:
        counts = Counter(images.targets[i] for i in group)
        if all(left[label] > 1 and fits(label, n) for label, n in counts.items()):
            held.update(group)
            given.update(counts)
            left.subtract(set(counts))

    ordered = in_drawn_order(images, groups)
    for group in ordered:
        take(group, lambda label, n: given[label] + n <= wanted[label])
    # A class whose groups are all larger than its share gives its smallest.
    for group in sorted(ordered, key=len):
        take(group, lambda label, n: not given[label])
    return held
'''

_FOLD = '''
def held_out(images: datasets.ImageFolder, groups: list[list[int]]) -> set[int]:
    """Part FOLD of FOLDS to validate with; each has its share of each class."""
    if len(groups) < FOLDS:
        raise SystemExit(f"{len(groups)} images or groups are too few for FOLDS folds.")
    filled = [Counter() for _ in range(FOLDS)]
    held = set()
    # Large groups first: they fit worst.
    for group in sorted(in_drawn_order(images, groups), key=len, reverse=True):
        counts = Counter(images.targets[i] for i in group)
        main = max(counts, key=counts.get)
        part = min(range(FOLDS), key=lambda p: (filled[p][main], filled[p].total(), p))
        filled[part].update(counts)
        if part == PART:
            held.update(group)
    return held
'''


def split_code(recipe: Recipe) -> list[str]:
    """`open_images`, and what it calls."""
    opened = _OPEN.replace("OWN", (_refused(recipe) or _OWN).strip("\n"))
    return [opened, _TOGETHER, *keys_code(recipe), *_held_out(recipe)]


def _refused(recipe: Recipe) -> str:
    """Of what is asked for and would do nothing, as `images.split` refuses it."""
    asked = [
        *(["a share"] if recipe.val_fraction is not None else []),
        *(["groups"] if recipe.group_by or recipe.groups else []),
        *(["folds"] if recipe.folds else []),
    ]
    if not asked:
        return ""
    return f'        raise SystemExit("There is a val folder: {asked[0]} to split by would do nothing.")'


def _held_out(recipe: Recipe) -> list[str]:
    drawn = _DRAWN.replace("SEED", str(recipe.seed))
    if recipe.folds:
        numbers = {"FOLDS": recipe.folds, "FOLD": recipe.fold, "PART": recipe.fold - 1}
        part = _FOLD
        for word, number in numbers.items():
            part = part.replace(word, str(number))
        return [drawn, part]
    fraction = recipe.val_fraction
    share = "0.1 if len(images) >= 1000 else 0.2" if fraction is None else repr(fraction)
    return [drawn, _SHARE.replace("FRACTION", share)]
