// Workers of a scheduler that is elsewhere, or that this process has started by itself.
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <future>

#include "cluster.h"
#include "cluster/nanny.h"
#include "cluster/start.h"
#include "cluster/token_file.h"
#include "cluster/worker_thread.h"
#include "gil.h"
#include "plan.h"

namespace plait::python {
namespace {

namespace nb = nanobind;

using cluster::WorkerSettings;

WorkerSettings settings_of(const std::string& address, const std::optional<std::string>& token_file,
                           const std::string& name, std::uint32_t nthreads, std::uint64_t memory_limit,
                           const std::string& local_directory, const std::map<std::string, double>& resources,
                           bool has_own_process) {
  cluster::start_cluster();
  return {.scheduler = address,
          .token = token_file ? cluster::token_in(*token_file) : cluster::user_token(),
          .name = name,
          .nthreads = nthreads,
          .memory_limit_bytes = memory_limit,
          .local_directory = local_directory,
          .resources = resources,
          .has_own_process = has_own_process};
}

// This process is the worker, until its scheduler is gone, or Ctrl-C.
void run_worker(const WorkerSettings& settings) {
  cluster::Worker worker(settings);
  std::future<bool> end = std::async(std::launch::async, [&] { return worker.run(); });
  try {
    while (end.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) check_signals();
  } catch (...) {
    worker.stop();
    end.wait();
    throw;
  }
}

// A process that is started again when it ends.
class WatchedWorker {
 public:
  explicit WatchedWorker(const WorkerSettings& settings) : name_(settings.name), nanny_([](const auto&...) {}) {
    nanny_.start(settings);
  }
  ~WatchedWorker() { nanny_.close({}, std::chrono::milliseconds(0)); }

  std::optional<pid_t> process() const {
    const auto processes = nanny_.processes();
    const auto found = processes.find(name_);
    return found == processes.end() ? std::nullopt : std::optional(found->second);
  }
  std::string failure() const { return nanny_.failure(); }

 private:
  const std::string name_;
  cluster::Nanny nanny_;
};

// Its beginning and its end wait for others, who may need the GIL.
template <class W>
struct Held {
  std::unique_ptr<W> worker;

  ~Held() { close(); }
  void close() {
    const NoGil no_gil;
    worker.reset();
  }
};

template <class W, bool has_own_process, class Class>
void define_worker(Class& bound) {
  bound
      .def(
          "__init__",
          [](Held<W>* self, const std::string& address, const std::optional<std::string>& token_file,
             const std::string& name, std::uint32_t nthreads, std::uint64_t memory_limit,
             const std::string& local_directory, const std::map<std::string, double>& resources) {
            const NoGil no_gil;
            new (self) Held<W>{std::make_unique<W>(settings_of(address, token_file, name, nthreads, memory_limit,
                                                               local_directory, resources, has_own_process))};
          },
          nb::arg("address"), nb::arg("token_file") = nb::none(), nb::arg("name") = "", nb::arg("nthreads") = 1,
          nb::arg("memory_limit") = 0, nb::arg("local_directory") = "",
          nb::arg("resources") = std::map<std::string, double>())
      .def("close", &Held<W>::close);
}

}  // namespace

void bind_cluster_workers(nb::module_& m) {
  m.def(
      "run_worker",
      [](const std::string& address, const std::optional<std::string>& token_file, const std::string& name,
         std::uint32_t nthreads, std::uint64_t memory_limit, const std::string& local_directory,
         const std::map<std::string, double>& resources) {
        const NoGil no_gil;
        run_worker(settings_of(address, token_file, name, nthreads, memory_limit, local_directory, resources, true));
      },
      nb::arg("address"), nb::arg("token_file") = nb::none(), nb::arg("name") = "", nb::arg("nthreads") = 1,
      nb::arg("memory_limit") = 0, nb::arg("local_directory") = "",
      nb::arg("resources") = std::map<std::string, double>());
  nb::class_<Held<cluster::WorkerThread>> in_threads(m, "WorkerThread", "A worker that is threads of this process.");
  define_worker<cluster::WorkerThread, false>(in_threads);
  nb::class_<Held<WatchedWorker>> in_process(m, "WorkerProcess", "A worker in a process that is watched.");
  define_worker<WatchedWorker, true>(in_process);
  in_process
      .def_prop_ro(
          "pid",
          [](const Held<WatchedWorker>& self) { return self.worker ? self.worker->process() : std::optional<pid_t>(); })
      .def_prop_ro("failure",
                   [](const Held<WatchedWorker>& self) { return self.worker ? self.worker->failure() : ""; });
}

}  // namespace plait::python
