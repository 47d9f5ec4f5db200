"""What was measured of this machine, as text and bars."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import setup_building, wording
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.state.measures import CheckSeen, TimingSeen
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.measures import MeasuresView, TimingView


def view_measures(state: State) -> MeasuresView:
    timings, checks = state.measures.timings, state.measures.checks
    largest = max((timing.step_ms[0] for timing in timings), default=1.0) or 1.0
    timing = state.working(JobKind.BENCH)
    return MeasuresView(
        choices=setup_building.network_choices() if state.measures.wanted else (),
        title=_title(timings),
        timings=tuple(_timing(one, largest) for one in timings),
        busy=_busy(state) if timing else "",
        can_time=not timing and (state.run is None or not state.run.live),
        checks=tuple(_check(one) for one in checks),
        verdict=_verdict(checks),
        can_check=not state.working(JobKind.CHECK),
    )


def _title(timings: tuple[TimingSeen, ...]) -> str:
    if not timings:
        return ""
    first = timings[0]
    text = QCoreApplication.translate("Measures", "{device} · batches of {batch} · {timed} timed")
    return text.format(device=first.device, batch=first.batch, timed=first.timed)


def _timing(seen: TimingSeen, largest: float) -> TimingView:
    return TimingView(
        seen.network,
        seen.forward_ms[0] / largest,
        seen.step_ms[0] / largest,
        (
            seen.network,
            _mean(seen.forward_ms),
            _mean(seen.step_ms),
            wording.speed(seen.images_per_second),
            wording.decimal(seen.latency_ms, 1),
        ),
    )


def _mean(measured: tuple[float, float]) -> str:
    return f"{wording.decimal(measured[0], 1)} ± {wording.decimal(measured[1], 1)}"


def _busy(state: State) -> str:
    progress = state.progress.get(JobKind.BENCH)
    if progress is None or not progress.total:
        return QCoreApplication.translate("Measures", "building the network")
    text = QCoreApplication.translate("Measures", "{network}: {done} of {total}")
    return text.format(network=progress.what, done=progress.done, total=progress.total)


def _check(seen: CheckSeen) -> tuple[str, ...]:
    mark = "✓" if seen.ok else "✕"
    return (mark, seen.check, seen.source, f"{seen.deviation:.1e}", f"{seen.tolerance:.0e}")


def _verdict(checks: tuple[CheckSeen, ...]) -> str:
    if not checks:
        return ""
    wrong = [check.check for check in checks if not check.ok]
    if wrong:
        text = QCoreApplication.translate("Measures", "Not as it should be: {checks}.")
        return text.format(checks=", ".join(wrong))
    text = QCoreApplication.translate("Measures", "All {count} operations mean what they should here.")
    return text.format(count=len(checks))
