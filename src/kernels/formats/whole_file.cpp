#include "kernels/formats/whole_file.h"

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

std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> counter{0};
  const std::filesystem::path target(path);
  return (target.parent_path() / fmt::format(".{}.{}-{}.partial", target.filename().string(), ::getpid(), counter++))
      .string();
}

bool is_full(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

}  // namespace

WholeFile::WholeFile(NewFile file, std::string operation)
    : target_(std::move(file)), operation_(std::move(operation)), temporary_(temporary_name(target_.path)) {
  file_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file_ < 0) fail("create", errno);
}

WholeFile::~WholeFile() {
  if (file_ < 0) return;
  ::close(file_);
  ::unlink(temporary_.c_str());
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

void WholeFile::commit() {
  const int file = file_;
  // Some file systems tell of a full disk only now.
  if (::close(file) != 0) {
    const int error = errno;
    file_ = -1;
    ::unlink(temporary_.c_str());
    fail("write", error);
  }
  file_ = -1;
  if (::rename(temporary_.c_str(), target_.path.c_str()) != 0) {
    const int error = errno;
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

}  // namespace plait
