#include "kernels/formats/parquet_paths.h"

#include <glob.h>

#include <algorithm>
#include <filesystem>

#include "plait/error.h"

namespace plait {
namespace {

void add_files(const std::filesystem::path& folder, std::vector<std::string>& files) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("_") || name.starts_with(".")) continue;
    if (entry.is_directory() && name.find('=') != std::string::npos) add_files(entry.path(), files);
    if (!entry.is_directory() && entry.path().extension() == ".parquet") files.push_back(entry.path().string());
  }
}

std::vector<std::string> matches(const std::string& pattern) {
  namespace fs = std::filesystem;
  if (fs::is_directory(pattern)) return parquet_files_in(pattern);
  std::vector<std::string> files;
  if (fs::exists(pattern)) {
    files.push_back(pattern);
  } else {
    glob_t found{};
    if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
  }
  return files;
}

// part.2 before part.10, as Dask orders them.
std::string natural_key(const std::string& path) {
  std::string key;
  for (std::size_t i = 0; i < path.size();) {
    const auto end = std::find_if_not(path.begin() + static_cast<std::ptrdiff_t>(i), path.end(),
                                      [](char c) { return c >= '0' && c <= '9'; });
    const auto digits = static_cast<std::size_t>(end - path.begin()) - i;
    if (digits > 0) {
      key += std::string(digits < 20 ? 20 - digits : 0, '0') + path.substr(i, digits);
      i += digits;
    } else {
      key += path[i++];
    }
  }
  return key;
}

bool is_before(const std::string& a, const std::string& b) { return natural_key(a) < natural_key(b); }

}  // namespace

std::vector<std::string> parquet_files_in(const std::string& folder) {
  std::vector<std::string> files;
  if (std::filesystem::is_directory(folder)) add_files(folder, files);
  std::sort(files.begin(), files.end(), is_before);
  return files;
}

std::vector<std::string> parquet_files(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    const auto found = matches(path);
    if (found.empty())
      throw Error(ErrorKind::file_not_found,
                  "read_parquet: no file matches '" + path + "'; check the path or the pattern");
    files.insert(files.end(), found.begin(), found.end());
  }
  std::sort(files.begin(), files.end(), is_before);
  return files;
}

}  // namespace plait
