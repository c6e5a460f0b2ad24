#include "collections/dataframe/row_order.h"

#include <fmt/format.h>

#include <cstdlib>

#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/row_scan.h"
#include "kernels/table/elementwise.h"
#include "kernels/table/native_types.h"
#include "kernels/table/row_order_kernels.h"

namespace plait {
namespace {

// The last n rows of the partitions before, or the first n of those after.
EdgeCalls edge_rows_calls(std::int64_t n, bool after) {
  const EdgeRowsParams params{.n = n, .first = after};
  return {table_kernel::edge_rows(params), table_kernel::edge_rows_combine(params)};
}

// A local call whose neighbours are `distance` rows before (behind, if negative).
ExprPtr with_neighbours(ExprPtr rows, std::string label, std::string text, KernelCall local, std::int64_t distance) {
  const bool after = distance < 0;
  EdgeCalls side = edge_rows_calls(std::abs(distance), after);
  return make_expr<RowScan>(std::move(rows), std::move(label), std::move(text), after ? EdgeCalls{} : side,
                            after ? side : EdgeCalls{}, std::move(local));
}

EdgeCalls edge_span_calls(std::int64_t span, bool after) {
  const EdgeSpanParams params{.span = span, .first = after};
  return {table_kernel::edge_span(params), table_kernel::edge_span_combine(params)};
}

std::string text_of(const RollingParams& params) {
  const RollingWindow& window = params.window;
  return fmt::format("window={}{}, min_periods={}{}", window.by_time() ? window.span : window.rows,
                     window.by_time() ? " of time" : "", window.min_periods, window.center ? ", center=True" : "");
}

// The span in the unit of the index, whose times it is compared with.
std::int64_t span_of(const ExprPtr& rows, const Timedelta& window) {
  const Table labels = frame_meta(rows).empty().index_values();
  const ColumnType& type = labels.type(labels.names().front());
  if (labels.names().size() != 1 || (type.kind != TypeKind::datetime && type.kind != TypeKind::timedelta))
    throw value_error("rolling: a window of time needs an index of dates or times; this one has type " + name(type));
  constexpr std::int64_t kPerSecond[] = {1, 1'000, 1'000'000, 1'000'000'000};
  const std::int64_t from = kPerSecond[static_cast<std::size_t>(window.unit)];
  const std::int64_t to = kPerSecond[static_cast<std::size_t>(type.unit)];
  return to >= from ? window.value * (to / from) : window.value / (from / to);
}

Closed parse_closed(const std::string& text) {
  if (text == "right") return Closed::right;
  if (text == "both") return Closed::both;
  if (text == "left") return Closed::left;
  if (text == "neither") return Closed::neither;
  throw value_error("closed must be 'right', 'left', 'both' or 'neither'; found '" + text + "'");
}

ExprPtr binary(std::vector<ExprPtr> inputs, const BinaryParams& params) {
  require_native_binary(params, empties(inputs));
  return elementwise_call(std::move(inputs), table_kernel::binary(params), std::string(name(params.op)));
}

}  // namespace

ExprPtr cumulative_expr(ExprPtr rows, CumulativeParams params) {
  return make_expr<RowScan>(std::move(rows), std::string(name(params.function)),
                            std::string(params.skipna ? "" : "skipna=False"),
                            EdgeCalls{table_kernel::cumulative_edge(params), table_kernel::cumulative_combine(params)},
                            EdgeCalls{}, table_kernel::cumulative(params));
}

ExprPtr shift_expr(ExprPtr rows, ShiftParams params) {
  const std::int64_t periods = params.periods;
  return with_neighbours(std::move(rows), "shift", fmt::format("periods={}", periods),
                         table_kernel::shift(std::move(params)), periods);
}

ExprPtr diff_expr(ExprPtr rows, std::int64_t periods) {
  return with_neighbours(std::move(rows), "diff", fmt::format("periods={}", periods),
                         table_kernel::diff(DiffParams{periods}), periods);
}

ExprPtr pct_change_expr(ExprPtr rows, std::int64_t periods) {
  for (const Field& field : frame_meta(rows).schema().columns) {
    if (frame_meta(rows).empty().has(field.name) && field.type.kind == TypeKind::bool_)
      throw NoNativeForm("pct_change of column '" + field.name + "', which has type " + name(field.type));
  }
  const ExprPtr before = shift_expr(rows, {.periods = periods});
  const ExprPtr ratio = binary({rows, before}, {.op = BinaryOp::truediv});
  return binary({ratio}, {.op = BinaryOp::sub, .right = std::int64_t{1}});
}

ExprPtr fill_along_expr(ExprPtr rows, FillAlongParams params) {
  if (params.limit < 0) throw value_error(fmt::format("Limit must be greater than 0; found {}", params.limit));
  EdgeCalls side = params.limit > 0
                       ? edge_rows_calls(params.limit, params.backwards)
                       : EdgeCalls{table_kernel::last_values(params), table_kernel::last_values_combine(params)};
  return make_expr<RowScan>(std::move(rows), std::string(params.backwards ? "bfill" : "ffill"),
                            params.limit > 0 ? fmt::format("limit={}", params.limit) : std::string(),
                            params.backwards ? EdgeCalls{} : side, params.backwards ? side : EdgeCalls{},
                            table_kernel::fill_from_neighbours(params));
}

ExprPtr interpolate_expr(ExprPtr rows, InterpolateParams params) {
  if (params.limit < 0) throw value_error(fmt::format("Limit must be greater than 0; found {}", params.limit));
  const auto side = [](bool first) {
    const NearestValueParams nearest{.first = first};
    return EdgeCalls{table_kernel::nearest_value(nearest), table_kernel::nearest_value_combine(nearest)};
  };
  return make_expr<RowScan>(std::move(rows), std::string("interpolate"),
                            params.limit > 0 ? fmt::format("limit={}", params.limit) : std::string(), side(false),
                            side(true), table_kernel::interpolate(params));
}

RollingWindow rolling_window(const ExprPtr& rows, const RollingOptions& options) {
  RollingWindow window{.center = options.center, .closed = parse_closed(options.closed)};
  if (const auto* span = std::get_if<Timedelta>(&options.window)) {
    window.span = span_of(rows, *span);
    if (window.span <= 0) throw NoNativeForm("rolling: a window of " + to_string(options.window));
  } else if (const auto* count = std::get_if<std::int64_t>(&options.window)) {
    if (*count < 0) throw value_error("window must be an integer 0 or greater");
    if (*count == 0) throw NoNativeForm("rolling: a window of 0 rows");
    window.rows = *count;
  } else {
    throw value_error("window must be a number of rows or a span of time; found " + to_string(options.window));
  }
  window.min_periods = options.min_periods.value_or(window.by_time() ? 1 : window.rows);
  if (window.min_periods < 0) throw value_error("min_periods must be >= 0");
  if (!window.by_time() && window.min_periods > window.rows)
    throw value_error(fmt::format("min_periods {} must be <= window {}", window.min_periods, window.rows));
  return window;
}

ExprPtr rolling_expr(ExprPtr rows, RollingParams params) {
  const RollingWindow& window = params.window;
  EdgeCalls before =
      window.by_time() ? edge_span_calls(window.span_before(), false) : edge_rows_calls(window.rows_before(), false);
  EdgeCalls after;
  if (window.center)
    after = window.by_time() ? edge_span_calls(window.span_after(), true) : edge_rows_calls(window.rows_after(), true);
  return make_expr<RowScan>(std::move(rows), fmt::format("rolling.{}", name(params.function)), text_of(params),
                            std::move(before), std::move(after), table_kernel::rolling(params), window.by_time());
}

}  // namespace plait
