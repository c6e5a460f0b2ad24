// Uses what the installed package gives: an error that crosses the library's border, settings, an array.
#include <plait/config.h>
#include <plait/ndarray.h>

#include <iostream>

int main() {
  plait::config::set("scheduler", "sync");
  std::cout << plait::config::get_string("scheduler", "none") << ' ' << plait::name(plait::DType::float64) << '\n';
  try {
    plait::parse_dtype("flaot64");
  } catch (const plait::Error& error) {
    std::cout << error.what() << '\n';
    return 0;
  }
  return 1;
}
