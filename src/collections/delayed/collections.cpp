#include "collections/delayed/collections.h"

#include <fmt/format.h>

#include "collections/array/array_meta.h"
#include "collections/dataframe/frame_meta.h"
#include "collections/source_line.h"
#include "expr/task_table.h"
#include "kernels/table/table_value.h"
#include "plait/delayed.h"

namespace plait {
namespace {

struct ChunkOfValue {
  DType dtype = DType::float64;
  Shape shape;
  static constexpr auto fields = std::tuple{&ChunkOfValue::dtype, &ChunkOfValue::shape};
};
constinit KernelId<ChunkOfValue> chunk_of_value{"chunk_of_value"};

// A later step would go wrong on anything but what the plan says.
Value checked_chunk(Inputs inputs, const ChunkOfValue& said, const TaskContext&) {
  const NdArray& chunk = inputs[0].as<NdArray>();
  if (chunk.shape() != said.shape) {
    throw value_error(fmt::format("from_delayed: the value has shape {}, but its array was said to have shape {}",
                                  to_string(chunk.shape()), to_string(said.shape)));
  }
  if (chunk.dtype() != said.dtype) {
    throw type_error(fmt::format("from_delayed: the value has elements of dtype {}, but its array was said to have {}",
                                 name(chunk.dtype()), name(said.dtype)));
  }
  return inputs[0];
}

constinit KernelId<Schema> partition_of_value{"partition_of_value"};

std::string text_of(const Schema& schema) {
  std::string text;
  for (const Field& field : schema.columns)
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", field.name, name(field.type));
  return text;
}

Value checked_partition(Inputs inputs, const Schema& said, const TaskContext&) {
  const Table& partition = detail::table_in(inputs[0]);
  const Schema& found = partition.schema();
  if (found.form != said.form || found.columns != said.columns || found.index.columns != said.index.columns) {
    throw type_error(fmt::format("from_delayed: a partition has the columns ({}), but meta says ({})", text_of(found),
                                 text_of(said)));
  }
  return Value::of(partition);
}

template <class T>
std::vector<detail::DelayedTaskPtr> tasks_of(const std::vector<Delayed<T>>& values) {
  std::vector<detail::DelayedTaskPtr> tasks;
  for (const auto& value : values) tasks.push_back(value.task());
  return tasks;
}

template <class T>
std::vector<Delayed<T>> blocks_of(const ExprPtr& collection) {
  std::vector<Delayed<T>> blocks;
  for (std::int64_t block = 0; block < collection->meta().num_blocks(); ++block)
    blocks.emplace_back(detail::delayed_block(collection, block));
  return blocks;
}

}  // namespace

Array from_delayed(const Delayed<NdArray>& value, const Shape& shape, DType dtype, Location where) {
  const SourceScope scope = source_scope(where);
  Chunks chunks;
  for (const std::int64_t extent : shape) chunks.push_back({extent});
  return Array(blocks_of_values(value.expr(), chunk_of_value({dtype, shape}), make_array_meta(dtype, std::move(chunks)),
                                "from-value"));
}

DataFrame from_delayed(const std::vector<Delayed<Table>>& partitions, const Table& meta, Location where) {
  if (partitions.empty()) throw value_error("from_delayed: expected at least one delayed table, got none");
  const SourceScope scope = source_scope(where);
  const MetaPtr frame = make_frame_meta(meta, static_cast<std::int64_t>(partitions.size()));
  return DataFrame(blocks_of_values(detail::delayed_values(tasks_of(partitions)), partition_of_value(meta.schema()),
                                    frame, "from-delayed"));
}

std::vector<Delayed<NdArray>> to_delayed(const Array& array) { return blocks_of<NdArray>(array.expr()); }
std::vector<Delayed<Table>> to_delayed(const DataFrame& frame) { return blocks_of<Table>(frame.expr()); }

void register_delayed_kernels() {
  define(chunk_of_value, "Checks that a value is the chunk that was said of it.", checked_chunk);
  define(partition_of_value, "Checks that a value is the partition that was said of it.", checked_partition);
}

}  // namespace plait
