// Rows chosen by a random order of their positions.
#pragma once

#include <cstdint>
#include <vector>

#include "collections/array/array_meta.h"
#include "expr/expr.h"

namespace plait::ml {

// A random order of 0 ... count - 1, of which any place is found without the others: a bijection of the numbers of as
// many bits, gone through again until the result is below `count`.
class RandomOrder {
 public:
  RandomOrder(std::uint64_t seed, std::int64_t count);
  std::int64_t place_of(std::int64_t position) const;

 private:
  std::uint64_t count_, mask_, keys_[3];
  int shift_;
};

// The rows of an array whose places in a random order of `order_count` positions are in [first, last), block by block.
struct ChosenRows final : Op<ChosenRows> {
  ExprPtr array;
  std::int64_t seed = 0;
  std::int64_t order_count = 0, first = 0, last = 0;
  std::vector<std::int64_t> counts;  // of chosen rows, of each block
  static constexpr auto op_name = "chosen_rows";
  static constexpr auto fields = std::tuple{&ChosenRows::array, &ChosenRows::seed, &ChosenRows::order_count,
                                            &ChosenRows::first, &ChosenRows::last, &ChosenRows::counts};

  std::string_view op() const override { return "split_rows"; }
  std::string describe() const override { return ""; }
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return true; }
  MetaPtr infer_meta() const override;
};

void register_split_kernels();

}  // namespace plait::ml
