// What is known of a lazy bag, and of a single value that is made of one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expr/expr.h"

namespace plait {

// Items of any kind in partitions. Computed, it is the sequence of its partitions: only those who know the kind of the
// items can put them together.
class BagMeta final : public Meta {
 public:
  explicit BagMeta(std::int64_t npartitions) : npartitions_(npartitions) {}

  std::int64_t npartitions() const { return npartitions_; }

  std::vector<std::int64_t> grid() const override { return {npartitions_}; }
  std::string describe() const override;
  Value assemble(std::vector<Value> blocks) const override;
  std::string kind() const override { return "bag"; }
  void encode_fields(Encoder& to) const override;
  static MetaPtr read(Decoder& from);

 private:
  std::int64_t npartitions_;
};

// One value.
class ItemMeta final : public Meta {
 public:
  std::vector<std::int64_t> grid() const override { return {}; }
  std::string describe() const override { return "one value"; }
  Value assemble(std::vector<Value> blocks) const override { return std::move(blocks.at(0)); }
  std::string kind() const override { return "item"; }
  void encode_fields(Encoder&) const override {}
  static MetaPtr read(Decoder& from);
};

MetaPtr make_bag_meta(std::int64_t npartitions);
MetaPtr make_item_meta();
// Whether it is one value rather than partitions: then it goes with every partition of the others.
bool is_single_value(const ExprPtr& expr);

}  // namespace plait
