#include "runtime/worker_main.h"

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>

#include "base/kernel.h"
#include "runtime/task_errors.h"
#include "runtime/worker_messages.h"

namespace plait {
namespace {

constexpr std::size_t kMaxDescriptorsPerReply = 64;

struct WorkerSettings {
  std::mutex mutex;
  std::vector<std::string> command;  // under the mutex: a run may start while another takes workers
  ErrorCodec codec;
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

// The tasks of one message.
class Batch {
 public:
  Batch(Message message, Channel& channel, WorkerControl& control)
      : message_(std::move(message)), channel_(channel), control_(control) {
    Decoder from(message_.record);
    order_ = decode<BatchOrder>(from);
    for (ParcelRef& ref : order_.parcels) parcels_.push_back(take_parcel(ref, message_));
    values_.resize(parcels_.size());
  }

  // False if the run is gone.
  bool run() {
    std::shared_ptr<void> session;
    Session session_maker = nullptr;
    for (std::uint32_t i = 0; i < order_.tasks.size() && !reply_.fault; ++i) {
      if (control_.cancelled) break;
      control_.current = i;
      const Kernel* kernel = kernel_of(i);
      if (!kernel) break;
      if (kernel->session != session_maker) {
        session.reset();
        session_maker = kernel->session;
        if (session_maker) session = session_maker();
      }
      run_one(i, *kernel);
      if (outgoing_.num_descriptors() >= kMaxDescriptorsPerReply && !flush(false)) return false;
    }
    session.reset();
    const bool is_sent = flush(true);
    control_.current = WorkerControl::kIdle;
    return is_sent;
  }

 private:
  const Kernel* kernel_of(std::uint32_t index) {
    try {
      return find_kernel(order_.tasks[index].kernel);
    } catch (...) {
      note_fault(index, std::current_exception(), {});
      return nullptr;
    }
  }

  // Parcels of a batch are opened when first needed, and once.
  const Value& value(std::uint32_t index) {
    if (!values_.at(index)) values_[index] = parcels_.at(index).value();
    return values_[index];
  }

  ParamsPtr params_of(const TaskOrder& task, const Kernel& kernel) {
    if (task.params < 0) return nullptr;
    ParamsPtr& kept = params_[{task.params, &kernel}];
    if (!kept) {
      const Record record = parcels_.at(static_cast<std::size_t>(task.params)).unpack();
      Decoder from(record);
      kept = kernel.decode_params(from);
    }
    return kept;
  }

  void run_one(std::uint32_t index, const Kernel& kernel) {
    const TaskOrder& task = order_.tasks[index];
    std::vector<Value> inputs;
    TaskResult result{.index = index};
    try {
      for (const std::uint32_t input : task.inputs) inputs.push_back(value(input));
      const ParamsPtr params = params_of(task, kernel);
      result.start_ns = now_ns();
      const TaskContext context(&control_.cancelled, nullptr, nullptr, task.block);
      const RunningTask running(context);
      const Value made = kernel.run(inputs, params.get(), context);
      result.end_ns = now_ns();
      result.value = outgoing_.add(Parcel::of_value(made));
      reply_.results.push_back(std::move(result));
    } catch (...) {
      note_fault(index, std::current_exception(), inputs);
    }
  }

  void note_fault(std::uint32_t index, const std::exception_ptr& cause, std::span<const Value> inputs) {
    const CauseText text = cause_text(cause);
    reply_.fault = TaskFault{.index = index,
                             .kind = static_cast<std::uint32_t>(text.kind),
                             .message = text.message,
                             .inputs = describe_inputs(inputs)};
    if (!error_codec().encode) return;
    if (const auto encoded = error_codec().encode(cause))
      reply_.fault->exception = outgoing_.add(Parcel::of_value(*encoded));
  }

  bool flush(bool is_last) {
    reply_.is_last = is_last;
    const bool is_sent = outgoing_.send(channel_, reply_);
    reply_ = {};
    outgoing_ = {};
    return is_sent;
  }

  Message message_;
  Channel& channel_;
  WorkerControl& control_;
  BatchOrder order_;
  std::vector<Parcel> parcels_;
  std::vector<Value> values_;
  std::map<std::pair<std::int32_t, const Kernel*>, ParamsPtr> params_;
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
  if (!hello || hello->descriptors.size() != 1) return 1;
  WorkerControl* control = map_control(hello->descriptors[0]);
  if (!channel.send(hello->record, {})) return 0;
  while (std::optional<Message> message = channel.receive()) {
    if (!Batch(std::move(*message), channel, *control).run()) break;
  }
  return 0;
}

void run_worker_if_asked() {
  const char* socket = std::getenv(kWorkerSocketVariable);
  if (socket) ::_exit(run_worker(std::atoi(socket)));
  std::lock_guard lock(settings().mutex);
  if (settings().command.empty()) settings().command = {"/proc/self/exe"};
}

void set_worker_command(std::vector<std::string> command) {
  std::lock_guard lock(settings().mutex);
  settings().command = std::move(command);
}

std::vector<std::string> worker_command() {
  std::lock_guard lock(settings().mutex);
  if (settings().command.empty()) {
    throw Error(
        ErrorKind::runtime,
        "the scheduler 'processes' starts children of this program, which must first be able to become one: call "
        "plait::init(argc, argv) at the start of main (include/plait/init.h)");
  }
  return settings().command;
}

void set_error_codec(ErrorCodec codec) { settings().codec = codec; }
const ErrorCodec& error_codec() { return settings().codec; }

}  // namespace plait
