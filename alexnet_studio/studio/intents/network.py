"""Changing the network layer by layer, with undo; saving it as a file and opening one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import write_atomic
from alexnet_studio.studio import setup_building, wording
from alexnet_studio.studio.desk import Actions, Desk
from alexnet_studio.studio.intents.recipe import RecipeIntents
from alexnet_studio.studio.state.setup import Edits

if TYPE_CHECKING:
    from alexnet_studio.networks.spec import Spec

_REMEMBERED = 200  # plans to go back to; each takes a few kilobytes


class NetworkIntents:
    def __init__(self, desk: Desk, recipes: RecipeIntents) -> None:
        self._desk = desk
        self._recipes = recipes

    @property
    def actions(self) -> Actions:
        return {
            "undo_edit": self.undo,
            "redo_edit": self.redo,
            "save_network": self.save,
            "compare_run": lambda: self._desk.dialogs.choose_run(self._desk.after(self.compare_with_run)),
            "freeze_layers": lambda: self.freeze(self._desk.state.selection.layer),
            "thaw_layers": lambda: self.freeze(None),
            "open_network": lambda: self._desk.dialogs.choose_network(self._desk.after(self.open)),
        }

    def edit(self, layer: str, field: str, value: object) -> None:
        """A value that cannot be stays in its field, with the reason; the network is then as it was."""
        from alexnet_studio.networks.editing import changed

        try:
            self._apply(lambda spec: changed(spec, layer, field, value))
        except BadInput as error:
            self._desk.state.edits = replace(
                self._desk.state.edits, wrong=(layer, field, wording.sentence(error))
            )
            return
        if field == "name":
            self._select(str(value))

    def add(self, kind: str) -> None:
        """Behind the selected layer, or before the classifier."""
        from alexnet_studio.networks.editing import inserted

        setup = self._desk.state.setup
        if setup is None or setup.draft is None:
            return
        names = [layer.name for layer in setup.draft.layers]
        selected = self._desk.state.selection.layer
        after = selected if selected in names else (names[-2] if len(names) > 1 else None)
        known = set(names)
        self._apply(lambda spec: inserted(spec, kind, after))
        draft = self._desk.state.setup.draft if self._desk.state.setup else None
        if draft is not None:
            self._select(next(layer.name for layer in draft.layers if layer.name not in known))

    def remove(self) -> None:
        from alexnet_studio.networks.editing import removed

        layer = self._desk.state.selection.layer
        if layer is not None:
            self._apply(lambda spec: removed(spec, layer))
            self._select(None)

    def move(self, by: int) -> None:
        from alexnet_studio.networks.editing import moved

        layer = self._desk.state.selection.layer
        if layer is not None:
            self._apply(lambda spec: moved(spec, layer, by))

    def compare_with_run(self, path: Path) -> None:
        """Hold the network on the screen beside the one that the run trains. Raises what opening a run raises."""
        from alexnet_studio.networks import spec_file
        from alexnet_studio.runs import folder as runs

        run = runs.open(path)
        self._desk.state.compared_run = spec_file.from_json(run.record.network, str(path / "run.json"))
        self._desk.state.compared = str(path)

    def freeze(self, layer: str | None) -> None:
        """The layer and all before it do not learn; None: all learn again."""
        from alexnet_studio.networks.editing import frozen

        self._apply(lambda spec: frozen(spec, layer))

    def throw(self, switch: str) -> None:
        """A switch as "field=value", such as "activation=tanh"."""
        from alexnet_studio.networks.switches import Switches, switched

        field, _, text = switch.partition("=")
        value: object = {"on": True, "off": False}.get(text, text)
        if field == "dropout":
            value = float(text)
        options = {field: value}
        self._apply(lambda spec: switched(spec, Switches(**options)))  # pyright: ignore[reportArgumentType]

    def undo(self) -> None:
        self._go(forward=False)

    def redo(self) -> None:
        self._go(forward=True)

    def save(self) -> None:
        """As a spec, or as the two files of 2012 where the name ends in .cfg."""
        setup = self._desk.state.setup
        if setup is None or setup.spec is None:
            raise BadInput("no_network", "There is no network that fits together to save. Correct it first.")
        spec = setup.spec
        self._desk.dialogs.choose_target(f"{spec.name}.json", self._desk.after(partial(self._write, spec)))

    def open(self, path: Path) -> None:
        """Raises what `spec_file.read` and `convnet_cfg.read` raise."""
        from alexnet_studio.networks import convnet_cfg, spec_file

        found = convnet_cfg.read(path).spec if path.suffix == ".cfg" else spec_file.read(path)
        self._apply(lambda _: found, own=False)

    def _write(self, spec: Spec, path: Path) -> None:
        from alexnet_studio.networks import convnet_cfg_writer, spec_file

        if path.suffix == ".cfg":
            layers, params = convnet_cfg_writer.write(spec)
            _put(path, layers)
            beside = path.name.removeprefix("layers").removeprefix("-")
            _put(path.with_name(f"layer-params-{beside}"), params)
            return
        _put(path, json.dumps(spec_file.to_json(spec), indent=2, ensure_ascii=False) + "\n")

    def _apply(self, change: Callable[[Spec], Spec], *, own: bool = True) -> None:
        from alexnet_studio.networks.editing import as_own

        state = self._desk.state
        self._desk.require_idle()
        setup = state.setup
        if setup is None:
            return
        base, values = self._base()
        if base is None:
            return
        after = change(base)
        if after == base:
            state.edits = replace(state.edits, wrong=("", "", ""))
            return
        state.edits = Edits((*state.edits.past[-_REMEMBERED:], setup.plan))
        self._recipes.rebuild(as_own(after) if own else after, values)

    def _base(self) -> tuple[Spec | None, setup_building.Values]:
        """What is being changed, before width and image size of the recipe are applied to it."""
        setup = self._desk.state.setup
        if setup is None:
            return None, ()
        if setup.plan is not None:
            return setup.plan, setup.values
        named = setup_building.catalogued(setup.network)
        if named is not None:
            return named, setup.values
        # A run's own network has its width and size already.
        values = tuple({**dict(setup.values), "width": 1.0}.items())
        return setup.draft, values

    def _go(self, *, forward: bool) -> None:
        state = self._desk.state
        setup, edits = state.setup, state.edits
        source = edits.future if forward else edits.past
        if setup is None or not source:
            return
        *rest, plan = source
        if forward:
            state.edits = Edits((*edits.past, setup.plan), tuple(rest))
        else:
            state.edits = Edits(tuple(rest), (*edits.future, setup.plan))
        self._recipes.rebuild(plan, setup.values)

    def _select(self, layer: str | None) -> None:
        self._desk.state.selection = replace(self._desk.state.selection, layer=layer)


def _put(path: Path, text: str) -> None:
    def write(file: IO[bytes]) -> None:
        file.write(text.encode("utf-8"))

    write_atomic(path, write)
