// Settings: a tree of dotted names read from YAML files, then from the environment, then set by the program.
//
// Files: $PLAIT_CONFIG (a file or folder), else /etc/plait/*.yaml and ~/.config/plait/*.yaml. Environment:
// PLAIT_SECTION__KEY_NAME=value sets section.key-name; values are read as YAML. Hyphens and underscores are the same.
// Thread-safe; a Scope belongs to the thread of control that made it and restores the old values when it ends.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plait/export.h"

namespace plait::config {

// The text of a setting, if any source has it. Lists are YAML text.
PLAIT_API std::optional<std::string> get(std::string_view name);
PLAIT_API std::string get_string(std::string_view name, std::string_view otherwise);
PLAIT_API bool get_bool(std::string_view name, bool otherwise);
PLAIT_API std::int64_t get_int(std::string_view name, std::int64_t otherwise);
PLAIT_API double get_double(std::string_view name, double otherwise);
// A size such as "2 GiB"; a fraction such as "0.6" is of `whole`.
PLAIT_API std::int64_t get_bytes(std::string_view name, std::int64_t otherwise, std::int64_t whole = 0);

PLAIT_API void set(std::string_view name, std::string_view value);
PLAIT_API void unset(std::string_view name);
// Reads files and environment again, dropping what the program has set.
PLAIT_API void refresh();
// What files, environment and program have set, dotted name to text.
PLAIT_API std::map<std::string, std::string> all();

struct Entry {
  std::string name;
  std::string value;
  std::string source;   // a file, a variable of the environment, "the program" or "default"
  std::string meaning;  // empty where Plait reads no such setting
};

// Every setting that Plait reads, and every other one that is set, in the order of their names.
PLAIT_API std::vector<Entry> entries();

// config::Scope sync("scheduler", "sync"); or several settings in a map.
class PLAIT_API Scope {
 public:
  Scope(std::string_view name, std::string_view value);
  explicit Scope(const std::map<std::string, std::string>& settings);
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  ~Scope();

 private:
  std::vector<std::pair<std::string, std::optional<std::string>>> old_;
};

}  // namespace plait::config
