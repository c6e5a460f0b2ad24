// Missing values filled from the rows before or after them.
#include <algorithm>

#include "base/kernel.h"
#include "kernels/table/column_output.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/neighbours.h"
#include "kernels/table/rows.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;

bool has_missing(const arrow::Array& array, TypeFamily family) {
  if (array.null_count() > 0) return true;
  if (family != TypeFamily::numpy || !arrow::is_floating(array.type_id())) return false;
  return visit_floats(array, [&](const auto* values) {
    return std::any_of(values, values + array.length(), [](auto value) { return value != value; });
  });
}

// f(i, whether row i has a value) in the direction in which values are carried; stops where f returns true.
template <class F>
void for_each_row(const arrow::Array& array, TypeFamily family, bool backwards, const F& f) {
  const MissingValues missing(array, family);
  const auto walk = [&](const auto* values) {
    for (std::int64_t step = 0; step < array.length(); ++step) {
      if (step % kRowsBetweenChecks == 0) check_cancelled();
      const std::int64_t i = backwards ? array.length() - 1 - step : step;
      if (f(i, !missing(values, i))) return;
    }
  };
  if (arrow::is_floating(array.type_id()))
    visit_floats(array, walk);
  else
    walk(static_cast<const std::uint8_t*>(nullptr));
}

// The position of the value that goes on beyond the array's end, or -1.
std::int64_t last_value(const arrow::Array& array, TypeFamily family, bool backwards) {
  std::int64_t found = -1;
  for_each_row(array, family, !backwards, [&](std::int64_t i, bool present) {
    if (present) found = i;
    return present;
  });
  return found;
}

// Which value is carried, while rows go by.
class Carried {
 public:
  explicit Carried(std::int64_t limit) : limit_(limit) {}
  // The row's source: itself, the carried value, or -1.
  std::int64_t next(std::int64_t position, bool present) {
    if (present) {
      source_ = position;
      distance_ = 0;
      return position;
    }
    ++distance_;
    return limit_ > 0 && distance_ > limit_ ? -1 : source_;
  }

 private:
  std::int64_t limit_;
  std::int64_t source_ = -1;
  std::int64_t distance_ = 0;
};

// For each row of `own` its source among the rows of both, the neighbours counted first.
template <class F>
void for_each_source(const arrow::Array& own, const arrow::Array& neighbours, TypeFamily family,
                     const FillAlongParams& params, const F& f) {
  Carried carried(params.limit);
  for_each_row(neighbours, family, params.backwards, [&](std::int64_t i, bool present) {
    carried.next(i, present);
    return false;
  });
  const std::int64_t first = neighbours.length();
  for_each_row(own, family, params.backwards, [&](std::int64_t i, bool present) {
    f(i, carried.next(first + i, present));
    return false;
  });
}

template <class T>
ArrayPtr filled_numbers(const arrow::Array& own, const T* own_values, const arrow::Array& neighbours,
                        const T* neighbour_values, TypeFamily family, const FillAlongParams& params) {
  ColumnOutput<T> out(own.length());
  const std::int64_t first = neighbours.length();
  for_each_source(own, neighbours, family, params, [&](std::int64_t i, std::int64_t source) {
    if (source >= 0) return out.set(i, source < first ? neighbour_values[source] : own_values[source - first]);
    if constexpr (std::is_floating_point_v<T>) {
      if (family == TypeFamily::numpy) return out.set(i, own_values[i]);
    }
    out.set_null(i);
  });
  return out.finish(own.type());
}

// Text, bools and categories: rows are taken from both.
std::shared_ptr<arrow::ChunkedArray> filled_others(const ArrayPtr& own, const ArrayPtr& neighbours, TypeFamily family,
                                                   const FillAlongParams& params) {
  const auto both = array_of(std::make_shared<arrow::ChunkedArray>(arrow::ArrayVector{neighbours, own}, own->type()));
  ColumnOutput<std::int64_t> sources(own->length());
  for_each_source(*own, *neighbours, family, params, [&](std::int64_t i, std::int64_t source) {
    if (source >= 0)
      sources.set(i, source);
    else
      sources.set_null(i);
  });
  initialize_arrow();
  return chunked(value_or_throw(arrow::compute::Take(both, sources.finish(arrow::int64()),
                                                     arrow::compute::TakeOptions::NoBoundsCheck()),
                                "fill")
                     .make_array());
}

NamedColumn filled(NamedColumn column, NamedColumn neighbours, const FillAlongParams& params) {
  if (!has_missing(*array_of(column.values), column.family)) return column;
  make_alike(column, neighbours);
  const ArrayPtr own = array_of(column.values);
  const ArrayPtr others = array_of(neighbours.values);
  const auto id = own->type_id();
  const bool fixed = arrow::is_integer(id) || arrow::is_floating(id) || id == arrow::Type::TIMESTAMP ||
                     id == arrow::Type::DURATION || id == arrow::Type::DATE32;
  NamedColumn out{column.name, nullptr, column.family, column.encoded_text};
  if (!fixed) {
    out.values = filled_others(own, others, column.family, params);
    return out;
  }
  visit_numbers(*own, [&]<class T>(const T* own_values) {
    visit_numbers(*others, [&]<class Other>(const Other* other_values) {
      if constexpr (std::is_same_v<T, Other>)
        out.values = chunked(filled_numbers(*own, own_values, *others, other_values, column.family, params));
    });
  });
  return out;
}

// The table's row that is made of each column's value at `position(column)`, or of missing ones.
NamedColumn value_at(const NamedColumn& column, std::int64_t position) {
  const auto array = array_of(column.values);
  ColumnOutput<std::int64_t> at(1);
  if (position < 0)
    at.set_null(0);
  else
    at.set(0, position);
  initialize_arrow();
  const auto taken = value_or_throw(
      arrow::compute::Take(array, at.finish(arrow::int64()), arrow::compute::TakeOptions::NoBoundsCheck()), "fill");
  return {column.name, chunked(taken.make_array()), column.family, column.encoded_text};
}

}  // namespace

Table fill_from_neighbours(const Table& table, const Table& neighbours, const FillAlongParams& params) {
  return apply_columns(table, [&](const NamedColumn& column) {
    return filled(column, named_column_of(neighbours, column.name), params);
  });
}

Table last_values(const Table& table, const FillAlongParams& params) {
  if (table.num_rows() == 0) return table.reset_index(true);
  std::vector<NamedColumn> columns;
  for (const std::string& name : table.names()) {
    const NamedColumn column = named_column_of(table, name);
    columns.push_back(value_at(column, last_value(*array_of(column.values), column.family, params.backwards)));
  }
  return table_of(columns, {}, table.form(), 1);
}

Table last_values_combine(const std::vector<Table>& edges, const FillAlongParams& params) {
  if (edges.size() == 1) return edges.front();
  return last_values(concat(edges, {.ignore_index = true}), params);
}

}  // namespace plait
