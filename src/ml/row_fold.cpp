#include "ml/row_fold.h"

#include <algorithm>

#include "kernels/array/sequence_part.h"

namespace plait::ml {
namespace {

// Partials that one task combines.
constexpr std::int64_t kCombined = 8;

// Blocks of which only their number is known.
class PartialsMeta final : public Meta {
 public:
  explicit PartialsMeta(std::int64_t count) : count_(count) {}
  std::vector<std::int64_t> grid() const override { return {count_}; }
  std::string describe() const override { return std::to_string(count_) + (count_ == 1 ? " value" : " values"); }
  Value assemble(std::vector<Value> blocks) const override {
    return blocks.size() == 1 ? std::move(blocks[0]) : Value::of(Sequence{std::move(blocks)});
  }

 private:
  std::int64_t count_;
};

MetaPtr partials_meta(std::int64_t count) { return std::make_shared<const PartialsMeta>(count); }

NdArray sum_of(std::span<const NdArray* const> arrays) {
  NdArray total = arrays[0]->copy();
  double* to = total.mutable_data<double>();
  for (const NdArray* each : arrays.subspan(1)) {
    PLAIT_CHECK(each->shape() == total.shape());
    const NdArray held = each->contiguous();
    const double* from = held.data<double>();
    for (std::int64_t i = 0; i < total.size(); ++i) to[i] += from[i];
  }
  return total;
}

Value added(Inputs partials, const TaskContext&) {
  const auto sum_where = [&](const auto& array_of) {
    std::vector<const NdArray*> arrays;
    for (const Value& partial : partials) arrays.push_back(&array_of(partial));
    return sum_of(arrays);
  };
  const auto* first = partials[0].get_if<Sequence>();
  if (!first) return Value::of(sum_where([](const Value& v) -> const NdArray& { return v.as<NdArray>(); }));
  Sequence total;
  for (std::size_t i = 0; i < first->items.size(); ++i) {
    total.items.push_back(Value::of(sum_where(
        [i](const Value& v) -> const NdArray& { return v.as<Sequence>().items.at(i).template as<NdArray>(); })));
  }
  return Value::of(std::move(total));
}

}  // namespace

MetaPtr RowFold::infer_meta() const { return partials_meta(1); }

ExprPtr RowFold::lower() const {
  ExprPtr folded = make_expr<RowPartials>(rows, label, partial);
  while (folded->meta().num_blocks() > 1) folded = make_expr<JoinPartials>(folded, label, combine, kCombined);
  return finalize ? make_expr<JoinPartials>(folded, label, finalize, std::int64_t{1}) : folded;
}

MetaPtr RowPartials::infer_meta() const {
  PLAIT_CHECK(!rows.empty());
  for (const ExprPtr& each : rows) PLAIT_CHECK(each->meta().num_blocks() == rows[0]->meta().num_blocks());
  return partials_meta(rows[0]->meta().num_blocks());
}

BlockTask RowPartials::block_task(std::int64_t block) const {
  BlockTask task{.call = partial};
  for (std::uint32_t i = 0; i < rows.size(); ++i) task.inputs.push_back({i, block});
  return task;
}

MetaPtr JoinPartials::infer_meta() const { return partials_meta((partials->meta().num_blocks() + group - 1) / group); }

BlockTask JoinPartials::block_task(std::int64_t block) const {
  BlockTask task{.call = call};
  const std::int64_t end = std::min((block + 1) * group, partials->meta().num_blocks());
  for (std::int64_t i = block * group; i < end; ++i) task.inputs.push_back({0, i});
  return task;
}

MetaPtr FoldedArray::infer_meta() const {
  Chunks chunks;
  for (const std::int64_t extent : shape) chunks.push_back({extent});
  return make_array_meta(dtype, std::move(chunks));
}

BlockTask FoldedArray::block_task(std::int64_t) const {
  if (part < 0) return {.inputs = {{0, 0}}};
  return {.call = sequence_part_kernel({part}), .inputs = {{0, 0}}};
}

ExprPtr row_fold(std::vector<ExprPtr> rows, std::string label, FoldCalls calls) {
  return make_expr<RowFold>(std::move(rows), std::move(label), std::move(calls.partial), std::move(calls.combine),
                            std::move(calls.finalize));
}

void register_fold_kernels() { define(add_partials_kernel, "Partials added up.", added); }

}  // namespace plait::ml
