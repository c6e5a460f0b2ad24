#include "ml/linear/linear_map.h"

#include <cblas.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/array/blas_threads.h"
#include "ml/kept_rows.h"
#include "ml/linear/sparse_pass.h"
#include "ml/ml_start.h"
#include "ml/row_map.h"
#include "ml/row_tiles.h"
#include "plait/ml/linear_model.h"

namespace plait::ml {
namespace {

enum class Made : std::uint8_t { scores, exponentials, probabilities, labels };

struct LinearParams {
  std::int64_t outputs = 1;
  std::vector<double> coefficients, intercepts;
  Made made = Made::scores;
  Value labels;
  DType dtype = DType::float64;  // of numbers
  static constexpr auto fields =
      std::tuple{&LinearParams::outputs, &LinearParams::coefficients, &LinearParams::intercepts,
                 &LinearParams::made,    &LinearParams::labels,       &LinearParams::dtype};
};
constinit KernelId<LinearParams> linear_kernel{"ml_linear"};

// z of rows [first, first + n): output after output, kTileRows apart.
class Scores {
 public:
  Scores(const Value& block, const LinearParams& params) : sparse_(block.get_if<SparseRows>()), params_(params) {
    z_.resize(static_cast<std::size_t>(kTileRows * params.outputs));
    if (sparse_) return;
    const NdArray& given = block.as<NdArray>();
    dense_ = given.dtype() == DType::float32 ? given.contiguous() : as_doubles(given);
    tile_.resize(static_cast<std::size_t>(kTileRows * num_columns(dense_)));
  }
  double* of(std::int64_t first, std::int64_t n) {
    for (std::int64_t k = 0; k < params_.outputs; ++k)
      std::fill_n(z_.data() + k * kTileRows, n, params_.intercepts[static_cast<std::size_t>(k)]);
    if (sparse_) {
      sparse_scores(*sparse_, first, n, params_.coefficients.data(), sparse_->num_columns(), params_.outputs,
                    z_.data());
    } else {
      add_products(first, n);
    }
    return z_.data();
  }

 private:
  void add_products(std::int64_t first, std::int64_t n) {
    const std::int64_t columns = num_columns(dense_);
    load_rows(dense_, first, n, tile_.data(), columns);
    const auto width = static_cast<blasint>(columns);
    if (columns > 0)
      scipy_cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<blasint>(params_.outputs),
                        static_cast<blasint>(n), width, 1, params_.coefficients.data(), width, tile_.data(), width, 1,
                        z_.data(), static_cast<blasint>(kTileRows));
  }

  const SparseRows* sparse_;
  NdArray dense_;
  const LinearParams& params_;
  std::vector<double> tile_, z_;
};

// One row's probabilities, of z that stand kTileRows apart.
void write_probabilities(const double* z, std::int64_t outputs, double* to) {
  if (outputs == 1) {
    const double e = std::exp(-std::abs(z[0])), likely = z[0] >= 0 ? 1 / (1 + e) : e / (1 + e);
    to[1] = likely;
    to[0] = z[0] >= 0 ? e / (1 + e) : 1 / (1 + e);
    return;
  }
  double highest = z[0], total = 0;
  for (std::int64_t k = 1; k < outputs; ++k) highest = std::max(highest, z[k * kTileRows]);
  for (std::int64_t k = 0; k < outputs; ++k) total += to[k] = std::exp(z[k * kTileRows] - highest);
  for (std::int64_t k = 0; k < outputs; ++k) to[k] /= total;
}

std::int64_t likeliest(const double* z, std::int64_t outputs) {
  if (outputs == 1) return z[0] > 0 ? 1 : 0;
  std::int64_t best = 0;
  for (std::int64_t k = 1; k < outputs; ++k)
    if (z[k * kTileRows] > z[best * kTileRows]) best = k;
  return best;
}

Value labels_of(const Value& block, const LinearParams& params, const TaskContext& context) {
  const std::int64_t rows = rows_of_block(block);
  const NdArray labels = params.labels.as<NdArray>().contiguous();
  const std::size_t item = item_size(labels.dtype());
  NdArray out = NdArray::empty(labels.dtype(), {rows});
  Scores scores(block, params);
  for (std::int64_t row = 0; row < rows; row += kTileRows) {
    context.check_cancelled();
    const std::int64_t n = std::min(kTileRows, rows - row);
    const double* z = scores.of(row, n);
    for (std::int64_t i = 0; i < n; ++i)
      std::memcpy(out.mutable_bytes() + static_cast<std::size_t>(row + i) * item,
                  labels.bytes() + static_cast<std::size_t>(likeliest(z + i, params.outputs)) * item, item);
  }
  return Value::of(out);
}

Value numbers_of(const Value& block, const LinearParams& params, const TaskContext& context) {
  const std::int64_t rows = rows_of_block(block);
  const std::int64_t columns =
      params.made == Made::probabilities ? std::max<std::int64_t>(2, params.outputs) : params.outputs;
  const bool is_flat = params.made != Made::probabilities && params.outputs == 1;
  NdArray out = NdArray::empty(DType::float64, is_flat ? Shape{rows} : Shape{rows, columns});
  double* to = out.mutable_data<double>();
  Scores scores(block, params);
  for (std::int64_t row = 0; row < rows; row += kTileRows) {
    context.check_cancelled();
    const std::int64_t n = std::min(kTileRows, rows - row);
    const double* z = scores.of(row, n);
    for (std::int64_t i = 0; i < n; ++i, to += columns) {
      if (params.made == Made::probabilities) {
        write_probabilities(z + i, params.outputs, to);
        continue;
      }
      for (std::int64_t k = 0; k < columns; ++k)
        to[k] = params.made == Made::exponentials ? std::exp(z[k * kTileRows + i]) : z[k * kTileRows + i];
    }
  }
  return Value::of(out.astype(params.dtype));
}

std::vector<double> as_vector(const NdArray& array) {
  const NdArray held = array.astype(DType::float64).contiguous();
  return {held.data<double>(), held.data<double>() + held.size()};
}

Made made_named(const std::string& what) {
  constexpr std::pair<const char*, Made> kNames[] = {{"scores", Made::scores},
                                                     {"exponentials", Made::exponentials},
                                                     {"probabilities", Made::probabilities},
                                                     {"labels", Made::labels}};
  for (const auto& [name, made] : kNames)
    if (what == name) return made;
  throw value_error(
      fmt::format("apply_linear: what is '{}', expected scores, exponentials, probabilities or labels", what));
}

}  // namespace

Array apply_linear(const Array& rows, const NdArray& coefficients, const NdArray& intercepts, const std::string& what,
                   const std::optional<NdArray>& labels) {
  start_ml();
  LinearParams params{coefficients.shape().at(0), as_vector(coefficients), as_vector(intercepts), made_named(what)};
  const std::int64_t features = coefficients.shape().at(1);
  if (rows.ndim() != 2 || rows.shape()[1] != features)
    throw value_error(
        fmt::format("apply_linear: the rows have shape {}, expected {} columns", to_string(rows.shape()), features));
  const DType given = array_meta(rows.expr()).dtype();
  DType dtype = params.dtype = promote(given, coefficients.dtype()) == DType::float32 ? DType::float32 : DType::float64;
  std::int64_t columns = params.outputs == 1 ? RowMap::kOneAxis : params.outputs;
  if (params.made == Made::probabilities) columns = std::max<std::int64_t>(2, params.outputs);
  if (params.made == Made::labels) {
    const std::int64_t expected = std::max<std::int64_t>(2, params.outputs);
    if (!labels || labels->shape() != Shape{expected})
      throw value_error(fmt::format("apply_linear: expected {} labels", expected));
    params.labels = Value::of(*labels);
    dtype = labels->dtype();
    columns = RowMap::kOneAxis;
  }
  const DType finite_dtype = given == DType::float32 ? DType::float32 : DType::float64;
  return Array(row_map({finite_rows(line_up_rows({rows.expr()}, {"X"})[0], finite_dtype, "X")}, "linear",
                       linear_kernel(std::move(params)), dtype, columns));
}

void register_linear_map_kernels() {
  define(linear_kernel, "What a linear model makes of a block of rows.",
         [](Inputs inputs, const LinearParams& params, const TaskContext& context) {
           const BlasThreads one_thread;
           return params.made == Made::labels ? labels_of(inputs[0], params, context)
                                              : numbers_of(inputs[0], params, context);
         });
}

}  // namespace plait::ml
