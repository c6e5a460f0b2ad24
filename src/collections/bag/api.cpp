// The public class Bag: what its templates call.
#include <filesystem>

#include "collections/bag/bag_function.h"
#include "collections/bag/bag_plan.h"
#include "collections/source_line.h"
#include "collections/start.h"
#include "kernels/formats/text_pieces.h"
#include "runtime/objects.h"

namespace plait::detail {
namespace {

// Of whoever asks first.
void start_once() {
  start();
  register_object_types();
}

std::vector<std::string> lines_of(const TextBlock& block) {
  std::vector<std::string> lines;
  for (TextPieces pieces(block); pieces.next();) {
    for (std::string_view rest = pieces.text(); !rest.empty();) {
      const std::size_t length = std::min(rest.find('\n'), rest.size() - 1) + 1;
      lines.emplace_back(rest.substr(0, length));
      rest.remove_prefix(length);
    }
  }
  return lines;
}

}  // namespace

BagPlan bag_of_lines(const std::vector<std::string>& paths, std::int64_t blocksize, Location where) {
  std::vector<std::shared_ptr<const void>> blocks;
  for (const std::string& path : paths) {
    std::error_code failed;
    const auto size = static_cast<std::int64_t>(std::filesystem::file_size(path, failed));
    if (failed) throw io_error("read_text: " + path + ": " + failed.message());
    const std::vector<std::int64_t> starts =
        blocksize == 0 ? std::vector<std::int64_t>{0} : bags::block_starts(size, blocksize);
    for (std::size_t i = 0; i < starts.size(); ++i)
      blocks.push_back(std::make_shared<TextBlock>(path, starts[i], i + 1 < starts.size() ? starts[i + 1] : -1));
  }
  if (blocks.empty()) throw value_error("read_text: expected at least one path");
  const BagPlan places = bag_items(std::move(blocks), ops_of<TextBlock>(), where);
  return bag_call({places}, {"read_text", [](Call& call) { call.yield(lines_of(call.input<TextBlock>(0))); }}, false,
                  where);
}

std::int64_t bag_partition_size(std::int64_t num_items, const BagPartitions& how) {
  return bags::partition_size(num_items, how.partition_size, how.npartitions);
}

BagPlan bag_items(std::vector<std::shared_ptr<const void>> partitions, const ObjectOps* ops, Location where) {
  start_once();
  const SourceScope scope = source_scope(where);
  std::vector<Value> values;
  for (auto& partition : partitions) values.push_back(Value::of(Object{std::move(partition), ops}));
  return bags::from_objects(std::move(values), "from_sequence");
}

BagPlan bag_call(std::vector<BagPlan> inputs, BagFunction function, bool is_item, Location where) {
  const SourceScope scope = source_scope(where);
  const std::string name = function.name;
  return bags::call(std::move(inputs), bag_function(std::move(function)), name, is_item);
}

BagPlan bag_reduction(const BagPlan& bag, BagFunction partial, BagFunction combine, BagFunction aggregate,
                      std::int64_t split_every, bool is_item, Location where) {
  const SourceScope scope = source_scope(where);
  const std::string name = aggregate.name;
  const bags::ReductionCalls calls{bag_function(std::move(partial)), bag_function(std::move(combine)),
                                   bag_function(std::move(aggregate))};
  return bags::reduction(bag, calls, name, split_every, is_item);
}

BagPlan bag_take(const BagPlan& bag, BagFunction partial, BagFunction last, std::int64_t npartitions, Location where) {
  const SourceScope scope = source_scope(where);
  return bags::take(bag, bag_function(std::move(partial)), bag_function(std::move(last)), npartitions);
}

BagPlan bag_repartition(const BagPlan& bag, std::int64_t npartitions, BagFunction join,
                        const std::function<BagFunction(std::int64_t, std::int64_t)>& piece, Location where) {
  const SourceScope scope = source_scope(where);
  return bags::repartition(bag, npartitions, bag_function(std::move(join)),
                           [&](std::int64_t i, std::int64_t n) { return bag_function(piece(i, n)); });
}

BagPlan bag_exchange(const BagPlan& bag, BagFunction split, BagFunction merge, std::int64_t npartitions,
                     Location where) {
  const SourceScope scope = source_scope(where);
  const std::string name = merge.name;
  return bags::exchange(bag, bag_function(std::move(split)), bag_function(std::move(merge)), npartitions, name);
}

BagPlan bag_pairs(const BagPlan& left, const BagPlan& right, BagFunction function, Location where) {
  const SourceScope scope = source_scope(where);
  const std::string name = function.name;
  return bags::pairs(left, right, bag_function(std::move(function)), name);
}

BagPlan bag_concat(std::vector<BagPlan> bags, Location where) {
  if (bags.empty()) throw value_error("concat: expected at least one bag");
  const SourceScope scope = source_scope(where);
  return bags::concat(std::move(bags));
}

std::int64_t bag_npartitions(const BagPlan& bag) { return bag->meta().num_blocks(); }

std::vector<const void*> bag_objects(const Value& computed, const ObjectOps& type) {
  std::vector<const void*> objects;
  for (const Value& partition : computed.as<Sequence>().items) objects.push_back(object_in(partition, type));
  return objects;
}

const void* item_object(const Value& computed, const ObjectOps& type) { return object_in(computed, type); }

}  // namespace plait::detail
