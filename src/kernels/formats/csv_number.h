// Numbers from CSV text, by pandas' rules of what is a number: spaces around it and a plus sign are allowed, no
// underscores, no hexadecimal. Doubles are exactly rounded (pandas' default parser may differ in the last place).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "kernels/formats/csv_rows.h"

namespace plait {

// Whole columns: plain numbers are converted, the rows of all other values are listed in order for the careful parsers.
void parse_int64_column(CsvFields fields, std::int64_t* out, std::vector<std::uint32_t>& odd_rows);
void parse_float64_column(CsvFields fields, double* out, std::vector<std::uint32_t>& odd_rows);

std::optional<double> parse_csv_float(std::string_view text);
std::optional<bool> parse_csv_bool(std::string_view text);

// An integer of any size up to 64 bits and a sign.
struct CsvInteger {
  bool is_integer = false;
  bool negative = false;
  bool overflows = false;  // more than 64 bits
  std::uint64_t magnitude = 0;

  bool fits_int64() const { return is_integer && !overflows && magnitude <= (std::uint64_t{1} << 63) - !negative; }
  bool fits_uint64() const { return is_integer && !overflows && (!negative || magnitude == 0); }
  std::int64_t int64() const { return static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude); }
};
CsvInteger parse_csv_integer(std::string_view text);

}  // namespace plait
