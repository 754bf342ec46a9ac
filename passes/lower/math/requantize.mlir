// Quantization on targets without a float unit. Exact: the bits of nn.requantize at f32.

// rint(fl(a * f)) for |a| <= 2^24 and f = m * 2^-(24 + t), the word m * 256 + t, with 2^23 <= m < 2^24 or m = 0, and 3 <= t.
//
// Rounding twice differs from rounding once only at rint's ties n - 1/2: fl is monotone, and ties below 2^22 are floats, with
// an even mantissa. So where a * f is no further from a tie than half an ulp of the tie, it counts as the tie. In units of
// 2^-t, in which |a * f| < 2^24, half an ulp is less than 1, so that v = a * f + half a step mostly tells all: n = v >> t,
// and how far its tie is.
//
// Three of the four products of 12 bits give v, too small by less than 2. Near a tie, the distance from it is a difference
// modulo 2^32 of numbers of 48 bits. Half an ulp of the tie is then the highest bit of its magnitude (towards 0 from a power
// of two half of that, the highest bit of the number below), and a distance d is at most that if d - 1 has fewer bits;
// x has fewer bits than y if x < (y & ~x) (Warren, "Hacker's Delight", 2012).
//
// No product of 64 bits, no loop, and the branch is rare: 3 of 2^t.
func.func @nn.round_product(%a: i32, %f: i32) -> i32 {
  %one = arith.constant 1 : i32
  %two = arith.constant 2 : i32
  %minus_one = arith.constant -1 : i32
  %minus_two = arith.constant -2 : i32
  %eight = arith.constant 8 : i32
  %twelve = arith.constant 12 : i32
  %twenty = arith.constant 20 : i32
  %twenty_four = arith.constant 24 : i32
  %last = arith.constant 31 : i32
  %a_high = arith.shrsi %a, %twelve : i32
  %a_top = arith.shli %a, %twenty : i32
  %a_low = arith.shrui %a_top, %twenty : i32
  %m_high = arith.shrui %f, %twenty : i32
  %m_top = arith.shli %f, %twelve : i32
  %m_low = arith.shrui %m_top, %twenty : i32
  %t = arith.andi %f, %last : i32
  %high = arith.muli %a_high, %m_high : i32
  %middle_0 = arith.muli %a_high, %m_low : i32
  %middle_1 = arith.muli %a_low, %m_high : i32
  %middle_sum = arith.addi %middle_0, %middle_1 : i32
  %middle = arith.shrsi %middle_sum, %twelve : i32
  %product = arith.addi %high, %middle : i32
  %unit = arith.shli %one, %t : i32
  %half = arith.shrui %unit, %one : i32
  %mask = arith.subi %unit, %one : i32
  %above = arith.addi %product, %two : i32
  %v = arith.addi %above, %half : i32
  %n = arith.shrsi %v, %t : i32
  %steps = arith.andi %v, %mask : i32
  %near = arith.cmpi ule, %steps, %two : i32
  %y = scf.if %near -> i32 {
    %tie_0 = arith.shli %n, %t : i32
    %tie = arith.subi %tie_0, %half : i32
    %tie_low = arith.shli %tie, %twenty_four : i32
    %m = arith.shrui %f, %eight : i32
    %p = arith.muli %a, %m : i32
    %difference = arith.subi %p, %tie_low : i32
    %sign = arith.shrsi %difference, %last : i32
    %flipped = arith.xori %difference, %sign : i32
    %distance = arith.subi %flipped, %sign : i32
    %distance_1 = arith.maxsi %distance, %one : i32
    %x = arith.subi %distance_1, %one : i32
    %tie_sign = arith.shrsi %tie, %last : i32
    %tie_flipped = arith.xori %tie, %tie_sign : i32
    %magnitude = arith.subi %tie_flipped, %tie_sign : i32
    %towards = arith.xori %sign, %tie_sign : i32  // -1 where a * f is nearer to 0 than the tie
    %limit = arith.addi %magnitude, %towards : i32
    %not_x = arith.xori %x, %minus_one : i32
    %bits = arith.andi %limit, %not_x : i32
    %is_tie = arith.cmpi ult, %x, %bits : i32
    %even = arith.andi %n, %minus_two : i32
    %side = arith.addi %n, %sign : i32
    %exact = arith.select %is_tie, %even, %side : i32
    scf.yield %exact : i32
  } else {
    scf.yield %n : i32
  }
  return %y : i32
}
