#include "kernels/formats/text_pieces.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "plait/error.h"

namespace plait {

TextPieces::TextPieces(TextBlock block, std::size_t piece_bytes)
    : block_(std::move(block)),
      file_(::open(block_.path.c_str(), O_RDONLY | O_CLOEXEC)),
      piece_bytes_(piece_bytes),
      offset_(block_.start) {
  if (file_ < 0) throw io_error(fmt::format("{}: {}", block_.path, std::strerror(errno)));
}

TextPieces::~TextPieces() { ::close(file_); }

std::size_t TextPieces::fill() {
  buffer_.resize(size_ + piece_bytes_ + kPadding);
  std::size_t added = 0;
  while (added < piece_bytes_) {
    const auto place = offset_ + static_cast<std::int64_t>(size_);
    const ssize_t got = ::pread(file_, buffer_.data() + size_, piece_bytes_ - added, place);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw io_error(fmt::format("{}: {}", block_.path, std::strerror(errno)));
    if (got == 0) break;
    size_ += static_cast<std::size_t>(got);
    added += static_cast<std::size_t>(got);
  }
  return added;
}

std::size_t TextPieces::end_of_block() const {
  if (block_.end < 0) return std::string_view::npos;
  const std::int64_t from = std::max<std::int64_t>(0, block_.end - offset_);
  const std::size_t found = std::string_view(buffer_.data(), size_).find('\n', static_cast<std::size_t>(from));
  return found == std::string_view::npos ? found : found + 1;
}

bool TextPieces::next() {
  if (is_last_) return false;
  const bool is_first = taken_ == 0 && size_ == 0;
  offset_ += static_cast<std::int64_t>(taken_);
  size_ -= taken_;
  if (size_ > 0) std::memmove(buffer_.data(), buffer_.data() + taken_, size_);
  taken_ = 0;
  bool skips = is_first && block_.start > 0;
  while (true) {
    const std::size_t added = fill();
    if (skips) {
      const std::size_t found = std::string_view(buffer_.data(), size_).find('\n');
      const std::size_t skipped = found == std::string_view::npos ? size_ : found + 1;
      skips = found == std::string_view::npos && added > 0;
      offset_ += static_cast<std::int64_t>(skipped);
      size_ -= skipped;
      std::memmove(buffer_.data(), buffer_.data() + skipped, size_);
      if (skips) continue;
      // The first line of this block may begin behind its end: then it has none.
      if (block_.end >= 0 && offset_ > block_.end) {
        is_last_ = true;
        return false;
      }
    }
    taken_ = end_of_block();
    is_last_ = taken_ != std::string_view::npos || added == 0;
    if (is_last_) {
      taken_ = std::min(taken_, size_);
      if (taken_ == size_) buffer_[size_] = '\0';
      return taken_ > 0;
    }
    const std::size_t last = std::string_view(buffer_.data(), size_).rfind('\n');
    if (last != std::string_view::npos) {
      taken_ = last + 1;
      return true;
    }
    taken_ = 0;
  }
}

}  // namespace plait
