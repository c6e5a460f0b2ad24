// Columns of text, plain or as codes into a dictionary.
#include <arrow/array/array_dict.h>
#include <arrow/util/utf8.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "kernels/formats/csv_column_impl.h"

namespace plait {
namespace {

void require_utf8(std::string_view text, std::size_t row) {
  static const bool ready = (arrow::util::InitializeUTF8(), true);
  if (ready && !arrow::util::ValidateUTF8(text)) {
    bad_csv_value(row, CsvEvidence::text, "is not valid UTF-8; convert the file to UTF-8 first");
  }
}

// Copies a short text with one store of 16 bytes: there is padding behind the text and slack behind the target.
inline void copy_text(char* to, std::string_view text) {
  if (text.size() <= 16) {
    std::memcpy(to, text.data(), 16);
  } else {
    std::memcpy(to, text.data(), text.size());
  }
}

class StringBuilder final : public CsvColumnBuilder {
 public:
  StringBuilder(const CsvColumn& column, const MissingTexts& missing, const CsvBatchTraits& traits)
      : column_(column), missing_(missing), traits_(traits) {}

  void reserve(std::size_t num_rows) override { offsets_.reserve(num_rows + 1); }

  void append(CsvFields fields) override {
    if (offsets_.size() == 0) offsets_.push_back(0);
    std::int64_t* out = offsets_.reserve(fields.num_rows);
    std::size_t num_bytes = 0;
    for (std::size_t row = 0; row < fields.num_rows; ++row) num_bytes += fields.end(row) - fields.begin(row);
    char* const start = bytes_.reserve(num_bytes);
    char* to = start;
    std::int64_t offset = out[-1];
    for (std::size_t row = 0; row < fields.num_rows; ++row) {
      const std::string_view text = fields[row];
      if (missing_.contains(text)) [[unlikely]] {
        validity_.mark_null(row);
      } else {
        if (traits_.has_non_ascii) require_utf8(text, row);
        copy_text(to, text);
        to += text.size();
        offset += static_cast<std::int64_t>(text.size());
      }
      out[row] = offset;
    }
    offsets_.advance(fields.num_rows);
    bytes_.advance(static_cast<std::size_t>(to - start));
    validity_.append_valid(fields.num_rows);
  }

  std::shared_ptr<arrow::Array> finish() override {
    if (offsets_.size() == 0) offsets_.push_back(0);
    const std::size_t num_rows = offsets_.size() - 1;
    const std::int64_t num_nulls = validity_.num_nulls();
    return make_csv_array(column_, num_rows, num_nulls, {validity_.finish(), offsets_.finish(), bytes_.finish()});
  }

 private:
  CsvColumn column_;
  MissingTexts missing_;
  const CsvBatchTraits& traits_;
  GrowingBuffer<std::int64_t> offsets_;
  GrowingBuffer<char> bytes_;
  ValidityBits validity_;
};

// The distinct texts of a column, found by a small table for texts of up to seven bytes and a hash table for all.
class TextCodes {
 public:
  TextCodes() : slots_(1024, kEmpty) { offsets_.push_back(0); }

  // The code of a text of up to seven bytes, whose bytes and length are the key, if it was the last one at its place.
  static std::uint64_t short_key(std::string_view text) {
    std::uint64_t bytes;
    std::memcpy(&bytes, text.data(), 8);
    const unsigned bits = 8 * static_cast<unsigned>(text.size());
    return (bytes & ((std::uint64_t{1} << bits) - 1)) | (std::uint64_t{text.size() + 1} << 56);
  }
  struct ShortEntry {
    std::uint64_t key = 0;
    std::int32_t code = -1;
  };
  ShortEntry& short_entry(std::uint64_t key) { return short_[(key * 0x9E3779B97F4A7C15u) >> (64 - kShortBits)]; }

  // The code of any text, a new one if it is new.
  std::int32_t code(std::string_view text) {
    const std::uint64_t hash = XXH3_64bits(text.data(), text.size());
    for (std::size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at] == kEmpty) return add(text, hash, at);
      if (hashes_[static_cast<std::size_t>(slots_[at])] == hash && this->text(slots_[at]) == text) return slots_[at];
    }
  }

  std::shared_ptr<arrow::Array> array() const {
    const auto copy = [](const auto* data, std::size_t count) {
      GrowingBuffer<std::remove_cvref_t<decltype(*data)>> buffer;
      std::memcpy(buffer.reserve(count), data, count * sizeof(*data));
      buffer.advance(count);
      return buffer.finish();
    };
    return arrow::MakeArray(arrow::ArrayData::Make(
        arrow::large_utf8(), static_cast<std::int64_t>(hashes_.size()),
        {nullptr, copy(offsets_.data(), offsets_.size()), copy(bytes_.data(), bytes_.size())}, 0));
  }
  std::size_t size() const { return hashes_.size(); }

 private:
  static constexpr std::int32_t kEmpty = -1;
  static constexpr unsigned kShortBits = 8;

  std::string_view text(std::int32_t code) const {
    const auto i = static_cast<std::size_t>(code);
    return std::string_view(bytes_).substr(static_cast<std::size_t>(offsets_[i]),
                                           static_cast<std::size_t>(offsets_[i + 1] - offsets_[i]));
  }

  std::int32_t add(std::string_view text, std::uint64_t hash, std::size_t slot) {
    const auto code = static_cast<std::int32_t>(hashes_.size());
    hashes_.push_back(hash);
    bytes_ += text;
    offsets_.push_back(static_cast<std::int64_t>(bytes_.size()));
    slots_[slot] = code;
    if (2 * hashes_.size() > slots_.size()) grow();
    return code;
  }

  void grow() {
    slots_.assign(2 * slots_.size(), kEmpty);
    for (std::size_t code = 0; code < hashes_.size(); ++code) {
      std::size_t at = hashes_[code] & (slots_.size() - 1);
      while (slots_[at] != kEmpty) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = static_cast<std::int32_t>(code);
    }
  }

  ShortEntry short_[1u << kShortBits];
  std::vector<std::int32_t> slots_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::int64_t> offsets_;
  std::string bytes_;
};

class DictionaryBuilder final : public CsvColumnBuilder {
 public:
  DictionaryBuilder(const CsvColumn& column, const MissingTexts& missing, const CsvBatchTraits& traits)
      : column_(column), missing_(missing), traits_(traits) {}

  void reserve(std::size_t num_rows) override { values_.reserve(num_rows); }

  void append(CsvFields fields) override {
    std::int32_t* out = values_.reserve(fields.num_rows);
    for (std::size_t row = 0; row < fields.num_rows; ++row) {
      const std::string_view text = fields[row];
      if (text.size() < 8) {
        const std::uint64_t key = TextCodes::short_key(text);
        TextCodes::ShortEntry& entry = codes_.short_entry(key);
        if (entry.key == key) [[likely]] {
          out[row] = entry.code;
          continue;
        }
        const std::int32_t code = careful_code(text, row);
        if (code >= 0) entry = {key, code};
        out[row] = std::max(code, 0);
      } else {
        out[row] = std::max(careful_code(text, row), 0);
      }
    }
    values_.advance(fields.num_rows);
    validity_.append_valid(fields.num_rows);
  }

  std::shared_ptr<arrow::Array> finish() override {
    if (!dictionary_ || static_cast<std::size_t>(dictionary_->length()) != codes_.size()) dictionary_ = codes_.array();
    const std::size_t num_rows = values_.size();
    const std::int64_t num_nulls = validity_.num_nulls();
    auto data = arrow::ArrayData::Make(csv_arrow_type(column_), static_cast<std::int64_t>(num_rows),
                                       {validity_.finish(), values_.finish()}, num_nulls);
    data->dictionary = dictionary_->data();
    return arrow::MakeArray(data);
  }

 private:
  // -1 for a missing value.
  std::int32_t careful_code(std::string_view text, std::size_t row) {
    if (missing_.contains(text)) {
      validity_.mark_null(row);
      return -1;
    }
    if (traits_.has_non_ascii) require_utf8(text, row);
    return codes_.code(text);
  }

  CsvColumn column_;
  MissingTexts missing_;
  const CsvBatchTraits& traits_;
  TextCodes codes_;
  std::shared_ptr<arrow::Array> dictionary_;
  GrowingBuffer<std::int32_t> values_;
  ValidityBits validity_;
};

}  // namespace

std::unique_ptr<CsvColumnBuilder> make_csv_string_builder(const CsvColumn& column, const MissingTexts& missing,
                                                          const CsvBatchTraits& traits) {
  if (column.dictionary || column.type == CsvType::category)
    return std::make_unique<DictionaryBuilder>(column, missing, traits);
  return std::make_unique<StringBuilder>(column, missing, traits);
}

}  // namespace plait
