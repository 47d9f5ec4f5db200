"""The names that no attribute of a written module can have: Python's keywords, and what `nn.Module` has itself."""

from __future__ import annotations

import keyword

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.spec import Spec

# As of torch 2.14; written down, because the text of a network is made without torch.
# fmt: off
OF_MODULES = frozenset((
    "T_destination", "add_module", "apply", "bfloat16", "buffers", "call_super_init", "children",
    "compile", "cpu", "cuda", "double", "dump_patches", "eval", "extra_repr", "float", "forward",
    "get_buffer", "get_extra_state", "get_parameter", "get_submodule", "half", "ipu", "load_state_dict",
    "modules", "mtia", "named_buffers", "named_children", "named_modules", "named_parameters",
    "parameters", "register_backward_hook", "register_buffer", "register_forward_hook",
    "register_forward_pre_hook", "register_full_backward_hook", "register_full_backward_pre_hook",
    "register_load_state_dict_post_hook", "register_load_state_dict_pre_hook", "register_module",
    "register_parameter", "register_state_dict_post_hook", "register_state_dict_pre_hook",
    "requires_grad_", "set_extra_state", "set_submodule", "share_memory", "state_dict", "to",
    "to_empty", "train", "training", "type", "xpu", "zero_grad",
))
# fmt: on


def check_names(spec: Spec) -> None:
    """Raises `BadInput` ("layer_name_taken")."""
    for layer in spec.layers:
        owner = "Python" if keyword.iskeyword(layer.name) else "torch" if layer.name in OF_MODULES else ""
        if owner:
            raise BadInput(
                "layer_name_taken",
                "No layer of the network {network} can be called {layer}, which {owner} needs. Rename it.",
                network=spec.name,
                layer=layer.name,
                owner=owner,
            )
