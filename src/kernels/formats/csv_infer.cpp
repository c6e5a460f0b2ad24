// Column types from what values look like.
#include "kernels/formats/csv_column.h"
#include "kernels/formats/csv_date.h"
#include "kernels/formats/csv_missing.h"
#include "kernels/formats/csv_place.h"
#include "kernels/formats/csv_reader.h"
#include "kernels/formats/csv_rows.h"
#include "kernels/formats/csv_text.h"

namespace plait {
namespace {

class ColumnWitness {
 public:
  ColumnWitness(const CsvColumn& column, const MissingTextsOfColumns& missing)
      : column_(column), missing_(missing.of(column.name, column.parse_date)), format_(column.evidence.date_format) {}

  void see(const CsvFields& fields) {
    for (std::size_t row = 0; row < fields.num_rows; ++row) see(fields[row]);
  }
  const CsvEvidence& evidence() const { return column_.evidence; }

 private:
  void see(std::string_view text) {
    CsvEvidence& evidence = column_.evidence;
    if (missing_.contains(text)) {
      evidence.kinds |= CsvEvidence::missing;
    } else if (column_.parse_date) {
      see_date(text);
    } else if ((evidence.kinds & CsvEvidence::text) == 0) {
      const bool is_float_column = (evidence.kinds & CsvEvidence::real) != 0;
      const std::uint32_t kinds = classify_csv_value(text);
      evidence.kinds |= is_float_column ? kinds & ~std::uint32_t{CsvEvidence::beyond_uint64} : kinds;
    }
  }

  void see_date(std::string_view text) {
    CsvEvidence& evidence = column_.evidence;
    if ((evidence.kinds & CsvEvidence::text) != 0) return;
    if (evidence.date_format.empty()) {
      evidence.date_format = guess_date_format(text);
      format_ = DateFormat(evidence.date_format);
      if (const auto first = format_.parse(text)) evidence.zone = zone_name(first->zone);
    }
    const auto date = evidence.date_format.empty() ? std::nullopt : format_.parse(text);
    if (!date || zone_name(date->zone) != evidence.zone) {
      evidence.kinds |= CsvEvidence::text;
    } else {
      evidence.kinds |= CsvEvidence::date | (date->num_fraction_digits > 6 ? CsvEvidence::nanoseconds : 0u);
    }
  }

  CsvColumn column_;
  MissingTexts missing_;
  DateFormat format_;
};

}  // namespace

CsvSchema infer_csv_block(const CsvBlock& block, const CsvSchema& schema, const CsvOptions& options,
                          std::int64_t max_bytes) {
  const CsvDialect dialect = csv_dialect(options);
  const bool whole = max_bytes < 0;
  CsvText text(block, dialect,
               whole ? CsvText::kBatchBytes : static_cast<std::size_t>(std::max<std::int64_t>(max_bytes, 64)));
  std::vector<ColumnWitness> witnesses;
  const MissingTextsOfColumns missing(options);
  for (const CsvColumn& column : schema.columns) witnesses.emplace_back(column, missing);
  CsvRows rows;
  bool first = true;
  while ((whole || first) && text.next()) {
    first = false;
    try {
      rows.build(text.text(), text.index(), dialect, schema.columns.size(), csv_row_lengths(options));
    } catch (const RaggedRow& row) {
      throw_ragged_row(block, options, text.file_offset() + row.position, row.num_fields, schema.columns.size());
    }
    for (std::size_t i = 0; i < witnesses.size(); ++i) {
      if (!schema.columns[i].given) witnesses[i].see(rows.column(i, text.room()));
    }
  }
  if (text.ends_in_quotes()) throw_unterminated_quote(block, options, text.file_offset());
  CsvSchema result = schema;
  for (std::size_t i = 0; i < witnesses.size(); ++i) result.columns[i].evidence = witnesses[i].evidence();
  result.merge(result);
  return result;
}

CsvSchema infer_csv_schema(const CsvSplit& split, const CsvOptions& options, std::int64_t sample_bytes_per_block) {
  CsvSchema schema = empty_csv_schema(split.names, options);
  for (const CsvBlock& block : split.blocks) schema = infer_csv_block(block, schema, options, sample_bytes_per_block);
  return schema;
}

}  // namespace plait
