#include "graph/draw.h"

#include <errno.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "base/whole_file.h"

extern char** environ;

namespace plait {
namespace {

namespace fs = std::filesystem;

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

std::string index_text(const Graph& graph, TaskId id) {
  const std::string key = graph.key(id);
  const std::size_t comma = key.find(", ");
  return key[0] == '(' && comma != std::string::npos ? key.substr(comma + 2, key.size() - comma - 3) : "";
}

bool is_data(const Graph& graph, TaskId id) { return graph.value_of(id) != nullptr; }

// A function's circle holds its operation, a value's box its block.
std::string function_label(const Graph& graph, TaskId id) {
  const std::string& op = graph.layer_of(id).op;
  return op.empty() ? graph.call_of(id).kernel->name : op;
}
std::string box_label(const Graph& graph, TaskId id) {
  const std::string index = index_text(graph, id);
  if (!index.empty()) return index;
  return (graph.layer_of(id).keys ? graph.key(id) : graph.layer_of(id).name).substr(0, 24);
}

// --- A layout of our own ---

struct Place {
  double x = 0;
  double y = 0;
};

constexpr double kColumnWidth = 90;
constexpr double kRowHeight = 110;
constexpr double kRadius = 26;
constexpr double kBoxHalfWidth = 34;
constexpr double kBoxHalfHeight = 13;
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
std::vector<Place> layout(const Graph& graph, double& width, double& height) {
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

// --- Files ---

constexpr const char* kOperation = "visualize";

// A file without a name that holds a text, read from its start.
class TextInput {
 public:
  explicit TextInput(const std::string& text) : file_(::memfd_create("dot", MFD_CLOEXEC)) {
    const bool is_written = file_ >= 0 && ::write(file_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (!is_written || ::lseek(file_, 0, SEEK_SET) != 0)
      throw io_error(fmt::format("{}: no memory for the text of the graph: {}", kOperation, std::strerror(errno)));
  }
  TextInput(const TextInput&) = delete;
  TextInput& operator=(const TextInput&) = delete;
  ~TextInput() {
    if (file_ >= 0) ::close(file_);
  }
  int descriptor() const { return file_; }

 private:
  int file_;
};

std::string find_dot() {
  const char* path = std::getenv("PATH");
  std::string folders = path ? path : "";
  for (std::size_t start = 0; start <= folders.size();) {
    const std::size_t end = std::min(folders.find(':', start), folders.size());
    const std::string program = folders.substr(start, end - start) + "/dot";
    if (::access(program.c_str(), X_OK) == 0) return program;
    start = end + 1;
  }
  return "";
}

void run_dot(const std::string& program, const std::string& dot, const std::string& format, const std::string& path) {
  const TextInput input(dot);
  WholeFile picture(path, kOperation);
  std::vector<std::string> words = {program, "-T" + format};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  int status = 0;
  posix_spawn_file_actions_t streams;
  ::posix_spawn_file_actions_init(&streams);
  ::posix_spawn_file_actions_adddup2(&streams, input.descriptor(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&streams, picture.descriptor(), STDOUT_FILENO);
  const int error = ::posix_spawn(&child, program.c_str(), &streams, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&streams);
  if (error == 0) {
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  }
  if (error != 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw io_error(fmt::format("{}: {} could not draw {}", kOperation, program, path));
  picture.commit();
}

}  // namespace

std::string dot_text(const Graph& graph, const DrawOptions& options) {
  std::string text =
      fmt::format("digraph plait {{\n  graph [rankdir={}];\n  node [fontname=helvetica];\n", options.rankdir);
  for (TaskId id = 0; id < graph.size(); ++id) {
    text += fmt::format("  v{} [shape=box label=\"{}\" tooltip=\"{}\"];\n", id, escaped(box_label(graph, id), false),
                        escaped(graph.key(id), false));
    if (is_data(graph, id)) continue;
    text += fmt::format("  f{} [shape=circle label=\"{}\"];\n  f{} -> v{};\n", id,
                        escaped(function_label(graph, id), false), id, id);
    for (TaskId input : graph.inputs(id)) text += fmt::format("  v{} -> f{};\n", input, id);
  }
  return text + "}\n";
}

std::string svg_text(const Graph& graph, const DrawOptions& options) {
  double width = 0;
  double height = 0;
  std::vector<Place> places = layout(graph, width, height);
  const bool is_sideways = options.rankdir == "LR" || options.rankdir == "RL";
  const bool is_reversed = options.rankdir == "TB" || options.rankdir == "RL";
  double box_x = 0;
  double box_y = -kBoxAbove;
  if (is_reversed) box_y = kBoxAbove;
  for (Place& place : places) {
    if (is_reversed) place.y = height - place.y;
    if (is_sideways) place = {height - place.y, place.x};
  }
  if (is_sideways) {
    std::swap(width, height);
    box_x = -box_y;
    box_y = 0;
  }
  std::string edges;
  std::string nodes;
  const auto line = [&](Place from, Place to) {
    edges +=
        fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", from.x, from.y, to.x, to.y);
  };
  const auto box_of = [&](TaskId id) {
    return is_data(graph, id) ? places[id] : Place{places[id].x + box_x, places[id].y + box_y};
  };
  for (TaskId id = 0; id < graph.size(); ++id) {
    const Place box = box_of(id);
    const std::string title = "<title>" + escaped(graph.key(id), true) + "</title>";
    nodes += fmt::format(
        "<g>{}<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{}\" height=\"{}\"/><text x=\"{:.1f}\" "
        "y=\"{:.1f}\">{}</text></g>\n",
        title, box.x - kBoxHalfWidth, box.y - kBoxHalfHeight, 2 * kBoxHalfWidth, 2 * kBoxHalfHeight, box.x, box.y + 3,
        escaped(box_label(graph, id).substr(0, 12), true));
    if (is_data(graph, id)) continue;
    const Place circle = places[id];
    nodes += fmt::format(
        "<g>{}<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\"/><text x=\"{:.1f}\" y=\"{:.1f}\">{}</text></g>\n", title,
        circle.x, circle.y, kRadius, circle.x, circle.y + 3, escaped(function_label(graph, id).substr(0, 9), true));
    line(circle, box);
    for (TaskId input : graph.inputs(id)) line(box_of(input), circle);
  }
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
      "font-family=\"helvetica, sans-serif\" font-size=\"10\" text-anchor=\"middle\">\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<g stroke=\"#777\" fill=\"none\">\n{2}</g>\n"
      "<g stroke=\"black\" fill=\"white\"><style>text {{ fill: black; stroke: none; }}</style>\n{3}</g>\n</svg>\n",
      width, height, edges, nodes);
}

void draw(const Graph& graph, const std::string& path, const DrawOptions& options) {
  std::string format = fs::path(path).extension().string();
  if (!format.empty()) format.erase(0, 1);
  if (format == "dot" || format == "gv") return write_whole_file(path, dot_text(graph, options), kOperation);
  if (format != "svg" && format != "png" && format != "pdf") {
    throw value_error(
        fmt::format("cannot draw a graph to '{}': expected a path that ends in .svg, .png, .pdf or .dot", path));
  }
  const std::string program = find_dot();
  if (!program.empty()) return run_dot(program, dot_text(graph, options), format, path);
  if (format == "svg") return write_whole_file(path, svg_text(graph, options), kOperation);
  throw io_error(
      fmt::format("cannot draw {}: {} pictures need Graphviz's program 'dot', which is not installed; install "
                  "graphviz, or use an .svg path",
                  path, format));
}

}  // namespace plait
