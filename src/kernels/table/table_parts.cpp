#include "kernels/table/table_parts.h"

#include <arrow/util/bitmap_ops.h>
#include <sys/mman.h>
#include <unistd.h>

#include <map>
#include <mutex>

#include "kernels/table/arrow_table.h"
#include "kernels/table/table_memory.h"

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

// Some bytes of it, which are let go of with it.
class Part final : public arrow::Buffer {
 public:
  Part(std::shared_ptr<SharedPages> pages, std::int64_t begin, std::int64_t end)
      : arrow::Buffer(pages->data() + begin, end - begin), pages_(std::move(pages)) {}
  ~Part() override {
    const auto begin = reinterpret_cast<std::uintptr_t>(data());
    pages_->let_go(begin, begin + static_cast<std::uintptr_t>(size()));
  }

 private:
  const std::shared_ptr<SharedPages> pages_;
};

BufferPtr bits_of(const BufferPtr& bits, std::int64_t offset, std::int64_t length) {
  if (!bits) return nullptr;
  return value_or_throw(arrow::internal::CopyBitmap(table_memory(), bits->data(), offset, length), "split");
}

// The parts of one column.
class ColumnParts {
 public:
  ColumnParts(const std::shared_ptr<arrow::Array>& array, const std::vector<std::int64_t>& starts)
      : array_(array), data_(*array->data()), starts_(starts) {
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
    if (!pages_.empty() && offset_bytes_ > 0) rebase_offsets();
  }

  std::shared_ptr<arrow::Array> part(std::size_t number) const {
    const std::int64_t start = starts_[number];
    const std::int64_t length = starts_[number + 1] - start;
    if (pages_.empty() || length == 0) return copied(start, length);
    const std::int64_t at = data_.offset + start;
    auto out = arrow::ArrayData::Make(data_.type, length, {bits_of(data_.buffers[0], at, length)});
    out->dictionary = data_.dictionary;
    if (offset_bytes_ == 0) {
      out->buffers.push_back(part_of(pages_[0], at * width_, (at + length) * width_));
    } else {
      const std::int64_t first = start + static_cast<std::int64_t>(number);
      out->buffers.push_back(part_of(pages_[0], first * offset_bytes_, (first + length + 1) * offset_bytes_));
      out->buffers.push_back(part_of(pages_[1], text_offset(at), text_offset(at + length)));
    }
    return arrow::MakeArray(out);
  }

 private:
  bool has_pages() const { return width_ > 0 || offset_bytes_ > 0; }

  std::shared_ptr<arrow::Array> copied(std::int64_t start, std::int64_t length) const {
    return value_or_throw(arrow::Concatenate({array_->Slice(start, length)}, table_memory()), "split");
  }

  std::int64_t text_offset(std::int64_t at) const {
    return offset_bytes_ == 8 ? reinterpret_cast<const std::int64_t*>(data_.buffers[1]->data())[at]
                              : reinterpret_cast<const std::int32_t*>(data_.buffers[1]->data())[at];
  }

  static BufferPtr part_of(const std::shared_ptr<SharedPages>& pages, std::int64_t begin, std::int64_t end) {
    return std::make_shared<Part>(pages, begin, end);
  }

  // Offsets of every part begin at 0, as everybody's, and end with one more than it has texts: those of part p stand p
  // places behind where its rows do.
  void rebase_offsets() {
    const std::int64_t num_offsets = array_->length() + static_cast<std::int64_t>(starts_.size());
    BufferPtr out = value_or_throw(arrow::AllocateBuffer(num_offsets * offset_bytes_, table_memory()), "split");
    for (std::size_t part = 0; part + 1 < starts_.size(); ++part) {
      const std::int64_t at = data_.offset + starts_[part];
      const std::int64_t to = starts_[part] + static_cast<std::int64_t>(part);
      for (std::int64_t i = 0; i <= starts_[part + 1] - starts_[part]; ++i) {
        const std::int64_t offset = text_offset(at + i) - text_offset(at);
        if (offset_bytes_ == 8)
          reinterpret_cast<std::int64_t*>(out->mutable_data())[to + i] = offset;
        else
          reinterpret_cast<std::int32_t*>(out->mutable_data())[to + i] = static_cast<std::int32_t>(offset);
      }
    }
    pages_[0] = std::make_shared<SharedPages>(std::move(out));
  }

  const std::shared_ptr<arrow::Array> array_;
  const arrow::ArrayData& data_;
  const std::vector<std::int64_t>& starts_;
  std::int64_t width_ = 0;         // of an item; 0: not of a fixed width
  std::int64_t offset_bytes_ = 0;  // of texts
  std::vector<std::shared_ptr<SharedPages>> pages_;
};

}  // namespace

std::vector<Table> cut_into_parts(Table table, const std::vector<std::int64_t>& starts) {
  std::vector<std::vector<NamedColumn>> parts(starts.size() - 1);
  for (NamedColumn& column : named_columns_of(table)) {
    const ColumnParts pieces(array_of(column.values), starts);
    for (std::size_t part = 0; part < parts.size(); ++part) {
      column.values = chunked(pieces.part(part));
      parts[part].push_back(column);
    }
  }
  std::vector<Table> tables;
  for (std::size_t part = 0; part < parts.size(); ++part)
    tables.push_back(table_of(parts[part], table.index(), table.form(), starts[part + 1] - starts[part]));
  return tables;
}

}  // namespace plait
