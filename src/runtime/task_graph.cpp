#include <fmt/format.h>

#include <map>
#include <mutex>
#include <unordered_set>

#include "base/function.h"
#include "base/record_file.h"
#include "graph/draw.h"
#include "graph/graph.h"
#include "plait/graph.h"
#include "runtime/executor.h"
#include "runtime/objects.h"
#include "runtime/parcel.h"

namespace plait {
namespace {

struct TypesByName {
  std::mutex mutex;
  std::map<std::string, const detail::ObjectOps*> types;
};

TypesByName& types_by_name() {
  static auto* instance = new TypesByName;
  return *instance;
}

void remember_type(const detail::ObjectOps* ops) {
  std::lock_guard lock(types_by_name().mutex);
  const auto [known, is_new] = types_by_name().types.emplace(ops->name, ops);
  if (is_new || *known->second->type == *ops->type || ops->is_number) return;
  throw type_error(fmt::format("two C++ types have the name '{}' in records: {} and {}; Travel<T>::name must differ",
                               ops->name, known->second->type->name(), ops->type->name()));
}

const detail::ObjectOps* type_named(const std::string& name) {
  std::lock_guard lock(types_by_name().mutex);
  const auto found = types_by_name().types.find(name);
  if (found == types_by_name().types.end())
    throw io_error("a record holds a value of C++ type " + name + ", which no registered function takes or returns");
  return found->second;
}

}  // namespace

template <>
const ValueType& value_type<Object>() {
  static const ValueType type = {
      .name = "object",
      .num_bytes =
          [](const void* data) {
            const auto& object = *static_cast<const Object*>(data);
            return object.ops->num_bytes(object.data.get());
          },
      .describe =
          [](const void* data) {
            return fmt::format("C++ object of type {}", static_cast<const Object*>(data)->ops->name);
          },
      .encode =
          [](Encoder& to, const void* data) {
            const auto& object = *static_cast<const Object*>(data);
            if (!object.ops->pack) {
              throw type_error(
                  fmt::format("a value of C++ type {} has no form outside its process: specialise plait::Travel for it",
                              object.ops->name));
            }
            remember_type(object.ops);
            encode(to, object.ops->name);
            auto packed = std::make_shared<const std::string>(object.ops->pack(object.data.get()));
            to.write_blob({packed, reinterpret_cast<const std::byte*>(packed->data()), packed->size()});
          },
      .decode = [](Decoder& from) -> std::shared_ptr<const void> {
        const detail::ObjectOps* ops = type_named(decode<std::string>(from));
        const Blob blob = from.read_blob();
        return std::make_shared<const Object>(
            Object{ops->unpack({reinterpret_cast<const char*>(blob.data), blob.size}), ops});
      }};
  return type;
}

void register_object_types() {
  static const bool once = [] {
    register_base_value_types();
    register_value_type(value_type<Object>());
    register_graph_kernels();
    register_parcels();
    return true;
  }();
  (void)once;
}

const void* object_in(const Value& value, const detail::ObjectOps& type) {
  if (const auto* array = value.get_if<NdArray>(); array && *type.type == typeid(NdArray)) return array;
  const auto* object = value.get_if<Object>();
  PLAIT_CHECK(object != nullptr && (*object->ops->type == *type.type || object->ops->name == type.name));
  return object->data.get();
}

Function::Run calling(detail::Function function) {
  return
      [function = std::make_shared<detail::Function>(std::move(function))](Inputs inputs, const TaskContext& context) {
        RunningCall call(inputs, context.block());
        (*function)(call);
        return std::move(call.result);
      };
}

namespace detail {

std::size_t Call::num_inputs() const { return static_cast<const RunningCall*>(this)->inputs.size(); }
std::size_t Call::index() const { return static_cast<const RunningCall*>(this)->index; }

const void* Call::input(std::size_t i, const ObjectOps& type) const {
  return object_in(static_cast<const RunningCall*>(this)->inputs[i], type);
}
void Call::yield_array(NdArray value) { static_cast<RunningCall*>(this)->result = Value::of(std::move(value)); }
void Call::yield_object(std::shared_ptr<const void> value, const ObjectOps* ops) {
  static_cast<RunningCall*>(this)->result = Value::of(Object{std::move(value), ops});
}

void register_named(const std::string& name, Function function, std::vector<const ObjectOps*> types) {
  register_object_types();
  for (const ObjectOps* ops : types) remember_type(ops);
  plait::Function::registered(name, calling(std::move(function)));
}

}  // namespace detail

struct TaskGraph::Impl {
  std::shared_ptr<Graph> graph = std::make_shared<Graph>();  // a run shares it; without a poll none is abandoned
  std::unordered_set<std::string> names;

  LayerId add_layer(const std::string& name, std::vector<std::int64_t> grid = {}) {
    if (!names.insert(name).second)
      throw key_error(
          fmt::format("task graph: there is a task named '{}' already; give every task its own name", name));
    return graph->add_layer({.name = name, .op = name, .grid = std::move(grid)});
  }
};

TaskGraph::TaskGraph() : impl_(std::make_unique<Impl>()) { register_object_types(); }
TaskGraph::TaskGraph(TaskGraph&&) noexcept = default;
TaskGraph& TaskGraph::operator=(TaskGraph&&) noexcept = default;
TaskGraph::~TaskGraph() = default;

std::size_t TaskGraph::size() const { return impl_->graph->size(); }

std::uint32_t TaskGraph::add_function(const std::string& name, detail::Function function,
                                      const std::vector<std::uint32_t>& inputs) {
  const LayerId layer = impl_->add_layer(name);
  return impl_->graph->add_task(call_kernel(Function(name, calling(std::move(function)))), inputs, layer, 0);
}

std::uint32_t TaskGraph::add_functions(const std::string& name, std::size_t count, detail::Function function) {
  const LayerId layer = impl_->add_layer(name, {static_cast<std::int64_t>(count)});
  const CallId call = impl_->graph->add_call(call_kernel(Function(name, calling(std::move(function)))));
  const auto first = static_cast<std::uint32_t>(size());
  impl_->graph->reserve(size() + count, impl_->graph->num_edges());
  for (std::size_t i = 0; i < count; ++i) impl_->graph->add_task(call, {}, layer, static_cast<std::uint32_t>(i));
  return first;
}

std::uint32_t TaskGraph::add_named(const std::string& name, const std::string& function,
                                   const std::vector<std::uint32_t>& inputs) {
  return impl_->graph->add_task(call_kernel(Function::named(function)), inputs, impl_->add_layer(name), 0);
}

std::uint32_t TaskGraph::add_array(const std::string& name, NdArray value) {
  return impl_->graph->add_value(Value::of(std::move(value)), impl_->add_layer(name), 0);
}

std::uint32_t TaskGraph::add_object(const std::string& name, std::shared_ptr<const void> value,
                                    const detail::ObjectOps* ops) {
  return impl_->graph->add_value(Value::of(Object{std::move(value), ops}), impl_->add_layer(name), 0);
}

namespace {

RunOptions run_options(const TaskGraphOptions& options) {
  return {.num_workers = options.num_workers, .memory_budget_bytes = options.memory_budget_bytes};
}

}  // namespace

void TaskGraph::run_all(const TaskGraphOptions& options) {
  executor_named(options.scheduler).run(impl_->graph, run_options(options));
}

void TaskGraph::save_ids(const std::string& path, const std::vector<std::uint32_t>& tasks) const {
  Encoder to;
  encode(to, cull(*impl_->graph, tasks));
  write_record_file(path, to.take(), "save");
}

std::vector<std::uint32_t> TaskGraph::load_ids(const std::string& path, std::size_t count) {
  const Record record = read_record_file(path);
  Decoder from(record);
  impl_->graph = std::make_shared<Graph>(decode<Graph>(from));
  for (const Layer& layer : impl_->graph->layers()) impl_->names.insert(layer.name);
  const auto tasks = impl_->graph->outputs();
  if (tasks.size() != count)
    throw value_error(fmt::format("task graph: {} holds {} wanted tasks, expected {}", path, tasks.size(), count));
  return {tasks.begin(), tasks.end()};
}

TaskGraph::Results TaskGraph::run_ids(const std::vector<std::uint32_t>& tasks, const TaskGraphOptions& options) const {
  return std::make_shared<const std::vector<Value>>(
      executor_named(options.scheduler).run(cull(*impl_->graph, tasks), run_options(options)));
}

const void* TaskGraph::result(const Results& results, std::size_t i, const detail::ObjectOps& type) {
  return object_in((*static_cast<const std::vector<Value>*>(results.get()))[i], type);
}

void TaskGraph::visualize(const std::string& path) const { draw(*impl_->graph, path); }

}  // namespace plait
