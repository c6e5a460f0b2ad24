#include "collections/dataframe/parted_reduction.h"

#include <fmt/format.h>

#include <algorithm>

#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/shuffle.h"
#include "collections/dataframe/tree_reduction.h"
#include "runtime/machine.h"

namespace plait {
namespace {

// A part of so many bytes is worth a task of its own.
constexpr std::uint64_t kPartBytes = std::uint64_t{16} << 20;
// The keys of a part, when the table in which they are looked up should stay in cache; and the most parts for that.
// Where keys may repeat, parts are larger and fewer: most likely there is less in them.
constexpr std::uint64_t kCachedBytes = std::uint64_t{4} << 20;
constexpr std::uint64_t kMostForSpeed = 64;
constexpr std::uint64_t kMostOfRepeated = 16;
// The parts of a budget: a task needs its part several times, and several tasks run at once.
constexpr std::uint64_t kPartsABudget = 64;

std::uint64_t bytes_of_wanted(const Schema& schema, const Wanted& wanted) {
  const auto& levels = schema.index.columns;
  std::uint64_t bytes = 0;
  for (const Field& field : schema.columns) {
    const bool is_level = std::find(levels.begin(), levels.end(), field.name) != levels.end();
    if (is_level ? wanted.index : wanted.has(field.name)) bytes += bytes_of_value(field.type.kind);
  }
  return bytes;
}

}  // namespace

std::string PartedReduction::describe() const { return fmt::format("{}; in {} parts", text, n); }

MetaPtr PartedReduction::infer_meta() const {
  const FrameMeta& meta = frame_meta(input);
  require_native({meta.empty()});
  Table result = meta.empty();
  if (partial) result = infer(partial, {result});
  const Value rows = Value::of(result);
  const Value parts = split.run(std::span(&rows, 1), TaskContext());
  result = infer(finalize, {infer(combine, {parts.as<Sequence>().items.at(0).as<Table>()})});
  // A reduction of no rows still has its row; only the schema counts here.
  if (result.form() != TableForm::scalar) result = Table::empty(result.schema());
  return make_frame_meta(std::move(result), n, {}, meta.estimated_bytes());
}

ExprPtr PartedReduction::splits() const {
  const ExprPtr rows = partial ? make_expr<FramePartial>(input, partial, combine_partials, label + "-partial") : input;
  return make_expr<Split>(rows, std::vector<ExprPtr>{}, split, label + "-split", n);
}

ExprPtr PartedReduction::lower() const {
  const ExprPtr split_rows = splits();
  const Value no_rows = Value::of(frame_meta(split_rows->operands().front()).empty());
  const Value parts = split.run(std::span(&no_rows, 1), TaskContext());
  const Table combined = infer(combine, {parts.as<Sequence>().items.at(0).as<Table>()});
  const ExprPtr partials = make_expr<CombineParts>(make_expr<Parts>(split_rows), combine, combined, label + "-combine");
  const CallTraits traits{.makes_index = true, .keeps_divisions = false};
  return make_expr<PartitionCall>(std::vector{partials}, finalize, label, text, traits);
}

KeyedBytes::KeyedBytes(const ExprPtr& input, const Wanted& required) {
  const FrameMeta& meta = frame_meta(input);
  const std::uint64_t all = bytes_per_row(meta.schema());
  if (all > 0) bytes_ = meta.estimated_bytes() / all * bytes_of_wanted(meta.schema(), required);
  npartitions_ = meta.npartitions();
}

std::int64_t KeyedBytes::num_parts(bool are_different) const {
  if (npartitions_ == 1) return 1;
  const std::uint64_t for_memory = bytes_ / std::max<std::uint64_t>(1, memory_budget_bytes() / kPartsABudget);
  const auto cores = static_cast<std::uint64_t>(num_usable_cores());
  std::uint64_t for_speed = 0;
  if (bytes_ >= kPartBytes) {
    const std::uint64_t most = std::max(cores, are_different ? kMostForSpeed : kMostOfRepeated);
    for_speed = std::clamp(bytes_ / (are_different ? kCachedBytes : 2 * kCachedBytes), cores, most);
  }
  return static_cast<std::int64_t>(std::max<std::uint64_t>({1, for_memory, for_speed}));
}

bool KeyedBytes::fits_one_task() const { return bytes_ <= memory_budget_bytes() / 4; }

}  // namespace plait
