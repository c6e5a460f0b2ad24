#include <arrow/api.h>
#include <arrow/json/from_string.h>
#include <gmock/gmock.h>

#include "base/temporary_folder.h"
#include "kernels/formats/hive_folders.h"
#include "kernels/formats/parquet_file.h"
#include "kernels/formats/parquet_reader.h"
#include "kernels/formats/parquet_writer.h"
#include "plait/error.h"

namespace plait {
namespace {

using testing::HasSubstr;

std::shared_ptr<arrow::Array> array(const std::shared_ptr<arrow::DataType>& type, const char* json) {
  return arrow::json::ArrayFromJSONString(type, json).ValueOrDie();
}

std::shared_ptr<arrow::Table> sample() {
  return arrow::Table::Make(arrow::schema({arrow::field("a", arrow::int64()), arrow::field("b", arrow::float64()),
                                           arrow::field("s", arrow::large_utf8())}),
                            {array(arrow::int64(), "[3, 1, 2, 5]"), array(arrow::float64(), "[0.5, null, 2, 3]"),
                             array(arrow::large_utf8(), R"(["x", "y", null, "z"])")});
}

TEST(Parquet, ReadsBackTheColumnsAndRowGroupsAskedFor) {
  TemporaryFolder folder;
  const std::string path = folder.path("data.parquet");
  write_parquet(*sample(), path, {.row_group_rows = 2});
  EXPECT_TRUE(read_parquet_block(path, {}, {"a", "b", "s"})->Equals(*sample()));
  const auto part = read_parquet_block(path, {1}, {"s", "a"});
  EXPECT_TRUE(part->Equals(*sample()->SelectColumns({2, 0}).ValueOrDie()->Slice(2)));
  const auto codes = read_parquet_block(path, {0}, {"s"}, {.dictionary = {"s"}});
  EXPECT_EQ(codes->schema()->field(0)->type()->id(), arrow::Type::DICTIONARY);
}

TEST(Parquet, KnowsTheBoundsOfRowGroups) {
  TemporaryFolder folder;
  const std::string path = folder.path("data.parquet");
  write_parquet(*sample(), path, {.row_group_rows = 2});
  const ParquetFile file = read_parquet_file(path);
  EXPECT_EQ(file.num_rows, 4);
  ASSERT_EQ(file.row_groups.size(), 2u);
  const auto& columns = file.row_groups[0].columns;
  EXPECT_EQ(columns[0].min, ParquetBound(std::int64_t{1}));
  EXPECT_EQ(columns[0].max, ParquetBound(std::int64_t{3}));
  EXPECT_EQ(columns[1].num_nulls, 1);
  EXPECT_EQ(columns[2].max, ParquetBound(std::string("y")));
}

TEST(Parquet, TellsPandasAboutTheIndex) {
  const auto schema = arrow::schema({arrow::field("a", arrow::int64()), arrow::field("k", arrow::large_utf8())});
  EXPECT_THAT(pandas_metadata(*schema, {.start = 2, .step = 3, .range_name = "i"}, 10),
              HasSubstr(R"("index_columns": [{"kind": "range", "name": "i", "start": 2, "stop": 32, "step": 3}])"));
  TemporaryFolder folder;
  const std::string path = folder.path("data.parquet");
  write_parquet(*sample(), path, {.file_index = {.columns = {"s"}, .names = {""}}});
  const auto written = read_parquet_schema(path);
  EXPECT_EQ(written->field(2)->name(), "__null_dask_index__");
  EXPECT_THAT(written->metadata()->Get("pandas").ValueOrDie(),
              HasSubstr(R"("index_columns": ["__null_dask_index__"])"));
}

TEST(Parquet, WritesTextStoredAsCodesAsPlainText) {
  TemporaryFolder folder;
  const std::string path = folder.path("data.parquet");
  const auto type = arrow::dictionary(arrow::int32(), arrow::large_utf8());
  const auto field = arrow::field("s", type)->WithMetadata(arrow::key_value_metadata({"plait.text"}, {"1"}));
  const auto codes = arrow::DictionaryArray::FromArrays(type, array(arrow::int32(), "[1, null, 0]"),
                                                        array(arrow::large_utf8(), R"(["x", "y"])"));
  write_parquet(*arrow::Table::Make(arrow::schema({field}), {codes.ValueOrDie()}), path, {});
  EXPECT_TRUE(read_parquet_block(path, {}, {"s"})
                  ->column(0)
                  ->chunk(0)
                  ->Equals(array(arrow::large_utf8(), R"(["y", null, "x"])")));
}

TEST(HiveFolders, AreNamedSoThatEveryValueComesBack) {
  EXPECT_EQ(folder_name("k", Literal("a/b=100%")), "k=a%2Fb%3D100%25");
  EXPECT_EQ(folder_name("k", Literal(2.0)), "k=2.0");
  EXPECT_EQ(folder_name("k", Literal()), "k=__HIVE_DEFAULT_PARTITION__");
  const auto values = folder_values("/data=x/k=a%2Fb%3D100%25/n=__HIVE_DEFAULT_PARTITION__/z=1.parquet");
  EXPECT_THAT(values, testing::ElementsAre(testing::Pair("data", "x"), testing::Pair("k", "a/b=100%"),
                                           testing::Pair("n", std::nullopt)));
}

TEST(HiveFolders, HoldNumbersWhereAllNamesAreNumbers) {
  const auto numbers = folder_columns({"/t/i=10/a", "/t/i=2/b", "/t/i=10/c"}, {});
  ASSERT_EQ(numbers.size(), 1u);
  EXPECT_EQ(numbers[0].categories.type("i").kind, TypeKind::int32);
  EXPECT_THAT(numbers[0].codes, testing::ElementsAre(1, 0, 1));
  const auto texts = folder_columns({"/t/i=10/a", "/t/i=x/b"}, {});
  EXPECT_EQ(texts[0].value_of(1), Literal("x"));
  EXPECT_TRUE(folder_columns({"/t/i=10/a"}, {"i"}).empty());
}

TEST(Parquet, NamesAFileThatIsCutOff) {
  TemporaryFolder folder;
  write_parquet(*sample(), folder.path("data.parquet"), {});
  const std::string whole = folder.read("data.parquet");
  for (const std::size_t size : {std::size_t{0}, std::size_t{3}, std::size_t{10}, whole.size() / 2, whole.size() - 1}) {
    const std::string path = folder.write("cut.parquet", whole.substr(0, size));
    try {
      read_parquet_block(path, {}, {"a"});
      ADD_FAILURE() << "no error for " << size << " bytes";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::io);
      EXPECT_THAT(error.what(), HasSubstr("cut.parquet"));
    }
  }
}

TEST(Parquet, NamesWhatIsNotThere) {
  TemporaryFolder folder;
  const std::string path = folder.path("data.parquet");
  write_parquet(*sample(), path, {});
  EXPECT_THROW(read_parquet_file(folder.path("missing.parquet")), Error);
  EXPECT_THROW(read_parquet_block(path, {7}, {"a"}), Error);
  EXPECT_THROW(read_parquet_block(path, {}, {"z"}), Error);
  EXPECT_THROW(write_parquet(*sample(), path, {.compression = "zip"}), Error);
}

}  // namespace
}  // namespace plait
