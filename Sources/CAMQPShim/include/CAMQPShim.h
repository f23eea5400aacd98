// A flat C interface over librabbitmq: one connection, one channel (number 1), one owning thread.
//
// Why not librabbitmq alone: amqp_login is variadic, amqp_consume_message fails for ever on an empty header key and
// allocates whatever body size it is told, and there is no way to wait for confirms. This shim keeps librabbitmq for
// connecting, TLS, RPCs and decoding, and adds a frame loop that turns frames into flat events, an output buffer that
// sends many frames with one system call, and heartbeats of its own.
#ifndef CAMQP_SHIM_H
#define CAMQP_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct camqp_connection camqp_connection;

enum {
  /// Header values that an event can carry.
  CAMQP_WANTED_HEADERS = 16,
  /// Bytes of one header value copied into an event; a longer one counts as absent.
  CAMQP_HEADER_VALUE_LIMIT = 4096,
  /// Bytes of an encoded header table that camqp_publish accepts.
  CAMQP_HEADERS_LIMIT = 16384,
  /// Bytes of an AMQP short string.
  CAMQP_SHORT_STRING_LIMIT = 255,
  /// Largest inbound frame accepted, whatever was negotiated: the broker does not hold a header frame that grew in
  /// dead-lettering to the negotiated 128 KiB.
  CAMQP_INBOUND_FRAME_LIMIT = 1048576,
};

// ---- Failures -------------------------------------------------------------------------------------------------------

typedef enum {
  CAMQP_OK = 0,
  CAMQP_FAILED_LIBRARY,            ///< raw_code: amqp_status_enum
  CAMQP_FAILED_SOCKET,             ///< raw_code: errno
  CAMQP_FAILED_HEARTBEAT,          ///< nothing was received for two heartbeats
  CAMQP_FAILED_CHANNEL_CLOSED,     ///< raw_code: AMQP reply code; the channel is gone, the connection lives
  CAMQP_FAILED_CONNECTION_CLOSED,  ///< raw_code: AMQP reply code
  CAMQP_FAILED_ARGUMENT,           ///< refused before a byte was sent; the connection is unharmed
  CAMQP_FAILED_PROTOCOL,           ///< the broker sent frames in an impossible order
  CAMQP_FAILED_MEMORY,
} camqp_failure_kind;

typedef struct {
  camqp_failure_kind kind;
  int raw_code;
  char text[512];
} camqp_failure;

/// The failure of the last call on this connection that did not return CAMQP_OK.
const camqp_failure *camqp_last_failure(const camqp_connection *connection);

// ---- Connecting -----------------------------------------------------------------------------------------------------

typedef struct {
  const char *host;
  int port;
  const char *virtual_host;
  const char *user;
  const char *password;
  bool tls;
  const char *ca_file;          ///< PEM; needed with tls
  const char *connection_name;  ///< shown by the broker's tools
  int heartbeat_seconds;
  int connect_timeout_seconds;
  int rpc_timeout_seconds;
  int user_timeout_milliseconds;  ///< TCP_USER_TIMEOUT
} camqp_options;

/// What is kept of an incoming message. Copied by camqp_create.
typedef struct {
  uint64_t body_limit;         ///< larger bodies are drained and reported as oversized
  uint64_t oversized_prefix;   ///< bytes kept of an oversized body
  const char *wanted_headers[CAMQP_WANTED_HEADERS];  ///< NULL = none
  bool keep_properties;        ///< all properties as they came, for publishing them again
} camqp_intake;

/// Allocates an unconnected connection; NULL when out of memory.
camqp_connection *camqp_create(const camqp_intake *intake);
/// Connects, logs in and opens channel 1.
int camqp_connect(camqp_connection *connection, const camqp_options *options);
/// Opens channel 1 again after CAMQP_FAILED_CHANNEL_CLOSED.
int camqp_reopen_channel(camqp_connection *connection);
/// Sends what is buffered, then channel.close and connection.close, waiting for each answer.
int camqp_close(camqp_connection *connection);
/// Frees everything; closes the socket if it is still open.
void camqp_destroy(camqp_connection *connection);

/// Nanoseconds of CLOCK_MONOTONIC.
int64_t camqp_now(void);
/// How long the library call in progress has lasted at `now`, 0 if there is none. Any thread.
int64_t camqp_call_age(const camqp_connection *connection, int64_t now);
/// Shuts the socket down, which frees a call that hangs in it. Any thread, as long as the connection is not destroyed.
void camqp_abort(camqp_connection *connection);

// ---- Threads --------------------------------------------------------------------------------------------------------

/// A non-blocking eventfd, or the negative errno.
int camqp_open_eventfd(void);
void camqp_signal_eventfd(int descriptor);
/// Names the calling thread, at most 15 bytes.
void camqp_name_thread(const char *name);

// ---- Waiting and reading --------------------------------------------------------------------------------------------

enum { CAMQP_READABLE = 1, CAMQP_WOKEN = 2, CAMQP_WRITABLE = 4 };

/// Waits for the socket (when `connection` is not NULL) or the eventfd, at most `timeout_nanoseconds` (< 0: for ever).
/// Does not wait while input is buffered, unless `want_input` is false. Clears the eventfd. Returns the CAMQP_… bits.
int camqp_wait(camqp_connection *connection, int event_descriptor, bool want_input, int64_t timeout_nanoseconds);
/// The socket, for whoever waits for several connections at once and then asks camqp_wait of each without waiting.
int camqp_socket(const camqp_connection *connection);
/// Sends a heartbeat when one is due and checks that the broker is heard from; call at least every half heartbeat.
int camqp_tick(camqp_connection *connection, int64_t now);

/// A stretch of the arena; offset == CAMQP_ABSENT: not there.
typedef struct {
  uint32_t offset;
  uint32_t length;
} camqp_slice;
#define CAMQP_ABSENT UINT32_MAX

typedef enum {
  CAMQP_EVENT_DELIVERY = 1,  ///< also basic.get-ok
  CAMQP_EVENT_GET_EMPTY,
  CAMQP_EVENT_ACK,
  CAMQP_EVENT_NACK,
  CAMQP_EVENT_RETURN,
  CAMQP_EVENT_CANCEL,     ///< by the broker: the queue is gone
  CAMQP_EVENT_CANCEL_OK,  ///< our own basic.cancel is done
  CAMQP_EVENT_BLOCKED,
  CAMQP_EVENT_UNBLOCKED,
} camqp_event_kind;

typedef struct {
  uint8_t kind;
  bool redelivered;
  bool multiple;
  bool oversized;
  uint16_t reply_code;  ///< of a return
  uint64_t tag;         ///< delivery tag, or sequence number of an ack or nack
  uint64_t body_size;   ///< as announced; body.length is what was kept
  int64_t delivery_count;  ///< x-delivery-count, 0 if absent
  int64_t stream_offset;   ///< x-stream-offset, -1 if absent
  camqp_slice body, message_id, content_type;
  camqp_slice properties;  ///< flags and values as encoded; only with keep_properties
  camqp_slice exchange, routing_key, text;  ///< of a return, text also of blocked
  camqp_slice headers[CAMQP_WANTED_HEADERS];
} camqp_event;

/// Swift sees a C array as a tuple, which cannot be indexed.
static inline camqp_slice camqp_event_header(const camqp_event *event, int index) { return event->headers[index]; }
static inline void camqp_want_header(camqp_intake *intake, int index, const char *name) {
  intake->wanted_headers[index] = name;
}

/// Fills `events` from what the socket and the buffers hold, without waiting; stops once the arena holds `arena_budget`.
/// Returns how many; < 0 on failure. A failure after some events is reported by the next call.
int camqp_read(camqp_connection *connection, camqp_event *events, int capacity, size_t arena_budget);
/// Whether camqp_read would find something without the socket.
bool camqp_has_buffered_input(const camqp_connection *connection);

/// The memory that event slices point into.
typedef struct {
  uint8_t *bytes;
  size_t used;
  size_t capacity;
} camqp_arena;

/// Bytes of the arena that belong to complete events.
size_t camqp_arena_used(const camqp_connection *connection);
/// The arena's start; it moves while events are read.
const uint8_t *camqp_arena_bytes(const camqp_connection *connection);
/// Hands the arena over (free it with camqp_arena_free) and starts a new one; a message still incomplete moves along.
int camqp_take_arena(camqp_connection *connection, camqp_arena *arena);
/// Forgets all complete events' bytes, keeping the memory.
int camqp_reset_arena(camqp_connection *connection);
/// Never NULL: a process that cannot get memory for one message ends.
uint8_t *camqp_arena_allocate(size_t bytes);
void camqp_arena_free(uint8_t *bytes);

// ---- Sending (all into the output buffer; nothing blocks on a plain socket) -----------------------------------------

typedef struct {
  const void *bytes;
  size_t length;
} camqp_bytes;

typedef struct {
  camqp_bytes exchange;
  camqp_bytes routing_key;
  camqp_bytes message_id;    ///< empty = none
  camqp_bytes content_type;  ///< empty = none
  camqp_bytes headers;       ///< entries of an encoded AMQP field table, without its length
  camqp_bytes properties;    ///< encoded flags and values in place of all other properties; empty = none
  camqp_bytes body;
  bool persistent;
} camqp_publication;

/// Queues basic.publish with `mandatory`. CAMQP_FAILED_ARGUMENT: nothing was queued; any other failure: drop the connection.
int camqp_publish(camqp_connection *connection, const camqp_publication *publication);
int camqp_ack(camqp_connection *connection, uint64_t tag, bool multiple);
int camqp_nack(camqp_connection *connection, uint64_t tag, bool multiple, bool requeue);
int camqp_reject(camqp_connection *connection, uint64_t tag, bool requeue);
int camqp_cancel(camqp_connection *connection, const char *consumer_tag);
int camqp_get(camqp_connection *connection, camqp_bytes queue);
/// Sends as much as the socket takes now. Bytes left: camqp_unsent.
int camqp_flush(camqp_connection *connection);
/// Sends all, waiting up to the rpc timeout.
int camqp_flush_all(camqp_connection *connection);
size_t camqp_unsent(const camqp_connection *connection);
/// While the broker has blocked us it does not read: TCP_USER_TIMEOUT would kill a healthy connection.
void camqp_set_blocked(camqp_connection *connection, bool blocked);
/// Queues frame bytes as they are, for tests of hostile input. Not on TLS.
int camqp_send_raw(camqp_connection *connection, camqp_bytes frames);

/// `%.9g`, which Swift cannot call; returns the length.
int camqp_format_number(char *text, size_t size, double number);

// ---- Synchronous methods --------------------------------------------------------------------------------------------

typedef struct {
  const char *name;
  const char *text;  ///< NULL: the value is `number`
  int64_t number;
} camqp_argument;

int camqp_confirm_select(camqp_connection *connection);
int camqp_qos(camqp_connection *connection, uint16_t prefetch);
int camqp_consume(
    camqp_connection *connection, const char *queue, const char *consumer_tag, const camqp_argument *arguments, int count);
/// `passive` only asks. Returns the counts of ready messages and of consumers.
int camqp_queue_declare(
    camqp_connection *connection, const char *queue, bool passive, const camqp_argument *arguments, int count,
    uint32_t *messages, uint32_t *consumers);
int camqp_queue_purge(camqp_connection *connection, const char *queue, uint32_t *messages);
int camqp_queue_delete(camqp_connection *connection, const char *queue, uint32_t *messages);
int camqp_queue_bind(camqp_connection *connection, const char *queue, const char *exchange, const char *routing_key);
int camqp_exchange_declare(camqp_connection *connection, const char *exchange, const char *type, bool passive);
int camqp_exchange_delete(camqp_connection *connection, const char *exchange);

#ifdef __cplusplus
}
#endif
#endif
