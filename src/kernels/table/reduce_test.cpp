// Expected values are what pandas 3.1 gives.
#include "kernels/table/reduce.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "kernels/table/distinct.h"
#include "kernels/table/ranked_keys.h"

namespace plait {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

Table numbers() {
  return Table({{"i", {4, 1, 3, 3}}, {"f", {1.5, missing, -2.0, 8.0}}, {"s", {"b", "a", missing, "b"}}});
}

Table quantiles(const std::vector<Table>& partitions, const QuantileParams& params) {
  std::vector<Table> sorted;
  for (const Table& partition : partitions) sorted.push_back(quantile_partial(partition, params));
  return quantile_finalize(ranked_keys_of(sorted, {params.q}), params);
}

double number(const Literal& value) {
  if (const auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
  return std::get<double>(value);
}

TEST(Reduce, GivesTheSameFromOnePieceAndFromThree) {
  const std::vector<std::pair<Reduction, double>> expected = {
      {Reduction::sum, 7.5},   {Reduction::mean, 2.5},  {Reduction::count, 3},
      {Reduction::min, -2},    {Reduction::max, 8},     {Reduction::prod, -24},
      {Reduction::var, 25.75}, {Reduction::nunique, 3}, {Reduction::std, std::sqrt(25.75)}};
  const Table series = numbers()["f"];
  for (const auto& [reduction, value] : expected) {
    const ReduceParams params{.reduction = reduction};
    EXPECT_THAT(number(reduce(series, params).item()), DoubleNear(value, 1e-12)) << name(reduction);
    const Table parts = reduce_combine(
        {reduce_combine({reduce_partial(series.slice(0, 1), params), reduce_partial(series.slice(1, 2), params)},
                        params),
         reduce_partial(series.slice(3, 1), params)},
        params);
    EXPECT_THAT(number(reduce_finalize(parts, {params, series.slice(0, 0)}).item()), DoubleNear(value, 1e-12))
        << name(reduction);
  }
}

TEST(Reduce, MeansOfIntegersWhoseSumLeaves64BitsDoNotWrapAround) {
  const std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  const Table series = Table({{"i", {largest, largest, largest - 6}}})["i"];
  const ReduceParams mean{.reduction = Reduction::mean};
  EXPECT_DOUBLE_EQ(std::get<double>(reduce(series, mean).item()), 0x1p63);
  const Table parts =
      reduce_combine({reduce_partial(series.slice(0, 1), mean), reduce_partial(series.slice(1, 2), mean)}, mean);
  EXPECT_DOUBLE_EQ(std::get<double>(reduce_finalize(parts, {mean, series.slice(0, 0)}).item()), 0x1p63);
}

TEST(Quantile, BetweenInfinitiesIsTheValueThere) {
  const double inf = std::numeric_limits<double>::infinity();
  const Table series = Table({{"f", {-inf, 1.0, inf}}})["f"];
  const QuantileParams params{.q = {0.2, 0.5}, .meta = series.slice(0, 0)};
  const Table found = quantiles({series, series}, params);
  EXPECT_THAT(found.to_vector<double>(), ElementsAre(-inf, 1.0));
}

TEST(Reduce, IsMissingWithoutSkipnaWhereAValueIsMissing) {
  EXPECT_EQ(reduce(numbers()["f"], {.reduction = Reduction::max, .skipna = false}).item(), Literal(missing));
  EXPECT_EQ(reduce(numbers()["i"], {.reduction = Reduction::max, .skipna = false}).item(), Literal(4));
}

TEST(Reduce, OfAFrameIsASeriesOfItsColumns) {
  const Table out = reduce(numbers(), {.reduction = Reduction::sum, .numeric_only = true});
  EXPECT_EQ(out.form(), TableForm::series);
  EXPECT_THAT(out.index_values().to_strings(), ElementsAre("i", "f"));
  EXPECT_THAT(out.to_vector<double>(), ElementsAre(11, 7.5));
}

TEST(Reduce, KeepsTextAndNamesTheColumnItCannotReduce) {
  EXPECT_EQ(reduce(numbers()["s"], {.reduction = Reduction::max}).item(), Literal("b"));
  try {
    reduce(numbers(), {.reduction = Reduction::mean});
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::type);
    EXPECT_THAT(error.what(), testing::HasSubstr("'s'"));
  }
}

TEST(Quantile, OfOnePartitionInterpolatesAsNumPyDoes) {
  const QuantileParams params{.q = {0.25, 0.5}, .meta = numbers()["f"].slice(0, 0)};
  EXPECT_THAT(quantiles({numbers()["f"]}, params).to_vector<double>(), ElementsAre(-0.25, 1.5));
}

TEST(Quantile, OfTwoPartitionsIsThatOfAllValues) {
  const Table series = Table({{"x", {9, 1, 7, 3, 5, 4, 6, 2, 8, 0}}})["x"];
  const QuantileParams params{.q = {0.75, 0.1, 0.5}, .meta = series.slice(0, 0)};
  const Table out = quantiles({series.slice(0, 3), series.slice(3, 7)}, params);
  EXPECT_THAT(out.to_vector<double>(), ElementsAre(6.75, 0.9, 4.5));
}

TEST(ValueCounts, PutsTheMostFrequentFirst) {
  const Table s = numbers()["s"];
  const Table counts = value_counts_finalize(
      value_counts_combine({value_counts_partial(s.slice(0, 2)), value_counts_partial(s.slice(2, 2))}),
      {.dropna = false, .index_name = "s"});
  EXPECT_THAT(counts.index_values().to_strings(), ElementsAre("b", "a", ""));
  EXPECT_THAT(counts.to_vector<std::int64_t>(), ElementsAre(2, 1, 1));
}

TEST(DropDuplicates, KeepsTheOrderOfAppearance) {
  EXPECT_THAT(drop_duplicates(numbers()["s"], {}).to_strings(), ElementsAre("b", "a", ""));
  EXPECT_THAT(
      drop_duplicates(numbers(), {.subset = {"s"}, .keep = Keep::last}).index_values().to_vector<std::int64_t>(),
      ElementsAre(1, 2, 3));
}

}  // namespace
}  // namespace plait
