// Split tables: every row in its part, in its order, whatever the column is made of.
#include "kernels/table/parted_rows.h"

#include <arrow/api.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/table/arrow_table.h"
#include "kernels/table/join.h"
#include "kernels/table/take.h"

namespace plait {
namespace {

using testing::ElementsAre;

template <class Builder, class T>
std::shared_ptr<arrow::Array> array(Builder&& builder, const std::vector<std::optional<T>>& values) {
  for (const auto& value : values) check_arrow(value ? builder.Append(*value) : builder.AppendNull(), "test");
  return value_or_throw(builder.Finish(), "test");
}
std::shared_ptr<arrow::Array> texts(const std::vector<std::optional<std::string>>& values) {
  return array(arrow::StringBuilder(), values);
}
std::shared_ptr<arrow::Array> categories(const std::vector<std::optional<std::string>>& values) {
  return array(arrow::StringDictionaryBuilder(), values);
}

// The column's rows as a reader of Arrow sees them, part by part.
std::vector<std::string> split(const arrow::ArrayVector& chunks, const std::vector<std::uint32_t>& part_of_row,
                               std::int64_t n) {
  const Table table = table_of({{"x", std::make_shared<arrow::ChunkedArray>(chunks), TypeFamily::arrow}});
  std::vector<std::string> out;
  for (const Table& part : split_rows(table, {part_of_row.begin(), part_of_row.end()}, n)) {
    const auto values = decoded(array_of(part, "x"));
    check_arrow(values->ValidateFull(), "test");
    std::string text;
    for (std::int64_t i = 0; i < values->length(); ++i)
      text += value_or_throw(values->GetScalar(i), "test")->ToString() + " ";
    out.push_back(text);
  }
  return out;
}

TEST(PartedRows, KeepsTheOrderOfRowsAcrossChunks) {
  const auto first = array(arrow::Int64Builder(), std::vector<std::optional<int>>{1, 2, 3});
  const auto second = array(arrow::Int64Builder(), std::vector<std::optional<int>>{4, std::nullopt, 6})->Slice(1);
  EXPECT_THAT(split({first, second}, {2, 0, 2, 0, 0}, 4), ElementsAre("2 null 6 ", "", "1 3 ", ""));
}

TEST(PartedRows, MovesItemsOfEveryWidth) {
  const std::vector<std::optional<int>> numbers = {7, std::nullopt, 9};
  const std::vector<arrow::ArrayVector> columns = {{array(arrow::Int8Builder(), numbers)},
                                                   {array(arrow::UInt16Builder(), numbers)},
                                                   {array(arrow::Int32Builder(), numbers)},
                                                   {array(arrow::DoubleBuilder(), numbers)}};
  for (const auto& column : columns) EXPECT_THAT(split(column, {1, 1, 0}, 2), ElementsAre("9 ", "7 null "));
}

TEST(PartedRows, MovesTexts) {
  const auto first = texts({"a", std::nullopt, ""});
  const auto second = texts({"left out", "a text that is long", "b"})->Slice(1);
  EXPECT_THAT(split({first, second}, {1, 0, 1, 1, 0}, 2), ElementsAre("null b ", "a  a text that is long "));
}

TEST(PartedRows, MovesCodesOfChunksWithDifferentCategories) {
  EXPECT_THAT(split({categories({"a", "b"}), categories({"c", std::nullopt, "a"})}, {0, 1, 1, 0, 0}, 2),
              ElementsAre("a null a ", "b c "));
}

TEST(PartedRows, MovesWhatHasNoItemsOfWholeBytes) {
  EXPECT_THAT(split({array(arrow::BooleanBuilder(), std::vector<std::optional<bool>>{true, std::nullopt, false})},
                    {1, 0, 1}, 2),
              ElementsAre("null ", "true false "));
}

TEST(HashPartition, DoesNotDependOnChunksOrOnHowTextsAreStored) {
  const auto hashes = [](const arrow::ArrayVector& chunks) {
    const Table table = table_of({{"k", std::make_shared<arrow::ChunkedArray>(chunks), TypeFamily::arrow}});
    const NdArray out = hash_rows(table, {"k"});
    return std::vector<std::uint64_t>(out.data<std::uint64_t>(), out.data<std::uint64_t>() + table.num_rows());
  };
  const auto whole = hashes({texts({"a", "b", std::nullopt, "c"})});
  EXPECT_EQ(hashes({texts({"a"}), texts({"b", std::nullopt}), texts({}), texts({"c"})}), whole);
  EXPECT_EQ(hashes({categories({"a", "b"}), categories({std::nullopt, "c"})}), whole);
}

TEST(HashPartition, RefusesKeysWithoutAHashAlsoWithoutRows) {
  const auto lists =
      std::make_shared<arrow::ListBuilder>(arrow::default_memory_pool(), std::make_shared<arrow::Int64Builder>());
  const Table table = table_of({{"k", chunked(value_or_throw(lists->Finish(), "test")), TypeFamily::arrow}});
  EXPECT_THROW(hash_partition(table, {.keys = {"k"}, .n = 2}), Error);
}

}  // namespace
}  // namespace plait
