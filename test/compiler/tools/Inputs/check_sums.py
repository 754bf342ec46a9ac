# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: check_sums.py X.npy OUTPUTS...: outputs of sums.onnxtxt against numpy."""

import sys

import numpy as np

x = np.load(sys.argv[1])
wide = x.astype(np.float64)
expected = {
    "sum": wide.sum(1),
    "largest": np.maximum.reduce(wide, 1),
    "norm": np.sqrt((wide * wide).sum(1)),
}
for folder in sys.argv[2:]:
    for name, value in expected.items():
        actual = np.load(f"{folder}/{name}.npy")
        np.testing.assert_allclose(actual, value, rtol=1e-5, atol=1e-5, err_msg=f"{folder} {name}")
