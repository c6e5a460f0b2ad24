#include "collections/bag/bag_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "collections/bag/bag_ops.h"
#include "collections/bag/python_steps.h"
#include "expr/rewrite.h"

namespace plait::bags {
namespace {

// Starts of groups of `width` neighbours.
std::vector<std::int64_t> even_starts(std::int64_t count, std::int64_t width) {
  std::vector<std::int64_t> starts;
  for (std::int64_t start = 0; start < count; start += width) starts.push_back(start);
  starts.push_back(count);
  return starts;
}

// Starts of neighbours that have at most `limit` together.
std::vector<std::int64_t> starts_within(const std::vector<double>& sizes, double limit) {
  std::vector<std::int64_t> starts = {0};
  double together = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (together + sizes[i] > limit && static_cast<std::int64_t>(i) > starts.back()) {
      starts.push_back(static_cast<std::int64_t>(i));
      together = 0;
    }
    together += sizes[i];
  }
  starts.push_back(static_cast<std::int64_t>(sizes.size()));
  return starts;
}

// Partition i cut into pieces[i].
ExprPtr cut(const ExprPtr& bag, const std::vector<std::int64_t>& pieces, const PieceCall& piece) {
  std::vector<KernelCall> calls;
  std::vector<std::int64_t> sources;
  for (std::size_t source = 0; source < pieces.size(); ++source) {
    for (std::int64_t i = 0; i < pieces[source]; ++i) {
      calls.push_back(piece(i, pieces[source]));
      sources.push_back(static_cast<std::int64_t>(source));
    }
  }
  return make_expr<BagCut>(bag, std::move(calls), std::move(sources));
}

}  // namespace

std::int64_t partition_size(std::int64_t num_items, std::optional<std::int64_t> partition_size,
                            std::optional<std::int64_t> npartitions) {
  constexpr std::int64_t kFew = 100;
  if (partition_size) {
    if (*partition_size >= 1) return *partition_size;
    throw value_error(fmt::format("from_sequence: partition_size must be at least 1, found {}", *partition_size));
  }
  // 0 partitions are none given, as in Dask.
  const std::int64_t wanted = npartitions.value_or(0);
  if (wanted < 0) throw value_error(fmt::format("from_sequence: npartitions must be at least 1, found {}", wanted));
  if (wanted > 0) {
    const std::int64_t up = (num_items + wanted - 1) / wanted;
    return std::max<std::int64_t>(1, num_items <= kFew ? up : num_items / wanted);
  }
  if (num_items <= kFew) return 1;
  return static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(num_items)) / std::sqrt(double{kFew})));
}

std::vector<std::int64_t> block_starts(std::int64_t num_bytes, std::int64_t block_bytes) {
  if (block_bytes < 1) throw value_error(fmt::format("read_text: blocksize must be at least 1, found {}", block_bytes));
  double width = static_cast<double>(block_bytes);
  const double size = static_cast<double>(num_bytes);
  const std::int64_t num_blocks = num_bytes / block_bytes;
  if (num_blocks > 0) width = size / static_cast<double>(num_blocks);
  std::vector<std::int64_t> starts = {0};
  double place = 0;
  while (size - place > width * 2 - 1) {
    place += width;
    starts.push_back(static_cast<std::int64_t>(place));
  }
  return starts;
}

ExprPtr from_partitions(std::vector<Value> partitions, std::string label) {
  return make_expr<BagItems>(std::move(partitions), std::move(label));
}

ExprPtr from_objects(std::vector<Value> partitions, std::string label) {
  const auto count = static_cast<std::int64_t>(partitions.size());
  return blocks_expr(make_bag_meta(count), std::move(partitions), unique_token(), std::move(label));
}

ExprPtr call(std::vector<ExprPtr> inputs, KernelCall call, std::string label, bool is_item) {
  return make_expr<BagCall>(std::move(inputs), std::move(call), std::move(label), is_item);
}

ExprPtr reduction(const ExprPtr& bag, const ReductionCalls& calls, const std::string& label, std::int64_t split_every,
                  bool is_item) {
  if (split_every < 0 || split_every == 1) {
    throw value_error(
        fmt::format("{}: split_every is {}, expected a whole number from 2 on, or False for all partitions at once",
                    label, split_every));
  }
  ExprPtr partials = call({bag}, calls.partial, label + "-part");
  std::int64_t left = bag->meta().num_blocks();
  while (split_every != 0 && left > split_every) {
    partials = joined(partials, even_starts(left, split_every), calls.combine, label + "-combine");
    left = partials->meta().num_blocks();
  }
  // One partial goes on in the task that has made it.
  if (left == 1) return call({partials}, calls.aggregate, label, is_item);
  return joined(partials, {0, left}, calls.aggregate, label, is_item);
}

ExprPtr take(const ExprPtr& bag, const KernelCall& partial, const KernelCall& last, std::int64_t npartitions) {
  const std::int64_t there = bag->meta().num_blocks();
  if (npartitions < 0) npartitions = there;
  if (npartitions > there)
    throw value_error(fmt::format("take: the bag has only {} partitions, npartitions is {}", there, npartitions));
  std::vector<std::int64_t> first(static_cast<std::size_t>(std::max<std::int64_t>(1, npartitions)));
  for (std::size_t i = 0; i < first.size(); ++i) first[i] = static_cast<std::int64_t>(i);
  const ExprPtr picked = pick(bag, std::move(first));
  if (npartitions <= 1) return call({picked}, last, "take");
  return joined(call({picked}, partial, "take-part"), {0, npartitions}, last, "take");
}

ExprPtr pick(const ExprPtr& bag, std::vector<std::int64_t> numbers) {
  return make_expr<BagPick>(bag, std::move(numbers));
}

ExprPtr concat(std::vector<ExprPtr> bags) { return make_expr<BagConcat>(std::move(bags)); }

ExprPtr pairs(const ExprPtr& left, const ExprPtr& right, KernelCall call, std::string label) {
  return make_expr<BagPairs>(left, right, std::move(call), std::move(label));
}

ExprPtr joined(const ExprPtr& bag, std::vector<std::int64_t> starts, KernelCall join, std::string label, bool is_item) {
  return make_expr<BagFanIn>(bag, std::move(join), std::move(label), std::move(starts), is_item);
}

ExprPtr repartition(const ExprPtr& bag, std::int64_t npartitions, KernelCall join, const PieceCall& piece) {
  const std::int64_t now = bag->meta().num_blocks();
  if (npartitions < 1)
    throw value_error(fmt::format("repartition: npartitions must be at least 1, found {}", npartitions));
  if (npartitions == now || now == 0) return bag;
  if (npartitions > now) {
    std::vector<std::int64_t> pieces(static_cast<std::size_t>(now), npartitions / now);
    pieces.back() += npartitions % now;
    return cut(bag, pieces, piece);
  }
  std::vector<std::int64_t> starts;
  const double ratio = static_cast<double>(now) / static_cast<double>(npartitions);
  for (std::int64_t i = 0; i < npartitions; ++i)
    starts.push_back(static_cast<std::int64_t>(static_cast<double>(i) * ratio));
  starts.push_back(now);
  return joined(bag, std::move(starts), std::move(join), "repartition");
}

ExprPtr repartition_by_size(const ExprPtr& bag, const std::vector<double>& bytes, double limit, KernelCall join,
                            const PieceCall& piece) {
  std::vector<std::int64_t> pieces;
  std::vector<double> sizes;
  for (const double own : bytes) {
    pieces.push_back(1 + static_cast<std::int64_t>(own / limit));
    sizes.insert(sizes.end(), static_cast<std::size_t>(pieces.back()), own / static_cast<double>(pieces.back()));
  }
  const ExprPtr fine = sizes.size() > bytes.size() ? cut(bag, pieces, piece) : bag;
  return joined(fine, starts_within(sizes, limit), std::move(join), "repartition");
}

ExprPtr exchange(const ExprPtr& bag, KernelCall split, KernelCall merge, std::int64_t n, const std::string& label) {
  if (n < 1) throw value_error(fmt::format("{}: npartitions must be at least 1, found {}", label, n));
  const ExprPtr splits = make_expr<BagSplit>(bag, std::move(split), label + "-split", n);
  return make_expr<BagMerge>(make_expr<BagParts>(splits, n), std::move(merge), label);
}

std::int64_t num_groups_partitions(std::int64_t npartitions, std::int64_t max_branch) {
  if (max_branch < 2) throw value_error(fmt::format("groupby: max_branch must be at least 2, found {}", max_branch));
  const double count = static_cast<double>(npartitions);
  const auto stages = static_cast<std::int64_t>(std::ceil(std::log(count) / std::log(static_cast<double>(max_branch))));
  if (stages <= 1) return npartitions;
  const auto branches = static_cast<std::int64_t>(std::ceil(std::pow(count, 1.0 / static_cast<double>(stages))));
  std::int64_t result = 1;
  for (std::int64_t i = 0; i < stages; ++i) result *= branches;
  return result;
}

ExprPtr scan(const ExprPtr& bag, const ScanCalls& calls, const std::string& label) {
  std::vector<ExprPtr> partitions;
  ExprPtr carried;
  for (std::int64_t i = 0; i < bag->meta().num_blocks(); ++i) {
    const ExprPtr own = pick(bag, {i});
    const ExprPtr pair = carried ? call({own, carried}, calls.next, label + "-part", true)
                                 : call({own}, calls.first, label + "-part", true);
    partitions.push_back(call({pair}, calls.partition, label));
    carried = call({pair}, calls.carried, label + "-carried", true);
  }
  return concat(std::move(partitions));
}

bool calls_users_python(const Roots& roots) {
  const auto is_bag = [](const ExprPtr& root) {
    const Meta& meta = root->meta();
    return dynamic_cast<const BagMeta*>(&meta) || dynamic_cast<const ItemMeta*>(&meta);
  };
  if (roots.empty() || !std::ranges::all_of(roots, is_bag)) return false;
  const auto is_users = [](const PythonStep& step) { return step.is_users; };
  const auto of_call = [&](const KernelCall& call) {
    if (const PythonStep* split = python_split.params_of(call)) return split->is_users;
    const PythonSteps* chain = python_steps.params_of(call);
    return chain && std::ranges::any_of(chain->steps, is_users);
  };
  return std::ranges::any_of(with_children(roots), [&](const ExprPtr& node) {
    if (const auto* mapped = dynamic_cast<const BagCall*>(node.get())) return of_call(mapped->call);
    if (const auto* fan_in = dynamic_cast<const BagFanIn*>(node.get())) return of_call(fan_in->call);
    if (const auto* paired = dynamic_cast<const BagPairs*>(node.get())) return of_call(paired->call);
    if (const auto* split = dynamic_cast<const BagSplit*>(node.get())) return of_call(split->call);
    if (const auto* merge = dynamic_cast<const BagMerge*>(node.get())) return of_call(merge->call);
    return false;
  });
}

}  // namespace plait::bags
