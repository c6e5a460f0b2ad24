// Which Parquet files paths stand for.
#pragma once

#include <string>
#include <vector>

namespace plait {

// Files, patterns, or folders of *.parquet files and of folders that are columns; part.2 before part.10. Throws where
// there is none.
std::vector<std::string> parquet_files(const std::vector<std::string>& paths);

}  // namespace plait
