// Expected values are what pandas 3.1 gives.
#include "kernels/table/elementwise.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "kernels/table/accessors.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/type_rules.h"

namespace plait {
namespace {

using testing::ElementsAre;
using testing::IsNan;

constexpr double kInf = std::numeric_limits<double>::infinity();

Table ints(std::initializer_list<Literal> values) { return Table({{"x", values}})["x"]; }
std::vector<bool> bools(const Table& series) {
  std::vector<bool> out;
  for (std::int64_t i = 0; i < series.num_rows(); ++i) out.push_back(std::get<bool>(series.at(i)));
  return out;
}

TEST(Binary, TrueDivisionOfIntegersGivesFloats) {
  EXPECT_THAT(binary(ints({1, 0, -1}), Literal(0), BinaryOp::truediv).to_vector<double>(),
              ElementsAre(kInf, IsNan(), -kInf));
}

TEST(Binary, FloorDivisionAndModuloRoundDownAndGiveFloatsWhereTheDivisorIsZero) {
  const Table x = ints({-5, 5, 0});
  EXPECT_THAT(binary(x, Literal(3), BinaryOp::floordiv).to_vector<std::int64_t>(), ElementsAre(-2, 1, 0));
  EXPECT_THAT(binary(x, Literal(3), BinaryOp::mod).to_vector<std::int64_t>(), ElementsAre(1, 2, 0));
  EXPECT_THAT(binary(x, Literal(0), BinaryOp::floordiv).to_vector<double>(), ElementsAre(-kInf, kInf, IsNan()));
  EXPECT_THAT(binary(x, Literal(0), BinaryOp::mod).to_vector<double>(), ElementsAre(IsNan(), IsNan(), IsNan()));
}

TEST(Fillna, TakesOneValueForAllRows) {
  const Table f = Table({{"x", {1.0, missing}}})["x"];
  const Table mean =
      Table({{"another name, of more than a few letters", {2.5}}})["another name, of more than a few letters"];
  EXPECT_THAT(fillna_from(f, mean.with_form(TableForm::scalar)).to_vector<double>(), ElementsAre(1.0, 2.5));
}

TEST(Clip, KeepsTheTypeForWholeBounds) {
  const Table small = astype(ints({-5, 5, 0}), {{{"", {.kind = TypeKind::int8}}}});
  const Table clipped = clip(small, {.lower = Literal(0), .upper = Literal(1)});
  EXPECT_EQ(clipped.type("x").kind, TypeKind::int8);
  EXPECT_THAT(clipped.to_vector<std::int8_t>(), ElementsAre(0, 1, 0));
}

TEST(Binary, ComparisonsWithAMissingValueAreFalseAndNotEqualIsTrue) {
  const Table f = Table({{"x", {1.0, missing}}})["x"];
  const Table s = Table({{"s", {"a", missing}}})["s"];
  EXPECT_EQ(bools(binary(f, Literal(0), BinaryOp::gt)), (std::vector<bool>{true, false}));
  EXPECT_EQ(bools(binary(f, Literal(1), BinaryOp::ne)), (std::vector<bool>{false, true}));
  EXPECT_EQ(bools(binary(s, Literal("a"), BinaryOp::eq)), (std::vector<bool>{true, false}));
  EXPECT_EQ(bools(binary(s, Literal("a"), BinaryOp::ne)), (std::vector<bool>{false, true}));
}

TEST(Binary, NullableColumnsPropagateMissingValues) {
  const Table x = astype(Table({{"x", {1.0, missing}}}), {{{"", parse_column_type("Int64")}}})["x"];
  const Table out = binary(x, Literal(0), BinaryOp::gt);
  EXPECT_EQ(out.at(0), Literal(true));
  EXPECT_EQ(out.at(1), Literal(missing));
  EXPECT_EQ(name(out.type("x")), "boolean");
}

TEST(Binary, LiteralsTakeTheColumnsType) {
  const Table x = astype(ints({1, 2}), {{{"", parse_column_type("int8")}}});
  EXPECT_EQ(name(binary(x, Literal(1), BinaryOp::add).type("x")), "int8");
  EXPECT_EQ(name(binary(x, Literal(1.0), BinaryOp::add).type("x")), "float64");
}

TEST(Binary, ComparesDatetimesWithText) {
  const Table t = Table({{"t", {Timestamp{0, TimeUnit::s}, Timestamp{86400, TimeUnit::s}, missing}}})["t"];
  EXPECT_EQ(bools(binary(t, Literal("1970-01-02"), BinaryOp::ge)), (std::vector<bool>{false, true, false}));
}

TEST(Binary, NamesBothTypesWhenTheyDoNotGoTogether) {
  try {
    binary(Table({{"s", {"a"}}})["s"], Literal(1), BinaryOp::sub);
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::type);
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("string"), testing::HasSubstr("int64")));
  }
}

TEST(Unary, FindsMissingValuesOfEveryKind) {
  const Table table({{"f", {1.0, missing}}, {"s", {missing, "a"}}, {"i", {1, 2}}});
  const Table out = unary(table, {UnaryOp::isna});
  EXPECT_EQ(bools(out["f"]), (std::vector<bool>{false, true}));
  EXPECT_EQ(bools(out["s"]), (std::vector<bool>{true, false}));
  EXPECT_EQ(bools(out["i"]), (std::vector<bool>{false, false}));
}

TEST(Fillna, ReplacesMissingValuesPerColumn) {
  const Table table({{"f", {1.0, missing}}, {"s", {missing, "a"}}});
  const Table out = fillna(table, {{{"f", Literal(0)}, {"s", Literal("-")}}});
  EXPECT_THAT(out["f"].to_vector<double>(), ElementsAre(1, 0));
  EXPECT_THAT(out["s"].to_strings(), ElementsAre("-", "a"));
}

TEST(Astype, RefusesMissingValuesAsIntegersAndNamesTheColumn) {
  try {
    astype(Table({{"f", {1.0, missing}}}), {{{"f", parse_column_type("int64")}}});
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::value);
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("'f'"), testing::HasSubstr("row 1")));
  }
}

TEST(Isin, MatchesByValue) {
  EXPECT_EQ(bools(isin(ints({1, 2, 3}), {{Literal(2.0), Literal(1.5), Literal("a")}})),
            (std::vector<bool>{false, true, false}));
}

TEST(Where, GivesMissingWithoutAnOther) {
  const Table condition = Table({{"c", {true, false}}})["c"];
  EXPECT_THAT(where(ints({1, 2}), condition, std::nullopt, {}).to_vector<double>(), ElementsAre(1, IsNan()));
  EXPECT_THAT(
      where(ints({1, 2}), condition, std::nullopt, {.other = Literal(9), .invert = true}).to_vector<std::int64_t>(),
      ElementsAre(9, 2));
}

TEST(Round, RoundsHalvesToEven) {
  EXPECT_THAT(round(Table({{"x", {0.5, 1.5, 2.675}}}), {0})["x"].to_vector<double>(), ElementsAre(0, 2, 3));
}

TEST(Str, PredicatesAreFalseForMissingText) {
  const Table s = Table({{"s", {"apple", missing, "Bob"}}})["s"];
  EXPECT_EQ(bools(str(s, {.op = StrOp::contains, .pattern = "p+"})), (std::vector<bool>{true, false, false}));
  EXPECT_EQ(bools(str(s, {.op = StrOp::startswith, .pattern = "B", .na = true})),
            (std::vector<bool>{false, true, true}));
  EXPECT_THAT(str(s, {.op = StrOp::len}).to_vector<double>(), ElementsAre(5, IsNan(), 3));
  EXPECT_THAT(str(s, {.op = StrOp::get, .start = -1}).to_strings(), ElementsAre("e", "", "b"));
}

TEST(Dt, SplitsMomentsIntoParts) {
  // 2013-12-31 23:59:58
  const Table t = Table({{"t", {Timestamp{1388534398, TimeUnit::s}}}})["t"];
  const std::vector<std::pair<DtOp, std::int64_t>> expected = {
      {DtOp::year, 2013}, {DtOp::month, 12},    {DtOp::day, 31},        {DtOp::hour, 23},
      {DtOp::second, 58}, {DtOp::dayofweek, 1}, {DtOp::dayofyear, 365}, {DtOp::quarter, 4}};
  for (const auto& [op, value] : expected) EXPECT_EQ(dt(t, {op}).at(0), Literal(value)) << name(op);
  EXPECT_EQ(name(dt(t, {DtOp::year}).type("t")), "int32");
  EXPECT_EQ(dt(t, {DtOp::is_year_end}).at(0), Literal(true));
  EXPECT_EQ(to_string(dt(t, {DtOp::floor, "15min"}).at(0)), "2013-12-31 23:45:00");
  EXPECT_THROW(dt(t, {DtOp::floor, "month"}), Error);
}

TEST(Binary, ComparesTextStoredAsCodesLikePlainText) {
  const auto type = arrow::dictionary(arrow::int32(), arrow::utf8());
  const auto coded = [&](const std::vector<Literal>& codes) {
    const auto indices = array_from_literals(codes, arrow::int32());
    const auto texts = array_from_literals({"a", "b"});
    const auto array = arrow::DictionaryArray::FromArrays(type, indices, cast_like(texts, arrow::utf8())).ValueOrDie();
    return table_of({{"s", chunked(array), TypeFamily::numpy, true}});
  };
  EXPECT_THAT(binary(coded({1, 0, 1, 1}), Literal("b"), BinaryOp::eq)["s"].to_strings(),
              testing::ElementsAre("True", "False", "True", "True"));
  EXPECT_THAT(binary(coded({1, missing, 0}), Literal("b"), BinaryOp::ne)["s"].to_strings(),
              testing::ElementsAre("False", "True", "True"));
  EXPECT_THAT(binary(coded({0}), Literal("x"), BinaryOp::add)["s"].to_strings(), testing::ElementsAre("ax"));
}

}  // namespace
}  // namespace plait
