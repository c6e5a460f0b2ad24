#include <algorithm>
#include <numeric>

#include "graph/graph.h"

namespace plait {
namespace {

constexpr auto kUnranked = static_cast<std::uint32_t>(-1);

// Walks down from the outputs: a task is ranked when everything that it needs has been ranked, and finishing one input
// before the next begins keeps few values alive. Of a task's inputs the one that needs most work goes first, so that
// the small ones need not wait in memory.
//
// What has become possible meanwhile is done at once where it makes no more than it frees: when row blocks are cut into
// tiles, all tiles of some rows are made while those rows are there.
class Order {
 public:
  explicit Order(const Graph& graph)
      : graph_(graph), rank_(graph.size(), kUnranked), depth_(graph.size(), 0), entered_(graph.size(), 0) {
    for (TaskId id = 0; id < graph.size(); ++id) {
      for (TaskId input : graph.inputs(id)) depth_[id] = std::max(depth_[id], depth_[input] + 1);
      knows_bytes_ = knows_bytes_ || graph.task(id).output_bytes > 0;
    }
    if (knows_bytes_) count_uses();
  }

  std::vector<std::uint32_t> run() {
    for (TaskId output : graph_.outputs()) walk_from(output);
    for (TaskId id = 0; id < graph_.size(); ++id) walk_from(id);
    return std::move(rank_);
  }

 private:
  void count_uses() {
    dependents_ = dependents(graph_);
    num_waiting_.assign(graph_.size(), 0);
    num_uses_.assign(graph_.size(), 0);
    uses_.assign(graph_.size(), 0);
    for (TaskId id = 0; id < graph_.size(); ++id) {
      num_uses_[id] = static_cast<std::uint32_t>(dependents_.of(id).size());
      for (TaskId dependent : dependents_.of(id)) ++num_waiting_[dependent];
    }
    for (TaskId output : graph_.outputs()) ++num_uses_[output];  // never freed
  }

  void walk_from(TaskId root) {
    stack_.push_back(root);
    while (!stack_.empty()) {
      const TaskId id = stack_.back();
      if (rank_[id] != kUnranked) {
        stack_.pop_back();
      } else if (entered_[id] || graph_.inputs(id).empty()) {
        stack_.pop_back();
        if (knows_bytes_)
          rank_with_what_follows(id);
        else
          rank_[id] = next_rank_++;
      } else {
        entered_[id] = 1;
        push_inputs(id);
      }
    }
  }

  void push_inputs(TaskId id) {
    waiting_.clear();
    for (TaskId input : graph_.inputs(id)) {
      if (rank_[input] == kUnranked) waiting_.push_back(input);
    }
    // The last pushed is walked first. Equals keep the order in which they were given: reverse each run of equals.
    std::stable_sort(waiting_.begin(), waiting_.end(), [&](TaskId a, TaskId b) { return depth_[a] < depth_[b]; });
    for (auto run = waiting_.begin(); run != waiting_.end();) {
      auto end = std::find_if(run, waiting_.end(), [&](TaskId other) { return depth_[other] != depth_[*run]; });
      std::reverse(run, end);
      run = end;
    }
    stack_.insert(stack_.end(), waiting_.begin(), waiting_.end());
  }

  void rank_with_what_follows(TaskId first) {
    follow_.assign(1, first);
    while (!follow_.empty()) {
      const TaskId id = follow_.back();
      follow_.pop_back();
      if (rank_[id] != kUnranked) continue;
      rank_[id] = next_rank_++;
      for_each_input(id, [&](TaskId input) { --num_uses_[input]; });
      ready_.clear();
      for (TaskId dependent : dependents_.of(id)) {
        if (--num_waiting_[dependent] == 0 && rank_[dependent] == kUnranked) ready_.push_back(dependent);
      }
      if (!ready_.empty() && frees_what_it_makes()) follow_.insert(follow_.end(), ready_.rbegin(), ready_.rend());
    }
  }

  // Whether running all of `ready_` leaves no more in memory than there is.
  bool frees_what_it_makes() {
    std::uint64_t made = 0;
    touched_.clear();
    for (TaskId id : ready_) {
      made += bytes_of(id);
      for_each_input(id, [&](TaskId input) {
        if (uses_[input]++ == 0) touched_.push_back(input);
      });
    }
    std::uint64_t freed = 0;
    for (TaskId input : touched_) {
      if (uses_[input] == num_uses_[input] && is_freed(input)) freed += bytes_of(input);
      uses_[input] = 0;
    }
    return freed >= made;
  }

  // What the graph holds itself is not freed.
  bool is_freed(TaskId id) const { return graph_.value_of(id) == nullptr; }
  std::uint64_t bytes_of(TaskId id) const { return std::max<std::uint64_t>(graph_.task(id).output_bytes, 1); }

  // Each distinct input once.
  template <class F>
  void for_each_input(TaskId id, F&& f) {
    const auto inputs = graph_.inputs(id);
    if (inputs.size() < 2) {
      for (TaskId input : inputs) f(input);
      return;
    }
    distinct_.assign(inputs.begin(), inputs.end());
    std::sort(distinct_.begin(), distinct_.end());
    distinct_.erase(std::unique(distinct_.begin(), distinct_.end()), distinct_.end());
    for (TaskId input : distinct_) f(input);
  }

  const Graph& graph_;
  std::vector<std::uint32_t> rank_;
  std::vector<std::uint32_t> depth_;  // longest chain of inputs below
  std::vector<std::uint8_t> entered_;
  std::uint32_t next_rank_ = 0;
  bool knows_bytes_ = false;  // of any task; without, only the walk decides
  Dependents dependents_;
  std::vector<std::uint32_t> num_waiting_;  // distinct inputs that have no rank yet
  std::vector<std::uint32_t> num_uses_;     // dependents that have no rank yet
  std::vector<std::uint32_t> uses_;         // by the ready tasks that are being weighed; all zero between
  // Kept between calls to save allocations.
  std::vector<TaskId> stack_, waiting_, follow_, ready_, distinct_, touched_;
};

}  // namespace

std::vector<std::uint32_t> order(const Graph& graph) {
  if (graph.num_edges() > 0) return Order(graph).run();
  // Nothing waits for anything.
  std::vector<std::uint32_t> ranks(graph.size());
  std::iota(ranks.begin(), ranks.end(), 0U);
  return ranks;
}

}  // namespace plait
