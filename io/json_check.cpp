#include "io/json_check.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "io/characters.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {
namespace {

constexpr int deepest = 16;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

/// Walks over a text once. After `fail` nothing may be read any more.
class Check {
 public:
  explicit Check(std::string_view text) : text_(text) {}

  std::optional<JsonFault> run(std::span<const std::string_view> forbidden) {
    if (!text_.empty() && members(0, forbidden) && at_ < text_.size()) {
      fail("expected ',' or the end");
    }
    return std::move(fault_);
  }

 private:
  bool fail(std::string message) {
    if (!fault_) fault_ = JsonFault{at_, std::move(message)};
    return false;
  }

  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool expect(char c) { return take(c) || fail(std::string("expected '") + c + '\''); }

  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  /// `"name":value`, and more of them after commas.
  bool members(int depth, std::span<const std::string_view> forbidden) {
    std::vector<std::string_view> names;
    do {
      std::string_view found;
      const std::size_t begin = at_;
      if (!name(found)) return false;
      if (std::find(forbidden.begin(), forbidden.end(), found) != forbidden.end()) {
        at_ = begin;
        return fail("the name " + in_quotes(found) + " has a meaning of its own");
      }
      names.push_back(found);
      if (!expect(':') || !value(depth)) return false;
    } while (take(','));
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice == names.end()) return true;
    return fail("the name " + in_quotes(*twice) + " stands twice in an object");
  }

  bool name(std::string_view& found) {
    if (!expect('"')) return false;
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
    found = text_.substr(begin, at_ - begin);
    if (found.empty()) return fail("expected a name of letters, digits and _ . -");
    return expect('"');
  }

  bool value(int depth) {
    if (depth > deepest) return fail("values are nested too deeply");
    if (at_ == text_.size()) return fail("expected a value");
    const char first = text_[at_];
    if (first == '"') return string();
    if (first == '-' || is_digit(first)) return integer();
    if (take("true") || take("false") || take("null")) return true;
    if (take('{')) return take('}') || (members(depth + 1, {}) && expect('}'));
    if (take('[')) return take(']') || elements(depth + 1);
    return fail("expected a string, an integer, true, false, null, an array or an object");
  }

  bool elements(int depth) {
    do {
      if (!value(depth)) return false;
    } while (take(','));
    return expect(']');
  }

  bool integer() {
    const std::size_t begin = at_;
    take('-');
    const bool zero_in_front = at_ < text_.size() && text_[at_] == '0';
    const std::size_t digits = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    std::int64_t number = 0;
    const auto [stop, failure] = std::from_chars(text_.data() + begin, text_.data() + at_, number);
    const bool is_wide =
        failure != std::errc{} || number > largest_json_integer || number < -largest_json_integer;
    const bool is_odd = (zero_in_front && at_ - digits > 1) || stop != text_.data() + at_ ||
                        (zero_in_front && digits > begin);
    if (is_wide || is_odd || digits == at_) {
      at_ = begin;
      return fail("expected an integer of at most 2^53 - 1 without leading zeros");
    }
    return true;
  }

  bool string() {
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\') {
        if (!escape()) return false;
        continue;
      }
      const std::size_t length = utf8_length(text_.substr(at_));
      if (length == 0) return fail("the text is not UTF-8");
      if (static_cast<unsigned char>(text_[at_]) < 0x20) {
        return fail("a string has a control character");
      }
      at_ += length;
    }
    return expect('"');
  }

  bool escape() {
    const std::string_view rest = text_.substr(at_ + 1, 5);
    if (!rest.empty() && std::string_view("\"\\/bfnrt").find(rest[0]) != std::string_view::npos) {
      at_ += 2;
      return true;
    }
    std::uint32_t unit = 0;
    if (rest.size() == 5 && rest[0] == 'u' &&
        std::from_chars(rest.data() + 1, rest.data() + 5, unit, 16).ptr == rest.data() + 5) {
      // Halves of surrogate pairs would need their partner; text beyond 16 bits is written as is.
      if (unit < 0xd800 || unit > 0xdfff) {
        at_ += 6;
        return true;
      }
    }
    return fail("a string has an unknown escape");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<JsonFault> fault_;
};

}  // namespace

std::optional<JsonFault> check_json_members(std::string_view members,
                                            std::span<const std::string_view> forbidden) {
  return Check(members).run(forbidden);
}

}  // namespace nexa::io
