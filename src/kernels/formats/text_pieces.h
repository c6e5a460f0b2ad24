// The lines of a part of a text file, some megabytes of whole lines at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace plait {

// The lines of a file that begin after `start`, or at 0, and not after `end`; below 0: the end of the file.
struct TextBlock {
  std::string path;
  std::int64_t start = 0;
  std::int64_t end = -1;
};

class TextPieces {
 public:
  // Bytes behind a piece that may be read, though they mean nothing.
  static constexpr std::size_t kPadding = 64;

  // Throws Error(io) if the file cannot be opened.
  explicit TextPieces(TextBlock block, std::size_t piece_bytes = std::size_t{4} << 20);
  ~TextPieces();
  TextPieces(const TextPieces&) = delete;
  TextPieces& operator=(const TextPieces&) = delete;

  // The next whole lines; false at the end. What a file ends with is a line, with or without a newline.
  bool next();
  // Until next() is called again. A last line without a newline has a zero behind it.
  std::string_view text() const { return {buffer_.data(), taken_}; }

 private:
  std::size_t fill();
  // Where the last line of the block ends in the buffer; npos if that is not there yet.
  std::size_t end_of_block() const;

  TextBlock block_;
  int file_;
  std::size_t piece_bytes_;
  std::vector<char> buffer_;
  std::int64_t offset_;    // of the buffer's begin in the file
  std::size_t size_ = 0;   // bytes in the buffer
  std::size_t taken_ = 0;  // of them in the current piece
  bool is_last_ = false;
};

}  // namespace plait
