// A graph written by hand: tasks of any C++ functions, with results of any type.
#include <plait/plait.h>

#include <iostream>
#include <string>
#include <vector>

int main() {
  plait::TaskGraph graph;
  const auto x = graph.value("x", 3);
  const auto y = graph.value("y", 4);
  const auto square = [](int number) { return number * number; };
  const auto square_of_x = graph.add("square of x", square, x);
  const auto square_of_y = graph.add("square of y", square, y);
  const auto sum = graph.add("sum", [](int a, int b) { return a + b; }, square_of_x, square_of_y);
  std::cout << "3*3 + 4*4 = " << graph.run(sum) << '\n';

  const auto books = graph.add_many("book", 3, [](std::size_t i) { return std::string(100 * (i + 1), 'w'); });
  const auto letters = graph.add(
      "letters",
      [](const std::vector<std::string>& texts) {
        std::size_t total = 0;
        for (const std::string& text : texts) total += text.size();
        return total;
      },
      books);
  std::cout << "letters of all books: " << graph.run(letters) << '\n';
}
