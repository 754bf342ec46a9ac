# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the nn form of well-known networks, for tests of the planner: networks.py NAME [SEED]; networks.py wilds FIRST LAST

The layers have the shapes of the real ones (MLPerf Tiny's four, and some with more branches), the form that fusion
leaves (bias, activation and residual in the epilogue), and weights that are splats.
"""
import random
import sys


class Network:
    def __init__(self):
        self.globals, self.lines, self.results = [], [], []
        self.count = 0
        self.shapes = {}
        self.inputs = []

    def name(self, stem):
        self.count += 1
        return f"%{stem}{self.count}"

    def type(self, value):
        return "tensor<" + "".join(f"{size}x" for size in self.shapes[value]) + "f32>"

    def input(self, *shape):
        value = f"%x{len(self.inputs)}"
        self.inputs.append(value)
        self.shapes[value] = shape
        return value

    def weight(self, *shape):
        value = self.name("w")
        self.shapes[value] = shape
        self.globals.append(f"kernel.global @{value[1:]} = dense<1.0> : {self.type(value)}")
        self.lines.append(f"{value} = nn.weight @{value[1:]} : {self.type(value)}")
        return value

    def layer(self, stem, kind, shape, parallel, reduction, ins, extras, maps, dims, out, tail, onto=None):
        value = self.name(stem)
        self.shapes[value] = shape
        if not onto:
            onto = f"{value}_e"
            self.lines.append(f"{onto} = tensor.empty() : {self.type(value)}")

        def operands(word, values):
            return f"{word}({', '.join(values)} : {', '.join(map(self.type, values))}) " if values else ""

        text = f"{value} = nn.{kind} parallel {list(parallel)} "
        text += f"reduction {list(reduction)} " if kind != "map" else ""
        text += operands("ins", ins) + operands("extras", extras) + f"outs({onto} : {self.type(value)}) maps ["
        text += ", ".join(f"affine_map<({dims}) -> ({m})>" for m in maps + [out]) + f"] {tail} "
        self.lines.append(f'{text}-> {self.type(value)} loc("{value[1:]}")')
        return value

    def epilogue(self, extras, relu=True):
        args = ["%acc: f32"] + [f"%e{i}: f32" for i in range(extras)]
        text, last = f"epilogue {{ ^bb0({', '.join(args)}): ", "%acc"
        for i in range(extras):
            text += f"%s{i} = arith.addf {last}, %e{i} : f32 "
            last = f"%s{i}"
        if relu:
            text += f"%z = arith.constant 0.0 : f32 %r = arith.maximumf {last}, %z : f32 "
            last = "%r"
        return text + f"nn.yield {last} : f32 }}"

    def conv(self, x, channels, kernel, stride=1, residual=None, relu=True, stem="conv"):
        _, height, width, depth = self.shapes[x]
        rows, cols = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        height, width = -(-height // stride), -(-width // stride)
        w, b = self.weight(channels, rows, cols, depth), self.weight(channels)
        extras = [b] + ([residual] if residual else [])
        at = lambda dim, k, n: f"{dim} * {stride} + {k} - {(n - 1) // 2}"
        return self.layer(stem, "contract", (1, height, width, channels), [1, height, width, channels], [rows, cols, depth],
                          [x, w], extras, [f"n, {at('h', 'a', rows)}, {at('w', 'b', cols)}, c", "o, a, b, c", "o"] +
                          (["n, h, w, o"] if residual else []), "n, h, w, o, a, b, c", "n, h, w, o",
                          self.epilogue(len(extras), relu))

    def depthwise(self, x, kernel=3, stride=1):
        _, height, width, depth = self.shapes[x]
        height, width = -(-height // stride), -(-width // stride)
        w, b = self.weight(kernel, kernel, depth), self.weight(depth)
        at = lambda dim, k: f"{dim} * {stride} + {k} - {(kernel - 1) // 2}"
        return self.layer("dw", "contract", (1, height, width, depth), [1, height, width, depth], [kernel, kernel], [x, w],
                          [b], [f"n, {at('h', 'a')}, {at('w', 'b')}, o", "a, b, o", "o"], "n, h, w, o, a, b",
                          "n, h, w, o", self.epilogue(1))

    def dense(self, x, units, relu=True):
        n, depth = self.shapes[x]
        w, b = self.weight(units, depth), self.weight(units)
        return self.layer("dense", "contract", (n, units), [n, units], [depth], [x, w], [b], ["n, k", "o, k", "o"],
                          "n, o, k", "n, o", self.epilogue(1, relu))

    def mean(self, x):
        _, height, width, depth = self.shapes[x]
        sums = "init [0.0 : f32] combine { ^bb0(%in: f32, %acc: f32): %s = arith.addf %in, %acc : f32 nn.yield %s : f32 } "
        return self.layer("mean", "reduce", (1, depth), [1, depth], [height, width], [x], [], ["n, h, w, c"],
                          "n, c, h, w", "n, c", sums + self.epilogue(0, False))

    def elementwise(self, stem, *values):
        shape = self.shapes[values[0]]
        dims = ", ".join(f"d{i}" for i in range(len(shape)))
        args = ", ".join(f"%a{i}: f32" for i in range(len(values)))
        body, last = f"body {{ ^bb0({args}): ", "%a0"
        for i in range(1, len(values)):
            body += f"%s{i} = arith.addf {last}, %a{i} : f32 "
            last = f"%s{i}"
        body += f"%v = arith.negf {last} : f32 nn.yield %v : f32 }}"
        return self.layer(stem, "map", shape, shape, [], list(values), [], [dims] * len(values), dims, dims, body)

    def slice(self, x, offset, channels):
        *outer, _ = self.shapes[x]
        return self.box(x, [0] * len(outer) + [offset], (*outer, channels))

    def box(self, x, offsets, shape):
        dims = ", ".join(f"d{i}" for i in range(len(shape)))
        source = ", ".join(f"d{i} + {offset}" for i, offset in enumerate(offsets))
        return self.layer("slice", "map", shape, shape, [], [x], [], [source], dims, dims,
                          "body { ^bb0(%a: f32): nn.yield %a : f32 }")

    def phases(self, x, channels, values=None):
        """A transposed convolution by 2: four layers, each writes a quarter of the pixels over the result so far."""
        _, height, width, depth = self.shapes[x]
        shape = (1, 2 * height, 2 * width, channels)
        last = None
        for a in (0, 1):
            for b in (0, 1):
                last = self.layer("phase", "contract", shape, [1, height, width, channels], [depth],
                                  [x, self.weight(channels, depth)], [], ["n, h, w, c", "o, c"], "n, h, w, o, c",
                                  f"n, h * 2 + {a}, w * 2 + {b}, o", self.epilogue(0), last)
                if values is not None:
                    values.append(last)
        return last

    def pad(self, x, before, after):
        value = self.name("pad")
        _, height, width, depth = self.shapes[x]
        self.shapes[value] = (1, height + before + after, width + before + after, depth)
        self.lines.append(f"{value} = nn.assemble ({x} at [0, {before}, {before}, 0]) fill 0.0 : f32 : "
                          f'({self.type(x)}) -> {self.type(value)} loc("{value[1:]}")')
        return value

    def concat(self, *parts):
        value = self.name("concat")
        *outer, _ = self.shapes[parts[0]]
        offset, text = 0, []
        for part in parts:
            text.append(f"{part} at {[0] * len(outer) + [offset]}")
            offset += self.shapes[part][-1]
        self.shapes[value] = (*outer, offset)
        self.lines.append(f"{value} = nn.assemble ({', '.join(text)}) : ({', '.join(map(self.type, parts))}) -> "
                          f'{self.type(value)} loc("{value[1:]}")')
        return value

    def reshape(self, x, *shape):
        value = self.name("reshape")
        self.shapes[value] = shape
        self.lines.append(f"{value} = nn.reshape {x} : {self.type(x)} -> {self.type(value)}")
        return value

    def text(self, *results):
        args = ", ".join(f"{value}: {self.type(value)}" for value in self.inputs)
        types = ", ".join(map(self.type, results))
        body = "\n  ".join(self.lines)
        return "\n".join(self.globals) + f"\nfunc.func @network({args}) -> ({types}) {{\n  {body}\n  " \
            f"return {', '.join(results)} : {types}\n}}\n"


def softmax(net, x):
    """Three layers, as the lowering makes them: the maximum, exponentials and their sum, the quotient."""
    net.lines.append("// softmax")
    return net.elementwise("softmax", x)


def resnet8(net):
    x = net.conv(net.input(1, 32, 32, 3), 16, 3)
    for channels in (16, 32, 64):
        stride = 1 if channels == 16 else 2
        y = net.conv(x, channels, 3, stride)
        if stride == 1:
            x = net.conv(y, channels, 3, residual=x)
        else:
            y = net.conv(y, channels, 3, relu=False)
            x = net.conv(x, channels, 1, stride, residual=y, stem="skip")
    return [softmax(net, net.dense(net.mean(x), 10, False))]


def dscnn(net):
    x = net.conv(net.input(1, 49, 10, 1), 64, (10, 4), 2)
    for _ in range(4):
        x = net.conv(net.depthwise(x), 64, 1)
    return [softmax(net, net.dense(net.mean(x), 12, False))]


def mobilenet(net):
    x = net.conv(net.input(1, 96, 96, 3), 8, 3, 2)
    for channels, stride in [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2)] + [(128, 1)] * 5 + [(256, 2), (256, 1)]:
        x = net.conv(net.depthwise(x, 3, stride), channels, 1)
    return [softmax(net, net.dense(net.mean(x), 2, False))]


def autoencoder(net):
    x = net.input(1, 640)
    for units in [128] * 4 + [8] + [128] * 4:
        x = net.dense(x, units)
    return [net.dense(x, 640, False)]


def densenet(net):
    x = net.conv(net.input(1, 32, 32, 3), 16, 3)
    for _ in range(6):
        x = net.concat(x, net.conv(net.conv(x, 32, 1), 8, 3))
    return [net.mean(x)]


def inception(net):
    """Branches of very different width: the order matters."""
    x = net.conv(net.input(1, 32, 32, 3), 16, 3)
    for _ in range(2):
        a = net.conv(x, 16, 1)
        b = net.conv(net.conv(x, 64, 1), 8, 3)
        c = net.conv(net.conv(net.conv(x, 32, 1), 32, 3), 8, 3)
        d = net.conv(net.elementwise("pool", x), 16, 1)
        x = net.concat(a, b, c, d)
    return [net.mean(x)]


def shufflenet(net):
    """Split, one half through layers, concatenated again."""
    x = net.conv(net.input(1, 16, 16, 3), 32, 3)
    for _ in range(4):
        left, right = net.slice(x, 0, 16), net.slice(x, 16, 16)
        right = net.conv(net.depthwise(net.conv(right, 16, 1)), 16, 1)
        x = net.concat(left, right)
    return [net.mean(x)]


def unet(net):
    x = net.conv(net.input(1, 32, 32, 3), 8, 3)
    a = x
    b = net.conv(a, 16, 3, 2)
    c = net.conv(b, 32, 3, 2)
    y = net.reshape(net.conv(c, 64, 1), 1, 16, 16, 16)
    y = net.conv(net.concat(y, b), 32, 3)
    y = net.reshape(y, 1, 32, 32, 8)
    return [net.conv(net.concat(y, a), 1, 1, relu=False)]


def parts(net, count=200):
    """Split into many, each through one layer, concatenated in reverse."""
    x = net.elementwise("map", net.input(1, 4 * count))
    outs = [net.elementwise("part", net.slice(x, 4 * i, 4)) for i in range(count)]
    return [net.elementwise("map", net.concat(*reversed(outs)))]


def deconv(net):
    x = net.conv(net.input(1, 8, 8, 3), 8, 3)
    return [net.conv(net.phases(net.phases(x, 8), 4), 1, 1)]


def wild(net, seed):
    """A random graph of everything."""
    rand = random.Random(seed)
    values = [net.input(1, 8, 8, 8), net.input(1, 8, 8, 4)]
    for _ in range(rand.randint(3, 25)):
        recent = values[-6:] if rand.random() < 0.7 else values
        x = rand.choice(recent)
        _, height, _, depth = net.shapes[x]
        same = [v for v in values if net.shapes[v] == net.shapes[x]]
        high = [v for v in recent if net.shapes[v][1] == height]
        kind = rand.choice(["conv", "conv", "residual", "map", "map2", "slice", "concat", "concat", "depthwise", "reshape",
                            "pad", "crop", "phases"])
        count = len(values)
        if kind == "conv":
            values.append(net.conv(x, rand.choice([2, 4, 8, 16]), rand.choice([1, 3])))
        elif kind == "residual":
            values.append(net.conv(rand.choice(high), depth, 1, residual=x))
        elif kind == "map":
            values.append(net.elementwise("map", x))
        elif kind == "map2":
            values.append(net.elementwise("map", x, rand.choice(same)))
        elif kind == "slice" and depth > 1:
            offset = rand.randrange(depth)
            values.append(net.slice(x, offset, rand.randint(1, depth - offset)))
        elif kind == "concat":
            values.append(net.concat(*(rand.choice(high) for _ in range(rand.randint(2, 3)))))
        elif kind == "depthwise":
            values.append(net.depthwise(x))
        elif kind == "reshape":
            values.append(net.reshape(net.reshape(x, height * height * depth), 1, height, height, depth))
        elif kind == "pad":
            values.append(net.pad(x, rand.choice([0, 1, 2]), rand.choice([0, 1, 2])))
        elif kind == "crop" and height > 2:
            offset = rand.choice([0, 1, 2])
            values.append(net.box(x, [0, offset, offset, 0], (1, height - 2, height - 2, depth)))
        elif kind == "phases":
            net.phases(x, rand.choice([2, 4]), values if rand.random() < 0.4 else None)
            if len(values) == count:
                values.append(f"%phase{net.count}")
        if net.shapes[values[-1]][-1] > 64 or net.shapes[values[-1]][1] > 40:
            del values[count:]
    return [rand.choice(values) for _ in range(rand.randint(1, 3))]


def write(name, *arguments):
    net = Network()
    results = globals()[name](net, *arguments)
    return net.text(*results)


def main():
    name, *arguments = sys.argv[1:]
    if name == "wilds":
        print("// -----\n".join(write("wild", seed) for seed in range(*map(int, arguments))))
    else:
        print(write(name, *map(int, arguments)))


if __name__ == "__main__":
    main()
