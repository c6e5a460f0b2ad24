// Graphs in the language of Graphviz.
#include <fmt/format.h>

#include "graph/picture.h"

namespace plait {
namespace {

// [label="sum" shape=circle ...]: attributes in the order of their names, those of the caller before ours.
std::string bracketed(Attributes ours, const std::vector<Attributes>& given, TaskId id) {
  if (id < given.size()) {
    for (const auto& [name, value] : given[id]) ours[name] = value;
  }
  std::string text;
  for (const auto& [name, value] : ours) {
    text += (text.empty() ? "" : " ") + name;
    const bool is_word = value == "box" || value == "circle";
    text += is_word ? "=" + value : "=\"" + escaped(value, false) + "\"";
  }
  return "[" + text + "]";
}

std::string defaults(const char* what, Attributes attributes) {
  return attributes.empty() ? "" : fmt::format("  {} {};\n", what, bracketed(std::move(attributes), {}, 0));
}

std::string text_of(const Graph& graph, const DrawOptions& options, const Layout* layout) {
  const auto placed = [&](Attributes attributes, Place place) {
    if (layout) attributes["pos"] = fmt::format("{:.1f},{:.1f}", place.x, layout->height - place.y);
    return attributes;
  };
  Attributes nodes = options.nodes;
  nodes.try_emplace("fontname", "helvetica");
  std::string text = fmt::format("digraph plait {{\n  graph [rankdir={}];\n", options.rankdir);
  text += defaults("graph", options.graph) + defaults("node", nodes) + defaults("edge", options.edges);
  const char value_prefix = options.collapse_outputs ? 'f' : 'v';
  for (TaskId id = 0; id < graph.size(); ++id) {
    const bool has_box = is_data(graph, id) || !options.collapse_outputs;
    const char prefix = is_data(graph, id) ? 'v' : value_prefix;
    const Place box = layout ? layout->box_of(graph, id) : Place{};
    if (has_box) {
      const Attributes ours = {{"shape", "box"}, {"label", box_label(graph, id, options)}, {"tooltip", graph.key(id)}};
      text += fmt::format("  {}{} {};\n", prefix, id, bracketed(placed(ours, box), options.data, id));
    }
    if (is_data(graph, id)) continue;
    const Attributes ours = {{"shape", "circle"}, {"label", function_label(graph, id, options)}};
    const Place circle = layout ? layout->places[id] : Place{};
    text += fmt::format("  f{} {};\n", id, bracketed(placed(ours, circle), options.functions, id));
    if (has_box) text += fmt::format("  f{} -> v{};\n", id, id);
    for (TaskId input : graph.inputs(id))
      text += fmt::format("  {}{} -> f{};\n", is_data(graph, input) ? 'v' : value_prefix, input, id);
  }
  return text + "}\n";
}

}  // namespace

std::string dot_text(const Graph& graph, const DrawOptions& options) { return text_of(graph, options, nullptr); }

std::string placed_dot_text(const Graph& graph, const DrawOptions& options) {
  const Layout layout = layout_of(graph, options);
  return text_of(graph, options, &layout);
}

}  // namespace plait
