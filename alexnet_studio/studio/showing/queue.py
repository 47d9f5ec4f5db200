"""The queue of trainings as texts: what waits, what runs, how it ended, and what can be done with it."""

from __future__ import annotations

import shlex
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.ground import places
from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.showing.run_words import epochs_of, state_words
from alexnet_studio.studio.state.queue import QueueState
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.parts import ActionView, EmptyView
from alexnet_studio.studio.views.queue import QueueRow, QueueView

if TYPE_CHECKING:
    from alexnet_studio.training.queue_state import Standing


def view_queue(state: State) -> QueueView:
    queue = state.queue
    if not queue.is_open:
        return QueueView(add=add(state), repeat=add(state))
    rows = _rows(queue.standings, queue.under_way, tuple(queue.failures.items()))
    return QueueView(
        title=_title(queue),
        command=_command(queue),
        rows=rows,
        summary=_summary(state),
        problem=queue.problem,
        notice="" if state.notice is None else state.notice.sentence,
        empty=None if rows or queue.problem or not queue.is_read else _empty(can_add=add(state).enabled),
        add=add(state),
        repeat=add(state),
        start=start(state),
        pause=pause(state),
        clear=_clear(queue),
    )


def queue_actions(state: State) -> tuple[tuple[str, ActionView], ...]:
    return (
        ("queue_add", add(state)),
        ("repeat", add(state)),
        ("queue_start", start(state)),
        ("queue_pause", pause(state)),
    )


def add(state: State) -> ActionView:
    """What Start would train now, or after the training that is running."""
    setup = state.setup
    reason = view_actions.why_not_train(state)
    if not reason and setup is not None and setup.processes > 1:
        reason = QCoreApplication.translate(
            "Queue", "A training in the queue has one process. Choose one device for it."
        )
    if not reason and state.working(JobKind.ENQUEUE):
        reason = QCoreApplication.translate("Queue", "The last one is being added.")
    return ActionView(not reason, tip=reason)


def start(state: State) -> ActionView:
    queue = state.queue
    reason = ""
    if queue.is_started:
        reason = QCoreApplication.translate("Queue", "The queue is at work.")
    elif not queue.left:
        reason = QCoreApplication.translate("Queue", "Nothing waits in the queue.")
    return ActionView(not reason, tip=reason)


def pause(state: State) -> ActionView:
    is_started = state.queue.is_started
    reason = "" if is_started else QCoreApplication.translate("Queue", "The queue is not at work.")
    return ActionView(is_started, tip=reason)


def is_busy(state: State) -> bool:
    """Whatever trains in this window, or is about to show another run or folder."""
    kinds = (JobKind.TRAIN, JobKind.SPREAD, JobKind.OPEN, JobKind.SCAN, JobKind.SAMPLE, JobKind.READY)
    is_live = state.run is not None and state.run.live
    return is_live or state.closing or any(map(state.working, kinds))


def over(queue: QueueState) -> str:
    """What a queue that came to its end has done since it was started."""
    states = [one.state for one in queue.standings if one.entry.run in queue.tried]
    done = states.count("finished")
    text = QCoreApplication.translate("Queue", "The queue is done: {done} finished, {others} did not.")
    if done == len(states):
        text = QCoreApplication.translate("Queue", "The queue is done: {done} finished.")
    return text.format(done=wording.count(done), others=wording.count(len(states) - done))


def _clear(queue: QueueState) -> ActionView:
    done = any(one.state == "finished" for one in queue.standings)
    reason = "" if done else QCoreApplication.translate("Queue", "Nothing in the queue is finished.")
    return ActionView(done, tip=reason)


def _title(queue: QueueState) -> str:
    if not queue.left:
        return QCoreApplication.translate("Queue", "Queue")
    return QCoreApplication.translate("Queue", "Queue ({n})").format(n=wording.count(queue.left))


def _command(queue: QueueState) -> str:
    if queue.file is None or not queue.standings:
        return ""
    words = shlex.join(["alexnet-studio", "queue", str(queue.file)])
    return QCoreApplication.translate("Queue", "Without a window: {command}").format(command=words)


def _summary(state: State) -> str:
    queue = state.queue
    if not queue.standings:
        return ""
    done = sum(one.state == "finished" for one in queue.standings)
    text = QCoreApplication.translate("Queue", "{done} of {all} finished; {now}")
    return text.format(done=wording.count(done), all=wording.count(len(queue.standings)), now=_now(state))


def _now(state: State) -> str:
    queue = state.queue
    if queue.under_way is not None:
        text = QCoreApplication.translate("Queue", "{run} is being trained.")
        if not queue.is_started:
            text = QCoreApplication.translate(
                "Queue", "{run} is being trained, and the queue pauses after it."
            )
        return text.format(run=queue.under_way.name)
    if state.working(JobKind.READY):
        return QCoreApplication.translate("Queue", "the next one is made ready.")
    if queue.is_started:
        return QCoreApplication.translate("Queue", "the next one waits for its device.")
    return QCoreApplication.translate("Queue", "the queue is paused.")


def _empty(*, can_add: bool) -> EmptyView:
    sentence = QCoreApplication.translate(
        "Queue",
        "Nothing waits here. “Add to the queue” beside Start adds what the form holds; the queue trains one after "
        "the other.",
    )
    if can_add:
        return EmptyView(sentence, QCoreApplication.translate("Queue", "Add to the queue"), "queue_add")
    return EmptyView(sentence, QCoreApplication.translate("Queue", "Open folder…"), "open_folder")


@lru_cache(maxsize=4)  # the view is asked for thirty times a second while a network is trained
def _rows(
    standings: tuple[Standing, ...], under_way: Path | None, failures: tuple[tuple[Path, str], ...]
) -> tuple[QueueRow, ...]:
    sentences, last = dict(failures), len(standings) - 1
    rows: list[QueueRow] = []
    for place, one in enumerate(standings):
        run = one.entry.run
        is_here = run == under_way
        failure = "" if one.is_settled else sentences.get(run, "")
        sentence = _sentence(one, failure, is_here=is_here)
        cannot = {
            "up": place == 0,
            "down": place == last,
            "remove": is_here or one.state == "running",
            "open": one.run is None,
        }
        can = frozenset(name for name, is_refused in cannot.items() if not is_refused)
        cells = (*_known(one), _state(one, failed=bool(failure)), *_results(one), sentence)
        rows.append(QueueRow(str(run), cells, can, sentence))
    return tuple(rows)


def _known(one: Standing) -> tuple[str, str, str, str]:
    """Run, network, images, and what of the recipe is not as usual."""
    typed, runs = one.entry.typed, places.runs()
    run = typed.run.relative_to(runs) if runs in typed.run.parents else typed.run
    network = Path(typed.wanted.network or "").stem or ("–" if one.run is None else one.run.network)
    recipe = ", ".join(f"{name.replace('_', ' ')} {_value(value)}" for name, value in typed.fields.items())
    return str(run), network, typed.folder.name, recipe or "–"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return (
            QCoreApplication.translate("Queue", "yes") if value else QCoreApplication.translate("Queue", "no")
        )
    return str(value)


def _state(one: Standing, *, failed: bool) -> str:
    if failed:
        return state_words()["failed"]
    if one.state == "waiting":
        return QCoreApplication.translate("Queue", "waiting")
    return state_words()[one.state]


def _results(one: Standing) -> tuple[str, str]:
    """Epochs, and the best top-1."""
    if one.run is None:
        return "–", "–"
    top1 = one.run.best_val_top1
    return epochs_of(one.run), "–" if top1 is None else wording.percent(top1)


def _sentence(one: Standing, failure: str, *, is_here: bool) -> str:
    if is_here:
        return QCoreApplication.translate("Queue", "It is trained in this window.")
    if one.holder is not None:
        return QCoreApplication.translate("Queue", "{who} trains it.").format(who=wording.process(one.holder))
    return failure or one.sentence
