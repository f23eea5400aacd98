// Counts what the calling thread allocates, for tests that say that something does not.
#ifndef CALLOCATIONCOUNT_H
#define CALLOCATIONCOUNT_H

#include <stdint.h>

/// Calls of malloc and its kin by this thread so far; -1 where they cannot be counted.
int64_t allocation_count(void);

#endif
