#include "scheduler/link.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace plait {
namespace {

TEST(Link, TakesEachFrameOnceAndInOrder) {
  Link<int> sender(1);
  Link<int> receiver(1);
  const FrameHeader first = sender.send(10, 0);
  const FrameHeader second = sender.send(20, 0);
  EXPECT_FALSE(receiver.receive(second, 0)) << "it comes early";
  EXPECT_TRUE(receiver.receive(first, 0));
  EXPECT_FALSE(receiver.receive(first, 0)) << "it comes twice";
  EXPECT_TRUE(receiver.receive(second, 0));
  EXPECT_TRUE(receiver.owes_acknowledgement());
  sender.receive(receiver.acknowledgement(), 1);
  EXPECT_EQ(sender.num_unacknowledged(), 0u);
  EXPECT_FALSE(receiver.owes_acknowledgement());
}

TEST(Link, IgnoresFramesOfAnotherSession) {
  Link<int> old_one(1);
  Link<int> receiver(2);
  EXPECT_FALSE(receiver.receive(old_one.send(10, 0), 0));
}

TEST(Link, BringsEverythingOverAWireThatLosesAndReordersFrames) {
  std::mt19937_64 random(7);
  Link<int> sender(1);
  Link<int> receiver(1);
  std::vector<int> received;
  for (int i = 0; i < 100; ++i) {
    std::vector<std::pair<FrameHeader, int>> wire = sender.resend(i);
    wire.emplace_back(sender.send(i, i), i);
    std::shuffle(wire.begin(), wire.end(), random);
    for (const auto& [header, frame] : wire)
      if (random() % 2 == 0 && receiver.receive(header, i)) received.push_back(frame);
    if (random() % 2 == 0) sender.receive(receiver.acknowledgement(), i);
  }
  EXPECT_TRUE(sender.is_overdue(1000, 50));
  while (sender.num_unacknowledged() > 0) {
    for (const auto& [header, frame] : sender.resend(1000))
      if (receiver.receive(header, 1000)) received.push_back(frame);
    sender.receive(receiver.acknowledgement(), 1000);
  }
  ASSERT_EQ(received.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(received[static_cast<std::size_t>(i)], i);
}

}  // namespace
}  // namespace plait
