// The caller's hooks, arguments of public functions, errors.
//
// RUN: tenon-opt %s --set-target=name=portable --verify-low-form --legalize-for-cpp | tenon-translate --low-to-cpp --cpp-prefix=face -o %t.cpp
// RUN: FileCheck %s < %t.cpp
// RUN: %gcc -std=c++11 -Wall -Wextra -Wpedantic -Werror -O2 -c %t.cpp -o %t.gcc.o
// RUN: %clang -std=c++11 -Wall -Wextra -Wpedantic -Werror -O2 -c %t.cpp -o %t.clang.o
// RUN: %gcc -x c -std=c11 -Wall -Wextra -Wpedantic -Werror -O2 -c %t.cpp -o %t.c.o
// RUN: %clang -x c -std=c11 -Wall -Wextra -Wpedantic -Werror -O2 -c %t.cpp -o %t.c.o

// CHECK: typedef struct face_context {
// CHECK: static void conv(i8 *, ptrdiff_t, ptrdiff_t);
// CHECK: typedef struct conv_args {
// CHECK-NEXT: i8 *y;
// CHECK-NEXT: ptrdiff_t range;
// CHECK: static void conv_task(void *opaque, int part, int parts) {
// CHECK-NEXT: const conv_args *args = (const conv_args *)opaque;
// CHECK-NEXT: conv(args->y, part_begin(args->range, part, parts),
// CHECK-NEXT:     part_begin(args->range, part + 1, parts));
func.func private @conv(%y: memref<64xi8> {kernel.name = "y"}, %begin: index {kernel.name = "begin"}, %end: index {kernel.name = "end"}) {
  %c1 = arith.constant 1 : index
  %v = arith.constant 1 : i8
  scf.for %i = %begin to %end step %c1 {
    memref.store %v, %y[%i] : memref<64xi8>
  }
  return
}

// `kernel.ctype` is what the header says; the status is an `int`.
// CHECK: {{^}}int face_run(const uint8_t *image_mem, void *arena_mem, const face_context *hooks) {
// CHECK-NEXT: const i8 *image = (const i8 *)image_mem;
// CHECK-NEXT: i8 *arena = (i8 *)arena_mem;
func.func @face_run(%image: memref<64xi8> {kernel.readonly, kernel.ctype = "uint8_t", kernel.name = "image"}, %arena: memref<64xi8> {kernel.ctype = "void", kernel.name = "arena"}, %context: !kernel.context {kernel.name = "hooks"}) -> i32 {
  %ok = arith.constant 0 : i32
  %error = arith.constant 2 : i32
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  // CHECK-NEXT: const int32_t n = is_misaligned(arena, 16) ? 2 : 0;
  // CHECK-NEXT: if (n != 0)
  // CHECK-NEXT:   return n;
  %wrong = kernel.misaligned %arena, 16 : memref<64xi8>
  %status = arith.select %wrong, %error, %ok : i32
  kernel.fail %status : i32
  // CHECK-NEXT: mark_layer(hooks, 0, 0);
  kernel.mark %context, 0, begin
  // CHECK-NEXT: {
  // CHECK-NEXT:   conv_args call_args = {arena, 64};
  // CHECK-NEXT:   if (hooks != NULL && hooks->parallel != NULL)
  // CHECK-NEXT:     hooks->parallel(hooks->user, conv_task, &call_args);
  // CHECK-NEXT:   else
  // CHECK-NEXT:     conv_task(&call_args, 0, 1);
  // CHECK-NEXT: }
  kernel.parallel @conv(%arena) range(64) context %context : memref<64xi8>
  // CHECK-NEXT: __builtin_memcpy(arena + 8, image, 8);
  kernel.copy %image[%c0], %arena[%c8], %c8 : memref<64xi8>, memref<64xi8>
  %zero = arith.constant 0 : i8
  // CHECK-NEXT: __builtin_memset(arena, 0, 8);
  kernel.fill %arena[%c0], %c8, %zero : memref<64xi8>
  return %ok : i32
}
