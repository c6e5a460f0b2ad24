#include "kernels/table/labels.h"

#include <arrow/compute/api.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/kernel.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/column_output.h"
#include "kernels/table/take.h"
#include "kernels/table/type_rules.h"

namespace plait {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;
using ScalarPtr = std::shared_ptr<arrow::Scalar>;

// The label as a value of the index; null if the index cannot have it, as 2.5 among integers.
ScalarPtr as_value(const Literal& label, const std::shared_ptr<arrow::DataType>& type) {
  if (std::holds_alternative<Missing>(label)) return nullptr;
  const ScalarPtr scalar = scalar_like(label, type);
  if (scalar->type->Equals(*type)) return scalar;
  const auto cast = arrow::compute::Cast(scalar, arrow::compute::CastOptions::Safe(type));
  return cast.ok() ? cast->scalar() : nullptr;
}

// Each row's position among `values`, or -1.
ColumnOutput<std::int64_t> places_among(const ArrayPtr& rows, const ArrayPtr& values) {
  const arrow::compute::SetLookupOptions options(values, arrow::compute::SetLookupOptions::SKIP);
  const auto found = value_or_throw(arrow::compute::CallFunction("index_in", {rows}, &options), "loc").make_array();
  const auto& codes = static_cast<const arrow::Int32Array&>(*found);
  ColumnOutput<std::int64_t> places(rows->length());
  for (std::int64_t i = 0; i < rows->length(); ++i) places.set(i, codes.IsNull(i) ? -1 : codes.Value(i));
  return places;
}

[[noreturn]] void throw_missing(const std::vector<Literal>& labels) {
  std::string text;
  for (const Literal& label : labels) text += (text.empty() ? "" : ", ") + to_string(label);
  throw key_error(fmt::format("[{}] not in index", text));
}

}  // namespace

Table loc_labels(const Table& table, const LocLabelsParams& params) {
  initialize_arrow();
  const Table index = table.index_values();
  const ArrayPtr rows = decoded(array_of(index, index.names().front()));
  // Different labels, and which of them each wanted one is.
  arrow::ScalarVector different;
  std::vector<std::optional<std::size_t>> wanted;
  for (const Literal& label : params.labels) {
    const ScalarPtr value = as_value(label, rows->type());
    if (!value) {
      wanted.emplace_back();
      continue;
    }
    const auto same = [&](const ScalarPtr& other) { return other->Equals(*value); };
    const auto known = std::find_if(different.begin(), different.end(), same);
    wanted.emplace_back(known - different.begin());
    if (known == different.end()) different.push_back(value);
  }
  const auto builder = value_or_throw(arrow::MakeBuilder(rows->type()), "loc");
  check_arrow(builder->AppendScalars(different), "loc");
  auto places = places_among(rows, value_or_throw(builder->Finish(), "loc"));
  std::vector<std::vector<std::int64_t>> rows_of(different.size());
  for (std::int64_t i = 0; i < rows->length(); ++i) {
    if (places.values()[i] >= 0) rows_of[static_cast<std::size_t>(places.values()[i])].push_back(i);
  }
  std::vector<Literal> missing_labels;
  arrow::Int64Builder chosen;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i] || rows_of[*wanted[i]].empty()) {
      missing_labels.push_back(params.labels[i]);
      continue;
    }
    check_arrow(chosen.AppendValues(rows_of[*wanted[i]]), "loc");
  }
  if (!missing_labels.empty() && !params.may_be_missing) throw_missing(missing_labels);
  return take(table, value_or_throw(chosen.Finish(), "loc"));
}

}  // namespace plait
