#include "plait/interpolate.h"

#include "collections/dataframe/row_order.h"
#include "collections/source_line.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

InterpolateParams params_of(const InterpolateOptions& options) {
  return {.limit = options.limit,
          .direction = parse_fill_direction(options.direction),
          .area = parse_fill_area(options.area)};
}

}  // namespace

DataFrame interpolate(const DataFrame& rows, const InterpolateOptions& options, Location where) {
  const SourceScope scope = source_scope(where);
  return DataFrame(interpolate_expr(rows.expr(), params_of(options)));
}

Series interpolate(const Series& rows, const InterpolateOptions& options, Location where) {
  const SourceScope scope = source_scope(where);
  return Series(interpolate_expr(rows.expr(), params_of(options)));
}

}  // namespace plait
