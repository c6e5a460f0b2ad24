// A bag: items of any type in partitions.
#include <plait/plait.h>

#include <fstream>
#include <iostream>
#include <string>

int main() {
  std::ofstream file("visits.txt");
  for (int i = 0; i < 3000; ++i) file << (i % 3 == 0 ? "home " : "search ") << i % 120 << '\n';
  file.close();

  const auto visits = plait::read_text("visits.txt");
  const auto pages = visits.map([](const std::string& line) { return line.substr(0, line.find(' ')); });
  for (const auto& [page, count] : pages.frequencies().compute()) std::cout << page << ": " << count << '\n';

  const auto seconds = visits.map([](const std::string& line) { return std::stoi(line.substr(line.find(' '))); });
  const auto long_ones = seconds.filter([](int each) { return each >= 90; });
  const auto [longest, count] = plait::compute(seconds.max(), long_ones.count());
  std::cout << "longest: " << longest << " s; a minute and a half or more: " << count << '\n';
}
