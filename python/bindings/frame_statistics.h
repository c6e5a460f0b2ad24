// Statistics that look at all values, which frames and series share.
#pragma once

#include "frame_arguments.h"

namespace plait::python {

template <class T>
void bind_statistics(nb::class_<T, FrameBase>& rows) {
  const auto statistic = [&](const char* name, auto method) {
    rows.def(name, answering([method](const T& x, bool skipna, bool numeric_only) {
               return method(x, StatisticOptions{skipna, numeric_only});
             }),
             Line());
  };
  using How = StatisticOptions;
  statistic("median", [](const T& x, const How& how) { return x.median(how); });
  statistic("skew", [](const T& x, const How& how) { return x.skew(how); });
  statistic("kurt", [](const T& x, const How& how) { return x.kurt(how); });
  statistic("idxmin", [](const T& x, const How& how) { return x.idxmin(how); });
  statistic("idxmax", [](const T& x, const How& how) { return x.idxmax(how); });
}

}  // namespace plait::python
