// The pass that finds what can be done batch by batch: see stream.h.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "collections/dataframe/batch_source.h"
#include "collections/dataframe/isin_keys.h"
#include "collections/dataframe/merge.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/stream.h"
#include "collections/dataframe/tree_reduction.h"
#include "kernels/table/join.h"
#include "kernels/table/rows.h"

namespace plait {
namespace {

// A task holds its stream's steps, and every step's result is there until the batch is done.
constexpr std::size_t kMaxSteps = 256;

// Which streams wait for which: what comes into one, a scalar or a side of a join, may be made of others.
class StreamOrder {
 public:
  explicit StreamOrder(const std::vector<ExprPtr>& nodes) {
    for (const ExprPtr& node : nodes) {
      std::unordered_set<const Expr*>& readers = readers_of_[node.get()];
      if (is_batch_source(node)) readers.insert(node.get());
      for (const ExprPtr& operand : node->operands()) {
        const auto& of_operand = readers_of_.at(operand.get());
        readers.insert(of_operand.begin(), of_operand.end());
      }
    }
  }

  // Whether the stream of `reader` can wait for `extra`: nothing that it is made of waits for that stream.
  bool can_wait(const Expr* reader, const Expr* extra) const {
    const auto& sources = readers_of_.at(extra);
    return std::none_of(sources.begin(), sources.end(), [&](const Expr* source) { return waits(source, reader); });
  }
  void add(const Expr* reader, const Expr* extra) {
    for (const Expr* source : readers_of_.at(extra)) waits_for_[reader].insert(source);
  }

 private:
  bool waits(const Expr* reader, const Expr* for_reader) const {
    if (reader == for_reader) return true;
    const auto found = waits_for_.find(reader);
    return found != waits_for_.end() && std::any_of(found->second.begin(), found->second.end(),
                                                    [&](const Expr* next) { return waits(next, for_reader); });
  }

  std::unordered_map<const Expr*, std::unordered_set<const Expr*>> readers_of_;
  std::unordered_map<const Expr*, std::unordered_set<const Expr*>> waits_for_;
};

// The nodes around one reader.
class Region {
 public:
  Region(const ExprPtr& reader, const std::vector<ExprPtr>& nodes, const Roots& roots, const StreamOrder& order)
      : reader_(reader), order_(order) {
    place_[reader.get()] = 0;
    for (const ExprPtr& node : nodes) {
      if (belongs(node)) add_step(node);
    }
    for (const ExprPtr& node : nodes) {
      if (!place_.contains(node.get())) find_outputs(node);
    }
    for (const ExprPtr& root : roots) {
      if (place_.contains(root.get())) add_rows(root);
    }
  }

  // Whether a stream does anything that reading the blocks at once does not.
  bool is_worthwhile() const {
    for (const StreamOutput& output : outputs_) {
      if (output.kind != StreamOutput::Kind::rows) return true;
    }
    return std::any_of(steps_.begin(), steps_.end(), [](const StreamStep& step) {
      return table_kernel::filter.is_called_by(step.kernel) || table_kernel::join.is_called_by(step.kernel);
    });
  }

  // Scalars, keys and sides of joins that the stream waits for.
  const std::vector<ExprPtr>& extras() const { return extras_; }

  // What stands for the node in the new plan, for each output.
  std::unordered_map<const Expr*, ExprPtr> replacements() const {
    std::unordered_map<const Expr*, ExprPtr> replaced;
    const SourceScope scope(made_.front()->source());
    const MetaPtr only = made_.size() == 1 ? made_.front()->meta_ptr() : nullptr;
    const ExprPtr stream =
        make_expr<Stream>(with_encoded_text(reader_, encoded_columns()), steps_, outputs_, extras_, only, text());
    if (only) return {{made_.front().get(), stream}};
    for (std::size_t i = 0; i < made_.size(); ++i) {
      const auto part = static_cast<std::int64_t>(i);
      replaced.emplace(made_[i].get(), make_expr<StreamPart>(stream, part, made_[i]->meta_ptr()));
    }
    return replaced;
  }

 private:
  bool is_extra(const ExprPtr& operand) const {
    if (place_.contains(operand.get()) || !is_frame(*operand)) return false;
    const bool is_side = dynamic_cast<const BuildJoin*>(operand.get()) || dynamic_cast<const BuildKeys*>(operand.get());
    return (is_side || frame_meta(operand).form() == TableForm::scalar) &&
           order_.can_wait(reader_.get(), operand.get());
  }

  bool belongs(const ExprPtr& node) const {
    const FrameOp* op = frame_op(node);
    if (steps_.size() == kMaxSteps || !op || !op->is_rowwise() || !op->kernel_call()) return false;
    if (finds_categories(node)) return false;
    bool from_here = false;
    for (const ExprPtr& operand : node->operands()) {
      if (place_.contains(operand.get()))
        from_here = true;
      else if (!is_extra(operand))
        return false;
    }
    return from_here;
  }

  void add_step(const ExprPtr& node) {
    StreamStep step{.kernel = frame_op(node)->kernel_call(), .numbers_rows = frame_op(node)->numbers_rows()};
    for (const ExprPtr& operand : node->operands()) {
      const auto place = place_.find(operand.get());
      if (place != place_.end()) {
        step.inputs.push_back(place->second);
      } else {
        step.inputs.push_back(kStreamExtra + static_cast<std::uint32_t>(extras_.size()));
        extras_.push_back(operand);
      }
    }
    steps_.push_back(std::move(step));
    step_nodes_.push_back(node);
    place_[node.get()] = static_cast<std::uint32_t>(steps_.size());
  }

  void find_outputs(const ExprPtr& node) {
    const auto operands = node->operands();
    if (operands.size() == 1 && place_.contains(operands[0].get())) {
      if (auto output = output_for(node, place_.at(operands[0].get()))) return add_output(node, std::move(*output));
    }
    for (const ExprPtr& operand : operands) {
      if (place_.contains(operand.get())) add_rows(operand);
    }
  }

  // Columns of rows in memory cost nothing as they are; through batches they would be copied.
  bool is_view(const ExprPtr& node) const {
    ExprPtr at = node;
    while (dynamic_cast<const SelectColumns*>(at.get())) at = at->operands().front();
    return at == reader_ && is_in_memory(reader_);
  }

  void add_rows(const ExprPtr& node) {
    if (!is_view(node)) add_output(node, {.kind = StreamOutput::Kind::rows, .place = place_.at(node.get())});
  }

  std::optional<StreamOutput> output_for(const ExprPtr& node, std::uint32_t place) const {
    if (const auto* partial = dynamic_cast<const FramePartial*>(node.get())) {
      if (const GroupBySpec* spec = table_kernel::groupby_partial.params_of(partial->partial))
        return StreamOutput{.kind = StreamOutput::Kind::groupby, .place = place, .spec = {*spec}};
      if (!partial->combine) return std::nullopt;
      return StreamOutput{.kind = StreamOutput::Kind::partial,
                          .place = place,
                          .partial = partial->partial,
                          .combine = partial->combine};
    }
    const auto* cut = dynamic_cast<const PartitionCall*>(node.get());
    const HeadParams* head = cut ? table_kernel::head.params_of(cut->kernel) : nullptr;
    if (head && head->n >= 0) return StreamOutput{.kind = StreamOutput::Kind::head, .place = place, .n = head->n};
    return std::nullopt;
  }

  void add_output(const ExprPtr& node, StreamOutput output) {
    if (std::find(made_.begin(), made_.end(), node) != made_.end()) return;
    made_.push_back(node);
    outputs_.push_back(std::move(output));
  }

  // Text columns that are group keys and nothing else: nobody looks at their characters before the groups are known.
  std::vector<std::string> encoded_columns() const {
    std::unordered_set<std::string> keys;
    std::unordered_set<std::string> read;
    for (const StreamOutput& output : outputs_) {
      if (output.kind == StreamOutput::Kind::groupby) {
        keys.insert(output.spec[0].keys.begin(), output.spec[0].keys.end());
        for (const Aggregate& aggregate : output.spec[0].aggregates) read.insert(aggregate.column);
      } else {
        for (const std::string& name : names_at(output.place)) read.insert(name);
      }
    }
    for (const ExprPtr& node : step_nodes_) add_columns_read(node, read);
    std::vector<std::string> encoded;
    for (const Field& field : frame_meta(reader_).schema().columns) {
      if (field.type.kind == TypeKind::string && keys.contains(field.name) && !read.contains(field.name))
        encoded.push_back(field.name);
    }
    return encoded;
  }

  std::vector<std::string> names_at(std::uint32_t place) const {
    return frame_meta(place == 0 ? reader_ : step_nodes_[place - 1]).empty().names();
  }

  // Selecting columns, filtering rows and looking up other columns only carry a column along; everything else looks
  // into it.
  static void add_columns_read(const ExprPtr& node, std::unordered_set<std::string>& read) {
    const auto* select = dynamic_cast<const SelectColumns*>(node.get());
    if (select && !select->as_series) return;
    if (select) {
      read.insert(select->columns.front());
      return;
    }
    const auto* call = dynamic_cast<const PartitionCall*>(node.get());
    const JoinParams* join = call ? table_kernel::join.params_of(call->kernel) : nullptr;
    if (join) read.insert(join->left_on.begin(), join->left_on.end());
    const std::size_t carried = join || node->op() == Filter::op_name || node->op() == Assign::op_name ? 1 : 0;
    const auto operands = node->operands();
    for (std::size_t i = carried; i < operands.size(); ++i) {
      for (const std::string& name : frame_meta(operands[i]).empty().names()) read.insert(name);
    }
    if (const auto* assign = dynamic_cast<const Assign*>(node.get()))
      read.insert(assign->names.begin(), assign->names.end());
    if (const auto* rename = dynamic_cast<const Rename*>(node.get())) {
      for (const auto& [from, to] : rename->names) read.insert(to);
    }
  }

  std::string text() const {
    std::vector<std::string> ops{std::string(reader_->op())};
    for (const ExprPtr& node : step_nodes_) {
      const bool is_join = table_kernel::join.is_called_by(frame_op(node)->kernel_call());
      ops.push_back(is_join ? fmt::format("{}({})", node->op(), node->describe()) : std::string(node->op()));
    }
    std::vector<std::string> ends;
    for (const ExprPtr& node : made_) ends.emplace_back(node->op());
    return fmt::format("{} -> {}, batch by batch; {}", fmt::join(ops, " -> "), fmt::join(ends, " and "),
                       reader_->describe());
  }

  ExprPtr reader_;
  const StreamOrder& order_;
  std::unordered_map<const Expr*, std::uint32_t> place_;
  std::vector<StreamStep> steps_;
  std::vector<ExprPtr> step_nodes_;
  std::vector<ExprPtr> extras_;
  std::vector<StreamOutput> outputs_;
  std::vector<ExprPtr> made_;
};

}  // namespace

Roots stream_batches(Roots roots) {
  const auto nodes = nodes_of(roots);
  const bool has_reader = std::any_of(nodes.begin(), nodes.end(), is_batch_source);
  if (!has_reader) return roots;
  std::unordered_map<const Expr*, ExprPtr> replaced;
  StreamOrder order(nodes);
  for (const ExprPtr& node : nodes) {
    if (!is_batch_source(node)) continue;
    const Region region(node, nodes, roots, order);
    if (!region.is_worthwhile()) continue;
    for (const ExprPtr& scalar : region.extras()) order.add(node.get(), scalar.get());
    for (auto& entry : region.replacements()) replaced.insert(std::move(entry));
  }
  if (replaced.empty()) return roots;
  return with_replaced(roots, replaced);
}

}  // namespace plait
