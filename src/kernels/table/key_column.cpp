#include "kernels/table/key_column.h"

#include <arrow/api.h>
#include <arrow/compute/api.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/dense_map.h"
#include "kernels/table/table_memory.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

constexpr std::int64_t kMaxDirectRange = std::int64_t{1} << 20;
constexpr std::int64_t kMaxExpectedRange = std::int64_t{1} << 24;

// The code that a missing value has: one of the ordinary codes, taken when the first one comes; 0 if not kept.
class MissingCode {
 public:
  explicit MissingCode(bool keep) : keep_(keep) {}
  std::uint32_t find() const { return code_; }
  bool needs_code() const { return keep_ && code_ == 0; }
  void set(std::uint32_t code) { code_ = code; }

 private:
  bool keep_;
  std::uint32_t code_ = 0;
};

// Integers, bools and times: while their range is small, a direct table; then a hash table.
class IntegerKeys final : public KeyColumn {
 public:
  IntegerKeys(std::shared_ptr<arrow::DataType> type, bool keep_missing)
      : type_(std::move(type)), missing_(keep_missing) {}

  void expect(std::int64_t num_rows) override { expected_range_ = std::min(kMaxExpectedRange, 8 * num_rows); }
  void make_room(const arrow::Array& values) override {
    if (is_direct_) visit_integers(values, [&]<class T>(const T* from) { prepare_direct(values, from); });
  }
  void add(const arrow::Array& values, std::uint32_t* codes) override {
    visit_integers(values, [&]<class T>(const T* from) { add_typed(values, from, codes); });
  }

  void find(const arrow::Array& values, std::uint32_t* codes) const override {
    visit_integers(values, [&]<class T>(const T* from) {
      const bool has_nulls = values.null_count() > 0;
      const bool prefetches = !is_direct_ && map_.is_large();
      constexpr std::int64_t kAhead = 16;
      for (std::int64_t i = 0; i < values.length(); ++i) {
        if (prefetches && i + kAhead < values.length())
          map_.prefetch(static_cast<std::uint64_t>(static_cast<std::int64_t>(from[i + kAhead])));
        codes[i] = has_nulls && values.IsNull(i) ? missing_.find() : find_one(static_cast<std::int64_t>(from[i]));
      }
    });
  }

  std::uint32_t num_codes() const override { return static_cast<std::uint32_t>(keys_.size()); }

  std::shared_ptr<arrow::Array> values() const override {
    return array_of_integers(keys_, missing_.find() == 0 ? -1 : static_cast<std::int64_t>(missing_.find()) - 1, type_);
  }

 private:
  std::uint32_t find_one(std::int64_t value) const {
    if (!is_direct_) return code_of(map_.find(static_cast<std::uint64_t>(value)));
    if (value < base_ || value - base_ >= static_cast<std::int64_t>(direct_.size())) return 0;
    return direct_[value - base_];
  }

  template <class T>
  void add_typed(const arrow::Array& values, const T* from, std::uint32_t* codes) {
    const std::int64_t count = values.length();
    const bool has_nulls = values.null_count() > 0;
    if (is_direct_) prepare_direct(values, from);
    if (!is_direct_) return add_hashed(values, from, codes);
    for (std::int64_t i = 0; i < count; ++i) {
      if (has_nulls && values.IsNull(i)) {
        codes[i] = missing_code();
        continue;
      }
      std::uint32_t& slot = direct_[static_cast<std::int64_t>(from[i]) - base_];
      if (slot == 0) [[unlikely]]
        slot = new_code(static_cast<std::int64_t>(from[i]));
      codes[i] = slot;
    }
  }

  template <class T>
  void add_hashed(const arrow::Array& values, const T* from, std::uint32_t* codes) {
    const std::int64_t count = values.length();
    const bool has_nulls = values.null_count() > 0;
    constexpr std::int64_t kAhead = 16;
    for (std::int64_t i = 0; i < count; ++i) {
      if (i + kAhead < count && map_.is_large())
        map_.prefetch(static_cast<std::uint64_t>(static_cast<std::int64_t>(from[i + kAhead])));
      if (has_nulls && values.IsNull(i)) {
        codes[i] = missing_code();
        continue;
      }
      codes[i] = add_to_map(static_cast<std::int64_t>(from[i]));
    }
  }

  std::uint32_t missing_code() {
    if (missing_.needs_code()) missing_.set(new_code(0));
    return missing_.find();
  }

  std::uint32_t add_to_map(std::int64_t value) {
    const std::uint32_t id = map_.add(static_cast<std::uint64_t>(value));
    if (id == map_to_code_.size()) [[unlikely]]
      map_to_code_.push_back(new_code(value));
    return code_of(id);
  }
  // Without a missing key ids are codes.
  std::uint32_t code_of(std::uint32_t id) const { return missing_.find() == 0 ? id : map_to_code_[id]; }

  std::uint32_t new_code(std::int64_t value) {
    keys_.push_back(value);
    return static_cast<std::uint32_t>(keys_.size());
  }

  // Widens the direct table to hold these values, or gives it up.
  template <class T>
  void prepare_direct(const arrow::Array& values, const T* from) {
    std::int64_t low = std::numeric_limits<std::int64_t>::max();
    std::int64_t high = std::numeric_limits<std::int64_t>::min();
    if constexpr (std::is_same_v<T, std::uint64_t>) return give_up_direct();
    if (values.null_count() == 0) {
      T least = std::numeric_limits<T>::max();
      T most = std::numeric_limits<T>::lowest();
      for (std::int64_t i = 0; i < values.length(); ++i) {
        least = std::min(least, from[i]);
        most = std::max(most, from[i]);
      }
      if (values.length() > 0) {
        low = static_cast<std::int64_t>(least);
        high = static_cast<std::int64_t>(most);
      }
    } else {
      for (std::int64_t i = 0; i < values.length(); ++i) {
        if (values.IsNull(i)) continue;
        low = std::min(low, static_cast<std::int64_t>(from[i]));
        high = std::max(high, static_cast<std::int64_t>(from[i]));
      }
    }
    if (low > high) return;
    if (!direct_.empty()) {
      const std::int64_t last = base_ + static_cast<std::int64_t>(direct_.size()) - 1;
      if (low >= base_ && high <= last) return;
      low = std::min(low, base_);
      high = std::max(high, last);
    }
    const auto range = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
    // A key in a hash table takes as much memory as some sixteen places of the direct one.
    const auto known = static_cast<std::int64_t>(keys_.size());
    if (range >=
        static_cast<std::uint64_t>(std::max({kMaxDirectRange, 2 * values.length(), 16 * known, expected_range_})))
      return give_up_direct();
    if (!direct_.empty() && low == base_) return direct_.resize(range + 1, 0);
    PooledVector<std::uint32_t> wider(range + 1, 0);
    std::copy(direct_.begin(), direct_.end(), wider.begin() + (direct_.empty() ? 0 : base_ - low));
    direct_ = std::move(wider);
    base_ = low;
  }

  void give_up_direct() {
    is_direct_ = false;
    direct_ = {};
    map_to_code_.assign(1, 0);
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      const auto code = static_cast<std::uint32_t>(i + 1);
      if (code == missing_.find()) continue;
      map_.add(static_cast<std::uint64_t>(keys_[i]));
      map_to_code_.push_back(code);
    }
  }

  std::shared_ptr<arrow::DataType> type_;
  MissingCode missing_;
  PooledVector<std::int64_t> keys_;  // by code - 1
  bool is_direct_ = true;
  std::int64_t expected_range_ =
      0;  // a direct table of it is no larger than a hash table of the keys that are expected
  std::int64_t base_ = 0;
  PooledVector<std::uint32_t> direct_;
  DenseMap map_;
  // Ids of the map count only values; codes count the missing key too.
  PooledVector<std::uint32_t> map_to_code_ = {0};
};

// Floats by their bits: NaN is missing, -0.0 is 0.0.
class FloatKeys final : public KeyColumn {
 public:
  FloatKeys(std::shared_ptr<arrow::DataType> type, bool keep_missing)
      : type_(std::move(type)), missing_(keep_missing) {}

  void add(const arrow::Array& values, std::uint32_t* codes) override {
    visit_floats(values, [&]<class T>(const T* from) {
      const bool has_nulls = values.null_count() > 0;
      constexpr std::int64_t kAhead = 16;
      for (std::int64_t i = 0; i < values.length(); ++i) {
        if (i + kAhead < values.length() && map_.is_large()) map_.prefetch(bits(static_cast<double>(from[i + kAhead])));
        const double value = has_nulls && values.IsNull(i) ? std::nan("") : static_cast<double>(from[i]);
        codes[i] = std::isnan(value) ? missing_code() : add_one(value);
      }
    });
  }
  void find(const arrow::Array& values, std::uint32_t* codes) const override {
    visit_floats(values, [&]<class T>(const T* from) {
      const bool has_nulls = values.null_count() > 0;
      for (std::int64_t i = 0; i < values.length(); ++i) {
        const double value = has_nulls && values.IsNull(i) ? std::nan("") : static_cast<double>(from[i]);
        codes[i] = std::isnan(value) ? missing_.find() : map_to_code_[map_.find(bits(value))];
      }
    });
  }
  std::uint32_t num_codes() const override { return static_cast<std::uint32_t>(keys_.size()); }
  std::shared_ptr<arrow::Array> values() const override {
    arrow::DoubleBuilder builder(table_memory());
    if (num_codes() > 0) check_arrow(builder.AppendValues(keys_.data(), num_codes()), "keys");
    auto doubles = value_or_throw(builder.Finish(), "keys");
    initialize_arrow();
    return type_->id() == arrow::Type::DOUBLE ? doubles : value_or_throw(arrow::compute::Cast(*doubles, type_), "keys");
  }

 private:
  static std::uint64_t bits(double value) {
    if (value == 0) value = 0;
    std::uint64_t word;
    std::memcpy(&word, &value, 8);
    return word;
  }
  std::uint32_t missing_code() {
    if (missing_.needs_code()) missing_.set(new_code(std::nan("")));
    return missing_.find();
  }
  std::uint32_t add_one(double value) {
    const std::uint32_t id = map_.add(bits(value));
    if (id == map_to_code_.size()) map_to_code_.push_back(new_code(value == 0 ? 0 : value));
    return map_to_code_[id];
  }
  std::uint32_t new_code(double value) {
    keys_.push_back(value);
    return static_cast<std::uint32_t>(keys_.size());
  }

  std::shared_ptr<arrow::DataType> type_;
  MissingCode missing_;
  PooledVector<double> keys_;
  DenseMap map_;
  PooledVector<std::uint32_t> map_to_code_ = {0};
};

class TextKeys final : public KeyColumn {
 public:
  TextKeys(std::shared_ptr<arrow::DataType> type, bool keep_missing) : type_(std::move(type)), missing_(keep_missing) {}

  void add(const arrow::Array& values, std::uint32_t* codes) override {
    for_each_text(values, [&](std::int64_t i, bool present, const PreparedText& text) {
      codes[i] = present ? code_of(map_.add(text)) : missing_code();
    });
  }
  void find(const arrow::Array& values, std::uint32_t* codes) const override {
    for_each_text(values, [&](std::int64_t i, bool present, const PreparedText& text) {
      codes[i] = present ? known_code(map_.find(text)) : missing_.find();
    });
  }
  std::uint32_t num_codes() const override { return map_.size() + (missing_.find() != 0); }
  std::shared_ptr<arrow::Array> values() const override {
    initialize_arrow();
    auto builder = value_or_throw(arrow::MakeBuilder(type_), "keys");
    const auto append = [&](auto& typed) {
      for (std::uint32_t code = 1; code <= num_codes(); ++code) {
        check_arrow(code == missing_.find() ? typed.AppendNull() : typed.Append(map_.key(id_of(code))), "keys");
      }
    };
    if (type_->id() == arrow::Type::LARGE_STRING)
      append(static_cast<arrow::LargeStringBuilder&>(*builder));
    else
      append(static_cast<arrow::StringBuilder&>(*builder));
    return value_or_throw(builder->Finish(), "keys");
  }

 private:
  // Blocks of texts are prepared and their slots prefetched before the first is looked up.
  template <class F>
  void for_each_text(const arrow::Array& values, const F& f) const {
    constexpr std::int64_t kBlock = 32;
    visit_texts(values, [&](const auto& texts) {
      const bool has_nulls = values.null_count() > 0;
      const bool is_large = map_.is_large();
      PreparedText block[kBlock];
      for (std::int64_t start = 0; start < values.length(); start += kBlock) {
        const std::int64_t count = std::min(kBlock, values.length() - start);
        for (std::int64_t i = 0; i < count; ++i) {
          prepare_text(texts.data(start + i), texts.size(start + i), texts.end(), block[i]);
          if (is_large) map_.prefetch(block[i]);
        }
        for (std::int64_t i = 0; i < count; ++i) f(start + i, !(has_nulls && values.IsNull(start + i)), block[i]);
      }
    });
  }

  // The missing key's code lies between those of the texts before and after it.
  std::uint32_t code_of(std::uint32_t id) const { return missing_.find() != 0 && id >= missing_.find() ? id + 1 : id; }
  std::uint32_t known_code(std::uint32_t id) const { return id == 0 ? 0 : code_of(id); }
  std::uint32_t id_of(std::uint32_t code) const {
    return missing_.find() != 0 && code > missing_.find() ? code - 1 : code;
  }
  std::uint32_t missing_code() {
    if (missing_.needs_code()) missing_.set(map_.size() + 1);
    return missing_.find();
  }

  std::shared_ptr<arrow::DataType> type_;
  MissingCode missing_;
  TextMap map_;
};

// Dictionaries: each batch's dictionary is coded once, rows by a lookup.
class DictionaryKeys final : public KeyColumn {
 public:
  DictionaryKeys(const arrow::DictionaryType& type, bool keep_missing)
      : inner_(make_key_column(type.value_type(), keep_missing)),
        ordered_(type.ordered()),
        keep_missing_(keep_missing) {}

  void add(const arrow::Array& values, std::uint32_t* codes) override {
    const auto& dictionary = static_cast<const arrow::DictionaryArray&>(values);
    if (values.data()->dictionary != last_dictionary_) {
      last_dictionary_ = values.data()->dictionary;
      last_codes_.resize(last_dictionary_->length);
      inner_->add(*dictionary.dictionary(), last_codes_.data());
    }
    if (keep_missing_ && missing_ == 0 && values.null_count() > 0) {
      inner_->add(*value_or_throw(arrow::MakeArrayOfNull(last_dictionary_->type, 1), "keys"), &missing_);
    }
    look_up(*dictionary.indices(), last_codes_, codes);
  }
  void find(const arrow::Array& values, std::uint32_t* codes) const override {
    const auto& dictionary = static_cast<const arrow::DictionaryArray&>(values);
    PooledVector<std::uint32_t> of_values(dictionary.dictionary()->length());
    inner_->find(*dictionary.dictionary(), of_values.data());
    look_up(*dictionary.indices(), of_values, codes);
  }
  std::uint32_t num_codes() const override { return inner_->num_codes(); }
  bool is_dense() const override { return false; }
  // A dictionary again, whose categories stand in the order in which they became known.
  std::shared_ptr<arrow::Array> values() const override {
    auto texts = inner_->values();
    arrow::Int32Builder indices;
    arrow::Int32Builder kept;
    std::int32_t next = 0;
    for (std::int64_t i = 0; i < texts->length(); ++i) {
      const bool is_missing = missing_ != 0 && i + 1 == missing_;
      check_arrow(is_missing ? indices.AppendNull() : indices.Append(next++), "keys");
      if (!is_missing) check_arrow(kept.Append(static_cast<std::int32_t>(i)), "keys");
    }
    initialize_arrow();
    auto categories =
        missing_ == 0
            ? texts
            : value_or_throw(arrow::compute::Take(texts, value_or_throw(kept.Finish(), "keys")), "keys").make_array();
    auto type = arrow::dictionary(arrow::int32(), categories->type(), ordered_);
    return value_or_throw(
        arrow::DictionaryArray::FromArrays(type, value_or_throw(indices.Finish(), "keys"), categories), "keys");
  }

 private:
  void look_up(const arrow::Array& indices, const PooledVector<std::uint32_t>& of_values, std::uint32_t* codes) const {
    visit_integers(indices, [&]<class T>(const T* from) {
      if (indices.null_count() == 0) {
        for (std::int64_t i = 0; i < indices.length(); ++i) codes[i] = of_values[from[i]];
      } else {
        for (std::int64_t i = 0; i < indices.length(); ++i)
          codes[i] = indices.IsNull(i) ? missing_ : of_values[from[i]];
      }
    });
  }

  std::unique_ptr<KeyColumn> inner_;
  bool ordered_;
  bool keep_missing_;
  std::uint32_t missing_ = 0;
  std::shared_ptr<arrow::ArrayData> last_dictionary_;  // whose codes are last_codes_
  PooledVector<std::uint32_t> last_codes_;
};

}  // namespace

std::unique_ptr<KeyColumn> make_key_column(const std::shared_ptr<arrow::DataType>& type, bool keep_missing) {
  if (type->id() == arrow::Type::DICTIONARY) {
    return std::make_unique<DictionaryKeys>(static_cast<const arrow::DictionaryType&>(*type), keep_missing);
  }
  if (is_text(*type)) return std::make_unique<TextKeys>(type, keep_missing);
  if (arrow::is_floating(type->id())) return std::make_unique<FloatKeys>(type, keep_missing);
  if (has_integer_form(*type)) return std::make_unique<IntegerKeys>(type, keep_missing);
  throw NoNativeForm("a column of type " + type->ToString() +
                     " cannot be a key; expected numbers, text, dates or categories");
}

}  // namespace plait
