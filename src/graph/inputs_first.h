// For graphs that come as text (a Python dict, a file): an order in which tasks can be added to a Graph, which takes
// inputs before those that need them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace plait {

// The numbers 0..needs.size()-1, each after all that it needs. `key` names a number for people. Throws Error(runtime)
// with the keys of a cycle if there is one.
std::vector<std::uint32_t> inputs_first(const std::vector<std::vector<std::uint32_t>>& needs,
                                        const std::function<std::string(std::uint32_t)>& key);

// Throws Error(key): `dependent` needs `missing`, which is not among `keys`.
[[noreturn]] void throw_missing_key(const std::string& missing, const std::string& dependent,
                                    const std::vector<std::string>& keys);

}  // namespace plait
