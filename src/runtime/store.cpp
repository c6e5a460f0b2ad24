#include "runtime/store.h"

#include "runtime/machine.h"
#include "runtime/parcel.h"

namespace plait {

// A file that nobody else writes to meanwhile: the system lets writers of one file wait for each other.
class Store::Writing {
 public:
  explicit Writing(Store& store) : store_(store) {
    std::lock_guard lock(store_.mutex_);
    if (store_.idle_files_.empty()) {
      const std::string& folder = store_.spill_directory_;
      file_ = &store_.files_.emplace_back(folder.empty() ? default_spill_directory() : folder);
      store_.idle_files_.reserve(store_.files_.size());
    } else {
      file_ = store_.idle_files_.back();
      store_.idle_files_.pop_back();
    }
  }
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;
  ~Writing() {
    std::lock_guard lock(store_.mutex_);
    store_.idle_files_.push_back(file_);
  }

  SpillFile& file() { return *file_; }

 private:
  Store& store_;
  SpillFile* file_;
};

// What lies between processes is not brought into this one for it.
void Store::write_copy(TaskId task, const Value& value) {
  Writing writing(*this);
  SpillFile& file = writing.file();
  DiskCopy copy{.file = &file};
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
  DiskCopy copy;
  {
    std::lock_guard lock(mutex_);
    const auto found = copies_.find(task);
    PLAIT_CHECK(found != copies_.end());
    copy = found->second;
  }
  if (!copy.parcel_bytes) return decode_value(copy.file->read(copy.record));
  return Value::of(Parcel::filled(copy.record.blob_bytes.at(0), *copy.parcel_bytes,
                                  [&](const Parcel::WritePiece& write) { copy.file->read(copy.record, write); }));
}

std::optional<DiskCopy> Store::take_copy(TaskId task) {
  if (num_copies_ == 0) return std::nullopt;
  std::lock_guard lock(mutex_);
  const auto found = copies_.find(task);
  if (found == copies_.end()) return std::nullopt;
  std::optional<DiskCopy> taken = std::move(found->second);
  copies_.erase(found);
  num_copies_ = copies_.size();
  return taken;
}

}  // namespace plait
