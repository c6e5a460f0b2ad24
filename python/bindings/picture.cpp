#include "picture.h"

#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "gil.h"
#include "graph/draw.h"
#include "plan.h"
#include "task_call.h"

namespace plait::python {
namespace {

namespace nb = nanobind;

// A graph to be drawn, and what is known of its tasks.
class Picture {
 public:
  explicit Picture(Graph graph) : graph_(std::move(graph)) {}

  static Picture of_plan(const std::vector<ExprHandle>& handles, bool optimized) {
    Roots roots;
    for (const ExprHandle& handle : handles) roots.push_back(handle.expr);
    return Picture(build_graph(optimized ? optimize(roots) : lower_only(roots)));
  }

  // Tasks of somebody else's graph, inputs first: (key as text, name of its function, numbers of its inputs, whether it
  // is data).
  static Picture of_tasks(const nb::list& tasks) {
    Graph graph;
    std::map<std::string, LayerId> layers;
    for (nb::handle each : tasks) {
      const auto key = nb::cast<std::string>(each[0]);
      const auto op = nb::cast<std::string>(each[1]);
      const auto inputs = nb::cast<std::vector<TaskId>>(each[2]);
      // Layers are named after a task, so that each shows its own key.
      const LayerId layer = graph.add_layer({.name = key, .op = op, .grid = {}, .source = ""});
      if (nb::cast<bool>(each[3]))
        graph.add_value(Value::of(Sequence{}), layer, 0);
      else
        graph.add_task(item_kernel({.of = 1}), inputs, layer, 0);
    }
    return Picture(std::move(graph));
  }

  std::size_t size() const { return graph_.size(); }
  nb::list keys() const {
    nb::list keys;
    for (const nb::object& key : task_keys(graph_)) keys.append(key);
    return keys;
  }
  std::vector<std::vector<TaskId>> inputs() const {
    std::vector<std::vector<TaskId>> all;
    for (TaskId id = 0; id < graph_.size(); ++id) all.emplace_back(graph_.inputs(id).begin(), graph_.inputs(id).end());
    return all;
  }

  std::size_t num_layers() const { return graph_.layers().size(); }
  void group_by_layer() {
    GroupedGraph grouped = grouped_by_layer(graph_);
    graph_ = std::move(grouped.graph);
    layer_labels_ = std::move(grouped.functions);
  }

  void draw_to(const std::string& path, const std::string& rankdir, bool verbose, bool collapse_outputs,
               bool with_graphviz, const Attributes& of_graph, const Attributes& of_nodes, const Attributes& of_edges,
               const std::vector<Attributes>& functions, const std::vector<Attributes>& data) const {
    const DrawOptions options{.rankdir = rankdir,
                              .verbose = verbose,
                              .collapse_outputs = collapse_outputs,
                              .with_graphviz = with_graphviz,
                              .graph = of_graph,
                              .nodes = of_nodes,
                              .edges = of_edges,
                              .functions = layer_labels_.empty() ? functions : layer_labels_,
                              .data = data};
    const NoGil no_gil;
    draw(graph_, path, options);
  }

  std::vector<std::uint32_t> ranks() const { return order(graph_); }

 private:
  Graph graph_;
  std::vector<Attributes> layer_labels_;
};

}  // namespace

void bind_picture(nb::module_& m) {
  nb::class_<Picture>(m, "Picture", "A graph to be drawn.")
      .def_static("of_plan", &Picture::of_plan, nb::arg("exprs"), nb::arg("optimize"))
      .def_static("of_tasks", &Picture::of_tasks)
      .def("__len__", &Picture::size)
      .def("keys", &Picture::keys)
      .def("inputs", &Picture::inputs)
      .def("ranks", &Picture::ranks)
      .def("num_layers", &Picture::num_layers)
      .def("group_by_layer", &Picture::group_by_layer)
      .def("draw", &Picture::draw_to, nb::arg("path"), nb::arg("rankdir") = "BT", nb::arg("verbose") = false,
           nb::arg("collapse_outputs") = false, nb::arg("with_graphviz") = true, nb::arg("graph") = Attributes(),
           nb::arg("nodes") = Attributes(), nb::arg("edges") = Attributes(),
           nb::arg("functions") = std::vector<Attributes>(), nb::arg("data") = std::vector<Attributes>());
}

}  // namespace plait::python
