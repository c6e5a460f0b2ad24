#include "kernels/table/index_metadata.h"

#include <array>
#include <charconv>
#include <sstream>

namespace plait {
namespace {

constexpr std::array kFormNames = {"frame", "series", "index", "scalar"};

std::string index_text(const Schema& schema) {
  std::string text = "form=" + std::string(kFormNames[static_cast<int>(schema.form)]) + "\n";
  if (schema.index.is_range()) {
    const IndexSpec& range = schema.index;
    return text + "range=" + std::to_string(range.start) + " " + std::to_string(range.step) + " " + range.range_name +
           "\n";
  }
  for (const std::string& column : schema.index.columns) text += "index=" + column + "\n";
  if (!schema.index.freq.empty()) text += "freq=" + schema.index.freq + "\n";
  return text;
}

IndexMetadata parse_index_text(const std::string& text) {
  IndexMetadata out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto equal = line.find('=');
    const std::string key = line.substr(0, equal);
    const std::string value = line.substr(equal + 1);
    if (key == "index") out.index.columns.push_back(value);
    if (key == "freq") out.index.freq = value;
    if (key == "form") {
      for (std::size_t i = 0; i < kFormNames.size(); ++i) {
        if (value == kFormNames[i]) out.form = static_cast<TableForm>(i);
      }
    }
    if (key == "range") {
      std::istringstream parts(value);
      parts >> out.index.start >> out.index.step >> std::ws;
      std::getline(parts, out.index.range_name);
    }
  }
  return out;
}

// Reads the little of pandas' JSON that matters: the text of "index_columns": [...], its strings or its range object.
class PandasIndex {
 public:
  explicit PandasIndex(const std::string& json) {
    const auto key = json.find("\"index_columns\"");
    const auto open = key == std::string::npos ? key : json.find('[', key);
    if (open == std::string::npos) return;
    at_ = open + 1;
    for (int depth = 0; at_ < json.size(); ++at_) {
      const char c = json[at_];
      if (c == ']' && depth == 0) return;
      if (c == '{') ++depth;
      if (c == '}') --depth;
      if (c == '"') read_text(json, depth > 0);
    }
  }
  IndexSpec index;

 private:
  void read_text(const std::string& json, bool in_range) {
    const std::string text = string_at(json);
    if (!in_range) {
      index.columns.push_back(text);
    } else if (text == "start" || text == "step") {
      const auto digits = json.find_first_of("-0123456789", at_);
      std::int64_t& to = text == "start" ? index.start : index.step;
      std::from_chars(json.data() + digits, json.data() + json.size(), to);
    } else if (text == "name") {
      at_ = json.find_first_of("\"n", at_ + 1);
      if (json[at_] == '"') index.range_name = string_at(json);
    }
  }
  // From an opening quote; leaves at_ on the closing one.
  std::string string_at(const std::string& json) {
    std::string text;
    for (++at_; at_ < json.size() && json[at_] != '"'; ++at_) {
      if (json[at_] == '\\') ++at_;
      text += json[at_];
    }
    return text;
  }

  std::size_t at_ = 0;
};

}  // namespace

std::shared_ptr<const arrow::KeyValueMetadata> index_metadata(const Schema& schema) {
  return arrow::key_value_metadata({"plait"}, {index_text(schema)});
}

IndexMetadata read_index_metadata(const arrow::KeyValueMetadata* metadata, const arrow::Schema& schema) {
  if (!metadata) return {};
  if (const auto own = metadata->Get("plait"); own.ok()) return parse_index_text(*own);
  const auto pandas = metadata->Get("pandas");
  if (!pandas.ok()) return {};
  IndexMetadata out{PandasIndex(*pandas).index, TableForm::frame};
  for (const std::string& column : out.index.columns) {
    if (schema.GetFieldIndex(column) < 0) return {};
  }
  return out;
}

}  // namespace plait
