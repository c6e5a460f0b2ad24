#include "kernels/table/column_metadata.h"

namespace plait {
namespace {

std::string metadata_value(const arrow::Field& field, const char* key) {
  if (!field.HasMetadata()) return "";
  return field.metadata()->Get(key).ValueOr("");
}

}  // namespace

TypeFamily family_of(const arrow::Field& field) {
  const std::string family = metadata_value(field, kFamilyKey);
  if (family == "object") return TypeFamily::object;
  if (family == "nullable") return TypeFamily::nullable;
  if (family == "arrow") return TypeFamily::arrow;
  return TypeFamily::numpy;
}

std::shared_ptr<arrow::Field> with_family(const std::shared_ptr<arrow::Field>& field, TypeFamily family,
                                          bool encoded_text) {
  static constexpr const char* kNames[] = {"", "object", "nullable", "arrow"};
  auto metadata = arrow::key_value_metadata(std::vector<std::string>{}, std::vector<std::string>{});
  if (family != TypeFamily::numpy) metadata->Append(kFamilyKey, kNames[static_cast<int>(family)]);
  if (encoded_text) metadata->Append(kEncodedTextKey, "1");
  if (metadata->size() == 0) return field->HasMetadata() ? field->RemoveMetadata() : field;
  return field->WithMetadata(metadata);
}

bool is_encoded_text(const arrow::Field& field) {
  return field.type()->id() == arrow::Type::DICTIONARY && metadata_value(field, kEncodedTextKey) == "1";
}

}  // namespace plait
