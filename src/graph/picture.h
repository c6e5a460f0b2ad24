// What the two ways of drawing a graph share: labels, attributes of tasks, and a layout of our own.
#pragma once

#include <string>
#include <vector>

#include "graph/draw.h"

namespace plait {

std::string escaped(const std::string& text, bool is_xml);
bool is_data(const Graph& graph, TaskId id);
// A function's circle holds its operation, a value's box its block.
std::string function_label(const Graph& graph, TaskId id, const DrawOptions& options);
std::string box_label(const Graph& graph, TaskId id, const DrawOptions& options);
// An attribute that the caller gave to a task; `otherwise` where there is none.
std::string attribute_of(const std::vector<Attributes>& all, TaskId id, const std::string& name,
                         const std::string& otherwise);

struct Place {
  double x = 0;
  double y = 0;
};

// Where the circles (for data: boxes) of all tasks stand, and how far from its circle a function's box does.
struct Layout {
  std::vector<Place> places;
  Place to_box;
  double width = 0;
  double height = 0;

  Place box_of(const Graph& graph, TaskId id) const {
    return is_data(graph, id) ? places[id] : Place{places[id].x + to_box.x, places[id].y + to_box.y};
  }
};
Layout layout_of(const Graph& graph, const DrawOptions& options);

// The graph in the language of Graphviz, with everything at its place.
std::string placed_dot_text(const Graph& graph, const DrawOptions& options);

}  // namespace plait
