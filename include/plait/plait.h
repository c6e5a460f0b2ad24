// Everything.
#pragma once

#include "plait/array.h"
#include "plait/chunks.h"
#include "plait/compute.h"
#include "plait/config.h"
#include "plait/dtype.h"
#include "plait/error.h"
#include "plait/ndarray.h"
#include "plait/random.h"
#if __has_include("plait/dataframe.h")
#include "plait/dataframe.h"
#endif
