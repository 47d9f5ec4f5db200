"""How to train, as one model: its ranges make the form and the command-line options."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from alexnet_studio.ground.device import CHOICE_PATTERN, DeviceChoice, PrecisionChoice


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
        Literal["constant", "step", "plateau", "cosine", "dexp", "2012"],
        Field(
            description="step: a tenth at 1/3, 2/3 and 5/6 of the epochs; plateau: when validation stalls; "
            "cosine: down to zero; dexp: stairs; 2012: as the paper's run was cut by hand"
        ),
    ] = "cosine"
    warmup_epochs: Annotated[
        float, Field(ge=0, le=1000, description="epochs in which the learning rate rises from zero")
    ] = 0.0
    dexp_fall: Annotated[
        float, Field(ge=1, le=1_000_000, description="of dexp: how much smaller the last rate is")
    ] = 250.0
    dexp_steps: Annotated[int, Field(ge=1, le=1000, description="of dexp: the number of stairs")] = 4
    label_smoothing: Annotated[
        float, Field(ge=0, lt=1, description="share of each label that is spread over all classes")
    ] = 0.0
    balance: Annotated[
        Literal["no", "loss", "sampling"],
        Field(
            description="for unequal classes: loss weighs rare ones more; sampling shows each class as often"
        ),
    ] = "no"
    early_stopping: Annotated[
        int,
        Field(
            ge=0, le=100_000, description="ends after so many epochs without a better validation; 0: never"
        ),
    ] = 0
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
    resized_crop: Annotated[
        bool,
        Field(description="crops of 8 to 100 % of the area, stretched (torchvision's RandomResizedCrop)"),
    ] = False
    flip: Annotated[bool, Field(description="random reflections top to bottom")] = False
    turn: Annotated[bool, Field(description="random turns by quarters, for photos without an up")] = False
    brightness: Annotated[
        float, Field(ge=0, lt=1, description="largest change of brightness, as a share of it")
    ] = 0.0
    contrast: Annotated[
        float, Field(ge=0, lt=1, description="largest change of contrast, as a share of it")
    ] = 0.0
    as_2012: Annotated[
        bool,
        Field(
            description="one crop and reflection for 32 images, noisy images divided by 1.1, as the 2012 code"
        ),
    ] = False
    augment_validation: Annotated[
        bool,
        Field(
            description="validation images are cropped at random, too: a slip of many scripts, kept to repeat them"
        ),
    ] = False
    resize_to: Annotated[
        int | None,
        Field(
            ge=1, le=4096, description="side that images are brought to before crops; empty: 8/7 of the input"
        ),
    ] = None
    fit: Annotated[
        Literal["crop", "squash", "pad"],
        Field(
            description="crop: the shorter side, then the centre, as in the paper; squash: both sides; "
            "pad: all of the image on mid grey"
        ),
    ] = "crop"
    store: Annotated[
        Literal["pixels", "jpeg", "none"],
        Field(
            description="where decoded images are kept: pixels; jpeg: a tenth of the room, near to them; "
            "none: decode each time"
        ),
    ] = "pixels"
    val_fraction: Annotated[
        float | None,
        Field(
            gt=0,
            lt=1,
            description="share of each class to validate with; empty: a fifth of few, a tenth of many",
        ),
    ] = None
    group_by: Annotated[
        str,
        Field(
            max_length=200,
            description="regular expression on a file's path: images that match alike stay on one side of the split",
        ),
    ] = ""
    groups: Annotated[
        str,
        Field(
            max_length=4096,
            description="CSV file of path and group, in the folder: images of one group stay on one side of the split; "
            "empty: groups.csv, where there is one",
        ),
    ] = ""
    folds: Annotated[
        int,
        Field(
            ge=0, le=1000, description="cut the images into so many parts, one to validate with; 0: do not"
        ),
    ] = 0
    fold: Annotated[int, Field(ge=1, le=1000, description="the part to validate with, of the folds")] = 1
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
    deterministic: Annotated[
        bool,
        Field(
            description="the same digits in every training, on CUDA too, where it is slower; CPUs do so anyway"
        ),
    ] = False
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

    @field_validator("group_by")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise PydanticCustomError("pattern", "{why}", {"why": str(error)}) from None
        return pattern

    @field_validator("folds")
    @classmethod
    def _none_or_several(cls, folds: int) -> int:
        if folds == 1:
            raise PydanticCustomError("folds", "one part alone cannot validate")
        return folds

    @field_validator("groups")
    @classmethod
    def _one_rule(cls, groups: str, info: ValidationInfo) -> str:
        if groups and info.data.get("group_by"):
            raise PydanticCustomError("groups", "one rule alone can say what belongs together")
        return groups

    @model_validator(mode="after")
    def _fold_of_folds(self) -> Recipe:
        if self.fold > max(1, self.folds):
            raise PydanticCustomError("fold", "more than there are")
        return self
