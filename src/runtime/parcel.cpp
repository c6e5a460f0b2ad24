#include "runtime/parcel.h"

#include <errno.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <mutex>

#include "base/elsewhere.h"
#include "base/text.h"

namespace plait {
namespace {

constexpr std::size_t kBlobAlignment = 64;

[[noreturn]] void fail(const char* what, std::uint64_t bytes) {
  throw Error(ErrorKind::memory, fmt::format("cannot {} shared memory of {}: {}", what,
                                             format_bytes(static_cast<double>(bytes)), std::strerror(errno)));
}

void write_all(int descriptor, const std::byte* data, std::size_t size, std::uint64_t offset, std::uint64_t total) {
  while (size > 0) {
    const ssize_t written = ::pwrite(descriptor, data, size, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail("write", total);
    data += written;
    offset += static_cast<std::uint64_t>(written);
    size -= static_cast<std::size_t>(written);
  }
}

FileDescriptor new_memory(std::uint64_t bytes) {
  FileDescriptor memory(::memfd_create("plait", MFD_CLOEXEC));
  if (!memory || ::ftruncate(memory.number(), static_cast<off_t>(bytes)) != 0) fail("make", bytes);
  return memory;
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) ::close(number_);
}

struct Parcel::Shared {
  std::mutex mutex;
  FileDescriptor memory;
  Blob frame;  // empty while the frame is in `memory` only
};

Parcel Parcel::pack(const Record& record, std::uint64_t value_bytes) {
  const FramePieces pieces = frame_pieces(record);
  if (pieces.num_bytes <= kMaxInlineBytes) return of_inline(write_frame(record), value_bytes);
  FileDescriptor memory = new_memory(pieces.num_bytes);
  write_all(memory.number(), pieces.start.data(), pieces.start.size(), 0, pieces.num_bytes);
  std::uint64_t position = pieces.start.size();
  for (const auto& blob : pieces.blobs) {
    write_all(memory.number(), blob.data(), blob.size(), position, pieces.num_bytes);
    position += (blob.size() + kBlobAlignment - 1) / kBlobAlignment * kBlobAlignment;
  }
  return of_memory(std::move(memory), pieces.num_bytes, value_bytes);
}

Parcel Parcel::of_inline(std::vector<std::byte> frame, std::uint64_t value_bytes) {
  auto owner = std::make_shared<const std::vector<std::byte>>(std::move(frame));
  return of_blob({owner, owner->data(), owner->size()}, value_bytes);
}

Parcel Parcel::of_memory(FileDescriptor memory, std::uint64_t frame_bytes, std::uint64_t value_bytes) {
  Parcel parcel;
  parcel.shared_ = std::make_shared<Shared>();
  parcel.shared_->memory = std::move(memory);
  parcel.frame_bytes_ = frame_bytes;
  parcel.value_bytes_ = value_bytes;
  return parcel;
}

Parcel Parcel::filled(std::uint64_t frame_bytes, std::uint64_t value_bytes,
                      const std::function<void(const WritePiece&)>& fill) {
  FileDescriptor memory = new_memory(frame_bytes);
  fill([&](const std::byte* data, std::size_t size, std::uint64_t offset) {
    write_all(memory.number(), data, size, offset, frame_bytes);
  });
  return of_memory(std::move(memory), frame_bytes, value_bytes);
}

Parcel Parcel::of_blob(Blob frame, std::uint64_t value_bytes) {
  Parcel parcel;
  parcel.shared_ = std::make_shared<Shared>();
  parcel.frame_bytes_ = frame.size;
  parcel.value_bytes_ = value_bytes;
  parcel.shared_->frame = std::move(frame);
  return parcel;
}

Blob Parcel::frame() const {
  std::lock_guard lock(shared_->mutex);
  if (shared_->frame.data) return shared_->frame;
  const std::size_t size = frame_bytes_;
  // Reading a mapping beyond the end of its memory would end the process.
  struct stat memory = {};
  if (::fstat(shared_->memory.number(), &memory) != 0 || static_cast<std::uint64_t>(memory.st_size) < size)
    throw io_error("shared memory is missing or shorter than the value in it");
  // Private: nobody else is to see what is done to this mapping, and the memory itself is never written again.
  void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, shared_->memory.number(), 0);
  if (mapped == MAP_FAILED) fail("map", size);
  std::shared_ptr<const void> owner(mapped, [size](const void* data) { ::munmap(const_cast<void*>(data), size); });
  return {owner, static_cast<const std::byte*>(mapped), size};
}

int Parcel::descriptor() const {
  std::lock_guard lock(shared_->mutex);
  if (!shared_->memory) {
    shared_->memory = new_memory(frame_bytes_);
    write_all(shared_->memory.number(), shared_->frame.data, frame_bytes_, 0, frame_bytes_);
    shared_->frame = {};
  }
  return shared_->memory.number();
}

void Parcel::read(std::byte* to, std::size_t size, std::uint64_t offset) const {
  const int memory = descriptor();
  while (size > 0) {
    const ssize_t got = ::pread(memory, to, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw io_error("shared memory is missing or shorter than the value in it");
    to += got;
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
}

Record Parcel::unpack() const {
  const Blob bytes = frame();
  return read_frame({bytes.data, bytes.size}, bytes.owner);
}

template <>
const ValueType& value_type<Parcel>() {
  static const ValueType type = {
      .name = "parcel",
      .num_bytes =
          [](const void* data) { return static_cast<std::size_t>(static_cast<const Parcel*>(data)->value_bytes()); },
      .describe = [](const void* data) { return static_cast<const Parcel*>(data)->value().describe(); },
      .encode =
          [](Encoder& to, const void* data) {
            const auto& parcel = *static_cast<const Parcel*>(data);
            encode(to, parcel.value_bytes());
            to.write_blob(parcel.frame());
          },
      .decode = [](Decoder& from) -> std::shared_ptr<const void> {
        const auto value_bytes = decode<std::uint64_t>(from);
        return std::make_shared<const Parcel>(Parcel::of_blob(from.read_blob(), value_bytes));
      }};
  return type;
}

namespace {

// Arrays and columns become views of the frame; what is unpickled is a copy.
Value open_parcel(const void* data, std::size_t& new_bytes) {
  const Blob frame = static_cast<const Parcel*>(data)->frame();
  const long holders = frame.owner.use_count();
  Value value = decode_value(read_frame({frame.data, frame.size}, frame.owner));
  new_bytes = frame.owner.use_count() > holders ? 0 : value.num_bytes();
  return value;
}

}  // namespace

void register_parcels() {
  register_value_type(value_type<Parcel>());
  register_elsewhere(value_type<Parcel>(), open_parcel);
}

}  // namespace plait
