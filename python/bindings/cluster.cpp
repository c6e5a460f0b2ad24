#include "cluster.h"

#include <fmt/format.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "cluster/start.h"
#include "cluster/worker.h"
#include "cluster_calls.h"
#include "errors.h"
#include "gil.h"
#include "interrupt.h"
#include "plait/cluster.h"
#include "plan.h"

namespace plait::python {
namespace {

namespace nb = nanobind;

nb::object current_worker() {
  const cluster::WorkerSettings* worker = cluster::current_worker();
  if (!worker) return nb::none();
  nb::dict about;
  about["scheduler"] = worker->scheduler;
  about["name"] = worker->name;
  about["nthreads"] = worker->nthreads;
  about["memory_limit"] = worker->memory_limit_bytes;
  about["local_directory"] = worker->local_directory;
  about["processes"] = worker->has_own_process;
  return about;
}

std::unique_ptr<LocalCluster> make_cluster(std::optional<int> n_workers, int threads_per_worker, bool processes,
                                           std::uint64_t memory_limit, const std::string& local_directory,
                                           const std::map<std::string, double>& resources, const std::string& host,
                                           std::int64_t port, const std::optional<std::vector<std::string>>& names) {
  const NoGil no_gil;
  if (port < 0 || port > 65535)
    throw value_error(fmt::format("LocalCluster: the port is {}, expected 0 (any that is free) to 65535", port));
  return std::make_unique<LocalCluster>(ClusterOptions{.n_workers = n_workers,
                                                       .threads_per_worker = threads_per_worker,
                                                       .processes = processes,
                                                       .memory_limit_bytes = memory_limit,
                                                       .local_directory = local_directory,
                                                       .resources = resources,
                                                       .host = host,
                                                       .port = static_cast<std::uint16_t>(port),
                                                       .worker_names = names.value_or(std::vector<std::string>())});
}

void bind_local_cluster(nb::module_& m) {
  // Its end waits for threads that may need the GIL.
  struct Held {
    std::unique_ptr<LocalCluster> cluster;
    ~Held() {
      const NoGil no_gil;
      cluster.reset();
    }
  };
  nb::class_<Held>(m, "LocalCluster", "A scheduler in this process, and its workers.")
      .def(
          "__init__",
          [](Held* self, std::optional<int> n_workers, int threads_per_worker, bool processes,
             std::uint64_t memory_limit, const std::string& local_directory,
             const std::map<std::string, double>& resources, const std::string& host, std::int64_t port,
             const std::optional<std::vector<std::string>>& worker_names) {
            new (self) Held{make_cluster(n_workers, threads_per_worker, processes, memory_limit, local_directory,
                                         resources, host, port, worker_names)};
          },
          nb::arg("n_workers") = nb::none(), nb::arg("threads_per_worker") = 0, nb::arg("processes") = true,
          nb::arg("memory_limit") = 0, nb::arg("local_directory") = "",
          nb::arg("resources") = std::map<std::string, double>(), nb::arg("host") = "127.0.0.1", nb::arg("port") = 0,
          nb::arg("worker_names") = nb::none())
      .def_prop_ro("address", [](const Held& self) { return self.cluster->address(); })
      .def_prop_ro("scheduler_id", [](const Held& self) { return self.cluster->scheduler_id(); })
      .def_prop_ro("has_moved", [](const Held& self) { return self.cluster->has_moved(); })
      .def_prop_ro("threads_per_worker", [](const Held& self) { return self.cluster->threads_per_worker(); })
      .def_prop_ro("memory_limit", [](const Held& self) { return self.cluster->memory_limit_bytes(); })
      .def_prop_ro("status", [](const Held& self) { return self.cluster->is_open() ? "running" : "closed"; })
      .def("worker_names", [](const Held& self) { return self.cluster->worker_names(); })
      .def("worker_pids", [](const Held& self) { return self.cluster->worker_processes(); })
      .def(
          "wait_for_workers",
          [](const Held& self, int count, double timeout) {
            const NoGil no_gil;
            return self.cluster->wait_for_workers(count, timeout, check_signals);
          },
          nb::arg("count"), nb::arg("timeout") = 30.0)
      .def("scale",
           [](Held& self, int count) {
             const NoGil no_gil;
             self.cluster->scale(count);
           })
      .def(
          "add_worker",
          [](Held& self, const std::string& name) {
            const NoGil no_gil;
            return self.cluster->add_worker(name);
          },
          nb::arg("name") = "")
      .def("remove_worker",
           [](Held& self, const std::string& name) {
             const NoGil no_gil;
             self.cluster->remove_worker(name);
           })
      .def("adaptive_target",
           [](const Held& self) {
             const NoGil no_gil;
             return self.cluster->adaptive_target();
           })
      .def(
          "close",
          [](Held& self, double timeout) {
            const NoGil no_gil;
            self.cluster->close(timeout);
          },
          nb::arg("timeout") = 5.0);
}

}  // namespace

namespace {

// plait.distributed.Reschedule: who has raised it has imported it.
bool is_reschedule(const Fault& raised) {
  const auto* exception = raised.detail.get_if<PyException>();
  if (!exception) return false;
  const Gil gil;
  const nb::dict modules = nb::module_::import_("sys").attr("modules");
  const char* home = "plait.distributed.exceptions";
  return modules.contains(home) && nb::isinstance(exception->object.get(), modules[home].attr("Reschedule"));
}

}  // namespace

void bind_cluster(nb::module_& parent) {
  cluster::start_cluster();
  cluster::set_language_hooks({interrupt_cancelled_functions,
                               [] {
                                 const Gil gil;
                                 drop_dead_objects();
                               },
                               is_reschedule});
  register_python_calls();
  nb::module_ m = parent.def_submodule("cluster");
  [[maybe_unused]] const nb::class_<ClusterExecutorHandle> executor(m, "Executor",
                                                                    "What scheduler= takes to run on a cluster.");
  nb::class_<InputPlace>(m, "InputPlace")
      .def("__getstate__", [](const InputPlace& self) { return self.input; })
      .def("__setstate__", [](InputPlace& self, std::uint32_t input) { new (&self) InputPlace{input}; });
  bind_local_cluster(m);
  bind_cluster_client(m);
  bind_cluster_workers(m);
  bind_dashboard(m);
  m.def("current_worker", current_worker);
  m.def("secede", cluster::secede, nb::call_guard<NoGil>());
  m.def("rejoin", cluster::rejoin, nb::call_guard<NoGil>());
}

}  // namespace plait::python
