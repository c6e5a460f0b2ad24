#include "expr/plan_codec.h"

#include <algorithm>
#include <unordered_map>

#include "base/check.h"
#include "base/shared.h"
#include "expr/rewrite.h"

namespace plait {
namespace {

std::unordered_map<std::string_view, NodeReader>& readers() {
  static auto* by_type = new std::unordered_map<std::string_view, NodeReader>;
  return *by_type;
}

std::unordered_map<std::string, MetaReader>& meta_readers() {
  static auto* by_kind = new std::unordered_map<std::string, MetaReader>;
  return *by_kind;
}

// The plan that this thread is writing to an encoder, or reading from a decoder: it numbers the nodes. While a field is
// written or read, another plan may be (a Python function closes over a collection), and tokens may be computed; each
// has an encoder of its own.
struct OpenPlan {
  const void* record;  // the encoder or decoder
  std::unordered_map<const Expr*, std::int64_t> number_of;
  std::vector<ExprPtr> nodes;
};
thread_local OpenPlan* open_plan = nullptr;

class PlanScope {
 public:
  explicit PlanScope(const void* record) : plan_{record, {}, {}}, outer_(open_plan) { open_plan = &plan_; }
  ~PlanScope() { open_plan = outer_; }
  PlanScope(const PlanScope&) = delete;
  PlanScope& operator=(const PlanScope&) = delete;
  OpenPlan& plan() { return plan_; }

 private:
  OpenPlan plan_;
  OpenPlan* outer_;
};

// The plan in this record; null for any other record.
OpenPlan* plan_in(const void* record) { return open_plan && open_plan->record == record ? open_plan : nullptr; }

// Texts that many nodes have in common, each once.
class Texts {
 public:
  std::uint32_t number_of(const std::string& text) {
    const auto [entry, is_new] = numbers_.emplace(text, static_cast<std::uint32_t>(texts_.size()));
    if (is_new) texts_.push_back(text);
    return entry->second;
  }
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::string> texts_;
};

NodeReader reader_of(const std::string& type) {
  const auto reader = readers().find(type);
  if (reader == readers().end())
    throw io_error("a plan names the operation '" + type + "', which this program does not have");
  return reader->second;
}

constexpr std::int64_t kNoNode = -1;

}  // namespace

bool register_node_reader(std::string_view type, NodeReader read) {
  const bool is_new = readers().emplace(type, read).second;
  PLAIT_CHECK(is_new);
  return true;
}

std::vector<std::string_view> node_types() {
  std::vector<std::string_view> types;
  for (const auto& [type, reader] : readers()) types.push_back(type);
  std::sort(types.begin(), types.end());
  return types;
}

void register_meta_reader(std::string kind, MetaReader read) { meta_readers()[std::move(kind)] = read; }

void Codec<MetaPtr>::encode(Encoder& to, const MetaPtr& meta) {
  plait::encode(to, meta ? meta->kind() : std::string());
  if (meta) meta->encode_fields(to);
}

MetaPtr Codec<MetaPtr>::decode(Decoder& from) {
  const auto kind = plait::decode<std::string>(from);
  if (kind.empty()) return nullptr;
  const auto reader = meta_readers().find(kind);
  if (reader == meta_readers().end())
    throw io_error("a plan holds a collection of kind '" + kind + "', which this program does not have");
  return reader->second(from);
}

void Codec<ExprPtr>::encode(Encoder& to, const ExprPtr& expr) {
  if (const OpenPlan* plan = plan_in(&to))
    plait::encode(to, expr ? plan->number_of.at(expr.get()) : kNoNode);
  else
    plait::encode(to, expr ? expr->token() : Token{});
}

ExprPtr Codec<ExprPtr>::decode(Decoder& from) {
  const auto number = plait::decode<std::int64_t>(from);
  if (number == kNoNode) return nullptr;
  const OpenPlan* plan = plan_in(&from);
  if (!plan || number < 0 || static_cast<std::size_t>(number) >= plan->nodes.size()) {
    throw io_error("a plan refers to a node that it does not hold: it is damaged");
  }
  return plan->nodes[static_cast<std::size_t>(number)];
}

Record encode_plan(const std::vector<ExprPtr>& roots) {
  const std::vector<ExprPtr> nodes = with_children(roots);
  PartTable parts;
  Encoder body(&parts);
  PlanScope scope(&body);
  Texts texts;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> type_and_source;
  for (const ExprPtr& node : nodes) {
    scope.plan().number_of.emplace(node.get(), static_cast<std::int64_t>(type_and_source.size()));
    type_and_source.emplace_back(texts.number_of(std::string(node->type())), texts.number_of(node->source()));
  }
  encode(body, texts.texts());
  encode(body, type_and_source);
  for (const ExprPtr& node : nodes) node->encode_fields(body);
  encode(body, roots);
  Encoder to;
  encode(to, parts);
  encode(to, body.take());
  return to.take();
}

std::vector<ExprPtr> decode_plan(const Record& record) {
  Decoder from(record);
  auto parts = decode<PartTable>(from);
  const auto written = decode<Record>(from);
  Decoder body(written, &parts);
  PlanScope scope(&body);
  const auto texts = decode<std::vector<std::string>>(body);
  const auto type_and_source = decode<std::vector<std::pair<std::uint32_t, std::uint32_t>>>(body);
  std::vector<NodeReader> reader_by_text(texts.size(), nullptr);
  for (const auto& [type, source] : type_and_source) {
    if (type >= texts.size() || source >= texts.size())
      throw io_error("a plan names an operation by a text that it does not hold: it is damaged");
    if (!reader_by_text[type]) reader_by_text[type] = reader_of(texts[type]);
    scope.plan().nodes.push_back(reader_by_text[type](body, texts[source]));
  }
  return decode<std::vector<ExprPtr>>(body);
}

}  // namespace plait
