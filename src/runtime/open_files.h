// How many files this process may have open.
#pragma once

namespace plait {

// As many as the system lets it: every value in shared memory holds a descriptor.
void allow_many_open_files();

}  // namespace plait
