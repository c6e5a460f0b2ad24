#include "ml/forest_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ml/row_fold.h"
#include "ml/row_tiles.h"

namespace plait::ml {
namespace {

// Edges are found from so many rows: more would not move them by what a tree can tell.
constexpr std::int64_t kSampledRows = 1 << 16;
constexpr std::int64_t kRowsAtOnce = 1 << 14;

struct SampleParams {
  std::vector<std::int64_t> row_starts;
  static constexpr auto fields = std::tuple{&SampleParams::row_starts};
};
constinit KernelId<SampleParams> sample_kernel{"ml_bin_sample"};
constinit KernelId<> join_rows_kernel{"ml_join_rows"};
constinit KernelId<> edges_kernel{"ml_bin_edges"};
constinit KernelId<> bins_kernel{"ml_bins"};

// The bins of each block of rows. They need the edges, which need all rows: the rows wait in the store of the run.
struct RowBins final : Op<RowBins> {
  ExprPtr rows;
  ExprPtr edges;
  static constexpr auto op_name = "row_bins";
  static constexpr auto fields = std::tuple{&RowBins::rows, &RowBins::edges};

  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override { return make_array_meta(DType::uint8, array_meta(rows).chunks()); }
  BlockTask block_task(std::int64_t block) const override {
    return {.call = bins_kernel(),
            .inputs = {{0, block}, {1, 0}},
            .output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(block)};
  }
};

// Rows that their positions choose, so that the sample is the same however the rows are cut.
Value sampled(Inputs inputs, const SampleParams& params, const TaskContext& context) {
  const NdArray block = as_doubles(inputs[0].as<NdArray>());
  const std::int64_t columns = num_columns(block), all = params.row_starts.back();
  const std::int64_t start = params.row_starts.at(context.block());
  const double share = static_cast<double>(kSampledRows) / static_cast<double>(std::max<std::int64_t>(all, 1));
  std::vector<std::int64_t> chosen;
  for (std::int64_t row = 0; row < num_rows(block); ++row) {
    if (share >= 1 || KeyedNumbers(static_cast<std::uint64_t>(start + row)).uniform() < share) chosen.push_back(row);
  }
  NdArray out = NdArray::empty(DType::float64, {std::ssize(chosen), columns});
  double* to = out.mutable_data<double>();
  for (const std::int64_t row : chosen) to = std::copy_n(block.data<double>() + row * columns, columns, to);
  return Value::of(std::move(out));
}

Value joined_rows(Inputs pieces, const TaskContext&) {
  std::int64_t rows = 0;
  for (const Value& piece : pieces) rows += num_rows(piece.as<NdArray>());
  NdArray out = NdArray::empty(DType::float64, {rows, num_columns(pieces[0].as<NdArray>())});
  double* to = out.mutable_data<double>();
  for (const Value& piece : pieces) {
    const NdArray held = as_doubles(piece.as<NdArray>());
    to = std::copy_n(held.data<double>(), held.size(), to);
  }
  return Value::of(std::move(out));
}

// A number that parts two neighbours, with the lower one below or at it.
double between(double low, double high) {
  const double middle = low + (high - low) / 2;
  return middle >= high || !(middle >= low) ? low : middle;
}

// Between all values that there are, or, where they are too many, between those at evenly spread ranks.
std::vector<double> edges_between(std::vector<double> values) {
  std::ranges::sort(values);
  std::vector<double> distinct;
  std::ranges::unique_copy(values, std::back_inserter(distinct));
  std::vector<double> edges;
  if (std::ssize(distinct) <= kMaxBins) {
    for (std::size_t i = 0; i + 1 < distinct.size(); ++i) edges.push_back(between(distinct[i], distinct[i + 1]));
    return edges;
  }
  for (std::size_t i = 1; i < kMaxBins; ++i) {
    const double value = values[i * values.size() / kMaxBins];
    const auto next = std::ranges::upper_bound(distinct, value);
    if (next == distinct.end()) break;
    const double edge = between(value, *next);
    if (edges.empty() || edge > edges.back()) edges.push_back(edge);
  }
  return edges;
}

Value found_edges(Inputs inputs, const TaskContext& context) {
  const NdArray& sample = inputs[0].as<NdArray>();
  const std::int64_t rows = num_rows(sample), columns = num_columns(sample);
  BinEdges found;
  std::vector<double> values(static_cast<std::size_t>(rows));
  for (std::int64_t column = 0; column < columns; ++column) {
    context.check_cancelled();
    for (std::int64_t row = 0; row < rows; ++row)
      values[static_cast<std::size_t>(row)] = sample.data<double>()[row * columns + column];
    const std::vector<double> edges = edges_between(values);
    found.edges.insert(found.edges.end(), edges.begin(), edges.end());
    found.starts.push_back(std::ssize(found.edges));
  }
  return Value::of(
      Sequence{{Value::of(NdArray::from<double>({std::ssize(found.edges)}, std::span<const double>(found.edges))),
                Value::of(NdArray::from<std::int64_t>({columns + 1}, std::span<const std::int64_t>(found.starts)))}});
}

// The number of edges below a value, without branches: `edges` has up to 255.
std::uint8_t bin_of(std::span<const double> edges, double value) {
  const double* base = edges.data();
  std::size_t left = edges.size();
  while (left > 1) {
    const std::size_t half = left / 2;
    base = base[half - 1] < value ? base + half : base;
    left -= half;
  }
  return static_cast<std::uint8_t>(base - edges.data() + (left == 1 && *base < value ? 1 : 0));
}

Value row_bins(Inputs inputs, const TaskContext& context) {
  const NdArray block = as_doubles(inputs[0].as<NdArray>());
  const BinEdges edges = edges_of(inputs[1]);
  const std::int64_t rows = num_rows(block), columns = num_columns(block);
  NdArray out = NdArray::empty(DType::uint8, {rows, columns});
  std::uint8_t* to = out.mutable_data<std::uint8_t>();
  const double* from = block.data<double>();
  for (std::int64_t first = 0; first < rows; first += kRowsAtOnce) {
    context.check_cancelled();
    const std::int64_t end = std::min(rows, first + kRowsAtOnce);
    for (std::int64_t column = 0; column < columns; ++column) {
      const auto of = edges.of(static_cast<std::size_t>(column));
      for (std::int64_t row = first; row < end; ++row)
        to[row * columns + column] = bin_of(of, from[row * columns + column]);
    }
  }
  return Value::of(std::move(out));
}

Value bag(Inputs inputs, const BagParams& params, const TaskContext& context) {
  const BagReader reader(inputs, params, context.block());
  const std::int64_t stride = record_bytes(reader.features());
  const Branch& branch = params.branch;
  std::vector<std::uint64_t> records;
  for (std::int64_t row = 0; row < reader.rows(); ++row) {
    if (row % kRowsAtOnce == 0) context.check_cancelled();
    const BagRow drawn = reader.at(row);
    if (drawn.weight == 0) continue;
    const std::uint8_t* bins = reader.bins(row);
    if (!branch.feature.empty() &&
        leaf_of(bins, branch.feature.data(), branch.bin.data(), branch.left.data()) != branch.node)
      continue;
    const std::size_t at = records.size();
    records.resize(at + static_cast<std::size_t>(stride / 8));
    records[at] = static_cast<std::uint64_t>(drawn.first);
    records[at + 1] = static_cast<std::uint64_t>(drawn.weight);
    std::copy_n(bins, reader.features(), reinterpret_cast<std::uint8_t*>(&records[at + 2]));
  }
  NdArray out = NdArray::empty(DType::uint8, {std::ssize(records) * 8 / stride, stride});
  std::copy_n(reinterpret_cast<const std::uint8_t*>(records.data()), records.size() * 8,
              out.mutable_data<std::uint8_t>());
  return Value::of(std::move(out));
}

}  // namespace

BinnedRows binned_rows(const ExprPtr& rows, const std::vector<std::int64_t>& row_starts) {
  ExprPtr edges =
      row_fold({rows}, "bin_edges",
               {.partial = sample_kernel({row_starts}), .combine = join_rows_kernel(), .finalize = edges_kernel()});
  return {edges, make_expr<RowBins>(rows, edges)};
}

BinEdges edges_of(const Value& edges) {
  const auto& parts = edges.as<Sequence>().items;
  const NdArray& all = parts.at(0).as<NdArray>();
  const NdArray& starts = parts.at(1).as<NdArray>();
  return {{all.data<double>(), all.data<double>() + all.size()},
          {starts.data<std::int64_t>(), starts.data<std::int64_t>() + starts.size()}};
}

RowDraws::RowDraws(const Sampling& sampling, std::uint64_t tree_key) : bootstrap_(sampling.bootstrap), key_(tree_key) {
  double term = std::exp(-sampling.fraction);
  double total = term;
  for (int i = 1; total < 1 - 1e-15 && i < 64; ++i) {
    limits_.push_back(static_cast<std::uint64_t>(total * 0x1p63) * 2);
    term *= sampling.fraction / i;
    total += term;
  }
}

std::int64_t RowDraws::count(std::int64_t row) const {
  if (!bootstrap_) return 1;
  const std::uint64_t number = mixed(key_ ^ mixed(static_cast<std::uint64_t>(row)));
  std::int64_t drawn = 0;
  for (const std::uint64_t limit : limits_) {
    if (number < limit) break;
    ++drawn;
  }
  return drawn;
}

BagReader::BagReader(Inputs inputs, const BagParams& params, std::uint32_t block)
    : params_(params),
      draws_(params.sampling, params.tree_key),
      bins_(inputs[0].as<NdArray>().contiguous()),
      targets_(as_doubles(inputs[1].as<NdArray>())),
      weights_(inputs.size() > 2 ? as_doubles(inputs[2].as<NdArray>()) : NdArray()),
      rows_(num_rows(bins_)),
      features_(num_columns(bins_)),
      start_(params.row_starts.at(block)),
      has_weights_(inputs.size() > 2) {}

BagRow BagReader::at(std::int64_t row) const {
  const std::int64_t drawn = draws_.count(start_ + row);
  if (drawn == 0) return {};
  const double target = targets_.data<double>()[row];
  double weight = has_weights_ ? weights_.data<double>()[row] : 1;
  if (params_.classes == 0) {
    return {drawn * std::llround((target - params_.scale.shift) * weight * params_.scale.target),
            drawn * std::llround(weight * params_.scale.weight)};
  }
  const auto label = static_cast<std::int64_t>(target);
  if (!params_.class_weights.empty()) weight *= params_.class_weights.at(static_cast<std::size_t>(label));
  return {label, drawn * std::llround(weight * params_.scale.weight)};
}

void register_forest_row_kernels() {
  define(sample_kernel, "A sample of rows, by their positions.", sampled);
  define(join_rows_kernel, "Rows of several pieces.", joined_rows);
  define(edges_kernel, "Edges between the bins of each column.", found_edges);
  define(bins_kernel, "The bin of each element.", row_bins);
  define(bag_kernel, "The records of the rows that a tree has drawn.", bag);
}

}  // namespace plait::ml
