// What a worker holds: graphs and values, shared between its loop and the threads that run tasks. Both are opened when
// they are first needed. Thread-safe.
//
// Nothing is read under a lock: reading may need Python's GIL, which who waits for the lock may hold. So two threads
// that need the same thing at once may both read it; the first one's stays.
#pragma once

#include <exception>
#include <memory>
#include <mutex>
#include <optional>

#include "graph/graph.h"
#include "runtime/parcel.h"

namespace plait::cluster {

class HeldGraph {
 public:
  explicit HeldGraph(Parcel parcel) : parcel_(std::move(parcel)) {}
  // Throws Error if this program cannot read it.
  const Graph& graph();

 private:
  std::mutex mutex_;
  std::optional<Parcel> parcel_;  // until it has been read
  std::shared_ptr<const Graph> graph_;
  std::exception_ptr error_;
};

class HeldValue {
 public:
  // One that was read back from disk may be a parcel, as it lay in shared memory.
  explicit HeldValue(Value value) {
    if (const Parcel* closed = value.get_if<Parcel>())
      parcel_ = *closed;
    else
      value_ = std::move(value);
  }
  explicit HeldValue(Parcel parcel) : parcel_(std::move(parcel)) {}

  // Here, opened. Throws what reading it throws.
  Value value();
  // Whether its bytes are not those that were sent: then another copy may be good. Otherwise this program cannot read
  // it.
  bool is_damaged();
  // Ready to be sent; one that came as a parcel goes on as it came. A value that cannot be sent says so (unsendable.h).
  Parcel parcel();
  // As it is to be written to disk.
  Value as_it_is();

 private:
  std::mutex mutex_;
  std::optional<Parcel> parcel_;
  std::optional<Value> value_;
};

using HeldGraphPtr = std::shared_ptr<HeldGraph>;
using HeldValuePtr = std::shared_ptr<HeldValue>;

}  // namespace plait::cluster
