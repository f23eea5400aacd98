// What a benchmark asks of the machine and Swift cannot say.
#ifndef CBENCH_H
#define CBENCH_H

#include <stdint.h>

/// Bytes of this process that the C allocator has handed out and not got back; -1 where it does not count them.
int64_t cbench_heap_bytes(void);

/// Nanoseconds since some moment, by the clock that is never set.
int64_t cbench_now(void);

/// Nanoseconds that a chain of `steps` additions takes, each of which waits for the one before: a core cycle each.
int64_t cbench_addition_chain(int64_t steps);

#endif
