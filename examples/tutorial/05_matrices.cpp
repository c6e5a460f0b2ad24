// Products and singular values of matrices in blocks.
#include <plait/plait.h>

#include <iostream>

int main() {
  auto numbers = plait::random::default_rng(5);
  const plait::Array tall = numbers.normal(0, 1, plait::Shape{3'000, 40}, plait::chunks({1'000, 40}));
  const plait::Array wide = numbers.normal(0, 1, plait::Shape{40, 2'000}, plait::chunks({40, 500}));
  const plait::Array matrix = plait::matmul(tall, wide);

  const auto [u, s, v] = plait::linalg::svd_compressed(matrix, 40, numbers);
  // The squares of all singular values sum to those of the elements: 40 of them are all there are.
  const auto [squares, of_elements] = plait::compute((s * s).sum(), (matrix * matrix).sum());
  std::cout << "in " << matrix.npartitions() << " blocks; largest singular values " << s[{plait::slice(0, 3)}].compute()
            << '\n'
            << "squares of all 40: " << squares << ", of the elements: " << of_elements << '\n';
}
