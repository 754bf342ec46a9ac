# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares what borders.onnxtxt computed with NumPy: check_borders.py X.npy OUTPUT_DIR..."""
import sys

import numpy as np

x = np.load(sys.argv[1])
padded = np.pad(x, [(0, 0), (0, 0), (1, 2), (0, 1)])
expected = padded @ np.arange(1, 11, dtype=np.float32).reshape(5, 2)
for folder in sys.argv[2:]:
    np.testing.assert_array_equal(np.load(folder + "/y.npy"), expected, err_msg=folder)
