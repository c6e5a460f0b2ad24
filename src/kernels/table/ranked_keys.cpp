#include "kernels/table/ranked_keys.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "base/kernel.h"
#include "kernels/table/column_output.h"
#include "kernels/table/groupby_plan.h"
#include "kernels/table/order_keys.h"
#include "kernels/table/radix_sort.h"
#include "kernels/table/rows.h"
#include "kernels/table/type_rules.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

std::shared_ptr<arrow::Array> sorted_keys_of(const std::shared_ptr<arrow::Array>& array) {
  const PooledVector<KeyedRow> rows = sorted_present(order_keys(array));
  ColumnOutput<std::uint64_t> out(array->length());
  for (std::size_t i = 0; i < rows.size(); ++i) out.set(static_cast<std::int64_t>(i), rows[i].key);
  for (auto i = static_cast<std::int64_t>(rows.size()); i < array->length(); ++i) out.set_null(i);
  return out.finish(arrow::uint64());
}

std::shared_ptr<arrow::Array> values_of_keys(const std::vector<std::uint64_t>& keys,
                                             const std::shared_ptr<arrow::DataType>& type) {
  if (arrow::is_floating(type->id())) {
    const bool is_float = type->id() == arrow::Type::FLOAT;
    ColumnOutput<double> doubles(static_cast<std::int64_t>(keys.size()));
    ColumnOutput<float> floats(static_cast<std::int64_t>(keys.size()));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const double value = std::bit_cast<double>(keys[i] & kSignBit ? keys[i] ^ kSignBit : ~keys[i]);
      doubles.set(static_cast<std::int64_t>(i), value);
      floats.set(static_cast<std::int64_t>(i), static_cast<float>(value));
    }
    return is_float ? floats.finish(type) : doubles.finish(type);
  }
  PooledVector<std::int64_t> integers;
  const bool is_wide = type->id() == arrow::Type::UINT64;
  for (const std::uint64_t key : keys) integers.push_back(static_cast<std::int64_t>(is_wide ? key : key ^ kSignBit));
  return array_of_integers(integers, -1, type);
}

// The keys of the same values in another type, which has them in the same order.
std::vector<std::uint64_t> keys_in_type(std::vector<std::uint64_t> keys, const std::shared_ptr<arrow::DataType>& from,
                                        const std::shared_ptr<arrow::DataType>& to) {
  if (from->Equals(*to)) return keys;
  const OrderKeys others = order_keys(cast_like(values_of_keys(keys, from), to));
  return {others.keys.begin(), others.keys.end()};
}

std::shared_ptr<arrow::DataType> type_in(const std::string& name) { return arrow_type_of(source_type_of_state(name)); }

// A column of whole numbers of the tables between the steps.
class Cells {
 public:
  Cells(const Table& table, std::string_view name) : array_(array_of(table, name)) {}
  std::uint64_t operator[](std::size_t row) const { return array_->data()->GetValues<std::uint64_t>(1)[row]; }
  std::vector<std::uint64_t> part(std::size_t begin, std::size_t end) const {
    const auto* from = array_->data()->GetValues<std::uint64_t>(1);
    return {from + begin, from + end};
  }

 private:
  std::shared_ptr<arrow::Array> array_;
};

// The columns of the small tables between the steps, written row by row.
class NumberRows {
 public:
  explicit NumberRows(std::vector<std::string> names) : names_(std::move(names)), columns_(names_.size()) {}

  void add(std::initializer_list<std::uint64_t> row) {
    std::size_t column = 0;
    for (const std::uint64_t cell : row) columns_[column++].push_back(cell);
  }
  Table finish(std::vector<NamedColumn> more = {}) const {
    for (std::size_t column = 0; column < names_.size(); ++column) {
      ColumnOutput<std::uint64_t> out(static_cast<std::int64_t>(columns_[column].size()));
      std::copy(columns_[column].begin(), columns_[column].end(), out.values());
      more.push_back({names_[column], chunked(out.finish(arrow::uint64())), TypeFamily::arrow});
    }
    return table_of(more);
  }

 private:
  std::vector<std::string> names_;
  std::vector<PooledVector<std::uint64_t>> columns_;
};

NamedColumn texts(const std::string& name, const std::vector<std::string>& values) {
  arrow::StringBuilder builder;
  check_arrow(builder.AppendValues(values), "quantile");
  return {name, chunked(value_or_throw(builder.Finish(), "quantile")), TypeFamily::arrow};
}
std::vector<std::string> texts_in(const Table& table, const std::string& name) {
  const auto array = array_of(table, name);
  std::vector<std::string> values;
  for (std::int64_t i = 0; i < array->length(); ++i)
    values.push_back(static_cast<const arrow::StringArray&>(*array).GetString(i));
  return values;
}

// Some keys of a sorted list, the first and the last among them, and where they stand in it.
struct Samples {
  std::vector<std::uint64_t> keys;
  std::vector<std::uint64_t> places;

  // The number of keys before `bound` is at least and at most that.
  std::pair<std::uint64_t, std::uint64_t> before(std::uint64_t bound) const {
    const auto at = std::lower_bound(keys.begin(), keys.end(), bound) - keys.begin();
    if (at == 0) return {0, 0};
    const auto next = static_cast<std::size_t>(at);
    return {places[next - 1] + 1, next < keys.size() ? places[next] : places.back() + 1};
  }
};

// Of one column, those of every partition.
struct ColumnSamples {
  std::shared_ptr<arrow::DataType> type;
  std::uint64_t size = 0;
  std::uint64_t rows = 0;
  std::vector<Samples> lists;
  std::vector<std::shared_ptr<arrow::DataType>> types = {};  // that the lists' keys had

  // The greatest key that no more than `rank` keys come before, by the most (or the fewest) that may.
  std::uint64_t key_of(std::uint64_t rank, bool by_most) const {
    std::uint64_t key = 0;
    for (int bit = 63; bit >= 0; --bit) {
      const std::uint64_t bound = key | (std::uint64_t{1} << bit);
      std::uint64_t before = 0;
      for (const Samples& list : lists) before += by_most ? list.before(bound).second : list.before(bound).first;
      if (before <= rank) key = bound;
    }
    return key;
  }
};

// Adds the rows of one table: for every column one that tells its size, its rows and its type, then its samples.
void add_samples(const Table& table, std::vector<ColumnSamples>& columns) {
  const Cells of(table, "column"), keys(table, "key"), places(table, "place");
  const std::vector<std::string> names = texts_in(table, "name");
  for (std::size_t begin = 0, end = 0; begin < names.size(); begin = end) {
    for (end = begin + 1; end < names.size() && of[end] == of[begin];) ++end;
    if (of[begin] >= columns.size()) columns.resize(of[begin] + 1);
    ColumnSamples& column = columns[of[begin]];
    column.size += keys[begin];
    column.rows += places[begin];
    column.type = column.type ? unified_type(column.type, type_in(names[begin])) : type_in(names[begin]);
    column.types.push_back(type_in(names[begin]));
    column.lists.push_back({keys.part(begin + 1, end), places.part(begin + 1, end)});
  }
}

std::vector<ColumnSamples> columns_of(const std::vector<Table>& samples) {
  std::vector<ColumnSamples> columns;
  for (const Table& table : samples) add_samples(table, columns);
  for (ColumnSamples& column : columns) {
    for (std::size_t i = 0; i < column.lists.size(); ++i)
      column.lists[i].keys = keys_in_type(column.lists[i].keys, column.types[i], column.type);
  }
  return columns;
}

std::string type_name(const std::shared_ptr<arrow::DataType>& type) {
  return state_column_name(0, 0, column_type_of(*arrow::field("", type)));
}

// A key and in how many rows it is.
struct Run {
  std::uint64_t key;
  std::uint64_t count;
};

std::uint64_t key_at(const std::vector<Run>& runs, std::uint64_t place) {
  std::size_t run = 0;
  for (; run < runs.size() && place >= runs[run].count; ++run) place -= runs[run].count;
  PLAIT_CHECK(run < runs.size());
  return runs[run].key;
}

}  // namespace

Table sorted_keys(const Table& table) {
  std::vector<NamedColumn> columns;
  for (const std::string& name : table.names()) {
    check_cancelled();
    const auto keys = sorted_keys_of(array_of(table, name));
    columns.push_back({state_column_name(columns.size(), 0, table.type(name)), chunked(keys), TypeFamily::arrow});
  }
  return table_of(columns, {}, TableForm::frame, table.num_rows());
}

Table key_samples(const Table& sorted, const KeySamplesParams& params) {
  NumberRows out({"column", "key", "place"});
  std::vector<std::string> names;
  const std::vector<std::string> columns = sorted.names();
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto array = array_of(sorted, columns[c]);
    const auto* keys = array->data()->GetValues<std::uint64_t>(1);
    const auto size = static_cast<std::uint64_t>(array->length() - array->null_count());
    out.add({c, size, static_cast<std::uint64_t>(array->length())});
    names.push_back(columns[c]);
    const std::uint64_t count = std::min(size, static_cast<std::uint64_t>(params.n));
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t place = count == 1 ? 0 : i * (size - 1) / (count - 1);
      out.add({c, keys[place], place});
      names.emplace_back();
    }
  }
  return out.finish({texts("name", names)});
}

Table key_brackets(const std::vector<Table>& samples, const KeyBracketsParams& params) {
  NumberRows out({"column", "low", "high", "rank", "size", "rows"});
  std::vector<std::string> names;
  const std::vector<ColumnSamples> columns = columns_of(samples);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const ColumnSamples& column = columns[c];
    for (const double q : params.q) {
      check_cancelled();
      names.push_back(type_name(column.type));
      if (column.size == 0) {
        out.add({c, 1, 0, 0, 0, column.rows});
        continue;
      }
      const auto rank = static_cast<std::uint64_t>(q * static_cast<double>(column.size - 1));
      const std::uint64_t next = std::min(rank + 1, column.size - 1);
      out.add({c, column.key_of(rank, true), column.key_of(next, false), rank, column.size, column.rows});
    }
  }
  return out.finish({texts("name", names)});
}

Table keys_within(const Table& sorted, const Table& brackets) {
  NumberRows out({"bracket", "is_run", "key", "count"});
  const Cells columns(brackets, "column"), lows(brackets, "low"), highs(brackets, "high");
  const std::vector<std::string> types = texts_in(brackets, "name");
  const std::vector<std::string> names = sorted.names();
  std::vector<std::uint64_t> keys;
  for (std::size_t bracket = 0; bracket < types.size(); ++bracket) {
    if (bracket == 0 || columns[bracket] != columns[bracket - 1]) {
      check_cancelled();
      const std::string& name = names.at(columns[bracket]);
      const auto array = array_of(sorted, name);
      const auto* from = array->data()->GetValues<std::uint64_t>(1);
      keys = keys_in_type({from, from + array->length() - array->null_count()}, type_in(name), type_in(types[bracket]));
    }
    const auto first = std::lower_bound(keys.begin(), keys.end(), lows[bracket]);
    out.add({bracket, 0, 0, static_cast<std::uint64_t>(first - keys.begin())});
    for (auto run = first; run != keys.end() && *run <= highs[bracket];) {
      const auto end = std::upper_bound(run, keys.end(), *run);
      out.add({bracket, 1, *run, static_cast<std::uint64_t>(end - run)});
      run = end;
    }
  }
  return out.finish();
}

Table ranked_keys(const Table& within, const Table& brackets) {
  const Cells columns(brackets, "column"), ranks(brackets, "rank"), sizes(brackets, "size"), rows(brackets, "rows");
  const auto num_brackets = static_cast<std::size_t>(brackets.num_rows());
  std::vector<std::uint64_t> below(num_brackets, 0);
  std::vector<std::vector<Run>> runs(num_brackets);
  const Cells of(within, "bracket"), is_run(within, "is_run"), keys(within, "key"), counts(within, "count");
  for (std::size_t i = 0; i < static_cast<std::size_t>(within.num_rows()); ++i) {
    if (is_run[i])
      runs[of[i]].push_back({keys[i], counts[i]});
    else
      below[of[i]] += counts[i];
  }
  NumberRows out({"column", "first", "second", "size", "rows"});
  for (std::size_t b = 0; b < num_brackets; ++b) {
    std::sort(runs[b].begin(), runs[b].end(), [](const Run& x, const Run& y) { return x.key < y.key; });
    const bool is_empty = sizes[b] == 0;
    const std::uint64_t place = ranks[b] - below[b];
    const std::uint64_t next = std::min(ranks[b] + 1, sizes[b] - 1) - below[b];
    out.add(
        {columns[b], is_empty ? 0 : key_at(runs[b], place), is_empty ? 0 : key_at(runs[b], next), sizes[b], rows[b]});
  }
  return out.finish({named_column_of(brackets, "name")});
}

Table ranked_keys_of(const std::vector<Table>& sorted, const KeyBracketsParams& params) {
  std::vector<Table> samples, within;
  for (const Table& keys : sorted) samples.push_back(key_samples(keys, {}));
  const Table brackets = key_brackets(samples, params);
  for (const Table& keys : sorted) within.push_back(keys_within(keys, brackets));
  return ranked_keys(concat(within), brackets);
}

RankedValues::RankedValues(const Table& ranked, std::int64_t column) {
  const Cells columns(ranked, "column"), first(ranked, "first"), second(ranked, "second");
  const Cells sizes(ranked, "size"), rows(ranked, "rows");
  const std::vector<std::string> names = texts_in(ranked, "name");
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (columns[i] != static_cast<std::uint64_t>(column)) continue;
    type_ = type_in(names[i]);
    size_ = static_cast<std::int64_t>(sizes[i]);
    rows_ = static_cast<std::int64_t>(rows[i]);
    pairs_.emplace_back(first[i], second[i]);
  }
}

std::shared_ptr<arrow::Array> RankedValues::pair(std::size_t i) const {
  return values_of_keys({pairs_.at(i).first, pairs_.at(i).second}, type_);
}

}  // namespace plait
