"""`networks` and `summary`: what there is, and what it is made of. Neither imports torch."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from alexnet_studio.cli import output
from alexnet_studio.networks import arithmetic, catalogue, spec_file
from alexnet_studio.networks.differences import differences
from alexnet_studio.networks.reports import LayerReport, Report
from alexnet_studio.networks.spec import Spec, classifier
from alexnet_studio.networks.tower_words import tower_sentences
from alexnet_studio.networks.towers import Links, linked
from alexnet_studio.runs import folder as runs


def networks(*, json: output.JsonFlag = False) -> None:
    """List the networks of the catalogue with their sources and parameters."""
    specs = [catalogue.get(name) for name in catalogue.names()]
    rows = [(spec, arithmetic.report(spec).totals.params) for spec in specs]
    if json:
        output.document(
            [{"name": s.name, "title": s.title, "source": s.source, "params": params} for s, params in rows]
        )
        return
    output.table(
        ("network", "input", "classes", "parameters", "title"),
        [
            (
                s.name,
                f"{s.channels} × {s.image_size} × {s.image_size}",
                s.classes if classifier(s) else "features",
                n,
                s.title,
            )
            for s, n in rows
        ],
    )


def summary(
    network: Annotated[
        str, Parameter(help="a name from `networks`, a spec file, or a layers file of 2012 (.cfg)")
    ],
    /,
    *,
    params: Annotated[
        Path | None,
        Parameter(help="its layer-params file; default: layer-params-X.cfg beside layers-X.cfg"),
    ] = None,
    classes: Annotated[int | None, Parameter(help="how many the classifier tells apart")] = None,
    image_size: Annotated[int | None, Parameter(help="side of the input in pixels")] = None,
    channels: Annotated[int | None, Parameter(help="3 for colour, 1 for grey")] = None,
    width: Annotated[float, Parameter(help="factor on kernels and hidden neurons")] = 1.0,
    links: Annotated[
        Links | None,
        Parameter(help="which layers see both towers; none: only the classifier, conv3: as in the paper"),
    ] = None,
    compare: Annotated[
        str | None,
        Parameter(help="instead of the table, what is different in this other network, or a run's"),
    ] = None,
    json: output.JsonFlag = False,
) -> None:
    """Every layer's shape, parameters and multiply-adds, by arithmetic alone."""
    spec = spec_file.resolve(
        network, classes=classes, image_size=image_size, channels=channels, width=width, params=params
    )
    if links is not None:
        spec = linked(spec, links)
    report = arithmetic.report(spec)
    if compare is not None:
        other = (
            spec_file.from_json(runs.open(Path(compare)).record.network, compare)
            if runs.is_run(Path(compare))
            else spec_file.resolve(
                compare, classes=classes, image_size=image_size, channels=channels, width=width
            )
        )
        _differences(spec, other, json=json)
    elif json:
        output.document(_document(spec, report))
    else:
        output.line(f"{spec.title} ({spec.source})")
        _table(report)
        for sentence in tower_sentences(spec):
            output.line(sentence)


def _differences(spec: Spec, other: Spec, *, json: bool) -> None:
    found = differences(spec, other)
    if json:
        output.document([asdict(row) for row in found])
        return
    output.line(f"{spec.name}: {spec.title} ({spec.source})")
    output.line(f"{other.name}: {other.title} ({other.source})")
    if not found:
        output.line("Nothing is different.")
        return
    output.table(
        ("layer", "aspect", spec.name, other.name),
        [(row.layer or "network", row.aspect, row.left, row.right) for row in found],
    )


def _document(spec: Spec, report: Report) -> dict[str, Any]:
    return {
        "network": spec.name,
        "input": [spec.channels, spec.image_size, spec.image_size],
        "layers": [_entry(row) for row in report.rows],
        "totals": asdict(report.totals),
    }


def _entry(row: LayerReport) -> dict[str, Any]:
    document = asdict(row)
    # The keys are a contract with other programs.
    del document["overhang"]
    return document


def _table(report: Report) -> None:
    totals = report.totals
    output.table(
        (
            "layer",
            "output",
            "kernel",
            "stride",
            "padding",
            "groups",
            "parameters",
            "share",
            "multiply-adds",
            "field",
        ),
        [_row(row, totals.params) for row in report.rows],
        total=("total", "", "", "", "", "", totals.params, "", totals.macs, ""),
    )


def _row(row: LayerReport, params: int) -> tuple[object, ...]:
    share = f"{100 * row.params / params:.1f} %" if row.params else ""
    shape = " × ".join(str(side) for side in row.output)
    return (
        row.name,
        shape,
        row.kernel,
        row.stride,
        f"{row.padding}+{row.padding + row.overhang}" if row.overhang else row.padding,
        row.groups,
        row.params,
        share,
        row.macs,
        row.receptive_field,
    )
