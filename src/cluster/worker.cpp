#include "cluster/worker.h"

#include <fmt/format.h>
#include <unistd.h>

#include <mutex>
#include <unordered_map>

#include "base/check.h"
#include "base/unused_memory.h"
#include "cluster/handshake.h"
#include "cluster/heartbeat.h"
#include "cluster/mail.h"
#include "cluster/task_threads.h"
#include "runtime/machine.h"
#include "runtime/memory_watch.h"
#include "runtime/store.h"
#include "runtime/task_errors.h"
#include "runtime/thread_pool.h"
#include "runtime/worker_main.h"
#include "scheduler/worker_state.h"

namespace plait::cluster {
namespace {

using Clock = EventLoop::Clock;

constexpr auto kTimeToJoin = std::chrono::seconds(10);
constexpr auto kMeasure = std::chrono::milliseconds(100);
constexpr int kMeasuresPerStatus = 5;
constexpr auto kLookAtCaps = std::chrono::milliseconds(5);
constexpr auto kTimeToStop = std::chrono::milliseconds(200);

Time now() { return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count(); }

LanguageHooks hooks;

thread_local const WorkerSettings* worker_of_thread = nullptr;

Parcel fault_parcel(const std::exception_ptr& error) {
  Encoder to;
  encode(to, fault_of(error));
  return Parcel::pack(to.take(), 0);
}

}  // namespace

struct Worker::Impl : std::enable_shared_from_this<Worker::Impl> {
  explicit Impl(const WorkerSettings& given)
      : settings(std::make_shared<const WorkerSettings>(given)),
        state({.nthreads = given.nthreads, .memory_limit_bytes = given.memory_limit_bytes}),
        store(0, given.local_directory.empty() ? default_spill_directory() : given.local_directory) {}

  // --- Beginning and end ---

  void join(std::shared_ptr<ExecutingPage> page) {
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
        settings, std::move(page),
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
  std::string address() const {
    return settings->has_own_process ? fmt::format("unix://plait/{}/{}", ::getpid(), settings->name)
                                     : fmt::format("inproc://{}/{}", ::getpid(), settings->name);
  }

  bool run() {
    loop.run();
    {
      const Locked locked(*this);
      for (const auto& [task, job] : jobs) job->cancelled = true;
      if (!jobs.empty() && hooks.interrupt) hooks.interrupt();
    }
    heartbeat.reset();
    const bool has_stopped = threads->stop(kTimeToStop);
    mail->connection().close();
    return has_stopped;
  }

  // --- What the scheduler says ---

  void receive(MailReader letters) {
    const Locked locked(*this);
    while (letters.has_more()) {
      auto [letter, parcel] = letters.next<WorkerLetter>();
      if (const auto* message = std::get_if<message::ToWorker>(&letter)) {
        handle_with(parcel ? &*parcel : nullptr, *message);
      } else if (parcel) {
        call_outside_tasks(std::get<Call>(letter), *parcel);
      }
    }
  }

  template <class Event>
  void handle_with(const Parcel* arrived, const Event& event) {
    WorkerActions actions;
    state.handle(event, now(), actions);
    for (const WorkerAction& action : actions) std::visit([&](const auto& one) { carry_out(one, arrived); }, action);
  }
  template <class Event>
  void handle(const Event& event) {
    handle_with(nullptr, event);
  }

  void call_outside_tasks(const Call& call, const Parcel& parcel) {
    num_before_tasks += call.is_before_tasks;
    in_background([call, parcel, settings = settings](Impl*) -> Job {
      Called called{call.call, true};
      std::optional<Parcel> result;
      worker_of_thread = settings.get();
      try {
        const Record record = parcel.unpack();
        Decoder from(record);
        result = Parcel::of_value(decode<KernelCall>(from).run({}, TaskContext()));
      } catch (...) {
        called.ok = false;
        result = fault_parcel(std::current_exception());
        if (call.is_before_tasks)
          fmt::print(stderr, "worker {}: what it was to do first failed: {}\n", settings->name,
                     fault_of(std::current_exception()).message);
      }
      worker_of_thread = nullptr;
      return [call, called, result](Impl& impl) {
        if (call.call != 0) impl.mail->send(LetterOfWorker(called), &*result);
        if (call.is_before_tasks && --impl.num_before_tasks == 0)
          for (TaskJobPtr& job : std::exchange(impl.held_back, {})) impl.threads->start(std::move(job));
      };
    });
  }

  // --- What the state wants done ---

  void carry_out(const worker_action::Send& action, const Parcel*) {
    const auto* erred = std::get_if<message::TaskErred>(&action.message);
    const auto fault = erred ? faults.find(erred->task) : faults.end();
    mail->send(LetterOfWorker(action.message), fault == faults.end() ? nullptr : &fault->second);
    if (fault != faults.end()) faults.erase(fault);
  }

  void carry_out(const worker_action::Execute& action, const Parcel*) {
    const auto job = std::make_shared<TaskJob>();
    job->task = action.task;
    job->attempt = action.attempt;
    job->graph = graphs.at(graph_of(action.task));
    job->input_numbers = action.inputs;
    for (TaskNumber input : action.inputs) job->inputs.push_back(values.at(input));
    job->memory_cap_bytes = action.memory_bytes;
    jobs[action.task] = job;
    if (job->memory_cap_bytes > 0 && settings->has_own_process) {
      job->process_bytes_before = private_bytes();
      if (!std::exchange(watches_caps, true)) loop.post([this] { look_at_caps(); });
    }
    (num_before_tasks > 0 ? held_back : starting).push_back(job);
  }

  void carry_out(const worker_action::Interrupt& action, const Parcel*) {
    const auto found = jobs.find(action.task);
    if (found == jobs.end() || found->second->attempt != action.attempt) return;
    found->second->cancelled = true;
    if (hooks.interrupt) hooks.interrupt();
  }

  void carry_out(const worker_action::Keep& action, const Parcel* arrived) {
    let_go(action.task);
    if (arrived) values[action.task] = std::make_shared<HeldValue>(*arrived);
  }

  void carry_out(const worker_action::Provide& action, const Parcel*) {
    const auto value = values.find(action.task);
    provides.push_back({action, value == values.end() ? nullptr : value->second, copy_of(action.task)});
  }

  void carry_out(const worker_action::Drop& action, const Parcel*) {
    let_go(action.task);
    forget_copy(action.task);
  }
  void carry_out(const worker_action::Unload& action, const Parcel*) { let_go(action.task); }
  void carry_out(const worker_action::DropCopy& action, const Parcel*) { forget_copy(action.task); }

  void carry_out(const worker_action::Spill& action, const Parcel*) {
    const TaskId copy = ++last_copy;
    in_background([task = action.task, copy, value = values.at(action.task)](Impl* impl) -> Job {
      worker_event::Spilled spilled{task};
      try {
        const Value kept = value->as_it_is();
        try {
          impl->store.write_copy(copy, kept);
        } catch (const Error& error) {
          spilled.ok = false;
          spilled.can_others_be_spilled = error.kind() != ErrorKind::io;
        }
      } catch (...) {
        spilled.ok = false;
      }
      return [spilled, copy](Impl& told) {
        if (spilled.ok) told.copies[spilled.task] = copy;
        told.handle(spilled);
      };
    });
  }

  void carry_out(const worker_action::Load& action, const Parcel*) {
    in_background([task = action.task, copy = copy_of(action.task)](Impl* impl) -> Job {
      HeldValuePtr value;
      try {
        if (copy) value = std::make_shared<HeldValue>(impl->read(*copy));
      } catch (...) {
        // The state is told: the copy is damaged.
      }
      return [task, value](Impl& told) {
        told.let_go(task);
        if (value) told.values[task] = value;
        told.handle(worker_event::Loaded{task, value != nullptr});
      };
    });
  }

  void carry_out(const worker_action::TakeGraph& action, const Parcel* arrived) {
    PLAIT_CHECK(arrived != nullptr);
    graphs[action.graph] = std::make_shared<HeldGraph>(*arrived);
  }
  void carry_out(const worker_action::ForgetGraph& action, const Parcel*) { graphs.erase(action.graph); }
  void carry_out(const worker_action::Close&, const Parcel*) {
    mail->flush();
    loop.stop();
  }

  // --- Tasks that have ended ---

  // On the task's own thread, which goes on with the next one.
  void ended(TaskOutcome outcome) {
    TaskJob& job = *outcome.job;
    // Before the scheduler hears of the end: this thread may rest for a while, and the memory is for the next task.
    job.inputs.clear();
    {
      const Locked locked(*this);
      const auto running = jobs.find(job.task);
      if (running != jobs.end() && running->second == outcome.job) jobs.erase(running);
      if (outcome.value) {
        std::swap(values[job.task], outcome.value);
        handle(worker_event::Finished{job.task, job.attempt, outcome.num_bytes, outcome.duration_ns, outcome.peak_bytes,
                                      std::move(outcome.type_name)});
      } else if (outcome.fault) {
        faults.insert_or_assign(job.task, std::move(*outcome.fault));
        handle(worker_event::Failed{job.task, job.attempt, outcome.failure});
        faults.erase(job.task);
      } else if (outcome.damaged_input) {
        handle(worker_event::InputDamaged{job.task, job.attempt, *outcome.damaged_input});
      } else {
        handle(worker_event::Stopped{job.task, job.attempt});
      }
    }
    loop.nudge();
  }

  // What the process grows by while a task is alone in it is the task's. Beside others only memory of the engine's own
  // values counts, which each task's thread knows.
  void look_at_caps() {
    const Locked locked(*this);
    const std::uint64_t process_bytes = private_bytes();
    watches_caps = false;
    for (const auto& [task, job] : jobs) {
      if (jobs.size() > 1) job->process_bytes_before.reset();
      if (!job->process_bytes_before || job->cancelled) continue;
      watches_caps = true;
      if (process_bytes < *job->process_bytes_before + job->memory_cap_bytes) continue;
      job->over_cap_bytes = process_bytes - *job->process_bytes_before;
      job->cancelled = true;
      if (hooks.interrupt) hooks.interrupt();
    }
    if (watches_caps) loop.after(kLookAtCaps, [this] { look_at_caps(); });
  }

  void told_to_secede(const TaskJob& job, bool is_back) {
    {
      const Locked locked(*this);
      handle(worker_event::Seceded{job.task, job.attempt, is_back});
    }
    loop.nudge();
  }

  // --- Values that go to others ---

  struct Providing {
    worker_action::Provide action;
    HeldValuePtr value;
    std::optional<TaskId> copy;
  };

  // Encoding takes time, and for some values Python: never on this thread. What comes meanwhile goes together next.
  void begin_providing() {
    if (provides.empty() || is_providing) return;
    is_providing = true;
    in_background([all = std::make_shared<std::vector<Providing>>(std::exchange(provides, {}))](Impl* impl) -> Job {
      const auto parcels = std::make_shared<std::vector<std::optional<Parcel>>>();
      for (const Providing& one : *all) parcels->push_back(impl->parcel_of(one));
      return [all, parcels](Impl& told) {
        told.is_providing = false;
        for (std::size_t i = 0; i < all->size(); ++i) {
          const auto& [action, value, copy] = (*all)[i];
          const std::optional<Parcel>& parcel = (*parcels)[i];
          told.mail->send(
              LetterOfWorker(message::ToScheduler(message::Provided{action.task, action.transfer, parcel.has_value()})),
              parcel ? &*parcel : nullptr);
          if (!parcel) told.handle(worker_event::Damaged{action.task});
        }
      };
    });
  }

  std::optional<Parcel> parcel_of(const Providing& one) {
    try {
      if (one.value && one.value->is_damaged()) return std::nullopt;
      if (one.value) return one.value->parcel();
      if (one.copy) return HeldValue(read(*one.copy)).parcel();
    } catch (...) {
      // Whoever needs it is told that it cannot be had here.
    }
    return std::nullopt;
  }

  // --- Copies on disk ---

  std::optional<TaskId> copy_of(TaskNumber task) const {
    const auto found = copies.find(task);
    return found == copies.end() ? std::nullopt : std::optional(found->second);
  }
  Value read(TaskId copy) { return store.read_copy(copy); }
  void forget_copy(TaskNumber task) {
    const auto copy = copy_of(task);
    if (!copy) return;
    copies.erase(task);
    if (const auto record = store.take_copy(*copy)) store.forget(*record);
  }

  // --- Time, and other threads ---

  void measure(int count) {
    loop.after(kMeasure, [this, count] {
      const Locked locked(*this);
      handle(worker_event::MemoryMeasured{settings->has_own_process ? private_bytes() : 0});
      if (count % kMeasuresPerStatus == 0) mail->send(LetterOfWorker(message::ToScheduler(state.status())));
      if (hooks.tidy && std::exchange(has_dropped, false)) {
        in_background([](Impl*) -> Job {
          hooks.tidy();
          return [](Impl&) {};
        });
      }
      measure(count + 1);
    });
  }

  // --- The lock: the loop and the threads that run tasks share all that follows ---

  class Locked {
   public:
    explicit Locked(Impl& impl) : impl_(impl) { impl.mutex.lock(); }
    Locked(const Locked&) = delete;
    Locked& operator=(const Locked&) = delete;
    // Destroying a value may run code of another language, which may wait for who waits for the lock. Tasks start when
    // that is done: they find the memory, where they would take new memory beside it.
    ~Locked() {
      std::vector<HeldValuePtr> garbage = std::exchange(impl_.garbage, {});
      std::vector<TaskJobPtr> starting = std::exchange(impl_.starting, {});
      impl_.mutex.unlock();
      garbage.clear();
      for (TaskJobPtr& job : starting) impl_.threads->start(std::move(job));
    }

   private:
    Impl& impl_;
  };

  void let_go(TaskNumber task) {
    const auto found = values.find(task);
    if (found == values.end()) return;
    garbage.push_back(std::move(found->second));
    values.erase(found);
    has_dropped = true;
  }

  using Job = std::function<void(Impl&)>;

  // `work` runs on a thread of the pool; what it returns, on the loop.
  template <class Work>
  void in_background(Work work) {
    ThreadPool::of_process().submit([self = shared_from_this(), work = std::move(work)] {
      self->loop.post([impl = self.get(), then = work(self.get())] {
        const Locked locked(*impl);
        then(*impl);
      });
    });
  }

  const std::shared_ptr<const WorkerSettings> settings;
  EventLoop loop;
  std::mutex mutex;
  WorkerState state;
  Store store;
  std::unique_ptr<Mail> mail;
  std::unique_ptr<TaskThreads> threads;
  std::unique_ptr<HeartbeatThread> heartbeat;
  std::unordered_map<GraphNumber, HeldGraphPtr> graphs;
  std::unordered_map<TaskNumber, HeldValuePtr> values;
  std::unordered_map<TaskNumber, TaskId> copies;  // on disk, by their number in the store
  TaskId last_copy = 0;
  std::unordered_map<TaskNumber, TaskJobPtr> jobs;
  bool watches_caps = false;
  std::size_t num_before_tasks = 0;               // calls that have not returned ...
  std::vector<TaskJobPtr> held_back;              // ... and the tasks that wait for them
  std::unordered_map<TaskNumber, Parcel> faults;  // of tasks whose failure is being told
  std::vector<Providing> provides;
  bool is_providing = false;          // some are being encoded
  std::vector<HeldValuePtr> garbage;  // to be destroyed without the lock
  std::vector<TaskJobPtr> starting;   // to be started without the lock
  bool has_dropped = false;           // values, since `tidy`
};

Worker::Worker(const WorkerSettings& settings, std::shared_ptr<ExecutingPage> page)
    : impl_(std::make_shared<Impl>(settings)) {
  impl_->join(std::move(page));
}
Worker::~Worker() = default;
bool Worker::run() { return impl_->run(); }
void Worker::stop() { impl_->loop.stop(); }

const WorkerSettings* current_worker() { return worker_of_thread ? worker_of_thread : worker_of_running_task(); }

void secede() { move_running_task(false); }
void rejoin() { move_running_task(true); }

void set_language_hooks(const LanguageHooks& given) { hooks = given; }

}  // namespace plait::cluster
