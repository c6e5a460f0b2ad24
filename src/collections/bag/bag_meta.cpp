#include "collections/bag/bag_meta.h"

#include <fmt/format.h>

namespace plait {

std::string BagMeta::describe() const {
  return fmt::format("bag in {} partition{}", npartitions_, npartitions_ == 1 ? "" : "s");
}

Value BagMeta::assemble(std::vector<Value> blocks) const { return Value::of(Sequence{std::move(blocks)}); }

void BagMeta::encode_fields(Encoder& to) const { encode(to, npartitions_); }

MetaPtr BagMeta::read(Decoder& from) {
  const auto npartitions = decode<std::int64_t>(from);
  if (npartitions < 0) throw io_error("a bag's number of partitions is damaged");
  return make_bag_meta(npartitions);
}

MetaPtr ItemMeta::read(Decoder&) { return make_item_meta(); }

MetaPtr make_bag_meta(std::int64_t npartitions) { return std::make_shared<BagMeta>(npartitions); }

MetaPtr make_item_meta() { return std::make_shared<ItemMeta>(); }

bool is_single_value(const ExprPtr& expr) { return expr->meta().grid().empty(); }

}  // namespace plait
