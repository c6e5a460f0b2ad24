// Which columns a table has: select, drop, rename, assign. No data is copied.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

// df[["a", "b"]]; with `as_series`, df["a"]. The index stays.
struct SelectParams {
  std::vector<std::string> columns;
  bool as_series = false;
  static constexpr auto fields = std::tuple{&SelectParams::columns, &SelectParams::as_series};
};
Table select(const Table& table, const SelectParams& params);

// Columns without those named; an unknown name is an Error(key).
struct DropParams {
  std::vector<std::string> columns;
  static constexpr auto fields = std::tuple{&DropParams::columns};
};
Table drop(const Table& table, const DropParams& params);

// Old name to new name; unknown names are ignored as pandas does. Renames index columns too if `index`.
struct RenameParams {
  std::map<std::string, std::string> names;
  bool index = false;
  static constexpr auto fields = std::tuple{&RenameParams::names, &RenameParams::index};
};
Table rename(const Table& table, const RenameParams& params);
// Every column by position.
struct SetNamesParams {
  std::vector<std::string> names;
  static constexpr auto fields = std::tuple{&SetNamesParams::names};
};
Table set_names(const Table& table, const SetNamesParams& params);

// df.assign(name=series, ...): inputs are the table, then one series or scalar table a name. Where `literals` has a
// value, the column is that constant and no input is taken.
struct AssignParams {
  std::vector<std::string> names;
  std::vector<std::optional<Literal>> literals;
  static constexpr auto fields = std::tuple{&AssignParams::names, &AssignParams::literals};
};
Table assign(const Table& table, const std::vector<Table>& values, const AssignParams& params);

// Index <-> columns.
struct SetIndexParams {
  std::vector<std::string> columns;
  bool drop = true;
  static constexpr auto fields = std::tuple{&SetIndexParams::columns, &SetIndexParams::drop};
};
Table set_index(const Table& table, const SetIndexParams& params);
struct ResetIndexParams {
  bool drop = false;
  static constexpr auto fields = std::tuple{&ResetIndexParams::drop};
};
Table reset_index(const Table& table, const ResetIndexParams& params);
// series -> frame, frame of one column -> series, series of the index, ...; `name` renames the only column if not
// empty.
struct SetFormParams {
  TableForm form = TableForm::frame;
  std::string name;
  static constexpr auto fields = std::tuple{&SetFormParams::form, &SetFormParams::name};
};
Table set_form(const Table& table, const SetFormParams& params);
// df.index
Table index_of(const Table& table);
// pd.concat(tables, axis=1) of tables with equal rows.
Table concat_columns(const std::vector<Table>& tables);

}  // namespace plait
