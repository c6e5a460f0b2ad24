// Pictures of graphs, drawn as Dask draws them: time runs upwards, boxes are data, circles are functions.
#pragma once

#include <string>

#include "graph/graph.h"

namespace plait {

struct DrawOptions {
  std::string rankdir = "BT";  // or "TB", "LR", "RL"
};

// The graph in the language of Graphviz.
std::string dot_text(const Graph& graph, const DrawOptions& options = {});
// A picture with a layout of our own: layers of tasks, each above its inputs.
std::string svg_text(const Graph& graph, const DrawOptions& options = {});

// Writes a picture; the ending of the path says which: .dot, .svg, .png or .pdf. SVG needs nothing; PNG and PDF need
// Graphviz's program `dot`, which also draws the SVG where it is installed. Throws Error(value) for another ending,
// Error(io) if the file cannot be written or `dot` is missing or fails.
void draw(const Graph& graph, const std::string& path, const DrawOptions& options = {});

}  // namespace plait
