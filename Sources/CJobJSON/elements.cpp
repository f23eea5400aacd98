#include "CJobJSON.h"

#include <cstring>

#include <simdjson.h>

namespace ondemand = simdjson::ondemand;

namespace {

// What the text of a value is, without the white space behind it.
simdjson::simdjson_result<std::string_view> text_of(ondemand::value value) noexcept {
    ondemand::json_type type;
    if (auto error = value.type().get(type)) return error;
    if (type == ondemand::json_type::object) {
        ondemand::object object;
        if (auto error = value.get_object().get(object)) return error;
        return object.raw_json();
    }
    if (type == ondemand::json_type::array) {
        ondemand::array array;
        if (auto error = value.get_array().get(array)) return error;
        return array.raw_json();
    }
    return value.raw_json_token();
}

simdjson::error_code find(
    const simdjson::padded_string &text, std::string_view key, herald_json_range *ranges, size_t limit, size_t &count, bool &found) {
    ondemand::parser parser(HERALD_JSON_MAXIMUM_BATCH_BYTES);
    ondemand::document document;
    if (auto error = parser.iterate(text).get(document)) return error;
    ondemand::object object;
    if (auto error = document.get_object().get(object)) return error;
    for (auto field : object) {
        std::string_view name;
        if (auto error = field.unescaped_key().get(name)) return error;
        if (name != key || found) continue;
        ondemand::array array;
        if (auto error = field.value().get_array().get(array)) return error;
        found = true;
        for (auto element : array) {
            ondemand::value value;
            if (auto error = element.get(value)) return error;
            std::string_view part;
            if (auto error = text_of(value).get(part)) return error;
            if (count < limit) ranges[count] = {static_cast<size_t>(part.data() - text.data()), part.size()};
            count++;
        }
    }
    // Behind the object there is no place to be at.
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS ? simdjson::SUCCESS : simdjson::TAPE_ERROR;
}

} // namespace

herald_json_status herald_json_elements(
    const uint8_t *bytes, size_t length, const char *key, herald_json_range *ranges, size_t limit, size_t *count, bool *found) {
    *count = 0;
    *found = false;
    if (length > HERALD_JSON_MAXIMUM_BATCH_BYTES) return HERALD_JSON_TOO_LARGE;
    const char *start = reinterpret_cast<const char *>(bytes);
    if (!simdjson::validate_utf8(start, length)) return HERALD_JSON_NOT_UTF8;
    const simdjson::padded_string text(start, length);
    if (text.data() == nullptr) return HERALD_JSON_OUT_OF_MEMORY;
    switch (find(text, key, ranges, limit, *count, *found)) {
    case simdjson::SUCCESS:
        return HERALD_JSON_OK;
    case simdjson::MEMALLOC:
        return HERALD_JSON_OUT_OF_MEMORY;
    case simdjson::DEPTH_ERROR:
        return HERALD_JSON_TOO_DEEP;
    case simdjson::INCORRECT_TYPE:
        return HERALD_JSON_NOT_AN_OBJECT;
    default:
        return HERALD_JSON_NOT_JSON;
    }
}
