#include "kernels/array/blas_threads.h"

#include <cblas.h>

namespace plait {
namespace {

std::mutex& mutex() {
  static std::mutex instance;
  return instance;
}

}  // namespace

BlasThreads::BlasThreads(int wanted) : lock_(mutex(), std::defer_lock) {
  static const bool once = [] {
    scipy_openblas_set_num_threads(1);
    return true;
  }();
  static_cast<void>(once);
  if (wanted <= 1) return;
  lock_.lock();
  scipy_openblas_set_num_threads(wanted);
}

BlasThreads::~BlasThreads() {
  if (lock_.owns_lock()) scipy_openblas_set_num_threads(1);
}

}  // namespace plait
