#include "expr/expr.h"

#include <fmt/format.h>

#include <functional>
#include <numeric>

namespace plait {
namespace {

thread_local std::string current_source;

}  // namespace

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

const Token& Expr::token() const {
  std::call_once(token_once_, [this] { token_ = compute_token(); });
  return token_;
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
