// Rows by their labels.
#include "plait/labelled_rows.h"

#include "collections/dataframe/loc.h"
#include "collections/source_line.h"
#include "plait/dataframe.h"

namespace plait {

template <class Self>
Self LabelledRows<Self>::loc(const Literal& start, const Literal& stop, Location where) const {
  const SourceScope scope = source_scope(where);
  return Self(loc_slice_expr(static_cast<const Self&>(*this).expr(), start, stop));
}

template <class Self>
Self LabelledRows<Self>::loc(const std::vector<Literal>& labels, Location where) const {
  const SourceScope scope = source_scope(where);
  return Self(loc_labels_expr(static_cast<const Self&>(*this).expr(), labels));
}

template class LabelledRows<DataFrame>;
template class LabelledRows<Series>;

}  // namespace plait
