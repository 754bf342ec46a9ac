// RUN: tenon-opt %s --place-in-regions -split-input-file -verify-diagnostics | FileCheck %s

// The arena gets the first region that has room for it. The convolution reads each
// of its weights 100 times and stays where there is room for one of the two; a
// constant without a layer, here a table, stays too.
// CHECK: kernel.regions = [{name = "dtcm", ram, size = 64 : i64}, {arena, name = "sram", ram, size = 512 : i64, used = 128 : i64},
// CHECK-SAME: {name = "flash", size = 300 : i64, used = 288 : i64}, {name = "qspi", section = ".qspi", size = 4096 : i64, used = 256 : i64}]
module attributes {
    kernel.target = #kernel.target<name = "test", lanes = 1, indexBits = 32, alignment = 8>,
    kernel.arena_size = 128 : i64,
    kernel.layers = [
      {nodes = ["conv"], operation = "contract", macs = 25600 : i64, weight_bytes = 256 : i64},
      {nodes = ["dense"], operation = "contract", macs = 64 : i64, weight_bytes = 256 : i64}],
    kernel.regions = [
      {name = "dtcm", ram, size = 64 : i64}, {name = "sram", ram, size = 512 : i64},
      {name = "flash", size = 300 : i64}, {name = "qspi", size = 4096 : i64, section = ".qspi"}]} {
// CHECK: kernel.global @dense {kernel.section = ".qspi"}
kernel.global @dense = dense<1.0> : tensor<64xf32>
// CHECK: kernel.global @conv = dense
kernel.global @conv = dense<2.0> : tensor<64xf32>
// CHECK: kernel.global @table = dense
kernel.global @table = dense<3> : tensor<32xi8>
func.func @run() {
  %0 = kernel.constant @dense : memref<64xf32>
  %1 = kernel.constant @conv : memref<64xf32>
  %2 = kernel.constant @table : memref<32xi8>
  func.call @one(%0) : (memref<64xf32>) -> () loc("dense")
  func.call @one(%1) : (memref<64xf32>) -> () loc("conv")
  func.call @other(%2) : (memref<32xi8>) -> ()
  return
}
func.func private @one(memref<64xf32>)
func.func private @other(memref<32xi8>)
}

// -----

// The arena lies where the file says.
// CHECK: kernel.regions = [{name = "dtcm", ram, size = 512 : i64}, {arena, name = "sram", ram, size = 512 : i64, used = 128 : i64}]
module attributes {
    kernel.arena_size = 128 : i64,
    kernel.regions = [
      {name = "dtcm", ram, size = 512 : i64}, {name = "sram", ram, size = 512 : i64, arena}]} {
// Nothing says where constants lie.
// CHECK: kernel.global @w = dense
kernel.global @w = dense<1.0> : tensor<64xf32>
}

// -----

// A region without a section is the compiler's own; what is in the weights file is
// no part of the program.
// CHECK: kernel.regions = [{name = "flash", size = 300 : i64, used = 256 : i64}]
module attributes {kernel.regions = [{name = "flash", size = 300 : i64}]} {
// CHECK: kernel.global @w = dense
kernel.global @w = dense<1.0> : tensor<64xf32>
// CHECK: kernel.global @mapped {kernel.file_offset = 64 : i64} = dense
kernel.global @mapped {kernel.file_offset = 64 : i64} = dense<2.0> : tensor<64xf32>
}

// -----

// Without regions there is nothing to do.
// CHECK: module {
// CHECK-NEXT: kernel.global @w = dense
module {
kernel.global @w = dense<1.0> : tensor<64xf32>
}
