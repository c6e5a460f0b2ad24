#include "base/records.h"

#include <xxhash.h>

namespace plait {
namespace {

constexpr std::uint32_t kMagic = 0x31544C50;  // "PLT1"
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kBlobAlignment = 64;

struct FrameStart {
  std::uint32_t magic = kMagic;
  std::uint32_t version = kVersion;
  std::uint64_t head_bytes = 0;
  std::uint64_t num_blobs = 0;
  std::uint64_t checksum = 0;  // of table and head
};

struct TableEntry {
  std::uint64_t size = 0;
  std::uint64_t checksum = 0;
};

std::size_t padded(std::size_t size) { return (size + kBlobAlignment - 1) / kBlobAlignment * kBlobAlignment; }

[[noreturn]] void damaged(const char* what) { throw io_error(std::string("a stored value is damaged: ") + what); }

}  // namespace

std::size_t Record::num_bytes() const {
  std::size_t total = head.size();
  for (const Blob& blob : blobs) total += blob.size;
  return total;
}

FramePieces frame_pieces(const Record& record) {
  FrameStart start{.head_bytes = record.head.size(), .num_blobs = record.blobs.size()};
  std::vector<TableEntry> table;
  for (const Blob& blob : record.blobs) table.push_back({blob.size, XXH3_64bits(blob.data, blob.size)});

  const std::size_t table_bytes = table.size() * sizeof(TableEntry);
  FramePieces pieces;
  pieces.start.resize(padded(sizeof(start) + table_bytes + record.head.size()));
  std::byte* body = pieces.start.data() + sizeof(start);
  if (table_bytes > 0) std::memcpy(body, table.data(), table_bytes);
  if (!record.head.empty()) std::memcpy(body + table_bytes, record.head.data(), record.head.size());
  start.checksum = XXH3_64bits(body, table_bytes + record.head.size());
  std::memcpy(pieces.start.data(), &start, sizeof(start));

  pieces.num_bytes = pieces.start.size();
  for (const Blob& blob : record.blobs) {
    pieces.blobs.emplace_back(blob.data, blob.size);
    pieces.num_bytes += padded(blob.size);
  }
  return pieces;
}

std::vector<std::byte> write_frame(const Record& record) {
  const FramePieces pieces = frame_pieces(record);
  std::vector<std::byte> frame(pieces.num_bytes);
  std::memcpy(frame.data(), pieces.start.data(), pieces.start.size());
  std::size_t position = pieces.start.size();
  for (const auto& blob : pieces.blobs) {
    if (!blob.empty()) std::memcpy(frame.data() + position, blob.data(), blob.size());
    position += padded(blob.size());
  }
  return frame;
}

Record read_frame(std::span<const std::byte> frame, std::shared_ptr<const void> owner) {
  FrameStart start;
  if (frame.size() < sizeof(start)) damaged("it is too short");
  std::memcpy(&start, frame.data(), sizeof(start));
  if (start.magic != kMagic || start.version != kVersion) damaged("it does not start as a record of this version");
  const std::size_t room = frame.size() - sizeof(start);
  if (start.num_blobs > room / sizeof(TableEntry)) damaged("its lengths exceed its size");
  const std::size_t table_bytes = start.num_blobs * sizeof(TableEntry);
  if (start.head_bytes > room - table_bytes) damaged("its lengths exceed its size");
  const std::byte* body = frame.data() + sizeof(start);
  if (XXH3_64bits(body, table_bytes + start.head_bytes) != start.checksum) damaged("its checksum differs");

  Record record;
  record.head.assign(body + table_bytes, body + table_bytes + start.head_bytes);
  std::size_t position = padded(sizeof(start) + table_bytes + start.head_bytes);
  for (std::size_t i = 0; i < start.num_blobs; ++i) {
    TableEntry entry;
    std::memcpy(&entry, body + i * sizeof(TableEntry), sizeof(entry));
    if (position > frame.size() || entry.size > frame.size() - position) damaged("it ends too early");
    const std::byte* data = frame.data() + position;
    if (XXH3_64bits(data, entry.size) != entry.checksum) damaged("its checksum differs");
    record.blobs.push_back({owner, data, entry.size});
    position += padded(entry.size);
  }
  return record;
}

}  // namespace plait
