// Worker processes (how they are started), progress and profiles.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.h"
#include "errors.h"
#include "gil.h"
#include "plait/diagnostics.h"
#include "python_object.h"
#include "run_events.h"
#include "runtime/machine.h"
#include "runtime/progress.h"
#include "runtime/record_executor.h"
#include "runtime/worker_main.h"

namespace plait::python {
namespace {

// `command` is called whenever a worker is started: a list of words.
void set_worker_command_of_python(const nb::object& command) {
  set_worker_command([command = PyRef(command)] {
    const Gil gil;
    try {
      return nb::cast<std::vector<std::string>>(command.get()());
    } catch (nb::python_error& error) {
      throw to_plait_error(error);
    }
  });
}

// Follows the runs of the program while it lives.
class Progress {
 public:
  std::string text(int width) const { return progress_text(observer_->status(), width); }
  // (tasks, finished tasks, seconds, whether the run is over, whether it has failed)
  nb::tuple status() const {
    const ProgressStatus status = observer_->status();
    return nb::make_tuple(status.num_tasks, status.num_finished, status.elapsed_s, status.is_over, status.has_failed);
  }

 private:
  std::shared_ptr<ProgressObserver> observer_ = std::make_shared<ProgressObserver>();
  ObserverScope scope_{observer_};
};

void bind_diagnostics(nb::module_& m) {
  nb::class_<Progress>(m, "Progress")
      .def(nb::init<>())
      .def("text", &Progress::text, nb::arg("width") = 40)
      .def("status", &Progress::status);
  nb::class_<ResourceProfiler>(m, "ResourceProfiler")
      .def(nb::init<double>(), nb::arg("interval_s"))
      .def("finish", [](ResourceProfiler& self) {
        nb::list samples;
        for (const ResourceSample& sample : self.finish()) {
          samples.append(nb::make_tuple(sample.time_s, sample.memory_bytes, sample.cpu_percent));
        }
        return samples;
      });
}

}  // namespace

void bind_runtime(nb::module_& m) {
  bind_diagnostics(m);
  bind_run_events(m);
  m.def("set_worker_command", set_worker_command_of_python);
  m.def("usable_cores", num_usable_cores);
  m.def("usable_memory", usable_memory_bytes);
  m.def("run_worker", run_worker, nb::call_guard<NoGil>());
  m.def("register_record_executor", register_record_executor);
}

}  // namespace plait::python
