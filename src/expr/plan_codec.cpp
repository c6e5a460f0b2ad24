#include "expr/plan_codec.h"

#include <unordered_map>

#include "expr/rewrite.h"

namespace plait {
namespace {

std::unordered_map<std::string, NodeReader>& readers() {
  static auto* by_type = new std::unordered_map<std::string, NodeReader>;
  return *by_type;
}

std::unordered_map<std::string, MetaReader>& meta_readers() {
  static auto* by_kind = new std::unordered_map<std::string, MetaReader>;
  return *by_kind;
}

// The plan that this thread is writing or reading: it gives ExprPtr fields their numbers.
struct OpenPlan {
  std::unordered_map<const Expr*, std::int64_t> number_of;
  std::vector<ExprPtr> nodes;
};
thread_local OpenPlan* open_plan = nullptr;

class PlanScope {
 public:
  PlanScope() { open_plan = &plan_; }
  ~PlanScope() { open_plan = nullptr; }
  PlanScope(const PlanScope&) = delete;
  PlanScope& operator=(const PlanScope&) = delete;
  OpenPlan& plan() { return plan_; }

 private:
  OpenPlan plan_;
};

constexpr std::int64_t kNoNode = -1;

}  // namespace

bool register_node_reader(std::string type, NodeReader read) {
  readers()[std::move(type)] = read;
  return true;
}

void register_meta_reader(std::string kind, MetaReader read) { meta_readers()[std::move(kind)] = read; }

void Codec<MetaPtr>::encode(Encoder& to, const MetaPtr& meta) {
  plait::encode(to, meta->kind());
  meta->encode_fields(to);
}

MetaPtr Codec<MetaPtr>::decode(Decoder& from) {
  const auto kind = plait::decode<std::string>(from);
  const auto reader = meta_readers().find(kind);
  if (reader == meta_readers().end())
    throw io_error("a plan holds a collection of kind '" + kind + "', which this program does not have");
  return reader->second(from);
}

void Codec<ExprPtr>::encode(Encoder& to, const ExprPtr& expr) {
  if (open_plan)
    plait::encode(to, expr ? open_plan->number_of.at(expr.get()) : kNoNode);
  else
    plait::encode(to, expr ? expr->token() : Token{});
}

ExprPtr Codec<ExprPtr>::decode(Decoder& from) {
  const auto number = plait::decode<std::int64_t>(from);
  if (number == kNoNode) return nullptr;
  if (!open_plan || number < 0 || static_cast<std::size_t>(number) >= open_plan->nodes.size()) {
    throw io_error("a plan refers to a node that it does not hold: it is damaged");
  }
  return open_plan->nodes[static_cast<std::size_t>(number)];
}

Record encode_plan(const std::vector<ExprPtr>& roots) {
  const std::vector<ExprPtr> nodes = nodes_of(roots);
  PlanScope scope;
  for (const ExprPtr& node : nodes)
    scope.plan().number_of.emplace(node.get(), static_cast<std::int64_t>(scope.plan().number_of.size()));
  Encoder to;
  encode<std::uint64_t>(to, nodes.size());
  for (const ExprPtr& node : nodes) {
    encode(to, node->type_text());
    encode(to, node->source());
    node->encode_fields(to);
  }
  encode(to, roots);
  return to.take();
}

std::vector<ExprPtr> decode_plan(const Record& record) {
  PlanScope scope;
  Decoder from(record);
  const auto num_nodes = decode<std::uint64_t>(from);
  for (std::uint64_t i = 0; i < num_nodes; ++i) {
    const auto type = decode<std::string>(from);
    const auto reader = readers().find(type);
    if (reader == readers().end())
      throw io_error("a plan names the operation '" + type + "', which this program does not have");
    auto source = decode<std::string>(from);
    scope.plan().nodes.push_back(reader->second(from, std::move(source)));
  }
  return decode<std::vector<ExprPtr>>(from);
}

}  // namespace plait
