// All families of routines on arrays.
#pragma once

#include "plait/array_counting.h"
#include "plait/array_order.h"
