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

// A file that is staged, and its last name.
struct StagedMove {
  fs::path from;
  fs::path to;
};

// What is staged for one name may be a folder: of folders with files (hive_folders.h), which get their places beside
// it.
std::vector<StagedMove> moves_of(const StagedFiles& files) {
  std::vector<StagedMove> moves;
  for (std::size_t i = 0; i < files.names.size(); ++i) {
    const fs::path from = files.staged_name(i);
    const fs::path to = files.names[i];
    if (!fs::is_directory(from)) {
      moves.push_back({from, to});
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(from)) {
      if (entry.is_regular_file())
        moves.push_back({entry.path(), to.parent_path() / entry.path().lexically_relative(from)});
    }
  }
  return moves;
}

void make_folder_of(const fs::path& file) {
  std::error_code error;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), error);
  if (error) fail(fmt::format("cannot make the folder of '{}'", file.string()), error);
}

void move(const fs::path& from, const fs::path& to) {
  make_folder_of(to);
  std::error_code error;
  fs::rename(from, to, error);
  if (error) fail(fmt::format("cannot give '{}' its name", to.string()), error);
}

// The same where no file may have the name.
void move_new(const fs::path& from, const fs::path& to) {
  make_folder_of(to);
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
  const bool is_unknown = errno == EINVAL || errno == ENOSYS;  // to this file system
  const bool is_taken = errno == EEXIST || (is_unknown && fs::exists(to));
  if (is_taken)
    throw io_error(
        fmt::format("there is a file '{}' now, which nobody had written when this write was planned; nothing was "
                    "written, try again",
                    to.string()));
  if (!is_unknown) fail(fmt::format("cannot give '{}' its name", to.string()), {errno, std::generic_category()});
  move(from, to);
}

// All of them or none.
void move_all_new(const std::vector<StagedMove>& moves) {
  std::size_t count = 0;
  try {
    for (; count < moves.size(); ++count) move_new(moves[count].from, moves[count].to);
  } catch (...) {
    std::error_code ignored;
    for (std::size_t i = 0; i < count; ++i) fs::remove(moves[i].to, ignored);
    throw;
  }
}

void remove_empty_folders(fs::path folder, const fs::path& above) {
  std::error_code error;
  while (folder != above && folder.has_relative_path() && fs::remove(folder, error)) folder = folder.parent_path();
}

void move_one_by_one(const StagedFiles& files, const std::vector<StagedMove>& moves) {
  if (!files.replaces) return move_all_new(moves);
  for (const auto& [from, to] : moves) move(from, to);
  for (const std::string& name : files.outdated) {
    if (std::ranges::find(moves, fs::path(name), &StagedMove::to) != moves.end()) continue;
    fs::remove(name);
    remove_empty_folders(fs::path(name).parent_path(), files.folder);
  }
}

// Whether every file in it goes, and no folder but those whose names are a column's values holds any.
bool is_all_going(const fs::path& folder, const std::vector<std::string>& going) {
  return std::all_of(fs::directory_iterator(folder), fs::directory_iterator(), [&](const fs::directory_entry& entry) {
    if (entry.is_directory() && !entry.is_symlink())
      return entry.path().filename().string().find('=') != std::string::npos && is_all_going(entry.path(), going);
    return entry.is_regular_file() && std::binary_search(going.begin(), going.end(), entry.path().string());
  });
}

bool is_within(const fs::path& file, const fs::path& folder) {
  const fs::path inner = file.lexically_relative(folder);
  return !inner.empty() && *inner.begin() != "..";
}

// Whether the folder is not there, or all that it holds is replaced or goes.
bool becomes_new(const StagedFiles& files, const std::vector<StagedMove>& moves) {
  const fs::path folder = files.folder;
  if (!std::ranges::all_of(moves, [&](const StagedMove& move) { return is_within(move.to, folder); })) return false;
  if (!fs::exists(folder)) return true;
  if (!files.replaces) return false;  // others may be writing into it
  if (!is_same_device(folder, fs::path(files.staging))) return false;
  std::vector<std::string> going = files.outdated;
  for (const StagedMove& move : moves) going.push_back(move.to.string());
  std::sort(going.begin(), going.end());
  return is_all_going(folder, going);
}

// Gives the files their last names where they lie; whether the folder could then be exchanged. `target` is the folder
// itself, where its name is a link to it.
bool exchange(const StagedFiles& files, const std::vector<StagedMove>& moves, const fs::path& target) {
  const fs::path staging(files.staging);
  struct stat status{};
  const bool exists = ::stat(target.c_str(), &status) == 0;
  if (exists && ::chmod(staging.c_str(), status.st_mode & 07777) != 0) return false;
  const auto inner = [&](const StagedMove& move) { return staging / move.to.lexically_relative(files.folder); };
  for (const StagedMove& staged : moves) move(staged.from, inner(staged));
  std::error_code ignored;
  for (std::size_t i = 0; i < files.names.size(); ++i) fs::remove_all(files.staged_name(i), ignored);
  const unsigned how = exists ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  if (!exists) fs::create_directories(target.parent_path());
  if (::renameat2(AT_FDCWD, staging.c_str(), AT_FDCWD, target.c_str(), how) == 0) return true;
  for (const StagedMove& staged : moves) move(inner(staged), staged.from);
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

std::vector<std::string> publish(const StagedFiles& files) {
  const std::vector<StagedMove> moves = moves_of(files);
  const bool is_exchanged =
      !files.folder.empty() && becomes_new(files, moves) && exchange(files, moves, fs::weakly_canonical(files.folder));
  if (!is_exchanged) move_one_by_one(files, moves);
  discard_staged(files);
  std::vector<std::string> names;
  for (const StagedMove& move : moves) names.push_back(move.to.string());
  return names;
}

void discard_staged(const StagedFiles& files) {
  std::error_code ignored;
  fs::remove_all(files.staging, ignored);
}

}  // namespace plait
