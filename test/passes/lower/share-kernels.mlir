// RUN: tenon-opt %s --share-kernels | FileCheck %s --check-prefixes=CHECK,EQUAL
// RUN: tenon-opt %s --share-kernels=parameters | FileCheck %s --check-prefixes=CHECK,PARAM

// EQUAL: func.func private @a(%{{.*}}: memref<8xf32> {kernel.name = "x"})
// PARAM: func.func private @a(%{{.*}}: memref<?xf32> {kernel.name = "x"}, %[[N:.*]]: index, %[[Z:.*]]: f32)
// PARAM: scf.for %{{.*}} = %{{.*}} to %[[N]]
// PARAM-NEXT: memref.store %[[Z]]
func.func private @a(%x: memref<8xf32> {kernel.name = "x"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 8 : index
  %z = arith.constant 0.0 : f32
  scf.for %i = %c0 to %n step %c1 {
    memref.store %z, %x[%i] : memref<8xf32>
  }
  return
}

// CHECK-NOT: @same
func.func private @same(%x: memref<8xf32> {kernel.name = "x"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 8 : index
  %z = arith.constant 0.0 : f32
  scf.for %i = %c0 to %n step %c1 {
    memref.store %z, %x[%i] : memref<8xf32>
  }
  return
}

// EQUAL: func.func private @longer
// PARAM-NOT: @longer
func.func private @longer(%x: memref<16xf32> {kernel.name = "x"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 16 : index
  %z = arith.constant 0.0 : f32
  scf.for %i = %c0 to %n step %c1 {
    memref.store %z, %x[%i] : memref<16xf32>
  }
  return
}

// Another value is another function, or a parameter.
// EQUAL: func.func private @ones
// PARAM-NOT: @ones
func.func private @ones(%x: memref<8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 8 : index
  %z = arith.constant 1.0 : f32
  scf.for %i = %c0 to %n step %c1 {
    memref.store %z, %x[%i] : memref<8xf32>
  }
  return
}

// CHECK-LABEL: func.func @net
func.func @net(%x: memref<8xf32>, %y: memref<16xf32>) {
  // EQUAL: call @a(%{{.*}}) : (memref<8xf32>)
  // PARAM: call @a(%{{.*}}, %c8, %{{.*}}) : (memref<?xf32>, index, f32)
  call @a(%x) : (memref<8xf32>) -> ()
  // CHECK: call @a
  call @same(%x) : (memref<8xf32>) -> ()
  // EQUAL: call @longer
  // PARAM: call @a(%{{.*}}, %c16, %{{.*}}) : (memref<?xf32>, index, f32)
  call @longer(%y) : (memref<16xf32>) -> ()
  // EQUAL: call @ones
  // PARAM: %[[ONE:.*]] = arith.constant 1.0{{.*}} : f32
  // PARAM: call @a(%{{.*}}, %{{.*}}, %[[ONE]])
  call @ones(%x) : (memref<8xf32>) -> ()
  return
}

// Equal kernels that compute parts of a layer become one; those that differ in
// integers stay apart.
// CHECK-LABEL: func.func private @part
// CHECK-NOT: @equal_part
// CHECK: func.func private @other_part
// CHECK-LABEL: func.func @parts
// CHECK-COUNT-2: kernel.parallel @part(
// CHECK: kernel.parallel @other_part(
func.func private @part(%x: memref<8xf32>, %begin: index, %end: index) {
  %c1 = arith.constant 1 : index
  %z = arith.constant 0.0 : f32
  scf.for %i = %begin to %end step %c1 {
    memref.store %z, %x[%i] : memref<8xf32>
  }
  return
}
func.func private @equal_part(%x: memref<8xf32>, %begin: index, %end: index) {
  %c1 = arith.constant 1 : index
  %z = arith.constant 0.0 : f32
  scf.for %i = %begin to %end step %c1 {
    memref.store %z, %x[%i] : memref<8xf32>
  }
  return
}
func.func private @other_part(%x: memref<8xf32>, %begin: index, %end: index) {
  %c2 = arith.constant 2 : index
  %z = arith.constant 0.0 : f32
  scf.for %i = %begin to %end step %c2 {
    memref.store %z, %x[%i] : memref<8xf32>
  }
  return
}
func.func @parts(%x: memref<8xf32>, %context: !kernel.context) {
  kernel.parallel @part(%x) range(8) context %context : memref<8xf32>
  kernel.parallel @equal_part(%x) range(8) context %context : memref<8xf32>
  kernel.parallel @other_part(%x) range(8) context %context : memref<8xf32>
  return
}
