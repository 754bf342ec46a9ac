# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: check_groups.py X.npy OUTPUTS...: outputs of groups.onnxtxt against numpy, exactly: all numbers are small integers."""

import pathlib
import re
import sys

import numpy as np

model = (pathlib.Path(__file__).parent / "groups.onnxtxt").read_text()
w = np.array(re.search(r"w = \{(.*)\}", model)[1].split(","), np.float32).reshape(2, 5, 3)
x = np.load(sys.argv[1]).reshape(2, 3, 5, 7)
c = np.einsum("gok,gkhw->gohw", w, x).reshape(10, 5, 7)
y = np.max([c[:, i : i + 4, j : j + 6] for i in (0, 1) for j in (0, 1)], axis=0)
for folder in sys.argv[2:]:
    np.testing.assert_array_equal(np.load(f"{folder}/y.npy")[0], y, err_msg=folder)
