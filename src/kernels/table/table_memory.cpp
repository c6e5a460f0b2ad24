#include "kernels/table/table_memory.h"

#include <arrow/compute/exec.h>

#include <algorithm>
#include <cstring>

#include "base/plain_pages.h"
#include "base/task_memory.h"
#include "plait/error.h"

namespace plait {
namespace {

bool is_large(std::int64_t size) { return size >= static_cast<std::int64_t>(kMinPlainBytes); }

class TableMemory final : public arrow::MemoryPool {
 public:
  using arrow::MemoryPool::Allocate;
  using arrow::MemoryPool::Free;
  using arrow::MemoryPool::Reallocate;

  arrow::Status Allocate(std::int64_t size, std::int64_t alignment, std::uint8_t** out) override {
    if (is_large(size)) {
      try {
        *out = static_cast<std::uint8_t*>(take_plain_pages(static_cast<std::size_t>(size)));
      } catch (const Error& error) {
        return arrow::Status::OutOfMemory(error.what());
      }
    } else {
      ARROW_RETURN_NOT_OK(small_.Allocate(size, alignment, out));
      TaskMemory::count(size);
    }
    statistics_.DidAllocateBytes(size);
    return arrow::Status::OK();
  }

  arrow::Status Reallocate(std::int64_t old_size, std::int64_t new_size, std::int64_t alignment,
                           std::uint8_t** block) override {
    if (!is_large(old_size) && !is_large(new_size)) {
      ARROW_RETURN_NOT_OK(small_.Reallocate(old_size, new_size, alignment, block));
      TaskMemory::count(new_size - old_size);
      statistics_.DidReallocateBytes(old_size, new_size);
      return arrow::Status::OK();
    }
    if (is_large(old_size) && is_large(new_size)) {
      try {
        *block = static_cast<std::uint8_t*>(
            resize_plain_pages(*block, static_cast<std::size_t>(old_size), static_cast<std::size_t>(new_size)));
      } catch (const Error& error) {
        return arrow::Status::OutOfMemory(error.what());
      }
      statistics_.DidReallocateBytes(old_size, new_size);
      return arrow::Status::OK();
    }
    std::uint8_t* moved = nullptr;
    ARROW_RETURN_NOT_OK(Allocate(new_size, alignment, &moved));
    std::memcpy(moved, *block, static_cast<std::size_t>(std::min(old_size, new_size)));
    Free(*block, old_size, alignment);
    *block = moved;
    return arrow::Status::OK();
  }

  void Free(std::uint8_t* block, std::int64_t size, std::int64_t alignment) override {
    if (is_large(size)) {
      give_plain_pages(block, static_cast<std::size_t>(size));
    } else {
      small_.Free(block, size, alignment);
      TaskMemory::count(-size);
    }
    statistics_.DidFreeBytes(size);
  }

  void ReleaseUnused() override { small_.ReleaseUnused(); }

  std::int64_t bytes_allocated() const override { return statistics_.bytes_allocated(); }
  std::int64_t max_memory() const override { return statistics_.max_memory(); }
  std::int64_t total_bytes_allocated() const override { return statistics_.total_bytes_allocated(); }
  std::int64_t num_allocations() const override { return statistics_.num_allocations(); }
  std::string backend_name() const override { return "plait"; }

 private:
  arrow::MemoryPool& small_ = *arrow::default_memory_pool();
  arrow::internal::MemoryPoolStats statistics_;
};

}  // namespace

// Never destroyed: tables may outlive every static object.
arrow::MemoryPool* table_memory() {
  static auto* memory = new TableMemory;
  return memory;
}

void use_table_memory_for_compute() {
  *arrow::compute::default_exec_context() = arrow::compute::ExecContext(table_memory());
}

}  // namespace plait
