// How fast the cluster's machines decide: a graph of N tasks through one SchedulerState and two WorkerStates in one
// thread, without sockets: nanoseconds a task, bytes a task, and how long single transitions take.
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>

#include "scheduler/scheduler_state.h"
#include "scheduler/worker_state.h"

namespace plait {
namespace {

using Clock = std::chrono::steady_clock;

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
}

// Leaves, and sums of four of them, up to one.
message::SubmitGraph tree(std::uint32_t size) {
  message::SubmitGraph graph;
  message::Topology& topology = graph.topology;
  const std::uint32_t num_leaves = size - size / 4;
  std::uint32_t next = 0;
  for (std::uint32_t i = 0; i < size; ++i) {
    std::uint32_t num_inputs = 0;
    if (i >= num_leaves)
      for (; num_inputs < 4 && next < i; ++num_inputs) topology.inputs.push_back(next++);
    topology.num_inputs.push_back(num_inputs);
    topology.rank.push_back(i);
    topology.family.push_back(i < num_leaves ? 0 : 1);
  }
  topology.families = {"leaf", "sum"};
  graph.outputs = {{size - 1, "sum"}};
  return graph;
}

std::size_t allocated_bytes() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

class Run {
 public:
  explicit Run(std::uint32_t size) : size_(size) {
    client_ = scheduler_.add_client(0);
    for (int i = 0; i < 2; ++i) {
      workers_.emplace_back(WorkerOptions{.nthreads = 1});
      SchedulerActions out;
      scheduler_.add_worker({.name = std::to_string(i), .nthreads = 1}, 0, out);
    }
  }

  void submit() {
    const message::SubmitGraph graph = tree(size_);
    const std::size_t before = allocated_bytes();
    SchedulerActions out;
    const std::int64_t start = now_ns();
    scheduler_.handle_client(client_, graph, 1, out);
    submit_ns_ = now_ns() - start;
    num_bytes_ = allocated_bytes() - before;
    carry_out(out);
  }

  // Messages go round until there are none. Each transition of the scheduler is timed if `times` are asked for.
  void drain(std::vector<std::uint32_t>* times) {
    SchedulerActions out;
    WorkerActions done;
    while (!for_workers_.empty() || !for_scheduler_.empty()) {
      while (!for_workers_.empty()) {
        auto [to, message] = std::move(for_workers_.front());
        for_workers_.pop_front();
        done.clear();
        workers_[to - 1].handle(message, 1, done);
        act(to, done);
      }
      while (!for_scheduler_.empty()) {
        auto [from, message] = std::move(for_scheduler_.front());
        for_scheduler_.pop_front();
        out.clear();
        const std::int64_t start = times ? now_ns() : 0;
        scheduler_.handle_worker(from, message, 1, out);
        if (times) times->push_back(static_cast<std::uint32_t>(now_ns() - start));
        carry_out(out);
      }
    }
  }

  void report(std::int64_t ns, std::vector<std::uint32_t> times) const {
    std::sort(times.begin(), times.end());
    const auto at = [&](double part) {
      return times.empty() ? 0u : times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
    };
    std::printf(
        "{\"tasks\": %u, \"ns_per_task\": %.0f, \"submit_ns_per_task\": %.0f, \"bytes_per_task\": %.0f, "
        "\"p50_ns\": %u, \"p99_ns\": %u, \"p999_ns\": %u, \"max_ns\": %u}\n",
        size_, static_cast<double>(ns) / size_, static_cast<double>(submit_ns_) / size_,
        static_cast<double>(num_bytes_) / size_, at(0.5), at(0.99), at(0.999), at(1));
  }
  bool is_done() const { return scheduler_.task("sum")->state == SchedulerTaskState::in_memory; }

 private:
  void carry_out(SchedulerActions& actions) {
    for (SchedulerAction& action : actions)
      if (auto* to = std::get_if<scheduler_action::ToWorker>(&action))
        for_workers_.emplace_back(to->to, std::move(to->message));
  }
  void act(WorkerNumber worker, WorkerActions& actions) {
    for (WorkerAction& action : actions) {
      if (auto* send = std::get_if<worker_action::Send>(&action)) {
        for_scheduler_.emplace_back(worker, std::move(send->message));
      } else if (auto* execute = std::get_if<worker_action::Execute>(&action)) {
        const worker_event::Finished finished{
            .task = execute->task, .attempt = execute->attempt, .num_bytes = 8, .duration_ns = 1000, .peak_bytes = 8};
        WorkerActions more;
        workers_[worker - 1].handle(finished, 1, more);
        act(worker, more);
      } else if (auto* provide = std::get_if<worker_action::Provide>(&action)) {
        for_scheduler_.emplace_back(worker, message::Provided{provide->task, provide->transfer, true});
      }
    }
  }

  std::uint32_t size_;
  SchedulerState scheduler_;
  ClientNumber client_ = 0;
  std::vector<WorkerState> workers_;
  std::deque<std::pair<WorkerNumber, message::ToWorker>> for_workers_;
  std::deque<std::pair<WorkerNumber, message::ToScheduler>> for_scheduler_;
  std::int64_t submit_ns_ = 0;
  std::size_t num_bytes_ = 0;
};

}  // namespace
}  // namespace plait

int main(int argc, char** argv) {
  const auto size = static_cast<std::uint32_t>(argc > 1 ? std::atoi(argv[1]) : 1'000'000);
  std::int64_t ns = 0;
  {
    plait::Run run(size);
    run.submit();
    const std::int64_t start = plait::now_ns();
    run.drain(nullptr);
    ns = plait::now_ns() - start;
    if (!run.is_done()) return 1;
  }
  plait::Run timed(size);
  timed.submit();
  std::vector<std::uint32_t> times;
  times.reserve(2 * size);
  timed.drain(&times);
  timed.report(ns, std::move(times));
  return timed.is_done() ? 0 : 1;
}
