// What Swift cannot or should not do with libmongoc and libbson.
//
// `bson_t` and `bson_iter_t` are aligned to 128 bytes, which Swift does not import, so neither leaves this file: documents cross
// the border as bytes and a length, elements as a flat struct.

#ifndef HERALD_CMONGOC_SHIM_H
#define HERALD_CMONGOC_SHIM_H

#include <mongoc/mongoc.h>

/// A document that the caller owns and gives back with `bson_free(bytes)`; `bytes` is NULL where there is none.
typedef struct {
  uint8_t *bytes;
  uint32_t length;
} herald_document;

/// One element of a document; the pointers live as long as the document's bytes.
typedef struct {
  uint32_t offset;      ///< Where the element starts; 0 = before the first. `herald_bson_next` moves it on.
  uint32_t key_length;  ///< Bytes of `key` without its NUL.
  const char *key;
  int32_t type;          ///< A BSON type number.
  int64_t integer;       ///< int32, int64, boolean, or a date's milliseconds since the epoch.
  double number;         ///< double
  const uint8_t *bytes;  ///< UTF-8 of a string (NULs may be inside), or bytes of a document, an array or a binary.
  uint32_t length;
} herald_element;

/// Hands the bytes of a reply over to the caller and destroys the reply, which libmongoc has initialised.
static inline herald_document herald_take(bson_t *reply) {
  herald_document document;
  document.bytes = bson_destroy_with_steal(reply, true, &document.length);
  return document;
}

/// Reads relaxed or canonical extended JSON.
static inline herald_document herald_document_from_json(const char *json, size_t length, bson_error_t *error) {
  herald_document document = {NULL, 0};
  bson_t *bson = bson_new_from_json((const uint8_t *)json, (ssize_t)length, error);
  if (bson) document.bytes = bson_destroy_with_steal(bson, true, &document.length);
  return document;
}

/// Relaxed extended JSON of a valid document, to free with `bson_free`; NULL where there is none.
static inline char *herald_document_to_json(const uint8_t *bytes, uint32_t length) {
  bson_t bson;
  return bson_init_static(&bson, bytes, length) ? bson_as_relaxed_extended_json(&bson, NULL) : NULL;
}

/// Whether the bytes are one well-formed document with valid UTF-8 throughout (NULs inside strings are allowed).
static inline bool herald_document_is_valid(const uint8_t *bytes, uint32_t length) {
  bson_t bson;
  return bson_init_static(&bson, bytes, length)
      && bson_validate(&bson, (bson_validate_flags_t)(BSON_VALIDATE_UTF8 | BSON_VALIDATE_UTF8_ALLOW_NULL), NULL);
}

/// Moves `element` to the next element of a document; false after the last one, or where the bytes are no document.
static inline bool herald_bson_next(const uint8_t *bytes, size_t length, herald_element *element) {
  bson_iter_t iter;
  bool ready = element->offset == 0
      ? bson_iter_init_from_data(&iter, bytes, length)
      : bson_iter_init_from_data_at_offset(&iter, bytes, length, element->offset, element->key_length);
  if (!ready || !bson_iter_next(&iter)) return false;
  element->offset = bson_iter_offset(&iter);
  element->key = bson_iter_key(&iter);
  element->key_length = bson_iter_key_len(&iter);
  element->type = (int32_t)bson_iter_type(&iter);
  switch (bson_iter_type(&iter)) {
    case BSON_TYPE_DOUBLE: element->number = bson_iter_double(&iter); break;
    case BSON_TYPE_INT32: element->integer = bson_iter_int32(&iter); break;
    case BSON_TYPE_INT64: element->integer = bson_iter_int64(&iter); break;
    case BSON_TYPE_BOOL: element->integer = bson_iter_bool(&iter); break;
    case BSON_TYPE_DATE_TIME: element->integer = bson_iter_date_time(&iter); break;
    case BSON_TYPE_UTF8: element->bytes = (const uint8_t *)bson_iter_utf8(&iter, &element->length); break;
    case BSON_TYPE_BINARY: bson_iter_binary(&iter, NULL, &element->length, &element->bytes); break;
    case BSON_TYPE_DOCUMENT: bson_iter_document(&iter, &element->length, &element->bytes); break;
    case BSON_TYPE_ARRAY: bson_iter_array(&iter, &element->length, &element->bytes); break;
    default: break;
  }
  return true;
}

/// Runs a command that writes, with the client's write concern, on the primary.
static inline bool herald_write_command(
    mongoc_client_t *client, const char *database, const uint8_t *bytes, uint32_t length, herald_document *reply, bson_error_t *error) {
  bson_t command, answer;
  if (!bson_init_static(&command, bytes, length)) return false;
  bool done = mongoc_client_write_command_with_opts(client, database, &command, NULL, &answer, error);
  *reply = herald_take(&answer);
  return done;
}

/// Runs a command that only reads, on the primary.
static inline bool herald_read_command(
    mongoc_client_t *client, const char *database, const uint8_t *bytes, uint32_t length, herald_document *reply, bson_error_t *error) {
  bson_t command, answer;
  if (!bson_init_static(&command, bytes, length)) return false;
  bool done = mongoc_client_read_command_with_opts(client, database, &command, NULL, NULL, &answer, error);
  *reply = herald_take(&answer);
  return done;
}

/// An unordered bulk: one document that is refused does not stop the ones behind it.
static inline mongoc_bulk_operation_t *herald_bulk_new(mongoc_collection_t *collection) {
  bson_t options = BSON_INITIALIZER;
  bson_append_bool(&options, "ordered", -1, false);
  mongoc_bulk_operation_t *bulk = mongoc_collection_create_bulk_operation_with_opts(collection, &options);
  bson_destroy(&options);
  return bulk;
}

/// Copies a document into the bulk. `options` are bytes of `{validate: false}` or of an empty document.
static inline bool herald_bulk_insert(
    mongoc_bulk_operation_t *bulk, const uint8_t *bytes, uint32_t length, const uint8_t *options_bytes, uint32_t options_length,
    bson_error_t *error) {
  bson_t document, options;
  if (!bson_init_static(&document, bytes, length) || !bson_init_static(&options, options_bytes, options_length)) return false;
  return mongoc_bulk_operation_insert_with_opts(bulk, &document, &options, error);
}

/// Sends the bulk; the reply is there whether it succeeded or not.
static inline bool herald_bulk_execute(mongoc_bulk_operation_t *bulk, herald_document *reply, bson_error_t *error) {
  bson_t answer;
  bool done = mongoc_bulk_operation_execute(bulk, &answer, error) != 0;
  *reply = herald_take(&answer);
  return done;
}

/// A cursor over the documents that match `filter`; `mongoc_cursor_destroy` it. Errors show in `herald_cursor_next`.
static inline mongoc_cursor_t *herald_find(
    mongoc_collection_t *collection, const uint8_t *filter_bytes, uint32_t filter_length, const uint8_t *options_bytes,
    uint32_t options_length) {
  bson_t filter, options;
  if (!bson_init_static(&filter, filter_bytes, filter_length) || !bson_init_static(&options, options_bytes, options_length)) return NULL;
  return mongoc_collection_find_with_opts(collection, &filter, &options, NULL);
}

/// A cursor over the results of `{"pipeline": […]}`; `mongoc_cursor_destroy` it. Errors show in `herald_cursor_next`.
static inline mongoc_cursor_t *herald_aggregate(
    mongoc_collection_t *collection, const uint8_t *pipeline_bytes, uint32_t pipeline_length, const uint8_t *options_bytes,
    uint32_t options_length) {
  bson_t pipeline, options;
  if (!bson_init_static(&pipeline, pipeline_bytes, pipeline_length)
      || !bson_init_static(&options, options_bytes, options_length)) return NULL;
  return mongoc_collection_aggregate(collection, MONGOC_QUERY_NONE, &pipeline, &options, NULL);
}

/// The next document, valid until the next call. False at the end, and with `failed` set where the query broke off.
static inline bool herald_cursor_next(
    mongoc_cursor_t *cursor, const uint8_t **bytes, uint32_t *length, bool *failed, bson_error_t *error) {
  const bson_t *document;
  *failed = false;
  if (mongoc_cursor_next(cursor, &document)) {
    *bytes = bson_get_data(document);
    *length = document->len;
    return true;
  }
  *failed = mongoc_cursor_error(cursor, error);
  return false;
}

/// A stream of the changes in a database that `{"pipeline": […]}` lets through; `mongoc_change_stream_destroy` it. Errors show in
/// `herald_change_next`. Sends nothing by itself where the server does not answer.
static inline mongoc_change_stream_t *herald_watch(
    mongoc_database_t *database, const uint8_t *pipeline_bytes, uint32_t pipeline_length, const uint8_t *options_bytes,
    uint32_t options_length) {
  bson_t pipeline, options;
  if (!bson_init_static(&pipeline, pipeline_bytes, pipeline_length)
      || !bson_init_static(&options, options_bytes, options_length)) return NULL;
  return mongoc_database_watch(database, &pipeline, &options);
}

/// The next change, valid until the next call; waits as long as `maxAwaitTimeMS` says. False where there is none by then, and with
/// `failed` set where the stream broke off.
static inline bool herald_change_next(
    mongoc_change_stream_t *stream, const uint8_t **bytes, uint32_t *length, bool *failed, bson_error_t *error) {
  const bson_t *document;
  *failed = false;
  if (mongoc_change_stream_next(stream, &document)) {
    *bytes = bson_get_data(document);
    *length = document->len;
    return true;
  }
  *failed = mongoc_change_stream_error_document(stream, error, &document);
  return false;
}

/// Where a stream has come to, to resume behind it; false before its first answer. Valid until the next call.
static inline bool herald_resume_token(mongoc_change_stream_t *stream, const uint8_t **bytes, uint32_t *length) {
  const bson_t *token = mongoc_change_stream_get_resume_token(stream);
  if (token == NULL) return false;
  *bytes = bson_get_data(token);
  *length = token->len;
  return true;
}

#endif
