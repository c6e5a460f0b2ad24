// Memory that allocators keep for later, given back to the system.
#pragma once

namespace plait {

// Libraries with an allocator of their own make it known at start-up; `release` may be called on any thread.
void register_unused_memory(void (*release)());
// Of all of them, as far as the calling thread can.
void release_unused_memory();

}  // namespace plait
