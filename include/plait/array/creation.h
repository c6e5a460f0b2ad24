// New arrays: constants, ranges, diagonals, memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plait/array/array.h"

namespace plait {

PLAIT_API Array ones(const Shape& shape, const ChunkArgument& chunks = {}, DType dtype = DType::float64,
                     Location where = Location::current());
PLAIT_API Array zeros(const Shape& shape, const ChunkArgument& chunks = {}, DType dtype = DType::float64,
                      Location where = Location::current());
// Zeros, too: any elements will do.
PLAIT_API Array empty(const Shape& shape, const ChunkArgument& chunks = {}, DType dtype = DType::float64,
                      Location where = Location::current());
// Of the number's own type, unless one is given.
PLAIT_API Array full(const Shape& shape, const Operand& value, const ChunkArgument& chunks = {},
                     std::optional<DType> dtype = {});

// What a new array does not take over from the one that it is like.
struct Unlike {
  std::optional<DType> dtype = {};
  std::optional<ChunkArgument> chunks = {};
  std::optional<Shape> shape = {};
};
PLAIT_API Array ones_like(const Array& array, const Unlike& but = {}, Location where = Location::current());
PLAIT_API Array zeros_like(const Array& array, const Unlike& but = {}, Location where = Location::current());
PLAIT_API Array empty_like(const Array& array, const Unlike& but = {}, Location where = Location::current());
PLAIT_API Array full_like(const Array& array, const Operand& value, const Unlike& but = {});

// Numbers from `start` up to, not including, `stop`; int64 or float64 as the numbers are, unless a type is given.
PLAIT_API Array arange(const Operand& start, const Operand& stop, const Operand& step = 1,
                       const ChunkArgument& chunks = {}, std::optional<DType> dtype = {});
PLAIT_API Array arange(const Operand& stop, const ChunkArgument& chunks = {}, std::optional<DType> dtype = {});

struct Linspace {
  bool endpoint = true;  // whether `stop` is the last number
  DType dtype = DType::float64;
};
PLAIT_API Array linspace(double start, double stop, std::int64_t count = 50, const ChunkArgument& chunks = {},
                         const Linspace& how = {}, Location where = Location::current());

struct Diagonal {
  std::optional<std::int64_t> columns = {};  // as many as rows
  std::int64_t k = 0;                        // which; above the main one if positive
  DType dtype = DType::float64;
};
// Ones on a diagonal; ones at and below it. Zeros elsewhere.
PLAIT_API Array eye(std::int64_t rows, const ChunkArgument& chunks = {}, const Diagonal& how = {},
                    Location where = Location::current());
PLAIT_API Array tri(std::int64_t rows, const ChunkArgument& chunks = {}, const Diagonal& how = {},
                    Location where = Location::current());

// The index of every element along each axis: one array an axis, stacked.
PLAIT_API Array indices(const Shape& shape, const ChunkArgument& chunks = {}, DType dtype = DType::int64,
                        Location where = Location::current());
enum class MeshIndexing { xy, ij };  // xy: the second array counts the rows
// Coordinate matrices of coordinate vectors; sparse ones have extent one along the other axes.
PLAIT_API std::vector<Array> meshgrid(const std::vector<Array>& lines, bool sparse = false,
                                      MeshIndexing indexing = MeshIndexing::xy, Location where = Location::current());

// Shares the memory, which must not change afterwards.
PLAIT_API Array from_array(const NdArray& array, const ChunkArgument& chunks = {},
                           Location where = Location::current());

}  // namespace plait
