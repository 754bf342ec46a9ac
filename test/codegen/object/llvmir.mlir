// Bare pointers, no alias metadata, no flags on floats; the hooks as the C++ printer writes them.
//
// RUN: tenon-opt %s --set-target=name=x86-64-v3 --verify-low-form | tenon-translate --low-to-llvmir | FileCheck %s
// RUN: tenon-opt %s --set-target=name=cortex-m4 --verify-low-form | tenon-translate --low-to-llvmir | FileCheck %s --check-prefix=M4

// CHECK: @w = internal unnamed_addr constant [12 x i8] c"\00\00\80?\00\00\80?\00\00\80?", align 32
// M4: @w = internal unnamed_addr constant [12 x i8] {{.*}}, align 8
kernel.global @w = dense<1.0> : tensor<3xf32>

// CHECK-LABEL: define internal void @part(ptr readonly %0, ptr noalias %1, i64 %2, i64 %3)
// M4-LABEL: define internal void @part(ptr readonly %0, ptr noalias %1, i32 %2, i32 %3)
func.func private @part(%x: memref<64xf32> {kernel.readonly}, %y: memref<64xf32> {kernel.noalias}, %begin: index, %end: index) {
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  // CHECK: %[[AT:.*]] = mul nsw i64
  // CHECK: getelementptr inbounds float, ptr %0, i64 %[[AT]]
  // CHECK-NEXT: load float, ptr %{{.*}}, align 4{{$}}
  // CHECK: call float @llvm.fma.f32(
  // CHECK: call i32 @llvm.fptosi.sat.i32.f32(
  scf.for %i = %begin to %end step %c1 {
    %at = arith.muli %i, %c4 : index
    %v = memref.load %x[%at] : memref<64xf32>
    %f = math.fma %v, %v, %v : f32
    %n = arith.fptosi %f : f32 to i32
    %r = arith.sitofp %n : i32 to f32
    memref.store %r, %y[%i] : memref<64xf32>
  }
  return
}

// CHECK-LABEL: define i32 @run(ptr %0, ptr %1)
func.func @run(%x: memref<64xf32>, %context: !kernel.context) -> i32 {
  %ok = arith.constant 0 : i32
  %bad = arith.constant 1 : i32
  // CHECK: ptrtoint ptr %0 to i64
  %wrong = kernel.misaligned %x, 16 : memref<64xf32>
  %status = arith.select %wrong, %bad, %ok : i32
  // CHECK: br i1 %{{.*}}, label %[[FAIL:.*]], label %[[REST:.*]]
  // CHECK: [[FAIL]]:
  // CHECK-NEXT: ret i32
  // CHECK: [[REST]]:
  // CHECK-NEXT: call void @tenon.mark_layer(ptr %1, i32 5, i32 1)
  kernel.fail %status : i32
  kernel.mark %context, 5, end
  // CHECK: call void @tenon.run_parallel(ptr %1, ptr @tenon.task.part, ptr %{{.*}})
  %y = kernel.slice %x, 0 : memref<64xf32> to memref<64xf32>
  kernel.parallel @part(%x, %y) range(16) context %context : memref<64xf32>, memref<64xf32>
  return %ok : i32
}
// CHECK: define internal void @tenon.task.part(ptr %0, i32 %1, i32 %2)
