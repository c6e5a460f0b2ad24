#include "base/value.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <numeric>

#include "plait/ndarray.h"

namespace plait {
namespace {

struct TypeRegistry {
  std::mutex mutex;
  std::map<std::string, const ValueType*> by_name;
};

TypeRegistry& registry() {
  static auto* instance = new TypeRegistry;
  return *instance;
}

const ValueType& find_type(const std::string& name) {
  TypeRegistry& types = registry();
  std::lock_guard lock(types.mutex);
  const auto found = types.by_name.find(name);
  if (found == types.by_name.end()) throw io_error("a record holds a value of unknown type '" + name + "'");
  return *found->second;
}

// Whether elements of so many bytes each take exactly `num_bytes`; a damaged shape may have any extents.
bool fills(std::size_t num_bytes, const Shape& shape, std::size_t item_size) {
  if (std::ranges::any_of(shape, [](std::int64_t extent) { return extent < 0; })) return false;
  if (std::ranges::find(shape, 0) != shape.end()) return num_bytes == 0;
  std::size_t rest = num_bytes / item_size;
  for (const std::int64_t extent : shape) {
    if (rest % static_cast<std::size_t>(extent) != 0) return false;
    rest /= static_cast<std::size_t>(extent);
  }
  return rest == 1 && num_bytes % item_size == 0;
}

}  // namespace

void register_value_type(const ValueType& type) {
  TypeRegistry& types = registry();
  std::lock_guard lock(types.mutex);
  types.by_name.emplace(type.name, &type);
}

void Codec<Value>::encode(Encoder& to, const Value& value) {
  plait::encode<std::string>(to, value ? value.type()->name : "");
  if (value) value.type()->encode(to, value.data());
}

Value Codec<Value>::decode(Decoder& from) {
  const auto name = plait::decode<std::string>(from);
  if (name.empty()) return {};
  const ValueType& type = find_type(name);
  return Value(&type, type.decode(from));
}

Record encode_value(const Value& value) {
  Encoder to;
  encode(to, value);
  return to.take();
}

Value decode_value(const Record& record) {
  Decoder from(record);
  return decode<Value>(from);
}

template <>
const ValueType& value_type<Sequence>() {
  static const ValueType type = {
      .name = "sequence",
      .num_bytes =
          [](const void* data) {
            const auto& items = static_cast<const Sequence*>(data)->items;
            return std::accumulate(items.begin(), items.end(), items.size() * sizeof(Value),
                                   [](std::size_t sum, const Value& item) { return sum + item.num_bytes(); });
          },
      .describe =
          [](const void* data) {
            return "sequence of " + std::to_string(static_cast<const Sequence*>(data)->items.size()) + " values";
          },
      .encode = [](Encoder& to, const void* data) { encode(to, static_cast<const Sequence*>(data)->items); },
      .decode = [](Decoder& from) -> std::shared_ptr<const void> {
        return std::make_shared<const Sequence>(Sequence{decode<std::vector<Value>>(from)});
      }};
  return type;
}

template <>
const ValueType& value_type<NdArray>() {
  static const ValueType type = {
      .name = "ndarray",
      .num_bytes = [](const void* data) { return static_cast<const NdArray*>(data)->num_bytes(); },
      .describe =
          [](const void* data) {
            const auto& array = *static_cast<const NdArray*>(data);
            return std::string(name(array.dtype())) + " array of shape " + to_string(array.shape());
          },
      .encode =
          [](Encoder& to, const void* data) {
            const NdArray array = static_cast<const NdArray*>(data)->contiguous();
            encode(to, array.dtype());
            encode(to, array.shape());
            to.write_blob({array.owner(), array.bytes(), array.num_bytes()});
          },
      .decode = [](Decoder& from) -> std::shared_ptr<const void> {
        const auto dtype = decode<DType>(from);
        const auto shape = decode<Shape>(from);
        const Blob blob = from.read_blob();
        if (dtype > DType::complex128) throw io_error("a record holds an array of unknown dtype: it is damaged");
        if (!fills(blob.size, shape, item_size(dtype))) {
          throw io_error("a record's array has shape " + to_string(shape) + " but " + std::to_string(blob.size) +
                         " bytes: it is damaged");
        }
        return std::make_shared<const NdArray>(
            NdArray::wrap(dtype, shape, contiguous_strides(shape, item_size(dtype)), blob.data, blob.owner));
      }};
  return type;
}

void register_base_value_types() {
  register_value_type(value_type<Sequence>());
  register_value_type(value_type<NdArray>());
}

}  // namespace plait
