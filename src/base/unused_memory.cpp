#include "base/unused_memory.h"

#include <malloc.h>

#include <vector>

namespace plait {
namespace {

std::vector<void (*)()>& registered() {
  static auto* all = new std::vector<void (*)()>;
  return *all;
}

}  // namespace

void register_unused_memory(void (*release)()) { registered().push_back(release); }

void release_unused_memory() {
  ::malloc_trim(0);
  for (void (*release)() : registered()) release();
}

}  // namespace plait
