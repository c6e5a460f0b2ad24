// What a run and its worker processes say to each other. One message from the run carries a batch of tasks; the worker
// answers with results, in one or several messages, the last of which says so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/token.h"
#include "runtime/channel.h"

namespace plait {

// A parcel inside a message: its bytes, or the number of the blob or of the descriptor that came along.
struct ParcelRef {
  std::uint64_t value_bytes = 0;
  std::uint64_t frame_bytes = 0;
  std::int32_t descriptor = -1;
  std::int32_t blob = -1;
  std::vector<std::uint8_t> bytes;
  static constexpr auto fields = std::tuple{&ParcelRef::value_bytes, &ParcelRef::frame_bytes, &ParcelRef::descriptor,
                                            &ParcelRef::blob, &ParcelRef::bytes};
};

// A part that the worker is to keep (runtime/parts.h).
struct PartOrder {
  Token token;
  ParcelRef parcel;
  static constexpr auto fields = std::tuple{&PartOrder::token, &PartOrder::parcel};
};

struct TaskOrder {
  std::optional<Token> part;          // the call (a KernelCall) as a part that the worker keeps ...
  std::uint32_t call = 0;             // ... or as an index in BatchOrder::parcels
  std::vector<std::uint32_t> inputs;  // indices in BatchOrder::parcels
  std::uint32_t block = 0;
  bool in_items = false;  // of the result, a Sequence, each item goes by itself
  static constexpr auto fields =
      std::tuple{&TaskOrder::part, &TaskOrder::call, &TaskOrder::inputs, &TaskOrder::block, &TaskOrder::in_items};
};

struct BatchOrder {
  std::uint64_t max_unused_bytes = 0;  // of memory that the worker may keep for later
  std::optional<ParcelRef> start;      // a call (a KernelCall) before the tasks: RunOptions::worker_start
  // First of all parts are forgotten, then new ones are kept.
  bool forgets_all_parts = false;
  std::vector<Token> forgotten_parts;
  std::vector<PartOrder> parts;
  std::vector<ParcelRef> parcels;
  std::vector<TaskOrder> tasks;
  static constexpr auto fields = std::tuple{&BatchOrder::max_unused_bytes,
                                            &BatchOrder::start,
                                            &BatchOrder::forgets_all_parts,
                                            &BatchOrder::forgotten_parts,
                                            &BatchOrder::parts,
                                            &BatchOrder::parcels,
                                            &BatchOrder::tasks};
};

struct TaskResult {
  std::uint32_t index = 0;    // in the batch
  std::int64_t start_ns = 0;  // of the steady clock, which all processes share
  std::int64_t end_ns = 0;
  std::uint64_t peak_bytes = 0;          // what it took of memory
  std::optional<std::int64_t> num_rows;  // of a table
  std::vector<ParcelRef> values;         // one; or the items of the result, as the order said
  static constexpr auto fields = std::tuple{&TaskResult::index,      &TaskResult::start_ns, &TaskResult::end_ns,
                                            &TaskResult::peak_bytes, &TaskResult::num_rows, &TaskResult::values};
};

struct TaskFault {
  std::uint32_t index = 0;  // in the batch
  ParcelRef fault;          // a Fault without the key and the line, which the run knows
  static constexpr auto fields = std::tuple{&TaskFault::index, &TaskFault::fault};
};

struct BatchReply {
  std::vector<TaskResult> results;
  std::optional<TaskFault> fault;
  bool is_last = false;
  static constexpr auto fields = std::tuple{&BatchReply::results, &BatchReply::fault, &BatchReply::is_last};
};

// A message under construction: gathers the descriptors of its parcels.
class Outgoing {
 public:
  ParcelRef add(const Parcel& parcel);
  std::size_t num_descriptors() const { return descriptors_.size(); }

  template <class T>
  bool send(Channel& channel, const T& content) const {
    Encoder to;
    encode(to, content);
    for (const Blob& blob : blobs_) to.write_blob(blob);
    return channel.send(to.take(), descriptors_);
  }

 private:
  std::vector<int> descriptors_;
  std::vector<Blob> blobs_;
  std::vector<Parcel> kept_;  // descriptors must stay open until they are sent
};

// Takes the parcel out of a message that was received.
Parcel take_parcel(ParcelRef& ref, Message& message);

}  // namespace plait
