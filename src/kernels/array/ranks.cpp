#include "kernels/array/ranks.h"

#include <algorithm>
#include <bit>

#include "kernels/array/lines.h"
#include "kernels/array/quantile_values.h"

namespace plait {
namespace {

// With more ranks than these, counts of long digits would take more memory than blocks.
constexpr std::size_t kMostRanksOfLongDigits = 4;
constexpr int kLongDigit = 16;
constexpr int kShortDigit = 8;

template <class T>
using BitsOf = typename element::BitsOf<sizeof(T)>::type;
template <class T>
constexpr bool is_float_type = std::is_floating_point_v<T> || std::is_same_v<T, Half>;
template <class T>
constexpr BitsOf<T> kSign = static_cast<BitsOf<T>>(BitsOf<T>{1} << (sizeof(T) * 8 - 1));

// Bits whose order is that of the elements.
template <class T>
BitsOf<T> ordered_bits(T value) {
  const auto bits = std::bit_cast<BitsOf<T>>(value);
  if constexpr (is_float_type<T>) return static_cast<BitsOf<T>>(bits & kSign<T> ? ~bits : bits | kSign<T>);
  if constexpr (!is_float_type<T> && std::is_signed_v<T>) return static_cast<BitsOf<T>>(bits ^ kSign<T>);
  return bits;
}

template <class T>
T element_of(std::uint64_t ordered) {
  auto bits = static_cast<BitsOf<T>>(ordered);
  if constexpr (is_float_type<T>) bits = static_cast<BitsOf<T>>(bits & kSign<T> ? bits ^ kSign<T> : ~bits);
  if constexpr (!is_float_type<T> && std::is_signed_v<T>) bits = static_cast<BitsOf<T>>(bits ^ kSign<T>);
  return std::bit_cast<T>(bits);
}

struct Rank {
  std::uint64_t found = 0;
  std::int64_t rank = 0;
  std::int64_t num_numbers = 0;
  std::int64_t num_elements = 0;
};

Rank read_rank(const std::int64_t* fields) {
  return {static_cast<std::uint64_t>(fields[0]), fields[1], fields[2], fields[3]};
}
void write_rank(std::int64_t* fields, const Rank& rank) {
  fields[0] = static_cast<std::int64_t>(rank.found);
  fields[1] = rank.rank;
  fields[2] = rank.num_numbers;
  fields[3] = rank.num_elements;
}

// The bits behind the digit of a level.
int shift_of(const Digits& digits, int level) { return std::max(0, digits.width() - digits.bits * (level + 1)); }

// Which digits the ranks of a line have so far, each once, and the row of counts for each.
class Beginnings {
 public:
  Beginnings(const std::int64_t* ranks, std::int64_t num_ranks) {
    for (std::int64_t row = 0; row < num_ranks; ++row) {
      const std::uint64_t found = read_rank(ranks + row * kRankFields).found;
      const auto known = std::find(found_.begin(), found_.end(), found);
      row_of_.push_back(known - found_.begin());
      if (known == found_.end()) found_.push_back(found);
    }
  }
  const std::vector<std::uint64_t>& found() const { return found_; }
  std::ptrdiff_t row_of(std::int64_t rank) const { return row_of_[static_cast<std::size_t>(rank)]; }

 private:
  std::vector<std::uint64_t> found_;
  std::vector<std::ptrdiff_t> row_of_;
};

template <class T>
void count_line(const T* from, std::int64_t extent, const CountDigitsParams& params, const std::int64_t* ranks,
                std::int64_t num_ranks, std::int64_t* counts) {
  const int shift = shift_of(params.digits, params.level);
  const std::int64_t num_values = params.digits.num_values();
  const auto mask = static_cast<std::uint64_t>(num_values - 1);
  const std::int64_t row_size = num_values + 1;
  if (!ranks) {
    for (std::int64_t i = 0; i < extent; ++i) {
      const bool is_number = !element::is_missing(from[i]);
      const std::uint64_t digit = (std::uint64_t{ordered_bits(from[i])} >> shift) & mask;
      ++counts[is_number ? static_cast<std::int64_t>(digit) : num_values];
    }
    return;
  }
  const Beginnings beginnings(ranks, num_ranks);
  const auto& found = beginnings.found();
  std::vector<std::int64_t> own(found.size() * static_cast<std::size_t>(row_size), 0);
  for (std::int64_t i = 0; i < extent; ++i) {
    if (element::is_missing(from[i])) continue;
    const std::uint64_t bits = std::uint64_t{ordered_bits(from[i])} >> shift;
    const std::uint64_t begins = bits >> params.digits.bits;
    for (std::size_t row = 0; row < found.size(); ++row) {
      if (found[row] == begins) ++own[row * static_cast<std::size_t>(row_size) + (bits & mask)];
    }
  }
  for (std::int64_t rank = 0; rank < num_ranks; ++rank)
    std::copy_n(own.begin() + beginnings.row_of(rank) * row_size, row_size, counts + rank * row_size);
}

// What a block looks like without its last axes.
Shape without_last(const Shape& shape, int count) { return {shape.begin(), shape.end() - count}; }

Value count_digits(Inputs inputs, const CountDigitsParams& params, const TaskContext& context) {
  const NdArray block = booleans_as_bytes(inputs[0].as<NdArray>().contiguous());
  const NdArray* ranks = inputs.size() > 1 ? &inputs[1].as<NdArray>() : nullptr;
  const NdArray known = ranks ? ranks->contiguous() : NdArray();
  const std::int64_t num_ranks = ranks ? known.shape()[known.shape().size() - 2] : 1;
  Shape shape = without_last(block.shape(), 1);
  const std::int64_t num_lines = num_elements(shape);
  const std::int64_t extent = block.shape().back();
  const std::int64_t row_size = params.digits.num_values() + 1;
  shape.insert(shape.end(), {1, num_ranks, row_size});
  return filled_output(context, DType::int64, shape, [&](NdArray& out) {
    auto* counts = out.mutable_data<std::int64_t>();
    std::fill_n(counts, out.size(), 0);
    visit_stored(block.dtype(), [&]<class Tag>(Tag) {
      using T = typename Tag::type;
      if constexpr (!element::is_complex_type<T>) {
        for (std::int64_t line = 0; line < num_lines; ++line) {
          context.check_cancelled();
          const std::int64_t* own = ranks ? known.data<std::int64_t>() + line * num_ranks * kRankFields : nullptr;
          count_line(block.data<T>() + line * extent, extent, params, own, num_ranks,
                     counts + line * num_ranks * row_size);
        }
      }
    });
  });
}

// The wanted ranks of a line, of whose elements only the number is known.
std::vector<Rank> first_ranks(const std::int64_t* counts, std::int64_t num_values, const LineQuantileParams& quantile) {
  Rank common;
  for (std::int64_t value = 0; value < num_values; ++value) common.num_numbers += counts[value];
  common.num_elements = common.num_numbers + counts[num_values];
  std::vector<Rank> ranks(quantile.q.size() * 2, common);
  if (common.num_numbers == 0) return ranks;
  const auto places = places_of(quantile, common.num_numbers);
  for (std::size_t i = 0; i < places.size(); ++i) {
    ranks[2 * i].rank = places[i].low;
    ranks[2 * i + 1].rank = places[i].high;
  }
  return ranks;
}

void narrow(Rank& rank, const std::int64_t* counts, std::int64_t num_values, int bits) {
  std::int64_t digit = 0;
  if (rank.num_numbers > 0) {
    while (digit + 1 < num_values && rank.rank >= counts[digit]) rank.rank -= counts[digit++];
  }
  rank.found = rank.found << bits | static_cast<std::uint64_t>(digit);
}

Value narrow_ranks(Inputs inputs, const RanksParams& params, const TaskContext& context) {
  const NdArray counts = inputs[0].as<NdArray>().contiguous();
  const NdArray known = inputs.size() > 1 ? inputs[1].as<NdArray>().contiguous() : NdArray();
  const bool is_first = inputs.size() == 1;
  Shape shape = without_last(counts.shape(), 2);
  const std::int64_t num_lines = num_elements(shape);
  const auto num_ranks = static_cast<std::int64_t>(params.quantile.q.size() * 2);
  const std::int64_t num_values = params.digits.num_values();
  shape.insert(shape.end(), {num_ranks, kRankFields});
  return filled_output(context, DType::int64, shape, [&](NdArray& out) {
    const auto* rows = counts.data<std::int64_t>();
    auto* to = out.mutable_data<std::int64_t>();
    for (std::int64_t line = 0; line < num_lines; ++line) {
      context.check_cancelled();
      std::vector<Rank> ranks;
      if (is_first) ranks = first_ranks(rows + line * (num_values + 1), num_values, params.quantile);
      for (std::int64_t i = 0; i < num_ranks; ++i) {
        const std::int64_t at = line * num_ranks + i;
        Rank rank =
            is_first ? ranks[static_cast<std::size_t>(i)] : read_rank(known.data<std::int64_t>() + at * kRankFields);
        narrow(rank, rows + (is_first ? line : at) * (num_values + 1), num_values, params.digits.bits);
        write_rank(to + at * kRankFields, rank);
      }
    }
  });
}

template <class T, class R>
void read_line(const std::int64_t* ranks, const LineQuantileParams& quantile, std::int64_t num_lines, std::int64_t line,
               R* to) {
  const Rank first = read_rank(ranks);
  const bool is_missing = first.num_numbers == 0 || (first.num_numbers < first.num_elements && !quantile.skips_nan);
  const auto places = is_missing ? std::vector<QuantilePlace>() : places_of(quantile, first.num_numbers);
  for (std::size_t i = 0; i < quantile.q.size(); ++i) {
    const auto read = [&](std::size_t which) {
      return element_of<T>(read_rank(ranks + static_cast<std::int64_t>(which) * kRankFields).found);
    };
    to[static_cast<std::int64_t>(i) * num_lines + line] =
        is_missing ? not_a_number<R>() : between<T, R>(read(2 * i), read(2 * i + 1), places[i]);
  }
}

Value read_ranks(Inputs inputs, const RanksParams& params, const TaskContext& context) {
  const NdArray ranks = inputs[0].as<NdArray>().contiguous();
  Shape shape = without_last(ranks.shape(), 2);
  const std::int64_t num_lines = num_elements(shape);
  const std::int64_t line_size = static_cast<std::int64_t>(params.quantile.q.size()) * 2 * kRankFields;
  if (params.quantile.has_q_axis) shape.insert(shape.begin(), static_cast<std::int64_t>(params.quantile.q.size()));
  return filled_output(context, params.quantile.dtype, shape, [&](NdArray& place) {
    NdArray out = booleans_as_bytes(place);
    visit_stored(params.digits.dtype, [&]<class Tag>(Tag) {
      using T = typename Tag::type;
      if constexpr (!element::is_complex_type<T>) {
        visit_result<T>(out.dtype(), [&]<class Result>(Result) {
          using R = typename Result::type;
          for (std::int64_t line = 0; line < num_lines; ++line)
            read_line<T, R>(ranks.data<std::int64_t>() + line * line_size, params.quantile, num_lines, line,
                            out.mutable_data<R>());
        });
      }
    });
  });
}

}  // namespace

Digits digits_for(DType dtype, std::size_t num_ranks) {
  const int width = static_cast<int>(item_size(dtype)) * 8;
  return {dtype, std::min(width, num_ranks <= kMostRanksOfLongDigits ? kLongDigit : kShortDigit)};
}

void register_rank_kernels() {
  define(count_digits_kernel, "Counts the digits of elements whose leading digits are known.", count_digits);
  define(narrow_ranks_kernel, "Finds the next digit of elements of given ranks.", narrow_ranks);
  define(read_ranks_kernel, "Quantiles from the elements that were found.", read_ranks);
}

}  // namespace plait
