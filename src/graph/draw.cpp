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
#include "graph/picture.h"

extern char** environ;

namespace plait {
namespace {

namespace fs = std::filesystem;

// Tasks and edges that Graphviz places in a few seconds.
constexpr std::size_t kMostForDot = 1500;

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

void run_dot(std::vector<std::string> words, const std::string& dot, const std::string& path) {
  const TextInput input(dot);
  WholeFile picture(path, kOperation);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  int status = 0;
  posix_spawn_file_actions_t streams;
  ::posix_spawn_file_actions_init(&streams);
  ::posix_spawn_file_actions_adddup2(&streams, input.descriptor(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&streams, picture.descriptor(), STDOUT_FILENO);
  const int error = ::posix_spawn(&child, words[0].c_str(), &streams, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&streams);
  if (error == 0) {
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  }
  if (error != 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw io_error(fmt::format("{}: {} could not draw {}", kOperation, words[0], path));
  picture.commit();
}

}  // namespace

GroupedGraph grouped_by_layer(const Graph& graph) {
  const std::size_t num_layers = graph.layers().size();
  constexpr auto kNone = static_cast<std::uint32_t>(-1);
  std::vector<std::uint32_t> place_of(num_layers, kNone);  // in the order of their last tasks: inputs come first
  std::vector<LayerId> layers;
  for (TaskId id = static_cast<TaskId>(graph.size()); id-- > 0;) {
    const LayerId layer = graph.task(id).layer;
    if (place_of[layer] != kNone) continue;
    place_of[layer] = 0;
    layers.push_back(layer);
  }
  std::reverse(layers.begin(), layers.end());
  for (std::uint32_t place = 0; place < layers.size(); ++place) place_of[layers[place]] = place;
  std::vector<std::vector<TaskId>> inputs(layers.size());
  std::vector<std::size_t> num_tasks(layers.size(), 0);
  std::vector<TaskId> some_task(layers.size());
  for (TaskId id = 0; id < graph.size(); ++id) {
    const std::uint32_t place = place_of[graph.task(id).layer];
    ++num_tasks[place];
    some_task[place] = id;
    for (TaskId input : graph.inputs(id)) {
      const std::uint32_t from = place_of[graph.task(input).layer];
      if (from < place) inputs[place].push_back(from);
    }
  }
  GroupedGraph grouped;
  for (std::size_t place = 0; place < layers.size(); ++place) {
    Layer layer = graph.layer(layers[place]);
    const std::string label = fmt::format("{} x{}", layer.op.empty() ? layer.name : layer.op, num_tasks[place]);
    layer.grid.clear();
    layer.keys = {};
    const LayerId made = grouped.graph.add_layer(std::move(layer));
    auto& taken = inputs[place];
    std::sort(taken.begin(), taken.end());
    taken.erase(std::unique(taken.begin(), taken.end()), taken.end());
    grouped.graph.add_task(graph.call_of(some_task[place]), taken, made, 0);
    grouped.functions.push_back({{"label", label}});
  }
  return grouped;
}

void draw(const Graph& graph, const std::string& path, const DrawOptions& options) {
  std::string format = fs::path(path).extension().string();
  if (!format.empty()) format.erase(0, 1);
  if (format == "dot" || format == "gv") return write_whole_file(path, dot_text(graph, options), kOperation);
  if (format != "svg" && format != "png" && format != "pdf" && format != "jpg" && format != "jpeg") {
    throw value_error(
        fmt::format("cannot draw a graph to '{}': expected a path that ends in .svg, .png, .pdf or .dot", path));
  }
  const std::string program = options.with_graphviz ? find_dot() : "";
  const bool is_large = graph.size() + graph.num_edges() > kMostForDot;
  if (format == "svg" && (program.empty() || is_large))
    return write_whole_file(path, svg_text(graph, options), kOperation);
  if (!program.empty() && is_large)
    return run_dot({program, "-Kneato", "-n2", "-T" + format}, placed_dot_text(graph, options), path);
  if (!program.empty()) return run_dot({program, "-T" + format}, dot_text(graph, options), path);
  throw io_error(fmt::format(
      "cannot draw {}: {} pictures need Graphviz's program 'dot', which is not installed; install "
      "it (apt install graphviz, dnf install graphviz, brew install graphviz, conda install graphviz), or draw "
      "to an .svg path, which needs nothing",
      path, format));
}

}  // namespace plait
