// Shared<T>: an immutable part of parameters that many tasks hold, such as a function or the scan of all files. It has
// a token, made once from its content, by which whoever receives many records keeps it: written and read once, and
// mentioned everywhere else (PartWriter, PartReader in base/records.h). Copies are cheap; thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <typeinfo>
#include <utility>

#include "base/check.h"
#include "base/token.h"

namespace plait {

template <class T>
class Shared {
 public:
  // Nothing.
  Shared() = default;
  explicit Shared(T value) : part_(std::make_shared<const Part>(std::move(value))) {}
  // Under a token that the caller has for it, where its content would be dear to hash.
  Shared(T value, const Token& token) : Shared(std::move(value)) {
    std::call_once(part_->token_once, [&] { part_->token = token; });
  }

  explicit operator bool() const { return part_ != nullptr; }
  const T& operator*() const {
    PLAIT_CHECK(part_ != nullptr);
    return part_->value;
  }
  const T* operator->() const { return &**this; }
  bool same_as(const Shared& other) const { return part_ == other.part_; }

  // The content address: equal for equal content.
  const Token& token() const {
    PLAIT_CHECK(part_ != nullptr);
    std::call_once(part_->token_once, [this] { part_->token = tokenize(typeid(T).name(), part_->value); });
    return part_->token;
  }

 private:
  friend struct Codec<Shared<T>>;

  struct Part {
    explicit Part(T given) : value(std::move(given)) {}
    T value;
    mutable std::once_flag token_once;
    mutable Token token;
  };

  std::shared_ptr<const Part> part_;
};

template <class T>
struct Codec<Shared<T>> {
  static void encode(Encoder& to, const Shared<T>& shared) {
    plait::encode(to, static_cast<bool>(shared));
    if (!shared) return;
    if (!to.parts()) return plait::encode(to, *shared);
    plait::encode(to, shared.token());
    to.parts()->mention(shared.token(), [&] {
      Encoder part(to.parts());
      plait::encode(part, *shared);
      return part.take();
    });
  }
  static Shared<T> decode(Decoder& from) {
    if (!plait::decode<bool>(from)) return {};
    if (!from.parts()) return Shared<T>(plait::decode<T>(from));
    const auto token = plait::decode<Token>(from);
    Shared<T> shared;
    shared.part_ = std::static_pointer_cast<const typename Shared<T>::Part>(
        from.parts()->part(token, [](Decoder& part) -> std::shared_ptr<const void> {
          return std::make_shared<const typename Shared<T>::Part>(plait::decode<T>(part));
        }));
    return shared;
  }
};

// Parts beside the record that mentions them: each is written once, before those that mention it.
class PartTable final : public PartWriter, public PartReader {
 public:
  void mention(const Token& token, const std::function<Record()>& write) override;
  std::shared_ptr<const void> part(const Token& token, Read read) override;

 private:
  friend struct Codec<PartTable>;

  struct Entry {
    Token token;
    Record record;
    std::shared_ptr<const void> part;  // once it has been read
  };
  std::vector<Entry> entries_;
  std::map<Token, std::size_t> index_;
};
template <>
struct Codec<PartTable> {
  static void encode(Encoder& to, const PartTable& table);
  static PartTable decode(Decoder& from);
};

// For hashing: what is shared counts by its token.
PartWriter* parts_by_token();

}  // namespace plait
