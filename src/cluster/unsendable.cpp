#include "cluster/unsendable.h"

#include "base/elsewhere.h"

namespace plait::cluster {

void register_unsendable() {
  register_value_type(value_type<Unsendable>());
  register_elsewhere(value_type<Unsendable>(), [](const void* data, std::size_t&) -> Value {
    throw TaskError(static_cast<const Unsendable*>(data)->fault);
  });
}

}  // namespace plait::cluster

namespace plait {

using cluster::Unsendable;

template <>
const ValueType& value_type<Unsendable>() {
  static const ValueType type = {
      .name = "unsendable",
      .num_bytes = [](const void*) { return sizeof(Unsendable); },
      .describe = [](const void*) { return std::string("a value that cannot leave its worker"); },
      .encode = [](Encoder& to, const void* data) { encode(to, static_cast<const Unsendable*>(data)->fault); },
      .decode = [](Decoder& from) -> std::shared_ptr<const void> {
        return std::make_shared<const Unsendable>(Unsendable{decode<Fault>(from)});
      }};
  return type;
}

}  // namespace plait
