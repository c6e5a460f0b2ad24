#include "kernels/table/statistics_kernels.h"

#include "base/text.h"
#include "kernels/table/define_kernels.h"

namespace plait {
namespace {

using namespace table_kernels;  // NOLINT: the helpers by which kernels are defined

Table statistic_partial(const Table& table, const StatisticParams& params) {
  return statistic_named(params.name).partial(table, params);
}
Table statistic_combine(const std::vector<Table>& partials, const StatisticParams& params) {
  return statistic_named(params.name).combine(partials, params);
}
Table statistic_finalize(const std::vector<Table>& partials, const StatisticParams& params) {
  return statistic_named(params.name).finalize(partials, params);
}

}  // namespace

const StatisticSteps& statistic_named(std::string_view name) {
  std::vector<std::string> names;
  for (const StatisticSteps* steps : kStatistics) {
    if (steps->name == name) return *steps;
    names.emplace_back(steps->name);
  }
  throw value_error("unknown statistic '" + std::string(name) + "'" + did_you_mean(name, names));
}

void register_statistics_kernels() {
  one(table_kernel::statistic_partial, "What a statistic needs of a partition", statistic_partial);
  many(table_kernel::statistic_combine, "What a statistic needs of several partitions", statistic_combine);
  many(table_kernel::statistic_finalize, "A statistic of all partitions", statistic_finalize);
  plain(table_kernel::rank_counts, "How often each value occurs, in order", rank_counts);
  define(table_kernel::rank_counts_combine, "How often values occur in several partitions",
         [](Inputs inputs, const TaskContext&) { return Value::of(rank_counts_combine(tables_from(inputs))); });
  define(table_kernel::rank, "The ranks of values among all rows",
         [](Inputs inputs, const RankParams& params, const TaskContext&) {
           const Table& counts = table_at(inputs, 1);
           const Table before = inputs.size() > 2 ? table_at(inputs, 2) : counts.slice(0, 0);
           return Value::of(rank(table_at(inputs, 0), counts, before, params));
         });
  one(table_kernel::most_frequent, "The most frequent values of a part", most_frequent);
  one(table_kernel::mode_finalize, "The most frequent values", mode_finalize);
  one(table_kernel::covariance_partial, "Sums of products of every two columns", covariance_partial);
  many(table_kernel::covariance_combine, "Sums of products, combined", covariance_combine);
  one(table_kernel::covariance_finalize, "Covariances or correlations", covariance_finalize);
  one(table_kernel::group_matrices, "Covariances or correlations of groups as matrices", group_matrices);
  one(table_kernel::group_top_rows, "Rows that may be among the largest of their group", group_top_rows);
  one(table_kernel::group_top, "The largest values of each group", group_top);
}

}  // namespace plait
