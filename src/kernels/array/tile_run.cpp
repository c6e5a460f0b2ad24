// Runs a compiled program over one chunk: the kernel "tiles".
#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "base/check.h"
#include "base/half.h"
#include "kernels/array/combine.h"
#include "kernels/array/compiled_tiles.h"
#include "kernels/array/random/draw_stream.h"
#include "kernels/array/random/uniform_stream.h"
#include "kernels/array/tile_copy.h"
#include "kernels/array/tile_walk.h"

namespace plait {
namespace {

// Memory for registers, kept by each thread from task to task.
std::byte* scratch_of_thread(std::size_t num_bytes) {
  thread_local std::shared_ptr<Buffer> buffer;
  if (!buffer || buffer->size() < num_bytes) {
    buffer.reset();
    buffer = Buffer::allocate(num_bytes);
  }
  return buffer->data();
}

// Results of this size are not worth keeping in the caches when nobody reads them soon.
constexpr std::size_t kStreamBytes = 4 << 20;

// Uniform doubles, the common case, are drawn without a detour.
class Draws {
 public:
  Draws(const StreamSeed& seed, const TileSource& source, const BlockPlacement& placement) {
    const Distribution& distribution = *source.distribution;
    if (distribution.kind == DistributionKind::random && is_floating(distribution.dtype) &&
        distribution.dtype != DType::float16) {
      uniform_.emplace(seed, placement);
      is_double_ = distribution.dtype == DType::float64;
    } else {
      any_.emplace(seed, distribution, placement);
    }
  }

  void fill(void* out, std::int64_t n) {
    if (any_) return any_->fill(out, n);
    if (is_double_)
      uniform_->fill(static_cast<double*>(out), n);
    else
      uniform_->fill(static_cast<float*>(out), n);
  }

 private:
  std::optional<UniformStream> uniform_;
  std::optional<DrawStream> any_;
  bool is_double_ = true;
};

class TileRun {
 public:
  TileRun(const CompiledTiles& compiled, Inputs inputs, const TileParams& params, const TaskContext& context)
      : compiled_(compiled),
        program_(compiled.program()),
        params_(params),
        shape_(params.shape),
        context_(context) {
    find_inputs(inputs);
  }

  Value run() {
    const bool is_empty = num_elements(shape_) == 0;
    if (program_.reduction) {
      start_slots();
      if (!is_empty) walk_chunk();
      compiled_.reduce().close(slots_, num_slots_);
      return partial();
    }
    out_ = context_.output(program_.dtype(), shape_);
    if (!is_empty) walk_chunk();
    return Value::of(std::move(out_));
  }

 private:
  // Steppers stand in the order: sources; output or slots; positions.
  std::size_t sink_index() const { return program_.sources.size(); }
  std::size_t position_index() const { return program_.sources.size() + 1; }

  void find_inputs(Inputs inputs) {
    bases_.resize(program_.sources.size(), nullptr);
    arrays_.resize(program_.sources.size(), nullptr);
    for (std::size_t i = 0; i < program_.sources.size(); ++i) {
      const TileSource& source = program_.sources[i];
      if (source.kind == SourceKind::block) {
        const NdArray& array = inputs[source.input].as<NdArray>();
        PLAIT_CHECK(array.dtype() == source.dtype);
        match_extents(shape_, array, source.axes);
        arrays_[i] = &array;
        bases_[i] = array.bytes();
      } else if (source.kind == SourceKind::draw) {
        const BlockPlacement none;
        draws_.emplace_back(i, Draws(params_.seeds.at(source.input), source,
                                     params_.placements.empty() ? none : params_.placements.at(source.input)));
      }
    }
  }

  void plan() {
    const int ndim = static_cast<int>(shape_.size());
    walk_.reset(shape_);
    walk_.steppers.resize(program_.sources.size() + 2);
    for (std::size_t i = 0; i < program_.sources.size(); ++i) {
      Stepper& stepper = walk_.steppers[i];
      const TileSource& source = program_.sources[i];
      if (source.kind == SourceKind::block) {
        for (int axis = 0; axis < ndim; ++axis) {
          stepper.strides[axis] = source.axes[axis] < 0 ? 0 : arrays_[i]->strides()[source.axes[axis]];
        }
      } else if (source.kind == SourceKind::range) {
        stepper.strides[source.axis] = 1;
        stepper.at = params_.start.at(source.axis);
      }
    }
    if (program_.reduction)
      plan_slots();
    else
      std::copy(out_.strides().begin(), out_.strides().end(), walk_.steppers[sink_index()].strides);
    walk_.merge_axes();
    const int square = compiled_.has_draws() ? -1 : transposed_axis();
    walk_.choose_tiles(square >= 0 ? CompiledTiles::kMaxTileElements : compiled_.tile_elements(), square);
  }

  // An axis along which a source is contiguous while along the last axis it is not.
  int transposed_axis() const {
    const int last = walk_.ndim - 1;
    for (std::size_t i = 0; i < program_.sources.size(); ++i) {
      if (program_.sources[i].kind != SourceKind::block) continue;
      const Stepper& stepper = walk_.steppers[i];
      const auto item = static_cast<std::int64_t>(item_size(program_.sources[i].dtype));
      if (stepper.strides[last] == item || stepper.strides[last] == 0) continue;
      for (int axis = 0; axis < last; ++axis) {
        if (stepper.strides[axis] == item) return axis;
      }
    }
    return -1;
  }

  // Slots in C order of the axes that are kept; positions in C order of the whole array's reduced axes.
  void plan_slots() {
    const TileReduction& reduction = *program_.reduction;
    Stepper& slots = walk_.steppers[sink_index()];
    Stepper& positions = walk_.steppers[position_index()];
    std::int64_t slot_step = 1;
    std::int64_t position_step = 1;
    for (int axis = static_cast<int>(shape_.size()) - 1; axis >= 0; --axis) {
      if (!is_reduced(axis)) {
        slots.strides[axis] = slot_step;
        slot_step *= shape_[axis];
      } else if (!reduction.array_shape.empty()) {
        positions.strides[axis] = position_step;
        positions.at += position_step * params_.start.at(axis);
        position_step *= reduction.array_shape[axis];
      }
    }
  }

  bool is_reduced(int axis) const {
    const auto& axes = program_.reduction->axes;
    return std::find(axes.begin(), axes.end(), axis) != axes.end();
  }

  void start_slots() {
    const ReduceLoops& loops = compiled_.reduce();
    partial_shape_ = shape_;
    for (int axis : program_.reduction->axes) partial_shape_[axis] = 1;
    num_slots_ = num_elements(partial_shape_);
    a_ = NdArray::empty(loops.a, partial_shape_);
    slots_.a = a_.mutable_bytes();
    if (loops.num_arrays > 1) {
      b_ = NdArray::empty(loops.b, partial_shape_);
      slots_.b = b_.mutable_bytes();
    }
    if (loops.num_arrays > 2) {
      c_ = NdArray::empty(loops.c, partial_shape_);
      slots_.c = c_.mutable_bytes();
    }
    loops.start(slots_, num_slots_);
  }

  Value partial() {
    const TileReduction& reduction = *program_.reduction;
    std::int64_t count = 1;
    for (int axis : reduction.axes) count *= shape_[axis];
    Value partial = make_partial(reduction.op, std::move(a_), std::move(b_), std::move(c_), count);
    return reduction.finish ? finish_partial(partial, *reduction.finish, context_) : partial;
  }

  void walk_chunk() {
    plan();
    const std::size_t register_bytes = compiled_.register_bytes();
    const std::size_t num_registers = static_cast<std::size_t>(compiled_.num_registers()) + 1;
    constexpr std::size_t kHalfScratch = 4 * CompiledTiles::kMaxTileElements * sizeof(float);
    registers_ = scratch_of_thread(num_registers * register_bytes + kHalfScratch);
    spare_ = registers_ + (num_registers - 1) * register_bytes;
    half_scratch_ = reinterpret_cast<float*>(registers_ + num_registers * register_bytes);
    values_.resize(program_.sources.size() + program_.steps.size());
    still_.resize(program_.sources.size());
    for (std::size_t i = 0; i < program_.sources.size(); ++i) {
      if (program_.sources[i].kind == SourceKind::constant)
        values_[i] = {compiled_.constant_block(static_cast<std::uint16_t>(i)), true};
    }
    streams_ = !program_.reduction && context_.destination() != nullptr && out_.num_bytes() >= kStreamBytes;
    walk_.start();
    do {
      context_.check_cancelled();
      run_tile();
    } while (walk_.next());
    if (streams_) finish_streaming();
  }

  void run_tile() {
    direct_ = nullptr;
    const Stepper& sink = walk_.steppers[sink_index()];
    const std::size_t item = item_size(program_.dtype());
    if (!program_.reduction && !streams_ && walk_.is_contiguous(sink, static_cast<std::int64_t>(item)))
      direct_ = out_.mutable_bytes() + sink.at;
    for (const CompiledTiles::Action& action : compiled_.actions()) {
      if (action.is_load)
        load(action);
      else
        compute(action);
    }
    if (program_.reduction)
      fold();
    else
      store(item);
  }

  std::byte* register_at(std::uint16_t number) { return registers_ + number * compiled_.register_bytes(); }

  void load(const CompiledTiles::Action& action) {
    const TileSource& source = program_.sources[action.source];
    const Stepper& stepper = walk_.steppers[action.source];
    std::byte* to = register_at(action.to);
    const std::size_t item = item_size(source.dtype);
    TileOperand& value = values_[action.source];
    switch (source.kind) {
      case SourceKind::block: {
        const std::byte* base = bases_[action.source];
        if (walk_.is_contiguous(stepper, static_cast<std::int64_t>(item))) {
          value = {base + stepper.at, false};
        } else if (walk_.is_still(stepper)) {
          repeat(base + stepper.at, item, to, std::min(walk_.num_elements, kConstantBlock));
          value = {to, true};
        } else {
          gather_tile(walk_, stepper, base, to, item);
          value = {to, false};
        }
        return;
      }
      case SourceKind::range:
        count_up(source, stepper, to);
        value = {to, false};
        return;
      case SourceKind::draw: {
        // Where nothing else happens to the numbers, they are drawn into their place.
        std::byte* place = direct_ && program_.result == action.source ? direct_ : to;
        for (auto& [index, draws] : draws_) {
          if (index == action.source) draws.fill(place, walk_.num_elements);
        }
        value = {place, false};
        return;
      }
      case SourceKind::constant:
        return;
    }
  }

  static void repeat(const std::byte* element, std::size_t item, std::byte* to, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) std::memcpy(to + static_cast<std::size_t>(i) * item, element, item);
  }

  void count_up(const TileSource& source, const Stepper& stepper, std::byte* to) {
    const int last = walk_.ndim - 1;
    const std::int64_t step = stepper.strides[last];
    visit_dtype(source.dtype, [&]<class Tag>(Tag) {
      using T = typename Tag::type;
      T* out = reinterpret_cast<T*>(to);
      for_each_row(walk_, stepper, stepper, [&](std::int64_t first, std::int64_t count, std::int64_t at, std::int64_t) {
        for (std::int64_t i = 0; i < count; ++i) out[first + i] = range_value<T>(source, at + i * step);
      });
    });
  }

  template <class T>
  static T range_value(const TileSource& source, std::int64_t position) {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      if (std::holds_alternative<std::int64_t>(source.value)) {
        const auto start = static_cast<std::uint64_t>(std::get<std::int64_t>(source.value));
        const auto step = static_cast<std::uint64_t>(std::get<std::int64_t>(source.step));
        return static_cast<T>(start + static_cast<std::uint64_t>(position) * step);
      }
    }
    double value = std::get<double>(source.value) + static_cast<double>(position) * std::get<double>(source.step);
    if (source.last && position == source.last_position) value = *source.last;
    if constexpr (std::is_same_v<T, Half>)
      return to_half(static_cast<float>(value));
    else
      return static_cast<T>(value);
  }

  void compute(const CompiledTiles::Action& action) {
    TileOperand operands[CompiledTiles::kMaxOperands];
    for (int k = 0; k < action.num_operands; ++k) {
      operands[k] = values_[action.operands[k]];
      if (action.widens[k]) operands[k] = widened(operands[k], k);
    }
    const bool is_result = action.value == program_.result;
    std::byte* to = is_result && direct_ ? direct_ : register_at(action.to);
    const std::int64_t n = walk_.num_elements;
    if (action.narrows) {
      float* wide = half_scratch_ + 3 * CompiledTiles::kMaxTileElements;
      action.loop(wide, operands, n);
      auto* narrow = reinterpret_cast<Half*>(to);
      for (std::int64_t i = 0; i < n; ++i) narrow[i] = to_half(wide[i]);
    } else {
      action.loop(to, operands, n);
    }
    values_[action.value] = {to, false};
  }

  TileOperand widened(TileOperand operand, int k) {
    float* wide = half_scratch_ + k * CompiledTiles::kMaxTileElements;
    const auto* narrow = static_cast<const Half*>(operand.data);
    const std::int64_t n = operand.is_constant ? std::min(walk_.num_elements, kConstantBlock) : walk_.num_elements;
    for (std::int64_t i = 0; i < n; ++i) wide[i] = to_float(narrow[i]);
    return {wide, operand.is_constant};
  }

  // The result's elements one after the other.
  const std::byte* result_elements(std::size_t item) {
    const TileOperand& result = values_[program_.result];
    const auto* data = static_cast<const std::byte*>(result.data);
    if (!result.is_constant) return data;
    repeat(data, item, spare_, walk_.num_elements);
    return spare_;
  }

  void store(std::size_t item) {
    const std::byte* from = result_elements(item);
    if (from == direct_) return;
    scatter_tile(walk_, walk_.steppers[sink_index()], out_.mutable_bytes(), from, item, streams_);
  }

  void fold() {
    const std::size_t item = item_size(program_.dtype());
    const std::byte* from = result_elements(item);
    const ReduceLoops& loops = compiled_.reduce();
    const Stepper& sink = walk_.steppers[sink_index()];
    const Stepper& positions = walk_.steppers[position_index()];
    const int last = walk_.ndim - 1;
    const bool is_row = sink.strides[last] == 0;
    for_each_row(walk_, sink, positions,
                 [&](std::int64_t first, std::int64_t count, std::int64_t slot, std::int64_t position) {
                   const std::byte* x = from + static_cast<std::size_t>(first) * item;
                   if (is_row)
                     loops.fold_row(slots_, slot, x, count, position, positions.strides[last]);
                   else
                     loops.fold_each(slots_, slot, x, count, position);
                 });
  }

  const CompiledTiles& compiled_;
  const TileProgram& program_;
  const TileParams& params_;
  Shape shape_;  // of the chunk, every extent known
  const TaskContext& context_;

  std::vector<const NdArray*> arrays_;
  std::vector<const std::byte*> bases_;
  std::vector<std::pair<std::size_t, Draws>> draws_;
  TileWalk walk_;
  std::byte* registers_ = nullptr;
  std::byte* spare_ = nullptr;
  float* half_scratch_ = nullptr;
  std::vector<TileOperand> values_;
  std::vector<bool> still_;
  std::byte* direct_ = nullptr;  // this tile's place in the result, where the last step can write into it
  bool streams_ = false;

  NdArray out_ = NdArray::wrap(DType::float64, {}, {}, nullptr, nullptr);
  NdArray a_ = out_;
  NdArray b_ = out_;
  NdArray c_ = out_;
  ReduceSlots slots_;
  Shape partial_shape_;
  std::int64_t num_slots_ = 0;
};

}  // namespace

Value run_tiles(Inputs inputs, const TileParams& params, const TaskContext& context) {
  return TileRun(*params.program, inputs, params, context).run();
}

}  // namespace plait
