#pragma once

namespace plait::ml {

// Makes the kernels and value types of this module known, and those below it. Any number of times, from any thread;
// whatever makes a plan of this module calls it first.
void start_ml();

}  // namespace plait::ml
