#include "runtime/worker_run.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "runtime/thread_pool.h"

namespace plait {
namespace {

using Clock = Observer::Clock;

constexpr auto kPollInterval = std::chrono::milliseconds(20);

// Whether workers still touch their run. Outlives the run's other parts, so that who waits is the last to own them.
class Attendance {
 public:
  explicit Attendance(int num_workers) : num_working_(num_workers), num_present_(num_workers) {}

  // Whether the others have stopped working, too.
  bool stop_working() { return num_working_.fetch_sub(1) == 1; }
  void leave() {
    std::lock_guard lock(mutex_);
    if (--num_present_ == 0) all_left_.notify_all();
  }
  // False if somebody is still there after `patience`.
  bool wait_until_all_left(Clock::duration patience) {
    std::unique_lock lock(mutex_);
    return all_left_.wait_for(lock, patience, [&] { return num_present_ == 0; });
  }

 private:
  std::atomic<int> num_working_;
  std::mutex mutex_;
  std::condition_variable all_left_;
  int num_present_;
};

void leave(std::shared_ptr<WorkerLoop> loop, Attendance& present) {
  if (present.stop_working()) loop->conclude();
  loop.reset();
  present.leave();
}

class PoolRun final : public Run {
 public:
  PoolRun(std::shared_ptr<RunContext> run, const WorkerLimits& limits, MakeBatchRunner make_runner)
      : limits_(limits),
        loop_(std::make_shared<WorkerLoop>(std::move(run), limits, std::move(make_runner))),
        present_(std::make_shared<Attendance>(limits.num_workers)) {}

  ~PoolRun() override {
    if (present_->wait_until_all_left({})) return;
    loop_->cancel();
    loop_->abandon(true);
    loop_->conclude();
  }

  // Where the system has no thread left, fewer workers do the work.
  void start() {
    if (limits_.num_workers > 0) loop_->begin();
    for (int worker = 0; worker < limits_.num_workers; ++worker) {
      try {
        ThreadPool::of_process().submit([loop = loop_, present = present_, worker]() mutable {
          loop->work(worker);
          leave(std::move(loop), *present);
        });
      } catch (const Error&) {
        const bool nobody_works = worker == 0;
        if (nobody_works) loop_->cancel();
        for (; worker < limits_.num_workers; ++worker) leave(loop_, *present_);
        if (nobody_works) throw;
      }
    }
  }

  std::size_t num_outputs() const override { return loop_->run().graph.outputs().size(); }
  OutputState state(std::size_t output) const override { return loop_->state(output); }
  Value value(std::size_t output) const override { return loop_->value(output); }
  std::exception_ptr error() const override { return loop_->error(); }

  void wait(const Poll& poll) override {
    wait_while_polling(poll, [&] { return present_->wait_until_all_left(kPollInterval); });
    if (const std::exception_ptr error = loop_->error()) std::rethrow_exception(error);
  }

  void wait_for(std::size_t output, const Poll& poll) override {
    wait_while_polling(poll, [&] { return loop_->wait_until_resolved(output, kPollInterval); });
  }

  void cancel() override {
    is_cancelled_ = true;
    loop_->cancel();
  }

 private:
  // `look` says, after a moment at most, whether what is waited for has come.
  template <class Look>
  void wait_while_polling(const Poll& poll, Look look) {
    while (!look()) {
      if (is_cancelled_) return leave_behind();
      if (!poll) continue;
      try {
        poll();
      } catch (...) {
        cancel();
        leave_behind();
        throw;
      }
    }
  }

  // The run is cancelled: its workers get a moment to stop.
  void leave_behind() {
    if (present_->wait_until_all_left(limits_.time_to_stop)) return;
    loop_->abandon(false);
    loop_->conclude();
  }

  const WorkerLimits limits_;
  const std::shared_ptr<WorkerLoop> loop_;
  const std::shared_ptr<Attendance> present_;
  std::atomic<bool> is_cancelled_ = false;
};

}  // namespace

RunPtr start_workers(std::shared_ptr<RunContext> context, const WorkerLimits& limits, MakeBatchRunner make_runner) {
  auto run = std::make_shared<PoolRun>(std::move(context), limits, std::move(make_runner));
  run->start();
  return run;
}

int num_workers_for(const Graph& graph, const RunOptions& options) {
  return static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(num_workers_of(options)), graph.size()));
}

}  // namespace plait
