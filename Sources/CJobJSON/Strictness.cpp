#include "Strictness.hpp"

#include <charconv>
#include <cstdint>
#include <cstring>
#include <system_error>

namespace herald {

namespace {

unsigned hexadecimal(const char *digits) noexcept {
    unsigned value = 0;
    std::from_chars(digits, digits + 4, value, 16);
    return value;
}

bool is_digit(char byte) noexcept { return byte >= '0' && byte <= '9'; }

const char *skip_digits(const char *at, const char *end) noexcept {
    while (at < end && is_digit(*at)) at++;
    return at;
}

struct Number {
    const char *end; // nullptr where the grammar is violated
    bool is_integer;
};

// RFC 8259 section 6.
Number scan_number(const char *at, const char *end) noexcept {
    constexpr Number none = {nullptr, false};
    bool is_integer = true;
    if (at < end && *at == '-') at++;
    if (at >= end || !is_digit(*at)) return none;
    at = *at == '0' ? at + 1 : skip_digits(at, end);
    if (at < end && *at == '.') {
        is_integer = false;
        const char *fraction = at + 1;
        at = skip_digits(fraction, end);
        if (at == fraction) return none;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        is_integer = false;
        at++;
        if (at < end && (*at == '+' || *at == '-')) at++;
        const char *exponent = at;
        at = skip_digits(exponent, end);
        if (at == exponent) return none;
    }
    return {at, is_integer};
}

template <typename Value>
bool fits(const char *first, const char *last) noexcept {
    Value value{};
    return std::from_chars(first, last, value).ec == std::errc{};
}

void overwrite(char *first, const char *last, const char *text) noexcept {
    // Whatever fits neither type is longer than its replacement.
    const size_t length = std::strlen(text);
    std::memcpy(first, text, length);
    std::memset(first + length, ' ', static_cast<size_t>(last - first) - length);
}

// Behind the closing quote, or the end.
char *skip_string(char *at, char *end) noexcept {
    for (at++; at < end && *at != '"'; at++) {
        if (*at == '\\') at++;
    }
    return at < end ? at + 1 : end;
}

} // namespace

bool has_lone_surrogate(const char *bytes, size_t length) noexcept {
    const char *end = bytes + length;
    const char *at = static_cast<const char *>(std::memchr(bytes, '\\', length));
    while (at != nullptr && end - at >= 2) {
        if (at[1] != 'u') {
            at += 2;
        } else {
            if (end - at < 6) return true;
            const unsigned unit = hexadecimal(at + 2);
            at += 6;
            if (unit >= 0xDC00 && unit <= 0xDFFF) return true;
            if (unit >= 0xD800 && unit <= 0xDBFF) {
                if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return true;
                const unsigned second = hexadecimal(at + 2);
                if (second < 0xDC00 || second > 0xDFFF) return true;
                at += 6;
            }
        }
        at = at < end ? static_cast<const char *>(std::memchr(at, '\\', static_cast<size_t>(end - at))) : nullptr;
    }
    return false;
}

bool clamp_huge_numbers(char *bytes, size_t length) noexcept {
    bool found = false;
    char *end = bytes + length;
    for (char *at = bytes; at < end;) {
        if (*at == '"') {
            at = skip_string(at, end);
        } else if (*at == '-' || is_digit(*at)) {
            const Number number = scan_number(at, end);
            if (number.end == nullptr) return found;
            if (number.is_integer && !fits<int64_t>(at, number.end) && !fits<uint64_t>(at, number.end)) {
                overwrite(at, number.end, "18446744073709551615");
                found = true;
            } else if (!number.is_integer && !fits<double>(at, number.end) && number.end - at > 4) {
                overwrite(at, number.end, "9e99");
                found = true;
            }
            at += number.end - at;
        } else {
            at++;
        }
    }
    return found;
}

} // namespace herald
