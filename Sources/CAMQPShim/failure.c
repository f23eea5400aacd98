// What went wrong, in one flat struct.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

const camqp_failure *camqp_last_failure(const camqp_connection *connection) { return &connection->failure; }

int fail(camqp_connection *connection, camqp_failure_kind kind, int raw_code, const char *text) {
  connection->failure.kind = kind;
  connection->failure.raw_code = raw_code;
  snprintf(connection->failure.text, sizeof connection->failure.text, "%s", text);
  if (kind != CAMQP_FAILED_ARGUMENT && kind != CAMQP_FAILED_CHANNEL_CLOSED) connection->failed = true;
  return kind;
}

int fail_library(camqp_connection *connection, int status) {
  if (status == AMQP_STATUS_SOCKET_ERROR && errno != 0)
    return fail(connection, CAMQP_FAILED_SOCKET, errno, strerror(errno));
  return fail(connection, CAMQP_FAILED_LIBRARY, status, amqp_error_string2(status));
}

int fail_reply(camqp_connection *connection, amqp_rpc_reply_t reply) {
  switch (reply.reply_type) {
    case AMQP_RESPONSE_LIBRARY_EXCEPTION:
      return fail_library(connection, reply.library_error);
    case AMQP_RESPONSE_SERVER_EXCEPTION:
      return fail_closed(connection, reply.reply);
    default:
      return fail_library(connection, AMQP_STATUS_CONNECTION_CLOSED);
  }
}

static int fail_bytes(camqp_connection *connection, camqp_failure_kind kind, int code, amqp_bytes_t text) {
  char copy[256];
  const size_t length = text.len < sizeof copy - 1 ? text.len : sizeof copy - 1;
  if (length > 0) memcpy(copy, text.bytes, length);
  copy[length] = 0;
  return fail(connection, kind, code, copy);
}

int fail_closed(camqp_connection *connection, amqp_method_t method) {
  if (method.id == AMQP_CHANNEL_CLOSE_METHOD) {
    const amqp_channel_close_t *close = method.decoded;
    const int result =
        fail_bytes(connection, CAMQP_FAILED_CHANNEL_CLOSED, close->reply_code, close->reply_text);
    connection->channel_open = false;
    amqp_channel_close_ok_t answer = {0};
    // The close is what is reported; should the answer fail too, the next call says so.
    if (put_method(connection, CHANNEL, AMQP_CHANNEL_CLOSE_OK_METHOD, &answer) == CAMQP_OK) camqp_flush_all(connection);
    return result;
  }
  if (method.id == AMQP_CONNECTION_CLOSE_METHOD) {
    const amqp_connection_close_t *close = method.decoded;
    const int code = close->reply_code;
    char text[256];
    snprintf(text, sizeof text, "%.*s", (int)close->reply_text.len, (const char *)close->reply_text.bytes);
    amqp_connection_close_ok_t answer = {0};
    if (!connection->failed && put_method(connection, 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &answer) == CAMQP_OK)
      camqp_flush(connection);
    return fail(connection, CAMQP_FAILED_CONNECTION_CLOSED, code, text);
  }
  return fail(connection, CAMQP_FAILED_PROTOCOL, (int)method.id, "unexpected method");
}
