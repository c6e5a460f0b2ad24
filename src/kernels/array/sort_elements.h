// Sorting elements of any type in NumPy's order (element_order.h): vectorised where the type allows.
#pragma once

#include <cstdint>

namespace plait {

// Brings `n` elements into order. The type is one that stores a DType.
template <class T>
void sort_elements(T* data, std::int64_t n);

}  // namespace plait
