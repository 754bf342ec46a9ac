# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The targets, and the machines on which their code is tested: compilers, linkers, emulators, and what objects may need."""

import collections
import os
import re
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))

# A machine has a prefix of its GNU tools, flags of Clang and of GCC, and what runs its programs: a command (qemu's user mode,
# whose default processor has everything), or a board of qemu-system-arm. Objects may call `support`.
Machine = collections.namedtuple("Machine", "name cross clang gcc emulator board support")
# A board's name, and where its code and its RAM begin.
Board = collections.namedtuple("Board", "name code ram")

# What freestanding compilers need anyway, and the name by which position-independent code finds its data.
MEMORY = {"memcpy", "memset", "memmove", "_GLOBAL_OFFSET_TABLE_"}
# Clang's names for them under Arm's EABI: section 4.3.4 of its run-time ABI.
ARM_MEMORY = [f"mem{name}{alignment}" for name in ("cpy", "move", "set", "clr") for alignment in ("", "4", "8")]
# 64-bit integers and doubles, which no Cortex-M4F computes itself: sections 4.1 and 4.2 there.
DOUBLES = """
    dadd dsub drsub dmul ddiv dcmpeq dcmplt dcmple dcmpge dcmpgt dcmpun f2d d2f i2d ui2d l2d ul2d l2f ul2f
    d2iz d2uiz d2lz d2ulz f2lz f2ulz lmul llsl llsr lasr lcmp ulcmp ldivmod uldivmod""".split()
# What a Cortex-M0 lacks beyond that: floats, and division.
FLOATS = """
    fadd fsub frsub fmul fdiv fcmpeq fcmplt fcmple fcmpge fcmpgt fcmpun i2f ui2f f2iz f2uiz
    idiv uidiv idivmod uidivmod""".split()
# GCC's tables of jumps in code for the first Thumb.
JUMPS = {f"__gnu_thumb1_case_{kind}" for kind in ("sqi", "uqi", "shi", "uhi", "si")}
# What tables for exceptions name where C++ has them by default.
UNWINDING = {"__aeabi_unwind_cpp_pr0"}


def aeabi(names):
    return {"__aeabi_" + name for name in names}


# GCC's names of the same on RISC-V: "The GCC low-level runtime library", without what is wider than 64 bits.
RISCV = {f"__{name}{mode}3" for name in ("add", "sub", "mul", "div") for mode in ("sf", "df")}
RISCV |= {f"__{name}{mode}2" for name in ("eq", "ne", "lt", "le", "gt", "ge", "unord") for mode in ("sf", "df")}
RISCV |= {f"__float{sign}{whole}{real}" for sign in ("", "un") for whole in ("si", "di") for real in ("sf", "df")}
RISCV |= {f"__fix{sign}{real}{whole}" for sign in ("", "uns") for whole in ("si", "di") for real in ("sf", "df")}
RISCV |= {f"__{name}di3" for name in ("mul", "div", "udiv", "mod", "umod", "ashl", "ashr", "lshr")}
RISCV |= {"__extendsfdf2", "__truncdfsf2"}
# What the linker of WebAssembly makes.
WASM = {"__linear_memory", "__stack_pointer", "__indirect_function_table"}



def bare(name, triple, flags, board, support=frozenset()):
    flags = f"-mcpu={name} {flags} -mthumb -ffreestanding -fno-exceptions".split()
    return Machine(name, "arm-none-eabi-", [f"--target={triple}", *flags], flags, [], board,
                   MEMORY | aeabi(ARM_MEMORY + DOUBLES) | support)


def linux(name, system, qemu, flags="", support=frozenset()):
    return Machine(name, system + "-", [f"--target={system}", *flags.split()], flags.split(), [qemu, "-L", f"/usr/{system}"], None,
                   MEMORY | support)


HOST = Machine("x86-64", "", [], [], [], None, MEMORY)
MACHINES = [
    HOST,
    linux("aarch64", "aarch64-linux-gnu", "qemu-aarch64"),
    linux("armv7", "arm-linux-gnueabihf", "qemu-arm", "-mcpu=cortex-a7 -mfpu=neon-vfpv4",
          aeabi(ARM_MEMORY + DOUBLES) | UNWINDING),
    # Code for the M0 on an M3 board, which has more memory than any M0 board.
    bare("cortex-m0", "thumbv6m-none-eabi", "", Board("mps2-an385", 0, 0x21000000), aeabi(FLOATS) | JUMPS),
    bare("cortex-m4", "thumbv7em-none-eabihf", "-mfpu=fpv4-sp-d16 -mfloat-abi=hard", Board("mps2-an386", 0, 0x21000000)),
    bare("cortex-m7", "thumbv7em-none-eabihf", "-mfpu=fpv5-sp-d16 -mfloat-abi=hard", Board("mps2-an500", 0, 0x60000000)),
    bare("cortex-m33", "thumbv8m.main-none-eabihf", "-mfpu=fpv5-sp-d16 -mfloat-abi=hard", Board("mps2-an505", 0x10000000, 0x38000000)),
    bare("cortex-m55", "thumbv8.1m.main-none-eabihf", "-mfloat-abi=hard", Board("mps3-an547", 0, 0x21000000)),
]

# What a processor must say in /proc/cpuinfo to run code for an x86 target.
X86_V3 = {"avx2", "fma", "bmi1", "bmi2", "f16c", "abm", "movbe"}
X86_V4 = X86_V3 | {"avx512f", "avx512bw", "avx512vl", "avx512dq", "avx512cd"}
X86_FLAGS = {
    "x86-64-v2": {"sse4_2", "popcnt"},
    "x86-64-v3": X86_V3,
    "x86-64-v3-vnni": X86_V3 | {"avx_vnni"},
    "x86-64-v4": X86_V4,
    "x86-64-v4-vnni": X86_V4 | {"avx512_vnni"},
}

# Every target of the table (targets.test compares): lanes, what the low form has there (`bytes`: vectors of sixteen), the machine
# that runs it, and the first target that gives the same bits, since it has as many lanes and partial sums, and the same `fma`.
Target = collections.namedtuple("Target", "name lanes has machine bits")


def target(name, lanes, has, machine=None, bits=None):
    return Target(name, lanes, set(has.split()), get_machine(machine or name), bits or name)


def get_machine(name):
    return next(machine for machine in MACHINES if machine.name == name)


TARGETS = [
    target("portable", 4, "vectors bytes", "x86-64"),
    target("scalar", 1, "", "x86-64", "portable"),
    target("x86-64-v2", 4, "vectors bytes sqrt double", "x86-64"),
    target("x86-64-v3", 8, "vectors bytes fma sqrt double", "x86-64"),
    target("x86-64-v3-vnni", 8, "vectors bytes fma sqrt double", "x86-64", "x86-64-v3"),
    target("x86-64-v4", 16, "vectors bytes fma sqrt double", "x86-64"),
    target("x86-64-v4-vnni", 16, "vectors bytes fma sqrt double", "x86-64", "x86-64-v4"),
    target("aarch64", 4, "vectors bytes fma sqrt double"),
    target("cortex-a53", 4, "vectors bytes fma sqrt double", "aarch64", "aarch64"),
    target("cortex-a72", 4, "vectors bytes fma sqrt double", "aarch64", "aarch64"),
    target("cortex-a76", 4, "vectors bytes fma sqrt double", "aarch64", "aarch64"),
    target("armv7", 1, "fma sqrt", bits="cortex-m4"),
    target("cortex-m0", 1, "", bits="portable"),
    target("cortex-m4", 1, "fma sqrt"),
    target("cortex-m7", 1, "fma sqrt", bits="cortex-m4"),
    target("cortex-m33", 1, "fma sqrt", bits="cortex-m4"),
    target("cortex-m55", 1, "fma sqrt bytes", bits="cortex-m4"),
]
# Those whose code is compiled in tests and not run, and why.
NOT_RUN = {
    "host": "is the row that fits the machine that compiles",
    "riscv32imc": "no compiler and no emulated board of it is installed",
    "wasm32": "no emulator of it is installed",
}

# What objects for a target may call.
SUPPORT = {row.name: row.machine.support for row in TARGETS}
SUPPORT |= {machine.name: machine.support for machine in MACHINES}
SUPPORT |= {"host": MEMORY, "riscv32imc": MEMORY | RISCV, "wasm32": MEMORY | WASM}

SANITIZE = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]


class Failure(Exception):
    """A command failed, or an object is not as it must be."""


def find_tool(*names):
    return next((name for name in names if shutil.which(name)), names[0])


def run(command, **kwargs):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", **kwargs)
    if done.returncode != 0:
        raise Failure(f"{' '.join(command)}\n{done.stderr[-4000:]}{done.stdout[-500:]}")
    return done.stdout


def can_build(machine):
    return bool(shutil.which(machine.cross + "gcc"))


def can_run(machine):
    emulator = "qemu-system-arm" if machine.board else machine.emulator[0] if machine.emulator else None
    return can_build(machine) and (emulator is None or bool(shutil.which(emulator)))


def read_flags():
    """What the processor of this machine has, in Linux's words."""
    if not os.path.exists("/proc/cpuinfo"):
        return set()
    with open("/proc/cpuinfo") as info:
        return set(next((line for line in info if line.startswith("flags")), "").split())


def has_x86_level(target):
    """Whether this machine runs code for a target, if that is one of x86."""
    return X86_FLAGS[target] <= read_flags() if target.startswith("x86") else True


def get_compiler(machine, emitter, language="c++"):
    """The compiler `gcc` or `clang` for a machine, with its flags."""
    plus = "++" if language == "c++" else ""
    if emitter.startswith("gcc"):
        return [machine.cross + ("g++" if plus else "gcc"), *machine.gcc]
    return [find_tool(f"clang{plus}-19", f"clang{plus}"), *machine.clang]


def is_c(emitter):
    """Whether an emitter is a compiler of C: gcc-c, clang-c. It compiles for what has no vectors."""
    return emitter.endswith("-c")


def compile_source(machine, emitter, level, source, output, *flags):
    """Compiles emitted C or C++ with warnings as errors."""
    language, standard = ("c", "c11") if is_c(emitter) else ("c++", "c++11")
    run([*get_compiler(machine, emitter, language), "-std=" + standard, *WARNINGS, "-" + level, *flags, "-x", language, "-c", source,
         "-o", output])
    return output


def link(machine, sources, objects, output, flags=(), compiler=None):
    """Links C sources and objects; returns the command that runs the program. On bare metal the sources see BARE and print by
    `put`."""
    compiler = compiler or machine.cross + "gcc"
    if not machine.board:
        run([compiler, "-O1", *flags, *sources, *objects, "-o", output])
        return [*machine.emulator, output]
    places = f"-Wl,--defsym=CODE_BEGIN={machine.board.code:#x},--defsym=RAM_BEGIN={machine.board.ram:#x}"
    run([compiler, "-O1", *machine.gcc, "-DBARE", *flags, *sources, os.path.join(HERE, "bare.c"), *objects, "-nostartfiles",
         "--specs=nano.specs", "-Wl,--no-warn-rwx-segments", places, "-T", os.path.join(HERE, "bare.ld"), "-o", output])
    return ["qemu-system-arm", "-M", machine.board.name, "-display", "none", "-monitor", "none", "-serial", "none", "-chardev",
            "stdio,id=out", "-semihosting-config", "enable=on,target=native,chardev=out", "-kernel", output]


def check_symbols(target, paths, model=None):
    """Objects or archives that make up a model need nothing but what the target's list has, and define no variable. With the
    model's name: everything that other objects see begins with it, and the functions of the interface are there."""
    text = run([find_tool("llvm-nm-19", "llvm-nm", "nm"), "--no-sort", *paths])
    symbols = [match.groups() for match in re.finditer(r"^[0-9a-f ]* (\w) (\S+)$", text, re.M)]
    defined = {name for kind, name in symbols if kind != "U"}
    for kind, name in symbols:
        if kind == "U" and name not in SUPPORT[target] | defined:
            raise Failure(f"'{name}' is undefined in {' '.join(paths)}")
        # Code and constants. (WebAssembly has no read-only memory.)
        if kind not in ("UTtd" if target == "wasm32" else "UTtRr"):
            raise Failure(f"'{name}' is of kind {kind} in {' '.join(paths)}")
        if model and kind in "TR" and not name.startswith(model + "_"):
            raise Failure(f"'{name}' is visible in {' '.join(paths)}")
    functions = {name for kind, name in symbols if kind == "T"}
    if model and functions != {f"{model}_{name}" for name in ("describe", "run", "run_ex")}:
        raise Failure(f"{' '.join(paths)} defines {', '.join(sorted(functions))}")
