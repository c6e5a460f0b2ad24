// How StagedFiles (plait/frame_files.h) come to their place.
#pragma once

#include <string>
#include <vector>

#include "plait/frame_files.h"

namespace plait {

// A name for a hidden folder on the file system of `target`, which need not exist; removes what processes that are gone
// have left there.
std::string staging_for(const std::string& target);
void make_staging(const std::string& staging);
// Gives all files their names, which it returns. A folder whose files all go is exchanged in one step. Throws
// Error(io).
std::vector<std::string> publish(const StagedFiles& files);
// Removes what is staged.
void discard_staged(const StagedFiles& files);

}  // namespace plait
