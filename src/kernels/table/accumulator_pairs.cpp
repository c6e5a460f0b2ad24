// Aggregates of two columns: covariances and correlations.
#include "kernels/table/accumulator_parts.h"
#include "kernels/table/co_moments.h"

namespace plait {
namespace {

using Arrays = std::vector<std::shared_ptr<arrow::Array>>;

class CoMomentsOfGroups final : public Accumulator {
 public:
  void update(const arrow::Array& values, const std::uint32_t* ids, std::uint32_t num_groups) override {
    slots_.resize(num_groups + std::size_t{1});
    const auto& pairs = static_cast<const arrow::StructArray&>(values);
    const std::shared_ptr<arrow::Array> x = pairs.field(0), y = pairs.field(1);
    const auto value_at = [](const arrow::Array& array, const double* from, std::int64_t i) {
      return array.null_count() > 0 && array.IsNull(i) ? std::nan("") : from[i];
    };
    const auto* from_x = x->data()->GetValues<double>(1);
    const auto* from_y = y->data()->GetValues<double>(1);
    for (std::int64_t i = 0; i < values.length(); ++i) {
      const double a = value_at(*x, from_x, i), b = value_at(*y, from_y, i);
      if (a == a && b == b) slots_[ids[i]].add(a, b);
    }
  }
  void merge(const Arrays& state, const std::uint32_t* ids, std::uint32_t num_groups) override {
    slots_.resize(num_groups + std::size_t{1});
    for (std::int64_t i = 0; i < state[0]->length(); ++i) {
      CoMoments from;
      for (std::size_t part = 0; part < state.size(); ++part)
        from.*CoMoments::members()[part] = state[part]->data()->GetValues<double>(1)[i];
      slots_[ids[i]].merge(from);
    }
  }
  Arrays state(std::uint32_t num_groups) override {
    slots_.resize(num_groups + std::size_t{1});
    Arrays columns;
    for (double CoMoments::* const member : CoMoments::members())
      columns.push_back(array_of_slots<double>(num_groups, [&](std::size_t g) { return slots_[g].*member; }));
    return columns;
  }

 private:
  PooledVector<CoMoments> slots_;
};

}  // namespace

std::unique_ptr<Accumulator> make_comoments() { return std::make_unique<CoMomentsOfGroups>(); }

}  // namespace plait
