// What this machine can do at best, as one line of JSON: memory bandwidth, arithmetic, random numbers, calls, cached
// reads.
//
// machine.py compiles it with -march=native and runs it before the benchmarks; every figure is the best of some repeats
// on all hardware threads together.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <thread>
#include <vector>

namespace {

constexpr int kRepeats = 5;
const int kThreads = std::max(1u, std::thread::hardware_concurrency());

// Best seconds of work(thread) on all threads at once.
double best_seconds(const std::function<void(int)>& work) {
  double best = 1e30;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) threads.emplace_back(work, t);
    threads.clear();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

volatile double sink;

using Vector = double __attribute__((vector_size(64)));

constexpr std::size_t kDoubles = std::size_t{1} << 25;  // 256 MiB a thread: far more than the caches hold.

std::vector<std::vector<double>> blocks() {
  return std::vector<std::vector<double>>(kThreads, std::vector<double>(kDoubles, 1.0));
}

double read_gb_s() {
  const auto data = blocks();
  const double seconds = best_seconds([&](int t) {
    Vector sums[8] = {};
    const double* at = data[t].data();
    for (std::size_t i = 0; i < kDoubles; i += 64)
      for (int k = 0; k < 8; ++k) {
        Vector v;
        std::memcpy(&v, at + i + 8 * k, sizeof v);
        sums[k] += v;
      }
    double total = 0;
    for (const Vector& v : sums)
      for (int lane = 0; lane < 8; ++lane) total += v[lane];
    sink = total;
  });
  return 8e-9 * kDoubles * kThreads / seconds;
}

// Bytes read and bytes written both count. A large memcpy writes past the caches.
double copy_gb_s() {
  const auto from = blocks();
  auto to = blocks();
  const double seconds = best_seconds([&](int t) { std::memcpy(to[t].data(), from[t].data(), 8 * kDoubles); });
  return 16e-9 * kDoubles * kThreads / seconds;
}

double fma_gflop_s() {
  constexpr int kSteps = 20'000'000;
  constexpr int kChains = 10;
  const double seconds = best_seconds([](int) {
    Vector sums[kChains] = {};
    Vector factor = Vector{} + 0.999999;
    Vector term = Vector{} + 1e-9;
    asm volatile("" : "+v"(factor), "+v"(term));
    for (Vector& sum : sums) asm volatile("" : "+v"(sum));  // else the compiler sees ten times the same chain
    for (int i = 0; i < kSteps; ++i)
      for (Vector& sum : sums) sum = sum * factor + term;
    double total = 0;
    for (const Vector& v : sums) total += v[0];
    sink = total;
  });
  return 16e-9 * kSteps * kChains * kThreads / seconds;
}

// Makes doubles with the Mersenne twister as NumPy's RandomState does, into a buffer that stays in L1.
double mt19937_ns() {
  constexpr int kRounds = 60'000;
  const double seconds = best_seconds([](int t) {
    std::uint32_t state[624 + 1];
    for (int i = 0; i < 624; ++i) state[i] = 1812433253u * (t + i) + i;
    double out[312];
    double total = 0;
    const auto mix = [](std::uint32_t a, std::uint32_t b) {
      const std::uint32_t y = (a & 0x80000000u) | (b & 0x7fffffffu);
      return (y >> 1) ^ (-(y & 1) & 0x9908b0dfu);
    };
    const auto temper = [](std::uint32_t y) {
      y ^= y >> 11;
      y ^= (y << 7) & 0x9d2c5680u;
      y ^= (y << 15) & 0xefc60000u;
      return y ^ (y >> 18);
    };
    for (int round = 0; round < kRounds; ++round) {
      for (int i = 0; i < 227; ++i) state[i] = state[i + 397] ^ mix(state[i], state[i + 1]);
      state[624] = state[0];
      for (int i = 227; i < 624; ++i) state[i] = state[i - 227] ^ mix(state[i], state[i + 1]);
      for (int i = 0; i < 312; ++i)
        out[i] = ((temper(state[2 * i]) >> 5) * 67108864.0 + (temper(state[2 * i + 1]) >> 6)) / 9007199254740992.0;
      for (double x : out) total += x;
    }
    sink = total;
  });
  return seconds * 1e9 / (312.0 * kRounds * kThreads);
}

void no_op(std::atomic<int>& waiting) { waiting.fetch_sub(1, std::memory_order_acq_rel); }

// The least that running one task costs: an indirect call and one counter to count down.
double task_ns() {
  constexpr int kTasks = 4'000'000;
  struct Task {
    void (*run)(std::atomic<int>&) = no_op;
    std::atomic<int> waiting{1};
  };
  std::vector<std::vector<Task>> tasks;
  for (int t = 0; t < kThreads; ++t) tasks.emplace_back(kTasks);
  const double seconds = best_seconds([&](int t) {
    for (Task& task : tasks[t]) task.run(task.waiting);
  });
  return seconds * 1e9 / (static_cast<double>(kTasks) * kThreads);
}

double cached_file_gb_s() {
  constexpr std::size_t kBytes = std::size_t{1} << 28;
  char name[] = "/tmp/plait-probe-XXXXXX";
  const int file = mkstemp(name);
  if (file < 0) return 0;
  unlink(name);
  const std::vector<char> content(kBytes, 'x');
  for (std::size_t done = 0; done < kBytes;) {
    const ssize_t written = write(file, content.data() + done, kBytes - done);
    if (written <= 0) return 0;
    done += static_cast<std::size_t>(written);
  }
  const double seconds = best_seconds([&](int t) {
    std::vector<char> buffer(1 << 19);
    const std::size_t end = kBytes / kThreads * (t + 1);
    for (std::size_t at = kBytes / kThreads * t; at < end; at += buffer.size())
      if (pread(file, buffer.data(), buffer.size(), static_cast<off_t>(at)) < 0) std::abort();
  });
  close(file);
  return 1e-9 * kBytes / seconds;
}

}  // namespace

int main() {
  std::printf(
      "{\"threads\": %d, \"read_gb_s\": %.3f, \"copy_gb_s\": %.3f, \"fma_gflop_s\": %.3f, \"mt19937_ns\": %.4f, "
      "\"task_ns\": %.4f, \"cached_file_gb_s\": %.3f}\n",
      kThreads, read_gb_s(), copy_gb_s(), fma_gflop_s(), mt19937_ns(), task_ns(), cached_file_gb_s());
}
