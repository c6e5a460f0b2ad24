#include "runtime/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <xxhash.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "base/buffer.h"

namespace plait {
namespace {

// The system passes at most 253 descriptors with one call.
constexpr std::size_t kMaxDescriptorsPerCall = 200;

struct Header {
  std::uint64_t frame_bytes = 0;
  std::uint64_t num_descriptors = 0;
  std::uint64_t checksum = 0;

  std::uint64_t expected_checksum() const { return XXH3_64bits(this, offsetof(Header, checksum)); }
};

}  // namespace

std::pair<FileDescriptor, FileDescriptor> socket_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw io_error(std::string("cannot make a socket pair: ") + std::strerror(errno));
  }
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

// The header carries the first descriptors, single bytes carry the others, then the frame follows.
bool Channel::send(const Record& record, std::span<const int> descriptors) {
  static constexpr std::byte kPadding[64] = {};
  const FramePieces pieces = frame_pieces(record);
  Header header{pieces.num_bytes, descriptors.size()};
  header.checksum = header.expected_checksum();
  const std::size_t num_first = std::min(descriptors.size(), kMaxDescriptorsPerCall);
  if (!send_bytes(&header, sizeof(header), descriptors.first(num_first))) return false;
  for (auto rest = descriptors.subspan(num_first); !rest.empty();) {
    const auto now = rest.first(std::min(rest.size(), kMaxDescriptorsPerCall));
    if (!send_bytes("", 1, now)) return false;
    rest = rest.subspan(now.size());
  }
  if (!send_bytes(pieces.start.data(), pieces.start.size(), {})) return false;
  for (const auto& blob : pieces.blobs) {
    if (!send_bytes(blob.data(), blob.size(), {})) return false;
    if (!send_bytes(kPadding, (64 - blob.size() % 64) % 64, {})) return false;
  }
  return true;
}

std::optional<Message> Channel::receive() {
  Header header;
  Message message;
  if (!receive_bytes(&header, sizeof(header), &message.descriptors)) return std::nullopt;
  if (header.checksum != header.expected_checksum()) throw io_error("a message was damaged on the way");
  while (message.descriptors.size() < header.num_descriptors) {
    char byte;
    const std::size_t had = message.descriptors.size();
    if (!receive_bytes(&byte, 1, &message.descriptors)) return std::nullopt;
    if (message.descriptors.size() == had)
      throw io_error("a message lost its shared memory on the way: too many open files?");
  }
  // The pool's: large pieces of the heap that come and go would leave holes between what stays.
  const std::shared_ptr<Buffer> frame = Buffer::allocate(header.frame_bytes);
  if (!receive_bytes(frame->data(), frame->size(), nullptr)) return std::nullopt;
  message.record = read_frame({frame->data(), frame->size()}, frame);
  return message;
}

bool Channel::wait(int timeout_ms) {
  pollfd waiting{socket_.number(), POLLIN, 0};
  return ::poll(&waiting, 1, timeout_ms) > 0;
}

bool Channel::send_bytes(const void* data, std::size_t size, std::span<const int> descriptors) {
  const auto* from = static_cast<const char*>(data);
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxDescriptorsPerCall * sizeof(int))];
  while (size > 0) {
    iovec piece{const_cast<char*>(from), size};
    msghdr header = {};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    if (!descriptors.empty()) {
      header.msg_control = control;
      header.msg_controllen = CMSG_SPACE(descriptors.size() * sizeof(int));
      cmsghdr* rights = CMSG_FIRSTHDR(&header);
      rights->cmsg_level = SOL_SOCKET;
      rights->cmsg_type = SCM_RIGHTS;
      rights->cmsg_len = CMSG_LEN(descriptors.size() * sizeof(int));
      std::memcpy(CMSG_DATA(rights), descriptors.data(), descriptors.size() * sizeof(int));
    }
    const ssize_t sent = ::sendmsg(socket_.number(), &header, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == ETOOMANYREFS || errno == EMFILE || errno == EBADF)) {
      throw io_error(std::string("cannot pass shared memory to another process: ") + std::strerror(errno));
    }
    if (sent <= 0) return false;
    from += sent;
    size -= static_cast<std::size_t>(sent);
    descriptors = {};
  }
  return true;
}

bool Channel::receive_bytes(void* data, std::size_t size, std::vector<FileDescriptor>* descriptors) {
  auto* to = static_cast<char*>(data);
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxDescriptorsPerCall * sizeof(int))];
  while (size > 0) {
    iovec piece{to, size};
    msghdr header = {};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    if (descriptors) {
      header.msg_control = control;
      header.msg_controllen = sizeof(control);
    }
    const ssize_t received = ::recvmsg(socket_.number(), &header, MSG_CMSG_CLOEXEC);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return false;
    if (descriptors) {
      for (cmsghdr* part = CMSG_FIRSTHDR(&header); part; part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
          int number;
          std::memcpy(&number, CMSG_DATA(part) + i * sizeof(int), sizeof(int));
          descriptors->emplace_back(number);
        }
      }
    }
    to += received;
    size -= static_cast<std::size_t>(received);
  }
  return true;
}

}  // namespace plait
