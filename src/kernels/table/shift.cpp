// Rows moved along the rows, and their differences.
#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "base/kernel.h"
#include "kernels/table/column_output.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/neighbours.h"
#include "kernels/table/rows.h"
#include "kernels/table/take.h"
#include "kernels/table/type_rules.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;

ArrayPtr nulls_like(const ArrayPtr& array, std::int64_t length) {
  if (array->type_id() != arrow::Type::DICTIONARY)
    return value_or_throw(arrow::MakeArrayOfNull(array->type(), length), "shift");
  // With the categories of the others.
  const auto& dictionary = static_cast<const arrow::DictionaryArray&>(*array);
  const auto codes = value_or_throw(arrow::MakeArrayOfNull(dictionary.indices()->type(), length), "shift");
  return value_or_throw(arrow::DictionaryArray::FromArrays(array->type(), codes, dictionary.dictionary()), "shift");
}

// What stands where there is no row: a constant, NaN or an Arrow null.
struct Filling {
  std::shared_ptr<arrow::Scalar> constant;
  bool nan = false;
};

ArrayPtr fill_of(const ArrayPtr& array, const Filling& filling, std::int64_t length) {
  if (filling.constant) return value_or_throw(arrow::MakeArrayFromScalar(*filling.constant, length), "shift");
  if (!filling.nan || !arrow::is_floating(array->type_id())) return nulls_like(array, length);
  const auto nan = value_or_throw(arrow::MakeScalar(array->type(), std::numeric_limits<float>::quiet_NaN()), "shift");
  return value_or_throw(arrow::MakeArrayFromScalar(*nan, length), "shift");
}

// The values `periods` rows before each of `own` (behind them, if negative): pieces of the two arrays, not copied.
arrow::ArrayVector shifted_pieces(const ArrayPtr& own, const ArrayPtr& neighbours, std::int64_t periods,
                                  const Filling& filling) {
  const std::int64_t n = own->length();
  const std::int64_t distance = std::abs(periods);
  const std::int64_t from_neighbours = std::min(distance, neighbours->length());
  arrow::ArrayVector pieces;
  std::int64_t skipped = periods > 0 ? 0 : distance;  // of what follows: n rows of it are the result
  std::int64_t wanted = n;
  const auto add = [&](const auto& make, std::int64_t length) {
    const std::int64_t start = std::min(skipped, length);
    skipped -= start;
    const std::int64_t count = std::min(wanted, length - start);
    wanted -= count;
    if (count > 0) pieces.push_back(make(start, count));
  };
  const auto add_fill = [&] {
    add([&](std::int64_t, std::int64_t count) { return fill_of(own, filling, count); }, distance - from_neighbours);
  };
  const auto add_own = [&] {
    add([&](std::int64_t start, std::int64_t count) { return own->Slice(start, count); }, n);
  };
  if (periods > 0) {
    add_fill();
    const std::int64_t first = neighbours->length() - from_neighbours;
    add([&](std::int64_t start, std::int64_t count) { return neighbours->Slice(first + start, count); },
        from_neighbours);
    add_own();
  } else {
    add_own();
    add([&](std::int64_t start, std::int64_t count) { return neighbours->Slice(start, count); }, from_neighbours);
    add_fill();
  }
  return pieces;
}

// The constant in the column's type, or null for a missing one.
std::shared_ptr<arrow::Scalar> fill_scalar(const NamedColumn& column, const std::optional<Literal>& fill) {
  if (!fill || std::holds_alternative<Missing>(*fill)) return nullptr;
  const arrow::DataType& type = *column.values->type();
  const auto scalar = arrow_scalar_of(*fill);
  const auto id = scalar->type->id();
  const bool whole = id == arrow::Type::INT64;
  const bool fits = scalar->type->Equals(type) || (is_text(*scalar->type) && is_text(type)) ||
                    (arrow::is_floating(type.id()) && (whole || arrow::is_floating(id)));
  if (fits) return value_or_throw(scalar->CastTo(type.GetSharedPtr()), "shift");
  if (whole && arrow::is_integer(type.id())) {
    const auto cast = scalar->CastTo(type.GetSharedPtr());
    // What does not fit the type goes to pandas, which has its own opinion of it.
    const auto back = cast.ok() ? (*cast)->CastTo(arrow::int64()) : cast;
    if (back.ok() && (*back)->Equals(*scalar)) return *cast;
  }
  throw NoNativeForm("shift of column '" + column.name + "' of type " + type.ToString() + " filled with " +
                     to_string(*fill));
}

NamedColumn shifted(NamedColumn own, NamedColumn neighbours, const ShiftParams& params) {
  if (params.periods == 0) return own;
  const auto fill = fill_scalar(own, params.fill);
  const arrow::DataType& type = *own.values->type();
  if (own.family == TypeFamily::numpy && !fill && arrow::is_integer(type.id())) {
    own.values = cast_datum(own.values, arrow::float64()).chunked_array();
    neighbours.values = cast_datum(neighbours.values, arrow::float64()).chunked_array();
  }
  if (own.family == TypeFamily::numpy && !fill && type.id() == arrow::Type::BOOL) own.family = TypeFamily::object;
  make_alike(own, neighbours);
  const ArrayPtr array = array_of(own.values);
  auto pieces =
      shifted_pieces(array, array_of(neighbours.values), params.periods, {fill, own.family == TypeFamily::numpy});
  if (pieces.empty()) pieces.push_back(array->Slice(0, 0));
  auto values = std::make_shared<arrow::ChunkedArray>(std::move(pieces), array->type());
  if (array->type_id() == arrow::Type::DICTIONARY && values->num_chunks() > 1) values = with_one_dictionary(values);
  return {own.name, std::move(values), own.family, own.encoded_text};
}

// now - before, row by row.
template <class T, class Out>
void subtract(const arrow::Array& now, const arrow::Array& before, TypeFamily family, bool is_bool, std::int64_t at,
              ColumnOutput<Out>& out) {
  const MissingValues now_missing(now, family);
  const MissingValues before_missing(before, family);
  const auto difference = [&](const T* a, const T* b) {
    for (std::int64_t i = 0; i < now.length(); ++i) {
      if (i % kRowsBetweenChecks == 0) check_cancelled();
      if (now_missing.is_null(i) || before_missing.is_null(i)) {
        if constexpr (std::is_floating_point_v<Out>) {
          if (family == TypeFamily::numpy) {
            out.set(at + i, std::numeric_limits<Out>::quiet_NaN());
            continue;
          }
        }
        out.set_null(at + i);
      } else if (is_bool) {
        out.set(at + i, static_cast<Out>(a[i] != b[i]));
      } else if constexpr (std::is_integral_v<T>) {
        // In the column's own type, where NumPy's numbers wrap around.
        out.set(at + i,
                static_cast<Out>(static_cast<T>(static_cast<std::uint64_t>(a[i]) - static_cast<std::uint64_t>(b[i]))));
      } else {
        out.set(at + i, static_cast<Out>(a[i] - b[i]));
      }
    }
  };
  visit_numbers(now, [&]<class A>(const A* a) {
    visit_numbers(before, [&]<class B>(const B* b) {
      if constexpr (std::is_same_v<A, T> && std::is_same_v<B, T>) difference(a, b);
    });
  });
}

// The type of the differences. Throws NoNativeForm.
std::shared_ptr<arrow::DataType> difference_type(const NamedColumn& column) {
  const arrow::DataType& type = *column.values->type();
  const auto id = type.id();
  const bool is_time = id == arrow::Type::TIMESTAMP || id == arrow::Type::DURATION;
  const bool is_number = arrow::is_integer(id) || arrow::is_floating(id);
  const bool native = column.family == TypeFamily::arrow    ? arrow::is_floating(id)
                      : column.family == TypeFamily::object ? false
                                                            : is_time || is_number || id == arrow::Type::BOOL;
  if (!native) throw NoNativeForm("diff of column '" + column.name + "', which has type " + type.ToString());
  if (id == arrow::Type::TIMESTAMP) return arrow::duration(static_cast<const arrow::TimestampType&>(type).unit());
  if (!arrow::is_integer(id) || column.family == TypeFamily::nullable) return type.GetSharedPtr();
  return id == arrow::Type::INT8 || id == arrow::Type::INT16 ? arrow::float32() : arrow::float64();
}

NamedColumn differences(const NamedColumn& column, const NamedColumn& neighbours, std::int64_t periods) {
  const auto type = difference_type(column);
  const ArrayPtr now = array_of(column.values);
  const bool is_bool = now->type_id() == arrow::Type::BOOL;
  const TypeFamily family = is_bool && column.family == TypeFamily::numpy ? TypeFamily::object : column.family;
  // Arrow nulls stand for rows that are not there, in every type.
  const auto before =
      periods == 0 ? arrow::ArrayVector{now} : shifted_pieces(now, array_of(neighbours.values), periods, {});
  return visit_numbers(*now, [&]<class T>(const T*) {
    const auto run = [&]<class Out>(Out) {
      ColumnOutput<Out> out(now->length());
      std::int64_t at = 0;
      for (const ArrayPtr& piece : before) {
        subtract<T>(*now->Slice(at, piece->length()), *piece, column.family, is_bool, at, out);
        at += piece->length();
      }
      return NamedColumn{column.name, chunked(out.finish(type)), family};
    };
    if (type->id() == arrow::Type::DOUBLE) return run(double{});
    if (type->id() == arrow::Type::FLOAT) return run(float{});
    return run(T{});
  });
}

}  // namespace

void make_alike(NamedColumn& own, NamedColumn& neighbours) {
  if (own.encoded_text != neighbours.encoded_text) {
    for (NamedColumn* side : {&own, &neighbours}) {
      side->values = chunked(decoded(array_of(side->values)));
      side->encoded_text = false;
    }
  }
  if (!own.values->type()->Equals(*neighbours.values->type()))
    neighbours.values = chunked(cast_like(array_of(neighbours.values), own.values->type()));
}

Table small_part(const Table& table, std::int64_t start, std::int64_t count) {
  const Table part = table.slice(start, count);
  if (2 * count >= table.num_rows()) return part;
  std::vector<std::int64_t> positions(static_cast<std::size_t>(count));
  std::iota(positions.begin(), positions.end(), 0);
  return take(part, NdArray::from<std::int64_t>({count}, std::span<const std::int64_t>(positions)));
}

Table edge_rows(const Table& table, const EdgeRowsParams& params) {
  const Table from = table.reset_index(true);
  const std::int64_t count = std::min(params.n, from.num_rows());
  return small_part(from, params.first ? 0 : from.num_rows() - count, count);
}

Table edge_rows_combine(const std::vector<Table>& edges, const EdgeRowsParams& params) {
  if (edges.size() == 1) return edges.front();
  const Table whole = concat(edges, {.ignore_index = true});
  const std::int64_t count = std::min(params.n, whole.num_rows());
  return whole.slice(params.first ? 0 : whole.num_rows() - count, count);
}

Table shift(const Table& table, const Table& neighbours, const ShiftParams& params) {
  return apply_columns(table, [&](const NamedColumn& column) {
    return shifted(column, named_column_of(neighbours, column.name), params);
  });
}

Table diff(const Table& table, const Table& neighbours, const DiffParams& params) {
  return apply_columns(table, [&](const NamedColumn& column) {
    return differences(column, named_column_of(neighbours, column.name), params.periods);
  });
}

}  // namespace plait
