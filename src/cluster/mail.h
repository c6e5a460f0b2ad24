// Mail: the letters of one direction of a connection. A letter is a message and perhaps a parcel (a value, a graph, a
// fault). Letters are gathered and leave together, as one frame, when the loop has nothing else to do; a parcel that
// lies in shared memory goes along as a descriptor where the connection passes those, and as bytes elsewhere.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "base/records.h"
#include "cluster/connection.h"
#include "runtime/parcel.h"

namespace plait::cluster {

class MailWriter {
 public:
  explicit MailWriter(bool passes_memory) : passes_memory_(passes_memory) {}

  template <class M>
  void add(const M& message, const Parcel* parcel = nullptr) {
    encode(to_, message);
    add_parcel(parcel);
    ++num_letters_;
  }
  bool empty() const { return num_letters_ == 0; }
  // One more parcel, or many more bytes, should wait for the next frame.
  bool is_full() const { return memory_.size() >= kMaxDescriptors || num_bytes_ >= kFullBytes; }
  // What has been gathered, as a frame; begins anew.
  struct Written {
    std::vector<std::byte> payload;
    std::vector<Parcel> memory;
  };
  Written take();

 private:
  static constexpr std::size_t kFullBytes = std::size_t{256} << 10;

  void add_parcel(const Parcel* parcel);

  const bool passes_memory_;
  Encoder to_;
  std::vector<Parcel> memory_;
  std::size_t num_letters_ = 0;
  std::size_t num_bytes_ = 0;  // about
};

class MailReader {
 public:
  MailReader(Frame frame, std::vector<FileDescriptor> memory)
      : record_{std::move(frame.payload), {}}, memory_(std::move(memory)), from_(record_) {}

  bool has_more() const { return from_.num_bytes_left() > 0; }
  // Throws Error(io) if the letter is damaged.
  template <class M>
  std::pair<M, std::optional<Parcel>> next() {
    M message = decode<M>(from_);
    return {std::move(message), take_parcel()};
  }

 private:
  std::optional<Parcel> take_parcel();

  const Record record_;
  std::vector<FileDescriptor> memory_;
  std::size_t num_taken_ = 0;
  Decoder from_;
};

// A connection with its outgoing letters. Letters may be added by another thread than the connection's, one at a time.
class Mail {
 public:
  explicit Mail(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)), writer_(connection_->passes_memory()) {}

  Connection& connection() { return *connection_; }
  template <class M>
  void send(const M& message, const Parcel* parcel = nullptr) {
    if (writer_.is_full()) full_.push_back(writer_.take());
    writer_.add(message, parcel);
  }
  // When the loop is idle, on its thread.
  void flush();

 private:
  const std::shared_ptr<Connection> connection_;
  MailWriter writer_;
  std::vector<MailWriter::Written> full_;
};

}  // namespace plait::cluster
