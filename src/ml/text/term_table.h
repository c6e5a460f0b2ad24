// Terms by their numbers: each text once, in the order in which they came.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plait::ml {

class TermTable {
 public:
  static constexpr std::int64_t kNone = -1;

  TermTable() = default;
  // Terms one after the other in `bytes`; ends[i] is where term i ends.
  TermTable(std::string bytes, std::vector<std::uint64_t> ends);

  std::int64_t size() const { return static_cast<std::int64_t>(ends_.size()); }
  std::string_view term(std::int64_t number) const;
  std::int64_t find(std::string_view term) const;  // kNone if it is not there
  std::int64_t add(std::string_view term);         // the number that it has, or now gets
  // The term is asked for soon: what says where it is comes into the caches meanwhile.
  void expect(std::string_view term) const;

  const std::string& bytes() const { return bytes_; }
  const std::vector<std::uint64_t>& ends() const { return ends_; }

 private:
  struct Slot {
    std::uint64_t start = 0;  // of its text
    std::uint32_t hash = 0;   // its upper half: what tells most others apart without a look at their text
    std::int32_t number = -1;
  };
  bool holds(const Slot& slot, std::string_view term, std::uint64_t hash) const;

  // Where the term is, or the free slot where it belongs.
  std::size_t slot_of(std::string_view term, std::uint64_t hash) const;
  void grow();

  std::string bytes_;
  std::vector<std::uint64_t> ends_;
  std::vector<Slot> slots_;  // a power of two, at most two thirds full
};

}  // namespace plait::ml
