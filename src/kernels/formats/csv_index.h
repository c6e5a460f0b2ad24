// Finds the fields of CSV text: one pass over 64-byte masks, with AVX-512, AVX2 or SSE2 as the machine has it.
//
// The rules are pandas': a quote opens a quoted part only at the start of a field; inside it a doubled quote is a
// quote; what follows the closing quote belongs to the field. "\n", "\r\n" and a lone "\r" end a record; or one other
// character, and only that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/buffer.h"

namespace plait {

// Bytes that may be read before and after every text given to the index and to the converters.
inline constexpr std::size_t kCsvPadding = 64;

struct CsvDialect {
  char sep = ',';
  char quote = '"';
  char line_end = '\n';
  bool takes_returns = true;  // "\r\n" and a lone "\r" end a record, too

  bool ends_record(char c) const { return c == line_end || (takes_returns && c == '\r'); }
  bool is_return_before(char c, char next) const { return takes_returns && c == '\r' && next == '\n'; }
};

// Positions are counted from the start of the text. starts()[0] is 0 and starts()[i] follows the i-th separator or end
// of record, so that field i is [starts()[i], starts()[i + 1] - 1).
class CsvIndex {
 public:
  // Indexes `size` bytes, which begin at the start of a record, and may end anywhere but between "\r" and "\n".
  void build(const char* text, std::size_t size, CsvDialect dialect);

  const std::uint32_t* starts() const { return starts_; }
  // Fields of whole records; what follows the last end of a record is left out.
  std::size_t num_fields() const { return num_fields_; }
  std::size_t num_records() const { return num_records_; }  // blank ones too
  // The length of all whole records.
  std::size_t num_bytes() const { return starts_[num_fields_]; }
  bool has_quotes() const { return has_quotes_; }
  bool has_carriage_returns() const { return has_carriage_returns_; }
  bool has_non_ascii() const { return has_non_ascii_; }
  // The text ends inside a quoted field.
  bool ends_in_quotes() const { return ends_in_quotes_; }

 private:
  friend struct CsvIndexer;
  void reserve(std::size_t size);
  void leave_out_last_record(const char* text, CsvDialect dialect);
  void build_by_state_machine(const char* text, std::size_t size, CsvDialect dialect);

  std::shared_ptr<Buffer> memory_;
  std::uint32_t* starts_ = nullptr;
  std::size_t num_fields_ = 0;
  std::size_t num_records_ = 0;
  bool has_quotes_ = false;
  bool has_carriage_returns_ = false;
  bool has_non_ascii_ = false;
  bool ends_in_quotes_ = false;
};

// The name of the variant that this machine uses; a test can ask for a lesser one ("sse2", "avx2").
const char* csv_index_target();
void set_csv_index_target(const char* name);

}  // namespace plait
