"""What crosses between the towers and what each must hold, as sentences for a table's foot."""

from __future__ import annotations

from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.towers import crossings, holdings

_BATCH = 128  # the paper's
_GTX_580_BYTES = 3 * 2**30


def tower_sentences(spec: Spec) -> tuple[str, ...]:
    """Nothing for a network of one tower. Raises what `arithmetic.report` raises."""
    if spec.towers == 1:
        return ()
    return (*(sentence for _, sentence in crossing_sentences(spec)), memory_sentence(spec))


def crossing_sentences(spec: Spec) -> tuple[tuple[str, str], ...]:
    """A layer's name and what crosses for it."""
    found: list[tuple[str, str]] = []
    for crossing in crossings(spec):
        ways = "each way" if crossing.both_ways else "to the first tower"
        image = crossing.image_bytes(spec.towers)
        found.append(
            (
                crossing.layer,
                f"{crossing.layer} sees all towers: {crossing.values:,} values an image {ways}, "
                f"{image:,} bytes in float32 (as many gradients go back while training)",
            )
        )
    return tuple(found)


def memory_sentence(spec: Spec) -> str:
    """Why 3 GB forced two towers (section 3.2)."""
    held = [one.training_bytes(_BATCH) for one in holdings(spec)]
    each = " and ".join(_gigabytes(one) for one in held)
    share = 100 * sum(held) / _GTX_580_BYTES
    return (
        f"memory of the towers while training with batches of {_BATCH} in float32: {each}, together "
        f"{_gigabytes(sum(held))}, which is {share:.0f} % of a GTX 580 of 2012 without any working space "
        "(parameters, gradients and momentum; each layer's output and its gradient)"
    )


def _gigabytes(count: int) -> str:
    return f"{count / 2**30:.2f} GiB"
