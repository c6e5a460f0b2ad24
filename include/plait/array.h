// Arrays: lazy, n-dimensional, cut into chunks, with NumPy's operations.
//
//   auto x = plait::random::random({10000, 10000}, plait::chunks({1000, 1000}));
//   auto y = (x + x.transpose()).mean(0);
//   std::cout << y << '\n' << y.compute() << '\n';
//
// Every call returns at once and checks shapes, types and axes on the caller's line; an Array is a small shared handle
// and never changes, so copies are free and all members are const. Types follow NumPy: numbers in C++ expressions are
// weak, as Python's are (a float32 array plus 1.5 is float32). Axes may be negative: -1 is the last. Thread-safe.
#pragma once

#include "plait/array/array.h"
#include "plait/array/assignment.h"
#include "plait/array/blockwise.h"
#include "plait/array/counting.h"
#include "plait/array/creation.h"
#include "plait/array/diagonal.h"
#include "plait/array/elementwise.h"
#include "plait/array/index.h"
#include "plait/array/layout.h"
#include "plait/array/linalg.h"
#include "plait/array/map_blocks.h"
#include "plait/array/operand.h"
#include "plait/array/order.h"
#include "plait/array/pad.h"
#include "plait/array/products.h"
#include "plait/array/reductions.h"
#include "plait/array/search.h"
#include "plait/array/store.h"
