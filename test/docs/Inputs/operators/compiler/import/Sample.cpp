static void upgradeRelu(NodeProto &node) {
  if (node.op_type() == "Relu")
    node.clear();
}

static bool isElementwise(StringRef op) {
  if (op == "Relu" || op == "Tanh")
    return op == "Relu";
  return op == "Tanh";
}
