// Making nodes of frames from Python calls: every node remembers the user's line.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collections/dataframe/frame_building.h"
#include "plan.h"
#include "table.h"
#include "user_line.h"

namespace plait::python {

// make([&] { return some_expr(...); }) as a handle.
template <class F>
ExprHandle make(F&& f) {
  const SourceScope scope(user_line());
  return {f()};
}

inline ExprPtr expr_of(nb::handle object) { return nb::cast<const ExprHandle&>(object).expr; }
inline std::vector<ExprPtr> exprs_of(const std::vector<ExprHandle>& handles) {
  std::vector<ExprPtr> exprs;
  for (const ExprHandle& handle : handles) exprs.push_back(handle.expr);
  return exprs;
}

// A node or a literal.
inline BinarySide side_of(nb::handle object) {
  if (nb::isinstance<ExprHandle>(object)) return {expr_of(object), {}};
  return {nullptr, literal_from_python(object)};
}
inline std::optional<Literal> optional_literal(nb::handle object) {
  return object.is_none() ? std::nullopt : std::optional(literal_from_python(object));
}
inline std::vector<Literal> literals_of(nb::handle objects) {
  std::vector<Literal> literals;
  for (nb::handle object : objects) literals.push_back(literal_from_python(object));
  return literals;
}

}  // namespace plait::python
