// Frames: how messages lie on a connection of the cluster. A frame is a header (magic, version, lengths, checksums of
// the payload and of the header itself) and its payload; descriptors of shared memory come along beside it.
//
// What a peer claims is not believed: a payload takes memory as its bytes arrive, and until the peer has said who it is
// a frame may only be small.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace plait::cluster {

inline constexpr std::uint16_t kProtocolVersion = 1;
// Of a peer that has not shown the token yet.
inline constexpr std::uint64_t kMaxStrangerBytes = std::uint64_t{64} << 10;
inline constexpr std::uint64_t kMaxFrameBytes = std::uint64_t{1} << 40;
// What one frame brings along of shared memory; the system passes at most 253 at a time.
inline constexpr std::uint32_t kMaxDescriptors = 128;

struct Frame {
  std::vector<std::byte> payload;
  std::uint32_t num_descriptors = 0;
};

inline constexpr std::size_t kHeaderBytes = 40;

// The header of a frame with this payload.
std::vector<std::byte> frame_header(std::span<const std::byte> payload, std::uint32_t num_descriptors);

// Takes the bytes of a connection as they come and gives back whole frames.
class FrameDecoder {
 public:
  explicit FrameDecoder(std::uint64_t max_payload_bytes = kMaxStrangerBytes) : max_payload_bytes_(max_payload_bytes) {}

  // The peer is known: it may send large frames from here on.
  void trust() { max_payload_bytes_ = kMaxFrameBytes; }
  void append(std::span<const std::byte> bytes);
  // Throws Error(io) that says what is wrong: not our protocol, another version, too large, damaged. Nothing can be
  // read after that.
  std::optional<Frame> next();
  // The bytes of a frame that is not complete.
  std::size_t num_waiting() const { return bytes_.size() - start_; }

 private:
  std::vector<std::byte> bytes_;
  std::size_t start_ = 0;
  std::uint64_t max_payload_bytes_;
};

}  // namespace plait::cluster
