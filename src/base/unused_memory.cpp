#include "base/unused_memory.h"

#include <malloc.h>

#include <vector>

#include "base/plain_pages.h"

namespace plait {
namespace {

std::vector<void (*)()>& registered() {
  static auto* all = new std::vector<void (*)()>;
  return *all;
}

}  // namespace

void register_unused_memory(void (*release)()) { registered().push_back(release); }

void release_unused_memory() {
  for (void (*release)() : registered()) release();
  drop_cached_memory();
  ::malloc_trim(0);
}

}  // namespace plait
