// What a computation is made of, before and after the optimizer has seen it.
#include <plait/plait.h>

#include <iostream>

int main() {
  const plait::Array field = plait::random::default_rng(3).random({400, 400}, plait::chunks(100));
  const plait::Array symmetric = (field + field.transpose()).mean(0);

  symmetric.visualize("as_written.svg");
  std::cout << field.npartitions() << " blocks; as_written.svg shows the tasks\n" << symmetric.explain() << '\n';
}
