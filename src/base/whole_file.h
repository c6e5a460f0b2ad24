// A file that appears under its name only when it is complete: until then it has no name, so that nothing is left
// however the process ends. Where the file system has no files without a name, it is written beside under a temporary
// one.
//
// Without commit() nothing is kept. A full disk throws Error(io) that names the file, what was needed and what is free.
// What is no plain file, such as /dev/null, is written as it is. One thread writes a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace plait {

// Where a file is written, and what messages call it: a file that gets its last name later is called by that.
struct NewFile {
  NewFile(std::string path) : path(path), shown(std::move(path)) {}  // NOLINT: implicit on purpose
  NewFile(std::string path, std::string shown) : path(std::move(path)), shown(std::move(shown)) {}

  std::string path;
  std::string shown;
};

class WholeFile {
 public:
  // `operation` begins the messages: "to_csv".
  WholeFile(NewFile file, std::string operation);
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;
  ~WholeFile();

  void write(const void* data, std::size_t num_bytes);
  std::int64_t num_bytes() const { return num_bytes_; }
  // For another process that writes the file.
  int descriptor() const { return file_; }
  // Gives the file its name, in place of any file that has it.
  void commit();

 private:
  enum class Place { unnamed, beside, target };

  void open();
  int link_to_target() const;
  [[noreturn]] void fail(const char* what, int error, std::size_t num_bytes = 0) const;

  NewFile target_;
  std::string operation_;
  std::string temporary_;
  Place place_ = Place::unnamed;
  int file_ = -1;
  std::int64_t num_bytes_ = 0;
};

// A whole file of one text.
void write_whole_file(const std::string& path, const std::string& text, const std::string& operation);

}  // namespace plait
