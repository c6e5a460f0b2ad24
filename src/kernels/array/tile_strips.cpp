#include "kernels/array/tile_strips.h"

#include "base/half.h"

namespace plait {
namespace {

constexpr std::size_t kFloatScratchBytes = (CompiledTiles::kMaxOperands + 1) * TileStrips::kStrip * sizeof(float);

std::size_t strip_bytes(const CompiledTiles& compiled) {
  return static_cast<std::size_t>(TileStrips::kStrip) * compiled.widest_item();
}

}  // namespace

std::size_t TileStrips::num_bytes(const CompiledTiles& compiled) {
  return static_cast<std::size_t>(compiled.num_registers()) * strip_bytes(compiled) + kFloatScratchBytes;
}

TileStrips::TileStrips(const CompiledTiles& compiled, std::byte* memory)
    : compiled_(compiled), source_operands_(compiled.program().sources.size()) {
  const TileProgram& program = compiled.program();
  const std::size_t num_sources = program.sources.size();
  std::vector<std::byte*> place(num_sources + program.steps.size(), nullptr);
  for (const CompiledTiles::Step& step : compiled.steps()) {
    const std::size_t first = operands_.size();
    for (int k = 0; k < step.num_operands; ++k) {
      const std::uint16_t operand = step.operands[k];
      if (operand >= num_sources) {
        operands_.push_back({.data = place[operand]});
      } else if (program.sources[operand].kind == SourceKind::constant) {
        operands_.push_back({.data = compiled.constant_block(operand), .is_constant = true});
      } else {
        source_operands_[operand].push_back(operands_.size());
        operands_.push_back({});
      }
    }
    place[step.value] = memory + step.to * strip_bytes(compiled);
    steps_.push_back({&step, place[step.value], first});
  }
  if (!steps_.empty()) last_strip_ = steps_.back().to;
  float_scratch_ =
      reinterpret_cast<float*>(memory + static_cast<std::size_t>(compiled.num_registers()) * strip_bytes(compiled));
}

void TileStrips::set_source(std::uint16_t source, TileOperand elements, std::int64_t first) {
  const auto item = static_cast<std::int64_t>(item_size(compiled_.program().sources[source].dtype));
  for (std::size_t index : source_operands_[source]) {
    operands_[index] = {.data = static_cast<const std::byte*>(elements.data),
                        .step = elements.is_constant ? 0 : item,
                        .first = first,
                        .is_constant = elements.is_constant};
  }
}

void TileStrips::run(std::int64_t first, std::int64_t count, std::byte* to) {
  const auto item = static_cast<std::int64_t>(item_size(compiled_.program().dtype()));
  for (std::int64_t at = 0; at < count; at += kStrip) {
    run_strip(first + at, std::min(kStrip, count - at), to + at * item);
  }
}

void TileStrips::run_strip(std::int64_t first, std::int64_t n, std::byte* result) {
  for (const PlacedStep& placed : steps_) {
    const CompiledTiles::Step& step = *placed.step;
    TileOperand operands[CompiledTiles::kMaxOperands];
    for (int k = 0; k < step.num_operands; ++k) {
      const Operand& operand = operands_[placed.operands + static_cast<std::size_t>(k)];
      operands[k] = {operand.data + (first - operand.first) * operand.step, operand.is_constant};
    }
    std::byte* to = &placed == &steps_.back() ? result : placed.to;
    if (step.narrows || step.widens[0] || step.widens[1] || step.widens[2])
      run_in_float(step, operands, to, n);
    else
      step.loop(to, operands, n);
  }
}

void TileStrips::run_in_float(const CompiledTiles::Step& step, const TileOperand* operands, std::byte* to,
                              std::int64_t n) {
  TileOperand wide_operands[CompiledTiles::kMaxOperands];
  for (int k = 0; k < step.num_operands; ++k) {
    wide_operands[k] = operands[k];
    if (!step.widens[k]) continue;
    float* wide = float_scratch_ + k * kStrip;
    const auto* narrow = static_cast<const Half*>(operands[k].data);
    for (std::int64_t i = 0; i < n; ++i) wide[i] = to_float(narrow[i]);
    wide_operands[k].data = wide;
  }
  if (!step.narrows) return step.loop(to, wide_operands, n);
  float* wide = float_scratch_ + CompiledTiles::kMaxOperands * kStrip;
  step.loop(wide, wide_operands, n);
  auto* narrow = reinterpret_cast<Half*>(to);
  for (std::int64_t i = 0; i < n; ++i) narrow[i] = to_half(wide[i]);
}

}  // namespace plait
