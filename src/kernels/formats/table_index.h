// Which columns of an Arrow table are its index: for the writers of files.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace plait {

// Without columns the index is start, start + step, ...; an empty name is no name.
struct FileIndex {
  std::vector<std::string> columns;
  std::vector<std::string> names;  // of the columns, as the user knows them
  std::int64_t start = 0;
  std::int64_t step = 1;
  std::string range_name;

  static constexpr auto fields =
      std::tuple{&FileIndex::columns, &FileIndex::names, &FileIndex::start, &FileIndex::step, &FileIndex::range_name};
};

}  // namespace plait
