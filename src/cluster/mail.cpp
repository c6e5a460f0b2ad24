#include "cluster/mail.h"

namespace plait::cluster {

// How the parcel of a letter travels.
enum class Carriage : std::uint8_t { none, bytes, memory };

void MailWriter::add_parcel(const Parcel* parcel) {
  num_bytes_ += 64;
  if (!parcel) return encode(to_, Carriage::none);
  const bool as_memory = passes_memory_ && !parcel->is_inline();
  encode(to_, as_memory ? Carriage::memory : Carriage::bytes);
  encode(to_, parcel->value_bytes());
  encode(to_, parcel->frame_bytes());
  if (as_memory) {
    memory_.push_back(*parcel);
  } else {
    const Blob frame = parcel->frame();
    to_.write_bytes(frame.data, frame.size);
    num_bytes_ += frame.size;
  }
}

MailWriter::Written MailWriter::take() {
  Record record = to_.take();
  to_ = Encoder();
  num_letters_ = 0;
  num_bytes_ = 0;
  return {std::move(record.head), std::exchange(memory_, {})};
}

void Mail::flush() {
  for (MailWriter::Written& one : std::exchange(full_, {}))
    connection_->send(std::move(one.payload), std::move(one.memory));
  if (writer_.empty()) return;
  MailWriter::Written last = writer_.take();
  connection_->send(std::move(last.payload), std::move(last.memory));
}

std::optional<Parcel> MailReader::take_parcel() {
  const auto carriage = decode<Carriage>(from_);
  if (carriage == Carriage::none) return std::nullopt;
  const auto value_bytes = decode<std::uint64_t>(from_);
  const auto frame_bytes = decode<std::uint64_t>(from_);
  if (carriage == Carriage::memory) {
    if (num_taken_ == memory_.size()) throw io_error("a letter names shared memory that did not come with it");
    return Parcel::of_memory(std::move(memory_[num_taken_++]), frame_bytes, value_bytes);
  }
  if (frame_bytes > from_.num_bytes_left()) throw io_error("a letter claims a parcel beyond its end: it is damaged");
  std::vector<std::byte> bytes(frame_bytes);
  from_.read_bytes(bytes.data(), bytes.size());
  return Parcel::of_inline(std::move(bytes), value_bytes);
}

}  // namespace plait::cluster
