#include "runtime/worker_main.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "base/buffer.h"
#include "base/kernel.h"
#include "base/row_count.h"
#include "base/task_memory.h"
#include "base/unused_memory.h"
#include "runtime/memory_watch.h"
#include "runtime/parts.h"
#include "runtime/task_errors.h"
#include "runtime/worker_messages.h"

namespace plait {
namespace {

constexpr std::size_t kMaxDescriptorsPerReply = 64;

struct WorkerSettings {
  std::mutex mutex;
  WorkerCommand command;  // under the mutex: a run may start while another takes workers
  std::map<std::string, WorkerService> services;
};

WorkerSettings& settings() {
  static auto* instance = new WorkerSettings;
  return *instance;
}

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// A worker has nothing to live for when its run's process is gone, even if a kernel never returns.
void end_with_parent(int socket) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::thread([socket] {
    pollfd waiting{socket, 0, 0};
    while (true) {
      if (::poll(&waiting, 1, -1) > 0 && (waiting.revents & (POLLHUP | POLLERR))) ::_exit(0);
    }
  }).detach();
}

WorkerControl* map_control(const FileDescriptor& memory) {
  void* mapped = ::mmap(nullptr, sizeof(WorkerControl), PROT_READ | PROT_WRITE, MAP_SHARED, memory.number(), 0);
  if (mapped == MAP_FAILED) throw io_error("a worker process cannot map the memory that it shares with its run");
  return static_cast<WorkerControl*>(mapped);
}

int run_service(const Message& hello, Channel& channel) {
  Decoder from(hello.record);
  const auto name = decode<std::string>(from);
  const auto found = settings().services.find(name);
  return found == settings().services.end() ? 1 : found->second(channel);
}

std::shared_ptr<const void> read_call(Decoder& from) {
  return std::make_shared<const KernelCall>(decode<KernelCall>(from));
}

// The tasks of one message.
class Batch {
 public:
  Batch(Message message, Channel& channel, WorkerControl& control, KeptParts& parts)
      : channel_(channel), control_(control), parts_(parts) {
    Decoder from(message.record);
    order_ = decode<BatchOrder>(from);
    set_pool_limit(order_.max_unused_bytes);
    if (order_.forgets_all_parts) parts_.forget_all();
    for (const Token& token : order_.forgotten_parts) parts_.forget(token);
    for (PartOrder& part : order_.parts) parts_.keep(part.token, take_parcel(part.parcel, message));
    for (ParcelRef& ref : order_.parcels) parcels_.push_back(take_parcel(ref, message));
    if (order_.start) start_ = take_parcel(*order_.start, message);
    values_.resize(parcels_.size());
    last_user_.resize(parcels_.size());
    for (std::uint32_t i = 0; i < order_.tasks.size(); ++i) {
      for (const std::uint32_t input : order_.tasks[i].inputs) last_user_.at(input) = i;
    }
  }

  std::uint64_t max_unused_bytes() const { return order_.max_unused_bytes; }

  // False if the run is gone.
  bool run() {
    if (start_) call_start();
    std::shared_ptr<void> session;
    Session session_maker = nullptr;
    for (std::uint32_t i = 0; i < order_.tasks.size() && !reply_.fault; ++i) {
      if (control_.cancelled) break;
      control_.current = i;
      const std::shared_ptr<const KernelCall> call = call_of(i);
      if (!call) break;
      if (call->kernel->session != session_maker) {
        session.reset();
        session_maker = call->kernel->session;
        if (session_maker) session = session_maker();
      }
      run_one(i, *call);
      let_go_of_inputs(i);
      if (outgoing_.num_descriptors() >= kMaxDescriptorsPerReply && !flush(false)) return false;
    }
    session.reset();
    const bool is_sent = flush(true);
    control_.current = WorkerControl::kIdle;
    return is_sent;
  }

 private:
  // What fails here is the fault of the task that needed the worker.
  void call_start() {
    try {
      const Record record = start_->unpack();
      Decoder from(record);
      const auto call = decode<KernelCall>(from);
      const TaskContext context(&control_.cancelled);
      call.run({}, context);
    } catch (...) {
      note_fault(0, std::current_exception(), "");
    }
  }

  std::shared_ptr<const KernelCall> call_of(std::uint32_t index) {
    const TaskOrder& task = order_.tasks[index];
    try {
      if (task.part) return std::static_pointer_cast<const KernelCall>(parts_.part(*task.part, read_call));
      const Record record = parcels_.at(task.call).unpack();
      Decoder from(record, &parts_);
      return std::static_pointer_cast<const KernelCall>(read_call(from));
    } catch (...) {
      note_fault(index, std::current_exception(), "");
      return nullptr;
    }
  }

  void let_go_of_inputs(std::uint32_t index) {
    for (const std::uint32_t input : order_.tasks[index].inputs) {
      if (last_user_.at(input) == index) values_[input] = {};
    }
  }

  // Parcels of a batch are opened when first needed, and once.
  const Value& value(std::uint32_t index) {
    if (!values_.at(index)) values_[index] = parcels_.at(index).value();
    return values_[index];
  }

  void run_one(std::uint32_t index, const KernelCall& call) {
    const TaskOrder& task = order_.tasks[index];
    std::vector<Value> inputs;
    TaskResult result{.index = index};
    try {
      for (const std::uint32_t input : task.inputs) inputs.push_back(value(input));
      result.start_ns = now_ns();
      const TaskContext context(&control_.cancelled, nullptr, nullptr, task.block);
      const RunningTask running(context);
      const TaskMemory memory;
      const Value made = call.run(inputs, context);
      result.end_ns = now_ns();
      result.num_rows = row_count(made);
      result.peak_bytes = memory.peak_bytes();
      const auto* items = task.in_items ? made.get_if<Sequence>() : nullptr;
      for (const Value& part : items ? std::span<const Value>(items->items) : std::span(&made, 1))
        result.values.push_back(outgoing_.add(Parcel::of_value(part)));
      reply_.results.push_back(std::move(result));
    } catch (...) {
      std::string described = describe_inputs(inputs);
      if (inputs.size() < task.inputs.size())
        described +=
            fmt::format("{}input {}, which could not be read here", inputs.empty() ? "" : " and ", inputs.size());
      note_fault(index, std::current_exception(), std::move(described));
    }
  }

  void note_fault(std::uint32_t index, const std::exception_ptr& cause, std::string inputs) {
    Fault fault = fault_of(cause);
    fault.inputs = std::move(inputs);
    Encoder to;
    encode(to, fault);
    reply_.fault = TaskFault{.index = index, .fault = outgoing_.add(Parcel::pack(to.take(), 0))};
  }

  bool flush(bool is_last) {
    reply_.is_last = is_last;
    const bool is_sent = outgoing_.send(channel_, reply_);
    reply_ = {};
    outgoing_ = {};
    return is_sent;
  }

  Channel& channel_;
  WorkerControl& control_;
  KeptParts& parts_;
  BatchOrder order_;
  std::vector<Parcel> parcels_;
  std::optional<Parcel> start_;
  std::vector<Value> values_;
  std::vector<std::uint32_t> last_user_;  // the task of the batch that needs the value last
  Outgoing outgoing_;
  BatchReply reply_;
};

}  // namespace

int run_worker(int socket) {
  ::unsetenv(kWorkerSocketVariable);
  // Ctrl-C reaches every process of the terminal; the run decides what it means for its workers.
  ::signal(SIGINT, SIG_IGN);
  sigset_t interrupt;
  ::sigemptyset(&interrupt);
  ::sigaddset(&interrupt, SIGINT);
  ::pthread_sigmask(SIG_UNBLOCK, &interrupt, nullptr);
  end_with_parent(socket);
  Channel channel{FileDescriptor(socket)};
  std::optional<Message> hello = channel.receive();
  if (!hello) return 1;
  if (hello->descriptors.empty()) return run_service(*hello, channel);
  WorkerControl* control = map_control(hello->descriptors[0]);
  if (!channel.send(hello->record, {})) return 0;
  KeptParts parts;
  std::uint64_t kept_bytes = private_bytes();
  while (std::optional<Message> message = channel.receive()) {
    std::uint64_t max_unused_bytes = 0;
    {
      Batch batch(std::move(*message), channel, *control, parts);
      if (!batch.run()) break;
      max_unused_bytes = batch.max_unused_bytes();
    }
    // What allocators keep between batches no other process can use.
    if (private_bytes() < kept_bytes + max_unused_bytes) continue;
    release_unused_memory();
    kept_bytes = private_bytes();
  }
  return 0;
}

void run_worker_if_asked() {
  const char* socket = std::getenv(kWorkerSocketVariable);
  if (socket) ::_exit(run_worker(std::atoi(socket)));
  std::lock_guard lock(settings().mutex);
  if (!settings().command) settings().command = [] { return std::vector<std::string>{"/proc/self/exe"}; };
}

void add_worker_service(const std::string& name, WorkerService service) {
  std::lock_guard lock(settings().mutex);
  settings().services[name] = service;
}

void set_worker_command(WorkerCommand command) {
  std::lock_guard lock(settings().mutex);
  settings().command = std::move(command);
}

std::vector<std::string> worker_command() {
  WorkerCommand command;
  {
    std::lock_guard lock(settings().mutex);
    command = settings().command;
  }
  if (!command) {
    throw Error(
        ErrorKind::runtime,
        "the scheduler 'processes' starts children of this program, which must first be able to become one: call "
        "plait::init(argc, argv) at the start of main (include/plait/init.h)");
  }
  return command();
}

}  // namespace plait
