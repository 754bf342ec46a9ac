// RUN: tenon-opt %s --set-target=name=portable | FileCheck %s --check-prefix=PORTABLE
// RUN: tenon-opt %s --set-target=name=cortex-m4 | FileCheck %s --check-prefix=M4
// RUN: tenon-opt %s --set-target=name=x86-64-v4 | FileCheck %s --check-prefix=V4
// RUN: tenon-opt %s --set-target=name=host | FileCheck %s --check-prefix=HOST
// RUN: not tenon-opt %s --set-target=name=z80 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// `portable` uses nothing whose result depends on the machine.
// PORTABLE: #kernel.target<name = "portable"
// PORTABLE-SAME: lanes = 4
// PORTABLE-NOT: fma
// PORTABLE-NOT: sqrt
// M4: #kernel.target<name = "cortex-m4", triple = "thumbv7em-unknown-none-eabihf", cpu = "cortex-m4", abi = "hard", lanes = 1, reductionLanes = 1, registers = 32, fma = true, sqrt = true, dot = dsp, indexBits = 32, alignment = 8>
// V4: lanes = 16, reductionLanes = 16, registers = 32
// HOST: #kernel.target<name = "{{x86-64-v[234](-vnni)?|aarch64|portable}}"
// UNKNOWN: error: unknown target 'z80'
module {}
