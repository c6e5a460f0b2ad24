// Parts that the parameters of many tasks hold in common (base/shared.h), between a run and its worker processes. A
// part is written once a run, sent once to each worker, and kept there by its token, also for the runs that follow. A
// worker's memory of parts is bounded and goes with its process: the run's side decides what is forgotten, and a new
// process is sent again what it needs.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/shared.h"
#include "runtime/parcel.h"

namespace plait {

// One part as it is sent.
struct WrittenPart {
  Token token;
  // Of what was written, and of the parts that it mentions: a function may have changed since the token was made.
  Token content;
  Parcel parcel;
  std::vector<Token> mentions;  // parts that this one needs
};

// The parts of one run. Thread-safe.
class RunParts {
 public:
  // Written by the first who asks; what `write` throws goes through, and the next who asks tries again. The part's
  // token is `key`, or that of its content if `write` clears it.
  const WrittenPart& part(const Token& key, const std::function<Record(WrittenPart&)>& write);
  // One that has been written.
  const WrittenPart& at(const Token& key);

 private:
  struct Entry {
    std::mutex writing;  // no once_flag: under the thread sanitizer one hangs after an exception
    bool is_written = false;
    WrittenPart part;
  };
  Entry& entry(const Token& key);

  std::mutex mutex_;
  std::unordered_map<Token, std::unique_ptr<Entry>> entries_;
};

// What the run's side knows of a worker's memory of parts. Belongs to the worker's process; one thread at a time.
class PartsAtWorker {
 public:
  static constexpr std::size_t kMaxParts = 1024;
  static constexpr std::uint64_t kMaxBytes = std::uint64_t{256} << 20;

  explicit PartsAtWorker(std::size_t max_parts = kMaxParts, std::uint64_t max_bytes = kMaxBytes)
      : max_parts_(max_parts), max_bytes_(max_bytes) {}

  // The order under construction mentions the part. Whether it must be sent with it.
  bool needs(const WrittenPart& part);
  // The order is complete: the parts that the worker forgets with it, those first that were not mentioned for longest.
  std::vector<Token> forget_what_is_too_much();
  // What was said since the last order that was sent did not reach the worker: it is to forget everything.
  void start_again();
  // Whether the order must say so; asked once.
  bool take_fresh_start() { return std::exchange(is_fresh_start_, false); }

 private:
  struct Held {
    Token content;
    std::uint64_t num_bytes = 0;
    std::uint64_t last_order = 0;
  };

  const std::size_t max_parts_;
  const std::uint64_t max_bytes_;
  std::unordered_map<Token, Held> held_;
  std::uint64_t num_bytes_ = 0;
  std::uint64_t order_ = 1;
  bool is_fresh_start_ = false;
};

// Gathers the parts that one order must bring along.
class OrderParts final : public PartWriter {
 public:
  using Send = std::function<void(const WrittenPart&)>;
  OrderParts(RunParts& run, PartsAtWorker& worker, Send send) : run_(run), worker_(worker), send_(std::move(send)) {}

  void mention(const Token& token, const std::function<Record()>& write) override;
  // A part without a token: `key` names it within the run, and the token that is returned comes from its content.
  Token bring(std::uint64_t key, const std::function<Record()>& write);

 private:
  const WrittenPart& written(const Token& key, bool has_token, const std::function<Record()>& write);
  void bring(const WrittenPart& part);

  RunParts& run_;
  PartsAtWorker& worker_;
  const Send send_;
  std::vector<WrittenPart*> being_written_;
};

// A worker's memory of parts. Parts are read when they are first asked for. One thread.
class KeptParts final : public PartReader {
 public:
  void keep(const Token& token, Parcel parcel);
  void forget(const Token& token) { entries_.erase(token); }
  void forget_all() { entries_.clear(); }
  std::size_t size() const { return entries_.size(); }

  std::shared_ptr<const void> part(const Token& token, Read read) override;

 private:
  struct Entry {
    Parcel parcel;
    std::shared_ptr<const void> part;  // once it has been read
  };
  std::map<Token, Entry> entries_;
};

}  // namespace plait
