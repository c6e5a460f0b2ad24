// Plain data of the cluster as Python objects: None, truth values, numbers, texts, lists and dicts.
#pragma once

#include <nanobind/nanobind.h>

#include "cluster/plain_data.h"

namespace plait::python {

nanobind::object plain_to_python(const cluster::PlainData& data);
// Throws Error(type) for other objects.
cluster::PlainData plain_from_python(nanobind::handle object);

}  // namespace plait::python
