#include "cluster/connection.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cstring>

#include "plait/error.h"

namespace plait::cluster {
namespace {

constexpr std::size_t kReadBytes = std::size_t{256} << 10;
constexpr std::size_t kMaxPassedAtOnce = 253;
// A loop has other peers, too.
constexpr int kMaxReadsInARow = 16;
constexpr auto kTimeToSend = std::chrono::seconds(1);
constexpr auto kPatienceForDescriptors = std::chrono::milliseconds(5);

bool must_wait() { return errno == EAGAIN || errno == EWOULDBLOCK; }

}  // namespace

Connection::Connection(EventLoop& loop, FileDescriptor socket, bool passes_memory)
    : loop_(loop), socket_(std::move(socket)), passes_memory_(passes_memory) {}

Connection::~Connection() { close(); }

void Connection::start(OnFrame on_frame, OnClosed on_closed) {
  on_frame_ = std::move(on_frame);
  on_closed_ = std::move(on_closed);
  loop_.watch(socket_.number(), EPOLLIN, [weak = weak_from_this()](std::uint32_t events) {
    if (const auto self = weak.lock()) self->handle(events);
  });
}

void Connection::handle(std::uint32_t events) {
  if (is_open() && (events & EPOLLOUT)) send_waiting();
  if (is_open() && (events & (EPOLLIN | EPOLLHUP | EPOLLERR))) receive();
}

void Connection::receive() {
  thread_local std::vector<std::byte> buffer(kReadBytes);
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxPassedAtOnce * sizeof(int))];
  for (int reads = 0; is_open() && reads < kMaxReadsInARow; ++reads) {
    iovec piece{buffer.data(), buffer.size()};
    msghdr header = {};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof(control);
    const ssize_t received = ::recvmsg(socket_.number(), &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (received < 0 && errno == EINTR) continue;
    if (received < 0 && must_wait()) return;
    if (received <= 0) return fail("");
    for (cmsghdr* part = CMSG_FIRSTHDR(&header); part; part = CMSG_NXTHDR(&header, part)) {
      if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
      const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
      for (std::size_t i = 0; i < count; ++i) {
        int number;
        std::memcpy(&number, CMSG_DATA(part) + i * sizeof(int), sizeof(int));
        received_memory_.emplace_back(number);
      }
    }
    if (header.msg_flags & MSG_CTRUNC)
      return fail("shared memory could not be taken over: too many open files (raise the limit, ulimit -n)");
    decoder_.append({buffer.data(), static_cast<std::size_t>(received)});
    take_frames();
    if (static_cast<std::size_t>(received) < kReadBytes && received_memory_.empty()) return;
  }
}

void Connection::take_frames() {
  try {
    while (is_open()) {
      std::optional<Frame> frame = decoder_.next();
      if (!frame) return;
      if (frame->num_descriptors > received_memory_.size())
        throw io_error("a message of the cluster names shared memory that did not come with it");
      std::vector<FileDescriptor> memory;
      for (std::uint32_t i = 0; i < frame->num_descriptors; ++i) {
        memory.push_back(std::move(received_memory_.front()));
        received_memory_.pop_front();
      }
      on_frame_(std::move(*frame), std::move(memory));
    }
  } catch (const Error& error) {
    fail(error.what());
  }
}

void Connection::send(std::vector<std::byte> payload, std::vector<Parcel> memory) {
  if (!is_open()) return;
  Outgoing one;
  one.header = frame_header(payload, static_cast<std::uint32_t>(memory.size()));
  one.payload = std::move(payload);
  one.memory = std::move(memory);
  outgoing_.push_back(std::move(one));
  if (!waits_for_room_) send_waiting();
}

void Connection::send_waiting() {
  while (is_open() && !outgoing_.empty()) {
    if (!send_some(outgoing_.front())) return;
    outgoing_.pop_front();
  }
  if (!is_open()) return;
  wait_for_room(false);
  if (closes_when_sent_) close();
}

// False if not all of it is sent. The first bytes carry the descriptors.
bool Connection::send_some(Outgoing& one) {
  const std::size_t total = one.header.size() + one.payload.size();
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxDescriptors * sizeof(int))];
  while (one.num_sent < total) {
    iovec pieces[2];
    int num_pieces = 0;
    std::size_t skipped = one.num_sent;
    for (auto* part : {&one.header, &one.payload}) {
      if (skipped < part->size()) pieces[num_pieces++] = {part->data() + skipped, part->size() - skipped};
      skipped -= std::min(skipped, part->size());
    }
    msghdr header = {};
    header.msg_iov = pieces;
    header.msg_iovlen = static_cast<std::size_t>(num_pieces);
    if (one.num_sent == 0 && !one.memory.empty()) {
      header.msg_control = control;
      header.msg_controllen = CMSG_SPACE(one.memory.size() * sizeof(int));
      cmsghdr* rights = CMSG_FIRSTHDR(&header);
      rights->cmsg_level = SOL_SOCKET;
      rights->cmsg_type = SCM_RIGHTS;
      rights->cmsg_len = CMSG_LEN(one.memory.size() * sizeof(int));
      for (std::size_t i = 0; i < one.memory.size(); ++i) {
        const int number = one.memory[i].descriptor();
        std::memcpy(CMSG_DATA(rights) + i * sizeof(int), &number, sizeof(int));
      }
    }
    const ssize_t sent = ::sendmsg(socket_.number(), &header, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && must_wait()) {
      wait_for_room(true);
      return false;
    }
    if (sent < 0 && (errno == ETOOMANYREFS || errno == ENOBUFS || errno == ENOMEM)) {
      // Too much is under way: some of it will have arrived in a moment.
      waits_for_room_ = true;
      loop_.after(kPatienceForDescriptors, [weak = weak_from_this()] {
        if (const auto self = weak.lock(); self && self->is_open()) self->send_waiting();
      });
      return false;
    }
    if (sent <= 0) {
      // Told by the loop, not in the middle of the caller's work.
      loop_.post([weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->fail("");
      });
      waits_for_room_ = true;
      return false;
    }
    one.num_sent += static_cast<std::size_t>(sent);
  }
  return true;
}

void Connection::wait_for_room(bool waits) {
  if (waits == waits_for_room_) return;
  waits_for_room_ = waits;
  loop_.change(socket_.number(), waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

void Connection::fail(const std::string& why) {
  if (!is_open()) return;
  close();
  const OnClosed on_closed = std::exchange(on_closed_, nullptr);
  if (on_closed) on_closed(why);
}

void Connection::close() {
  if (!is_open()) return;
  loop_.forget(socket_.number());
  socket_ = FileDescriptor();
  outgoing_.clear();
  received_memory_.clear();
}

void Connection::close_when_sent() {
  if (!is_open()) return;
  if (outgoing_.empty()) return close();
  closes_when_sent_ = true;
  loop_.after(kTimeToSend, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->close();
  });
}

}  // namespace plait::cluster
