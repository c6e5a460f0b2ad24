// The kernels of frame operations that are no function of one table: in records their names begin with "frame_".
#pragma once

#include <string>

#include "base/kernel.h"
#include "kernels/table/table_value.h"

namespace plait {

// A table with the columns and types of `like`.
struct Conform {
  Table like;
  bool outer = true;
  bool keep_index = true;
  static constexpr auto fields = std::tuple{&Conform::like, &Conform::outer, &Conform::keep_index};
};

// Concatenates its inputs.
struct CollectParts {
  Table like;  // for when every part is empty
  static constexpr auto fields = std::tuple{&CollectParts::like};
};

// Rows of input 0 by the divisions in input 1, as a sequence of n tables.
struct RangeSplit {
  std::string by;
  bool ascending = true;
  bool na_first = false;
  std::int64_t n = 1;
  static constexpr auto fields =
      std::tuple{&RangeSplit::by, &RangeSplit::ascending, &RangeSplit::na_first, &RangeSplit::n};
};

// Part i of n of the rows.
struct SlicePart {
  std::int64_t part = 0;
  std::int64_t n = 1;
  static constexpr auto fields = std::tuple{&SlicePart::part, &SlicePart::n};
};

inline constinit KernelId<> identity_kernel{"frame_identity"};
inline constinit KernelId<> count_rows_kernel{"frame_count_rows"};  // as a scalar
inline constinit KernelId<> add_counts_kernel{"frame_add_counts"};
inline constinit KernelId<Conform> conform_kernel{"frame_conform"};
inline constinit KernelId<CollectParts> collect_kernel{"frame_collect"};
inline constinit KernelId<RangeSplit> range_split_kernel{"frame_range_split"};
inline constinit KernelId<SlicePart> slice_part_kernel{"frame_slice_part"};
// Once, after register_table_kernels.
void register_frame_kernels();

}  // namespace plait
