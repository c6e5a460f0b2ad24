// Bags: items of any C++ type in partitions, and functions on them.
//
//   auto words = plait::from_sequence(std::vector<std::string>{"a", "b", "a"}, {.npartitions = 2});
//   auto lengths = words.map([](const std::string& word) { return word.size(); });
//   std::cout << lengths.sum().compute();
//   for (const auto& [word, count] : words.frequencies().compute()) ...
//
// Nothing is computed before compute(). Functions get items as `const T&`; several threads call them at once, in this
// process. Keys of groups are of types that std::hash and == take. Bags are handles on shared, immutable plans: copying
// one is cheap, and any thread may. They are computed together with others, as in plait::compute(bag, array.mean()).
#pragma once

#include "plait/bag/bag.h"
#include "plait/bag/making.h"
