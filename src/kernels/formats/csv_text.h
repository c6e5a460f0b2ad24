// The text of a block, a cache-sized batch of whole records at a time, in memory that is used again for each batch.
#pragma once

#include <cstdint>
#include <memory>

#include "kernels/formats/csv_index.h"
#include "kernels/formats/csv_schema.h"
#include "kernels/formats/csv_source.h"

namespace plait {

// Separator and quote of the options, checked.
CsvDialect csv_dialect(const CsvOptions& options);

class CsvText {
 public:
  // A batch of this size, its index and its columns stay in the second-level cache.
  static constexpr std::size_t kBatchBytes = 256 * 1024;

  CsvText(const CsvBlock& block, CsvDialect dialect, std::size_t batch_bytes = kBatchBytes);

  // Loads and indexes the next whole records; false at the end of the block. A record longer than a batch makes the
  // batch longer. A last record without a newline is whole, unless the block ends inside quotes: see ends_in_quotes().
  bool next();

  const char* text() const { return text_; }
  const CsvIndex& index() const { return index_; }
  std::size_t num_bytes() const { return index_.num_bytes(); }
  // As much room as the text, behind it.
  char* room() const { return text_ + capacity_ + kCsvPadding; }
  // Where text() is in the (decompressed) file.
  std::int64_t file_offset() const { return file_offset_; }
  // At the end: the block ended inside quotes, in the record at file_offset().
  bool ends_in_quotes() const { return ends_in_quotes_; }

 private:
  void allocate(std::size_t capacity);
  void drop_used();
  bool fill();

  std::unique_ptr<CsvSource> source_;
  CsvDialect dialect_;
  CsvIndex index_;
  std::shared_ptr<Buffer> memory_;
  char* text_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  std::size_t used_ = 0;
  std::int64_t file_offset_ = 0;
  bool source_ended_ = false;
  bool ends_in_quotes_ = false;
};

}  // namespace plait
