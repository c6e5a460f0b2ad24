// The extension module plait._plait: everything that the Python package calls.
#include <nanobind/nanobind.h>

#include "answer.h"
#include "bindings.h"
#include "cluster.h"
#include "collections/start.h"
#include "delayed_table.h"
#include "errors.h"
#include "picture.h"
#include "plan.h"
#include "python_task.h"
#include "task_call.h"
#include "values.h"

NB_MODULE(_plait, m) {
  using namespace plait::python;
  // Objects that a user still holds when the interpreter ends are not a leak of ours.
  nanobind::set_leak_warnings(false);
  plait::start_all();
  bind_errors(m);
  bind_answer(m);
  bind_values(m);
  register_python_kernels();
  bind_config(m);
  bind_plan(m);
  bind_task_calls(m);
  bind_graph(m);
  bind_delayed_objects(m);
  bind_delayed_tables(m);
  bind_raw_blocks(m);
  bind_tokenize(m);
  bind_runtime(m);
  bind_picture(m);
  bind_array(m);
  bind_dataframe(m);
  bind_delayed_collections(m);
  bind_bag(m);
  bind_ml(m);
  bind_cluster(m);
}
