// How many threads BLAS and LAPACK use while kernels call them.
#pragma once

#include <mutex>

namespace plait {

// BLAS runs on the calling thread only: the executor's threads are the parallel ones. A single large call borrows
// more, one call at a time. Ends with its scope.
class BlasThreads {
 public:
  explicit BlasThreads(int wanted = 1);
  ~BlasThreads();
  BlasThreads(const BlasThreads&) = delete;
  BlasThreads& operator=(const BlasThreads&) = delete;

 private:
  std::unique_lock<std::mutex> lock_;
};

}  // namespace plait
