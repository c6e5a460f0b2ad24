// Arrays made from nothing or from memory: constants, ranges, diagonals, arrays that exist already.
#pragma once

#include <optional>

#include "collections/array/array_meta.h"
#include "expr/expr.h"

namespace plait {

// Every element is `value` (a 0-d NdArray of the result's dtype). Fused regions take it as a constant.
struct Fill final : Op<Fill> {
  std::string label;  // "ones", "zeros", "full", "empty": what people call it
  Value value;
  Chunks chunks;
  static constexpr auto op_name = "full";
  static constexpr auto fields = std::tuple{&Fill::label, &Fill::value, &Fill::chunks};

  const NdArray& scalar() const { return value.as<NdArray>(); }
  std::string_view op() const override { return label; }
  MetaPtr infer_meta() const override;
  std::string describe() const override;
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return true; }
  bool is_cheap() const override { return true; }
};

// Evenly spaced numbers along one axis: element i is start + i * step, computed in 64-bit integers for integer dtypes
// and in double precision else. `last` replaces the last element (linspace ends exactly where it was told to).
struct Range final : Op<Range> {
  std::string label;  // "arange" or "linspace"
  DType dtype = DType::float64;
  double start = 0;
  double step = 1;
  std::int64_t integer_start = 0;
  std::int64_t integer_step = 1;
  std::optional<double> last;
  Chunks chunks;
  static constexpr auto op_name = "arange";
  static constexpr auto fields = std::tuple{&Range::label,         &Range::dtype,        &Range::start, &Range::step,
                                            &Range::integer_start, &Range::integer_step, &Range::last,  &Range::chunks};

  std::string_view op() const override { return label; }
  MetaPtr infer_meta() const override;
  std::string describe() const override;
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return true; }
  bool is_cheap() const override { return true; }
};

// Ones on the diagonal `k`, zeros else.
struct Eye final : Op<Eye> {
  DType dtype = DType::float64;
  std::int64_t k = 0;
  Chunks chunks;
  static constexpr auto op_name = "eye";
  static constexpr auto fields = std::tuple{&Eye::dtype, &Eye::k, &Eye::chunks};

  MetaPtr infer_meta() const override;
  std::string describe() const override;
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return true; }
  bool is_cheap() const override { return true; }
};

// Memory that the caller holds, seen in chunks. Blocks are views; `token` names the content.
struct FromArray final : Op<FromArray> {
  Token content;
  Chunks chunks;
  Value memory;
  static constexpr auto op_name = "array";
  static constexpr auto fields = std::tuple{&FromArray::content, &FromArray::chunks, &FromArray::memory};

  const NdArray& array() const { return memory.as<NdArray>(); }
  // The memory is not hashed again: `content` stands for it.
  Token compute_token() const override { return tokenize(op_name, std::pair(content, chunks)); }
  MetaPtr infer_meta() const override;
  std::string describe() const override;
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return true; }
  bool is_cheap() const override { return true; }
};

// The array's blocks under chunks that are known now: the user says so, or computing has told.
struct KnownChunks final : Op<KnownChunks> {
  ExprPtr array;
  Chunks chunks;
  static constexpr auto op_name = "known_chunks";
  static constexpr auto fields = std::tuple{&KnownChunks::array, &KnownChunks::chunks};

  MetaPtr infer_meta() const override;
  std::string describe() const override { return ""; }
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return true; }
};

// `value` is a 0-d array; its dtype is the result's.
ExprPtr fill(std::string name, NdArray value, Chunks chunks);
ExprPtr ones(DType dtype, Chunks chunks);
ExprPtr zeros(DType dtype, Chunks chunks);
// The number of elements of NumPy's arange. Throws Error(value) when step is zero.
std::int64_t arange_length(double start, double stop, double step);
ExprPtr arange(std::int64_t start, std::int64_t step, DType dtype, Chunks chunks);
ExprPtr arange(double start, double step, DType dtype, Chunks chunks);
// The dtype is a floating or complex one: round with astype for integers.
ExprPtr linspace(double start, double stop, bool endpoint, DType dtype, Chunks chunks);
ExprPtr eye(std::int64_t k, DType dtype, Chunks chunks);
// Hashes the content unless a token is given.
ExprPtr from_array(const NdArray& array, Chunks chunks, std::optional<Token> content = std::nullopt);

// Throws Error(value) unless the numbers of blocks agree.
ExprPtr with_known_chunks(ExprPtr array, Chunks chunks);

}  // namespace plait
