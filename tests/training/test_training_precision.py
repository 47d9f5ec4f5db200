"""What "auto" comes to, on the processor that the tests run on."""

from __future__ import annotations

import tiny
import torch

from alexnet_studio.ground import device as devices
from alexnet_studio.networks import catalogue
from alexnet_studio.training.precision import measured

_HAS_BFLOAT16 = any(torch.cpu.get_capabilities().get(name) for name in ("avx512_bf16", "amx_bf16"))


def test_half_precision_is_taken_where_it_is_faster_only() -> None:
    """Without matrix instructions bfloat16 is emulated, and slower."""
    spec = catalogue.get("mini", classes=4)
    half = devices.resolve("cpu", "bfloat16")
    chosen, sentence = measured(spec, tiny.recipe(precision="auto"), half)
    assert sentence.startswith(f"It computes in {chosen.precision}: here bfloat16 is")
    if not _HAS_BFLOAT16:
        assert chosen.precision == "float32" and "float32: here bfloat16 is" in sentence


def test_what_was_asked_for_is_not_measured() -> None:
    half = devices.resolve("cpu", "bfloat16")
    assert measured(tiny.spec(), tiny.recipe(precision="bfloat16"), half) == (half, "")
    single = devices.resolve("cpu", "float32")
    assert measured(tiny.spec(), tiny.recipe(precision="auto"), single) == (single, "")
