#include "kernels/formats/staging.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "plait/error.h"

namespace plait {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = ".plait-";

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

// When a process began, in the kernel's ticks: tells it from a later one of the same number. Empty if it is gone.
std::string start_of(const std::string& process) {
  std::ifstream file("/proc/" + process + "/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto end_of_name = text.rfind(')');
  if (end_of_name == std::string::npos) return "";
  std::size_t at = end_of_name + 1;
  constexpr int kFieldsBefore = 19;  // between the name and the time
  for (int i = 0; i < kFieldsBefore && at != std::string::npos; ++i) at = text.find(' ', at + 1);
  return at == std::string::npos ? "" : text.substr(at + 1, text.find(' ', at + 1) - at - 1);
}

// ".plait-<host>-<process>-<start>-<number>": of this machine, and of a process that is gone?
bool is_left_behind(const std::string& name) {
  const std::string own = std::string(kPrefix) + host_name() + "-";
  if (!name.starts_with(own)) return false;
  const auto process_end = name.find('-', own.size());
  if (process_end == std::string::npos) return false;
  const std::string process = name.substr(own.size(), process_end - own.size());
  const std::string start = name.substr(process_end + 1, name.find('-', process_end + 1) - process_end - 1);
  const bool is_number = !process.empty() && std::all_of(process.begin(), process.end(), ::isdigit);
  return is_number && start_of(process) != start;
}

void remove_left_behind(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (is_left_behind(entry.path().filename().string())) fs::remove_all(entry.path(), ignored);
  }
}

// The nearest folder above that is there.
fs::path existing_parent(const fs::path& target) {
  fs::path folder = fs::absolute(target).lexically_normal().parent_path();
  while (!fs::is_directory(folder) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

bool is_same_device(const fs::path& a, const fs::path& b) {
  struct stat first{};
  struct stat second{};
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev;
}

[[noreturn]] void fail(const std::string& what, const std::error_code& error) {
  throw io_error(fmt::format("{}: {}; what was written before the failure is removed", what, error.message()));
}

void move(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) fail(fmt::format("cannot give '{}' its name", to.string()), error);
}

void move_one_by_one(const StagedFiles& files) {
  for (std::size_t i = 0; i < files.names.size(); ++i) {
    const fs::path name = files.names[i];
    std::error_code error;
    if (name.has_parent_path()) fs::create_directories(name.parent_path(), error);
    if (error) fail(fmt::format("cannot make the folder of '{}'", name.string()), error);
    move(files.staged_name(i), name);
  }
  for (const std::string& name : files.outdated) fs::remove(name);
}

// Whether the folder is not there, or all that it holds is replaced or goes.
bool becomes_new(const StagedFiles& files, const fs::path& folder) {
  for (const std::string& name : files.names) {
    if (fs::path(name).parent_path() != fs::path(files.folder)) return false;
  }
  if (!fs::exists(folder)) return true;
  if (!is_same_device(folder, fs::path(files.staging))) return false;
  std::vector<std::string> going = files.outdated;
  going.insert(going.end(), files.names.begin(), files.names.end());
  for (std::string& name : going) name = fs::path(name).filename().string();
  std::sort(going.begin(), going.end());
  return std::all_of(fs::directory_iterator(folder), fs::directory_iterator(), [&](const fs::directory_entry& entry) {
    return entry.is_regular_file() && std::binary_search(going.begin(), going.end(), entry.path().filename().string());
  });
}

// Gives the files their last names where they lie; whether the folder could then be exchanged.
bool exchange(const StagedFiles& files, const fs::path& folder) {
  const fs::path staging(files.staging);
  struct stat status{};
  const bool exists = ::stat(folder.c_str(), &status) == 0;
  if (exists && ::chmod(staging.c_str(), status.st_mode & 07777) != 0) return false;
  for (std::size_t i = 0; i < files.names.size(); ++i)
    move(files.staged_name(i), staging / fs::path(files.names[i]).filename());
  const unsigned how = exists ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  if (!exists) fs::create_directories(folder.parent_path());
  if (::renameat2(AT_FDCWD, staging.c_str(), AT_FDCWD, folder.c_str(), how) == 0) return true;
  for (std::size_t i = 0; i < files.names.size(); ++i)
    move(staging / fs::path(files.names[i]).filename(), files.staged_name(i));
  return false;
}

}  // namespace

std::string StagedFiles::staged_name(std::size_t file) const {
  return (fs::path(staging) / fmt::format("{}.staged", file)).string();
}

std::string staging_for(const std::string& target) {
  static std::atomic<unsigned> counter{0};
  fs::path folder = existing_parent(target);
  const bool is_folder = fs::is_directory(target);
  if (is_folder && (!is_same_device(folder, target) || ::access(folder.c_str(), W_OK) != 0))
    folder = fs::absolute(target);
  remove_left_behind(folder);
  const std::string process = std::to_string(::getpid());
  return (folder / fmt::format("{}{}-{}-{}-{}", kPrefix, host_name(), process, start_of(process), counter++)).string();
}

void make_staging(const std::string& staging) {
  std::error_code error;
  fs::create_directory(staging, error);
  if (error) fail(fmt::format("cannot write beside '{}'", fs::path(staging).parent_path().string()), error);
}

void publish(const StagedFiles& files) {
  const fs::path folder = files.folder.empty() ? fs::path() : fs::weakly_canonical(files.folder);
  const bool is_exchanged = !folder.empty() && becomes_new(files, folder) && exchange(files, folder);
  if (!is_exchanged) move_one_by_one(files);
  discard_staged(files);
}

void discard_staged(const StagedFiles& files) {
  std::error_code ignored;
  fs::remove_all(files.staging, ignored);
}

}  // namespace plait
