#include "kernels/formats/hive_folders.h"

#include <arrow/api.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <limits>
#include <map>

#include "kernels/table/arrow_table.h"
#include "kernels/table/columns.h"
#include "kernels/table/key_table.h"
#include "kernels/table/take.h"
#include "plait/error.h"

namespace plait {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMissingValue = "__HIVE_DEFAULT_PARTITION__";

std::string encoded(std::string_view text) {
  constexpr std::string_view kSpecial = "/\\%=:*?\"<>|";
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ' || kSpecial.find(c) != std::string_view::npos)
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out;
}

std::string decoded_name(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    const char* const digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() && std::from_chars(digits, digits + 2, code, 16).ptr == digits + 2) {
      out += static_cast<char>(code);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::optional<std::int64_t> as_integer(const std::string& text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || stopped != end || error != std::errc()) return std::nullopt;
  return value;
}

bool fits_32_bits(const Literal& value) {
  const auto number = std::get<std::int64_t>(value);
  return number >= std::numeric_limits<std::int32_t>::min() && number <= std::numeric_limits<std::int32_t>::max();
}

void make_folder(const fs::path& folder, const fs::path& shown) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw io_error(fmt::format("to_parquet: cannot make the folder '{}': {}", shown.string(), error.message()));
}

using FolderTexts = std::vector<std::optional<std::string>>;  // of one column, a file each

FolderColumn column_of(const std::string& name, const FolderTexts& texts) {
  const bool are_integers = std::ranges::all_of(texts, [](const auto& text) { return !text || as_integer(*text); });
  const auto literal = [&](const std::string& text) {
    return are_integers ? Literal(*as_integer(text)) : Literal(text);
  };
  std::vector<Literal> values;
  for (const auto& text : texts) {
    if (text) values.push_back(literal(*text));
  }
  std::ranges::sort(values);
  values.erase(std::ranges::unique(values).begin(), values.end());
  FolderColumn column{.name = name};
  for (const auto& text : texts) {
    const auto at = text ? std::ranges::lower_bound(values, literal(*text)) - values.begin() : -1;
    column.codes.push_back(static_cast<std::int32_t>(at));
  }
  auto type = arrow::large_utf8();
  if (are_integers) type = std::ranges::all_of(values, fits_32_bits) ? arrow::int32() : arrow::int64();
  column.categories = table_of({{name, chunked(array_from_literals(values, type))}});
  return column;
}

ParquetBound bound_of(const Literal& value) {
  return std::visit(
      []<class V>(const V& v) -> ParquetBound {
        if constexpr (std::is_constructible_v<ParquetBound, V>)
          return v;
        else
          return {};
      },
      value);
}

}  // namespace

std::string folder_name(std::string_view column, const Literal& value) {
  const bool is_missing = std::holds_alternative<Missing>(value);
  return fmt::format("{}={}", encoded(column), is_missing ? std::string(kMissingValue) : encoded(to_string(value)));
}

std::vector<std::pair<std::string, std::optional<std::string>>> folder_values(const std::string& path) {
  std::vector<std::pair<std::string, std::optional<std::string>>> values;
  for (const fs::path& part : fs::path(path).parent_path()) {
    const std::string name = part.string();
    const auto at = name.find('=');
    if (at == std::string::npos || at == 0) continue;
    const std::string value = name.substr(at + 1);
    values.emplace_back(decoded_name(name.substr(0, at)),
                        value == kMissingValue ? std::nullopt : std::optional(decoded_name(value)));
  }
  return values;
}

Literal FolderColumn::value_of(std::size_t file) const {
  const std::int32_t code = codes.at(file);
  return code < 0 ? Literal() : categories.at(name, code);
}

std::vector<FolderColumn> folder_columns(const std::vector<std::string>& files, const std::vector<std::string>& held) {
  std::vector<std::string> names;
  std::map<std::string, FolderTexts> texts;
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (auto& [name, value] : folder_values(files[i])) {
      if (std::ranges::find(held, name) != held.end()) continue;
      if (i == 0 && !texts.contains(name)) names.push_back(name);
      FolderTexts& seen = texts[name];
      if (seen.size() == i) seen.push_back(std::move(value));
    }
    for (const auto& [name, seen] : texts) {
      if (seen.size() == i + 1) continue;
      throw value_error(
          fmt::format("read_parquet: '{}' and '{}' do not stand in folders of the same columns: only one "
                      "of them has '{}=...' in its path; give files of one layout",
                      files.front(), files[i], name));
    }
  }
  std::vector<FolderColumn> columns;
  for (const std::string& name : names) columns.push_back(column_of(name, texts.at(name)));
  return columns;
}

ParquetStatistics folder_statistics(const FolderColumn& column, std::size_t file, std::int64_t num_rows) {
  const Literal value = column.value_of(file);
  const bool is_missing = std::holds_alternative<Missing>(value);
  return {
      .column = column.name, .min = bound_of(value), .max = bound_of(value), .num_nulls = is_missing ? num_rows : 0};
}

void write_parquet_folders(const Table& table, const NewFile& folder, const std::string& name,
                           const std::vector<std::string>& columns, const TableParquetOptions& options) {
  make_folder(folder.path, folder.shown);
  std::vector<std::shared_ptr<arrow::DataType>> types;
  std::vector<std::shared_ptr<arrow::Array>> keys;
  for (const std::string& column : columns) {
    keys.push_back(array_of(table, column));
    types.push_back(keys.back()->type());
  }
  KeyTable groups(types, true);
  PooledVector<std::uint32_t> group_of_row(static_cast<std::size_t>(table.num_rows()));
  groups.add(keys, table.num_rows(), group_of_row.data());
  for (std::uint32_t& group : group_of_row) --group;
  const auto values = groups.keys();
  const std::vector<Table> parts = split_rows(drop(table, {columns}), group_of_row, groups.num_groups());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    fs::path inner;
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const auto value = value_or_throw(values[k]->GetScalar(static_cast<std::int64_t>(i)), "to_parquet");
      inner /= folder_name(columns[k], literal_of(*value));
    }
    const fs::path shown = fs::path(folder.shown) / inner;
    make_folder(fs::path(folder.path) / inner, shown);
    write_parquet_file(parts[i], {(fs::path(folder.path) / inner / name).string(), (shown / name).string()}, options);
  }
}

}  // namespace plait
