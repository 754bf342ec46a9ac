// RUN: tenon-opt %s --legalize-for-cpp --split-input-file -verify-diagnostics

// expected-error @+1 {{a function cannot have the name 'while' in C++; choose another}}
func.func @while() {
  return
}

// -----

// expected-error @+1 {{a function cannot have the name 'face; int main() {}' in C++; choose another}}
func.func @"face; int main() {}"() {
  return
}
