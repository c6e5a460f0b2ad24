#include "kernels/table/join_table.h"

#include <arrow/api.h>

#include "base/check.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/join_keys.h"
#include "kernels/table/type_rules.h"

namespace plait {

JoinSide join_side_of(const Table& table, const std::vector<std::string>& on, bool by_index) {
  if (!by_index) {
    for (const std::string& name : on) table.schema().field(name);
    return {table, on};
  }
  const Table labels = table.index_values();
  if (!table.index().is_range()) return {table, table.index().columns};
  std::vector<NamedColumn> columns = named_columns_of(table);
  const std::string name = labels.names().front();
  columns.push_back(named_column_of(labels, name));
  return {table_of(columns, {.columns = {name}}, table.form()), {name}};
}

JoinBuckets bucket_rows(const PooledVector<std::uint32_t>& ids, std::uint32_t num_groups) {
  JoinBuckets out{PooledVector<std::uint32_t>(num_groups + 2, 0), PooledVector<std::uint32_t>(ids.size())};
  for (std::uint32_t id : ids) ++out.starts[id + 1];
  for (std::size_t g = 2; g < out.starts.size(); ++g) out.unique &= out.starts[g] <= 1;
  for (std::size_t g = 1; g < out.starts.size(); ++g) out.starts[g] += out.starts[g - 1];
  PooledVector<std::uint32_t> next(out.starts.begin(), out.starts.end() - 1);
  for (std::size_t i = 0; i < ids.size(); ++i) out.rows[next[ids[i]]++] = static_cast<std::uint32_t>(i);
  return out;
}

JoinKeys join_keys_of(JoinSide side) {
  JoinKeys out{std::move(side), {}, nullptr, {}};
  const std::int64_t num_rows = out.side.table.num_rows();
  std::vector<std::shared_ptr<arrow::Array>> columns;
  for (const std::string& key : out.side.keys) {
    columns.push_back(decoded(array_of(out.side.table, key)));
    out.types.push_back(columns.back()->type());
  }
  out.table = std::make_unique<KeyTable>(out.types, true);
  out.table->expect(num_rows);
  PooledVector<std::uint32_t> ids(static_cast<std::size_t>(num_rows));
  out.table->add(columns, num_rows, ids.data());
  out.buckets = bucket_rows(ids, out.table->num_groups());
  return out;
}

// Each column as one array, from which every probe takes rows.
static Table in_one_piece(const Table& table) {
  std::vector<NamedColumn> columns = named_columns_of(table);
  for (NamedColumn& column : columns) {
    if (column.values->num_chunks() > 1) column.values = chunked(array_of(column.values));
  }
  return table_of(columns, table.index(), table.form(), table.num_rows());
}

JoinTable::JoinTable(const Table& right, JoinParams params) : right_(in_one_piece(right)), params_(std::move(params)) {
  PLAIT_CHECK(params_.how != JoinHow::right && params_.how != JoinHow::outer);
  keys_ = std::make_shared<const JoinKeys>(join_keys_of(join_side_of(right_, params_.right_on, params_.right_index)));
}

std::uint64_t JoinTable::num_bytes() const {
  // A slot of a hash table is 16 bytes, and half of them are free; a row is in a bucket, a key has one.
  constexpr std::uint64_t kBytesPerRow = 48;
  return right_.num_bytes() + kBytesPerRow * static_cast<std::uint64_t>(right_.num_rows());
}

template <>
const ValueType& value_type<JoinTable>() {
  static const ValueType type = {
      .name = "join_table",
      .num_bytes = [](const void* data) { return static_cast<const JoinTable*>(data)->num_bytes(); },
      .describe =
          [](const void* data) {
            return "side of a join with " + std::to_string(static_cast<const JoinTable*>(data)->right().num_rows()) +
                   " rows";
          },
      .encode =
          [](Encoder& to, const void* data) {
            const auto& table = *static_cast<const JoinTable*>(data);
            encode(to, table.right());
            encode(to, table.params());
          },
      .decode = [](Decoder& from) -> std::shared_ptr<const void> {
        Table right = decode<Table>(from);
        return std::make_shared<const JoinTable>(std::move(right), decode<JoinParams>(from));
      }};
  return type;
}

}  // namespace plait
