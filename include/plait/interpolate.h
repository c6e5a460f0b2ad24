// Missing values between others filled on straight lines.
#pragma once

#include <cstdint>
#include <string>

#include "plait/export.h"
#include "plait/location.h"

namespace plait {

class DataFrame;
class Series;

struct InterpolateOptions {
  std::int64_t limit = 0;             // of missing values in a row; 0: any number
  std::string direction = "forward";  // in which they are counted, and values go on: "forward", "backward", "both"
  std::string area;  // "inside": only between two values; "outside": only beyond the first and last ones
};
// By the number of rows between two values, whatever their labels.
PLAIT_API DataFrame interpolate(const DataFrame& rows, const InterpolateOptions& options = {},
                                Location where = Location::current());
PLAIT_API Series interpolate(const Series& rows, const InterpolateOptions& options = {},
                             Location where = Location::current());

}  // namespace plait
