#include "kernels/table/groupby.h"

#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <random>

#include "kernels/table/arrow_table.h"
#include "kernels/table/rows.h"

namespace plait {
namespace {

using testing::ElementsAre;

Table flights() {
  return Table({{"carrier", {"UA", "AA", "UA", "B6", missing, "AA"}},
                {"month", {1, 1, 2, 1, 2, 2}},
                {"delay", {2.0, missing, 4.0, 1.5, 9.0, 10.0}}});
}

TEST(GroupBy, SumsMeansAndCountsSkipMissingValuesAndMissingKeys) {
  const Table out = groupby(flights(), {.keys = {"carrier"},
                                        .aggregates = {{"delay", Aggregation::sum, "sum"},
                                                       {"delay", Aggregation::mean, "mean"},
                                                       {"delay", Aggregation::count, "count"},
                                                       {"", Aggregation::size, "size"}}});
  EXPECT_THAT(out.index_values().to_strings(), ElementsAre("AA", "B6", "UA"));
  EXPECT_THAT(out["sum"].to_vector<double>(), ElementsAre(10, 1.5, 6));
  EXPECT_THAT(out["mean"].to_vector<double>(), ElementsAre(10, 1.5, 3));
  EXPECT_THAT(out["count"].to_vector<std::int64_t>(), ElementsAre(1, 1, 2));
  EXPECT_THAT(out["size"].to_vector<std::int64_t>(), ElementsAre(2, 1, 2));
}

TEST(GroupBy, KeepsMissingKeysLastWhenAsked) {
  const Table out =
      groupby(flights(), {.keys = {"carrier"}, .aggregates = {{"delay", Aggregation::sum, "delay"}}, .dropna = false});
  EXPECT_THAT(out.index_values().to_strings(), ElementsAre("AA", "B6", "UA", ""));
  EXPECT_THAT(out["delay"].to_vector<double>(), ElementsAre(10, 1.5, 6, 9));
}

TEST(GroupBy, TakesSeveralKeysInTheirOrder) {
  const Table out = groupby(
      flights(), {.keys = {"month", "carrier"}, .aggregates = {{"delay", Aggregation::max, "max"}}, .as_index = false});
  EXPECT_THAT(out.names(), ElementsAre("month", "carrier", "max"));
  EXPECT_THAT(out["month"].to_vector<std::int64_t>(), ElementsAre(1, 1, 1, 2, 2));
  EXPECT_THAT(out["carrier"].to_strings(), ElementsAre("AA", "B6", "UA", "AA", "UA"));
}

TEST(GroupBy, KeepsFirstAppearanceWithoutSort) {
  const Table out =
      groupby(flights(), {.keys = {"carrier"}, .aggregates = {{"delay", Aggregation::first, "delay"}}, .sort = false});
  EXPECT_THAT(out.index_values().to_strings(), ElementsAre("UA", "AA", "B6"));
  EXPECT_THAT(out["delay"].to_vector<double>(), ElementsAre(2, 10, 1.5));
}

TEST(GroupBy, GivesTheKeyAsIndexAndAsColumnWhenAResultHasItsName) {
  const Table out = groupby(flights(), {.keys = {"month"}, .aggregates = {{"month", Aggregation::count, "month"}}});
  EXPECT_THAT(out.names(), ElementsAre("month"));
  EXPECT_THAT(out["month"].to_vector<std::int64_t>(), ElementsAre(3, 3));
  EXPECT_THAT(out.index_values().to_strings(), ElementsAre("1", "2"));
}

TEST(GroupBy, RefusesTheMeanOfTextAndNamesTheColumn) {
  try {
    groupby(flights(), {.keys = {"month"}, .aggregates = {{"carrier", Aggregation::mean, "x"}}});
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::type);
    EXPECT_THAT(error.what(), testing::HasSubstr("carrier"));
  }
}

// Against loops over std::map, in one piece and in partials of uneven sizes, for keys of several kinds.
struct RandomCase {
  std::string name;
  int num_keys;
  enum Kind { text, small_int, wide_int, real } kind;
};
class GroupByRandom : public testing::TestWithParam<RandomCase> {};

TEST_P(GroupByRandom, AgreesWithPlainLoops) {
  const RandomCase& param = GetParam();
  std::mt19937_64 random(param.num_keys);
  std::vector<Literal> keys, values;
  std::map<std::string, std::vector<double>> expected;
  for (int i = 0; i < 20000; ++i) {
    const auto k = static_cast<std::int64_t>(random() % static_cast<unsigned>(param.num_keys));
    const std::int64_t wide = k * 1'000'003'000'017;
    const Literal key = param.kind == RandomCase::text        ? Literal("key number " + std::to_string(k))
                        : param.kind == RandomCase::small_int ? Literal(k - 7)
                        : param.kind == RandomCase::wide_int  ? Literal(wide)
                                                              : Literal(0.25 * static_cast<double>(k));
    const bool is_missing = random() % 10 == 0;
    const double value = static_cast<double>(random() % 1000) / 8;
    keys.push_back(key);
    values.push_back(is_missing ? Literal(missing) : Literal(value));
    auto& group = expected[to_string(key)];
    if (!is_missing) group.push_back(value);
  }
  const Table table = Table::from_columns({{"k", keys}, {"v", values}});
  const GroupBySpec spec{.keys = {"k"},
                         .aggregates = {{"v", Aggregation::sum, "sum"},
                                        {"v", Aggregation::std, "std"},
                                        {"v", Aggregation::min, "min"},
                                        {"v", Aggregation::median, "median"},
                                        {"v", Aggregation::nunique, "nunique"},
                                        {"v", Aggregation::last, "last"}}};
  std::vector<Table> partials;
  for (std::int64_t start = 0; start < table.num_rows(); start += 3331)
    partials.push_back(groupby_partial(table.slice(start, 3331), spec));
  const Table pieces = groupby_finalize(groupby_combine({groupby_combine({partials[0], partials[1]}, spec),
                                                         groupby_combine({partials.begin() + 2, partials.end()}, spec)},
                                                        spec),
                                        spec);
  for (const Table& out : {groupby(table, spec), pieces}) {
    ASSERT_EQ(out.num_rows(), static_cast<std::int64_t>(expected.size()));
    const auto labels = out.index_values().to_strings();
    const auto sums = out["sum"].to_vector<double>();
    const auto stds = out["std"].to_vector<double>();
    const auto mins = out["min"].to_vector<double>();
    const auto medians = out["median"].to_vector<double>();
    const auto distinct = out["nunique"].to_vector<std::int64_t>();
    const auto lasts = out["last"].to_vector<double>();
    for (std::size_t g = 0; g < labels.size(); ++g) {
      std::vector<double> group = expected.at(labels[g]);
      if (group.empty()) {
        EXPECT_EQ(sums[g], 0);
        EXPECT_TRUE(std::isnan(mins[g]));
        continue;
      }
      double sum = 0, squares = 0;
      for (double v : group) sum += v;
      for (double v : group) squares += (v - sum / group.size()) * (v - sum / group.size());
      EXPECT_DOUBLE_EQ(lasts[g], group.back());
      std::sort(group.begin(), group.end());
      EXPECT_NEAR(sums[g], sum, 1e-6);
      const double deviation = std::sqrt(squares / (static_cast<double>(group.size()) - 1));
      EXPECT_TRUE(group.size() == 1 ? std::isnan(stds[g]) : std::abs(stds[g] - deviation) < 1e-9);
      EXPECT_DOUBLE_EQ(mins[g], group.front());
      const double median =
          group.size() % 2 ? group[group.size() / 2] : (group[group.size() / 2] + group[group.size() / 2 - 1]) / 2;
      EXPECT_DOUBLE_EQ(medians[g], median);
      EXPECT_EQ(distinct[g], std::unique(group.begin(), group.end()) - group.begin());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Keys, GroupByRandom,
                         testing::Values(RandomCase{"few_texts", 5, RandomCase::text},
                                         RandomCase{"many_texts", 5000, RandomCase::text},
                                         RandomCase{"small_ints", 30, RandomCase::small_int},
                                         RandomCase{"wide_ints", 9000, RandomCase::wide_int},
                                         RandomCase{"floats", 700, RandomCase::real}),
                         [](const auto& info) { return info.param.name; });

TEST(GroupBy, WidensIntegersWhenALaterBatchHasFloats) {
  const GroupBySpec spec{.keys = {"k"}, .aggregates = {{"v", Aggregation::sum, "v"}}};
  GroupByState state(spec);
  state.update(Table({{"k", {1, 2}}, {"v", {10, 20}}}));
  state.update(Table({{"k", {1.5, 2.0}}, {"v", {0.5, missing}}}));
  const Table out = groupby_finalize(state.take(), spec);
  EXPECT_THAT(out.index_values().to_strings(), ElementsAre("1.0", "1.5", "2.0"));
  EXPECT_THAT(out["v"].to_vector<double>(), ElementsAre(10, 0.5, 20));
}

TEST(GroupBy, ReadsEncodedTextAndPlainTextAsTheSameKeys) {
  const GroupBySpec spec{.keys = {"k"}, .aggregates = {{"v", Aggregation::sum, "v"}}};
  const Table plain({{"k", {"a", "b", missing, "a"}}, {"v", {1, 2, 3, 4}}});
  NamedColumn key = named_column_of(plain, "k");
  const auto encoded = arrow::DictionaryArray::FromArrays(arrow::dictionary(arrow::int32(), arrow::utf8()),
                                                          array_from_literals({1, 0, missing, 1}, arrow::int32()),
                                                          array_from_literals({"b", "a"}));
  const Table coded = table_of({{"k", chunked(*encoded), TypeFamily::numpy, true}, named_column_of(plain, "v")});
  EXPECT_EQ(name(coded.type("k")), "str");
  for (const auto& order : {std::vector<Table>{plain, coded}, std::vector<Table>{coded, plain}}) {
    GroupByState state(spec);
    for (const Table& table : order) state.update(table);
    const Table out = groupby_finalize(state.take(), spec);
    EXPECT_THAT(out.index_values().to_strings(), ElementsAre("a", "b"));
    EXPECT_THAT(out["v"].to_vector<std::int64_t>(), ElementsAre(10, 4));
  }
}

}  // namespace
}  // namespace plait
