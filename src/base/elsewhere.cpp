#include "base/elsewhere.h"

#include <array>
#include <atomic>
#include <mutex>

#include "base/check.h"

namespace plait {
namespace {

struct Opener {
  const ValueType* type = nullptr;
  OpenValue open = nullptr;
};

// A few, written at start-up and read for every value: no lock for readers.
struct Openers {
  std::mutex mutex;
  std::array<Opener, 8> list;
  std::atomic<std::size_t> size = 0;

  OpenValue find(const ValueType* type) const {
    const std::size_t known = size.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < known; ++i) {
      if (list[i].type == type) return list[i].open;
    }
    return nullptr;
  }
};

Openers& openers() {
  static auto* instance = new Openers;
  return *instance;
}

}  // namespace

void register_elsewhere(const ValueType& type, OpenValue open) {
  Openers& known = openers();
  std::lock_guard lock(known.mutex);
  if (known.find(&type)) return;
  const std::size_t place = known.size;
  PLAIT_CHECK(place < known.list.size());
  known.list[place] = {&type, open};
  known.size.store(place + 1, std::memory_order_release);
}

bool is_elsewhere(const Value& value) { return value && openers().find(value.type()); }

Value opened(const Value& value) {
  std::size_t new_bytes = 0;
  return opened(value, new_bytes);
}

Value opened(const Value& value, std::size_t& new_bytes) {
  new_bytes = 0;
  const OpenValue open = value ? openers().find(value.type()) : nullptr;
  return open ? open(value.data(), new_bytes) : value;
}

}  // namespace plait
