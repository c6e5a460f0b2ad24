// The parts of the extension module that have no header of their own.
#pragma once

#include <nanobind/nanobind.h>

namespace plait::python {

void bind_array(nanobind::module_& m);
void bind_dataframe(nanobind::module_& m);
void bind_bag(nanobind::module_& m);
void bind_ml(nanobind::module_& m);
// Worker processes, progress and profiles.
void bind_runtime(nanobind::module_& m);
// Arrays and frames whose blocks are delayed values.
void bind_delayed_collections(nanobind::module_& m);
void bind_tokenize(nanobind::module_& m);
// Collections whose blocks raw graphs make.
void bind_raw_blocks(nanobind::module_& m);

}  // namespace plait::python
