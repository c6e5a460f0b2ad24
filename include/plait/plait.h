// Everything.
#pragma once

#include "plait/array.h"
#include "plait/bag.h"
#include "plait/chunks.h"
#include "plait/compute.h"
#include "plait/config.h"
#include "plait/dataframe.h"
#include "plait/diagnostics.h"
#include "plait/dtype.h"
#include "plait/error.h"
#include "plait/graph.h"
#include "plait/init.h"
#include "plait/ndarray.h"
#include "plait/plan_file.h"
#include "plait/random.h"
#include "plait/table.h"
