#include "run_events.h"

#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

#include "gil.h"
#include "plait/error.h"
#include "python_object.h"
#include "python_task.h"
#include "runtime/observers.h"
#include "task_call.h"
#include "values.h"

namespace plait::python {
namespace {

namespace nb = nanobind;
using Clock = Observer::Clock;

enum class Kind : std::uint8_t { run_started, task_started, task_finished, task_failed, run_finished };

struct Event {
  Kind kind;
  std::size_t run = 0;
  TaskId task = 0;
  int worker = 0;
  Clock::time_point time;
  std::size_t num_bytes = 0;
  Value value;
  bool has_failed = false;
};

// Notes the events of runs. It may not wait for the GIL, so graphs are kept (their tasks are few bytes each) until
// Python asks for keys and tasks.
class EventNotes final : public ValueObserver {
 public:
  EventNotes(bool only_own_runs, bool with_values) : only_own_runs_(only_own_runs), with_values_(with_values) {}

  void run_started(const Graph& graph, int) override {
    std::lock_guard lock(mutex_);
    // A run inside another belongs to that one's task.
    if (only_own_runs_ && (std::this_thread::get_id() != thread_ || !open_.empty())) return;
    open_[&graph] = {.run = graphs_.size()};
    graphs_.push_back(std::make_shared<const Graph>(graph));
    add({.kind = Kind::run_started, .run = graphs_.size() - 1, .time = Clock::now()});
  }
  void task_started(const Graph& graph, TaskId task, int worker, Clock::time_point time) override {
    note({.kind = Kind::task_started, .task = task, .worker = worker, .time = time}, graph);
  }
  void value_made(const Graph& graph, TaskId task, const Value& value) override {
    if (!with_values_) return;
    std::lock_guard lock(mutex_);
    const auto found = open_.find(&graph);
    if (found != open_.end()) found->second.values[task] = value;
  }
  void task_finished(const Graph& graph, TaskId task, int worker, Clock::time_point time,
                     const TaskYield& made) override {
    note({.kind = Kind::task_finished, .task = task, .worker = worker, .time = time, .num_bytes = made.num_bytes},
         graph);
  }
  void task_failed(const Graph& graph, TaskId task, int worker, Clock::time_point time) override {
    note({.kind = Kind::task_failed, .task = task, .worker = worker, .time = time}, graph);
  }
  void run_finished(const Graph& graph, bool failed) override {
    note({.kind = Kind::run_finished, .time = Clock::now(), .has_failed = failed}, graph);
    std::lock_guard lock(mutex_);
    open_.erase(&graph);
  }

  std::vector<Event> take() {
    std::lock_guard lock(mutex_);
    return std::exchange(events_, {});
  }
  std::shared_ptr<const Graph> graph(std::size_t run) const {
    std::lock_guard lock(mutex_);
    return graphs_.at(run);
  }
  // Its tasks are known now.
  void forget_graph(std::size_t run) {
    std::shared_ptr<const Graph> forgotten;
    std::lock_guard lock(mutex_);
    forgotten.swap(graphs_.at(run));
  }

 private:
  struct Open {
    std::size_t run = 0;
    std::unordered_map<TaskId, Value> values;  // of tasks that are about to finish
  };

  void note(Event event, const Graph& graph) {
    std::lock_guard lock(mutex_);
    const auto found = open_.find(&graph);
    if (found == open_.end()) return;
    event.run = found->second.run;
    if (event.kind == Kind::task_finished && with_values_) {
      const auto made = found->second.values.extract(event.task);
      if (made) event.value = made.mapped();
    }
    add(std::move(event));
  }
  void add(Event event) { events_.push_back(std::move(event)); }

  const bool only_own_runs_;
  const bool with_values_;
  const std::thread::id thread_ = std::this_thread::get_id();
  mutable std::mutex mutex_;
  std::unordered_map<const Graph*, Open> open_;
  std::vector<std::shared_ptr<const Graph>> graphs_;
  std::vector<Event> events_;
};

// Whether the graph itself holds what the task yields.
bool is_data(const Graph& graph, TaskId id) {
  if (graph.value_of(id)) return true;
  const Computation* computation = python_task.params_of(graph.call_of(id));
  return computation && computation->kind == Computation::Kind::literal;
}

double seconds(Clock::time_point time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

// What a task has made as the user knows it; a value that only the engine's kernels know stays wrapped.
nb::object presented(const Value& value) {
  try {
    return to_python(value);
  } catch (const Error&) {
    return wrap(value);
  }
}

// Who listens on this thread: a function of a list of events.
thread_local std::vector<nb::object> listeners;

class RunEvents {
 public:
  RunEvents(bool only_own_runs, bool with_values)
      : notes_(std::make_shared<EventNotes>(only_own_runs, with_values)), scope_(std::in_place, notes_) {}

  // Runs that begin from now on are not heard.
  void close() { scope_.reset(); }

  // Events since the last time, in their order: ("start", run, tasks, ops) with a dict of the tasks and one of the
  // names of their operations, ("pretask", run, key, worker, time), ("posttask", run, key, worker, time, bytes, value),
  // ("failed", run, key, worker, time), ("finish", run, whether it failed).
  nb::list take() {
    nb::list list;
    for (Event& event : notes_->take()) {
      const auto run = runs_.find(event.run);
      if (run == runs_.end() || is_about_run(event.kind) || !run->second.is_data[event.task]) list.append(shown(event));
    }
    return list;
  }

 private:
  struct Heard {
    std::vector<nb::object> keys;
    std::vector<bool> is_data;
  };

  static bool is_about_run(Kind kind) { return kind == Kind::run_started || kind == Kind::run_finished; }

  nb::object shown(Event& event) {
    if (event.kind == Kind::run_started) return start(event.run);
    if (event.kind == Kind::run_finished) {
      notes_->forget_graph(event.run);
      runs_.erase(event.run);
      return nb::make_tuple("finish", event.run, event.has_failed);
    }
    const nb::object& key = runs_.at(event.run).keys.at(event.task);
    const double time = seconds(event.time);
    if (event.kind == Kind::task_started) return nb::make_tuple("pretask", event.run, key, event.worker, time);
    if (event.kind == Kind::task_failed) return nb::make_tuple("failed", event.run, key, event.worker, time);
    const nb::object value = event.value ? presented(event.value) : nb::none();
    return nb::make_tuple("posttask", event.run, key, event.worker, time, event.num_bytes, value);
  }

  nb::object start(std::size_t run) {
    const std::shared_ptr<const Graph> graph = notes_->graph(run);
    Heard& heard = runs_[run];
    heard.keys = task_keys(*graph);
    nb::dict ops;
    nb::list data;
    for (TaskId id = 0; id < graph->size(); ++id) {
      ops[heard.keys[id]] = nb::str(graph->layer_of(id).op.c_str());
      heard.is_data.push_back(is_data(*graph, id));
      if (heard.is_data.back()) data.append(heard.keys[id]);
    }
    return nb::make_tuple("start", run, task_dict(*graph, heard.keys), ops, data);
  }

  const std::shared_ptr<EventNotes> notes_;
  std::optional<ObserverScope> scope_;
  std::unordered_map<std::size_t, Heard> runs_;
};

}  // namespace

void deliver_run_events() {
  if (listeners.empty()) return;
  const nb::object listener = nb::borrow(listeners.back());  // it may end itself
  listener();
}

void bind_run_events(nb::module_& m) {
  nb::class_<RunEvents>(m, "RunEvents", "What happens in runs from now on.")
      .def(nb::init<bool, bool>(), nb::arg("only_own_runs"), nb::arg("with_values"))
      .def("close", &RunEvents::close)
      .def("take", &RunEvents::take);
  m.def("push_listener", [](nb::object listener) { listeners.push_back(std::move(listener)); });
  m.def("pop_listener", [] { listeners.pop_back(); });
}

}  // namespace plait::python
