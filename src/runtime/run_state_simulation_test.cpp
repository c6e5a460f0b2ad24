// Seeded random runs of RunState in virtual time: slow and failing tasks, little memory, lost workers, damaged and
// failing disks. After every event the books are recomputed and compared.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "runtime/run_state.h"
#include "runtime/run_state_testing.h"

namespace plait {
namespace {

using testing_run_state::graph_of;
using testing_run_state::SimTask;

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  return (hash ^ value) * 0x9E3779B97F4A7C15u + (hash >> 29);
}

struct Chances {
  double task_fails = 0;
  double worker_lost = 0;
  double copy_damaged = 0;
  double disk_full = 0;
  double cancelled = 0;
};

// A run in virtual time: workers, a disk, and values that are hashes of their inputs.
class Simulation {
 public:
  explicit Simulation(std::uint64_t seed) : random_(seed) {
    make_graph();
    make_budget();
    pick_chances();
  }

  // The hash of all that happened.
  std::uint64_t run() {
    RunState state(graph_, budget_);
    state_ = &state;
    state.check_invariants();
    ask_for_tasks();
    while (!is_over()) {
      if (pending_.empty()) {
        ADD_FAILURE() << "the run hangs";
        break;
      }
      const auto next = pending_.begin();
      const Pending event = next->second;
      now_ = next->first.first;
      pending_.erase(next);
      happen(event);
      if (!is_over()) state.check_invariants();
      check_memory();
      ask_for_tasks();
    }
    check_end();
    return trace_;
  }

  std::size_t num_spills() const { return num_spills_; }
  std::size_t num_recomputed() const { return num_recomputed_; }
  std::size_t num_lost() const { return num_lost_; }
  RunFailure failure() const { return state_failure_; }

 private:
  enum class What { task, worker_dies, write, read };
  struct Pending {
    What what;
    TaskId task = 0;
  };

  double chance() { return std::uniform_real_distribution<>(0, 1)(random_); }
  std::uint64_t below(std::uint64_t limit) {
    return std::uniform_int_distribution<std::uint64_t>(0, limit - 1)(random_);
  }

  void make_graph() {
    const std::size_t size = 1 + below(60);
    const double reach = 1 + static_cast<double>(below(30));
    std::vector<SimTask> tasks(size);
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t num_inputs = i == 0 || chance() < 0.2 ? 0 : 1 + below(4);
      for (std::size_t k = 0; k < num_inputs; ++k) {
        const auto back = static_cast<std::size_t>(chance() * std::min(reach, static_cast<double>(i)));
        tasks[i].inputs.push_back(static_cast<TaskId>(i - 1 - std::min(back, i - 1)));
      }
      bytes_.push_back(chance() < 0.1 ? 0 : below(100));
      if (chance() < 0.7) tasks[i].declared_bytes = bytes_.back();
      std::uint64_t hash = i;
      for (TaskId input : tasks[i].inputs) hash = mix(hash, expected_[input]);
      expected_.push_back(hash);
    }
    std::vector<TaskId> outputs{static_cast<TaskId>(size - 1)};
    if (chance() < 0.5) outputs.push_back(static_cast<TaskId>(below(size)));
    graph_ = graph_of(tasks, outputs);
  }

  // Often just enough for the largest task, sometimes less, sometimes plenty.
  void make_budget() {
    for (TaskId id = 0; id < graph_.size(); ++id) {
      const auto inputs = graph_.inputs(id);
      std::uint64_t needed = graph_.task(id).output_bytes;
      for (TaskId input : std::set<TaskId>(inputs.begin(), inputs.end())) needed += bytes_[input];
      largest_need_ = std::max(largest_need_, needed);
    }
    const double kind = chance();
    budget_ = kind < 0.5 ? largest_need_ : kind < 0.9 ? largest_need_ + below(300) : below(largest_need_ + 1);
    num_workers_ = 1 + below(4);
  }

  void pick_chances() {
    if (chance() < 0.3) chances_.worker_lost = 0.05;
    if (chance() < 0.3) chances_.copy_damaged = 0.3;
    if (chance() < 0.1) chances_.task_fails = 0.02;
    if (chance() < 0.1) chances_.disk_full = 0.2;
    if (chance() < 0.05) chances_.cancelled = 0.02;
  }

  bool is_over() const { return state_->finished() || state_->failure() != RunFailure::none; }

  void later(double delay, Pending event) {
    pending_.emplace(std::pair(now_ + delay, sequence_++), event);
    trace_ = mix(trace_, static_cast<std::uint64_t>(event.what) << 32 | event.task);
  }

  void ask_for_tasks() {
    while (!is_over() && num_busy_ < num_workers_ && state_->wants_workers()) {
      const std::uint64_t used_before = state_->used_bytes();
      Actions actions;
      state_->handle(WorkerFree{.max_tasks = 1}, actions);
      if (!is_over()) {
        state_->check_invariants();
        if (state_->used_bytes() > budget_ && state_->used_bytes() > used_before) expect_nothing_could_be_freed();
      }
      carry_out(actions);
      check_memory();
    }
  }

  void expect_nothing_could_be_freed() {
    int num_active = 0;
    for (TaskId id = 0; id < graph_.size(); ++id) {
      const TaskState state = state_->state(id);
      num_active += state == TaskState::loading || state == TaskState::runnable || state == TaskState::running;
      if (state != TaskState::in_memory || bytes_[id] == 0 || unspillable_.contains(id)) continue;
      bool is_kept = false;
      for (TaskId output : graph_.outputs()) is_kept |= output == id;
      for (TaskId user = 0; user < graph_.size(); ++user) {
        const TaskState user_state = state_->state(user);
        const auto inputs = graph_.inputs(user);
        if (std::count(inputs.begin(), inputs.end(), id) == 0) continue;
        is_kept |=
            user_state == TaskState::loading || user_state == TaskState::runnable || user_state == TaskState::running;
      }
      EXPECT_TRUE(is_kept) << "value " << id << " could have been spilled";
    }
    EXPECT_EQ(num_active, 1) << "another task could have finished first";
  }

  void carry_out(const Actions& actions) {
    for (TaskId task : actions.start) {
      ++num_busy_;
      for (TaskId input : graph_.inputs(task)) EXPECT_TRUE(memory_.contains(input)) << "an input is missing";
      const double duration = chance() < 0.1 ? 100 * chance() : chance();
      later(duration, {chance() < chances_.worker_lost ? What::worker_dies : What::task, task});
    }
    for (TaskId task : actions.release) {
      EXPECT_EQ(memory_.erase(task), 1u);
      disk_.erase(task);
    }
    for (TaskId task : actions.unload) {
      EXPECT_TRUE(disk_.contains(task));
      EXPECT_EQ(memory_.erase(task), 1u);
    }
    for (TaskId task : actions.drop_copy) disk_.erase(task);
    for (TaskId task : actions.spill) later(3 * chance(), {What::write, task});
    for (TaskId task : actions.load) later(3 * chance(), {What::read, task});
  }

  void happen(const Pending& event) {
    Actions actions;
    switch (event.what) {
      case What::task:
        finish(event.task, actions);
        break;
      case What::worker_dies:
        --num_busy_;
        ++num_lost_;
        state_->handle(WorkerLost{std::span(&event.task, 1)}, actions);
        break;
      case What::write: {
        const bool ok = chance() >= chances_.disk_full;
        if (ok) disk_[event.task] = expected_[event.task];
        ++num_spills_;
        state_->handle(Spilled{event.task, ok, !ok && chance() < 0.5}, actions);
        if (!ok) unspillable_.insert(event.task);
        break;
      }
      case What::read: {
        EXPECT_TRUE(disk_.contains(event.task));
        const bool ok = chance() >= chances_.copy_damaged;
        if (ok)
          memory_[event.task] = disk_[event.task];
        else
          ++num_recomputed_;
        state_->handle(Loaded{event.task, ok}, actions);
        break;
      }
    }
    if (!is_over() && chance() < chances_.cancelled) state_->handle(Cancel{}, actions);
    carry_out(actions);
  }

  void finish(TaskId task, Actions& actions) {
    --num_busy_;
    if (chance() < chances_.task_fails) return state_->handle(TaskFailed{task}, actions);
    std::uint64_t hash = task;
    for (TaskId input : graph_.inputs(task)) hash = mix(hash, memory_.at(input));
    memory_[task] = hash;
    const FinishedTask finished{task, bytes_[task], 1 + below(1000)};
    state_->handle(TasksFinished{std::span(&finished, 1)}, actions);
  }

  // What the state believes to be in memory is there, and nothing else.
  void check_memory() {
    for (TaskId id = 0; id < graph_.size(); ++id) {
      const TaskState state = state_->state(id);
      EXPECT_EQ(state == TaskState::in_memory, memory_.contains(id)) << "value " << id;
      EXPECT_TRUE(state != TaskState::spilled || disk_.contains(id)) << "value " << id;
    }
  }

  void check_end() {
    state_failure_ = state_->failure();
    switch (state_failure_) {
      case RunFailure::none:
        for (TaskId output : graph_.outputs()) EXPECT_EQ(memory_.at(output), expected_[output]);
        for (const auto& [task, value] : memory_) EXPECT_THAT(graph_.outputs(), testing::Contains(task));
        break;
      case RunFailure::task_failed:
        EXPECT_GT(chances_.task_fails, 0);
        break;
      case RunFailure::worker_lost:
        EXPECT_GT(chances_.worker_lost, 0);
        break;
      case RunFailure::never_fits:
        EXPECT_LT(budget_, largest_need_);
        break;
      case RunFailure::spill_failed:
        EXPECT_GT(chances_.disk_full, 0);
        break;
      case RunFailure::cancelled:
        EXPECT_GT(chances_.cancelled, 0);
        break;
    }
    state_ = nullptr;
  }

  std::mt19937_64 random_;
  Graph graph_;
  std::vector<std::uint64_t> bytes_;
  std::vector<std::uint64_t> expected_;
  std::uint64_t largest_need_ = 0;
  std::uint64_t budget_ = 0;
  std::size_t num_workers_ = 1;
  Chances chances_;

  RunState* state_ = nullptr;
  std::map<TaskId, std::uint64_t> memory_;
  std::map<TaskId, std::uint64_t> disk_;
  std::set<TaskId> unspillable_;
  std::map<std::pair<double, std::uint64_t>, Pending> pending_;
  double now_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint64_t trace_ = 0;
  std::size_t num_busy_ = 0;
  std::size_t num_spills_ = 0;
  std::size_t num_recomputed_ = 0;
  std::size_t num_lost_ = 0;
  RunFailure state_failure_ = RunFailure::none;
};

TEST(RunState, KeepsItsPromisesInRandomRuns) {
  std::size_t num_spills = 0;
  std::size_t num_recomputed = 0;
  std::size_t num_lost = 0;
  std::map<RunFailure, int> ends;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Simulation simulation(seed);
    simulation.run();
    num_spills += simulation.num_spills();
    num_recomputed += simulation.num_recomputed();
    num_lost += simulation.num_lost();
    ++ends[simulation.failure()];
    if (HasFailure()) break;
  }
  // The runs must have been hard enough to mean something.
  EXPECT_GT(num_spills, 1000u);
  EXPECT_GT(num_recomputed, 100u);
  EXPECT_GT(num_lost, 100u);
  EXPECT_EQ(ends.size(), 6u) << "every way to end has happened";
  EXPECT_GT(ends[RunFailure::none], 1000);
}

TEST(RunState, DecidesTheSameInTheSameRun) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) EXPECT_EQ(Simulation(seed).run(), Simulation(seed).run());
}

}  // namespace
}  // namespace plait
