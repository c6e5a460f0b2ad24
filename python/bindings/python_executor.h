// Schedulers that Python programs bring along: executors of concurrent.futures and their like, which run our tasks one
// by one, and functions with the signature of Dask's `get`, which are handed the whole graph.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>

#include "runtime/executor.h"

namespace plait::python {

// An object with `submit(function, *arguments)`, or a function get(dsk, keys, **kwargs). Throws a type error for
// anything else. `kwargs`, and `num_workers` unless it is 0, go to the function. Needs the GIL.
std::shared_ptr<Executor> executor_of_python(nanobind::handle scheduler, int num_workers, const nanobind::dict& kwargs);
// Throws a type error that names one, if there are any left: of what runs tasks, only functions take arguments.
void require_none_left(const nanobind::dict& kwargs);

}  // namespace plait::python
