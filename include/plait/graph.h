// Task graphs of your own: functions, and which takes the results of which.
//
//   plait::TaskGraph graph;
//   auto load = graph.add("load", [] { return plait::array("[1, 2, 3]"); });
//   auto sum = graph.add("sum", [](const plait::NdArray& a) { return total(a); }, load);
//   std::cout << graph.run(sum);
//
// Results may be of any copyable C++ type. A result is kept as long as a task still needs it, and what nobody asked for
// is not computed. Functions may run at the same time in several threads. To run tasks in other processes, register
// their functions by name. A TaskGraph belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include "plait/export.h"
#include "plait/ndarray.h"

namespace plait {

class TaskGraph;

// A task that will yield a T.
template <class T>
class TaskHandle {
 public:
  using Result = T;

 private:
  friend class TaskGraph;
  std::uint32_t id_ = 0;
  const void* graph_ = nullptr;
};

struct TaskGraphOptions {
  std::string scheduler;                  // "threads", "sync", "processes"; empty: the setting scheduler
  int num_workers = 0;                    // 0: one a core
  std::uint64_t memory_budget_bytes = 0;  // 0: the setting memory-budget
};

// How values of a type pass between processes and to disk: numbers, structs of numbers, text, vectors of them and
// NdArray do. Specialise Travel for others: `static std::string pack(const T&)` and `static T
// unpack(std::string_view)`.
//
// Records name the type: numbers, text and vectors by their meaning, others by `name`, which every program that reads
// the records gives to the same type; without one, by what the compiler calls the type.
//   template <>
//   struct plait::Travel<Point> : plait::TravelAsBytes<Point> {
//     static constexpr auto name = "point";
//   };
template <class T>
struct TravelAsBytes {
  static constexpr bool is_possible = std::is_trivially_copyable_v<T>;
  static std::string pack(const T& value) { return {reinterpret_cast<const char*>(&value), sizeof(T)}; }
  static T unpack(std::string_view bytes) {
    T value{};
    if (bytes.size() != sizeof(T)) throw io_error("a packed value has the wrong size: it is damaged");
    bytes.copy(reinterpret_cast<char*>(&value), sizeof(T));
    return value;
  }
};
template <class T>
struct Travel : TravelAsBytes<T> {};
template <>
struct Travel<std::string> {
  static constexpr auto name = "text";
  static constexpr bool is_possible = true;
  static std::string pack(const std::string& text) { return text; }
  static std::string unpack(std::string_view bytes) { return std::string(bytes); }
};
template <class T>
  requires(std::is_trivially_copyable_v<T> && !std::is_same_v<T, bool>)
struct Travel<std::vector<T>> {
  static constexpr bool is_possible = true;
  static std::string pack(const std::vector<T>& items) {
    return {reinterpret_cast<const char*>(items.data()), items.size() * sizeof(T)};
  }
  static std::vector<T> unpack(std::string_view bytes) {
    std::vector<T> items(bytes.size() / sizeof(T));
    bytes.copy(reinterpret_cast<char*>(items.data()), items.size() * sizeof(T));
    return items;
  }
};

namespace detail {

// What is known of a C++ type once it has been erased.
struct ObjectOps {
  const std::type_info* type;
  std::string name;  // in records
  bool is_number;    // or a vector of numbers: C++ has several types for one meaning
  std::size_t (*num_bytes)(const void*);
  std::string (*pack)(const void*);  // null if it cannot travel
  std::shared_ptr<const void> (*unpack)(std::string_view);
};

template <class T>
constexpr bool can_travel() {
  if constexpr (requires { Travel<T>::is_possible; })
    return Travel<T>::is_possible;
  else
    return true;
}

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
std::string name_in_records() {
  const auto bits = std::to_string(8 * sizeof(T));
  if constexpr (requires { std::string(Travel<T>::name); }) return Travel<T>::name;
  if constexpr (std::is_same_v<T, bool>) return "bool";
  if constexpr (std::is_floating_point_v<T>) return "float" + bits;
  if constexpr (std::is_integral_v<T>) return (std::is_signed_v<T> ? "int" : "uint") + bits;
  if constexpr (is_vector<T>) return "vector of " + name_in_records<typename T::value_type>();
  return typeid(T).name();
}

template <class T>
constexpr bool is_number() {
  if constexpr (is_vector<T>)
    return std::is_arithmetic_v<typename T::value_type>;
  else
    return std::is_arithmetic_v<T>;
}

template <class T>
const ObjectOps* ops_of() {
  static constexpr auto num_bytes = [](const void* data) -> std::size_t {
    if constexpr (requires(const T& t) {
                    t.capacity();
                    sizeof(typename T::value_type);
                  }) {
      return sizeof(T) + static_cast<const T*>(data)->capacity() * sizeof(typename T::value_type);
    } else {
      (void)data;
      return sizeof(T);
    }
  };
  if constexpr (can_travel<T>()) {
    static const ObjectOps ops{&typeid(T),
                               name_in_records<T>(),
                               is_number<T>(),
                               num_bytes,
                               [](const void* data) { return Travel<T>::pack(*static_cast<const T*>(data)); },
                               [](std::string_view bytes) -> std::shared_ptr<const void> {
                                 return std::make_shared<const T>(Travel<T>::unpack(bytes));
                               }};
    return &ops;
  } else {
    static const ObjectOps ops{&typeid(T), typeid(T).name(), false, num_bytes, nullptr, nullptr};
    return &ops;
  }
}

// One call of a task's function: its inputs, and the place for its result.
class PLAIT_API Call {
 public:
  template <class T>
  const T& input(std::size_t i) const {
    return *static_cast<const T*>(input(i, *ops_of<T>()));
  }
  template <class T>
  void yield(T value) {
    if constexpr (std::is_same_v<T, NdArray>)
      yield_array(std::move(value));
    else
      yield_object(std::make_shared<T>(std::move(value)), ops_of<T>());  // not const: it may be moved out
  }
  std::size_t num_inputs() const;
  std::size_t index() const;  // of the task in add_many

 private:
  const void* input(std::size_t i, const ObjectOps& type) const;
  void yield_array(NdArray value);
  void yield_object(std::shared_ptr<const void> value, const ObjectOps* ops);
};

using Function = std::function<void(Call&)>;

template <class R, class Body>
void yield_result(Call& call, Body&& body) {
  if constexpr (std::is_void_v<R>)
    body();
  else
    call.yield<std::decay_t<R>>(body());
}

// f(input 0, input 1, ...)
template <class F, class... Args>
Function call_with(F f) {
  using R = std::invoke_result_t<F&, const Args&...>;
  return [f = std::move(f)](Call& call) mutable {
    yield_result<R>(call, [&]() -> R {
      return [&]<std::size_t... I>(std::index_sequence<I...>) -> R {
        return f(call.input<Args>(I)...);
      }(std::index_sequence_for<Args...>{});
    });
  };
}

PLAIT_API void register_named(const std::string& name, Function function, std::vector<const ObjectOps*> types);

}  // namespace detail

// A function that has a name in every process of this program.
template <class F, class... Args>
struct RegisteredFunction {
  using Result = std::decay_t<std::invoke_result_t<F&, const Args&...>>;
  std::string name;
};

// Makes `f` known by its name: register_function<int, int>("add", [](int a, int b) { return a + b; }). To be called
// before plait::init, or to initialise a static variable.
template <class... Args, class F>
RegisteredFunction<F, Args...> register_function(const std::string& name, F f) {
  using R = std::decay_t<std::invoke_result_t<F&, const Args&...>>;
  std::vector<const detail::ObjectOps*> types{detail::ops_of<Args>()...};
  if constexpr (!std::is_void_v<R>) types.push_back(detail::ops_of<R>());
  detail::register_named(name, detail::call_with<F, Args...>(std::move(f)), std::move(types));
  return {name};
}

class PLAIT_API TaskGraph {
 public:
  TaskGraph();
  TaskGraph(TaskGraph&&) noexcept;
  TaskGraph& operator=(TaskGraph&&) noexcept;
  ~TaskGraph();

  // A task that calls f with the results of `inputs`. Throws Error(key) if the name is taken.
  template <class F, class... Args>
    requires std::is_invocable_v<F&, const Args&...>
  auto add(const std::string& name, F f, const TaskHandle<Args>&... inputs)
      -> TaskHandle<std::decay_t<std::invoke_result_t<F&, const Args&...>>> {
    using R = std::decay_t<std::invoke_result_t<F&, const Args&...>>;
    return handle<R>(add_function(name, detail::call_with<F, Args...>(std::move(f)), {id_of(inputs)...}));
  }
  // A task that calls f with the results of `inputs` in one vector.
  template <class F, class T>
    requires std::is_invocable_v<F&, const std::vector<T>&>
  auto add(const std::string& name, F f, const std::vector<TaskHandle<T>>& inputs)
      -> TaskHandle<std::decay_t<std::invoke_result_t<F&, const std::vector<T>&>>> {
    using R = std::decay_t<std::invoke_result_t<F&, const std::vector<T>&>>;
    return handle<R>(add_function(
        name,
        [f = std::move(f)](detail::Call& call) mutable {
          detail::yield_result<R>(call, [&]() -> R {
            std::vector<T> values;
            for (std::size_t i = 0; i < call.num_inputs(); ++i) values.push_back(call.input<T>(i));
            return f(values);
          });
        },
        ids_of(inputs)));
  }
  // A task that calls a function known by name; it can run in another process.
  template <class F, class... Args>
  auto add(const std::string& name, const RegisteredFunction<F, Args...>& f, const TaskHandle<Args>&... inputs)
      -> TaskHandle<typename RegisteredFunction<F, Args...>::Result> {
    return handle<typename RegisteredFunction<F, Args...>::Result>(add_named(name, f.name, {id_of(inputs)...}));
  }
  // A value that is there already.
  template <class T>
  TaskHandle<T> value(const std::string& name, T data) {
    if constexpr (std::is_same_v<T, NdArray>)
      return handle<T>(add_array(name, std::move(data)));
    else
      return handle<T>(add_object(name, std::make_shared<const T>(std::move(data)), detail::ops_of<T>()));
  }
  // `count` independent tasks: f(0), f(1), ..., or f() each time. The way to make very many.
  template <class F>
    requires(std::is_invocable_v<F&> || std::is_invocable_v<F&, std::size_t>)
  auto add_many(const std::string& name, std::size_t count, F f) {
    if constexpr (std::is_invocable_v<F&, std::size_t>) {
      using R = std::decay_t<std::invoke_result_t<F&, std::size_t>>;
      return handles<R>(add_functions(name, count,
                                      [f = std::move(f)](detail::Call& call) mutable {
                                        detail::yield_result<R>(call, [&]() -> R { return f(call.index()); });
                                      }),
                        count);
    } else {
      using R = std::decay_t<std::invoke_result_t<F&>>;
      return handles<R>(add_functions(name, count, detail::call_with<F>(std::move(f))), count);
    }
  }

  // Runs what the task needs and gives back its result. If a task fails, throws an Error of the cause's kind, whose
  // message holds the cause's text, the task's key and the line that made it.
  template <class T>
  T run(const TaskHandle<T>& task, const TaskGraphOptions& options = {}) {
    const Results results = run_ids({id_of(task)}, options);
    if constexpr (!std::is_void_v<T>) return *static_cast<const T*>(result(results, 0, *detail::ops_of<T>()));
  }
  template <class T>
  std::vector<T> run(const std::vector<TaskHandle<T>>& tasks, const TaskGraphOptions& options = {}) {
    const Results results = run_ids(ids_of(tasks), options);
    std::vector<T> values;
    for (std::size_t i = 0; i < tasks.size(); ++i)
      values.push_back(*static_cast<const T*>(result(results, i, *detail::ops_of<T>())));
    return values;
  }
  // Runs every task; results are dropped.
  void run_all(const TaskGraphOptions& options = {});

  // Writes what these tasks need to a file, for a program that has registered the same functions. Throws Error(type) if
  // one of the functions has no name.
  template <class... T>
  void save(const std::string& path, const TaskHandle<T>&... tasks) const {
    save_ids(path, {id_of(tasks)...});
  }
  // The graph that `save` wrote, and its tasks: auto [graph, sum] = TaskGraph::load<int>("sum.graph"). Throws Error(io)
  // if the file cannot be read, is damaged or names functions that this program does not have, and Error(value) unless
  // it was saved with so many tasks.
  template <class... T>
  static std::tuple<TaskGraph, TaskHandle<T>...> load(const std::string& path) {
    TaskGraph graph;
    const std::vector<std::uint32_t> ids = graph.load_ids(path, sizeof...(T));
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      std::tuple<TaskHandle<T>...> handles{graph.handle<T>(ids[I])...};
      return std::tuple_cat(std::tuple<TaskGraph>(std::move(graph)), std::move(handles));
    }(std::index_sequence_for<T...>{});
  }

  std::size_t size() const;
  // Draws the graph to a file: .svg, .png, .pdf or .dot.
  void visualize(const std::string& path) const;

 private:
  using Results = std::shared_ptr<const void>;
  struct Impl;

  template <class T>
  TaskHandle<T> handle(std::uint32_t id) const {
    TaskHandle<T> made;
    made.id_ = id;
    made.graph_ = impl_.get();
    return made;
  }
  template <class T>
  std::vector<TaskHandle<T>> handles(std::uint32_t first, std::size_t count) const {
    std::vector<TaskHandle<T>> all;
    // Tasks without a result are run by run_all; nobody needs a million handles to them.
    if constexpr (!std::is_void_v<T>) {
      for (std::size_t i = 0; i < count; ++i) all.push_back(handle<T>(first + static_cast<std::uint32_t>(i)));
    }
    return all;
  }
  template <class T>
  std::uint32_t id_of(const TaskHandle<T>& task) const {
    if (task.graph_ != impl_.get()) throw value_error("task graph: an input is a task of another graph");
    return task.id_;
  }
  template <class T>
  std::vector<std::uint32_t> ids_of(const std::vector<TaskHandle<T>>& tasks) const {
    std::vector<std::uint32_t> ids;
    for (const auto& task : tasks) ids.push_back(id_of(task));
    return ids;
  }

  std::uint32_t add_function(const std::string& name, detail::Function function,
                             const std::vector<std::uint32_t>& inputs);
  std::uint32_t add_functions(const std::string& name, std::size_t count, detail::Function function);
  std::uint32_t add_named(const std::string& name, const std::string& function,
                          const std::vector<std::uint32_t>& inputs);
  std::uint32_t add_array(const std::string& name, NdArray value);
  std::uint32_t add_object(const std::string& name, std::shared_ptr<const void> value, const detail::ObjectOps* ops);
  void save_ids(const std::string& path, const std::vector<std::uint32_t>& tasks) const;
  std::vector<std::uint32_t> load_ids(const std::string& path, std::size_t count);
  Results run_ids(const std::vector<std::uint32_t>& tasks, const TaskGraphOptions& options) const;
  static const void* result(const Results& results, std::size_t i, const detail::ObjectOps& type);

  std::unique_ptr<Impl> impl_;
};

}  // namespace plait
