// The kernels of this module by name, and a kernel that runs several of them in one task.
//
// Every function of the headers here that takes tables and a params struct is a kernel of the same name with the prefix
// "table_": table_select (SelectParams), table_binary (BinaryParams), table_groupby_partial (GroupBySpec), ...
// Functions that take a vector of tables take all inputs of the task. Those that return a vector of tables yield a
// Sequence; table_part picks one item. The full list with documentation: all_kernels().
#pragma once

#include <cstdint>
#include <vector>

#include "base/kernel.h"
#include "kernels/table/table_value.h"

namespace plait {

// Registers value type "table" and all kernels. Once, at start-up.
void register_table_kernels();

// One item of a Sequence: its position.
struct PartParams {
  std::int64_t part = 0;
  static constexpr auto fields = std::tuple{&PartParams::part};
};

// Several kernel calls as one task: kernel "table_pipeline". Step i sees the task's inputs 0 .. num_inputs - 1 and the
// results of earlier steps as num_inputs + j. The last step's result is the task's.
struct PipelineStep {
  const Kernel* kernel = nullptr;
  ParamsPtr params;
  std::vector<std::uint32_t> inputs;
};
template <>
struct Codec<PipelineStep> {
  static void encode(Encoder& to, const PipelineStep& step);
  static PipelineStep decode(Decoder& from);
};
struct Pipeline {
  std::uint32_t num_inputs = 0;
  std::vector<PipelineStep> steps;
  static constexpr auto fields = std::tuple{&Pipeline::num_inputs, &Pipeline::steps};
};
Value run_pipeline(const Pipeline& pipeline, Inputs inputs, const TaskContext& context);

// A step with its params: step("table_filter", FilterParams{...}, {0, 1}).
template <class P>
PipelineStep step(const std::string& kernel, P params, std::vector<std::uint32_t> inputs) {
  return {find_kernel(kernel), std::make_shared<const P>(std::move(params)), std::move(inputs)};
}

}  // namespace plait
