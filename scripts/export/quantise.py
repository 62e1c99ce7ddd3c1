"""The float32 model in a quarter of its size: weights and embedding table in 8 bits.

Needs onnx, onnxruntime, tokenizers and numpy, not torch. What was tried, on 1,060 commands that
are not in this repository (mean cosine to float32; commands a second of one core's time):

    float32                                                      1         169    90 MB
    dynamic int8, per tensor                                      .954     394    23 MB
    dynamic int8, per channel                                     .992     395    23 MB
    the same with smoothed inputs                                 .996     366    23 MB
    the same, 1536→384 in blocks of 128                           .998     326    23 MB
    everything in blocks of 128                                   .999     238    23 MB

The error sits in the six 1536→384 products: after GELU a few large numbers take the whole range
of a per-tensor scale. MatMulNBits scales each 256 inputs of each row by themselves; blocks of 128
are no better (.9986 against .9985 over 381 other texts), and a twentieth slower.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

HIDDEN = 384
BLOCK = 256
# How much of the range of the inputs moves into the weights (SmoothQuant's alpha).
SMOOTHING = 0.65
MAX_LENGTH = 256

Array = NDArray[Any]
Node = Any  # onnx.NodeProto: onnx has no types that mypy could check


class Graph:
    """An ONNX graph whose nodes and weights can be replaced by name."""

    def __init__(self, path: Path) -> None:
        self.model = onnx.load(str(path))
        self.graph = self.model.graph
        self._weights = {tensor.name: tensor for tensor in self.graph.initializer}

    def weight(self, name: str) -> Array | None:
        tensor = self._weights.get(name)
        return None if tensor is None else np.asarray(numpy_helper.to_array(tensor))

    def add_weight(self, name: str, values: Array) -> str:
        if name not in self._weights:
            tensor = numpy_helper.from_array(np.ascontiguousarray(values), name)
            self.graph.initializer.append(tensor)
            self._weights[name] = tensor
        return name

    def replace(self, node: Node, nodes: Iterable[Node]) -> None:
        """Put `nodes`, in order, where `node` was."""
        place = list(self.graph.node).index(node)
        self.graph.node.remove(node)
        for offset, new in enumerate(nodes):
            self.graph.node.insert(place + offset, new)

    def products(self, shape: tuple[int, int]) -> list[Node]:
        """The nodes that multiply with a weight of this shape: MatMul, or Attention's QKV."""
        return [
            node
            for node in self.graph.node
            if node.op_type in ("MatMul", "Attention")
            and (weight := self.weight(node.input[1])) is not None
            and weight.shape == shape
        ]

    def save(self, path: Path) -> None:
        """Write what the outputs need, and nothing else."""
        needed = {output.name for output in self.graph.output}
        for node in reversed(list(self.graph.node)):
            if needed.isdisjoint(node.output):
                self.graph.node.remove(node)
            else:
                needed.update(node.input)
        for tensor in list(self.graph.initializer):
            if tensor.name not in needed:
                self.graph.initializer.remove(tensor)
        onnx.save(self.model, str(path))


def quantise(source: Path, target: Path, tokenizer_file: Path, texts: Iterable[str]) -> None:
    """Write the 8-bit form of the fused model `source` to `target`.

    `texts` show how large the inputs of each product get.
    """
    graph = Graph(source)
    inputs = [*graph.products((HIDDEN, 3 * HIDDEN)), *graph.products((HIDDEN, 4 * HIDDEN))]
    ranges = _input_ranges(
        source, [node.input[0] for node in inputs], _tokens(tokenizer_file, texts)
    )
    _quantise_embedding(graph)
    for node in inputs:
        _smooth(graph, node, ranges[node.input[0]])
    for node in graph.products((4 * HIDDEN, HIDDEN)):
        _quantise_in_blocks(graph, node)
    prepared = target.with_suffix(".prepared.onnx")
    graph.save(prepared)
    quantize_dynamic(
        str(prepared),
        str(target),
        op_types_to_quantize=["MatMul", "Attention"],
        per_channel=True,
        # 7 bits: on AVX2 without VNNI, sums of two 8-bit products overflow their 16 bits.
        reduce_range=True,
        use_external_data_format=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )
    prepared.unlink()


def _tokens(tokenizer_file: Path, texts: Iterable[str]) -> Iterator[list[int]]:
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_LENGTH)
    for text in texts:
        yield tokenizer.encode(text).ids


def _input_ranges(
    source: Path, names: list[str], token_lists: Iterable[list[int]]
) -> dict[str, Array]:
    """The largest absolute value of each channel of the named tensors: float32 (channels,)."""
    model = onnx.load(str(source))
    for name in names:
        output = helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
        model.graph.output.append(output)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    ranges = {name: np.zeros(HIDDEN, np.float32) for name in names}
    for ids in token_lists:
        row = np.array([ids], np.int64)
        values = session.run(names, {"input_ids": row, "attention_mask": np.ones_like(row)})
        for name, value in zip(names, values, strict=True):
            np.maximum(ranges[name], np.abs(value).max(axis=(0, 1)), out=ranges[name])
    return ranges


def _smooth(graph: Graph, node: Node, largest: Array) -> None:
    """Divide the inputs of a product by a scale for each channel, and multiply its weights."""
    name = node.input[1]
    weight = graph.weight(name)
    assert weight is not None
    largest_weight = np.maximum(np.abs(weight).max(axis=1), 1e-6)
    scale = np.maximum(largest**SMOOTHING / largest_weight ** (1 - SMOOTHING), 1e-6)
    scale /= np.exp(np.log(scale).mean())
    smoothed = helper.make_node("Mul", [node.input[0], f"{name}_inverse"], [f"{name}_input"])
    graph.add_weight(f"{name}_inverse", (1 / scale).astype(np.float32))
    graph.add_weight(f"{name}_smooth", (weight * scale[:, None]).astype(np.float32))
    graph.graph.node.insert(list(graph.graph.node).index(node), smoothed)
    node.input[0], node.input[1] = f"{name}_input", f"{name}_smooth"


def _quantise_in_blocks(graph: Graph, node: Node) -> None:
    """MatMulNBits: 8-bit weights in blocks of BLOCK inputs, inputs rounded block by block."""
    name = node.input[1]
    weight = graph.weight(name)
    assert weight is not None
    rows, columns = weight.shape
    blocks = weight.T.reshape(columns, rows // BLOCK, BLOCK)
    scale = np.maximum(np.abs(blocks).max(axis=-1) / 127, 1e-12).astype(np.float32)
    rounded = np.clip(np.round(blocks / scale[..., None]) + 128, 0, 255).astype(np.uint8)
    inputs = [
        node.input[0],
        graph.add_weight(f"{name}_blocks", rounded),
        graph.add_weight(f"{name}_scales", scale),
    ]
    # accuracy_level 4: integer arithmetic. Zero points are 128 where none are given.
    facts = {"K": rows, "N": columns, "bits": 8, "block_size": BLOCK, "accuracy_level": 4}
    product = helper.make_node(
        "MatMulNBits", inputs, list(node.output), domain="com.microsoft", **facts
    )
    graph.replace(node, [product])


def _quantise_embedding(graph: Graph) -> None:
    """Take EmbedLayerNormalization apart: words in int8 with a scale each, positions in float32.

    Only the rows of the words at hand are made float32 again.
    """
    (fused,) = [node for node in graph.graph.node if node.op_type == "EmbedLayerNormalization"]
    words, positions, types = (graph.weight(fused.input[place]) for place in (2, 3, 4))
    assert words is not None and positions is not None and types is not None
    scale = np.maximum(np.abs(words).max(axis=1, keepdims=True) / 127, 1e-12)
    graph.add_weight("words", np.round(words / scale).astype(np.int8))
    graph.add_weight("word_scales", scale.astype(np.float32))
    graph.add_weight("positions", positions[:MAX_LENGTH] + types[0])
    graph.add_weight("zero", np.array([0], np.int64))
    graph.add_weight("one", np.array([1], np.int64))
    make = helper.make_node
    graph.replace(
        fused,
        [
            make("Gather", ["words", "input_ids"], ["word_rows"]),
            make("Cast", ["word_rows"], ["word_numbers"], to=onnx.TensorProto.FLOAT),
            make("Gather", ["word_scales", "input_ids"], ["row_scales"]),
            make("Mul", ["word_numbers", "row_scales"], ["word_vectors"]),
            make("Shape", ["input_ids"], ["length"], start=1, end=2),
            make("Slice", ["positions", "zero", "length", "zero"], ["position_vectors"]),
            make("Add", ["word_vectors", "position_vectors"], ["embedded"]),
            make(
                "LayerNormalization",
                ["embedded", fused.input[5], fused.input[6]],
                [fused.output[0]],
                axis=-1,
                epsilon=1e-12,
            ),
            # How many tokens of each row are no padding: what Attention takes for a mask.
            make("ReduceSum", [fused.input[7], "one"], [fused.output[1]], keepdims=0),
        ],
    )
