#include "ml/kmeans_step.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ml/center_tiles.h"
#include "ml/row_fold.h"
#include "ml/row_tiles.h"
#include "ml/whole_sums.h"

namespace plait::ml {
namespace {

constinit KernelId<StepParams> step_kernel{"ml_kmeans_step"};
constinit KernelId<> add_steps_kernel{"ml_kmeans_add_steps"};

constexpr std::int64_t kCombined = 8;
constexpr std::int64_t kRowsAtOnce = 1 << 13;
// So few centers are all looked at sooner than one distance by itself.
constexpr std::int64_t kFewCenters = 32;
// What a bound is widened by at every step: more than rounding takes from it.
constexpr float kWider = 1 + 4e-7F;
constexpr float kNarrower = 1 - 4e-7F;

double distance(const double* a, const double* b, std::int64_t columns) {
  return std::sqrt(squared_distance(a, b, columns));
}

// The rows of one block: what is known of them, and what is found anew.
class BlockStep {
 public:
  BlockStep(const NdArray& block, const double* weights, const StepParams& params)
      : weights_(weights),
        params_(params),
        columns_(params.columns),
        rows_(num_rows(block)),
        rounding_(8 * std::numeric_limits<double>::epsilon() * static_cast<double>(params.columns)),
        tightens_(std::ssize(params.centers) / params.columns > kFewCenters),
        table_(params.centers, params.columns),
        tile_(static_cast<std::size_t>(kTileRows * params.columns)),
        sums_(NdArray::zeros(DType::int64, {std::ssize(params.centers) / columns_ * (columns_ + 1)})),
        state_(NdArray::empty(DType::float32, {3, rows_})),
        x_(block.data<double>()),
        label_(state_.mutable_data<float>()),
        upper_(label_ + rows_),
        lower_(upper_ + rows_) {
    pending_.reserve(kTileRows);
  }

  void look_at_all(const TaskContext& context) {
    for (std::int64_t row = 0; row < rows_; ++row) {
      if (row % kRowsAtOnce == 0) context.check_cancelled();
      label_[row] = -1;
      wait(row);
    }
    find_waiting();
  }

  void look_at_moved(const NdArray& before, const TaskContext& context) {
    struct Moved {
      float by, others_by, half_gap;
    };
    std::vector<Moved> moved;
    for (std::size_t c = 0; c < params_.moves.size(); ++c) {
      moved.push_back({static_cast<float>(params_.moves[c]), static_cast<float>(params_.moves_of_others[c]),
                       static_cast<float>(params_.half_gaps[c]) * kNarrower});
    }
    const float* labels = before.data<float>();
    const float* uppers = labels + rows_;
    const float* lowers = uppers + rows_;
    for (std::int64_t row = 0; row < rows_; ++row) {
      if (row % kRowsAtOnce == 0) context.check_cancelled();
      const auto center = static_cast<std::size_t>(labels[row]);
      const Moved& of_center = moved[center];
      float high = (uppers[row] + of_center.by) * kWider;
      const float low = (lowers[row] - of_center.others_by) * kNarrower;
      label_[row] = labels[row];
      lower_[row] = low;
      const float bound = std::max(low, of_center.half_gap);
      if (high >= bound && tightens_)
        high = static_cast<float>(distance(numbers(row), center_of(center), columns_)) * kWider;
      if (high >= bound) {
        wait(row);
      } else {
        upper_[row] = high;
      }
    }
    find_waiting();
  }

  Value result() { return Value::of(Sequence{{Value::of(std::move(sums_)), Value::of(std::move(state_))}}); }

 private:
  const double* numbers(std::int64_t row) const { return x_ + row * columns_; }
  const double* center_of(std::size_t c) const {
    return params_.centers.data() + static_cast<std::int64_t>(c) * columns_;
  }

  void wait(std::int64_t row) {
    pending_.push_back(row);
    if (std::ssize(pending_) == kTileRows) find_waiting();
  }

  // The nearest centers of the rows that wait, a tile of them at once.
  void find_waiting() {
    const std::int64_t count = std::ssize(pending_);
    if (count == 0) return;
    for (std::int64_t i = 0; i < count; ++i) {
      const double* row = numbers(pending_[static_cast<std::size_t>(i)]);
      for (std::int64_t j = 0; j < columns_; ++j)
        tile_[static_cast<std::size_t>(j * kTileRows + i)] = row[j] - table_.origin[static_cast<std::size_t>(j)];
    }
    nearest_of_tile(tile_.data(), count, table_, found_);
    for (std::int64_t i = 0; i < count; ++i) settle(pending_[static_cast<std::size_t>(i)], static_cast<std::size_t>(i));
    pending_.clear();
  }

  // What is found at a place of the tile is written down for a row.
  void settle(std::int64_t row, std::size_t place) {
    const std::int32_t center = found_.labels[place];
    const float before = label_[row];
    const auto after = static_cast<float>(center);
    const double norm = found_.norms[place], first = norm + 2 * found_.firsts[place];
    const double second = norm + 2 * found_.seconds[place];
    // What rounding may have made of sums of products.
    const double lost = rounding_ * (norm + table_.half_norms[static_cast<std::size_t>(center)]);
    upper_[row] = static_cast<float>(std::sqrt(std::max(0.0, first) + lost)) * kWider;
    lower_[row] = static_cast<float>(std::sqrt(std::max(0.0, second - lost))) * kNarrower;
    if (before == after) return;
    if (before >= 0) add(row, static_cast<std::int64_t>(before), -1);
    add(row, center, 1);
    label_[row] = after;
  }

  void add(std::int64_t row, std::int64_t center, std::int64_t sign) {
    std::int64_t* to = sums_.mutable_data<std::int64_t>() + center * (columns_ + 1);
    const double weight = weights_ ? weights_[row] : 1;
    const double scale = weight * params_.scales.sum;
    const double* from = numbers(row);
    for (std::int64_t j = 0; j < columns_; ++j) to[j] += sign * fixed(from[j], scale);
    to[columns_] += sign * fixed(weight, params_.scales.weight);
  }

  const double* weights_;
  const StepParams& params_;
  std::int64_t columns_, rows_;
  double rounding_;
  bool tightens_;
  CenterTable table_;
  std::vector<double> tile_;
  NearestCenters found_;
  std::vector<std::int64_t> pending_;
  NdArray sums_, state_;
  const double* x_;
  float *label_, *upper_, *lower_;  // of each row, in state_
};

// (rows, weights, state of the last step) -> what the sums change by, and the new state.
Value step_of_block(Inputs inputs, const StepParams& params, const TaskContext& context) {
  const NdArray block = as_doubles(inputs[0].as<NdArray>());
  const NdArray weights = params.has_weights ? as_doubles(inputs[1].as<NdArray>()) : NdArray();
  BlockStep step(block, params.has_weights ? weights.data<double>() : nullptr, params);
  if (params.moves.empty()) {
    step.look_at_all(context);
  } else {
    step.look_at_moved(inputs.back().as<Sequence>().items.at(1).as<NdArray>(), context);
  }
  return step.result();
}

Value added_steps(Inputs steps, const TaskContext&) {
  const auto sums_of = [](const Value& step) -> const NdArray& {
    const auto* parts = step.get_if<Sequence>();
    return (parts ? parts->items.at(0) : step).as<NdArray>();
  };
  NdArray total = sums_of(steps[0]).copy();
  auto* to = total.mutable_data<std::int64_t>();
  for (const Value& step : steps.subspan(1)) {
    const NdArray held = sums_of(step).contiguous();
    for (std::int64_t i = 0; i < total.size(); ++i) to[i] += held.data<std::int64_t>()[i];
  }
  return Value::of(std::move(total));
}

}  // namespace

StepParams step_params(std::vector<double> centers, const std::vector<double>& before, std::int64_t columns,
                       const FixedScales& scales, bool has_weights) {
  const std::int64_t count = std::ssize(centers) / columns;
  StepParams params{.columns = columns, .scales = scales, .has_weights = has_weights};
  const auto at = [columns](const std::vector<double>& of, std::int64_t c) { return of.data() + c * columns; };
  for (std::int64_t c = 0; c < count; ++c) {
    double nearest = std::numeric_limits<double>::infinity();
    for (std::int64_t other = 0; other < count; ++other) {
      if (other != c) nearest = std::min(nearest, distance(at(centers, c), at(centers, other), columns));
    }
    params.half_gaps.push_back(nearest / 2);
    if (!before.empty()) params.moves.push_back(distance(at(centers, c), at(before, c), columns));
  }
  for (std::size_t c = 0; c < params.moves.size(); ++c) {
    double farthest = 0;
    for (std::size_t other = 0; other < params.moves.size(); ++other)
      farthest = other == c ? farthest : std::max(farthest, params.moves[other]);
    params.moves_of_others.push_back(farthest);
  }
  params.centers = std::move(centers);
  return params;
}

Step kmeans_step(std::vector<ExprPtr> rows, const ExprPtr& states, StepParams params) {
  if (states) rows.push_back(states);
  const ExprPtr steps = make_expr<RowPartials>(std::move(rows), "kmeans_step", step_kernel(std::move(params)));
  ExprPtr sums = steps;
  do {
    sums = make_expr<JoinPartials>(sums, "kmeans_step", add_steps_kernel(), kCombined);
  } while (sums->meta().num_blocks() > 1);
  return {steps, sums};
}

void register_kmeans_step_kernels() {
  define(step_kernel, "Rows that have changed their center.", step_of_block);
  define(add_steps_kernel, "Changes of sums added up.", added_steps);
}

}  // namespace plait::ml
