"""Attention that adds its padding mask only where a batch has padding.

The mask is a matrix of tokens by tokens, added in every layer to as many of them as there are
heads. Rows that a processor runs alone have no padding, and adding zeros is a tenth of their time
(docs/speed.md).
"""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import TensorProto, helper

_MASK = "attention_mask"
_UNPADDED = "all_read"


def branch_on_padding(path: Path) -> None:
    """Rewrite an encoder's ONNX graph so that a batch without padding has no mask added.

    Each softmax of scores and mask becomes an `If` of two: of the scores alone where
    `attention_mask` is 1 throughout, else of their sum. The answers stay what they are.

    Raises:
        ValueError: where the graph has no attention that adds a mask.
    """
    model = onnx.load(path)
    graph = model.graph
    makers = {output: node for node in graph.node for output in node.output}
    sums = {}
    for node in graph.node:
        before = makers.get(node.input[0]) if node.op_type == "Softmax" else None
        if before is not None and before.op_type == "Add":
            sums[node.output[0]] = before
    if not sums:
        raise ValueError(f"{path}: no attention that adds a mask")
    nodes = [
        helper.make_node("ReduceMin", [_MASK], [f"{_UNPADDED}_mask"], keepdims=0),
        helper.make_node("Cast", [f"{_UNPADDED}_mask"], [_UNPADDED], to=TensorProto.BOOL),
    ]
    replaced = {added.output[0] for added in sums.values()}
    for node in graph.node:
        if node.output[0] in sums:
            added = sums[node.output[0]]
            [scores] = [name for name in added.input if _of_product(name, makers)]
            nodes.append(_branches(node, added, scores))
        elif node.output[0] not in replaced:
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def _of_product(name: str, makers: dict[str, onnx.NodeProto]) -> bool:
    """Whether a matrix product goes into a value: scores are one, and a mask is none."""
    asked, seen = [name], set()
    while asked:
        node = makers.get(asked.pop())
        if node is None or node.output[0] in seen:
            continue
        if node.op_type.startswith("MatMul"):
            return True
        seen.add(node.output[0])
        asked += node.input
    return False


def _branches(softmax: onnx.NodeProto, added: onnx.NodeProto, scores: str) -> onnx.NodeProto:
    """An `If` in place of the softmax of a sum."""
    out = softmax.output[0]
    plain = helper.make_node("Softmax", [scores], [f"{out}_plain"], axis=-1)
    total = helper.make_node("Add", list(added.input), [f"{out}_sum"])
    masked = helper.make_node("Softmax", [f"{out}_sum"], [f"{out}_masked"], axis=-1)
    branches = {
        "then_branch": _graph("plain", [plain]),
        "else_branch": _graph("masked", [total, masked]),
    }
    return helper.make_node("If", [_UNPADDED], [out], name=f"{softmax.name}_branches", **branches)


def _graph(name: str, nodes: list[onnx.NodeProto]) -> onnx.GraphProto:
    output = helper.make_tensor_value_info(nodes[-1].output[0], TensorProto.FLOAT, None)
    return helper.make_graph(nodes, name, [], [output])
