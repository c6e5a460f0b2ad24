// Link: one end of a session between two machines. Whatever the connection below does to frames (loses them, breaks and
// comes back, doubles or reorders them), the machine above gets each frame once and in order. Pure: the time comes in.
//
// Frames are numbered from 1 and kept until the other end says that it has them. A frame that comes twice is dropped,
// one that comes early is not taken: it will be sent again. Who has heard nothing for too long ends the session; the
// number of the next frame then means nothing to the other end, and a new session begins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <tuple>
#include <vector>

#include "scheduler/messages.h"

namespace plait {

// Beside each frame, in both directions.
struct FrameHeader {
  std::uint64_t session = 0;
  std::uint64_t number = 0;    // 0: this frame carries nothing but `received`
  std::uint64_t received = 0;  // all frames up to this number are here
  static constexpr auto fields = std::tuple{&FrameHeader::session, &FrameHeader::number, &FrameHeader::received};
};

// `Frame` is what the shell writes: bytes and descriptors. Copying one must be cheap.
template <class Frame>
class Link {
 public:
  explicit Link(std::uint64_t session = 0) : session_(session) {}

  std::uint64_t session() const { return session_; }

  // The header under which a new frame goes out now.
  FrameHeader send(Frame frame, Time now) {
    unacknowledged_.push_back(std::move(frame));
    if (unacknowledged_.size() == 1) waits_since_ = now;
    return header(first_unacknowledged_ + unacknowledged_.size() - 1);
  }

  // Whether the frame with this header is the next one: only then may its content be handled. In any case its
  // acknowledgement has been noted.
  bool receive(const FrameHeader& header, Time now) {
    if (header.session != session_) return false;
    acknowledge(header.received, now);
    if (header.number == 0) return false;
    owes_acknowledgement_ = true;
    if (header.number != received_ + 1) return false;
    received_ = header.number;
    return true;
  }

  // Frames to send (again): all that the other end may not have. After a connection has come back, or when
  // `is_overdue`.
  std::vector<std::pair<FrameHeader, Frame>> resend(Time now) {
    waits_since_ = now;
    std::vector<std::pair<FrameHeader, Frame>> frames;
    for (std::size_t i = 0; i < unacknowledged_.size(); ++i)
      frames.emplace_back(header(first_unacknowledged_ + i), unacknowledged_[i]);
    return frames;
  }
  // Whether frames have waited so long for an acknowledgement that they are to be sent again.
  bool is_overdue(Time now, Time patience_ns) const {
    return !unacknowledged_.empty() && now - waits_since_ >= patience_ns;
  }

  // Whether the other end waits to hear what has arrived, and the header of a frame that says only this. Frames with
  // content say it too.
  bool owes_acknowledgement() const { return owes_acknowledgement_; }
  FrameHeader acknowledgement() { return header(0); }

  std::size_t num_unacknowledged() const { return unacknowledged_.size(); }

 private:
  FrameHeader header(std::uint64_t number) {
    owes_acknowledgement_ = false;
    return {session_, number, received_};
  }
  void acknowledge(std::uint64_t number, Time now) {
    while (!unacknowledged_.empty() && first_unacknowledged_ <= number) {
      unacknowledged_.pop_front();
      ++first_unacknowledged_;
      waits_since_ = now;
    }
  }

  std::uint64_t session_;
  std::deque<Frame> unacknowledged_;
  std::uint64_t first_unacknowledged_ = 1;
  std::uint64_t received_ = 0;
  Time waits_since_ = 0;
  bool owes_acknowledgement_ = false;
};

}  // namespace plait
