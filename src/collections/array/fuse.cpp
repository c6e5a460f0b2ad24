#include "collections/array/fuse.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "collections/array/creation.h"
#include "collections/array/layout.h"
#include "collections/array/random_draw.h"

namespace plait {
namespace {

// Longer programs run no faster and compile for longer, and each join costs as much as the program is long.
constexpr std::size_t kMaxValues = 128;

bool is_one(const std::vector<std::int64_t>& blocks) { return blocks.size() == 1 && blocks[0] == 1; }

bool has_draws(const TileProgram& program) {
  return std::any_of(program.sources.begin(), program.sources.end(),
                     [](const TileSource& s) { return s.kind == SourceKind::draw; });
}

// Axis by axis from the right, as operands are broadcast; -1 where the array is stretched.
std::vector<int> broadcast_axes(const Chunks& from, const Chunks& to) {
  std::vector<int> axes(to.size(), -1);
  const std::size_t lead = to.size() - from.size();
  for (std::size_t axis = 0; axis < from.size(); ++axis) {
    if (!is_one(from[axis]) || is_one(to[axis + lead])) axes[axis + lead] = static_cast<int>(axis);
  }
  return axes;
}

// The block of an operand that goes with a block of the region.
std::int64_t operand_block(const std::vector<std::int64_t>& index, const std::vector<int>& axes,
                           const std::vector<std::int64_t>& grid) {
  std::vector<std::int64_t> own(grid.size(), 0);
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    if (axes[axis] >= 0 && grid[axes[axis]] > 1) own[axes[axis]] = index[axis];
  }
  return ravel(own, grid);
}

bool is_same_expr(const ExprPtr& a, const ExprPtr& b) { return a == b || a->token() == b->token(); }

// Joins a producer's program into a consumer's, in place of one of its block sources.
class Joiner {
 public:
  Joiner(const TileRegion& consumer, std::size_t operand, const TileRegion& producer)
      : consumer_(consumer), operand_(operand), producer_(producer) {
    for (std::size_t i = 0; i < consumer.program.sources.size(); ++i) {
      const TileSource& source = consumer.program.sources[i];
      if (source.kind == SourceKind::block && source.input == operand) axes_ = source.axes;
    }
  }

  bool is_possible() const {
    if (axes_.empty() && !consumer_.chunks.empty()) return false;
    if (producer_.program.reduction) return false;
    if (consumer_.program.sources.size() + consumer_.program.steps.size() + producer_.program.sources.size() +
            producer_.program.steps.size() >
        kMaxValues) {
      return false;
    }
    bool is_stretched = false;
    int previous = -1;
    bool is_in_order = true;
    for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
      const int own = axes_[axis];
      if (own < 0) {
        is_stretched = is_stretched || !is_one(consumer_.chunks[axis]);
        continue;
      }
      if (producer_.chunks[own] != consumer_.chunks[axis]) return false;
      is_in_order = is_in_order && own > previous;
      previous = own;
    }
    // Work on a stretched operand would be done again for every row.
    if (is_stretched && (!producer_.program.steps.empty() || has_draws(producer_.program))) return false;
    if (!is_in_order && has_draws(producer_.program)) return false;
    // Needed elsewhere in this region in another way: joining it here would do its work twice.
    const auto uses = std::count_if(consumer_.inputs.begin(), consumer_.inputs.end(), [&](const ExprPtr& input) {
      return is_same_expr(input, consumer_.inputs[operand_]);
    });
    return uses == 1 || producer_.is_cheap();
  }

  ExprPtr joined() {
    const std::vector<std::uint16_t> of_producer = add_sources(producer_, true);
    const std::vector<std::uint16_t> of_consumer = add_sources(consumer_, false);
    const std::vector<std::uint16_t> produced = add_steps(producer_.program, of_producer);
    std::vector<std::uint16_t> known = of_consumer;
    for (std::size_t i = 0; i < known.size(); ++i) {
      const TileSource& source = consumer_.program.sources[i];
      if (source.kind == SourceKind::block && source.input == operand_) known[i] = produced[producer_.program.result];
    }
    const std::vector<std::uint16_t> consumed = add_steps(consumer_.program, known);
    program_.result = consumed[consumer_.program.result];
    program_.reduction = consumer_.program.reduction;
    number_steps();
    return make_expr<TileRegion>(std::move(inputs_), std::move(program_), consumer_.chunks, consumer_.label,
                                 std::move(seeds_));
  }

 private:
  static constexpr std::uint16_t kStep = 0x8000;  // marks a step's number until all sources are known

  std::vector<std::uint16_t> add_sources(const TileRegion& region, bool is_producer) {
    std::vector<std::uint16_t> places;
    for (const TileSource& source : region.program.sources) {
      if (!is_producer && source.kind == SourceKind::block && source.input == operand_) {
        places.push_back(0);  // the producer's result stands in for it
        continue;
      }
      places.push_back(add_source(region, source, is_producer));
    }
    return places;
  }

  std::uint16_t add_source(const TileRegion& region, TileSource source, bool is_producer) {
    if (source.kind == SourceKind::block) {
      if (is_producer) source.axes = seen_from_consumer(source.axes);
      source.input = add_input(region.inputs[source.input], source.axes);
      for (std::size_t i = 0; i < program_.sources.size(); ++i) {
        const TileSource& other = program_.sources[i];
        if (other.kind == SourceKind::block && other.input == source.input) return static_cast<std::uint16_t>(i);
      }
    } else if (source.kind == SourceKind::range && is_producer) {
      const auto found = std::find(axes_.begin(), axes_.end(), static_cast<int>(source.axis));
      if (found == axes_.end())
        source.kind = SourceKind::constant;  // one element: the first
      else
        source.axis = found - axes_.begin();
    } else if (source.kind == SourceKind::draw) {
      seeds_.push_back(region.seeds.at(source.input));
      source.input = static_cast<std::uint32_t>(seeds_.size() - 1);
    }
    program_.sources.push_back(std::move(source));
    return static_cast<std::uint16_t>(program_.sources.size() - 1);
  }

  std::vector<int> seen_from_consumer(const std::vector<int>& axes) const {
    std::vector<int> seen;
    for (int own : axes_) seen.push_back(own < 0 ? -1 : axes[own]);
    return seen;
  }

  // An input that is read in the same way already is read once.
  std::uint32_t add_input(const ExprPtr& input, const std::vector<int>& axes) {
    for (const TileSource& source : program_.sources) {
      if (source.kind == SourceKind::block && source.axes == axes && is_same_expr(inputs_[source.input], input))
        return source.input;
    }
    inputs_.push_back(input);
    return static_cast<std::uint32_t>(inputs_.size() - 1);
  }

  std::vector<std::uint16_t> add_steps(const TileProgram& from, std::vector<std::uint16_t> known) {
    for (TileStep step : from.steps) {
      for (std::uint16_t& operand : step.operands) operand = known[operand];
      program_.steps.push_back(std::move(step));
      known.push_back(static_cast<std::uint16_t>(kStep + program_.steps.size() - 1));
    }
    return known;
  }

  void number_steps() {
    const auto number = [&](std::uint16_t& value) {
      if (value >= kStep) value = static_cast<std::uint16_t>(value - kStep + program_.sources.size());
    };
    for (TileStep& step : program_.steps) {
      for (std::uint16_t& operand : step.operands) number(operand);
    }
    number(program_.result);
  }

  const TileRegion& consumer_;
  std::size_t operand_;
  const TileRegion& producer_;
  std::vector<int> axes_;  // the producer's axis for each of the consumer's
  std::vector<ExprPtr> inputs_;
  std::vector<StreamSeeds> seeds_;
  TileProgram program_;
};

}  // namespace

std::string TileRegion::describe() const {
  std::string text;
  for (const TileStep& step : program.steps) {
    if (!text.empty()) text += ", ";
    text += step.op == ElementOp::cast ? fmt::format("astype({})", plait::name(step.result))
                                       : std::string(plait::name(step.op));
  }
  if (program.reduction) text += fmt::format("{}{}", text.empty() ? "" : ", ", plait::name(program.reduction->op));
  return text;
}

MetaPtr TileRegion::infer_meta() const {
  loop_ = std::make_shared<const ArrayMeta>(program.dtype(), chunks);
  if (!program.reduction) return loop_;
  Chunks kept;
  const auto& reduction = *program.reduction;
  for (std::size_t axis = 0; axis < chunks.size(); ++axis) {
    const bool is_reduced =
        std::find(reduction.axes.begin(), reduction.axes.end(), static_cast<int>(axis)) != reduction.axes.end();
    if (!is_reduced)
      kept.push_back(chunks[axis]);
    else if (!reduction.finish || reduction.finish->keepdims)
      kept.emplace_back(chunks[axis].size(), 1);
  }
  return make_array_meta(reduction.finish ? reduction.finish->dtype : program.dtype(), std::move(kept));
}

const std::shared_ptr<const CompiledTiles>& TileRegion::compiled() const {
  std::call_once(compiled_once_, [this] { compiled_ = compile_tiles(program); });
  return compiled_;
}

BlockTask TileRegion::block_task(std::int64_t block) const {
  const ArrayMeta& loop = *loop_;
  const std::vector<std::int64_t> index = unravel(block, loop.grid());
  TileParams params;
  params.program = compiled();
  params.shape = loop.block_shape(block);
  BlockTask task;
  task.inputs.resize(inputs.size());
  bool needs_start = program.reduction && is_arg_reduction(program.reduction->op);
  for (const TileSource& source : program.sources) {
    needs_start = needs_start || source.kind == SourceKind::range;
    if (source.kind != SourceKind::block) continue;
    task.inputs[source.input] = {source.input, operand_block(index, source.axes, inputs[source.input]->meta().grid())};
  }
  if (needs_start) params.start = loop.block_start(block);
  for (const StreamSeeds& stream : seeds) {
    params.seeds.push_back(stream[static_cast<std::uint64_t>(block)]);
    if (params.seeds.back().kind == StreamKind::counter)
      params.placements.resize(seeds.size(), {loop.shape(), loop.block_start(block), params.shape});
  }
  task.call = tiles_kernel(std::move(params));
  task.output_bytes = program.reduction && program.reduction->axes.size() == chunks.size()
                          ? 64
                          : static_cast<const ArrayMeta&>(meta()).block_bytes(block);
  return task;
}

bool TileRegion::is_blockwise() const {
  for (const TileSource& source : program.sources) {
    if (source.kind != SourceKind::block) continue;
    for (std::size_t axis = 0; axis < chunks.size(); ++axis) {
      if (source.axes[axis] < 0 && chunks[axis].size() > 1) return false;
    }
  }
  return true;
}

bool TileRegion::is_cheap() const {
  if (program.reduction || has_draws(program)) return false;
  if (inputs.empty())
    return std::none_of(program.steps.begin(), program.steps.end(), [](const TileStep& s) { return is_costly(s.op); });
  return program.steps.empty();
}

ExprPtr TileRegion::absorb(std::size_t operand, const ExprPtr& producer) const {
  const auto region = as_region(producer);
  if (!region) return nullptr;
  Joiner joiner(*this, operand, *region);
  if (!joiner.is_possible()) return nullptr;
  SourceScope scope(source());
  return joiner.joined();
}

std::uint16_t RegionBuilder::add_array(const ExprPtr& array) {
  const ArrayMeta& known = array_meta(array);
  std::vector<int> axes = broadcast_axes(known.chunks(), chunks_);
  for (std::size_t i = 0; i < program_.sources.size(); ++i) {
    const TileSource& source = program_.sources[i];
    if (source.kind == SourceKind::block && source.axes == axes && is_same_expr(inputs_[source.input], array)) {
      return static_cast<std::uint16_t>(i);
    }
  }
  TileSource source{
      .kind = SourceKind::block, .dtype = known.dtype(), .input = static_cast<std::uint32_t>(inputs_.size())};
  source.axes = std::move(axes);
  inputs_.push_back(array);
  program_.sources.push_back(std::move(source));
  return static_cast<std::uint16_t>(program_.sources.size() - 1);
}

std::uint16_t RegionBuilder::add_constant(const ScalarValue& value, DType dtype) {
  program_.sources.push_back({.kind = SourceKind::constant, .dtype = dtype, .value = value});
  return static_cast<std::uint16_t>(program_.sources.size() - 1);
}

DType RegionBuilder::dtype_of(std::uint16_t value) const {
  return value >= kStep ? program_.steps[value - kStep].result : program_.sources[value].dtype;
}

std::uint16_t RegionBuilder::add_cast(std::uint16_t value, DType dtype) {
  const DType own = dtype_of(value);
  return own == dtype ? value : add_step(ElementOp::cast, own, dtype, {value});
}

std::uint16_t RegionBuilder::add_step(ElementOp op, DType loop, DType result, std::vector<std::uint16_t> operands) {
  program_.steps.push_back({.op = op, .loop = loop, .result = result, .operands = std::move(operands)});
  return static_cast<std::uint16_t>(kStep + program_.steps.size() - 1);
}

ExprPtr RegionBuilder::finish(std::string label, std::uint16_t result, std::optional<TileReduction> reduction) {
  const auto number = [&](std::uint16_t value) {
    return value >= kStep ? static_cast<std::uint16_t>(value - kStep + program_.sources.size()) : value;
  };
  for (TileStep& step : program_.steps) {
    for (std::uint16_t& operand : step.operands) operand = number(operand);
  }
  program_.result = number(result);
  program_.reduction = std::move(reduction);
  return make_expr<TileRegion>(std::move(inputs_), std::move(program_), std::move(chunks_), std::move(label),
                               std::vector<StreamSeeds>{});
}

}  // namespace plait
