#include "kernels/formats/parquet_columns.h"

#include <arrow/api.h>
#include <arrow/json/from_string.h>
#include <gtest/gtest.h>

#include "base/temporary_folder.h"
#include "kernels/formats/parquet_access.h"
#include "kernels/formats/parquet_reader.h"
#include "kernels/formats/parquet_writer.h"

namespace plait {
namespace {

std::shared_ptr<arrow::Array> array(const std::shared_ptr<arrow::DataType>& type, const std::string& json) {
  return arrow::json::ArrayFromJSONString(type, json).ValueOrDie();
}

// Every third value is missing, `count` rows in all; `text` makes a row's value.
template <class Text>
std::shared_ptr<arrow::Array> with_gaps(const std::shared_ptr<arrow::DataType>& type, int count, const Text& text) {
  std::string json = "[";
  for (int i = 0; i < count; ++i) json += (i ? "," : "") + (i % 3 == 1 ? std::string("null") : text(i));
  return array(type, json + "]");
}

std::shared_ptr<arrow::Table> table_of_columns(const std::vector<std::shared_ptr<arrow::Array>>& columns) {
  arrow::FieldVector fields;
  for (std::size_t i = 0; i < columns.size(); ++i)
    fields.push_back(arrow::field("c" + std::to_string(i), columns[i]->type()));
  return arrow::Table::Make(arrow::schema(fields), columns);
}

std::vector<std::string> names_of(const arrow::Table& table) { return table.schema()->field_names(); }

// All batches, one after the other.
std::shared_ptr<arrow::Table> batches_of(const std::string& path, const std::vector<int>& row_groups,
                                         const std::vector<std::string>& columns, const ParquetReadOptions& options) {
  ParquetBatches batches(path, row_groups, columns, options);
  arrow::RecordBatchVector all;
  while (auto batch = batches.next()) {
    EXPECT_LE(batch->num_rows(), options.batch_rows);
    EXPECT_TRUE(batch->ValidateFull().ok());
    all.push_back(std::move(batch));
  }
  return arrow::Table::FromRecordBatches(batches.schema(), all).ValueOrDie();
}

TEST(ParquetColumn, IsThereForWhatIsStoredAsItIs) {
  TemporaryFolder folder;
  const std::string path = folder.path("data.parquet");
  const auto number = [](int i) { return std::to_string(i % 7); };
  const auto table = table_of_columns(
      {with_gaps(arrow::int64(), 90, number), with_gaps(arrow::timestamp(arrow::TimeUnit::MICRO), 90, number),
       with_gaps(arrow::int16(), 90, number), with_gaps(arrow::boolean(), 90, [](int) { return "true"; }),
       with_gaps(arrow::list(arrow::int64()), 90, [](int) { return "[1, 2]"; })});
  write_parquet(*table, path, {});
  const auto file = open_parquet(path);
  const auto is_there = [&](int leaf) {
    return parquet_column(*file->metadata(), {0}, leaf, *table->schema()->field(leaf)) != nullptr;
  };
  EXPECT_TRUE(is_there(0));
  EXPECT_TRUE(is_there(1));
  EXPECT_FALSE(is_there(2));
  EXPECT_FALSE(is_there(3));
  EXPECT_FALSE(is_there(4));
  // Moments that would have to be converted.
  const auto seconds = arrow::field("c1", arrow::timestamp(arrow::TimeUnit::NANO));
  EXPECT_EQ(parquet_column(*file->metadata(), {0}, 1, *seconds), nullptr);
}

TEST(ParquetColumn, GivesTheSameRowsInBatchesOfAnySize) {
  TemporaryFolder folder;
  const std::string path = folder.path("data.parquet");
  constexpr int kRows = 1000;
  const auto number = [](int i) { return std::to_string(i * 37 % 101); };
  const auto text = [](int i) { return "\"text" + std::to_string(i % 5) + "\""; };
  const auto table = table_of_columns(
      {with_gaps(arrow::int64(), kRows, number), with_gaps(arrow::int32(), kRows, number),
       with_gaps(arrow::float64(), kRows, number), with_gaps(arrow::float32(), kRows, number),
       with_gaps(arrow::date32(), kRows, number),
       with_gaps(arrow::timestamp(arrow::TimeUnit::NANO, "UTC"), kRows, number),
       with_gaps(arrow::large_utf8(), kRows, text), with_gaps(arrow::boolean(), kRows, [](int) { return "true"; })});
  write_parquet(*table, path, {.row_group_rows = 300});
  for (const std::int64_t batch_rows : {1, 7, 128, 300, 5000}) {
    const auto read = batches_of(path, {0, 1, 2, 3}, names_of(*table), {.batch_rows = batch_rows});
    EXPECT_TRUE(read->Equals(*table)) << batch_rows;
    const auto turned = batches_of(path, {3, 1}, {"c7", "c2", "c0"}, {.batch_rows = batch_rows});
    const auto expected = table->SelectColumns({7, 2, 0}).ValueOrDie();
    EXPECT_TRUE(
        turned->Equals(*arrow::ConcatenateTables({expected->Slice(900), expected->Slice(300, 300)}).ValueOrDie()))
        << batch_rows;
  }
}

TEST(ParquetColumn, GivesTextsAsCodesOfTheirRowGroup) {
  TemporaryFolder folder;
  const std::string path = folder.path("data.parquet");
  const auto texts = with_gaps(arrow::large_utf8(), 600, [](int i) { return i < 300 ? "\"a\"" : "\"b\""; });
  write_parquet(*table_of_columns({texts}), path, {.row_group_rows = 300});
  const auto read = batches_of(path, {0, 1}, {"c0"}, {.dictionary = {"c0"}, .batch_rows = 100});
  ASSERT_EQ(read->column(0)->num_chunks(), 6);
  for (int i = 0; i < 6; ++i) {
    const auto& codes = static_cast<const arrow::DictionaryArray&>(*read->column(0)->chunk(i));
    EXPECT_EQ(codes.dictionary()->length(), 1);
    EXPECT_TRUE(codes.dictionary()->Equals(*array(arrow::utf8(), i < 3 ? R"(["a"])" : R"(["b"])")));
  }
  EXPECT_EQ(read->column(0)->null_count(), 200);
}

TEST(ParquetColumn, ReadsRowGroupsWithoutAnyValue) {
  TemporaryFolder folder;
  const std::string path = folder.path("data.parquet");
  const auto table =
      table_of_columns({array(arrow::int64(), "[null, null, 3, null]"), array(arrow::float64(), "[1, 2, null, null]"),
                        array(arrow::large_utf8(), R"([null, null, "x", "x"])")});
  write_parquet(*table, path, {.row_group_rows = 2});
  EXPECT_TRUE(batches_of(path, {0, 1}, names_of(*table), {})->Equals(*table));
  EXPECT_EQ(batches_of(path, {0, 1}, {"c2"}, {.dictionary = {"c2"}})->column(0)->null_count(), 2);
}

TEST(ParquetColumn, AFileThatWasReplacedIsReadAsItIs) {
  TemporaryFolder folder;
  const std::string path = folder.path("data.parquet");
  for (int i = 0; i < 20; ++i) {
    const auto table = table_of_columns({array(arrow::int64(), "[" + std::to_string(i) + ", 5]")});
    write_parquet(*table, path, {});
    EXPECT_TRUE(batches_of(path, {0}, {"c0"}, {})->Equals(*table)) << i;
  }
}

}  // namespace
}  // namespace plait
