#include "ml/text/term_table.h"

#include <cstring>
#include <functional>
#include <limits>
#include <utility>

#include "plait/error.h"

namespace plait::ml {
namespace {

std::uint64_t hash_of(std::string_view term) { return std::hash<std::string_view>()(term); }
std::uint32_t upper(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

}  // namespace

TermTable::TermTable(std::string bytes, std::vector<std::uint64_t> ends)
    : bytes_(std::move(bytes)), ends_(std::move(ends)) {
  std::uint64_t start = 0;
  for (const std::uint64_t end : ends_) {
    if (end < start || end > bytes_.size()) throw io_error("a table of terms is damaged: its ends are out of order");
    start = end;
  }
  grow();
}

std::string_view TermTable::term(std::int64_t number) const {
  const auto i = static_cast<std::size_t>(number);
  const std::uint64_t start = i == 0 ? 0 : ends_[i - 1];
  return std::string_view(bytes_).substr(start, ends_[i] - start);
}

// The slot says where the text is, so that the ends of terms are read only where that is the term's.
bool TermTable::holds(const Slot& slot, std::string_view term, std::uint64_t hash) const {
  if (slot.hash != upper(hash) || bytes_.size() - slot.start < term.size()) return false;
  return std::memcmp(bytes_.data() + slot.start, term.data(), term.size()) == 0 &&
         ends_[static_cast<std::size_t>(slot.number)] - slot.start == term.size();
}

std::size_t TermTable::slot_of(std::string_view term, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].number >= 0 && !holds(slots_[at], term, hash)) at = (at + 1) & mask;
  return at;
}

std::int64_t TermTable::find(std::string_view term) const {
  return slots_.empty() ? kNone : slots_[slot_of(term, hash_of(term))].number;
}

void TermTable::expect(std::string_view term) const {
  if (!slots_.empty()) __builtin_prefetch(&slots_[hash_of(term) & (slots_.size() - 1)]);
}

std::int64_t TermTable::add(std::string_view term) {
  if (3 * (ends_.size() + 1) > 2 * slots_.size()) grow();
  const std::uint64_t hash = hash_of(term);
  Slot& slot = slots_[slot_of(term, hash)];
  if (slot.number >= 0) return slot.number;
  if (ends_.size() >= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
    throw value_error("there are more than 2,147,483,647 different terms; use a HashingVectorizer");
  slot = {bytes_.size(), upper(hash), static_cast<std::int32_t>(ends_.size())};
  bytes_.append(term);
  ends_.push_back(bytes_.size());
  return slot.number;
}

void TermTable::grow() {
  std::size_t size = 16;
  while (size < 2 * (ends_.size() + 1)) size *= 2;
  slots_.assign(size, {});
  for (std::int64_t i = 0; i < this->size(); ++i) {
    const std::uint64_t hash = hash_of(term(i));
    const std::uint64_t start = i == 0 ? 0 : ends_[static_cast<std::size_t>(i) - 1];
    slots_[slot_of(term(i), hash)] = {start, upper(hash), static_cast<std::int32_t>(i)};
  }
}

}  // namespace plait::ml
