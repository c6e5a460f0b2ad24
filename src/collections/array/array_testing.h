// For tests of array operations: small arrays in chunks, and what they compute to.
#pragma once

#include <string>

#include "collections/array/creation.h"
#include "collections/start.h"
#include "expr/plan.h"

namespace plait {

inline std::string computed_text(const ExprPtr& expr, bool optimize = true) {
  start();
  ComputeOptions options;
  options.scheduler = "sync";
  options.optimize = optimize;
  return to_string(compute({expr}, options)[0].as<NdArray>());
}

// NumPy's arange(rows * columns).reshape(rows, columns).
inline ExprPtr numbered(std::int64_t rows, std::int64_t columns, Chunks chunks) {
  start();
  NdArray numbers = NdArray::empty(DType::int64, {rows, columns});
  for (std::int64_t i = 0; i < rows * columns; ++i) numbers.mutable_data<std::int64_t>()[i] = i;
  return from_array(numbers, std::move(chunks));
}

// 0, 1, 2, ...
inline ExprPtr counted(std::vector<std::int64_t> blocks) {
  start();
  return arange(std::int64_t{0}, 1, DType::int64, {std::move(blocks)});
}

inline std::string literal_text(std::string_view text) { return to_string(array(text)); }

template <class F>
std::string error_text(F&& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace plait
