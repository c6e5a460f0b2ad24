// The texts that mean "missing": pandas' default list and what the user adds.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/formats/csv_schema.h"

namespace plait {

class MissingTexts {
 public:
  // Of a column of dates, "NaT" and "nan" are missing, too, whatever the options say.
  MissingTexts(const CsvOptions& options, const std::string& column, bool are_dates = false);

  bool contains(std::string_view text) const {
    if (text.empty()) return empty_is_missing_;
    return maybe_first_[static_cast<unsigned char>(text.front())] && text.size() <= longest_ && is_listed(text);
  }
  // A number that the user listed is missing however it is written: na_values=["5"] also takes "5.0" in a float column.
  bool has_numbers() const { return !numbers_.empty(); }
  bool contains_number(double value) const;

 private:
  bool is_listed(std::string_view text) const;

  std::vector<std::string> texts_;
  std::vector<double> numbers_;
  std::array<bool, 256> maybe_first_{};
  std::size_t longest_ = 0;
  bool empty_is_missing_ = false;
};

}  // namespace plait
