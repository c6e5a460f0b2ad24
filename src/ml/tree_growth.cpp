#include "ml/tree_growth.h"

#include <fmt/format.h>

#include "base/value.h"

namespace plait {

template <>
const ValueType& value_type<ml::Tree>() {
  static const ValueType type{
      .name = "ml_tree",
      .num_bytes =
          [](const void* data) {
            const auto& tree = *static_cast<const ml::Tree*>(data);
            return tree.feature.size() * (3 * sizeof(std::int32_t) + sizeof(std::int64_t) + sizeof(double)) +
                   tree.sums.size() * sizeof(std::int64_t);
          },
      .describe =
          [](const void* data) { return fmt::format("tree of {} nodes", static_cast<const ml::Tree*>(data)->size()); },
      .encode = [](Encoder& to, const void* data) { encode(to, *static_cast<const ml::Tree*>(data)); },
      .decode = [](Decoder& from) -> std::shared_ptr<const void> {
        return std::make_shared<const ml::Tree>(decode<ml::Tree>(from));
      }};
  return type;
}

namespace ml {

std::int32_t Tree::add(const NodeSums& node) {
  feature.push_back(-1);
  bin.push_back(0);
  left.push_back(-1);
  rows.push_back(node.rows);
  sums.insert(sums.end(), node.sums.begin(), node.sums.end());
  gain.push_back(0);
  return size() - 1;
}

void Tree::split(std::int32_t node, const Cut& cut) {
  const auto at = static_cast<std::size_t>(node);
  feature[at] = cut.feature;
  bin[at] = cut.bin;
  gain[at] = cut.gain;
  left[at] = size();
  add(cut.left);
  add(cut.right);
}

Tree in_order(const Tree& tree, int num_sums) {
  Tree out;
  const auto sums_of = [&](std::int32_t node) {
    const auto from = tree.sums.begin() + std::ptrdiff_t{node} * num_sums;
    return NodeSums{std::vector<std::int64_t>(from, from + num_sums), tree.rows[static_cast<std::size_t>(node)]};
  };
  std::vector<std::pair<std::int32_t, std::int32_t>> open{{0, out.add(sums_of(0))}};
  while (!open.empty()) {
    const auto [from, to] = open.back();
    open.pop_back();
    const auto at = static_cast<std::size_t>(from);
    if (tree.feature[at] < 0) continue;
    const std::int32_t left = tree.left[at];
    out.split(to, {.feature = tree.feature[at],
                   .bin = tree.bin[at],
                   .gain = tree.gain[at],
                   .left = sums_of(left),
                   .right = sums_of(left + 1)});
    const std::int32_t placed = out.left[static_cast<std::size_t>(to)];
    open.emplace_back(left + 1, placed + 1);
    open.emplace_back(left, placed);
  }
  return out;
}

Value tree_value(Tree tree) { return Value::of(std::move(tree)); }
const Tree& tree_of(const Value& value) { return value.as<Tree>(); }
void register_tree_values() { register_value_type(value_type<Tree>()); }

}  // namespace ml
}  // namespace plait
