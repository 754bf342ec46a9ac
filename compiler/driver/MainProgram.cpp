//===- MainProgram.cpp - A program around a model -------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Runner.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tenon;

/// C, but for what its tables say; C++ compilers take it too.
static constexpr StringLiteral kProgram = R"(
#include <stdio.h>
#include <string.h>

struct tensor {
  const char *name;
  void *data;
  size_t bytes;
  const char *header; /* of a .npy file; NULL for a file of bytes */
};

static int is_npy(const char *path) {
  size_t length = strlen(path);
  return length >= 4 && strcmp(path + length - 4, ".npy") == 0;
}

static int fail(const char *path, const char *what) {
  fprintf(stderr, "error: %s: %s\n", path, what);
  return 1;
}

static int read_tensor(const struct tensor *t, const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file)
    return fail(path, "cannot be opened");
  if (t->header != NULL && is_npy(path)) {
    unsigned char start[12];
    char header[1024], *text = header;
    size_t length = 0, wanted = strlen(t->header);
    if (fread(start, 1, 10, file) == 10 && memcmp(start, "\x93NUMPY\x01", 7) == 0)
      length = start[8] + 256u * start[9];
    if (length == 0 || length >= sizeof header ||
        fread(header, 1, length, file) != length) {
      fclose(file);
      return fail(path, "is no .npy file of version 1");
    }
    header[length] = 0;
    while (*text == ' ')
      ++text;
    if (strncmp(text, t->header, wanted) != 0) {
      fclose(file);
      fprintf(stderr, "error: %s: expected %s\n", path, t->header);
      return 1;
    }
  }
  size_t count = fread(t->data, 1, t->bytes, file);
  int more = fgetc(file) != EOF;
  fclose(file);
  return count == t->bytes && !more ? 0 : fail(path, "has another size than the tensor");
}

static int write_tensor(const struct tensor *t, const char *path) {
  FILE *file = fopen(path, "wb");
  if (!file)
    return fail(path, "cannot be opened");
  int ok = 1;
  if (is_npy(path)) {
    size_t length = strlen(t->header), all = 128;
    while (all < length + 11)
      all += 64;
    unsigned rest = (unsigned)(all - 10);
    unsigned char size[2] = {(unsigned char)rest, (unsigned char)(rest >> 8)};
    fwrite("\x93NUMPY\x01\x00", 1, 8, file);
    fwrite(size, 1, 2, file);
    fwrite(t->header, 1, length, file);
    for (size_t i = length + 11; i < all; ++i)
      fputc(' ', file);
    fputc('\n', file);
  }
  ok = fwrite(t->data, 1, t->bytes, file) == t->bytes;
  return fclose(file) == 0 && ok ? 0 : fail(path, "cannot be written");
}

int main(int argc, char **argv) {
  int inputs = sizeof input_tensors / sizeof input_tensors[0] - 1;
  int outputs = sizeof output_tensors / sizeof output_tensors[0] - 1;
  if (argc != 1 + inputs + outputs) {
    fprintf(stderr, "usage: %s", argv[0]);
    for (int i = 0; i < inputs; ++i)
      fprintf(stderr, " %s%s", input_tensors[i].name,
              input_tensors[i].header != NULL ? ".npy" : "");
    for (int i = 0; i < outputs; ++i)
      fprintf(stderr, " %s.npy", output_tensors[i].name);
    fprintf(stderr, "\nReads inputs, writes outputs; bytes alone where a name does "
                    "not end in .npy.\n");
    return 2;
  }
  for (int i = 0; i < inputs; ++i)
    if (read_tensor(&input_tensors[i], argv[1 + i]))
      return 1;
  int status = run();
  if (status) {
    fprintf(stderr, "error: %s\n", error_text(status));
    return 1;
  }
  for (int i = 0; i < outputs; ++i)
    if (write_tensor(&output_tensors[i], argv[1 + inputs + i]))
      return 1;
  return 0;
}
)";

/// `{'descr': '<f4', 'fortran_order': False, 'shape': (1, 4), }`
static std::string getNumpyHeader(const kernel::Port &port) {
  std::string file;
  llvm::raw_string_ostream os(file);
  Tensor tensor = makeTensor(port);
  tensor.bytes.clear();
  writeNumpy(os, tensor);
  return StringRef(file).drop_front(10).trim().str();
}

void tenon::writeMainProgram(llvm::raw_ostream &os,
                             const kernel::Interface &interface) {
  const std::string &name = interface.name;
  std::string upper = interface.getUpperName();
  os << "/* Runs the model " << name
     << " on files.\n * SPDX-License-Identifier: "
     << "0BSD */\n#include \"" << name << ".h\"\n#include <stddef.h>\n\n";
  std::string call, tables, setContext;
  std::string weights;
  if (interface.hasMappedWeights()) {
    os << "static unsigned char weights[" << upper
       << "_WEIGHTS_SIZE] __attribute__((aligned(" << upper
       << "_WEIGHTS_ALIGN)));\n";
    weights = "  {\"" + name + ".weights\", weights, sizeof weights, NULL},\n";
    setContext = "  static " + name +
                 "_context context;\n  context.weights = weights;\n"
                 "  context.weights_size = sizeof weights;\n";
  }
  auto add = [&](StringRef kind, ArrayRef<kernel::Port> ports) {
    tables += ("static const struct tensor " + kind + "_tensors[] = {\n").str();
    if (kind == "input")
      tables += weights;
    for (const kernel::Port &port : ports) {
      std::string data = "data_" + port.ident;
      if (port.offset >= 0) {
        data = "arena + " + std::to_string(port.offset);
      } else {
        os << "static " << port.getElement().ctype << " " << data << "["
           << std::max<int64_t>(port.getCount(), 1) << "];\n";
        call += data + ", ";
      }
      tables += "  {\"" + port.ident + "\", " + data + ", " +
                std::to_string(port.getBytes()) + ",\n   \"" +
                getNumpyHeader(port) + "\"},\n";
    }
    tables += "  {NULL, NULL, 0, NULL}};\n";
  };
  add("input", interface.inputs);
  add("output", interface.outputs);
  os << "static unsigned char arena[" << upper
     << "_ARENA_SIZE] __attribute__((aligned(" << upper
     << "_ARENA_ALIGN)));\n\n"
     << "static int run(void) {\n"
     << setContext << "  return " << name
     << (setContext.empty() ? "_run(" : "_run_ex(") << call << "arena"
     << (setContext.empty() ? "" : ", &context")
     << ");\n}\nstatic const char *error_text(int code) { return " << name
     << "_error_text(code); }\n";
  // The tables stand behind their type.
  auto [before, after] = kProgram.split("static int is_npy");
  os << before << tables << "\nstatic int is_npy" << after;
}
