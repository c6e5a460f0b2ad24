#include "cluster/heartbeat.h"

#include "cluster/mail.h"
#include "runtime/memory_watch.h"

namespace plait::cluster {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(600);
constexpr auto kTimeToConnect = std::chrono::seconds(10);

}  // namespace

HeartbeatThread::HeartbeatThread(const Address& scheduler, const Hello& hello)
    : socket_(knock(scheduler, hello, kTimeToConnect).connected.socket), thread_([this] { beat(); }) {}

HeartbeatThread::~HeartbeatThread() {
  {
    std::lock_guard lock(mutex_);
    is_over_ = true;
    wake_.notify_all();
  }
  thread_.join();
}

void HeartbeatThread::beat() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kInterval, [this] { return is_over_; })) {
    MailWriter mail(false);
    mail.add(Heartbeat{private_bytes()});
    if (!send_frame(socket_.number(), mail.take().payload)) return;
  }
}

}  // namespace plait::cluster
