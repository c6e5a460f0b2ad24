#include "kernels/array/compiled_tiles.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace plait {
namespace {

constexpr std::uint16_t kNoRegister = 0xffff;

// The last use of every value decides when its register is free again.
std::vector<int> count_uses(const std::vector<TileStep>& steps, std::size_t num_values, std::uint16_t result) {
  std::vector<int> uses(num_values, 0);
  for (const TileStep& step : steps) {
    for (std::uint16_t operand : step.operands) ++uses[operand];
  }
  ++uses[result];
  return uses;
}

// a * b + c in one pass where the product has no other use: saves a trip through a register.
void join_multiply_add(std::vector<TileStep>& steps, std::size_t num_sources, const std::vector<int>& uses) {
  for (TileStep& step : steps) {
    if (step.op != ElementOp::add || (step.loop != DType::float64 && step.loop != DType::float32)) continue;
    for (int side : {1, 0}) {
      const std::uint16_t product = step.operands[side];
      if (product < num_sources || uses[product] != 1) continue;
      TileStep& maker = steps[product - num_sources];
      if (maker.op != ElementOp::multiply) continue;
      step.operands = {maker.operands[0], maker.operands[1], step.operands[1 - side]};
      step.op = ElementOp::multiply_add;
      maker.operands.clear();  // no longer run
      break;
    }
  }
}

}  // namespace

CompiledTiles::CompiledTiles(TileProgram program) : program_(std::move(program)) {
  const std::size_t num_sources = program_.sources.size();
  for (std::size_t i = 0; i < program_.steps.size(); ++i) {
    const TileStep& step = program_.steps[i];
    PLAIT_CHECK(static_cast<int>(step.operands.size()) == num_operands(step.op));
    for (std::uint16_t operand : step.operands) PLAIT_CHECK(operand < num_sources + i);
  }
  PLAIT_CHECK(program_.result < num_sources + program_.steps.size());
  for (std::size_t value = 0; value < num_sources + program_.steps.size(); ++value)
    widest_item_ = std::max(widest_item_, item_size(program_.dtype_of(static_cast<std::uint16_t>(value))));
  lay_out_constants();
  schedule();
  if (program_.reduction) {
    reduce_ = find_reduce_loops(program_.reduction->op, program_.dtype());
    PLAIT_CHECK(reduce_.start != nullptr);
  }
}

void CompiledTiles::lay_out_constants() {
  constants_.resize(program_.sources.size());
  for (std::size_t i = 0; i < program_.sources.size(); ++i) {
    const TileSource& source = program_.sources[i];
    if (source.kind == SourceKind::draw) has_draws_ = true;
    if (source.kind != SourceKind::constant) continue;
    const std::size_t item = item_size(source.dtype);
    constants_[i].resize(kConstantBlock * item);
    store_scalar(source.value, source.dtype, constants_[i].data());
    for (std::int64_t k = 1; k < kConstantBlock; ++k)
      std::memcpy(constants_[i].data() + k * item, constants_[i].data(), item);
  }
}

void CompiledTiles::schedule() {
  const std::size_t num_sources = program_.sources.size();
  const std::size_t num_values = num_sources + program_.steps.size();
  std::vector<TileStep> steps = program_.steps;
  join_multiply_add(steps, num_sources, count_uses(steps, num_values, program_.result));
  std::vector<int> uses = count_uses(steps, num_values, program_.result);
  for (std::uint16_t source = 0; source < num_sources; ++source) {
    if (program_.sources[source].kind != SourceKind::constant && uses[source] > 0) loads_.push_back(source);
  }

  std::vector<std::uint16_t> place(num_values, kNoRegister);
  std::vector<std::uint16_t> free;
  const auto take = [&] {
    if (free.empty()) return static_cast<std::uint16_t>(num_registers_++);
    const std::uint16_t taken = free.back();
    free.pop_back();
    return taken;
  };
  // Nobody reads what stands behind the result.
  for (std::size_t i = 0; num_sources + i <= program_.result; ++i) {
    const TileStep& from = steps[i];
    if (from.operands.empty()) continue;
    Step step{.value = static_cast<std::uint16_t>(num_sources + i)};
    step.num_operands = static_cast<std::uint8_t>(from.operands.size());
    step.loop = from.op == ElementOp::cast ? find_cast(from.loop, from.result) : find_loop(from.op, from.loop);
    const bool in_float = step.loop == nullptr && from.loop == DType::float16;
    if (in_float) step.loop = find_loop(from.op, DType::float32);
    PLAIT_CHECK(step.loop != nullptr);
    step.narrows = in_float && from.result == DType::float16;
    // Operands die before the result is placed only where it may overwrite them, element by element.
    const std::size_t item = item_size(from.result);
    std::vector<std::uint16_t> die_after;
    for (std::size_t k = 0; k < from.operands.size(); ++k) {
      const std::uint16_t operand = from.operands[k];
      step.operands[k] = operand;
      step.widens[k] = in_float && program_.dtype_of(operand) == DType::float16;
      if (--uses[operand] != 0 || place[operand] == kNoRegister) continue;
      if (item_size(program_.dtype_of(operand)) == item && !in_float)
        free.push_back(place[operand]);
      else
        die_after.push_back(place[operand]);
    }
    step.to = take();
    place[step.value] = step.to;
    free.insert(free.end(), die_after.begin(), die_after.end());
    steps_.push_back(step);
  }
}

std::shared_ptr<const CompiledTiles> compile_tiles(TileProgram program) {
  return std::make_shared<const CompiledTiles>(std::move(program));
}

const TileProgram& program_of(const CompiledTiles& compiled) { return compiled.program(); }

}  // namespace plait
