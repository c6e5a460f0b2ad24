// The public drivers: compute, persist, visualize, explain and analyze.
#include "plait/compute.h"

#include "collections/compute_options.h"
#include "collections/start.h"
#include "expr/plan.h"
#include "graph/draw.h"

namespace plait {

ComputeOptions compute_options(const RunSettings& settings) {
  ComputeOptions options;
  options.scheduler = settings.scheduler;
  options.optimize = settings.optimize;
  options.run.num_workers = settings.num_workers;
  options.run.memory_budget_bytes = settings.memory_budget_bytes;
  options.run.poll = settings.poll;
  return options;
}

namespace detail {

std::vector<std::shared_ptr<const Value>> compute_plans(const Plans& plans, const RunSettings& settings) {
  start();
  std::vector<std::shared_ptr<const Value>> values;
  for (Value& value : plait::compute(plans, compute_options(settings)))
    values.push_back(std::make_shared<const Value>(std::move(value)));
  return values;
}

Plans persist_plans(const Plans& plans, const RunSettings& settings) {
  start();
  return plait::persist(plans, compute_options(settings));
}

void visualize_plans(const Plans& plans, const std::string& filename, bool optimized) {
  start();
  draw(build_graph(optimized ? optimize(plans) : lower_only(plans)), filename);
}

std::string explain_plans(const Plans& plans) {
  start();
  return plait::explain(plans);
}

std::string analyze_plans(const Plans& plans, const RunSettings& settings) {
  start();
  return plait::analyze(plans, compute_options(settings));
}

}  // namespace detail
}  // namespace plait
