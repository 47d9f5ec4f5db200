"""t-SNE in a process of its own, so that it can be left at any moment.

The method (van der Maaten and Hinton, JMLR 2008) is scikit-learn's, begun from the first two coordinates it is given
(so that the whole of the map means something too), in stages of 300 steps: the first with early exaggeration, as usual.
scikit-learn does not come back between its steps, and nothing in a thread can end it: a process can be ended.

    python -m alexnet_studio.insight.tsne FOLDER SEED

is that process: it reads and writes the files of a folder that `arranged` makes for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import Failed
from alexnet_studio.ground.progress import Progress

FEWEST = 4
_PERPLEXITY = 30.0
_EXAGGERATION = 12.0
_STAGES = 3
_STEPS = 300  # scikit-learn exaggerates in the first 250, and tells what is left after the others only
_EXACT = 500  # up to here all pairs are quicker than a tree, whose threads wait for one another
_LOOK_S = 0.05
_SCORES, _PLACES, _SAID = "scores.npy", "places.npy", "said.txt"

Doubles = NDArray[np.float64]


def arranged(scores: Doubles, seed: int = 0) -> Generator[Progress, None, tuple[Doubles, dict[str, float]]]:
    """(n, 2) places of `scores` (n, D), and what is left of the divergence. Closing this ends the process at once.

    Raises `Failed` ("tsne_ended") and what a full disk raises.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        np.save(folder / _SCORES, scores)
        with (folder / _SAID).open("wb") as said, _started(folder, seed, said.fileno()) as process:
            while process.poll() is None:
                done = sum((folder / str(stage)).exists() for stage in range(_STAGES))
                yield Progress("arrange", done, _STAGES)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK_S)
        if process.returncode or not (folder / _PLACES).exists():
            raise _ended(process.returncode, (folder / _SAID).read_text(encoding="utf-8", errors="replace"))
        found: Doubles = np.load(folder / _PLACES)
    perplexity = _perplexity(len(scores))
    return found[:-1], {"kl_divergence": float(found[-1, 0]), "perplexity": perplexity}


def main() -> None:
    """The process."""
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    scores: Doubles = np.load(folder / _SCORES)
    places, left = _begun(scores, seed), float("nan")
    for stage in range(_STAGES):
        places, left = _stage(scores, places, seed, exaggerates=stage == 0)
        (folder / str(stage)).touch()
    np.save(folder / _PLACES, np.vstack([places, [[left, 0.0]]]))


@contextmanager
def _started(folder: Path, seed: int, said: int) -> Generator[subprocess.Popen[bytes]]:
    """In a session of its own: Ctrl+C in the terminal reaches whoever asked, who then closes this."""
    process = subprocess.Popen(
        [sys.executable, "-m", "alexnet_studio.insight.tsne", str(folder), str(seed)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=said,
        start_new_session=os.name == "posix",
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _ended(code: int, said: str) -> Failed:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return Failed(
        "tsne_ended",
        "The process that arranges the images ended with code {exit_code} ({reason}). Close other programs if memory "
        "is short, or take PCA.",
        exit_code=code,
        reason=lines[-1] if lines else "it said nothing",
    )


def _perplexity(count: int) -> float:
    return min(_PERPLEXITY, (count - 1) / 3)


def _begun(scores: Doubles, seed: int) -> Doubles:
    places = np.zeros((len(scores), 2))
    places[:, : min(2, scores.shape[1])] = scores[:, :2]
    # As small as scikit-learn begins; images that are all alike begin, and stay, at chance.
    spread = float(places[:, 0].std())
    if not spread > 0:
        return np.random.default_rng(seed).normal(scale=1e-4, size=places.shape)
    return places * (1e-4 / spread)


def _stage(scores: Doubles, places: Doubles, seed: int, *, exaggerates: bool) -> tuple[Doubles, float]:
    from sklearn.manifold import TSNE

    made: Any = TSNE  # its stubs know only the words of some arguments
    count = len(scores)
    step = made(
        perplexity=_perplexity(count),
        early_exaggeration=_EXAGGERATION if exaggerates else 1.0,
        # scikit-learn's "auto", for the first stage and all that follow.
        learning_rate=max(count / _EXAGGERATION / 4, 50.0),
        max_iter=_STEPS,
        init=places.astype(np.float32),
        random_state=seed,
        method="exact" if count <= _EXACT else "barnes_hut",
    )
    moved = np.asarray(step.fit_transform(scores.astype(np.float32)), np.float64)
    return moved, float(step.kl_divergence_)


if __name__ == "__main__":
    main()
