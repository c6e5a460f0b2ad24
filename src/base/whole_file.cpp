#include "base/whole_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/text.h"
#include "plait/error.h"

namespace plait {
namespace {

std::filesystem::path folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder;
}

std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> counter{0};
  const std::string name = std::filesystem::path(path).filename().string();
  return (folder_of(path) / fmt::format(".{}.{}-{}.partial", name, ::getpid(), counter++)).string();
}

bool is_plain_or_absent(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode);
}

// A link keeps pointing where it does.
std::string behind_links(const std::string& path) {
  std::error_code failed;
  if (!std::filesystem::is_symlink(path, failed)) return path;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, failed);
  return failed ? path : real.string();
}

bool is_full(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

}  // namespace

WholeFile::WholeFile(NewFile file, std::string operation) : target_(std::move(file)), operation_(std::move(operation)) {
  target_.path = behind_links(target_.path);
  temporary_ = temporary_name(target_.path);
  open();
  if (file_ < 0) fail("create", errno);
}

void WholeFile::open() {
  if (!is_plain_or_absent(target_.path)) {
    place_ = Place::target;
    file_ = ::open(target_.path.c_str(), O_WRONLY | O_CLOEXEC);
    return;
  }
  file_ = ::open(folder_of(target_.path).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
  if (file_ >= 0) return;
  place_ = Place::beside;
  file_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

WholeFile::~WholeFile() {
  if (file_ < 0) return;
  ::close(file_);
  if (place_ == Place::beside) ::unlink(temporary_.c_str());
}

void WholeFile::write(const void* data, std::size_t num_bytes) {
  const char* from = static_cast<const char*>(data);
  while (num_bytes > 0) {
    const ssize_t done = ::write(file_, from, num_bytes);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) fail("write", errno, num_bytes);
    from += done;
    num_bytes -= static_cast<std::size_t>(done);
    num_bytes_ += done;
  }
}

// 0, or what went wrong. A name can be given to what has none only where nobody has it: the file that is replaced takes
// a step more.
int WholeFile::link_to_target() const {
  const std::string own = fmt::format("/proc/self/fd/{}", file_);
  const auto link_to = [&](const std::string& name) {
    return ::linkat(AT_FDCWD, own.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
  };
  const int error = link_to(target_.path);
  return error == EEXIST ? link_to(temporary_) : error;
}

void WholeFile::commit() {
  int error = place_ == Place::unnamed ? link_to_target() : 0;
  // Some file systems tell of a full disk only now.
  if (::close(std::exchange(file_, -1)) != 0 && error == 0) error = errno;
  const bool is_beside = place_ != Place::target && ::access(temporary_.c_str(), F_OK) == 0;
  if (error != 0) {
    if (is_beside) ::unlink(temporary_.c_str());
    fail("write", error);
  }
  if (is_beside && ::rename(temporary_.c_str(), target_.path.c_str()) != 0) {
    error = errno;
    ::unlink(temporary_.c_str());
    fail("rename to its final name", error);
  }
}

void WholeFile::fail(const char* what, int error, std::size_t num_bytes) const {
  if (is_full(error)) {
    struct statvfs status{};
    const std::string folder = std::filesystem::absolute(temporary_).parent_path().string();
    const bool known = ::statvfs(folder.c_str(), &status) == 0;
    const std::string free =
        known ? format_bytes(static_cast<double>(status.f_bavail) * static_cast<double>(status.f_frsize))
              : "an unknown amount";
    throw io_error(
        fmt::format("{}: no room for '{}': {} were written, {} more are needed now, {} are free ({}); nothing was kept",
                    operation_, target_.shown, format_bytes(static_cast<double>(num_bytes_)),
                    format_bytes(static_cast<double>(num_bytes)), free, std::strerror(error)));
  }
  const ErrorKind kind = error == ENOENT ? ErrorKind::file_not_found : ErrorKind::io;
  const char* const hint = error == ENOENT ? "; does its folder exist?" : "";
  throw Error(kind,
              fmt::format("{}: cannot {} '{}': {}{}", operation_, what, target_.shown, std::strerror(error), hint));
}

void write_whole_file(const std::string& path, const std::string& text, const std::string& operation) {
  WholeFile file(path, operation);
  file.write(text.data(), text.size());
  file.commit();
}

}  // namespace plait
