// Graphs as SVG with a layout of our own.
#include <fmt/format.h>

#include "graph/picture.h"

namespace plait {
namespace {

constexpr double kRadius = 26;
constexpr double kBoxHalfWidth = 34;
constexpr double kBoxHalfHeight = 13;

// The attributes of SVG that those of a task become.
std::string style_of(const std::vector<Attributes>& all, TaskId id) {
  std::string style;
  const std::string color = attribute_of(all, id, "color", "");
  const std::string fill = attribute_of(all, id, "fillcolor", "");
  if (!color.empty()) style += fmt::format(" stroke=\"{}\" stroke-width=\"4\"", escaped(color, true));
  if (!fill.empty()) style += fmt::format(" fill=\"{}\"", escaped(fill, true));
  return style;
}

}  // namespace

std::string svg_text(const Graph& graph, const DrawOptions& options) {
  const Layout layout = layout_of(graph, options);
  std::string edges;
  std::string nodes;
  const auto line = [&](Place from, Place to) {
    edges +=
        fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", from.x, from.y, to.x, to.y);
  };
  const auto text = [](Place at, const std::string& label) {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", at.x, at.y + 3, escaped(label, true));
  };
  for (TaskId id = 0; id < graph.size(); ++id) {
    const Place box = layout.box_of(graph, id);
    const std::string title = "<title>" + escaped(graph.key(id), true) + "</title>";
    if (is_data(graph, id) || !options.collapse_outputs) {
      const std::string label = box_label(graph, id, options);
      nodes +=
          fmt::format("<g{}>{}<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{}\" height=\"{}\"/>{}</g>\n",
                      style_of(options.data, id), title, box.x - kBoxHalfWidth, box.y - kBoxHalfHeight,
                      2 * kBoxHalfWidth, 2 * kBoxHalfHeight, text(box, options.verbose ? label : label.substr(0, 12)));
    }
    if (is_data(graph, id)) continue;
    const Place circle = layout.places[id];
    nodes +=
        fmt::format("<g{}>{}<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\"/>{}</g>\n", style_of(options.functions, id),
                    title, circle.x, circle.y, kRadius, text(circle, function_label(graph, id, options).substr(0, 14)));
    if (!options.collapse_outputs) line(circle, box);
    for (TaskId input : graph.inputs(id)) line(layout.box_of(graph, input), circle);
  }
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
      "font-family=\"helvetica, sans-serif\" font-size=\"10\" text-anchor=\"middle\">\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<g stroke=\"#777\" fill=\"none\">\n{2}</g>\n"
      "<g stroke=\"black\" fill=\"white\"><style>text {{ fill: black; stroke: none; }}</style>\n{3}</g>\n</svg>\n",
      layout.width, layout.height, edges, nodes);
}

}  // namespace plait
