// The class Array: see plait/array.h.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plait/array/index.h"
#include "plait/array/operand.h"
#include "plait/chunks.h"
#include "plait/compute.h"
#include "plait/dtype.h"
#include "plait/export.h"
#include "plait/ndarray.h"

namespace plait {

// The axes of a reduction: none (all of them), one, or several.
class PLAIT_API ReducedAxes {
 public:
  ReducedAxes() = default;
  ReducedAxes(int axis) : axes_{{axis}} {}  // NOLINT: implicit on purpose
  ReducedAxes(std::initializer_list<int> axes) : axes_(axes) {}
  ReducedAxes(std::vector<int> axes) : axes_(std::move(axes)) {}                 // NOLINT
  ReducedAxes(std::optional<std::vector<int>> axes) : axes_(std::move(axes)) {}  // NOLINT
  const std::optional<std::vector<int>>& axes() const { return axes_; }

 private:
  std::optional<std::vector<int>> axes_;
};

struct Reduction {
  bool keepdims = false;
  double ddof = 0;                  // var, std
  std::optional<DType> dtype = {};  // sum, prod, mean, var, std
  // Blocks combined in one task: over all reduced axes together, or along each axis.
  std::optional<std::int64_t> split_every = {};
  std::map<int, std::int64_t> split_every_axis = {};
};

class PLAIT_API Array {
 public:
  using Computed = NdArray;

  explicit Array(std::shared_ptr<const Expr> expr) : expr_(std::move(expr)) {}
  const std::shared_ptr<const Expr>& expr() const { return expr_; }
  static NdArray computed(const Value& value);

  DType dtype() const;
  // -1 where only computing tells.
  Shape shape() const;
  int ndim() const;
  std::int64_t size() const;
  std::int64_t num_bytes() const;
  // The extents of all blocks along each axis, and the largest of them; -1 where only computing tells.
  std::vector<std::vector<std::int64_t>> chunks() const;
  Shape chunksize() const;
  std::int64_t npartitions() const;
  std::string name() const;

  NdArray compute(const RunSettings& settings = {}) const;
  Array persist(const RunSettings& settings = {}) const;
  // The same with all extents known, which are found by computing the blocks; they stay in memory.
  Array with_known_chunks(const RunSettings& settings = {}) const;
  void visualize(const std::string& filename) const { plait::visualize(filename, *this); }
  std::string explain() const { return plait::explain(*this); }

  // x[{slice(0, 10), all, -1}]
  Array operator[](std::initializer_list<AxisIndex> index) const;
  // The same, for an index made elsewhere; errors of the run name the caller's line.
  Array get(const std::vector<AxisIndex>& index, Location where = Location::current()) const;
  // x[x > 3]
  Array operator[](const Array& mask) const;

  Array astype(DType dtype, Location where = Location::current()) const;
  // `balance`: as many blocks as these chunks have, of nearly one extent.
  Array rechunk(const ChunkArgument& chunks, bool balance = false, Location where = Location::current()) const;
  Array transpose(Location where = Location::current()) const;
  Array transpose(const std::vector<int>& axes, Location where = Location::current()) const;
  Array swapaxes(int a, int b, Location where = Location::current()) const;
  // Elements in C order; one extent may be -1.
  Array reshape(const Shape& shape, Location where = Location::current()) const;
  Array ravel(Location where = Location::current()) const { return reshape({-1}, where); }
  // Without all axes of extent one, or without these.
  Array squeeze(Location where = Location::current()) const;
  Array squeeze(const std::vector<int>& axes, Location where = Location::current()) const;
  Array expand_dims(int axis, Location where = Location::current()) const { return expand_dims({{axis}}, where); }
  Array expand_dims(const std::vector<int>& axes, Location where = Location::current()) const;
  Array broadcast_to(const Shape& shape, Location where = Location::current()) const;

  Array sum(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array prod(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array mean(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array var(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array std(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array min(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array max(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array any(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array all(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array argmin(const ReducedAxes& axis = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array argmax(const ReducedAxes& axis = {}, const Reduction& how = {}, Location where = Location::current()) const;

  Array dot(const Operand& other) const;
  Array clip(const OptionalOperand& low, const OptionalOperand& high) const;
  Array round(int decimals = 0, Location where = Location::current()) const;

 private:
  std::shared_ptr<const Expr> expr_;
};

// "plait.array<add, shape=(3,), dtype=float64, chunksize=(3,)>": printing computes nothing.
PLAIT_API std::ostream& operator<<(std::ostream& out, const Array& array);

}  // namespace plait
