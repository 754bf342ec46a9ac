# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# The lit suite of Tenon. Run it by `ninja check-tenon`, or a part of it by
#   lit build/test/passes            or, with build/ as the build folder,   lit test/passes/lower/some.mlir
# TENON_BUILD names another build folder for the second form.

import os
import shutil
import subprocess
import sys

import lit.formats

# pylint: disable=undefined-variable  (`config` and `lit_config` are lit's)


def configure():
    config.name = "Tenon"
    config.test_format = lit.formats.ShTest(execute_external=False)
    config.suffixes = [".mlir", ".test"]
    config.excludes = ["Inputs", "CMakeLists.txt", "README.md", "lib", "unit"]
    config.test_source_root = os.path.join(config.tenon_source, "test")
    config.test_exec_root = os.path.join(config.tenon_build, "test")

    # Tools by their bare names: Tenon's own, then FileCheck and not of LLVM.
    path = [os.path.join(config.tenon_build, "bin"), config.llvm_tools, os.path.dirname(sys.executable)]
    config.environment["PATH"] = os.pathsep.join(path + [os.environ.get("PATH", "")])
    for name in ("CCACHE_DIR", "CPLUS_INCLUDE_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS"):
        if name in os.environ:
            config.environment[name] = os.environ[name]
    search = config.environment["PATH"]

    # Real models are no part of the repository.
    models = os.environ.get("TENON_MODELS", os.path.join(config.tenon_source, "..", "shared", "models"))
    config.substitutions += [
        ("%python", sys.executable),
        ("%clang", shutil.which("clang++-19", path=search) or shutil.which("clang++", path=search) or "clang++"),
        ("%gcc", shutil.which("g++", path=search) or "g++"),
        ("%source", config.tenon_source),
        ("%build", config.tenon_build),
        ("%models", models),
        ("%llvm_include", config.llvm_include.split(";")[0]),
    ]

    # What a test may name in REQUIRES.
    features = set()
    for feature, tools in {
        "gcc": ["g++"],
        "clang": ["clang++-19"],
        "aarch64": ["aarch64-linux-gnu-g++", "qemu-aarch64"],
        "cortex-m": ["arm-none-eabi-g++", "qemu-system-arm"],
        "tenon": ["tenon"],
        "tenon-translate": ["tenon-translate"],
    }.items():
        if all(shutil.which(tool, path=search) for tool in tools):
            features.add(feature)
    for feature, module in {"onnx": "onnx", "onnxruntime": "onnxruntime", "numpy": "numpy"}.items():
        probe = [sys.executable, "-c", f"import importlib.util as u, sys; sys.exit(u.find_spec('{module}') is None)"]
        if subprocess.run(probe).returncode == 0:
            features.add(feature)
    if os.path.isdir(models):
        features.add("models")
    for target in config.llvm_targets.split():
        features.add(target.lower() + "-registered-target")
    features |= cpu_features()
    if lit_config.params.get("long"):
        features.add("long")  # lit -Dlong=1: minutes instead of seconds
    config.available_features |= features


def cpu_features():
    """The targets of x86 whose code this machine runs."""
    sys.path.insert(0, os.path.join(config.tenon_source, "test", "targets"))
    import machines

    return {name for name in machines.X86_FLAGS if machines.has_x86_level(name)}


if hasattr(config, "tenon_build"):
    configure()
else:
    source = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    build = os.environ.get("TENON_BUILD", os.path.join(source, "build"))
    lit_config.load_config(config, os.path.join(build, "test", "lit.site.cfg.py"))
