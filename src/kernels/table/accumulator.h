// Accumulator: the running state of one aggregate over groups, one slot a group; slot 0 takes the rows without a group.
//
// A state can be taken out as Arrow columns and merged into another accumulator of the same kind, whatever its groups'
// numbers.
#pragma once

#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace plait {

// What aggregates are made of: mean is made of sum, std of moments, nunique of distinct, median of values.
enum class Primitive : std::uint8_t {
  size,
  count,
  sum,
  moments,
  min,
  max,
  first,
  last,
  prod,
  any,
  all,
  values,
  distinct,
  comoments  // of two columns, which come as a struct of two float64 fields, missing where one is NaN
};

class Accumulator {
 public:
  virtual ~Accumulator() = default;

  // `ids` has values.length() entries in 0 .. num_groups. For size, values may be of any type.
  virtual void update(const arrow::Array& values, const std::uint32_t* ids, std::uint32_t num_groups) = 0;
  // State columns of another accumulator whose row i belongs to group ids[i].
  virtual void merge(const std::vector<std::shared_ptr<arrow::Array>>& state, const std::uint32_t* ids,
                     std::uint32_t num_groups) = 0;
  // The state columns; row g - 1 belongs to group g.
  virtual std::vector<std::shared_ptr<arrow::Array>> state(std::uint32_t num_groups) = 0;
};

// How many state columns a primitive has.
int num_state_columns(Primitive primitive);
// Throws a type error if columns of this type have no such aggregate.
std::unique_ptr<Accumulator> make_accumulator(Primitive primitive, const std::shared_ptr<arrow::DataType>& type);

}  // namespace plait
