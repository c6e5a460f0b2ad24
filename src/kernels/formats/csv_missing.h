// The texts that mean "missing": pandas' default list and what the user adds.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/formats/csv_schema.h"

namespace plait {

// A handle: columns with the same texts share them.
class MissingTexts {
 public:
  // Of a column of dates, "NaT" and "nan" are missing, too, whatever the options say.
  MissingTexts(const CsvOptions& options, const std::string& column, bool are_dates = false);

  bool contains(std::string_view text) const {
    if (text.empty()) return texts_->empty_is_missing;
    return texts_->maybe_first[static_cast<unsigned char>(text.front())] && text.size() <= texts_->longest &&
           is_listed(text);
  }
  // A number that the user listed is missing however it is written: na_values=["5"] also takes "5.0" in a float column.
  bool has_numbers() const { return !texts_->numbers.empty(); }
  bool contains_number(double value) const;

 private:
  struct Texts {
    std::vector<std::string> all;
    std::vector<double> numbers;
    std::array<bool, 256> maybe_first{};
    std::size_t longest = 0;
    bool empty_is_missing = false;
  };
  bool is_listed(std::string_view text) const;

  std::shared_ptr<const Texts> texts_;
};

// The texts of column after column.
class MissingTextsOfColumns {
 public:
  explicit MissingTextsOfColumns(const CsvOptions& options)
      : options_(options), plain_(options, {}), dates_(options, {}, true) {}

  MissingTexts of(const std::string& column, bool are_dates) const {
    if (options_.column_na_values.contains(column)) return {options_, column, are_dates};
    return are_dates ? dates_ : plain_;
  }

 private:
  const CsvOptions& options_;
  MissingTexts plain_;
  MissingTexts dates_;
};

}  // namespace plait
