#include "kernels/array/tile_program.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstring>
#include <random>

#include "kernels/array/combine.h"
#include "kernels/array/matmul.h"

namespace plait {
namespace {

// A program over blocks that all have the chunk's shape.
struct Program {
  TileProgram program;
  std::vector<Value> inputs;
  Shape shape;
  std::vector<StreamSeed> seeds;

  std::uint16_t block(const NdArray& array) {
    std::vector<int> axes;
    for (int axis = 0; axis < array.ndim(); ++axis) axes.push_back(axis);
    return block(array, axes);
  }
  std::uint16_t block(const NdArray& array, std::vector<int> axes) {
    TileSource source{
        .kind = SourceKind::block, .dtype = array.dtype(), .input = static_cast<std::uint32_t>(inputs.size())};
    source.axes = std::move(axes);
    inputs.push_back(Value::of(array));
    return add(source);
  }
  std::uint16_t add(TileSource source) {
    program.sources.push_back(std::move(source));
    return static_cast<std::uint16_t>(program.sources.size() - 1);
  }
  // After all sources.
  std::uint16_t step(ElementOp op, DType loop, DType result, std::vector<std::uint16_t> operands) {
    program.steps.push_back({op, loop, result, std::move(operands)});
    return static_cast<std::uint16_t>(program.sources.size() + program.steps.size() - 1);
  }
  NdArray run(std::uint16_t result, const Shape& start = {}) {
    program.result = result;
    const TileParams params{compile_tiles(program), shape, start, seeds, {}};
    return run_tiles(inputs, params, TaskContext()).as<NdArray>();
  }
  NdArray reduce(std::uint16_t result, ReduceOp op, std::vector<int> axes, DType dtype) {
    CombineParams finish{.op = op, .is_last = true, .dtype = dtype, .axes = axes};
    program.reduction = TileReduction{.op = op, .axes = axes, .array_shape = shape, .finish = finish};
    return run(result, Shape(shape.size(), 0));
  }
};

NdArray noise(Shape shape, unsigned seed = 1) {
  NdArray out = NdArray::empty(DType::float64, std::move(shape));
  std::mt19937 words(seed);
  std::normal_distribution<double> normal;
  for (std::int64_t i = 0; i < out.size(); ++i) out.mutable_data<double>()[i] = normal(words);
  return out;
}

TEST(TileProgram, ComputesOnTilesAndWholeRegisters) {
  const NdArray a = noise({50000});
  const NdArray b = noise({50000}, 2);
  Program p{.shape = {50000}};
  const auto x = p.block(a);
  const auto y = p.block(b);
  const auto two = p.add({.kind = SourceKind::constant, .value = 2.0});
  const auto three = p.add({.kind = SourceKind::constant, .value = 3.0});
  const auto left = p.step(ElementOp::multiply, DType::float64, DType::float64, {x, two});
  const auto right = p.step(ElementOp::multiply, DType::float64, DType::float64, {three, y});
  const NdArray out = p.run(p.step(ElementOp::add, DType::float64, DType::float64, {left, right}));
  for (std::int64_t i = 0; i < out.size(); ++i) {
    ASSERT_EQ(out.at<double>({i}), a.at<double>({i}) * 2 + 3 * b.at<double>({i})) << i;
  }
}

// A piece of a larger array plus a transposed piece of another, for every element size and for shapes whose rows and
// columns are shorter and longer than a tile and not a multiple of a vector.
TEST(TileProgram, AddsTransposedPiecesOfAnySize) {
  for (DType dtype : {DType::uint8, DType::int16, DType::float32, DType::int64, DType::complex128}) {
    for (const auto& [rows, columns] :
         {std::pair<std::int64_t, std::int64_t>{3, 5}, {37, 1031}, {1031, 37}, {700, 803}, {1, 2000}, {2000, 2}}) {
      const NdArray whole = noise({rows + 2, columns + 3}).astype(dtype);
      const NdArray turned = noise({columns + 1, rows + 4}, 2).astype(dtype);
      const NdArray x_piece = whole.sliced(0, 1, rows).sliced(1, 2, columns);
      const NdArray y_piece = turned.sliced(0, 1, columns).sliced(1, 3, rows);
      Program p{.shape = {rows, columns}};
      const auto x = p.block(x_piece);
      const auto y = p.block(y_piece, {1, 0});
      const NdArray out = p.run(p.step(ElementOp::add, dtype, dtype, {x, y}));
      Program q{.shape = {rows, columns}};
      const auto left = q.block(x_piece.copy());
      const auto right = q.block(y_piece.transposed().copy());
      const NdArray expected = q.run(q.step(ElementOp::add, dtype, dtype, {left, right}));
      ASSERT_EQ(std::memcmp(out.bytes(), expected.bytes(), out.num_bytes()), 0)
          << name(dtype) << " " << rows << " x " << columns;
    }
  }
}

TEST(TileProgram, ReadsTransposedAndStretchedInputs) {
  const NdArray a = noise({150, 70});
  const NdArray turned = noise({70, 150}, 2);
  const NdArray row = noise({70}, 3);
  Program p{.shape = {150, 70}};
  const auto x = p.block(a);
  const auto y = p.block(turned, {1, 0});
  const auto z = p.block(row, {-1, 0});
  const auto sum = p.step(ElementOp::add, DType::float64, DType::float64, {x, y});
  const NdArray out = p.run(p.step(ElementOp::multiply, DType::float64, DType::float64, {sum, z}));
  for (std::int64_t i = 0; i < 150; ++i) {
    for (std::int64_t j = 0; j < 70; ++j) {
      ASSERT_EQ(out.at<double>({i, j}), (a.at<double>({i, j}) + turned.at<double>({j, i})) * row.at<double>({j}));
    }
  }
}

TEST(TileProgram, CountsUpFromTheChunksPlace) {
  Program p{.shape = {2, 3}};
  const auto range = p.add({.kind = SourceKind::range,
                            .dtype = DType::int64,
                            .value = std::int64_t{100},
                            .step = std::int64_t{2},
                            .axis = 1});
  EXPECT_EQ(to_string(p.run(range, {0, 10})), "[[120 122 124]\n [120 122 124]]");
}

TEST(TileProgram, ComputesHalvesInFloats) {
  const NdArray halves = array("[1.0, 2.0, 70000.0]").astype(DType::float16);
  Program p{.shape = {3}};
  const auto x = p.block(halves);
  const NdArray out = p.run(p.step(ElementOp::add, DType::float16, DType::float16, {x, x}));
  EXPECT_EQ(to_string(out.astype(DType::float64)), "[ 2.  4. inf]");
}

TEST(TileProgram, DrawsInOrderOfTheChunk) {
  SeedSequence seed(seed_words(7));
  StreamSeed stream{.kind = StreamKind::pcg64, .index = 0, .pool = seed.pool()};
  Program p{.shape = {100, 77}, .seeds = {stream}};
  TileSource source{.kind = SourceKind::draw};
  source.distribution = make_distribution(StreamKind::pcg64, DistributionKind::random);
  const NdArray drawn = p.run(p.add(source));
  Pcg64 generator = stream.pcg64();
  for (std::int64_t i = 0; i < 100; ++i) {
    for (std::int64_t j = 0; j < 77; ++j) ASSERT_EQ(drawn.at<double>({i, j}), generator.next_double());
  }
}

TEST(TileProgram, ReducesAnyAxes) {
  const NdArray a = noise({30, 40, 50});
  for (const std::vector<int>& axes : {std::vector<int>{0}, {1}, {2}, {0, 2}, {0, 1, 2}}) {
    Program p{.shape = {30, 40, 50}};
    const NdArray out = p.reduce(p.block(a), ReduceOp::sum, axes, DType::float64);
    NdArray expected = NdArray::zeros(DType::float64, out.shape());
    for (std::int64_t i = 0; i < a.size(); ++i) {
      const std::int64_t index[] = {i / 2000, i / 50 % 40, i % 50};
      std::int64_t to = 0;
      for (int axis = 0; axis < 3; ++axis) {
        if (std::find(axes.begin(), axes.end(), axis) == axes.end()) to = to * a.shape()[axis] + index[axis];
      }
      expected.mutable_data<double>()[to] += a.data<double>()[i];
    }
    for (std::int64_t i = 0; i < out.size(); ++i) EXPECT_NEAR(out.data<double>()[i], expected.data<double>()[i], 1e-10);
  }
}

TEST(TileProgram, KeepsNaNInBoundsAndFindsTheFirstPosition) {
  const double nan = std::nan("");
  const NdArray a = NdArray::from<double>({5}, {3, nan, 1, nan, 9});
  const auto reduced = [&](ReduceOp op, DType dtype) {
    Program p{.shape = {5}};
    return p.reduce(p.block(a), op, {0}, dtype);
  };
  EXPECT_TRUE(std::isnan(reduced(ReduceOp::max, DType::float64).item<double>()));
  EXPECT_EQ(reduced(ReduceOp::nanmax, DType::float64).item<double>(), 9);
  EXPECT_EQ(reduced(ReduceOp::argmax, DType::int64).item<std::int64_t>(), 1);
  EXPECT_EQ(reduced(ReduceOp::nanargmin, DType::int64).item<std::int64_t>(), 2);
  EXPECT_NEAR(reduced(ReduceOp::nanmean, DType::float64).item<double>(), 13.0 / 3, 1e-15);
}

TEST(TileProgram, SumsWithoutNaNWhereAStepReplacesIt) {
  Program p{.shape = {3}};
  const auto x = p.block(NdArray::from<double>({3}, {3, std::nan(""), 10}));
  const auto numbers = p.step(ElementOp::nan_to_zero, DType::float64, DType::float64, {x});
  EXPECT_EQ(p.reduce(numbers, ReduceOp::nansum, {0}, DType::float64).item<double>(), 13);
}

TEST(TileProgram, KeepsVarianceAccurateFarFromZero) {
  NdArray a = noise({100000});
  for (std::int64_t i = 0; i < a.size(); ++i) a.mutable_data<double>()[i] = a.data<double>()[i] * 1e-3 + 1e6;
  Program p{.shape = {100000}};
  EXPECT_NEAR(p.reduce(p.block(a), ReduceOp::var, {0}, DType::float64).item<double>(), 1e-6, 2e-8);
}

TEST(TileProgram, StopsWhenTheRunIsCancelled) {
  const std::atomic<bool> cancelled = true;
  Program p{.shape = {10}};
  p.program.result = p.block(noise({10}));
  const TileParams params{compile_tiles(p.program), p.shape, {}, {}, {}};
  EXPECT_THROW(run_tiles(p.inputs, params, TaskContext(&cancelled)), Error);
}

TEST(TileProgram, TravelsAsARecord) {
  Program p{.shape = {3}};
  const auto x = p.block(array("[1.0, 2.0, 4.0]"));
  p.program.result = p.step(ElementOp::reciprocal, DType::float64, DType::float64, {x});
  Encoder to;
  encode(to, TileParams{compile_tiles(p.program), p.shape, {}, {}, {}});
  const Record record = to.take();
  Decoder from(record);
  const auto params = decode<TileParams>(from);
  EXPECT_EQ(to_string(run_tiles(p.inputs, params, TaskContext()).as<NdArray>()), to_string(array("[1.0, 0.5, 0.25]")));
}

TEST(CombinePartials, MergesMomentsOfBlocks) {
  const NdArray a = noise({1000});
  const auto partial = [&](std::int64_t begin, std::int64_t count) {
    Program p{.shape = {count}};
    p.program.result = p.block(a.sliced(0, begin, count));
    p.program.reduction = TileReduction{.op = ReduceOp::var, .axes = {0}};
    return run_tiles(p.inputs, {compile_tiles(p.program), p.shape, {}, {}, {}}, TaskContext());
  };
  const std::vector<Value> partials = {partial(0, 10), partial(10, 700), partial(710, 290)};
  const CombineParams params{.op = ReduceOp::var, .is_last = true, .dtype = DType::float64, .axes = {0}, .ddof = 1};
  Program whole{.shape = {1000}};
  const double expected = whole.reduce(whole.block(a), ReduceOp::var, {0}, DType::float64).item<double>() * 1000 / 999;
  EXPECT_NEAR(combine_partials(partials, params, TaskContext()).as<NdArray>().item<double>(), expected, 1e-13);
}

TEST(MatmulBlocks, AddsUpProductsOfViewsAndBatches) {
  const NdArray a = noise({2, 3, 4});
  const NdArray b = noise({5, 4}, 2).transposed();
  const std::vector<Value> inputs = {Value::of(a), Value::of(b), Value::of(a), Value::of(b)};
  const NdArray out = matmul_blocks(inputs, {.dtype = DType::float64}, TaskContext()).as<NdArray>();
  for (std::int64_t n = 0; n < 2; ++n) {
    for (std::int64_t i = 0; i < 3; ++i) {
      for (std::int64_t j = 0; j < 5; ++j) {
        double expected = 0;
        for (std::int64_t k = 0; k < 4; ++k) expected += 2 * a.at<double>({n, i, k}) * b.at<double>({k, j});
        EXPECT_NEAR(out.at<double>({n, i, j}), expected, 1e-14);
      }
    }
  }
}

TEST(MatmulBlocks, MultipliesIntegersAndBooleans) {
  const NdArray x = array("[[1, 2], [3, 4]]");
  const std::vector<Value> integers = {Value::of(x), Value::of(x)};
  EXPECT_EQ(to_string(matmul_blocks(integers, {.dtype = DType::int64}, TaskContext()).as<NdArray>()),
            "[[ 7 10]\n [15 22]]");
  const NdArray mask = array("[[1, 0], [0, 0]]").astype(DType::bool_);
  const std::vector<Value> booleans = {Value::of(mask), Value::of(mask)};
  EXPECT_EQ(
      to_string(matmul_blocks(booleans, {.dtype = DType::bool_}, TaskContext()).as<NdArray>().astype(DType::int64)),
      "[[1 0]\n [0 0]]");
}

}  // namespace
}  // namespace plait
