// The GIL for threads that may outlive the interpreter.
//
// A task of a cancelled run may still wait in a C function when the program ends. Before Python 3.14, a thread that
// asks for the GIL while the interpreter shuts down is ended by unwinding its stack: destructors on the way would touch
// Python objects without the GIL, and a frame that must not throw would abort the program. Such a thread stops for good
// instead, and the process ends without it.
#pragma once

#include <Python.h>
#include <cxxabi.h>
#include <unistd.h>

namespace plait::python {

// What `call` returns; it may run Python code, during which other threads have the GIL.
template <class Call>
decltype(auto) stopping_at_shutdown(Call&& call) {
  try {
    return call();
  } catch (abi::__forced_unwind&) {
    while (true) ::pause();
  }
}

// Holds the GIL; any thread, also one that holds it already.
class Gil {
 public:
  Gil() : state_(stopping_at_shutdown(PyGILState_Ensure)) {}
  Gil(const Gil&) = delete;
  Gil& operator=(const Gil&) = delete;
  ~Gil() { PyGILState_Release(state_); }

 private:
  PyGILState_STATE state_;
};

// Gives back the Python objects whose last reference went while the GIL was not held (python_object.h). Needs the GIL.
void drop_dead_objects();

// Lets the GIL go until its end; what has died meanwhile, also in a run that failed, is then given back.
class NoGil {
 public:
  NoGil() : state_(PyEval_SaveThread()) {}
  NoGil(const NoGil&) = delete;
  NoGil& operator=(const NoGil&) = delete;
  ~NoGil() {
    stopping_at_shutdown([&] { PyEval_RestoreThread(state_); });
    drop_dead_objects();
  }

 private:
  PyThreadState* state_;
};

}  // namespace plait::python
