// Connecting, logging in, closing.
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "internal.h"

int64_t camqp_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void begin_call(camqp_connection *connection) {
  atomic_store_explicit(&connection->call_started, camqp_now(), memory_order_relaxed);
}

void end_call(camqp_connection *connection) {
  atomic_store_explicit(&connection->call_started, 0, memory_order_relaxed);
}

int64_t camqp_call_age(const camqp_connection *connection, int64_t now) {
  int64_t started = atomic_load_explicit(&connection->call_started, memory_order_relaxed);
  return started == 0 ? 0 : now - started;
}

void camqp_abort(camqp_connection *connection) {
  int descriptor = atomic_load_explicit(&connection->watched_descriptor, memory_order_relaxed);
  if (descriptor >= 0) shutdown(descriptor, SHUT_RDWR);
}

camqp_connection *camqp_create(const camqp_intake *intake) {
  camqp_connection *connection = calloc(1, sizeof *connection);
  if (connection == NULL) return NULL;
  connection->descriptor = -1;
  atomic_init(&connection->watched_descriptor, -1);
  atomic_init(&connection->call_started, 0);
  connection->body_limit = intake->body_limit;
  connection->oversized_prefix = intake->oversized_prefix;
  connection->keeps_properties = intake->keep_properties;
  init_amqp_pool(&connection->scratch, 4096);
  for (int i = 0; i < CAMQP_WANTED_HEADERS && intake->wanted_headers[i] != NULL; i++) {
    connection->wanted[i] = strdup(intake->wanted_headers[i]);
    if (connection->wanted[i] == NULL) {
      camqp_destroy(connection);
      return NULL;
    }
    connection->wanted_length[i] = strlen(connection->wanted[i]);
  }
  return connection;
}

void camqp_destroy(camqp_connection *connection) {
  if (connection == NULL) return;
  atomic_store(&connection->watched_descriptor, -1);
  if (connection->library != NULL) amqp_destroy_connection(connection->library);
  for (int i = 0; i < CAMQP_WANTED_HEADERS; i++) free(connection->wanted[i]);
  empty_amqp_pool(&connection->scratch);
  free(connection->output);
  free(connection->arena.bytes);
  free(connection);
}

static int open_socket(camqp_connection *connection, const camqp_options *options) {
  amqp_socket_t *socket;
  if (options->tls) {
    socket = amqp_ssl_socket_new(connection->library);
    if (socket == NULL) return fail(connection, CAMQP_FAILED_MEMORY, 0, "no TLS socket");
    amqp_ssl_socket_set_verify_peer(socket, 1);
    amqp_ssl_socket_set_verify_hostname(socket, 1);
    int status = amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
    if (status == AMQP_STATUS_OK) status = amqp_ssl_socket_set_cacert(socket, options->ca_file);
    if (status != AMQP_STATUS_OK) return fail_library(connection, status);
  } else {
    socket = amqp_tcp_socket_new(connection->library);
    if (socket == NULL) return fail(connection, CAMQP_FAILED_MEMORY, 0, "no socket");
  }
  const struct timeval timeout = {.tv_sec = options->connect_timeout_seconds};
  errno = 0;
  int status = amqp_socket_open_noblock(socket, options->host, options->port, &timeout);
  if (status == AMQP_STATUS_SOCKET_ERROR)  // errno is that of the last step, EINPROGRESS as a rule, and explains nothing
    return fail(connection, CAMQP_FAILED_LIBRARY, status, "nobody accepts the connection");
  if (status != AMQP_STATUS_OK) return fail_library(connection, status);
  connection->descriptor = amqp_socket_get_sockfd(socket);
  atomic_store(&connection->watched_descriptor, connection->descriptor);
  return CAMQP_OK;
}

/// A half-open connection must be noticed: without these a send waits for minutes.
static int set_socket_options(camqp_connection *connection, int user_timeout_milliseconds) {
  const int on = 1, idle_seconds = 10, interval_seconds = 3, probes = 3;
  const int descriptor = connection->descriptor;
  if (setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) != 0 ||
      setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
      setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, &idle_seconds, sizeof idle_seconds) != 0 ||
      setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, &interval_seconds, sizeof interval_seconds) != 0 ||
      setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes) != 0 ||
      setsockopt(
          descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_milliseconds, sizeof user_timeout_milliseconds) != 0)
    return fail(connection, CAMQP_FAILED_SOCKET, errno, strerror(errno));
  connection->user_timeout_milliseconds = user_timeout_milliseconds;
  return CAMQP_OK;
}

static amqp_table_entry_t text_entry(const char *key, const char *value) {
  amqp_table_entry_t entry = {.key = amqp_cstring_bytes(key)};
  entry.value.kind = AMQP_FIELD_KIND_UTF8;
  entry.value.value.bytes = amqp_cstring_bytes(value);
  return entry;
}

static amqp_table_entry_t flag_entry(const char *key) {
  amqp_table_entry_t entry = {.key = amqp_cstring_bytes(key)};
  entry.value.kind = AMQP_FIELD_KIND_BOOLEAN;
  entry.value.value.boolean = 1;
  return entry;
}

/// Logs in with the capabilities that librabbitmq does not announce: without them a blocked connection and a deleted
/// queue are silent.
static int log_in(camqp_connection *connection, const camqp_options *options) {
  amqp_table_entry_t capabilities[] = {
      flag_entry("connection.blocked"), flag_entry("consumer_cancel_notify"), flag_entry("basic.nack"),
      flag_entry("publisher_confirms"), flag_entry("authentication_failure_close")};
  amqp_table_entry_t properties[] = {
      text_entry("product", "herald"), text_entry("connection_name", options->connection_name), {.key = {0}}};
  properties[2].key = amqp_cstring_bytes("capabilities");
  properties[2].value.kind = AMQP_FIELD_KIND_TABLE;
  properties[2].value.value.table = (amqp_table_t){.num_entries = 5, .entries = capabilities};
  const amqp_table_t table = {.num_entries = 3, .entries = properties};

  const amqp_rpc_reply_t reply = amqp_login_with_properties(
      connection->library, options->virtual_host, 8, AMQP_DEFAULT_FRAME_SIZE, options->heartbeat_seconds, &table,
      AMQP_SASL_METHOD_PLAIN, options->user, options->password);
  if (reply.reply_type != AMQP_RESPONSE_NORMAL) return fail_reply(connection, reply);

  // The broker now expects heartbeats every `heartbeat`. We send them ourselves (the library would put one in the
  // middle of a frame that is still in our output buffer), hence 0 here. The larger frame limit is for input only.
  connection->outbound_frame_limit = (size_t)amqp_get_frame_max(connection->library);
  connection->heartbeat_nanoseconds = (int64_t)amqp_get_heartbeat(connection->library) * 1000000000;
  const int status = amqp_tune_connection(
      connection->library, amqp_get_channel_max(connection->library), CAMQP_INBOUND_FRAME_LIMIT, 0);
  if (status != AMQP_STATUS_OK) return fail_library(connection, status);
  return CAMQP_OK;
}

int camqp_connect(camqp_connection *connection, const camqp_options *options) {
  if (connection->library != NULL) return fail(connection, CAMQP_FAILED_ARGUMENT, 0, "connected already");
  connection->library = amqp_new_connection();
  if (connection->library == NULL) return fail(connection, CAMQP_FAILED_MEMORY, 0, "no memory for a connection");
  connection->tls = options->tls;
  connection->rpc_timeout_seconds = options->rpc_timeout_seconds;
  const struct timeval timeout = {.tv_sec = options->rpc_timeout_seconds};
  amqp_set_handshake_timeout(connection->library, &timeout);
  amqp_set_rpc_timeout(connection->library, &timeout);

  begin_call(connection);
  int result = open_socket(connection, options);
  if (result == CAMQP_OK) result = set_socket_options(connection, options->user_timeout_milliseconds);
  if (result == CAMQP_OK) {
    begin_call(connection);
    result = log_in(connection, options);
  }
  end_call(connection);
  if (result == CAMQP_OK) result = camqp_reopen_channel(connection);
  connection->last_sent = connection->last_received = camqp_now();
  return result;
}

int camqp_reopen_channel(camqp_connection *connection) {
  if (connection->channel_open) return CAMQP_OK;
  begin_call(connection);
  amqp_channel_open(connection->library, CHANNEL);
  const amqp_rpc_reply_t reply = amqp_get_rpc_reply(connection->library);
  end_call(connection);
  if (reply.reply_type != AMQP_RESPONSE_NORMAL) return fail_reply(connection, reply);
  connection->channel_open = true;
  connection->state = AWAIT_METHOD;
  return CAMQP_OK;
}

int camqp_close(camqp_connection *connection) {
  if (connection->library == NULL || connection->failed) return connection->failure.kind;
  int result = camqp_flush_all(connection);
  if (result != CAMQP_OK) return result;
  begin_call(connection);
  amqp_rpc_reply_t reply = {.reply_type = AMQP_RESPONSE_NORMAL};
  if (connection->channel_open) reply = amqp_channel_close(connection->library, CHANNEL, AMQP_REPLY_SUCCESS);
  connection->channel_open = false;
  if (reply.reply_type == AMQP_RESPONSE_NORMAL) reply = amqp_connection_close(connection->library, AMQP_REPLY_SUCCESS);
  end_call(connection);
  connection->failed = true;
  if (reply.reply_type != AMQP_RESPONSE_NORMAL) return fail_reply(connection, reply);
  return CAMQP_OK;
}

void camqp_set_blocked(camqp_connection *connection, bool blocked) {
  const int milliseconds = blocked ? 0 : connection->user_timeout_milliseconds;
  setsockopt(connection->descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}
