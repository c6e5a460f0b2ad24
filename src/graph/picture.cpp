#include "graph/picture.h"

#include <algorithm>

namespace plait {

std::string escaped(const std::string& text, bool is_xml) {
  std::string safe;
  for (const char c : text) {
    if (is_xml && c == '<')
      safe += "&lt;";
    else if (is_xml && c == '>')
      safe += "&gt;";
    else if (is_xml && c == '&')
      safe += "&amp;";
    else if (is_xml && c == '"')
      safe += "&quot;";
    else if (!is_xml && (c == '"' || c == '\\'))
      safe += std::string("\\") + c;
    else
      safe += c;
  }
  return safe;
}

namespace {

std::string index_text(const Graph& graph, TaskId id) {
  const std::string key = graph.key(id);
  const std::size_t comma = key.find(", ");
  return key[0] == '(' && comma != std::string::npos ? key.substr(comma + 2, key.size() - comma - 3) : "";
}

}  // namespace

bool is_data(const Graph& graph, TaskId id) { return graph.value_of(id) != nullptr; }

std::string attribute_of(const std::vector<Attributes>& all, TaskId id, const std::string& name,
                         const std::string& otherwise) {
  if (id >= all.size()) return otherwise;
  const auto found = all[id].find(name);
  return found == all[id].end() ? otherwise : found->second;
}

std::string function_label(const Graph& graph, TaskId id, const DrawOptions& options) {
  const std::string& op = graph.layer_of(id).op;
  return attribute_of(options.functions, id, "label", op.empty() ? graph.call_of(id).kernel->name : op);
}
std::string box_label(const Graph& graph, TaskId id, const DrawOptions& options) {
  if (options.verbose) return attribute_of(options.data, id, "label", graph.key(id));
  const std::string index = index_text(graph, id);
  const std::string& name = graph.layer_of(id).name;
  const std::string key = (graph.layer_of(id).keys ? graph.key(id) : name).substr(0, 24);
  return attribute_of(options.data, id, "label", index.empty() ? key : index);
}

namespace {

constexpr double kColumnWidth = 90;
constexpr double kRowHeight = 110;
constexpr double kBoxAbove = 52;  // a function's value stands this far above it

std::vector<std::uint32_t> rows_of(const Graph& graph) {
  std::vector<std::uint32_t> rows(graph.size(), 0);
  for (TaskId id = 0; id < graph.size(); ++id) {
    for (TaskId input : graph.inputs(id)) rows[id] = std::max(rows[id], rows[input] + 1);
  }
  // Tasks without inputs stand just below the first that takes them.
  const Dependents users = dependents(graph);
  for (TaskId id = 0; id < graph.size(); ++id) {
    if (!graph.inputs(id).empty() || users.of(id).empty()) continue;
    std::uint32_t lowest = rows[users.of(id)[0]];
    for (TaskId user : users.of(id)) lowest = std::min(lowest, rows[user]);
    rows[id] = lowest - 1;
  }
  return rows;
}

// Within a row, tasks stand in the order of the middle of their inputs (bottom row: of their making), which keeps most
// edges from crossing.
std::vector<Place> upward_layout(const Graph& graph, double& width, double& height) {
  const std::vector<std::uint32_t> rows = rows_of(graph);
  std::uint32_t num_rows = 0;
  for (std::uint32_t row : rows) num_rows = std::max(num_rows, row + 1);
  std::vector<std::vector<TaskId>> by_row(num_rows);
  for (TaskId id = 0; id < graph.size(); ++id) by_row[rows[id]].push_back(id);
  std::size_t widest = 1;
  for (const auto& row : by_row) widest = std::max(widest, row.size());
  std::vector<Place> places(graph.size());
  for (std::uint32_t row = 0; row < num_rows; ++row) {
    std::vector<std::pair<double, TaskId>> wanted;
    for (TaskId id : by_row[row]) {
      double sum = 0;
      for (TaskId input : graph.inputs(id)) sum += places[input].x;
      const auto count = static_cast<double>(graph.inputs(id).size());
      wanted.emplace_back(count > 0 ? sum / count : static_cast<double>(id), id);
    }
    std::stable_sort(wanted.begin(), wanted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    const double step = static_cast<double>(widest) * kColumnWidth / static_cast<double>(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      places[wanted[i].second] = {(static_cast<double>(i) + 0.5) * step, (num_rows - row) * kRowHeight};
    }
  }
  width = static_cast<double>(widest) * kColumnWidth;
  height = num_rows * kRowHeight + 40;
  return places;
}

}  // namespace

Layout layout_of(const Graph& graph, const DrawOptions& options) {
  Layout layout;
  layout.places = upward_layout(graph, layout.width, layout.height);
  const bool is_sideways = options.rankdir == "LR" || options.rankdir == "RL";
  const bool is_reversed = options.rankdir == "TB" || options.rankdir == "RL";
  layout.to_box = {0, options.collapse_outputs ? 0 : is_reversed ? kBoxAbove : -kBoxAbove};
  for (Place& place : layout.places) {
    if (is_reversed) place.y = layout.height - place.y;
    if (is_sideways) place = {layout.height - place.y, place.x};
  }
  if (is_sideways) {
    std::swap(layout.width, layout.height);
    layout.to_box = {-layout.to_box.y, 0};
  }
  return layout;
}

}  // namespace plait
