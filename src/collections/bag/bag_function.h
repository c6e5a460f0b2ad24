// C++ functions on partitions of bags, as kernel calls.
#pragma once

#include "base/function.h"
#include "base/token.h"
#include "plait/bag.h"

namespace plait {

// A function that exists in this process only: its plan has a token all the same, unlike all others.
struct BagFunctionCall {
  Function function;
  Token identity;
};
template <>
struct Codec<BagFunctionCall> {
  static void encode(Encoder& to, const BagFunctionCall& call);
  static BagFunctionCall decode(Decoder& from);
};

// What the function yields; pieces as a sequence.
KernelCall bag_function(detail::BagFunction function);
void register_bag_function_kernel();

}  // namespace plait
