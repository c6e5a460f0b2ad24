// ReadyQueue: tasks that wait for a worker, the most urgent first. Nothing is ever taken out of its middle: a task that
// was given away or taken back elsewhere is skipped when its turn comes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "scheduler/messages.h"

namespace plait {

// Higher priorities go first; then the older graph, then the lower rank in it. Unique.
struct Urgency {
  std::int32_t priority = 0;
  std::uint64_t order = 0;

  bool is_before(const Urgency& other) const {
    return priority != other.priority ? priority > other.priority : order < other.order;
  }
};

class ReadyQueue {
 public:
  struct Entry {
    Urgency urgency;
    TaskNumber task = 0;
  };

  bool empty() const { return entries_.empty(); }
  std::size_t num_entries() const { return entries_.size(); }
  const Entry& top() const { return entries_.front(); }

  void push(const Urgency& urgency, TaskNumber task) {
    entries_.push_back({urgency, task});
    std::push_heap(entries_.begin(), entries_.end(), is_after);
  }
  void pop() {
    std::pop_heap(entries_.begin(), entries_.end(), is_after);
    entries_.pop_back();
    if (entries_.capacity() > 1024 && entries_.size() < entries_.capacity() / 4) entries_.shrink_to_fit();
  }
  // All entries, in no order.
  std::vector<Entry> take_all() { return std::exchange(entries_, {}); }

 private:
  static bool is_after(const Entry& a, const Entry& b) { return b.urgency.is_before(a.urgency); }

  std::vector<Entry> entries_;
};

}  // namespace plait
