// What a field says of its column beyond its Arrow type: the family, and whether a dictionary stands for plain text.
#pragma once

#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>

#include <memory>

#include "plait/table.h"

namespace plait {

inline constexpr const char* kFamilyKey = "plait.family";
inline constexpr const char* kEncodedTextKey = "plait.text";

TypeFamily family_of(const arrow::Field& field);
// The same field, saying `family` (numpy, the default, says nothing).
std::shared_ptr<arrow::Field> with_family(const std::shared_ptr<arrow::Field>& field, TypeFamily family,
                                          bool encoded_text = false);
// A `str` column that is stored as a dictionary of its different values. It is no category: kernels may decode it.
bool is_encoded_text(const arrow::Field& field);

}  // namespace plait
