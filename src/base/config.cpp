#include "plait/config.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <mutex>

#include "base/dask_settings.h"
#include "base/settings.h"
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

// A setting's text, and who set it: a file, a variable of the environment, or the program.
struct Set {
  std::string text;
  std::string source;
};

using Settings = std::map<std::string, Set>;

// An alias may stand for what holds it, or for much that holds much.
constexpr int kDeepest = 64;
constexpr std::size_t kMostSettings = 10'000;

void flatten(const YAML::Node& node, const std::string& prefix, const std::string& source, Settings& into,
             int depth = 0) {
  if (depth > kDeepest) {
    throw value_error(fmt::format("the setting '{}...' is nested more than {} levels deep, or holds itself",
                                  prefix.substr(0, 40), kDeepest));
  }
  if (into.size() > kMostSettings) throw value_error(fmt::format("there are more than {} settings", kMostSettings));
  if (node.IsMap()) {
    for (const auto& entry : node) {
      const auto key = canonical(entry.first.as<std::string>());
      flatten(entry.second, prefix.empty() ? key : prefix + "." + key, source, into, depth + 1);
    }
  } else if (node.IsScalar()) {
    into[prefix] = {node.Scalar(), source};
  } else if (node.IsSequence()) {
    into[prefix] = {YAML::Dump(node), source};
  }
}

void read_file(const fs::path& path, Settings& into) {
  try {
    const YAML::Node root = YAML::LoadFile(path.string());
    if (!root.IsMap() && !root.IsNull())
      throw value_error("it holds no settings: expected lines such as 'array:' and below it '  chunk-size: 64 MiB'");
    flatten(root, "", path.string(), into);
  } catch (const YAML::BadFile&) {
    return;  // it may not be read
  } catch (const YAML::Exception& error) {
    throw value_error(fmt::format("config: {}:{}:{}: this is not valid YAML: {}", path.string(), error.mark.line + 1,
                                  error.mark.column + 1, error.msg));
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

// Whose files and variables are read: Plait's, or Dask's.
struct Reader {
  const char* prefix;  // of variables
  const char* folder;

  void read(Settings& into) const {
    read_files(into);
    read_environment(into);
  }

 private:
  void read_files(Settings& into) const {
    if (const char* path = std::getenv(fmt::format("{}CONFIG", prefix).c_str())) return read_path(path, into);
    read_path(fs::path("/etc") / folder, into);
    if (const char* home = std::getenv("HOME")) read_path(fs::path(home) / ".config" / folder, into);
  }

  // PLAIT_SPILL__DIRECTORY -> spill.directory
  void read_environment(Settings& into) const {
    const std::string_view start = prefix;
    for (char** entry = environ; *entry; ++entry) {
      const std::string_view text = *entry;
      const std::size_t equals = text.find('=');
      if (!text.starts_with(start) || equals == std::string_view::npos) continue;
      const std::string_view variable = text.substr(0, equals);
      if (is_no_setting(variable.substr(start.size()))) continue;
      std::string name(variable.substr(start.size()));
      std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
      for (std::size_t at; (at = name.find("__")) != std::string::npos;) name.replace(at, 2, ".");
      into[canonical(name)] = {std::string(text.substr(equals + 1)), std::string(variable)};
    }
  }

  // Variables that say something else.
  static bool is_no_setting(std::string_view name) {
    return name == "CONFIG" || name == "WORKER_FD" || name == "BUILD_DIR" || name == "INTERNAL_INHERIT_CONFIG";
  }
};

constexpr Reader kOurs{"PLAIT_", "plait"};
constexpr Reader kDasks{"DASK_", "dask"};

constexpr const char* kProgram = "the program";

// The number that the whole text is, if it is one.
template <class T>
std::optional<T> as_number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<bool> as_bool(std::string_view text) {
  if (text == "true" || text == "True" || text == "1" || text == "yes" || text == "on") return true;
  if (text == "false" || text == "False" || text == "0" || text == "no" || text == "off") return false;
  return std::nullopt;
}

struct Store {
  std::mutex mutex;
  Settings settings;
  std::map<std::string, Entry> declared;
  bool loaded = false;
  bool with_dask = false;

  Store() {
    for (const Declared& each : {setting::scheduler, setting::initializer, setting::num_workers, setting::memory_budget,
                                 setting::spill_directory, setting::split_every, setting::chunk_size,
                                 setting::chunk_size_tolerance, setting::rechunk_task_size})
      declare(each);
    for (const Declared& each : dask_settings()) declare(each);
  }

  void declare(const Declared& each) {
    std::string name = canonical(each.name);
    declared[name] = {
        .name = name, .value = std::string(each.otherwise), .source = "default", .meaning = std::string(each.meaning)};
  }

  Settings& loaded_settings() {
    if (!loaded) read();
    return settings;
  }

  // What the program has set stays; refresh() drops it.
  void read() {
    Settings read;
    if (with_dask) kDasks.read(read);
    kOurs.read(read);
    for (auto& [name, set] : settings) {
      if (set.source == kProgram) read[name] = set;
    }
    settings = std::move(read);
    loaded = true;
  }
};

Store& store() {
  static auto* instance = new Store;
  return *instance;
}

[[noreturn]] void bad_value(std::string_view name, const std::string& found, const char* expected) {
  throw value_error(fmt::format("config: {} is '{}', expected {}", name, found, expected));
}

// A setting's text, where something sets it to more than "null".
std::optional<std::string> given(std::string_view name) {
  auto text = get(name);
  if (text == "null") text.reset();
  return text;
}

// What `parse` makes of a setting's text, or `otherwise` where nothing gives one.
template <class T>
T parsed(std::string_view name, T otherwise, const char* expected, std::optional<T> (*parse)(std::string_view)) {
  const auto text = given(name);
  if (!text) return otherwise;
  const std::optional<T> value = parse(*text);
  if (!value) bad_value(name, *text, expected);
  return *value;
}

std::int64_t bytes_of(const std::string& text, std::int64_t whole) {
  const auto fraction = as_number<double>(text);
  if (fraction && whole > 0 && *fraction > 0 && *fraction <= 1)
    return static_cast<std::int64_t>(*fraction * static_cast<double>(whole));
  return parse_bytes(text);
}

}  // namespace

std::optional<std::string> get(std::string_view name) {
  Store& kept = store();
  std::lock_guard lock(kept.mutex);
  const Settings& settings = kept.loaded_settings();
  const auto found = settings.find(canonical(name));
  return found == settings.end() ? std::nullopt : std::optional(found->second.text);
}

std::string get_string(std::string_view name, std::string_view otherwise) {
  return given(name).value_or(std::string(otherwise));
}

bool get_bool(std::string_view name, bool otherwise) { return parsed(name, otherwise, "true or false", as_bool); }

std::int64_t get_int(std::string_view name, std::int64_t otherwise) {
  return parsed(name, otherwise, "a whole number", as_number<std::int64_t>);
}

double get_double(std::string_view name, double otherwise) {
  return parsed(name, otherwise, "a number", as_number<double>);
}

std::int64_t get_bytes(std::string_view name, std::int64_t otherwise, std::int64_t whole) {
  const auto text = given(name);
  if (!text) return otherwise;
  std::int64_t num_bytes = -1;
  try {
    num_bytes = bytes_of(*text, whole);
  } catch (const Error&) {
    // Said below, with the setting's name.
  }
  if (num_bytes < 0) bad_value(name, *text, "a size such as '128 MiB' or '10MB'");
  return num_bytes;
}

bool get_bool(const Declared& setting) { return get_bool(setting.name, as_bool(setting.otherwise).value()); }
std::int64_t get_int(const Declared& setting) {
  return get_int(setting.name, as_number<std::int64_t>(setting.otherwise).value());
}
double get_double(const Declared& setting) {
  return get_double(setting.name, as_number<double>(setting.otherwise).value());
}
std::string get_string(const Declared& setting) { return get_string(setting.name, setting.otherwise); }
std::int64_t get_bytes(const Declared& setting, std::int64_t whole) {
  return get_bytes(setting.name, bytes_of(std::string(setting.otherwise), whole), whole);
}

void declare(const Declared& setting) {
  Store& kept = store();
  std::lock_guard lock(kept.mutex);
  kept.declare(setting);
}

void set(std::string_view name, std::string_view value) {
  Store& kept = store();
  std::lock_guard lock(kept.mutex);
  kept.loaded_settings()[canonical(name)] = {std::string(value), kProgram};
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

void read_dask_settings(bool wanted) {
  Store& kept = store();
  std::lock_guard lock(kept.mutex);
  kept.with_dask = wanted;
  if (kept.loaded) kept.read();
}

std::map<std::string, std::string> all() {
  Store& kept = store();
  std::lock_guard lock(kept.mutex);
  std::map<std::string, std::string> texts;
  for (const auto& [name, set] : kept.loaded_settings()) texts.emplace(name, set.text);
  return texts;
}

std::vector<Entry> entries() {
  Store& kept = store();
  std::lock_guard lock(kept.mutex);
  std::map<std::string, Entry> by_name = kept.declared;
  for (const auto& [name, set] : kept.loaded_settings()) {
    Entry& entry = by_name[name];
    entry.name = name;
    entry.value = set.text;
    entry.source = set.source;
  }
  std::vector<Entry> list;
  for (auto& [name, entry] : by_name) list.push_back(std::move(entry));
  return list;
}

Scope::Scope(const std::map<std::string, std::string>& settings) {
  for (const auto& [name, value] : settings) {
    old_.emplace_back(name, get(name));
    set(name, value);
  }
}

Scope::Scope(std::string_view name, std::string_view value)
    : Scope(std::map<std::string, std::string>{{std::string(name), std::string(value)}}) {}

Scope::~Scope() {
  for (auto entry = old_.rbegin(); entry != old_.rend(); ++entry) {
    if (const auto& value = entry->second)
      set(entry->first, *value);
    else
      unset(entry->first);
  }
}

}  // namespace plait::config
