#include "kernels/table/cumulative.h"

#include <algorithm>
#include <array>

#include "base/kernel.h"
#include "kernels/table/column_output.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/rows.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"cumsum", "cumprod", "cummin", "cummax"};

bool is_sum_or_product(Cumulative function) { return function <= Cumulative::prod; }

struct Add {
  static constexpr bool starts_from_first = false;
  template <class T>
  static constexpr T start = T{0};
  template <class T>
  static T apply(T a, T b) {
    // Integers wrap around, as NumPy's do.
    if constexpr (std::is_integral_v<T>)
      return static_cast<T>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
    else
      return a + b;
  }
};
struct Multiply {
  static constexpr bool starts_from_first = false;
  template <class T>
  static constexpr T start = T{1};
  template <class T>
  static T apply(T a, T b) {
    if constexpr (std::is_integral_v<T>)
      return static_cast<T>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
    else
      return a * b;
  }
};
struct Min {
  static constexpr bool starts_from_first = true;
  template <class T>
  static constexpr T start = T{};
  template <class T>
  static T apply(T a, T b) {
    return b < a || b != b ? b : a;
  }
};
struct Max {
  static constexpr bool starts_from_first = true;
  template <class T>
  static constexpr T start = T{};
  template <class T>
  static T apply(T a, T b) {
    return b > a || b != b ? b : a;
  }
};

template <class F>
decltype(auto) with_function(Cumulative function, F&& f) {
  switch (function) {
    case Cumulative::sum:
      return f(Add{});
    case Cumulative::prod:
      return f(Multiply{});
    case Cumulative::min:
      return f(Min{});
    case Cumulative::max:
      break;
  }
  return f(Max{});
}

// What the rows so far amount to.
template <class T>
struct Running {
  T value{};
  bool has_value = false;
  bool is_lost = false;  // a missing value came by, without skipna

  bool is_missing() const { return is_lost || !has_value; }
};

// Writes every row's running value to `out` where that is given.
template <class Function, class In, class Out>
void accumulate(const In* in, const MissingValues& missing, std::int64_t length, bool skipna, Running<Out>& running,
                ColumnOutput<Out>* out, bool nan_is_missing) {
  const auto write_missing = [&](std::int64_t i) {
    if (!out) return;
    if constexpr (std::is_floating_point_v<Out>) {
      if (nan_is_missing) return out->set(i, std::numeric_limits<Out>::quiet_NaN());
    }
    out->set_null(i);
  };
  for (std::int64_t start = 0; start < length; start += kRowsBetweenChecks) {
    check_cancelled();
    const std::int64_t end = std::min(length, start + kRowsBetweenChecks);
    for (std::int64_t i = start; i < end; ++i) {
      const bool is_missing = missing(in, i);
      if (is_missing && !skipna) running.is_lost = true;
      if (is_missing || running.is_lost) {
        write_missing(i);
        continue;
      }
      const Out value = static_cast<Out>(in[i]);
      running.value = running.has_value ? Function::apply(running.value, value) : value;
      running.has_value = true;
      if (out) out->set(i, running.value);
    }
  }
}

std::shared_ptr<arrow::DataType> result_type(const arrow::DataType& type, Cumulative function) {
  const auto id = type.id();
  if (!is_sum_or_product(function) || arrow::is_floating(id) || id == arrow::Type::DURATION) return type.GetSharedPtr();
  return arrow::is_unsigned_integer(id) ? arrow::uint64() : arrow::int64();
}

// pandas' own rules hold for the rest, which it may refuse: text is put together by cumsum, ordered categories have a
// smallest one, Arrow's integers must not overflow.
void require_native(const NamedColumn& column, Cumulative function) {
  const arrow::DataType& type = *column.values->type();
  const bool is_bool = type.id() == arrow::Type::BOOL;
  const bool is_time = type.id() == arrow::Type::TIMESTAMP || type.id() == arrow::Type::DURATION;
  bool native = is_bool || arrow::is_integer(type.id()) || arrow::is_floating(type.id());
  if (is_time)
    native = !is_sum_or_product(function) || (type.id() == arrow::Type::DURATION && function == Cumulative::sum);
  if (column.family == TypeFamily::object) native = false;
  if (column.family == TypeFamily::arrow)
    native = arrow::is_floating(type.id()) || (arrow::is_integer(type.id()) && !is_sum_or_product(function));
  if (!native) {
    throw NoNativeForm(std::string(name(function)) + " of column '" + column.name + "', which has type " +
                       type.ToString());
  }
}

// One column folded over one array after another.
class ColumnFold {
 public:
  ColumnFold(const NamedColumn& column, const CumulativeParams& params) : column_(column), params_(params) {
    require_native(column, params.function);
    type_ = result_type(*column.values->type(), params.function);
  }

  // `before`: none or one row of the result's type.
  NamedColumn rows(const NamedColumn& before) const {
    return with_types([&]<class Function, class In, class Out>(const arrow::Array& array, const In* in) {
      Running<Out> running = loaded<Function, Out>(before);
      ColumnOutput<Out> out(array.length());
      fold<Function>(array, in, running, &out, column_.family);
      return NamedColumn{column_.name, chunked(out.finish(type_)), column_.family};
    });
  }

  // The edge. `of_edges`: the rows are edges themselves, where NaN is the sum of infinities and not a missing value.
  NamedColumn edge(bool of_edges) const {
    return with_types([&]<class Function, class In, class Out>(const arrow::Array& array, const In* in) {
      Running<Out> running = started<Function, Out>();
      const bool keeps_nan = of_edges && is_sum_or_product(params_.function);
      fold<Function>(array, in, running, static_cast<ColumnOutput<Out>*>(nullptr),
                     keeps_nan ? TypeFamily::nullable : column_.family);
      ColumnOutput<Out> out(array.length() > 0 ? 1 : 0);
      if (array.length() > 0 && !running.is_missing())
        out.set(0, running.value);
      else if (array.length() > 0)
        set_missing(out);
      return NamedColumn{column_.name, chunked(out.finish(type_)), column_.family};
    });
  }

 private:
  template <class F>
  NamedColumn with_types(const F& f) const {
    const auto array = array_of(column_.values);
    return with_function(params_.function, [&]<class Function>(Function) {
      return visit_numbers(*array, [&]<class In>(const In* in) {
        const bool is_bool = array->type_id() == arrow::Type::BOOL;
        if constexpr (Function::starts_from_first || std::is_floating_point_v<In>) {
          return f.template operator()<Function, In, In>(*array, in);
        } else {
          if (std::is_unsigned_v<In> && !is_bool) return f.template operator()<Function, In, std::uint64_t>(*array, in);
          return f.template operator()<Function, In, std::int64_t>(*array, in);
        }
      });
    });
  }

  template <class Function, class In, class Out>
  void fold(const arrow::Array& array, const In* in, Running<Out>& running, ColumnOutput<Out>* out,
            TypeFamily family) const {
    accumulate<Function>(in, MissingValues(array, family), array.length(), params_.skipna, running, out,
                         column_.family == TypeFamily::numpy);
  }

  template <class Function, class Out>
  static Running<Out> started() {
    return {.value = Function::template start<Out>, .has_value = !Function::starts_from_first};
  }

  template <class Function, class Out>
  Running<Out> loaded(const NamedColumn& before) const {
    Running<Out> running = started<Function, Out>();
    const auto array = array_of(before.values);
    if (array->length() == 0) return running;
    visit_numbers(*array, [&]<class T>(const T* values) {
      if (MissingValues(*array, column_.family)(values, 0) && (Function::starts_from_first || !params_.skipna)) {
        running.is_lost = !params_.skipna;
      } else {
        running = {.value = static_cast<Out>(values[0]), .has_value = true};
      }
    });
    return running;
  }

  template <class Out>
  void set_missing(ColumnOutput<Out>& out) const {
    if constexpr (std::is_floating_point_v<Out>) {
      if (column_.family == TypeFamily::numpy) return out.set(0, std::numeric_limits<Out>::quiet_NaN());
    }
    out.set_null(0);
  }

  const NamedColumn& column_;
  const CumulativeParams& params_;
  std::shared_ptr<arrow::DataType> type_;
};

Table edge_of(const Table& table, const CumulativeParams& params, bool of_edges) {
  std::vector<NamedColumn> columns;
  for (const std::string& name : table.names()) {
    const NamedColumn column = named_column_of(table, name);
    columns.push_back(ColumnFold(column, params).edge(of_edges));
  }
  return table_of(columns, {}, TableForm::frame, table.num_rows() > 0 ? 1 : 0);
}

}  // namespace

std::string_view name(Cumulative function) { return kNames[static_cast<std::size_t>(function)]; }

Table cumulative_edge(const Table& table, const CumulativeParams& params) { return edge_of(table, params, false); }

Table cumulative_combine(const std::vector<Table>& edges, const CumulativeParams& params) {
  if (edges.size() == 1) return edges.front();
  return edge_of(concat(edges, {.ignore_index = true}), params, true);
}

Table cumulative(const Table& table, const Table& before, const CumulativeParams& params) {
  return apply_columns(table, [&](const NamedColumn& column) {
    return ColumnFold(column, params).rows(named_column_of(before, column.name));
  });
}

}  // namespace plait
