#include "runtime/spill_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <random>

namespace plait {
namespace {

using testing::HasSubstr;

Record record_of(std::size_t blob_bytes, bool is_random) {
  std::mt19937_64 random(blob_bytes);
  auto bytes = std::make_shared<std::vector<std::byte>>(blob_bytes);
  for (std::size_t i = 0; i < blob_bytes; ++i) (*bytes)[i] = static_cast<std::byte>(is_random ? random() : i / 1000);
  Record record;
  record.head.assign(100, std::byte{7});
  record.blobs.push_back({bytes, bytes->data(), bytes->size()});
  record.blobs.push_back({nullptr, nullptr, 0});
  return record;
}

bool are_equal(const Record& a, const Record& b) {
  if (a.head != b.head || a.blobs.size() != b.blobs.size()) return false;
  for (std::size_t i = 0; i < a.blobs.size(); ++i) {
    if (a.blobs[i].size != b.blobs[i].size) return false;
    if (a.blobs[i].size > 0 && std::memcmp(a.blobs[i].data, b.blobs[i].data, a.blobs[i].size) != 0) return false;
  }
  return true;
}

TEST(SpillFile, GivesBackWhatWasWritten) {
  SpillFile file(testing::TempDir());
  for (const std::size_t size : {0, 1, 1000, 100'000, 9'000'000}) {
    for (const bool is_random : {false, true}) {
      const Record record = record_of(size, is_random);
      EXPECT_TRUE(are_equal(file.read(file.write(record)), record)) << size;
    }
  }
}

TEST(SpillFile, CompressesWhatShrinks) {
  SpillFile file(testing::TempDir());
  const SpilledRecord packed = file.write(record_of(8'000'000, false));
  EXPECT_LT(packed.reserved_bytes, 1'000'000u);
  const SpilledRecord raw = file.write(record_of(8'000'000, true));
  EXPECT_LT(raw.reserved_bytes, 8'100'000u);
}

TEST(SpillFile, UsesForgottenSpaceAgain) {
  SpillFile file(testing::TempDir());
  const Record record = record_of(1'000'000, true);
  SpilledRecord first = file.write(record);
  SpilledRecord second = file.write(record);
  const std::uint64_t size = file.size_bytes();
  for (int i = 0; i < 20; ++i) {
    file.forget(first);
    first = file.write(record);
    file.forget(second);
    second = file.write(record);
  }
  EXPECT_EQ(file.size_bytes(), size);
  EXPECT_TRUE(are_equal(file.read(first), record));
  EXPECT_TRUE(are_equal(file.read(second), record));
}

TEST(SpillFile, NoticesEveryDamage) {
  SpillFile file(testing::TempDir());
  std::mt19937_64 random(3);
  for (const bool is_random : {false, true}) {
    const SpilledRecord written = file.write(record_of(300'000, is_random));
    ASSERT_GE(written.pieces.size(), 2u);
    for (int i = 0; i < 500; ++i) {
      const SpilledPiece& piece = written.pieces[random() % written.pieces.size()];
      const auto at = static_cast<off_t>(piece.offset + random() % piece.stored_bytes);
      unsigned char byte = 0;
      ASSERT_EQ(::pread(file.descriptor(), &byte, 1, at), 1);
      const unsigned char flipped = byte ^ static_cast<unsigned char>(1u << random() % 8);
      ASSERT_EQ(::pwrite(file.descriptor(), &flipped, 1, at), 1);
      EXPECT_THROW(file.read(written), Error);
      ASSERT_EQ(::pwrite(file.descriptor(), &byte, 1, at), 1);
    }
    EXPECT_NO_THROW(file.read(written));
  }
  const SpilledRecord last = file.write(record_of(300'000, true));
  ASSERT_EQ(::ftruncate(file.descriptor(), static_cast<off_t>(last.offset + 5000)), 0);
  EXPECT_THROW(file.read(last), Error);
}

TEST(SpillFile, LeavesNoNameBehind) {
  const std::string folder = testing::TempDir() + "plait_spill_" + std::to_string(::getpid());
  std::filesystem::create_directory(folder);
  {
    SpillFile file(folder);
    file.write(record_of(100'000, true));
    EXPECT_TRUE(std::filesystem::is_empty(folder));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove(folder);
}

TEST(SpillFile, SaysWhatIsMissingWhenTheDiskIsFull) {
  SpillFile file(testing::TempDir());
  rlimit old;
  ::getrlimit(RLIMIT_FSIZE, &old);
  const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
  rlimit small = old;
  small.rlim_cur = 1'000'000;
  ::setrlimit(RLIMIT_FSIZE, &small);
  std::string message;
  try {
    file.write(record_of(3'000'000, true));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
    message = error.what();
  }
  ::setrlimit(RLIMIT_FSIZE, &old);
  ::signal(SIGXFSZ, old_handler);
  EXPECT_THAT(message, HasSubstr("cannot spill a value of 2.8"));
  EXPECT_THAT(message, HasSubstr(testing::TempDir()));
  EXPECT_THAT(message, HasSubstr("free there"));
  EXPECT_THAT(message, HasSubstr("spill.directory"));
  // What was begun is given back.
  EXPECT_TRUE(are_equal(file.read(file.write(record_of(1000, true))), record_of(1000, true)));
}

}  // namespace
}  // namespace plait
