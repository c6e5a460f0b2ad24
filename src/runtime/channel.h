// Channel: messages with file descriptors between two processes, over one end of a Unix socket pair. A message that was
// damaged on the way is refused. One thread at a time.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/records.h"
#include "runtime/parcel.h"

namespace plait {

struct Message {
  Record record;
  std::vector<FileDescriptor> descriptors;
};

class Channel {
 public:
  explicit Channel(FileDescriptor socket) : socket_(std::move(socket)) {}

  // False if the other end is gone. Descriptors are duplicated by the system; the caller keeps its own.
  bool send(const Record& record, std::span<const int> descriptors);
  // Nothing if the other end is gone. Throws Error(io) if the message is damaged.
  std::optional<Message> receive();
  // Waits until there is something to receive, or the other end is gone.
  bool wait(int timeout_ms);

  int descriptor() const { return socket_.number(); }
  void close() { socket_ = FileDescriptor(); }

 private:
  bool send_bytes(const void* data, std::size_t size, std::span<const int> descriptors);
  bool receive_bytes(void* data, std::size_t size, std::vector<FileDescriptor>* descriptors);

  FileDescriptor socket_;
};

// A connected pair, closed on exec.
std::pair<FileDescriptor, FileDescriptor> socket_pair();

}  // namespace plait
