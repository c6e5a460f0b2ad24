#include "runtime/channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <span>
#include <thread>

#include "runtime/open_descriptors.h"

namespace plait {
namespace {

using testing::HasSubstr;

struct Pair {
  Pair() {
    auto [a, b] = socket_pair();
    left.emplace(std::move(a));
    right.emplace(std::move(b));
  }
  std::optional<Channel> left, right;
};

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

Record record_of(const std::string& head, std::size_t blob_bytes = 0) {
  Record record;
  record.head = bytes_of(head);
  auto blob = std::make_shared<std::vector<std::byte>>(blob_bytes);
  for (std::size_t i = 0; i < blob_bytes; ++i) (*blob)[i] = static_cast<std::byte>(i * 7);
  if (blob_bytes > 0) record.blobs.push_back({blob, blob->data(), blob->size()});
  return record;
}

std::string head_of(const std::optional<Message>& message) {
  if (!message) return "nothing";
  return {reinterpret_cast<const char*>(message->record.head.data()), message->record.head.size()};
}

// A memory file that holds `text`.
FileDescriptor memory_of(const std::string& text) {
  FileDescriptor memory(::memfd_create("test", MFD_CLOEXEC));
  EXPECT_EQ(::write(memory.number(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  return memory;
}

std::string text_in(const FileDescriptor& memory) {
  char text[100] = {};
  const ssize_t size = ::pread(memory.number(), text, sizeof(text), 0);
  return {text, static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

// What a message looks like on the way; its descriptors are dropped.
std::vector<char> bytes_on_the_way(const Record& record, std::span<const int> descriptors) {
  Pair pair;
  EXPECT_TRUE(pair.left->send(record, descriptors));
  std::vector<char> bytes(1 << 16);
  const ssize_t size = ::recv(pair.right->descriptor(), bytes.data(), bytes.size(), 0);
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  for (ssize_t more = 1; more > 0;) {
    char rest[1 << 12];
    more = ::recv(pair.right->descriptor(), rest, sizeof(rest), MSG_DONTWAIT);
    if (more > 0) bytes.insert(bytes.end(), rest, rest + more);
  }
  return bytes;
}

// What the other end makes of bytes after which the sender is gone.
std::optional<Message> received(const std::vector<char>& bytes) {
  Pair pair;
  EXPECT_EQ(::send(pair.left->descriptor(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  pair.left->close();
  return pair.right->receive();
}

TEST(Channel, MessagesArriveInOrderAndWhole) {
  Pair pair;
  for (const char* text : {"first", "", "third"}) EXPECT_TRUE(pair.left->send(record_of(text, 1000), {}));
  EXPECT_EQ(head_of(pair.right->receive()), "first");
  EXPECT_EQ(head_of(pair.right->receive()), "");
  const auto third = pair.right->receive();
  EXPECT_EQ(head_of(third), "third");
  ASSERT_EQ(third->record.blobs.size(), 1u);
  const Record sent = record_of("third", 1000);
  EXPECT_EQ(std::memcmp(third->record.blobs[0].data, sent.blobs[0].data, 1000), 0);
}

TEST(Channel, BothEndsMaySend) {
  Pair pair;
  EXPECT_TRUE(pair.left->send(record_of("question"), {}));
  EXPECT_TRUE(pair.right->send(record_of("answer"), {}));
  EXPECT_EQ(head_of(pair.right->receive()), "question");
  EXPECT_EQ(head_of(pair.left->receive()), "answer");
}

TEST(Channel, DescriptorsArriveWithTheirMessage) {
  Pair pair;
  const FileDescriptor one = memory_of("one"), two = memory_of("two"), three = memory_of("three");
  EXPECT_TRUE(pair.left->send(record_of("a"), std::vector{one.number(), two.number()}));
  EXPECT_TRUE(pair.left->send(record_of("b"), {}));
  EXPECT_TRUE(pair.left->send(record_of("c"), std::vector{three.number()}));
  const auto a = pair.right->receive();
  ASSERT_EQ(a->descriptors.size(), 2u);
  EXPECT_EQ(text_in(a->descriptors[0]), "one");
  EXPECT_EQ(text_in(a->descriptors[1]), "two");
  EXPECT_EQ(pair.right->receive()->descriptors.size(), 0u);
  const auto c = pair.right->receive();
  ASSERT_EQ(c->descriptors.size(), 1u);
  EXPECT_EQ(text_in(c->descriptors[0]), "three");
  EXPECT_EQ(text_in(three), "three") << "the sender keeps its own";
}

TEST(Channel, MoreDescriptorsThanTheSystemPassesAtOnceArrive) {
  Pair pair;
  std::vector<FileDescriptor> files;
  std::vector<int> numbers;
  for (int i = 0; i < 203; ++i) {
    files.push_back(memory_of(std::to_string(i)));
    numbers.push_back(files.back().number());
  }
  EXPECT_TRUE(pair.left->send(record_of("many"), numbers));
  EXPECT_TRUE(pair.left->send(record_of("next"), {}));
  const auto many = pair.right->receive();
  ASSERT_EQ(many->descriptors.size(), 203u);
  for (int i = 0; i < 203; ++i) EXPECT_EQ(text_in(many->descriptors[i]), std::to_string(i));
  EXPECT_EQ(head_of(pair.right->receive()), "next");
}

TEST(Channel, NoDescriptorIsLeftOpen) {
  const std::size_t before = num_open_descriptors();
  {
    Pair pair;
    const FileDescriptor file = memory_of("x");
    for (int i = 0; i < 50; ++i) EXPECT_TRUE(pair.left->send(record_of("x"), std::vector{file.number()}));
    for (int i = 0; i < 25; ++i) EXPECT_EQ(pair.right->receive()->descriptors.size(), 1u);
  }
  EXPECT_EQ(num_open_descriptors(), before) << "those received, and those that nobody received";
}

TEST(Channel, AMessageLargerThanTheSocketHoldsGoesInParts) {
  Pair pair;
  const int small = 1 << 12;
  for (const auto& end : {&pair.left, &pair.right}) {
    ASSERT_EQ(::setsockopt((*end)->descriptor(), SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)), 0);
  }
  const FileDescriptor file = memory_of("beside it");
  const Record large = record_of("large", 20'000'000);
  std::thread sender([&] { EXPECT_TRUE(pair.left->send(large, std::vector{file.number()})); });
  const auto message = pair.right->receive();
  sender.join();
  EXPECT_EQ(head_of(message), "large");
  ASSERT_EQ(message->descriptors.size(), 1u);
  EXPECT_EQ(text_in(message->descriptors[0]), "beside it");
  ASSERT_EQ(message->record.blobs.at(0).size, 20'000'000u);
  EXPECT_EQ(std::memcmp(message->record.blobs[0].data, large.blobs[0].data, 20'000'000), 0);
}

TEST(Channel, AnEndThatIsGoneIsNoticed) {
  Pair pair;
  EXPECT_TRUE(pair.left->send(record_of("last"), {}));
  pair.left->close();
  EXPECT_EQ(head_of(pair.right->receive()), "last") << "what was sent before still arrives";
  EXPECT_FALSE(pair.right->receive());
  EXPECT_FALSE(pair.right->receive());
  EXPECT_FALSE(pair.right->send(record_of("anybody?"), {}));
}

TEST(Channel, AMessageThatBreaksOffIsNone) {
  const std::size_t before = num_open_descriptors();
  const std::vector<char> whole = bytes_on_the_way(record_of("text", 100), {});
  ASSERT_TRUE(received(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(received({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)})) << size;
  }
  EXPECT_EQ(num_open_descriptors(), before);
}

TEST(Channel, ASenderNoticesThatTheReceiverEndedInTheMiddle) {
  Pair pair;
  std::thread sender([&] { EXPECT_FALSE(pair.left->send(record_of("large", 20'000'000), {})); });
  char some[1000];
  EXPECT_GT(::recv(pair.right->descriptor(), some, sizeof(some), 0), 0);
  pair.right->close();
  sender.join();
}

TEST(Channel, AReceiverNoticesThatTheSenderEndedInTheMiddleAndClosesWhatCame) {
  const std::size_t before = num_open_descriptors();
  {
    Pair pair;
    const FileDescriptor file = memory_of("x");
    std::thread sender(
        [&] { EXPECT_FALSE(pair.left->send(record_of("large", 20'000'000), std::vector{file.number()})); });
    EXPECT_TRUE(pair.right->wait(-1)) << "the start is there";
    ::shutdown(pair.left->descriptor(), SHUT_WR);
    sender.join();
    EXPECT_FALSE(pair.right->receive());
    EXPECT_EQ(num_open_descriptors(), before + 3) << "the pair and the file";
  }
  EXPECT_EQ(num_open_descriptors(), before);
}

TEST(Channel, EveryDamagedBitIsNoticed) {
  const Record record = record_of("text", 10);
  const std::vector<char> whole = bytes_on_the_way(record, {});
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::vector<char> bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    // Padding within the frame belongs to nobody: what is read is right all the same.
    try {
      const auto message = received(bytes);
      ASSERT_TRUE(message) << bit;
      EXPECT_EQ(head_of(message), "text");
      EXPECT_EQ(std::memcmp(message->record.blobs.at(0).data, record.blobs[0].data, 10), 0);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::io);
    }
  }
}

TEST(Channel, AMessageWithoutItsDescriptorsIsRefused) {
  const FileDescriptor file = memory_of("x");
  const std::vector<char> bytes = bytes_on_the_way(record_of("text"), std::vector{file.number(), file.number()});
  try {
    received(bytes);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
    EXPECT_THAT(error.what(), HasSubstr("lost its shared memory"));
  }
}

TEST(Channel, AProcessThatMayOpenNoMoreFilesSaysSo) {
  Pair pair;
  const FileDescriptor file = memory_of("x");
  EXPECT_TRUE(pair.left->send(record_of("x"), std::vector(20, file.number())));
  const std::size_t before = num_open_descriptors();
  rlimit old;
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &old), 0);
  rlimit tight = old;
  tight.rlim_cur = static_cast<rlim_t>(file.number()) + 5;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  std::string message;
  try {
    pair.right->receive();
  } catch (const Error& error) {
    message = error.what();
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &old), 0);
  EXPECT_THAT(message, HasSubstr("too many open files"));
  EXPECT_EQ(num_open_descriptors(), before);
}

TEST(Channel, WaitingTellsWhetherThereIsSomethingToReceive) {
  Pair pair;
  EXPECT_FALSE(pair.right->wait(0));
  EXPECT_TRUE(pair.left->send(record_of("x"), {}));
  EXPECT_TRUE(pair.right->wait(0));
  EXPECT_EQ(head_of(pair.right->receive()), "x");
  EXPECT_FALSE(pair.right->wait(0));
  pair.left->close();
  EXPECT_TRUE(pair.right->wait(-1)) << "the other end is gone";
}

}  // namespace
}  // namespace plait
