// Arithmetic, comparison, logic and the like on columns, with pandas' meaning of types and missing values
// (plait/table.h).
//
// Operands are series, frames or scalars; series and frames of one call have the same rows in the same order (the
// collection aligned them). A frame takes an operation column by column. Literals stand for scalars. The result keeps
// the first table operand's index and, as pandas does, its name if all series operands have the same name.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

enum class BinaryOp : std::uint8_t {
  add,
  sub,
  mul,
  truediv,
  floordiv,
  mod,
  pow,
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  and_,
  or_,
  xor_
};
// "add", "sub", ..., "and", "or", "xor"
std::string_view name(BinaryOp op);
// Throws Error(key) for an unknown name.
BinaryOp parse_binary_op(std::string_view text);

// The side that has a literal takes no input; the other side is the (next) input.
struct BinaryParams {
  BinaryOp op = BinaryOp::add;
  std::optional<Literal> left;
  std::optional<Literal> right;
  std::optional<Literal> fill_value;  // df.add(other, fill_value=0): for one missing side
  static constexpr auto fields =
      std::tuple{&BinaryParams::op, &BinaryParams::left, &BinaryParams::right, &BinaryParams::fill_value};
};
Table binary(const Table& left, const Table& right, BinaryOp op,
             const std::optional<Literal>& fill_value = std::nullopt);
Table binary(const Table& left, const Literal& right, BinaryOp op);
Table binary(const Literal& left, const Table& right, BinaryOp op);

enum class UnaryOp : std::uint8_t {
  neg,
  pos,
  abs,
  invert,
  isna,
  notna,
  // ufuncs
  sqrt,
  exp,
  expm1,
  log,
  log2,
  log10,
  log1p,
  sin,
  cos,
  tan,
  floor,
  ceil,
  trunc,
  sign,
  square,
};
std::string_view name(UnaryOp op);
UnaryOp parse_unary_op(std::string_view text);
struct UnaryParams {
  UnaryOp op = UnaryOp::neg;
  static constexpr auto fields = std::tuple{&UnaryParams::op};
};
Table unary(const Table& table, const UnaryParams& params);

// Per column or one value for all ("" as the key); ffill/bfill are not block operations.
struct FillnaParams {
  std::map<std::string, Literal> values;
  static constexpr auto fields = std::tuple{&FillnaParams::values};
};
Table fillna(const Table& table, const FillnaParams& params);
// Fills from a series with the same rows, or a scalar table.
Table fillna_from(const Table& table, const Table& values);

struct IsinParams {
  std::vector<Literal> values;
  static constexpr auto fields = std::tuple{&IsinParams::values};
};
Table isin(const Table& table, const IsinParams& params);

enum class Inclusive : std::uint8_t { both, neither, left, right };
struct BetweenParams {
  Literal left;
  Literal right;
  Inclusive inclusive = Inclusive::both;
  static constexpr auto fields = std::tuple{&BetweenParams::left, &BetweenParams::right, &BetweenParams::inclusive};
};
Table between(const Table& table, const BetweenParams& params);

// Per column, or one type for all ("" as the key). Throws a value error that names the value which does not fit.
struct AstypeParams {
  std::map<std::string, ColumnType> types;
  static constexpr auto fields = std::tuple{&AstypeParams::types};
};
Table astype(const Table& table, const AstypeParams& params);

struct ClipParams {
  std::optional<Literal> lower;
  std::optional<Literal> upper;
  static constexpr auto fields = std::tuple{&ClipParams::lower, &ClipParams::upper};
};
Table clip(const Table& table, const ClipParams& params);

struct RoundParams {
  int decimals = 0;
  static constexpr auto fields = std::tuple{&RoundParams::decimals};
};
Table round(const Table& table, const RoundParams& params);

// where: keeps values where the condition holds, else takes `other` (missing if there is none); mask is the opposite.
// Inputs: table, condition, and `other` if it is not a literal.
struct WhereParams {
  std::optional<Literal> other;
  bool invert = false;  // mask
  static constexpr auto fields = std::tuple{&WhereParams::other, &WhereParams::invert};
};
Table where(const Table& table, const Table& condition, const std::optional<Table>& other, const WhereParams& params);

// s.map({...}): values without an entry become missing.
struct MapValuesParams {
  std::vector<std::pair<Literal, Literal>> values;
  static constexpr auto fields = std::tuple{&MapValuesParams::values};
};
Table map_values(const Table& table, const MapValuesParams& params);

}  // namespace plait
