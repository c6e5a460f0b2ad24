// Bags as plans, in the terms of both faces: the decisions on partitions, trees and exchanges that are the same for
// every kind of item. A call works on whole partitions; see the public class Bag (plait/bag.h) for what they mean.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/kernel.h"
#include "expr/plan.h"

namespace plait::bags {

// How many items from_sequence puts into a partition. Throws Error(value) where what is asked for is below 1.
std::int64_t partition_size(std::int64_t num_items, std::optional<std::int64_t> partition_size,
                            std::optional<std::int64_t> npartitions);

// Where the blocks of a file begin that are about as large as asked and share it out evenly. Throws Error(value) for
// blocks below 1 byte.
std::vector<std::int64_t> block_starts(std::int64_t num_bytes, std::int64_t block_bytes);

ExprPtr from_partitions(std::vector<Value> partitions, std::string label);
// Of objects that nothing tells apart: the plan is unlike all others.
ExprPtr from_objects(std::vector<Value> partitions, std::string label);
// A call on the partitions of the same number of each bag; single values go with every partition.
ExprPtr call(std::vector<ExprPtr> inputs, KernelCall call, std::string label, bool is_item = false);

// The steps of a reduction. Partials of no items are the calls' own matter.
struct ReductionCalls {
  KernelCall partial;    // of one partition
  KernelCall combine;    // partials to a partial
  KernelCall aggregate;  // the last partials to the result
};
constexpr std::int64_t kDefaultSplitEvery = 8;
// A tree whose steps combine `split_every` partials, in the order of the partitions. 0: all at once. The result is one
// value, or a bag of one partition. Throws Error(value) for a `split_every` of 1 or below 0.
ExprPtr reduction(const ExprPtr& bag, const ReductionCalls& calls, const std::string& label, std::int64_t split_every,
                  bool is_item);

// The first items of the first partitions: `partial` takes them of one partition, `last` of those of several. Below 0:
// of all. Throws Error(value) if there are fewer partitions.
ExprPtr take(const ExprPtr& bag, const KernelCall& partial, const KernelCall& last, std::int64_t npartitions);

// Some partitions, in the given order.
ExprPtr pick(const ExprPtr& bag, std::vector<std::int64_t> numbers);
ExprPtr concat(std::vector<ExprPtr> bags);
// Every partition of the one with every partition of the other.
ExprPtr pairs(const ExprPtr& left, const ExprPtr& right, KernelCall call, std::string label);

// Partitions from starts[i] up to starts[i + 1] as one, which `join` makes.
ExprPtr joined(const ExprPtr& bag, std::vector<std::int64_t> starts, KernelCall join, std::string label,
               bool is_item = false);
// Piece i of n of a partition.
using PieceCall = std::function<KernelCall(std::int64_t i, std::int64_t n)>;
// The same items in as many partitions: neighbours joined evenly, or each cut in as many pieces, the last one in more.
// Throws Error(value) for less than one.
ExprPtr repartition(const ExprPtr& bag, std::int64_t npartitions, KernelCall join, const PieceCall& piece);
// By the bytes of each partition: those beyond the limit are cut, and neighbours joined up to it.
ExprPtr repartition_by_size(const ExprPtr& bag, const std::vector<double>& bytes, double limit, KernelCall join,
                            const PieceCall& piece);

// Items moved so that those of the same key meet: `split` makes a sequence of `n` parts of each partition, `merge` the
// partition of the result of those of the same number.
ExprPtr exchange(const ExprPtr& bag, KernelCall split, KernelCall merge, std::int64_t n, const std::string& label);
// Partitions of a grouped bag: those of the bag; where an exchange would go in stages of `max_branch`, as many as the
// stages make.
std::int64_t num_groups_partitions(std::int64_t npartitions, std::int64_t max_branch);

// Partition after partition: `first` makes of one a pair (what it becomes, what the next is told), `next` of one and
// what it is told; `item` i gives a part of the pair.
struct ScanCalls {
  KernelCall first;
  KernelCall next;
  KernelCall partition;  // of the pair
  KernelCall carried;
};
ExprPtr scan(const ExprPtr& bag, const ScanCalls& calls, const std::string& label);

// Whether bags and single values are all that is asked for, and functions that their user wrote in Python are called:
// those run in worker processes, unless told otherwise.
bool calls_users_python(const Roots& roots);

}  // namespace plait::bags
