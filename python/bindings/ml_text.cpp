// Words of Python's texts, counted by the engine: what text vectorizers call on a partition.
#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "gil.h"
#include "ml/text/text_counts.h"
#include "ml_parts.h"
#include "runtime/machine.h"
#include "values.h"

namespace plait::python {
namespace {

using ml::CountRows;
using ml::TermFinder;
using ml::TermStatistics;
using ml::TermTable;
using ml::WordRules;

constexpr Py_UCS4 kCapitalSigma = 0x3A3, kCapitalIWithDot = 0x130;

// Those of Python's own tables, which its regular expressions use, too.
const ml::Characters& characters() {
  static const ml::Characters known = [] {
    constexpr std::uint32_t kEnd = 0x110000;
    ml::Characters made;
    for (std::uint32_t c = 0; c < kEnd; ++c) {
      if (Py_UNICODE_ISALNUM(c)) {
        made.is_word.resize(c + 1, false);
        made.is_word[c] = true;
      }
      if (const Py_UCS4 lower = Py_UNICODE_TOLOWER(c); lower != c) {
        while (made.lowered.size() <= c) made.lowered.push_back(static_cast<std::uint32_t>(made.lowered.size()));
        made.lowered[c] = lower;
      }
    }
    return made;
  }();
  return known;
}

nb::object stolen(PyObject* object) {
  if (!object) throw nb::python_error();
  return nb::steal(object);
}

bool holds(nb::handle text, Py_UCS4 character) {
  return PyUnicode_FindChar(text.ptr(), character, 0, PyUnicode_GET_LENGTH(text.ptr()), 1) >= 0;
}

// The texts of an iterable as UTF-8, some at a time. Needs the GIL.
class Documents {
 public:
  // `decode(bytes)` gives a text.
  Documents(nb::handle documents, nb::handle decode, bool lowercase)
      : next_(stolen(PyObject_GetIter(documents.ptr()))), decode_(nb::borrow(decode)), lowercase_(lowercase) {}

  // False at the end.
  bool next() {
    constexpr std::size_t kMostBytes = std::size_t{4} << 20, kMostTexts = std::size_t{1} << 14;
    held_.clear();
    texts_.clear();
    std::size_t size = 0;
    while (size < kMostBytes && texts_.size() < kMostTexts) {
      PyObject* item = PyIter_Next(next_.ptr());
      if (!item) {
        if (PyErr_Occurred()) throw nb::python_error();
        break;
      }
      texts_.push_back(as_utf8(nb::steal(item)));
      size += texts_.back().size();
      ++count_;
    }
    return !texts_.empty();
  }
  const std::vector<std::string_view>& texts() const { return texts_; }

 private:
  std::string_view as_utf8(nb::object item) {
    if (PyBytes_Check(item.ptr())) item = decode_(item);
    if (!PyUnicode_Check(item.ptr())) refuse(item);
    // What becomes of these depends on their neighbours, or is two characters: Python knows.
    if (lowercase_ && PyUnicode_MAX_CHAR_VALUE(item.ptr()) > 0xFF &&
        (holds(item, kCapitalSigma) || holds(item, kCapitalIWithDot)))
      item = item.attr("lower")();
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(item.ptr(), &size);
    if (!text) {  // half of a surrogate pair
      PyErr_Clear();
      item = stolen(PyUnicode_AsEncodedString(item.ptr(), "utf-8", "surrogatepass"));
      text = PyBytes_AS_STRING(item.ptr());
      size = PyBytes_GET_SIZE(item.ptr());
    }
    held_.push_back(std::move(item));
    return {text, static_cast<std::size_t>(size)};
  }

  [[noreturn]] void refuse(nb::handle item) const {
    const bool is_missing = item.is_none() || PyFloat_Check(item.ptr()) ||
                            nb::cast<std::string>(nb::str(item.type().attr("__name__"))) == "NAType";
    if (is_missing)
      throw nb::value_error(
          fmt::format("np.nan is an invalid document, expected byte or unicode string: document {} of "
                      "its partition is missing; fill it, for example with fillna('')",
                      count_)
              .c_str());
    throw nb::type_error(fmt::format("document {} of its partition is of type {}, expected a text or bytes", count_,
                                     nb::cast<std::string>(nb::str(item.type().attr("__name__"))))
                             .c_str());
  }

  nb::object next_, decode_;
  bool lowercase_;
  std::size_t count_ = 0;
  std::vector<nb::object> held_;
  std::vector<std::string_view> texts_;
};

template <class Add>
void for_texts(nb::handle documents, nb::handle decode, const WordRules& rules, const Add& add) {
  Documents source(documents, decode, rules.lowercase);
  TermFinder finder(rules, characters());
  while (source.next()) {
    const NoGil no_gil;
    add(source.texts(), finder);
  }
}

template <class T, class From>
nb::object as_numpy(const std::vector<From>& numbers, DType dtype) {
  NdArray array = NdArray::empty(dtype, {static_cast<std::int64_t>(numbers.size())});
  std::copy(numbers.begin(), numbers.end(), array.mutable_data<T>());
  return to_numpy(array);
}

// counts, columns, starts
nb::tuple as_csr(const CountRows& rows, bool has_wide_counts = false) {
  return nb::make_tuple(has_wide_counts ? as_numpy<std::int64_t>(rows.counts, DType::int64)
                                        : as_numpy<std::int32_t>(rows.counts, DType::int32),
                        as_numpy<std::int32_t>(rows.columns, DType::int32),
                        as_numpy<std::int64_t>(rows.starts, DType::int64));
}

nb::tuple count_rows(nb::handle documents, nb::handle decode, const WordRules& rules, const TermTable& vocabulary,
                     bool has_wide_counts) {
  CountRows rows;
  for_texts(documents, decode, rules,
            [&](const auto& texts, TermFinder& finder) { rows.add(texts, finder, vocabulary); });
  return as_csr(rows, has_wide_counts);
}

nb::tuple hash_rows(nb::handle documents, nb::handle decode, const WordRules& rules, std::int32_t num_columns,
                    bool alternate_sign) {
  CountRows rows;
  for_texts(documents, decode, rules, [&](const auto& texts, TermFinder& finder) {
    rows.add_hashed(texts, finder, num_columns, alternate_sign);
  });
  return as_csr(rows);
}

TermStatistics term_statistics(nb::handle documents, nb::handle decode, const WordRules& rules) {
  TermStatistics found;
  for_texts(documents, decode, rules, [&](const auto& texts, TermFinder& finder) { found.add(texts, finder); });
  return found;
}

// Statistics and, where they take at most `room` bytes, rows of the numbers of terms: counts, columns, starts. What
// does not fit is None, and its documents are to be read again.
nb::tuple counted_texts(nb::handle documents, nb::handle decode, const WordRules& rules, std::uint64_t room) {
  TermStatistics found;
  CountRows rows;
  bool fits = true;
  for_texts(documents, decode, rules, [&](const auto& texts, TermFinder& finder) {
    found.add(texts, finder, fits ? &rows : nullptr);
    fits = fits && rows.columns.size() * (sizeof(rows.columns[0]) + sizeof(rows.counts[0])) <= room;
    if (!fits) rows = {};
  });
  return nb::make_tuple(std::move(found), fits ? nb::object(as_csr(rows)) : nb::none());
}

template <class T>
std::span<const T> numbers(const NdArray& held) {
  return {held.data<T>(), static_cast<std::size_t>(held.size())};
}

nb::tuple rows_of_vocabulary(const TermStatistics& found, const nb::tuple& rows, const TermTable& vocabulary,
                             bool has_wide_counts) {
  const NdArray counts = from_numpy(rows[0]), columns = from_numpy(rows[1]), starts = from_numpy(rows[2]);
  CountRows made;
  {
    const NoGil no_gil;
    made = ml::rows_of_vocabulary(
        {numbers<std::int64_t>(starts), numbers<std::int32_t>(columns), numbers<std::int32_t>(counts)}, found.terms,
        vocabulary);
  }
  return as_csr(made, has_wide_counts);
}

TermStatistics merged(const std::vector<const TermStatistics*>& parts, bool is_last) {
  const NoGil no_gil;
  TermStatistics whole;
  for (const TermStatistics* part : parts) whole.add(*part);
  return is_last ? whole.sorted() : std::move(whole);
}

TermTable table_of(const std::vector<nb::object>& terms) {
  TermTable table;
  for (const nb::object& term : terms) {
    const nb::object text = stolen(PyUnicode_AsEncodedString(term.ptr(), "utf-8", "surrogatepass"));
    table.add({PyBytes_AS_STRING(text.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(text.ptr()))});
  }
  return table;
}

nb::list terms_of(const TermTable& table) {
  nb::list terms;
  for (std::int64_t i = 0; i < table.size(); ++i) {
    const std::string_view term = table.term(i);
    terms.append(stolen(PyUnicode_DecodeUTF8(term.data(), static_cast<Py_ssize_t>(term.size()), "surrogatepass")));
  }
  return terms;
}

template <class T>
nb::bytes bytes_of(const std::vector<T>& numbers) {
  return nb::bytes(numbers.data(), numbers.size() * sizeof(T));
}
template <class T>
std::vector<T> numbers_of(nb::handle state) {
  const auto held = nb::cast<nb::bytes>(state);
  std::vector<T> numbers(held.size() / sizeof(T));
  std::memcpy(numbers.data(), held.data(), numbers.size() * sizeof(T));
  return numbers;
}

nb::tuple state_of(const TermTable& table) {
  return nb::make_tuple(nb::bytes(table.bytes().data(), table.bytes().size()), bytes_of(table.ends()));
}
TermTable table_of_state(nb::handle state) {
  const auto held = nb::cast<nb::bytes>(state[0]);
  return {{held.c_str(), held.size()}, numbers_of<std::uint64_t>(state[1])};
}

}  // namespace

void bind_ml_text(nb::module_& ml) {
  nb::class_<TermTable>(ml, "TermTable", "Terms by their numbers.")
      .def("__init__",
           [](TermTable* self, const std::vector<nb::object>& terms) { new (self) TermTable(table_of(terms)); })
      .def("__len__", &TermTable::size)
      .def("terms", terms_of)
      .def("__getstate__", state_of)
      .def("__setstate__",
           [](TermTable& self, const nb::tuple& state) { new (&self) TermTable(table_of_state(state)); });
  nb::class_<WordRules>(ml, "WordRules", "What a term is: scikit-learn's lowercase, ngram_range and stop_words.")
      .def(
          "__init__",
          [](WordRules* self, bool lowercase, std::int64_t fewest, std::int64_t most,
             const std::vector<nb::object>& stop_words) {
            new (self) WordRules{lowercase, fewest, most, table_of(stop_words)};
          },
          nb::arg("lowercase"), nb::arg("fewest"), nb::arg("most"), nb::arg("stop_words"))
      .def("__getstate__",
           [](const WordRules& self) {
             return nb::make_tuple(self.lowercase, self.fewest, self.most, state_of(self.stop_words));
           })
      .def("__setstate__", [](WordRules& self, const nb::tuple& state) {
        new (&self) WordRules{nb::cast<bool>(state[0]), nb::cast<std::int64_t>(state[1]),
                              nb::cast<std::int64_t>(state[2]), table_of_state(state[3])};
      });
  nb::class_<TermStatistics>(ml, "TermStatistics", "In how many documents and how often terms occur.")
      .def_ro("num_documents", &TermStatistics::num_documents)
      .def("terms", [](const TermStatistics& self) { return terms_of(self.terms); })
      .def("documents", [](const TermStatistics& self) { return as_numpy<std::int64_t>(self.documents, DType::int64); })
      .def("occurrences",
           [](const TermStatistics& self) { return as_numpy<std::int64_t>(self.occurrences, DType::int64); })
      .def("__getstate__",
           [](const TermStatistics& self) {
             return nb::make_tuple(state_of(self.terms), bytes_of(self.documents), bytes_of(self.occurrences),
                                   self.num_documents);
           })
      .def("__setstate__", [](TermStatistics& self, const nb::tuple& state) {
        new (&self) TermStatistics();
        self.terms = table_of_state(state[0]);
        self.documents = numbers_of<std::int64_t>(state[1]);
        self.occurrences = numbers_of<std::int64_t>(state[2]);
        self.num_documents = nb::cast<std::int64_t>(state[3]);
      });
  ml.def("term_statistics", term_statistics, nb::arg("documents"), nb::arg("decode"), nb::arg("rules"));
  ml.def("counted_texts", counted_texts, nb::arg("documents"), nb::arg("decode"), nb::arg("rules"),
         nb::arg("room_bytes"));
  ml.def("memory_budget_bytes", memory_budget_bytes, "What the runs of this thread may take.");
  ml.def("rows_of_vocabulary", rows_of_vocabulary, nb::arg("found"), nb::arg("rows"), nb::arg("vocabulary"),
         nb::arg("has_wide_counts"));
  ml.def("merged_statistics", merged, nb::arg("parts"), nb::arg("is_last"));
  ml.def("count_rows", count_rows, nb::arg("documents"), nb::arg("decode"), nb::arg("rules"), nb::arg("vocabulary"),
         nb::arg("has_wide_counts"));
  ml.def("hash_rows", hash_rows, nb::arg("documents"), nb::arg("decode"), nb::arg("rules"), nb::arg("num_columns"),
         nb::arg("alternate_sign"));
}

}  // namespace plait::python
