#include "collections/bag/bag_ops.h"

#include <fmt/format.h>

#include <algorithm>

#include "collections/bag/python_steps.h"
#include "collections/dataframe/frame_kernels.h"
#include "graph/graph.h"

namespace plait {
namespace {

// Who does the work of a call: C++, or Python.
Origin origin_of(const KernelCall& call) {
  return python_steps.is_called_by(call) || python_split.is_called_by(call) ? Origin::python : Origin::native;
}

MetaPtr result_meta(std::int64_t npartitions, bool is_item) {
  PLAIT_CHECK(!is_item || npartitions == 1);
  return is_item ? make_item_meta() : make_bag_meta(npartitions);
}

}  // namespace

BlockTask BagItems::block_task(std::int64_t block) const {
  return {.call = literal_kernel(partitions.at(static_cast<std::size_t>(block)))};
}

std::string BagCall::describe() const {
  const PythonSteps* chain = python_steps.params_of(call);
  if (!chain) return "";
  const std::size_t num_native = native_steps(*chain).num_steps;
  std::string text;
  const auto name = [&](std::size_t step) { text += (text.empty() ? "" : ", ") + chain->steps[step].label; };
  for (std::size_t step = 0; step < num_native; ++step) name(step);
  if (num_native > 0) text += num_native == chain->steps.size() ? " without Python" : " without Python; then";
  if (num_native == 0 && chain->steps.size() > 1) text = "after";
  std::string rest;
  for (std::size_t step = num_native; step + 1 < chain->steps.size(); ++step)
    rest += (rest.empty() ? " " : ", ") + chain->steps[step].label;
  return text + rest;
}

Origin BagCall::origin() const {
  const PythonSteps* chain = python_steps.params_of(call);
  if (chain && native_steps(*chain).num_steps == chain->steps.size()) return Origin::native;
  return origin_of(call);
}

MetaPtr BagCall::infer_meta() const {
  std::int64_t npartitions = -1;
  for (const ExprPtr& input : inputs) {
    if (is_single_value(input)) continue;
    const std::int64_t own = input->meta().num_blocks();
    if (npartitions >= 0 && own != npartitions) {
      throw value_error(fmt::format("{}: all bags must have the same number of partitions, found {} and {}", label,
                                    npartitions, own));
    }
    npartitions = own;
  }
  return result_meta(npartitions < 0 ? 1 : npartitions, is_item);
}

BlockTask BagCall::block_task(std::int64_t block) const {
  BlockTask task{.call = call};
  for (std::uint32_t operand = 0; operand < inputs.size(); ++operand)
    task.inputs.push_back({operand, is_single_value(inputs[operand]) ? 0 : block});
  return task;
}

ExprPtr BagCall::absorb(std::size_t operand, const ExprPtr& producer) const {
  const auto* made_by = dynamic_cast<const BagCall*>(producer.get());
  const PythonSteps* own = python_steps.params_of(call);
  const PythonSteps* before = made_by ? python_steps.params_of(made_by->call) : nullptr;
  if (!own || !before || operand != 0 || std::ranges::count(inputs, producer) != 1) return nullptr;
  if (producer->meta().num_blocks() != meta().num_blocks()) return nullptr;
  // The first step of a chain takes all inputs that no other step takes.
  PythonSteps chain{before->steps, own->lists};
  chain.steps.insert(chain.steps.end(), own->steps.begin(), own->steps.end());
  const std::size_t of_later = inputs.size() - 1;
  chain.steps[before->steps.size()].num_extra = static_cast<std::uint32_t>(of_later);
  for (std::size_t i = 1; i < own->steps.size(); ++i)
    chain.steps[before->steps.size()].num_extra -= own->steps[i].num_extra;
  std::vector<ExprPtr> all = made_by->inputs;
  all.insert(all.end(), inputs.begin() + 1, inputs.end());
  return make_expr<BagCall>(std::move(all), python_steps(std::move(chain)), label, is_item);
}

Origin BagFanIn::origin() const { return origin_of(call); }

MetaPtr BagFanIn::infer_meta() const { return result_meta(static_cast<std::int64_t>(starts.size()) - 1, is_item); }

BlockTask BagFanIn::block_task(std::int64_t block) const {
  BlockTask task{.call = call};
  const auto i = static_cast<std::size_t>(block);
  for (std::int64_t part = starts.at(i); part < starts.at(i + 1); ++part) task.inputs.push_back({0, part});
  return task;
}

BlockTask BagPick::block_task(std::int64_t block) const {
  return {.call = identity_kernel(), .inputs = {{0, numbers.at(static_cast<std::size_t>(block))}}};
}

ExprPtr BagPick::simplify() const {
  if (const auto* items = dynamic_cast<const BagItems*>(bag.get())) {
    std::vector<Value> picked;
    for (const std::int64_t number : numbers) picked.push_back(items->partitions.at(static_cast<std::size_t>(number)));
    return make_expr<BagItems>(std::move(picked), items->label);
  }
  const auto* made_by = dynamic_cast<const BagCall*>(bag.get());
  if (!made_by || made_by->is_item) return nullptr;
  std::vector<ExprPtr> picked;
  for (const ExprPtr& input : made_by->inputs) {
    // Partitions of frames are picked by nodes of theirs.
    if (!is_single_value(input) && !dynamic_cast<const BagMeta*>(&input->meta())) return nullptr;
    picked.push_back(is_single_value(input) ? input : make_expr<BagPick>(input, numbers));
  }
  return make_expr<BagCall>(std::move(picked), made_by->call, made_by->label, false);
}

MetaPtr BagConcat::infer_meta() const {
  first_partitions_ = {0};
  for (const ExprPtr& bag : bags) first_partitions_.push_back(first_partitions_.back() + bag->meta().num_blocks());
  return make_bag_meta(first_partitions_.back());
}

BlockTask BagConcat::block_task(std::int64_t block) const {
  const auto after = std::ranges::upper_bound(first_partitions_, block);
  const auto bag = after - first_partitions_.begin() - 1;
  return {.call = identity_kernel(), .inputs = {{static_cast<std::uint32_t>(bag), block - *(after - 1)}}};
}

Origin BagPairs::origin() const { return origin_of(call); }

MetaPtr BagPairs::infer_meta() const { return make_bag_meta(left->meta().num_blocks() * right->meta().num_blocks()); }

BlockTask BagPairs::block_task(std::int64_t block) const {
  const std::int64_t width = right->meta().num_blocks();
  return {.call = call, .inputs = {{0, block / width}, {1, block % width}}};
}

BlockTask BagCut::block_task(std::int64_t block) const {
  const auto i = static_cast<std::size_t>(block);
  return {.call = calls.at(i), .inputs = {{0, sources.at(i)}}};
}

Origin BagSplit::origin() const { return origin_of(call); }

MetaPtr BagSplit::infer_meta() const { return make_bag_meta(bag->meta().num_blocks()); }

BlockTask BagSplit::block_task(std::int64_t block) const { return {.call = call, .inputs = {{0, block}}}; }

namespace {

// Blocks of two axes: partitions, and the parts of each.
class BagPartsMeta final : public Meta {
 public:
  BagPartsMeta(std::int64_t npartitions, std::int64_t n) : npartitions_(npartitions), n_(n) {}
  std::vector<std::int64_t> grid() const override { return {npartitions_, n_}; }
  std::string describe() const override { return fmt::format("{} parts of each of {} partitions", n_, npartitions_); }
  Value assemble(std::vector<Value> blocks) const override { return Value::of(Sequence{std::move(blocks)}); }

 private:
  std::int64_t npartitions_;
  std::int64_t n_;
};

}  // namespace

MetaPtr BagParts::infer_meta() const { return std::make_shared<BagPartsMeta>(splits->meta().num_blocks(), n); }

BlockTask BagParts::block_task(std::int64_t block) const {
  return {.call = item_kernel({n}), .inputs = {{0, block / n}}};
}

Origin BagMerge::origin() const { return origin_of(call); }

MetaPtr BagMerge::infer_meta() const { return make_bag_meta(parts->meta().grid().at(1)); }

BlockTask BagMerge::block_task(std::int64_t block) const {
  BlockTask task{.call = call};
  const std::vector<std::int64_t> grid = parts->meta().grid();
  for (std::int64_t i = 0; i < grid.at(0); ++i) task.inputs.push_back({0, i * grid.at(1) + block});
  return task;
}

}  // namespace plait
