#include "kernels/array/matmul.h"

#include <cblas.h>

#include <algorithm>
#include <complex>
#include <type_traits>

#include "base/check.h"
#include "kernels/array/blas_threads.h"

namespace plait {
namespace {

// A piece of a product takes about 10 ms on one core, so that what is cancelled ends soon. It is wide, and as deep as
// BLAS packs at once: a product of 1920 x 1920 in such pieces has 98 % of the speed that it has in four (52 and 53
// GFLOP a second).
constexpr std::int64_t kPieceRows = 320;
constexpr std::int64_t kPieceColumns = 2048;
constexpr std::int64_t kPieceDepth = 384;

// One matrix as BLAS sees it.
struct Matrix {
  const std::byte* data = nullptr;
  std::int64_t row_stride = 0;  // bytes
  std::int64_t column_stride = 0;
};

struct GemmSizes {
  std::int64_t m, n, k;
};

template <class T>
struct Blas {
  CBLAS_TRANSPOSE trans_a, trans_b;
  blasint lda, ldb, ldc;

  void add_product(const GemmSizes& s, const T* a, const T* b, T beta, T* c) const {
    const auto m = static_cast<blasint>(s.m);
    const auto n = static_cast<blasint>(s.n);
    const auto k = static_cast<blasint>(s.k);
    const T one = 1;
    if constexpr (std::is_same_v<T, double>) {
      scipy_cblas_dgemm(CblasRowMajor, trans_a, trans_b, m, n, k, one, a, lda, b, ldb, beta, c, ldc);
    } else if constexpr (std::is_same_v<T, float>) {
      scipy_cblas_sgemm(CblasRowMajor, trans_a, trans_b, m, n, k, one, a, lda, b, ldb, beta, c, ldc);
    } else if constexpr (std::is_same_v<T, std::complex<double>>) {
      scipy_cblas_zgemm(CblasRowMajor, trans_a, trans_b, m, n, k, &one, a, lda, b, ldb, &beta, c, ldc);
    } else {
      scipy_cblas_cgemm(CblasRowMajor, trans_a, trans_b, m, n, k, &one, a, lda, b, ldb, &beta, c, ldc);
    }
  }
};

template <class T>
constexpr bool is_blas_type = std::is_same_v<T, float> || std::is_same_v<T, double> ||
                              std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>;

// Rows that BLAS can take as they are: as written or, with columns that are contiguous, transposed.
bool has_blas_layout(const Matrix& x, std::int64_t rows, std::int64_t columns, std::int64_t item) {
  const auto fits = [&](std::int64_t inner, std::int64_t outer, std::int64_t inner_count, std::int64_t outer_count) {
    return (inner == item || inner_count == 1) &&
           (outer_count == 1 || (outer >= inner_count * item && outer % item == 0));
  };
  return fits(x.column_stride, x.row_stride, columns, rows) || fits(x.row_stride, x.column_stride, rows, columns);
}

struct Layout {
  CBLAS_TRANSPOSE trans;
  blasint leading;
};
Layout layout_of(const Matrix& x, std::int64_t rows, std::int64_t columns, std::int64_t item) {
  if (x.column_stride == item || columns == 1) {
    if (rows == 1 || x.row_stride >= columns * item) {
      return {CblasNoTrans, static_cast<blasint>(std::max(rows == 1 ? columns : x.row_stride / item, std::int64_t{1}))};
    }
  }
  return {CblasTrans, static_cast<blasint>(std::max(columns == 1 ? rows : x.column_stride / item, std::int64_t{1}))};
}

std::int64_t pieces(std::int64_t extent, std::int64_t side) { return (extent + side - 1) / side; }

// c += a @ b (c = a @ b if `is_first`), piece by piece.
template <class T>
void add_product(const Matrix& a, const Matrix& b, const Matrix& c, const GemmSizes& sizes, bool is_first,
                 const TaskContext& context) {
  constexpr std::int64_t item = sizeof(T);
  const Layout layout_a = layout_of(a, sizes.m, sizes.k, item);
  const Layout layout_b = layout_of(b, sizes.k, sizes.n, item);
  const Blas<T> blas{layout_a.trans, layout_b.trans, layout_a.leading, layout_b.leading,
                     static_cast<blasint>(sizes.m == 1 ? std::max<std::int64_t>(sizes.n, 1) : c.row_stride / item)};
  const std::int64_t m_pieces = pieces(sizes.m, kPieceRows), n_pieces = pieces(sizes.n, kPieceColumns),
                     k_pieces = pieces(sizes.k, kPieceDepth);
  for (std::int64_t i = 0; i < m_pieces; ++i) {
    for (std::int64_t j = 0; j < n_pieces; ++j) {
      for (std::int64_t l = 0; l < k_pieces; ++l) {
        context.check_cancelled();
        const std::int64_t m0 = sizes.m * i / m_pieces, n0 = sizes.n * j / n_pieces, k0 = sizes.k * l / k_pieces;
        const GemmSizes piece{sizes.m * (i + 1) / m_pieces - m0, sizes.n * (j + 1) / n_pieces - n0,
                              sizes.k * (l + 1) / k_pieces - k0};
        blas.add_product(piece, reinterpret_cast<const T*>(a.data + m0 * a.row_stride + k0 * a.column_stride),
                         reinterpret_cast<const T*>(b.data + k0 * b.row_stride + n0 * b.column_stride),
                         T(is_first && l == 0 ? 0 : 1),
                         reinterpret_cast<T*>(const_cast<std::byte*>(c.data) + m0 * c.row_stride + n0 * item));
      }
    }
  }
}

// Types that BLAS does not know: row by row, so that all three are read along their rows.
template <class T>
void add_product_by_rows(const Matrix& a, const Matrix& b, const Matrix& c, const GemmSizes& sizes, bool is_first,
                         const TaskContext& context) {
  using Wide = std::conditional_t<std::is_same_v<T, bool>, bool,
                                  std::common_type_t<std::conditional_t<std::is_integral_v<T>, unsigned, T>, T>>;
  for (std::int64_t i = 0; i < sizes.m; ++i) {
    context.check_cancelled();
    T* out = reinterpret_cast<T*>(const_cast<std::byte*>(c.data) + i * c.row_stride);
    if (is_first) std::fill(out, out + sizes.n, T(0));
    for (std::int64_t l = 0; l < sizes.k; ++l) {
      const T factor = *reinterpret_cast<const T*>(a.data + i * a.row_stride + l * a.column_stride);
      const T* row = reinterpret_cast<const T*>(b.data + l * b.row_stride);
      for (std::int64_t j = 0; j < sizes.n; ++j) {
        if constexpr (std::is_same_v<T, bool>)
          out[j] = out[j] | (factor & row[j]);
        else
          out[j] = static_cast<T>(static_cast<Wide>(out[j]) + static_cast<Wide>(factor) * static_cast<Wide>(row[j]));
      }
    }
  }
}

std::int64_t extent(const NdArray& x, int from_end) { return x.shape()[x.ndim() - from_end]; }
Matrix matrix_at(const NdArray& x, std::int64_t offset) {
  return {x.bytes() + offset, x.strides()[x.ndim() - 2], x.strides()[x.ndim() - 1]};
}

// Only where extents were not known beforehand do blocks meet that do not fit.
Error blocks_differ(std::int64_t a, std::int64_t b) {
  return value_error("matmul: blocks do not fit: " + std::to_string(a) + " elements of one meet " + std::to_string(b) +
                     " of the other");
}

// The axes before the last two, broadcast against each other.
Shape batch_shape(Inputs inputs) {
  Shape batch;
  for (const Value& input : inputs) {
    const NdArray& x = input.as<NdArray>();
    const int lead = x.ndim() - 2;
    if (lead > static_cast<int>(batch.size())) batch.insert(batch.begin(), lead - batch.size(), 1);
    for (int axis = 0; axis < lead; ++axis) {
      auto& size = batch[batch.size() - lead + axis];
      const std::int64_t own = x.shape()[axis];
      if (own != size && own != 1 && size != 1) throw blocks_differ(size, own);
      size = size == 1 ? own : size;
    }
  }
  return batch;
}

// Where matrix number `index` of the batch starts.
std::int64_t offset_of(const NdArray& x, const Shape& batch, std::int64_t index) {
  std::int64_t offset = 0;
  const int lead = x.ndim() - 2;
  for (int axis = static_cast<int>(batch.size()) - 1; axis >= 0; --axis) {
    const std::int64_t at = index % batch[axis];
    index /= batch[axis];
    const int own = axis - (static_cast<int>(batch.size()) - lead);
    if (own >= 0 && x.shape()[own] != 1) offset += at * x.strides()[own];
  }
  return offset;
}

template <class T>
void add_products(const NdArray& a, const NdArray& b, NdArray& out, const Shape& batch, bool is_first,
                  const TaskContext& context) {
  const GemmSizes sizes{extent(a, 2), extent(b, 1), extent(a, 1)};
  const std::int64_t num_matrices = num_elements(batch);
  for (std::int64_t i = 0; i < num_matrices; ++i) {
    const Matrix ma = matrix_at(a, offset_of(a, batch, i));
    const Matrix mb = matrix_at(b, offset_of(b, batch, i));
    const Matrix mc = matrix_at(out, offset_of(out, batch, i));
    if constexpr (is_blas_type<T>)
      add_product<T>(ma, mb, mc, sizes, is_first, context);
    else
      add_product_by_rows<T>(ma, mb, mc, sizes, is_first, context);
  }
}

// The operand in the result's type, in a layout that the product can read in place.
NdArray prepared(const NdArray& x, DType dtype, bool needs_rows) {
  const NdArray typed = x.astype(dtype);
  const auto item = static_cast<std::int64_t>(item_size(dtype));
  const Matrix matrix = matrix_at(typed, 0);
  if (needs_rows) return matrix.column_stride == item ? typed : typed.contiguous();
  if (has_blas_layout(matrix, extent(typed, 2), extent(typed, 1), item)) return typed;
  return typed.copy();
}

bool is_blas(DType dtype) { return dtype >= DType::float32; }

}  // namespace

Value matmul_blocks(Inputs inputs, const MatmulParams& params, const TaskContext& context) {
  PLAIT_CHECK(inputs.size() >= 2 && inputs.size() % 2 == 0);
  const DType compute = params.dtype == DType::float16 ? DType::float32 : params.dtype;
  const Shape batch = batch_shape(inputs);
  Shape shape = batch;
  if (params.adds_axis) shape.insert(shape.begin(), 1);
  shape.push_back(extent(inputs[0].as<NdArray>(), 2));
  shape.push_back(extent(inputs[1].as<NdArray>(), 1));

  NdArray place = context.output(params.dtype, shape);
  const bool is_direct =
      compute == params.dtype &&
      (shape.back() <= 1 || place.strides().back() == static_cast<std::int64_t>(item_size(compute))) &&
      place.is_contiguous() +
              (place.strides()[place.ndim() - 2] >= shape.back() * static_cast<std::int64_t>(item_size(compute))) >
          0;
  NdArray out = is_direct ? place : NdArray::empty(compute, shape);
  const BlasThreads threads(params.num_threads);
  if (num_elements(shape) > 0) {
    for (std::size_t i = 0; i < inputs.size(); i += 2) {
      const NdArray a = prepared(inputs[i].as<NdArray>(), compute, false);
      const NdArray b = prepared(inputs[i + 1].as<NdArray>(), compute, !is_blas(compute));
      if (extent(a, 1) != extent(b, 2)) throw blocks_differ(extent(a, 1), extent(b, 2));
      if (extent(a, 1) == 0) {
        if (i == 0) out.assign(NdArray::zeros(compute, {}).broadcast_to(shape));
        continue;
      }
      visit_dtype(compute, [&]<class Tag>(Tag) {
        using T = typename Tag::type;
        if constexpr (!std::is_same_v<T, Half>) add_products<T>(a, b, out, batch, i == 0, context);
      });
    }
  }
  if (!is_direct) place.assign(out.astype(params.dtype));
  return Value::of(std::move(place));
}

}  // namespace plait
