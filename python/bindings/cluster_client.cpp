#include "cluster_client.h"

#include <fmt/format.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

#include "cluster.h"
#include "cluster/remote_value.h"
#include "cluster/start.h"
#include "cluster/token_file.h"
#include "gil.h"
#include "plan.h"
#include "task_call.h"
#include "values.h"

namespace plait::python {
namespace {

using cluster::ClientCore;
using cluster::RemoteValue;

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::clamp(seconds, 0.0, 1e9) * 1000));
}

}  // namespace

// --- Clients ---

PythonClient::PythonClient(const std::string& address, const std::optional<std::string>& token_file, double timeout,
                           const std::string& name) {
  const NoGil no_gil;
  cluster::start_cluster();
  core_ = ClientCore::connect(address, token_file ? cluster::token_in(*token_file) : cluster::user_token(), name,
                              milliseconds(timeout));
  cluster::make_default(core_);
}

PythonClient::~PythonClient() { close(); }

void PythonClient::close() {
  const NoGil no_gil;
  core_->close();
  teller_.reset();
}

void PythonClient::on_change(const nb::object& callback) {
  auto teller = callback.is_none() ? nullptr : std::make_unique<ChangeTeller>(PyRef(callback));
  const NoGil no_gil;
  ChangeTeller* told = teller.get();
  if (told)
    core_->on_change([told](std::vector<cluster::KeyChange> news) { told->add(std::move(news)); });
  else
    core_->on_change(nullptr);
  teller_.swap(teller);
}

nb::object exception_of(const Fault& fault) {
  try {
    nb::cpp_function([&fault] { throw TaskError(fault); })();
  } catch (nb::python_error& error) {
    nb::object exception = nb::borrow(error.value());
    return exception;
  }
  return nb::none();
}

// --- Results ---

namespace {

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

// What the key's task yields, run with all that it needs on this thread.
nb::object run_here(PythonClient& client, const std::string& key) {
  ComputeOptions options = compute_options(nb::str("sync"), 1, false);
  std::vector<Value> values;
  {
    const NoGil no_gil;
    const auto graph = std::make_shared<const Graph>((*client).recipe(key, check_signals));
    values = executor_of(options).run(graph, std::move(options.run));
  }
  return to_python(values.at(0));
}

nb::object error_of(PythonClient& client, const std::string& key) {
  const std::optional<Fault> fault = (*client).fault(key);
  return fault ? exception_of(*fault) : nb::none();
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
          "cancel",
          [](PythonClient& self, const Keys& keys, bool force, const std::string& reason, const std::string& text) {
            const NoGil no_gil;
            (*self).cancel_now(keys, force, {reason, text}, check_signals);
          },
          nb::arg("keys"), nb::arg("force") = false, nb::arg("reason") = "", nb::arg("text") = "")
      .def("why_cancelled",
           [](const PythonClient& self, const std::string& key) {
             const cluster::CancelReason why = (*self).why_cancelled(key);
             return nb::make_tuple(why.reason, why.text);
           })
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
      .def("run_here", run_here)
      .def("ask", ask, nb::arg("what"), nb::arg("arguments").none() = nb::dict())
      .def("share", share, nb::arg("kind"), nb::arg("action"), nb::arg("names"), nb::arg("limit") = 1,
           nb::arg("count") = 1, nb::arg("timeout") = nb::none(), nb::arg("owner") = 0,
           nb::arg("data") = nb::bytes("", 0), nb::arg("keys") = Keys())
      .def("greet", greet, nb::arg("name"), nb::arg("function").none(), nb::arg("args") = nb::tuple())
      .def("run", run, nb::arg("function"), nb::arg("args") = nb::tuple(), nb::arg("kwargs") = nb::dict(),
           nb::arg("workers") = nb::none());
  m.def("remote_keys", remote_keys);
}

}  // namespace plait::python
