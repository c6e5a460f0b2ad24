// Pictures of graphs, drawn as Dask draws them: time runs upwards, boxes are data, circles are functions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace plait {

// Attributes of Graphviz by their names.
using Attributes = std::map<std::string, std::string>;

struct DrawOptions {
  std::string rankdir = "BT";     // or "TB", "LR", "RL"
  bool verbose = false;           // boxes show whole keys
  bool collapse_outputs = false;  // one circle for a function and its value
  bool with_graphviz = true;      // where it is installed
  Attributes graph;
  Attributes nodes;
  Attributes edges;
  // Of each task's circle and box; empty where no task has any. Our own pictures know label, color and fillcolor.
  std::vector<Attributes> functions;
  std::vector<Attributes> data;
};

// Each layer as one task, for a graph that is too big to be looked at; labels say how many tasks a layer has.
struct GroupedGraph {
  Graph graph;
  std::vector<Attributes> functions;
};
GroupedGraph grouped_by_layer(const Graph& graph);

// The graph in the language of Graphviz.
std::string dot_text(const Graph& graph, const DrawOptions& options = {});
// A picture with a layout of our own: layers of tasks, each above its inputs.
std::string svg_text(const Graph& graph, const DrawOptions& options = {});

// Writes a picture; the ending of the path says which: .dot, .svg, .png or .pdf. SVG needs nothing; PNG and PDF need
// Graphviz's program `dot`, which also draws the SVG where it is installed. It places hundreds of tasks at most in
// reasonable time: larger graphs have a layout of our own. Throws Error(value) for another ending, Error(io) if the
// file cannot be written or `dot` is missing or fails.
void draw(const Graph& graph, const std::string& path, const DrawOptions& options = {});

}  // namespace plait
