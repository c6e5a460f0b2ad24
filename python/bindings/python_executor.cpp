#include "python_executor.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>

#include "base/elsewhere.h"
#include "base/row_count.h"
#include "cluster.h"
#include "context_variables.h"
#include "errors.h"
#include "gil.h"
#include "python_object.h"
#include "runtime/task_errors.h"
#include "runtime/turn.h"
#include "runtime/worker_run.h"
#include "task_call.h"

namespace plait::python {
namespace {

namespace nb = nanobind;
using Clock = Observer::Clock;

constexpr auto kPollInterval = std::chrono::milliseconds(20);

// --- Executors: the engine decides which task runs next and keeps the values; the executor runs it ---

class SubmittingRunner final : public BatchRunner {
 public:
  SubmittingRunner(RunContext& run, int worker, PyRef executor)
      : run_(run), worker_(worker), executor_(std::move(executor)) {}

  void run(std::span<const TaskId> tasks) override {
    finished_.clear();
    failure_.reset();
    for (TaskId task : tasks) {
      if (failure_ || run_.cancelled) break;
      run_one(task);
    }
  }
  std::span<const FinishedTask> finished() const override { return finished_; }
  const std::optional<Failure>& failure() const override { return failure_; }

 private:
  void run_one(TaskId task) {
    std::vector<Value> inputs;
    for (TaskId input : run_.graph.inputs(task)) inputs.push_back(run_.store[input]);
    const auto start = Clock::now();
    std::size_t num_bytes = 0;
    run_.observers.tell([&](Observer& observer) { observer.task_started(run_.graph, task, worker_, start); });
    try {
      Value value;
      if (const Value* held = run_.graph.value_of(task)) {
        value = opened(*held, num_bytes);
      } else {
        value = submit_and_wait(task, inputs);
        num_bytes = value.num_bytes();
      }
      const auto end = Clock::now();
      const TaskYield made{num_bytes, row_count(value)};
      run_.observers.tell_value(run_.graph, task, value);
      run_.store[task] = std::move(value);
      const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(end - start).count();
      finished_.push_back({task, num_bytes, static_cast<std::uint64_t>(ns)});
      run_.observers.tell([&](Observer& observer) { observer.task_finished(run_.graph, task, worker_, end, made); });
    } catch (...) {
      failure_ = Failure{task, std::make_exception_ptr(
                                   task_error(run_.graph, task, std::current_exception(), describe_inputs(inputs)))};
      run_.observers.tell([&](Observer& observer) { observer.task_failed(run_.graph, task, worker_, Clock::now()); });
    }
  }

  Value submit_and_wait(TaskId task, const std::vector<Value>& inputs) {
    const Gil gil;
    // An executor may hand on the variables of who submits, as Dask's own does.
    const VariablesAround variables(run_.options.surroundings.get());
    try {
      nb::list arguments;
      arguments.append(wrap(TaskCall{run_.graph.call_of(task), run_.graph.task(task).block, "", ""}));
      for (const Value& input : inputs) arguments.append(wrap(input));
      const nb::object future = executor_.get().attr("submit")(*arguments);
      const nb::object is_cancelled = nb::cpp_function([this] { return run_.cancelled.load(); });
      return unwrap(nb::module_::import_("plait._schedulers").attr("outcome")(future, is_cancelled));
    } catch (nb::python_error& error) {
      const Fault fault = fault_of_python(error);
      throw DetailedError(fault.kind, fault.message, fault.detail);
    }
  }

  RunContext& run_;
  const int worker_;
  const PyRef executor_;
  std::vector<FinishedTask> finished_;
  std::optional<Failure> failure_;
};

class SubmittingExecutor final : public Executor {
 public:
  explicit SubmittingExecutor(nb::handle executor) : executor_(executor) {
    const nb::object workers = nb::getattr(executor, "_max_workers", nb::none());
    if (PyLong_Check(workers.ptr())) num_workers_ = nb::cast<int>(workers);
  }
  std::string name() const override { return "a Python executor"; }
  bool shares_memory() const override { return false; }

  RunPtr submit(std::shared_ptr<const Graph> graph, RunOptions options) override {
    if (options.num_workers <= 0) options.num_workers = num_workers_;
    options.destinations.clear();
    const int num_workers = num_workers_for(*graph, options);
    return start_workers(std::make_shared<RunContext>(std::move(graph), std::move(options)),
                         {.num_workers = num_workers},
                         [executor = executor_](RunContext& run, int worker) -> std::unique_ptr<BatchRunner> {
                           return std::make_unique<SubmittingRunner>(run, worker, executor);
                         });
  }

 private:
  const PyRef executor_;
  int num_workers_ = 0;
};

// --- Functions: the graph is handed over as a dict, and the values come back ---

class GetRun final : public Run {
 public:
  GetRun(std::shared_ptr<const Graph> graph, PyRef get, PyRef kwargs)
      : graph_(std::move(graph)), get_(std::move(get)), kwargs_(std::move(kwargs)) {}

  std::size_t num_outputs() const override { return graph_->outputs().size(); }
  OutputState state(std::size_t) const override { return state_; }
  Value value(std::size_t output) const override { return values_.at(output); }
  std::exception_ptr error() const override { return state_ == OutputState::pending ? nullptr : error_; }
  // What the function has begun it finishes.
  void cancel() override {
    if (!at_work_.take({})) return;
    const HeldTurn held(at_work_);
    if (state_ != OutputState::pending) return;
    end(OutputState::cancelled, std::make_exception_ptr(Error(ErrorKind::cancelled, "the run was cancelled")));
  }

  void wait(const Poll& poll) override {
    wait_for(0, poll);
    if (error_) std::rethrow_exception(error_);
  }
  void wait_for(std::size_t, const Poll& poll) override {
    while (!at_work_.take(kPollInterval)) {
      if (poll) poll();
    }
    const HeldTurn held(at_work_);
    if (state_ == OutputState::pending) run();
  }

 private:
  void end(OutputState state, std::exception_ptr error) {
    error_ = std::move(error);
    state_ = state;
  }

  void run() {
    const Gil gil;
    try {
      const std::vector<nb::object> keys = task_keys(*graph_);
      nb::list wanted;
      for (TaskId output : graph_->outputs()) wanted.append(keys[output]);
      const nb::object results = get_.get()(task_dict(*graph_, keys), wanted, **nb::borrow<nb::dict>(kwargs_.get()));
      for (nb::handle result : results) values_.push_back(unwrap(result));
      if (values_.size() != num_outputs()) throw value_error("the scheduler function gave a wrong number of values");
      end(OutputState::finished, nullptr);
    } catch (nb::python_error& error) {
      const Fault fault = fault_of_python(error);
      end(OutputState::failed, fault.key.empty()
                                   ? std::make_exception_ptr(DetailedError(fault.kind, fault.message, fault.detail))
                                   : std::make_exception_ptr(TaskError(fault)));
    } catch (...) {
      end(OutputState::failed, std::current_exception());
    }
  }

  const std::shared_ptr<const Graph> graph_;
  const PyRef get_;
  const PyRef kwargs_;
  Turn at_work_;
  std::vector<Value> values_;
  std::exception_ptr error_;
  std::atomic<OutputState> state_ = OutputState::pending;
};

class GetExecutor final : public Executor {
 public:
  GetExecutor(nb::handle get, const nb::dict& kwargs) : get_(get), kwargs_(kwargs) {}
  std::string name() const override { return "a Python scheduler"; }
  bool shares_memory() const override { return false; }

  RunPtr submit(std::shared_ptr<const Graph> graph, RunOptions) override {
    return std::make_shared<GetRun>(std::move(graph), get_, kwargs_);
  }

 private:
  const PyRef get_;
  const PyRef kwargs_;
};

}  // namespace

void require_none_left(const nb::dict& kwargs) {
  if (nb::len(kwargs) == 0) return;
  throw type_error(
      fmt::format("compute: there is no argument '{}'; only functions that are given as scheduler take other ones",
                  nb::str(nb::list(kwargs.keys())[0]).c_str()));
}

std::shared_ptr<Executor> executor_of_python(nb::handle scheduler, int num_workers, const nb::dict& kwargs) {
  if (nb::isinstance<ClusterExecutorHandle>(scheduler)) {
    require_none_left(kwargs);
    return nb::inst_ptr<ClusterExecutorHandle>(scheduler)->executor;
  }
  if (PyCallable_Check(scheduler.ptr())) {
    nb::dict all;
    all.update(kwargs);
    if (num_workers > 0) all["num_workers"] = num_workers;
    return std::make_shared<GetExecutor>(scheduler, all);
  }
  if (nb::hasattr(scheduler, "submit")) {
    require_none_left(kwargs);
    return std::make_shared<SubmittingExecutor>(scheduler);
  }
  throw type_error(
      "scheduler= takes a name, an executor object with a method submit, or a function with the signature "
      "get(dsk, keys, **kwargs); found " +
      std::string(nb::repr(scheduler).c_str()));
}

}  // namespace plait::python
