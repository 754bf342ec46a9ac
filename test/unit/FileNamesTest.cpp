//===- FileNamesTest.cpp - Files that are called like tensors -------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/FileNames.h"

#include "gtest/gtest.h"

using namespace tenon;

static std::vector<std::string> getNames(std::vector<std::string> names) {
  std::vector<kernel::Port> ports(names.size());
  for (size_t i = 0; i < names.size(); ++i)
    ports[i].name = names[i];
  return getFileNames(ports);
}

using Names = std::vector<std::string>;

TEST(FileNames, LeavesSafeNamesAlone) {
  EXPECT_EQ(getNames({"score", "Conv-1.out", "x_2"}),
            (Names{"score", "Conv-1.out", "x_2"}));
}

TEST(FileNames, StaysInTheFolder) {
  EXPECT_EQ(getNames({"../../etc/passwd", "/root", "a\\b", "..", ".rc", "-rf"}),
            (Names{"_._.._etc_passwd", "_root", "a_b", "_.", "_rc", "_rf"}));
}

TEST(FileNames, TakesBytesOfAnyKind) {
  EXPECT_EQ(getNames({std::string("a\0b\n\xff", 5), ""}),
            (Names{"a_b__", "output"}));
  EXPECT_EQ(getNames({std::string(500000, 'x')})[0].size(), 100u);
}

TEST(FileNames, AreNeverEqual) {
  EXPECT_EQ(getNames({"a", "A", "a", "a_2", "a:2"}),
            (Names{"a", "A_2", "a_3", "a_2_2", "a_2_3"}));
}
