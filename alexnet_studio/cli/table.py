"""The commands and where each is defined; nothing is imported before it is called."""

from __future__ import annotations

_WHERE = "alexnet_studio.cli"
COMMANDS = {
    "networks": f"{_WHERE}.networks_commands:networks",
    "summary": f"{_WHERE}.networks_commands:summary",
    "sample": f"{_WHERE}.images_commands:sample",
    "scan": f"{_WHERE}.images_commands:scan",
    "statistics": f"{_WHERE}.statistics_command:statistics",
    "collect": f"{_WHERE}.collect_command:collect",
    "train": f"{_WHERE}.train_command:train",
    "recipes": f"{_WHERE}.recipes_command:recipes",
    "tell": f"{_WHERE}.tell_command:tell",
    "runs": f"{_WHERE}.runs_command:runs",
    "compare": f"{_WHERE}.compare_command:compare",
    "repeat": f"{_WHERE}.repeat_command:repeat",
    "queue": f"{_WHERE}.queue_command:queue",
    "watch": f"{_WHERE}.watch_command:watch",
    "note": f"{_WHERE}.care_commands:note",
    "rename": f"{_WHERE}.care_commands:rename",
    "trash": f"{_WHERE}.care_commands:trash",
    "pack": f"{_WHERE}.pack_commands:pack",
    "unpack": f"{_WHERE}.pack_commands:unpack",
    "tensorboard": f"{_WHERE}.tensorboard_command:tensorboard",
    "evaluate": f"{_WHERE}.evaluate_command:evaluate",
    "predict": f"{_WHERE}.predict_command:predict",
    "kernels": f"{_WHERE}.kernels_command:kernels",
    "activations": f"{_WHERE}.layers_commands:activations",
    "strongest": f"{_WHERE}.layers_commands:strongest",
    "explain": f"{_WHERE}.layers_commands:explain",
    "index": f"{_WHERE}.index_commands:index",
    "neighbours": f"{_WHERE}.index_commands:neighbours",
    "vote": f"{_WHERE}.vote_commands:vote",
    "suspects": f"{_WHERE}.vote_commands:suspects",
    "features": f"{_WHERE}.vote_commands:features",
    "demo": f"{_WHERE}.demo_command:demo",
    "import": f"{_WHERE}.exchange_commands:import_",
    "export": f"{_WHERE}.exchange_commands:export",
    "bench": f"{_WHERE}.bench_command:bench",
    "doctor": f"{_WHERE}.doctor_command:doctor",
}
NAMES = frozenset(COMMANDS)
