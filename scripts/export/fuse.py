"""Fuse the traced graph into the operators that ONNX Runtime has for transformers.

Needs scripts/requirements-export.txt.
"""

from pathlib import Path

from onnx import ModelProto, NodeProto, helper
from onnxruntime.transformers import optimizer

HEADS, HIDDEN = 12, 384
WANTED = {"Attention": 6, "BiasGelu": 6, "SkipLayerNormalization": 12}


class FusionError(Exception):
    """ONNX Runtime did not fuse what it fuses in the versions that were tried."""


def fuse(traced: Path, target: Path) -> None:
    """Write the fused model, and its weights to `target`.data. Raises FusionError."""
    fused = optimizer.optimize_model(
        str(traced), "bert", num_heads=HEADS, hidden_size=HIDDEN, opt_level=0
    )
    found = fused.get_fused_operator_statistics()
    if any(found.get(name) != count for name, count in WANTED.items()):
        raise FusionError(f"ONNX Runtime fused {found}, not {WANTED}")
    _part_layer_norms(fused.model)
    # The weights in a file of their own, which ONNX Runtime maps: of the table of words, half of
    # the model, only the rows in use come into memory.
    fused.save_model_to_file(str(target), use_external_data_format=True)


def _part_layer_norms(model: ModelProto) -> None:
    """Take SkipLayerNormalization apart again.

    On CPUs, two additions and LayerNormalization take a third of its time (ONNX Runtime 1.32):
    the 8-bit model is faster by an eighth.
    """
    nodes: list[NodeProto] = []
    for node in model.graph.node:
        nodes += _parted(node) if node.op_type == "SkipLayerNormalization" else [node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def _parted(node: NodeProto) -> list[NodeProto]:
    data, skip, scale, shift, bias = node.input
    output = node.output[0]
    (epsilon,) = (attribute.f for attribute in node.attribute if attribute.name == "epsilon")
    return [
        helper.make_node("Add", [data, bias], [f"{output}_biased"]),
        helper.make_node("Add", [f"{output}_biased", skip], [f"{output}_sum"]),
        helper.make_node(
            "LayerNormalization",
            [f"{output}_sum", scale, shift],
            [output],
            axis=-1,
            epsilon=epsilon,
        ),
    ]
