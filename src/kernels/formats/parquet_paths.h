// Which Parquet files paths stand for.
#pragma once

#include <string>
#include <vector>

namespace plait {

// The Parquet files of a folder, and of those in it whose names are a column's values; none where there is no such
// folder. What begins with "_" or "." is none of them; part.2 before part.10.
std::vector<std::string> parquet_files_in(const std::string& folder);

// Files, patterns, or folders of *.parquet files and of folders that are columns; part.2 before part.10. Throws where
// there is none.
std::vector<std::string> parquet_files(const std::vector<std::string>& paths);

}  // namespace plait
