#include "runtime/store.h"

#include "runtime/machine.h"
#include "runtime/parcel.h"

namespace plait {

SpillFile& Store::opened_file() {
  std::lock_guard lock(mutex_);
  if (!file_)
    file_ = std::make_unique<SpillFile>(spill_directory_.empty() ? default_spill_directory() : spill_directory_);
  return *file_;
}

// What lies between processes is not brought into this one for it.
void Store::write_copy(TaskId task, const Value& value) {
  SpillFile& file = opened_file();
  Copy copy;
  const auto* parcel = value.get_if<Parcel>();
  if (parcel && !parcel->is_inline()) {
    copy.parcel_bytes = parcel->value_bytes();
    copy.record = file.write(parcel->frame_bytes(), [&](std::byte* to, std::size_t size, std::uint64_t offset) {
      parcel->read(to, size, offset);
    });
  } else {
    copy.record = file.write(encode_value(value));
  }
  std::lock_guard lock(mutex_);
  copies_[task] = std::move(copy);
  num_copies_ = copies_.size();
}

Value Store::read_copy(TaskId task) {
  Copy copy;
  {
    std::lock_guard lock(mutex_);
    const auto found = copies_.find(task);
    PLAIT_CHECK(found != copies_.end());
    copy = found->second;
  }
  if (!copy.parcel_bytes) return decode_value(file_->read(copy.record));
  return Value::of(Parcel::filled(copy.record.blob_bytes.at(0), *copy.parcel_bytes,
                                  [&](const Parcel::WritePiece& write) { file_->read(copy.record, write); }));
}

std::optional<SpilledRecord> Store::take_copy(TaskId task) {
  if (num_copies_ == 0) return std::nullopt;
  std::lock_guard lock(mutex_);
  const auto found = copies_.find(task);
  if (found == copies_.end()) return std::nullopt;
  std::optional<SpilledRecord> taken = std::move(found->second.record);
  copies_.erase(found);
  num_copies_ = copies_.size();
  return taken;
}

}  // namespace plait
