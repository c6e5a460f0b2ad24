// Moments and spans of time as pandas writes them.
#pragma once

#include <string>

#include "plait/table.h"

namespace plait {

// Units per second.
std::int64_t units_per_second(TimeUnit unit);
// "2013-01-01 05:00:00", with as many decimals as there are.
std::string timestamp_text(const Timestamp& moment);
// "1 days 02:00:00"
std::string timedelta_text(const Timedelta& span);

}  // namespace plait
