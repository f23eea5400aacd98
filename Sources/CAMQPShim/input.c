// The frame loop: frames become flat events.
#define _GNU_SOURCE  // ppoll
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

enum { FIRST_ARENA_BYTES = 65536, LARGEST_FIRST_ARENA_BYTES = 4194304 };

// ---- The arena

static bool reserve_arena(camqp_arena *arena, size_t bytes) {
  if (arena->used + bytes <= arena->capacity) return true;
  size_t capacity = arena->capacity == 0 ? FIRST_ARENA_BYTES : arena->capacity;
  while (capacity < arena->used + bytes) capacity *= 2;
  if (capacity > UINT32_MAX) return false;
  uint8_t *grown = realloc(arena->bytes, capacity);
  if (grown == NULL) return false;
  arena->bytes = grown;
  arena->capacity = capacity;
  return true;
}

camqp_slice keep_bytes(camqp_connection *connection, const void *bytes, size_t length) {
  camqp_arena *arena = &connection->arena;
  if (!reserve_arena(arena, length)) return (camqp_slice){.offset = CAMQP_ABSENT};
  const camqp_slice slice = {.offset = (uint32_t)arena->used, .length = (uint32_t)length};
  if (length > 0) memcpy(arena->bytes + arena->used, bytes, length);
  arena->used += length;
  return slice;
}

size_t camqp_arena_used(const camqp_connection *connection) {
  return connection->state == AWAIT_METHOD ? connection->arena.used : connection->pending_start;
}

const uint8_t *camqp_arena_bytes(const camqp_connection *connection) { return connection->arena.bytes; }

uint8_t *camqp_arena_allocate(size_t bytes) {
  uint8_t *memory = malloc(bytes);
  if (memory == NULL) abort();
  return memory;
}

void camqp_arena_free(uint8_t *bytes) { free(bytes); }

static void move_slice(camqp_slice *slice, uint32_t by) {
  if (slice->offset != CAMQP_ABSENT) slice->offset -= by;
}

/// The message in the making now begins at the arena's start.
static void move_pending(camqp_connection *connection) {
  const uint32_t by = (uint32_t)connection->pending_start;
  camqp_event *event = &connection->pending;
  move_slice(&event->body, by);
  move_slice(&event->message_id, by);
  move_slice(&event->content_type, by);
  move_slice(&event->properties, by);
  move_slice(&event->exchange, by);
  move_slice(&event->routing_key, by);
  move_slice(&event->text, by);
  for (int i = 0; i < CAMQP_WANTED_HEADERS; i++) move_slice(&event->headers[i], by);
  connection->pending_start = 0;
}

int camqp_take_arena(camqp_connection *connection, camqp_arena *arena) {
  const size_t used = camqp_arena_used(connection), rest = connection->arena.used - used;
  size_t capacity = FIRST_ARENA_BYTES;
  while (capacity < used && capacity < LARGEST_FIRST_ARENA_BYTES) capacity *= 2;
  while (capacity < rest) capacity *= 2;
  uint8_t *bytes = malloc(capacity);
  if (bytes == NULL) return fail(connection, CAMQP_FAILED_MEMORY, 0, "no memory for a batch");
  if (rest > 0) memcpy(bytes, connection->arena.bytes + used, rest);
  *arena = (camqp_arena){.bytes = connection->arena.bytes, .used = used, .capacity = connection->arena.capacity};
  connection->arena = (camqp_arena){.bytes = bytes, .used = rest, .capacity = capacity};
  if (connection->state != AWAIT_METHOD) move_pending(connection);
  return CAMQP_OK;
}

int camqp_reset_arena(camqp_connection *connection) {
  const size_t used = camqp_arena_used(connection), rest = connection->arena.used - used;
  if (used == 0) return CAMQP_OK;
  if (rest > 0) memmove(connection->arena.bytes, connection->arena.bytes + used, rest);
  connection->arena.used = rest;
  if (connection->state != AWAIT_METHOD) move_pending(connection);
  return CAMQP_OK;
}

// ---- Frames

static void clear_event(camqp_event *event, camqp_event_kind kind) {
  const camqp_slice absent = {.offset = CAMQP_ABSENT, .length = 0};
  *event = (camqp_event){.kind = (uint8_t)kind, .stream_offset = -1};
  event->body = event->message_id = event->content_type = event->properties = absent;
  event->exchange = event->routing_key = event->text = absent;
  for (int i = 0; i < CAMQP_WANTED_HEADERS; i++) event->headers[i] = absent;
}

/// A header frame and body frames follow.
static camqp_event *begin_message(camqp_connection *connection, camqp_event_kind kind) {
  clear_event(&connection->pending, kind);
  connection->pending_start = connection->arena.used;
  connection->state = AWAIT_HEADER;
  return &connection->pending;
}

static camqp_slice keep(camqp_connection *connection, amqp_bytes_t bytes) {
  return keep_bytes(connection, bytes.bytes, bytes.len);
}

/// Methods of channel 0 and those that carry no message. They may stand between the frames of a message, so `pending`
/// and the arena's end are not theirs to touch.
static int take_lone_method(camqp_connection *connection, amqp_method_t method, camqp_event *event) {
  switch (method.id) {
    case AMQP_BASIC_ACK_METHOD: {
      const amqp_basic_ack_t *ack = method.decoded;
      clear_event(event, CAMQP_EVENT_ACK);
      event->tag = ack->delivery_tag;
      event->multiple = ack->multiple;
      return 1;
    }
    case AMQP_BASIC_NACK_METHOD: {
      const amqp_basic_nack_t *nack = method.decoded;
      clear_event(event, CAMQP_EVENT_NACK);
      event->tag = nack->delivery_tag;
      event->multiple = nack->multiple;
      return 1;
    }
    case AMQP_CONNECTION_BLOCKED_METHOD: {
      const amqp_connection_blocked_t *blocked = method.decoded;
      clear_event(event, CAMQP_EVENT_BLOCKED);
      if (connection->state == AWAIT_METHOD) event->text = keep(connection, blocked->reason);
      return 1;
    }
    case AMQP_CONNECTION_UNBLOCKED_METHOD: clear_event(event, CAMQP_EVENT_UNBLOCKED); return 1;
    case AMQP_BASIC_GET_EMPTY_METHOD: clear_event(event, CAMQP_EVENT_GET_EMPTY); return 1;
    case AMQP_BASIC_CANCEL_METHOD: clear_event(event, CAMQP_EVENT_CANCEL); return 1;
    case AMQP_BASIC_CANCEL_OK_METHOD: clear_event(event, CAMQP_EVENT_CANCEL_OK); return 1;
    default: return 0;
  }
}

/// 1: `event` is complete; 0: more frames needed or nothing to report; < 0: failure.
static int take_method(camqp_connection *connection, const amqp_frame_t *frame, camqp_event *event) {
  const amqp_method_t method = frame->payload.method;
  if (method.id == AMQP_CHANNEL_CLOSE_METHOD || method.id == AMQP_CONNECTION_CLOSE_METHOD)
    return -fail_closed(connection, method);
  if (connection->state != AWAIT_METHOD && frame->channel == CHANNEL)
    return -fail(connection, CAMQP_FAILED_PROTOCOL, (int)method.id, "a method in the middle of a message");
  switch (method.id) {
    case AMQP_BASIC_DELIVER_METHOD: {
      const amqp_basic_deliver_t *deliver = method.decoded;
      camqp_event *message = begin_message(connection, CAMQP_EVENT_DELIVERY);
      message->tag = deliver->delivery_tag;
      message->redelivered = deliver->redelivered;
      return 0;
    }
    case AMQP_BASIC_GET_OK_METHOD: {
      const amqp_basic_get_ok_t *got = method.decoded;
      camqp_event *message = begin_message(connection, CAMQP_EVENT_DELIVERY);
      message->tag = got->delivery_tag;
      message->redelivered = got->redelivered;
      return 0;
    }
    case AMQP_BASIC_RETURN_METHOD: {
      const amqp_basic_return_t *returned = method.decoded;
      camqp_event *message = begin_message(connection, CAMQP_EVENT_RETURN);
      message->reply_code = returned->reply_code;
      message->text = keep(connection, returned->reply_text);
      message->exchange = keep(connection, returned->exchange);
      message->routing_key = keep(connection, returned->routing_key);
      return 0;
    }
    default: return take_lone_method(connection, method, event);
  }
}

static int finish_message(camqp_connection *connection, camqp_event *event) {
  connection->state = AWAIT_METHOD;
  *event = connection->pending;
  return 1;
}

static int take_header(camqp_connection *connection, const amqp_frame_t *frame, camqp_event *finished) {
  if (connection->state != AWAIT_HEADER)
    return -fail(connection, CAMQP_FAILED_PROTOCOL, 0, "a content header without its method");
  camqp_event *event = &connection->pending;
  event->body_size = connection->body_remaining = frame->payload.properties.body_size;
  if (frame->payload.properties.class_id == AMQP_BASIC_CLASS) {
    const int result = keep_properties(connection, frame->payload.properties.decoded);
    if (result != CAMQP_OK) return -result;
    const amqp_bytes_t raw = frame->payload.properties.raw;
    if (connection->keeps_properties) event->properties = keep_bytes(connection, raw.bytes, raw.len);
  }
  event->oversized = event->kind == CAMQP_EVENT_DELIVERY && event->body_size > connection->body_limit;
  event->body = keep_bytes(connection, NULL, 0);
  connection->state = AWAIT_BODY;
  return connection->body_remaining == 0 ? finish_message(connection, finished) : 0;
}

static int take_body(camqp_connection *connection, amqp_bytes_t fragment, camqp_event *finished) {
  if (connection->state != AWAIT_BODY || fragment.len > connection->body_remaining)
    return -fail(connection, CAMQP_FAILED_PROTOCOL, 0, "a body frame that no message announced");
  connection->body_remaining -= fragment.len;
  camqp_event *event = &connection->pending;
  // A returned body is not needed: the publisher still holds it.
  uint64_t limit = event->oversized ? connection->oversized_prefix : connection->body_limit;
  if (event->kind == CAMQP_EVENT_RETURN) limit = 0;
  const uint64_t room = event->body.length < limit ? limit - event->body.length : 0;
  const size_t length = fragment.len < room ? fragment.len : (size_t)room;
  if (length > 0) {
    if (keep_bytes(connection, fragment.bytes, length).offset == CAMQP_ABSENT)
      return -fail(connection, CAMQP_FAILED_MEMORY, 0, "no memory for a message");
    event->body.length += (uint32_t)length;
  }
  return connection->body_remaining == 0 ? finish_message(connection, finished) : 0;
}

static int take_frame(camqp_connection *connection, const amqp_frame_t *frame, camqp_event *event) {
  switch (frame->frame_type) {
    case AMQP_FRAME_METHOD: return take_method(connection, frame, event);
    case AMQP_FRAME_HEADER: return take_header(connection, frame, event);
    case AMQP_FRAME_BODY: return take_body(connection, frame->payload.body_fragment, event);
    default: return 0;
  }
}

bool camqp_has_buffered_input(const camqp_connection *connection) {
  return connection->readable || amqp_frames_enqueued(connection->library) || amqp_data_in_buffer(connection->library);
}

int camqp_read(camqp_connection *connection, camqp_event *events, int capacity, size_t arena_budget) {
  if (connection->failed) return -(int)connection->failure.kind;
  if (!connection->channel_open) {
    if (connection->failure.kind == CAMQP_FAILED_CHANNEL_CLOSED) return -CAMQP_FAILED_CHANNEL_CLOSED;
    return -fail(connection, CAMQP_FAILED_PROTOCOL, 0, "the channel is closed");
  }
  static const struct timeval no_wait = {0, 0};
  int count = 0;
  while (count < capacity && camqp_arena_used(connection) < arena_budget && camqp_has_buffered_input(connection)) {
    if (!amqp_frames_enqueued(connection->library) && !amqp_data_in_buffer(connection->library))
      connection->readable = false;  // this call empties the socket once; what comes later, the next poll tells
    amqp_frame_t frame;
    begin_call(connection);
    errno = 0;
    const int status = amqp_simple_wait_frame_noblock(connection->library, &frame, &no_wait);
    end_call(connection);
    if (status == AMQP_STATUS_TIMEOUT) {
      connection->readable = false;
      break;
    }
    const int result =
        status == AMQP_STATUS_OK ? take_frame(connection, &frame, &events[count]) : -fail_library(connection, status);
    if (result < 0) return count > 0 ? count : result;
    if (result == 1) {
      count++;
      amqp_maybe_release_buffers_on_channel(connection->library, CHANNEL);
      amqp_maybe_release_buffers_on_channel(connection->library, 0);
    }
  }
  return count;
}

int camqp_wait(camqp_connection *connection, int event_descriptor, bool want_input, int64_t timeout_nanoseconds) {
  struct pollfd waiting[2] = {{.fd = event_descriptor, .events = POLLIN}, {.fd = -1}};
  if (connection != NULL) {
    waiting[1].fd = connection->descriptor;
    waiting[1].events = (short)((want_input ? POLLIN : 0) | (camqp_unsent(connection) > 0 ? POLLOUT : 0));
    if (want_input && camqp_has_buffered_input(connection)) timeout_nanoseconds = 0;
    // Input that we leave lying on purpose says nothing about the broker's health.
    if (!want_input) connection->last_received = camqp_now();
  }
  struct timespec timeout = {
      .tv_sec = timeout_nanoseconds / 1000000000, .tv_nsec = timeout_nanoseconds % 1000000000};
  if (ppoll(waiting, 2, timeout_nanoseconds < 0 ? NULL : &timeout, NULL) <= 0) return 0;
  int result = 0;
  if (waiting[0].revents != 0) {
    uint64_t count;
    if (read(event_descriptor, &count, sizeof count) == sizeof count) result |= CAMQP_WOKEN;
  }
  if (waiting[1].revents & (POLLIN | POLLERR | POLLHUP | POLLNVAL)) {
    connection->readable = true;
    connection->last_received = camqp_now();
    result |= CAMQP_READABLE;
    if (!want_input && (waiting[1].revents & (POLLERR | POLLHUP | POLLNVAL)))
      fail(connection, CAMQP_FAILED_SOCKET, ECONNRESET, "the connection is gone");
  }
  if (waiting[1].revents & POLLOUT) result |= CAMQP_WRITABLE;
  return result;
}

int camqp_socket(const camqp_connection *connection) { return connection->descriptor; }
