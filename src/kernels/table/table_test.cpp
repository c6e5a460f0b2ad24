#include "plait/table.h"

#include <arrow/c/abi.h>
#include <gmock/gmock.h>

#include <cmath>

#include "base/task_memory.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/columns.h"
#include "kernels/table/rows.h"
#include "kernels/table/sort.h"
#include "kernels/table/table_kernels.h"
#include "kernels/table/table_parts.h"

namespace plait {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Table people() {
  return Table(
      {{"name", {"Ann", "Bob", missing, "Dan"}}, {"age", {31, 25, missing, 40}}, {"tall", {true, false, true, true}}});
}

TEST(Table, InfersTypesOfLiteralsAsPandasDoes) {
  const Table table = people();
  EXPECT_EQ(name(table.type("name")), "str");
  EXPECT_EQ(name(table.type("age")), "float64");  // an integer is missing
  EXPECT_EQ(name(table.type("tall")), "bool");
  EXPECT_TRUE(std::isnan(table["age"].to_vector<double>()[2]));
}

TEST(TableParts, AreTheRowsWhateverPartsAreGone) {
  std::vector<Literal> numbers;
  std::vector<Literal> texts;
  std::vector<Literal> flags;
  constexpr std::int64_t kRows = 20000;
  for (std::int64_t i = 0; i < kRows; ++i) {
    numbers.emplace_back(i);
    texts.emplace_back(i % 7 == 0 ? Literal(missing) : Literal("row " + std::to_string(i)));
    flags.emplace_back(i % 3 == 0);
  }
  const Table whole({{"n", numbers}, {"s", texts}, {"b", flags}});
  std::vector<Table> parts =
      cut_into_parts(take(whole, sort_positions(whole, {.by = {"n"}})), {0, 0, 5001, 5003, 15000, kRows});
  ASSERT_EQ(parts.size(), 5u);
  parts[3] = Table();  // its pages go, those of its neighbours stay
  parts[1] = Table();
  const std::vector<std::pair<int, std::int64_t>> left = {{2, 5001}, {4, 15000}};
  for (const auto& [part, first] : left) {
    for (std::int64_t i = 0; i < parts[part].num_rows(); ++i) {
      for (const char* column : {"n", "s", "b"}) ASSERT_EQ(parts[part].at(column, i), whole.at(column, first + i));
    }
  }
  EXPECT_EQ(parts[0].num_rows(), 0);
  EXPECT_LT(parts[2].num_bytes(), 200u) << "a part weighs what it holds";
}

TEST(Table, NamesNearColumnsForAnUnknownOne) {
  try {
    people().column("nam");
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::key);
    EXPECT_THAT(error.what(), HasSubstr("name"));
  }
}

TEST(Table, SlicesKeepTheirLabelsAndCountTheirOwnBytes) {
  const Table numbers({{"x", {1.0, 2.0, 3.0, 4.0}}});
  EXPECT_EQ(numbers.num_bytes(), 32u);
  const Table slice = numbers.slice(1, 2);
  EXPECT_EQ(slice.num_bytes(), 16u);
  EXPECT_THAT(slice.index_values().to_vector<std::int64_t>(), ElementsAre(1, 2));
}

TEST(Table, PrintsAsPandasDoes) {
  EXPECT_EQ(
      to_string(people()),
      "   name   age   tall\n0   Ann  31.0   True\n1   Bob  25.0  False\n2   NaN   NaN   True\n3   Dan  40.0   True");
  EXPECT_EQ(to_string(people()["age"]), "0    31.0\n1    25.0\n2     NaN\n3    40.0\nName: age, dtype: float64");
}

TEST(Table, SurvivesARecordWithIndexFormAndCategories) {
  register_table_kernels();
  const Table table = people().set_index({"name"});
  for (const Table& each :
       {table, table.slice(1, 2), table["age"], people().slice(2, 2), Table::empty(people().schema())}) {
    const auto frame = std::make_shared<std::vector<std::byte>>(write_frame(encode_value(Value::of(each))));
    const Table back = decode_value(read_frame(*frame, frame)).as<Table>();
    EXPECT_EQ(back.schema(), each.schema());
    EXPECT_EQ(to_string(back), to_string(each));
  }
}

TEST(Table, OfSeveralPiecesIsWrittenWithoutPuttingThemTogether) {
  register_table_kernels();
  std::vector<Literal> texts(20'000, "a text that is long enough to take some memory");
  const Table piece = Table::from_columns({{"x", texts}});
  const Table whole = concat({piece, piece, piece});
  const TaskMemory memory;
  const Record record = encode_value(Value::of(whole));
  EXPECT_LT(memory.peak_bytes(), piece.num_bytes());
  EXPECT_EQ(to_string(decode_value(record).as<Table>()), to_string(whole));
}

TEST(Table, TravelsThroughTheArrowInterface) {
  const Table table = people().set_index({"name"}).column("age");
  ArrowArrayStream stream;
  table.export_stream(&stream);
  const Table back = Table::import_stream(&stream);
  EXPECT_EQ(back.schema(), table.schema());
  EXPECT_EQ(to_string(back), to_string(table));
}

TEST(Table, WithoutColumnsKeepsItsRowsThroughTheArrowInterface) {
  ArrowArrayStream stream;
  Table({{"x", {1, 2, 3}}}).set_index({"x"}).reset_index(true).export_stream(&stream);
  EXPECT_EQ(Table::import_stream(&stream).num_rows(), 3);
}

TEST(Columns, AssignReplacesAndAppends) {
  const Table out =
      assign(people(), {people()["age"]}, {.names = {"tall", "n"}, .literals = {std::nullopt, Literal(7)}});
  EXPECT_THAT(out.names(), ElementsAre("name", "age", "tall", "n"));
  EXPECT_EQ(name(out.type("tall")), "float64");
  EXPECT_THAT(out["n"].to_vector<std::int64_t>(), ElementsAre(7, 7, 7, 7));
}

TEST(Columns, SelectKeepsTheIndex) {
  const Table out = select(people().set_index({"name"}), {{"tall"}});
  EXPECT_THAT(out.names(), ElementsAre("tall"));
  EXPECT_THAT(out.index_values().to_strings(), ElementsAre("Ann", "Bob", "", "Dan"));
}

TEST(Rows, FilterTakesMissingForFalseAndKeepsLabels) {
  const Table condition = table_of({{"c", chunked(array_from_literals({true, missing, false, true}))}});
  const Table out = filter(people(), condition);
  EXPECT_THAT(out["name"].to_strings(), ElementsAre("Ann", "Dan"));
  EXPECT_THAT(out.index_values().to_vector<std::int64_t>(), ElementsAre(0, 3));
  EXPECT_TRUE(filter(people(), condition, {.keep_index = false}).index().is_range());
}

TEST(Rows, ConcatUnifiesTypesAndContinuesRanges) {
  const Table a({{"x", {1, 2}}});
  const Table b({{"x", {0.5}}, {"y", {"b"}}});
  const Table out = concat({a, b});
  EXPECT_EQ(name(out.type("x")), "float64");
  EXPECT_THAT(out["y"].to_strings(), ElementsAre("", "", "b"));
  EXPECT_THAT(out.index_values().to_vector<std::int64_t>(), ElementsAre(0, 1, 0));
  const Table whole = people();
  EXPECT_EQ(concat({whole.slice(0, 1), whole.slice(1, 3)}).index(), whole.index());
}

TEST(Rows, ConcatPassesOverAPartWithoutRowsWhoseLabelsHaveOtherLevels) {
  const Table rows = set_index(Table({{"x", {1, 2}}, {"k", {3, 4}}, {"l", {5, 6}}}), {.columns = {"k", "l"}});
  const Table none = Table({{"x", {1}}}).slice(0, 0);
  EXPECT_EQ(concat({none, rows, none}).index().columns, rows.index().columns);
}

TEST(Labels, SplitWhatTheyJoin) {
  EXPECT_THAT(split_label(join_label({"delay", "mean"})), ElementsAre("delay", "mean"));
  EXPECT_THAT(split_label("delay"), ElementsAre("delay"));
}

}  // namespace
}  // namespace plait
