#include "interrupt.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "gil.h"
#include "runtime/new_thread.h"
#include "runtime/surroundings.h"

namespace plait::python {
namespace {

struct Running {
  unsigned long thread;
  const std::atomic<bool>* cancelled;

  bool is_cancelled() const { return cancelled && cancelled->load(); }
};

// Guarded by the GIL.
std::vector<Running>& running() {
  static auto* list = new std::vector<Running>;
  return *list;
}

// Raises in every function of a cancelled run; returns whether one is still running.
bool interrupt_once() {
  const Gil gil;
  bool any = false;
  for (const Running& function : running()) {
    if (!function.is_cancelled()) continue;
    PyThreadState_SetAsyncExc(function.thread, PyExc_KeyboardInterrupt);
    any = true;
  }
  return any;
}

// A function may swallow the exception, so it is raised again for as long as it runs.
void watch() {
  using namespace std::chrono_literals;
  for (std::chrono::microseconds pause = 500us; pause < 10s; pause += pause / 4) {
    std::this_thread::sleep_for(pause);
    if (!Py_IsInitialized() || (!interrupt_once() && pause > 200ms)) return;
  }
}

}  // namespace

RunningPython::RunningPython(const TaskContext& context) : variables_(surroundings_of_tasks()) {
  running().push_back({PyThread_get_thread_ident(), context.cancelled()});
}

RunningPython::~RunningPython() {
  const unsigned long thread = PyThread_get_thread_ident();
  auto& list = running();
  const auto last = std::find_if(list.rbegin(), list.rend(), [&](const Running& r) { return r.thread == thread; });
  if (last == list.rend()) return;
  // An interruption that came too late must not hit what this thread runs next.
  if (last->is_cancelled()) PyThreadState_SetAsyncExc(thread, nullptr);
  list.erase(std::next(last).base());
}

bool is_in_cancelled_function() {
  const unsigned long thread = PyThread_get_thread_ident();
  return std::any_of(running().begin(), running().end(),
                     [&](const Running& function) { return function.thread == thread && function.is_cancelled(); });
}

void interrupt_cancelled_functions() {
  try {
    new_thread(watch).detach();
  } catch (const Error&) {
    // There is no room for a thread: what is cancelled goes on until it asks, or ends.
  }
}

}  // namespace plait::python
