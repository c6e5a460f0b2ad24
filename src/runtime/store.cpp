#include "runtime/store.h"

#include "runtime/machine.h"

namespace plait {

SpillFile& Store::opened_file() {
  std::lock_guard lock(mutex_);
  if (!file_)
    file_ = std::make_unique<SpillFile>(spill_directory_.empty() ? default_spill_directory() : spill_directory_);
  return *file_;
}

void Store::write_copy(TaskId task, const Value& value) {
  SpilledRecord written = opened_file().write(encode_value(value));
  std::lock_guard lock(mutex_);
  copies_[task] = std::move(written);
  num_copies_ = copies_.size();
}

Value Store::read_copy(TaskId task) {
  SpilledRecord copy;
  {
    std::lock_guard lock(mutex_);
    const auto found = copies_.find(task);
    PLAIT_CHECK(found != copies_.end());
    copy = found->second;
  }
  return decode_value(file_->read(copy));
}

std::optional<SpilledRecord> Store::take_copy(TaskId task) {
  if (num_copies_ == 0) return std::nullopt;
  std::lock_guard lock(mutex_);
  const auto found = copies_.find(task);
  if (found == copies_.end()) return std::nullopt;
  std::optional<SpilledRecord> taken = std::move(found->second);
  copies_.erase(found);
  num_copies_ = copies_.size();
  return taken;
}

}  // namespace plait
