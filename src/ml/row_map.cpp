#include "ml/row_map.h"

#include <fmt/format.h>

#include <algorithm>

#include "collections/array/rechunk.h"
#include "expr/task_table.h"
#include "ml/sparse_rows.h"

namespace plait::ml {
namespace {

bool has_unknown(const std::vector<std::int64_t>& extents) {
  return std::ranges::find(extents, kUnknownExtent) != extents.end();
}

Error not_aligned(const std::string& why, const std::vector<std::string>& names, std::size_t other) {
  return value_error(fmt::format("Found input variables with inconsistent numbers of samples: {} and {} {}",
                                 names.at(0), names.at(other), why));
}

struct SameRowsParams {
  std::string first, name;
  static constexpr auto fields = std::tuple{&SameRowsParams::first, &SameRowsParams::name};
};
constinit KernelId<SameRowsParams> same_rows_kernel{"ml_same_rows"};

constinit KernelId<> row_count_kernel{"ml_row_count"};

constinit KernelId<> same_block_kernel{"ml_same_block"};

Value same_block(Inputs inputs, const TaskContext&) { return inputs[0]; }

Value row_count(Inputs inputs, const TaskContext&) {
  return Value::of(NdArray::from<std::int64_t>({1}, {rows_of_block(inputs[0])}));
}

// The second block as it is, which must have as many rows as the first.
Value same_rows(Inputs inputs, const SameRowsParams& params, const TaskContext& context) {
  const std::int64_t wanted = rows_of_block(inputs[0]), found = rows_of_block(inputs[1]);
  if (wanted != found)
    throw value_error(
        fmt::format("Found input variables with inconsistent numbers of samples: block {} of {} has {} rows, that of "
                    "{} has {}",
                    context.block(), params.first, wanted, params.name, found));
  return inputs[1];
}

// Where lengths are found by the run, the run compares them.
ExprPtr checked_rows(const ExprPtr& first, ExprPtr other, SameRowsParams names) {
  const ArrayMeta& meta = array_meta(other);
  const DType dtype = meta.dtype();
  const std::int64_t columns = meta.ndim() == 1 ? RowMap::kOneAxis : meta.shape()[1];
  return row_map({first, std::move(other)}, "same_rows", same_rows_kernel(std::move(names)), dtype, columns);
}

}  // namespace

MetaPtr RowMap::infer_meta() const {
  Chunks chunks{array_meta(rows.at(0)).chunks().at(0)};
  if (columns != kOneAxis) chunks.push_back({columns});
  return make_array_meta(dtype, std::move(chunks));
}

BlockTask RowMap::block_task(std::int64_t block) const {
  BlockTask task{.call = call, .output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(block)};
  for (std::uint32_t i = 0; i < rows.size(); ++i) task.inputs.push_back({i, block});
  return task;
}

ExprPtr row_map(std::vector<ExprPtr> rows, std::string label, KernelCall call, DType dtype, std::int64_t columns) {
  return make_expr<RowMap>(std::move(rows), std::move(label), std::move(call), dtype, columns);
}

std::vector<ExprPtr> line_up_rows(std::vector<ExprPtr> arrays, const std::vector<std::string>& names) {
  std::vector<std::int64_t> cuts;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    const ArrayMeta& meta = array_meta(arrays[i]);
    Chunks wanted = meta.chunks();
    PLAIT_CHECK(!wanted.empty());
    for (std::size_t axis = 1; axis < wanted.size(); ++axis) wanted[axis] = {meta.shape()[axis]};
    if (i == 0) {
      cuts = wanted[0];
    } else if (wanted[0] != cuts) {
      if (has_unknown(cuts) || has_unknown(wanted[0])) {
        if (cuts.size() != wanted[0].size())
          throw not_aligned(fmt::format("have {} and {} blocks of unknown lengths; call compute_chunk_sizes() first",
                                        cuts.size(), wanted[0].size()),
                            names, i);
      } else if (meta.shape()[0] != array_meta(arrays[0]).shape()[0]) {
        throw not_aligned(fmt::format("have {} and {} rows", array_meta(arrays[0]).shape()[0], meta.shape()[0]), names,
                          i);
      } else {
        wanted[0] = cuts;
      }
    }
    const bool is_unknown = i > 0 && (has_unknown(cuts) || has_unknown(array_meta(arrays[i]).chunks()[0]));
    arrays[i] = rechunk(arrays[i], wanted);
    if (is_unknown) arrays[i] = checked_rows(arrays[0], std::move(arrays[i]), {names.at(0), names.at(i)});
  }
  return arrays;
}

ExprPtr with_lengths(const ExprPtr& rows, Chunks chunks) {
  const DType dtype = array_meta(rows).dtype();
  return blocks_of_values(rows, same_block_kernel(), make_array_meta(dtype, std::move(chunks)), "rows");
}

ExprPtr row_counts(const ExprPtr& rows) {
  Chunks one_each(1, std::vector<std::int64_t>(array_meta(rows).chunks().at(0).size(), 1));
  return blocks_of_values(rows, row_count_kernel(), make_array_meta(DType::int64, std::move(one_each)), "row_counts");
}

void register_row_map_kernels() {
  define(same_block_kernel, "A block as it is.", same_block);
  define(row_count_kernel, "How many rows a block has.", row_count);
  define(same_rows_kernel, "Rows that go with others, of which there must be as many.", same_rows);
}

}  // namespace plait::ml
