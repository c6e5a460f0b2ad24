#include "plait/plan_file.h"

#include <fmt/format.h>

#include "base/record_file.h"
#include "collections/array/array_meta.h"
#include "collections/dataframe/frame_meta.h"
#include "collections/start.h"
#include "expr/plan_codec.h"

namespace plait {
namespace {

[[noreturn]] void throw_other(const char* expected, const Expr& plan) {
  throw value_error(fmt::format("load_plan: expected the plan of {}, found {}", expected, plan.meta().describe()));
}

bool has_form(const Expr& plan, bool is_frame_wanted) {
  return is_frame(plan) && (static_cast<const FrameMeta&>(plan.meta()).form() == TableForm::frame) == is_frame_wanted;
}

}  // namespace

void write_plan_file(const std::string& path, const std::vector<ExprPtr>& roots) {
  write_record_file(path, encode_plan(roots), "save_plan");
}

std::vector<ExprPtr> read_plan_file(const std::string& path) { return decode_plan(read_record_file(path)); }

void detail::write_plans(const std::string& path, const Plans& plans) {
  start();
  write_plan_file(path, plans);
}

detail::Plans detail::read_plans(const std::string& path, std::size_t count) {
  start();
  Plans plans = read_plan_file(path);
  if (plans.size() != count)
    throw value_error(fmt::format("load_plan: {} holds {} collections, expected {}", path, plans.size(), count));
  return plans;
}

void detail::expect_plan_of(const Array*, const Expr& plan) {
  if (!dynamic_cast<const ArrayMeta*>(&plan.meta())) throw_other("an array", plan);
}
void detail::expect_plan_of(const DataFrame*, const Expr& plan) {
  if (!has_form(plan, true)) throw_other("a frame", plan);
}
void detail::expect_plan_of(const Series*, const Expr& plan) {
  if (!has_form(plan, false)) throw_other("a series", plan);
}

}  // namespace plait
