#include "cluster/frame.h"

#include <gmock/gmock.h>

#include <cstring>
#include <random>

#include "plait/error.h"

namespace plait::cluster {
namespace {

using testing::HasSubstr;

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

std::vector<std::byte> frame_with(const std::string& text) {
  std::vector<std::byte> frame = frame_header(bytes_of(text), 0);
  for (std::byte byte : bytes_of(text)) frame.push_back(byte);
  return frame;
}

std::string error_of(FrameDecoder& decoder) {
  try {
    while (decoder.next()) {
    }
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
    return error.what();
  }
  return "";
}

TEST(FrameDecoder, GivesFramesWholeHoweverTheirBytesCome) {
  FrameDecoder decoder;
  std::vector<std::string> received;
  for (const std::string text : {"first", "", "third"}) {
    for (std::byte byte : frame_with(text)) {
      decoder.append({&byte, 1});
      while (const auto frame = decoder.next())
        received.emplace_back(reinterpret_cast<const char*>(frame->payload.data()), frame->payload.size());
    }
  }
  EXPECT_THAT(received, testing::ElementsAre("first", "", "third"));
  EXPECT_EQ(decoder.num_waiting(), 0U);
}

TEST(FrameDecoder, RefusesAnotherProtocol) {
  FrameDecoder decoder;
  decoder.append(bytes_of("GET / HTTP/1.1\r\nHost: localhost:8786\r\n\r\n"));
  EXPECT_THAT(error_of(decoder), HasSubstr("not the protocol of a Plait cluster"));
}

TEST(FrameDecoder, RefusesAnotherVersionAndNamesBoth) {
  std::vector<std::byte> frame = frame_with("hello");
  const std::uint16_t version = 7;
  std::memcpy(frame.data() + 4, &version, sizeof(version));
  FrameDecoder decoder;
  decoder.append(frame);
  EXPECT_THAT(error_of(decoder), HasSubstr("version 7 of the cluster's protocol, this program version 1"));
}

TEST(FrameDecoder, NoticesEveryFlippedBit) {
  const std::vector<std::byte> frame = frame_with("numbers");
  for (std::size_t bit = 0; bit < 8 * frame.size(); ++bit) {
    std::vector<std::byte> damaged = frame;
    damaged[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    FrameDecoder decoder(kMaxFrameBytes);
    decoder.append(damaged);
    EXPECT_NE(error_of(decoder), "") << "bit " << bit;
  }
}

TEST(FrameDecoder, BelievesNoStrangerWhoClaimsEightGigabytes) {
  std::vector<std::byte> frame = frame_header({}, 0);
  const std::uint64_t claimed = std::uint64_t{8} << 30;
  // With a right checksum, as a peer that means it would send it.
  std::vector<std::byte> huge = frame;
  std::memcpy(huge.data() + 8, &claimed, sizeof(claimed));
  FrameDecoder decoder;
  decoder.append(huge);
  EXPECT_NE(error_of(decoder), "");
  FrameDecoder small;
  small.append(frame_with(std::string(kMaxStrangerBytes + 1, 'x')));
  EXPECT_THAT(error_of(small), HasSubstr("more than the 64.00 KiB that are allowed here"));
}

TEST(FrameDecoder, TakesLargeFramesOfThoseWhoAreKnown) {
  const std::string text(kMaxStrangerBytes + 1, 'x');
  FrameDecoder decoder;
  decoder.trust();
  decoder.append(frame_with(text));
  EXPECT_EQ(decoder.next()->payload.size(), text.size());
}

}  // namespace
}  // namespace plait::cluster
