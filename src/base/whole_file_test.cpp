#include "base/whole_file.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/temporary_folder.h"
#include "plait/error.h"

namespace plait {
namespace {

using testing::HasSubstr;

std::ptrdiff_t num_files(const TemporaryFolder& folder) {
  return std::distance(std::filesystem::directory_iterator(folder.path("")), {});
}

// A limit on the size of files stands for a full disk.
class FullDisk {
 public:
  explicit FullDisk(rlim_t num_bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{num_bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &old_); }

 private:
  rlimit old_{};
};

TEST(WholeFile, LeavesTheOldFileWhenTheDiskIsFull) {
  TemporaryFolder folder;
  const std::string path = folder.write("data.csv", "old");
  const std::string text(100000, 'x');
  {
    const FullDisk full(5000);
    try {
      WholeFile file(path, "to_csv");
      file.write(text.data(), text.size());
      file.commit();
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::io);
      EXPECT_THAT(error.what(), HasSubstr("data.csv"));
      EXPECT_THAT(error.what(), HasSubstr("more are needed"));
    }
  }
  EXPECT_EQ(folder.read("data.csv"), "old");
  EXPECT_EQ(num_files(folder), 1);
}

TEST(WholeFile, ReplacesTheOldFileWhenItIsComplete) {
  TemporaryFolder folder;
  const std::string path = folder.write("data.csv", "old");
  WholeFile file(path, "to_csv");
  file.write("new", 3);
  EXPECT_EQ(folder.read("data.csv"), "old");
  file.commit();
  EXPECT_EQ(folder.read("data.csv"), "new");
  EXPECT_EQ(num_files(folder), 1);
}

TEST(WholeFile, LeavesNothingOfAProcessThatIsKilled) {
  TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    WholeFile file(folder.path("data.csv"), "to_csv");
    file.write("half", 4);
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(num_files(folder), 0);
}

TEST(WholeFile, WritesThroughALinkAndIntoWhatIsNoFile) {
  TemporaryFolder folder;
  const std::string path = folder.write("data.csv", "old");
  std::filesystem::create_symlink(path, folder.path("link"));
  write_whole_file(folder.path("link"), "new", "to_csv");
  EXPECT_EQ(folder.read("data.csv"), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder.path("link")));
  write_whole_file("/dev/null", "text", "to_csv");
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(WholeFile, NamesAMissingFolder) {
  TemporaryFolder folder;
  try {
    WholeFile file(folder.path("no/data.csv"), "to_csv");
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::file_not_found);
    EXPECT_THAT(error.what(), HasSubstr("does its folder exist?"));
  }
}

}  // namespace
}  // namespace plait
