#include "kernels/formats/csv_source.h"

#include <arrow/buffer.h>
#include <arrow/io/compressed.h>
#include <arrow/io/file.h>
#include <arrow/result.h>
#include <arrow/util/compression.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <map>
#include <vector>

#include "plait/error.h"

namespace plait {
namespace {

Error cannot(const char* what, const std::string& path, int error) {
  const ErrorKind kind = error == ENOENT ? ErrorKind::file_not_found : ErrorKind::io;
  return Error(kind, fmt::format("read_csv: cannot {} '{}': {}", what, path, std::strerror(error)));
}

FileStamp stamp_of(const struct stat& status) {
  return {.size = status.st_size,
          .modified = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec,
          .inode = status.st_ino};
}

void require_stamp(const std::string& path, const FileStamp& found, const FileStamp& expected) {
  if (expected.size < 0 || found == expected) return;
  throw io_error(fmt::format(
      "read_csv: '{}' was changed after read_csv looked at it: it had {} bytes and has {} now; call read_csv "
      "again",
      path, expected.size, found.size));
}

FileStamp stamp_of_open(int file, const std::string& path) {
  struct stat status{};
  if (::fstat(file, &status) != 0) throw cannot("read", path, errno);
  return stamp_of(status);
}

class FileSource final : public CsvSource {
 public:
  FileSource(const std::string& path, std::int64_t offset, std::int64_t length, const FileStamp& stamp)
      : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), at_(offset) {
    if (file_ < 0) throw cannot("open", path, errno);
    try {
      opened_ = stamp_of_open(file_, path);
      require_stamp(path, opened_, stamp);
    } catch (...) {
      ::close(file_);
      throw;
    }
    end_ = length < 0 ? std::numeric_limits<std::int64_t>::max() : offset + length;
  }
  ~FileSource() override { ::close(file_); }

  std::size_t read(char* to, std::size_t size) override {
    std::size_t done = 0;
    while (done < size && at_ < end_) {
      const std::size_t wanted = std::min<std::size_t>(size - done, static_cast<std::size_t>(end_ - at_));
      const ssize_t got = ::pread(file_, to + done, wanted, at_);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw cannot("read", path_, errno);
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
      at_ += got;
    }
    return done;
  }
  void require_unchanged() const override { require_stamp(path_, stamp_of_open(file_, path_), opened_); }

 private:
  std::string path_;
  int file_;
  FileStamp opened_;
  std::int64_t at_;
  std::int64_t end_;
};

template <class T>
T value_or_throw(arrow::Result<T> result, const std::string& path) {
  if (result.ok()) return std::move(result).ValueUnsafe();
  throw io_error(fmt::format("read_csv: cannot decompress '{}': {}; is the file damaged or of another format?", path,
                             result.status().message()));
}

class CompressedSource final : public CsvSource {
 public:
  CompressedSource(const std::string& path, const std::string& compression, const FileStamp& stamp)
      : path_(path), opened_(file_stamp(path)) {
    require_stamp(path, opened_, stamp);
    const auto kind = value_or_throw(arrow::util::Codec::GetCompressionType(compression), path);
    codec_ = value_or_throw(arrow::util::Codec::Create(kind), path);
    auto file = value_or_throw(arrow::io::ReadableFile::Open(path), path);
    stream_ = value_or_throw(arrow::io::CompressedInputStream::Make(codec_.get(), std::move(file)), path);
  }

  std::size_t read(char* to, std::size_t size) override {
    std::size_t done = 0;
    while (done < size) {
      const auto got = value_or_throw(stream_->Read(static_cast<std::int64_t>(size - done), to + done), path_);
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }
  void require_unchanged() const override { require_stamp(path_, file_stamp(path_), opened_); }

 private:
  std::string path_;
  FileStamp opened_;
  std::unique_ptr<arrow::util::Codec> codec_;
  std::shared_ptr<arrow::io::CompressedInputStream> stream_;
};

void skip(CsvSource& source, std::int64_t num_bytes) {
  std::vector<char> scratch(64 * 1024);
  while (num_bytes > 0) {
    const auto got =
        source.read(scratch.data(), std::min<std::size_t>(scratch.size(), static_cast<std::size_t>(num_bytes)));
    if (got == 0) return;
    num_bytes -= static_cast<std::int64_t>(got);
  }
}

}  // namespace

std::unique_ptr<CsvSource> open_csv_source(const std::string& path, const std::string& compression, std::int64_t offset,
                                           std::int64_t length, const FileStamp& stamp) {
  if (compression.empty()) return std::make_unique<FileSource>(path, offset, length, stamp);
  auto source = std::make_unique<CompressedSource>(path, compression, stamp);
  skip(*source, offset);
  return source;
}

std::string csv_compression(const std::string& path, const std::string& option) {
  static const std::map<std::string, std::string> by_suffix = {{"gz", "gzip"}, {"zst", "zstd"}, {"bz2", "bz2"},
                                                               {"lz4", "lz4"}, {"xz", "xz"},    {"zip", "zip"}};
  std::string codec = option;
  if (option == "infer") {
    const auto dot = path.rfind('.');
    const auto entry = by_suffix.find(dot == std::string::npos ? "" : path.substr(dot + 1));
    codec = entry == by_suffix.end() ? "none" : entry->second;
  }
  if (codec == "none") return "";
  for (const auto& entry : by_suffix) {
    if (entry.second == codec && codec != "xz" && codec != "zip") return codec;
  }
  throw not_implemented("read_csv: compression '" + codec + "' of '" + path +
                        "' has no native reader; use gzip, zstd, bz2, lz4 or none");
}

std::int64_t file_size(const std::string& path) { return file_stamp(path).size; }

FileStamp file_stamp(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) throw cannot("open", path, errno);
  if (S_ISDIR(status.st_mode))
    throw io_error("read_csv: '" + path + "' is a folder; name files, or use a pattern such as '" + path + "/*.csv'");
  return stamp_of(status);
}

}  // namespace plait
