// The settings that Plait reads, each declared once with its default and its meaning; `plait config` lists them.
#pragma once

#include <string>
#include <string_view>

#include "plait/config.h"

namespace plait::config {

struct Declared {
  std::string_view name;
  std::string_view otherwise;  // the default, as the text of a setting; "null" where Plait finds a value itself
  std::string_view meaning;
};

bool get_bool(const Declared& setting);
std::int64_t get_int(const Declared& setting);
double get_double(const Declared& setting);
std::string get_string(const Declared& setting);
std::int64_t get_bytes(const Declared& setting, std::int64_t whole = 0);

// Adds to the list what a module reads under names of its own, such as a switch for each pass of the optimizer.
void declare(const Declared& setting);

namespace setting {

inline constexpr Declared scheduler{"scheduler", "threads", "where tasks run: threads, processes or sync"};
inline constexpr Declared initializer{"multiprocessing.initializer", "null",
                                      "in Python: a function that each worker process calls before its first task"};
inline constexpr Declared num_workers{"num-workers", "null",
                                      "threads or processes of a run; null: one for each usable core"};
inline constexpr Declared memory_budget{"memory-budget", "0.6",
                                        "memory for the values of a run; a fraction is one of the usable memory"};
inline constexpr Declared spill_directory{"spill.directory", "null",
                                          "folder of the spill file; null: $TMPDIR, else /tmp or /var/tmp"};
inline constexpr Declared split_every{"split-every", "4", "blocks that one task of an array reduction combines"};
inline constexpr Declared chunk_size{"array.chunk-size", "128 MiB", "size that \"auto\" chunks aim at"};
inline constexpr Declared chunk_size_tolerance{"array.chunk-size-tolerance", "1.25",
                                               "how much larger \"auto\" lets existing chunks be"};
inline constexpr Declared rechunk_task_size{"array.rechunk.task-size", "0.25",
                                            "bytes of one rechunk task; a fraction is one of the budget"};

}  // namespace setting
}  // namespace plait::config
