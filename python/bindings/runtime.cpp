// Worker processes (how they are started, and how Python exceptions come back from them), progress and profiles.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.h"
#include "errors.h"
#include "gil.h"
#include "plait/diagnostics.h"
#include "python_object.h"
#include "runtime/progress.h"
#include "runtime/worker_main.h"

namespace plait::python {
namespace {

// A Python exception goes as itself with the text of its traceback, which pickling would lose.
std::optional<Value> encode_error(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const ForeignError& error) {
    const PyRef* exception = error.object().get_if<PyRef>();
    if (!exception) return std::nullopt;
    const Gil gil;
    try {
      return Value::of(PyRef(nb::module_::import_("plait._pickle").attr("pack_exception")(exception->get())));
    } catch (nb::python_error&) {
      return std::nullopt;  // kind and message travel all the same
    }
  } catch (...) {
    return std::nullopt;
  }
}

std::exception_ptr decode_error(const Value& value) {
  const Gil gil;
  const PyRef* packed = value.get_if<PyRef>();
  if (!packed) return nullptr;
  return std::make_exception_ptr(
      foreign_error_of(nb::module_::import_("plait._pickle").attr("unpack_exception")(packed->get())));
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
  nb::class_<Profiler>(m, "Profiler")
      .def(nb::init<>())
      .def("clear", &Profiler::clear)
      .def("tasks", [](const Profiler& self) {
        nb::list tasks;
        for (const ProfiledTask& task : self.tasks()) {
          tasks.append(nb::make_tuple(task.key, task.op, task.start_s, task.end_s, task.worker, task.num_bytes,
                                      task.has_failed));
        }
        return tasks;
      });
  nb::class_<ResourceProfiler>(m, "ResourceProfiler")
      .def(nb::init<double>(), nb::arg("interval_s"))
      .def("samples", [](const ResourceProfiler& self) {
        nb::list samples;
        for (const ResourceSample& sample : self.samples()) {
          samples.append(nb::make_tuple(sample.time_s, sample.memory_bytes, sample.cpu_percent));
        }
        return samples;
      });
}

}  // namespace

void bind_runtime(nb::module_& m) {
  bind_diagnostics(m);
  set_error_codec({encode_error, decode_error});
  m.def("set_worker_command", set_worker_command);
  m.def("run_worker", run_worker, nb::call_guard<NoGil>());
}

}  // namespace plait::python
