#include "ml/forest_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "ml/row_fold.h"
#include "ml/row_tiles.h"

namespace plait::ml {
namespace {

// Edges are found from so many rows: more would not move them by what a tree can tell.
constexpr std::int64_t kSampledRows = 1 << 16;
constexpr std::int64_t kRowsAtOnce = 1 << 14;
// Bins of as many rows each. At both ends of a feature they are cut further: a cut of a feature that tells nothing is
// as likely as not best where it takes a few rows off an end; it must be there, or such cuts part the rows that other
// features would have told apart. The other edges go where the targets change.
constexpr std::size_t kEvenBins = 160;
constexpr double kTailGrowth = 1.3;

struct SampleParams {
  std::vector<std::int64_t> row_starts;
  static constexpr auto fields = std::tuple{&SampleParams::row_starts};
};
constinit KernelId<SampleParams> sample_kernel{"ml_bin_sample"};
constinit KernelId<> join_rows_kernel{"ml_join_rows"};
constinit KernelId<> bins_kernel{"ml_bins"};

// The bins of each block of rows.
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
  const NdArray targets = as_doubles(inputs[1].as<NdArray>());
  NdArray out = NdArray::empty(DType::float64, {std::ssize(chosen), columns + 1});
  double* to = out.mutable_data<double>();
  for (const std::int64_t row : chosen) {
    to = std::copy_n(block.data<double>() + row * columns, columns, to);
    *to++ = targets.data<double>()[row];
  }
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

struct EdgeParams {
  std::int64_t classes = 0;  // of the targets; 0: numbers
  static constexpr auto fields = std::tuple{&EdgeParams::classes};
};
constinit KernelId<EdgeParams> edges_kernel{"ml_bin_edges"};

// A value of a feature, and the row's target.
using Sampled = std::pair<double, double>;

// How pure some rows are: a number that grows by what a cut of them is worth.
class Purity {
 public:
  explicit Purity(std::int64_t classes) : counts_(static_cast<std::size_t>(classes)) {}
  void add(double target) { change(target, 1); }
  void remove(double target) { change(target, -1); }
  double value() const {
    if (rows_ == 0) return 0;
    return (counts_.empty() ? sum_ * sum_ : squares_) / rows_;
  }

 private:
  void change(double target, double sign) {
    rows_ += sign;
    sum_ += sign * target;
    if (counts_.empty()) return;
    double& count = counts_[static_cast<std::size_t>(target)];
    squares_ += sign * 2 * count + 1;
    count += sign;
  }

  std::vector<double> counts_;
  double rows_ = 0, sum_ = 0, squares_ = 0;
};

struct InnerCut {
  double gain = 0;
  double edge = 0;
};
// The best cut of sorted rows.
InnerCut inner_cut(std::span<const Sampled> rows, std::int64_t classes) {
  Purity left(classes), right(classes);
  for (const auto& [value, target] : rows) right.add(target);
  const double before = right.value();
  InnerCut best;
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
    left.add(rows[i].second);
    right.remove(rows[i].second);
    if (rows[i].first == rows[i + 1].first) continue;
    const double gain = left.value() + right.value() - before;
    if (gain > best.gain) best = {gain, between(rows[i].first, rows[i + 1].first)};
  }
  return best;
}

// The ranks after which edges stand: evenly spread, and at both ends ever nearer to each other.
std::vector<std::size_t> edge_ranks(std::size_t count) {
  const std::size_t step = count / kEvenBins;
  std::vector<std::size_t> ranks;
  for (double tail = 1; tail < static_cast<double>(step); tail = std::ceil(tail * kTailGrowth)) {
    ranks.push_back(static_cast<std::size_t>(tail) - 1);
    ranks.push_back(count - static_cast<std::size_t>(tail) - 1);
  }
  for (std::size_t i = 1; i < kEvenBins; ++i) ranks.push_back(i * count / kEvenBins);
  std::ranges::sort(ranks);
  return ranks;
}

// Between all values that there are; or, where they are too many, between those at some ranks, and where a cut inside
// such a bin says most of the targets.
std::vector<double> edges_between(std::vector<Sampled> rows, std::int64_t classes) {
  std::ranges::sort(rows);
  std::vector<double> distinct;
  for (const auto& [value, target] : rows) {
    if (distinct.empty() || value != distinct.back()) distinct.push_back(value);
  }
  std::vector<double> edges;
  if (std::ssize(distinct) <= kMaxBins) {
    for (std::size_t i = 0; i + 1 < distinct.size(); ++i) edges.push_back(between(distinct[i], distinct[i + 1]));
    return edges;
  }
  for (const std::size_t rank : edge_ranks(rows.size())) {
    const double value = rows[rank].first;
    const auto next = std::ranges::upper_bound(distinct, value);
    if (next == distinct.end()) break;
    const double edge = between(value, *next);
    if (edges.empty() || edge > edges.back()) edges.push_back(edge);
  }
  std::vector<InnerCut> inner;
  std::size_t begin = 0;
  for (std::size_t bin = 0; bin <= edges.size(); ++bin) {
    std::size_t end = begin;
    while (end < rows.size() && (bin == edges.size() || rows[end].first <= edges[bin])) ++end;
    const InnerCut cut = inner_cut(std::span(rows).subspan(begin, end - begin), classes);
    if (cut.gain > 0) inner.push_back(cut);
    begin = end;
  }
  std::ranges::stable_sort(inner, std::ranges::greater{}, &InnerCut::gain);
  const std::size_t more = std::min(inner.size(), kMaxBins - 1 - edges.size());
  for (std::size_t i = 0; i < more; ++i) edges.push_back(inner[i].edge);
  std::ranges::sort(edges);
  return edges;
}

Value found_edges(Inputs inputs, const EdgeParams& params, const TaskContext& context) {
  const NdArray& sample = inputs[0].as<NdArray>();
  const std::int64_t rows = num_rows(sample), width = num_columns(sample);
  BinEdges found;
  std::vector<Sampled> values(static_cast<std::size_t>(rows));
  for (std::int64_t column = 0; column + 1 < width; ++column) {
    context.check_cancelled();
    for (std::int64_t row = 0; row < rows; ++row) {
      const double* from = sample.data<double>() + row * width;
      values[static_cast<std::size_t>(row)] = {from[column], from[width - 1]};
    }
    const std::vector<double> edges = edges_between(values, params.classes);
    found.edges.insert(found.edges.end(), edges.begin(), edges.end());
    found.starts.push_back(std::ssize(found.edges));
  }
  const auto array_of = [](const auto& numbers) {
    using T = typename std::decay_t<decltype(numbers)>::value_type;
    return Value::of(NdArray::from<T>({std::ssize(numbers)}, std::span<const T>(numbers)));
  };
  return Value::of(Sequence{{array_of(found.edges), array_of(found.starts)}});
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

ExprPtr bin_edges(const ExprPtr& rows, const ExprPtr& targets, std::int64_t classes,
                  const std::vector<std::int64_t>& row_starts) {
  return row_fold(
      {rows, targets}, "bin_edges",
      {.partial = sample_kernel({row_starts}), .combine = join_rows_kernel(), .finalize = edges_kernel({classes})});
}

ExprPtr binned_rows(const ExprPtr& rows, const ExprPtr& edges) { return make_expr<RowBins>(rows, edges); }

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
