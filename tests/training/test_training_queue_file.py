"""A queue as a file: what a form holds comes back as it was, and editing leaves everything else where it stood."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.ground.progress import finished
from alexnet_studio.training import queue_file
from alexnet_studio.training.command_words import changed_fields, form_words, parsed
from alexnet_studio.training.queue_file import QueueReader
from alexnet_studio.training.recipe import Recipe

RECIPES = st.builds(
    Recipe,
    epochs=st.integers(1, 1000),
    lr=st.floats(1e-6, 10),
    schedule=st.sampled_from(("constant", "step", "plateau", "cosine", "dexp", "2012")),
    dropout=st.none() | st.floats(0, 0.9),
    mirror=st.booleans(),
    flip=st.booleans(),
    image_size=st.none() | st.integers(1, 1024),
    group_by=st.sampled_from(("", "-a b", "^(\\d+-\\d+)-", 'it\'s "quoted" # no comment')),
    seed=st.integers(0, 2**31 - 1),
    device=st.sampled_from(("auto", "cpu", "cuda:0,cuda:1")),
)


@settings(max_examples=30)  # taking a line apart needs some hundredths of a second
@given(RECIPES, st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1))
def test_what_a_form_holds_comes_back_from_its_line(recipe: Recipe, name: str) -> None:
    folder, run = Path("/photos") / f"of {name}", Path("/runs") / name
    fields = changed_fields(recipe.model_dump())
    words = form_words(folder, run, "/n/mini.json", fields, source=Path("first run"), labels=Path("l.csv"))
    typed = parsed(shlex.split(shlex.join(words), comments=True))
    assert (typed.folder, typed.run) == (folder, run)
    assert Recipe.model_validate(dict(typed.fields)) == recipe
    wanted = typed.wanted
    assert (wanted.network, wanted.start, wanted.labels) == (
        "/n/mini.json",
        Path("first run"),
        Path("l.csv"),
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "night.txt"
    made.write_text(
        "# the night's work\ntrain photos --run a\n\ntrain photos --run b --epochs 3 # short\ntrain photos --run c\n",
        encoding="utf-8",
    )
    return made


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def test_editing_leaves_comments_and_other_lines(file: Path) -> None:
    a, b, c = queue_file.read(file)
    assert [entry.line for entry in (a, b, c)] == [2, 4, 5]
    queue_file.exchange(file, a, b)
    assert _lines(file) == ["# the night's work", b.text, "", a.text, c.text]
    queue_file.remove(file, [a])
    assert _lines(file) == ["# the night's work", b.text, "", c.text]
    queue_file.add(file, [["my photos", "--run", "d"]])
    assert _lines(file)[-1] == "train 'my photos' --run d"
    assert [entry.run.name for entry in queue_file.read(file)] == ["b", "c", "d"]


def test_a_line_that_somebody_else_has_changed_is_not_touched(file: Path) -> None:
    a, b, _ = queue_file.read(file)
    file.write_text(f"{b.text}\n", encoding="utf-8")
    with pytest.raises(BadInput, match="changed by another program"):
        queue_file.remove(file, [a])
    assert _lines(file) == [b.text]


def test_reading_again_gives_the_same_entries_and_sees_what_is_new(file: Path) -> None:
    reader = QueueReader(file)
    first = finished(reader.entries())
    again = finished(reader.entries())
    assert all(one is other for one, other in zip(first, again, strict=True))
    queue_file.add(file, [["photos", "--run", "d"]])
    assert [entry.run.name for entry in finished(reader.entries())] == ["a", "b", "c", "d"]
    queue_file.remove(file, first[:1])
    assert [entry.line for entry in finished(reader.entries())] == [3, 4, 5]


def test_a_run_that_is_gone_on_with_takes_only_what_may_change() -> None:
    words = ["photos", "--run", "r", "--network", "mini", "--epochs", "7", "--lr", "0.5", "--no-mirror"]
    entry = queue_file.Entry(1, "", tuple(words), parsed(words))
    assert entry.changes == {"epochs": 7}
    assert entry.command(resume=True, device="cuda:1") == [
        *("train", "photos", "--run", "r", "--resume", "--epochs=7", "--device=cuda:1", "--json")
    ]
    assert entry.command(resume=False, device=None) == ["train", *words, "--json"]


_ADDS = """
import sys
from pathlib import Path
from alexnet_studio.training import queue_file
for number in range(40):
    queue_file.add(Path(sys.argv[1]), [["photos", "--run", f"{sys.argv[2]}-{number}"]])
"""


def test_what_two_programs_add_at_once_is_all_there(tmp_path: Path) -> None:
    file = tmp_path / "queue.txt"
    adding = [subprocess.Popen([sys.executable, "-c", _ADDS, str(file), name]) for name in ("one", "two")]
    assert [process.wait(60) for process in adding] == [0, 0]
    added = [line.split()[-1] for line in file.read_text(encoding="utf-8").splitlines()]
    assert sorted(added) == sorted(f"{name}-{number}" for name in ("one", "two") for number in range(40))
    for name in ("one", "two"):  # each in its order
        assert [line for line in added if line.startswith(name)] == [f"{name}-{n}" for n in range(40)]


def test_a_queue_that_another_program_keeps_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_file, "_PATIENCE_S", 0.05)
    before = file.read_bytes()
    with FileLock(f"{file}.lock"), pytest.raises(Failed, match=r"night\.txt to itself") as told:
        queue_file.add(file, [["photos", "--run", "d"]])
    assert told.value.code == "queue_busy"
    assert file.read_bytes() == before
