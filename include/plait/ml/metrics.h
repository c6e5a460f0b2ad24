// How good predictions are, in one pass over them.
#pragma once

#include <optional>

#include "plait/array.h"
#include "plait/compute.h"

namespace plait::ml {

// Weights of rows by true and predicted class, which count from 0: (classes, classes), lazily.
PLAIT_API Array confusion(const Array& truth, const Array& predicted, std::int64_t classes,
                          const std::optional<Array>& weights = {});

// Sums over rows times weights, of -log of the probability of the true class: [sum, weights], lazily. Probabilities are
// kept away from 0 and 1 by `least`, and each row's add up to 1.
PLAIT_API Array log_loss_sums(const Array& classes, const Array& probabilities, double least,
                              const std::optional<Array>& weights = {});

// Of each column of targets, lazily: (9, columns), the sums of weights, of weighted absolute, squared, squared
// logarithmic and absolute relative errors, of squared distances of the targets from their mean, and of squared
// distances of the errors from their mean; then both means.
PLAIT_API Array error_sums(const Array& truth, const Array& predicted, const std::optional<Array>& weights = {});

}  // namespace plait::ml
