// The bytes of a file or of a range of it, in order; a compressed file is decompressed on the way.
//
// Plain files are read with pread into the caller's reused memory: mapping them costs a page fault every 4 KiB.
// One thread uses a source at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "kernels/formats/csv_schema.h"

namespace plait {

class CsvSource {
 public:
  virtual ~CsvSource() = default;
  // Fills `to` with up to `size` bytes and returns how many; fewer than asked only at the end. Throws Error(io).
  virtual std::size_t read(char* to, std::size_t size) = 0;
  // Throws Error(io) that names the file if it is another one, or holds something else, than when it was opened.
  virtual void require_unchanged() const = 0;
};

// `length` -1 reads to the end. `compression` is a codec's name or "". Throws Error(io) where the file does not have
// the stamp, if one is given.
std::unique_ptr<CsvSource> open_csv_source(const std::string& path, const std::string& compression, std::int64_t offset,
                                           std::int64_t length, const FileStamp& stamp = {});

// The codec that `option` ("infer", "none", "gzip", ...) means for this file, "" for none.
std::string csv_compression(const std::string& path, const std::string& option);

std::int64_t file_size(const std::string& path);
FileStamp file_stamp(const std::string& path);

}  // namespace plait
