// For which types the engine has a native form of an operation. Decided here, once: the `require_` functions throw
// NoNativeForm, with the reason, where it is pandas' business. Tables without rows stand for what is known of a frame;
// the rest is what the kernels say themselves of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/table/elementwise.h"
#include "kernels/table/groupby.h"
#include "kernels/table/reduce.h"

namespace plait {

// The first column that holds Python objects, which no kernel understands.
std::optional<std::string> column_of_objects(const Schema& schema);

// Whether a constant is of the kind of a column: it can be compared with its values, or stand among them. A missing
// value fits everywhere.
bool fits(const Literal& value, const Table& table, const std::string& column);
void require_fitting(std::string_view op, const Table& table, const std::string& column, const Literal& value);

// `operands` are those that are no constants.
void require_native_binary(const BinaryParams& params, const std::vector<Table>& operands);
// The least and the greatest whole number of an integer type, of those that a literal can hold.
std::pair<std::int64_t, std::int64_t> integer_range(TypeKind kind);
void require_native_clip(const Table& table, const std::optional<Literal>& lower, const std::optional<Literal>& upper);
void require_native_where(const Table& table, const Literal& other, std::string_view op);
void require_native_isin(const Table& table, const std::vector<Literal>& values);
void require_native_map(const std::vector<std::pair<Literal, Literal>>& pairs);
void require_native_astype(const ColumnType& from, const ColumnType& to);
void require_native_reduction(const Table& table, const ReduceParams& params);
void require_native_groupby(const Table& table, const GroupBySpec& spec);
void require_native_value_counts(const Table& series);
void require_native_describe(const Table& table);
// Throws a type error, as pandas does, where nlargest and nsmallest have no meaning.
void require_order(const Table& table, const std::vector<std::string>& columns, std::string_view method);

// The types that pandas gives counts: of the values of a series by value, and of the rows of its groups.
ColumnType type_of_counts(const ColumnType& values, bool normalize);
ColumnType type_of_sizes(const ColumnType& values);

}  // namespace plait
