// The public classes of frames, on literal data.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "plait/array.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

DataFrame flights(std::int64_t npartitions = 3) {
  return DataFrame::from_table(Table({{"carrier", {"AA", "UA", "AA", "DL", "UA", "AA"}},
                                      {"delay", {70.0, 5.0, 90.0, 61.0, missing, 10.0}},
                                      {"distance", {100, 200, 300, 400, 500, 600}}}),
                               npartitions);
}

template <class F>
std::pair<ErrorKind, std::string> error_of(const F& f) {
  try {
    f();
  } catch (const Error& error) {
    return {error.kind(), error.what()};
  }
  return {ErrorKind::bug, "nothing was thrown"};
}

TEST(Compute, FramesShareTheirWorkAndGiveTables) {
  const DataFrame frame = flights();
  const auto [late, total] = compute(frame[frame["delay"] > 60], frame["distance"].sum());
  EXPECT_THAT(late["distance"].to_vector<std::int64_t>(), ElementsAre(100, 300, 400));
  EXPECT_EQ(total.item(), Literal(std::int64_t{2100}));
}

TEST(Compute, AFrameAndAnArrayGiveATableAndAnArray) {
  const auto [table, array] = compute(flights(), arange(3));
  EXPECT_EQ(table.num_rows(), 6);
  EXPECT_EQ(array.shape(), Shape{3});
}

TEST(Compute, AnArrayAFrameAndAScalarGiveWhatEachOfThemComputes) {
  const DataFrame frame = flights();
  const auto computed = compute(arange(4) * 2, frame.groupby("carrier").size(), frame["distance"].max());
  static_assert(std::is_same_v<decltype(computed), const std::tuple<NdArray, Table, Table>>);
  const auto& [array, sizes, farthest] = computed;
  EXPECT_EQ(to_string(array), "[0 2 4 6]");
  EXPECT_THAT(sizes.to_vector<std::int64_t>(), ElementsAre(3, 1, 2));
  EXPECT_EQ(farthest.item(), Literal(std::int64_t{600}));
}

TEST(Compute, PersistKeepsTheClassOfACollection) {
  const auto [frame, series] = persist(flights(), flights()["delay"]);
  EXPECT_EQ(frame.size(), 6);
  EXPECT_EQ(series.name(), "delay");
}

TEST(Frames, TakeOperatorsOfColumnsConstantsAndScalars) {
  const DataFrame frame = flights();
  const Series distance = frame["distance"];
  EXPECT_THAT((1000 - distance).compute().to_vector<std::int64_t>(), ElementsAre(900, 800, 700, 600, 500, 400));
  EXPECT_THAT((distance / distance.max()).head(2).to_vector<double>(), ElementsAre(100.0 / 600, 200.0 / 600));
  EXPECT_EQ((distance.max() - distance.min()).value(), 500);
  EXPECT_THAT((frame.select({"delay", "distance"}) * 2).compute()["distance"].to_vector<std::int64_t>(),
              ElementsAre(200, 400, 600, 800, 1000, 1200));
}

TEST(Frames, ReplaceValues) {
  const DataFrame frame = flights();
  EXPECT_THAT(frame["delay"].fillna(0.0).clip(6.0, 80.0).compute().to_vector<double>(),
              ElementsAre(70, 6, 80, 61, 6, 10));
  EXPECT_THAT(frame["distance"].where(frame["distance"] > 250, 0).compute().to_vector<std::int64_t>(),
              ElementsAre(0, 0, 300, 400, 500, 600));
  EXPECT_THAT(frame["distance"].mask(frame["distance"] > 250, -1).compute().to_vector<std::int64_t>(),
              ElementsAre(100, 200, -1, -1, -1, -1));
  EXPECT_THAT(frame["delay"].fillna(frame["distance"]).compute().to_vector<double>(),
              ElementsAre(70, 5, 90, 61, 500, 10));
  const std::map<std::string, Literal> fillers = {{"delay", Literal(1.5)}, {"nowhere", Literal(2.5)}};
  EXPECT_THAT(frame.fillna(fillers).compute()["delay"].to_vector<double>(), ElementsAre(70, 5, 90, 61, 1.5, 10));
  EXPECT_THAT(frame["carrier"].map({{"AA", "American"}, {"UA", "United"}}).compute().to_strings(),
              ElementsAre("American", "United", "American", "", "United", "American"));
}

TEST(Frames, SortBySeveralColumnsEachInItsOrder) {
  const Table sorted = flights().sort_values({"carrier", "distance"}, {.ascending = {true, false}}).compute();
  EXPECT_THAT(sorted["distance"].to_vector<std::int64_t>(), ElementsAre(600, 300, 100, 400, 500, 200));
}

TEST(Frames, GetAnIndexThatJoinsUse) {
  const DataFrame frame = flights().set_index("distance");
  EXPECT_THAT(frame.compute().index_values().to_vector<std::int64_t>(), ElementsAre(100, 200, 300, 400, 500, 600));
  const DataFrame names = DataFrame::from_table(Table({{"d", {200, 600}}, {"name", {"near", "far"}}})).set_index("d");
  const Table joined = frame.join(names, "inner").compute();
  EXPECT_THAT(joined["name"].to_strings(), ElementsAre("near", "far"));
  EXPECT_THAT(frame.reset_index().columns(), ElementsAre("distance", "carrier", "delay"));
}

TEST(Frames, StandSideBySideAndOneAfterTheOther) {
  const DataFrame frame = flights();
  const Table beside = concat({frame.select({"carrier"}), frame.select({"delay"})}, {.axis = 1}).compute();
  EXPECT_THAT(beside.names(), ElementsAre("carrier", "delay"));
  EXPECT_EQ(concat({frame, frame}).size(), 12);
  EXPECT_THAT(concat({frame, frame.drop({"delay"})}, {.join = "inner"}).columns(), ElementsAre("carrier", "distance"));
}

TEST(Frames, ReduceAsTheOptionsSay) {
  const Series delay = flights()["delay"];
  EXPECT_EQ(delay.sum().value(), 236);
  EXPECT_EQ(delay.sum({.skipna = false}).item(), Literal(missing));
  EXPECT_EQ(delay.sum({.min_count = 6}).item(), Literal(missing));
  EXPECT_DOUBLE_EQ(flights()["distance"].var({.ddof = 0}).value(), 175000.0 / 6);
  EXPECT_THAT(flights().sum({.numeric_only = true}).compute().to_vector<double>(), ElementsAre(236, 2100));
  EXPECT_DOUBLE_EQ(flights(1)["distance"].quantile(0.5).value(), 350);
}

TEST(Frames, CountDescribeAndDropEqualValues) {
  const DataFrame frame = flights();
  const Table counts = frame["carrier"].value_counts({.normalize = true}).compute();
  EXPECT_THAT(counts.index_values().to_strings(), ElementsAre("AA", "UA", "DL"));
  EXPECT_DOUBLE_EQ(counts.to_vector<double>()[0], 0.5);
  const Table last = frame.drop_duplicates(DropDuplicatesOptions{.subset = {"carrier"}, .keep = "last"}).compute();
  EXPECT_THAT(last["distance"].to_vector<std::int64_t>(), ElementsAre(400, 500, 600));
  EXPECT_THAT(frame["distance"].describe({0.5}).compute().index_values().to_strings(),
              ElementsAre("count", "mean", "std", "min", "50%", "max"));
  EXPECT_THAT(frame["carrier"].isin({"DL", "UA"}).sum().value(), 3);
  EXPECT_THAT(frame["distance"].between(200, 400, "left").sum().value(), 2);
}

TEST(Groups, TakeKeysThatAreNoColumns) {
  const DataFrame frame = flights();
  const Table grouped = frame.groupby(std::vector<GroupKey>{frame["delay"] > 60})["distance"].sum().compute();
  EXPECT_THAT(grouped["distance"].to_vector<std::int64_t>(), ElementsAre(1300, 800));
  EXPECT_THAT(grouped.index().columns, ElementsAre("delay"));
}

TEST(Groups, HaveEveryAggregateOfTheEngine) {
  for (const std::int64_t npartitions : {1, 3}) {
    const DataFrame frame = flights(npartitions);
    const auto groups = frame.groupby("carrier");
    EXPECT_THAT(groups.median().compute()["distance"].to_vector<double>(), ElementsAre(300, 400, 350));
    EXPECT_THAT(groups.agg("skew").compute()["distance"].to_vector<double>()[0], testing::DoubleNear(0.5859, 1e-3));
    EXPECT_THAT(groups.size().compute().to_vector<std::int64_t>(), ElementsAre(3, 1, 2));
    const Table columns = frame.groupby("carrier", {.as_index = false}).max().compute();
    EXPECT_THAT(columns.names(), ElementsAre("carrier", "delay", "distance"));
  }
}

TEST(Groups, HaveMatricesOfTheirColumns) {
  const DataFrame frame = DataFrame::from_table(
      Table({{"k", {1, 2, 1, 2, 1}}, {"x", {1.0, 1.0, 2.0, missing, 3.0}}, {"y", {2.0, 5.0, 4.0, 7.0, 9.0}}}), 3);
  const Table covariances = frame.groupby("k").cov().compute();
  EXPECT_THAT(covariances.names(), ElementsAre("x", "y"));
  const auto x = covariances["x"].to_vector<double>();
  EXPECT_THAT(std::vector(x.begin(), x.begin() + 2), ElementsAre(1, 3.5));
  EXPECT_TRUE(std::isnan(x[2]));  // of one row
  EXPECT_EQ(covariances["y"].to_vector<double>()[3], 2);
  EXPECT_THAT(covariances.index_values()[covariances.index().columns[1]].to_strings(), ElementsAre("x", "y", "x", "y"));
  EXPECT_EQ(frame.groupby("k").corr().compute()["y"].to_vector<double>()[1], 1);
  EXPECT_THAT(error_of([&] { frame.groupby("k").agg("corr"); }).second, HasSubstr("two columns"));
}

TEST(Groups, HaveTheirLargestValues) {
  const Table largest = flights().groupby("carrier")["distance"].nlargest(2).compute();
  EXPECT_THAT(largest.to_vector<std::int64_t>(), ElementsAre(600, 300, 400, 500, 200));
  EXPECT_THAT(largest.index_values()["carrier"].to_strings(), ElementsAre("AA", "AA", "DL", "UA", "UA"));
  EXPECT_EQ(error_of([] { flights().groupby("carrier").nsmallest(2); }).first, ErrorKind::value);
}

TEST(NoNativeForm, SaysWhyTheEngineHasNoKernel) {
  const DataFrame frame = flights();
  EXPECT_THROW(frame["carrier"].sum(), NoNativeForm);
  EXPECT_THROW(frame["carrier"].clip("a", "b"), NoNativeForm);
  EXPECT_THAT(error_of([&] { frame["carrier"].clip("a", "b"); }).second, HasSubstr("values of type str"));
}

TEST(NoNativeForm, IsNotTheAnswerToAMistake) {
  const DataFrame frame = flights();
  EXPECT_EQ(error_of([&] { frame["carrier"] - 1; }).first, ErrorKind::type);
  EXPECT_EQ(error_of([&] { frame[frame["distance"]]; }).first, ErrorKind::type);
  EXPECT_EQ(error_of([&] { frame.groupby("carier"); }).first, ErrorKind::key);
  EXPECT_EQ(error_of([&] { frame["distance"].astype("flaot64"); }).first, ErrorKind::type);
  EXPECT_EQ(error_of([&] { frame.merge(frame, {.left_on = {"delay"}}); }).first, ErrorKind::value);
  EXPECT_EQ(error_of([&] { frame["carrier"].nlargest(2); }).first, ErrorKind::type);
}

TEST(NoNativeForm, AnErrorOfTheRunNamesTheCallersLine) {
  const Series text = DataFrame::from_table(Table({{"x", {"1", "two"}}}))["x"];
  const auto wrong = text.astype("int64");  // this line
  EXPECT_THAT(error_of([&] { wrong.compute(); }).second, HasSubstr("frames_test.cpp"));
}

TEST(Files, TakeColumnsByNameOrPosition) {
  const std::string path = ::testing::TempDir() + "columns_by_position.csv";
  std::ofstream(path) << "a,day,c\n1,2020-01-02,x\n";
  EXPECT_THAT(read_csv(path, {.usecols = {2, "a"}}).columns(), ElementsAre("a", "c"));
  const DataFrame dated = read_csv(path, {.parse_dates = {0}, .usecols = {1, 2}});
  EXPECT_THAT(dated.dtypes()[0].second, HasSubstr("datetime64"));
  EXPECT_THAT(error_of([&] { read_csv(path, {.usecols = {7}}); }).second,
              HasSubstr("usecols= names column 7, but the file has 3 columns"));
}

TEST(Parts, AreCalledAsDaskCallsThem) {
  EXPECT_EQ(csv_files("/data/out-*.csv", 11).names[3], "/data/out-03.csv");
  EXPECT_THAT(csv_files("/data/out", 2).names, ElementsAre("/data/out/0.part", "/data/out/1.part"));
  EXPECT_THAT(csv_files("/data/out.csv", 2, {.single_file = true}).names, ElementsAre("/data/out.csv"));
  EXPECT_EQ(parquet_files("/data/out/", 11).names[3], "/data/out/part.3.parquet");
  EXPECT_THAT(parquet_files("/data/out", 1, {.name_function = [](std::int64_t) { return "x.parquet"; }}).names,
              ElementsAre("/data/out/x.parquet"));
  EXPECT_TRUE(std::filesystem::path(csv_files("out-*.csv", 1).names[0]).is_absolute());
}

TEST(Parts, ThatAreAppendedReplaceNoneEvenIfTheyComeLate) {
  std::string folder = (std::filesystem::temp_directory_path() / "plait-parts-XXXXXX").string();
  folder = ::mkdtemp(folder.data());
  const auto names = [&] {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      found.insert(entry.path().filename().string());
    return found;
  };
  const DataFrame rows = flights().repartition(2);
  const ToParquetOptions append{.append = true, .ignore_divisions = true};
  rows.to_parquet(folder, append);
  EXPECT_THAT(names(), ElementsAre("part.0.parquet", "part.1.parquet"));
  const DataFrame planned = rows.lazy_to_parquet(folder, append);
  std::ofstream(folder + "/part.3.parquet") << "somebody else's";
  EXPECT_THAT(error_of([&] { planned.compute(); }).second, HasSubstr("there is a file"));
  EXPECT_THAT(names(), ElementsAre("part.0.parquet", "part.1.parquet", "part.3.parquet"));
  EXPECT_EQ(std::filesystem::file_size(folder + "/part.3.parquet"), 15u);
  std::filesystem::remove_all(folder);
}

TEST(Parts, HaveDifferentNames) {
  const auto same = [](std::int64_t) { return "x.parquet"; };
  EXPECT_THAT(error_of([&] { parquet_files("/data/out", 2, {.name_function = same}); }).second,
              HasSubstr("two partitions have the same file"));
  EXPECT_THAT(error_of([&] { csv_files("/data/out", 2, {.name_function = same}); }).second,
              HasSubstr("two partitions have the same file"));
}

TEST(Parts, GoToFilesAndBack) {
  std::string folder = (std::filesystem::temp_directory_path() / "plait-parts-XXXXXX").string();
  folder = ::mkdtemp(folder.data());
  EXPECT_EQ(flights().to_parquet(folder + "/p").size(), 3u);
  EXPECT_EQ(read_parquet(folder + "/p", {.columns = {"delay"}}).size(), 6);
  // Into the folder that is read, in fewer parts.
  read_parquet(folder + "/p").repartition(1).to_parquet(folder + "/p");
  EXPECT_EQ(read_parquet(folder + "/p").npartitions(), 1);
  EXPECT_EQ(read_parquet(folder + "/p").size(), 6);
  flights().to_csv(folder + "/one.csv", {.sep = ";", .index = false, .single_file = true});
  EXPECT_EQ(read_csv(folder + "/one.csv", {.sep = ";"}).sum({.numeric_only = true}).compute().to_vector<double>()[1],
            2100);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace plait
