// The processes executor starts this very program again: it becomes a worker here, before any test.
#include "runtime/worker_main.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

int main(int argc, char** argv) {
  plait::run_worker_if_asked();
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
