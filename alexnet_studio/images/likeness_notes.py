"""What a verified scan says of images that are the same or nearly so, one sentence a fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from alexnet_studio.images.layout import SplitName
from alexnet_studio.images.likeness import Alike, Fingerprint


def likeness_notes(
    groups: tuple[Alike, ...], splits: Mapping[str, SplitName], fingerprints: Mapping[str, Fingerprint]
) -> tuple[str, ...]:
    """`splits` and `fingerprints` are by path; without fingerprints there is nothing to say."""
    if len(fingerprints) < 2:
        return ()
    if len({one.sha256 for one in fingerprints.values()}) == 1:
        return (f"All {len(fingerprints):,} images are the same: there is nothing to tell apart.",)
    exact = [group for group in groups if group.exact]
    near = [group for group in groups if not group.exact]
    found = [
        _one_colour(fingerprints.values()),
        *_leaked(exact, near, splits),
        _contradictory(exact),
        _repeated([group for group in exact if not group.across], "the same as another"),
        _repeated([group for group in near if not group.across], "nearly the same as another"),
    ]
    return tuple(note for note in found if note)


def _one_colour(fingerprints: Iterable[Fingerprint]) -> str:
    if any(one.look is not None for one in fingerprints):
        return ""
    return "Every image is of a single colour: there are no shapes to learn."


def _leaked(exact: list[Alike], near: list[Alike], splits: Mapping[str, SplitName]) -> Iterable[str]:
    """Images outside train/ that are in train/ too, or nearly; those that are count once."""
    same = {path for group in exact if group.across for path in group.paths}
    like = {path for group in near if group.across for path in group.paths} - same
    for split in ("val", "test"):
        leaked = sorted(path for path in same if splits[path] == split)
        if leaked:
            yield (
                f"{_images(len(leaked), 'lies', 'lie')} in both train/ and {split}/ ({_first(leaked)}): "
                f"what is measured on {split}/ flatters the network."
            )
        leaked = sorted(path for path in like if splits[path] == split)
        if leaked:
            yield (
                f"{_images(len(leaked), 'looks', 'look')} nearly like one in train/ and "
                f"{'lies' if len(leaked) == 1 else 'lie'} in {split}/ ({_first(leaked)})."
            )


def _contradictory(exact: list[Alike]) -> str:
    torn = [group.paths for group in exact if group.labels_differ]
    if not torn:
        return ""
    paths = sorted(chain.from_iterable(torn))
    return (
        f"{_images(len(paths), 'is', 'are')} the same as one in another class "
        f"({_first((torn[0][0], torn[0][-1]))}): only one of the classes can be right."
    )


def _repeated(groups: list[Alike], how: str) -> str:
    if not groups:
        return ""
    count = sum(len(group.paths) for group in groups)
    return f"{_images(count, 'is', 'are')} {how} ({_first(groups[0].paths[:2])})."


def _first(paths: Iterable[str]) -> str:
    shown = list(paths)
    return f"the first: {' and '.join(shown[:2])}" if len(shown) <= 2 else f"the first: {shown[0]}"


def _images(n: int, one: str, many: str) -> str:
    return f"{n:,} image {one}" if n == 1 else f"{n:,} images {many}"
