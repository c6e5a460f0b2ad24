// Client of plait._plait.cluster: a connection to a scheduler. What is done with one stands in files by what it is for:
// cluster_submitting.cpp (work and data that go to the cluster), cluster_asking.cpp (questions, shared objects, and
// calls beside tasks), cluster_client.cpp (results, and the binding).
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "change_teller.h"
#include "cluster/client_core.h"
#include "plan.h"

namespace plait::python {

namespace nb = nanobind;

using Keys = std::vector<std::string>;

class PythonClient {
 public:
  // Throws Error(io) if there is no scheduler, or it refuses this user. `timeout` is in seconds.
  PythonClient(const std::string& address, const std::optional<std::string>& token_file, double timeout,
               const std::string& name);
  ~PythonClient();

  const cluster::ClientPtr& core() const { return core_; }
  cluster::ClientCore& operator*() const { return *core_; }

  void close();
  // None: nobody is told any more.
  void on_change(const nb::object& callback);

 private:
  cluster::ClientPtr core_;
  std::unique_ptr<ChangeTeller> teller_;
};

// --- cluster_submitting.cpp ---

// What users demand of tasks, as a dict; None is nothing.
std::optional<message::Annotation> annotation_of(const nb::object& given);
void submit_calls(PythonClient& client, nb::handle function, const nb::list& arguments, const nb::object& kwargs,
                  const nb::list& keys, const nb::object& annotations);
// A raw graph: what makes the values of `wanted`, under the names `keys`.
void submit_raw_graph(PythonClient& client, const nb::dict& tasks, const nb::list& wanted, const Keys& keys,
                      const nb::object& annotations);
// Collections, whose blocks get the given names; what comes back are the collections with blocks on the cluster.
std::vector<ExprHandle> submit_plans(PythonClient& client, const std::vector<ExprHandle>& handles,
                                     const std::optional<Keys>& given, bool optimized, const nb::object& annotations);
// The keys of the results on clusters that collections rest on.
Keys remote_keys(const std::vector<ExprHandle>& handles);
void scatter(PythonClient& client, const nb::list& objects, const Keys& keys,
             const std::optional<std::vector<std::string>>& workers, const nb::object& broadcast);

// --- cluster_asking.cpp ---

nb::object ask(PythonClient& client, const std::string& what, const nb::object& arguments);
// Locks, semaphores, events, queues, variables and datasets: (ok, number, [(bytes, keys)], names).
nb::tuple share(PythonClient& client, const std::string& kind, const std::string& action, const Keys& names,
                std::uint32_t limit, std::uint32_t count, std::optional<double> timeout, std::uint64_t owner,
                const nb::bytes& data, const Keys& keys);
// Without a function, workers that come call nothing of that name any more.
void greet(PythonClient& client, const std::string& name, nb::handle function, const nb::tuple& arguments);
// {worker's name: (whether it went well, the result or the exception)}
nb::dict run(PythonClient& client, nb::handle function, const nb::tuple& arguments, const nb::dict& kwargs,
             const std::optional<std::vector<std::string>>& workers);

// --- cluster_client.cpp ---

// The exception that a fault is in Python. Needs the GIL.
nb::object exception_of(const Fault& fault);

}  // namespace plait::python
