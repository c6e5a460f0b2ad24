// Runs a compiled program over one chunk: the kernel "tiles".
#include <algorithm>
#include <optional>
#include <vector>

#include "kernels/array/combine.h"
#include "kernels/array/compiled_tiles.h"
#include "kernels/array/tile_copy.h"
#include "kernels/array/tile_sources.h"
#include "kernels/array/tile_strips.h"
#include "kernels/array/tile_walk.h"

namespace plait {
namespace {

// Memory for tiles and registers, kept by each thread from task to task.
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

class TileRun {
 public:
  TileRun(const CompiledTiles& compiled, Inputs inputs, const TileParams& params, const TaskContext& context)
      : compiled_(compiled),
        program_(compiled.program()),
        params_(params),
        shape_(params.shape),
        context_(context),
        item_(item_size(program_.dtype())),
        sources_(compiled, inputs, params) {
    sources_.match_extents(shape_);
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

  void plan() {
    walk_.reset(shape_);
    walk_.steppers.resize(program_.sources.size() + 2);
    sources_.plan(walk_, params_.start);
    if (program_.reduction)
      plan_slots();
    else
      std::copy(out_.strides().begin(), out_.strides().end(), walk_.steppers[sink_index()].strides);
    walk_.merge_axes();
    const int wide = compiled_.has_draws() ? -1 : sources_.transposed_axis(walk_);
    tile_elements_ = wide >= 0 ? compiled_.wide_tile_elements() : compiled_.tile_elements();
    walk_.choose_tiles(tile_elements_, wide);
    const int last = walk_.ndim - 1;
    by_rows_ = walk_.tile_extents[last] >= TileStrips::kStrip &&
               (program_.reduction || walk_.steppers[sink_index()].strides[last] == static_cast<std::int64_t>(item_));
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

  // Whether the result is a source as it is.
  bool has_no_steps() const { return compiled_.steps().empty(); }
  SourceKind result_kind() const { return program_.sources[program_.result].kind; }

  void walk_chunk() {
    plan();
    tile_bytes_ = static_cast<std::size_t>(tile_elements_) * compiled_.widest_item();
    const std::size_t num_tiles = compiled_.loads().size() + 1;
    tiles_ = scratch_of_thread(num_tiles * tile_bytes_ + TileStrips::num_bytes(compiled_));
    strips_.emplace(compiled_, tiles_ + num_tiles * tile_bytes_);
    if (has_no_steps() && result_kind() == SourceKind::constant)
      loaded_result_ = {compiled_.constant_block(program_.result), true};
    streams_ = !program_.reduction && context_.destination() != nullptr && out_.num_bytes() >= kStreamBytes;
    walk_.start();
    sources_.plan_prefetch(walk_, by_rows_);
    std::optional<TileWalk> ahead;
    if (sources_.prefetches_tiles()) ahead = walk_;
    do {
      context_.check_cancelled();
      if (ahead && ahead->next()) sources_.prefetch_tile(*ahead);
      run_tile();
    } while (walk_.next());
    if (streams_) finish_streaming();
  }

  void run_tile() {
    // Where nothing else happens to random numbers, they are drawn into their place.
    const Stepper& sink = walk_.steppers[sink_index()];
    if (!program_.reduction && !streams_ && has_no_steps() && result_kind() == SourceKind::draw &&
        walk_.is_contiguous(sink, static_cast<std::int64_t>(item_)))
      return sources_.draw(program_.result, out_.mutable_bytes() + sink.at, walk_.num_elements);
    load();
    if (by_rows_) return for_each_row(walk_, [&](const TileRow& row) { run_row(row); });
    const std::byte* tile = elements(0, walk_.num_elements);
    if (!program_.reduction) return scatter_tile(walk_, sink, out_.mutable_bytes(), tile, item_, streams_);
    for_each_row(walk_, [&](const TileRow& row) { fold(row, tile + static_cast<std::size_t>(row.first) * item_); });
  }

  // Fetches the sources; those that are read row by row are left where they are.
  void load() {
    std::byte* memory = tiles_ + tile_bytes_;  // the first one is the result's
    read_by_row_.clear();
    for (std::uint16_t source : compiled_.loads()) {
      if (by_rows_ && sources_.has_rows(walk_, source)) {
        read_by_row_.push_back(source);
      } else {
        set_source(source, sources_.load(walk_, source, memory));
        memory += tile_bytes_;
      }
    }
  }

  void set_source(std::uint16_t source, const TileOperand& elements, std::int64_t first = 0) {
    strips_->set_source(source, elements, first);
    if (source != program_.result) return;
    loaded_result_ = elements;
    first_loaded_ = first;
    num_repeated_ = 0;
  }

  void run_row(const TileRow& row) {
    sources_.prefetch_row(walk_, row);
    for (std::uint16_t source : read_by_row_) set_source(source, {sources_.row(walk_, row, source), false}, row.first);
    if (program_.reduction) return fold(row, elements(row.first, row.count));
    std::byte* to = out_.mutable_bytes() + row.offset(walk_, walk_.steppers[sink_index()]);
    if (streams_ && !has_no_steps()) {
      strips_->run_each(row.first, row.count, [&](const std::byte* strip, std::int64_t at, std::int64_t n) {
        copy_bytes(to + static_cast<std::size_t>(at) * item_, strip, static_cast<std::size_t>(n) * item_, true);
      });
    } else if (!has_no_steps()) {
      strips_->run(row.first, row.count, to);
    } else {
      copy_bytes(to, elements(row.first, row.count), static_cast<std::size_t>(row.count) * item_, streams_);
    }
  }

  // Some of the result's elements, one after the other.
  const std::byte* elements(std::int64_t first, std::int64_t count) {
    if (!has_no_steps()) {
      strips_->run(first, count, tiles_);
      return tiles_;
    }
    const auto* data = static_cast<const std::byte*>(loaded_result_.data);
    if (!loaded_result_.is_constant) return data + (first - first_loaded_) * static_cast<std::int64_t>(item_);
    if (count > num_repeated_) repeat_element(data, item_, tiles_, num_repeated_ = count);
    return tiles_;
  }

  void fold(const TileRow& row, const std::byte* elements) {
    const ReduceLoops& loops = compiled_.reduce();
    const Stepper& sink = walk_.steppers[sink_index()];
    const Stepper& positions = walk_.steppers[position_index()];
    const int last = walk_.ndim - 1;
    const std::int64_t slot = row.offset(walk_, sink);
    const std::int64_t position = row.offset(walk_, positions);
    if (sink.strides[last] == 0)
      loops.fold_row(slots_, slot, elements, row.count, position, positions.strides[last]);
    else
      loops.fold_each(slots_, slot, elements, row.count, position);
  }

  const CompiledTiles& compiled_;
  const TileProgram& program_;
  const TileParams& params_;
  Shape shape_;  // of the chunk, every extent known
  const TaskContext& context_;
  const std::size_t item_;  // of the result

  TileSources sources_;
  std::optional<TileStrips> strips_;
  TileWalk walk_;
  std::byte* tiles_ = nullptr;      // memory for the result's tile and those of the loads
  std::int64_t tile_elements_ = 0;  // at most
  std::size_t tile_bytes_ = 0;
  TileOperand loaded_result_;  // where the result is a source as it is: its elements from first_loaded_ on
  std::int64_t first_loaded_ = 0;
  std::int64_t num_repeated_ = 0;  // how often tiles_ holds it, where it is a constant
  bool streams_ = false;
  bool by_rows_ = false;  // rows are long enough to be run one by one
  std::vector<std::uint16_t> read_by_row_;

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
