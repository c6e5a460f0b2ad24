// Arrow's memory for our tables: large blocks come from a pool that gives them back to the system soon, and tasks are
// known to take them (base/task_memory.h); small ones from Arrow's own. Arrow's functions use it where it is handed to
// them; compute functions always do.
#pragma once

#include <arrow/memory_pool.h>

namespace plait {

arrow::MemoryPool* table_memory();
// Once: Arrow's compute functions make their results there.
void use_table_memory_for_compute();

}  // namespace plait
