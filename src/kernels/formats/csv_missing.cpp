#include "kernels/formats/csv_missing.h"

#include <algorithm>

#include "kernels/formats/csv_number.h"

namespace plait {

MissingTexts::MissingTexts(const CsvOptions& options, const std::string& column, bool are_dates) {
  const auto own = options.column_na_values.find(column);
  const auto& added = own == options.column_na_values.end() ? options.na_values : own->second;
  if (options.keep_default_na) {
    texts_ = {"",     "#N/A", "#N/A N/A", "#NA",  "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
              "<NA>", "N/A",  "NA",       "NULL", "NaN",     "None",     "n/a",  "nan",  "null"};
  }
  if (are_dates) texts_.insert(texts_.end(), {"", "NaT", "nat", "NAT", "nan", "NaN", "NAN"});
  for (const std::string& text : added) {
    texts_.push_back(text);
    if (const auto number = parse_csv_float(text)) numbers_.push_back(*number);
  }
  for (const std::string& text : texts_) {
    if (text.empty()) {
      empty_is_missing_ = true;
    } else {
      maybe_first_[static_cast<unsigned char>(text.front())] = true;
    }
    longest_ = std::max(longest_, text.size());
  }
}

bool MissingTexts::is_listed(std::string_view text) const {
  return std::find(texts_.begin(), texts_.end(), text) != texts_.end();
}

bool MissingTexts::contains_number(double value) const {
  return std::find(numbers_.begin(), numbers_.end(), value) != numbers_.end();
}

}  // namespace plait
