// The line of the user's program that asked for an operation: errors of the run name it.
#pragma once

#include <source_location>

namespace plait {

using Location = std::source_location;

}  // namespace plait
