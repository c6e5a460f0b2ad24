#include "collections/dataframe/sources.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "collections/dataframe/frame_kernels.h"
#include "collections/dataframe/label_order.h"
#include "collections/dataframe/merge.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/tree_reduction.h"
#include "expr/joined.h"
#include "graph/graph.h"
#include "kernels/table/neighbours.h"
#include "kernels/table/rows.h"
#include "kernels/table/sort.h"

namespace plait {

BlockTask FromTables::block_task(std::int64_t block) const {
  const Value& partition = partitions[static_cast<std::size_t>(block)];
  return {.call = literal_kernel(partition), .output_bytes = partition.num_bytes()};
}

std::string FromTables::describe() const { return fmt::format("npartitions={}", partitions.size()); }

MetaPtr FromTables::infer_meta() const {
  std::uint64_t num_bytes = 0;
  for (const Value& partition : partitions) num_bytes += partition.num_bytes();
  return make_frame_meta(schema, static_cast<std::int64_t>(partitions.size()), divisions, num_bytes);
}

ExprPtr from_table_expr(const Table& table, const CutOptions& how) {
  RowCuts cuts = row_cuts(table, how);
  std::vector<Value> partitions;
  for (std::size_t i = 0; i + 1 < cuts.starts.size(); ++i)
    partitions.push_back(Value::of(cuts.rows.slice(cuts.starts[i], cuts.starts[i + 1] - cuts.starts[i])));
  // Types alone do not tell which categories a column has, or how Arrow holds its texts. A copy: what was computed from
  // the frame must not keep its rows in memory.
  Table schema = small_part(cuts.rows, 0, 0);
  if (cuts.rows.index().is_range()) schema = schema.reset_index(true).with_index(cuts.rows.index());
  return make_expr<FromTables>(std::move(partitions), std::move(schema), std::move(cuts.divisions));
}

BlockTask Partitions::block_task(std::int64_t block) const {
  return {.call = identity_kernel(), .inputs = {{.operand = 0, .block = numbers[static_cast<std::size_t>(block)]}}};
}

std::string Partitions::describe() const { return fmt::format("{}", numbers); }

MetaPtr Partitions::infer_meta() const {
  const FrameMeta& meta = frame_meta(frame);
  for (const std::int64_t number : numbers) {
    if (number < 0 || number >= meta.npartitions()) {
      throw index_error(fmt::format("partition {} of a frame with {} partitions", number, meta.npartitions()));
    }
  }
  Divisions divisions;
  const bool consecutive =
      std::adjacent_find(numbers.begin(), numbers.end(), [](auto a, auto b) { return b != a + 1; }) == numbers.end();
  if (meta.known_divisions() && consecutive && !numbers.empty()) {
    const auto first = meta.divisions().begin() + numbers.front();
    divisions.assign(first, first + static_cast<std::ptrdiff_t>(numbers.size()) + 1);
  }
  return make_frame_meta(meta.empty(), static_cast<std::int64_t>(numbers.size()), std::move(divisions),
                         meta.estimated_bytes());
}

namespace {

ExprPtr end_expr(ExprPtr frame, std::int64_t n, std::vector<std::int64_t> numbers, const KernelCall& cut,
                 const std::string& label) {
  const CallTraits traits{.by_column = true};
  ExprPtr ends = make_expr<PartitionCall>(std::vector{frame}, cut, label, fmt::format("{}", n), traits);
  if (n >= 0 && static_cast<std::int64_t>(numbers.size()) < frame_meta(frame).npartitions()) {
    ends = make_expr<Partitions>(ends, numbers);
  }
  if (frame_meta(ends).npartitions() == 1) return ends;
  return make_expr<FanIn>(ends, concat_then_kernel({cut}), label, std::int64_t{0});
}

}  // namespace

// Beyond so many rows, sorting them all is no more work than finding the first.
constexpr std::int64_t kMaxSortedHead = 100'000;

// The first rows of sorted ones: those of each partition, put together, have them; the others need not be in order.
static ExprPtr sorted_head_expr(const SortValues& sorted, std::int64_t n) {
  const KernelCall first = table_kernel::sorted_head(SortedHeadParams{sorted.params, n});
  return make_expr<TreeReduction>(sorted.frame, std::string("sorted_head"),
                                  fmt::format("{}, n={}", sorted.describe(), n), first, concat_then_kernel({first}),
                                  KernelCall(), Wanted::everything());
}

ExprPtr head_expr(ExprPtr frame, std::int64_t n, std::int64_t npartitions) {
  if (const auto* sorted = dynamic_cast<const SortValues*>(frame.get()); sorted && n >= 0 && n <= kMaxSortedHead)
    return sorted_head_expr(*sorted, n);
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(std::min(npartitions, frame_meta(frame).npartitions())));
  std::iota(numbers.begin(), numbers.end(), 0);
  return end_expr(std::move(frame), n, std::move(numbers), table_kernel::head({n}), "head");
}

ExprPtr tail_expr(ExprPtr frame, std::int64_t n, std::int64_t npartitions) {
  const std::int64_t all = frame_meta(frame).npartitions();
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(std::min(npartitions, all)));
  std::iota(numbers.begin(), numbers.end(), all - static_cast<std::int64_t>(numbers.size()));
  return end_expr(std::move(frame), n, std::move(numbers), table_kernel::tail({n}), "tail");
}

std::vector<Field> data_columns(const ExprPtr& frame) {
  std::vector<Field> columns;
  const Schema& schema = frame_meta(frame).schema();
  for (const std::string& name : schema.names()) columns.push_back(schema.field(name));
  return columns;
}

BlockTask Concat::block_task(std::int64_t block) const {
  const auto next = std::upper_bound(first_partitions_.begin(), first_partitions_.end(), block);
  const auto operand = static_cast<std::uint32_t>(next - first_partitions_.begin() - 1);
  return {.call = conform_kernel({static_cast<const FrameMeta&>(meta()).empty(), outer, keep_index}),
          .inputs = {{.operand = operand, .block = block - first_partitions_[operand]}}};
}

ExprPtr Concat::lower() const {
  const auto columns = data_columns(frames.front());
  const auto is_alike = [&](const ExprPtr& frame) { return data_columns(frame) == columns; };
  std::vector<ExprPtr> parts = without_inner(frames, &Concat::frames, [&](const Concat& inner) {
    return std::all_of(inner.frames.begin(), inner.frames.end(), is_alike);
  });
  if (parts.size() == frames.size()) return nullptr;
  ExprPtr flat = make_expr<Concat>(std::move(parts), outer, keep_index);
  return frame_meta(flat).schema() == static_cast<const FrameMeta&>(meta()).schema() ? flat : nullptr;
}

Wanted Concat::needs(std::size_t operand, const Wanted& wanted) const {
  if (wanted.all_columns || frame_meta(frames[operand]).form() != TableForm::frame)
    return {.all_columns = true, .index = wanted.index};
  Wanted needed{.index = wanted.index};
  for (const std::string& column : frame_meta(frames[operand]).empty().names()) {
    if (wanted.has(column)) needed.columns.insert(column);
  }
  return needed;
}

// Labels that nobody wants go from all frames: where they are gone from some, others' do not go with what is left.
ExprPtr Concat::narrowed(const Wanted& wanted) const {
  return wanted.index || !keep_index ? nullptr : make_expr<Concat>(frames, outer, false);
}

// Known where every frame's labels lie behind those of the one before.
static Divisions joined_divisions(const std::vector<ExprPtr>& frames) {
  Divisions joined;
  for (const ExprPtr& frame : frames) {
    const Divisions& next = frame_meta(frame).divisions();
    if (next.empty()) return {};
    if (!joined.empty()) {
      if (!are_comparable(joined.back(), next.front()) || !label_less(joined.back(), next.front())) return {};
      joined.pop_back();
    }
    joined.insert(joined.end(), next.begin(), next.end());
  }
  return joined;
}

MetaPtr Concat::infer_meta() const {
  if (frames.empty()) throw value_error("concat: no frames were given, expected at least one");
  std::int64_t npartitions = 0;
  std::uint64_t num_bytes = 0;
  first_partitions_.clear();
  for (const ExprPtr& frame : frames) {
    first_partitions_.push_back(npartitions);
    npartitions += frame_meta(frame).npartitions();
    num_bytes += frame_meta(frame).estimated_bytes();
  }
  const KernelCall concat = table_kernel::concat(ConcatParams{.ignore_index = !keep_index, .outer = outer});
  return make_frame_meta(infer(concat, empties(frames)), npartitions,
                         keep_index ? joined_divisions(frames) : Divisions{}, num_bytes);
}

}  // namespace plait
