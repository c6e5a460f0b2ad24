#include "kernels/table/table_parts.h"

#include <arrow/util/bitmap_ops.h>
#include <sys/mman.h>
#include <unistd.h>

#include <map>
#include <mutex>

#include "kernels/table/arrow_table.h"

namespace plait {
namespace {

using BufferPtr = std::shared_ptr<arrow::Buffer>;

const std::uintptr_t kPageBytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));

// A buffer whose pages go one by one. Thread-safe.
class SharedPages {
 public:
  explicit SharedPages(BufferPtr whole) : whole_(std::move(whole)) {}

  const std::uint8_t* data() const { return whole_->data(); }
  std::int64_t size() const { return whole_->size(); }

  // Nobody reads these bytes any more. Only memory that Arrow has allocated itself is let go of, and the bytes at its
  // ends, which may share a page with others, stay.
  void let_go(std::uintptr_t begin, std::uintptr_t end) {
    if (begin >= end || !whole_->is_mutable()) return;
    std::lock_guard lock(mutex_);
    // Neighbours that are free, too, make one range with it: a page may be free only now.
    auto next = free_.lower_bound(begin);
    if (next != free_.end() && next->first == end) {
      end = next->second;
      next = free_.erase(next);
    }
    if (next != free_.begin() && std::prev(next)->second == begin) {
      begin = std::prev(next)->first;
      free_.erase(std::prev(next));
    }
    free_[begin] = end;
    const std::uintptr_t first = (begin + kPageBytes - 1) / kPageBytes * kPageBytes;
    const std::uintptr_t last = end / kPageBytes * kPageBytes;
    if (first < last) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
  }

 private:
  const BufferPtr whole_;
  std::mutex mutex_;
  std::map<std::uintptr_t, std::uintptr_t> free_;
};

// Some bytes of it, of which those from `first` on are let go of with it.
class Part final : public arrow::Buffer {
 public:
  Part(std::shared_ptr<SharedPages> pages, std::int64_t begin, std::int64_t end, std::int64_t first)
      : arrow::Buffer(pages->data() + begin, end - begin), pages_(std::move(pages)), first_(pages_->data() + first) {}
  ~Part() override {
    pages_->let_go(reinterpret_cast<std::uintptr_t>(first_),
                   reinterpret_cast<std::uintptr_t>(data()) + static_cast<std::uintptr_t>(size()));
  }

 private:
  const std::shared_ptr<SharedPages> pages_;
  const std::uint8_t* first_;
};

BufferPtr bits_of(const BufferPtr& bits, std::int64_t offset, std::int64_t length) {
  if (!bits) return nullptr;
  return value_or_throw(arrow::internal::CopyBitmap(arrow::default_memory_pool(), bits->data(), offset, length),
                        "split");
}

// The parts of one column.
class ColumnParts {
 public:
  explicit ColumnParts(const std::shared_ptr<arrow::Array>& array) : array_(array), data_(*array->data()) {
    const auto id = data_.type->id();
    const auto physical = id == arrow::Type::DICTIONARY
                              ? static_cast<const arrow::DictionaryType&>(*data_.type).index_type()
                              : data_.type;
    if (arrow::is_large_binary_like(id))
      offset_bytes_ = 8;
    else if (arrow::is_binary_like(id))
      offset_bytes_ = 4;
    else if (arrow::is_fixed_width(physical->id()) && id != arrow::Type::BOOL && data_.buffers.size() == 2)
      width_ = static_cast<const arrow::FixedWidthType&>(*physical).bit_width() / 8;
    for (std::size_t i = 1; i < data_.buffers.size() && has_pages(); ++i) {
      if (data_.buffers[i]) pages_.push_back(std::make_shared<SharedPages>(data_.buffers[i]));
    }
    if (pages_.size() + 1 != data_.buffers.size()) pages_.clear();
  }

  std::shared_ptr<arrow::Array> part(std::int64_t start, std::int64_t length) const {
    if (pages_.empty() || length == 0) return copied(start, length);
    const std::int64_t at = data_.offset + start;
    auto out = arrow::ArrayData::Make(data_.type, length, {bits_of(data_.buffers[0], at, length)});
    out->dictionary = data_.dictionary;
    if (offset_bytes_ == 0) {
      out->buffers.push_back(std::make_shared<Part>(pages_[0], at * width_, (at + length) * width_, at * width_));
    } else {
      // The offset after the last text is the next part's first one, too: it stays with the one that is copied of.
      out->buffers.push_back(rebased(at, length));
      out->buffers.push_back(
          std::make_shared<Part>(pages_[1], text_offset(at), text_offset(at + length), text_offset(at)));
    }
    return arrow::MakeArray(out);
  }

 private:
  bool has_pages() const { return width_ > 0 || offset_bytes_ > 0; }

  std::shared_ptr<arrow::Array> copied(std::int64_t start, std::int64_t length) const {
    return value_or_throw(arrow::Concatenate({array_->Slice(start, length)}), "split");
  }

  std::int64_t text_offset(std::int64_t at) const {
    return offset_bytes_ == 8 ? reinterpret_cast<const std::int64_t*>(data_.buffers[1]->data())[at]
                              : reinterpret_cast<const std::int32_t*>(data_.buffers[1]->data())[at];
  }

  // Offsets that begin at 0, as everybody's.
  BufferPtr rebased(std::int64_t at, std::int64_t length) const {
    BufferPtr out = value_or_throw(arrow::AllocateBuffer((length + 1) * offset_bytes_), "split");
    for (std::int64_t i = 0; i <= length; ++i) {
      const std::int64_t offset = text_offset(at + i) - text_offset(at);
      if (offset_bytes_ == 8)
        reinterpret_cast<std::int64_t*>(out->mutable_data())[i] = offset;
      else
        reinterpret_cast<std::int32_t*>(out->mutable_data())[i] = static_cast<std::int32_t>(offset);
    }
    return out;
  }

  const std::shared_ptr<arrow::Array> array_;
  const arrow::ArrayData& data_;
  std::int64_t width_ = 0;         // of an item; 0: not of a fixed width
  std::int64_t offset_bytes_ = 0;  // of texts
  std::vector<std::shared_ptr<SharedPages>> pages_;
};

}  // namespace

std::vector<Table> cut_into_parts(Table table, const std::vector<std::int64_t>& starts) {
  std::vector<std::vector<NamedColumn>> parts(starts.size() - 1);
  for (NamedColumn& column : named_columns_of(table)) {
    const ColumnParts pieces(array_of(column.values));
    for (std::size_t part = 0; part < parts.size(); ++part) {
      column.values = chunked(pieces.part(starts[part], starts[part + 1] - starts[part]));
      parts[part].push_back(column);
    }
  }
  std::vector<Table> tables;
  for (std::size_t part = 0; part < parts.size(); ++part)
    tables.push_back(table_of(parts[part], table.index(), table.form(), starts[part + 1] - starts[part]));
  return tables;
}

}  // namespace plait
