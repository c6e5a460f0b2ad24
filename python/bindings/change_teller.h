// ChangeTeller: tells Python of keys whose state has changed, on a thread that may wait for the GIL.
#pragma once

#include <condition_variable>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "cluster/client_core.h"
#include "gil.h"
#include "python_object.h"

namespace plait::python {

class ChangeTeller {
 public:
  explicit ChangeTeller(PyRef callback) : callback_(std::move(callback)), thread_([this] { tell_all(); }) {}
  // Without the GIL.
  ~ChangeTeller() {
    {
      std::lock_guard lock(mutex_);
      is_over_ = true;
      wake_.notify_all();
    }
    thread_.join();
  }

  void add(std::vector<cluster::KeyChange> news) {
    std::lock_guard lock(mutex_);
    news_.insert(news_.end(), std::make_move_iterator(news.begin()), std::make_move_iterator(news.end()));
    wake_.notify_all();
  }

 private:
  void tell_all() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return is_over_ || !news_.empty(); });
      if (is_over_) return;
      const std::vector<cluster::KeyChange> news = std::exchange(news_, {});
      lock.unlock();
      {
        const Gil gil;
        for (const cluster::KeyChange& change : news) {
          try {
            callback_.get()(change.key, cluster::status_name(change.status));
          } catch (nb::python_error& error) {
            error.discard_as_unraisable("a callback of a cluster's client");
          }
        }
        drop_dead_objects();
      }
      lock.lock();
    }
  }

  const PyRef callback_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<cluster::KeyChange> news_;
  bool is_over_ = false;
  std::thread thread_;
};

}  // namespace plait::python
