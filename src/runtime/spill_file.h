// SpillFile: records on disk for the length of one run, compressed and checksummed.
//
// The file has no name from its first moment on, so nothing is left behind whatever ends the program. Where a record
// lies, and its checksums, are kept in memory: a flipped bit, a lost page or a truncated file is noticed before
// anything is decoded. Space of forgotten records is used again. Thread-safe; several records are written and read at
// once.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/records.h"

namespace plait {

// A piece of a record as it lies in the file.
struct SpilledPiece {
  std::uint64_t offset = 0;
  std::uint32_t raw_bytes = 0;
  std::uint32_t stored_bytes = 0;
  std::uint64_t checksum = 0;  // XXH3 of the stored bytes
};

struct SpilledRecord {
  std::uint64_t offset = 0;
  std::uint64_t reserved_bytes = 0;
  std::uint64_t head_bytes = 0;
  std::vector<std::uint64_t> blob_bytes;
  std::vector<SpilledPiece> pieces;  // of the head, then of every blob
};

class SpillFile {
 public:
  // Throws Error(io) that names the directory if no file can be made there.
  explicit SpillFile(std::string directory);
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;
  ~SpillFile();

  // Throws Error(io) if the disk is full: directory, needed and free bytes, and the setting to change.
  SpilledRecord write(const Record& record);
  // Throws Error(io) if what is read differs from what was written.
  Record read(const SpilledRecord& record);
  // The same for bytes that are not in this process's memory: they come and go in small pieces, in their order.
  using Fetch = std::function<void(std::byte* to, std::size_t size, std::uint64_t offset)>;
  using Keep = std::function<void(const std::byte* data, std::size_t size, std::uint64_t offset)>;
  SpilledRecord write(std::uint64_t num_bytes, const Fetch& fetch);
  void read(const SpilledRecord& record, const Keep& keep);
  void forget(const SpilledRecord& record);

  std::uint64_t size_bytes() const { return end_; }
  int descriptor() const { return descriptor_; }

 private:
  std::uint64_t reserve(std::uint64_t bytes);
  void give_back(std::uint64_t offset, std::uint64_t bytes);
  void write_at(const void* data, std::size_t size, std::uint64_t offset, std::uint64_t record_bytes);
  template <class Write>
  void write_reserved(SpilledRecord& written, const Write& write);
  template <class Piece>
  void write_pieces(std::size_t size, const Piece& piece, SpilledRecord& to, std::uint64_t& position);

  std::string directory_;
  int descriptor_ = -1;
  std::mutex mutex_;
  std::map<std::uint64_t, std::uint64_t> holes_;  // offset -> bytes
  std::uint64_t end_ = 0;
};

}  // namespace plait
