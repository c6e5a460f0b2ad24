// The kernels of frame operations that are no function of one table: registered under names that start with "frame_".
#pragma once

#include <string>

#include "kernels/table/table_value.h"

namespace plait {

// frame_conform: a table with the columns and types of `like`.
struct Conform {
  Table like;
  bool outer = true;
  static constexpr auto fields = std::tuple{&Conform::like, &Conform::outer};
};

// frame_collect: concatenates item `part` of every input sequence.
struct CollectPart {
  std::int64_t part = 0;
  Table like;  // for when every item is empty
  static constexpr auto fields = std::tuple{&CollectPart::part, &CollectPart::like};
};

// frame_range_split: rows of input 0 by the divisions in input 1, as a sequence of n tables.
struct RangeSplit {
  std::string by;
  bool ascending = true;
  bool na_first = false;
  std::int64_t n = 1;
  static constexpr auto fields =
      std::tuple{&RangeSplit::by, &RangeSplit::ascending, &RangeSplit::na_first, &RangeSplit::n};
};

// frame_slice_part: part i of n of the rows.
struct SlicePart {
  std::int64_t part = 0;
  std::int64_t n = 1;
  static constexpr auto fields = std::tuple{&SlicePart::part, &SlicePart::n};
};

// Once, after register_table_kernels.
void register_frame_kernels();

}  // namespace plait
