// Chains of operations that put collections one after the other.
#pragma once

#include <algorithm>
#include <vector>

#include "expr/expr.h"

namespace plait {

// `parts`, where those that are such an operation themselves, and that it may take the place of (`is_alike`), stand as
// their own parts; so on downwards.
template <class Join, class IsAlike>
std::vector<ExprPtr> without_inner(const std::vector<ExprPtr>& parts, std::vector<ExprPtr> Join::* own_parts,
                                   const IsAlike& is_alike) {
  std::vector<ExprPtr> flat;
  std::vector<ExprPtr> waiting(parts.rbegin(), parts.rend());
  while (!waiting.empty()) {
    const ExprPtr part = std::move(waiting.back());
    waiting.pop_back();
    const auto* inner = dynamic_cast<const Join*>(part.get());
    if (inner && is_alike(*inner))
      waiting.insert(waiting.end(), (inner->*own_parts).rbegin(), (inner->*own_parts).rend());
    else
      flat.push_back(part);
  }
  return flat;
}

}  // namespace plait
