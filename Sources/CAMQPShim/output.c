// The output buffer and everything that is only sent.
//
// On a plain socket frames are encoded into one buffer and sent together without blocking; librabbitmq would make three
// system calls of each message and can hang in them for ever. A TLS socket belongs to librabbitmq, so there each frame
// goes through amqp_send_frame, guarded by the watchdog.
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "internal.h"

enum { PROPERTIES_LIMIT = CAMQP_HEADERS_LIMIT + 1024, METHOD_LIMIT = 1024 };

static uint8_t *put_u16(uint8_t *at, uint16_t value) {
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
  return at + 2;
}

static uint8_t *put_u32(uint8_t *at, uint32_t value) {
  return put_u16(put_u16(at, (uint16_t)(value >> 16)), (uint16_t)value);
}

static uint8_t *put_u64(uint8_t *at, uint64_t value) {
  return put_u32(put_u32(at, (uint32_t)(value >> 32)), (uint32_t)value);
}

static uint8_t *put_bytes(uint8_t *at, camqp_bytes bytes) {
  if (bytes.length > 0) memcpy(at, bytes.bytes, bytes.length);
  return at + bytes.length;
}

static uint8_t *put_short_string(uint8_t *at, camqp_bytes text) {
  *at = (uint8_t)text.length;
  return put_bytes(at + 1, text);
}

static uint8_t *put_frame_header(uint8_t *at, uint8_t type, uint16_t channel, size_t payload) {
  at[0] = type;
  return put_u32(put_u16(at + 1, channel), (uint32_t)payload);
}

int reserve_output(camqp_connection *connection, size_t bytes) {
  if (connection->output_sent > 0) {
    const size_t waiting = connection->output_filled - connection->output_sent;
    if (waiting == 0 || connection->output_filled + bytes > connection->output_capacity) {
      if (waiting > 0) memmove(connection->output, connection->output + connection->output_sent, waiting);
      connection->output_sent = 0;
      connection->output_filled = waiting;
    }
  }
  if (connection->output_filled + bytes <= connection->output_capacity) return CAMQP_OK;
  size_t capacity = connection->output_capacity == 0 ? 65536 : connection->output_capacity;
  while (capacity < connection->output_filled + bytes) capacity *= 2;
  uint8_t *grown = realloc(connection->output, capacity);
  if (grown == NULL) return fail(connection, CAMQP_FAILED_MEMORY, 0, "no memory for the output buffer");
  connection->output = grown;
  connection->output_capacity = capacity;
  return CAMQP_OK;
}

static int send_on_tls(camqp_connection *connection, const amqp_frame_t *frame) {
  begin_call(connection);
  errno = 0;
  const int status = amqp_send_frame(connection->library, frame);
  end_call(connection);
  if (status != AMQP_STATUS_OK) return fail_library(connection, status);
  connection->last_sent = camqp_now();
  return CAMQP_OK;
}

/// Methods and heartbeats.
int put_frame(camqp_connection *connection, const amqp_frame_t *frame) {
  if (connection->failed) return connection->failure.kind;
  if (connection->tls) return send_on_tls(connection, frame);
  const int result = reserve_output(connection, METHOD_LIMIT);
  if (result != CAMQP_OK) return result;
  uint8_t *start = connection->output + connection->output_filled;
  size_t payload = 0;
  if (frame->frame_type == AMQP_FRAME_METHOD) {
    put_u32(start + FRAME_HEADER_SIZE, frame->payload.method.id);
    const amqp_bytes_t space = {
        .len = METHOD_LIMIT - FRAME_HEADER_SIZE - 4 - FRAME_END_SIZE, .bytes = start + FRAME_HEADER_SIZE + 4};
    const int length = amqp_encode_method(frame->payload.method.id, frame->payload.method.decoded, space);
    if (length < 0) return fail_library(connection, length);
    payload = (size_t)length + 4;
  }
  put_frame_header(start, frame->frame_type, frame->channel, payload);
  start[FRAME_HEADER_SIZE + payload] = AMQP_FRAME_END;
  connection->output_filled += FRAME_HEADER_SIZE + payload + FRAME_END_SIZE;
  return CAMQP_OK;
}

int put_method(camqp_connection *connection, amqp_channel_t channel, amqp_method_number_t method, void *decoded) {
  amqp_frame_t frame = {.frame_type = AMQP_FRAME_METHOD, .channel = channel};
  frame.payload.method.id = method;
  frame.payload.method.decoded = decoded;
  return put_frame(connection, &frame);
}

int camqp_ack(camqp_connection *connection, uint64_t tag, bool multiple) {
  amqp_basic_ack_t method = {.delivery_tag = tag, .multiple = multiple};
  return put_method(connection, CHANNEL, AMQP_BASIC_ACK_METHOD, &method);
}

int camqp_nack(camqp_connection *connection, uint64_t tag, bool multiple, bool requeue) {
  amqp_basic_nack_t method = {.delivery_tag = tag, .multiple = multiple, .requeue = requeue};
  return put_method(connection, CHANNEL, AMQP_BASIC_NACK_METHOD, &method);
}

int camqp_reject(camqp_connection *connection, uint64_t tag, bool requeue) {
  amqp_basic_reject_t method = {.delivery_tag = tag, .requeue = requeue};
  return put_method(connection, CHANNEL, AMQP_BASIC_REJECT_METHOD, &method);
}

int camqp_cancel(camqp_connection *connection, const char *consumer_tag) {
  amqp_basic_cancel_t method = {.consumer_tag = amqp_cstring_bytes(consumer_tag)};
  return put_method(connection, CHANNEL, AMQP_BASIC_CANCEL_METHOD, &method);
}

int camqp_get(camqp_connection *connection, camqp_bytes queue) {
  amqp_basic_get_t method = {.queue = view(queue)};
  return put_method(connection, CHANNEL, AMQP_BASIC_GET_METHOD, &method);
}

/// The property flags and values, as they stand in a header frame.
static size_t encode_properties(uint8_t *at, const camqp_publication *publication) {
  uint8_t *const start = at;
  if (publication->properties.length > 0) return (size_t)(put_bytes(at, publication->properties) - start);
  uint16_t flags = AMQP_BASIC_DELIVERY_MODE_FLAG;
  if (publication->content_type.length > 0) flags |= AMQP_BASIC_CONTENT_TYPE_FLAG;
  if (publication->headers.length > 0) flags |= AMQP_BASIC_HEADERS_FLAG;
  if (publication->message_id.length > 0) flags |= AMQP_BASIC_MESSAGE_ID_FLAG;
  at = put_u16(at, flags);
  if (publication->content_type.length > 0) at = put_short_string(at, publication->content_type);
  if (publication->headers.length > 0) {
    at = put_u32(at, (uint32_t)publication->headers.length);
    at = put_bytes(at, publication->headers);
  }
  *at++ = publication->persistent ? AMQP_DELIVERY_PERSISTENT : AMQP_DELIVERY_NONPERSISTENT;
  if (publication->message_id.length > 0) at = put_short_string(at, publication->message_id);
  return (size_t)(at - start);
}

static const char *publication_defect(const camqp_connection *connection, const camqp_publication *publication) {
  // The class, the weight and the size of the body stand in the same frame.
  if (publication->properties.length > connection->outbound_frame_limit - FRAME_HEADER_SIZE - FRAME_END_SIZE - 12)
    return "the properties are larger than a frame";
  if (publication->exchange.length > CAMQP_SHORT_STRING_LIMIT) return "the exchange's name is longer than 255 bytes";
  if (publication->routing_key.length > CAMQP_SHORT_STRING_LIMIT) return "the routing key is longer than 255 bytes";
  if (publication->message_id.length > CAMQP_SHORT_STRING_LIMIT) return "the message id is longer than 255 bytes";
  if (publication->content_type.length > CAMQP_SHORT_STRING_LIMIT) return "the content type is longer than 255 bytes";
  if (publication->headers.length > CAMQP_HEADERS_LIMIT) return "the headers are larger than 16384 bytes";
  return NULL;
}

static int publish_on_tls(camqp_connection *connection, const camqp_publication *publication) {
  amqp_basic_publish_t method = {
      .exchange = view(publication->exchange), .routing_key = view(publication->routing_key), .mandatory = 1};
  int result = put_method(connection, CHANNEL, AMQP_BASIC_PUBLISH_METHOD, &method);
  if (result != CAMQP_OK) return result;

  uint8_t encoded[PROPERTIES_LIMIT];
  const amqp_bytes_t properties = publication->properties.length > 0
      ? view(publication->properties)
      : (amqp_bytes_t){.len = encode_properties(encoded, publication), .bytes = encoded};
  amqp_frame_t frame = {.frame_type = AMQP_FRAME_HEADER, .channel = CHANNEL};
  frame.payload.properties.class_id = AMQP_BASIC_CLASS;
  frame.payload.properties.body_size = publication->body.length;
  const int status =
      amqp_decode_properties(AMQP_BASIC_CLASS, &connection->scratch, properties, &frame.payload.properties.decoded);
  if (status < 0) return fail_library(connection, status);
  result = send_on_tls(connection, &frame);
  recycle_amqp_pool(&connection->scratch);

  const size_t most = connection->outbound_frame_limit - FRAME_HEADER_SIZE - FRAME_END_SIZE;
  for (size_t offset = 0; result == CAMQP_OK && offset < publication->body.length;) {
    const size_t left = publication->body.length - offset, length = left < most ? left : most;
    frame.frame_type = AMQP_FRAME_BODY;
    frame.payload.body_fragment = (amqp_bytes_t){.len = length, .bytes = (uint8_t *)publication->body.bytes + offset};
    result = send_on_tls(connection, &frame);
    offset += length;
  }
  return result;
}

int camqp_publish(camqp_connection *connection, const camqp_publication *publication) {
  if (connection->failed) return connection->failure.kind;
  const char *defect = publication_defect(connection, publication);
  if (defect != NULL) return fail(connection, CAMQP_FAILED_ARGUMENT, 0, defect);
  if (connection->tls) return publish_on_tls(connection, publication);

  const size_t most = connection->outbound_frame_limit - FRAME_HEADER_SIZE - FRAME_END_SIZE;
  const size_t frames = 3 + publication->body.length / most;
  const int result = reserve_output(
      connection,
      METHOD_LIMIT + PROPERTIES_LIMIT + publication->properties.length + publication->body.length + frames * (FRAME_HEADER_SIZE + FRAME_END_SIZE));
  if (result != CAMQP_OK) return result;

  uint8_t *at = connection->output + connection->output_filled;
  const size_t method_payload = 4 + 2 + 1 + publication->exchange.length + 1 + publication->routing_key.length + 1;
  at = put_frame_header(at, AMQP_FRAME_METHOD, CHANNEL, method_payload);
  at = put_u16(put_u32(at, AMQP_BASIC_PUBLISH_METHOD), 0);
  at = put_short_string(put_short_string(at, publication->exchange), publication->routing_key);
  *at++ = 1;  // mandatory
  *at++ = AMQP_FRAME_END;

  const size_t properties = encode_properties(at + FRAME_HEADER_SIZE + 12, publication);
  at = put_frame_header(at, AMQP_FRAME_HEADER, CHANNEL, 12 + properties);
  at = put_u64(put_u16(put_u16(at, AMQP_BASIC_CLASS), 0), publication->body.length);
  at += properties;
  *at++ = AMQP_FRAME_END;

  for (size_t offset = 0; offset < publication->body.length;) {
    const size_t left = publication->body.length - offset, length = left < most ? left : most;
    at = put_frame_header(at, AMQP_FRAME_BODY, CHANNEL, length);
    at = put_bytes(at, (camqp_bytes){.bytes = (const uint8_t *)publication->body.bytes + offset, .length = length});
    *at++ = AMQP_FRAME_END;
    offset += length;
  }
  connection->output_filled = (size_t)(at - connection->output);
  return CAMQP_OK;
}

int camqp_send_raw(camqp_connection *connection, camqp_bytes frames) {
  if (connection->failed) return connection->failure.kind;
  const int result = reserve_output(connection, frames.length);
  if (result != CAMQP_OK) return result;
  put_bytes(connection->output + connection->output_filled, frames);
  connection->output_filled += frames.length;
  return CAMQP_OK;
}

int camqp_format_number(char *text, size_t size, double number) { return snprintf(text, size, "%.9g", number); }

size_t camqp_unsent(const camqp_connection *connection) { return connection->output_filled - connection->output_sent; }

int camqp_flush(camqp_connection *connection) {
  if (connection->failed) return connection->failure.kind;
  while (camqp_unsent(connection) > 0) {
    const ssize_t sent = send(
        connection->descriptor, connection->output + connection->output_sent, camqp_unsent(connection),
        MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return CAMQP_OK;
      return fail(connection, CAMQP_FAILED_SOCKET, errno, strerror(errno));
    }
    connection->output_sent += (size_t)sent;
    connection->last_sent = camqp_now();
  }
  return CAMQP_OK;
}

int camqp_flush_all(camqp_connection *connection) {
  const int64_t deadline = camqp_now() + (int64_t)connection->rpc_timeout_seconds * 1000000000;
  for (;;) {
    const int result = camqp_flush(connection);
    if (result != CAMQP_OK || camqp_unsent(connection) == 0) return result;
    const int64_t left = deadline - camqp_now();
    if (left <= 0) return fail(connection, CAMQP_FAILED_SOCKET, ETIMEDOUT, "the broker does not take what is sent");
    struct pollfd waiting = {.fd = connection->descriptor, .events = POLLOUT};
    if (poll(&waiting, 1, (int)(left / 1000000) + 1) < 0 && errno != EINTR)
      return fail(connection, CAMQP_FAILED_SOCKET, errno, strerror(errno));
  }
}

int camqp_tick(camqp_connection *connection, int64_t now) {
  if (connection->failed) return connection->failure.kind;
  if (connection->heartbeat_nanoseconds <= 0) return CAMQP_OK;
  // A second before the second heartbeat is over: with the tick's own second a dead peer is noticed within the two.
  if (now - connection->last_received > 2 * connection->heartbeat_nanoseconds - 1000000000)
    return fail(connection, CAMQP_FAILED_HEARTBEAT, 0, "nothing heard from the broker for two heartbeats");
  if (now - connection->last_sent < connection->heartbeat_nanoseconds / 2 || camqp_unsent(connection) > 0) return CAMQP_OK;
  connection->last_sent = now;  // queued; a socket that takes nothing is told by the other timers
  const amqp_frame_t heartbeat = {.frame_type = AMQP_FRAME_HEARTBEAT, .channel = 0};
  const int result = put_frame(connection, &heartbeat);
  return result == CAMQP_OK ? camqp_flush(connection) : result;
}
