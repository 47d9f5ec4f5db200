"""The part of a written training script that changes the learning rate: the recipe's schedule and its warm-up."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from alexnet_studio.networks.python_text import called
from alexnet_studio.networks.spec import Spec
from alexnet_studio.training.pytorch_optimiser import Rule, groups
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.schedule import (
    CUTS,
    CUTS_2012,
    FIRST_CUT_2012,
    FIRST_FROZEN_2012,
    PATIENCE,
)

_LAMBDA = "torch.optim.lr_scheduler.LambdaLR"
_WARMTH = "min(1.0, (step + 1) / warming)"

_PLATEAU = f'''
def scheduler(optimizer: torch.optim.Optimizer) -> torch.optim.lr_scheduler.ReduceLROnPlateau:
    """A tenth of the rate when the validation loss has not fallen for more than {PATIENCE} epochs."""
    return torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.1, patience={PATIENCE})
'''

# LambdaLR sets the rate anew at each step, which would undo the plateau's tenths.
_WARM_UP = '''
def warm_up(
    optimizer: torch.optim.Optimizer, warming: float
) -> torch.optim.lr_scheduler.MultiplicativeLR:
    """A line up over the first `warming` steps, in factors on whatever the rate is."""

    def warmth(step: int) -> float:
        return min(1.0, (step + 1) / warming)

    for group in optimizer.param_groups:
        group["lr"] *= warmth(0)
    return torch.optim.lr_scheduler.MultiplicativeLR(
        optimizer, lambda step: warmth(step) / warmth(step - 1)
    )
'''


def schedule_code(spec: Spec, recipe: Recipe) -> list[str]:
    """The function `scheduler`, and `warm_up` beside that of a plateau; nothing for a constant rate."""
    match recipe.schedule:
        case "constant":
            words = "A line up to the full rate over the first `warming` steps."
            return [_stepwise(recipe, words, "")] if recipe.warmup_epochs else []
        case "plateau":
            return [*([_WARM_UP] if recipe.warmup_epochs else []), _PLATEAU]
        case "cosine":
            words = "Down to zero along half a cosine, step by step."
            return [_stepwise(recipe, words, "0.5 * (1 + math.cos(math.pi * share))")]
        case "step":
            return [_stepwise(recipe, "A tenth of the rate at each cut.", _tenths(_fractions()))]
        case "dexp":
            return [_stepwise(recipe, "Equal stairs of a geometric fall.", _stairs(recipe))]
        case "2012":
            return [_of_2012(spec, recipe)]


def schedule_calls(recipe: Recipe) -> list[str]:
    """The lines of `main` that make what `is_stepwise` and a plateau need."""
    warming = [f"{recipe.warmup_epochs!r} * len(train_batches)"] if recipe.warmup_epochs else []
    steps = "options.epochs * len(train_batches)"
    match recipe.schedule:
        case "constant":
            return called("    schedule = scheduler(", ["optimizer", *warming], ")") if warming else []
        case "plateau":
            rising = called("    rising = warm_up(", ["optimizer", *warming], ")") if warming else []
            return [*rising, "    schedule = scheduler(optimizer)"]
        case "cosine" | "step" | "dexp" | "2012":
            return called("    schedule = scheduler(", ["optimizer", steps, *warming], ")")


def stepwise_name(recipe: Recipe) -> str:
    """The variable of `main` that is stepped after each update; empty where none is."""
    match recipe.schedule:
        case "constant":
            return "schedule" if recipe.warmup_epochs else ""
        case "plateau":
            return "rising" if recipe.warmup_epochs else ""
        case "cosine" | "step" | "dexp" | "2012":
            return "schedule"


def _stepwise(recipe: Recipe, words: str, fall: str) -> str:
    """`fall` is an expression of `share`; empty where warm-up is all there is."""
    return "\n".join(
        [
            *_opening(recipe, words, falls=bool(fall)),
            "    def factor(step: int) -> float:",
            *_factor(fall, _WARMTH if recipe.warmup_epochs else ""),
            "",
            f"    return {_LAMBDA}(optimizer, factor)",
        ]
    )


def _of_2012(spec: Spec, recipe: Recipe) -> str:
    warm = recipe.warmup_epochs > 0
    factors = [_function_2012(rule) for rule in groups(spec, recipe)]
    return "\n".join(
        [
            *_opening(recipe, "As the run of layer-params-145.cfg was cut by hand.", falls=True),
            "    def biases(step: int) -> float:",
            f"        return {_WARMTH if warm else '1.0'}  # they were never annealed",
            "",
            "    def weights(step: int) -> float:",
            *_factor(_tenths(_ninetieths(*CUTS_2012)), "biases(step)" if warm else ""),
            "",
            "    def first_biases(step: int) -> float:",
            f"        return 0.0 if step / steps >= {_ninetieths(FIRST_FROZEN_2012)[0]} else biases(step)",
            "",
            "    def first_weights(step: int) -> float:  # cut once more, and frozen at last",
            f"        cut = 0.1 if step / steps >= {_ninetieths(FIRST_CUT_2012)[0]} else 1.0",
            f"        return 0.0 if step / steps >= {_ninetieths(FIRST_FROZEN_2012)[0]} "
            "else cut * weights(step)",
            "",
            "    # In the order of the optimiser's groups.",
            *called("    factors = [", factors, "]"),
            f"    return {_LAMBDA}(optimizer, factors)",
        ]
    )


def _function_2012(rule: Rule) -> str:
    name = "biases" if rule.bias else "weights"
    return f"first_{name}" if rule.first else name


def _opening(recipe: Recipe, words: str, *, falls: bool) -> list[str]:
    """Of `scheduler`, down to the empty line before what is defined in it."""
    warm = recipe.warmup_epochs > 0
    parameters = ["optimizer: torch.optim.Optimizer"]
    parameters += ["steps: int"] if falls else []
    parameters += ["warming: float"] if warm else []
    rising = " First a line up, of `warming` steps." if warm and falls else ""
    return [*called("def scheduler(", parameters, f") -> {_LAMBDA}:"), f'    """{words}{rising}"""', ""]


def _factor(fall: str, warmth: str) -> list[str]:
    """The body of a function of `step`."""
    if not fall:
        return [f"        return {warmth}"]
    share = "        share = step / steps"
    if not warmth:
        return [share, f"        return {fall}"]
    return [share, f"        warmth = {warmth}", f"        return warmth * {fall}"]


def _tenths(cuts: Sequence[str]) -> str:
    return f"0.1 ** sum(share >= cut for cut in ({', '.join(cuts)}))"


def _stairs(recipe: Recipe) -> str:
    """As `schedule.fall`: the last stair is reached at the end, one alone is the whole rate."""
    last = recipe.dexp_steps - 1
    return f"{recipe.dexp_fall!r} ** (-min({last}, int(share * {recipe.dexp_steps})) / {max(1, last)})"


def _fractions() -> list[str]:
    cuts = [Fraction(cut).limit_denominator(1000) for cut in CUTS]
    return [f"{cut.numerator} / {cut.denominator}" for cut in cuts]


def _ninetieths(*shares: float) -> list[str]:
    """Of 90 epochs, as they are told."""
    return [f"{round(90 * share)} / 90" for share in shares]
