// Run: a graph that an executor has taken, and the futures of its outputs.
//
// Ownership: the run goes on for as long as somebody holds it or one of its futures. When the last of them goes before
// the run is over, it is cancelled; nobody waits for that. Threads: everything may be called from any thread. Failure:
// a task that fails, a lost worker, a cancelled run fail every output that is not there yet, all with the error of the
// run; outputs that are there stay good.
//
// Executors of one machine and clients of a cluster give the same thing: where tasks run, and where values stay until
// somebody asks for them, is behind this interface.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/elsewhere.h"

namespace plait {

// Called on a thread that waits, at least every 50 ms. What it throws cancels the run and goes through to the caller.
using Poll = std::function<void()>;

enum class OutputState : std::uint8_t {
  pending,
  finished,
  failed,
  cancelled,
};

class Run {
 public:
  virtual ~Run() = default;

  virtual std::size_t num_outputs() const = 0;
  // An output may be finished before the run is over.
  virtual OutputState state(std::size_t output) const = 0;
  // Of a finished output: as it is, so that it may be elsewhere (base/elsewhere.h).
  virtual Value value(std::size_t output) const = 0;
  // Why outputs have failed or were cancelled; null if none has.
  virtual std::exception_ptr error() const = 0;

  // Returns once all tasks are done; rethrows the error of the run. A task that does not stop within a moment when the
  // run is cancelled is left to end by itself. Sync runs make their progress here, on the thread that waits.
  virtual void wait(const Poll& poll = nullptr) = 0;
  // Returns once the output is finished, failed or cancelled. Throws only what `poll` throws.
  virtual void wait_for(std::size_t output, const Poll& poll = nullptr) = 0;
  // All values will be opened here: whoever has to bring them may do so together. Called once the run is over.
  virtual void bring_values(const Poll& /*poll*/) {}
  // No further task begins; running ones are told to stop. Returns at once.
  virtual void cancel() = 0;

  // All values, as they are, once the run is over without an error.
  std::vector<Value> values() const {
    std::vector<Value> all;
    all.reserve(num_outputs());
    for (std::size_t i = 0; i < num_outputs(); ++i) all.push_back(value(i));
    return all;
  }
};

using RunPtr = std::shared_ptr<Run>;

// One output of a run. Copies stand for the same output.
class Future {
 public:
  Future(RunPtr run, std::size_t output) : run_(std::move(run)), output_(output) {}

  OutputState state() const { return run_->state(output_); }
  bool is_done() const { return state() != OutputState::pending; }
  void wait(const Poll& poll = nullptr) const { run_->wait_for(output_, poll); }
  // Waits; the value, brought here. Throws the error of the run if the output failed.
  Value value(const Poll& poll = nullptr) const {
    wait(poll);
    if (state() != OutputState::finished) std::rethrow_exception(run_->error());
    return opened(run_->value(output_));
  }
  // Null while the output is pending, and when it is finished.
  std::exception_ptr error() const {
    const OutputState now = state();
    return now == OutputState::failed || now == OutputState::cancelled ? run_->error() : nullptr;
  }
  // Of the whole run: the other outputs that are pending are cancelled, too.
  void cancel() const { run_->cancel(); }

 private:
  RunPtr run_;
  std::size_t output_;
};

// One for every output, in their order.
inline std::vector<Future> futures_of(const RunPtr& run) {
  std::vector<Future> futures;
  for (std::size_t i = 0; i < run->num_outputs(); ++i) futures.emplace_back(run, i);
  return futures;
}

}  // namespace plait
