// Unsendable: what travels in place of a value that has no form outside its process (a lock, an open file). It says
// why, to whoever opens it; the value itself stays where it is, and tasks there can use it.
#pragma once

#include "base/fault.h"
#include "base/value.h"

namespace plait::cluster {

struct Unsendable {
  Fault fault;
};

// Once, at start-up.
void register_unsendable();

}  // namespace plait::cluster

namespace plait {

template <>
const ValueType& value_type<cluster::Unsendable>();

}  // namespace plait
