#include "ml/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ml/kept_rows.h"
#include "ml/ml_start.h"
#include "ml/row_fold.h"
#include "ml/row_map.h"
#include "ml/row_tiles.h"
#include "plait/ml/metrics.h"

namespace plait::ml {
namespace {

struct ConfusionParams {
  std::int64_t classes = 0;
  static constexpr auto fields = std::tuple{&ConfusionParams::classes};
};
constinit KernelId<ConfusionParams> confusion_kernel{"ml_confusion"};
struct LogLossParams {
  double least = 0;
  static constexpr auto fields = std::tuple{&LogLossParams::least};
};
constinit KernelId<LogLossParams> log_loss_kernel{"ml_log_loss"};
constinit KernelId<> errors_kernel{"ml_errors"};
constinit KernelId<> join_errors_kernel{"ml_join_errors"};

// Blocks that belong together, of one length, with their weights.
struct Rows {
  NdArray truth, predicted;
  NdArray weights;
  bool has_weights = false;

  explicit Rows(Inputs inputs)
      : truth(as_doubles(inputs[0].as<NdArray>())), predicted(as_doubles(inputs[1].as<NdArray>())) {
    if (inputs.size() > 2) {
      weights = as_doubles(inputs[2].as<NdArray>());
      has_weights = true;
    }
    for (const NdArray* each : {&predicted, &weights}) {
      if (each->ndim() > 0 && num_rows(*each) != num_rows(truth))
        throw value_error(fmt::format("Found input variables with inconsistent numbers of samples: [{}, {}]",
                                      num_rows(truth), num_rows(*each)));
    }
  }
  std::int64_t count() const { return num_rows(truth); }
  double weight(std::int64_t i) const { return has_weights ? weights.data<double>()[i] : 1.0; }
};

Value confusion_of_block(Inputs inputs, const ConfusionParams& params, const TaskContext&) {
  const Rows rows(inputs);
  NdArray out = NdArray::zeros(DType::float64, {params.classes, params.classes});
  double* to = out.mutable_data<double>();
  for (std::int64_t i = 0; i < rows.count(); ++i) {
    const auto truth = static_cast<std::int64_t>(rows.truth.data<double>()[i]);
    const auto predicted = static_cast<std::int64_t>(rows.predicted.data<double>()[i]);
    if (truth < 0 || predicted < 0 || truth >= params.classes || predicted >= params.classes) continue;
    to[truth * params.classes + predicted] += rows.weight(i);
  }
  return Value::of(out);
}

Value log_loss_of_block(Inputs inputs, const LogLossParams& params, const TaskContext&) {
  const Rows rows(inputs);
  const std::int64_t classes = num_columns(rows.predicted);
  double loss = 0, weights = 0;
  for (std::int64_t i = 0; i < rows.count(); ++i) {
    const double* likely = rows.predicted.data<double>() + i * classes;
    const auto own = static_cast<std::int64_t>(rows.truth.data<double>()[i]);
    double total = 0;
    for (std::int64_t k = 0; k < classes; ++k) total += likely[k];
    const double found = std::clamp(likely[own] / total, params.least, 1 - params.least);
    loss -= rows.weight(i) * std::log(found);
    weights += rows.weight(i);
  }
  return Value::of(NdArray::from<double>({2}, {loss, weights}));
}

// Of one column: sums, and two spreads that are put together as variances are.
struct Errors {
  enum : std::int64_t {
    kWeights,
    kAbsolute,
    kSquared,
    kLogarithmic,
    kRelative,
    kTruth,
    kError,
    kTruthMean,
    kErrorMean,
    kNum
  };
  double of[kNum] = {};

  void add(double truth, double predicted, double weight) {
    const double error = truth - predicted;
    of[kAbsolute] += weight * std::abs(error);
    of[kSquared] += weight * error * error;
    const double logarithmic = std::log1p(truth) - std::log1p(predicted);
    of[kLogarithmic] += weight * logarithmic * logarithmic;
    of[kRelative] += weight * std::abs(error) / std::max(std::abs(truth), std::numeric_limits<double>::epsilon());
    spread(kTruth, kTruthMean, truth, weight);
    spread(kError, kErrorMean, error, weight);
    of[kWeights] += weight;
  }
  void join(const Errors& more) {
    const double total = of[kWeights] + more.of[kWeights];
    for (const auto& [squares, mean] : {std::pair(kTruth, kTruthMean), std::pair(kError, kErrorMean)}) {
      const double distance = more.of[mean] - of[mean];
      if (total > 0) {
        of[squares] += more.of[squares] + distance * distance * of[kWeights] * more.of[kWeights] / total;
        of[mean] += distance * more.of[kWeights] / total;
      }
    }
    for (const auto sum : {kAbsolute, kSquared, kLogarithmic, kRelative, kWeights}) of[sum] += more.of[sum];
  }

 private:
  void spread(std::int64_t squares, std::int64_t mean, double value, double weight) {
    const double total = of[kWeights] + weight;
    if (total <= 0) return;
    const double distance = value - of[mean];
    of[mean] += distance * weight / total;
    of[squares] += weight * distance * (value - of[mean]);
  }
};

// One column a target, all of Errors below each other.
NdArray as_array(const std::vector<Errors>& columns) {
  const auto count = static_cast<std::int64_t>(columns.size());
  NdArray out = NdArray::empty(DType::float64, {Errors::kNum, count});
  for (std::int64_t i = 0; i < Errors::kNum; ++i)
    for (std::int64_t j = 0; j < count; ++j)
      out.mutable_data<double>()[i * count + j] = columns[static_cast<std::size_t>(j)].of[i];
  return out;
}

Value errors_of_block(Inputs inputs, const TaskContext&) {
  const Rows rows(inputs);
  const std::int64_t columns = num_columns(rows.truth);
  if (columns != num_columns(rows.predicted))
    throw value_error(fmt::format("y_true and y_pred have different number of output ({}!={})", columns,
                                  num_columns(rows.predicted)));
  std::vector<Errors> found(static_cast<std::size_t>(columns));
  for (std::int64_t i = 0; i < rows.count(); ++i)
    for (std::int64_t j = 0; j < columns; ++j)
      found[static_cast<std::size_t>(j)].add(rows.truth.data<double>()[i * columns + j],
                                             rows.predicted.data<double>()[i * columns + j], rows.weight(i));
  return Value::of(as_array(found));
}

Value joined_errors(Inputs partials, const TaskContext&) {
  const std::int64_t columns = partials[0].as<NdArray>().shape()[1];
  std::vector<Errors> total(static_cast<std::size_t>(columns));
  for (const Value& partial : partials) {
    const double* from = partial.as<NdArray>().data<double>();
    for (std::int64_t j = 0; j < columns; ++j) {
      Errors more;
      for (std::int64_t i = 0; i < Errors::kNum; ++i) more.of[i] = from[i * columns + j];
      total[static_cast<std::size_t>(j)].join(more);
    }
  }
  return Value::of(as_array(total));
}

Array folded(const char* label, const Array& truth, const Array& predicted, const std::optional<Array>& weights,
             FoldCalls calls, const Shape& shape) {
  std::vector<ExprPtr> rows{truth.expr(), predicted.expr()};
  if (weights) rows.push_back(weights->expr());
  const ExprPtr fold =
      row_fold(line_up_rows(std::move(rows), {"y_true", "y_pred", "sample_weight"}), label, std::move(calls));
  return Array(make_expr<FoldedArray>(fold, std::int64_t{-1}, DType::float64, shape));
}

}  // namespace

Array confusion(const Array& truth, const Array& predicted, std::int64_t classes, const std::optional<Array>& weights) {
  start_ml();
  return folded("confusion", truth, predicted, weights, {confusion_kernel({classes}), add_partials_kernel()},
                {classes, classes});
}

Array log_loss_sums(const Array& classes, const Array& probabilities, double least,
                    const std::optional<Array>& weights) {
  start_ml();
  const std::int64_t known = array_meta(probabilities.expr()).shape().back();
  return folded("log_loss", Array(class_numbers(classes.expr(), known, "y_true")), probabilities, weights,
                {log_loss_kernel({least}), add_partials_kernel()}, {2});
}

Array error_sums(const Array& truth, const Array& predicted, const std::optional<Array>& weights) {
  start_ml();
  return folded("errors", truth, predicted, weights, {errors_kernel(), join_errors_kernel()},
                {Errors::kNum, truth.ndim() == 1 ? 1 : truth.shape()[1]});
}

void register_metric_kernels() {
  define(confusion_kernel, "Weights of rows by true and predicted class.", confusion_of_block);
  define(log_loss_kernel, "Logarithmic losses of a block of rows.", log_loss_of_block);
  define(errors_kernel, "Errors of predictions of a block of rows.", errors_of_block);
  define(join_errors_kernel, "Errors put together.", joined_errors);
}

}  // namespace plait::ml
