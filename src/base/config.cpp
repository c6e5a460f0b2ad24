#include "plait/config.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <mutex>

#include "base/text.h"
#include "plait/error.h"

extern char** environ;

namespace plait::config {
namespace {

namespace fs = std::filesystem;

std::string canonical(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

using Settings = std::map<std::string, std::string>;

// An alias may stand for what holds it, or for much that holds much.
constexpr int kDeepest = 64;
constexpr std::size_t kMostSettings = 10'000;

void flatten(const YAML::Node& node, const std::string& prefix, Settings& into, int depth = 0) {
  if (depth > kDeepest) {
    throw value_error(fmt::format("the setting '{}...' is nested more than {} levels deep, or holds itself",
                                  prefix.substr(0, 40), kDeepest));
  }
  if (into.size() > kMostSettings) throw value_error(fmt::format("there are more than {} settings", kMostSettings));
  if (node.IsMap()) {
    for (const auto& entry : node) {
      const auto key = canonical(entry.first.as<std::string>());
      flatten(entry.second, prefix.empty() ? key : prefix + "." + key, into, depth + 1);
    }
  } else if (node.IsScalar()) {
    into[prefix] = node.Scalar();
  } else if (node.IsSequence()) {
    into[prefix] = YAML::Dump(node);
  }
}

void read_file(const fs::path& path, Settings& into) {
  try {
    flatten(YAML::LoadFile(path.string()), "", into);
  } catch (const YAML::Exception& error) {
    throw value_error(fmt::format("config: {} is not valid YAML: {}", path.string(), error.what()));
  } catch (const Error& error) {
    throw value_error(fmt::format("config: {}: {}", path.string(), error.what()));
  }
}

void read_path(const fs::path& path, Settings& into) {
  std::error_code ignored;
  if (fs::is_regular_file(path, ignored)) return read_file(path, into);
  if (!fs::is_directory(path, ignored)) return;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path, ignored)) {
    if (entry.path().extension() == ".yaml" || entry.path().extension() == ".yml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) read_file(file, into);
}

void read_files(Settings& into) {
  if (const char* path = std::getenv("PLAIT_CONFIG")) return read_path(path, into);
  read_path("/etc/plait", into);
  if (const char* home = std::getenv("HOME")) read_path(fs::path(home) / ".config" / "plait", into);
}

// PLAIT_SPILL__DIRECTORY -> spill.directory
void read_environment(Settings& into) {
  constexpr std::string_view kPrefix = "PLAIT_";
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (!text.starts_with(kPrefix) || equals == std::string_view::npos) continue;
    std::string name(text.substr(kPrefix.size(), equals - kPrefix.size()));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    for (std::size_t at; (at = name.find("__")) != std::string::npos;) name.replace(at, 2, ".");
    into[canonical(name)] = text.substr(equals + 1);
  }
}

struct Store {
  std::mutex mutex;
  Settings settings;
  bool loaded = false;

  Settings& loaded_settings() {
    if (!loaded) {
      read_files(settings);
      read_environment(settings);
      loaded = true;
    }
    return settings;
  }
};

Store& store() {
  static auto* instance = new Store;
  return *instance;
}

[[noreturn]] void bad_value(std::string_view name, const std::string& found, const char* expected) {
  throw value_error(fmt::format("config: {} is '{}', expected {}", name, found, expected));
}

template <class T>
T number(std::string_view name, T otherwise, const char* expected) {
  const auto text = get(name);
  if (!text) return otherwise;
  T value{};
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size()) bad_value(name, *text, expected);
  return value;
}

}  // namespace

std::optional<std::string> get(std::string_view name) {
  Store& kept = store();
  std::lock_guard lock(kept.mutex);
  const Settings& settings = kept.loaded_settings();
  const auto found = settings.find(canonical(name));
  return found == settings.end() ? std::nullopt : std::optional(found->second);
}

std::string get_string(std::string_view name, std::string_view otherwise) {
  return get(name).value_or(std::string(otherwise));
}

bool get_bool(std::string_view name, bool otherwise) {
  const auto text = get(name);
  if (!text) return otherwise;
  if (*text == "true" || *text == "True" || *text == "1" || *text == "yes" || *text == "on") return true;
  if (*text == "false" || *text == "False" || *text == "0" || *text == "no" || *text == "off") return false;
  bad_value(name, *text, "true or false");
}

std::int64_t get_int(std::string_view name, std::int64_t otherwise) {
  return number(name, otherwise, "a whole number");
}

double get_double(std::string_view name, double otherwise) { return number(name, otherwise, "a number"); }

std::int64_t get_bytes(std::string_view name, std::int64_t otherwise, std::int64_t whole) {
  const auto text = get(name);
  if (!text) return otherwise;
  double fraction = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), fraction);
  const bool is_plain = error == std::errc() && end == text->data() + text->size();
  if (is_plain && whole > 0 && fraction > 0 && fraction <= 1)
    return static_cast<std::int64_t>(fraction * static_cast<double>(whole));
  std::int64_t num_bytes = -1;
  try {
    num_bytes = parse_bytes(*text);
  } catch (const Error&) {
    // Said below, with the setting's name.
  }
  if (num_bytes < 0) bad_value(name, *text, "a size such as '128 MiB' or '10MB'");
  return num_bytes;
}

void set(std::string_view name, std::string_view value) {
  Store& kept = store();
  std::lock_guard lock(kept.mutex);
  kept.loaded_settings()[canonical(name)] = value;
}

void unset(std::string_view name) {
  Store& kept = store();
  std::lock_guard lock(kept.mutex);
  kept.loaded_settings().erase(canonical(name));
}

void refresh() {
  Store& kept = store();
  std::lock_guard lock(kept.mutex);
  kept.settings.clear();
  kept.loaded = false;
}

Settings all() {
  Store& kept = store();
  std::lock_guard lock(kept.mutex);
  return kept.loaded_settings();
}

Scope::Scope(const std::map<std::string, std::string>& settings) {
  for (const auto& [name, value] : settings) {
    old_.emplace_back(name, get(name));
    set(name, value);
  }
}

Scope::Scope(std::string_view name, std::string_view value)
    : Scope(Settings{{std::string(name), std::string(value)}}) {}

Scope::~Scope() {
  for (auto entry = old_.rbegin(); entry != old_.rend(); ++entry) {
    if (const auto& value = entry->second)
      set(entry->first, *value);
    else
      unset(entry->first);
  }
}

}  // namespace plait::config
