#include "runtime/surroundings.h"

#include <utility>

namespace plait {
namespace {

thread_local const void* current = nullptr;

}  // namespace

Surroundings::Surroundings(const void* surroundings) : outer_(std::exchange(current, surroundings)) {}
Surroundings::~Surroundings() { current = outer_; }

const void* surroundings_of_tasks() { return current; }

}  // namespace plait
