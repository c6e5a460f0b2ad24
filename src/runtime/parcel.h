// Parcel: a value (or parameters) encoded as one checksummed frame, ready to pass between processes. A small one
// travels inside a message; a large one lies in shared memory without a name (memfd), whose descriptor is passed, so
// that nothing is copied on the way and nothing can be left behind.
//
// As a value type, a parcel stands for the value it holds in a process that only passes it on, until somebody opens it
// (base/elsewhere.h). Immutable; thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/value.h"

namespace plait {

// Owns a file descriptor.
class FileDescriptor {
 public:
  explicit FileDescriptor(int number = -1) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~FileDescriptor();

  int number() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

class Parcel {
 public:
  // Frames up to this size travel inside messages.
  static constexpr std::size_t kMaxInlineBytes = std::size_t{32} << 10;

  // `value_bytes`: what the decoded value will weigh.
  static Parcel pack(const Record& record, std::uint64_t value_bytes);
  static Parcel of_value(const Value& value) { return pack(encode_value(value), value.num_bytes()); }
  static Parcel of_inline(std::vector<std::byte> frame, std::uint64_t value_bytes);
  static Parcel of_memory(FileDescriptor memory, std::uint64_t frame_bytes, std::uint64_t value_bytes);
  // A frame of that size in shared memory, made by `fill`, which is called with a function that writes pieces of it.
  using WritePiece = std::function<void(const std::byte* data, std::size_t size, std::uint64_t offset)>;
  static Parcel filled(std::uint64_t frame_bytes, std::uint64_t value_bytes,
                       const std::function<void(const WritePiece&)>& fill);
  // A frame somewhere in this process's memory.
  static Parcel of_blob(Blob frame, std::uint64_t value_bytes);

  std::uint64_t value_bytes() const { return value_bytes_; }
  std::uint64_t frame_bytes() const { return frame_bytes_; }
  bool is_inline() const { return frame_bytes_ <= kMaxInlineBytes; }

  // The frame as bytes; shared memory is mapped for as long as the blob's owner lives.
  Blob frame() const;
  // The shared memory of a parcel that is not inline; made if the frame lies elsewhere. Lives as long as the parcel.
  int descriptor() const;
  // Bytes of the frame, without having all of it in this process's memory.
  void read(std::byte* to, std::size_t size, std::uint64_t offset) const;
  // Checks and takes apart. Throws Error(io) if the frame is damaged.
  Record unpack() const;
  Value value() const { return decode_value(unpack()); }

 private:
  struct Shared;

  std::shared_ptr<Shared> shared_;
  std::uint64_t frame_bytes_ = 0;
  std::uint64_t value_bytes_ = 0;
};

template <>
const ValueType& value_type<Parcel>();
// As a type of values that are elsewhere. Once, at start-up.
void register_parcels();

}  // namespace plait
