// What is kept of a message's properties.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

/// Whole numbers of any width; false for other kinds.
static bool whole_number(const amqp_field_value_t *value, int64_t *number) {
  switch (value->kind) {
    case AMQP_FIELD_KIND_I8: *number = value->value.i8; return true;
    case AMQP_FIELD_KIND_U8: *number = value->value.u8; return true;
    case AMQP_FIELD_KIND_I16: *number = value->value.i16; return true;
    case AMQP_FIELD_KIND_U16: *number = value->value.u16; return true;
    case AMQP_FIELD_KIND_I32: *number = value->value.i32; return true;
    case AMQP_FIELD_KIND_U32: *number = value->value.u32; return true;
    case AMQP_FIELD_KIND_I64: *number = value->value.i64; return true;
    case AMQP_FIELD_KIND_U64:
    case AMQP_FIELD_KIND_TIMESTAMP:
      *number = value->value.u64 > INT64_MAX ? INT64_MAX : (int64_t)value->value.u64;
      return true;
    default: return false;
  }
}

/// A header's value as text: strings as they are, numbers in decimal, booleans as true and false; other kinds are absent.
static camqp_slice keep_value(camqp_connection *connection, const amqp_field_value_t *value) {
  char text[40];
  int64_t number;
  if (value->kind == AMQP_FIELD_KIND_UTF8 || value->kind == AMQP_FIELD_KIND_BYTES) {
    if (value->value.bytes.len > CAMQP_HEADER_VALUE_LIMIT) return (camqp_slice){.offset = CAMQP_ABSENT};
    return keep_bytes(connection, value->value.bytes.bytes, value->value.bytes.len);
  }
  if (whole_number(value, &number))
    snprintf(text, sizeof text, "%" PRId64, number);
  else if (value->kind == AMQP_FIELD_KIND_F64)
    snprintf(text, sizeof text, "%.17g", value->value.f64);
  else if (value->kind == AMQP_FIELD_KIND_F32)
    snprintf(text, sizeof text, "%.9g", (double)value->value.f32);
  else if (value->kind == AMQP_FIELD_KIND_BOOLEAN)
    snprintf(text, sizeof text, "%s", value->value.boolean ? "true" : "false");
  else
    return (camqp_slice){.offset = CAMQP_ABSENT};
  return keep_bytes(connection, text, strlen(text));
}

static bool is_named(const amqp_table_entry_t *entry, const char *name, size_t length) {
  return entry->key.len == length && memcmp(entry->key.bytes, name, length) == 0;
}

/// Only the outermost level is walked, and a name seen twice counts once: what is kept is bounded.
int keep_properties(camqp_connection *connection, const amqp_basic_properties_t *properties) {
  static const char delivery_count[] = "x-delivery-count", stream_offset[] = "x-stream-offset";
  camqp_event *event = &connection->pending;
  if (properties->_flags & AMQP_BASIC_MESSAGE_ID_FLAG)
    event->message_id = keep_bytes(connection, properties->message_id.bytes, properties->message_id.len);
  if (properties->_flags & AMQP_BASIC_CONTENT_TYPE_FLAG)
    event->content_type = keep_bytes(connection, properties->content_type.bytes, properties->content_type.len);
  if (!(properties->_flags & AMQP_BASIC_HEADERS_FLAG)) return CAMQP_OK;
  for (int i = 0; i < properties->headers.num_entries; i++) {
    const amqp_table_entry_t *entry = &properties->headers.entries[i];
    if (entry->key.len == 0) continue;
    int64_t number;
    if (is_named(entry, delivery_count, sizeof delivery_count - 1)) {
      if (whole_number(&entry->value, &number)) event->delivery_count = number;
    } else if (event->stream_offset < 0 && is_named(entry, stream_offset, sizeof stream_offset - 1)) {
      // The broker replaces the first header of that name; what a publisher put behind it is forged.
      if (whole_number(&entry->value, &number) && number >= 0) event->stream_offset = number;
    }
    for (int k = 0; k < CAMQP_WANTED_HEADERS && connection->wanted[k] != NULL; k++) {
      if (event->headers[k].offset == CAMQP_ABSENT && is_named(entry, connection->wanted[k], connection->wanted_length[k]))
        event->headers[k] = keep_value(connection, &entry->value);
    }
  }
  return CAMQP_OK;
}
