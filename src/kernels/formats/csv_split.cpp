// From paths to blocks: patterns, headers and block boundaries.
#include <arrow/util/utf8.h>
#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include "kernels/formats/csv_place.h"
#include "kernels/formats/csv_reader.h"
#include "kernels/formats/csv_rows.h"
#include "kernels/formats/csv_source.h"
#include "kernels/formats/csv_text.h"

namespace plait {
namespace {

constexpr std::int64_t kHeadBytes = 64 * 1024;
constexpr std::int64_t kWindowBytes = 16 * 1024;

std::vector<std::string> expand_pattern(const std::string& pattern) {
  if (pattern.find_first_of("*?[") == std::string::npos) return {pattern};
  glob_t found{};
  const int status = ::glob(pattern.c_str(), 0, nullptr, &found);
  std::vector<std::string> paths(found.gl_pathv, found.gl_pathv + (status == 0 ? found.gl_pathc : 0));
  ::globfree(&found);
  if (paths.empty()) throw Error(ErrorKind::file_not_found, "read_csv: no file matches '" + pattern + "'");
  return paths;
}

// What the start of a file says.
struct Head {
  std::vector<std::string> names;
  std::int64_t data_offset = 0;
  bool has_quotes = false;  // in the first rows
};

std::vector<std::string> record_fields(const char* text, const CsvIndex& index, std::size_t first, std::size_t last,
                                       CsvDialect dialect) {
  std::vector<std::string> values;
  for (std::size_t field = first; field < last; ++field) {
    std::uint32_t begin = index.starts()[field], end = index.starts()[field + 1] - 1;
    if (field + 1 == last && end > begin && dialect.is_return_before(text[end - 1], text[end])) --end;
    std::string value(end - begin, '\0');
    value.resize(unquote_csv_field({text + begin, end - begin}, dialect.quote, value.data()));
    values.push_back(std::move(value));
  }
  return values;
}

bool is_blank(const std::vector<std::string>& values, CsvDialect dialect) {
  if (values.size() != 1) return false;
  return std::all_of(values[0].begin(), values[0].end(),
                     [&](char c) { return (c == ' ' || c == '\t') && c != dialect.sep; });
}

// pandas' names for missing and repeated ones: "Unnamed: 1", "a.1".
std::vector<std::string> distinct_names(std::vector<std::string> names) {
  std::map<std::string, int> next_suffix;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) names[i] = fmt::format("Unnamed: {}", i);
  }
  std::set<std::string> taken(names.begin(), names.end());
  std::set<std::string> seen;
  for (std::string& name : names) {
    if (seen.insert(name).second) continue;
    int& suffix = next_suffix[name];
    if (suffix == 0) suffix = 1;
    while (taken.count(fmt::format("{}.{}", name, suffix)) != 0) ++suffix;
    name = fmt::format("{}.{}", name, suffix++);
    taken.insert(name);
    seen.insert(name);
  }
  return names;
}

void require_text(const std::vector<std::string>& names, const std::string& path) {
  static const bool ready = (arrow::util::InitializeUTF8(), true);
  for (const std::string& name : names) {
    if (name.find('\0') != std::string::npos) {
      throw value_error(fmt::format(
          "{}:1: the header has NUL bytes: the file is binary, or text in UTF-16; convert it to UTF-8 first", path));
    }
    if (ready && arrow::util::ValidateUTF8(name)) continue;
    throw value_error(fmt::format(
        "{}: the header has the name '{}', which is not valid UTF-8; convert the file to UTF-8 first", path, name));
  }
}

std::int64_t header_record(const CsvOptions& options) {
  if (options.header != CsvOptions::kInferHeader) return options.header;
  return options.names.empty() ? 0 : CsvOptions::kNoHeader;
}

std::int64_t byte_order_mark_length(const std::string& path, const std::string& compression) {
  char start[3] = {};
  const std::size_t got = open_csv_source(path, compression, 0, compression.empty() ? 3 : -1)->read(start, 3);
  if (got == 3 && std::memcmp(start, "\xEF\xBB\xBF", 3) == 0) return 3;
  const bool is_utf16 = got >= 2 && (std::memcmp(start, "\xFF\xFE", 2) == 0 || std::memcmp(start, "\xFE\xFF", 2) == 0);
  if (is_utf16) throw value_error(path + ":1: the file is text in UTF-16; convert it to UTF-8 first");
  return 0;
}

// Reads records until the header (or, without one, the first row) is known.
Head read_head(const std::string& path, const std::string& compression, const CsvOptions& options,
               const FileStamp& stamp) {
  const CsvDialect dialect = csv_dialect(options);
  const std::int64_t wanted = header_record(options);
  CsvBlock start{path, byte_order_mark_length(path, compression), -1, true, true, compression, stamp};
  CsvText text(start, dialect, kHeadBytes);
  Head head;
  head.data_offset = start.offset;
  std::int64_t num_records = 0, num_filled = 0;
  while (text.next()) {
    head.has_quotes |= text.index().has_quotes();
    for (std::size_t first = 0, field = 0; field < text.index().num_fields(); ++field) {
      if (!dialect.ends_record(text.text()[text.index().starts()[field + 1] - 1])) continue;
      const auto values = record_fields(text.text(), text.index(), first, field + 1, dialect);
      const std::int64_t after = text.file_offset() + text.index().starts()[field + 1];
      first = field + 1;
      if (num_records++ < options.skiprows) {
        head.data_offset = after;
        continue;
      }
      if (is_blank(values, dialect)) continue;
      if (wanted == CsvOptions::kNoHeader) {
        for (std::size_t i = 0; i < values.size(); ++i) head.names.push_back(std::to_string(i));
      } else if (num_filled++ == wanted) {
        head.names = distinct_names(values);
        head.data_offset = after;
        // Names are often quoted where no row is.
        head.has_quotes = std::memchr(text.text() + text.index().starts()[first], dialect.quote,
                                      text.num_bytes() - text.index().starts()[first]) != nullptr;
      } else {
        continue;
      }
      if (!options.names.empty()) head.names = options.names;
      return head;
    }
  }
  if (text.ends_in_quotes()) throw_unterminated_quote(start, options, text.file_offset());
  head.names = options.names;
  return head;
}

// As many blocks of about equal size as Dask makes.
std::vector<std::int64_t> nominal_offsets(std::int64_t size, std::int64_t blocksize) {
  std::vector<std::int64_t> offsets;
  if (blocksize <= 0 || size <= blocksize) return offsets;
  const std::int64_t num_blocks = size / blocksize;
  const double step = static_cast<double>(size) / static_cast<double>(num_blocks);
  for (double place = step; static_cast<double>(size) - place > step - 1; place += step) {
    offsets.push_back(static_cast<std::int64_t>(place));
  }
  return offsets;
}

// The first start of a record at or after each offset, in text without quotes; nothing when quotes are met.
bool boundaries_without_quotes(const std::string& path, CsvDialect dialect, std::vector<std::int64_t>& offsets) {
  std::vector<char> window(kWindowBytes);
  for (std::int64_t& offset : offsets) {
    // One byte before: the offset may be the start of a record already.
    const auto source = open_csv_source(path, "", offset - 1, -1);
    std::int64_t at = offset - 1;
    char last = '\0';
    for (bool found = false; !found;) {
      const std::size_t got = source->read(window.data(), window.size());
      if (std::memchr(window.data(), dialect.quote, got) != nullptr) return false;
      for (std::size_t i = 0; i < got && !found; ++i, ++at) {
        found = dialect.ends_record(last) && !dialect.is_return_before(last, window[i]);
        last = window[i];
      }
      if (found) --at;
      found |= got < window.size();
    }
    offset = at;
  }
  return true;
}

// The same for any text: reads the file once.
void exact_boundaries(const CsvBlock& data, CsvDialect dialect, std::vector<std::int64_t>& offsets) {
  CsvText text(data, dialect);
  auto offset = offsets.begin();
  while (offset != offsets.end() && text.next()) {
    const std::uint32_t* const starts = text.index().starts();
    const std::uint32_t* const end = starts + text.index().num_fields();
    while (offset != offsets.end() && *offset <= text.file_offset() + static_cast<std::int64_t>(text.num_bytes())) {
      const auto wanted = static_cast<std::uint32_t>(std::max<std::int64_t>(*offset - text.file_offset(), 0));
      const auto starts_record = [&](const std::uint32_t* start) {
        return start == starts || dialect.ends_record(text.text()[*start - 1]);
      };
      const std::uint32_t* start = std::lower_bound(starts, end, wanted);
      while (start != end && !starts_record(start)) ++start;
      *offset++ = text.file_offset() + *start;
    }
  }
  for (; offset != offsets.end(); ++offset) *offset = data.offset + data.length;
}

void append_blocks(const CsvBlock& data, const Head& head, const CsvOptions& options, std::int64_t blocksize,
                   std::vector<CsvBlock>& blocks) {
  const std::int64_t end = data.offset + data.length;
  std::vector<std::int64_t> offsets = nominal_offsets(end, blocksize);
  std::erase_if(offsets, [&](std::int64_t offset) { return offset <= data.offset; });
  const CsvDialect dialect = csv_dialect(options);
  const bool guessed =
      !options.exact_split && !head.has_quotes && boundaries_without_quotes(data.path, dialect, offsets);
  if (!guessed && !offsets.empty()) exact_boundaries(data, dialect, offsets);
  offsets.push_back(end);
  std::int64_t start = data.offset;
  for (const std::int64_t offset : offsets) {
    if (offset <= start && offset != end) continue;
    const bool exact = !guessed || offsets.size() == 1;
    blocks.push_back({data.path, start, offset - start, offset == end, exact, "", data.stamp});
    start = offset;
    if (offset == end) break;
  }
}

std::string name_list(const std::vector<std::string>& names) { return fmt::format("[{}]", fmt::join(names, ", ")); }

}  // namespace

CsvSplit split_csv(const std::vector<std::string>& paths, const CsvOptions& options, std::int64_t blocksize) {
  std::vector<std::string> files;
  for (const std::string& pattern : paths) {
    const auto found = expand_pattern(pattern);
    files.insert(files.end(), found.begin(), found.end());
  }
  CsvSplit split;
  std::string first_file;
  for (const std::string& path : files) {
    const std::string compression = csv_compression(path, options.compression);
    const FileStamp stamp = file_stamp(path);
    const std::int64_t size = stamp.size;
    if (size == 0 && files.size() > 1) continue;  // as Dask does
    const Head head = read_head(path, compression, options, stamp);
    if (head.names.empty())
      throw value_error("read_csv: there are no columns in '" + path + "': the file is empty; give `names`");
    require_text(head.names, path);
    if (first_file.empty()) {
      first_file = path;
      split.names = head.names;
    } else if (head.names != split.names) {
      throw value_error(
          fmt::format("read_csv: '{}' has the columns {}, but '{}' has {}; read them separately, or give `names`", path,
                      name_list(head.names), first_file, name_list(split.names)));
    }
    CsvBlock data{path, head.data_offset, -1, true, true, compression, stamp};
    if (!compression.empty()) {
      split.blocks.push_back(std::move(data));
      continue;
    }
    data.length = std::max<std::int64_t>(size - head.data_offset, 0);
    append_blocks(data, head, options, blocksize, split.blocks);
  }
  if (first_file.empty()) throw value_error("read_csv: all files are empty; there are no columns to read");
  return split;
}

}  // namespace plait
