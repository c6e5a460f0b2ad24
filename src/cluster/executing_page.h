// ExecutingPage: memory that a worker shares with its nanny, in which its threads note what they run. However the
// worker ends, the nanny can tell which tasks were running, so that no other one is suspected.
#pragma once

#include <atomic>
#include <cstddef>
#include <vector>

#include "runtime/parcel.h"
#include "scheduler/messages.h"

namespace plait::cluster {

class ExecutingPage {
 public:
  static constexpr std::size_t kNumThreads = 500;  // further ones note nothing

  // Throws Error(memory).
  ExecutingPage();
  // Of the other process.
  explicit ExecutingPage(FileDescriptor memory);
  ExecutingPage(const ExecutingPage&) = delete;
  ExecutingPage& operator=(const ExecutingPage&) = delete;
  ~ExecutingPage();

  int descriptor() const { return memory_.number(); }
  // A place for a thread that runs tasks.
  std::size_t take_place();
  void note(std::size_t place, TaskNumber task) {
    if (place < kNumThreads) places_[place].store(task, std::memory_order_relaxed);
  }
  void clear(std::size_t place) { note(place, kNothing); }
  std::vector<TaskNumber> tasks() const;

 private:
  static constexpr TaskNumber kNothing = 0;  // graphs count from 1

  void map();

  FileDescriptor memory_;
  std::atomic<TaskNumber>* places_ = nullptr;
  std::atomic<std::size_t> num_taken_ = 0;
};

}  // namespace plait::cluster
