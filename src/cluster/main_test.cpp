// A cluster's workers are this very program, started again: it becomes one here, before any test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/start.h"
#include "runtime/objects.h"
#include "runtime/worker_main.h"

int main(int argc, char** argv) {
  plait::register_object_types();
  plait::register_function_kernel();
  plait::cluster::start_cluster();
  plait::run_worker_if_asked();
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
