//===- Layout.cpp - Strided views of bytes --------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Mixed-radix arithmetic on (offset, shape, strides). Of a tensor of 4 x 6
// bytes,
//
//     columns 2 and 3     offset 2, shape 4x2, strides 6,1
//       as 8 in a row     none: steps of 1 and of 5 alternate
//     rows 1 and 2        offset 6, shape 2x6, strides 6,1
//       as 12 in a row    offset 6, shape 12, stride 1
//
// What may overlap is answered without a solver: two layouts are apart if their
// ends are, or if they are modulo some stride, as channels of one pixel are.
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/Layout.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace llvm;
using namespace tenon::schedule;

Layout Layout::getContiguous(ArrayRef<int64_t> shape, int64_t elementBytes) {
  Layout layout;
  layout.shape.assign(shape.begin(), shape.end());
  layout.strides.resize(shape.size());
  layout.elementBytes = elementBytes;
  int64_t stride = elementBytes;
  for (size_t dim = shape.size(); dim-- > 0;) {
    layout.strides[dim] = stride;
    stride *= std::max<int64_t>(shape[dim], 1);
  }
  return layout;
}

bool Layout::isEmpty() const { return is_contained(shape, 0); }

int64_t Layout::getNumElements() const {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

int64_t Layout::getEnd() const {
  if (isEmpty())
    return offset;
  int64_t end = offset + elementBytes;
  for (auto [size, stride] : zip_equal(shape, strides))
    end += (size - 1) * stride;
  return end;
}

bool Layout::isContiguous() const {
  if (isEmpty())
    return true;
  Layout runs = coalesce(*this);
  return runs.shape.size() == 1 && runs.strides[0] == elementBytes;
}

bool Layout::isSameAs(const Layout &other) const {
  Layout a = coalesce(*this), b = coalesce(other);
  return a.offset == b.offset && a.shape == b.shape && a.strides == b.strides &&
         a.elementBytes == b.elementBytes;
}

Layout tenon::schedule::coalesce(const Layout &layout) {
  Layout result;
  result.offset = layout.offset;
  result.elementBytes = layout.elementBytes;
  for (auto [size, stride] : zip_equal(layout.shape, layout.strides)) {
    if (size == 1)
      continue;
    if (!result.shape.empty() && result.strides.back() == size * stride) {
      result.shape.back() *= size;
      result.strides.back() = stride;
      continue;
    }
    result.shape.push_back(size);
    result.strides.push_back(stride);
  }
  if (result.shape.empty()) {
    result.shape.push_back(1);
    result.strides.push_back(layout.elementBytes);
  }
  return result;
}

std::optional<Layout> tenon::schedule::compose(const Layout &inner,
                                               const Layout &outer) {
  Layout into = coalesce(outer);
  Layout whole = Layout::getContiguous(into.shape, outer.elementBytes);
  size_t rank = into.shape.size();
  if (inner.elementBytes != outer.elementBytes)
    return std::nullopt;
  Layout result = inner;
  result.offset = outer.offset;
  if (inner.isEmpty())
    return result;
  if (inner.offset < 0 || inner.getEnd() > outer.getNumBytes())
    return std::nullopt;
  // Digits of the offset, and then of each stride, to the mixed base of the
  // outer shape. No digit may carry anywhere in the range.
  SmallVector<int64_t> highest(rank);
  auto addDigits = [&](int64_t bytes, int64_t times) {
    int64_t moved = 0;
    for (size_t dim = 0; dim < rank; ++dim) {
      int64_t digit = bytes / whole.strides[dim];
      bytes %= whole.strides[dim];
      highest[dim] += digit * times;
      moved += digit * into.strides[dim];
    }
    return moved;
  };
  result.offset += addDigits(inner.offset, 1);
  for (size_t dim = inner.shape.size(); dim-- > 0;) {
    if (inner.shape[dim] > 1) {
      result.strides[dim] = addDigits(inner.strides[dim], inner.shape[dim] - 1);
      continue;
    }
    // Any stride would do; this one keeps contiguous what is.
    result.strides[dim] = dim + 1 < inner.shape.size()
                              ? result.strides[dim + 1] * inner.shape[dim + 1]
                              : outer.elementBytes;
  }
  for (size_t dim = 0; dim < rank; ++dim)
    if (highest[dim] >= into.shape[dim])
      return std::nullopt;
  return result;
}

std::optional<Layout> tenon::schedule::reshape(const Layout &layout,
                                               ArrayRef<int64_t> shape) {
  return compose(Layout::getContiguous(shape, layout.elementBytes), layout);
}

Layout tenon::schedule::getBox(const Layout &layout, ArrayRef<int64_t> offsets,
                               ArrayRef<int64_t> shape) {
  Layout box = layout;
  box.shape.assign(shape.begin(), shape.end());
  for (auto [offset, stride] : zip_equal(offsets, layout.strides))
    box.offset += offset * stride;
  return box;
}

bool tenon::schedule::isInjective(const Layout &layout) {
  SmallVector<std::pair<int64_t, int64_t>> dims;
  for (auto [size, stride] : zip_equal(layout.shape, layout.strides))
    if (size > 1)
      dims.emplace_back(stride, size);
  llvm::sort(dims);
  int64_t inside = layout.elementBytes;
  for (auto [stride, size] : dims) {
    if (stride < inside)
      return false;
    inside += (size - 1) * stride;
  }
  return true;
}

/// The bytes from the offset to the end of `layout` when all strides that are
/// multiples of `modulus` are taken as 0.
static int64_t getExtent(const Layout &layout, int64_t modulus) {
  int64_t extent = layout.elementBytes;
  for (auto [size, stride] : zip_equal(layout.shape, layout.strides))
    if (stride % modulus != 0)
      extent += (size - 1) * stride;
  return extent;
}

bool tenon::schedule::mayOverlap(const Layout &a, const Layout &b) {
  if (a.isEmpty() || b.isEmpty() || a.getEnd() <= b.offset ||
      b.getEnd() <= a.offset)
    return false;
  // Modulo a stride, both may be intervals that do not meet: columns of one
  // image, channels of one pixel.
  for (const Layout *layout : {&a, &b})
    for (auto [size, stride] : zip_equal(layout->shape, layout->strides)) {
      if (size == 1)
        continue;
      int64_t distance = (b.offset - a.offset) % stride;
      if (distance < 0)
        distance += stride;
      if (getExtent(a, stride) <= distance &&
          distance + getExtent(b, stride) <= stride)
        return false;
    }
  return true;
}

int64_t tenon::schedule::countRuns(const Layout &layout) {
  if (layout.isEmpty())
    return 0;
  Layout runs = coalesce(layout);
  if (runs.strides.back() == runs.elementBytes)
    runs.shape.pop_back();
  int64_t count = 1;
  for (int64_t size : runs.shape)
    count *= size;
  return count;
}

void tenon::schedule::forEachRun(const Layout &layout,
                                 function_ref<void(int64_t, int64_t)> visit) {
  if (layout.isEmpty())
    return;
  Layout runs = coalesce(layout);
  int64_t run = runs.elementBytes;
  if (runs.strides.back() == runs.elementBytes) {
    run *= runs.shape.pop_back_val();
    runs.strides.pop_back();
  }
  SmallVector<int64_t> index(runs.shape.size());
  int64_t offset = runs.offset;
  while (true) {
    visit(offset, run);
    size_t dim = index.size();
    for (; dim-- > 0;) {
      offset += runs.strides[dim];
      if (++index[dim] < runs.shape[dim])
        break;
      offset -= runs.strides[dim] * runs.shape[dim];
      index[dim] = 0;
    }
    if (dim == size_t(-1))
      return;
  }
}

/// Cuts dimension `dim` at the ends of the parts; slabs between neighbouring
/// cuts meet the same parts everywhere. `box` holds the ranges of the
/// dimensions before, and the full ranges of the others.
static void addUncovered(Box &box, size_t dim, ArrayRef<const Box *> parts,
                         SmallVectorImpl<Box> &result) {
  if (parts.empty()) {
    result.push_back(box);
    return;
  }
  if (dim == box.shape.size())
    return;
  int64_t size = box.shape[dim];
  SmallVector<int64_t> cuts = {0, size};
  for (const Box *part : parts) {
    cuts.push_back(part->offsets[dim]);
    cuts.push_back(part->offsets[dim] + part->shape[dim]);
  }
  llvm::sort(cuts);
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  for (size_t cut = 0; cut + 1 < cuts.size();) {
    auto getParts = [&](size_t slab) {
      SmallVector<const Box *> inside;
      for (const Box *part : parts)
        if (part->offsets[dim] <= cuts[slab] &&
            cuts[slab] < part->offsets[dim] + part->shape[dim])
          inside.push_back(part);
      return inside;
    };
    SmallVector<const Box *> inside = getParts(cut);
    size_t end = cut + 1;
    while (end + 1 < cuts.size() && getParts(end) == inside)
      ++end;
    box.offsets[dim] = cuts[cut];
    box.shape[dim] = cuts[end] - cuts[cut];
    addUncovered(box, dim + 1, inside, result);
    cut = end;
  }
  box.offsets[dim] = 0;
  box.shape[dim] = size;
}

SmallVector<Box> tenon::schedule::getUncovered(ArrayRef<int64_t> shape,
                                               ArrayRef<Box> parts) {
  SmallVector<Box> result;
  if (is_contained(shape, 0))
    return result;
  SmallVector<const Box *> all;
  for (const Box &part : parts)
    if (!is_contained(part.shape, 0))
      all.push_back(&part);
  Box box;
  box.offsets.assign(shape.size(), 0);
  box.shape.assign(shape.begin(), shape.end());
  addUncovered(box, 0, all, result);
  return result;
}
