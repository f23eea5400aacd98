// Strict JSON for Herald's messages: bytes -> the fields that Herald knows, over simdjson, behind a flat C interface.
//
// The whole document is validated (RFC 8259: UTF-8 everywhere, no byte order mark, nothing behind the object, no lone surrogates), also what
// is inside fields that Herald does not know; those are otherwise ignored. No exception leaves these functions.
#ifndef HERALD_CJOBJSON_H
#define HERALD_CJOBJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Largest document that is parsed, in bytes.
#define HERALD_JSON_MAXIMUM_BYTES (1u << 20)
/// Largest document whose elements are found, in bytes.
#define HERALD_JSON_MAXIMUM_BATCH_BYTES (4u << 20)
/// Deepest nesting that is parsed; the top object is level 1.
#define HERALD_JSON_MAXIMUM_DEPTH 64
/// Most elements of an array that are kept.
#define HERALD_JSON_MAXIMUM_ELEMENTS 16

typedef enum {
    HERALD_JSON_OK = 0,
    HERALD_JSON_NOT_UTF8,
    HERALD_JSON_NOT_JSON,
    HERALD_JSON_NOT_AN_OBJECT,
    HERALD_JSON_TOO_DEEP,
    HERALD_JSON_TOO_LARGE,
    HERALD_JSON_OUT_OF_MEMORY,
} herald_json_status;

/// The fields of a job and of an outcome.
typedef enum {
    HERALD_JSON_JOB_ID = 0,
    HERALD_JSON_NOTIFICATION_ID,
    HERALD_JSON_CHANNEL,
    HERALD_JSON_PROVIDER,
    HERALD_JSON_PROVIDERS,
    HERALD_JSON_RECIPIENT,
    HERALD_JSON_RECIPIENT_COUNTRY,
    HERALD_JSON_TEMPLATE_TYPE,
    HERALD_JSON_PAYLOAD_SIZE,
    HERALD_JSON_CREATED_AT,
    HERALD_JSON_SEND_TIME,
    HERALD_JSON_EXPIRES_AT,
    HERALD_JSON_PREVIOUS_ATTEMPTS,
    HERALD_JSON_LAST_STATUS,
    HERALD_JSON_RESPONSE_CODE,
    HERALD_JSON_LATENCY_MS,
    HERALD_JSON_LAST_ATTEMPT_AT,
    HERALD_JSON_STATUS,
    HERALD_JSON_ATTEMPTED_AT,
    HERALD_JSON_OCCURRED_AT,
    HERALD_JSON_FIELD_COUNT,
} herald_json_field;

typedef enum {
    HERALD_JSON_ABSENT = 0,
    HERALD_JSON_NULL,
    HERALD_JSON_BOOLEAN,
    /// Written without fraction and exponent, fits 64 bits signed: `integer`.
    HERALD_JSON_INTEGER,
    /// Written without fraction and exponent, does not fit.
    HERALD_JSON_HUGE_INTEGER,
    /// Any other number: `number`; 9e99 where it is beyond a double.
    HERALD_JSON_NUMBER,
    /// `text` and `length`.
    HERALD_JSON_STRING,
    /// `length` elements, of which the first HERALD_JSON_MAXIMUM_ELEMENTS are kept.
    HERALD_JSON_ARRAY,
    HERALD_JSON_OBJECT,
} herald_json_kind;

typedef struct {
    uint8_t kind; // herald_json_kind
    bool duplicate; // the key is there more than once; the first value is kept
    size_t length;
    const char *text; // UTF-8, may contain NUL, not terminated
    int64_t integer;
    double number;
} herald_json_value;

typedef struct {
    herald_json_value fields[HERALD_JSON_FIELD_COUNT];
    herald_json_value elements[HERALD_JSON_MAXIMUM_ELEMENTS]; // of HERALD_JSON_PROVIDERS
} herald_json_document;

typedef struct herald_json_parser herald_json_parser;

/// Bytes that must be readable behind a document for it to be parsed in place.
size_t herald_json_padding(void);

/// A parser for one thread at a time; NULL when out of memory.
herald_json_parser *herald_json_parser_create(void);
void herald_json_parser_destroy(herald_json_parser *parser);

/// Parses `length` bytes, of which `capacity` (>= length) may be read: in place where capacity leaves the padding, else from a copy.
///
/// Only on HERALD_JSON_OK does `herald_json_parser_document` hold this document's fields.
herald_json_status herald_json_parse(herald_json_parser *parser, const uint8_t *bytes, size_t length, size_t capacity);

/// The fields of the last document; texts live until the next parse or the parser's end.
const herald_json_document *herald_json_parser_document(const herald_json_parser *parser);

/// A field of a document.
static inline herald_json_value herald_json_field_value(const herald_json_document *document, herald_json_field field) {
    return document->fields[field];
}

/// An element of HERALD_JSON_PROVIDERS, index < HERALD_JSON_MAXIMUM_ELEMENTS.
static inline herald_json_value herald_json_provider(const herald_json_document *document, size_t index) {
    return document->elements[index];
}

/// A part of a document.
typedef struct {
    size_t start, length;
} herald_json_range;

/// Finds the elements of the array under `key` of the top object: `*count` of them, of which the first `limit` are kept in `ranges`.
///
/// Each element is only delimited: whoever takes it parses it. `*found` tells whether the key is there; HERALD_JSON_NOT_AN_OBJECT also
/// stands for a key whose value is no array.
herald_json_status herald_json_elements(
    const uint8_t *bytes, size_t length, const char *key, herald_json_range *ranges, size_t limit, size_t *count, bool *found);

/// The name of a field, NUL-terminated, static.
const char *herald_json_field_name(herald_json_field field);

#ifdef __cplusplus
}
#endif

#endif
