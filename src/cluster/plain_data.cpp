#include "cluster/plain_data.h"

namespace plait::cluster {
namespace {

constexpr int kMaxDepth = 64;

PlainData decode_at(Decoder& from, int depth) {
  if (depth > kMaxDepth) throw io_error("data of the cluster is nested too deeply: it is damaged");
  switch (decode<std::uint8_t>(from)) {
    case 0:
      return {};
    case 1:
      return decode<bool>(from);
    case 2:
      return decode<std::int64_t>(from);
    case 3:
      return decode<double>(from);
    case 4:
      return decode<std::string>(from);
    case 5: {
      PlainData::List list;
      for (std::size_t left = decode_length(from, 1); left > 0; --left) list.push_back(decode_at(from, depth + 1));
      return list;
    }
    case 6: {
      PlainData::Dict dict;
      for (std::size_t left = decode_length(from, 1); left > 0; --left) {
        auto name = decode<std::string>(from);
        dict.insert_or_assign(std::move(name), decode_at(from, depth + 1));
      }
      return dict;
    }
    default:
      throw io_error("data of the cluster is of an unknown kind: it is damaged");
  }
}

}  // namespace

PlainData list_of(const std::vector<std::string>& texts) {
  PlainData::List list;
  for (const std::string& text : texts) list.emplace_back(text);
  return list;
}

std::vector<std::string> texts_of(const PlainData& data) {
  std::vector<std::string> texts;
  if (const auto* one = std::get_if<std::string>(&data.held)) texts.push_back(*one);
  if (const auto* list = std::get_if<PlainData::List>(&data.held)) {
    for (const PlainData& item : *list) {
      if (const auto* text = std::get_if<std::string>(&item.held)) texts.push_back(*text);
    }
  }
  return texts;
}

const PlainData& entry(const PlainData& dict, const std::string& name) {
  static const PlainData nothing;
  const auto* entries = std::get_if<PlainData::Dict>(&dict.held);
  if (!entries) return nothing;
  const auto found = entries->find(name);
  return found == entries->end() ? nothing : found->second;
}

}  // namespace plait::cluster

namespace plait {

using cluster::PlainData;

void Codec<PlainData>::encode(Encoder& to, const PlainData& data) {
  plait::encode<std::uint8_t>(to, static_cast<std::uint8_t>(data.held.index()));
  if (const auto* list = std::get_if<PlainData::List>(&data.held)) {
    plait::encode<std::uint64_t>(to, list->size());
    for (const PlainData& item : *list) encode(to, item);
  } else if (const auto* dict = std::get_if<PlainData::Dict>(&data.held)) {
    plait::encode<std::uint64_t>(to, dict->size());
    for (const auto& [name, item] : *dict) {
      plait::encode(to, name);
      encode(to, item);
    }
  } else if (const auto* flag = std::get_if<bool>(&data.held)) {
    plait::encode(to, *flag);
  } else if (const auto* number = std::get_if<std::int64_t>(&data.held)) {
    plait::encode(to, *number);
  } else if (const auto* real = std::get_if<double>(&data.held)) {
    plait::encode(to, *real);
  } else if (const auto* text = std::get_if<std::string>(&data.held)) {
    plait::encode(to, *text);
  }
}

PlainData Codec<PlainData>::decode(Decoder& from) { return cluster::decode_at(from, 0); }

}  // namespace plait
