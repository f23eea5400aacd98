// Synchronous methods. What is buffered is sent first: the library must not write into the middle of a frame.
#include <string.h>

#include "internal.h"

enum { ARGUMENT_LIMIT = 16 };

static int begin_method(camqp_connection *connection) {
  if (connection->failed) return connection->failure.kind;
  if (!connection->channel_open) return fail(connection, CAMQP_FAILED_PROTOCOL, 0, "the channel is closed");
  const int result = camqp_flush_all(connection);
  if (result == CAMQP_OK) begin_call(connection);
  return result;
}

static int end_method(camqp_connection *connection) {
  end_call(connection);
  const amqp_rpc_reply_t reply = amqp_get_rpc_reply(connection->library);
  if (reply.reply_type != AMQP_RESPONSE_NORMAL) return fail_reply(connection, reply);
  connection->last_sent = connection->last_received = camqp_now();
  return CAMQP_OK;
}

/// librabbitmq cuts a name's length to one byte without a word.
static int check_name(camqp_connection *connection, const char *name) {
  if (strlen(name) > CAMQP_SHORT_STRING_LIMIT) return fail(connection, CAMQP_FAILED_ARGUMENT, 0, "a name is longer than 255 bytes");
  return CAMQP_OK;
}

static int make_table(
    camqp_connection *connection, const camqp_argument *arguments, int count, amqp_table_entry_t *entries, amqp_table_t *table) {
  if (count > ARGUMENT_LIMIT) return fail(connection, CAMQP_FAILED_ARGUMENT, 0, "more than 16 arguments");
  for (int i = 0; i < count; i++) {
    entries[i].key = amqp_cstring_bytes(arguments[i].name);
    if (arguments[i].text != NULL) {
      entries[i].value.kind = AMQP_FIELD_KIND_UTF8;
      entries[i].value.value.bytes = amqp_cstring_bytes(arguments[i].text);
    } else {
      entries[i].value.kind = AMQP_FIELD_KIND_I64;
      entries[i].value.value.i64 = arguments[i].number;
    }
  }
  *table = (amqp_table_t){.num_entries = count, .entries = entries};
  return CAMQP_OK;
}

int camqp_confirm_select(camqp_connection *connection) {
  const int result = begin_method(connection);
  if (result != CAMQP_OK) return result;
  amqp_confirm_select(connection->library, CHANNEL);
  return end_method(connection);
}

int camqp_qos(camqp_connection *connection, uint16_t prefetch) {
  const int result = begin_method(connection);
  if (result != CAMQP_OK) return result;
  amqp_basic_qos(connection->library, CHANNEL, 0, prefetch, 0);
  return end_method(connection);
}

int camqp_consume(
    camqp_connection *connection, const char *queue, const char *consumer_tag, const camqp_argument *arguments, int count) {
  amqp_table_entry_t entries[ARGUMENT_LIMIT];
  amqp_table_t table;
  int result = check_name(connection, queue);
  if (result == CAMQP_OK) result = make_table(connection, arguments, count, entries, &table);
  if (result == CAMQP_OK) result = begin_method(connection);
  if (result != CAMQP_OK) return result;
  amqp_basic_consume(
      connection->library, CHANNEL, amqp_cstring_bytes(queue), amqp_cstring_bytes(consumer_tag), 0, 0, 0, table);
  return end_method(connection);
}

int camqp_queue_declare(
    camqp_connection *connection, const char *queue, bool passive, const camqp_argument *arguments, int count,
    uint32_t *messages, uint32_t *consumers) {
  amqp_table_entry_t entries[ARGUMENT_LIMIT];
  amqp_table_t table;
  int result = check_name(connection, queue);
  if (result == CAMQP_OK) result = make_table(connection, arguments, count, entries, &table);
  if (result == CAMQP_OK) result = begin_method(connection);
  if (result != CAMQP_OK) return result;
  const amqp_queue_declare_ok_t *answer =
      amqp_queue_declare(connection->library, CHANNEL, amqp_cstring_bytes(queue), passive, !passive, 0, 0, table);
  if (answer != NULL) {
    *messages = answer->message_count;
    *consumers = answer->consumer_count;
  }
  return end_method(connection);
}

int camqp_queue_purge(camqp_connection *connection, const char *queue, uint32_t *messages) {
  int result = check_name(connection, queue);
  if (result == CAMQP_OK) result = begin_method(connection);
  if (result != CAMQP_OK) return result;
  const amqp_queue_purge_ok_t *answer = amqp_queue_purge(connection->library, CHANNEL, amqp_cstring_bytes(queue));
  if (answer != NULL) *messages = answer->message_count;
  return end_method(connection);
}

int camqp_queue_delete(camqp_connection *connection, const char *queue, uint32_t *messages) {
  int result = check_name(connection, queue);
  if (result == CAMQP_OK) result = begin_method(connection);
  if (result != CAMQP_OK) return result;
  const amqp_queue_delete_ok_t *answer =
      amqp_queue_delete(connection->library, CHANNEL, amqp_cstring_bytes(queue), 0, 0);
  if (answer != NULL) *messages = answer->message_count;
  return end_method(connection);
}

int camqp_queue_bind(camqp_connection *connection, const char *queue, const char *exchange, const char *routing_key) {
  int result = check_name(connection, queue);
  if (result == CAMQP_OK) result = check_name(connection, exchange);
  if (result == CAMQP_OK) result = check_name(connection, routing_key);
  if (result == CAMQP_OK) result = begin_method(connection);
  if (result != CAMQP_OK) return result;
  amqp_queue_bind(
      connection->library, CHANNEL, amqp_cstring_bytes(queue), amqp_cstring_bytes(exchange),
      amqp_cstring_bytes(routing_key), amqp_empty_table);
  return end_method(connection);
}

int camqp_exchange_declare(camqp_connection *connection, const char *exchange, const char *type, bool passive) {
  int result = check_name(connection, exchange);
  if (result == CAMQP_OK) result = begin_method(connection);
  if (result != CAMQP_OK) return result;
  amqp_exchange_declare(
      connection->library, CHANNEL, amqp_cstring_bytes(exchange), amqp_cstring_bytes(type), passive, !passive, 0, 0,
      amqp_empty_table);
  return end_method(connection);
}

int camqp_exchange_delete(camqp_connection *connection, const char *exchange) {
  int result = check_name(connection, exchange);
  if (result == CAMQP_OK) result = begin_method(connection);
  if (result != CAMQP_OK) return result;
  amqp_exchange_delete(connection->library, CHANNEL, amqp_cstring_bytes(exchange), 0);
  return end_method(connection);
}
