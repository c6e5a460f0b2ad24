// Machine learning on arrays larger than memory: estimators that learn from blocks of rows, in as few passes as
// mathematics allows. One header a family.
#pragma once

#include "plait/ml/forest.h"
#include "plait/ml/kmeans.h"
#include "plait/ml/linear_model.h"
#include "plait/ml/metrics.h"
#include "plait/ml/model_file.h"
#include "plait/ml/model_selection.h"
#include "plait/ml/scaling.h"
#include "plait/ml/text.h"
