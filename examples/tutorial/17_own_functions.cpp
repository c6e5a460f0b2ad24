// Own functions on partitions.
#include <plait/plait.h>

#include <iostream>

int main() {
  const plait::Table boxes({{"width", {1.0, 2.5, 1.5, 3.0}}, {"height", {2.0, 1.0, 2.5, 3.5}}});
  const plait::DataFrame lazy = plait::DataFrame::from_table(boxes, 2);

  const auto only_widths = [](const plait::Table& part) {
    return part.column("width").with_form(plait::TableForm::frame);
  };
  std::cout << lazy.map_partitions(only_widths).compute() << '\n';

  const plait::DataFrame areas = lazy.assign("area", lazy["width"] * lazy["height"]);
  std::cout << areas.compute() << '\n'
            << "taller than wide: " << (lazy["height"] > lazy["width"]).sum().value() << '\n';
}
