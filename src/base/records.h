// One encoding for tasks and values: in spill files, in shared memory, on the wire.
//
// An Encoder writes small fields into `head` and keeps large memory (chunks, columns) as blobs that are not copied. A
// type is encoded by its Codec: given here for numbers, text, containers and every struct that lists its `fields`; a
// type with another form specialises Codec. Decoding checks every length, so a damaged record throws Error(io) and
// never reads beyond its end; integrity is checked before, by the frame's checksums (see write_frame / read_frame).
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/buffer.h"
#include "base/enumerators.h"
#include "plait/error.h"

namespace plait {

struct Token;
struct Record;
class Decoder;

// Memory that a record refers to. `owner` keeps it alive.
struct Blob {
  std::shared_ptr<const void> owner;
  const std::byte* data = nullptr;
  std::size_t size = 0;
};

struct Record {
  std::vector<std::byte> head;
  std::vector<Blob> blobs;

  std::size_t num_bytes() const;
};

// Parts that several records hold in common, kept in one place by their token (base/shared.h): beside the tasks of a
// graph, or in the memory of a worker process. Records then only name them.
class PartWriter {
 public:
  virtual ~PartWriter() = default;
  // Called for every mention of a part; `write` gives its record.
  virtual void mention(const Token& token, const std::function<Record()>& write) = 0;
};
class PartReader {
 public:
  virtual ~PartReader() = default;
  using Read = std::shared_ptr<const void> (*)(Decoder& from);
  // The part, which `read` makes from its record when it is first asked for. Throws Error(io) if there is none.
  virtual std::shared_ptr<const void> part(const Token& token, Read read) = 0;
};

class Encoder {
 public:
  // `parts`: where shared parts go; without it they are written where they are mentioned.
  explicit Encoder(PartWriter* parts = nullptr) : parts_(parts) {}

  void write_bytes(const void* data, std::size_t size) {
    const auto* from = static_cast<const std::byte*>(data);
    record_.head.insert(record_.head.end(), from, from + size);
  }
  // Large memory: kept by reference.
  void write_blob(Blob blob) { record_.blobs.push_back(std::move(blob)); }

  PartWriter* parts() const { return parts_; }
  Record take() { return std::move(record_); }

 private:
  Record record_;
  PartWriter* parts_;
};

class Decoder {
 public:
  explicit Decoder(const Record& record, PartReader* parts = nullptr) : record_(record), parts_(parts) {}

  void read_bytes(void* to, std::size_t size) {
    if (size > record_.head.size() - position_) throw io_error("a record ends too early: it is damaged");
    if (size != 0) std::memcpy(to, record_.head.data() + position_, size);  // an empty vector has no address
    position_ += size;
  }
  Blob read_blob() {
    if (next_blob_ == record_.blobs.size()) throw io_error("a record has too few blobs: it is damaged");
    return record_.blobs[next_blob_++];
  }
  std::size_t num_bytes_left() const { return record_.head.size() - position_; }
  PartReader* parts() const { return parts_; }

 private:
  const Record& record_;
  PartReader* parts_;
  std::size_t position_ = 0;
  std::size_t next_blob_ = 0;
};

template <class T>
struct Codec;

template <class T>
void encode(Encoder& to, const T& value) {
  Codec<T>::encode(to, value);
}
template <class T>
T decode(Decoder& from) {
  return Codec<T>::decode(from);
}

// A struct that lists its members: static constexpr auto fields = std::tuple{&T::a, &T::b};
template <class T>
concept HasFields = requires { T::fields; };

template <class T, class F>
void for_each_field(T& value, F&& f) {
  std::apply([&](auto... member) { (f(value.*member), ...); }, std::remove_const_t<T>::fields);
}

// Reads a length and refuses one that the rest of the record cannot hold.
inline std::size_t decode_length(Decoder& from, std::size_t min_item_bytes) {
  std::uint64_t length = 0;
  from.read_bytes(&length, sizeof(length));
  if (min_item_bytes != 0 && length > from.num_bytes_left() / min_item_bytes) {
    throw io_error("a record claims a length beyond its end: it is damaged");
  }
  return length;
}

template <class T>
  requires std::is_arithmetic_v<T>
struct Codec<T> {
  static void encode(Encoder& to, T value) { to.write_bytes(&value, sizeof(T)); }
  static T decode(Decoder& from) {
    T value;
    from.read_bytes(&value, sizeof(T));
    return value;
  }
};

template <>
struct Codec<bool> {
  static void encode(Encoder& to, bool value) { plait::encode<std::uint8_t>(to, value ? 1 : 0); }
  static bool decode(Decoder& from) {
    const auto value = plait::decode<std::uint8_t>(from);
    if (value > 1) throw io_error("a record holds a truth value that is neither 0 nor 1: it is damaged");
    return value == 1;
  }
};

template <>
struct Codec<std::complex<double>> {
  static void encode(Encoder& to, std::complex<double> value) { to.write_bytes(&value, sizeof(value)); }
  static std::complex<double> decode(Decoder& from) {
    std::complex<double> value;
    from.read_bytes(&value, sizeof(value));
    return value;
  }
};

// Enumerators count from 0 without gaps.
template <class T>
  requires std::is_enum_v<T>
struct Codec<T> {
  static void encode(Encoder& to, T value) { to.write_bytes(&value, sizeof(T)); }
  static T decode(Decoder& from) {
    std::underlying_type_t<T> value;
    from.read_bytes(&value, sizeof(T));
    if (value < 0 || static_cast<std::size_t>(value) >= num_enumerators<T>())
      throw io_error("a record holds a choice that does not exist: it is damaged");
    return static_cast<T>(value);
  }
};

template <>
struct Codec<std::string> {
  static void encode(Encoder& to, const std::string& text) {
    plait::encode<std::uint64_t>(to, text.size());
    to.write_bytes(text.data(), text.size());
  }
  static std::string decode(Decoder& from) {
    std::string text(decode_length(from, 1), '\0');
    from.read_bytes(text.data(), text.size());
    return text;
  }
};

template <class T>
struct Codec<std::vector<T>> {
  static void encode(Encoder& to, const std::vector<T>& items) {
    plait::encode<std::uint64_t>(to, items.size());
    if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) {
      to.write_bytes(items.data(), items.size() * sizeof(T));
    } else {
      for (const auto& item : items) plait::encode<T>(to, item);
    }
  }
  static std::vector<T> decode(Decoder& from) {
    std::vector<T> items;
    if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) {
      items.resize(decode_length(from, sizeof(T)));
      from.read_bytes(items.data(), items.size() * sizeof(T));
    } else {
      const std::size_t length = decode_length(from, 1);
      for (std::size_t i = 0; i < length; ++i) items.push_back(plait::decode<T>(from));
    }
    return items;
  }
};

template <class T>
struct Codec<std::optional<T>> {
  static void encode(Encoder& to, const std::optional<T>& value) {
    plait::encode<bool>(to, value.has_value());
    if (value) plait::encode<T>(to, *value);
  }
  static std::optional<T> decode(Decoder& from) {
    if (!plait::decode<bool>(from)) return std::nullopt;
    return plait::decode<T>(from);
  }
};

template <class A, class B>
struct Codec<std::pair<A, B>> {
  static void encode(Encoder& to, const std::pair<A, B>& value) {
    plait::encode<A>(to, value.first);
    plait::encode<B>(to, value.second);
  }
  static std::pair<A, B> decode(Decoder& from) {
    A first = plait::decode<A>(from);
    return {std::move(first), plait::decode<B>(from)};
  }
};

template <class K, class V>
struct Codec<std::map<K, V>> {
  static void encode(Encoder& to, const std::map<K, V>& items) {
    plait::encode<std::uint64_t>(to, items.size());
    for (const auto& item : items) plait::encode<std::pair<K, V>>(to, {item.first, item.second});
  }
  static std::map<K, V> decode(Decoder& from) {
    std::map<K, V> items;
    const std::size_t length = decode_length(from, 1);
    for (std::size_t i = 0; i < length; ++i) items.insert(plait::decode<std::pair<K, V>>(from));
    return items;
  }
};

template <>
struct Codec<std::monostate> {
  static void encode(Encoder&, std::monostate) {}
  static std::monostate decode(Decoder&) { return {}; }
};

template <class... Ts>
struct Codec<std::variant<Ts...>> {
  using Variant = std::variant<Ts...>;
  static void encode(Encoder& to, const Variant& value) {
    plait::encode<std::uint8_t>(to, static_cast<std::uint8_t>(value.index()));
    std::visit([&](const auto& held) { plait::encode(to, held); }, value);
  }
  static Variant decode(Decoder& from) {
    const auto index = plait::decode<std::uint8_t>(from);
    if (index >= sizeof...(Ts)) throw io_error("a record names an unknown alternative: it is damaged");
    using Read = Variant (*)(Decoder&);
    static constexpr Read readers[] = {[](Decoder& f) -> Variant { return plait::decode<Ts>(f); }...};
    return readers[index](from);
  }
};

template <HasFields T>
struct Codec<T> {
  static void encode(Encoder& to, const T& value) {
    for_each_field(value, [&](const auto& field) { plait::encode(to, field); });
  }
  static T decode(Decoder& from) {
    T value{};
    for_each_field(value, [&]<class F>(F& field) { field = plait::decode<F>(from); });
    return value;
  }
};

// A record inside another one.
template <>
struct Codec<Record> {
  static void encode(Encoder& to, const Record& record) {
    plait::encode<std::uint64_t>(to, record.head.size());
    to.write_bytes(record.head.data(), record.head.size());
    plait::encode<std::uint64_t>(to, record.blobs.size());
    for (const Blob& blob : record.blobs) to.write_blob(blob);
  }
  static Record decode(Decoder& from) {
    Record record;
    record.head.resize(decode_length(from, 1));
    from.read_bytes(record.head.data(), record.head.size());
    const auto num_blobs = plait::decode<std::uint64_t>(from);
    for (std::uint64_t i = 0; i < num_blobs; ++i) record.blobs.push_back(from.read_blob());
    return record;
  }
};

// A frame is a record in one piece with its lengths and XXH3-64 checksums, ready for a file, shared memory or a socket:
//   start (magic, version, head bytes, number of blobs, checksum of table and head) | table (size and checksum a blob)
//   | head | blobs, each at a multiple of 64 bytes.

// The frame as pieces to write one after the other; blobs are not copied. `record` must outlive the pieces' use.
struct FramePieces {
  std::vector<std::byte> start;                   // start, table, head and padding
  std::vector<std::span<const std::byte>> blobs;  // each is followed by padding up to a multiple of 64 bytes
  std::size_t num_bytes = 0;                      // of the whole frame
};
FramePieces frame_pieces(const Record& record);
std::vector<std::byte> write_frame(const Record& record);
// Checks and takes apart a whole frame; blobs refer to `frame`, kept alive by `owner`. Throws Error(io) if it is
// damaged.
Record read_frame(std::span<const std::byte> frame, std::shared_ptr<const void> owner);

}  // namespace plait
