#include "kernels/formats/csv_writer.h"

#include <arrow/api.h>
#include <arrow/json/from_string.h>
#include <gmock/gmock.h>

#include "base/temporary_folder.h"
#include "kernels/formats/csv_reader.h"

namespace plait {
namespace {

std::shared_ptr<arrow::Table> table(
    const std::vector<std::tuple<std::string, std::shared_ptr<arrow::DataType>, std::string>>& columns) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const auto& [name, type, json] : columns) {
    fields.push_back(arrow::field(name, type));
    arrays.push_back(arrow::json::ArrayFromJSONString(type, json).ValueOrDie());
  }
  return arrow::Table::Make(arrow::schema(fields), arrays);
}

TEST(CsvWriter, WritesWhatPandasWrites) {
  const auto frame = table({{"a", arrow::int64(), "[1, -2]"},
                            {"b", arrow::utf8(), R"(["x,y", "p\"q"])"},
                            {"c", arrow::boolean(), "[true, null]"},
                            {"d", arrow::large_utf8(), R"(["l\nm", null])"}});
  EXPECT_EQ(csv_text(*frame, {}), ",a,b,c,d\n0,1,\"x,y\",True,\"l\nm\"\n1,-2,\"p\"\"q\",,\n");
  EXPECT_EQ(csv_text(*frame, {.sep = ";", .na_rep = "NA", .header = false, .index = false}),
            "1;x,y;True;\"l\nm\"\n-2;\"p\"\"q\";NA;NA\n");
}

TEST(CsvWriter, WritesFloatsAsPythonDoes) {
  const auto frame =
      table({{"a", arrow::float64(), "[1, 100000, 1e15, 1e16, 1e22, 0.0001, 0.00001, 0.1, 5e-324, -0.0, null]"}});
  EXPECT_EQ(csv_text(*frame, {.header = false, .index = false}),
            "1.0\n100000.0\n1000000000000000.0\n1e+16\n1e+22\n0.0001\n1e-05\n0.1\n5e-324\n-0.0\n\"\"\n");
}

TEST(CsvWriter, WritesAsManyDigitsOfTimeAsTheColumnNeeds) {
  const auto text = [](const char* unit_type, const std::shared_ptr<arrow::DataType>& type, const char* json) {
    return std::string(unit_type) + csv_text(*table({{"t", type, json}}), {.header = false, .index = false});
  };
  const auto us = arrow::timestamp(arrow::TimeUnit::MICRO);
  EXPECT_EQ(text("", us, R"(["2024-01-01", null])"), "2024-01-01\n\"\"\n");
  EXPECT_EQ(text("", us, R"(["2024-01-01", "1969-12-31 23:59:59"])"), "2024-01-01 00:00:00\n1969-12-31 23:59:59\n");
  EXPECT_EQ(text("", us, "[1500000]"), "1970-01-01 00:00:01.500\n");
  EXPECT_EQ(text("", us, "[-1]"), "1969-12-31 23:59:59.999999\n");
  EXPECT_EQ(text("", arrow::timestamp(arrow::TimeUnit::SECOND, "+05:30"), "[0]"), "1970-01-01 05:30:00+05:30\n");
  EXPECT_EQ(text("", arrow::duration(arrow::TimeUnit::MILLI), "[-1000, 86400000]"),
            "-1 days +23:59:59\n1 days 00:00:00\n");
}

TEST(CsvWriter, WritesIndexColumnsFirstUnderTheirNames) {
  const auto frame = table({{"a", arrow::int64(), "[1]"}, {"k", arrow::utf8(), R"(["x"])"}});
  EXPECT_EQ(csv_text(*frame, {.file_index = {.columns = {"k"}, .names = {""}}}), ",a\nx,1\n");
  EXPECT_EQ(csv_text(*frame, {.index = false, .file_index = {.columns = {"k"}}}), "a\n1\n");
  EXPECT_EQ(csv_text(*frame, {.file_index = {.start = 5, .range_name = "i"}}), "i,a,k\n5,1,x\n");
}

TEST(CsvWriter, IsReadBackTheSame) {
  TemporaryFolder folder;
  const auto frame =
      table({{"a", arrow::float64(), "[0.1, 1e300, -2.5e-10]"}, {"b", arrow::large_utf8(), R"(["\r", "\"\"", ","])"}});
  write_csv(*frame, folder.path("data.csv"), {.index = false});
  const CsvSplit split = split_csv({folder.path("data.csv")}, {}, 0);
  EXPECT_TRUE(parse_csv_block(split.blocks[0], {"a", "b"}, infer_csv_schema(split, {}), {})->Equals(*frame));
}

TEST(CsvWriter, RefusesTypesWithoutText) {
  EXPECT_THROW(csv_text(*table({{"a", arrow::list(arrow::int64()), "[[1]]"}}), {}), Error);
}

}  // namespace
}  // namespace plait
