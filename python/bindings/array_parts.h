// The parts of the arrays' binding that have files of their own.
#pragma once

#include <nanobind/nanobind.h>

namespace plait::python {

void bind_random(nanobind::module_& m);
// Orders, counts, products over named axes, pads and diagonals.
void bind_routines(nanobind::module_& m);
void bind_linalg(nanobind::module_& m);
// Python functions on blocks.
void bind_blocks(nanobind::module_& m);

}  // namespace plait::python
