#include "kernels/formats/csv_text.h"

#include <cstring>

#include "plait/error.h"

namespace plait {

CsvDialect csv_dialect(const CsvOptions& options) {
  const auto one_byte = [](const std::string& text, const char* option) {
    const bool allowed = text.size() == 1 && text[0] != '\n' && text[0] != '\r' && (text[0] & 0x80) == 0;
    if (allowed) return text[0];
    throw not_implemented("read_csv: " + std::string(option) + " is '" + text +
                          "'; the native reader takes one ASCII character");
  };
  CsvDialect dialect{one_byte(options.sep, "sep"), one_byte(options.quotechar, "quotechar")};
  if (dialect.sep == dialect.quote) throw value_error("read_csv: sep and quotechar are both '" + options.sep + "'");
  if (options.lineterminator.empty()) return dialect;
  const std::string& end = options.lineterminator;
  if (end.size() != 1 || (end[0] & 0x80) != 0)
    throw value_error("read_csv: lineterminator is '" + end + "', expected one ASCII character");
  dialect.line_end = end[0];
  dialect.takes_returns = false;
  if (dialect.line_end == dialect.sep || dialect.line_end == dialect.quote)
    throw value_error("read_csv: lineterminator '" + end + "' is the separator or the quote character, too");
  return dialect;
}

CsvText::CsvText(const CsvBlock& block, CsvDialect dialect, std::size_t batch_bytes)
    : source_(open_csv_source(block.path, block.compression, block.offset, block.length, block.stamp)),
      dialect_(dialect),
      file_offset_(block.offset) {
  allocate(batch_bytes);
}

// Padding, text, padding, room, padding. Two bytes more for a newline that the file lacks.
void CsvText::allocate(std::size_t capacity) {
  if (capacity > (std::size_t{1} << 30)) {
    throw value_error("read_csv: one record is longer than 1 GiB; is the separator or the quote character wrong?");
  }
  auto memory = Buffer::allocate(2 * capacity + 3 * kCsvPadding);
  char* const text = reinterpret_cast<char*>(memory->data()) + kCsvPadding;
  if (size_ != 0) std::memcpy(text, text_, size_);
  memory_ = std::move(memory);
  text_ = text;
  capacity_ = capacity;
}

void CsvText::drop_used() {
  if (used_ == 0) return;
  std::memmove(text_, text_ + used_, size_ - used_);
  size_ -= used_;
  file_offset_ += static_cast<std::int64_t>(used_);
  used_ = 0;
}

// Reads until the memory is full or the source ends. False when there is nothing new.
bool CsvText::fill() {
  if (source_ended_) return false;
  const std::size_t wanted = capacity_ - 2 - size_;
  const std::size_t got = source_->read(text_ + size_, wanted);
  size_ += got;
  source_ended_ = got < wanted;
  if (source_ended_) source_->require_unchanged();
  if (source_ended_ && size_ > 0 && text_[size_ - 1] != dialect_.line_end) text_[size_++] = dialect_.line_end;
  return true;
}

bool CsvText::next() {
  drop_used();
  bool more = fill();
  if (size_ == 0) return false;
  for (;;) {
    // The last "\r" may be half of "\r\n".
    const bool half = dialect_.takes_returns && !source_ended_ && size_ > 0 && text_[size_ - 1] == '\r';
    index_.build(text_, size_ - half, dialect_);
    used_ = index_.num_bytes();
    if (used_ > 0) return true;
    if (source_ended_) break;
    allocate(2 * capacity_);
    more = fill();
    if (!more) break;
  }
  ends_in_quotes_ = index_.ends_in_quotes();
  size_ = 0;
  return false;
}

}  // namespace plait
