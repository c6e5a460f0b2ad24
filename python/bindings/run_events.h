// What happens in runs, kept until Python asks for it: callbacks and profilers are made of these events.
#pragma once

#include <nanobind/nanobind.h>

namespace plait::python {

// Bound as plait._plait.RunEvents.
void bind_run_events(nanobind::module_& m);

// Hands what has happened so far to who listens on this thread, which may raise. Needs the GIL.
void deliver_run_events();

}  // namespace plait::python
