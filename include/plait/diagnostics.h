// What a program can see of its runs: a progress bar, and a profile of every task.
//
//   plait::ProgressBar bar;            // until it goes out of scope
//   plait::Profiler profiler;
//   auto mean = x.mean().compute();
//   for (const auto& task : profiler.tasks()) ...
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "plait/export.h"

namespace plait {

// Draws the progress of every run of the program on one line while it lives; writes to standard error unless told
// otherwise. Runs shorter than `minimum_s` draw nothing.
class PLAIT_API ProgressBar {
 public:
  using Write = std::function<void(const std::string&)>;

  explicit ProgressBar(double minimum_s = 0, int width = 40, Write write = nullptr);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// One task that has run.
struct ProfiledTask {
  std::string key;
  std::string op;
  double start_s = 0;  // since the profiler was made
  double end_s = 0;
  int worker = 0;
  std::uint64_t num_bytes = 0;
  bool has_failed = false;
};

// Notes every task of every run while it lives.
class PLAIT_API Profiler {
 public:
  Profiler();
  Profiler(const Profiler&) = delete;
  Profiler& operator=(const Profiler&) = delete;
  ~Profiler();

  // In the order in which they finished.
  std::vector<ProfiledTask> tasks() const;
  void clear();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// What the process used at one moment.
struct ResourceSample {
  double time_s = 0;       // since the profiler was made
  double cpu_percent = 0;  // of one core
  std::uint64_t memory_bytes = 0;
};

// Samples the process (its children included) at once, and then every `interval_s` while it lives.
class PLAIT_API ResourceProfiler {
 public:
  explicit ResourceProfiler(double interval_s = 0.1);
  ResourceProfiler(const ResourceProfiler&) = delete;
  ResourceProfiler& operator=(const ResourceProfiler&) = delete;
  ~ResourceProfiler();

  std::vector<ResourceSample> samples() const;
  // Takes a last sample, and no more.
  std::vector<ResourceSample> finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plait
