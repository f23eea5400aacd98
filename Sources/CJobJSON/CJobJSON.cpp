#include "CJobJSON.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include <simdjson.h>

#include "FieldNames.hpp"
#include "Strictness.hpp"

namespace dom = simdjson::dom;

struct herald_json_parser {
    dom::parser parser{HERALD_JSON_MAXIMUM_BYTES};
    // A padded copy of documents that cannot be parsed where they are; grows to the largest of them.
    char *copy = nullptr;
    size_t copy_capacity = 0;
    herald_json_document document{};

    herald_json_parser() = default;
    herald_json_parser(const herald_json_parser &) = delete;
    herald_json_parser &operator=(const herald_json_parser &) = delete;
    ~herald_json_parser() { std::free(copy); }
};

namespace {

herald_json_value value_of(dom::element element) noexcept {
    herald_json_value value{};
    switch (element.type()) {
    case dom::element_type::NULL_VALUE:
        value.kind = HERALD_JSON_NULL;
        break;
    case dom::element_type::BOOL:
        value.kind = HERALD_JSON_BOOLEAN;
        break;
    case dom::element_type::INT64:
        value.kind = HERALD_JSON_INTEGER;
        value.integer = element.get_int64().value_unsafe();
        break;
    case dom::element_type::UINT64:
        value.kind = HERALD_JSON_HUGE_INTEGER;
        break;
    case dom::element_type::DOUBLE:
        value.kind = HERALD_JSON_NUMBER;
        value.number = element.get_double().value_unsafe();
        break;
    case dom::element_type::STRING:
        value.kind = HERALD_JSON_STRING;
        value.text = element.get_c_str().value_unsafe();
        value.length = element.get_string_length().value_unsafe();
        break;
    case dom::element_type::ARRAY:
        value.kind = HERALD_JSON_ARRAY;
        break;
    default:
        value.kind = HERALD_JSON_OBJECT;
        break;
    }
    return value;
}

// Counts all elements, keeps the first ones.
size_t keep_elements(dom::array array, herald_json_value *elements) noexcept {
    size_t count = 0;
    for (dom::element element : array) {
        if (count < HERALD_JSON_MAXIMUM_ELEMENTS) elements[count] = value_of(element);
        count++;
    }
    return count;
}

void keep_fields(dom::object object, herald_json_document &document) noexcept {
    std::memset(document.fields, 0, sizeof document.fields);
    for (auto field : object) {
        const int index = herald::field_named(field.key);
        if (index < 0) continue;
        herald_json_value &value = document.fields[index];
        if (value.kind != HERALD_JSON_ABSENT) {
            value.duplicate = true;
            continue;
        }
        value = value_of(field.value);
        if (index == HERALD_JSON_PROVIDERS && value.kind == HERALD_JSON_ARRAY) {
            value.length = keep_elements(field.value.get_array().value_unsafe(), document.elements);
        }
    }
}

bool make_copy(herald_json_parser &parser, const uint8_t *bytes, size_t length) noexcept {
    const size_t needed = length + simdjson::SIMDJSON_PADDING;
    if (parser.copy_capacity < needed) {
        // Doubled, so that slowly growing documents do not allocate each time.
        const size_t capacity = needed * 2;
        char *grown = static_cast<char *>(std::malloc(capacity));
        if (grown == nullptr) return false;
        std::free(parser.copy);
        parser.copy = grown;
        parser.copy_capacity = capacity;
    }
    std::memcpy(parser.copy, bytes, length);
    std::memset(parser.copy + length, 0, simdjson::SIMDJSON_PADDING);
    return true;
}

herald_json_status status_of(simdjson::error_code error, const char *bytes, size_t length) noexcept {
    switch (error) {
    case simdjson::MEMALLOC:
        return HERALD_JSON_OUT_OF_MEMORY;
    case simdjson::CAPACITY:
        return HERALD_JSON_TOO_LARGE;
    case simdjson::DEPTH_ERROR:
        return HERALD_JSON_TOO_DEEP;
    default:
        // A document with several defects is told by the most basic one.
        return simdjson::validate_utf8(bytes, length) ? HERALD_JSON_NOT_JSON : HERALD_JSON_NOT_UTF8;
    }
}

// Later versions have a code of their own for big integers between these two.
bool concerns_number(simdjson::error_code error) noexcept {
    return (error >= simdjson::NUMBER_ERROR && error < simdjson::UTF8_ERROR) || error == simdjson::NUMBER_OUT_OF_RANGE;
}

herald_json_status parse(herald_json_parser &parser, const uint8_t *bytes, size_t length, size_t capacity) noexcept {
    if (length > HERALD_JSON_MAXIMUM_BYTES) return HERALD_JSON_TOO_LARGE;
    // Newer versions of simdjson skip a byte order mark; RFC 8259 section 8.1 forbids producers to send one.
    if (length == 0 || (length >= 3 && std::memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)) return HERALD_JSON_NOT_JSON;

    const char *text = reinterpret_cast<const char *>(bytes);
    const bool is_padded = capacity >= length && capacity - length >= simdjson::SIMDJSON_PADDING;
    if (!is_padded) {
        if (!make_copy(parser, bytes, length)) return HERALD_JSON_OUT_OF_MEMORY;
        text = parser.copy;
    }
    dom::element root;
    simdjson::error_code error = parser.parser.parse(text, length, false).get(root);
    if (concerns_number(error)) {
        if (is_padded && !make_copy(parser, bytes, length)) return HERALD_JSON_OUT_OF_MEMORY;
        text = parser.copy;
        if (herald::clamp_huge_numbers(parser.copy, length)) error = parser.parser.parse(text, length, false).get(root);
    }
    if (error != simdjson::SUCCESS) return status_of(error, text, length);
    if (herald::has_lone_surrogate(text, length)) return HERALD_JSON_NOT_JSON;
    dom::object object;
    if (root.get_object().get(object) != simdjson::SUCCESS) return HERALD_JSON_NOT_AN_OBJECT;
    keep_fields(object, parser.document);
    return HERALD_JSON_OK;
}

} // namespace

size_t herald_json_padding(void) { return simdjson::SIMDJSON_PADDING; }

herald_json_parser *herald_json_parser_create(void) {
    auto *parser = new (std::nothrow) herald_json_parser;
    // The first capacity suits ordinary jobs; simdjson grows it up to the limit, keeping the depth.
    if (parser != nullptr && parser->parser.allocate(4096, HERALD_JSON_MAXIMUM_DEPTH) != simdjson::SUCCESS) {
        delete parser;
        return nullptr;
    }
    return parser;
}

void herald_json_parser_destroy(herald_json_parser *parser) { delete parser; }

herald_json_status herald_json_parse(herald_json_parser *parser, const uint8_t *bytes, size_t length, size_t capacity) {
    return parse(*parser, bytes, length, capacity);
}

const herald_json_document *herald_json_parser_document(const herald_json_parser *parser) { return &parser->document; }

const char *herald_json_field_name(herald_json_field field) {
    return field >= 0 && field < HERALD_JSON_FIELD_COUNT ? herald::field_names[field].data() : "";
}
