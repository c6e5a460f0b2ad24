#include "kernels/formats/csv_missing.h"

#include <algorithm>

#include "kernels/formats/csv_number.h"

namespace plait {

MissingTexts::MissingTexts(const CsvOptions& options, const std::string& column, bool are_dates) {
  const auto own = options.column_na_values.find(column);
  const auto& added = own == options.column_na_values.end() ? options.na_values : own->second;
  const auto texts = std::make_shared<Texts>();
  if (options.keep_default_na) {
    texts->all = {"",     "#N/A", "#N/A N/A", "#NA",  "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
                  "<NA>", "N/A",  "NA",       "NULL", "NaN",     "None",     "n/a",  "nan",  "null"};
  }
  if (are_dates) texts->all.insert(texts->all.end(), {"", "NaT", "nat", "NAT", "nan", "NaN", "NAN"});
  for (const std::string& text : added) {
    texts->all.push_back(text);
    if (const auto number = parse_csv_float(text)) texts->numbers.push_back(*number);
  }
  for (const std::string& text : texts->all) {
    if (text.empty()) {
      texts->empty_is_missing = true;
    } else {
      texts->maybe_first[static_cast<unsigned char>(text.front())] = true;
    }
    texts->longest = std::max(texts->longest, text.size());
  }
  texts_ = texts;
}

bool MissingTexts::is_listed(std::string_view text) const {
  return std::ranges::find(texts_->all, text) != texts_->all.end();
}

bool MissingTexts::contains_number(double value) const {
  return std::ranges::find(texts_->numbers, value) != texts_->numbers.end();
}

}  // namespace plait
