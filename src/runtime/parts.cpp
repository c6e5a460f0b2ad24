#include "runtime/parts.h"

#include <algorithm>

namespace plait {

// --- RunParts ---

RunParts::Entry& RunParts::entry(const Token& key) {
  std::lock_guard lock(mutex_);
  std::unique_ptr<Entry>& entry = entries_[key];
  if (!entry) entry = std::make_unique<Entry>();
  return *entry;
}

const WrittenPart& RunParts::part(const Token& key, const std::function<Record(WrittenPart&)>& write) {
  Entry& found = entry(key);
  const std::lock_guard lock(found.writing);
  if (found.is_written) return found.part;
  WrittenPart made{.token = key, .content = {}, .parcel = {}, .mentions = {}};
  const Record record = write(made);
  std::vector<Token> contents{hash_record(record)};
  for (const Token& mentioned : made.mentions) contents.push_back(at(mentioned).content);
  made.content = tokenize("part", contents);
  if (made.token == Token{}) made.token = made.content;
  made.parcel = Parcel::pack(record, 0);
  found.part = std::move(made);
  found.is_written = true;
  return found.part;
}

const WrittenPart& RunParts::at(const Token& key) {
  Entry& found = entry(key);
  const std::lock_guard lock(found.writing);
  return found.part;
}

// --- PartsAtWorker ---

bool PartsAtWorker::needs(const WrittenPart& part) {
  const auto [found, is_new] = held_.try_emplace(part.token);
  Held& held = found->second;
  held.last_order = order_;
  if (!is_new && held.content == part.content) return false;
  num_bytes_ -= held.num_bytes;
  held.num_bytes = part.parcel.frame_bytes();
  held.content = part.content;
  num_bytes_ += held.num_bytes;
  return true;
}

std::vector<Token> PartsAtWorker::forget_what_is_too_much() {
  std::vector<Token> forgotten;
  if (held_.size() > max_parts_ || num_bytes_ > max_bytes_) {
    std::vector<std::pair<std::uint64_t, Token>> unused;
    for (const auto& [token, held] : held_) {
      if (held.last_order != order_) unused.emplace_back(held.last_order, token);
    }
    std::sort(unused.begin(), unused.end());
    for (const auto& [last_order, token] : unused) {
      // A little more than must be, so that this is not done for every order.
      if (held_.size() <= max_parts_ * 3 / 4 && num_bytes_ <= max_bytes_ / 4 * 3) break;
      const auto held = held_.find(token);
      num_bytes_ -= held->second.num_bytes;
      held_.erase(held);
      forgotten.push_back(token);
    }
  }
  ++order_;
  return forgotten;
}

void PartsAtWorker::start_again() {
  held_.clear();
  num_bytes_ = 0;
  is_fresh_start_ = true;
}

// --- OrderParts ---

void OrderParts::mention(const Token& token, const std::function<Record()>& write) {
  if (!being_written_.empty()) being_written_.back()->mentions.push_back(token);
  bring(written(token, true, write));
}

Token OrderParts::bring(std::uint64_t key, const std::function<Record()>& write) {
  static constexpr std::uint64_t kWithoutToken = 0x6e6f5f746f6b656e;  // no token of content is likely to begin so
  const WrittenPart& part = written({kWithoutToken, key}, false, write);
  bring(part);
  return part.token;
}

const WrittenPart& OrderParts::written(const Token& key, bool has_token, const std::function<Record()>& write) {
  return run_.part(key, [&](WrittenPart& made) {
    if (!has_token) made.token = {};
    being_written_.push_back(&made);
    try {
      Record record = write();
      being_written_.pop_back();
      return record;
    } catch (...) {
      being_written_.pop_back();
      throw;
    }
  });
}

// Those that it mentions come first. They may have been written for another worker's order.
void OrderParts::bring(const WrittenPart& part) {
  for (const Token& mentioned : part.mentions) bring(run_.at(mentioned));
  if (worker_.needs(part)) send_(part);
}

// --- KeptParts ---

void KeptParts::keep(const Token& token, Parcel parcel) { entries_[token] = {std::move(parcel), nullptr}; }

std::shared_ptr<const void> KeptParts::part(const Token& token, Read read) {
  const auto found = entries_.find(token);
  if (found == entries_.end())
    throw io_error("a message mentions a part that its receiver does not have: it is damaged");
  Entry& entry = found->second;
  if (!entry.part) {
    const Record record = entry.parcel.unpack();
    Decoder from(record, this);
    entry.part = read(from);
    entry.parcel = {};
  }
  return entry.part;
}

}  // namespace plait
