// A record as a file: what plans and graphs are written to.
#pragma once

#include <string>

#include "base/records.h"

namespace plait {

// The file has its name only when it is complete (whole_file.h). `operation` begins the messages of Error(io).
void write_record_file(const std::string& path, const Record& record, const std::string& operation);
// Throws Error(file_not_found), and Error(io) if the file cannot be read or is damaged.
Record read_record_file(const std::string& path);

}  // namespace plait
