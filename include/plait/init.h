// Start-up. Programs that use only threads need nothing of this.
#pragma once

#include <string>
#include <vector>

#include "plait/export.h"

namespace plait {

// To be called first in main, after functions have been registered (register_function in plait/graph.h). With the
// scheduler "processes" children of this program are started with the same executable: in such a child this call runs
// tasks and never returns, so that nothing of the program is run twice.
PLAIT_API void init(int argc, char** argv);

}  // namespace plait
