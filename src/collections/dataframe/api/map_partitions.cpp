#include "plait/map_partitions.h"

#include <fmt/format.h>

#include "collections/dataframe/align.h"
#include "collections/dataframe/api/building.h"
#include "collections/dataframe/map_partitions.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

// What the function makes of no rows, if nobody says what it makes.
Table meta_of(const PartitionFunction& function, const std::vector<Table>& empty, const PartitionMapping& how) {
  if (how.meta) return how.meta->slice(0, 0);
  try {
    return function.run()(empty).slice(0, 0);
  } catch (const std::exception& error) {
    throw value_error(
        fmt::format("{}: the function fails on tables without rows ({}); give meta", function.name(), error.what()));
  }
}

void require_form(const PartitionFunction& function, TableForm found, std::optional<TableForm> expected) {
  static constexpr std::string_view kClasses[] = {"DataFrame", "Series", "Index", "Scalar"};
  const auto class_of = [](TableForm form) { return kClasses[static_cast<std::size_t>(form)]; };
  if (found == TableForm::scalar)
    throw type_error(fmt::format("{}: the function gives a scalar, expected rows", function.name()));
  if (expected && *expected != found) {
    throw type_error(fmt::format("{}: the function gives a {}, expected a {}; say map_partitions<{}>", function.name(),
                                 class_of(found), class_of(*expected), class_of(found)));
  }
}

}  // namespace

PartitionFunction PartitionFunction::registered(const std::string& name, Run run) {
  PartitionFunction function(name, std::move(run));
  Function::registered(name, partition_runner(function.run_));
  function.is_registered_ = true;
  return function;
}

std::shared_ptr<const Expr> detail::map_partitions_plan(const PartitionFunction& function,
                                                        const std::vector<FrameBase>& frames,
                                                        const PartitionMapping& how, std::optional<TableForm> form,
                                                        Location where) {
  const SourceScope scope = source_scope(where);
  if (frames.empty()) throw value_error(fmt::format("{}: there is no frame; give at least one", function.name()));
  std::vector<ExprPtr> exprs;
  for (const FrameBase& frame : frames) exprs.push_back(frame.expr());
  if (how.align) exprs = cut_alike(std::move(exprs), function.name());
  const std::vector<Table> empty = empties(exprs);
  require_native(empty);
  Table meta = meta_of(function, empty, how);
  require_form(function, meta.form(), form);
  const bool has_name = function.is_registered();
  return make_expr<MapPartitions>(
      std::move(exprs),
      has_name ? Function::named(function.name()) : Function(function.name(), partition_runner(function.run())),
      has_name ? tokenize("function", function.name()) : unique_token(), std::move(meta), how.clear_divisions);
}

AnyFrame map_partitions(const PartitionFunction& function, const std::vector<FrameBase>& frames,
                        const PartitionMapping& how, Location where) {
  return any_frame(detail::map_partitions_plan(function, frames, how, {}, where));
}

}  // namespace plait
