#include "ml/made_once.h"

#include <algorithm>

#include "collections/array/array_meta.h"
#include "expr/rewrite.h"
#include "expr/task_table.h"
#include "graph/graph.h"
#include "ml/kept_rows.h"
#include "runtime/machine.h"

namespace plait::ml {
namespace {

// Whether the engine makes the node's blocks of what is in memory, which is done again as quickly as it is remembered.
bool is_near(const ExprPtr& lowered) {
  const bool is_calls = dynamic_cast<const TaskValuesMeta*>(&lowered->meta()) != nullptr;
  if (is_calls || lowered->origin() != Origin::native) return false;
  if (!lowered->operands().empty() || lowered->is_cheap()) return true;
  return lowered->meta().num_blocks() == 0 || literal_kernel.params_of(lowered->block_task(0).call) != nullptr;
}
bool are_near(const std::vector<ExprPtr>& rows) { return std::ranges::all_of(nodes_of(lower_only(rows)), is_near); }

// Under tokens of their own: what is made would else be taken for the work that makes it.
std::vector<ExprPtr> named(const std::vector<ExprPtr>& rows) {
  std::vector<ExprPtr> all;
  for (const ExprPtr& each : rows) all.push_back(make_expr<MadeOnce>(each));
  return all;
}

}  // namespace

ExprPtr RowsTogether::made(std::size_t place) const {
  const std::lock_guard lock(mutex_);
  return made_ && !made_->empty() ? made_->at(place) : nullptr;
}

void RowsTogether::make(const ComputeOptions& options) {
  if (!executor_of(options).shares_memory()) return;
  {
    const std::lock_guard lock(mutex_);
    if (made_) return;
  }
  const std::uint64_t given = options.run.memory_budget_bytes;
  const std::uint64_t room = (given > 0 ? given : memory_budget_bytes()) / 4;
  const bool pays = known_bytes(rows_) <= room && !are_near(rows_);
  // Without the lock: tasks of the run may wait for others who ask. Two who come at once both have them made.
  std::vector<ExprPtr> made = pays ? persist(named(rows_), options) : std::vector<ExprPtr>();
  const std::lock_guard lock(mutex_);
  if (!made_) made_ = std::move(made);
}

ExprPtr MadeOnce::with_operands(const std::vector<ExprPtr>& operands) const {
  auto copy = std::const_pointer_cast<MadeOnce>(
      std::static_pointer_cast<const MadeOnce>(Op<MadeOnce>::with_operands(operands)));
  copy->together = together;
  copy->place = place;
  return copy;
}

ExprPtr MadeOnce::lower() const {
  const ExprPtr made = together ? together->made(place) : nullptr;
  return made ? made : rows;
}

std::vector<ExprPtr> made_once(const std::vector<ExprPtr>& rows) {
  const auto together = std::make_shared<RowsTogether>(rows);
  std::vector<ExprPtr> all;
  for (std::size_t place = 0; place < rows.size(); ++place) {
    auto node = new_node<MadeOnce>();
    node->rows = rows[place];
    node->together = together;
    node->place = place;
    node->finish();
    all.push_back(std::move(node));
  }
  return all;
}

void make_once(const std::vector<ExprPtr>& plans, const ComputeOptions& options) {
  for (const ExprPtr& node : nodes_of(plans)) {
    const auto* once = dynamic_cast<const MadeOnce*>(node.get());
    if (once && once->together) once->together->make(options);
  }
}

}  // namespace plait::ml
