#include "cluster/worker.h"

#include <fmt/format.h>
#include <unistd.h>

#include "cluster/handshake.h"
#include "cluster/worker_shell.h"
#include "runtime/machine.h"
#include "runtime/memory_watch.h"
#include "runtime/task_errors.h"
#include "runtime/thread_pool.h"

namespace plait::cluster {
namespace {

constexpr auto kTimeToJoin = std::chrono::seconds(10);
constexpr auto kMeasure = std::chrono::milliseconds(100);
constexpr int kMeasuresPerStatus = 5;
constexpr auto kTimeToStop = std::chrono::milliseconds(200);
// One may be busy with a large value, or wait for Python.
constexpr int kMinBackgroundThreads = 2;
constexpr int kMaxBackgroundThreads = 4;

LanguageHooks hooks;

thread_local const WorkerSettings* worker_of_thread = nullptr;

}  // namespace

const LanguageHooks& language_hooks() { return hooks; }

Parcel fault_parcel(const std::exception_ptr& error) {
  Encoder to;
  encode(to, fault_of(error));
  return Parcel::pack(to.take(), 0);
}

Worker::Impl::Impl(const WorkerSettings& given, std::shared_ptr<ExecutingPage> noted)
    : settings(std::make_shared<const WorkerSettings>(given)),
      page(std::move(noted)),
      background(std::clamp(static_cast<int>(given.nthreads), kMinBackgroundThreads, kMaxBackgroundThreads)),
      state({.nthreads = given.nthreads, .memory_limit_bytes = given.memory_limit_bytes}),
      store(0, given.local_directory.empty() ? default_spill_directory() : given.local_directory) {}

// --- Beginning and end ---

void Worker::Impl::join() {
  const message::WorkerJoined joined{.name = settings->name,
                                     .address = address(),
                                     .nthreads = settings->nthreads,
                                     .memory_limit_bytes = settings->memory_limit_bytes,
                                     .resources = settings->resources,
                                     .held = {}};
  Admitted admitted = knock(parse_address(settings->scheduler),
                            Hello{settings->token, PeerRole::worker, settings->name, 0,
                                  static_cast<std::uint64_t>(settings->has_own_process ? ::getpid() : 0)},
                            kTimeToJoin, &joined);
  heartbeat = std::make_unique<HeartbeatThread>(
      parse_address(settings->scheduler),
      Hello{settings->token, PeerRole::heartbeat, settings->name, admitted.welcome.number, 0});
  const auto connection =
      std::make_shared<Connection>(loop, std::move(admitted.connected.socket), admitted.connected.passes_memory);
  connection->trust();
  mail = std::make_unique<Mail>(connection);
  threads = std::make_unique<TaskThreads>(
      settings, page,
      [weak = weak_from_this()](const TaskJob& job, bool is_back) {
        if (const auto self = weak.lock()) self->told_to_secede(job, is_back);
      },
      [weak = weak_from_this()](TaskOutcome outcome) {
        if (const auto self = weak.lock()) self->ended(std::move(outcome));
      });
  connection->start(
      [this](Frame frame, std::vector<FileDescriptor> memory) {
        receive(MailReader(std::move(frame), std::move(memory)));
      },
      [this](const std::string& why) {
        if (!why.empty()) fmt::print(stderr, "worker {}: {}\n", settings->name, why);
        loop.stop();
      });
  loop.when_idle([this] {
    const Locked locked(*this);
    begin_providing();
    mail->flush();
  });
  measure(0);
}

// Nobody connects to a worker: its address is for people, and tells workers apart.
std::string Worker::Impl::address() const {
  return settings->has_own_process ? fmt::format("unix://plait/{}/{}", ::getpid(), settings->name)
                                   : fmt::format("inproc://{}/{}", ::getpid(), settings->name);
}

bool Worker::Impl::run() {
  loop.run();
  {
    const Locked locked(*this);
    for (const auto& [task, job] : jobs) job->cancelled = true;
    if (!jobs.empty() && hooks.interrupt) hooks.interrupt();
  }
  heartbeat.reset();
  const bool has_stopped = threads->stop(kTimeToStop);
  mail->connection().close();
  const Locked locked(*this);
  return has_stopped && num_calls == 0;
}

void Worker::Impl::measure(int count) {
  loop.after(kMeasure, [this, count] {
    const Locked locked(*this);
    const std::uint64_t process_bytes = settings->has_own_process ? private_bytes() : 0;
    handle(worker_event::MemoryMeasured{process_bytes});
    if (settings->has_own_process) look_at_growth(process_bytes);
    if (count % kMeasuresPerStatus == 0) mail->send(LetterOfWorker(message::ToScheduler(state.status())));
    if (hooks.tidy && std::exchange(has_dropped, false)) {
      in_background([](Impl&) -> Job {
        hooks.tidy();
        return [](Impl&) {};
      });
    }
    measure(count + 1);
  });
}

// --- What the scheduler says ---

void Worker::Impl::receive(MailReader letters) {
  const Locked locked(*this);
  while (letters.has_more()) {
    auto [letter, parcel] = letters.next<WorkerLetter>();
    if (const auto* message = std::get_if<message::ToWorker>(&letter)) {
      handle(*message, parcel ? &*parcel : nullptr);
    } else if (parcel) {
      call_outside_tasks(std::get<Call>(letter), *parcel);
    }
  }
}

// On a thread of its own: nobody knows how long it takes, or what it waits for.
void Worker::Impl::call_outside_tasks(const Call& call, const Parcel& parcel) {
  if (num_before_tasks > 0 && !call.is_before_tasks) return calls_held_back.push_back({call, parcel});
  num_before_tasks += call.is_before_tasks;
  ++num_calls;
  try {
    ThreadPool::of_process().submit(job_of([call, parcel](Impl& impl) -> Job {
      bool ok = true;
      std::optional<Parcel> result;
      const std::shared_ptr<const WorkerSettings> settings = impl.settings;
      worker_of_thread = settings.get();
      try {
        const Record record = parcel.unpack();
        Decoder from(record);
        result = Parcel::of_value(decode<KernelCall>(from).run({}, TaskContext()));
      } catch (...) {
        ok = false;
        result = fault_parcel(std::current_exception());
        if (call.is_before_tasks)
          fmt::print(stderr, "worker {}: what it was to do first failed: {}\n", settings->name,
                     fault_of(std::current_exception()).message);
      }
      worker_of_thread = nullptr;
      return [call, ok, result](Impl& told) { told.called_outside_tasks(call, ok, *result); };
    }));
  } catch (const Error&) {
    called_outside_tasks(call, false, fault_parcel(std::current_exception()));
  }
}

void Worker::Impl::called_outside_tasks(const Call& call, bool ok, const Parcel& result) {
  --num_calls;
  if (call.call != 0) mail->send(LetterOfWorker(Called{call.call, ok}), &result);
  if (!call.is_before_tasks || --num_before_tasks > 0) return;
  for (TaskJobPtr& job : std::exchange(held_back, {})) starting.push_back(std::move(job));
  for (const auto& [held, parcel] : std::exchange(calls_held_back, {})) call_outside_tasks(held, parcel);
}

// --- What others see ---

Worker::Worker(const WorkerSettings& settings, std::shared_ptr<ExecutingPage> page)
    : impl_(std::make_shared<Impl>(settings, std::move(page))) {
  impl_->join();
}
Worker::~Worker() = default;
bool Worker::run() { return impl_->run(); }
void Worker::stop() { impl_->loop.stop(); }

const WorkerSettings* current_worker() { return worker_of_thread ? worker_of_thread : worker_of_running_task(); }

bool secede() { return move_running_task(false); }
bool rejoin() { return move_running_task(true); }

void set_language_hooks(const LanguageHooks& given) { hooks = given; }

}  // namespace plait::cluster
