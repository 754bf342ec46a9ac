"""Maps that are fused: a chain of `count` additions, or sums over `count` inputs in all."""

import sys

kind, count = sys.argv[1], int(sys.argv[2])
T = "tensor<4xf32>"
SAME = "affine_map<(i) -> (i)>"


def layer(result, inputs, body):
    args = ", ".join(f"%a{i}: f32" for i in range(len(inputs)))
    types = ", ".join([T] * len(inputs))
    maps = ", ".join([SAME] * (len(inputs) + 1))
    return f"""  %{result} = nn.map parallel [4] ins({", ".join("%" + v for v in inputs)} : {types}) outs(%e : {T})
      maps [{maps}] body {{
  ^bb0({args}):
    {body}
    nn.yield %r : f32
  }} -> {T}"""


if kind == "chain":
    names = ["x"] + [f"t{i}" for i in range(count)]
    lines = [layer(names[i + 1], [names[i]], "%r = arith.addf %a0, %a0 : f32") for i in range(count)]
    inputs, last = ["x"], names[-1]
else:
    inputs = [f"x{i}" for i in range(count + 1)]
    names = ["x0"] + [f"t{i}" for i in range(count)]
    lines = [
        layer(names[i + 1], [names[i], f"x{i + 1}"], "%r = arith.addf %a0, %a1 : f32") for i in range(count)
    ]
    last = names[-1]
print(f"func.func @main({', '.join(f'%{name}: {T}' for name in inputs)}) -> {T} {{")
print(f"  %e = tensor.empty() : {T}")
print("\n".join(lines))
print(f"  return %{last} : {T}\n}}")
