// RUN: not tenon-opt %s --place-in-regions -split-input-file 2>&1 | FileCheck %s

// CHECK: error: an arena of 4096 bytes, where the memory file has room for 64 bytes in dtcm, 512 in sram; the peak is at 'conv', 'pool'
// CHECK: note: hint: a region with more room may be listed behind
module attributes {
    kernel.arena_size = 4096 : i64, kernel.peak_layers = ["conv", "pool"],
    kernel.regions = [
      {name = "dtcm", ram, size = 64 : i64}, {name = "sram", ram, size = 512 : i64},
      {name = "flash", size = 8192 : i64}]} {
}

// -----

// The region that is named has no room, whatever the others have.
// CHECK: error: an arena of 4096 bytes, where the memory file has room for 64 bytes in dtcm{{$}}
module attributes {
    kernel.arena_size = 4096 : i64,
    kernel.regions = [
      {name = "dtcm", ram, size = 64 : i64, arena}, {name = "sram", ram, size = 8192 : i64}]} {
}

// -----

// CHECK: error: constants of 512 bytes, where the memory file has room for 300 bytes in flash, 100 in qspi; the largest without a place has 256 bytes, in 'conv'
// CHECK: note: hint: a quantized model has smaller ones
module attributes {
    kernel.regions = [{name = "flash", size = 300 : i64}, {name = "qspi", size = 100 : i64}]} {
kernel.global @a = dense<1.0> : tensor<64xf32>
kernel.global @b = dense<2.0> : tensor<64xf32> loc("conv")
}
