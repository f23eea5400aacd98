// What a benchmark asks of the machine and Swift cannot say.
#ifndef CBENCH_H
#define CBENCH_H

#include <stddef.h>
#include <stdint.h>

/// Bytes of this process that the C allocator has handed out and not got back; -1 where it does not count them.
int64_t cbench_heap_bytes(void);

/// Nanoseconds that the calling thread has computed: what other programs take from a shared machine is not in it.
int64_t cbench_now(void);

/// Nanoseconds that a chain of `steps` additions takes, each of which waits for the one before: a core cycle each.
int64_t cbench_addition_chain(int64_t steps);

/// What a scorer does without its work: takes messages from one queue, publishes each to another with confirms, and acknowledges it
/// when it is confirmed.
///
/// One thread, two connections, as few system calls as the shim needs; no decoding, scoring or log. Runs until a connection fails or
/// the process ends.
typedef struct {
  const char *host;
  int port;
  const char *virtual_host, *user, *password;
  const char *source, *target;  ///< queues
  int prefetch;                 ///< unacknowledged deliveries
  int window;                   ///< unconfirmed messages, at most 4096
} cbench_relay_options;

/// Returns only on a failure, with the reason in `text`.
void cbench_relay(const cbench_relay_options *options, char *text, size_t text_size);

#endif
