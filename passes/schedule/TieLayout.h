//===- TieLayout.h - Where a tie puts its values ----------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The geometry of ties: one of its values lies somewhere, where must the other
// lie to share its memory?
//
//     %c = nn.assemble (%a at [0], %b at [4])     f32, 8 elements
//
// With %c at byte 0, the tie of %b puts it at byte 16, with the strides of %c.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_TIELAYOUT_H
#define TENON_PASSES_SCHEDULE_TIELAYOUT_H

#include "passes/schedule/Network.h"

namespace tenon::schedule {

/// Where the target must lie when the source has this layout; none where no
/// layout would do.
std::optional<Layout> getTargetLayout(const Network &network, const Tie &tie,
                                      const Layout &source);

/// Where the source must lie when the target has this layout.
std::optional<Layout> getSourceLayout(const Network &network, const Tie &tie,
                                      const Layout &target);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_TIELAYOUT_H
