// Table: a concrete frame, series, index or scalar in memory: the value of one partition, or a computed DataFrame.
//
// Named columns of Arrow memory and a description of the index. Tables are immutable and share their columns, so that
// copies, projections and slices cost no copy of data. Any thread may read one.
//
// Missing values. Every column belongs to a family, which says how a missing value is stored and what it does:
//   numpy    pandas' default dtypes. A missing float is NaN (never an Arrow null); strings, datetimes, timedeltas and
//            categories are missing by an Arrow null. Integers and bools cannot be missing: where an operation makes
//            them so, an integer column becomes float64 and a bool column becomes family `object`. A comparison with a
//            missing value is False (!= is True); reductions skip missing values.
//   object   True, False and missing: what pandas keeps as Python objects. Stored as an Arrow bool with nulls.
//   nullable pandas' Int64, Float64, boolean, ...: missing by an Arrow null; comparisons and logic propagate it.
//   arrow    pandas' ArrowDtype: as nullable.
//
// Names. A column label is text; a nested label ("dep_delay", "mean") is its parts joined by kLabelSeparator. An
// unnamed series has the column name kUnnamed; an unnamed index level __index_level_<n>__, as pandas writes to Arrow.
// An index level named like a column or another level is stored under kIndexPrefix and its name.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "plait/error.h"
#include "plait/export.h"
#include "plait/ndarray.h"

// Arrow's C data interface.
struct ArrowSchema;
struct ArrowArray;
struct ArrowArrayStream;

namespace plait {

inline constexpr std::string_view kUnnamed = "__unnamed__";
inline constexpr std::string_view kIndexPrefix = "__index__";
inline constexpr char kLabelSeparator = '\x1f';

enum class TypeKind : std::uint8_t {
  bool_,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float32,
  float64,
  string,
  datetime,
  timedelta,
  date,      // a day, without time: Arrow's date32
  category,  // dictionary of strings or numbers
  other,     // an Arrow type that the native operations only carry along: decimal, list, struct, binary, null
};
enum class TimeUnit : std::uint8_t { s, ms, us, ns };
enum class TypeFamily : std::uint8_t { numpy, object, nullable, arrow };

struct ColumnType {
  TypeKind kind = TypeKind::float64;
  TypeFamily family = TypeFamily::numpy;
  TimeUnit unit = TimeUnit::us;            // datetime, timedelta
  std::string timezone;                    // datetime; empty: naive
  TypeKind categories = TypeKind::string;  // category: the type of its categories
  bool ordered = false;                    // category
  std::string arrow_type;                  // other: Arrow's name of it, for messages
  std::string arrow_record;                // other: the type itself, as an encoded Arrow schema of one column

  bool operator==(const ColumnType&) const = default;
  static constexpr auto fields =
      std::tuple{&ColumnType::kind,       &ColumnType::family,  &ColumnType::unit,       &ColumnType::timezone,
                 &ColumnType::categories, &ColumnType::ordered, &ColumnType::arrow_type, &ColumnType::arrow_record};
};

// pandas' name: "float64", "Int64", "str", "datetime64[us]", "category", "object", "int64[pyarrow]".
PLAIT_API std::string name(const ColumnType& type);
// Accepts pandas' names, also "int", "float", "string", "datetime64[ns, UTC]", "timedelta64[ns]". Throws a type error.
PLAIT_API ColumnType parse_column_type(std::string_view text);
// Whether there is a type of this name.
PLAIT_API bool is_column_type(std::string_view text);
PLAIT_API std::ostream& operator<<(std::ostream& out, const ColumnType& type);
inline bool is_integer(TypeKind k) { return k >= TypeKind::int8 && k <= TypeKind::uint64; }
inline bool is_floating(TypeKind k) { return k == TypeKind::float32 || k == TypeKind::float64; }
inline bool is_numeric(TypeKind k) { return k >= TypeKind::int8 && k <= TypeKind::float64; }
// By NumPy's dtype; throws a type error for what has none.
PLAIT_API DType numpy_dtype(const ColumnType& type);
PLAIT_API ColumnType column_type(DType dtype);

// Moments and spans of time as literals. `value` counts units since 1970-01-01 (UTC if there is a time zone).
struct Timestamp {
  std::int64_t value = 0;
  TimeUnit unit = TimeUnit::ns;
  std::string timezone;
  auto operator<=>(const Timestamp&) const = default;
  static constexpr auto fields = std::tuple{&Timestamp::value, &Timestamp::unit, &Timestamp::timezone};
};
struct Timedelta {
  std::int64_t value = 0;
  TimeUnit unit = TimeUnit::ns;
  auto operator<=>(const Timedelta&) const = default;
  static constexpr auto fields = std::tuple{&Timedelta::value, &Timedelta::unit};
};
using Missing = std::monostate;
inline constexpr Missing missing{};
// One cell, or a constant in an expression.
using Literal = std::variant<Missing, bool, std::int64_t, double, std::string, Timestamp, Timedelta>;
PLAIT_API std::string to_string(const Literal& value);

// What labels the rows: nothing but their numbers, or columns of the table by name.
struct IndexSpec {
  std::vector<std::string> columns;  // empty: start, start + step, ...
  std::int64_t start = 0;
  std::int64_t step = 1;
  std::string range_name;  // of a range index; empty: unnamed
  // Of one level of dates or spans: pandas' name of the interval at which its labels follow each other, such as "2D".
  // It is a hint, as rows may have been left out since; whoever shows labels looks whether they do.
  std::string freq;

  bool is_range() const { return columns.empty(); }
  bool operator==(const IndexSpec&) const = default;
  static constexpr auto fields =
      std::tuple{&IndexSpec::columns, &IndexSpec::start, &IndexSpec::step, &IndexSpec::range_name, &IndexSpec::freq};
};

// frame: any number of columns. series: one. index: one column, which labels nothing. scalar: one column and one row.
enum class TableForm : std::uint8_t { frame, series, index, scalar };

struct Field {
  std::string name;
  ColumnType type;
  bool operator==(const Field&) const = default;
  static constexpr auto fields = std::tuple{&Field::name, &Field::type};
};

// Everything but the rows. Index columns stand in `columns` too, after the others.
struct Schema {
  std::vector<Field> columns;
  IndexSpec index;
  TableForm form = TableForm::frame;

  bool operator==(const Schema&) const = default;
  // Throws Error(key) with near names.
  const Field& field(std::string_view name) const;
  bool has(std::string_view name) const;
  // The columns that are not the index, in order.
  std::vector<std::string> names() const;
  static constexpr auto fields = std::tuple{&Schema::columns, &Schema::index, &Schema::form};
};

class ArrowTable;  // src/kernels/table/arrow_table.h

class PLAIT_API Table {
 public:
  // A column of a literal table.
  struct Column {
    std::string name;
    std::vector<Literal> values;
  };

  // No rows, no columns.
  Table();
  // Table({{"x", {1, 2, 3}}, {"name", {"a", "b", missing}}}). Types follow the values as pandas infers them.
  Table(std::initializer_list<Column> columns);
  static Table from_columns(const std::vector<Column>& columns);
  // One column; memory is shared, not copied.
  static Table from_ndarray(std::string name, const NdArray& values);
  template <class T>
  static Table from_vector(std::string name, const std::vector<T>& values) {
    return from_ndarray(std::move(name),
                        NdArray::from<T>({static_cast<std::int64_t>(values.size())}, std::span<const T>(values)));
  }
  static Table scalar(const Literal& value);
  // No rows. What an operation makes of it tells the schema of its result.
  static Table empty(const Schema& schema);

  std::int64_t num_rows() const;
  // Columns that are not the index.
  std::int64_t num_columns() const;
  std::vector<std::string> names() const;
  bool has(std::string_view name) const;
  const ColumnType& type(std::string_view name) const;
  const Schema& schema() const;
  TableForm form() const { return schema().form; }
  const IndexSpec& index() const { return schema().index; }
  // Bytes of the rows that are here, not of the memory that a slice keeps alive.
  std::size_t num_bytes() const;

  // A column (or index column) as a series with the same index. Throws Error(key) with near names.
  Table column(std::string_view name) const;
  Table operator[](std::string_view name) const { return column(name); }
  // The labels of the rows: form `index`; several levels make a frame.
  Table index_values() const;
  // Rows start, start + 1, ... (count of them); no copy.
  Table slice(std::int64_t start, std::int64_t count) const;

  Table with_form(TableForm form) const;
  Table with_index(IndexSpec index) const;
  // 0, 1, 2, ...; index columns are dropped, or become ordinary first columns.
  Table reset_index(bool drop = false) const;
  // Columns (in this order) become the index.
  Table set_index(const std::vector<std::string>& columns) const;

  // One cell. A column of any kind.
  Literal at(std::string_view name, std::int64_t row) const;
  // Of a series, index or scalar: its only column; of a scalar, its value.
  Literal at(std::int64_t row) const;
  Literal item() const;
  // Of a series: its values as NumPy has them. Datetimes are int64. No copy for one chunk of numbers.
  NdArray as_ndarray() const;
  template <class T>
  std::vector<T> to_vector() const {
    const NdArray values = as_ndarray().astype(dtype_of<T>).contiguous();
    const T* data = values.data<T>();
    return std::vector<T>(data, data + values.size());
  }
  std::vector<std::string> to_strings() const;  // missing is ""

  // Arrow's C data interface. The exported schema says index, form and families in its metadata, key "plait"; the
  // importer understands that, and pandas' own metadata. A stream hands over its batches; the structs are consumed.
  static Table import_stream(ArrowArrayStream* stream);
  static Table import_batch(ArrowArray* array, ArrowSchema* schema);
  void export_stream(ArrowArrayStream* out) const;
  void export_schema(ArrowSchema* out) const;

  // Inside Plait: see arrow_table.h.
  explicit Table(std::shared_ptr<const ArrowTable> impl) : impl_(std::move(impl)) {}
  const ArrowTable& impl() const { return *impl_; }

 private:
  std::shared_ptr<const ArrowTable> impl_;
};

// As pandas prints it: 60 rows at most, else the first and last five.
PLAIT_API std::ostream& operator<<(std::ostream& out, const Table& table);
PLAIT_API std::string to_string(const Table& table);

// "dep_delay\x1fmean" <-> {"dep_delay", "mean"}
PLAIT_API std::string join_label(const std::vector<std::string>& parts);
PLAIT_API std::vector<std::string> split_label(std::string_view label);

}  // namespace plait
