// ExecutingPage: memory that a worker shares with its nanny, in which its threads note what they run. However the
// worker ends, the nanny can tell which tasks were running, so that no other one is suspected; and whether the worker
// was told to leave.
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
  static constexpr std::size_t kNowhere = kNumThreads + 1;

  // Throws Error(memory).
  ExecutingPage();
  // Of the other process.
  explicit ExecutingPage(FileDescriptor memory);
  ExecutingPage(const ExecutingPage&) = delete;
  ExecutingPage& operator=(const ExecutingPage&) = delete;
  ~ExecutingPage();

  int descriptor() const { return memory_.number(); }
  // A place for a thread that runs tasks; kNowhere if there are too many.
  std::size_t take_place();
  void note(std::size_t place, TaskNumber task) {
    if (place <= kLeaves) places_[place].store(task, std::memory_order_relaxed);
  }
  void clear(std::size_t place) { note(place, kNothing); }
  std::vector<TaskNumber> tasks() const;
  // The scheduler wants no worker in its place.
  void note_that_it_leaves() { note(kLeaves, 1); }
  bool leaves() const { return places_[kLeaves].load(std::memory_order_relaxed) != 0; }

 private:
  static constexpr TaskNumber kNothing = 0;            // graphs count from 1
  static constexpr std::size_t kLeaves = kNumThreads;  // the place behind those of the threads

  void map();

  FileDescriptor memory_;
  std::atomic<TaskNumber>* places_ = nullptr;
  std::atomic<std::size_t> num_taken_ = 0;
};

}  // namespace plait::cluster
