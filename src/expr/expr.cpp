#include "expr/expr.h"

#include <fmt/format.h>

#include <functional>
#include <mutex>
#include <numeric>

namespace plait {
namespace {

thread_local std::string current_source;

// Nodes that wait to be deleted on this thread; null while none is.
thread_local std::vector<const Expr*>* dying = nullptr;

}  // namespace

void detail::let_go(const Expr* node) noexcept {
  if (dying) {
    dying->push_back(node);
    return;
  }
  std::vector<const Expr*> waiting{node};
  dying = &waiting;
  while (!waiting.empty()) {
    const Expr* next = waiting.back();
    waiting.pop_back();
    delete next;
  }
  dying = nullptr;
}

std::int64_t Meta::num_blocks() const {
  const auto blocks = grid();
  return std::accumulate(blocks.begin(), blocks.end(), std::int64_t{1}, std::multiplies<>());
}

std::string Meta::kind() const {
  throw Error(ErrorKind::bug, fmt::format("bug in plait: what is known of {} cannot be written", describe()));
}
void Meta::encode_fields(Encoder&) const {}

BlockTask Expr::block_task(std::int64_t) const {
  throw Error(ErrorKind::bug, fmt::format("bug in plait: {} has neither lower() nor block_task()", op()));
}

// From the leaves up, as far as tokens are missing: a chain may be longer than the stack is deep. Nothing is locked
// meanwhile: hashing a Python function waits for Python.
const Token& Expr::token() const {
  std::vector<const Expr*> waiting;
  if (!has_token()) waiting.push_back(this);
  while (!waiting.empty()) {
    const Expr* node = waiting.back();
    const std::size_t num_waiting = waiting.size();
    if (!node->has_token()) {
      for (const ExprPtr& child : node->children()) {
        if (!child->has_token()) waiting.push_back(child.get());
      }
    }
    if (waiting.size() > num_waiting) continue;
    waiting.pop_back();
    if (!node->has_token()) node->keep_token(node->compute_token());
  }
  return token_;
}

void Expr::keep_token(const Token& token) const {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  if (has_token()) return;
  token_ = token;
  has_token_.store(true, std::memory_order_release);
}

std::string Expr::name() const { return fmt::format("{}-{}", op(), token().text()); }

SourceScope::SourceScope(std::string source) : is_outer_(current_source.empty()) {
  if (is_outer_) current_source = std::move(source);
}

SourceScope::~SourceScope() {
  if (is_outer_) current_source.clear();
}

const std::string& SourceScope::current() { return current_source; }

std::string field_text(bool value) { return value ? "true" : "false"; }
std::string field_text(std::int64_t value) { return std::to_string(value); }
std::string field_text(double value) { return fmt::format("{}", value); }
std::string field_text(const std::string& value) { return "'" + value + "'"; }

}  // namespace plait
