// Gather: one block pasted together from slices of other blocks.
#pragma once

#include "base/kernel.h"
#include "kernels/array/span.h"
#include "plait/dtype.h"

namespace plait {

// The elements `from` of input number `input` go to the place that begins at `to`.
struct Piece {
  std::uint32_t input = 0;
  Spans from;
  Shape to;
  static constexpr auto fields = std::tuple{&Piece::input, &Piece::from, &Piece::to};
};
struct GatherParams {
  DType dtype = DType::float64;
  Shape shape;                // unknown extents are those of the inputs
  std::vector<Piece> pieces;  // together they cover the block
  static constexpr auto fields = std::tuple{&GatherParams::dtype, &GatherParams::shape, &GatherParams::pieces};
};

// Position from[i] along the axis of input number `input` goes to position to[i].
struct TakePart {
  std::uint32_t input = 0;
  std::vector<std::int64_t> from;
  std::vector<std::int64_t> to;
  static constexpr auto fields = std::tuple{&TakePart::input, &TakePart::from, &TakePart::to};
};
struct TakeParams {
  DType dtype = DType::float64;
  Shape shape;  // unknown extents are those of the inputs
  int axis = 0;
  std::vector<TakePart> parts;
  static constexpr auto fields =
      std::tuple{&TakeParams::dtype, &TakeParams::shape, &TakeParams::axis, &TakeParams::parts};
};

struct SelectAlongParams {
  int axis = 0;
  static constexpr auto fields = std::tuple{&SelectAlongParams::axis};
};

struct LookUpParams {
  int axis = 0;
  static constexpr auto fields = std::tuple{&LookUpParams::axis};
};

struct NumberPlacesParams {
  std::int64_t extent = 0;
  int axis = 0;                   // for messages
  std::int64_t num_expected = 0;  // positions; unknown: any number
  static constexpr auto fields =
      std::tuple{&NumberPlacesParams::extent, &NumberPlacesParams::axis, &NumberPlacesParams::num_expected};
};

struct PasteParams {
  Spans spans;
  static constexpr auto fields = std::tuple{&PasteParams::spans};
};

inline constinit KernelId<GatherParams> gather_kernel{"gather"};
inline constinit KernelId<TakeParams> take_kernel{"take"};
// Inputs: a block, and what stands at the spans in the result.
inline constinit KernelId<PasteParams> paste_kernel{"paste"};
// Inputs: an array and a mask of its shape; yields the elements under true, in C order.
inline constinit KernelId<> select_kernel{"select"};
// Inputs: an array and a mask with one axis, of the array's extent along the axis.
inline constinit KernelId<SelectAlongParams> select_along_kernel{"select_along"};
// Inputs: an array and positions along its axis; yields what stands there. For an array with one axis, the positions
// may have any shape. Throws Error(index).
inline constinit KernelId<LookUpParams> look_up_kernel{"look_up"};
// Inputs: positions along an axis, in any number of blocks. Yields, for each place of the axis, the number of the last
// position that names it, or -1. Throws Error(index), Error(value).
inline constinit KernelId<NumberPlacesParams> number_places_kernel{"number_places"};
void register_gather_kernels();

}  // namespace plait
