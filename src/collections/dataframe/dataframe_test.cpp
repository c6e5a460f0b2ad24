#include "plait/dataframe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

namespace plait {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A folder of this test's own, removed at its end.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / std::filesystem::path("plait-frames-XXXXXX")) {
    std::string name = path_.string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

DataFrame flights(std::int64_t npartitions = 3) {
  return DataFrame::from_table(Table({{"carrier", {"AA", "UA", "AA", "DL", "UA", "AA"}},
                                      {"delay", {70.0, 5.0, 90.0, 61.0, missing, 10.0}},
                                      {"distance", {100, 200, 300, 400, 500, 600}}}),
                               npartitions);
}

TEST(DataFrame, KnowsItsColumnsAndTypesBeforeAnythingIsComputed) {
  const DataFrame frame = flights();
  EXPECT_THAT(frame.columns(), ElementsAre("carrier", "delay", "distance"));
  EXPECT_EQ(frame.npartitions(), 3);
  EXPECT_EQ(frame["delay"].dtype(), "float64");
  EXPECT_EQ((frame["distance"] * 2).dtype(), "int64");
}

TEST(DataFrame, NamesNearColumnsForAnUnknownOne) {
  try {
    flights()["dellay"];
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::key);
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'delay'"));
  }
}

TEST(DataFrame, ComparesAMissingValueAsFalse) {
  const DataFrame frame = flights();
  const Table late = frame[frame["delay"] > 60].compute();
  EXPECT_THAT(late["distance"].to_vector<std::int64_t>(), ElementsAre(100, 300, 400));
  EXPECT_THAT(late.index_values().to_vector<std::int64_t>(), ElementsAre(0, 2, 3));
}

TEST(DataFrame, GroupsOverAllPartitions) {
  for (const std::int64_t npartitions : {1, 2, 6}) {
    const DataFrame frame = flights(npartitions);
    const Table result = frame.groupby("carrier").agg({{"delay", {"mean", "count"}}, {"distance", {"sum"}}}).compute();
    EXPECT_THAT(result.index_values().to_strings(), ElementsAre("AA", "DL", "UA"));
    EXPECT_THAT(result[join_label({"delay", "mean"})].to_vector<double>(), ElementsAre(170.0 / 3, 61, 5));
    EXPECT_THAT(result[join_label({"delay", "count"})].to_vector<std::int64_t>(), ElementsAre(3, 1, 1));
    EXPECT_THAT(result[join_label({"distance", "sum"})].to_vector<std::int64_t>(), ElementsAre(1000, 400, 700));
  }
}

TEST(DataFrame, ReducesColumns) {
  const DataFrame frame = flights();
  EXPECT_DOUBLE_EQ(frame["distance"].mean().value(), 350);
  EXPECT_DOUBLE_EQ(frame["delay"].count().value(), 5);
  EXPECT_EQ(frame.size(), 6);
  EXPECT_EQ(frame[frame["delay"] > 60].size(), 3);
}

TEST(DataFrame, MergesAndSorts) {
  const DataFrame names = DataFrame::from_table(Table({{"carrier", {"AA", "UA"}}, {"name", {"American", "United"}}}));
  const Table joined = flights().merge(names, {.on = {"carrier"}}).sort_values({"distance"}, false).compute();
  EXPECT_THAT(joined["name"].to_strings(), ElementsAre("American", "United", "American", "United", "American"));
  EXPECT_THAT(joined["distance"].to_vector<std::int64_t>(), ElementsAre(600, 500, 300, 200, 100));
}

TEST(DataFrame, HeadGoesOnWhereTheFirstPartitionIsShort) {
  EXPECT_EQ(flights(6).head(4).num_rows(), 4);
  EXPECT_EQ(flights(6).tail(2)["distance"].to_vector<std::int64_t>(), (std::vector<std::int64_t>{500, 600}));
}

TEST(ReadCsv, RunsFromTextToGroupsBatchByBatch) {
  const Folder folder;
  for (int part = 0; part < 3; ++part) {
    std::string text = "id,carrier,delay\n";
    for (int i = 0; i < 1000; ++i)
      text += std::to_string(i) + (i % 2 ? ",AA," : ",UA,") + std::to_string(i + part) + ".5\n";
    folder.write("part-" + std::to_string(part) + ".csv", text);
  }
  const DataFrame frame = read_csv(folder / "part-*.csv");
  EXPECT_EQ(frame.npartitions(), 3);
  const DataFrame grouped = frame[frame["delay"] > 500].groupby("carrier").agg({{"delay", {"count"}}});
  EXPECT_THAT(grouped.explain(), HasSubstr("stream"));
  const Table result = grouped.compute();
  EXPECT_THAT(result.index_values().to_strings(), ElementsAre("AA", "UA"));
  EXPECT_THAT(result[join_label({"delay", "count"})].to_vector<std::int64_t>(), ElementsAre(752, 751));
}

TEST(ReadCsv, ReadsAgainWhenATypeTurnsOutWider) {
  const Folder folder;
  std::string text = "a,b\n";
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i) + ",1\n";
  text += "0.5,x\n";
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i) + ",1\n";
  const DataFrame frame = read_csv(folder.write("wide.csv", text));
  EXPECT_EQ(frame["a"].dtype(), "int64");
  EXPECT_EQ(frame["a"].sum().value(), 2 * 99'999.0 * 50'000 + 0.5);
  EXPECT_EQ(frame["a"].dtype(), "float64");
}

TEST(ReadCsv, SaysThatThereIsNoFile) { EXPECT_THROW(read_csv("/nowhere/*.csv"), Error); }

}  // namespace
}  // namespace plait
