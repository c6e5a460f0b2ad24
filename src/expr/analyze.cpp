// What each step of a plan took, seen in a run.
#include <fmt/format.h>

#include <mutex>
#include <unordered_map>

#include "base/text.h"
#include "expr/plan.h"
#include "expr/task_table.h"

namespace plait {
namespace {

double seconds_between(Observer::Clock::time_point from, Observer::Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

struct Step {
  std::size_t num_tasks = 0;
  std::size_t num_bytes = 0;
  std::int64_t num_rows = 0;
  bool has_rows = false;
  double seconds = 0;

  Step& operator+=(const Step& other) {
    num_tasks += other.num_tasks;
    num_bytes += other.num_bytes;
    num_rows += other.num_rows;
    has_rows |= other.has_rows;
    seconds += other.seconds;
    return *this;
  }
};

// Adds up the tasks of each layer, by its name. Threads that run tasks tell it one after the other.
class StepNotes final : public Observer {
 public:
  void run_started(const Graph&, int) override { *this = StepNotes(); }  // a repaired plan starts again
  void task_started(const Graph&, TaskId task, int, Clock::time_point time) override { started_[task] = time; }
  void task_finished(const Graph& graph, TaskId task, int, Clock::time_point time, const TaskYield& made) override {
    Step& step = steps_[graph.layer_of(task).name];
    ++step.num_tasks;
    step.num_bytes += made.num_bytes;
    step.has_rows |= made.num_rows.has_value();
    step.num_rows += made.num_rows.value_or(0);
    const auto started = started_.extract(task);
    if (started) step.seconds += seconds_between(started.mapped(), time);
  }

  std::string text_of(const Expr& node) const {
    const Step step = step_of(node);
    if (step.num_tasks == 0) return "";
    std::string text =
        fmt::format("  [{} task{}, {:.3g} s", step.num_tasks, step.num_tasks == 1 ? "" : "s", step.seconds);
    if (step.has_rows) text += fmt::format(", {} row{}", step.num_rows, step.num_rows == 1 ? "" : "s");
    return text + ", " + format_bytes(static_cast<double>(step.num_bytes)) + "]";
  }

 private:
  Step step_of(const Expr& node) const {
    const TaskNames* names = node.task_names();
    if (!names) return step_named(node.name());
    Step sum;
    for (std::size_t group = 0; group < names->groups.size(); ++group) sum += step_named(layer_name(node, group));
    return sum;
  }

  Step step_named(const std::string& layer) const {
    const auto found = steps_.find(layer);
    return found == steps_.end() ? Step() : found->second;
  }

  std::unordered_map<TaskId, Clock::time_point> started_;
  std::unordered_map<std::string, Step> steps_;
};

}  // namespace

std::string analyze(const Roots& roots, const ComputeOptions& options) {
  StepNotes notes;
  ComputeOptions observed = options;
  observed.run.observers.push_back(&notes);
  const auto start = Observer::Clock::now();
  const Roots ran = run_plan(roots, observed);
  const double seconds = seconds_between(start, Observer::Clock::now());
  return tree_text(ran, [&](const Expr& node) { return notes.text_of(node); }) +
         fmt::format("\nThe run took {:.3g} s; times of steps are those of their tasks, which run side by side.\n",
                     seconds);
}

}  // namespace plait
