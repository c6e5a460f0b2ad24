// plait.dataframe's part of the extension module: the public classes, family by family.
#include "bindings.h"
#include "frame_arguments.h"

namespace plait::python {

void bind_dataframe(nb::module_& m) {
  bind_table(m);
  bind_frame_base(m);
  bind_series(m);
  bind_frame(m);
  bind_groupby(m);
  bind_frame_files(m);
  bind_partitions(m);
}

}  // namespace plait::python
