#include <fmt/format.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <condition_variable>
#include <thread>

#include "cluster.h"
#include "cluster/failures.h"
#include "cluster/remote_value.h"
#include "cluster/start.h"
#include "cluster/token_file.h"
#include "cluster_calls.h"
#include "expr/expr.h"
#include "expr/plan.h"
#include "gil.h"
#include "graph_reader.h"
#include "plain_data.h"
#include "plan.h"
#include "task_call.h"
#include "values.h"

namespace plait::python {
namespace {

using cluster::ClientCore;
using cluster::ClientPtr;
using cluster::KeyChange;
using cluster::RemoteValue;
using Keys = std::vector<std::string>;

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::clamp(seconds, 0.0, 1e9) * 1000));
}

// --- Changes of keys, told on a thread that may wait for the GIL ---

class ChangeTeller {
 public:
  explicit ChangeTeller(PyRef callback) : callback_(std::move(callback)), thread_([this] { tell_all(); }) {}
  // Without the GIL.
  ~ChangeTeller() {
    {
      std::lock_guard lock(mutex_);
      is_over_ = true;
      wake_.notify_all();
    }
    thread_.join();
  }

  void add(std::vector<KeyChange> news) {
    std::lock_guard lock(mutex_);
    news_.insert(news_.end(), std::make_move_iterator(news.begin()), std::make_move_iterator(news.end()));
    wake_.notify_all();
  }

 private:
  void tell_all() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return is_over_ || !news_.empty(); });
      if (is_over_) return;
      const std::vector<KeyChange> news = std::exchange(news_, {});
      lock.unlock();
      {
        const Gil gil;
        for (const KeyChange& change : news) {
          try {
            callback_.get()(change.key, cluster::status_name(change.status));
          } catch (nb::python_error& error) {
            error.discard_as_unraisable("a callback of a cluster's client");
          }
        }
        drop_dead_objects();
      }
      lock.lock();
    }
  }

  const PyRef callback_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<KeyChange> news_;
  bool is_over_ = false;
  std::thread thread_;
};

// --- What users demand of tasks ---

std::optional<message::Annotation> annotation_of(const nb::object& given) {
  if (given.is_none()) return std::nullopt;
  message::Annotation annotation;
  for (auto [key, value] : nb::cast<nb::dict>(given)) {
    const std::string name = nb::str(key).c_str();
    if (value.is_none()) continue;
    if (name == "priority") {
      annotation.priority = nb::cast<std::int32_t>(nb::int_(value));
    } else if (name == "retries") {
      annotation.retries = nb::cast<std::uint32_t>(nb::int_(value));
    } else if (name == "workers") {
      if (PyUnicode_Check(value.ptr()))
        annotation.workers = {nb::cast<std::string>(value)};
      else
        for (nb::handle worker : value) annotation.workers.push_back(nb::str(worker).c_str());
    } else if (name == "allow_other_workers") {
      annotation.allow_other_workers = nb::cast<bool>(value);
    } else if (name == "resources") {
      for (auto [resource, amount] : nb::cast<nb::dict>(value))
        annotation.resources[nb::str(resource).c_str()] = nb::cast<double>(nb::float_(amount));
    } else if (name == "memory") {
      annotation.memory_bytes = nb::cast<std::uint64_t>(value);
    } else if (name == "actor") {
      annotation.is_actor = nb::cast<bool>(value);
    } else {
      throw type_error(
          fmt::format("annotations of tasks are priority, retries, workers, allow_other_workers, resources, "
                      "memory and actor; found '{}'",
                      name));
    }
  }
  return annotation;
}

// --- Clients ---

class PythonClient {
 public:
  PythonClient(const std::string& address, const std::optional<std::string>& token_file, double timeout,
               const std::string& name) {
    const NoGil no_gil;
    cluster::start_cluster();
    core_ = ClientCore::connect(address, token_file ? cluster::token_in(*token_file) : cluster::user_token(), name,
                                milliseconds(timeout));
    cluster::make_default(core_);
  }
  ~PythonClient() {
    const NoGil no_gil;
    close_quietly();
  }

  const ClientPtr& core() const { return core_; }
  ClientCore& operator*() const { return *core_; }

  void close() {
    const NoGil no_gil;
    close_quietly();
  }

  void on_change(const nb::object& callback) {
    auto teller = callback.is_none() ? nullptr : std::make_unique<ChangeTeller>(PyRef(callback));
    const NoGil no_gil;
    ChangeTeller* told = teller.get();
    if (told)
      core_->on_change([told](std::vector<KeyChange> news) { told->add(std::move(news)); });
    else
      core_->on_change(nullptr);
    teller_.swap(teller);
  }

 private:
  void close_quietly() {
    core_->close();
    teller_.reset();
  }

  ClientPtr core_;
  std::unique_ptr<ChangeTeller> teller_;
};

void submit_calls(PythonClient& client, nb::handle function, const nb::list& arguments, const nb::object& kwargs,
                  const nb::list& keys, const nb::object& annotations) {
  const std::optional<message::Annotation> annotation = annotation_of(annotations);
  const Graph graph =
      graph_of_calls(*client, function, arguments, kwargs.is_none() ? nb::dict() : nb::cast<nb::dict>(kwargs), keys);
  std::vector<message::NamedTask> outputs;
  for (std::size_t i = 0; i < graph.outputs().size(); ++i)
    outputs.push_back({graph.outputs()[i], nb::cast<std::string>(keys[i])});
  const NoGil no_gil;
  (*client).submit(graph, std::move(outputs), annotation);
}

std::vector<message::NamedTask> named_outputs(const Graph& graph, const Keys& keys) {
  if (keys.size() != graph.outputs().size())
    throw value_error(fmt::format("submit_graph: the graph has {} outputs, which need as many keys; found {}",
                                  graph.outputs().size(), keys.size()));
  std::vector<message::NamedTask> outputs;
  for (std::size_t i = 0; i < keys.size(); ++i) outputs.push_back({graph.outputs()[i], keys[i]});
  return outputs;
}

// A raw graph: what makes the values of `wanted`, under the names `keys`.
void submit_raw_graph(PythonClient& client, const nb::dict& tasks, const nb::list& wanted, const Keys& keys,
                      const nb::object& annotations) {
  const std::optional<message::Annotation> annotation = annotation_of(annotations);
  std::vector<nb::object> all;
  for (nb::handle key : wanted) all.push_back(nb::borrow(key));
  const Graph graph = read_graph(tasks, all);
  const NoGil no_gil;
  (*client).submit(graph, named_outputs(graph, keys), annotation);
}

// Collections, whose blocks get the given names; what comes back are the collections with blocks on the cluster.
std::vector<ExprHandle> submit_plans(PythonClient& client, const std::vector<ExprHandle>& handles,
                                     const std::optional<Keys>& given, bool optimized, const nb::object& annotations) {
  const std::optional<message::Annotation> annotation = annotation_of(annotations);
  const NoGil no_gil;
  Roots roots;
  for (const ExprHandle& handle : handles) roots.push_back(handle.expr);
  const Roots lowered = optimized ? optimize(roots) : lower_only(roots);
  const Graph graph = build_graph(lowered, check_signals);
  Keys keys;
  for (const ExprPtr& root : roots) {
    for (std::int64_t block = 0; !given && block < root->meta().num_blocks(); ++block)
      keys.push_back(fmt::format("{}-{}", root->name(), block));
  }
  if (given) keys = *given;
  (*client).submit(graph, named_outputs(graph, keys), annotation);
  std::vector<ExprHandle> kept;
  auto next = keys.begin();
  for (std::size_t i = 0; i < roots.size(); ++i) {
    std::vector<Value> blocks;
    for (std::int64_t block = 0; block < lowered[i]->meta().num_blocks(); ++block)
      blocks.push_back(Value::of(RemoteValue(std::make_shared<cluster::KeyHandle>(client.core(), *next++))));
    kept.push_back(
        {blocks_expr(lowered[i]->meta_ptr(), std::move(blocks), roots[i]->token(), std::string(roots[i]->op()))});
  }
  return kept;
}

std::vector<std::string> remote_keys(const std::vector<ExprHandle>& handles) {
  Roots roots;
  for (const ExprHandle& handle : handles) roots.push_back(handle.expr);
  const Graph graph = build_graph(lower_only(roots));
  Keys keys;
  for (TaskId task = 0; task < graph.size(); ++task) {
    const Value* value = graph.value_of(task);
    if (const auto* remote = value ? value->get_if<RemoteValue>() : nullptr) keys.push_back(remote->key());
  }
  return keys;
}

void scatter(PythonClient& client, const nb::list& objects, const Keys& keys,
             const std::optional<std::vector<std::string>>& workers, const nb::object& broadcast) {
  if (nb::len(objects) != keys.size())
    throw value_error(fmt::format("scatter: {} objects need as many keys; found {}", nb::len(objects), keys.size()));
  std::uint32_t num_copies = 1;
  if (PyBool_Check(broadcast.ptr()))
    num_copies = broadcast.ptr() == Py_True ? 0 : 1;
  else if (!broadcast.is_none())
    num_copies = nb::cast<std::uint32_t>(broadcast);
  std::vector<Value> values;
  for (nb::handle object : objects) values.push_back(Value::of(PyRef(object)));
  const NoGil no_gil;
  for (std::size_t i = 0; i < keys.size(); ++i)
    (*client).scatter(keys[i], values[i], workers.value_or(std::vector<std::string>()), num_copies);
}

nb::list gather(PythonClient& client, const Keys& keys) {
  std::vector<Parcel> parcels;
  {
    const NoGil no_gil;
    parcels = (*client).gather(keys, check_signals);
  }
  nb::list results;
  for (const Parcel& parcel : parcels) results.append(to_python(parcel.value()));
  return results;
}

// (keys that are done, keys that are not); a timeout is no error here.
nb::tuple wait(PythonClient& client, const Keys& keys, std::optional<double> timeout, const std::string& return_when) {
  const auto what = return_when == "FIRST_COMPLETED"   ? cluster::WaitFor::any
                    : return_when == "FIRST_EXCEPTION" ? cluster::WaitFor::first_error
                                                       : cluster::WaitFor::all;
  if (what == cluster::WaitFor::all && return_when != "ALL_COMPLETED")
    throw value_error(
        fmt::format("return_when is 'ALL_COMPLETED', 'FIRST_COMPLETED' or 'FIRST_EXCEPTION'; found '{}'", return_when));
  std::vector<KeyStatus> states;
  {
    const NoGil no_gil;
    (*client).wait(keys, what, timeout ? std::optional(milliseconds(*timeout)) : std::nullopt, check_signals);
    states = (*client).statuses(keys);
  }
  nb::list done;
  nb::list not_done;
  for (std::size_t i = 0; i < keys.size(); ++i) (states[i] == KeyStatus::pending ? not_done : done).append(keys[i]);
  return nb::make_tuple(done, not_done);
}

nb::list states(PythonClient& client, const Keys& keys) {
  nb::list names;
  for (KeyStatus status : (*client).statuses(keys)) names.append(cluster::status_name(status));
  return names;
}

// The exception that `raise` throws.
template <class Raise>
nb::object exception_of(const Raise& raise) {
  try {
    nb::cpp_function([&raise] { raise(); })();
  } catch (nb::python_error& error) {
    nb::object exception = nb::borrow(error.value());
    return exception;
  }
  return nb::none();
}

nb::object error_of(PythonClient& client, const std::string& key) {
  const std::optional<Fault> fault = (*client).fault(key);
  if (!fault) return nb::none();
  return exception_of([&] { throw TaskError(*fault); });
}

std::uint64_t number_in(const cluster::PlainData& arguments, const std::string& name, std::uint64_t otherwise) {
  const auto* number = std::get_if<std::int64_t>(&cluster::entry(arguments, name).held);
  return number ? static_cast<std::uint64_t>(*number) : otherwise;
}

// Questions that the state machine answers when it has done something.
std::optional<message::FromClient> request_of(const std::string& what, const cluster::PlainData& arguments) {
  const Keys keys = cluster::texts_of(cluster::entry(arguments, "keys"));
  const Keys workers = cluster::texts_of(cluster::entry(arguments, "workers"));
  if (what == "replicate")
    return message::Replicate{0, keys, static_cast<std::uint32_t>(number_in(arguments, "n", 0)), workers};
  if (what == "rebalance") return message::Rebalance{0, keys, workers};
  if (what == "retire") {
    const auto* close = std::get_if<bool>(&cluster::entry(arguments, "close").held);
    return message::Retire{0, workers, !close || *close};
  }
  if (what == "restart") return message::Restart{0};
  return std::nullopt;
}

nb::object ask(PythonClient& client, const std::string& what, const nb::object& arguments) {
  const cluster::PlainData told = plain_from_python(arguments);
  cluster::PlainData answer;
  {
    const NoGil no_gil;
    if (const auto request = request_of(what, told)) {
      const message::Done done = (*client).request(*request, check_signals);
      if (!done.ok) throw value_error(done.text);
      answer = cluster::list_of(done.names);
    } else {
      answer = (*client).ask(what, told, check_signals);
    }
  }
  return plain_to_python(answer);
}

template <class E>
E enumerator_named(const char* what, const std::string& name, std::initializer_list<const char*> names) {
  std::size_t place = 0;
  for (const char* each : names) {
    if (name == each) return static_cast<E>(place);
    ++place;
  }
  throw value_error(fmt::format("a cluster knows no {} '{}'", what, name));
}

// Locks, semaphores, events, queues, variables and datasets: (ok, number, [(bytes, keys)], names).
nb::tuple share(PythonClient& client, const std::string& kind, const std::string& action, const Keys& names,
                std::uint32_t limit, std::uint32_t count, std::optional<double> timeout, std::uint64_t owner,
                const nb::bytes& data, const Keys& keys) {
  message::ObjectRequest request{
      .kind = enumerator_named<message::ObjectKind>("shared object", kind,
                                                    {"lock", "semaphore", "event", "queue", "variable", "dataset"}),
      .action = enumerator_named<message::ObjectAction>("action", action,
                                                        {"acquire", "release", "get", "put", "remove", "info"}),
      .names = names,
      .limit = limit,
      .count = count,
      .timeout_ns = timeout ? static_cast<Time>(*timeout * 1e9) : -1,
      .owner = owner,
      .item = {{reinterpret_cast<const std::uint8_t*>(data.c_str()),
                reinterpret_cast<const std::uint8_t*>(data.c_str()) + data.size()},
               keys}};
  message::ObjectReply reply;
  {
    const NoGil no_gil;
    reply = (*client).request_object(std::move(request), check_signals);
  }
  nb::list items;
  for (const message::Item& item : reply.items)
    items.append(nb::make_tuple(nb::bytes(reinterpret_cast<const char*>(item.bytes.data()), item.bytes.size()),
                                nb::cast(item.keys)));
  return nb::make_tuple(reply.ok, reply.number, items, nb::cast(reply.names));
}

KernelCall one_call(nb::handle function, const nb::tuple& arguments, const nb::dict& kwargs) {
  nb::list calls;
  calls.append(arguments);
  return python_calls({Shared<TravellingFunction>(TravellingFunction::of(function)), Shared<PyRef>(PyRef(kwargs)),
                       PyRef(calls), 0, false});
}

// Without a function, workers that come call nothing of that name any more.
void greet(PythonClient& client, const std::string& name, nb::handle function, const nb::tuple& arguments) {
  std::optional<KernelCall> call;
  if (!function.is_none()) call = one_call(function, arguments, nb::dict());
  const NoGil no_gil;
  (*client).greet(name, call, check_signals);
}

// {worker's name: (whether it went well, the result or the exception)}
nb::dict run(PythonClient& client, nb::handle function, const nb::tuple& arguments, const nb::dict& kwargs,
             const std::optional<std::vector<std::string>>& workers) {
  const KernelCall call = one_call(function, arguments, kwargs);
  std::vector<cluster::WorkerAnswer> answers;
  {
    const NoGil no_gil;
    answers = (*client).call(call, workers, check_signals);
  }
  nb::dict results;
  for (const cluster::WorkerAnswer& answer : answers) {
    results[answer.worker.c_str()] =
        answer.ok ? nb::make_tuple(true, to_python(answer.parcel.value()))
                  : nb::make_tuple(false, exception_of([&] { throw TaskError(cluster::fault_in(answer.parcel)); }));
  }
  return results;
}

}  // namespace

void bind_cluster_client(nb::module_& m) {
  nb::class_<PythonClient>(m, "Client", "A connection to a scheduler.")
      .def(nb::init<const std::string&, const std::optional<std::string>&, double, const std::string&>(),
           nb::arg("address"), nb::arg("token_file") = nb::none(), nb::arg("timeout") = 30.0, nb::arg("name") = "")
      .def("close", &PythonClient::close)
      .def_prop_ro("is_connected", [](const PythonClient& self) { return (*self).is_connected(); })
      .def_prop_ro("id", [](const PythonClient& self) { return (*self).id(); })
      .def_prop_ro("address", [](const PythonClient& self) { return (*self).address(); })
      .def_prop_ro("scheduler_id", [](const PythonClient& self) { return (*self).scheduler_id(); })
      .def(
          "executor",
          [](const PythonClient& self, const nb::object& annotations) {
            return ClusterExecutorHandle{
                std::make_shared<cluster::ClusterExecutor>(self.core(), annotation_of(annotations))};
          },
          nb::arg("annotations").none() = nb::none())
      .def("submit_calls", submit_calls, nb::arg("function"), nb::arg("arguments"), nb::arg("kwargs").none(),
           nb::arg("keys"), nb::arg("annotations").none() = nb::none())
      .def("submit_graph", submit_raw_graph, nb::arg("tasks"), nb::arg("wanted"), nb::arg("keys"),
           nb::arg("annotations").none() = nb::none())
      .def("submit_plans", submit_plans, nb::arg("exprs"), nb::arg("keys") = nb::none(), nb::arg("optimize") = true,
           nb::arg("annotations").none() = nb::none())
      .def("scatter", scatter, nb::arg("objects"), nb::arg("keys"), nb::arg("workers") = nb::none(),
           nb::arg("broadcast").none() = false)
      .def("gather", gather)
      .def("want", [](PythonClient& self, const Keys& keys) { (*self).want(keys); })
      .def("release", [](PythonClient& self, const Keys& keys) { (*self).release(keys); })
      .def(
          "cancel", [](PythonClient& self, const Keys& keys, bool force) { (*self).cancel(keys, force); },
          nb::arg("keys"), nb::arg("force") = false)
      .def("retry", [](PythonClient& self, const Keys& keys) { (*self).retry(keys); })
      .def("fire_and_forget", [](PythonClient& self, const Keys& keys) { (*self).fire_and_forget(keys); })
      .def(
          "value",
          [](const PythonClient& self, const std::string& key) {
            (*self).want({key});
            return wrap(Value::of(RemoteValue(std::make_shared<cluster::KeyHandle>(self.core(), key))));
          },
          "What stands in plans for a result on the cluster, which it holds.")
      .def("states", states)
      .def("num_bytes", [](PythonClient& self, const std::string& key) { return (*self).num_bytes(key); })
      .def("wait", wait, nb::arg("keys"), nb::arg("timeout") = nb::none(), nb::arg("return_when") = "ALL_COMPLETED")
      .def("on_change", &PythonClient::on_change, nb::arg("callback").none())
      .def("error", error_of)
      .def("ask", ask, nb::arg("what"), nb::arg("arguments").none() = nb::dict())
      .def("share", share, nb::arg("kind"), nb::arg("action"), nb::arg("names"), nb::arg("limit") = 1,
           nb::arg("count") = 1, nb::arg("timeout") = nb::none(), nb::arg("owner") = 0,
           nb::arg("data") = nb::bytes("", 0), nb::arg("keys") = Keys())
      .def("greet", greet, nb::arg("name"), nb::arg("function").none(), nb::arg("args") = nb::tuple())
      .def("run", run, nb::arg("function"), nb::arg("args") = nb::tuple(), nb::arg("kwargs") = nb::dict(),
           nb::arg("workers") = nb::none());
  m.def("remote_keys", remote_keys, "The keys of the results on clusters that collections rest on.");
}

}  // namespace plait::python
