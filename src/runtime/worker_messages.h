// What a run and its worker processes say to each other. One message from the run carries a batch of tasks; the worker
// answers with results, in one or several messages, the last of which says so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/channel.h"

namespace plait {

// A parcel inside a message: its bytes, or the number of the descriptor that came along.
struct ParcelRef {
  std::uint64_t value_bytes = 0;
  std::uint64_t frame_bytes = 0;
  std::int32_t descriptor = -1;
  std::vector<std::uint8_t> bytes;
  static constexpr auto fields =
      std::tuple{&ParcelRef::value_bytes, &ParcelRef::frame_bytes, &ParcelRef::descriptor, &ParcelRef::bytes};
};

struct TaskOrder {
  std::string kernel;
  std::int32_t params = -1;           // index in BatchOrder::parcels; -1: none
  std::vector<std::uint32_t> inputs;  // indices in BatchOrder::parcels
  std::uint32_t block = 0;
  static constexpr auto fields =
      std::tuple{&TaskOrder::kernel, &TaskOrder::params, &TaskOrder::inputs, &TaskOrder::block};
};

struct BatchOrder {
  std::vector<ParcelRef> parcels;
  std::vector<TaskOrder> tasks;
  static constexpr auto fields = std::tuple{&BatchOrder::parcels, &BatchOrder::tasks};
};

struct TaskResult {
  std::uint32_t index = 0;    // in the batch
  std::int64_t start_ns = 0;  // of the steady clock, which all processes share
  std::int64_t end_ns = 0;
  ParcelRef value;
  static constexpr auto fields =
      std::tuple{&TaskResult::index, &TaskResult::start_ns, &TaskResult::end_ns, &TaskResult::value};
};

struct TaskFault {
  std::uint32_t index = 0;
  std::uint32_t kind = 0;  // ErrorKind
  std::string message;
  std::string inputs;                  // described
  std::optional<ParcelRef> exception;  // what the error codec made of it
  static constexpr auto fields =
      std::tuple{&TaskFault::index, &TaskFault::kind, &TaskFault::message, &TaskFault::inputs, &TaskFault::exception};
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
    return channel.send(to.take(), descriptors_);
  }

 private:
  std::vector<int> descriptors_;
  std::vector<Parcel> kept_;  // descriptors must stay open until they are sent
};

// Takes the parcel out of a message that was received.
Parcel take_parcel(ParcelRef& ref, Message& message);

}  // namespace plait
