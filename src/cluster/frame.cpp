#include "cluster/frame.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <cstring>

#include "base/text.h"
#include "plait/error.h"

namespace plait::cluster {
namespace {

constexpr std::uint32_t kMagic = 0x54494c50;  // "PLIT"

struct Header {
  std::uint32_t magic = kMagic;
  std::uint16_t version = kProtocolVersion;
  std::uint16_t unused = 0;
  std::uint64_t payload_bytes = 0;
  std::uint32_t num_descriptors = 0;
  std::uint32_t unused_too = 0;
  std::uint64_t payload_checksum = 0;
  std::uint64_t checksum = 0;

  std::uint64_t expected_checksum() const { return XXH3_64bits(this, offsetof(Header, checksum)); }
};
static_assert(sizeof(Header) == kHeaderBytes);

void check(const Header& header, std::uint64_t max_payload_bytes) {
  if (header.magic != kMagic) throw io_error("what came over the connection is not the protocol of a Plait cluster");
  if (header.version != kProtocolVersion)
    throw io_error(
        fmt::format("the peer speaks version {} of the cluster's protocol, this program version {}: use the "
                    "same version of Plait on both sides",
                    header.version, kProtocolVersion));
  if (header.checksum != header.expected_checksum())
    throw io_error("the header of a message of the cluster was damaged on the way");
  if (header.payload_bytes > max_payload_bytes)
    throw io_error(fmt::format("a message of the cluster claims {}, more than the {} that are allowed here",
                               format_bytes(static_cast<double>(header.payload_bytes)),
                               format_bytes(static_cast<double>(max_payload_bytes))));
  if (header.num_descriptors > kMaxDescriptors)
    throw io_error("a message of the cluster claims more shared memory than one message may bring");
}

}  // namespace

std::vector<std::byte> frame_header(std::span<const std::byte> payload, std::uint32_t num_descriptors) {
  Header header;
  header.payload_bytes = payload.size();
  header.num_descriptors = num_descriptors;
  header.payload_checksum = XXH3_64bits(payload.data(), payload.size());
  header.checksum = header.expected_checksum();
  std::vector<std::byte> bytes(sizeof(header));
  std::memcpy(bytes.data(), &header, sizeof(header));
  return bytes;
}

void FrameDecoder::append(std::span<const std::byte> bytes) {
  if (start_ > 0 && start_ == bytes_.size()) {
    bytes_.clear();
    start_ = 0;
  }
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

std::optional<Frame> FrameDecoder::next() {
  if (num_waiting() < sizeof(Header)) return std::nullopt;
  Header header;
  std::memcpy(&header, bytes_.data() + start_, sizeof(header));
  check(header, max_payload_bytes_);
  if (num_waiting() - sizeof(header) < header.payload_bytes) return std::nullopt;
  const std::byte* payload = bytes_.data() + start_ + sizeof(header);
  if (XXH3_64bits(payload, header.payload_bytes) != header.payload_checksum)
    throw io_error("a message of the cluster was damaged on the way");
  Frame frame{{payload, payload + header.payload_bytes}, header.num_descriptors};
  start_ += sizeof(header) + header.payload_bytes;
  // What has been read goes once it is most of what is kept.
  if (start_ > bytes_.size() / 2) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(start_));
    start_ = 0;
  }
  return frame;
}

}  // namespace plait::cluster
