// Delayed functions: ordinary functions, whose calls become tasks.
//
//   auto add = plait::delayed([](int a, int b) { return a + b; });
//   auto sum = add(add(1, 2), 3);                                   // plait::Delayed<int>: nothing has run
//   std::cout << sum.compute();
//   auto [total, mean] = plait::compute(sum, x.mean());              // together, also with arrays and frames
//
// A call takes other delayed values, whose results the function gets as `const T&`; arrays and frames, which it gets
// whole, as NdArray and Table; a vector of delayed values, which it gets as Values<T>; and any other value, which is
// moved into the call and given as `const T&`. Results are never copied on their way from task to task; what is
// computed is moved out where nobody else has it, so that results may be of types that only move.
//
// Functions may run at the same time in several threads. A function that was registered by name (register_function,
// plait/graph.h) runs in other processes, too. Delayed values are handles on shared, immutable calls: copying one is
// cheap, and any thread may.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <variant>
#include <vector>

#include "plait/array/array.h"
#include "plait/compute.h"
#include "plait/dataframe.h"
#include "plait/export.h"
#include "plait/graph.h"
#include "plait/location.h"

namespace plait {

template <class T>
class Delayed;

// The results of a vector of delayed values, as a function gets them: a range of `const T&`.
template <class T>
class Values {
 public:
  class Iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(const T* const* at) : at_(at) {}
    const T& operator*() const { return **at_; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    Iterator operator++(int) { return Iterator(at_++); }
    bool operator==(const Iterator&) const = default;

   private:
    const T* const* at_ = nullptr;
  };

  explicit Values(std::vector<const T*> values) : values_(std::move(values)) {}
  std::size_t size() const { return values_.size(); }
  const T& operator[](std::size_t i) const { return *values_[i]; }
  Iterator begin() const { return Iterator(values_.data()); }
  Iterator end() const { return Iterator(values_.data() + values_.size()); }

 private:
  std::vector<const T*> values_;
};

namespace detail {

// A call, or a value that is there. Defined in the library, as the others here.
class DelayedTask;
using DelayedTaskPtr = std::shared_ptr<const DelayedTask>;
// What people know of calls: the function's name, and the line that wrapped it.
struct DelayedGroup;
using DelayedGroupPtr = std::shared_ptr<const DelayedGroup>;
// What a task does; many calls may share it.
struct DelayedCallee {
  std::shared_ptr<const void> function;
  DelayedGroupPtr group;
};

PLAIT_API DelayedGroupPtr delayed_group(std::string name, Location where);
PLAIT_API DelayedCallee delayed_callee(const DelayedGroupPtr& group, Function function);
PLAIT_API DelayedCallee delayed_named(const std::string& function, Location where);
PLAIT_API DelayedTaskPtr delayed_call(const DelayedCallee& callee, DelayedTaskPtr* inputs, std::size_t count);
PLAIT_API DelayedTaskPtr delayed_object(std::shared_ptr<const void> value, const ObjectOps* ops, Location where);
PLAIT_API DelayedTaskPtr delayed_array(NdArray value, Location where);
PLAIT_API DelayedTaskPtr delayed_collection(const std::shared_ptr<const Expr>& collection);
PLAIT_API DelayedTaskPtr delayed_block(const std::shared_ptr<const Expr>& node, std::int64_t block);
// The values of calls, in a Sequence; made in one walk.
PLAIT_API std::shared_ptr<const Expr> delayed_values(const std::vector<DelayedTaskPtr>& wanted);

PLAIT_API std::size_t num_results(const Value& results);
// The C++ object of result i. `may_move` says whether nobody else has it.
PLAIT_API const void* result_of(const Value& results, std::size_t i, const ObjectOps& type, bool& may_move);
PLAIT_API const Table& table_in(const Value& value);
PLAIT_API const Table& table_input(const Call& call, std::size_t i);

template <class T>
const T& input_of(const Call& call, std::size_t i) {
  if constexpr (std::is_same_v<T, Table>)
    return table_input(call, i);
  else
    return call.input<T>(i);
}

// Moved where that is possible; a type that only moves must belong to nobody else.
template <class T>
T take_result(const Value& results, std::size_t i) {
  bool may_move = false;
  const void* found = result_of(results, i, *ops_of<T>(), may_move);
  if (may_move) return std::move(*static_cast<T*>(const_cast<void*>(found)));
  if constexpr (std::is_copy_constructible_v<T>)
    return *static_cast<const T*>(found);
  else
    throw value_error("delayed: the value cannot be copied, and somebody else has it, too; compute it once");
}

// What a function gets for an argument, and how it finds it among the inputs of its task.
template <class A>
struct DelayedArgument {  // any other value: it is part of the call
  using Given = A;
  static constexpr bool is_input = false;
  static constexpr bool is_list = false;
};
template <class T>
struct DelayedArgument<Delayed<T>> {
  using Given = T;
  static constexpr bool is_input = true;
  static constexpr bool is_list = false;
  static const DelayedTaskPtr& task(const Delayed<T>& argument) { return argument.task(); }
  static const T& take(const Call& call, std::size_t& next) { return input_of<T>(call, next++); }
};
template <class T>
struct DelayedArgument<std::vector<Delayed<T>>> {
  using Given = Values<T>;
  static constexpr bool is_input = true;
  static constexpr bool is_list = true;
  static Values<T> take(const Call& call, std::size_t& next, std::size_t count) {
    std::vector<const T*> values;
    values.reserve(count);
    for (std::size_t i = 0; i < count; ++i) values.push_back(&input_of<T>(call, next++));
    return Values<T>(std::move(values));
  }
};
template <class Collection, class T>
struct DelayedWhole {
  using Given = T;
  static constexpr bool is_input = true;
  static constexpr bool is_list = false;
  static DelayedTaskPtr task(const Collection& argument) { return delayed_collection(argument.expr()); }
  static const T& take(const Call& call, std::size_t& next) { return input_of<T>(call, next++); }
};
template <>
struct DelayedArgument<Array> : DelayedWhole<Array, NdArray> {};
template <>
struct DelayedArgument<DataFrame> : DelayedWhole<DataFrame, Table> {};
template <>
struct DelayedArgument<Series> : DelayedWhole<Series, Table> {};

// Tasks that give nothing give this.
template <class R>
using DelayedResult = std::conditional_t<std::is_void_v<R>, std::monostate, std::decay_t<R>>;

}  // namespace detail

// A value that is still to be computed.
template <class T>
class Delayed {
 public:
  using Computed = T;

  // A value that is there already.
  explicit Delayed(T value, Location where = Location::current())
    requires(!std::is_same_v<T, std::shared_ptr<const Expr>>)
  {
    if constexpr (std::is_same_v<T, NdArray>)
      task_ = detail::delayed_array(std::move(value), where);
    else
      task_ = detail::delayed_object(std::make_shared<T>(std::move(value)), detail::ops_of<T>(), where);
  }
  // What persist() makes of one.
  explicit Delayed(const std::shared_ptr<const Expr>& values) : task_(detail::delayed_block(values, 0)) {}
  explicit Delayed(detail::DelayedTaskPtr task) : task_(std::move(task)) {}

  // Throws Error: see plait/compute.h.
  T compute(const RunSettings& settings = {}) const { return std::get<0>(compute_with(settings, *this)); }
  Delayed persist(const RunSettings& settings = {}) const { return std::get<0>(persist_with(settings, *this)); }

  std::shared_ptr<const Expr> expr() const { return detail::delayed_values({task_}); }
  static T computed(const Value& results) { return detail::take_result<T>(results, 0); }
  const detail::DelayedTaskPtr& task() const { return task_; }

 private:
  detail::DelayedTaskPtr task_;
};

// A function whose calls are delayed.
template <class F>
class DelayedFunction {
 public:
  DelayedFunction(std::string name, F f, Location where)
      : shared_(std::make_shared<Shared>(std::move(f), detail::delayed_group(std::move(name), where))) {}

  template <class... Args>
  auto operator()(Args&&... args) const {
    using R = std::invoke_result_t<F&, const typename Of<Args>::Given&...>;
    using Task = Delayed<detail::DelayedResult<R>>;
    if constexpr ((Of<Args>::is_list || ...)) {
      std::vector<detail::DelayedTaskPtr> inputs;
      (each_task(args, [&](detail::DelayedTaskPtr task) { inputs.push_back(std::move(task)); }), ...);
      return Task(detail::delayed_call(callee<R>(std::forward<Args>(args)...), inputs.data(), inputs.size()));
    } else {
      constexpr std::size_t kCount = (std::size_t{Of<Args>::is_input} + ... + 0);
      detail::DelayedTaskPtr inputs[kCount + 1];
      std::size_t next = 0;
      (each_task(args, [&](detail::DelayedTaskPtr task) { inputs[next++] = std::move(task); }), ...);
      if constexpr (kCount == sizeof...(Args))
        return Task(detail::delayed_call(shared_callee<R, std::decay_t<Args>...>(), inputs, kCount));
      else
        return Task(detail::delayed_call(callee<R>(std::forward<Args>(args)...), inputs, kCount));
    }
  }

 private:
  template <class A>
  using Of = detail::DelayedArgument<std::decay_t<A>>;

  struct Shared {
    Shared(F function, detail::DelayedGroupPtr group) : f(std::move(function)), group(std::move(group)) {}
    F f;
    detail::DelayedGroupPtr group;
    // Of calls that take nothing but results, which are all alike.
    std::mutex mutex;
    const std::type_info* argument_types = nullptr;
    detail::DelayedCallee callee;
  };

  template <class A, class Add>
  static void each_task(const A& argument, const Add& add) {
    if constexpr (Of<A>::is_list) {
      for (const auto& item : argument) add(item.task());
    } else if constexpr (Of<A>::is_input) {
      add(Of<A>::task(argument));
    }
  }

  struct Nothing {};
  // What a call keeps of an argument: the value itself, or how many results a list has.
  template <class A>
  static auto kept(A&& argument) {
    if constexpr (Of<A>::is_list)
      return argument.size();
    else if constexpr (Of<A>::is_input)
      return Nothing();
    else
      return std::decay_t<A>(std::forward<A>(argument));
  }

  template <class A, class Kept>
  static decltype(auto) given(const detail::Call& call, std::size_t& next, const Kept& kept) {
    if constexpr (Of<A>::is_list)
      return Of<A>::take(call, next, kept);
    else if constexpr (Of<A>::is_input)
      return Of<A>::take(call, next);
    else
      return (kept);
  }

  template <class R, class... Args, class Kept>
  static void run(F& f, detail::Call& task, const Kept& kept) {
    std::size_t next = 0;
    const auto call = [&]<std::size_t... I>(std::index_sequence<I...>) -> R {
      // Braces: the arguments take their inputs one after the other.
      std::tuple<decltype(given<Args>(task, next, std::get<I>(kept)))...> arguments{
          given<Args>(task, next, std::get<I>(kept))...};
      return f(std::as_const(std::get<I>(arguments))...);
    };
    if constexpr (std::is_void_v<R>) {
      call(std::index_sequence_for<Args...>{});
      task.yield(std::monostate());
    } else {
      task.yield<std::decay_t<R>>(call(std::index_sequence_for<Args...>{}));
    }
  }

  template <class R, class... Args>
  detail::DelayedCallee callee(Args&&... args) const {
    using Kept = std::tuple<decltype(kept(std::forward<Args>(args)))...>;
    Kept parts(kept(std::forward<Args>(args))...);
    if constexpr (std::is_copy_constructible_v<Kept>) {
      return detail::delayed_callee(shared_->group, [shared = shared_, parts = std::move(parts)](detail::Call& task) {
        run<R, std::decay_t<Args>...>(shared->f, task, parts);
      });
    } else {
      auto held = std::make_shared<const Kept>(std::move(parts));
      return detail::delayed_callee(shared_->group, [shared = shared_, held = std::move(held)](detail::Call& task) {
        run<R, std::decay_t<Args>...>(shared->f, task, *held);
      });
    }
  }

  template <class R, class... Args>
  detail::DelayedCallee shared_callee() const {
    const std::lock_guard lock(shared_->mutex);
    if (!shared_->argument_types || *shared_->argument_types != typeid(std::tuple<Args...>)) {
      using Kept = std::tuple<decltype(kept(std::declval<Args>()))...>;
      // The tasks hold the function only: what it is shared by holds this callee.
      auto f = std::shared_ptr<F>(std::make_shared<F>(shared_->f));
      shared_->callee = detail::delayed_callee(
          shared_->group, [f = std::move(f)](detail::Call& task) { run<R, Args...>(*f, task, Kept()); });
      shared_->argument_types = &typeid(std::tuple<Args...>);
    }
    return shared_->callee;
  }

  std::shared_ptr<Shared> shared_;
};

// A function that has a name in every process; so do its calls.
template <class F, class... Params>
class DelayedRegistered {
 public:
  using Result = typename RegisteredFunction<F, Params...>::Result;

  explicit DelayedRegistered(detail::DelayedCallee callee) : callee_(std::move(callee)) {}

  // Takes delayed values, and values that are there, each as its parameter says.
  template <class... Args>
    requires(sizeof...(Args) == sizeof...(Params))
  Delayed<Result> operator()(Args&&... args) const {
    detail::DelayedTaskPtr inputs[] = {task_of<Params>(std::forward<Args>(args))..., nullptr};
    return Delayed<Result>(detail::delayed_call(callee_, inputs, sizeof...(Args)));
  }

 private:
  template <class P>
  static detail::DelayedTaskPtr task_of(const Delayed<P>& argument) {
    return argument.task();
  }
  template <class P>
  static detail::DelayedTaskPtr task_of(P argument) {
    return Delayed<P>(std::move(argument)).task();
  }
  template <class P>
  static detail::DelayedTaskPtr task_of(const Array& argument)
    requires std::is_same_v<P, NdArray>
  {
    return detail::delayed_collection(argument.expr());
  }

  detail::DelayedCallee callee_;
};

// auto load = delayed("load", read_numbers);  `name` is what errors, pictures and progress bars call it.
template <class F>
DelayedFunction<F> delayed(std::string name, F f, Location where = Location::current()) {
  return DelayedFunction<F>(std::move(name), std::move(f), where);
}
template <class F>
DelayedFunction<F> delayed(F f, Location where = Location::current()) {
  return DelayedFunction<F>("delayed", std::move(f), where);
}
template <class F, class... Params>
DelayedRegistered<F, Params...> delayed(const RegisteredFunction<F, Params...>& f,
                                        Location where = Location::current()) {
  return DelayedRegistered<F, Params...>(detail::delayed_named(f.name, where));
}

// An array of one chunk, which is a delayed value. The run throws Error(value) if the value has another shape, and
// Error(type) if it has another dtype.
PLAIT_API Array from_delayed(const Delayed<NdArray>& value, const Shape& shape, DType dtype,
                             Location where = Location::current());
// A frame of delayed partitions; `meta`, a table without rows, says which columns they have. The run throws Error(type)
// if one has others.
PLAIT_API DataFrame from_delayed(const std::vector<Delayed<Table>>& partitions, const Table& meta,
                                 Location where = Location::current());
// The chunks in C order, and the partitions, as delayed values.
PLAIT_API std::vector<Delayed<NdArray>> to_delayed(const Array& array);
PLAIT_API std::vector<Delayed<Table>> to_delayed(const DataFrame& frame);

// Very many at once: one walk, one vector of results.
template <class T>
std::vector<T> compute(const std::vector<Delayed<T>>& values, const RunSettings& settings = {}) {
  std::vector<detail::DelayedTaskPtr> wanted;
  wanted.reserve(values.size());
  for (const auto& value : values) wanted.push_back(value.task());
  const auto results = detail::compute_plans({detail::delayed_values(wanted)}, settings);
  std::vector<T> taken;
  taken.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) taken.push_back(detail::take_result<T>(*results[0], i));
  return taken;
}

}  // namespace plait
