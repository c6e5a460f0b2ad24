#include "runtime/spill_file.h"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <lz4.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "base/plain_pages.h"
#include "base/text.h"

namespace plait {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
constexpr std::size_t kAlignment = 4096;
constexpr std::size_t kMinPunchedBytes = std::size_t{1} << 20;
// A piece is compressed if this much of its start shrinks by an eighth: fast, and right for data that is alike
// throughout.
constexpr std::size_t kSampleBytes = std::size_t{32} << 10;

std::size_t padded(std::size_t size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

// Room for a compressed piece.
using Scratch = std::unique_ptr<char[]>;
Scratch new_scratch(std::size_t size) {
  return size == 0 ? nullptr : std::make_unique_for_overwrite<char[]>(std::min(size, kPieceBytes));
}

bool shrinks(const std::byte* data, std::size_t size, char* scratch) {
  const std::size_t sample = std::min(size, kSampleBytes);
  if (sample < 128) return false;
  const char* middle = reinterpret_cast<const char*>(data) + (size - sample) / 2;
  const int limit = static_cast<int>(sample - sample / 8);
  return LZ4_compress_fast(middle, scratch, static_cast<int>(sample), limit, 4) > 0;
}

// The blobs of a record lie in one piece of memory, which goes back to the system whole: many small ones would leave
// holes all over the heap.
constexpr std::size_t blob_room(std::size_t size) { return (size + 63) / 64 * 64; }
std::shared_ptr<std::byte> new_memory(std::size_t size, std::size_t num_blobs) {
  if (size == 0) return nullptr;
  // One blob is an array, which is used and given back whole: buffers of arrays are used again.
  if (num_blobs == 1)
    return {static_cast<std::byte*>(take_from_pool(size)), [size](std::byte* data) { give_to_pool(data, size); }};
  return {static_cast<std::byte*>(take_plain_pages(size)), [size](std::byte* data) { give_plain_pages(data, size); }};
}

// Takes the pieces of a record one after the other.
class PieceReader {
 public:
  PieceReader(int descriptor, const SpilledRecord& from) : descriptor_(descriptor), from_(from) {}

  // `size` bytes of the record's next pieces.
  void read_into(std::byte* to, std::size_t size) {
    for (std::size_t done = 0; done < size;) {
      const SpilledPiece& piece = from_.pieces[next_piece_++];
      read_piece(piece, to + done);
      done += piece.raw_bytes;
    }
  }

 private:
  void read_piece(const SpilledPiece& piece, std::byte* to) {
    const bool is_packed = piece.stored_bytes < piece.raw_bytes;
    if (is_packed && !packed_) packed_ = new_scratch(kPieceBytes);
    char* stored = is_packed ? packed_.get() : reinterpret_cast<char*>(to);
    for (std::size_t got = 0; got < piece.stored_bytes;) {
      const ssize_t count =
          ::pread(descriptor_, stored + got, piece.stored_bytes - got, static_cast<off_t>(piece.offset + got));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) throw io_error("a spilled value cannot be read back: the file ends too early");
      got += static_cast<std::size_t>(count);
    }
    if (XXH3_64bits(stored, piece.stored_bytes) != piece.checksum)
      throw io_error("a spilled value is damaged: its checksum differs");
    if (!is_packed) return;
    const int raw = LZ4_decompress_safe(stored, reinterpret_cast<char*>(to), static_cast<int>(piece.stored_bytes),
                                        static_cast<int>(piece.raw_bytes));
    if (raw != static_cast<int>(piece.raw_bytes)) throw io_error("a spilled value is damaged: it does not unpack");
  }

  int descriptor_;
  const SpilledRecord& from_;
  std::size_t next_piece_ = 0;
  Scratch packed_;
};

int open_unnamed(const std::string& directory) {
  const int descriptor = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0) return descriptor;
  // Not every file system knows unnamed files: a name that is gone at once is the next best.
  std::string name = directory + "/plait-spill-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

}  // namespace

SpillFile::SpillFile(std::string directory) : directory_(std::move(directory)), descriptor_(open_unnamed(directory_)) {
  if (descriptor_ < 0) {
    throw io_error(
        fmt::format("cannot spill to {}: {}. Set spill.directory to a folder on a disk where this program may write",
                    directory_, std::strerror(errno)));
  }
}

SpillFile::~SpillFile() { ::close(descriptor_); }

SpilledRecord SpillFile::write(const Record& record) {
  SpilledRecord written{.head_bytes = record.head.size()};
  for (const Blob& blob : record.blobs) written.blob_bytes.push_back(blob.size);
  // Parts start at page boundaries and are never longer than their raw bytes.
  written.reserved_bytes = padded(record.head.size());
  for (const Blob& blob : record.blobs) written.reserved_bytes += padded(blob.size);
  write_reserved(written, [&](std::uint64_t& position) {
    const auto write_whole = [&](const std::byte* data, std::size_t size) {
      write_pieces(size, [&](std::size_t at, std::size_t) { return data + at; }, written, position);
    };
    write_whole(record.head.data(), record.head.size());
    for (const Blob& blob : record.blobs) write_whole(blob.data, blob.size);
  });
  return written;
}

SpilledRecord SpillFile::write(std::uint64_t num_bytes, const Fetch& fetch) {
  SpilledRecord written{.reserved_bytes = padded(num_bytes), .blob_bytes = {num_bytes}};
  const Scratch piece = new_scratch(num_bytes);
  auto* bytes = reinterpret_cast<std::byte*>(piece.get());
  write_reserved(written, [&](std::uint64_t& position) {
    const auto fetched = [&](std::size_t at, std::size_t size) {
      fetch(bytes, size, at);
      return static_cast<const std::byte*>(bytes);
    };
    write_pieces(num_bytes, fetched, written, position);
  });
  return written;
}

template <class Write>
void SpillFile::write_reserved(SpilledRecord& written, const Write& write) {
  written.offset = reserve(written.reserved_bytes);
  try {
    std::uint64_t position = written.offset;
    write(position);
    // What compression has saved is free again.
    const std::uint64_t used = padded(position - written.offset);
    if (used < written.reserved_bytes) {
      give_back(written.offset + used, written.reserved_bytes - used);
      written.reserved_bytes = used;
    }
  } catch (...) {
    give_back(written.offset, written.reserved_bytes);
    throw;
  }
}

template <class Piece>
void SpillFile::write_pieces(std::size_t size, const Piece& piece, SpilledRecord& to, std::uint64_t& position) {
  const Scratch scratch = new_scratch(size);
  for (std::size_t done = 0; done < size; done += kPieceBytes) {
    const std::size_t raw = std::min(size - done, kPieceBytes);
    const std::byte* data = piece(done, raw);
    const void* stored = data;
    std::size_t stored_bytes = raw;
    if (shrinks(data, raw, scratch.get())) {
      const int packed = LZ4_compress_fast(reinterpret_cast<const char*>(data), scratch.get(), static_cast<int>(raw),
                                           static_cast<int>(raw - raw / 16), 2);
      if (packed > 0) {
        stored = scratch.get();
        stored_bytes = static_cast<std::size_t>(packed);
      }
    }
    write_at(stored, stored_bytes, position, to.reserved_bytes);
    to.pieces.push_back({position, static_cast<std::uint32_t>(raw), static_cast<std::uint32_t>(stored_bytes),
                         XXH3_64bits(stored, stored_bytes)});
    position += stored_bytes;
  }
  position = padded(position);
}

void SpillFile::write_at(const void* data, std::size_t size, std::uint64_t offset, std::uint64_t record_bytes) {
  const auto* from = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written = ::pwrite(descriptor_, from, size, static_cast<off_t>(offset));
    if (written > 0) {
      from += written;
      offset += static_cast<std::uint64_t>(written);
      size -= static_cast<std::size_t>(written);
      continue;
    }
    if (written < 0 && errno == EINTR) continue;
    const int error = written < 0 ? errno : ENOSPC;
    struct statvfs space = {};
    ::statvfs(directory_.c_str(), &space);
    throw io_error(
        fmt::format("cannot spill a value of {} to {}: {} ({} free there). Set spill.directory to a folder with more "
                    "room, or raise memory-budget",
                    format_bytes(static_cast<double>(record_bytes)), directory_, std::strerror(error),
                    format_bytes(static_cast<double>(space.f_bavail) * static_cast<double>(space.f_frsize))));
  }
}

Record SpillFile::read(const SpilledRecord& from) {
  Record record;
  record.head.resize(from.head_bytes);
  PieceReader reader(descriptor_, from);
  reader.read_into(record.head.data(), record.head.size());
  std::uint64_t total = 0;
  for (const std::uint64_t size : from.blob_bytes) total += blob_room(size);
  const std::shared_ptr<std::byte> memory = new_memory(total, from.blob_bytes.size());
  std::byte* next = memory.get();
  for (const std::uint64_t size : from.blob_bytes) {
    reader.read_into(next, size);
    record.blobs.push_back({memory, next, size});
    next += blob_room(size);
  }
  return record;
}

void SpillFile::read(const SpilledRecord& from, const Keep& keep) {
  const std::uint64_t num_bytes = from.blob_bytes.at(0);
  const Scratch piece = new_scratch(num_bytes);
  auto* bytes = reinterpret_cast<std::byte*>(piece.get());
  PieceReader reader(descriptor_, from);
  for (std::uint64_t done = 0; done < num_bytes; done += kPieceBytes) {
    const std::size_t size = std::min<std::size_t>(num_bytes - done, kPieceBytes);
    reader.read_into(bytes, size);
    keep(bytes, size, done);
  }
}

void SpillFile::forget(const SpilledRecord& record) { give_back(record.offset, record.reserved_bytes); }

std::uint64_t SpillFile::reserve(std::uint64_t bytes) {
  std::lock_guard lock(mutex_);
  for (auto hole = holes_.begin(); hole != holes_.end(); ++hole) {
    if (hole->second < bytes) continue;
    const auto [offset, size] = *hole;
    holes_.erase(hole);
    if (size > bytes) holes_.emplace(offset + bytes, size - bytes);
    return offset;
  }
  const std::uint64_t offset = end_;
  end_ += bytes;
  return offset;
}

void SpillFile::give_back(std::uint64_t offset, std::uint64_t bytes) {
  // The disk gets the room back where the file system can; elsewhere it is used again by later records, as that of
  // small ones is: some disks are told of every hole, and that takes longer than writing it.
  if (bytes >= kMinPunchedBytes)
    ::fallocate(descriptor_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
                static_cast<off_t>(bytes));
  std::lock_guard lock(mutex_);
  auto next = holes_.lower_bound(offset);
  if (next != holes_.end() && offset + bytes == next->first) {
    bytes += next->second;
    next = holes_.erase(next);
  }
  if (next != holes_.begin()) {
    auto previous = std::prev(next);
    if (previous->first + previous->second == offset) {
      previous->second += bytes;
      return;
    }
  }
  holes_.emplace(offset, bytes);
}

}  // namespace plait
