#include <algorithm>
#include <thread>
#include <unordered_map>

#include "collections/dataframe/frame_passes.h"
#include "collections/dataframe/read_csv.h"

namespace plait {
namespace {

constexpr std::int64_t kMinBlockBytes = std::int64_t{1} << 20;
constexpr std::int64_t kMaxBlockBytes = std::int64_t{16} << 20;
constexpr std::int64_t kBlocksPerCore = 8;

// Small enough that the cores finish together, large enough that a task's own cost does not matter.
std::int64_t balanced_blocksize(const ReadCsv& reader) {
  const auto cores = std::max<std::int64_t>(1, std::thread::hardware_concurrency());
  return std::clamp(csv_bytes(reader) / (cores * kBlocksPerCore), kMinBlockBytes, kMaxBlockBytes);
}

// The only reader that a node's rows come from, if all of it is done row by row: null otherwise.
class RowSources {
 public:
  explicit RowSources(const std::vector<ExprPtr>& nodes) {
    for (const ExprPtr& node : nodes) reader_of_[node.get()] = find(node);
  }
  const Expr* of(const ExprPtr& node) const { return reader_of_.at(node.get()); }

 private:
  const Expr* find(const ExprPtr& node) const {
    if (dynamic_cast<const ReadCsv*>(node.get())) return node.get();
    const FrameOp* op = frame_op(node);
    // Numbers of rows in their partition would be others.
    if (!op || !op->is_rowwise() || op->numbers_rows()) return nullptr;
    const Expr* reader = nullptr;
    for (const ExprPtr& operand : node->operands()) {
      if (is_frame(*operand) && frame_meta(operand).form() == TableForm::scalar) continue;
      const Expr* source = reader_of_.at(operand.get());
      if (!source || (reader && reader != source)) return nullptr;
      reader = source;
    }
    return reader;
  }

  std::unordered_map<const Expr*, const Expr*> reader_of_;
};

}  // namespace

Roots balance_blocks(Roots roots) {
  const auto nodes = nodes_of(roots);
  const RowSources sources(nodes);
  // A reader that anything but reductions sees has to keep its partitions and its index.
  std::unordered_map<const Expr*, bool> may_split;
  const auto keep = [&](const ExprPtr& node) {
    if (const Expr* reader = sources.of(node)) may_split[reader] = false;
  };
  for (const ExprPtr& root : roots) keep(root);
  for (const ExprPtr& node : nodes) {
    if (sources.of(node)) continue;
    const FrameOp* op = frame_op(node);
    const auto operands = node->operands();
    for (std::size_t i = 0; i < operands.size(); ++i) {
      const Expr* reader = is_frame(*operands[i]) ? sources.of(operands[i]) : nullptr;
      if (!reader) continue;
      if (op && op->is_reduction() && !op->needs(i, Wanted::everything()).index)
        may_split.emplace(reader, true);
      else
        may_split[reader] = false;
    }
  }
  return rewrite(roots, [&](const ExprPtr& node) -> ExprPtr {
    const auto* reader = dynamic_cast<const ReadCsv*>(node.get());
    const auto found = may_split.find(node.get());
    if (!reader || found == may_split.end() || !found->second) return node;
    const std::int64_t blocksize = balanced_blocksize(*reader);
    if (csv_bytes(*reader) / std::max<std::int64_t>(1, frame_meta(node).npartitions()) <= blocksize) return node;
    return with_blocksize(*reader, blocksize);
  });
}

}  // namespace plait
