"""The part of a written training script that draws crops, reflections and noise as the 2012 program did."""

from __future__ import annotations

from alexnet_studio.images.augment import CHUNK_2012
from alexnet_studio.training.recipe import Recipe

_ONE_DRAW = '''
class OneDraw:
    """What is drawn once for several images: whoever has the same seed gets the same."""

    seed = 0

    def __init__(self, *steps: nn.Module) -> None:
        self.steps = transforms.Compose(steps)

    def __call__(self, image: Image.Image) -> Image.Image:
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(self.seed)
            return self.steps(image)
'''

_CHUNKS = f'''
class Chunks(Sampler):
    """An order, and with each image a seed: one for {CHUNK_2012} images that follow each other."""

    def __init__(self, order: Sampler) -> None:
        self.order = order

    def __len__(self) -> int:
        return len(self.order)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        seed = 0
        for place, i in enumerate(self.order):
            if place % {CHUNK_2012} == 0:
                seed = torch.randint(2**62, ()).item()
            yield i, seed
'''

_SEEDED = '''
class Seeded(Dataset):
    """The images, each asked for with the seed of its chunk."""

    def __init__(self, images: Subset) -> None:
        self.images = images

    def __getitem__(self, asked: tuple[int, int]) -> tuple[Tensor, int]:
        i, seed = asked
        for step in self.images.dataset.transform.transforms:
            if isinstance(step, OneDraw):
                step.seed = seed
        return self.images[i]
'''

_DIVIDED = '''
class Divided:
    """As the 2012 program: noisy images are made a little smaller, so that others are as large."""

    def __init__(self, by: float) -> None:
        self.by = by

    def __call__(self, image: Tensor) -> Tensor:
        return image / self.by
'''


def chunks_code(recipe: Recipe) -> list[str]:
    """The classes that `transforms` and the loaders of `main` name, where the recipe is as in 2012."""
    return [
        *([_ONE_DRAW, _CHUNKS, _SEEDED] if draws_in_chunks(recipe) else []),
        *([_DIVIDED] if is_divided(recipe) else []),
    ]


def draws_in_chunks(recipe: Recipe) -> bool:
    return recipe.as_2012 and ((recipe.crop and not recipe.resized_crop) or recipe.mirror)


def is_divided(recipe: Recipe) -> bool:
    return recipe.as_2012 and recipe.colour_pca > 0


def loaded(images: str, recipe: Recipe, *, sampler: str = "", shuffle: bool = False) -> list[str]:
    """The first arguments of a loader of what the variable `images` holds: in an order of its own, shuffled, or as it
    is.
    """
    if draws_in_chunks(recipe):
        order = sampler or f"{'RandomSampler' if shuffle else 'SequentialSampler'}({images})"
        return [f"Seeded({images})", f"sampler=Chunks({order})"]
    if sampler:
        return [images, f"sampler={sampler}"]
    return [images, "shuffle=True"] if shuffle else [images]
