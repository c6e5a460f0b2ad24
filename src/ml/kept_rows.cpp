#include "ml/kept_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/elsewhere.h"
#include "graph/graph.h"
#include "ml/disk_blocks.h"
#include "ml/made_once.h"
#include "ml/row_map.h"
#include "ml/sparse_rows.h"
#include "runtime/machine.h"

namespace plait::ml {
namespace {

struct FiniteParams {
  DType dtype = DType::float64;
  std::string name;
  bool allows_missing = false;
  static constexpr auto fields = std::tuple{&FiniteParams::dtype, &FiniteParams::name, &FiniteParams::allows_missing};
};
constinit KernelId<FiniteParams> finite_kernel{"ml_finite_rows"};

constinit KernelId<FiniteParams> numbers_kernel{"ml_number_rows"};

constexpr std::int64_t kRowsAtOnce = 1 << 14;

template <class T>
void check_finite(const T* values, std::int64_t first_row, std::int64_t rows, std::int64_t columns,
                  const FiniteParams& params, std::uint32_t block) {
  // x * 0 is 0 of every finite number, NaN of all else: one sum tells of all.
  constexpr std::int64_t kLanes = 16;
  T sums[kLanes] = {};
  std::int64_t next = 0;
  for (; next + kLanes <= rows * columns; next += kLanes)
    for (std::int64_t lane = 0; lane < kLanes; ++lane) sums[lane] += values[next + lane] * T(0);
  for (; next < rows * columns; ++next) sums[0] += values[next] * T(0);
  if (std::ranges::all_of(sums, [](T sum) { return sum == T(0); })) return;
  for (std::int64_t i = 0; i < rows * columns; ++i) {
    if (std::isfinite(values[i]) || (params.allows_missing && std::isnan(values[i]))) continue;
    const std::string what = std::isnan(values[i])
                                 ? "NaN"
                                 : fmt::format("infinity or a value too large for dtype('float{}')", 8 * sizeof(T));
    throw value_error(fmt::format("Input {} contains {}: row {} of block {}, column {}", params.name, what,
                                  first_row + i / columns, block, i % columns));
  }
}

void check_sparse(const SparseRows& rows, const std::string& name, const TaskContext& context) {
  for (std::int64_t i = 0; i < rows.num_rows(); ++i) {
    if (i % kRowsAtOnce == 0) context.check_cancelled();
    const SparseRows::Row row = rows.row(i);
    for (std::size_t j = 0; j < row.numbers.size(); ++j) {
      if (std::isfinite(row.numbers[j])) continue;
      throw value_error(fmt::format("Input {} contains {}: row {} of block {}, column {}", name,
                                    std::isnan(row.numbers[j]) ? "NaN" : "infinity", i, context.block(),
                                    row.columns[j]));
    }
  }
}

Value numbers(Inputs inputs, const FiniteParams& params, const TaskContext&) {
  if (inputs[0].get_if<SparseRows>()) return inputs[0];
  return Value::of(inputs[0].as<NdArray>().astype(params.dtype).contiguous());
}

Value finite(Inputs inputs, const FiniteParams& params, const TaskContext& context) {
  if (const auto* sparse = inputs[0].get_if<SparseRows>()) {
    check_sparse(*sparse, params.name, context);
    return inputs[0];
  }
  const NdArray& given = inputs[0].as<NdArray>();
  const NdArray block = given.astype(params.dtype).contiguous();
  const std::int64_t rows = block.shape()[0];
  const std::int64_t columns = block.ndim() == 1 ? 1 : block.shape()[1];
  for (std::int64_t row = 0; row < rows && columns > 0; row += kRowsAtOnce) {
    context.check_cancelled();
    const std::int64_t count = std::min(kRowsAtOnce, rows - row);
    if (params.dtype == DType::float32) {
      check_finite(block.data<float>() + row * columns, row, count, columns, params, context.block());
    } else {
      check_finite(block.data<double>() + row * columns, row, count, columns, params, context.block());
    }
  }
  return Value::of(block);
}

}  // namespace

namespace {

struct ClassParams {
  std::int64_t classes = 0;
  std::string name;
  static constexpr auto fields = std::tuple{&ClassParams::classes, &ClassParams::name};
};
constinit KernelId<ClassParams> class_kernel{"ml_class_numbers"};

Value of_classes(Inputs inputs, const ClassParams& params, const TaskContext& context) {
  const NdArray block = inputs[0].as<NdArray>().astype(DType::float64).contiguous();
  for (std::int64_t row = 0; row < block.size(); ++row) {
    const double value = block.data<double>()[row];
    const bool is_class = value >= 0 && value < static_cast<double>(params.classes) && value == std::floor(value);
    if (is_class) continue;
    throw value_error(
        fmt::format("{} holds {} in row {} of block {}, which is none of the {} classes: they are the "
                    "whole numbers from 0",
                    params.name, value, row, context.block(), params.classes));
  }
  return Value::of(block);
}

}  // namespace

ExprPtr class_numbers(ExprPtr numbers, std::int64_t classes, const std::string& name) {
  return row_map({std::move(numbers)}, "classes", class_kernel({classes, name}), DType::float64, RowMap::kOneAxis);
}

namespace {

ExprPtr as_numbers(ExprPtr rows, const char* label, KernelCall call, DType dtype) {
  const ArrayMeta& meta = array_meta(rows);
  const std::int64_t columns = meta.ndim() == 1 ? RowMap::kOneAxis : meta.shape()[1];
  return row_map({std::move(rows)}, label, std::move(call), dtype, columns);
}

}  // namespace

ExprPtr finite_rows(ExprPtr rows, DType dtype, const std::string& name, bool allows_missing) {
  return as_numbers(std::move(rows), "finite", finite_kernel({dtype, name, allows_missing}), dtype);
}
ExprPtr number_rows(ExprPtr rows, DType dtype) {
  return as_numbers(std::move(rows), "numbers", numbers_kernel({dtype, "", true}), dtype);
}
void refuse_missing(const ExprPtr& rows, const std::string& name, const ComputeOptions& options) {
  const DType dtype = array_meta(rows).dtype() == DType::float32 ? DType::float32 : DType::float64;
  compute({row_counts(finite_rows(rows, dtype, name))}, options);
}

namespace {

// Blocks of rows that are made at once where not all are kept in memory.
constexpr std::int64_t kBlocksAtOnce = 8;

// What is kept of one array, block by block.
struct KeptArray {
  std::vector<DiskBlock> blocks;
  std::vector<std::uint64_t> num_bytes;
};

// The values of blocks that persist has made.
Value made_block(const ExprPtr& kept, std::int64_t block) {
  const BlockTask task = kept->block_task(block);  // holds the value
  const Value* value = literal_kernel.params_of(task.call);
  PLAIT_CHECK(value != nullptr);
  return opened(*value);
}

}  // namespace

std::uint64_t known_bytes(const std::vector<ExprPtr>& rows) {
  std::uint64_t sum = 0;
  for (const ExprPtr& each : rows) {
    for (std::int64_t block = 0; block < each->meta().num_blocks(); ++block) {
      const std::uint64_t bytes = array_meta(each).block_bytes(block);
      const bool is_known = bytes > 0 || array_meta(each).block_shape(block)[0] == 0;
      if (!is_known) return std::numeric_limits<std::uint64_t>::max();
      sum += bytes;
    }
  }
  return sum;
}

std::vector<ExprPtr> kept_rows(std::vector<ExprPtr> rows, const ComputeOptions& options) {
  make_once(rows, options);
  const std::uint64_t given = options.run.memory_budget_bytes;
  // The rest is for the passes.
  const std::uint64_t room = (given > 0 ? given : memory_budget_bytes()) / 2;
  if (known_bytes(rows) <= room) return persist(rows, options);

  const std::string& folder = options.run.spill_directory;
  std::shared_ptr<SpillFile> file;
  std::uint64_t in_memory = 0;
  std::vector<KeptArray> kept(rows.size());
  const std::int64_t num_blocks = rows.at(0)->meta().num_blocks();
  for (std::int64_t first = 0; first < num_blocks; first += kBlocksAtOnce) {
    const std::int64_t count = std::min(kBlocksAtOnce, num_blocks - first);
    std::vector<ExprPtr> ranges;
    for (const ExprPtr& each : rows) ranges.push_back(make_expr<BlockRange>(each, first, count));
    const std::vector<ExprPtr> made = persist(ranges, options);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::int64_t block = 0; block < count; ++block) {
        const Value value = made_block(made[i], block);
        kept[i].num_bytes.push_back(value.num_bytes());
        if (in_memory + value.num_bytes() <= room / 2) {
          in_memory += value.num_bytes();
          kept[i].blocks.push_back({nullptr, {}, value});
          continue;
        }
        if (!file) file = std::make_shared<SpillFile>(folder.empty() ? default_spill_directory() : folder);
        kept[i].blocks.push_back(DiskBlock::written(file, value));
      }
    }
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = make_expr<DiskBlocks>(std::move(kept[i].blocks), rows[i]->meta_ptr(), rows[i]->token(),
                                    std::move(kept[i].num_bytes));
  }
  return rows;
}

void register_kept_kernels() {
  define(class_kernel, "Numbers of classes, refused where they are none.", of_classes);
  define(finite_kernel, "Numbers, refused where they are not finite.", finite);
  define(numbers_kernel, "Numbers of one type, without a look at them.", numbers);
  register_disk_kernels();
  register_value_type(value_type<SparseRows>());
}

}  // namespace plait::ml
