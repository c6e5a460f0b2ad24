#include "base/shared.h"

namespace plait {
namespace {

class ByToken final : public PartWriter {
 public:
  void mention(const Token&, const std::function<Record()>&) override {}
};

}  // namespace

void PartTable::mention(const Token& token, const std::function<Record()>& write) {
  if (index_.contains(token)) return;
  Record record = write();  // which may mention other parts
  if (index_.emplace(token, entries_.size()).second) entries_.push_back({token, std::move(record), nullptr});
}

std::shared_ptr<const void> PartTable::part(const Token& token, Read read) {
  const auto found = index_.find(token);
  if (found == index_.end()) throw io_error("a record mentions a part that is not there: it is damaged");
  if (!entries_[found->second].part) {
    Decoder from(entries_[found->second].record, this);
    entries_[found->second].part = read(from);
  }
  return entries_[found->second].part;
}

void Codec<PartTable>::encode(Encoder& to, const PartTable& table) {
  plait::encode<std::uint64_t>(to, table.entries_.size());
  for (const PartTable::Entry& entry : table.entries_) {
    plait::encode(to, entry.token);
    plait::encode(to, entry.record);
  }
}

PartTable Codec<PartTable>::decode(Decoder& from) {
  PartTable table;
  const std::size_t length = decode_length(from, 1);
  for (std::size_t i = 0; i < length; ++i) {
    const auto token = plait::decode<Token>(from);
    table.index_.emplace(token, table.entries_.size());
    table.entries_.push_back({token, plait::decode<Record>(from), nullptr});
  }
  return table;
}

PartWriter* parts_by_token() {
  static auto* writer = new ByToken;
  return writer;
}

}  // namespace plait
