#include "runtime/parcel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <latch>
#include <thread>

#include "plait/ndarray.h"
#include "runtime/open_descriptors.h"

namespace plait {
namespace {

class ParcelTest : public testing::Test {
 protected:
  void SetUp() override { register_base_value_types(); }
};

Value numbers(std::int64_t size) {
  std::vector<double> items(static_cast<std::size_t>(size));
  for (std::size_t i = 0; i < items.size(); ++i) items[i] = static_cast<double>(i);
  return Value::of(NdArray::from<double>({size}, items));
}

// Another process's view of a parcel's shared memory.
Parcel received(const Parcel& sent) {
  return Parcel::of_memory(FileDescriptor(::dup(sent.descriptor())), sent.frame_bytes(), sent.value_bytes());
}

double item(const Value& value, std::int64_t i) { return value.as<NdArray>().at<double>({i}); }

TEST_F(ParcelTest, SmallFramesAreInlineAndLargeOnesInSharedMemory) {
  for (const std::int64_t size : {0, 1, 3, 4000, 4096, 5000, 100'000}) {
    const Value value = numbers(size);
    const Parcel parcel = Parcel::of_value(value);
    EXPECT_EQ(parcel.is_inline(), parcel.frame_bytes() <= Parcel::kMaxInlineBytes);
    EXPECT_EQ(parcel.is_inline(), size <= 4000) << parcel.frame_bytes();
    EXPECT_EQ(parcel.value_bytes(), value.num_bytes());
    EXPECT_EQ(parcel.frame().size, parcel.frame_bytes());
    EXPECT_EQ(parcel.value().describe(), value.describe());
    EXPECT_EQ(received(parcel).value().describe(), value.describe());
    if (size > 0) {
      EXPECT_EQ(item(received(parcel).value(), size - 1), static_cast<double>(size - 1));
    }
  }
}

TEST_F(ParcelTest, AnInlineFrameTravelsAsBytes) {
  const Parcel sent = Parcel::of_value(numbers(3));
  const Blob bytes = sent.frame();
  const Parcel copy = Parcel::of_inline({bytes.data, bytes.data + bytes.size}, sent.value_bytes());
  EXPECT_TRUE(copy.is_inline());
  EXPECT_EQ(item(copy.value(), 2), 2.0);
}

TEST_F(ParcelTest, AValueOutlivesTheParcelThatItCameIn) {
  for (const std::int64_t size : {3, 100'000}) {
    Value value;
    {
      const Parcel parcel = received(Parcel::of_value(numbers(size)));
      value = parcel.value();
    }
    EXPECT_EQ(item(value, size - 1), static_cast<double>(size - 1));
  }
}

TEST_F(ParcelTest, AParcelStandsForItsValueWhereItIsPassedOn) {
  register_value_type(value_type<Parcel>());
  for (const std::int64_t size : {3, 100'000}) {
    const Parcel parcel = Parcel::of_value(numbers(size));
    const Value passed = decode_value(encode_value(Value::of(parcel)));
    EXPECT_EQ(passed.num_bytes(), parcel.value_bytes());
    EXPECT_EQ(passed.describe(), parcel.value().describe());
    EXPECT_EQ(item(passed.as<Parcel>().value(), size - 1), static_cast<double>(size - 1));
  }
}

TEST_F(ParcelTest, EveryDamagedBitOfASmallFrameIsNoticed) {
  const Parcel parcel = Parcel::of_value(numbers(3));
  const Blob frame = parcel.frame();
  const Record whole = parcel.unpack();
  for (std::size_t bit = 0; bit < 8 * frame.size; ++bit) {
    std::vector<std::byte> bytes(frame.data, frame.data + frame.size);
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    // Padding between the pieces belongs to nobody: what is read is right all the same.
    try {
      EXPECT_EQ(Parcel::of_inline(bytes, 0).unpack().head, whole.head) << bit;
      EXPECT_EQ(item(Parcel::of_inline(bytes, 0).value(), 2), 2.0) << bit;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::io);
    }
  }
}

TEST_F(ParcelTest, DamagedSharedMemoryIsNoticed) {
  const Parcel parcel = Parcel::of_value(numbers(100'000));
  for (const off_t at : {off_t{0}, off_t{20}, off_t{500'000}}) {
    char before = 0;
    ASSERT_EQ(::pread(parcel.descriptor(), &before, 1, at), 1);
    const char after = static_cast<char>(before ^ 4);
    ASSERT_EQ(::pwrite(parcel.descriptor(), &after, 1, at), 1);
    EXPECT_THROW(parcel.value(), Error) << at;
    ASSERT_EQ(::pwrite(parcel.descriptor(), &before, 1, at), 1);
    EXPECT_NO_THROW(parcel.value());
  }
}

TEST_F(ParcelTest, AFrameThatIsCutOffIsRefused) {
  const Parcel parcel = Parcel::of_value(numbers(3));
  const Blob frame = parcel.frame();
  // The last 64 bytes may be padding.
  std::vector<std::byte> bytes(frame.data, frame.data + frame.size - 64);
  while (!bytes.empty()) {
    bytes.resize(bytes.size() - std::min<std::size_t>(bytes.size(), 7));
    EXPECT_THROW(Parcel::of_inline(bytes, 0).value(), Error) << bytes.size();
  }
}

// Reading beyond the end of a mapped file would end the process.
TEST_F(ParcelTest, SharedMemoryThatIsShorterThanItsFrameIsRefused) {
  const Parcel parcel = Parcel::of_value(numbers(100'000));
  ASSERT_EQ(::ftruncate(parcel.descriptor(), 4096), 0);
  EXPECT_THROW(parcel.value(), Error);
  EXPECT_THROW(Parcel::of_memory(FileDescriptor(-1), 100'000, 0).value(), Error) << "no descriptor at all";
}

TEST_F(ParcelTest, NoDescriptorIsLeftOpen) {
  const std::size_t before = num_open_descriptors();
  {
    const Parcel large = Parcel::of_value(numbers(100'000));
    EXPECT_EQ(num_open_descriptors(), before + 1);
    const Parcel same = large;
    EXPECT_EQ(num_open_descriptors(), before + 1) << "copies share it";
    const Parcel small = Parcel::of_value(numbers(3));
    EXPECT_EQ(num_open_descriptors(), before + 1);
    EXPECT_EQ(small.descriptor(), small.descriptor());
    EXPECT_EQ(num_open_descriptors(), before + 2) << "made once";
    EXPECT_EQ(item(small.value(), 2), 2.0);
  }
  EXPECT_EQ(num_open_descriptors(), before);
}

TEST_F(ParcelTest, SharedMemoryIsUnmappedWithTheLastValue) {
  const auto num_mapped = [] {
    std::ifstream maps("/proc/self/maps");
    std::size_t count = 0;
    for (std::string line; std::getline(maps, line);) count += line.find("memfd:plait") != std::string::npos;
    return count;
  };
  {
    Value value;
    {
      const Parcel parcel = Parcel::of_value(numbers(100'000));
      value = parcel.value();
    }
    EXPECT_EQ(num_mapped(), 1u);
  }
  EXPECT_EQ(num_mapped(), 0u);
}

TEST_F(ParcelTest, ManyThreadsMayReadAndSendOneParcel) {
  for (const std::int64_t size : {3, 100'000}) {
    const Parcel parcel = Parcel::of_value(numbers(size));
    std::latch start(4);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        start.arrive_and_wait();
        for (int i = 0; i < 20; ++i) {
          if (t % 2 == 0) {
            EXPECT_GE(parcel.descriptor(), 0);
          }
          EXPECT_EQ(item(parcel.value(), size - 1), static_cast<double>(size - 1));
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }
}

TEST(FileDescriptor, IsClosedByItsLastOwner) {
  const std::size_t before = num_open_descriptors();
  {
    FileDescriptor first(::memfd_create("test", MFD_CLOEXEC));
    FileDescriptor second = std::move(first);
    EXPECT_TRUE(second);
    FileDescriptor third;
    third = std::move(second);
    EXPECT_EQ(num_open_descriptors(), before + 1);
    ::close(third.release());
    EXPECT_EQ(num_open_descriptors(), before);
  }
  EXPECT_EQ(num_open_descriptors(), before);
}

}  // namespace
}  // namespace plait
