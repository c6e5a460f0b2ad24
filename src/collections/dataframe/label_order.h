// The order of labels of rows, in which divisions stand.
#pragma once

#include "plait/table.h"

namespace plait {

// Whether there is an order between them: numbers, texts, moments (both with a zone or both without), spans of time.
bool are_comparable(const Literal& a, const Literal& b);
// Of comparable labels. Numbers and times of different units compare by value.
bool label_less(const Literal& a, const Literal& b);

}  // namespace plait
