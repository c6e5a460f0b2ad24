// Store: the values of one run, in memory and spilled to disk.
//
// The slots are guarded by the run: a running task's slot belongs to the worker that runs it, all others to who holds
// the run's lock. Writing and reading copies on disk is thread-safe and done outside that lock.
#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/value.h"
#include "graph/graph.h"
#include "runtime/spill_file.h"

namespace plait {

// A value on disk.
struct DiskCopy {
  SpillFile* file = nullptr;
  SpilledRecord record;
  std::optional<std::uint64_t> parcel_bytes;  // of the value, if a parcel was written as it lay in shared memory
};

class Store {
 public:
  Store(std::size_t num_tasks, std::string spill_directory)
      : values_(num_tasks), spill_directory_(std::move(spill_directory)) {}

  Value& operator[](TaskId task) { return values_[task]; }

  // Throws Error(io) if no copy could be written.
  void write_copy(TaskId task, const Value& value);
  // Throws Error(io) if the copy is damaged.
  Value read_copy(TaskId task);
  // Takes the copy out of the books, to be forgotten outside the run's lock.
  std::optional<DiskCopy> take_copy(TaskId task);
  void forget(const DiskCopy& copy) { copy.file->forget(copy.record); }

  // In the order in which they were opened: as many as values were ever written at once.
  const std::deque<SpillFile>& spill_files() const { return files_; }

 private:
  class Writing;

  std::vector<Value> values_;
  std::string spill_directory_;
  std::mutex mutex_;
  std::deque<SpillFile> files_;
  std::vector<SpillFile*> idle_files_;
  std::unordered_map<TaskId, DiskCopy> copies_;
  std::atomic<std::size_t> num_copies_ = 0;
};

}  // namespace plait
