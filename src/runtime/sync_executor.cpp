#include "runtime/sync_executor.h"

#include "runtime/task_runner.h"
#include "runtime/turn.h"
#include "runtime/worker_loop.h"

namespace plait {
namespace {

constexpr auto kPollInterval = std::chrono::milliseconds(20);

class SyncRun final : public Run {
 public:
  explicit SyncRun(std::shared_ptr<RunContext> run)
      : loop_(std::move(run), {.num_workers = 1}, make_batch_runner<TaskRunner>) {}

  ~SyncRun() override {
    loop_.cancel();
    if (has_begun_) loop_.conclude();
  }

  std::size_t num_outputs() const override { return loop_.run().graph.outputs().size(); }
  OutputState state(std::size_t output) const override { return loop_.state(output); }
  Value value(std::size_t output) const override { return loop_.value(output); }
  std::exception_ptr error() const override { return loop_.error(); }

  void wait(const Poll& poll) override {
    work(poll, std::nullopt);
    if (const std::exception_ptr error = loop_.error()) std::rethrow_exception(error);
  }
  void wait_for(std::size_t output, const Poll& poll) override { work(poll, output); }
  void cancel() override { loop_.cancel(); }

 private:
  // The first that waits works; others wait for it.
  void work(const Poll& poll, std::optional<std::size_t> until_output) {
    while (!at_work_.take(kPollInterval)) {
      if (until_output && state(*until_output) != OutputState::pending) return;
      if (poll) poll_or_cancel(poll);
    }
    const HeldTurn held(at_work_);
    if (!has_begun_) loop_.begin();
    has_begun_ = true;
    std::exception_ptr thrown_by_poll;
    auto next_poll = Observer::Clock::now();
    if (poll) {
      loop_.run().poll_in_kernels = [&] {
        if (Observer::Clock::now() < next_poll) return;
        try {
          poll_or_cancel(poll);
        } catch (...) {
          thrown_by_poll = std::current_exception();
          throw;
        }
        next_poll = Observer::Clock::now() + kPollInterval;
      };
    }
    loop_.work(0, until_output);
    loop_.run().poll_in_kernels = nullptr;
    if (loop_.is_over()) loop_.conclude();
    if (thrown_by_poll) std::rethrow_exception(thrown_by_poll);
  }

  void poll_or_cancel(const Poll& poll) {
    try {
      poll();
    } catch (...) {
      loop_.cancel();
      throw;
    }
  }

  mutable WorkerLoop loop_;
  Turn at_work_;
  bool has_begun_ = false;  // under at_work_
};

}  // namespace

RunPtr SyncExecutor::submit(std::shared_ptr<const Graph> graph, RunOptions options) {
  return std::make_shared<SyncRun>(std::make_shared<RunContext>(std::move(graph), std::move(options)));
}

}  // namespace plait
