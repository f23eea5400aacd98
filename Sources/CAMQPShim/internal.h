// What the files of the shim share.
#ifndef CAMQP_INTERNAL_H
#define CAMQP_INTERNAL_H

#include <stdint.h>
#include <sys/time.h>
#if __has_include(<rabbitmq-c/amqp.h>)
#include <rabbitmq-c/amqp.h>
#include <rabbitmq-c/framing.h>
#include <rabbitmq-c/ssl_socket.h>
#include <rabbitmq-c/tcp_socket.h>
#else
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#endif
#include <stdatomic.h>

#include "CAMQPShim.h"

enum { CHANNEL = 1, FRAME_HEADER_SIZE = 7, FRAME_END_SIZE = 1 };

/// What of the message in the making has been seen.
typedef enum { AWAIT_METHOD, AWAIT_HEADER, AWAIT_BODY } intake_state;

struct camqp_connection {
  amqp_connection_state_t library;
  bool tls;
  bool channel_open;
  int descriptor;
  int user_timeout_milliseconds;
  int rpc_timeout_seconds;
  int64_t heartbeat_nanoseconds;
  int64_t last_sent, last_received;
  size_t outbound_frame_limit;

  // Written by the owning thread, read by the watchdog.
  _Atomic int64_t call_started;
  _Atomic int watched_descriptor;

  // Output: bytes [sent, filled) wait for the socket.
  uint8_t *output;
  size_t output_sent, output_filled, output_capacity;

  // Input.
  bool readable;
  intake_state state;
  camqp_event pending;
  uint64_t body_remaining;
  camqp_arena arena;
  size_t pending_start;  ///< where the bytes of the message in the making begin
  uint64_t body_limit, oversized_prefix;
  bool keeps_properties;
  char *wanted[CAMQP_WANTED_HEADERS];
  size_t wanted_length[CAMQP_WANTED_HEADERS];

  amqp_pool_t scratch;  ///< for decoding properties on the TLS path
  camqp_failure failure;
  bool failed;  ///< for good: every later call fails alike
};

/// Marks a library call for the watchdog; end_call takes the mark away.
void begin_call(camqp_connection *connection);
void end_call(camqp_connection *connection);

/// Records a failure and returns its kind.
int fail(camqp_connection *connection, camqp_failure_kind kind, int raw_code, const char *text);
int fail_library(camqp_connection *connection, int status);
int fail_reply(camqp_connection *connection, amqp_rpc_reply_t reply);
/// Records what a channel.close or connection.close method says, and answers it.
int fail_closed(camqp_connection *connection, amqp_method_t method);

/// Queues one frame (plain socket) or sends it (TLS).
int put_frame(camqp_connection *connection, const amqp_frame_t *frame);
int put_method(camqp_connection *connection, amqp_channel_t channel, amqp_method_number_t method, void *decoded);
int reserve_output(camqp_connection *connection, size_t bytes);

/// Copies bytes to the arena; CAMQP_ABSENT as offset when out of memory.
camqp_slice keep_bytes(camqp_connection *connection, const void *bytes, size_t length);
/// Fills message_id, content_type, delivery_count, stream_offset and headers of the pending event.
int keep_properties(camqp_connection *connection, const amqp_basic_properties_t *properties);

static inline amqp_bytes_t view(camqp_bytes bytes) {
  return (amqp_bytes_t){.len = bytes.length, .bytes = (void *)bytes.bytes};
}

#endif
