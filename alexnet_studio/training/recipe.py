"""How to train, as one model: its ranges make the form, the command-line options and the messages."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from alexnet_studio.ground.device import CHOICE_PATTERN, CHOICES, DeviceChoice, PrecisionChoice
from alexnet_studio.ground.errors import BadInput


class Recipe(BaseModel):
    """Every field has a range, a default, and a `description` that the form shows and `--help` prints."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    epochs: Annotated[
        int, Field(ge=1, le=100_000, description="passes over the training images; the paper made 90")
    ] = 30
    batch_size: Annotated[int, Field(ge=1, le=65_536, description="images per step; the paper used 128")] = 64
    optimizer: Annotated[
        Literal["sgd", "adam"], Field(description="sgd with momentum as in the paper, or adam")
    ] = "sgd"
    lr: Annotated[
        float, Field(gt=0, le=10, description="learning rate at the start; the paper began at 0.01")
    ] = 0.02
    momentum: Annotated[float, Field(ge=0, lt=1, description="of sgd; the paper used 0.9")] = 0.9
    weight_decay: Annotated[
        float, Field(ge=0, le=1, description="on weights, not on biases; the paper used 0.0005")
    ] = 5e-4
    schedule: Annotated[
        Literal["constant", "step", "plateau", "cosine"],
        Field(
            description="step: a tenth at 1/3, 2/3 and 5/6 of the epochs; plateau: when validation stalls; "
            "cosine: down to zero"
        ),
    ] = "cosine"
    clip: Annotated[
        float, Field(ge=0, le=1000, description="largest norm of the gradient; 0 does not clip")
    ] = 5.0
    dropout: Annotated[
        float | None,
        Field(ge=0, lt=1, description="share of hidden neurons silenced; empty: as the network says"),
    ] = None
    initialisation: Annotated[
        Literal["network", "he", "paper"],
        Field(
            description="network: as the network says; paper: deviation 0.01, some biases 1; "
            "he: for small data sets"
        ),
    ] = "network"
    crop: Annotated[bool, Field(description="random crops (section 4.1)")] = True
    mirror: Annotated[bool, Field(description="random horizontal reflections (section 4.1)")] = True
    colour_pca: Annotated[
        float,
        Field(
            ge=0,
            le=2,
            description="deviation of the noise along the folder's principal colours; the paper used 0.1",
        ),
    ] = 0.1
    statistics: Annotated[
        Literal["folder", "imagenet", "none"],
        Field(description="mean and deviation that the pixels are normalised with"),
    ] = "folder"
    seed: Annotated[
        int, Field(ge=0, le=2**31 - 1, description="of the split, the weights, the order and the crops")
    ] = 1
    device: Annotated[
        DeviceChoice,
        Field(
            pattern=CHOICE_PATTERN,
            description="auto takes CUDA, then MPS, then the CPU; cuda:0,cuda:1 puts a tower on each",
        ),
    ] = "auto"
    precision: Annotated[
        PrecisionChoice, Field(description="auto takes what the device computes fastest")
    ] = "auto"
    workers: Annotated[
        int, Field(ge=0, le=64, description="threads that prepare batches; 0: the training thread does")
    ] = 1
    image_size: Annotated[
        int | None,
        Field(ge=1, le=1024, description="side of the network's input in pixels; empty: as the network says"),
    ] = None
    width: Annotated[
        float, Field(gt=0, le=8, description="factor on the number of kernels and hidden neurons")
    ] = 1.0


def validated(**values: object) -> Recipe:
    """Raises `BadInput` ("recipe_field") for the first field that is wrong."""
    try:
        return Recipe.model_validate(values)
    except ValidationError as error:
        raise bad_field(error) from None


def field_errors(values: dict[str, object]) -> dict[str, str]:
    """The sentence at each field of the form that is wrong; nothing when the recipe can be used."""
    try:
        Recipe.model_validate(values)
    except ValidationError as error:
        found = [_Problem(one) for one in error.errors(include_url=False)]
        return {problem.field: problem.sentence for problem in reversed(found)}
    return {}


def bad_field(error: ValidationError) -> BadInput:
    """What is wrong with the first wrong field, in a sentence."""
    problem = _Problem(error.errors(include_url=False)[0])
    return BadInput(
        "recipe_field",
        "{label} {reason}.",
        field=problem.field,
        label=problem.label,
        reason=problem.reason,
    )


class _Problem:
    """One of pydantic's errors in the words of a person."""

    def __init__(self, error: Any) -> None:
        self.field = str(error["loc"][0]) if error["loc"] else ""
        self.label = _LABELS.get(self.field, self.field.replace("_", " ").capitalize())
        self.reason = self._reason(error["type"], error.get("ctx", {}), error.get("input"))

    @property
    def sentence(self) -> str:
        return f"{self.label} {self.reason}."

    def _reason(self, kind: str, bounds: dict[str, Any], given: object) -> str:
        if kind == "extra_forbidden":
            return "is not a part of the recipe; remove it"
        shown = "nothing" if given is None or given == "" else given
        return f"must be {_wanted(kind, bounds)}; you gave {shown}"


def _wanted(kind: str, bounds: dict[str, Any]) -> str:
    for name, words in _BOUNDS.items():
        if kind == name:
            return f"{words} {next(iter(bounds.values())):g}"
    if kind == "string_pattern_mismatch":
        return CHOICES  # the device is the only text among the fields
    if kind == "literal_error":
        return f"{bounds['expected']}".replace("'", "")
    if kind.startswith("int"):
        return "a whole number"
    if kind.startswith("bool"):
        return "yes or no"
    return "a number"


_BOUNDS = {
    "greater_than": "larger than",
    "greater_than_equal": "at least",
    "less_than": "smaller than",
    "less_than_equal": "at most",
}
_LABELS = {"lr": "Learning rate", "clip": "Gradient clipping", "colour_pca": "Colour noise"}
