// ProcessRunner: has the batches of one worker run in a child process. Values stay parcels here: they are opened only
// where they are used.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "runtime/worker_loop.h"
#include "runtime/worker_messages.h"
#include "runtime/worker_process.h"

namespace plait {

// What the workers of one run of a graph share: calls and parts are written once.
struct ProcessRun {
  ProcessRun(const Graph& graph, std::uint64_t max_unused);

  RunParts parts;
  const std::uint64_t max_unused_bytes;  // that a worker may keep between its batches
  std::vector<bool> has_many_tasks;      // of every call
};

class ProcessRunner final : public BatchRunner {
 public:
  ProcessRunner(RunContext& run, std::shared_ptr<ProcessRun> shared, int worker)
      : run_(run), shared_(std::move(shared)), worker_(worker) {}
  ~ProcessRunner() override;

  void run(std::span<const TaskId> tasks) override;
  std::span<const FinishedTask> finished() const override { return finished_; }
  const std::optional<Failure>& failure() const override { return failure_; }
  std::optional<TaskId> lost() const override { return lost_; }
  std::string how_lost() const override { return how_lost_; }
  bool was_killed() const override { return was_killed_; }
  std::uint64_t outside_bytes() const override;

 private:
  struct Order {
    Order(RunParts& run, PartsAtWorker& worker)
        : parts(run, worker,
                [this](const WrittenPart& part) { content.parts.push_back({part.token, outgoing.add(part.parcel)}); }) {
    }

    BatchOrder content;
    Outgoing outgoing;
    OrderParts parts;
    std::unordered_map<TaskId, std::uint32_t> input_parcels;
  };

  void pass_on(TaskId task, const Value& value);
  void add_to(Order& order, TaskId task);
  void add_start(Order& order);
  void add_call(Order& order, TaskId task, TaskOrder& one);
  bool send(std::span<const TaskId> tasks);
  void finish(TaskId task, Parcel value, std::uint64_t duration_ns, std::uint64_t peak_bytes);
  void finish_items(TaskId task, std::span<ParcelRef> refs, Message& message, std::uint64_t duration_ns,
                    std::uint64_t peak_bytes);
  void fail(TaskId task, const std::exception_ptr& error);
  void receive_replies();
  void accept(Message message, bool& is_last);
  void accept_fault(TaskFault fault, Message& message);
  // Nothing if the worker is gone or had to be ended.
  std::optional<Message> next_message();
  void note_lost();

  RunContext& run_;
  const std::shared_ptr<ProcessRun> shared_;
  const int worker_;
  std::unique_ptr<WorkerProcess> process_;
  std::uint64_t bytes_at_start_ = 0;  // of the process
  bool is_idle_ = true;               // the worker has answered all that it was asked
  bool is_new_ = true;                // the worker has run nothing of this run
  std::vector<TaskId> sent_;
  std::vector<FinishedTask> finished_;
  std::optional<Failure> failure_;
  std::optional<TaskId> lost_;
  std::string how_lost_;
  bool was_killed_ = false;
};

}  // namespace plait
