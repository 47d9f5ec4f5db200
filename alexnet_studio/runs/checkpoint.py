"""A run's checkpoints: which files they are, and in which order they take their names, so that one is always whole.

Three files: `last.pt`, `previous.pt` (the one before) and `best.pt` (a copy of the best `last.pt`). Their
SHA-256 stand in `manifest.json`.

A new one is first whole under a name of its own, `next.pt` or `next-best.pt`: a crash, or on Windows a reader of the
old one, can come before it takes its place, and it is then found under that name. The best one goes first: the last
one says which epoch is the best, and must not say so of weights that are not there.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from alexnet_studio.ground import file_ops, files
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import as_studio_error, make_folder
from alexnet_studio.runs import checkpoint_file, manifest
from alexnet_studio.runs.checkpoint_document import Checkpoint
from alexnet_studio.runs.folder import RunFolder

_LAST, _PREVIOUS, _BEST = "last.pt", "previous.pt", "best.pt"
_NEXT, _NEXT_BEST = "next.pt", "next-best.pt"
_NEWEST_FIRST = (_NEXT, _LAST, _PREVIOUS)
Which = Literal["last", "best"]


def save(run: RunFolder, payload: Checkpoint, *, best: bool) -> str:
    """Write `last.pt` (and `best.pt`), verify it, and keep the one before as `previous.pt`.

    The answer says, where another program does not let go of the old file, under which name the new one is kept; it is
    empty otherwise. Raises `Failed` ("disk_full", "not_writable", "checkpoint_not_verified"); what was saved before is
    then intact.
    """
    folder = run.checkpoints
    make_folder(folder)
    try:
        return _save(folder, payload, best=best)
    except OSError as error:
        raise as_studio_error(error, folder) from error


def _save(folder: Path, payload: Checkpoint, *, best: bool) -> str:
    known = _settled(folder)
    digest = checkpoint_file.write(folder / (_NEXT_BEST if best else _NEXT), payload, known)
    kept: list[str] = []
    after = dict(known)
    if best:
        checkpoint_file.copy(folder / _NEXT_BEST, folder / _NEXT, digest)
        after.pop(_NEXT_BEST, None)
        name = _BEST if _moved(folder, _NEXT_BEST, _BEST) else _NEXT_BEST
        after[name] = digest
        kept += [name] if name == _NEXT_BEST else []
    if _advanced(folder):
        after.pop(_NEXT, None)
        after |= {_LAST: digest} | ({_PREVIOUS: known[_LAST]} if _LAST in known else {})
    else:
        after[_NEXT] = digest
        kept.append(_NEXT)
    manifest.write(folder, after)
    names = " and ".join(kept)
    return f"Another program has the old checkpoint open: the new one is kept as {names}." if kept else ""


def load(run: RunFolder, which: Which) -> Checkpoint:
    """The newest checkpoint that verifies; without a `best.pt` yet, the last one, and the best where that is all.

    Raises `BadInput` ("no_checkpoint", "checkpoint_damaged", "checkpoint_from_newer_version").
    """
    newest, bests = (
        [name for name in names if (run.checkpoints / name).exists()]
        for names in (_NEWEST_FIRST, (_NEXT_BEST, _BEST))
    )
    # The best one is written first: a crash in the very first save may leave nothing else.
    present = [*bests, *newest] if which == "best" else newest or bests
    # A best one that was written and is gone is tried too, so that its absence is told.
    if which == "best" and present and not bests:
        present = [*([_BEST] if _BEST in manifest.read(run.checkpoints) else []), *present]
    if not present:
        raise BadInput(
            "no_checkpoint",
            "{run} has no checkpoint yet. Train it for at least one step first.",
            run=str(run.path),
        )
    return _first_good(run.checkpoints, present)


def has_any(run: RunFolder) -> bool:
    return any((run.checkpoints / name).exists() for name in (*_NEWEST_FIRST, _NEXT_BEST, _BEST))


def _settled(folder: Path) -> dict[str, str]:
    """Finish what a killed process, or one that a reader stood in the way of, began; the hashes of what is there."""
    files.sweep(folder)
    known = manifest.held(folder)
    pending = [name for name in (_NEXT_BEST, _NEXT) if (folder / name).exists()]
    if not pending and checkpoint_file.BEING_WRITTEN not in known:
        return known
    trusted = {*known.values()}
    for name in pending:
        if manifest.digest_of(folder / name) not in trusted:
            file_ops.current().remove(folder / name)
        elif name == _NEXT_BEST:
            _moved(folder, _NEXT_BEST, _BEST)
        else:
            _advanced(folder)
    there = (name for name in (*_NEWEST_FIRST, _BEST, _NEXT_BEST) if (folder / name).exists())
    found = {name: manifest.digest_of(folder / name) for name in there}
    return {name: digest for name, digest in found.items() if digest in trusted}


def _advanced(folder: Path) -> bool:
    """Whether `next.pt` has become `last.pt`, and that `previous.pt`."""
    if (folder / _LAST).exists() and not _moved(folder, _LAST, _PREVIOUS):
        return False
    return _moved(folder, _NEXT, _LAST)


def _moved(folder: Path, name: str, place: str) -> bool:
    """False where a reader holds one of the two open."""
    try:
        files.replace(folder / name, folder / place)
    except PermissionError as error:
        if files.is_held_open(error):
            return False
        raise
    return True


def _first_good(folder: Path, names: list[str]) -> Checkpoint:
    first: BadInput | None = None
    for name in names:
        try:
            found = checkpoint_file.read(folder, name)
        except BadInput as error:
            if error.code != "checkpoint_damaged":
                raise
            if name in {_NEXT, _NEXT_BEST} and not (folder / name).exists():
                continue  # a training has just moved it to its place
            first = first or error
        else:
            note = f"{names[0]} is {_what(folder / names[0])}; {name} was used instead." if first else ""
            return replace(found, note=note)
    assert first is not None
    raise first


def _what(path: Path) -> str:
    return "damaged" if path.exists() else "missing"
