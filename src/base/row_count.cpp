#include "base/row_count.h"

#include <mutex>
#include <unordered_map>

namespace plait {
namespace {

struct Registry {
  std::mutex mutex;
  std::unordered_map<const ValueType*, std::int64_t (*)(const void*)> counts;
};

Registry& registry() {
  static auto* instance = new Registry;
  return *instance;
}

}  // namespace

void register_row_count(const ValueType& type, std::int64_t (*count)(const void*)) {
  Registry& known = registry();
  const std::lock_guard lock(known.mutex);
  known.counts[&type] = count;
}

std::optional<std::int64_t> row_count(const Value& value) {
  Registry& known = registry();
  const std::lock_guard lock(known.mutex);
  const auto found = known.counts.find(value.type());
  if (found == known.counts.end()) return std::nullopt;
  return found->second(value.data());
}

}  // namespace plait
