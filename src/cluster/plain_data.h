// PlainData: what people and programs ask a cluster for, and its answers: text, numbers, lists and dicts of them, like
// JSON.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "base/records.h"

namespace plait::cluster {

struct PlainData {
  using List = std::vector<PlainData>;
  using Dict = std::map<std::string, PlainData>;

  PlainData() = default;
  PlainData(bool flag) : held(flag) {}                      // NOLINT: implicit on purpose, as all below
  PlainData(std::int64_t number) : held(number) {}          // NOLINT
  PlainData(double number) : held(number) {}                // NOLINT
  PlainData(std::string text) : held(std::move(text)) {}    // NOLINT
  PlainData(const char* text) : held(std::string(text)) {}  // NOLINT
  PlainData(List list) : held(std::move(list)) {}           // NOLINT
  PlainData(Dict dict) : held(std::move(dict)) {}           // NOLINT
  template <class T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, std::int64_t>)
  PlainData(T number) : held(static_cast<std::int64_t>(number)) {}  // NOLINT

  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Dict> held;
};

PlainData list_of(const std::vector<std::string>& texts);
// The texts of a list, or of one text; others are left out.
std::vector<std::string> texts_of(const PlainData& data);
// An entry of a dict; nothing if there is none.
const PlainData& entry(const PlainData& dict, const std::string& name);

}  // namespace plait::cluster

namespace plait {

template <>
struct Codec<cluster::PlainData> {
  static void encode(Encoder& to, const cluster::PlainData& data);
  // Throws Error(io) for what is nested too deeply, too.
  static cluster::PlainData decode(Decoder& from);
};

}  // namespace plait
