#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "CAMQPShim.h"
#include "CBench.h"

enum { MOST_IN_FLIGHT = 4096, EVENTS = 256, ARENA_BUDGET = 1 << 20, UNSENT_LIMIT = 1 << 20 };

/// Deliveries and their messages have the same place in line: the n-th published is the n-th delivered.
typedef struct {
  camqp_connection *in, *out;
  uint64_t published, acknowledged;
  bool confirmed[MOST_IN_FLIGHT];
  camqp_event events[EVENTS];
} relay;

static int open_connection(camqp_connection **connection, const cbench_relay_options *relay, const char *name) {
  const camqp_intake intake = {.body_limit = 1 << 20, .oversized_prefix = 0};
  const camqp_options options = {
      .host = relay->host,
      .port = relay->port,
      .virtual_host = relay->virtual_host,
      .user = relay->user,
      .password = relay->password,
      .connection_name = name,
      .heartbeat_seconds = 10,
      .connect_timeout_seconds = 5,
      .rpc_timeout_seconds = 10,
      .user_timeout_milliseconds = 20000,
  };
  *connection = camqp_create(&intake);
  if (*connection == NULL) return CAMQP_FAILED_MEMORY;
  return camqp_connect(*connection, &options);
}

static camqp_bytes slice(const uint8_t *arena, camqp_slice slice) {
  if (slice.offset == CAMQP_ABSENT) return (camqp_bytes){0};
  return (camqp_bytes){.bytes = arena + slice.offset, .length = slice.length};
}

/// Publishes what the broker has delivered, as far as the window has room.
static int forward(relay *relay, const cbench_relay_options *options) {
  const camqp_bytes target = {.bytes = options->target, .length = strlen(options->target)};
  while (camqp_has_buffered_input(relay->in)) {
    uint64_t room = (uint64_t)options->window - (relay->published - relay->acknowledged);
    if (room == 0 || camqp_unsent(relay->out) > UNSENT_LIMIT) return CAMQP_OK;
    const int count = camqp_read(relay->in, relay->events, room < EVENTS ? (int)room : EVENTS, ARENA_BUDGET);
    if (count <= 0) return count == 0 ? CAMQP_OK : camqp_last_failure(relay->in)->kind;
    const uint8_t *arena = camqp_arena_bytes(relay->in);
    for (int i = 0; i < count; i++) {
      const camqp_event *event = &relay->events[i];
      if (event->kind != CAMQP_EVENT_DELIVERY) continue;
      // The tags of a connection count from 1 without a gap, and so do the numbers of what is published.
      const camqp_publication publication = {
          .routing_key = target,
          .message_id = slice(arena, event->message_id),
          .content_type = slice(arena, event->content_type),
          .body = slice(arena, event->body),
          .persistent = true,
      };
      const int result = camqp_publish(relay->out, &publication);
      if (result != CAMQP_OK) return result;
      relay->published += 1;
      relay->confirmed[relay->published % MOST_IN_FLIGHT] = false;
    }
    const int result = camqp_reset_arena(relay->in);
    if (result != CAMQP_OK) return result;
  }
  return CAMQP_OK;
}

/// Acknowledges all deliveries up to the first whose message is not confirmed.
static int settle(relay *relay) {
  uint64_t settled = relay->acknowledged;
  while (camqp_has_buffered_input(relay->out)) {
    const int count = camqp_read(relay->out, relay->events, EVENTS, ARENA_BUDGET);
    if (count < 0) return camqp_last_failure(relay->out)->kind;
    if (count == 0) break;
    for (int i = 0; i < count; i++) {
      const camqp_event *event = &relay->events[i];
      if (event->kind == CAMQP_EVENT_NACK || event->kind == CAMQP_EVENT_RETURN) return CAMQP_FAILED_PROTOCOL;
      if (event->kind != CAMQP_EVENT_ACK) continue;
      for (uint64_t n = event->multiple ? relay->acknowledged + 1 : event->tag; n <= event->tag; n++) {
        relay->confirmed[n % MOST_IN_FLIGHT] = true;
      }
    }
    const int result = camqp_reset_arena(relay->out);
    if (result != CAMQP_OK) return result;
  }
  while (settled < relay->published && relay->confirmed[(settled + 1) % MOST_IN_FLIGHT]) settled += 1;
  if (settled == relay->acknowledged) return CAMQP_OK;
  relay->acknowledged = settled;
  return camqp_ack(relay->in, settled, true);
}

static void await(relay *relay, bool wants_input) {
  struct pollfd sockets[2] = {
      {.fd = camqp_socket(relay->in), .events = (short)((wants_input ? POLLIN : 0) | (camqp_unsent(relay->in) > 0 ? POLLOUT : 0))},
      {.fd = camqp_socket(relay->out), .events = (short)(POLLIN | (camqp_unsent(relay->out) > 0 ? POLLOUT : 0))},
  };
  poll(sockets, 2, 1000);
  camqp_wait(relay->in, -1, wants_input, 0);
  camqp_wait(relay->out, -1, true, 0);
}

static int run(relay *relay, const cbench_relay_options *options) {
  int result = open_connection(&relay->in, options, "herald-bench relay: in");
  if (result == CAMQP_OK) result = open_connection(&relay->out, options, "herald-bench relay: out");
  if (result == CAMQP_OK) result = camqp_confirm_select(relay->out);
  if (result == CAMQP_OK) result = camqp_qos(relay->in, (uint16_t)options->prefetch);
  if (result == CAMQP_OK) result = camqp_consume(relay->in, options->source, "relay", NULL, 0);
  while (result == CAMQP_OK) {
    result = forward(relay, options);
    if (result == CAMQP_OK) result = camqp_flush(relay->out);
    if (result == CAMQP_OK) result = settle(relay);
    if (result == CAMQP_OK) result = camqp_flush(relay->in);
    const int64_t now = camqp_now();
    if (result == CAMQP_OK) result = camqp_tick(relay->in, now);
    if (result == CAMQP_OK) result = camqp_tick(relay->out, now);
    if (result != CAMQP_OK) break;
    const bool has_room = relay->published - relay->acknowledged < (uint64_t)options->window;
    if (!(has_room && camqp_has_buffered_input(relay->in)) && !camqp_has_buffered_input(relay->out)) await(relay, has_room);
  }
  return result;
}

void cbench_relay(const cbench_relay_options *options, char *text, size_t text_size) {
  static relay relay;
  const int result = run(&relay, options);
  const camqp_failure *in = relay.in == NULL ? NULL : camqp_last_failure(relay.in);
  const camqp_failure *out = relay.out == NULL ? NULL : camqp_last_failure(relay.out);
  const char *reason = out != NULL && out->kind == result ? out->text : in != NULL ? in->text : "no memory";
  snprintf(text, text_size, "failure %d: %s", result, reason);
}
