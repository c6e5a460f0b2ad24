// Turn: one thread at a time may have it; others wait, and look around now and then. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace plait {

class Turn {
 public:
  // False if another thread still has it after `patience`.
  bool take(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    if (!free_.wait_for(lock, patience, [&] { return !is_taken_; })) return false;
    is_taken_ = true;
    return true;
  }
  void give_back() {
    std::lock_guard lock(mutex_);
    is_taken_ = false;
    free_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable free_;
  bool is_taken_ = false;
};

// Gives a turn that was taken back at its end.
class HeldTurn {
 public:
  explicit HeldTurn(Turn& turn) : turn_(turn) {}
  HeldTurn(const HeldTurn&) = delete;
  HeldTurn& operator=(const HeldTurn&) = delete;
  ~HeldTurn() { turn_.give_back(); }

 private:
  Turn& turn_;
};

}  // namespace plait
