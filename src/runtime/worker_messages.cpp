#include "runtime/worker_messages.h"

#include <cstring>
#include <span>

namespace plait {

namespace {

// Shorter ones are part of the message's head.
constexpr std::size_t kMinBlobBytes = 1024;

}  // namespace

ParcelRef Outgoing::add(const Parcel& parcel) {
  ParcelRef ref{.value_bytes = parcel.value_bytes(), .frame_bytes = parcel.frame_bytes()};
  if (parcel.is_inline()) {
    const Blob frame = parcel.frame();
    if (frame.size >= kMinBlobBytes) {
      ref.blob = static_cast<std::int32_t>(blobs_.size());
      blobs_.push_back(frame);
      return ref;
    }
    ref.bytes.resize(frame.size);
    std::memcpy(ref.bytes.data(), frame.data, frame.size);
  } else {
    ref.descriptor = static_cast<std::int32_t>(descriptors_.size());
    descriptors_.push_back(parcel.descriptor());
    kept_.push_back(parcel);
  }
  return ref;
}

// Copied, so that a parcel does not keep the whole message.
Parcel take_parcel(ParcelRef& ref, Message& message) {
  if (ref.blob >= 0) {
    const auto index = static_cast<std::size_t>(ref.blob);
    if (index >= message.record.blobs.size())
      throw io_error("a message names a blob that it does not have: it is damaged");
    const Blob& blob = message.record.blobs[index];
    return Parcel::of_inline({blob.data, blob.data + blob.size}, ref.value_bytes);
  }
  if (ref.descriptor < 0) {
    const auto bytes = std::as_bytes(std::span(ref.bytes));  // none in a damaged message
    return Parcel::of_inline({bytes.begin(), bytes.end()}, ref.value_bytes);
  }
  const auto index = static_cast<std::size_t>(ref.descriptor);
  if (index >= message.descriptors.size())
    throw io_error("a message names shared memory that did not come with it: it is damaged");
  return Parcel::of_memory(std::move(message.descriptors[index]), ref.frame_bytes, ref.value_bytes);
}

}  // namespace plait
