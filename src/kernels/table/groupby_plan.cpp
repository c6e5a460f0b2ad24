#include "kernels/table/groupby_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "base/text.h"

namespace plait {
namespace {

constexpr auto kNames =
    std::to_array<std::string_view>({"sum", "mean", "count", "size", "min", "max", "var", "std", "first", "last",
                                     "prod", "any", "all", "nunique", "median", "sem", "skew", "cov", "corr"});
// Those of two columns come last.
constexpr auto kNumOfOneColumn = static_cast<std::size_t>(Aggregation::cov);

Primitive primitive_of(Aggregation aggregation) {
  switch (aggregation) {
    case Aggregation::sum:
    case Aggregation::mean:
      return Primitive::sum;
    case Aggregation::count:
      return Primitive::count;
    case Aggregation::size:
      return Primitive::size;
    case Aggregation::min:
      return Primitive::min;
    case Aggregation::max:
      return Primitive::max;
    case Aggregation::var:
    case Aggregation::std:
    case Aggregation::sem:
      return Primitive::moments;
    case Aggregation::first:
      return Primitive::first;
    case Aggregation::last:
      return Primitive::last;
    case Aggregation::prod:
      return Primitive::prod;
    case Aggregation::any:
      return Primitive::any;
    case Aggregation::all:
      return Primitive::all;
    case Aggregation::nunique:
      return Primitive::distinct;
    case Aggregation::median:
    case Aggregation::skew:
      return Primitive::values;
    case Aggregation::cov:
    case Aggregation::corr:
      return Primitive::comoments;
  }
  return Primitive::size;
}

}  // namespace

std::string_view name(Aggregation aggregation) { return kNames[static_cast<std::size_t>(aggregation)]; }

std::vector<std::string> aggregate_names() { return {kNames.begin(), kNames.begin() + kNumOfOneColumn}; }

Aggregation parse_aggregation(std::string_view text) {
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  if (found != kNames.end()) return static_cast<Aggregation>(found - kNames.begin());
  const std::vector<std::string> names = aggregate_names();
  std::string list;
  for (const std::string& known : names) list += (list.empty() ? "" : ", ") + known;
  throw value_error("unknown aggregation '" + std::string(text) + "'" + did_you_mean(text, names) +
                    "; expected one of " + list);
}

GroupByPlan plan_groupby(const GroupBySpec& spec) {
  GroupByPlan plan;
  const auto has_sum = [&](const std::string& column) {
    return std::any_of(spec.aggregates.begin(), spec.aggregates.end(), [&](const Aggregate& a) {
      return a.column == column && primitive_of(a.function) == Primitive::sum;
    });
  };
  for (const Aggregate& aggregate : spec.aggregates) {
    Primitive primitive = primitive_of(aggregate.function);
    // A sum counts too.
    if (primitive == Primitive::count && has_sum(aggregate.column)) primitive = Primitive::sum;
    const PlannedState state{primitive == Primitive::size ? "" : aggregate.column, aggregate.other, primitive};
    const auto found = std::find(plan.states.begin(), plan.states.end(), state);
    plan.state_of_aggregate.push_back(found - plan.states.begin());
    if (found == plan.states.end()) plan.states.push_back(state);
  }
  return plan;
}

std::string state_column_name(std::size_t state, int part, const ColumnType& source) {
  return fmt::format("__{}.{}:{},{},{},{}", state, part, static_cast<int>(source.kind), static_cast<int>(source.family),
                     static_cast<int>(source.unit), source.timezone);
}

ColumnType source_type_of_state(const std::string& state_column_name) {
  std::istringstream text(state_column_name.substr(state_column_name.find(':') + 1));
  int kind = 0, family = 0, unit = 0;
  char comma = 0;
  ColumnType type;
  text >> kind >> comma >> family >> comma >> unit >> comma;
  std::getline(text, type.timezone);
  type.kind = static_cast<TypeKind>(kind);
  type.family = static_cast<TypeFamily>(family);
  type.unit = static_cast<TimeUnit>(unit);
  return type;
}

std::string key_column_name(std::size_t key) { return "__key_" + std::to_string(key) + "__"; }

}  // namespace plait
