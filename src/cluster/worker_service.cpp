#include "cluster/worker_service.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "cluster/start.h"
#include "runtime/worker_main.h"

namespace plait::cluster {
namespace {

template <class T>
Record record_of(const T& content) {
  Encoder to;
  encode(to, content);
  return to.take();
}

// Pages that allocators reserve before they use them, and stacks of threads, count as taken.
constexpr std::uint64_t kReservedBytes = std::uint64_t{1280} << 20;

// A task that asks for more than the worker may take gets an error, and the worker lives.
void limit_memory(std::uint64_t limit_bytes) {
  if (limit_bytes == 0) return;
  std::uint64_t pages[6] = {};  // size, resident, shared, text, unused, data
  std::ifstream statm("/proc/self/statm");
  for (std::uint64_t& count : pages) statm >> count;
  const std::uint64_t taken = pages[5] * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  rlimit limit = {};
  if (!statm || ::getrlimit(RLIMIT_DATA, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, taken + limit_bytes + kReservedBytes);
  ::setrlimit(RLIMIT_DATA, &limit);
}

int serve(Channel& channel) {
  std::optional<Message> orders = channel.receive();
  if (!orders || orders->descriptors.size() != 1) return 1;
  start_cluster();
  Decoder from(orders->record);
  const auto settings = decode<WorkerSettings>(from);
  limit_memory(settings.memory_limit_bytes);
  try {
    Worker worker(settings, std::make_shared<ExecutingPage>(std::move(orders->descriptors[0])));
    if (worker.run()) return 0;
  } catch (const Error& error) {
    fmt::print(stderr, "worker {}: {}\n", settings.name, error.what());
    return 1;
  }
  // A task does not stop: nobody waits for it any more.
  std::fflush(nullptr);
  ::_exit(0);
}

// In a program that has the cluster linked in.
[[maybe_unused]] const bool is_registered = [] {
  register_worker_service();
  return true;
}();

}  // namespace

void register_worker_service() { add_worker_service(kWorkerService, serve); }

bool send_orders(Channel& channel, const WorkerSettings& settings, const ExecutingPage& page) {
  const int memory = page.descriptor();
  return channel.send(record_of(std::string(kWorkerService)), {}) &&
         channel.send(record_of(settings), std::span(&memory, 1));
}

}  // namespace plait::cluster
