#include "kernels/formats/json_documents.h"

namespace plait {
namespace {

class Teller {
 public:
  Teller(std::string_view line, JsonBuilder& to, std::string& room) : scanner_(line), to_(to), room_(room) {}

  bool tell_document() { return tell_value(0) && scanner_.is_at_end(); }

 private:
  bool tell_value(int depth) {
    if (depth > JsonScanner::kMaxDepth) return false;
    switch (scanner_.peek()) {
      case '"':
        return tell_text();
      case 't':
        return scanner_.take_word("true") && (to_.truth(true), true);
      case 'f':
        return scanner_.take_word("false") && (to_.truth(false), true);
      case 'n':
        return scanner_.take_word("null") && (to_.nothing(), true);
      case '[':
        return tell_list(depth);
      case '{':
        return tell_object(depth);
      default:
        return tell_number();
    }
  }
  bool tell_text() {
    std::string_view text;
    return scanner_.take_text(text, room_) && (to_.text(text), true);
  }
  bool tell_number() {
    JsonNumber number;
    return scanner_.take_number(number) && (to_.number(number), true);
  }
  bool tell_list(int depth) {
    scanner_.take('[');
    to_.begin_list();
    if (!scanner_.take(']')) {
      do {
        if (!tell_value(depth + 1)) return false;
      } while (scanner_.take(','));
      if (!scanner_.take(']')) return false;
    }
    to_.end_list();
    return true;
  }
  bool tell_object(int depth) {
    scanner_.take('{');
    to_.begin_object();
    if (!scanner_.take('}')) {
      do {
        std::string_view key;
        if (scanner_.peek() != '"' || !scanner_.take_text(key, room_)) return false;
        to_.key(key);
        if (!scanner_.take(':') || !tell_value(depth + 1)) return false;
      } while (scanner_.take(','));
      if (!scanner_.take('}')) return false;
    }
    to_.end_object();
    return true;
  }

  JsonScanner scanner_;
  JsonBuilder& to_;
  std::string& room_;
};

}  // namespace

bool read_json_line(std::string_view line, JsonBuilder& to, std::string& room) {
  return Teller(line, to, room).tell_document();
}

}  // namespace plait
