// The last many things that happened to tasks, in a ring: what `story` tells and a bug report needs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scheduler/messages.h"

namespace plait {

class Story {
 public:
  explicit Story(std::size_t capacity = std::size_t{1} << 15) : capacity_(capacity) {}

  // `what` must be a literal; "%" in it stands for the worker.
  void note(Time now, TaskNumber task, const char* what, WorkerNumber worker = 0) {
    if (entries_.size() < capacity_)
      entries_.push_back({now, task, what, worker});
    else
      entries_[next_] = {now, task, what, worker};
    next_ = next_ + 1 == capacity_ ? 0 : next_ + 1;
  }

  std::vector<std::string> of(TaskNumber task) const;

 private:
  struct Entry {
    Time now = 0;
    TaskNumber task = 0;
    const char* what = nullptr;
    WorkerNumber worker = 0;
  };

  std::size_t capacity_;
  std::size_t next_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace plait
