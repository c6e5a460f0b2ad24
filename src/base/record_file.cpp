#include "base/record_file.h"

#include <errno.h>
#include <fmt/format.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/whole_file.h"

namespace plait {

void write_record_file(const std::string& path, const Record& record, const std::string& operation) {
  const FramePieces pieces = frame_pieces(record);
  WholeFile file(path, operation);
  file.write(pieces.start.data(), pieces.start.size());
  for (const auto& blob : pieces.blobs) {
    constexpr std::byte kPadding[64] = {};
    file.write(blob.data(), blob.size());
    file.write(kPadding, (64 - blob.size() % 64) % 64);
  }
  file.commit();
}

Record read_record_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const ErrorKind kind = errno == ENOENT ? ErrorKind::file_not_found : ErrorKind::io;
    throw Error(kind, fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  }
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  if (failed) throw io_error(fmt::format("cannot read {}: {}", path, failed.message()));
  const auto frame = std::make_shared<std::vector<std::byte>>(size);
  file.read(reinterpret_cast<char*>(frame->data()), static_cast<std::streamsize>(size));
  if (!file) throw io_error(fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  try {
    return read_frame(*frame, frame);
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("cannot read {}: {}", path, error.what()));
  }
}

}  // namespace plait
