// Threads of which the system may have none left: a worker whose memory is limited has room for some hundreds.
#pragma once

#include <system_error>
#include <thread>
#include <utility>

#include "plait/error.h"

namespace plait {

// Throws Error(runtime) that says what is missing.
template <class F>
std::thread new_thread(F&& work) {
  try {
    return std::thread(std::forward<F>(work));
  } catch (const std::system_error& error) {
    throw Error(ErrorKind::runtime, std::string("the system has no room for another thread (too many of them, or too "
                                                "little memory for its stack): ") +
                                        error.code().message());
  }
}

}  // namespace plait
