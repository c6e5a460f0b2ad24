// C++ functions on partitions: what has no operation.
//
//   auto late = flights.map_partitions([](const Table& part) { return ...; });
//   auto gains = flights.map_partitions<Series>([](const Table& part) { return ...; });
//   auto both = map_partitions(function, {flights, airlines});
//
// The function gets the partitions of the same number, which it must not change, and gives the partition of the result;
// several threads call it at once. What it gives for tables without rows says which columns the result has, unless
// `meta` does; a partition with other columns is an error of the run. A function that was registered by name
// (PartitionFunction::registered) runs under the scheduler "processes", too, and its plans can be written to files.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "plait/export.h"
#include "plait/location.h"
#include "plait/table.h"

namespace plait {

class Expr;
class FrameBase;

class PLAIT_API PartitionFunction {
 public:
  using Run = std::function<Table(std::span<const Table>)>;

  // `name`: what people call it.
  PartitionFunction(std::string name, Run run) : name_(std::move(name)), run_(std::move(run)) {}
  // A function of one partition.
  template <class F>
    requires std::is_invocable_r_v<Table, const F&, const Table&>
  PartitionFunction(F function)  // NOLINT: implicit on purpose
      : PartitionFunction("map_partitions", of<1>(std::move(function))) {}
  // Known by its name for the rest of the program, in its worker processes, too; the same name again is a bug. Before
  // plait::init().
  static PartitionFunction registered(const std::string& name, Run run);

  // A function of N partitions.
  template <std::size_t N, class F>
  static Run of(F function) {
    return [function = std::move(function)](std::span<const Table> partitions) -> Table {
      return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return function(partitions[I]...);
      }(std::make_index_sequence<N>{});
    };
  }

  const std::string& name() const { return name_; }
  const Run& run() const { return run_; }
  bool is_registered() const { return is_registered_; }

 private:
  std::string name_;
  Run run_;
  bool is_registered_ = false;
};

struct PartitionMapping {
  std::optional<Table> meta = {};  // a table without rows that is like the result
  bool clear_divisions = false;    // the function changes labels
  bool align = false;              // several frames are cut at the divisions of all first
};

namespace detail {
// Throws Error(type) where the result has another form; Error(value) where partitions do not match, or where the
// function fails on tables without rows.
PLAIT_API std::shared_ptr<const Expr> map_partitions_plan(const PartitionFunction& function,
                                                          const std::vector<FrameBase>& frames,
                                                          const PartitionMapping& how, std::optional<TableForm> form,
                                                          Location where);
}  // namespace detail

}  // namespace plait
