#include "kernels/formats/csv_rows.h"

#include <algorithm>
#include <cstring>

namespace plait {

void CsvRows::build(const char* text, const CsvIndex& index, CsvDialect dialect, std::size_t num_columns,
                    CsvRowLengths lengths) {
  text_ = text;
  dialect_ = dialect;
  num_columns_ = num_columns;
  has_quotes_ = index.has_quotes();
  trimmed_ = false;
  if (is_regular(index)) {
    begins_ = index.starts();
    ends_ = index.starts() + 1;
    num_rows_ = index.num_records();
    if (index.has_carriage_returns()) trim_carriage_returns(index);
  } else {
    collect_rows(index, lengths);
  }
}

// Every record has all its fields, so that rows can be found by counting.
bool CsvRows::is_regular(const CsvIndex& index) const {
  const std::size_t num_fields = index.num_fields();
  if (num_fields != index.num_records() * num_columns_) return false;
  const std::uint32_t* starts = index.starts();
  for (std::size_t field = num_columns_; field <= num_fields; field += num_columns_) {
    if (!dialect_.ends_record(text_[starts[field] - 1])) return false;
  }
  if (num_columns_ > 1) return true;
  for (std::size_t field = 0; field < num_fields; ++field) {
    if (is_blank(starts[field], starts[field + 1] - 1)) return false;
  }
  return true;
}

void CsvRows::trim_carriage_returns(const CsvIndex& index) {
  trimmed_ = true;
  last_ends_.resize(num_rows_);
  for (std::size_t row = 0; row < num_rows_; ++row) {
    const std::uint32_t start = index.starts()[(row + 1) * num_columns_];
    const bool two = start >= 2 && dialect_.is_return_before(text_[start - 2], text_[start - 1]);
    last_ends_[row] = start - two;
  }
}

// Only spaces and tabs, as pandas skips them.
bool CsvRows::is_blank(std::uint32_t begin, std::uint32_t end) const {
  for (std::uint32_t at = begin; at < end; ++at) {
    const char c = text_[at];
    const bool ends_line = at + 1 == end && dialect_.is_return_before(c, text_[end]);
    if (!((c == ' ' || c == '\t') && c != dialect_.sep) && !ends_line) return false;
  }
  return true;
}

void CsvRows::collect_rows(const CsvIndex& index, CsvRowLengths lengths) {
  const std::size_t num_fields = index.num_fields();
  const std::uint32_t* starts = index.starts();
  own_begins_.clear();
  own_ends_.clear();
  num_rows_ = 0;
  std::size_t first = 0;
  for (std::size_t field = 1; field <= num_fields; ++field) {
    const char last = text_[starts[field] - 1];
    if (!dialect_.ends_record(last)) continue;
    const std::size_t count = field - first;
    const std::uint32_t begin = starts[first];
    if (count == 1 && is_blank(begin, starts[field] - 1)) {
      first = field;
      continue;
    }
    if ((count > num_columns_ && !lengths.drop_extra) || (count < num_columns_ && !lengths.fill_missing))
      throw RaggedRow{begin, count};
    std::uint32_t end = starts[field];
    if (end - 1 > starts[field - 1] && dialect_.is_return_before(text_[end - 2], last)) --end;
    const std::size_t last_field = first + std::min(count, num_columns_);
    for (std::size_t i = first; i < last_field; ++i) {
      own_begins_.push_back(starts[i]);
      own_ends_.push_back(i + 1 == field ? end : starts[i + 1]);
    }
    for (std::size_t i = count; i < num_columns_; ++i) {
      own_begins_.push_back(end - 1);
      own_ends_.push_back(end);
    }
    ++num_rows_;
    first = field;
  }
  begins_ = own_begins_.data();
  ends_ = own_ends_.data();
}

CsvFields CsvRows::column(std::size_t column, char* room) {
  CsvFields fields;
  fields.text = text_;
  fields.num_rows = num_rows_;
  fields.begins = begins_ + column;
  fields.begin_stride = num_columns_;
  fields.ends = ends_ + column;
  fields.end_stride = num_columns_;
  if (trimmed_ && column + 1 == num_columns_) {
    fields.ends = last_ends_.data();
    fields.end_stride = 1;
  }
  if (!has_quotes_) return fields;

  plain_begins_.resize(num_rows_);
  plain_ends_.resize(num_rows_);
  for (std::size_t row = 0; row < num_rows_; ++row) {
    std::uint32_t begin = fields.begin(row), end = fields.end(row);
    if (begin < end && text_[begin] == dialect_.quote) {
      const bool closes_last = end - begin >= 2 && text_[end - 1] == dialect_.quote &&
                               std::memchr(text_ + begin + 1, dialect_.quote, end - begin - 2) == nullptr;
      if (closes_last) {
        ++begin;
        --end;
      } else {
        const std::size_t length = unquote_csv_field({text_ + begin, end - begin}, dialect_.quote, room);
        begin = static_cast<std::uint32_t>(room - text_);
        end = begin + static_cast<std::uint32_t>(length);
        room += length;
      }
    }
    plain_begins_[row] = begin;
    plain_ends_[row] = end;
  }
  fields.begins = plain_begins_.data();
  fields.ends = plain_ends_.data();
  fields.begin_stride = fields.end_stride = 1;
  fields.end_shift = 0;
  return fields;
}

std::size_t unquote_csv_field(std::string_view field, char quote, char* to) {
  if (field.empty() || field.front() != quote) {
    std::memcpy(to, field.data(), field.size());
    return field.size();
  }
  char* const start = to;
  std::size_t at = 1;
  for (; at < field.size(); ++at) {
    if (field[at] != quote) {
      *to++ = field[at];
    } else if (at + 1 < field.size() && field[at + 1] == quote) {
      *to++ = field[at++];
    } else {
      break;
    }
  }
  // What follows the closing quote is plain text.
  for (++at; at < field.size(); ++at) *to++ = field[at];
  return static_cast<std::size_t>(to - start);
}

}  // namespace plait
