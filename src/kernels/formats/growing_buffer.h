// Memory that grows at its end while a column is read, from the pool of base/buffer.h, and becomes an Arrow buffer.
#pragma once

#include <arrow/buffer.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "base/buffer.h"

namespace plait {

// An Arrow buffer that keeps pooled memory alive.
class PooledArrowBuffer final : public arrow::MutableBuffer {
 public:
  PooledArrowBuffer(std::shared_ptr<plait::Buffer> memory, std::size_t num_bytes)
      : MutableBuffer(reinterpret_cast<std::uint8_t*>(memory->data()), static_cast<std::int64_t>(num_bytes)),
        memory_(std::move(memory)) {}

 private:
  std::shared_ptr<plait::Buffer> memory_;
};

template <class T>
class GrowingBuffer {
 public:
  std::size_t size() const { return size_; }
  T* data() { return memory_ ? reinterpret_cast<T*>(memory_->data()) : nullptr; }
  T* end() { return data() + size_; }

  // Makes room for `count` more items and a few bytes that may be overwritten; returns where they go.
  T* reserve(std::size_t count) {
    const std::size_t wanted = (size_ + count) * sizeof(T) + kSlack;
    if (!memory_ || memory_->size() < wanted) grow(wanted);
    return end();
  }
  void advance(std::size_t count) { size_ += count; }
  void push_back(T value) {
    *reserve(1) = value;
    ++size_;
  }

  std::shared_ptr<arrow::Buffer> finish() {
    reserve(0);
    spare_ = memory_;
    auto result = std::make_shared<PooledArrowBuffer>(std::exchange(memory_, nullptr), size_ * sizeof(T));
    size_ = 0;
    return result;
  }

 private:
  static constexpr std::size_t kSlack = 64;

  void grow(std::size_t wanted) {
    const std::size_t doubled = memory_ ? 2 * memory_->size() : 0;
    auto larger = take_spare(wanted);
    if (!larger) larger = Buffer::allocate(std::max(wanted, doubled));
    if (size_ != 0) std::memcpy(larger->data(), memory_->data(), size_ * sizeof(T));
    memory_ = std::move(larger);
  }

  // The memory of the last batch, when nobody uses that batch any more: it is still in cache.
  std::shared_ptr<Buffer> take_spare(std::size_t wanted) {
    if (!spare_ || spare_.use_count() != 1 || spare_->size() < wanted) return nullptr;
    // use_count() orders nothing: a holder that comes and goes waits for what the last user did with the memory.
    std::shared_ptr<Buffer>(spare_).reset();
    return std::exchange(spare_, nullptr);
  }

  std::shared_ptr<Buffer> memory_;
  std::shared_ptr<Buffer> spare_;
  std::size_t size_ = 0;
};

// Validity bits, made when the first null comes.
class ValidityBits {
 public:
  void append_valid(std::size_t count) { num_rows_ += count; }
  // The row `position` rows after those appended so far is null.
  void mark_null(std::size_t position) { nulls_.push_back(num_rows_ + position); }
  std::int64_t num_nulls() const { return static_cast<std::int64_t>(nulls_.size()); }

  // nullptr without nulls.
  std::shared_ptr<arrow::Buffer> finish() {
    std::shared_ptr<arrow::Buffer> result;
    if (!nulls_.empty()) {
      const std::size_t num_bytes = (num_rows_ + 7) / 8;
      GrowingBuffer<std::uint8_t> bits;
      std::memset(bits.reserve(num_bytes), 0xFF, num_bytes);
      for (const std::size_t row : nulls_) bits.data()[row / 8] &= static_cast<std::uint8_t>(~(1u << (row % 8)));
      bits.advance(num_bytes);
      result = bits.finish();
    }
    nulls_.clear();
    num_rows_ = 0;
    return result;
  }

 private:
  std::vector<std::size_t> nulls_;
  std::size_t num_rows_ = 0;
};

}  // namespace plait
