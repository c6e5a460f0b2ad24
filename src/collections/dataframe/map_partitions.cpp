#include "collections/dataframe/map_partitions.h"

#include <fmt/format.h>

#include <algorithm>

namespace plait {
namespace {

struct FunctionCall {
  Function function;
  Schema schema;
  static constexpr auto fields = std::tuple{&FunctionCall::function, &FunctionCall::schema};
};

constinit KernelId<FunctionCall> call_function_on_partition{"call_function_on_partition"};

std::string text_of(const Schema& schema) {
  static constexpr std::string_view kForms[] = {"frame", "series", "index", "scalar"};
  std::string text;
  for (const Field& field : schema.columns) {
    const bool is_label = std::ranges::count(schema.index.columns, field.name) > 0;
    text +=
        fmt::format("{}{}{}: {}", text.empty() ? "" : ", ", is_label ? "labels " : "", field.name, name(field.type));
  }
  return fmt::format("a {} of ({})", kForms[static_cast<std::size_t>(schema.form)], text);
}

// A later step would go wrong on anything but what the plan says.
void check_partition(const FunctionCall& call, const Schema& made) {
  const bool fits = made.form == call.schema.form && made.columns == call.schema.columns &&
                    made.index.columns == call.schema.index.columns;
  if (fits) return;
  throw type_error(fmt::format("{}: the function gave {}, but its result was said to be {}; give meta",
                               call.function.name(), text_of(made), text_of(call.schema)));
}

Value run(Inputs inputs, const FunctionCall& call, const TaskContext& context) {
  Value made = call.function(inputs, context);
  check_partition(call, made.as<Table>().schema());
  return made;
}

}  // namespace

Token MapPartitions::compute_token() const {
  return tokenize(type_name, std::pair(std::pair(frames, identity), std::pair(schema, clear_divisions)));
}

BlockTask MapPartitions::block_task(std::int64_t block) const {
  return partition_task(frames, call_function_on_partition({function, schema.schema()}), block);
}

MetaPtr MapPartitions::infer_meta() const {
  const FrameMeta& like = matching_partitions(frames, function.name());
  partition_source_ = partition_source_of(frames);
  return make_frame_meta(schema, like.npartitions(), clear_divisions ? Divisions{} : like.divisions(),
                         like.estimated_bytes());
}

Function::Run partition_runner(PartitionFunction::Run run) {
  return [run = std::move(run)](Inputs inputs, const TaskContext&) {
    std::vector<Table> partitions;
    for (const Value& input : inputs) partitions.push_back(input.as<Table>());
    return Value::of(run(partitions));
  };
}

void register_map_partitions_kernel() {
  define(call_function_on_partition, "Calls a C++ function on partitions.", run);
}

}  // namespace plait
